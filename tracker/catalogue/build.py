"""Make a catalogue file from files of facts: choose the papers, collect their names, lay out the index.

In: files that `sources` reads. Out: one catalogue file (see `container`) with the sections

* `keys` sorted key numbers (see `keys`), one per row; `heads`, `details` and their blocks (see `records`);
* `cited_in` per row, so that a candidate can be judged without unpacking its record;
* first authors (see `authors`): `author_hash`, `author_papers`, `author_row`;
* titles: `title_hash` sorted hashes of squeezed titles and of long main titles and subtitles, `title_row`,
  `title_part` (0 whole, 1 main title, 2 subtitle),
  `title_titles` (titles in which it stands, of all papers read); `anchor` sorted hashes (32 bits) of the first
  `ANCHOR` squeezed characters with `anchor_length`, the lengths of the titles that begin so, and
  `anchor_bits`;
* names: `alias_hash` sorted hashes of squeezed names with `alias_bits`, `alias_row`, `alias_count`,
`alias_origin`, `alias_titles` (titles in which the name stands, of all papers read), and their
  spelling in `alias_text` (`alias_size` bytes each).
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tracker.catalogue.authors import author_sections
from tracker.catalogue.container import write_container
from tracker.catalogue.index import ANCHOR, NameTable, TitleTable, anchor_hash, bit_table
from tracker.catalogue.keys import key_number
from tracker.catalogue.names import (
    Curated,
    Origin,
    is_common_word,
    is_usable,
    name_in_title,
    read_curated,
    title_parts,
)
from tracker.catalogue.postings import pack_words
from tracker.catalogue.records import Record, pack_records
from tracker.catalogue.sources import NamedBy, read_names, read_papers
from tracker.catalogue.squeeze import CHUNK, OVERLAP, Squeezed, squeeze, squeeze_chunk
from tracker.errors import CatalogueError
from tracker.identifiers import PaperKey

PART_WORDS: Final = 4
"""A main title or subtitle of fewer words says too little to be looked for by itself."""
CURATED_PATH: Final = Path(__file__).parent / "curated.toml"


@dataclass
class BuildReport:
    """What came of a build, for people."""

    papers: int = 0
    names: int = 0
    rejected: list[str] = field(default_factory=list)


def build_catalogue(
    inputs: Sequence[Path],
    target: Path,
    *,
    most_cited: int | None = None,
    curated_path: Path = CURATED_PATH,
    now: datetime | None = None,
) -> BuildReport:
    """Write the catalogue of the papers and names in `inputs` to `target`; returns counts and unusable lines.

    `most_cited` keeps only that many papers, the most cited first, of equally cited ones those with more
    sources for their names, then the newer.

    Raises:
        CatalogueError: an input cannot be read, holds no papers, or `target` cannot be written.
    """
    report = BuildReport()
    name_files = [path for path in inputs if path.suffix == ".tsv"]
    paper_files = [path for path in inputs if path.suffix != ".tsv"]
    listed: dict[PaperKey, list[NamedBy]] = defaultdict(list)
    for path in name_files:
        for named in read_names(path, report.rejected):
            listed[named.key].append(named)
    titles = _Titles()
    papers = (record for path in paper_files for record in read_papers(path, report.rejected))
    curated = read_curated(curated_path)
    records = _choose(titles.note(papers), listed, curated, most_cited)
    if not records:
        raise CatalogueError(f"{', '.join(map(str, inputs))}: no papers in these files")
    aliases = _aliases(records, listed, curated)
    report.papers, report.names = len(records), len(aliases)
    facts = {
        "papers": report.papers,
        "names": report.names,
        "made": (now or datetime.now(UTC)).isoformat(timespec="seconds"),
        "newest": max((f"{r.published}" for r in records if r.published), default=""),
        "sources": [path.name for path in inputs],
    }
    write_container(target, _sections(records, aliases, titles), facts)
    return report


class _Titles:
    """All titles that were read, those of papers not kept too: they tell which names are words of the
    field."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._pending: list[str] = []

    def note(self, papers: Iterable[Record]) -> Iterator[Record]:
        """The papers as they come, their titles remembered in stretches of at most `CHUNK` code points."""
        size = 0
        for record in papers:
            self._pending.append(record.title)
            size += len(record.title) + 1
            if size > CHUNK - OVERLAP:
                self._flush()
                size = 0
            yield record
        self._flush()

    def _flush(self) -> None:
        self.texts.append("\n".join(self._pending)[:CHUNK])
        self._pending = []


