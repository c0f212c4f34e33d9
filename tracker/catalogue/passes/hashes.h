/* Hashes looked up in sorted columns, and in the tables of bits that few unknown ones pass.
 *
 * Tables of millions of papers fit in no cache, and most of the time would go to waiting for memory. So
 * places of a text are worked on in blocks: what all of a block will need is called for (PREFETCH) before the
 * first is looked at. */
#ifndef TRACKER_HASHES_H
#define TRACKER_HASHES_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__) || defined(__clang__)
#define PREFETCH(address) __builtin_prefetch(address)
#else
#define PREFETCH(address) ((void)0)
#endif

enum { BLOCK = 256 }; /* places of a text that are worked on together */

static size_t least(size_t one, size_t other) {
    return one < other ? one : other;
}

/* Where a hash with these leading bits stands among `count`, if they are spread evenly. */
static size_t guess(uint32_t leading, size_t count) {
    return (size_t)((uint64_t)leading * count >> 32);
}

/* places[i] becomes the first place whose hash is not less than wanted[i], for `asked` hashes; with damaged
 * columns any place from 0 to `count`. Hashes are spread rather evenly: one stands near its guess, how much
 * is missing there says where to look next, and from there on steps double. */
#define FIRST_NOT_LESS(NAME, HASH, BITS)                                                                     \
    static void NAME(const HASH *hashes, size_t count, const HASH *wanted, size_t asked, size_t *places) {   \
        for (size_t i = 0; i < asked; i++) {                                                                 \
            places[i] = guess((uint32_t)(wanted[i] >> (BITS - 32)), count);                                  \
            PREFETCH(hashes + places[i]);                                                                    \
        }                                                                                                    \
        for (size_t i = 0; i < asked && count; i++) {                                                        \
            HASH there = hashes[places[i]];                                                                  \
            if (there < wanted[i])                                                                           \
                places[i] += guess((uint32_t)((HASH)(wanted[i] - there) >> (BITS - 32)), count);             \
            else                                                                                             \
                places[i] -=                                                                                 \
                    least(places[i], guess((uint32_t)((HASH)(there - wanted[i]) >> (BITS - 32)), count));    \
            places[i] = least(places[i], count - 1);                                                         \
            PREFETCH(hashes + places[i]);                                                                    \
        }                                                                                                    \
        for (size_t i = 0; i < asked && count; i++) {                                                        \
            size_t low = 0, high = count, step = 4;                                                          \
            if (hashes[places[i]] < wanted[i]) {                                                             \
                low = places[i] + 1;                                                                         \
                for (; step < count - low && hashes[low + step] < wanted[i]; step *= 2)                      \
                    low += step + 1;                                                                         \
                high = least(low + step, count);                                                             \
            } else {                                                                                         \
                high = places[i];                                                                            \
                for (; step < high && hashes[high - step] >= wanted[i]; step *= 2)                           \
                    high -= step;                                                                            \
                low = step < high ? high - step + 1 : 0;                                                     \
            }                                                                                                \
            while (low < high) {                                                                             \
                size_t middle = low + (high - low) / 2;                                                      \
                if (hashes[middle] < wanted[i])                                                              \
                    low = middle + 1;                                                                        \
                else                                                                                         \
                    high = middle;                                                                           \
            }                                                                                                \
            places[i] = low;                                                                                 \
        }                                                                                                    \
    }
FIRST_NOT_LESS(find_64, uint64_t, 64)
FIRST_NOT_LESS(find_32, uint32_t, 32)

static int is_at(const uint64_t *hashes, size_t count, size_t place, uint64_t wanted) {
    return place < count && hashes[place] == wanted;
}

/* A `BitTable`, or the table of a `ByteTable`. */
typedef struct {
    const uint8_t *bytes; /* 2**n of them, or none */
    int shift;            /* of 32 bits, to get the place of a bit */
} Bits;

static Bits bits_of(const uint8_t *bytes, size_t count) {
    int size = 0;
    while (size < 29 && (size_t)2 << size <= count)
        size++;
    return (Bits){count ? bytes : NULL, 32 - 3 - size};
}

static int has_bit(Bits table, uint32_t place) {
    return table.bytes[place >> 3] >> (place & 7) & 1;
}

#endif
