"""The library brought up to date: what the services say by now of its papers, and what that changes.

In batches, the papers first that were asked about longest ago. Each batch is written as soon as it is there, so
that an interruption loses nothing that was told, and the next run goes on with what is oldest. What the reader
set, and papers that the reader dropped, are left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from tracker.enrich import PUBLICATION, enrich, is_home, is_publication_told, shown
from tracker.enrich.base import Absent, Failed, Found, Source
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
SLACK = timedelta(hours=1)
"""So much sooner a paper counts as old: a run at the same hour of each week finds what the last one has asked."""
NEED = ("authors", "citations", PUBLICATION)
"""What is filled in where it lacks, while the services are being asked."""


@dataclass
class Report:
    """What a run came to."""

    asked: int = 0
    """Papers about which a service has answered."""
    changed: int = 0
    """Papers of which there is news."""
    partly: int = 0
    """Of those asked about: papers about which another service could not be asked that may know more."""
    unasked: int = 0
    """Papers about which no service has answered."""
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
    since = moment - older_than + min(SLACK, older_than / 10) if older_than else moment
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
            outcomes = [run.outcome(paper) for paper in new]
            answered = [Refreshed(a, b, one.checked) for a, b, one in zip(old, new, outcomes, strict=True)]
            news = library.refresh(answered, moment)
            report.changed += sum(map(bool, news))
            report.asked += sum(one.is_answered for one in outcomes)
            report.partly += sum(one.is_answered and not one.checked for one in outcomes)
            report.unasked += sum(not one.is_answered for one in outcomes)
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


class _Outcome(NamedTuple):
    """What came of asking about one paper."""

    is_answered: bool
    """By some service, now or so recently that its kept answer served."""
    checked: datetime | None
    """When its home was asked; None: a service that matters could not be asked, or none takes the paper."""


class _Run:
    """The sources of one run, and what they said."""

    def __init__(self, settings: Settings, sources: Sequence[Source], now: datetime, since: datetime) -> None:
        self._settings = settings
        self._sources = sources
        self._now = now
        self._since = since
        self._gathered: list[tuple[Source, Gathered]] = []
        self._failures: dict[tuple[str, Failed], dict[PaperKey, None]] = {}
        self._lost: dict[tuple[str, PaperKey], Paper] = {}  # a source may be asked twice in a run
        self._unknown_to_all: list[PaperKey] = []

    def ask(self, papers: Sequence[Paper], progress: Progress | None) -> list[Paper]:
        """The papers as the services know them by now."""
        self._gathered = []
        after, _ = enrich(
            [self._without_old_count(paper) for paper in papers],
            self._settings,
            need=NEED,
            now=self._now,
            again=self._since,
            sources=self._sources,
            progress=progress,
            on_gathered=lambda source, gathered: self._gathered.append((source, gathered)),
        )
        after = [_with_count_of(new, old) for old, new in zip(papers, after, strict=True)]
        for paper in after:
            for source, failure in self._failed(paper):
                self._failures.setdefault((source.name, failure), {})[paper.key] = None
            self._lost |= {(source.name, paper.key): paper for source in self._without(paper)}
            if not self._is_taken(paper):
                self._unknown_to_all.append(paper.key)
        return after

    def outcome(self, paper: Paper) -> _Outcome:
        """What came of asking about a paper of the last batch, as it is now."""
        facts = [
            (source, gathered.facts[paper.key].retrieved)
            for source, gathered in self._gathered
            if paper.key in gathered.facts and paper.key not in gathered.failures
        ]
        of_home = [retrieved for source, retrieved in facts if is_home(source, paper)]
        is_whole = self._is_taken(paper) and not any(self._failed(paper))
        return _Outcome(bool(facts), (of_home[0] if of_home else self._now) if is_whole else None)

    def problems(self) -> Iterator[Problem]:
        """What could not be had, one for each cause, and the papers that their home does not have."""
        for (name, _), paper in self._lost.items():
            if _has_told(name, paper):
                told = "no longer has this paper; it stays in the library as it is"
            else:
                told = "has no such paper; is the identifier right?"
            yield Problem(stage="enrich", subject=paper.key, message=f"{name} {told}")
        for (name, failure), keys in self._failures.items():
            later = "; run it again later" if failure.retryable else ""
            told = f"could not be asked about {shown(list(keys))} ({failure.reason}){later}"
            yield Problem(stage="enrich", subject=name, message=told, is_network=True)
        if self._unknown_to_all:
            told = f"no service that is switched on knows {shown(self._unknown_to_all)}"
            yield Problem(stage="enrich", subject="not asked about", message=told)

    def _without(self, paper: Paper) -> Iterator[Source]:
        """The home of the paper, where that does not have it.

        A DOI may be registered elsewhere than at Crossref: where it never had the paper and another service has,
        there is nothing to tell.
        """
        answers = [
            (source, gathered.facts[paper.key].answer)
            for source, gathered in self._gathered
            if paper.key in gathered.facts
        ]
        is_found = any(isinstance(answer, Found) for _, answer in answers)
        for source, answer in answers:
            is_lost = isinstance(answer, Absent) and is_home(source, paper)
            if is_lost and (_has_told(source.name, paper) or not is_found):
                yield source

    def _failed(self, paper: Paper) -> Iterator[tuple[Source, Failed]]:
        """The failures that matter: of its home, and of what might know where it appeared if nobody else did."""
        for source, gathered in self._gathered:
            failure = gathered.failures.get(paper.key)
            if failure and (is_home(source, paper) or not is_publication_told(paper)):
                yield source, failure

    def _is_taken(self, paper: Paper) -> bool:
        return any(source.takes(paper) for source in self._sources)

    def _without_old_count(self, paper: Paper) -> Paper:
        """The paper without its count of citations where that is old, so that it is asked for again."""
        counted = paper.provenance.get("citations")
        is_old = counted is None or counted.retrieved is None or counted.retrieved < self._since
        return paper.model_copy(update={"citations": None}) if is_old else paper


def _with_count_of(new: Paper, old: Paper) -> Paper:
    """The paper with the count that it had where there is no newer one."""
    if new.citations is None and old.citations is not None:
        return new.model_copy(update={"citations": old.citations})
    return new


def _has_told(name: str, paper: Paper) -> bool:
    return any(origin.source == name for origin in paper.provenance.values())
