/* What is known of the surfaces of spans: what `_known` in mentions/surfaces.py says. */
#ifndef TRACKER_SURFACES_H
#define TRACKER_SURFACES_H

#include <Python.h>

/* Lists that are made: of what is known of each surface, and of the numbers of those that are not, and these.
 */
enum { KNOWN, NUMBERS, SURFACES, LISTS };

/* Look up text[start:end], the one with this number; 0 where that fails. */
static int look_up_surface(PyObject *text, PyObject *start, PyObject *end, PyObject *known, Py_ssize_t number,
                           PyObject **lists) {
    Py_ssize_t begin = PyLong_AsSsize_t(start), finish = PyLong_AsSsize_t(end);
    if ((begin == -1 || finish == -1) && PyErr_Occurred())
        return 0;
    PyObject *surface = PyUnicode_Substring(text, begin, finish);
    PyObject *one = surface ? PyDict_GetItemWithError(known, surface) : NULL;
    int is_done = surface && (one || !PyErr_Occurred()) && !PyList_Append(lists[KNOWN], one ? one : Py_None);
    if (is_done && !one) {
        PyObject *place = PyLong_FromSsize_t(number);
        is_done = place && !PyList_Append(lists[NUMBERS], place) && !PyList_Append(lists[SURFACES], surface);
        Py_XDECREF(place);
    }
    Py_XDECREF(surface);
    return is_done;
}

/* The lists, for as many surfaces as there are starts and ends; NULL where that fails. */
static PyObject *look_up_surfaces(PyObject *text, PyObject *starts, PyObject *ends, PyObject *known) {
    PyObject *lists[LISTS] = {PyList_New(0), PyList_New(0), PyList_New(0)};
    int is_done = lists[KNOWN] && lists[NUMBERS] && lists[SURFACES];
    for (Py_ssize_t i = 0; is_done && i < PyList_Size(starts) && i < PyList_Size(ends); i++)
        is_done = look_up_surface(text, PyList_GetItem(starts, i), PyList_GetItem(ends, i), known, i, lists);
    if (is_done)
        return Py_BuildValue("NNN", lists[KNOWN], lists[NUMBERS], lists[SURFACES]);
    for (int list = 0; list < LISTS; list++)
        Py_XDECREF(lists[list]);
    return NULL;
}

#endif
