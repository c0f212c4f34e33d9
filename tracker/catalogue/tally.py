"""Sums over lists of rows, in a small table: what each row of some lists adds up to at most.

Rows that share a place of the table count for each other, so that a sum may be too high, never too low. Who looks
for the few rows that reach a threshold sorts and adds up exactly only what may reach it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Rows = npt.NDArray[np.int32]

_PLACES: Final = 1 << 18
"""A power of two. With so many, 1 MB, the table stays near the processor, and few rows reach what others do."""
_REFILL: Final = 8
"""A table is cleared whole where more than one of so many places was written to."""
ROUNDING: Final = 1e-3
"""What sums may be off for being made of short numbers."""


class Tally:
    """A table that is empty between questions."""

    @cached_property
    def _table(self) -> npt.NDArray[np.float32]:
        import numpy as np

        return np.zeros(_PLACES, dtype=np.float32)

    def at_most(self, rows: Rows, sizes: Sequence[int], values: Sequence[float]) -> npt.NDArray[np.float32]:
        """For each of `rows`, lists one behind the other of `sizes` rows each, the sum of the values of the lists
        that have this row, or more; `ROUNDING` apart. Values are not negative."""
        import numpy as np

        places = np.bitwise_and(rows, _PLACES - 1, dtype=np.intp)
        table = self._table
        np.add.at(table, places, np.repeat(np.array(values, dtype=np.float32), sizes))
        sums: npt.NDArray[np.float32] = table.take(places, mode="clip")
        if _REFILL * len(places) < _PLACES:
            table[places] = 0
        else:
            table.fill(0)
        return sums
