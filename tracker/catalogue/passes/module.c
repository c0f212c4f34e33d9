/* Titles and names in a stretch of text, and landmarks, in machine code: what `Index.spans` does with numpy,
 * with the same answers, some times as fast. stretch.py, title_index.py, name_index.py and index.py say what
 * is done and why; these files only how. tests/catalogue/test_compiled.py holds both to the same answers.
 *
 * They are compiled when the package is installed, where there is a compiler (hatch_build.py); without one
 * numpy does the work. Columns of a catalogue may be damaged: what is read from one is never a place that is
 * looked at unchecked.
 */
#define Py_LIMITED_API 0x030B0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "landmarks.h"
#include "names.h"
#include "postings.h"
#include "surfaces.h"
#include "titles.h"

static size_t length(const Py_buffer *buffer, size_t item) {
    return (size_t)buffer->len / item;
}

/* Columns in use. Each tuple of arguments is taken apart by itself: nested in one format, buffers are more
 * than CPython 3.11 keeps count of. */
typedef struct {
    Py_buffer buffers[24];
    size_t count;
} Held;

static int read_chunk(PyObject *tuple, Held *held, Chunk *chunk, Text *text, const uint16_t **folded) {
    Py_buffer *b = held->buffers + held->count;
    if (!PyArg_ParseTuple(tuple, "y*y*LLLL", &b[0], &b[1], &chunk->offset, &chunk->first, &chunk->last,
                          &chunk->longest))
        return 0;
    held->count += 2;
    text->units = b[0].buf;
    text->length = (int32_t)least(length(&b[0], sizeof *text->units), length(&b[1], sizeof **folded));
    *folded = b[1].buf;
    return 1;
}

static int read_reading(PyObject *tuple, Held *held, Reading *reading) {
    Py_buffer *b = held->buffers + held->count;
    if (!PyArg_ParseTuple(tuple, "KKiiy*y*y*y*ip", &reading->base, &reading->inverse, &reading->first_letter,
                          &reading->first_cjk, &b[0], &b[1], &b[2], &b[3], &reading->shortest_lower,
                          &reading->is_heard))
        return 0;
    held->count += 4;
    reading->ligatures = b[0].buf;
    reading->parting = b[1].buf;
    reading->may_begin = b[2].len ? b[2].buf : NULL;
    reading->may_hold = b[3].len ? b[3].buf : NULL;
    return 1;
}

static int read_titles(PyObject *tuple, Held *held, Titles *titles) {
    Py_buffer *b = held->buffers + held->count;
    Anchors *a = titles->anchors;
    if (!PyArg_ParseTuple(tuple, "KIIKy*y*Lpy*y*y*Lpy*y*y*", &titles->spread, &titles->spreads[0],
                          &titles->spreads[1], &titles->mask, &b[0], &b[1], &a[0].size, &a[0].has_bits, &b[2],
                          &b[3], &b[4], &a[1].size, &a[1].has_bits, &b[5], &b[6], &b[7]))
        return 0;
    held->count += 8;
    titles->hashes = b[0].buf;
    titles->count = length(&b[0], sizeof *titles->hashes);
    titles->bits = bits_of(b[1].buf, length(&b[1], 1));
    for (b += 2; a < titles->anchors + 2; a++, b += 3) {
        a->hashes = b[0].buf;
        a->bits = bits_of(b[1].buf, length(&b[1], 1));
        a->lengths = b[2].buf;
        a->count = least(length(&b[0], sizeof *a->hashes), length(&b[2], sizeof *a->lengths));
    }
    return 1;
}

static int read_names(PyObject *tuple, Held *held, Names *names) {
    Py_buffer *b = held->buffers + held->count;
    if (!PyArg_ParseTuple(tuple, "KLiy*y*y*y*y*", &names->spread, &names->most_words, &names->any_case, &b[0],
                          &b[1], &b[2], &b[3], &b[4]))
        return 0;
    held->count += 5;
    names->bits = bits_of(b[0].buf, length(&b[0], 1));
    names->hashes = b[1].buf;
    names->common = b[2].buf;
    names->cases = b[3].buf;
    names->begins = b[4].buf;
    names->commons = length(&b[2], sizeof *names->common);
    names->count = least(length(&b[1], sizeof *names->hashes), length(&b[3], sizeof *names->cases));
    if (length(&b[4], sizeof *names->begins) <= names->count)
        names->count = 0; /* damaged */
    return 1;
}

