"""Files as streams of bytes: opened, unpacked (.gz, .zst, .zip; told by content too), and every fault told.

In: a path, or "-" for standard input. Out: one stream of bytes, of a .zip one for each of its files. A file that
is cut short or damaged is never taken for whole.
"""

from __future__ import annotations

import gzip
import io
import shutil
import stat
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO, Final

from tracker.errors import CatalogueError

STANDARD_INPUT: Final = Path("-")
_ZSTD_WINDOW: Final = 1 << 27
"""Bytes a .zst may look back; the files that `zstd --long=27` makes need them."""
_PIECE: Final = 1 << 16
_IS_ENCRYPTED: Final = 1
"""Bit of a .zip's entry."""
_PACKED: Final = {
    b"\x1f\x8b": ".gz",
    b"\x28\xb5\x2f\xfd": ".zst",
    b"PK\x03\x04": ".zip",
    b"PK\x05\x06": ".zip",
}
"""First bytes -> what the file is packed with, by its usual suffix."""
_SKIPPED: Final = b"\x2a\x4d\x18"
"""Behind a byte from 0x50 to 0x5f, how a frame without data begins, which some put before the others of a .zst.
Source: https://www.rfc-editor.org/rfc/rfc8878#name-skippable-frames"""
_NAMED: Final = {".gz": "gzip", ".zst": "zstandard", ".zip": "zip"}
_FAULTS: Final = (
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
    NotImplementedError,
    zlib.error,
    zipfile.BadZipFile,
)


def check_input(path: Path) -> None:
    """See that there is an input, before work is done for it. A pipe is not opened, for it can be but once.

    Raises:
        CatalogueError: it is missing, a folder, or unreadable.
    """
    if path != STANDARD_INPUT:
        with _told(str(path)):
            if not stat.S_ISFIFO(path.stat().st_mode):
                path.open("rb").close()


class Stream:
    """The bytes of a file or of a member of an archive, unpacked, read once from its beginning to its end."""

    def __init__(self, name: str, file_name: str, data: Any, raw: Any, faults: Any = _FAULTS) -> None:
        self.name = name
        """What people call it: "all.zip: arxiv.json"."""
        self.file_name = file_name
        """Its own name, without the suffix of what it was packed with; "" for standard input."""
        self._data: Any = io.BufferedReader(data, _PIECE)
        self.is_file = data is raw
        """Whether these are the bytes of the file itself."""
        self._raw = raw
        self._faults = faults

    def peek(self) -> bytes:
        """Some of what comes next, which stays to be read; b"" only at the end.

        Raises:
            CatalogueError: it cannot be read, or is damaged.
        """
        with _told(self.name, self._faults):
            return bytes(self._data.peek(_PIECE))

    def read(self, size: int = -1) -> bytes:
        """At most so many bytes, b"" at the end only.

        Raises:
            CatalogueError: it cannot be read, is damaged or cut short.
        """
        with _told(self.name, self._faults):
            return bytes(self._data.read(size))

    def position(self) -> int:
        """How many bytes of the file, as it is packed, have been read; 0 where nobody can tell."""
        try:
            return int(self._raw.tell())
        except (OSError, ValueError):
            return 0


@contextmanager
def _told(name: str, faults: Any = _FAULTS) -> Iterator[None]:
    try:
        yield
    except faults as error:
        reason = getattr(error, "strerror", None) or error
        raise CatalogueError(f"{name}: cannot be read: {reason}") from None


def _standard_input(given: BinaryIO | None) -> BinaryIO:
    if given is None and sys.stdin is None:
        raise ValueError("it is closed")
    return given or sys.stdin.buffer


