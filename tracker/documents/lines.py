"""The non-blank lines of a text with what each looks like by itself: text in, lines out.

This is the one pass over every line; whatever needs neighbours is decided later, by looking at few of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from tracker.documents.numbering import LEADERS, Numbering, numbering_of
from tracker.models import BlockKind
from tracker.regex import regex


class Mark(IntEnum):
    """How a line begins."""

    PLAIN = 0
    HASH = 1
    """Markdown heading: "## Results"."""
    BULLET = 2
    NUMBER = 3
    UNDERLINE = 4
    """Nothing but "=" or "-" (or another sign that underlines titles): three or more of one."""
    CODE = 5
    """Inside a fenced code block, or its fence."""


@dataclass(slots=True)
class Line:
    """A non-blank line. `kind`, `level`, `number` and `continues` are what the later steps decide."""

    start: int
    end: int
    """Without the line break."""
    body: int
    """Where the words begin: after indentation, bullet, number or "#"."""
    indent: int
    """Columns; a tab stands for four, an ideographic space for two."""
    after_blank: bool
    """A blank line stands before it, or nothing."""
    mark: Mark = Mark.PLAIN
    numbering: Numbering | None = None
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    number: int | None = None
    continues: bool = False
    """It belongs to the block of the line before it."""


_LEAD = regex(
    r"""
    (?P<hash>\#{1,6})(?:[ \t\u3000]+|$|(?=[^\s\#!\w]|[\u4e00-\u9fff])(?=[^\#]*$))
  | (?P<bullet>[•●○◦▪■◆►➢‣⁃∙·][ \t\u3000]*|[-*+–][ \t\u3000]+)(?=\S)
    """,
    re.VERBOSE,
)
_FENCE = regex(r"(`{3,}|~{3,})([^`]*)$")
_UNDERLINE = regex(r"(?P<sign>[=\-~^*+#_])(?:(?P=sign)|[ \t])*$")
_SPECIAL = LEADERS | frozenset("#•●○◦▪■◆►➢‣⁃∙·-*+–=~^_`")
_WORDS = frozenset("CPSLWDcpslwd")
"""The first letters of "Chapter", "Part", "Section", "Lecture", "Lesson", "Week", "Day", "Step"."""
_LONGEST_HEADING = 200
"""Characters; no line longer than this is looked at for a word such as "Chapter"."""


def scan_lines(text: str) -> list[Line]:
    """The non-blank lines of `text`, in order, each with its mark.

    Lines end at "\\n" (with "\\r" before it or not), or at "\\r" in a text that has no "\\n".
    """
    separator = "\n" if "\n" in text or "\r" not in text else "\r"
    lines: list[Line] = []
    start, after_blank, fence, fence_at = 0, True, "", 0
    for raw in text.split(separator):
        stripped = raw.strip()
        if not stripped:
            after_blank = True
        else:
            first = raw.find(stripped[0])
            line = Line(start, start + first + len(stripped), start + first, first, after_blank)
            after_blank = False
            lines.append(line)
            if first:
                line.indent = _columns(raw[:first])
            if fence:
                line.mark = Mark.CODE
                if stripped.startswith(fence) and not stripped.strip(fence[0]):
                    fence = ""
            elif stripped[0] in "`~" and (found := _FENCE.match(stripped)):
                fence, fence_at, line.mark = found[1], len(lines) - 1, Mark.CODE
            elif stripped[0] in _SPECIAL or (stripped[0] in _WORDS and len(stripped) < _LONGEST_HEADING):
                _look_at(line, stripped)
        start += len(raw) + 1
    if fence:  # never closed: no code block after all
        for line in lines[fence_at:]:
            line.mark = Mark.PLAIN
            stripped = text[line.start : line.end].strip()
            if stripped[0] in _SPECIAL:
                _look_at(line, stripped)
    return lines


def _look_at(line: Line, stripped: str) -> None:
    """Sets mark, number and beginning of the words of a line whose first character may mean something."""
    found = _LEAD.match(stripped)
    # Four columns and more are a code block in Markdown; bullets go as deep as they like.
    if found and (found["bullet"] or line.indent < 4):
        line.mark = Mark.BULLET if found["bullet"] else Mark.HASH
        line.level = len(found["hash"] or "")
        line.body += found.end()
        line.numbering = numbering_of(stripped, found.end()) if found["hash"] else None
    elif len(stripped) >= 3 and _UNDERLINE.match(stripped):
        line.mark = Mark.UNDERLINE
    elif numbering := numbering_of(stripped):
        line.mark, line.numbering = Mark.NUMBER, numbering
        line.body += numbering.end


def _columns(indentation: str) -> int:
    return sum(4 if c == "\t" else 2 if c == "　" else 1 for c in indentation)


def width(text: str) -> int:
    """Columns that `text` takes on a screen, nearly: Chinese characters take two."""
    return len(text) if text.isascii() else (len(text) + len(text.encode("utf-8", "replace"))) // 2
