"""Which lines are headings, how high they rank and which numbers they carry. Lines in, the same lines marked.

Markdown says it outright; in a text copied from a web page only the layout tells: a number that runs through
the document, or a short line that stands alone above a paragraph.
"""

from __future__ import annotations

import re
from itertools import pairwise

from tracker.documents.dates import DATE
from tracker.documents.lines import Line, Mark, width
from tracker.documents.navigation import is_prose
from tracker.documents.numbering import LIST_STYLES, Numbering, numbering_of
from tracker.documents.series import find_series
from tracker.models import BlockKind
from tracker.regex import regex

_BOLD = regex(r"(\*\*|__)(?=\S)[^*_\n]{1,120}\1[:：]?")
_CAPTION = regex(r"(?:图|表|fig(?:ure|\.)?|table)\s?\d", re.IGNORECASE)
_SHORT = 64
"""Columns: headings that nothing but their place gives away are no wider."""
_TITLE = 160
"""Columns: the title of a document is no wider."""
_LABEL = regex(
    r"[,，。;；!！|<>@]|://|^[(（\[【\"“']|^by\s|\b\d{1,2}:\d\d\b"
    r"|^(?:报告人|主讲人?|讲者|嘉宾|主持人?|作者|译者|编辑|记录|来源|原文|时间|地点"
    r"|speaker|author|editor|translator|host|source|date|time|place)s?\s?[:：]",
    re.IGNORECASE,
)
"""What short lines hold that are no headings: bylines, captions, links, quotations, times."""
_LINK = regex(r"[^:：\n]{1,20}[:：]\s*https?://")
"""What often stands first under the name of a system: "Paper: https://…"."""
_STOPS = ("。", ".", ",", "，", ";", "；", ":", "：", "…", "、")


def mark_headings(text: str, lines: list[Line]) -> None:
    """Sets kind, level (1 is the highest) and number of every heading. Navigation is passed over."""
    lines = [line for line in lines if line.kind is not BlockKind.NAVIGATION]
    hashes = _mark_hashes(lines)
    _mark_underlined(text, lines)
    _mark_bold(text, lines)
    _mark_pages(text, lines)
    inside = _mark_series(text, lines)
    _mark_title(text, lines)
    if hashes < 2:
        _mark_short(text, lines, inside)


def _set(line: Line, level: int, numbering: Numbering | None) -> None:
    line.kind, line.level = BlockKind.HEADING, min(level, 6)
    line.number = numbering.number if numbering else None


def _mark_hashes(lines: list[Line]) -> int:
    """Markdown's "#" headings; returns how many there are."""
    count = 0
    last: dict[int, int] = {}
    for line in lines:
        if line.mark is not Mark.HASH:
            continue
        count += 1
        numbering = line.numbering
        # "## 3 Results" counts only after "## 2 ..." ("## 10 papers to read" is no tenth section).
        if numbering and numbering.style == "bare" and numbering.number != last.get(line.level, 0) + 1:
            numbering = None
        _set(line, line.level, numbering)
        last = {level: number for level, number in last.items() if level < line.level}
        if numbering:
            last[line.level] = numbering.number
    return count


def _mark_underlined(text: str, lines: list[Line]) -> None:
    """Titles with a line of signs under them (Markdown's setext, reStructuredText)."""
    for i in range(1, len(lines)):
        title, under = lines[i - 1], lines[i]
        if under.mark is not Mark.UNDERLINE or under.after_blank:
            continue
        words, sign = text[title.start : title.end].strip(), text[under.body]
        could_be = title.mark in (Mark.PLAIN, Mark.NUMBER) and len(words) <= _TITLE
        stands_alone = title.after_blank or lines[i - 2].mark is Mark.UNDERLINE
        is_long_enough = under.end - under.body >= (3 if sign in "=-" else max(4, width(words)))
        if could_be and stands_alone and is_long_enough and "|" not in words and words[-1] not in "。.":
            _set(title, {"=": 1, "-": 2}.get(sign, 3), numbering_of(words))
            under.kind, under.continues = BlockKind.HEADING, True


def _mark_bold(text: str, lines: list[Line]) -> None:
    """Lines that are bold as a whole, with something under them: one level below the last other heading."""
    level = 1
    for line, after in pairwise(lines):
        if line.kind is BlockKind.HEADING:
            level = level if line.continues else line.level
        elif line.after_blank and _is_bold(text, line) and not _is_bold(text, after):
            words = text[line.body : line.end].strip("*_")
            if not _CAPTION.match(words) and not words.endswith(_STOPS[:4]):
                _set(line, level + 1, numbering_of(words))