def _choose(
    papers: Iterable[Record],
    listed: dict[PaperKey, list[NamedBy]],
    curated: Curated,
    most_cited: int | None,
) -> list[Record]:
    """The papers to keep, by key number, each key once (the first of equal keys wins).

    Papers whose names were settled by hand are always kept.
    """
    by_hand = {key for _, key in curated.added}

    def rank(record: Record) -> tuple[bool, int, int, int]:
        return (record.key in by_hand, *fame(record))

    def fame(record: Record) -> tuple[int, int, int]:
        return record.cited_in, sum(n.sources for n in listed.get(record.key, ())), key_number(record.key)

    chosen = papers if most_cited is None else heapq.nlargest(most_cited, papers, key=rank)
    by_number: dict[int, Record] = {}
    for record in chosen:
        by_number.setdefault(key_number(record.key), record)
    return [by_number[number] for number in sorted(by_number)]


@dataclass
class _Alias:
    """One name of one paper."""

    name: str
    row: int
    sources: int
    origin: int


def _aliases(
    records: Sequence[Record], listed: dict[PaperKey, list[NamedBy]], curated: Curated
) -> list[_Alias]:
    """All names of all papers: one per squeezed name and paper, spelled as most sources spell it."""
    by_hand: dict[PaperKey, list[str]] = defaultdict(list)
    for name, key in curated.added:
        by_hand[key].append(name)
    found: dict[tuple[str, int], _Alias] = {}

    def add(name: str, row: int, count: int, origin: int) -> None:
        key = squeeze(name)
        refused = {(key, None), (key, records[row].key)} & curated.refused
        if not is_usable(name) or (refused and not origin & Origin.CURATED):
            return
        if is_common_word(name):
            origin |= Origin.COMMON
        known = found.get((key, row))
        if known is None:
            found[key, row] = _Alias(name, row, count, origin)
            return
        known.origin |= origin
        if count and origin & Origin.LISTED:
            known.name = name if count > known.sources else known.name
            known.sources += count

    for row, record in enumerate(records):
        for named in sorted(listed.get(record.key, ()), key=lambda n: (-n.sources, n.name)):
            add(named.name, row, named.sources, Origin.LISTED)
        if prefix := name_in_title(record.title):
            add(prefix, row, 0, Origin.PREFIX)
        if len(squeeze(record.title)) < 2 * ANCHOR:
            add(record.title, row, 0, Origin.TITLE)
        for name in by_hand.get(record.key, ()):
            add(name, row, 0, Origin.CURATED)
    return list(found.values())


def _sections(
    records: Sequence[Record], aliases: Sequence[_Alias], titles: _Titles
) -> dict[str, tuple[str, bytes]]:
    import numpy as np

    cited = np.array([min(r.cited_in, 65535) for r in records], dtype=np.uint16)
    numbers = np.array([key_number(r.key) for r in records], dtype=np.uint64)
    return {
        "keys": ("Q", numbers.tobytes()),
        "cited_in": ("H", cited.tobytes()),
        **pack_records(records),
        **author_sections(records),
        **_title_sections(records, titles),
        **_alias_sections(aliases, titles),
        **pack_words(record.title for record in records),
    }


def _title_sections(records: Sequence[Record], titles: _Titles) -> dict[str, tuple[str, bytes]]:
    import numpy as np

    texts: list[str] = []
    rows: list[int] = []
    parts: list[int] = []
    for row, record in enumerate(records):
        main, subtitle = title_parts(record.title)
        texts.append(record.title)
        for text in (main, subtitle):
            texts.append(text if subtitle and len(text.split()) >= PART_WORDS else "")
        rows += [row] * 3
        parts += [0, 1, 2]
    hashes, heads, lengths = _title_hashes(texts)
    anchors = anchor_hash(heads)
    kept = np.flatnonzero(lengths >= ANCHOR)
    order = kept[np.lexsort((np.array(parts)[kept], np.array(rows)[kept], hashes[kept]))]
    pairs = np.unique(anchors[kept].astype(np.uint64) << np.uint64(16) | lengths[kept].astype(np.uint64))
    anchor_bits = bit_table(heads[kept])
    first = (pairs >> np.uint64(16)).astype(np.uint32)
    length = (pairs & np.uint64(0xFFFF)).astype(np.uint16)
    table = TitleTable(hashes[order], first, length, anchor_bits)
    return {
        "title_hash": ("Q", hashes[order].tobytes()),
        "title_row": ("I", np.array(rows, dtype=np.uint32)[order].tobytes()),
        "title_part": ("B", np.array(parts, dtype=np.uint8)[order].tobytes()),
        "title_titles": ("B", np.minimum(_times_in(table, titles), 255).astype(np.uint8).tobytes()),
        "anchor_bits": ("B", anchor_bits),
        "anchor": ("I", first.tobytes()),
        "anchor_length": ("H", length.tobytes()),
    }


