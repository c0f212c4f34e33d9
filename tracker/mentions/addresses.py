"""Where web and mail addresses stand in a text: what they spell ("/attention-is-all-you-need") is no
mention."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tracker.catalogue.bits import I64
    from tracker.catalogue.stretch import Bools

_BEGINS: Final = (re.compile(r"://"), re.compile(r"www\."))
"""Literals, for these are found at the speed of memory; a pattern of all that an address may begin with is ten times
slower."""
_SCHEMES: Final = ("https", "http", "ftp")
_REST: Final = re.compile(r"[^\s<>\"'`){}|\\\]\x80-\U0010ffff]+")
"""ASCII only: Chinese text may follow without a blank. What no address holds ends it: the cell of a table, the
braces of \\href{...}{...}."""
_HOST: Final = re.compile(r"@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_PERSON: Final = re.compile(r"[\w.+-]{1,64}\Z", re.ASCII)


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
        spans = sorted([*_web_addresses(text), *_mail_addresses(text)])
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


def _web_addresses(text: str) -> Iterator[tuple[int, int]]:
    """Where web addresses stand; one may begin within another."""
    for begins in _BEGINS:
        end = 0
        for found in begins.finditer(text):
            start = found.start()
            if start < end:
                continue
            if found[0] == "://":
                before = text[max(0, start - 5) : start]
                size = next((len(scheme) for scheme in _SCHEMES if before.endswith(scheme)), 0)
                if not size:
                    continue
                start -= size
            if rest := _REST.match(text, found.end()):
                end = rest.end()
                yield start, end


def _mail_addresses(text: str) -> list[tuple[int, int]]:
    spans = []
    at = text.find("@")
    while at >= 0:
        host = _HOST.match(text, at)
        at = text.find("@", host.end() if host else at + 1)
        if not host:
            continue
        if person := _PERSON.search(text, max(0, host.start() - 64), host.start()):
            spans.append((person.start(), host.end()))
    return spans
