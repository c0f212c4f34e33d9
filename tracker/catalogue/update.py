"""A catalogue brought up to date: everything that arXiv has changed since it was last harvested.

First the harvest, page by page into a journal beside the catalogue (see `journal`); what fails or is cut off in
between is taken up there by the next run. When the list has ended, the catalogue is made anew from the old one and
the journal, put into its place in one step, and the journal goes. Other processes read the old file all the while.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tracker.catalogue import EMBEDDED_PATH, Catalogue
from tracker.catalogue.build import Progress, build_catalogue
from tracker.catalogue.container import check_target
from tracker.catalogue.facts import fact_of
from tracker.catalogue.journal import Journal, Line, State
from tracker.catalogue.lock import locked
from tracker.catalogue.oai import BAD_TOKEN, EARLIEST, NOTHING_NEW, ArxivRecords, refusal
from tracker.catalogue.oai_page import Harvested, Page
from tracker.errors import BadReply, CatalogueError, InputError, NetworkError
from tracker.identifiers import arxiv_key
from tracker.settings import Settings

if TYPE_CHECKING:
    from tracker.net import OnWait

HARVESTED: Final = "harvested"
"""The fact of a catalogue that says up to which day it was harvested; the next update asks from that day on."""
_SOURCE: Final = "arXiv (OAI-PMH)"
OnHarvest = Callable[[int, date | None, date], None]
"""Told after each page how many records are there, up to which day, and from which."""


@dataclass
class UpdateReport:
    """What came of an update, for people."""

    path: Path
    until: date
    """Changes up to this day are in the catalogue; of the day itself perhaps not all."""
    records: int = 0
    """That were new, changed or deleted; 0: the catalogue was left as it is."""
    papers: int = 0
    papers_before: int = 0
    left_out: int = 0
    problems: list[str] = field(default_factory=list)
    """What is wrong with the first of those."""


def update_catalogue(
    settings: Settings,
    *,
    since: date | None = None,
    on_harvest: OnHarvest | None = None,
    progress: Progress | None = None,
    on_wait: OnWait | None = None,
    now: datetime | None = None,
) -> UpdateReport:
    """Bring the catalogue at `settings.catalogue_path` up to date, by default the user's own.

    Where there is none yet, it is made from the one that ships with the program, which is never changed.

    Args:
        since: the day from which to ask; None: up to which the catalogue was harvested before. After a later one
            the catalogue still says that it is complete up to the earlier day, so that the next update fills the gap.
        on_harvest: told after each page.
        progress: told while the catalogue is made (see `build_catalogue`).
        on_wait: told before each wait for the service (see `net.OnWait`).

    Raises:
        InputError: updates are switched off, or nobody says from which day to ask.
        CatalogueError: the catalogue cannot be read or written, or another process is writing it; it is as it was.
        NetworkError: the service failed; what was harvested is kept, and the next run continues there.
    """
    if settings.offline:
        raise InputError("offline: an update needs the network; run it without --offline")
    today = (now or datetime.now(UTC)).date()
    if since and since > today:
        raise InputError(f"--from: {since} is in the future")
    target = _target(settings)
    check_target(target)
    with locked(target):
        return _Update(settings, target, since, today).run(on_harvest, progress, on_wait)


def _target(settings: Settings) -> Path:
    target = settings.catalogue_path or settings.own_catalogue_path
    if target is None:
        raise InputError("name the catalogue to update with --catalogue FILE")
    if target.exists() and target.samefile(EMBEDDED_PATH):
        raise CatalogueError(f"{target}: the catalogue of the package is never changed; name another file")
    return target


class _Update:
    """One update, whose process holds the lock of the catalogue."""

    def __init__(self, settings: Settings, target: Path, since: date | None, today: date) -> None:
        self._settings = settings
        self._target = target
        self._today = today
        self._catalogue = Catalogue.open(target if target.exists() else EMBEDDED_PATH)
        self._journal = Journal(target)
        self._journal.read()
        self._report = UpdateReport(target, today, papers_before=len(self._catalogue))
        self._take_up(since)

    def _take_up(self, given: date | None) -> None:
        """Continue what was begun where it still fits the catalogue, otherwise begin anew."""
        state, harvested = self._journal.state, self._harvested_until()
        since = given or harvested or (state.since if state else None)
        if since is None:
            raise InputError(
                f"{self._catalogue.path}: this catalogue does not say up to which day it is complete; make your own "
                "from arXiv's snapshot with `tracker catalogue import` first, or name a day with --from"
            )
        since = max(since, EARLIEST)
        if state is None or state.since != since:
            self._journal.begin(State(url=self._settings.oai_url, since=since, start=since))
        elif state.url != self._settings.oai_url and not state.is_complete:
            self._keep(_again(state, self._today).model_copy(update={"url": self._settings.oai_url}))

    @property
    def _state(self) -> State:
        assert self._journal.state is not None  # `_take_up` has seen to it
        return self._journal.state

    def _keep(self, state: State) -> None:
        self._journal.add((), state)

    def run(
        self, on_harvest: OnHarvest | None, progress: Progress | None, on_wait: OnWait | None
    ) -> UpdateReport:
        try:
            with ArxivRecords(self._settings, on_wait=on_wait) as service:
                self._harvest(service, on_harvest)
        except NetworkError as error:
            kept = f"{self._state.records} records are kept, run it again to continue"
            raise type(error)(f"{error}; {kept}") from error
        self._report.until = min(self._state.until, max(self._today, self._state.since))
        self._report.left_out = self._state.left_out
        self._report.records = self._state.records
        self._report.papers = len(self._catalogue)
        if self._state.records:
            self._merge(progress)
        self._journal.remove()
        return self._report

    def _harvest(self, service: ArxivRecords, on_harvest: OnHarvest | None) -> None:
        """Read the list to its end.

        A token that is refused has expired: the list is then asked for again from the last day that is not
        complete. A service that refuses its own tokens, or leads in a circle with them, is left alone.
        """
        begun, records, given = set[date](), tuple[Harvested, ...](), set[int]()
        while not (state := self._state).is_complete:
            if on_harvest:
                on_harvest(state.records, state.reached, state.since)
            page = service.after(state.token) if state.token else service.since(state.start)
            if page.error is None or page.error.code == NOTHING_NEW:
                if page.records and page.records == records:
                    raise BadReply("arXiv sends the same records without end")
                if page.token and hash(page.token) in given:
                    raise BadReply("arXiv sends the same pages without end")
                given.add(hash(page.token))
                records = page.records
                self._add(page)
            elif page.error.code == BAD_TOKEN and state.token:
                again = _again(state, self._today)
                if again.start in begun:
                    raise BadReply("arXiv refuses the tokens that it gives")
                begun.add(again.start)
                records = ()
                given.clear()
                self._keep(again)
            else:
                raise refusal(page.error)

    def _add(self, page: Page) -> None:
        state, days = self._state, [record.datestamp for record in page.records]
        days = [state.reached, *days] if state.reached else days
        is_ordered = state.is_ordered and days == sorted(days)
        known = [day for day in (state.answered, _made(page)) if day]
        self._report.problems += page.left_out
        self._journal.add(
            self._lines(page.records),
            state.model_copy(
                update={
                    "token": page.token,
                    "reached": max(days, default=None),
                    "is_ordered": is_ordered,
                    "answered": min(known, default=None),
                    "is_complete": not page.token,
                    "left_out": state.left_out + len(page.left_out),
                }
            ),
        )

    def _lines(self, records: tuple[Harvested, ...]) -> Iterator[Line]:
        """The lines of those records that tell something new.

        The last day that an update has seen may not have been over, so the next one asks for it again; what is
        in the catalogue already must not make a new one.
        """
        for record in records:
            if record.datestamp > self._state.since or not self._is_known(record):
                yield line_of(record)

    def _is_known(self, record: Harvested) -> bool:
        row = self._catalogue.row(arxiv_key(record.arxiv_id))
        if row is None or record.is_deleted:
            return row is None and record.is_deleted
        try:
            old, new = self._catalogue.records[row], fact_of(json.dumps(line_of(record))).record
        except ValueError:  # it cannot be used, as will be told when the catalogue is made
            return False
        told = ("title", "authors", "categories", "venue", "doi", "published")
        return all(getattr(new, name) in (getattr(old, name), (), "", None) for name in told)

    def _merge(self, progress: Progress | None) -> None:
        old = self._catalogue
        sources = [*old.facts.get("sources", []), _SOURCE]
        before = self._harvested_until()
        is_gap = before is not None and max(before, EARLIEST) < self._state.since  # a later day was named
        until = before if before and is_gap else self._report.until
        built = build_catalogue(
            [old.path, self._journal.path],
            self._target,
            keep_abstracts=old.records.has_abstracts,
            facts={HARVESTED: until.isoformat(), "sources": list(dict.fromkeys(sources))},
            progress=progress,
            is_locked=True,
        )
        self._report.papers = built.papers
        self._report.left_out += built.rejected_count
        self._report.problems += built.rejected

    def _harvested_until(self) -> date | None:
        """The day that the catalogue says it was harvested up to; None where it says none, or one to come."""
        try:
            day = date.fromisoformat(str(self._catalogue.facts.get(HARVESTED, ""))[:10])
        except ValueError:
            return None
        return day if day <= self._today else None


def _again(state: State, today: date) -> State:
    """The state in which the list is asked for again, from the day that is not known to be complete."""
    reached = min(state.reached or state.start, state.answered or today, today)
    start = max(reached, state.start) if state.is_ordered else state.start
    return state.model_copy(update={"start": start, "token": "", "answered": None})


def _made(page: Page) -> date | None:
    """The day on which a page was made; None where it holds records that are newer, so its clock is wrong."""
    newest = max((record.datestamp for record in page.records), default=date.min)
    return page.answered if page.answered and page.answered >= newest else None


def line_of(record: Harvested) -> Line:
    """The line of a record in a journal (see `facts`)."""
    changed = {"id": record.arxiv_id, "update_date": record.datestamp.isoformat()}
    if record.is_deleted:
        return {**changed, "deleted": True}
    return {
        **changed,
        "title": record.title,
        "authors_parsed": record.authors,
        "date": record.created.isoformat() if record.created else None,
        "categories": record.categories,
        "journal-ref": record.journal_ref,
        "doi": record.doi,
        "abstract": record.abstract,
    }
