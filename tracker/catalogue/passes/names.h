/* The names in a text: what `NameIndex.find` in name_index.py does. */
#ifndef TRACKER_NAMES_H
#define TRACKER_NAMES_H

#include "found.h"
#include "hashes.h"

/* The columns of a `NameIndex`. */
typedef struct {
    unsigned long long spread;
    long long most_words;
    int any_case;
    Bits bits; /* or none */
    const uint64_t *hashes, *common;
    const uint8_t *cases;  /* by name */
    const int32_t *begins; /* by name, and one more: the entries */
    size_t count, commons;
} Names;

/* Spans that may be names, that wait to be looked at together. */
typedef struct {
    uint64_t hashes[BLOCK + 1];
    int32_t words[BLOCK + 1], ends[BLOCK + 1];
    uint32_t places[BLOCK + 1]; /* of their bits */
    uint8_t how[BLOCK + 1];     /* how they are written */
    size_t count;
} Spelled;

enum { IS_LOWER = 1, IS_ONE_WORD = 2 };

/* Whether a span in lower case may be a name. */
static int may_be_lower(const Text *text, const Reading *reading, const Names *names, const Spelled *spans,
                        size_t i) {
    int32_t begin = text->offsets[text->starts[spans->words[i]]], finish = text->after[spans->ends[i] - 1];
    size_t place;
    if (finish - begin < reading->shortest_lower)
        return 0;
    if (!(spans->how[i] & IS_ONE_WORD))
        for (int32_t at = begin; at < finish; at++)
            if (text->units[at] <= ' ')
                return 0;
    find_64(names->common, names->commons, &spans->hashes[i], 1, &place);
    return !is_at(names->common, names->commons, place, spans->hashes[i]);
}

static int is_capital(const Text *text, int32_t at) {
    return (uint16_t)(text->units[text->offsets[at < text->kept ? at : text->kept - 1]] - 'A') < 26;
}

static void move_span(Spelled *spans, size_t from, size_t to) {
    spans->hashes[to] = spans->hashes[from];
    spans->words[to] = spans->words[from];
    spans->ends[to] = spans->ends[from];
    spans->how[to] = spans->how[from];
}

/* Which spans are names. */
static void look_up_names(const Text *text, const Reading *reading, const Names *names, Spelled *spans,
                          Found *found) {
    size_t places[BLOCK + 1], likely = 0;
    for (size_t i = 0; i < spans->count && names->bits.bytes; i++) {
        int is_likely = has_bit(names->bits, spans->places[i]);
        move_span(spans, i, likely);
        likely += (size_t)is_likely;
    }
    size_t count = names->bits.bytes ? likely : spans->count;
    likely = 0;
    for (size_t i = 0; i < count; i++)
        if (!(spans->how[i] & IS_LOWER) || may_be_lower(text, reading, names, spans, i))
            move_span(spans, i, likely++);
    find_64(names->hashes, names->count, spans->hashes, likely, places);
    for (size_t i = 0; i < likely; i++) {
        size_t name = places[i];
        if (!is_at(names->hashes, names->count, name, spans->hashes[i]))
            continue;
        int32_t start = text->starts[spans->words[i]];
        if (!reading->is_heard && !(spans->how[i] & IS_LOWER) && names->cases[name] != names->any_case) {
            int capitals = 2 * is_capital(text, start) + is_capital(text, start + 1);
            if (!(names->cases[name] & 1 << capitals))
                continue;
        }
        add(found, (Row){start, spans->ends[i], names->begins[name], names->begins[name + 1]});
    }
    spans->count = 0;
}

static void spell(const Text *text, const Names *names, Spelled *spans, int32_t word, int32_t end, int how) {
    size_t at = spans->count++;
    spans->hashes[at] = hash_of(text, word, end);
    spans->words[at] = word;
    spans->ends[at] = end;
    spans->how[at] = (uint8_t)how;
    if (names->bits.bytes) {
        spans->places[at] = (uint32_t)(spans->hashes[at] * names->spread >> 32) >> names->bits.shift;
        PREFETCH(names->bits.bytes + (spans->places[at] >> 3));
    }
}

static void find_names(const Text *text, const Reading *reading, const Names *names, Found *found) {
    Spelled spans;
    spans.count = 0;
    for (int32_t word = 0; word < text->words; word++) {
        int all = ~0, any = 0; /* marks of all words of a span, and of some */
        for (int32_t last = word; last < text->words && last < word + names->most_words; last++) {
            int mark = text->marks[last], is_one = last == word ? IS_ONE_WORD : 0;
            all &= is_one ? mark | JOINED | TIGHT : mark;
            if (~all & (MAY_HOLD | JOINED))
                break;
            int is_lower_stem = !(any & OTHER) && !(mark & OTHER_STEM);
            any |= mark;
            if (!(any & OTHER) && !(is_one ? mark & IS_LONG : all & TIGHT) && !reading->is_heard)
                continue;
            int32_t end = text->starts[last + 1];
            spell(text, names, &spans, word, end, is_one | (any & OTHER ? 0 : IS_LOWER));
            if (mark & PLURAL)
                spell(text, names, &spans, word, end - 1, is_one | (is_lower_stem ? IS_LOWER : 0));
            if (spans.count >= BLOCK)
                look_up_names(text, reading, names, &spans, found);
        }
    }
    look_up_names(text, reading, names, &spans, found);
}

#endif