def _title_hashes(texts: Sequence[str]) -> tuple[Any, Any, Any]:
    """For each text: the hash of all of it, the hash of its beginning, and its squeezed length (0: too
    long)."""
    import numpy as np

    hashes = np.zeros(len(texts), dtype=np.uint64)
    heads = np.zeros(len(texts), dtype=np.uint64)
    lengths = np.zeros(len(texts), dtype=np.int64)
    for first, last, squeezed, starts, ends in _batches(texts):
        size = ends - starts
        hashes[first:last] = squeezed.hashes(starts, ends)
        heads[first:last] = squeezed.hashes(starts, np.minimum(starts + ANCHOR, ends))
        lengths[first:last] = np.where(size < OVERLAP // 2, size, 0)
    return hashes, heads, lengths


def _batches(texts: Sequence[str]) -> Iterable[tuple[int, int, Squeezed, Any, Any]]:
    """Texts squeezed many at a time: (first, last, squeezed batch, start of each text, end of each text)."""
    import numpy as np

    first = 0
    while first < len(texts):
        last, size = first, 0
        while last < len(texts) and size + len(texts[last]) + 1 <= CHUNK:
            size += len(texts[last]) + 1
            last += 1
        last = max(last, first + 1)
        batch = [text[: CHUNK - 1] for text in texts[first:last]]
        squeezed = squeeze_chunk("\n".join(batch))
        edges = np.cumsum([0] + [len(text) + 1 for text in batch])
        bounds = np.searchsorted(squeezed.offsets, edges)
        yield first, last, squeezed, bounds[:-1], bounds[1:]
        first = last


def _alias_sections(aliases: Sequence[_Alias], titles: _Titles) -> dict[str, tuple[str, bytes]]:
    import numpy as np

    hashes = np.zeros(len(aliases), dtype=np.uint64)
    for first, last, squeezed, starts, ends in _batches([alias.name for alias in aliases]):
        hashes[first:last] = squeezed.hashes(starts, ends)
    rows = np.array([alias.row for alias in aliases], dtype=np.uint32)
    order = np.lexsort((rows, hashes))
    ordered = [aliases[i] for i in order]
    texts = [alias.name.encode() for alias in ordered]
    table = NameTable(hashes[order], bit_table(hashes))
    return {
        "alias_bits": ("B", bit_table(hashes)),
        "alias_hash": ("Q", hashes[order].tobytes()),
        "alias_row": ("I", rows[order].tobytes()),
        "alias_count": ("H", np.array([min(a.sources, 65535) for a in ordered], dtype=np.uint16).tobytes()),
        "alias_origin": ("B", np.array([int(a.origin) for a in ordered], dtype=np.uint8).tobytes()),
        "alias_size": ("B", np.array([len(t) for t in texts], dtype=np.uint8).tobytes()),
        "alias_titles": ("H", np.minimum(_times_in(table, titles), 65535).astype(np.uint16).tobytes()),
        "alias_text": ("B", b"".join(texts)),
    }


def _times_in(table: TitleTable | NameTable, titles: _Titles) -> Any:
    """For each entry of a table, in how many of the titles it stands as words of its own."""
    import numpy as np

    seen = np.zeros(len(table.hashes) + 1, dtype=np.int64)
    for text in titles.texts:
        _, _, first, last = table.find(squeeze_chunk(text))
        np.add.at(seen, first[first < last], 1)
    return seen[np.searchsorted(table.hashes, table.hashes, "left")]
