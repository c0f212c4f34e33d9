/* Arrays that grow. */
#ifndef TRACKER_ROOM_H
#define TRACKER_ROOM_H

#include <stddef.h>
#include <stdlib.h>

/* Items of so many bytes, with room for one more than `count`: the same, or a larger copy; NULL where there
 * is no memory, and then the old ones are still there. */
static void *with_room(void *items, size_t count, size_t *room, size_t size) {
    if (count < *room)
        return items;
    size_t more = *room ? 2 * *room : 256;
    void *grown = realloc(items, more * size);
    if (grown)
        *room = more;
    return grown;
}

#endif
