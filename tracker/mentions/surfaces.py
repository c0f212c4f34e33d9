"""What the surfaces of spans denote, each decided once: a text has the same names and titles again and again.

What stands around a span does not change which entry of the catalogue its surface spells (see `squeeze`), so what was
decided for a surface holds for all texts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import compress
from typing import Any, Final, TypeVar, cast, overload

from tracker.catalogue import compiled

_MOST_KEPT: Final = 1 << 15
"""Surfaces of which is kept what they denote, but for those of one more text."""
_Denoted = TypeVar("_Denoted")
_One = TypeVar("_One", covariant=True)


class Found(Sequence[_One]):
    """What was found in a text, in order. It is kept as columns, as spans are: to make an object of each takes as long
    as to find it."""

    def __init__(self, make: Callable[[tuple[Any, ...]], _One], *columns: list[Any]) -> None:
        """`make` makes one of what the columns say of it."""
        self._make = make
        self._columns = columns

    def columns(self) -> Iterator[tuple[Any, ...]]:
        """What was found as plain tuples."""
        return zip(*self._columns, strict=True)

    def where(self, selectors: Sequence[object]) -> Found[_One]:
        """What has a true selector beside it."""
        return Found(self._make, *(list(compress(column, selectors)) for column in self._columns))

    def __len__(self) -> int:
        return len(self._columns[0])

    @overload
    def __getitem__(self, place: int) -> _One: ...
    @overload
    def __getitem__(self, place: slice) -> Found[_One]: ...
    def __getitem__(self, place: int | slice) -> _One | Found[_One]:
        if isinstance(place, slice):
            return Found(self._make, *(column[place] for column in self._columns))
        return self._make(tuple(column[place] for column in self._columns))

    def __iter__(self) -> Iterator[_One]:
        return map(self._make, self.columns())

    def __eq__(self, other: object) -> bool:
        """Whether others are the same, however they are kept."""
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]


def denoted_by(
    text: str,
    starts: list[int],
    ends: list[int],
    known: dict[str, _Denoted],
    decide: Callable[[list[str], list[int]], Iterable[_Denoted]],
) -> list[_Denoted]:
    """For each surface text[start:end] what it denotes: what `known` has, else what `decide` says, which is kept there.

    `decide` gets those that are not known, each once, and the number of a place where each stands.
    """
    if len(known) > _MOST_KEPT:
        known.clear()
    denoted, unknown, surfaces = _known(text, starts, ends, known)
    if unknown:
        number_of = dict(zip(surfaces, unknown, strict=True))
        known.update(zip(number_of, decide(list(number_of), list(number_of.values())), strict=True))
        for number, surface in zip(unknown, surfaces, strict=True):
            denoted[number] = known[surface]
    return cast("list[_Denoted]", denoted)


def _known(
    text: str, starts: list[int], ends: list[int], known: dict[str, _Denoted]
) -> tuple[list[_Denoted | None], list[int], list[str]]:
    """What is known of each surface, None where nothing is; the numbers of these, and they."""
    if compiled.PASSES is not None:
        found: tuple[list[_Denoted | None], list[int], list[str]]
        found = compiled.PASSES.known_surfaces(text, starts, ends, known)
        return found
    surfaces = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    denoted = list(map(known.get, surfaces))
    unknown = [number for number, one in enumerate(denoted) if one is None]
    return denoted, unknown, [surfaces[number] for number in unknown]
