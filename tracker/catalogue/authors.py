"""Which papers a first author wrote, and when: family name and year in, rows of the catalogue out.

Sections of the file: `author_hash`, sorted hashes (32 bits) of the family names of first authors;
`author_papers`, how many papers each has; and, one entry a paper, those of one name beside each other and
sorted by row: `author_row`, `author_given` (hash of the given name), `author_second` (hash of the second
author's family name), `author_people`. The year of a paper is not stored: its key tells it (see `keys`).
Papers whose authors the catalogue does not know are in none of them.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from string import ascii_lowercase
from typing import Any, Final, NamedTuple

from tracker.catalogue.container import Container
from tracker.catalogue.keys import key_numbers, years_of
from tracker.keys import fold, split_name

MANY: Final = 3
"""Three authors or more count alike."""
SHORTEST_MISSPELT: Final = 5
"""Letters of a family name that is looked up with an error; shorter ones are one error from many others."""
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
    return _letters("".join(words if name.is_organisation else words[-1:]))


def _letters(text: str) -> str:
    return "".join(c for c in text if c.isalpha())


def _hash(key: str) -> int:
    """32 bits; of 300,000 family names that 3 million papers have, one in fourteen thousand meets another."""
    return zlib.crc32(key.encode())


def _short_hash(key: str) -> int:
    """16 bits, never 0, which stands for "unknown"; 0 for ""."""
    return _hash(key) % 0xFFFF + 1 if key else 0


_INITIAL_BITS: Final = 5


def _given_hash(given: str) -> int:
    """16 bits of a given name: its initial, and a hash of its first word, 0 where that is an initial only."""
    words = fold(given).replace(".", " ").replace("-", " ").split()
    first = _letters(words[0]) if words else ""
    if not first or not "a" <= first[0] <= "z":
        return 0
    initial = ord(first[0]) - ord("a") + 1
    return initial | ((_hash(first) % 2047 + 1) << _INITIAL_BITS if len(first) > 1 else 0)


def _agree(known: Any, wanted: int) -> Any:
    """Which of the hashes of given names agree with one: whole names with whole names, else initials."""
    initials = (1 << _INITIAL_BITS) - 1
    same_initial = (known & initials) == (wanted & initials)
    if not wanted >> _INITIAL_BITS:
        return same_initial
    return (known == wanted) | (same_initial & (known >> _INITIAL_BITS == 0))


class Authorship(NamedTuple):
    """What is known of the authors of one paper, without unpacking its record."""

    row: int
    given: int
    second: int
    people: int
    """1, 2, or `MANY` for three and more; 0 where only the first of several is known."""

    def has_given(self, given: str) -> bool | None:
        """Whether the first author has this given name or initial; None where either is not known."""
        import numpy as np

        wanted = _given_hash(given)
        return bool(_agree(np.array([self.given]), wanted)[0]) if wanted and self.given else None

    def has_second(self, author: str) -> bool | None:
        """Whether the second author has this family name; None where there may be one that is not known."""
        if self.second:
            return self.second == _short_hash(author_key(author))
        return None if self.people != 1 else False


class AuthorColumns(NamedTuple):
    """What the catalogue keeps of the authors of some papers, by entry."""

    hashes: array[int]
    rows: array[int]
    given: array[int]
    second: array[int]
    people: array[int]


def author_columns(authors: Iterable[tuple[tuple[str, ...], bool]], first_row: int) -> AuthorColumns:
    """The columns of papers in the order of their rows: their authors, and whether they are all."""
    columns = AuthorColumns(*(array(element) for element in "IIHHB"))
    for row, (names, is_complete) in enumerate(authors, first_row):
        key, given = _key_and_given(names[0]) if names else ("", 0)
        if not key:
            continue
        second = _short_hash(author_key(names[1])) if len(names) > 1 else 0
        people = min(len(names), MANY) if is_complete else MANY if len(names) > 1 else 0
        for column, fact in zip(columns, (_hash(key), row, given, second, people), strict=True):
            column.append(fact)
    return columns


@lru_cache(maxsize=1 << 16)
def _key_and_given(author: str) -> tuple[str, int]:
    """The key of a name, and the hash of its given names."""
    return author_key(author), _given_hash(split_name(author).given)


def author_sections(parts: Sequence[AuthorColumns]) -> dict[str, tuple[str, bytes]]:
    """The sections of the columns of all papers, in the order of their rows."""
    import numpy as np

    def joined(column: int, element: str) -> Any:
        return np.concatenate(
            [np.zeros(0, element), *(np.frombuffer(part[column], element) for part in parts)]
        )

    hashes = joined(0, "I").astype(np.uint32)
    order = np.argsort(hashes, kind="stable")
    names, papers = np.unique(hashes, return_counts=True)
    columns = {"author_row": "I", "author_given": "H", "author_second": "H", "author_people": "B"}
    return {
        "author_hash": ("I", names.tobytes()),
        "author_papers": ("I", papers.astype(np.uint32).tobytes()),
        **{
            name: (element, joined(at, element)[order].tobytes())
            for at, (name, element) in enumerate(columns.items(), 1)
        },
    }


class Authors:
    """The first authors of an open catalogue. A catalogue that was made without these sections knows none."""

    def __init__(self, container: Container) -> None:
        self._container = container
        self._entries = lru_cache(maxsize=1 << 12)(self._find_entries)
        self._authorships = lru_cache(maxsize=1 << 14)(self._find_authorship)
        self._is_there = container.has("author_hash") and container.has("author_people")

    def rows(
        self,
        author: str,
        years: Years | None = None,
        *,
        given: str = "",
        second: str = "",
        alone: bool = False,
    ) -> Any:
        """Rows of the papers whose first author has this family name, sorted.

        With `years` those of these years, with `given` those of this given name or initial, with `second`
        those whose second author has that family name, with `alone` those that may have no other author.
        """
        first, last = self._entries(author)
        if last <= first:
            return _nothing()
        found = self._container.array("author_row")[first:last]
        fits = found >= 0
        if years is not None:
            written = years_of(key_numbers(self._container, found))
            fits = ((written >= years[0]) & (written <= years[1])) | (written == 0)
        if given:
            fits &= _agree(self._container.array("author_given")[first:last], _given_hash(given))
        if second:
            fits &= self._container.array("author_second")[first:last] == _short_hash(author_key(second))
        if alone:
            fits &= self._container.array("author_people")[first:last] <= 1
        return found[fits]

    def best_known(
        self, author: str, years: Years | None = None, *, most: int, always: Collection[int] = ()
    ) -> list[int]:
        """At most `most` of `rows`, the most cited first, of equals the older; and those in `always`."""
        import numpy as np

        rows = self.rows(author, years)
        cited = self._container.array("cited_in")[rows].astype(np.int64)
        order = np.argsort(-cited, kind="stable")[:most]
        best: list[int] = rows[order].tolist()
        if always and len(rows) > most:
            kept = set(best)
            best += [row for row in rows.tolist() if row in always and row not in kept]
        return best

    def misspelt(self, author: str) -> list[str]:
        """Family names of first authors that differ from this one by one error: a letter that is missing, too many or
        another, or two swapped; those with most papers first."""
        import numpy as np

        key = author_key(author)
        if len(key) < SHORTEST_MISSPELT or not self._is_there:
            return []
        others = sorted({*_one_error_away(key)} - {key})
        wanted = np.array([_hash(other) for other in others], dtype=np.uint32)
        hashes = self._container.array("author_hash")
        places = np.minimum(np.searchsorted(hashes, wanted), max(len(hashes) - 1, 0))
        known = np.flatnonzero(hashes[places] == wanted).tolist() if len(hashes) else []
        papers = self._container.array("author_papers")[places].tolist()
        return [others[at] for at in sorted(known, key=lambda at: (-papers[at], others[at]))]

    def of(self, author: str, row: int) -> Authorship | None:
        """What is known of the authors of a paper; None where its first author has another family name."""
        return self._authorships(author, row)

    def _find_authorship(self, author: str, row: int) -> Authorship | None:
        import numpy as np

        first, last = self._entries(author)
        rows = self._container.array("author_row")[first:last] if last > first else _nothing()
        place = int(np.searchsorted(rows, rows.dtype.type(row)))
        if place == len(rows) or int(rows[place]) != row:
            return None
        return self._authorship(first + place)

    def is_known(self, row: int) -> bool:
        """Whether the catalogue knows the first author of a paper."""
        return self._is_there and bool(self._has_author[row])

    def _authorship(self, entry: int) -> Authorship:
        columns = ("author_row", "author_given", "author_second", "author_people")
        return Authorship(*(self._container.numbers(column)[entry] for column in columns))

    def _find_entries(self, author: str) -> tuple[int, int]:
        """The range of entries of a family name."""
        import numpy as np

        key = author_key(author)
        if not key or not self._is_there:
            return 0, 0
        hashes = self._container.array("author_hash")
        wanted = _hash(key)
        place = int(np.searchsorted(hashes, np.uint32(wanted)))
        if place == len(hashes) or int(hashes[place]) != wanted:
            return 0, 0
        return int(self._ends[place - 1]) if place else 0, int(self._ends[place])

    @cached_property
    def _ends(self) -> Any:
        import numpy as np

        return np.cumsum(self._container.array("author_papers"), dtype=np.uint32)

    @cached_property
    def _has_author(self) -> Any:
        import numpy as np

        has = np.zeros(self._container.length("cited_in"), dtype=bool)
        has[self._container.array("author_row")] = True
        return has


def _one_error_away(key: str) -> Iterator[str]:
    for at in range(len(key) + 1):
        before, behind = key[:at], key[at:]
        if behind:
            yield before + behind[1:]
        if len(behind) > 1:
            yield before + behind[1] + behind[0] + behind[2:]
        for letter in ascii_lowercase:
            yield before + letter + behind
            if behind:
                yield before + letter + behind[1:]


def _nothing() -> Any:
    import numpy as np

    return np.zeros(0, dtype=np.uint32)
