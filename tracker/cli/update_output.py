"""What `tracker update` prints: a line for each thing that has changed, and the sum of it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from tracker.cli.terminal import escaped, fit, printable, put_lines
from tracker.models import PaperChange, PaperChangeKind
from tracker.refreshing import Report

KEY_COLUMNS = 18
"""A new arXiv id has 16 characters with its prefix."""
TITLE_COLUMNS = 44
MOST_AUTHORS = 4
"""Authors that are named on either side of an arrow; of longer lists those are named that came or went."""
_WORDS = {
    PaperChangeKind.VERSION: "",
    PaperChangeKind.TITLE: "title changed",
    PaperChangeKind.AUTHORS: "authors changed",
    PaperChangeKind.SAME: "is one paper with",
}
"""What is said of a change where it is not the name of its kind."""


def teller(*, as_json: bool) -> Callable[[Sequence[PaperChange]], None]:
    """A function that prints the news of a batch at once, so that an interruption costs none."""

    def tell(changes: Sequence[PaperChange]) -> None:
        if sys.stderr.isatty():
            print("\r" + " " * 72 + "\r", end="", file=sys.stderr, flush=True)
        put_lines(escaped(one.model_dump_json()) if as_json else change_line(one) for one in changes)

    return tell


def change_line(change: PaperChange) -> str:
    """One change for people: key, title, and what has changed.

    >>> change_line(PaperChange(paper="arXiv:2305.14314", title="QLoRA", kind="version", was="v1", now="v2"))
    'arXiv:2305.14314    QLoRA                                         v1 -> v2'
    """
    values = " -> ".join(filter(None, (change.was, change.now)))
    if change.kind is PaperChangeKind.SAME:
        values = change.was
    elif change.kind is PaperChangeKind.AUTHORS:
        values = _authors_changed(change.was.split(", "), change.now.split(", ")) or values
    words = ": ".join(filter(None, (_WORDS.get(change.kind, change.kind.value), values)))
    key = change.paper if len(change.paper) > KEY_COLUMNS else fit(change.paper, KEY_COLUMNS)
    return f"{printable(key)}  {fit(printable(change.title), TITLE_COLUMNS)}  {printable(words)}"


def _authors_changed(were: Sequence[str], are: Sequence[str]) -> str:
    """Of long lists who went and who came; "" for short ones."""
    if max(len(were), len(are)) <= MOST_AUTHORS:
        return ""
    went, came = (
        [name for name in some if name not in others] for some, others in ((were, are), (are, were))
    )
    words = [f"{word} {_named(names)}" for word, names in (("without", went), ("with", came)) if names]
    return ", ".join(words) or "another order"


def _named(names: Sequence[str]) -> str:
    more = len(names) - MOST_AUTHORS
    return ", ".join(names[:MOST_AUTHORS]) + (f" and {more} more" if more > 0 else "")


def summary(report: Report, days: float) -> str:
    """The sum of a run: "12 papers asked about, 3 with changes; 40 were asked about in the last 7 days"."""
    recently = f"asked about in the last {days:g} days (--all asks again)"
    if report.fresh and not report.asked + report.unasked:
        return f"all {report.fresh} papers were {recently}"
    words = (
        f"{report.asked} paper{'' if report.asked == 1 else 's'} asked about, {report.changed} with changes"
    )
    if report.unasked:
        words += f", {report.unasked} could not be asked about"
    if report.partly:
        words += f"; of {report.partly} not every service could be asked"
    if report.fresh:
        words += f"; {report.fresh} were {recently}"
    return words
