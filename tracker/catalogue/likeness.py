"""How alike two titles are, however they are spelled. Pure."""

from __future__ import annotations

from typing import Final

from tracker.keys import title_key

BEGINNING: Final = 24
"""Letters from which the beginning of a title says nearly as much as all of it."""
BEGINNING_COUNTS: Final = 0.95


def likeness(title: str, other: str) -> float:
    """The part of the letters that two titles share in order, in [0, 1]; 1 where they differ in no letter.

    A title that the other begins with counts as nearly alike: subtitles are left out.

    >>> likeness("Attention is all you need!", "Attention Is All You Need")
    1.0
    >>> likeness("Exploring the limits of transfer learning", "Exploring the Limits of Transfer Learning with T5")
    0.95
    """
    from rapidfuzz import fuzz

    one, two = title_key(title), title_key(other)
    if not one or not two:
        return 0.0
    whole = fuzz.ratio(one, two) / 100
    shorter, longer = sorted((one, two), key=len)
    if len(shorter) < BEGINNING or whole >= BEGINNING_COUNTS:
        return whole
    return max(whole, BEGINNING_COUNTS * fuzz.ratio(shorter, longer[: len(shorter)]) / 100)
