"""The sections of a catalogue from the columns of its rows: sorted, counted, and written one after the other.

Sections, all by row (the place of a paper in the order of its key number) or by entry:

* papers: `keys` and `long_keys` (see `keys`), their `other_keys`, `cited_in`, `phrases` (the dictionary for packing),
  and the packed lines `heads`, `details` and, where wanted, `abstracts` (see `records`);
* first authors: see `authors`; titles: see `title_index`; names: see `aliases`; words: see `postings`.

Everything raises `CatalogueError` where the disk is full.
"""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tracker.catalogue.aliases import alias_sections
from tracker.catalogue.authors import author_sections
from tracker.catalogue.column import Column
from tracker.catalogue.container import ContainerWriter, Window
from tracker.catalogue.keys import key_sections
from tracker.catalogue.name_index import NameTable
from tracker.catalogue.names import Curated
from tracker.catalogue.other_keys import other_key_sections
from tracker.catalogue.packing import phrases
from tracker.catalogue.postings import Words
from tracker.catalogue.records import ABSTRACTS, FIELD
from tracker.catalogue.rows import ROWS, Chunk, Packed, columns_of, merged, title_of
from tracker.catalogue.spool import Papers
from tracker.catalogue.title_index import TitleIndex, Titles, entries_in
from tracker.catalogue.workers import Workers
from tracker.errors import CatalogueError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    I64 = npt.NDArray[np.int64]
    U64 = npt.NDArray[np.uint64]

_SAMPLE: Final = 20_000
"""Heads of records from which the dictionary for packing them is made; more make it no better."""
_MOST: Final = 65_535
"""Numbers of citations and titles are kept in 16 bits; what is more counts as this."""
_MOST_TITLES: Final = 255
_COPIED: Final = 1 << 20

Progress = Callable[[str, int, int], None]
Seen = Mapping[str, Sequence[tuple["U64", int, "npt.NDArray[Any]"]]]
"""Of the catalogues that are inputs: hashes of names ("alias") and titles ("title"), which bits of these are kept, in
how many titles each stands."""


class PackedFile:
    """Packed blocks in a file without name until they have their place."""

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
        self._edges = array("Q", [0])

    def __enter__(self) -> PackedFile:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):  # what is lost with a full disk has been told
            self._file.close()

    def add(self, packed: Packed) -> None:
        """Take the next blocks."""
        self._file.write(packed.data)
        start = self._edges[-1]
        self._edges.extend(start + end for end in packed.ends)

    def write(self, name: str, writer: ContainerWriter) -> None:
        """Write the sections `name` and `name`_blocks."""
        self._file.seek(0)
        writer.add(name, "B", iter(partial(self._file.read, _COPIED), b""))
        writer.add(f"{name}_blocks", "Q", self._edges.tobytes())


def write_sections(
    writer: ContainerWriter,
    papers: Papers,
    listed: Mapping[int, Sequence[tuple[str, int, int]]],
    *,
    folder: Path,
    curated: Curated,
    keeps_abstracts: bool,
    seen: Seen,
    workers: Workers,
    progress: Progress,
) -> int:
    """Write all sections; returns how many names there are. `folder` is where there is room for parts."""
    import numpy as np

    rows = np.flatnonzero(papers.is_chosen)
    dictionary = phrases(_sample(papers, rows))
    other_keys, authors, names = [], [], []
    with ExitStack() as stack:
        titles, words = Titles(folder, stack), Words(stack.enter_context(Column(folder, "u4")))
        packed = {name: stack.enter_context(PackedFile(folder)) for name in ("heads", "details", ABSTRACTS)}
        titles_file = stack.enter_context(tempfile.TemporaryFile(dir=folder))
        chunks = _chunks(papers, rows, listed, curated, dictionary, keeps_abstracts)
        for done, columns in enumerate(workers.map(columns_of, chunks)):
            progress("papers", min(done * ROWS, len(rows)), len(rows))
            for part, file in zip(
                (columns.heads, columns.details, columns.abstracts), packed.values(), strict=True
            ):
                file.add(part)
            titles_file.write(columns.titles)
            other_keys.append(columns.other_keys)
            authors.append(columns.authors)
            titles.add(columns.title)
            names.append(columns.names)
            words.add(columns.words)
        workers.rest()
        progress("papers", len(rows), len(rows))
        writer.add_all(key_sections(papers.numbers[rows]))
        cited_in = np.minimum(papers.cited_in[rows], _MOST).astype(np.uint16)
        writer.add("cited_in", "H", cited_in.tobytes())
        writer.add("phrases", "B", dictionary)
        for name, file in packed.items():
            if name != ABSTRACTS or keeps_abstracts:
                file.write(name, writer)
            file.__exit__()
        writer.add_all(other_key_sections(other_keys))
        writer.add_all(author_sections(authors))
        authors.clear()
        writer.add_all(words.sections())
        for name, (element, data) in titles.sections():
            writer.add(name, element, data)
        writer.add_all(alias_sections(names))
        names.clear()
        _write_counts(writer, _titles_of(titles_file, papers), len(papers), seen, workers, progress)
    return writer.window("alias_row").length // 4


