"""A catalogue made smaller: for the one in the package, of which each byte is carried to everybody who installs it.

    python -m tracker.catalogue.compact large.catalogue small.catalogue

The same papers, names and answers; a third of the bytes is saved. Columns of numbers are packed (see `planes`),
authors in larger blocks, and tables that are quickly made anew are left out. A scan begins some 20 ms later, and
processes that read it do not share the columns, so a catalogue of millions of papers is better left as it is.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tracker.catalogue import container
from tracker.catalogue.container import Container, ContainerWriter
from tracker.catalogue.packing import Lines, lzma_pack, lzma_unpack, pack_blocks
from tracker.catalogue.planes import PLANES, STEPS, Packing, packed
from tracker.catalogue.records import details_per_block
from tracker.errors import TrackerError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_PER_BLOCK: Final = 4096
"""Details of records in a block: with so many they take an eighth less than with 1024, and 4 ms to unpack."""
_PACKED: Final = ("heads", "details", "abstracts")
"""Sections that are packed already."""
_TITLE_MASK: Final = (1 << 64) - (1 << 24)
"""The bits that are kept of a title's hash: 40. Only spans that begin like a title and are as long are compared with
them, some hundred in a megabyte of text, so that of 140,000 titles one is found wrongly in some ten gigabytes."""
_LEFT_OUT: Final = {"title_bits", "anchor12_bits", "anchor24_bits", "title_mask"}


def compact(source: Path, target: Path) -> None:
    """Write the catalogue at `source` to `target`, as small as it gets.

    Raises:
        CatalogueError: it cannot be read, or the other not be written.
    """
    import numpy as np

    whole = Container(source)
    with ContainerWriter(target) as writer:
        for name in whole.names:
            if name in _LEFT_OUT or name.startswith("details"):
                continue
            element, numbers = whole.element(name), whole.array(name)
            if name == "title_hash":
                numbers = numbers & np.uint64(_TITLE_MASK)
            if name not in _PACKED and (smaller := _smaller(numbers)):
                data, packing = smaller
                writer.add_packed(name, element, data, len(numbers), packing)
            else:
                writer.add(name, element, numbers.tobytes())
        writer.add("title_mask", "Q", _TITLE_MASK.to_bytes(8, "little"))
        data, ends = pack_blocks(_details(whole), lzma_pack, _PER_BLOCK)
        writer.add("details", "B", data)
        writer.add("details_blocks", "Q", bytes(8) + ends.tobytes())
        writer.add("details_per_block", "I", _PER_BLOCK.to_bytes(4, "little"))
        writer.finish(whole.facts)


def _smaller(numbers: npt.NDArray[np.unsignedinteger]) -> tuple[bytes, Packing] | None:
    """A column packed in the better way; None where that does not make it smaller."""
    if not 0 < len(numbers) <= container.MOST_PACKED:
        return None
    rise = bool((numbers[1:] >= numbers[:-1]).all())
    ways: list[Packing] = [PLANES, STEPS] if rise else [PLANES]
    data, packing = min(((packed(numbers, way), way) for way in ways), key=lambda tried: len(tried[0]))
    return (data, packing) if len(data) < numbers.nbytes else None


def _details(whole: Container) -> Iterator[bytes]:
    lines = Lines(whole, "details", lzma_unpack, details_per_block(whole))
    return (lines[row].encode() for row in range(whole.length("cited_in")))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python -m tracker.catalogue.compact CATALOGUE SMALLER")
    try:
        compact(Path(sys.argv[1]), Path(sys.argv[2]))
    except TrackerError as error:
        sys.exit(f"tracker: {error}")
