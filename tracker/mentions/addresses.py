"""Where web and mail addresses stand in a text: what they spell ("/attention-is-all-you-need") is no
mention."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final

_ADDRESS: Final = re.compile(
    r"(?:(?:https?|ftp)://|www\.)[^\s<>\"'`)\x80-\U0010ffff]+"
    r"|(?<![\w.-])[\w.-]{1,64}@[\w-]+(?:\.[\w-]+)+",
    re.ASCII,
)
"""ASCII only: Chinese text may follow without a blank. The look-behind keeps the search for mail addresses
linear."""


class Addresses:
    """The addresses of a text, to be asked for places.

    >>> text = "见https://github.com/artidoro/qlora与QLoRA"
    >>> text.index("qlora") in Addresses(text), text.index("QLoRA") in Addresses(text)
    (True, False)
    """

    def __init__(self, text: str) -> None:
        spans = [found.span() for found in _ADDRESS.finditer(text)]
        self._starts = [start for start, _ in spans]
        self._ends = [end for _, end in spans]

    def __contains__(self, offset: int) -> bool:
        """Whether an address covers the character at an offset."""
        last = bisect_right(self._starts, offset) - 1
        return last >= 0 and offset < self._ends[last]
