"""What a catalogue is made from: files of facts in, records and names out.

Formats, told by the name of the file: `*.jsonl`, `*.jsonl.gz`, `*.jsonl.zst` (one paper a line: `id`,
`title`, `authors`, `date`, `categories`, `venue`, `doi`, `cited_in`), and `aliases.tsv` (name, arXiv id,
number of
sources that use the name for the paper). Lines that cannot be used are counted and reported, never guessed
at.
"""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from tracker.catalogue.records import Record
from tracker.errors import CatalogueError
from tracker.identifiers import PaperKey, arxiv_key, parse_arxiv_id, parse_key


class NamedBy(NamedTuple):
    """A short name, the paper it stands for, and how many sources use it so."""

    name: str
    key: PaperKey
    sources: int


@contextmanager
def open_text(path: Path) -> Iterator[io.TextIOBase]:
    """A text file, decompressed by its suffix (.gz, .zst); undecodable bytes are replaced.

    Raises:
        CatalogueError: missing, unreadable, or a .zst without the package that reads it.
    """
    try:
        with path.open("rb") as raw:
            binary: Any = raw
            if path.suffix == ".gz":
                binary = gzip.GzipFile(fileobj=raw)
            elif path.suffix == ".zst":
                binary = _zstandard(path).ZstdDecompressor(max_window_size=1 << 27).stream_reader(raw)
            yield io.TextIOWrapper(io.BufferedReader(binary), encoding="utf-8", errors="replace")
    except (OSError, EOFError) as error:
        raise CatalogueError(f"{path}: cannot be read: {error}") from error


def _zstandard(path: Path) -> Any:
    try:
        import zstandard
    except ImportError:
        raise CatalogueError(f"{path}: .zst needs one more package: pip install 'tracker[build]'") from None
    return zstandard


def read_papers(path: Path, rejected: list[str]) -> Iterator[Record]:
    """The records of a JSON Lines file, in order; for each unusable line one text is added to `rejected`."""
    with open_text(path) as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                yield _record(json.loads(line))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                rejected.append(f"{path}:{number}: {error}")


def _record(fields: dict[str, Any]) -> Record:
    identifier = str(fields["id"])
    key = _key(identifier)
    title = " ".join(str(fields["title"] or "").split())
    if key is None or not title:
        raise ValueError(f"{identifier!r} has no usable id or title")
    authors = [str(name) for name in fields.get("authors") or ()]
    is_complete = bool(authors) and authors[-1] != "others"
    if not is_complete:
        authors = authors[:-1]
    day = fields.get("date")
    return Record(
        key,
        title,
        tuple(authors),
        is_complete,
        date.fromisoformat(day) if day else None,
        tuple(fields.get("categories") or ()),
        str(fields.get("venue") or ""),
        str(fields.get("doi") or ""),
        int(fields.get("cited_in") or 0),
    )


def _key(identifier: str) -> PaperKey | None:
    found = parse_arxiv_id(identifier)
    return arxiv_key(found[0]) if found else parse_key(identifier)


def read_names(path: Path, rejected: list[str]) -> Iterator[NamedBy]:
    """The short names of a file of tab-separated name, arXiv id, count; unusable lines are added to
    `rejected`."""
    with open_text(path) as lines:
        for number, line in enumerate(lines, 1):
            fields = line.rstrip("\n").split("\t")
            key = _key(fields[1]) if len(fields) == 3 else None
            if key is None or not fields[0].strip() or not fields[2].isdigit():
                rejected.append(f"{path}:{number}: not a name, an id and a count")
                continue
            yield NamedBy(fields[0].strip(), key, int(fields[2]))
