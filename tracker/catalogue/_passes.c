/* Titles and names in a stretch of text, in machine code: what `Index.spans` does with numpy in stretch.py,
 * title_index.py, name_index.py and index.py, with the same answers, some times as fast. Those files say what
 * is done and why; this one only how. tests/catalogue/test_compiled.py holds both to the same answers.
 *
 * It is compiled when the package is installed, where there is a compiler (hatch_build.py); without one numpy
 * does the work. Columns of a catalogue may be damaged: what is read from one is never a place that is looked
 * at unchecked.
 *
 * Tables of millions of papers fit in no cache, and most of the time would go to waiting for memory. So
 * places of the text are worked on in blocks: what all of a block will need is called for (PREFETCH) before
 * the first is looked at.
 */
#define Py_LIMITED_API 0x030B0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__GNUC__) || defined(__clang__)
#define PREFETCH(address) __builtin_prefetch(address)
#define INLINE static inline __attribute__((always_inline))
#else
#define PREFETCH(address) ((void)0)
#define INLINE static inline
#endif

enum { BLOCK = 256, SEPARATOR = 0, JOINER = 1, LIGATURE_BYTES = 4, LONGEST_TITLE = UINT8_MAX };

static size_t length(const Py_buffer *buffer, size_t item) {
    return (size_t)buffer->len / item;
}

static size_t least(size_t one, size_t other) {
    return one < other ? one : other;
}

/* --- sorted hashes --- */

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

/* --- tables of bits --- */

/* A `BitTable`, or the table of a `ByteTable`. */
typedef struct {
    const uint8_t *bytes; /* 2**n of them, or none */
    int shift;            /* of 32 bits, to get the place of a bit */
} Bits;

static Bits bits_of(const Py_buffer *table) {
    int size = 0;
    while (size < 29 && (Py_ssize_t)2 << size <= table->len)
        size++;
    return (Bits){table->len ? table->buf : NULL, 32 - 3 - size};
}

static int has_bit(Bits table, uint32_t place) {
    return table.bytes[place >> 3] >> (place & 7) & 1;
}

/* --- the text --- */

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

static int is_table(const uint8_t *table, uint16_t point) {
    return !table || table[point];
}

static int mark_of(const Text *text, const Reading *reading, uint16_t point, int32_t at, int32_t before) {
    int mark = (is_table(reading->may_hold, point) ? MAY_HOLD : 0) |
               (is_table(reading->may_begin, point) ? MAY_BEGIN : 0);
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

/* --- what is found --- */

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
    if (found->count == found->room) {
        size_t room = found->room ? 2 * found->room : 1024;
        Row *rows = realloc(found->rows, room * sizeof *rows);
        if (!rows) {
            found->is_full = 1;
            return;
        }
        found->rows = rows;
        found->room = room;
    }
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

/* The rows that the chunk owns, by start, then end, as columns: five of 64 bits (the four of `Span`, and the
 * size), then five of 16 bits (`Spans.around`). The memory of the rows is given back. */
static PyObject *columns_of(Found *found, const Text *text, const Chunk *chunk) {
    PyObject *bytes = NULL;
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

/* --- titles --- */

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

/* --- names --- */

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

/* Which spans are names. */
static void look_up_names(const Text *text, const Reading *reading, const Names *names, Spelled *spans,
                          Found *found) {
    size_t places[BLOCK + 1], likely = 0;
    for (size_t i = 0; i < spans->count && names->bits.bytes; i++) {
        int is_likely = has_bit(names->bits, spans->places[i]);
        spans->hashes[likely] = spans->hashes[i];
        spans->words[likely] = spans->words[i];
        spans->ends[likely] = spans->ends[i];
        spans->how[likely] = spans->how[i];
        likely += (size_t)is_likely;
    }
    size_t count = names->bits.bytes ? likely : spans->count;
    likely = 0;
    for (size_t i = 0; i < count; i++)
        if (!(spans->how[i] & IS_LOWER) || may_be_lower(text, reading, names, spans, i)) {
            spans->hashes[likely] = spans->hashes[i];
            spans->words[likely] = spans->words[i];
            spans->ends[likely] = spans->ends[i];
            spans->how[likely++] = spans->how[i];
        }
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

/* --- for Python --- */

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
    titles->bits = bits_of(&b[1]);
    for (b += 2; a < titles->anchors + 2; a++, b += 3) {
        a->hashes = b[0].buf;
        a->bits = bits_of(&b[1]);
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
    names->bits = bits_of(&b[0]);
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
                        "What the arguments are, `compiled.py` says.");

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

static PyMethodDef passes[] = {{"spans", spans, METH_VARARGS, spans_doc}, {NULL, NULL, 0, NULL}};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "_passes", .m_size = 0,
                                    .m_methods = passes};

PyMODINIT_FUNC PyInit__passes(void) {
    return PyModule_Create(&module);
}
