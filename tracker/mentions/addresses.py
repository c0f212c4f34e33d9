"""Where web and mail addresses stand in a text: what they spell ("/attention-is-all-you-need") is no
mention."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate
from typing import Final

_WEB: Final = re.compile(r"(?:(?:https?|ftp)://|www\.)[^\s<>\"'`){}|\\\]\x80-\U0010ffff]+")
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
        spans = sorted([found.span() for found in _WEB.finditer(text)] + _mail_addresses(text))
        self._starts = [start for start, _ in spans]
        self._ends = list(accumulate((end for _, end in spans), max))  # one may lie within another

    def __contains__(self, offset: int) -> bool:
        """Whether an address covers the character at an offset."""
        last = bisect_right(self._starts, offset) - 1
        return last >= 0 and offset < self._ends[last]


@lru_cache(maxsize=2)
def addresses_of(text: str) -> Addresses:
    """The addresses of a text; of the texts asked about last they are kept."""
    return Addresses(text)


def _mail_addresses(text: str) -> list[tuple[int, int]]:
    spans = []
    for host in _HOST.finditer(text):
        if person := _PERSON.search(text, max(0, host.start() - 64), host.start()):
            spans.append((person.start(), host.end()))
    return spans
