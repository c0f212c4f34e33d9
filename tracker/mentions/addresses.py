"""Where web and mail addresses stand in a text: what they spell ("/attention-is-all-you-need") is no
mention."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from tracker.mentions.code_points import Landmarks, begins_before, landmarks_of
from tracker.regex import regex

if TYPE_CHECKING:
    from tracker.catalogue.bits import I64
    from tracker.catalogue.stretch import Bools

_ENDS: Final = "<>\"'`){}|\\]"
_REST: Final = regex(
    f"[{re.escape(''.join(c for c in map(chr, range(128)) if not c.isspace() and c not in _ENDS))}]+"
)
"""ASCII only: Chinese text may follow without a blank. What no address holds ends it: the cell of a table, the
braces of \\href{...}{...}. A pattern of what it may hold is several times as fast as one of what it may not."""
_HOST: Final = regex(r"@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_PERSON_BACKWARDS: Final = regex(r"[\w.+-]+", re.ASCII)
"""The name before the @, read backwards: forwards, each of its characters would be tried as the first."""
_MOST_OF_PERSON: Final = 64


class Addresses:
    """The addresses of a text, to be asked for places.

    >>> text = "见https://github.com/artidoro/qlora与QLoRA"
    >>> text.index("qlora") in Addresses(text), text.index("QLoRA") in Addresses(text)
    (True, False)
    >>> cells = "|https://arxiv.org/abs/2305.14314|QLoRA|"
    >>> cells.index("QLoRA") in Addresses(cells)
    False
    """

    def __init__(self, text: str) -> None:
        marks = landmarks_of(text)
        spans = sorted([*_web_addresses(text, marks), *_mail_addresses(text, marks)])
        self._starts = [start for start, _ in spans]
        self._ends = list(accumulate((end for _, end in spans), max))  # one may lie within another

    def __contains__(self, offset: int) -> bool:
        """Whether an address covers the character at an offset."""
        last = bisect_right(self._starts, offset) - 1
        return last >= 0 and offset < self._ends[last]

    def cover(self, offsets: I64) -> Bools:
        """The same for many offsets at once."""
        import numpy as np

        places = np.searchsorted(np.array(self._starts, dtype=np.int64), offsets, "right")
        ends = np.array([0, *self._ends], dtype=np.int64)
        are_covered: Bools = offsets < ends.take(places)
        return are_covered


@lru_cache(maxsize=2)
def addresses_of(text: str) -> Addresses:
    """The addresses of a text; of the texts asked about last they are kept."""
    return Addresses(text)


def _web_addresses(text: str, marks: Landmarks) -> Iterator[tuple[int, int]]:
    """Where web addresses stand; one may begin within another."""
    end = 0
    for colon in begins_before(marks.points, marks.slashes, ":/"):
        if colon < end:
            continue
        before = text[max(0, colon - 5) : colon]
        size = (
            5 if before == "https" else 4 if before.endswith("http") else 3 if before.endswith("ftp") else 0
        )
        rest = _REST.match(text, colon + len("://")) if size else None
        if rest:
            end = rest.end()
            yield colon - size, end
    end = 0
    for start in begins_before(marks.points, marks.stops, "www"):
        rest = _REST.match(text, start + len("www.")) if start >= end else None
        if rest:
            end = rest.end()
            yield start, end


def _mail_addresses(text: str, marks: Landmarks) -> Iterator[tuple[int, int]]:
    """Where mail addresses stand."""
    for at in marks.at_signs.tolist():
        if host := _HOST.match(text, at):
            person = _PERSON_BACKWARDS.match(text[max(0, at - _MOST_OF_PERSON) : at][::-1])
            if person:
                yield at - person.end(), host.end()
