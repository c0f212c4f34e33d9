"""The shape of a document as far as the order of its papers goes: its headings, sections and lists. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tracker.models import Block, BlockKind, Document


@dataclass(frozen=True)
class Step:
    """One numbered section or one item of a list: a position that the document gives to what stands in it."""

    label: str
    """As the reader sees it: "3", or "6.2" for a section inside a section; "" where it has no number."""
    start: int
    end: int
    """[start, end) in code points."""
    heading_end: int
    """End of the heading or of the item itself; what it names is what the step is about."""


class Headings:
    """The headings of a document, for asking which ones stand above a place in it."""

    def __init__(self, document: Document) -> None:
        blocks = _headings(document)
        self._starts = [block.start for block in blocks]
        self._texts = [document.text[block.start : block.end].strip() for block in blocks]
        self._outer: list[int] = []
        for at, block in enumerate(blocks):
            outer = at - 1
            while outer >= 0 and blocks[outer].level >= block.level:
                outer = self._outer[outer]
            self._outer.append(outer)

    def above(self, offset: int) -> tuple[str, ...]:
        """The nearest heading that starts at or before the offset, then the ones that enclose it."""
        path, at = [], bisect_right(self._starts, offset) - 1
        while at >= 0:
            path.append(self._texts[at])
            at = self._outer[at]
        return tuple(path)


def numbered_sections(document: Document) -> tuple[Step, ...]:
    """The numbered sections in the order of their numbers, outer ones before those inside them.

    A section reaches to the next numbered heading of its level or above, whatever unnumbered headings
    stand between: plain text does not tell their level well. The last one ends with the next heading of its
    level or above. A number counts where its neighbours in the same outer section go on from it (1, 2, 3 or
    10, 9, 8), so that a heading such as "7 tips" is no section 7.
    """
    every = _headings(document)
    headings = [block for block in every if block.number is not None]
    counted = _counted(headings)
    ends = dict(_ends(every, len(document.text))) | {
        start: end for start, end in _ends(headings, None) if end is not None
    }
    steps: list[tuple[tuple[int, ...], Step]] = []
    outer: list[Block] = []
    for block in headings:
        while outer and outer[-1].level >= block.level:
            outer.pop()
        if block.start not in counted:
            continue
        outer.append(block)
        numbers = tuple(one.number or 0 for one in outer)
        end = ends[block.start] or len(document.text)
        steps.append((numbers, Step(".".join(map(str, numbers)), block.start, end, block.end)))
    # A document may number two unrelated series alike (1 to 5, then 1 to 3): their order is that of the text.
    if len({numbers for numbers, _ in steps}) == len(steps):
        steps.sort(key=lambda pair: pair[0])
    return tuple(step for _, step in steps)


def _headings(document: Document) -> list[Block]:
    return [block for block in document.blocks if block.kind is BlockKind.HEADING]


def _counted(headings: Sequence[Block]) -> set[int]:
    """Starts of the numbered headings that a neighbour in the same outer section goes on from."""
    counted: set[int] = set()
    series: list[Block] = []
    """The last heading of each level that is still open, the outermost first."""
    for block in headings:
        last = None
        while series and series[-1].level >= block.level:
            last = series.pop()
        if last and last.level == block.level and abs((last.number or 0) - (block.number or 0)) == 1:
            counted |= {last.start, block.start}
        series.append(block)
    return counted


def _ends(headings: Sequence[Block], end: int | None) -> Iterator[tuple[int, int | None]]:
    """For each heading its start and that of the next one of its level or above, else `end`."""
    following: list[Block] = []
    for block in reversed(headings):
        while following and following[-1].level > block.level:
            following.pop()
        yield block.start, following[-1].start if following else end
        following.append(block)


def plain_sections(document: Document) -> tuple[Step, ...]:
    """Every section under a heading, numbered or not, in the order of the text; without labels."""
    headings = _headings(document)
    ends = [*(block.start for block in headings[1:]), len(document.text)]
    return tuple(Step("", block.start, end, block.end) for block, end in zip(headings, ends, strict=False))


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
