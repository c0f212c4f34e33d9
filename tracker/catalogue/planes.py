"""Columns of numbers packed small, for a catalogue that is carried around: the first bytes of all numbers, then all
second bytes and so on, each of these planes deflated where that saves anything; of numbers that rise, the steps from
each to the next.

Sorted hashes shrink by what their order tells, 17 bits of each among 130,000, and bytes that are always 0 to nothing.
To unpack a million bytes takes 3 ms.
"""

from __future__ import annotations

import sys
import zlib
from array import array
from collections.abc import Iterator
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Packing = Literal["planes", "steps"]
PLANES: Final = "planes"
STEPS: Final = "steps"
_LEVEL: Final = 9
_WORTH_IT: Final = 0.99
"""A plane that is hardly smaller deflated is kept as it is: to inflate it takes some milliseconds for a megabyte."""


def packed(numbers: npt.NDArray[np.unsignedinteger], packing: Packing) -> bytes:
    """Numbers packed; as steps only those that never fall."""
    import numpy as np

    if packing == STEPS:
        numbers = np.diff(numbers, prepend=numbers.dtype.type(0))
    planes = (plane.tobytes() for plane in numbers.view(np.uint8).reshape(len(numbers), -1).T)
    return b"".join(map(_deflated, planes))


def _deflated(plane: bytes) -> bytes:
    smaller = zlib.compress(plane, _LEVEL)
    return smaller if len(smaller) < _WORTH_IT * len(plane) else zlib.compress(plane, 0)


def unpacked(data: bytes | memoryview, element: Any, count: int, packing: Packing) -> memoryview:
    """The bytes of so many numbers that `packed` was given; `element` is their type, as in `memoryview.cast`.

    Raises:
        ValueError: it is damaged.
    """
    size = array(element).itemsize
    planes = b"".join(_inflated(data, count, size))
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


def _inflated(data: bytes | memoryview, count: int, size: int) -> Iterator[bytes]:
    """The planes of so many numbers of a size."""
    for _ in range(size):
        unpacker = zlib.decompressobj()
        try:
            plane = unpacker.decompress(data, count + 1)
        except zlib.error as error:
            raise ValueError(str(error)) from None
        if len(plane) != count or not unpacker.eof:
            raise ValueError("the length is another")
        yield plane
        data = unpacker.unused_data
    if data:
        raise ValueError("the length is another")


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
