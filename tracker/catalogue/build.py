"""Make a catalogue file of what inputs say about papers: read them, choose the papers, lay out the index.

In: files that `sources` tells apart. Out: one catalogue file (see `container`, `sections`). The same inputs, with
their lines in whatever order and with whatever number of processes, make the same file but for the time it was
made, which is an argument.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

from tracker.catalogue import Catalogue, Origin
from tracker.catalogue.container import (
    ContainerWriter,
    Facts,
    check_replaceable,
    check_target,
    remove_leftovers,
)
from tracker.catalogue.keys import key_number
from tracker.catalogue.lock import locked
from tracker.catalogue.names import CURATED_PATH, read_curated
from tracker.catalogue.sections import Progress, told, write_sections
from tracker.catalogue.sheaf import Rows, Sheaf, sheaf_of_lines, sheaf_of_rows, state_of
from tracker.catalogue.sources import (
    Batch,
    Kind,
    Rejects,
    batches_of_lines,
    facts_of_bib,
    kind_of,
    names_of_lines,
)
from tracker.catalogue.spool import Spool
from tracker.catalogue.streams import STANDARD_INPUT, Stream, check_input, opened
from tracker.catalogue.workers import Workers
from tracker.errors import CatalogueError

__all__ = ["BuildReport", "NoPapers", "Progress", "build_catalogue"]

_ROWS: Final = 8192
"""Of a catalogue that is an input, read at once."""
_NAMED: Final = 20
"""Inputs that the facts name; of more, their number."""


@dataclass
class BuildReport:
    """What came of a build, for people."""

    papers: int = 0
    names: int = 0
    rejected: list[str] = field(default_factory=list)
    """For the first lines that could not be used their file, number, and what is wrong with each."""
    rejected_count: int = 0
    """How many there were."""


class NoPapers(CatalogueError):
    """Inputs that tell of no papers."""

    def __init__(self, inputs: Sequence[Path], rejects: Rejects) -> None:
        lines = f"; {rejects.count} lines cannot be used" if rejects.count > 1 else ""
        super().__init__(f"{', '.join(map(_shown, inputs))}: no papers in these files{lines}")
        self.rejected = rejects.shown
        """As in `BuildReport`."""
        self.rejected_count = rejects.count


def build_catalogue(
    inputs: Sequence[Path],
    target: Path,
    *,
    base: Path | None = None,
    most_cited: int | None = None,
    keep_abstracts: bool = False,
    curated_path: Path = CURATED_PATH,
    now: datetime | None = None,
    facts: Facts | None = None,
    progress: Progress | None = None,
    workers: int | None = None,
    stdin: BinaryIO | None = None,
    is_locked: bool = False,
) -> BuildReport:
    """Write the catalogue of the papers and names in `inputs` to `target`; returns counts and unusable lines.

    `Path("-")` is standard input, read from `stdin`. An input may be a catalogue, the one at `target` too.
    `base` is a catalogue that counts as the first input. Of what several inputs say about a paper the later wins;
    `cited_in` and the counts of names are the largest that any says. `most_cited` keeps only that many papers, the
    most cited first, of equally cited ones those with more sources for their names, then the newer; papers with names
    settled by hand before all others.

    `facts` go into the facts of the catalogue over those it has by itself: "papers", "names", "made", "newest"
    (date of the newest paper), "harvested" (date of the last change, where an input knows of any) and "sources"; no
    date after `now` counts. `progress` is told what is done, how much of it, and of how much (bytes of the inputs,
    papers; 0 where nobody knows). Beside `target` there is room needed for the facts of all papers, 400 bytes each,
    while it is made. `workers` is how many processes help at most (None: one for each core). `is_locked` says that
    the caller holds the lock of `target` (see `lock`).

    Raises:
        NoPapers: the inputs hold none.
        CatalogueError: an input cannot be read, another process writes `target`, it cannot be written, or what
            stands there is no catalogue; it is untouched.
    """
    check_target(target)
    if list(inputs).count(STANDARD_INPUT) > 1:
        raise CatalogueError("standard input can be read only once; give - a single time")
    for path in inputs:
        check_input(path)
    if not any(_is_same(path, target) for path in inputs):
        check_replaceable(target)
    curated = read_curated(curated_path)
    now = now or datetime.now(UTC)
    today = now.date()
    tell = progress or (lambda what, done, total: None)
    with contextlib.nullcontext() if is_locked else locked(target), Workers(workers) as helpers:
        remove_leftovers(target)
        with Spool(target.parent) as spool:
            intake = _Intake(spool, helpers, tell, keep_abstracts, target)
            intake.take_all(inputs, stdin)
            if not len(spool):
                raise NoPapers(inputs, intake.rejects)
            if base is not None:
                intake.take_base(base)
            sources_of = {
                number: sum(count for _, count, _ in names) for number, names in intake.listed.items()
            }
            by_hand = {key_number(key) for _, key in curated.added}
            papers = spool.papers(sources_of, most_cited, by_hand, today)
            if not papers:
                raise NoPapers(inputs, intake.rejects)
            chosen = int(papers.is_chosen.sum())
            with ContainerWriter(target) as writer:
                try:
                    names = write_sections(
                        writer,
                        papers,
                        intake.listed,
                        folder=target.parent,
                        curated=curated,
                        keeps_abstracts=keep_abstracts,
                        seen=intake.seen,
                        workers=helpers,
                        progress=tell,
                    )
                except OSError as error:
                    raise told(error) from None
                changes = (intake.harvested, spool.newest_change(today))
                harvested = max((day for day in changes if day and day <= today), default=None)
                writer.finish(
                    {
                        "papers": chosen,
                        "names": names,
                        "made": now.isoformat(timespec="seconds"),
                        "newest": str(papers.newest or ""),
                        **({"harvested": str(harvested)} if harvested else {}),
                        "sources": _sources(inputs),
                        **(facts or {}),
                    }
                )
    return BuildReport(chosen, names, intake.rejects.shown, intake.rejects.count)


def _shown(path: Path) -> str:
    return "standard input" if path == STANDARD_INPUT else str(path)


def _sources(inputs: Sequence[Path]) -> list[str]:
    names = [path.name for path in inputs]
    return names if len(names) <= _NAMED else [*names[: _NAMED - 1], f"{len(names) - _NAMED + 1} more"]


class _Intake:
    """What is taken in of the inputs, one after the other."""

    def __init__(
        self, spool: Spool, workers: Workers, progress: Progress, keeps_abstracts: bool, target: Path
    ) -> None:
        self.listed: dict[int, list[tuple[str, int, int]]] = defaultdict(list)
        """Key number -> its names (see `aliases.Given`)."""
        self.seen: dict[str, list[tuple[Any, int, Any]]] = {"alias": [], "title": []}
        self.harvested: date | None = None
        self.rejects = Rejects()
        self._spool = spool
        self._workers = workers
        self._progress = progress
        self._keeps_abstracts = keeps_abstracts
        self._target = target
        self._source = 0
        self._read = self._total = 0

    def take_all(self, inputs: Sequence[Path], stdin: BinaryIO | None) -> None:
        """Take in every input."""
        sizes = [_size(path) for path in inputs]
        self._total = sum(sizes) if all(sizes) else 0
        for path, size in zip(inputs, sizes, strict=True):
            self._source += 1
            self._take(path, stdin)
            self._read += size
            self._progress("reading", self._read, self._total)

    def take_base(self, path: Path) -> None:
        """Take in a catalogue as if it were the first of the inputs."""
        self._source, self._read, self._total = 0, 0, path.stat().st_size
        self._take_catalogue(path)

    def _take(self, path: Path, stdin: BinaryIO | None) -> None:
        is_usable = is_target = False
        with opened(path, stdin=stdin, folder=self._target.parent) as streams:
            for stream in streams:
                kind = kind_of(stream)
                is_usable |= kind is not None
                if kind is Kind.CATALOGUE:
                    if not stream.is_file or path == STANDARD_INPUT:
                        raise CatalogueError(
                            f"{stream.name}: a catalogue is read from its file; unpack and name it"
                        )
                    break
                is_target = is_target or _is_same(path, self._target)
                if is_target:
                    raise CatalogueError(
                        f"{self._target}: this is one of the inputs; name another file for the catalogue"
                    )
                self._take_stream(stream, kind)
            else:
                if not is_usable:
                    raise CatalogueError(
                        f"{_shown(path)}: nothing in it can be used; give JSON Lines, BibTeX, names (*.tsv) or a "
                        "catalogue"
                    )
                return
        self._take_catalogue(path)

    def _take_stream(self, stream: Stream, kind: Kind | None) -> None:
        if kind is Kind.NAMES:
            for named in names_of_lines(stream, self.rejects):
                self.listed[key_number(named.key)].append((named.name, named.sources, self._source))
        elif kind is Kind.BIB:
            self._spool.add(Sheaf().add(facts_of_bib(stream, self.rejects)), self._source)
        elif kind is Kind.LINES:
            self._take_lines(stream)

    def _take_lines(self, stream: Stream) -> None:
        batches: list[Batch] = []

        def tasks() -> Iterator[tuple[bytes, bool]]:
            for batch in batches_of_lines(stream, self.rejects):
                batches.append(batch._replace(data=b""))
                self._progress("reading", self._read + stream.position(), self._total)
                yield batch.data, self._keeps_abstracts

        for sheaf in self._workers.map(sheaf_of_lines, tasks()):
            first = batches.pop(0).first_line
            self._spool.add(sheaf, self._source)
            for line, reason in sheaf.rejected:
                self.rejects.add(f"{stream.name}:{first + line}: {reason}")
            self.rejects.count += sheaf.rejected_count - len(sheaf.rejected)

    def _take_catalogue(self, path: Path) -> None:
        """Take in the papers and names of a catalogue."""
        state = state_of(path)
        catalogue = Catalogue.open(path)
        tasks = (
            Rows(path, state, first, min(first + _ROWS, len(catalogue)), self._keeps_abstracts)
            for first in range(0, len(catalogue), _ROWS)
        )
        size, rows = path.stat().st_size, 0
        for sheaf in self._workers.map(sheaf_of_rows, tasks):
            self._spool.add(sheaf, self._source)
            rows += len(sheaf.sizes)
            self._progress("reading", self._read + size * rows // len(catalogue), self._total)
        for alias in catalogue.all_aliases(Origin.LISTED):
            number = catalogue.records.numbers[alias.row]
            self.listed[number].append((alias.name, alias.sources, self._source))
        for kind, arrays in catalogue.times_in_titles().items():
            self.seen[kind].append(arrays)
        day = str(catalogue.facts.get("harvested", ""))
        if day:
            try:
                self.harvested = max(date.fromisoformat(day), self.harvested or date.min)
            except ValueError:
                raise CatalogueError(f"{path}: the catalogue is damaged; make or copy it again") from None


def _size(path: Path) -> int:
    """Bytes of a file, 0 where nobody knows."""
    try:
        return path.stat().st_size if path != STANDARD_INPUT else 0
    except OSError:
        return 0


def _is_same(path: Path, target: Path) -> bool:
    return path != STANDARD_INPUT and target.exists() and path.samefile(target)
