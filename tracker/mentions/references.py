"""Bibliographies: their entries, and what in the running text points at them ("[12]", "[3, 7–9]", "[^4]").

In: a document and the mentions of other kinds in it. Out: one mention for each entry that has no identifier and
no title of the catalogue, and one for each pointer at an entry. Which paper an entry denotes is for linking to
say; a pointer denotes what its entry does.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from tracker.catalogue import Catalogue
from tracker.catalogue.likeness import likeness
from tracker.catalogue.words_index import spelled
from tracker.mentions.entries import Entry, parse_entry
from tracker.models import BlockKind, Document, Mention, MentionKind
from tracker.regex import regex

ALIKE: Final = 0.8
"""Titles less alike than this (see `likeness`) are those of different papers."""
MOST: Final = 6
_LABEL: Final = regex(
    r"[ \t>]{0,8}(?:(?:[-*+•]|\.\.)[ \t]+)?"
    r"(?:\[\s?(?P<label>\^?[^\[\]\n]{1,30}?)\s?\][:.]?|(?P<number>\d{1,3})[.)、．](?=\s))?[ \t]*"
)
_LABELLED_LINE: Final = regex(
    r"^[ \t>]{0,8}(?:(?:[-*+•]|\.\.)[ \t]+)?\[\^?[^\[\]\n]{1,30}\]:?[ \t]+\S", re.MULTILINE
)
_POINTER: Final = regex(r"\[(\^?[^\[\]\n]{1,60})\](?!\()")
_RANGE: Final = regex(r"(\d{1,3})\s?[-–—~～]\s?(\d{1,3})")
_PART: Final = regex(r"[^,;，；、]+")
_CODE: Final = regex(r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]{1,200}`", re.DOTALL)
_SUPERSCRIPTS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_RAISED: Final = regex(
    r"(?:(?<=[^\W\d_][^\W\d_])|(?<=[.,;:!?。，”’)）]))[⁰¹²³⁴-⁹]{1,3}(?:[⁻–,，][⁰¹²³⁴-⁹]{1,3})*"
)
_DATE_AT_END: Final = regex(r"\s*[(（\[][^()（）\[\]]*(?:19|20)\d\d[^()（）\[\]]*[)）\]]\s*\Z")


class FoundEntry(NamedTuple):
    """text[start:end] is an entry without its label."""

    start: int
    end: int
    label: str
    """"12", "^3", "KMH+20"; "" where it has none."""
    parsed: Entry


class FoundReference(NamedTuple):
    """A mention to be: an entry, or a pointer at the mention that starts at `entry`."""

    start: int
    end: int
    parsed: Entry = Entry()
    rows: tuple[int, ...] = ()
    entry: int | None = None


def find_entries(document: Document) -> list[FoundEntry]:
    """The entries of the document's bibliographies, in order.

    Blocks that the document marks as references, and elsewhere lines that begin with a label in brackets
    ("[1] ...", "[^2]: ...") where the labels count up or the line is a reference by its looks.
    """
    text = document.text
    found: list[FoundEntry] = []
    for block in document.blocks:
        if block.kind is BlockKind.REFERENCES:
            found += [_entry(text, start, end) for start, end in _lines(text, block.start, block.end)]
        elif (
            block.kind in (BlockKind.ITEM, BlockKind.PARAGRAPH)
            and "[" in text[block.start : block.start + 12]
        ):
            for start, end in _labelled(text, block.start, block.end):
                entry = _entry(text, start, end)
                if entry.label.startswith("^") or entry.parsed.authors:
                    found.append(entry)
    return [entry for entry in found if entry.end - entry.start > 3]


def _entry(text: str, start: int, end: int) -> FoundEntry:
    label = _LABEL.match(text, start, end)
    first = label.end() if label else start
    name = (label["label"] or label["number"] or "") if label else ""
    return FoundEntry(first, end, name, parse_entry(text[first:end]))


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The entries of one block of references: one for each line where the lines look finished, else all of it."""
    lines = list(_split(text, start, end))
    if len(lines) > 1:
        finished = sum(
            text[last - 1] in '.)]”"0123456789。）】/' or _is_labelled(text, first) for first, last in lines
        )
        if finished < 0.7 * len(lines) and not _are_spaced(text, lines):
            lines = [(start, end)]
    yield from lines


