"""Which papers a first author wrote, and when: family name and year in, rows of the catalogue out.

Three sections of the file: `author_hash`, sorted hashes (32 bits) of the family names of first authors;
`author_papers`, how many papers each has; `author_row`, their rows, those of one name beside each other and
sorted. The year of a paper is not stored: its key tells it (see `keys`). Papers whose authors the catalogue does not
know are in none of them.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Collection, Sequence
from functools import cached_property, lru_cache
from typing import Any, Final

from tracker.catalogue.container import Container
from tracker.catalogue.keys import HASH_FLAG, OLD_FLAG
from tracker.catalogue.records import Record
from tracker.keys import fold, split_name

_FIRST_ARXIV_YEAR: Final = 1991
Years = tuple[int, int]
"""The first and the last year of a stretch, both within it."""


@lru_cache(maxsize=1 << 16)
def author_key(author: str) -> str:
    """What is hashed of a name: its last word without particles, folded; of an organisation all of it.

    "Aäron van den Oord", "van den Oord" and "Oord" are looked up alike. "" for a name without letters.

    >>> author_key("Aäron van den Oord"), author_key("Catherine Finegan-Dollak"), author_key("Qwen Team")
    ('oord', 'finegandollak', 'qwenteam')
    """
    name = split_name(author)
    words = fold(name.family).split()
    kept = words if name.is_organisation else words[-1:]
    return "".join(c for word in kept for c in word if c.isalpha())


def author_sections(records: Sequence[Record]) -> dict[str, tuple[str, bytes]]:
    """The sections of the records in the order of their rows."""
    import numpy as np

    rows: dict[int, list[int]] = defaultdict(list)
    for row, record in enumerate(records):
        if record.authors and (key := author_key(record.authors[0])):
            rows[_hash(key)].append(row)
    hashes = sorted(rows)
    return {
        "author_hash": ("I", np.array(hashes, dtype=np.uint32).tobytes()),
        "author_papers": ("I", np.array([len(rows[h]) for h in hashes], dtype=np.uint32).tobytes()),
        "author_row": ("I", np.array([row for h in hashes for row in rows[h]], dtype=np.uint32).tobytes()),
    }


def _hash(key: str) -> int:
    """32 bits; of 300,000 family names that 3 million papers have, one in fourteen thousand meets another."""
    return zlib.crc32(key.encode())


class Authors:
    """The first authors of an open catalogue. A catalogue that was made without these sections knows none."""

    def __init__(self, container: Container) -> None:
        self._container = container
        self._is_there = container.has("author_hash")

    def rows(self, author: str, years: Years | None = None) -> Any:
        """Rows of the papers whose first author has this family name, sorted; with `years` those of these years."""
        import numpy as np

        key = author_key(author)
        if not key or not self._is_there:
            return np.zeros(0, dtype=np.uint32)
        hashes, ends, rows = self._columns
        wanted = _hash(key)
        place = int(np.searchsorted(hashes, np.uint32(wanted)))
        if place == len(hashes) or int(hashes[place]) != wanted:
            return rows[:0]
        found = rows[int(ends[place - 1]) if place else 0 : int(ends[place])]
        if years is None:
            return found
        written = years_of(self._container.array("keys")[found])
        return found[((written >= years[0]) & (written <= years[1])) | (written == 0)]

    def best_known(
        self, author: str, years: Years | None = None, *, most: int, always: Collection[int] = ()
    ) -> list[int]:
        """At most `most` of `rows`, the most cited first, of equally cited ones the older; and those in `always`."""
        import numpy as np

        rows = self.rows(author, years)
        cited = self._container.array("cited_in")[rows].astype(np.int64)
        order = np.argsort(-cited, kind="stable")[:most]
        best: list[int] = rows[order].tolist()
        if always and len(rows) > most:
            kept = set(best)
            best += [row for row in rows.tolist() if row in always and row not in kept]
        return best

    def is_known(self, row: int) -> bool:
        """Whether the catalogue knows the first author of a paper."""
        return self._is_there and bool(self._has_author[row])

    @cached_property
    def _columns(self) -> tuple[Any, Any, Any]:
        import numpy as np

        papers = self._container.array("author_papers")
        return (
            self._container.array("author_hash"),
            np.cumsum(papers, dtype=np.uint32),
            self._container.array("author_row"),
        )

    @cached_property
    def _has_author(self) -> Any:
        import numpy as np

        has = np.zeros(len(self._container.array("keys")), dtype=bool)
        has[self._container.array("author_row")] = True
        return has


def years_of(numbers: Any) -> Any:
    """The years of the first versions that key numbers tell; 0 where the key does not tell it (DOI, ACL, ...)."""
    import numpy as np

    numbers = np.asarray(numbers, dtype=np.uint64)
    new_style = 2000 + (numbers // np.uint64(100_000_000)).astype(np.int64)
    short = ((numbers & np.uint64(0xFFFFFF)) // np.uint64(100_000)).astype(np.int64)
    old_style = np.where(short >= _FIRST_ARXIV_YEAR % 100, 1900, 2000) + short
    years = np.where(numbers < np.uint64(OLD_FLAG), new_style, old_style)
    return np.where(numbers >= np.uint64(HASH_FLAG), 0, years)
