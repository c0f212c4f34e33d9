"""The structure of a text: text in, its blocks out (headings, paragraphs, items, navigation, references).

Works on plain text and on Markdown alike, since what people keep in .txt files is most often a bit of both.
"""

from __future__ import annotations

from tracker.documents.contents import mark_contents
from tracker.documents.headings import mark_headings
from tracker.documents.lines import Line, Mark, scan_lines
from tracker.documents.navigation import mark_navigation
from tracker.documents.numbering import LIST_STYLES
from tracker.documents.references import mark_references
from tracker.models import Block, BlockKind

MOST_LINES = 200_000
"""A text with more lines has no structure to speak of, and its blocks would take half a gigabyte."""


def find_blocks(text: str) -> tuple[Block, ...]:
    """The blocks of `text`, in order, not overlapping, covering every line that is not blank.

    A block begins at the beginning of its first line and ends at the end of its last one, without the line
    break. A heading, an entry of a list and a paragraph without a blank line in it are one block each;
    navigation is one block as long as nothing else comes between; an entry of a bibliography is a block
    where a bullet, a number or a blank line sets it apart. A text of more than `MOST_LINES` lines is one
    paragraph.
    """
    if text.count("\n") > MOST_LINES or text.count("\r") > MOST_LINES:
        start = len(text) - len(text.lstrip())
        return (Block(kind=BlockKind.PARAGRAPH, start=start, end=len(text.rstrip())),) if text.strip() else ()
    lines = scan_lines(text)
    mark_navigation(text, lines)
    mark_headings(text, lines)
    mark_references(text, lines)
    mark_contents(text, lines)
    _mark_items(lines)
    return tuple(_join(lines))


def _mark_items(lines: list[Line]) -> None:
    """Entries of lists, their depth and number, and the indented lines that belong to them."""
    depths: list[int] = []  # the indentations of the lists that we are in
    is_inside = False
    for line in lines:
        style = line.numbering.style if line.numbering else ""
        is_entry = line.mark is Mark.BULLET or (line.mark is Mark.NUMBER and style in LIST_STYLES)
        if line.kind is BlockKind.PARAGRAPH and is_entry:
            while depths and depths[-1] > line.indent:
                depths.pop()
            if not depths or depths[-1] < line.indent:
                depths.append(line.indent)
            line.kind, line.level, is_inside = BlockKind.ITEM, len(depths) - 1, True
            line.number = line.numbering.number if line.numbering else None
        elif line.kind is BlockKind.REFERENCES:
            is_inside = is_entry or (is_inside and not line.after_blank)
            line.continues = is_inside and not is_entry
        elif line.kind is BlockKind.PARAGRAPH and is_inside and depths and line.indent > depths[-1]:
            is_inside = not line.after_blank
            if is_inside:
                line.kind, line.continues = BlockKind.ITEM, True
        else:
            is_inside = False
            if line.indent == 0:
                depths.clear()


def _join(lines: list[Line]) -> list[Block]:
    """The blocks that the marked lines make up."""
    blocks: list[Block] = []
    first: Line | None = None
    end = 0
    for line in lines:
        if first is not None and not _belongs(line, first):
            blocks.append(_block(first, end))
            first = None
        first = first or line
        end = line.end
    return [*blocks, _block(first, end)] if first else blocks


def _belongs(line: Line, first: Line) -> bool:
    """Whether `line` goes on the block that begins with `first`, the line before it being of that block."""
    if line.kind is not first.kind:
        return False
    if line.continues or line.kind is BlockKind.NAVIGATION:
        return True
    if line.kind is BlockKind.REFERENCES:
        return not line.after_blank and line.mark is Mark.PLAIN
    return line.kind is BlockKind.PARAGRAPH and not line.after_blank


def _block(first: Line, end: int) -> Block:
    return Block(kind=first.kind, start=first.start, end=end, level=first.level, number=first.number)
