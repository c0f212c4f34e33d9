"""The file format of a catalogue: named sections in one file, read through a memory map.

Layout: 16 bytes of magic and version, 8 bytes that give the length of a JSON header, the header, then the
sections, each at a multiple of 64. The header names each section's place, length and element type, of a packed one
(see `planes`) also how it is packed and how many numbers it holds, and carries `facts` (counts, dates, sources) for
people. A file is complete or refused: the header gives the size of the whole, and it is written aside and renamed
into place.
"""

from __future__ import annotations

import contextlib
import json
import mmap
import os
import re
import stat
import struct
import weakref
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from tracker.catalogue.planes import PLANES, STEPS, Packing, unpacked
from tracker.errors import CatalogueError

MAGIC: Final = b"Tracker cat"
VERSION: Final = 1
_HEAD: Final = struct.Struct("<11sxIQ")
_ALIGNMENT: Final = 64
_HEADER_ROOM: Final = 1 << 14
"""Bytes that are left for the header, for it is written last; what it does not need is filled with blanks."""
_ELEMENT_SIZES: Final = {"B": 1, "H": 2, "I": 4, "Q": 8}
"""Types of the numbers in a section, as in `memoryview.cast`."""
MOST_PACKED: Final = 1 << 24
"""Numbers of a packed section, so that a few bytes cannot ask for all memory."""

Facts = dict[str, Any]
Piece = bytes
Sections = Mapping[str, tuple[str, bytes]]
"""Name -> element type and bytes."""


class _Place(NamedTuple):
    """Where a section stands, counted from the first section, in bytes."""

    start: int
    length: int
    element: str
    packing: Packing | None = None
    packed: int = 0
    """How many numbers a packed section holds."""


