"""What of a page is its frame and not its content: menus, buttons, related articles, comment forms, footers.

Lines in, the same lines with their kind set out. A paper named in navigation is left out of the reading
lists, so a line is navigation only where several signs agree, and never where it holds the identifier of a
paper.
"""

from __future__ import annotations

import re

from tracker.documents.frame import Frame, ends_article, heads_list, is_of_frame, load_frame
from tracker.documents.lines import Line, Mark, width
from tracker.models import BlockKind
from tracker.regex import regex

_BREADCRUMB = regex(r"[^>»›\n]{1,40}(?:\s[>»›]\s[^>»›\n]{1,60}){2,}")
_PAPER_ID = regex(
    r"arxiv|doi\.org|\b10\.\d{4,}/|aclanthology|openreview|\b\d{4}\.\d{5}\b", re.IGNORECASE | re.ASCII
)
_SENTENCE = regex(r"[，。；？！]|[,.;?!](?:\s|$)")

_PROSE = 60
"""Columns: a line at least so wide, with the punctuation of sentences, is prose and no label."""
_LABEL = 50
"""Columns: a line in a menu that is wider than this stays content unless it is a known label itself."""
_MENU_LABELS = 3
"""Different known labels in a run of short lines: fewer may be chance ("Blog", "Home" in a list of links)."""
_BUTTON = 80
"""Characters: in the midst of the document no longer line is looked at."""
_SIGN = 200
"""Characters of a line in which a sign of the end is looked for."""
_LONGEST_TAIL = 200
"""Lines: what goes on for longer than this after an "end of the article", or makes up more than half of the
lines, is content all the same.
"""
_TAIL_PROSE = 800
"""Columns of prose that may follow an article (advertisements, rules for comments), and never more than a
quarter of all prose.
"""


def is_prose(text: str, line: Line, least: int = _PROSE) -> bool:
    """Whether a line reads like sentences and not like a label: `least` columns or more, with punctuation."""
    words = text[line.body : line.end]
    return len(words) * 2 >= least and width(words) >= least and _SENTENCE.search(words) is not None


def mark_navigation(text: str, lines: list[Line]) -> None:
    """Sets the kind of menus, footers and what stands between and around them."""
    frame = load_frame()
    head = _first_content(text, lines, frame)
    _mark_menus(text, lines[:head], frame)
    _mark_breadcrumbs(text, lines[:head])
    has_frame = any(
        line.kind is BlockKind.NAVIGATION or _is_known(text, line, frame) for line in lines[:head]
    )
    tail = _tail_start(text, lines, frame, first=head, has_frame=has_frame)
    for i, line in enumerate(lines):
        is_inside = i < tail
        if is_inside and (line.end - line.body > _BUTTON or line.mark in (Mark.HASH, Mark.CODE)):
            continue
        if is_inside and not _is_known(text, line, frame):
            continue
        if not _PAPER_ID.search(text, line.start, line.end):
            line.kind = BlockKind.NAVIGATION


def _first_content(text: str, lines: list[Line], frame: Frame) -> int:
    """The index of the first line that is a Markdown heading or prose; what stands above may be a menu."""
    for i, line in enumerate(lines):
        if line.mark is Mark.HASH or (is_prose(text, line) and not _is_known(text, line, frame)):
            return i
    return len(lines)


def _is_known(text: str, line: Line, frame: Frame) -> bool:
    return is_of_frame(text[line.body : line.end], frame)


def _mark_menus(text: str, lines: list[Line], frame: Frame) -> None:
    """Menus: runs of short lines, among them enough that are known from menus."""
    for run in _runs(lines):
        known = {line.start for line in run if _is_known(text, line, frame)}
        different = {text[line.body : line.end].lower() for line in run if line.start in known}
        if len(different) < _MENU_LABELS or len(known) * 8 < len(run):
            continue
        for line in run:
            words = text[line.body : line.end]
            is_label = line.start in known or width(words) <= _LABEL
            if is_label and not _PAPER_ID.search(words):
                line.kind = BlockKind.NAVIGATION


def _runs(lines: list[Line]) -> list[list[Line]]:
    """Lines without a blank line between them; between bullets a blank line does not part them."""
    runs: list[list[Line]] = []
    for line in lines:
        goes_on = runs and (not line.after_blank or line.mark is runs[-1][-1].mark is Mark.BULLET)
        if goes_on:
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs


def _mark_breadcrumbs(text: str, lines: list[Line]) -> None:
    """The way to the page, as sites show it: "Home > Blog > 2023"."""
    for line in lines:
        is_short = line.mark is Mark.PLAIN and line.end - line.body <= 200
        if is_short and _BREADCRUMB.fullmatch(text, line.body, line.end):
            line.kind = BlockKind.NAVIGATION


def _tail_start(text: str, lines: list[Line], frame: Frame, *, first: int, has_frame: bool) -> int:
    """The index of the first line of what follows the article; the number of lines where nothing does.

    That is the first sign of an end from which on to the end of the document there is hardly any prose, no
    section of the document's own, and a second sign, which may also stand above the article (`has_frame`): a
    list that somebody calls "相关文章" in notes of their own is content.
    """
    tail, prose, papers, known = len(lines), 0, 0, 0
    most_prose = _prose_of_frame(text, lines)
    for i in range(len(lines) - 1, max(first, len(lines) // 2, len(lines) - _LONGEST_TAIL) - 1, -1):
        line = lines[i]
        words = text[line.body : min(line.end, line.body + _SIGN)]
        is_end = heads_list(words, frame) or ends_article(words, frame)
        is_known = is_end or is_of_frame(words, frame)
        known += is_known
        papers += _PAPER_ID.search(text, line.start, line.end) is not None
        prose += width(text[line.body : line.end]) if not is_known and is_prose(text, line) else 0
        if prose > most_prose or papers > 2 or (line.mark is Mark.HASH and not is_known):
            break
        if is_end and (known >= 2 or (has_frame and line.mark is not Mark.HASH)):
            tail = i
    return _with_links_above(text, lines, tail, frame)


def _prose_of_frame(text: str, lines: list[Line]) -> int:
    """The columns of prose that may follow the article."""
    prose = 0
    for line in lines:
        prose += width(text[line.body : line.end]) if is_prose(text, line) else 0
        if prose >= 4 * _TAIL_PROSE:
            break
    return min(prose, 4 * _TAIL_PROSE) // 4


def _with_links_above(text: str, lines: list[Line], tail: int, frame: Frame) -> int:
    """`tail`, or the start of the run of labels that it stands in: links and buttons directly above it."""
    first = tail
    while 0 < first < len(lines) and not lines[first].after_blank and tail - first < 30:
        first -= 1
        if lines[first].mark in (Mark.HASH, Mark.CODE) or is_prose(text, lines[first]):
            return tail
    known = sum(_is_known(text, line, frame) for line in lines[first : tail + 10])
    return first if known >= _MENU_LABELS else tail
