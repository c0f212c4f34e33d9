"""What is told of an import: how far it is and how long it will take, and what came of it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tracker.catalogue.build import BuildReport
from tracker.cli.terminal import fit, printable, say

MOST_TOLD = 5
"""Lines that were left out and are told one by one."""
_STAGES = {"reading": (0.0, 0.5), "papers": (0.5, 0.42), "names and titles": (0.92, 0.08)}
"""Stage -> how much of the time is gone when it begins, and how much it takes; measured with the snapshot."""
_PAUSE_S = 0.2
"""Between two looks of the line."""
_FIRST_ESTIMATE_S = 5.0


class ImportProgress:
    """Shows on a terminal's standard error how far an import is, and how long it will go on."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, is_shown: bool | None = None) -> None:
        self._is_shown = sys.stderr.isatty() if is_shown is None else is_shown
        self._clock = clock
        self._started = clock()
        self._shown = self._started - _PAUSE_S

    def __call__(self, what: str, done: int, total: int) -> None:
        """Told by the import: the stage, and how much of it is done."""
        now = self._clock()
        if not self._is_shown or now - self._shown < _PAUSE_S:
            return
        self._shown = now
        text = f"[{done / total:4.0%}] {what}" if total else f"{what}: {done / 1e6:.0f} MB"
        begin, share = _STAGES.get(what, (0.0, 0.0))
        part = begin + share * done / total if total else 0.0
        spent = now - self._started
        if part > 0.02 and spent > _FIRST_ESTIMATE_S:
            text += f", {in_words(spent / part - spent)} to go"
        self._put(text)

    def clear(self) -> None:
        """Take the line away."""
        self._put("")

    def _put(self, text: str) -> None:
        if self._is_shown:
            print(f"\r{fit(printable(text), 70)}\r", end="", file=sys.stderr, flush=True)


def in_words(seconds: float) -> str:
    """A time that is about so long.

    >>> in_words(7), in_words(74), in_words(700)
    ('10 s', '80 s', '12 min')
    """
    return f"{-(-int(seconds) // 10) * 10} s" if seconds < 90 else f"{round(seconds / 60)} min"


def tell_left_out(rejected: Sequence[str], count: int) -> None:
    """The first of the lines that were left out, with what is wrong with each; and how many more there were."""
    for line in rejected[:MOST_TOLD]:
        say(f"left out: {line}")
    if count > MOST_TOLD:
        say(f"left out: {count - MOST_TOLD} more")


def tell_import(report: BuildReport, target: Path, used: Path | None, *, is_own: bool) -> None:
    """What came of an import into `target`; `used` is the catalogue that commands link to."""
    tell_left_out(report.rejected, report.rejected_count)
    say(
        f"{target}: {report.papers} papers, {report.names} names; {report.rejected_count} "
        f"line{'s' if report.rejected_count != 1 else ''} left out"
    )
    if is_own and used is not None and used != target:
        say(f"commands go on using {used}, which TRACKER_CATALOGUE or --catalogue names")
    elif is_own:
        say("commands use this catalogue from now on")