PyDoc_STRVAR(spans_doc, "spans(chunk, reading, titles, names)\n\n"
                        "The columns of the titles, and of the names, that a chunk owns: a pair of bytes.\n"
                        "What the arguments are, `Index` says.");

static PyObject *spans(PyObject *Py_UNUSED(self), PyObject *arguments) {
    PyObject *tuples[4], *found_titles = NULL, *found_names = NULL;
    Held held;
    Chunk chunk;
    Text text = {0};
    Reading reading;
    Titles titles;
    Names names;
    const uint16_t *folded;
    if (!PyArg_ParseTuple(arguments, "OOOO", &tuples[0], &tuples[1], &tuples[2], &tuples[3]))
        return NULL;
    held.count = 0;
    if (read_chunk(tuples[0], &held, &chunk, &text, &folded) && read_reading(tuples[1], &held, &reading) &&
        read_titles(tuples[2], &held, &titles) && read_names(tuples[3], &held, &names)) {
        Found title_rows = {0}, name_rows = {0};
        void *memory = arrays_of(&text, folded, reading.first_letter);
        if (memory) {
            text = squeeze(text, &reading, folded);
            find_titles(&text, &titles, &title_rows);
            find_names(&text, &reading, &names, &name_rows);
            found_titles = columns_of(&title_rows, &text, &chunk);
            found_names = columns_of(&name_rows, &text, &chunk);
            free(memory);
        } else
            PyErr_NoMemory();
    }
    while (held.count)
        PyBuffer_Release(&held.buffers[--held.count]);
    if (found_titles && found_names)
        return Py_BuildValue("NN", found_titles, found_names);
    Py_XDECREF(found_titles);
    Py_XDECREF(found_names);
    return NULL;
}

PyDoc_STRVAR(landmarks_doc, "landmarks(code_points)\n\n"
                            "Where full stops, slashes and at signs stand, and where numbers begin and end.");

static PyObject *landmarks(PyObject *Py_UNUSED(self), PyObject *arguments) {
    Py_buffer points;
    if (!PyArg_ParseTuple(arguments, "y*", &points))
        return NULL;
    PyObject *found = landmarks_of(points.buf, (int64_t)length(&points, sizeof(uint32_t)));
    PyBuffer_Release(&points);
    return found;
}

PyDoc_STRVAR(unpack_doc,
             "unpack(data)\n\nThe rising numbers of 32 bits whose differences are in some bytes.");

static PyObject *unpack(PyObject *Py_UNUSED(self), PyObject *arguments) {
    Py_buffer data;
    if (!PyArg_ParseTuple(arguments, "y*", &data))
        return NULL;
    PyObject *numbers = unpacked(data.buf, data.len);
    PyBuffer_Release(&data);
    return numbers;
}

PyDoc_STRVAR(known_surfaces_doc, "known_surfaces(text, starts, ends, known)\n\n"
                                 "What `_known` in surfaces.py says; the places are lists.");

static PyObject *known_surfaces(PyObject *Py_UNUSED(self), PyObject *arguments) {
    PyObject *text, *starts, *ends, *known;
    if (!PyArg_ParseTuple(arguments, "UO!O!O!", &text, &PyList_Type, &starts, &PyList_Type, &ends,
                          &PyDict_Type, &known))
        return NULL;
    return look_up_surfaces(text, starts, ends, known);
}

static PyMethodDef passes[] = {{"spans", spans, METH_VARARGS, spans_doc},
                               {"landmarks", landmarks, METH_VARARGS, landmarks_doc},
                               {"known_surfaces", known_surfaces, METH_VARARGS, known_surfaces_doc},
                               {"unpack", unpack, METH_VARARGS, unpack_doc},
                               {NULL, NULL, 0, NULL}};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "_passes", .m_size = 0,
                                    .m_methods = passes};

PyMODINIT_FUNC PyInit__passes(void) {
    return PyModule_Create(&module);
}
