"""The bibliography of a document: lines in, the same lines with its entries marked."""

from __future__ import annotations

import re

from tracker.documents.lines import Line, Mark
from tracker.models import BlockKind
from tracker.regex import regex

_NAME = regex(
    r"(?:references?(?:\s(?:and|&)\s(?:notes|further\sreading))?|bibliography|works\scited|literature(?:\scited)?"
    r"|(?:主要)?参考(?:文献|资料|文章|论文|链接|来源|书目)|引用(?:文献|来源)|文献(?:列表|引用))(?:列表)?",
    re.IGNORECASE,
)
_AFTERWARDS = regex(
    r"附录|appendix|致谢|acknowledge?ments?|作者(?:简介|介绍)|about\sthe\sauthors?", re.IGNORECASE
)
_DECORATION = "*_#:：[]【】()（） \t　"


def mark_references(text: str, lines: list[Line]) -> None:
    """Sets the kind of the entries below every heading such as "References" or "参考文献".

    Its section ends at the next heading that is no lower, at navigation, or at an appendix. Where there is
    no such heading, entries numbered [1], [2], [3] … that end the document are a bibliography as well.
    """
    level = 0  # of the heading of the section that we are in; 0: in none
    is_found = False
    for line in lines:
        if line.kind is BlockKind.NAVIGATION:
            level = 0
        elif line.end - line.body <= 60 and _is_name(text, line):
            is_found = True
            if line.kind is not BlockKind.HEADING:
                line.kind, line.level = BlockKind.HEADING, 2
                line.number = line.numbering.number if line.numbering else None
            level = line.level
        elif line.kind is BlockKind.HEADING:
            level = level if line.continues or line.level > level else 0
        elif level and line.after_blank and _AFTERWARDS.match(text[line.body : line.end]):
            level = 0
        elif level:
            _mark_entry(text, line)
    if not is_found:
        _mark_cited(lines)


def _is_name(text: str, line: Line) -> bool:
    is_own_line = line.kind is BlockKind.HEADING or (
        line.after_blank and line.mark in (Mark.PLAIN, Mark.NUMBER)
    )
    return is_own_line and _NAME.fullmatch(text[line.body : line.end].strip(_DECORATION)) is not None


def _mark_entry(text: str, line: Line) -> None:
    """An entry, unless the line is code or mere decoration."""
    if (
        line.mark not in (Mark.CODE, Mark.UNDERLINE)
        and sum(map(str.isalnum, text[line.body : line.end])) >= 3
    ):
        line.kind = BlockKind.REFERENCES
        line.number = line.numbering.number if line.numbering else None


def _mark_cited(lines: list[Line]) -> None:
    """The entries [1], [2], [3] … with which a document ends."""
    content = [line for line in lines if line.kind is not BlockKind.NAVIGATION]
    start, expected = len(content), 0
    for i in range(len(content) - 1, -1, -1):
        line = content[i]
        if line.kind is not BlockKind.PARAGRAPH:
            return
        if line.numbering and line.numbering.style == "[1]" and not line.indent:
            if expected and line.numbering.number != expected - 1:
                return
            start, expected = i, line.numbering.number
            if expected == 1:
                break
        elif line.after_blank:
            return
    if expected == 1 and content[-1].kind is BlockKind.PARAGRAPH:
        count = 0
        for line in content[start:]:
            count += line.numbering is not None and line.numbering.style == "[1]"
        if count >= 3:
            for line in content[start:]:
                line.kind = BlockKind.REFERENCES
                line.number = line.numbering.number if line.numbering else None
