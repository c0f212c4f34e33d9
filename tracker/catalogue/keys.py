"""Paper keys as 64-bit numbers that sort by archive and date, so that neighbours in the file are alike."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final

from tracker.catalogue.container import Container, Sections
from tracker.identifiers import PaperKey, arxiv_id_of, arxiv_key
from tracker.regex import regex

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    U64 = npt.NDArray[np.uint64]

_NEW_STYLE: Final = regex(r"([0-9]{4})\.([0-9]{4,5})")
_OLD_STYLE: Final = regex(r"([a-z-]+)/([0-9]{7})")
OLD_FLAG: Final = 1 << 40
HASH_FLAG: Final = 1 << 63
"""Numbers with these bits are old-style arXiv ids (archive, then seven digits), and hashes of other keys."""
_FIRST_ARXIV_YEAR: Final = 1991
_SHORT: Final = 1 << 32
"""Numbers below are kept in 32 bits: all arXiv ids of the new style until 2042."""


@lru_cache(maxsize=16)
def key_number(key: PaperKey) -> int:
    """The number of a key. arXiv ids of the new style are their digits; all others hash into the upper half.

    >>> key_number(PaperKey("arXiv:2305.14314"))
    2305014314
    """
    arxiv_id = arxiv_id_of(key)
    if arxiv_id and (found := _NEW_STYLE.fullmatch(arxiv_id)):
        return int(found[1]) * 1_000_000 + int(found[2]) + (500_000 if len(found[2]) == 4 else 0)
    if arxiv_id and (found := _OLD_STYLE.fullmatch(arxiv_id)):
        archive = int.from_bytes(hashlib.blake2b(found[1].encode(), digest_size=2).digest(), "big")
        return OLD_FLAG | (archive << 24) | int(found[2])
    digest = hashlib.blake2b(key.encode(), digest_size=8).digest()
    return HASH_FLAG | int.from_bytes(digest, "big")


def number_key(number: int) -> PaperKey | None:
    """The key of a number where the number tells it: arXiv ids of the new style.

    >>> number_key(2305014314), number_key(key_number(PaperKey("arXiv:0704.0001")))
    ('arXiv:2305.14314', 'arXiv:0704.0001')
    """
    if number >= OLD_FLAG:
        return None
    month, index = divmod(number, 1_000_000)
    digits = f"{index - 500_000:04d}" if index >= 500_000 else f"{index:05d}"
    return arxiv_key(f"{month:04d}.{digits}")


def key_sections(ordered: U64) -> Sections:
    """The sections of sorted key numbers: `keys` those that fit in 32 bits, `long_keys` the others."""
    import numpy as np

    short = int(np.searchsorted(ordered, np.uint64(_SHORT)))
    return {
        "keys": ("I", ordered[:short].astype(np.uint32).tobytes()),
        "long_keys": ("Q", ordered[short:].tobytes()),
    }


class KeyNumbers:
    """The key numbers of a catalogue by row; sorted. They are unpacked when the first is asked for."""

    def __init__(self, container: Container) -> None:
        self._container = container
        self._count = container.length("keys") + container.length("long_keys")

    @cached_property
    def _short(self) -> memoryview:
        return self._container.numbers("keys")

    @cached_property
    def _long(self) -> memoryview:
        return self._container.numbers("long_keys")

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, row: int) -> int:
        short = len(self._short)
        number: int = self._short[row] if row < short else self._long[row - short]
        return number

    def row(self, number: int) -> int | None:
        """The row of a key number; None where it is in none."""
        part, before = (self._short, 0) if number < _SHORT else (self._long, len(self._short))
        place = bisect_left(part, number)
        return before + place if place < len(part) and part[place] == number else None


def key_numbers(container: Container, rows: Any) -> U64:
    """The key numbers of some rows, as a numpy array in their order."""
    import numpy as np

    short, long = container.array("keys"), container.array("long_keys")
    rows = np.asarray(rows, dtype=np.int64)
    numbers = np.empty(len(rows), dtype=np.uint64)
    is_long = rows >= len(short)
    numbers[~is_long] = short[rows[~is_long]]
    numbers[is_long] = long[rows[is_long] - len(short)]
    return numbers


def years_of(numbers: Any) -> Any:
    """The years of the first versions, as key numbers tell; 0 where the key does not tell (DOI, ACL, ...)."""
    import numpy as np

    numbers = np.asarray(numbers, dtype=np.uint64)
    new_style = 2000 + (numbers // np.uint64(100_000_000)).astype(np.int64)
    short = ((numbers & np.uint64(0xFFFFFF)) // np.uint64(100_000)).astype(np.int64)
    old_style = np.where(short >= _FIRST_ARXIV_YEAR % 100, 1900, 2000) + short
    years = np.where(numbers < np.uint64(OLD_FLAG), new_style, old_style)
    return np.where(numbers >= np.uint64(HASH_FLAG), 0, years)
