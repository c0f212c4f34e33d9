"""The right to ask a service: one question at a time, with a gap between two, over all processes.

A lock file stands for the right; in it is the time before which nobody may ask and, behind it, how many
questions were asked on which day, and whether the service itself named that time. The clock is the wall clock,
because processes and restarts share no other; a clock that jumps costs at most the longest wait.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, NamedTuple

try:
    import fcntl
except ImportError:  # Windows: processes still see each other's last request, but two may start at once
    fcntl = None  # type: ignore[assignment]

LONGEST_WAIT_S = 180.0
"""Nobody waits longer for one answer; a service that asks for more is left alone instead."""
LONGEST_HOLD_S = 86400.0
"""Nor is a service left alone for longer, whatever it asks for: tomorrow it may say something else."""


class BudgetSpent(Exception):
    """As many questions as a day allows were asked."""


class LeftAlone(Exception):
    """The service has asked not to be asked for longer than anybody waits; `wait_s` is what is left of it."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(wait_s)
        self.wait_s = wait_s


class _Note(NamedTuple):
    """What the lock file says."""

    not_before: float
    day: str = ""
    asked: int = 0
    is_held: bool = False


class Pace:
    """The pace of one service. May be shared by threads; processes share it through the lock file."""

    def __init__(
        self,
        path: Path | None,
        gap_s: float,
        *,
        per_day: int | None = None,
        longest_wait_s: float = LONGEST_WAIT_S,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Args:
        path: of the lock file (None or not writable: the pace holds in this process only).
        per_day: most questions of one day (UTC); None: any number.
        longest_wait_s: who would have to wait longer is told so instead.
        """
        self.gap_s = gap_s
        self.longest_wait_s = max(longest_wait_s, gap_s)
        self._per_day = per_day
        self.clock = clock
        self._path = path
        self._sleep = sleep
        self._alone = threading.Lock()
        self._note = _Note(0.0)
        self._hold_s = gap_s
        self._is_held = False

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """The right to ask: waits for it, and gives it back; the gap counts from the end of the answer.

        Raises:
            BudgetSpent: the day's questions are asked.
            LeftAlone: the service has asked for more patience than there is.
        """
        with self._alone, self._locked() as file:
            noted, today = (
                _read_note(file) or self._note,
                f"{datetime.fromtimestamp(self.clock(), UTC):%Y-%m-%d}",
            )
            asked = max(note.asked for note in (noted, self._note, _Note(0.0, today)) if note.day == today)
            if self._per_day is not None and asked >= self._per_day:
                raise BudgetSpent
            later = max(self._note, noted)
            wait_s = later.not_before - self.clock()
            if later.is_held and self.longest_wait_s < wait_s <= LONGEST_HOLD_S:
                raise LeftAlone(wait_s)
            if wait_s > 0:
                self._sleep(min(wait_s, self.longest_wait_s))
            self._hold_s, self._is_held = self.gap_s, False
            try:
                yield
            finally:
                self._note = _Note(self.clock() + self._hold_s, today, asked + 1, self._is_held)
                _write_note(file, self._note)

    def hold_off(self, wait_s: float, *, is_asked_for: bool = False) -> None:
        """Within a turn: nobody may ask for so long after it (instead of the gap).

        `is_asked_for` where the service itself names the time, which then holds up to a day.
        """
        self._is_held = is_asked_for
        self._hold_s = min(wait_s, max(LONGEST_HOLD_S if is_asked_for else LONGEST_WAIT_S, self.gap_s))

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


def asked_on(path: Path, day: date) -> int:
    """How many questions a lock file notes for a day (UTC); 0 where it notes none, or cannot be read."""
    try:
        with path.open(encoding="ascii", errors="replace") as file:
            note = _read_note(file)
    except OSError:
        return 0
    return note.asked if note and note.day == f"{day:%Y-%m-%d}" else 0


def _read_note(file: IO[str] | None) -> _Note | None:
    if file is None:
        return None
    try:
        file.seek(0)
        moment, day, asked, held, *_ = [*file.read(128).split(), "", "0", ""]
        return _Note(float(moment), day, int(asked), held == "held")
    except (OSError, ValueError):
        return None


def _write_note(file: IO[str] | None, note: _Note) -> None:
    if file is None:
        return
    with contextlib.suppress(OSError):  # a full disk must not cost the answer
        file.truncate(0)
        file.write(f"{note.not_before:.6f} {note.day} {note.asked} {'held' if note.is_held else 'free'}\n")
        file.flush()