def _split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        last = start + len(text[start:stop].rstrip())
        if last > start:
            yield start, last
        start = stop + 1


def _is_labelled(text: str, start: int) -> bool:
    return _LABELLED_LINE.match(text, start) is not None


def _are_spaced(text: str, lines: Sequence[tuple[int, int]]) -> bool:
    """Whether the lines end with the two blanks by which Markdown breaks a line."""
    return all(text.startswith("  ", last) for _, last in lines[:-1])


def _labelled(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches of a block that begin with a label in brackets at the beginning of a line."""
    starts = [found.start() for found in _LABELLED_LINE.finditer(text, start, end)]
    for first, last in zip(starts, [*starts[1:], end], strict=False):
        yield first, first + len(text[first:last].rstrip())


def find_references(
    document: Document, mentions: Iterable[Mention], catalogue: Catalogue
) -> tuple[list[FoundReference], list[tuple[int, int]]]:
    """The references of a document, entries before pointers; and the stretches in which authors are listed.

    `mentions` are those of identifiers, titles and names; what stands in lists of authors is none of them.
    """
    entries = find_entries(document)
    if not entries:
        return [], []
    inside = _Inside(mentions)
    found: list[FoundReference] = []
    targets: dict[str, list[tuple[int, int]]] = {}
    for entry in entries:
        reference = None if inside.has_paper(entry) else _reference(entry, document, catalogue)
        if reference:
            found.append(reference)
        target = reference.start if reference else inside.first(entry)
        if entry.label and target is not None:
            targets.setdefault(entry.label.lower(), []).append((entry.start, target))
    found += _pointers(document.text, targets, [(e.start - 8, e.end) for e in entries])
    return found, [listed for entry in entries if (listed := _authors_of(entry))]


def _reference(entry: FoundEntry, document: Document, catalogue: Catalogue) -> FoundReference | None:
    """The mention of an entry whose title is not in the catalogue as it stands; None where it is no paper's."""
    parsed = entry.parsed
    if not parsed.title:
        title = _DATE_AT_END.sub("", document.text[entry.start : entry.end]).strip()
        if "\n" in title or len(title.split()) < 4 or "://" in title:
            return None
        parsed = Entry((), title, 0, len(title), parsed.year)
    rows = rows_titled_nearly(parsed.title, catalogue)
    if not rows and not parsed.authors:
        return None
    return FoundReference(entry.start, entry.end, parsed, rows)


def rows_titled_nearly(title: str, catalogue: Catalogue) -> tuple[int, ...]:
    """Papers whose titles are nearly this, the most alike first."""
    if catalogue.words is None:
        return ()
    ranked = catalogue.words.find(spelled(title), 2 * MOST)
    alike = [(likeness(title, catalogue.records.head(found.row).title), found.row) for found in ranked]
    return tuple(
        row for part, row in sorted(alike, key=lambda pair: (-pair[0], pair[1]))[:MOST] if part >= ALIKE
    )


def without_authors(mentions: Iterable[Mention], listed: Sequence[tuple[int, int]]) -> list[Mention]:
    """The mentions without names and citations that stand in lists of authors; one that begins a list stays."""
    starts = [start for start, _ in listed]
    kept = []
    for mention in mentions:
        place = bisect_right(starts, mention.start) - 1
        is_within = place >= 0 and mention.end <= listed[place][1]
        begins = place >= 0 and mention.start <= listed[place][0] + 2
        is_citation = mention.kind is MentionKind.AUTHOR_YEAR
        if not is_within or not (mention.kind is MentionKind.NAME or (is_citation and not begins)):
            kept.append(mention)
    return kept


class _Inside:
    """The mentions that stand in an entry."""

    def __init__(self, mentions: Iterable[Mention]) -> None:
        self._mentions = sorted(mentions, key=lambda m: m.start)
        self._starts = [m.start for m in self._mentions]

    def _of(self, entry: FoundEntry) -> list[Mention]:
        first, last = bisect_left(self._starts, entry.start), bisect_left(self._starts, entry.end)
        return [m for m in self._mentions[first:last] if m.end <= entry.end]

    def has_paper(self, entry: FoundEntry) -> bool:
        """Whether an identifier or a title tells which paper it is."""
        return any(m.kind in (MentionKind.ID, MentionKind.TITLE) for m in self._of(entry))

    def first(self, entry: FoundEntry) -> int | None:
        """Where the mention starts that tells the most: an identifier, a title, else its only name."""
        inside = self._of(entry)
        for kind in (MentionKind.ID, MentionKind.TITLE):
            longest = max((m for m in inside if m.kind is kind), key=lambda m: m.end - m.start, default=None)
            if longest:
                return longest.start
        return inside[0].start if len(inside) == 1 else None


def _authors_of(entry: FoundEntry) -> tuple[int, int] | None:
    """The stretch of an entry in which its authors are listed, where they stand before its title."""
    parsed = entry.parsed
    is_list = len(parsed.authors) > 1 or (parsed.authors and "," in parsed.authors[0])
    if not is_list or parsed.title_start < 4:
        return None
    return entry.start, entry.start + parsed.title_start


def _pointers(
    text: str, targets: dict[str, list[tuple[int, int]]], entries: Sequence[tuple[int, int]]
) -> list[FoundReference]:
    """Everything in the running text that points at an entry."""
    if not targets:
        return []
    starts = [start for start, _ in entries]
    code = [found.span() for found in _CODE.finditer(text)]
    code_starts = [start for start, _ in code]
    found: list[FoundReference] = []

    def is_within(place: int, begins: list[int], spans: Sequence[tuple[int, int]]) -> bool:
        at = bisect_right(begins, place) - 1
        return at >= 0 and place < spans[at][1]

    for bracket in _POINTER.finditer(text):
        parts = list(_parts(bracket[1], bracket.start(1), targets))
        place = bracket.start()
        if not parts or is_within(place, starts, entries) or is_within(place, code_starts, code):
            continue
        if _is_index(text, place):
            continue
        if len(parts) == 1:
            parts = [(place, bracket.end(), parts[0][2])]
        found += [FoundReference(s, e, entry=_target(targets[label], place)) for s, e, label in parts]
    return found or _raised(text, targets, starts, entries)


def _parts(
    inside: str, offset: int, targets: dict[str, list[tuple[int, int]]]
) -> Iterator[tuple[int, int, str]]:
    """The labels in a bracket with their places; none where one of them is unknown."""
    parts: list[tuple[int, int, str]] = []
    for piece in _PART.finditer(inside):
        label = piece[0].strip().lower()
        start = offset + piece.start() + len(piece[0]) - len(piece[0].lstrip())
        span = _RANGE.fullmatch(label)
        if span and span[1] in targets and span[2] in targets and int(span[1]) < int(span[2]):
            parts.append((start, start + len(span[1]), span[1]))
            parts.append((start + span.start(2), start + span.end(2), span[2]))
        elif label in targets:
            parts.append((start, start + len(label), label))
        else:
            return
    yield from parts


def _is_index(text: str, place: int) -> bool:
    """Whether a bracket belongs to an expression: "x[1]", "w_i[0]", "boxes[3]" inside "IoU(boxes[3])"."""
    word = re.search(r"[\w)\]}]+\Z", text[max(0, place - 24) : place])
    if word is None or ord(word[0][-1]) > 0x2E7F:
        return False
    name = word[0]
    before = text[place - len(name) - 1 : place - len(name)]
    return (
        name[-1] in ")}_" or name[-1].isdigit() or len(name) == 1 or "_" in name or before in tuple("(.=+*/")
    )


def _target(places: Sequence[tuple[int, int]], place: int) -> int:
    """The entry meant by a label that several bibliographies have: that of the next one behind, else the last."""
    behind = [target for start, target in places if start > place]
    return behind[0] if behind else places[-1][1]


def _raised(
    text: str,
    targets: dict[str, list[tuple[int, int]]],
    starts: list[int],
    entries: Sequence[tuple[int, int]],
) -> list[FoundReference]:
    """Superscripts, in a text that has no brackets; only where they point at half of the entries or more."""
    found: list[FoundReference] = []
    for raised in _RAISED.finditer(text):
        for piece in re.finditer(r"[⁰¹²³⁴-⁹]+", raised[0]):
            label = piece[0].translate(_SUPERSCRIPTS)
            at = bisect_right(starts, raised.start()) - 1
            if label in targets and not (at >= 0 and raised.start() < entries[at][1]):
                start = raised.start() + piece.start()
                found.append(
                    FoundReference(start, start + len(piece[0]), entry=_target(targets[label], start))
                )
    return found if len({reference.entry for reference in found}) * 2 >= len(targets) else []
