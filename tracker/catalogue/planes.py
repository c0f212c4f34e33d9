"""Columns of numbers packed small, for a catalogue that is carried around: the first bytes of all numbers, then all
second bytes and so on, deflated; of numbers that rise, the steps from each to the next.

Sorted hashes shrink by what their order tells, 17 bits of each among 130,000, and bytes that are always 0 to nothing.
To unpack a million bytes takes 3 ms.
"""

from __future__ import annotations

import sys
import zlib
from array import array
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Packing = Literal["planes", "steps"]
PLANES: Final = "planes"
STEPS: Final = "steps"
_LEVEL: Final = 9


def packed(numbers: npt.NDArray[np.unsignedinteger], packing: Packing) -> bytes:
    """Numbers packed; as steps only those that never fall."""
    import numpy as np

    if packing == STEPS:
        numbers = np.diff(numbers, prepend=numbers.dtype.type(0))
    return zlib.compress(numbers.view(np.uint8).reshape(len(numbers), -1).T.tobytes(), _LEVEL)


def unpacked(data: bytes | memoryview, element: Any, count: int, packing: Packing) -> memoryview:
    """The bytes of so many numbers that `packed` was given; `element` is their type, as in `memoryview.cast`.

    Raises:
        ValueError: it is damaged.
    """
    size = array(element).itemsize
    unpacker = zlib.decompressobj()
    try:
        planes = unpacker.decompress(data, count * size + 1)
    except zlib.error as error:
        raise ValueError(str(error)) from None
    if len(planes) != count * size or not unpacker.eof:
        raise ValueError("the length is another")
    if "numpy" in sys.modules:
        return _joined(planes, element, count, packing)
    numbers = bytearray(count * size)  # to load numpy takes longer
    for place in range(size):
        numbers[place::size] = planes[place * count : (place + 1) * count]
    if packing == PLANES:
        return memoryview(numbers)
    try:
        return memoryview(array(element, accumulate(memoryview(numbers).cast(element)))).cast("B")
    except OverflowError as error:
        raise ValueError(str(error)) from None


def _joined(planes: bytes, element: Any, count: int, packing: Packing) -> memoryview:
    """The bytes of numbers given by their planes."""
    import numpy as np

    dtype = np.dtype(element)
    numbers = (
        np.frombuffer(planes, np.uint8).reshape(dtype.itemsize, count).T.copy().view(dtype).reshape(count)
    )
    if packing == STEPS:
        numbers = np.cumsum(numbers, dtype=dtype)
    joined: memoryview = numbers.data.cast("B")
    return joined
