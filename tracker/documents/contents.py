"""Tables of contents: lines in, the same lines marked. Only what repeats the document's headings is one."""

from __future__ import annotations

from tracker.documents.lines import Line, Mark
from tracker.models import BlockKind
from tracker.regex import regex

_NAMES = ("contents", "on this page", "in this article", "目录", "大纲", "导航")
"""What the line above a table of contents holds, lower case."""
_SIGNS = regex(r"[\W_]+")
_LONGEST = 400
"""Lines: longer tables are looked at no further."""
_MOST_TABLES = 10
"""Lines that name a table of contents, after which no more of them are followed."""


def mark_contents(text: str, lines: list[Line]) -> None:
    """Makes navigation of tables of contents: runs of lines most of which are headings that come later.

    They stand below a line such as "目录" or "Contents", or at the very beginning as a list. Entries that are
    no heading of the document stay what they are.
    """
    headings = {_key(text, line): line.start for line in lines if line.kind is BlockKind.HEADING}
    headings.pop("", None)
    is_first_list, named = True, 0
    for i, line in enumerate(lines):
        is_named = line.end - line.body <= 40 and _is_name(text[line.body : line.end].lower())
        starts_list = (
            is_first_list and line.mark in (Mark.BULLET, Mark.NUMBER) and line.kind is BlockKind.PARAGRAPH
        )
        if is_named and i + 1 < len(lines) and named < _MOST_TABLES:
            named += 1
            if _mark_glued(text, lines[i + 1], headings) or _mark_run(text, lines, i + 1, headings, least=2):
                line.kind, line.level, line.number = BlockKind.NAVIGATION, 0, None
                is_first_list = False
        elif starts_list:
            _mark_run(text, lines, i, headings, least=4)
            is_first_list = False


def _is_name(words: str) -> bool:
    return any(name in words for name in _NAMES)


def _mark_run(text: str, lines: list[Line], first: int, headings: dict[str, int], *, least: int) -> bool:
    """Marks the entries from `first` on that repeat later headings, if they are `least` and half of all."""
    run: list[Line] = []
    for line in lines[first : first + _LONGEST]:
        is_entry = line.mark in (Mark.BULLET, Mark.NUMBER) or not (line.after_blank and run)
        if line.kind is not BlockKind.PARAGRAPH or not is_entry:
            break
        run.append(line)
    entries = [line for line in run if headings.get(_key(text, line), -1) > line.start]
    if len(entries) < least or len(entries) * 2 < len(run):
        return False
    for line in entries:
        line.kind = BlockKind.NAVIGATION
    return True


def _mark_glued(text: str, line: Line, headings: dict[str, int]) -> bool:
    """Marks a line in which three headings or more stand one after the other and little else."""
    glued = _SIGNS.sub("", text[line.start : line.end]).casefold()
    if line.kind is not BlockKind.PARAGRAPH or len(glued) > 20_000:
        return False
    inside = [key for key in headings if key in glued]
    if len(inside) < 3 or sum(map(len, inside)) * 10 < len(glued) * 6:
        return False
    line.kind = BlockKind.NAVIGATION
    return True


def _key(text: str, line: Line) -> str:
    """What the words of a line are compared by: letters and digits, numbers at their head included."""
    return _SIGNS.sub("", text[line.start : line.end]).casefold() if line.end - line.start <= 300 else ""
