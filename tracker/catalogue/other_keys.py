"""Under which other keys a paper is known: the DOI of its publication, or its id in the ACL Anthology where the DOI
tells it.

Sections of the file: `other_key`, sorted numbers of such keys (see `keys`), and `other_key_row`, the row of each. A
key that several papers claim names none of them and is in neither. Catalogues made by older versions lack both.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tracker.catalogue.container import Container, Sections
from tracker.catalogue.keys import key_number
from tracker.identifiers import key_of_doi


class OtherKeyColumns(NamedTuple):
    """What the catalogue keeps of the other keys of some papers, by entry."""

    numbers: array[int]
    rows: array[int]


def other_key_columns(numbers: Sequence[int], dois: Iterable[str], first_row: int) -> OtherKeyColumns:
    """The columns of papers in the order of their rows: their key numbers, and their DOIs ("" for none)."""
    columns = OtherKeyColumns(array("Q"), array("I"))
    for row, (number, doi) in enumerate(zip(numbers, dois, strict=True), first_row):
        keyed = key_of_doi(doi) if doi else None
        if keyed and (other := key_number(keyed[0])) != number:
            columns.numbers.append(other)
            columns.rows.append(row)
    return columns


def other_key_sections(parts: Sequence[OtherKeyColumns]) -> Sections:
    """The sections of the columns of all papers, in the order of their rows."""
    import numpy as np

    numbers = np.concatenate([np.zeros(0, np.uint64), *(np.asarray(part.numbers, "Q") for part in parts)])
    rows = np.concatenate([np.zeros(0, np.uint32), *(np.asarray(part.rows, "I") for part in parts)])
    keys, first, papers = np.unique(numbers, return_index=True, return_counts=True)
    own = papers == 1
    return {
        "other_key": ("Q", keys[own].astype(np.uint64).tobytes()),
        "other_key_row": ("I", rows[first[own]].astype(np.uint32).tobytes()),
    }


class OtherKeys:
    """The other keys of the papers of an open catalogue."""

    def __init__(self, container: Container) -> None:
        names = ("other_key", "other_key_row")
        is_there = all(map(container.has, names))
        if is_there:
            container.check_columns(*names)
        self._numbers, self._rows = (
            container.numbers(name) if is_there else memoryview(b"") for name in names
        )

    def row(self, number: int) -> int | None:
        """The row of the paper that has this number as another key; None where none has."""
        place = bisect_left(self._numbers, number)
        is_there = place < len(self._numbers) and self._numbers[place] == number
        return self._rows[place] if is_there else None
