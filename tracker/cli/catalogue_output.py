"""What is told of a catalogue, and of an update of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from tracker.catalogue import EMBEDDED_PATH, Catalogue, compiled
from tracker.catalogue.journal import Journal
from tracker.catalogue.update import HARVESTED, UpdateReport
from tracker.cli.import_output import MOST_TOLD, ImportProgress
from tracker.cli.terminal import fit, printable, say, waiting

_SPANS = ((730, 365, "years"), (60, 30, "months"), (14, 7, "weeks"), (2, 1, "days"))
"""From so many days on they are counted in such units, of so many days."""


def facts_of(catalogue: Catalogue) -> dict[str, Any]:
    """What a catalogue is and holds, in the order in which it is told."""
    told = ("papers", "names", "newest", HARVESTED, "made")
    begun = Journal(catalogue.path).peek()
    return {
        "file": str(catalogue.path),
        "kind": "embedded" if catalogue.path.samefile(EMBEDDED_PATH) else "own",
        **{name: catalogue.facts.get(name) for name in told},
        "bytes": catalogue.path.stat().st_size,
        **{name: value for name, value in catalogue.facts.items() if name not in told},
        "scanning": "plain" if compiled.PASSES is None else "compiled",
        "unfinished": {"records": begun.records, "until": str(begun.reached)}
        if begun and begun.reached
        else None,
    }


def fact_lines(facts: dict[str, Any], now: datetime) -> Iterator[str]:
    """The facts for people, a fact a line."""
    kinds = {
        "embedded": "the catalogue that comes with Tracker: papers that are cited often",
        "own": "your own catalogue",
    }
    scanning = {
        "compiled": "compiled",
        "plain": "not compiled, so long texts take longer: install Tracker anew where there is a C compiler",
    }
    words = {
        "kind": kinds[facts["kind"]],
        "scanning": scanning[facts["scanning"]],
        "newest": _with_age(facts["newest"], now) or "no dates are known",
        HARVESTED: _with_age(facts[HARVESTED], now) or "never (see `tracker catalogue update --help`)",
        "made": _with_age(facts["made"], now),
        "bytes": f"{facts['bytes'] / 1e6:.1f} MB",
    }
    if begun := facts["unfinished"]:
        words["unfinished"] = (
            f"an update was cut off with {begun['records']} records up to {begun['until']}; "
            "`tracker catalogue update` continues it"
        )
    for name, value in (facts | words).items():
        if value is None:
            continue
        text = ", ".join(map(str, value)) if isinstance(value, list) else value
        yield printable(f"{'size' if name == 'bytes' else name:10}  {text}")


def _with_age(moment: object, now: datetime) -> str:
    """ "2026-11-20 (2 days ago)"; "" where it is no moment."""
    try:
        then = datetime.fromisoformat(str(moment))
    except ValueError:
        return ""
    return f"{moment} ({age_in_words(then.date(), now.astimezone(UTC).date())})"


def age_in_words(then: date, today: date) -> str:
    """How long ago a day was.

    >>> age_in_words(date(2026, 11, 21), date(2026, 11, 22)), age_in_words(date(2026, 9, 1), date(2026, 11, 22))
    ('yesterday', '2 months ago')
    """
    days = (today - then).days
    for least, unit, name in _SPANS:
        if days >= least:
            return f"{days // unit} {name} ago"
    return "yesterday" if days == 1 else "today" if days == 0 else "in the future"


class UpdateProgress:
    """Tells on standard error how an update goes on: what it takes up, and on a terminal each page."""

    def __init__(self) -> None:
        self._is_shown = sys.stderr.isatty()
        self._is_begun = False
        self._making: ImportProgress | None = None

    def harvested(self, records: int, reached: date | None, since: date) -> None:
        """After each page."""
        if not self._is_begun and records:
            say(f"continuing an update that was cut off: {records} records up to {reached} are here")
        self._is_begun = True
        self._show(
            f"{records} records changed since {since}, up to {reached}" if reached else "asking arXiv ..."
        )

    def made(self, what: str, done: int, total: int) -> None:
        """While the catalogue is made."""
        self._making = self._making or ImportProgress()  # whose clock begins now
        self._making(what, done, total)

    def waiting(self, what: str, seconds: float) -> None:
        """Before each wait for the service."""
        self.clear()
        waiting(what, seconds)

    def clear(self) -> None:
        """Take the line away."""
        self._show("")

    def _show(self, text: str) -> None:
        if self._is_shown:
            print(f"\r{fit(printable(text), 76)}\r", end="", file=sys.stderr, flush=True)


def tell_update(report: UpdateReport) -> None:
    """What came of an update."""
    for problem in report.problems[:MOST_TOLD]:
        say(f"left out: {problem}")
    left_out = f"; {report.left_out} left out" if report.left_out else ""
    if not report.records:
        say(f"{report.path}: nothing new, up to date on {report.until}{left_out}")
        return
    more = report.papers - report.papers_before
    say(
        f"{report.path}: {report.records} records new, changed or deleted up to {report.until}{left_out}; "
        f"{report.papers} papers ({more:+})"
    )
