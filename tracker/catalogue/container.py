"""The file format of a catalogue: named sections in one file, read through a memory map.

Layout: 16 bytes of magic and version, 8 bytes that give the length of a JSON header, the header, then the
sections, each at a multiple of 64. The header names each section's place, length and element type, and
carries `facts` (counts, dates, sources) for people. A file is complete or refused: the header gives the
size of the whole, and it is written aside and renamed into place.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from tracker.errors import CatalogueError

MAGIC: Final = b"Tracker cat"
VERSION: Final = 1
_HEAD: Final = struct.Struct("<11sxIQ")
_ALIGNMENT: Final = 64

Facts = dict[str, Any]


def write_container(path: Path, sections: Mapping[str, tuple[str, bytes]], facts: Facts) -> None:
    """Write a container of sections name -> (element type as in `memoryview.cast`, bytes), atomically.

    Raises:
        CatalogueError: the file cannot be written; what stood there before is untouched.
    """
    places: dict[str, tuple[int, int, str]] = {}
    offset = 0
    for name, (element, data) in sections.items():
        places[name] = (offset, len(data), element)
        offset += -(-len(data) // _ALIGNMENT) * _ALIGNMENT
    header = json.dumps({"sections": places, "size": offset, "facts": facts}, ensure_ascii=False).encode()
    first = _first_section(len(header))
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with aside.open("wb") as file:
            file.write(_HEAD.pack(MAGIC, VERSION, len(header)) + header)
            for place, (_, data) in zip(places.values(), sections.values(), strict=True):
                file.seek(first + place[0])
                file.write(data)
            file.truncate(first + offset)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError as error:
        raise CatalogueError(f"{path}: the catalogue cannot be written: {error.strerror}") from error
    finally:
        aside.unlink(missing_ok=True)


def _first_section(header_length: int) -> int:
    return -(-(_HEAD.size + header_length) // _ALIGNMENT) * _ALIGNMENT


class Container:
    """A container opened for reading; sections are views into the memory map, nothing is copied."""

    def __init__(self, path: Path) -> None:
        """Map the file at `path`.

        Raises:
            CatalogueError: missing, unreadable, not a catalogue, of another format, or cut short.
        """
        self.path = path
        try:
            with path.open("rb") as file:
                self.size = os.fstat(file.fileno()).st_size
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if self.size else b""
        except FileNotFoundError:
            raise CatalogueError(
                f"{path}: there is no catalogue; make one with `tracker catalogue import`"
            ) from None
        except (OSError, ValueError) as error:
            raise CatalogueError(f"{path}: the catalogue cannot be read: {error}") from error
        header = self._read_header()
        self.facts: Facts = header["facts"]
        self._places: dict[str, list[Any]] = header["sections"]
        if self.size != self._first + header["size"]:
            raise CatalogueError(f"{path}: the catalogue is cut short or damaged; make or copy it again")

    def _read_header(self) -> dict[str, Any]:
        if self.size < _HEAD.size or bytes(self._map[: len(MAGIC)]) != MAGIC:
            raise CatalogueError(f"{self.path}: this is not a catalogue of Tracker")
        _, version, length = _HEAD.unpack(self._map[: _HEAD.size])
        if version != VERSION:
            newer = "newer" if version > VERSION else "older"
            raise CatalogueError(
                f"{self.path}: the catalogue has format {version}, {newer} than {VERSION}, which this Tracker "
                "reads; import it again, or use the Tracker that made it"
            )
        self._first = _first_section(length)
        try:
            header: dict[str, Any] = json.loads(self._map[_HEAD.size : _HEAD.size + length])
            return {"sections": header["sections"], "size": header["size"], "facts": header["facts"]}
        except (ValueError, KeyError, TypeError):
            raise CatalogueError(f"{self.path}: the catalogue is damaged; make or copy it again") from None

    def has(self, name: str) -> bool:
        """Whether the file has this section; files made by older versions lack the newer ones."""
        return name in self._places

    def bytes(self, name: str) -> memoryview:
        """A section as bytes.

        Raises:
            CatalogueError: the file has no such section: it was made by another version.
        """
        if name not in self._places:
            raise CatalogueError(
                f"{self.path}: the catalogue was made by an older Tracker (it has no {name}); import it again"
            )
        start, length, _ = self._places[name]
        return memoryview(self._map)[self._first + start : self._first + start + length]

    def numbers(self, name: str) -> memoryview:
        """A section as a sequence of numbers, without numpy."""
        return self.bytes(name).cast(self._places[name][2])

    def array(self, name: str) -> Any:
        """A section as a read-only numpy array."""
        import numpy as np

        return np.frombuffer(self.bytes(name), dtype=np.dtype(self._places[name][2]))
