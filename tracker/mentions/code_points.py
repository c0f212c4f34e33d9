"""What is looked for in a whole text one code point at a time: numpy does it ten times as fast as a pattern whose
first character may be any of many.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tracker.identifiers import fold_width

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_WIDE: Final = range(0xFF01, 0xFF5F)
_WIDE_RUN: Final = re.compile("[！-～]*")
_BEGIN_RUNS: Final = "％．／＝＿"
"""Wide punctuation from which on a run of wide characters is folded, as from letters and digits; see `fold_width`."""


def code_points(text: str) -> npt.NDArray[np.uint32]:
    """The code points of a text."""
    import numpy as np

    return np.array([text]).view(np.uint32)[: len(text)]


def with_folded_width(text: str) -> str:
    """The same as `fold_width`, for long texts."""
    import numpy as np

    if text.isascii():
        return text
    points = code_points(text)
    wide = np.flatnonzero(points - np.uint32(_WIDE.start) < len(_WIDE))
    begins_run = np.array([chr(point).isalnum() or chr(point) in _BEGIN_RUNS for point in _WIDE])
    pieces: list[str] = []
    end = 0
    for start in wide[begins_run.take(points[wide] - _WIDE.start)].tolist():
        run = _WIDE_RUN.match(text, start) if start >= end else None
        if run:
            pieces += (text[end:start], fold_width(run[0]))
            end = run.end()
    return "".join((*pieces, text[end:])) if pieces else text


def numbers_of_digits(text: str, count: int) -> list[int]:
    """Where the numbers begin that have exactly so many digits 0 to 9.

    >>> numbers_of_digits("math/0309136 and 12345678", 7)
    [5]
    """
    import numpy as np

    are_digits = np.zeros(len(text) + 2, dtype=bool)
    np.less(code_points(text) - np.uint32(ord("0")), 10, out=are_digits[1:-1])
    edges = np.flatnonzero(are_digits[1:] != are_digits[:-1])
    begins, ends = edges[::2], edges[1::2]
    numbers: list[int] = begins[ends - begins == count].tolist()
    return numbers
