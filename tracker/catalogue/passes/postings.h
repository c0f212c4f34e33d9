/* The rows of a word, unpacked: what `unpacked` in postings.py does. */
#ifndef TRACKER_POSTINGS_H
#define TRACKER_POSTINGS_H

#include <Python.h>
#include <stdint.h>

/* The numbers whose differences are in so many bytes, as bytes of 32 bits each; what comes of damaged ones is
 * for the caller to judge. */
static PyObject *unpacked(const uint8_t *data, Py_ssize_t size) {
    Py_ssize_t count = 0;
    for (Py_ssize_t at = 0; at < size; at++)
        count += data[at] < 128;
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, count * (Py_ssize_t)sizeof(int32_t));
    if (!bytes)
        return NULL;
    uint32_t *numbers = (uint32_t *)PyBytes_AsString(bytes), number = 0, step = 0;
    int shift = 0;
    for (Py_ssize_t at = 0; at < size; at++) {
        step |= (uint32_t)(data[at] & 127) << shift;
        if (data[at] < 128) {
            *numbers++ = number += step;
            step = 0;
            shift = 0;
        } else if (shift < 24)
            shift += 7;
    }
    return bytes;
}

#endif
