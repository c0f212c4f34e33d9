/* What stands in a text that no identifier and no address is without: what `Landmarks.of` in
 * mentions/code_points.py finds. */
#ifndef TRACKER_LANDMARKS_H
#define TRACKER_LANDMARKS_H

#include <Python.h>
#include <stdint.h>

#include "room.h"

/* Kinds of landmarks. Where numbers end comes behind where they begin. */
enum { STOPS, SLASHES, AT_SIGNS, NUMBER_BEGINS, NUMBER_ENDS, LANDMARKS };

typedef struct {
    int64_t *places;
    size_t count, room;
} Places;

/* Add a place; 0 where there is no memory for it. */
static int add_place(Places *places, int64_t place) {
    int64_t *more = with_room(places->places, places->count, &places->room, sizeof place);
    if (!more)
        return 0;
    places->places = more;
    places->places[places->count++] = place;
    return 1;
}

/* Find all landmarks among some code points; 0 where there is no memory for them. */
static int find_landmarks(const uint32_t *points, int64_t count, Places *found) {
    int is_done = 1;
    for (int64_t at = 0; at < count && is_done; at++) {
        uint32_t point = points[at];
        if (point - '.' > '@' - '.') /* most are letters and blanks */
            continue;
        if (point == '.')
            is_done = add_place(&found[STOPS], at);
        else if (point == '/')
            is_done = add_place(&found[SLASHES], at);
        else if (point == '@')
            is_done = add_place(&found[AT_SIGNS], at);
        else if (point <= '9') {
            is_done = add_place(&found[NUMBER_BEGINS], at);
            while (at + 1 < count && points[at + 1] - '0' < 10)
                at++;
            is_done = is_done && add_place(&found[NUMBER_ENDS], at + 1);
        }
    }
    return is_done;
}

/* The landmarks as a tuple with the bytes of each kind. */
static PyObject *landmarks_of(const uint32_t *points, int64_t count) {
    Places found[LANDMARKS] = {{0}};
    int is_done = find_landmarks(points, count, found);
    PyObject *kinds = is_done ? PyTuple_New(LANDMARKS) : PyErr_NoMemory();
    for (int kind = 0; kind < LANDMARKS; kind++) {
        const char *data = found[kind].places ? (const char *)found[kind].places : "";
        PyObject *bytes =
            kinds ? PyBytes_FromStringAndSize(data, (Py_ssize_t)(found[kind].count * sizeof(int64_t))) : NULL;
        if (kinds && (!bytes || PyTuple_SetItem(kinds, kind, bytes)))
            Py_CLEAR(kinds);
        free(found[kind].places);
    }
    return kinds;
}

#endif
