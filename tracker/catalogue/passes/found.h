/* What was found in a text, as the columns of `Spans` in index.py. */
#ifndef TRACKER_FOUND_H
#define TRACKER_FOUND_H

#include <Python.h>

#include "room.h"
#include "text.h"

/* A title or a name: of the kept characters start..end-1, entries first..last-1. */
typedef struct {
    int32_t start, end;
    int64_t first, last;
} Row;

typedef struct {
    Row *rows;
    size_t count, room;
    int is_full; /* no memory was left */
} Found;

static void add(Found *found, Row row) {
    Row *rows = with_room(found->rows, found->count, &found->room, sizeof row);
    if (!rows) {
        found->is_full = 1;
        return;
    }
    found->rows = rows;
    found->rows[found->count++] = row;
}

/* Which spans are those of a chunk, and where it stands in the whole text (see `_Chunk`). */
typedef struct {
    long long offset, first, last, longest;
} Chunk;

static int64_t place_of(const Text *text, const Row *row) {
    int64_t begin = text->offsets[row->start];
    return begin << 32 | (text->after[row->end - 1] - begin);
}

/* Keep the rows that the chunk owns, by start, then end. */
static void keep_own(Found *found, const Text *text, const Chunk *chunk) {
    size_t count = 0;
    for (size_t i = 0; i < found->count; i++) {
        Row row = found->rows[i];
        if (row.end <= row.start || row.end > text->kept)
            continue; /* of a damaged column */
        int64_t begin = text->offsets[row.start], place = place_of(text, &row);
        if (begin < chunk->first || begin >= chunk->last || text->after[row.end - 1] - begin > chunk->longest)
            continue;
        size_t at = count++;
        for (; at && place_of(text, &found->rows[at - 1]) > place; at--) /* they are nearly in order */
            found->rows[at] = found->rows[at - 1];
        found->rows[at] = row;
    }
    found->count = count;
}

/* The rows that the chunk owns as columns: five of 64 bits (the four of `Span`, and the size), then five of
 * 16 bits (`Spans.around`). The memory of the rows is given back. */
static PyObject *columns_of(Found *found, const Text *text, const Chunk *chunk) {
    PyObject *bytes = NULL;
    keep_own(found, text, chunk);
    size_t count = found->count;
    if (found->is_full)
        PyErr_NoMemory();
    else
        bytes =
            PyBytes_FromStringAndSize(NULL, (Py_ssize_t)(count * 5 * (sizeof(int64_t) + sizeof(uint16_t))));
    if (bytes) {
        int64_t *numbers = (int64_t *)PyBytes_AsString(bytes);
        uint16_t *units = (uint16_t *)(numbers + 5 * count);
        for (size_t i = 0; i < count; i++) {
            const Row *row = &found->rows[i];
            int32_t begin = text->offsets[row->start], finish = text->after[row->end - 1];
            int32_t around[5] = {begin - 2, begin - 1, begin, finish, finish + 1};
            int64_t columns[5] = {begin + chunk->offset, finish + chunk->offset, row->first, row->last,
                                  row->end - row->start};
            for (size_t column = 0; column < 5; column++) {
                int32_t at = around[column];
                numbers[column * count + i] = columns[column];
                units[column * count + i] = at >= 0 && at < text->length ? text->units[at] : 0;
            }
        }
    }
    free(found->rows);
    return bytes;
}

#endif