@contextmanager
def opened(
    path: Path, *, stdin: BinaryIO | None = None, folder: Path | None = None
) -> Iterator[Iterator[Stream]]:
    """The streams of a file; each is read before the next is asked for.

    A .zip from standard input is kept in `folder` while it is read, as its list of contents comes last.

    Raises:
        CatalogueError: it is missing, unreadable, not packed as its name says, or a .zst without the package
            that reads it.
    """
    name = "standard input" if path == STANDARD_INPUT else str(path)
    with _told(name):
        raw: Any = _standard_input(stdin) if path == STANDARD_INPUT else path.open("rb")
    try:
        with _told(name):
            if not hasattr(raw, "peek"):
                raw = io.BufferedReader(raw)
            beginning = raw.peek(4)[:4]
        suffix = path.suffix.lower()
        packed = _packed_with(beginning)
        if suffix in _NAMED and suffix != packed:
            raise CatalogueError(f"{name}: cannot be read: this is no {_NAMED[suffix]} file")
        if packed == ".zip":
            is_whole = path != STANDARD_INPUT
            with nullcontext(raw) if is_whole else _kept(name, raw, folder) as archive:
                yield _members(name, archive)
        else:
            file_name = "" if path == STANDARD_INPUT else path.name
            yield iter([_unpacked(name, file_name, raw, raw, packed)])
    finally:
        if path != STANDARD_INPUT:
            raw.close()


def _packed_with(beginning: bytes) -> str | None:
    """What a file is packed with that begins so, by its usual suffix; None: with nothing."""
    if beginning[1:] == _SKIPPED and beginning[0] >> 4 == 5:
        return ".zst"
    return _PACKED.get(beginning[:2]) or _PACKED.get(beginning)


def _unpacked(name: str, file_name: str, data: Any, raw: Any, packed: str | None) -> Stream:
    """The stream of what is packed with gzip, zstandard, or nothing."""
    if packed == ".gz":
        return Stream(name, file_name.removesuffix(file_name[-3:]), gzip.GzipFile(fileobj=data), raw)
    if packed == ".zst":
        zstandard = _zstandard(name)
        unpacker = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
        reader: Any = _ZstdReader(data, unpacker)
        return Stream(
            name, file_name.removesuffix(file_name[-4:]), reader, raw, (*_FAULTS, zstandard.ZstdError)
        )
    return Stream(name, file_name, data, raw)


@contextmanager
def _kept(name: str, raw: Any, folder: Path | None) -> Iterator[Any]:
    """A file without name with all that a pipe gives."""
    with ExitStack() as stack:
        with _told(name):
            kept = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
            stack.callback(_close, kept)
            shutil.copyfileobj(raw, kept, 1 << 20)
            kept.flush()
        yield kept


def _close(file: Any) -> None:
    with suppress(OSError):  # what is lost with a full disk has been told
        file.close()


def _members(name: str, raw: Any) -> Iterator[Stream]:
    """The files in an archive in the order of its list, but for those that systems put in by themselves."""
    with _told(name):
        archive = zipfile.ZipFile(raw)
    for entry in archive.infolist():
        place = PurePosixPath(entry.filename)
        if entry.is_dir() or "__MACOSX" in place.parts or place.name.startswith("."):
            continue
        full = f"{name}: {entry.filename}"
        if entry.flag_bits & _IS_ENCRYPTED:
            raise CatalogueError(f"{full}: cannot be read: it is encrypted; unpack it first")
        with _told(full):
            member: IO[bytes] = archive.open(entry)
            inner: Any = io.BufferedReader(member, _PIECE)
            beginning = inner.peek(4)[:4]
        packed = _packed_with(beginning)
        if packed == ".zip":
            continue  # an archive in an archive: nobody packs facts so
        yield _unpacked(full, place.name, inner, raw, packed)


class _ZstdReader(io.RawIOBase):
    """The bytes that a .zst holds in one frame or several; the package's own reader takes a cut file for
    whole."""

    def __init__(self, packed: BinaryIO, unpacker: Any) -> None:
        self._packed = packed
        self._unpacker = unpacker
        self._frame: Any = None
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any) -> int:
        while not self._ready:
            data = self._frame.unused_data if self._frame and self._frame.eof else b""
            data = data or self._packed.read(_PIECE)
            if not data:
                if self._frame and not self._frame.eof:
                    raise EOFError("the file is cut short")
                return 0
            if self._frame is None or self._frame.eof:
                self._frame = self._unpacker.decompressobj()
            self._ready = memoryview(self._frame.decompress(data))
        size = min(len(target), len(self._ready))
        target[:size], self._ready = self._ready[:size], self._ready[size:]
        return size


def _zstandard(name: str) -> Any:
    try:
        import zstandard
    except ImportError:
        raise CatalogueError(f"{name}: .zst needs one more package: pip install 'tracker[build]'") from None
    return zstandard
