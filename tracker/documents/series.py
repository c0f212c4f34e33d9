"""Numbered headings in a text without markup: lines in, the series of lines that number its sections out.

"3) QLoRA" above four paragraphs is a heading, "3) restart it" in a list of steps is not; what tells them
apart is the whole series: are its members short and on their own, and does something stand between them?
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tracker.documents.lines import Line, Mark, width
from tracker.models import BlockKind

_ITEM_STYLES = frozenset({"[1]", "①", "bare"})
"""Numbers of citations, of points inside a paragraph, and numbers that may count anything."""
_ALONE_STYLES = frozenset({"第章", "第节", "第篇", "第讲", "第部分", "一", "chapter", "part", "lecture"})
"""Numbers that make a heading even where there is only one of them."""
_WIDEST = 110
"""Columns: titles of papers with their subtitles stand in numbered headings."""
_NESTED = 3
"""Columns: text indented so far belongs to the list entry above it, as in Markdown."""


@dataclass(slots=True)
class Series:
    """Numbered headings that count on from each other."""

    style: str
    members: list[int] = field(default_factory=list)
    """Indices into the lines, ascending."""
    parent: Series | None = None
    level: int = 0
    """0: these are no headings. Otherwise their rank, at least 2."""


def find_series(text: str, lines: list[Line]) -> list[Series]:
    """The series of numbered headings in `lines`, by their first member, outer ones before inner ones."""
    headings = []
    above: dict[int, int] = {}
    series = _count(lines, above)
    for one in series:
        if _is_headings(text, lines, one.members, one.style):
            outer = one.parent
            while outer is not None and not outer.level:
                outer = outer.parent
            one.level = 1 + (outer.level if outer else above[one.members[0]])
            headings.append(one)
    return headings


def _count(lines: list[Line], above: dict[int, int]) -> list[Series]:
    """All runs of numbers 1, 2, 3, … in one style, each under the run it begins in.

    `above` gets, for the first member of each, the level of the Markdown heading it stands under (or 1).
    """
    found: list[Series] = []
    running: list[Series] = []
    level = 1
    for i, line in enumerate(lines):
        if line.kind is BlockKind.HEADING:
            running, level = [], line.level
        if (
            line.kind is not BlockKind.PARAGRAPH
            or line.mark is not Mark.NUMBER
            or line.indent
            or not line.numbering
        ):
            continue
        number, style, _ = line.numbering
        if style in _ITEM_STYLES or line.body >= line.end:
            continue
        at = next((depth for depth, one in enumerate(running) if one.style == style), None)
        # One number may be missing: pictures and blocks of code get lost when a page is copied.
        if at is not None and 0 < number - _last_number(lines, running[at]) <= 2:
            running[at].members.append(i)
            running = running[: at + 1]
        elif number <= 1:
            running = running[:at]
            running.append(Series(style, [i], running[-1] if running else None))
            found.append(running[-1])
            above[i] = level
    return found


def _last_number(lines: list[Line], series: Series) -> int:
    numbering = lines[series.members[-1]].numbering
    return numbering.number if numbering else 0


def _is_headings(text: str, lines: list[Line], members: list[int], style: str) -> bool:
    """Whether most members look like headings and something stands under at least half of them."""
    if len(members) == 1:
        return (
            style in _ALONE_STYLES
            and _is_short(text, lines, members[0])
            and _has_text(lines, members[0], style)
        )
    short = sum(_is_short(text, lines, i) for i in members)
    filled = sum(_has_text(lines, i, style) for i in members[:-1])
    return short * 10 >= len(members) * 7 and filled * 2 >= len(members) - 1


def _is_short(text: str, lines: list[Line], i: int) -> bool:
    line = lines[i]
    words = text[line.body : line.end]
    stands_alone = line.after_blank or (i > 0 and lines[i - 1].kind is BlockKind.HEADING)
    return stands_alone and len(words) <= _WIDEST and width(words) <= _WIDEST and words[-1] not in "。.;；,，"


def _has_text(lines: list[Line], i: int, style: str) -> bool:
    """Whether the line after number `i` is neither the next number nor part of a list entry."""
    if i + 1 >= len(lines):
        return False
    after = lines[i + 1]
    is_next = (
        after.mark is Mark.NUMBER and not after.indent and after.numbering and after.numbering.style == style
    )
    return not is_next and after.indent < _NESTED
