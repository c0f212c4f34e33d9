"""What a catalogue is made from: files of facts in, records and names out.

Formats, told by the name of the file: `*.jsonl`, `*.jsonl.gz`, `*.jsonl.zst` (one paper a line: `id`,
`title`, `authors`, `date`, `categories`, `venue`, `doi`, `cited_in`), and `aliases.tsv` (name, arXiv id,
number of sources that use the name for the paper). Lines that cannot be used are counted and reported, never
guessed at.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from tracker.catalogue.records import Record
from tracker.errors import CatalogueError
from tracker.identifiers import PaperKey, arxiv_key, parse_arxiv_id, parse_doi, parse_key

_ZSTD_WINDOW: Final = 1 << 27
"""Bytes a .zst may look back; the files that `zstd --long=27` makes need them."""
_PIECE: Final = 1 << 16
_COUNT: Final = re.compile("[0-9]{1,9}")
_DOI: Final = re.compile(r"10\.[0-9]{4,9}/\S+")
_ARXIV_DOI: Final = "10.48550/"


class NamedBy(NamedTuple):
    """A short name, the paper it stands for, and how many sources use it so."""

    name: str
    key: PaperKey
    sources: int


def is_names_file(path: Path) -> bool:
    """Whether a file holds names (*.tsv) and not papers."""
    return path.suffix.lower() == ".tsv"


@contextmanager
def open_text(path: Path) -> Iterator[io.TextIOBase]:
    """A text file, decompressed by its suffix (.gz, .zst); undecodable bytes are replaced.

    Raises:
        CatalogueError: missing, unreadable, damaged, or a .zst without the package that reads it.
    """
    faults: tuple[type[Exception], ...] = (OSError, EOFError, ValueError, zlib.error)
    try:
        with path.open("rb") as raw:
            binary: Any = raw
            if path.suffix.lower() == ".gz":
                binary = gzip.GzipFile(fileobj=raw)
            elif path.suffix.lower() == ".zst":
                zstandard = _zstandard(path)
                faults = (*faults, zstandard.ZstdError)
                binary = _ZstdReader(raw, zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW))
            yield io.TextIOWrapper(io.BufferedReader(binary), encoding="utf-8", errors="replace")
    except faults as error:
        reason = getattr(error, "strerror", None) or error
        raise CatalogueError(f"{path}: cannot be read: {reason}") from None


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


def _zstandard(path: Path) -> Any:
    try:
        import zstandard
    except ImportError:
        raise CatalogueError(f"{path}: .zst needs one more package: pip install 'tracker[build]'") from None
    return zstandard


def read_papers(path: Path, rejected: list[str]) -> Iterator[Record]:
    """The records of a JSON Lines file, in order; for each unusable line one text is added to `rejected`.

    Raises:
        CatalogueError: the file cannot be read.
    """
    with open_text(path) as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                record = _record(line)
            except ValueError as error:
                rejected.append(f"{path}:{number}: {error}")
            else:
                yield record


def _record(line: str) -> Record:
    """The record of one line.

    Raises:
        ValueError: it cannot be used; the text says why.
    """
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("this is not a line of JSON") from None
    if not isinstance(fields, dict):
        raise ValueError("this is not a JSON object")
    identifier, title = _text(fields, "id"), _text(fields, "title")
    key = _key(identifier)
    if key is None or not title:
        raise ValueError(f"{identifier!r} has no usable id or title")
    authors = _texts(fields, "authors")
    is_complete = bool(authors) and authors[-1] != "others"
    day = _text(fields, "date")
    return Record(
        key,
        title,
        tuple(authors if is_complete else authors[:-1]),
        is_complete,
        date.fromisoformat(day) if day else None,
        tuple(_texts(fields, "categories")),
        _text(fields, "venue"),
        _doi(_text(fields, "doi")),
        _count(fields, "cited_in"),
    )


def _text(fields: dict[str, Any], name: str) -> str:
    """A field on one line, "" where it is missing or null."""
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"{name} is no text: {value!r:.40}")
    return " ".join(value.encode("utf-8", "replace").decode().split())


def _texts(fields: dict[str, Any], name: str) -> list[str]:
    """A field that is a list of texts, those that are empty left out; [] where it is missing or null."""
    value = fields.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise ValueError(f"{name} is no list: {value!r:.40}")
    return [text for one in value if (text := _text({name: one}, name))]


def _count(fields: dict[str, Any], name: str) -> int:
    value = fields.get(name)
    if value is None:
        return 0
    if not isinstance(value, int) or value < 0:
        raise ValueError(f"{name} is no count: {value!r:.40}")
    return value


def _doi(text: str) -> str:
    """A DOI in the normal form; "" for arXiv's own and for what is none."""
    doi = text.lower() if _DOI.fullmatch(text) else parse_doi(text) or ""
    return "" if doi.startswith(_ARXIV_DOI) else doi


def _key(identifier: str) -> PaperKey | None:
    found = parse_arxiv_id(identifier)
    return arxiv_key(found[0]) if found else parse_key(identifier)


def read_names(path: Path, rejected: list[str]) -> Iterator[NamedBy]:
    """The short names of a file of tab-separated name, arXiv id, count; unusable lines are added to
    `rejected`.

    Raises:
        CatalogueError: the file cannot be read.
    """
    with open_text(path) as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            fields = line.rstrip("\n").split("\t")
            key = _key(fields[1].strip()) if len(fields) == 3 else None
            if key is None or not fields[0].strip() or not _COUNT.fullmatch(fields[2].strip()):
                rejected.append(f"{path}:{number}: not a name, an id and a count")
                continue
            yield NamedBy(" ".join(fields[0].split()), key, int(fields[2]))
