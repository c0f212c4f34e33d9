"""The library brought up to date: what the services say by now of its papers, and what that changes.

In batches, the papers first that were asked about longest ago. Each batch is written as soon as it is there, so
that an interruption loses nothing that was told, and the next run goes on with what is oldest. What the reader
set, and papers that the reader dropped, are left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tracker.enrich import PUBLICATION, enrich
from tracker.enrich.base import Absent, Failed, Source
from tracker.enrich.batches import Gathered
from tracker.enrich.sources import open_sources
from tracker.errors import InputError
from tracker.identifiers import PaperKey
from tracker.library import Library, Refreshed, open_library
from tracker.models import Paper, PaperChange, Problem
from tracker.settings import Settings

if TYPE_CHECKING:
    from tracker.steps import OnWait, Progress

BATCH_SIZE = 100
"""Papers asked about before what came is written: as many as one question to arXiv may name."""
NEED = ("authors", PUBLICATION)
"""What is filled in where it lacks, while the services are being asked."""
_NAMED_AT_MOST = 3
"""Papers that a problem names; it counts the others."""


@dataclass
class Report:
    """What a run came to."""

    asked: int = 0
    """Papers of which an answer is there."""
    changed: int = 0
    """Papers of which there is news."""
    failed: int = 0
    """Papers about which not all services could be asked; they are asked about again by the next run."""
    fresh: int = 0
    """Papers that were asked about so recently that they were passed over."""
    problems: list[Problem] = field(default_factory=list)


def refresh_library(
    settings: Settings,
    named: Sequence[str] = (),
    *,
    older_than: timedelta | None,
    on_changes: Callable[[Sequence[PaperChange]], None],
    progress: Progress | None = None,
    on_wait: OnWait | None = None,
    now: datetime | None = None,
) -> Report:
    """Ask the services again about the papers of the library, or about those that are named, and keep it.

    Args:
        named: identifiers, titles or names; none: all papers.
        older_than: papers asked about more recently are passed over; None: none are.
        on_changes: told the news of each batch once it is written.
        progress: told the name of a source, and how many papers are done, of how many.
        on_wait: told why nothing happens for a while.
        now: the time that is noted, with a time zone.

    Raises:
        InputError: the network is switched off, or there is nothing in the library.
        LibraryError: the library cannot be used.
    """
    if settings.offline:
        raise InputError("offline: an update needs the network")
    moment = now or datetime.now(UTC)
    since = moment - (older_than or timedelta())
    report = Report()
    if not settings.library_path.exists():
        raise InputError(f"{settings.library_path}: there is no library; make one with `tracker add DOC...`")
    with open_library(settings.library_path) as library:
        wanted = _wanted(named, library, settings, report)
        due = [key for key in library.due(since if older_than else None) if key in wanted]
        report.fresh = len(wanted) - len(due)
        run = _Run(settings, open_sources(settings, on_wait), moment, since)
        for start in range(0, len(due), BATCH_SIZE):
            batch = due[start : start + BATCH_SIZE]
            records = library.records(batch)
            old = [records[key] for key in batch if key in records]  # one may be a part of another by now
            new = run.ask(old, _counting_from(start, len(due), progress))
            checked = {paper.key: run.checked(paper) for paper in old}
            answered = [Refreshed(a, b, checked[a.key]) for a, b in zip(old, new, strict=True)]
            news = library.refresh(answered, moment)
            report.changed += sum(map(bool, news))
            report.failed += sum(when is None for when in checked.values())
            report.asked += sum(when is not None for when in checked.values())
            on_changes([change for changes in news for change in changes])
    report.problems += run.problems()
    return report


def _wanted(
    named: Sequence[str], library: Library, settings: Settings, report: Report
) -> Collection[PaperKey]:
    """The papers to bring up to date, whenever they were asked about; what cannot be is a problem."""
    mine = set(library.due(None))
    if not named:
        if not mine:
            raise InputError(f"{library.path}: no papers are in it; add documents with `tracker add DOC...`")
        return mine
    from tracker.steps import look_up  # which brings all that reads and links documents with it

    wanted = dict[PaperKey, None]()
    for one in named:
        try:
            stored = look_up(one, settings)[1]
        except InputError as error:
            report.problems.append(
                Problem(stage="documents", subject=one, message=_after_subject(error, one))
            )
            continue
        found = [key for key in stored if key in mine]
        wanted |= dict.fromkeys(found)
        if not found:
            message = "is dropped, and so left alone" if stored else "is not in the library"
            report.problems.append(Problem(stage="documents", subject=one, message=message))
    return wanted


def _after_subject(error: Exception, subject: str) -> str:
    return str(error).removeprefix(f"{subject}: ")


def _counting_from(start: int, total: int, progress: Progress | None) -> Progress | None:
    """Progress over all batches."""
    return (lambda name, done, _: progress(name, start + done, total)) if progress else None


class _Run:
    """The sources of one run, and what they said."""

    def __init__(self, settings: Settings, sources: Sequence[Source], now: datetime, since: datetime) -> None:
        self._settings = settings
        self._sources = sources
        self._now = now
        self._since = since
        self._gathered: list[tuple[Source, Gathered]] = []
        self._failures: dict[tuple[str, Failed], list[PaperKey]] = {}
        self._lost: list[tuple[str, Paper]] = []
        self._unknown_to_all: list[PaperKey] = []

    def ask(self, papers: Sequence[Paper], progress: Progress | None) -> list[Paper]:
        """The papers as the services know them by now."""
        self._gathered = []
        after, _ = enrich(
            papers,
            self._settings,
            need=NEED,
            now=self._now,
            again=self._since,
            sources=self._sources,
            progress=progress,
            on_gathered=lambda source, gathered: self._gathered.append((source, gathered)),
        )
        for source, gathered in self._gathered:
            for key, failure in gathered.failures.items():
                self._failures.setdefault((source.name, failure), []).append(key)
            lost = {key for key, fact in gathered.facts.items() if isinstance(fact.answer, Absent)}
            self._lost += ((source.name, p) for p in papers if p.key in lost and _is_home(source, p.key))
        self._unknown_to_all += (p.key for p in papers if not self._is_taken(p))
        return after

    def checked(self, paper: Paper) -> datetime | None:
        """When the services were asked about a paper of the last batch; None: one failed, or none takes it.

        Where a kept answer of its home serves, that is when it came.
        """
        if any(paper.key in gathered.failures for _, gathered in self._gathered):
            return None
        for source, gathered in self._gathered:
            if paper.key in gathered.facts and _is_home(source, paper.key):
                return gathered.facts[paper.key].retrieved
        return self._now if self._is_taken(paper) else None

    def problems(self) -> Iterator[Problem]:
        """What could not be had, one for each cause, and the papers that their home does not have."""
        for name, paper in self._lost:
            is_known = "no longer has this paper; it stays in the library as it is"
            told = f"{name} {is_known if paper.title else 'has no such paper; is the identifier right?'}"
            yield Problem(stage="enrich", subject=paper.key, message=told)
        for (name, failure), keys in self._failures.items():
            later = "; run it again later" if failure.retryable else ""
            told = f"could not be asked about {_named(keys)} ({failure.reason}){later}"
            yield Problem(stage="enrich", subject=name, message=told, is_network=True)
        if self._unknown_to_all:
            told = f"no service that is switched on knows {_named(self._unknown_to_all)}"
            yield Problem(stage="enrich", subject="not asked about", message=told)

    def _is_taken(self, paper: Paper) -> bool:
        return any(source.takes(paper) for source in self._sources)


def _is_home(source: Source, key: PaperKey) -> bool:
    return bool(source.home_of) and key.startswith(source.home_of)


def _named(keys: Sequence[PaperKey]) -> str:
    """ "arXiv:2305.14314, arXiv:1412.6980 and 7 more papers"."""
    more = len(keys) - _NAMED_AT_MOST
    tail = f" and {more} more paper{'s' if more > 1 else ''}" if more > 0 else ""
    return ", ".join(keys[:_NAMED_AT_MOST]) + tail
