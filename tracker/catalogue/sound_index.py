"""Names by how they sound: which well-known names a garbled one may be. Made when first asked for, kept in memory.

In: the aliases of a catalogue. Out: for what a speech recogniser wrote, the names whose consonants are the same but
for one. Recall only; how close each comes is for `phonetics.closeness` to say.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator

from tracker.catalogue.phonetics import coarse, readings, said_in_chinese
from tracker.catalogue.squeeze import squeeze

MOST_CONSONANTS = 24
"""Longer names are phrases, and what is heard of them is found by other means."""


class SoundIndex:
    """Names of papers, looked up by sound."""

    def __init__(self, names: Iterable[str]) -> None:
        """Names that squeeze to the same letters are one."""
        spelling: dict[str, str] = {}
        for name in names:
            spelling.setdefault(squeeze(name), name)
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


def is_term(titles: int, sources: int, cited_in: int) -> bool:
    """Whether a name stands in far more titles than its paper is known: it is a term of the field then."""
    return math.log1p(titles) > 1.2 * math.log1p(5 * sources + cited_in)
