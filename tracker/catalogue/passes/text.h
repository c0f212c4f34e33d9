/* A text squeezed: what `squeeze_chunk` in stretch.py does, and what is known of each word. */
#ifndef TRACKER_TEXT_H
#define TRACKER_TEXT_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__GNUC__) || defined(__clang__)
#define INLINE static inline __attribute__((always_inline))
#else
#define INLINE static inline
#endif

enum { SEPARATOR = 0, JOINER = 1, LIGATURE_BYTES = 4, LONGEST_TITLE = UINT8_MAX };

/* What is known of a word. */
enum {
    OTHER = 1,      /* it has a character that is not one of a to z */
    OTHER_STEM = 2, /* it has one before its last character */
    IS_LONG = 4,    /* it may be a name in lower case */
    PLURAL = 8,     /* it may be one */
    MAY_HOLD = 16,  /* a name may hold it */
    JOINED = 32,    /* a name may hold it and the word before it */
    TIGHT = 64,     /* there is no blank between it and the word before it */
    MAY_BEGIN = 128 /* a title may begin with it */
};

/* A squeezed stretch (see `Squeezed`). */
typedef struct {
    const uint16_t *units;
    int32_t length;
    int32_t *offsets, *after; /* by kept character */
    uint64_t *sums;           /* of the characters before each */
    uint8_t *is_end;          /* whether a title may end before each; LONGEST_TITLE more of them */
    int32_t kept;
    int32_t *starts;   /* by word, and where the last one ends */
    uint64_t *inverse; /* what sums are multiplied with, for hashes of what starts there */
    uint8_t *marks;
    int32_t words;
} Text;

/* How texts are read: constants and tables of the program. */
typedef struct {
    unsigned long long base, inverse;
    int first_letter, first_cjk;
    const uint8_t *ligatures;            /* LIGATURE_BYTES for each: letters, and zeros */
    const uint8_t *parting;              /* by code point: whether it parts names */
    const uint8_t *may_begin, *may_hold; /* by code point, or none */
    int shortest_lower, is_heard;
} Reading;

static uint64_t hash_of(const Text *text, int32_t word, int32_t end) {
    return (text->sums[end] - text->sums[text->starts[word]]) * text->inverse[word];
}

static int is_digit(uint16_t unit) {
    return (uint16_t)(unit - '0') < 10;
}

static int allows(const uint8_t *table, uint16_t point) {
    return !table || table[point];
}

static int mark_of(const Text *text, const Reading *reading, uint16_t point, int32_t at, int32_t before) {
    int mark = (allows(reading->may_hold, point) ? MAY_HOLD : 0) |
               (allows(reading->may_begin, point) ? MAY_BEGIN : 0);
    if (reading->is_heard || at == before)
        return mark | JOINED | TIGHT;
    uint16_t follows = text->units[at - 1], ended = text->units[before];
    if (follows > ' ' && ended > ' ')
        mark |= TIGHT;
    if (!reading->parting[follows] && !reading->parting[ended] &&
        !(ended == '.' && follows <= ' ' && at == before + 2))
        mark |= JOINED;
    return mark;
}

/* A text as it is squeezed. It is a variable of `squeeze`, and what changes it is inlined there: else, for
 * all that the compiler knows, each number written to an array might change it. */
typedef struct {
    Text text;
    uint64_t sum, power, inverse;
    int32_t behind; /* what follows the last kept character */
    int mark, has_other, stem_has_other;
    uint16_t last_point;
} Squeezing;

INLINE void end_word(Squeezing *now, const Reading *reading) {
    Text *text = &now->text;
    int32_t start = text->starts[text->words];
    int mark = now->mark | (now->has_other ? OTHER : 0) | (now->stem_has_other ? OTHER_STEM : 0);
    if (now->behind - text->offsets[start] >= reading->shortest_lower)
        mark |= IS_LONG;
    if (now->last_point == 's' && text->kept - start >= 3) {
        mark |= PLURAL;
        text->is_end[text->kept - 1] = 1;
    }
    text->is_end[text->kept] = 1;
    text->marks[text->words++] = (uint8_t)mark;
    text->starts[text->words] = text->kept;
}