def _is_bold(text: str, line: Line) -> bool:
    is_candidate = line.mark is Mark.PLAIN and line.end - line.body <= 130 and text[line.body] in "*_"
    return is_candidate and _BOLD.fullmatch(text, line.body, line.end) is not None


def _mark_pages(text: str, lines: list[Line]) -> None:
    """Headings whose number stands on a line of its own above them ("01", then "Risks of AI")."""
    found: list[tuple[Line, Line, int]] = []
    for i, line in enumerate(lines[:-1]):
        title = lines[i + 1]
        if line.mark is Mark.NUMBER and line.body == line.end and line.after_blank and title.after_blank:
            numbering = line.numbering
            follows = numbering is not None and numbering.number == len(found) + 1
            if numbering and follows and title.mark is Mark.PLAIN and _could_be_title(text, title, _SHORT):
                found.append((line, title, numbering.number))
    if len(found) >= 2:
        for line, title, number in found:
            line.kind, line.level, line.number = BlockKind.HEADING, 2, number
            title.kind, title.level, title.continues = BlockKind.HEADING, 2, True


def _mark_series(text: str, lines: list[Line]) -> list[int]:
    """Numbered headings; returns for each line the level of the series that it stands in (0: in none)."""
    inside = [0] * len(lines)
    for series in find_series(text, lines):
        first, last = series.members[0], series.members[-1]
        inside[first : last + 1] = [series.level] * (last + 1 - first)
        for i in series.members:
            _set(lines[i], series.level, lines[i].numbering)
    return inside


def _mark_title(text: str, lines: list[Line]) -> None:
    """The title: the first line (but for links), where it stands alone and nothing has a higher rank."""
    if any(line.kind is BlockKind.HEADING and line.level == 1 for line in lines):
        return
    for line, after in pairwise(lines[:6]):
        if "://" not in text[line.body : line.end]:
            is_alone = line.kind is BlockKind.PARAGRAPH and line.after_blank and after.after_blank
            is_entry = line.numbering is not None and line.numbering.style in LIST_STYLES
            could_be = line.mark in (Mark.PLAIN, Mark.NUMBER) and not is_entry
            if is_alone and could_be and _could_be_title(text, line, _TITLE):
                _set(line, 1, None)
            return


def _could_be_title(text: str, line: Line, widest: int) -> bool:
    words = text[line.body : line.end]
    if len(words) > widest or width(words) > widest or words.endswith(_STOPS[:6]):
        return False
    return "://" not in words and not _CAPTION.match(words.strip("*_")) and any(map(str.isalpha, words))


def _mark_short(text: str, lines: list[Line], inside: list[int]) -> None:
    """Short lines that stand alone between paragraphs; they rank below the numbered series they stand in."""
    for i in range(1, len(lines) - 1):
        line, before, after = lines[i], lines[i - 1], lines[i + 1]
        stands_alone = line.kind is BlockKind.PARAGRAPH and line.after_blank and after.after_blank
        if not stands_alone or line.indent or not _is_short_heading(text, line):
            continue
        # A line after a colon is what the colon announces; one of several short lines is a caption or a list.
        is_announced = text[before.end - 1] in ":："
        is_one_of_several = before.kind is BlockKind.PARAGRAPH and _is_short_heading(text, before)
        if not is_announced and not is_one_of_several and _has_content(text, lines, i + 1):
            _set(line, max(inside[i], 1) + 1, None)


def _is_short_heading(text: str, line: Line) -> bool:
    if line.mark is not Mark.PLAIN or line.end - line.body > _SHORT:
        return False
    words = text[line.body : line.end]
    if width(words) > _SHORT or not words[0].isalnum():
        return False
    is_label = words.endswith(_STOPS) or words[0].islower() or _LABEL.search(words) or _CAPTION.match(words)
    return not is_label and not DATE.search(words) and any(map(str.isalpha, words))


def _has_content(text: str, lines: list[Line], i: int) -> bool:
    """Whether a paragraph (it may be broken into lines), a list or a labelled link begins at line `i`."""
    if lines[i].kind is not BlockKind.PARAGRAPH:
        return False
    if lines[i].mark in (Mark.BULLET, Mark.NUMBER) or _LINK.match(text, lines[i].body, lines[i].end):
        return True
    last = i
    while last + 1 < len(lines) and last < i + 3 and not lines[last + 1].after_blank:
        last += 1
    whole = Line(lines[i].start, lines[last].end, lines[i].body, 0, True)
    return lines[i].mark is Mark.PLAIN and is_prose(text, whole, _SHORT // 2)
