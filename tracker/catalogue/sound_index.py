"""Names by how they sound: which well-known names a garbled one may be. Made when first asked for.

In: names of papers, and words that are none. Out: for what a speech recogniser wrote, those that come close, with
how close. What is nearer to a word of the field ("OpenAI") than to a name is told by that word being in the answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from tracker.catalogue.phonetics import Closeness, closeness, coarse, consonants, heard, parts_of, readings
from tracker.catalogue.squeeze import squeeze

MOST_CONSONANTS: Final = 24
"""Longer names are phrases, and what is heard of them is found by other means."""
FEW_CONSONANTS: Final = 4
FURTHEST: Final = 0.4
"""Names whose sounds are further apart than this (see `phonetics.apart`) are not looked at."""


class SoundIndex:
    """Names of papers, looked up by sound."""

    def __init__(self, names: Sequence[str], words: Sequence[str] = ()) -> None:
        """`words` are no names, but for those that are in `names` too; what is nearer to one of them than to a
        name is that word.

        Names that squeeze to the same letters are one; those of fewer than three letters or digits, and those not
        in Latin letters, are left out.
        """
        spelling = {squeeze(name): name for name in (*names, *words) if name.isascii()}
        spelling = {key: name for key, name in spelling.items() if len(key) > 2 and not key.isdigit()}
        self._words = spelling.keys() - {squeeze(name) for name in names}
        self._names = list(spelling.values())
        self._said: list[tuple[int, str, str]] = []
        """Number of a name, a reading of it, and its consonants."""
        self._whole: dict[str, list[int]] = defaultdict(list)
        self._cut: dict[str, list[int]] = defaultdict(list)
        self._endings: dict[str, list[str]] = defaultdict(list)
        for place, name in enumerate(self._names):
            for said in readings(name):
                if len(coarse(said)) > 1:
                    for key in _keys(said):
                        self._whole[key].append(len(self._said))
                    for shorter in {cut for key in _keys(said) for cut in _cut(key)}:
                        self._cut[shorter].append(len(self._said))
                    self._said.append((place, said, coarse(said)))

    def __len__(self) -> int:
        return len(self._names)

    def is_word(self, name: str) -> bool:
        """Whether one of the answers of `near` is no name."""
        return squeeze(name) in self._words

    def ending(self, word: str) -> list[str]:
        """The names of several parts whose last one is a word ("CogAgent", of "agent"), in the order of the index."""
        if not self._endings:
            for name in self._names:
                parts = parts_of(name)
                if len(parts) > 1 and squeeze(name) not in self._words:
                    self._endings[parts[-1].lower()].append(name)
        return self._endings.get(word.lower(), [])

    def near(self, surface: str) -> list[tuple[str, Closeness]]:
        """The names that a surface, Latin or in Chinese characters, comes close to, in the order of the index.

        Their consonants are its own, or one is missing on either side, or one is another.
        """
        near = {name for way in heard(surface) for name in self._near(way)}
        return [(self._names[name], closeness(surface, self._names[name])) for name in sorted(near)]

    def _near(self, said: str) -> set[int]:
        """The numbers of the names with a reading that is at most `FURTHEST` apart from one."""
        rough = coarse(said)
        size = len(said)
        places = [p for p in self._alike(said) if abs(len(self._said[p][1]) - size) <= FURTHEST * size + 1]
        if not places:
            return set()
        names, readings_, roughs = zip(*(self._said[place] for place in places), strict=True)
        fine = cdist([said], readings_, scorer=Levenshtein.distance)[0].tolist()
        crude = cdist([rough], roughs, scorer=Levenshtein.distance)[0].tolist()
        return {
            name
            for name, other, other_rough, errors, crude_errors in zip(
                names, readings_, roughs, fine, crude, strict=True
            )
            if 2 * crude_errors + errors
            <= FURTHEST * (2 * max(len(rough), len(other_rough)) + max(size, len(other)))
        }

    def _alike(self, said: str) -> set[int]:
        """Readings with the same consonants, or one is missing on either side, or one is another."""
        alike: set[int] = set()
        for key in _keys(said):
            alike.update(self._whole.get(key, ()), self._cut.get(key, ()))
            for cut in _cut(key):
                alike.update(self._whole.get(cut, ()))
                if len(key) >= FEW_CONSONANTS:  # of fewer, too many names differ by one
                    alike.update(self._cut.get(cut, ()))
        return alike


def _keys(said: str) -> set[str]:
    return {key for key in (coarse(said), consonants(said)) if len(key) <= MOST_CONSONANTS}


def _cut(consonants: str) -> set[str]:
    """What is left when one of the consonants is left out."""
    return {consonants[:at] + consonants[at + 1 :] for at in range(len(consonants))}


def is_well_known(sources: Any, cited_in: Any) -> Any:
    """Which names, by how many sources use them and cite their papers (numbers or arrays), may be heard where
    they are not spelled: two sources, or a paper that three cite. Of 36,000 names that is one in five."""
    return (sources >= 2) | (cited_in >= 3)


def is_term(titles: int, sources: int, cited_in: int) -> bool:
    """Whether a name stands in so many titles that it is a word of the field ("Knowledge Distillation").

    The names of well-known systems stand in some twenty titles for each source that uses or cites them.
    """
    return sources <= 2 and titles > 30 * (5 * sources + cited_in)
