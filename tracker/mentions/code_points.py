"""What is looked for in a whole text one code point at a time: numpy does it ten times as fast as a pattern whose
first character may be any of many.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from tracker.catalogue import compiled
from tracker.identifiers import fold_width
from tracker.regex import regex

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    U32 = npt.NDArray[np.uint32]
    I64 = npt.NDArray[np.int64]

_WIDE: Final = range(0xFF01, 0xFF5F)
_WIDE_RUN: Final = regex("[！-～]*")
_BEGIN_RUNS: Final = "％．／＝＿"
"""Wide punctuation from which on a run of wide characters is folded, as from letters and digits; see `fold_width`."""


def code_points(text: str) -> U32:
    """The code points of a text."""
    import numpy as np

    return np.array([text]).view(np.uint32)[: len(text)]


def places_of(points: U32, character: str) -> I64:
    """Where a character stands among code points."""
    import numpy as np

    return np.flatnonzero(points == np.uint32(ord(character)))


def begins_before(points: U32, places: I64, literal: str) -> list[int]:
    """Where a literal begins that ends just before one of some places, in their order.

    >>> points = code_points("www.x.org")
    >>> begins_before(points, places_of(points, "."), "www")
    [0]
    """
    places = places[places >= len(literal)]
    for distance, character in enumerate(reversed(literal), 1):
        places = places[points.take(places - distance) == ord(character)]
    begins: list[int] = (places - len(literal)).tolist()
    return begins


def with_folded_width(text: str, points: U32) -> str:
    """The same as `fold_width`, for long texts; the very same text where there is nothing to fold."""
    import numpy as np

    if text.isascii():
        return text
    wide = np.flatnonzero(points >= np.uint32(_WIDE.start))  # and all beyond
    pieces: list[str] = []
    end = 0
    for start in wide[_begin_runs().take(points.take(wide) - np.uint32(_WIDE.start), mode="clip")].tolist():
        run = _WIDE_RUN.match(text, start) if start >= end else None
        if run:
            pieces += (text[end:start], fold_width(run[0]))
            end = run.end()
    return "".join((*pieces, text[end:])) if pieces else text


@cache
def _begin_runs() -> npt.NDArray[np.bool_]:
    """For each wide character whether a run that is folded may begin with it; the last is for all beyond."""
    import numpy as np

    return np.array([*(chr(point).isalnum() or chr(point) in _BEGIN_RUNS for point in _WIDE), False])


class Landmarks(NamedTuple):
    """What stands in a text that no identifier is without. All are places among its code points, in order."""

    points: U32
    stops: I64
    """Full stops."""
    slashes: I64
    at_signs: I64
    number_begins: I64
    """Where numbers of digits 0 to 9 begin."""
    number_ends: I64
    """Where they end."""

    @classmethod
    def of(cls, points: U32) -> Landmarks:
        """Those of the text with these code points."""
        import numpy as np

        if compiled.PASSES is not None:
            found = (np.frombuffer(places, np.int64) for places in compiled.PASSES.landmarks(points))
            return cls(points, *found)
        are_digits = np.zeros(len(points) + 2, dtype=bool)
        np.less(points - np.uint32(ord("0")), 10, out=are_digits[1:-1])
        edges = np.flatnonzero(are_digits[1:] != are_digits[:-1])
        stops, slashes, at_signs = (places_of(points, sign) for sign in "./@")
        return cls(points, stops, slashes, at_signs, edges[::2], edges[1::2])

    def numbers(self, fewest: int, most: int | None = None) -> tuple[I64, I64]:
        """Where the numbers begin and end that have so many digits.

        >>> begins, ends = Landmarks.of(code_points("math/0309136 and 12345678")).numbers(7, 7)
        >>> begins.tolist(), ends.tolist()
        ([5], [12])
        """
        sizes = self.number_ends - self.number_begins
        fit = sizes >= fewest
        if most is not None:
            fit &= sizes <= most
        return self.number_begins[fit], self.number_ends[fit]


@lru_cache(maxsize=1)
def landmarks_of(text: str) -> Landmarks:
    """The landmarks of a text; those of the text asked about last are kept, for ids and addresses both need them."""
    return Landmarks.of(code_points(text))
