"""The shape of a document as far as the order of its papers goes: its headings, sections and lists. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tracker.models import Block, BlockKind, Document


@dataclass(frozen=True)
class Step:
    """One numbered section or one item of a list: a position that the document gives to what stands in it."""

    label: str
    """As the reader sees it: "3", or "6.2" for a section inside a section."""
    start: int
    end: int
    """[start, end) in code points."""
    heading_end: int
    """End of the heading or of the item itself; what it names is what the step is about."""


class Headings:
    """The headings of a document, for asking which ones stand above a place in it."""

    def __init__(self, document: Document) -> None:
        self._text = document.text
        self._blocks = [block for block in document.blocks if block.kind is BlockKind.HEADING]
        self._starts = [block.start for block in self._blocks]

    def above(self, offset: int) -> tuple[str, ...]:
        """The nearest heading that starts at or before the offset, then the ones that enclose it."""
        path: list[Block] = []
        for block in reversed(self._blocks[: bisect_right(self._starts, offset)]):
            if not path or block.level < path[-1].level:
                path.append(block)
            if block.level <= 1:
                break
        return tuple(self._text[block.start : block.end].strip() for block in path)


def numbered_sections(document: Document) -> tuple[Step, ...]:
    """The numbered sections in the order of their numbers, outer ones before those inside them.

    A section reaches to the next numbered heading of its level or above, whatever unnumbered headings
    stand between. A number counts where its neighbours in the same outer section go on from it (1, 2, 3 or
    10, 9, 8), so that a heading such as "7 tips" is no section 7.
    """
    headings = [b for b in document.blocks if b.kind is BlockKind.HEADING and b.number is not None]
    steps: list[tuple[tuple[int, ...], Step]] = []
    stack: list[Block] = []
    for at, block in enumerate(headings):
        while stack and stack[-1].level >= block.level:
            stack.pop()
        siblings = _siblings(headings, block, stack[-1] if stack else None)
        if not _is_counted(block, siblings):
            continue
        later = (other.start for other in headings[at + 1 :] if other.level <= block.level)
        numbers = tuple(outer.number or 0 for outer in (*stack, block))
        label = ".".join(map(str, numbers))
        step = Step(label, block.start, next(later, len(document.text)), block.end)
        steps.append((numbers, step))
        stack.append(block)
    # A document may number two unrelated series alike (1 to 5, then 1 to 3): their order is that of the text.
    is_repeated = len({numbers for numbers, _ in steps}) < len(steps)
    if not is_repeated:
        steps.sort(key=lambda pair: pair[0])
    return tuple(step for _, step in steps)


def _siblings(headings: Sequence[Block], block: Block, outer: Block | None) -> list[Block]:
    """The numbered headings of the block's level under the same outer heading, in order of the text."""
    start = outer.start if outer else -1
    ends = (h.start for h in headings if outer and h.start > start and h.level <= outer.level)
    end = next(ends, None)
    return [
        h for h in headings if h.level == block.level and h.start > start and (end is None or h.start < end)
    ]


def _is_counted(block: Block, siblings: Sequence[Block]) -> bool:
    at = siblings.index(block)
    numbers = [sibling.number or 0 for sibling in siblings]
    near = numbers[max(at - 1, 0) : at] + numbers[at + 1 : at + 2]
    return any(abs(number - numbers[at]) == 1 for number in near)


def plain_sections(document: Document) -> tuple[Step, ...]:
    """Every section under a heading, numbered or not, in the order of the text; labels count from 1."""
    headings = [block for block in document.blocks if block.kind is BlockKind.HEADING]
    ends = [*(block.start for block in headings[1:]), len(document.text)]
    return tuple(
        Step(str(at), block.start, end, block.end)
        for at, (block, end) in enumerate(zip(headings, ends, strict=False), start=1)
    )


@dataclass(frozen=True)
class ItemList:
    """A list of the outermost level, and what introduces it."""

    before: Block | None
    """The block that stands before the first item."""
    items: tuple[Block, ...]
    is_numbered: bool


def item_lists(document: Document) -> tuple[ItemList, ...]:
    """The lists of a document in order of the text, without the items that lie deeper than their first one.

    A numbered list goes on after a paragraph that stands between two items; a bulleted one does not.
    """
    found: list[ItemList] = []
    run: list[Block] = []
    before: Block | None = None
    introduction: Block | None = None
    is_interrupted = False

    def close() -> None:
        if run:
            found.append(ItemList(introduction, tuple(run), run[0].number is not None))
            run.clear()

    for block in document.blocks:
        if block.kind is BlockKind.HEADING:
            close()
        if block.kind is not BlockKind.ITEM:
            before, is_interrupted = block, True
            continue
        if run and block.level > run[0].level:
            continue
        if run and not (block.level == run[0].level and _goes_on(run[-1], block, is_interrupted)):
            close()
        if not run:
            introduction = before
        run.append(block)
        is_interrupted = False
    close()
    return tuple(found)


def _goes_on(last: Block, block: Block, is_interrupted: bool) -> bool:
    """Whether a block is the next item of the list that `last` belongs to."""
    if last.number is None or block.number is None:
        return last.number is block.number and not is_interrupted
    return abs(block.number - last.number) == 1


def item_steps(items: ItemList) -> tuple[Step, ...]:
    """The steps of a list by its numbers, or in order of the text where it has none.

    An item reaches to the next one, so that a paragraph under it belongs to it; the last ends with itself.
    """
    ends = [*(item.start for item in items.items[1:]), items.items[-1].end]
    steps = [
        (item.number if item.number is not None else at, Step("", item.start, end, item.end))
        for at, (item, end) in enumerate(zip(items.items, ends, strict=True), start=1)
    ]
    steps.sort(key=lambda pair: pair[0])
    return tuple(replace(step, label=str(number)) for number, step in steps)
