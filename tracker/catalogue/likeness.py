"""How alike two titles are, however they are spelled. Pure."""

from __future__ import annotations

from collections import Counter
from typing import Final

from tracker.keys import title_key

BEGINNING: Final = 24
"""Letters from which the beginning of a title says nearly as much as all of it."""
BEGINNING_COUNTS: Final = 0.95


def likeness(title: str, other: str, least: float = 0.0) -> float:
    """The part of the letters that two titles share in order, in [0, 1]; 1 where they differ in no letter.

    A title that the other begins with counts as nearly alike: subtitles are left out. What is surely below `least`
    may be given as 0.

    >>> likeness("Attention is all you need!", "Attention Is All You Need")
    1.0
    >>> likeness("Exploring the limits of transfer learning", "Exploring the Limits of Transfer Learning with T5")
    0.95
    """
    one, two = title_key(title), title_key(other)
    if not one or not two:
        return 0.0
    if _shared_at_most(one, two) < least:
        return 0.0
    shorter, longer = sorted((one, two), key=len)
    whole, beginning = shared_letters(shorter, longer)
    return max(whole, BEGINNING_COUNTS * beginning) if len(shorter) >= BEGINNING else whole


def spelled_alike(key: str, other: str) -> float:
    """The part of the letters of a text (its `title_key`) and of a title's key that both have in the same order, in
    [0, 1]; nearly that of the beginning of the title, where the text may be it, however short."""
    whole, beginning = shared_letters(key, other)
    return max(whole, BEGINNING_COUNTS * beginning)


def shared_letters(key: str, other: str) -> tuple[float, float]:
    """The part of the letters that one `title_key` shares with another in the same order, and with as many letters
    of its beginning; each in [0, 1]."""
    from rapidfuzz import fuzz  # takes 50 ms to import, and most documents need it for nothing

    whole = fuzz.ratio(key, other) / 100
    beginning = fuzz.ratio(key, other[: len(key)]) / 100 if len(other) > len(key) else whole
    return whole, beginning


def _shared_at_most(one: str, two: str) -> float:
    """What the likeness cannot be above: as if all letters that both have stood in the same order."""
    shared = (Counter(one) & Counter(two)).total()
    return shared / min(len(one), len(two))
