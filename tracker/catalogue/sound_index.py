"""Names by how they sound: which well-known names a garbled one may be. Made when first asked for.

In: names of papers. Out: for what a speech recogniser wrote, the names whose consonants are the same but for
one. Recall only; how close each comes is for `phonetics.closeness` to say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

from tracker.catalogue.phonetics import coarse, readings, said_in_chinese
from tracker.catalogue.squeeze import squeeze

MOST_CONSONANTS: Final = 24
"""Longer names are phrases, and what is heard of them is found by other means."""


class SoundIndex:
    """Names of papers, looked up by sound."""

    def __init__(self, names: Iterable[str]) -> None:
        """Names that squeeze to the same letters are one."""
        spelling: dict[str, str] = {}
        for name in names:
            if name.isascii() and len(key := squeeze(name)) > 2 and not key.isdigit():
                spelling.setdefault(key, name)
        self._names = list(spelling.values())
        self._places: dict[str, list[int]] = defaultdict(list)
        for place, name in enumerate(self._names):
            for key in {key for said in readings(name) for key in _nearly(coarse(said))}:
                self._places[key].append(place)

    def __len__(self) -> int:
        return len(self._names)

    def near(self, surface: str) -> list[str]:
        """Names whose consonants differ from those of the surface by one at most, in no particular order.

        The surface is Latin, or Chinese characters as `said_in_chinese` reads them.
        """
        said = said_in_chinese(surface)
        keys = {key for way in ((said,) if said else readings(surface)) for key in _nearly(coarse(way))}
        return [
            self._names[place] for place in sorted({p for key in keys for p in self._places.get(key, ())})
        ]


def _nearly(consonants: str) -> Iterator[str]:
    """The consonants, and what is left when one of them is left out."""
    if 1 < len(consonants) <= MOST_CONSONANTS:
        yield consonants
        for at in range(len(consonants)):
            yield consonants[:at] + consonants[at + 1 :]


def is_well_known(sources: Any, cited_in: Any) -> Any:
    """Which names, by how many sources use them and cite their papers (numbers or arrays), may be heard where
    they are not spelled: two sources, or a paper that three cite. Of 36,000 names that is one in five."""
    return (sources >= 2) | (cited_in >= 3)


def is_term(titles: int, sources: int, cited_in: int) -> bool:
    """Whether a name stands in so many titles that it is a word of the field ("Knowledge Distillation").

    The names of well-known systems stand in some twenty titles for each source that uses them or cites them.
    """
    return sources <= 2 and titles > 30 * (5 * sources + cited_in)