INLINE void begin_word(Squeezing *now, const Reading *reading, uint16_t point, int32_t at) {
    Text *text = &now->text;
    now->mark = mark_of(text, reading, point, at, text->kept ? now->behind : at);
    now->has_other = 0;
    text->inverse[text->words] = now->inverse;
}

INLINE void keep(Squeezing *now, const Reading *reading, int32_t at, uint16_t point) {
    Text *text = &now->text;
    now->stem_has_other = now->has_other;
    now->has_other |= (uint16_t)(text->units[at] - 'a') > 25;
    now->last_point = point;
    text->offsets[text->kept] = at;
    text->after[text->kept] = at + 1;
    now->sum += point * now->power;
    now->power *= reading->base;
    now->inverse *= reading->inverse;
    text->sums[++text->kept] = now->sum;
}

/* A joiner belongs to the character before it. */
INLINE void join(Squeezing *now, int32_t at) {
    Text *text = &now->text;
    if (!text->kept || now->behind != at)
        return;
    int32_t one = text->kept;
    while (one && text->after[one - 1] == at) /* several are the letters of a ligature */
        text->after[--one] = at + 1;
    now->behind = at + 1;
}

/* Squeeze a stretch into the arrays of a text; `folded` are its units, folded. */
static Text squeeze(Text empty, const Reading *reading, const uint16_t *folded) {
    Squeezing now = {.text = empty, .power = 1, .inverse = 1};
    const Text *text = &now.text;
    const uint16_t *units = text->units;
    const uint16_t first_letter = (uint16_t)reading->first_letter,
                   letters = (uint16_t)(reading->first_cjk - first_letter);
    int was_chinese = 0;
    text->starts[0] = 0;
    for (int32_t at = 0; at < text->length;) {
        uint16_t value = folded[at];
        if (value == SEPARATOR && units[at] == '.' && at && at + 1 < text->length &&
            is_digit(units[at - 1]) && is_digit(units[at + 1]))
            value = '.';
        if (value <= JOINER) {
            if (value == JOINER)
                join(&now, at);
            at++;
            continue;
        }
        int is_chinese = value >= reading->first_cjk;
        if (at > now.behind || is_chinese || was_chinese || !text->kept) {
            if (text->kept)
                end_word(&now, reading);
            begin_word(&now, reading, value, at);
        }
        was_chinese = is_chinese;
        if (value < first_letter) {
            const uint8_t *spelled = reading->ligatures + LIGATURE_BYTES * (value - JOINER - 1);
            for (; spelled[1]; spelled++)
                keep(&now, reading, at, spelled[0]);
            value = spelled[0];
        }
        do { /* most characters are letters behind others */
            keep(&now, reading, at++, value);
            value = at < text->length ? folded[at] : SEPARATOR;
        } while (!is_chinese && (uint16_t)(value - first_letter) < letters);
        now.behind = at;
    }
    if (text->kept)
        end_word(&now, reading);
    return now.text;
}

/* Memory for all arrays, in one piece; NULL where there is none. */
static void *arrays_of(Text *text, const uint16_t *folded, int first_letter) {
    size_t count = text->length;
    for (int32_t at = 0; at < text->length; at++)
        count += (uint16_t)(folded[at] - JOINER - 1) < first_letter - JOINER - 1 ? LIGATURE_BYTES - 2 : 0;
    uint64_t *memory = malloc((count + 1) * (2 * sizeof(uint64_t) + 3 * sizeof(int32_t) + 2) + LONGEST_TITLE);
    if (memory) {
        text->sums = memory;
        text->inverse = memory + count + 1;
        text->offsets = (int32_t *)(memory + 2 * (count + 1));
        text->after = text->offsets + count + 1;
        text->starts = text->after + count + 1;
        text->marks = (uint8_t *)(text->starts + count + 1);
        text->is_end = text->marks + count + 1;
        memset(text->is_end, 0, count + 1 + LONGEST_TITLE);
        text->sums[0] = 0;
    }
    return memory;
}

#endif
