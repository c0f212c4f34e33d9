"""The right to ask a service: one question at a time, with a gap between two, over all processes.

A lock file stands for the right; in it is the time before which nobody may ask and, behind it, how many
questions were asked on which day. The clock is the wall clock, because processes and restarts share no
other; a clock that jumps costs at most the longest wait.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, NamedTuple

try:
    import fcntl
except ImportError:  # Windows: processes still see each other's last request, but two may start at once
    fcntl = None  # type: ignore[assignment]

LONGEST_WAIT_S = 180.0
"""Nobody waits longer for one answer; a service that asks for more is left alone instead."""


class BudgetSpent(Exception):
    """As many questions as a day allows were asked."""


class _Note(NamedTuple):
    """What the lock file says."""

    not_before: float
    day: str = ""
    asked: int = 0


class Pace:
    """The pace of one service. May be shared by threads; processes share it through the lock file."""

    def __init__(
        self,
        path: Path | None,
        gap_s: float,
        *,
        per_day: int | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Args:
        path: of the lock file (None or not writable: the pace holds in this process only).
        per_day: most questions of one day (UTC); None: any number.
        """
        self.gap_s = gap_s
        self._per_day = per_day
        self.clock = clock
        self._path = path
        self._sleep = sleep
        self._alone = threading.Lock()
        self._note = _Note(0.0)
        self._hold_s = gap_s

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """The right to ask: waits for it, and gives it back; the gap counts from the end of the answer.

        Raises:
            BudgetSpent: the day's questions are asked.
        """
        with self._alone, self._locked() as file:
            noted, today = (
                _read_note(file) or self._note,
                f"{datetime.fromtimestamp(self.clock(), UTC):%Y-%m-%d}",
            )
            asked = max(note.asked for note in (noted, self._note, _Note(0.0, today)) if note.day == today)
            if self._per_day is not None and asked >= self._per_day:
                raise BudgetSpent
            wait_s = max(self._note.not_before, noted.not_before) - self.clock()
            wait_s = min(wait_s, max(LONGEST_WAIT_S, self.gap_s))
            if wait_s > 0:
                self._sleep(wait_s)
            self._hold_s = self.gap_s
            try:
                yield
            finally:
                self._note = _Note(self.clock() + self._hold_s, today, asked + 1)
                _write_note(file, self._note)

    def hold_off(self, wait_s: float) -> None:
        """Within a turn: nobody may ask for so long after it (instead of the gap)."""
        self._hold_s = min(wait_s, max(LONGEST_WAIT_S, self.gap_s))

    @contextlib.contextmanager
    def _locked(self) -> Iterator[IO[str] | None]:
        with contextlib.ExitStack() as stack:
            file: IO[str] | None = None
            with contextlib.suppress(OSError):
                if self._path:
                    self._path.parent.mkdir(parents=True, exist_ok=True)
                    file = stack.enter_context(self._path.open("a+", encoding="ascii", errors="replace"))
            if file and fcntl:
                with contextlib.suppress(OSError):  # some network file systems have no locks
                    fcntl.flock(file, fcntl.LOCK_EX)
            yield file


def _read_note(file: IO[str] | None) -> _Note | None:
    if file is None:
        return None
    try:
        file.seek(0)
        moment, day, asked, *_ = [*file.read(128).split(), "", "0"]
        return _Note(float(moment), day, int(asked))
    except (OSError, ValueError):
        return None


def _write_note(file: IO[str] | None, note: _Note) -> None:
    if file is None:
        return
    with contextlib.suppress(OSError):  # a full disk must not cost the answer
        file.truncate(0)
        file.write(f"{note.not_before:.6f} {note.day} {note.asked}\n")
        file.flush()