class Window(NamedTuple):
    """A section of a file that is being written, for other processes to look into."""

    path: Path
    start: int
    length: int
    element: str

    def array(self) -> Any:
        """The section as a read-only numpy array."""
        import numpy as np

        dtype = np.dtype(self.element)
        if not self.length:
            return np.zeros(0, dtype=dtype)
        return np.memmap(self.path, dtype, "r", self.start, (self.length // dtype.itemsize,))


class ContainerWriter:
    """A container being written beside its target, section after section, and put into its place when it is
    whole. As a context manager it takes away what is not finished.

    Everything raises `CatalogueError` where the file cannot be written; what stood there before is untouched.
    """

    def __init__(self, path: Path) -> None:
        import secrets  # takes 10 ms to import, and readers do without

        check_target(path)
        self._path = path
        self._target = Path(os.path.realpath(path))
        self._aside = self._target.with_name(f".{self._target.name}.{secrets.token_hex(8)}.part")
        self._places: dict[str, _Place] = {}
        self._size = 0
        with self._told():
            self._file = self._aside.open("wb")

    def __enter__(self) -> ContainerWriter:
        return self

    def __exit__(self, *_: object) -> None:
        for clean in (self._file.close, self._aside.unlink):
            with contextlib.suppress(OSError):
                clean()

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise _not_written(self._path, error) from None

    def add(self, name: str, element: str, data: bytes | Iterable[bytes]) -> None:
        """Write a section of numbers of a type, in one piece or several."""
        start = self._size
        pieces = (data,) if isinstance(data, (bytes, bytearray, memoryview)) else data
        with self._told():
            self._file.seek(_HEADER_ROOM + start)
            for piece in pieces:
                self._file.write(piece)
                self._size += len(piece)
        self._places[name] = _Place(start, self._size - start, element)
        self._size = -(-self._size // _ALIGNMENT) * _ALIGNMENT

    def add_packed(self, name: str, element: str, data: bytes, count: int, packing: Packing) -> None:
        """Write a section of so many numbers that are packed."""
        self.add(name, element, data)
        self._places[name] = self._places[name]._replace(packing=packing, packed=count)

    def add_all(self, sections: Sections) -> None:
        """Write several sections."""
        for name, (element, data) in sections.items():
            self.add(name, element, data)

    @property
    def names(self) -> tuple[str, ...]:
        """The sections that are written."""
        return tuple(self._places)

    def flush(self) -> None:
        """See that windows show what was written."""
        with self._told():
            self._file.flush()

    def window(self, name: str) -> Window:
        """A section that is written."""
        place = self._places[name]
        return Window(self._aside, _HEADER_ROOM + place.start, place.length, place.element)

    def finish(self, facts: Facts) -> None:
        """Write the header, and put the file into its place, in one step for those who read it."""
        places = {name: place if place.packing else place[:3] for name, place in self._places.items()}
        facts_and_places = {"sections": places, "size": self._size, "facts": facts}
        header = json.dumps(facts_and_places, ensure_ascii=False).encode()
        header = header.ljust(_HEADER_ROOM - _HEAD.size)
        if _first_section(len(header)) != _HEADER_ROOM:
            raise ValueError("the facts of a catalogue are too long")
        with self._told():
            self._file.truncate(_HEADER_ROOM + self._size)
            self._file.seek(0)
            self._file.write(_HEAD.pack(MAGIC, VERSION, len(header)) + header)
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._aside.replace(self._target)


def write_container(path: Path, sections: Sections, facts: Facts) -> None:
    """Write a container atomically. A symbolic link stays, and the file it points to is replaced.

    Raises:
        CatalogueError: the file cannot be written; what stood there before is untouched.
    """
    with ContainerWriter(path) as writer:
        writer.add_all(sections)
        writer.finish(facts)


def remove_leftovers(path: Path) -> None:
    """Take away what processes that were killed have left beside a container; nobody may be writing one there."""
    target = Path(os.path.realpath(path))
    with contextlib.suppress(OSError):
        for left in target.parent.iterdir():
            if re.fullmatch(rf"\.{re.escape(target.name)}\.[0-9a-f]+\.part", left.name):
                left.unlink()


def check_target(path: Path) -> None:
    """Make the folder of a catalogue that is to be written, and see that nothing else stands in its place.

    Raises:
        CatalogueError: the folder cannot be made or written to, or there is a folder or a device of that
        name.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not stat.S_ISREG(path.stat().st_mode):
            raise CatalogueError(f"{path}: the catalogue cannot be written: this is not a file")
        if not os.access(os.path.realpath(path.parent), os.W_OK):
            raise CatalogueError(f"{path}: the catalogue cannot be written: its folder is write-protected")
    except (OSError, ValueError) as error:  # ValueError: a name with a zero byte
        raise _not_written(path, error) from None


def check_replaceable(path: Path) -> None:
    """See that what a catalogue is to replace, if anything, is a catalogue too, of whatever format and however damaged
    behind its first bytes, or empty.

    Raises:
        CatalogueError: it is another file, and what it holds would be lost; or it cannot be read.
    """
    try:
        with path.open("rb") as file:
            beginning = file.read(len(MAGIC))
    except FileNotFoundError:
        return
    except OSError as error:
        raise _not_written(path, error) from None
    if beginning not in {MAGIC, b""}:
        raise CatalogueError(
            f"{path}: the catalogue cannot be written: this file is none, and what it holds would be lost; "
            "delete it first, or name another"
        )


def _not_written(path: Path, error: Exception) -> CatalogueError:
    reason = getattr(error, "strerror", None) or error
    return CatalogueError(f"{path}: the catalogue cannot be written: {reason}")


def _first_section(header_length: int) -> int:
    return -(-(_HEAD.size + header_length) // _ALIGNMENT) * _ALIGNMENT


class Container:
    """A container opened for reading; sections are views into the memory map, nothing is copied."""

    def __init__(self, path: Path) -> None:
        """Map the file at `path`.

        Raises:
            CatalogueError: missing, unreadable, not a catalogue, of another format, cut short or damaged.
        """
        self.path = path
        self._unpacked: dict[str, memoryview] = {}
        self._numbers: dict[str, memoryview] = {}
        self._arrays: dict[str, Any] = {}
        try:
            if path.exists() and not stat.S_ISREG(path.stat().st_mode):
                raise CatalogueError(f"{path}: this is not a file; name a catalogue")
            with path.open("rb") as file:
                self.size = os.fstat(file.fileno()).st_size
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if self.size else b""
                self._descriptor = os.dup(file.fileno())
            weakref.finalize(self, os.close, self._descriptor)
        except FileNotFoundError:
            raise CatalogueError(
                f"{path}: there is no catalogue; make one with `tracker catalogue import`"
            ) from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise CatalogueError(f"{path}: the catalogue cannot be read: {reason}") from None
        header = self._read_header()
        try:
            self.facts = _facts(header["facts"])
            self._places = {name: _Place(*place) for name, place in header["sections"].items()}
            sections_size = self.size - self._first
            is_whole = header["size"] == sections_size
            if not is_whole or not all(_fits(place, sections_size) for place in self._places.values()):
                raise self.damaged()
        except (KeyError, TypeError, ValueError, AttributeError):
            raise self.damaged() from None

    def _read_header(self) -> Any:
        if self.size < _HEAD.size or bytes(self._map[: len(MAGIC)]) != MAGIC:
            raise CatalogueError(f"{self.path}: this is not a catalogue of Tracker")
        _, version, length = _HEAD.unpack(self._map[: _HEAD.size])
        if version != VERSION:
            newer = "newer" if version > VERSION else "older"
            raise CatalogueError(
                f"{self.path}: the catalogue has format {version}, {newer} than {VERSION}, which this "
                "Tracker reads; import it again, or use the Tracker that made it"
            )
        self._first = _first_section(length)
        if self._first > self.size:
            raise self.damaged()
        try:
            return json.loads(bytes(self._map[_HEAD.size : _HEAD.size + length]))
        except (ValueError, RecursionError):
            raise self.damaged() from None

    def damaged(self) -> CatalogueError:
        """The error to raise where the content contradicts itself."""
        return CatalogueError(f"{self.path}: the catalogue is damaged; make or copy it again")

    def has(self, name: str) -> bool:
        """Whether the file has this section; files made by older versions lack the newer ones."""
        return name in self._places

    def bytes(self, name: str) -> memoryview:
        """A section as bytes.

        Raises:
            CatalogueError: the file has no such section: it was made by another version; or it is damaged.
        """
        if name in self._unpacked:
            return self._unpacked[name]
        place = self._place(name)
        data = memoryview(self._map)[self._first + place.start : self._first + place.start + place.length]
        if place.packing is None:
            return data
        try:
            found = unpacked(data, place.element, place.packed, place.packing)
        except ValueError:
            raise self.damaged() from None
        self._unpacked[name] = found
        return found

    @property
    def names(self) -> tuple[str, ...]:
        """The sections, in the order of the file."""
        return tuple(sorted(self._places, key=lambda name: self._places[name].start))

    def element(self, name: str) -> str:
        """The type of the numbers of a section, as in `memoryview.cast`."""
        return self._place(name).element

    def length(self, name: str) -> int:
        """How many numbers a section holds.

        Raises:
            CatalogueError: the file has no such section.
        """
        place = self._place(name)
        return place.length // _ELEMENT_SIZES[place.element] if place.packing is None else place.packed

    def _place(self, name: str) -> _Place:
        if name not in self._places:
            raise CatalogueError(
                f"{self.path}: the catalogue was made by an older Tracker (it has no {name}); import it again"
            )
        return self._places[name]

    def piece(self, name: str, first: int, last: int) -> Piece:
        """Some bytes of a section, copied: for what is read here and there in a large one. Through the map it would
        keep the pages around each piece resident, and soon all of them.

        Raises:
            CatalogueError: the file has no such section, or cannot be read.
        """
        start, length, _, packing, _ = self._place(name)
        if packing is not None or not hasattr(os, "pread"):
            return bytes(self.bytes(name)[first:last])
        try:
            return os.pread(self._descriptor, min(last, length) - first, self._first + start + first)
        except (OSError, ValueError, OverflowError):
            raise self.damaged() from None

    def numbers(self, name: str) -> memoryview:
        """A section as a sequence of numbers, without numpy.

        Raises:
            CatalogueError: the file lacks it.
        """
        if name not in self._numbers:
            element: Any = self._places[name].element if self.has(name) else "B"
            self._numbers[name] = self.bytes(name).cast(element)
        return self._numbers[name]

    def array(self, name: str) -> Any:
        """A section as a read-only numpy array.

        Raises:
            CatalogueError: the file lacks it.
        """
        import numpy as np

        if name not in self._arrays:
            data = self.bytes(name)
            self._arrays[name] = np.frombuffer(data, dtype=np.dtype(self._places[name].element))
        return self._arrays[name]

    def check_columns(self, *names: str, length: int | None = None) -> int:
        """The length that sections have in common.

        Raises:
            CatalogueError: one is missing, or longer or shorter than the others or than `length`.
        """
        lengths = {self.length(name) for name in names} | ({length} if length is not None else set())
        if len(lengths) != 1:
            raise self.damaged()
        return lengths.pop()

    def check_below(self, name: str, limit: int) -> None:
        """See that all numbers of a section lie below a limit.

        Raises:
            CatalogueError: one does not.
        """
        if int(self.array(name).max(initial=0)) >= limit:
            raise self.damaged()

    def places_of(self, name: str, number: int) -> list[int]:
        """At which places in a section a number stands, without numpy."""
        size = _ELEMENT_SIZES[self.element(name)]
        wanted = number.to_bytes(size, "little")
        data, begin, end = self._searchable(name)
        found: list[int] = []
        at = data.find(wanted, begin, end)
        while at >= 0:
            if (at - begin) % size == 0:
                found.append((at - begin) // size)
            at = data.find(wanted, at + 1, end)
        return found

    def _searchable(self, name: str) -> tuple[mmap.mmap | Piece, int, int]:
        """Where the bytes of a section can be searched, and from where to where; a view of memory cannot."""
        place = self._place(name)
        if place.packing is not None:
            return (data := bytes(self.bytes(name))), 0, len(data)
        return self._map, self._first + place.start, self._first + place.start + place.length


def _fits(place: _Place, size: int) -> bool:
    """Whether a section lies within the file, where numbers are read quickest, and holds whole ones."""
    if not (isinstance(place.start, int) and isinstance(place.length, int) and isinstance(place.packed, int)):
        return False
    is_inside = 0 <= place.start <= place.start + place.length <= size and place.start % _ALIGNMENT == 0
    if place.packing is not None:
        is_known = place.packing in (PLANES, STEPS) and place.element in _ELEMENT_SIZES
        return is_inside and is_known and 0 <= place.packed <= MOST_PACKED
    return is_inside and place.length % _ELEMENT_SIZES.get(place.element, place.length + 1) == 0


def _facts(facts: Any) -> Facts:
    """Facts as `write_container` takes them: texts, numbers, and lists of texts.

    Raises:
        ValueError: they are something else.
    """
    for value in facts.values():
        texts = value if isinstance(value, list) else [value]
        if not all(isinstance(text, (str, int)) for text in texts):
            raise ValueError(value)
    return dict(facts)
