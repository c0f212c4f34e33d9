"""The right to ask a service: one question at a time, with a gap between two, over all processes.

A lock file stands for the right; in it is the time before which nobody may ask. The clock is the wall
clock, because processes and restarts share no other; a clock that jumps costs at most the longest wait.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows: processes still see each other's last request, but two may start at once
    fcntl = None  # type: ignore[assignment]

LONGEST_WAIT_S = 180.0
"""Nobody waits longer for one answer; a service that asks for more is left alone instead."""


class Pace:
    """The pace of one service. May be shared by threads; processes share it through the lock file."""

    def __init__(
        self,
        path: Path | None,
        gap_s: float,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Args: `path` of the lock file (None or not writable: the pace holds in this process only)."""
        self.gap_s = gap_s
        self.clock = clock
        self._path = path
        self._sleep = sleep
        self._alone = threading.Lock()
        self._not_before = 0.0
        self._hold_s = gap_s

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """The right to ask: waits for it, and gives it back; the gap counts from the end of the answer."""
        with self._alone, self._locked() as file:
            wait_s = max(self._not_before, _read_time(file)) - self.clock()
            wait_s = min(wait_s, max(LONGEST_WAIT_S, self.gap_s))
            if wait_s > 0:
                self._sleep(wait_s)
            self._hold_s = self.gap_s
            try:
                yield
            finally:
                self._not_before = self.clock() + self._hold_s
                _write_time(file, self._not_before)

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


def _read_time(file: IO[str] | None) -> float:
    if file is None:
        return 0.0
    try:
        file.seek(0)
        return float(file.read(64))
    except (OSError, ValueError):
        return 0.0


def _write_time(file: IO[str] | None, moment: float) -> None:
    if file is None:
        return
    with contextlib.suppress(OSError):  # a full disk must not cost the answer
        file.truncate(0)
        file.write(f"{moment:.6f}\n")
        file.flush()