def _sample(papers: Papers, rows: I64) -> Iterator[str]:
    """Heads of papers, evenly taken."""
    for paper in rows[:: len(rows) // _SAMPLE + 1].tolist():
        yield merged(int(papers.numbers[paper]), papers.facts(paper)).head.replace(FIELD, " ")


def _chunks(
    papers: Papers,
    rows: I64,
    listed: Mapping[int, Sequence[tuple[str, int, int]]],
    curated: Curated,
    dictionary: bytes,
    keeps_abstracts: bool,
) -> Iterator[Chunk]:
    for first in range(0, len(rows), ROWS):
        chosen = rows[first : first + ROWS].tolist()
        numbers = papers.numbers[chosen].tolist()
        known = {number: listed[number] for number in numbers if number in listed}
        facts = [papers.facts(paper) for paper in chosen]
        yield Chunk(first, numbers, facts, known, curated, dictionary, keeps_abstracts)


# --- in how many titles each name and each title stands ------------------------------------------------


def _titles_of(file: Any, papers: Papers) -> Iterator[bytes]:
    """The titles of all papers as lines, a megabyte at a time; those of papers that were not chosen too."""
    file.seek(0)
    rest = b""
    while data := file.read(_COPIED):
        lines, _, rest = (rest + data).rpartition(b"\n")
        yield lines
    if len(papers) > int(papers.is_chosen.sum()):
        others = (~papers.is_chosen).nonzero()[0].tolist()
        for first in range(0, len(others), ROWS):
            titles = (
                title_of(int(papers.numbers[at]), papers.facts(at)) for at in others[first : first + ROWS]
            )
            yield "\n".join(titles).encode()


def _write_counts(
    writer: ContainerWriter,
    titles: Iterable[bytes],
    papers: int,
    seen: Seen,
    workers: Workers,
    progress: Progress,
) -> None:
    """The sections `title_titles` and `alias_titles`."""
    import numpy as np

    writer.flush()
    windows = tuple((name, writer.window(name)) for name in writer.names if name.startswith(_LOOKED_UP))
    hashes = [writer.window(f"{kind}_hash").array() for kind in _KINDS]
    counts = [np.zeros(len(column) + 1, dtype=np.int64) for column in hashes]
    done = 0
    tasks = ((windows, lines) for lines in titles)
    for found in workers.map(_counted, tasks):
        for (entries, times), count in zip(found[0], counts, strict=True):
            count[entries] += times
        done += found[1]
        progress("names and titles", min(done, papers), papers)
    for kind, column, count in zip(_KINDS, hashes, counts, strict=True):
        times = count[np.searchsorted(column, column)]
        for known, mask, before in seen.get(kind, ()):
            wanted = column & np.uint64(mask)
            place = np.minimum(np.searchsorted(known, wanted), max(len(known) - 1, 0))
            if len(known):
                times = np.where(known[place] == wanted, np.maximum(times, before[place]), times)
        most, kept = (_MOST_TITLES, np.uint8) if kind == "title" else (_MOST, np.uint16)
        element = "B" if kind == "title" else "H"
        writer.add(f"{kind}_titles", element, np.minimum(times, most).astype(kept).tobytes())


_KINDS: Final = ("title", "alias")
_LOOKED_UP: Final = ("title_hash", "title_bits", "title_first", "anchor", "alias_hash")

Windows = tuple[tuple[str, Window], ...]


def _counted(task: tuple[Windows, bytes]) -> tuple[list[tuple[I64, I64]], int]:
    """Which titles and which names stand in titles, and in how many; and how many titles these are."""
    windows, lines = task
    titles, names = _tables(windows)
    texts = lines.decode().split("\n")
    return entries_in(texts, [lambda text, sums: titles.find(text, sums)[:3], names.find]), len(texts)


@lru_cache(maxsize=1)
def _tables(windows: Windows) -> tuple[TitleIndex, NameTable]:
    arrays = {name: window.array() for name, window in windows}
    return TitleIndex(arrays.__getitem__, arrays.__contains__), NameTable(arrays["alias_hash"])


def told(fault: OSError) -> CatalogueError:
    """The error to raise where a part of a catalogue cannot be kept."""
    return CatalogueError(f"the catalogue cannot be made: {fault.strerror or fault}")
