"""A column of numbers kept in a file while a catalogue is made: millions of them, needed once more at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any


class Column:
    """Numbers of one type, added in parts. Everything raises `OSError` where the disk is full."""

    def __init__(self, folder: Path, element: str) -> None:
        """With a file in `folder` that has no name; `element` is the type as numpy calls it."""
        import tempfile

        self._file: Any = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
        self._element = element
        self._lengths: list[int] = []

    def __enter__(self) -> Column:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):  # what is lost with a full disk has been told
            self._file.close()

    def add(self, numbers: Any) -> None:
        """Take the next part."""
        import numpy as np

        self._file.write(np.asarray(numbers, dtype=self._element).tobytes())
        self._lengths.append(len(numbers))

    def parts(self) -> Iterator[Any]:
        """The parts as arrays, one after the other; can be gone through again."""
        import numpy as np

        self._file.seek(0)
        size = np.dtype(self._element).itemsize
        for length in self._lengths:
            yield np.frombuffer(self._file.read(length * size), dtype=self._element)

    def all(self) -> Any:
        """All parts as one array."""
        import numpy as np

        self._file.seek(0)
        return np.frombuffer(self._file.read(), dtype=self._element)
