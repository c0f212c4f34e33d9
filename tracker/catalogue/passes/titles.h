/* The titles in a text: what `TitleIndex.find` in title_index.py does. */
#ifndef TRACKER_TITLES_H
#define TRACKER_TITLES_H

#include "found.h"
#include "hashes.h"

/* Titles by the hash of their first characters (see `_Anchors`). */
typedef struct {
    long long size;
    int has_bits; /* whether the bits are those of whole hashes, or of what is kept of them */
    Bits bits;
    const uint32_t *hashes;
    const uint8_t *lengths;
    size_t count;
} Anchors;

/* The columns of a `TitleIndex`. */
typedef struct {
    unsigned long long spread, mask;
    unsigned int spreads[2];
    Bits bits;
    const uint64_t *hashes;
    size_t count;
    Anchors anchors[2];
} Titles;

/* Words with which titles may begin, or spans that may be titles, that wait to be looked at together. */
typedef struct {
    uint64_t hashes[BLOCK];
    int32_t words[BLOCK], ends[BLOCK];
    uint32_t lows[BLOCK], places[BLOCK]; /* what of a hash the bits are of, and where the next bit is */
    size_t count;
} Block;

static void enqueue(Block *block, const Titles *titles, Bits bits, int32_t word, int32_t end, uint64_t hash,
                    uint32_t low) {
    size_t at = block->count++;
    block->hashes[at] = hash;
    block->words[at] = word;
    block->ends[at] = end;
    block->lows[at] = low;
    block->places[at] = low * titles->spreads[0] >> bits.shift;
    if (bits.bytes)
        PREFETCH(bits.bytes + (block->places[at] >> 3));
}

/* Keep what has both bits. */
static void keep_likely(Block *block, const Titles *titles, Bits bits) {
    for (int number = 0; number < 2; number++) {
        size_t likely = 0;
        for (size_t i = 0; i < block->count; i++) {
            int is_likely = has_bit(bits, block->places[i]);
            block->hashes[likely] = block->hashes[i];
            block->words[likely] = block->words[i];
            block->ends[likely] = block->ends[i];
            block->lows[likely] = block->lows[i];
            likely += (size_t)is_likely;
        }
        block->count = likely;
        for (size_t i = 0; i < likely && !number; i++) {
            block->places[i] = block->lows[i] * titles->spreads[1] >> bits.shift;
            PREFETCH(bits.bytes + (block->places[i] >> 3));
        }
    }
}

/* Which spans are titles. */
static void look_up_titles(const Text *text, const Titles *titles, Block *spans, Found *found) {
    const uint64_t *wanted = spans->hashes;
    size_t places[BLOCK];
    if (titles->bits.bytes)
        keep_likely(spans, titles, titles->bits);
    find_64(titles->hashes, titles->count, wanted, spans->count, places);
    for (size_t i = 0; i < spans->count; i++) {
        size_t first = places[i], last = first + 1;
        if (!is_at(titles->hashes, titles->count, first, wanted[i]))
            continue;
        if (is_at(titles->hashes, titles->count, last, wanted[i])) {
            uint64_t next = wanted[i] + 1;
            if (next)
                find_64(titles->hashes, titles->count, &next, 1, &last);
            else
                last = titles->count;
        }
        add(found, (Row){text->starts[spans->words[i]], spans->ends[i], (int64_t)first, (int64_t)last});
    }
    spans->count = 0;
}

static uint32_t anchor_hash(const Titles *titles, uint64_t hash) {
    return (uint32_t)(hash * titles->spread >> 32);
}

/* Which spans that begin like titles may be some. */
static void look_up_heads(const Text *text, const Titles *titles, const Anchors *anchors, Block *heads,
                          Block *spans, Found *found) {
    uint32_t wanted[BLOCK];
    size_t places[BLOCK];
    keep_likely(heads, titles, anchors->bits);
    for (size_t i = 0; i < heads->count; i++)
        wanted[i] = anchor_hash(titles, heads->hashes[i]);
    find_32(anchors->hashes, anchors->count, wanted, heads->count, places);
    for (size_t i = 0; i < heads->count; i++)
        PREFETCH(anchors->lengths + places[i]);
    for (size_t i = 0; i < heads->count; i++) {
        int32_t word = heads->words[i], start = text->starts[word];
        for (size_t at = places[i]; at < anchors->count && anchors->hashes[at] == wanted[i]; at++) {
            int32_t end = start + anchors->lengths[at];
            if (!text->is_end[end])
                continue;
            uint64_t hash = hash_of(text, word, end) & titles->mask;
            enqueue(spans, titles, titles->bits, word, end, hash, (uint32_t)hash);
            if (spans->count == BLOCK)
                look_up_titles(text, titles, spans, found);
        }
    }
    heads->count = 0;
}

static void find_titles(const Text *text, const Titles *titles, Found *found) {
    Block heads, spans;
    spans.count = 0;
    for (int number = 0; number < 2; number++) {
        const Anchors *anchors = &titles->anchors[number];
        heads.count = 0;
        for (int32_t word = 0; word < text->words && text->starts[word] + anchors->size <= text->kept;
             word++) {
            if (!(text->marks[word] & MAY_BEGIN) || !anchors->bits.bytes)
                continue;
            uint64_t hash = hash_of(text, word, text->starts[word] + (int32_t)anchors->size);
            uint32_t low = anchors->has_bits ? (uint32_t)hash : anchor_hash(titles, hash);
            enqueue(&heads, titles, anchors->bits, word, 0, hash, low);
            if (heads.count == BLOCK)
                look_up_heads(text, titles, anchors, &heads, &spans, found);
        }
        look_up_heads(text, titles, anchors, &heads, &spans, found);
    }
    look_up_titles(text, titles, &spans, found);
}

#endif
