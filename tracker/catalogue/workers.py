"""Work shared by processes: results in the order of the tasks, a bounded number of them under way.

The first tasks are done here; processes are started only where there is more, for each takes half a second.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context, parent_process, resource_tracker
from types import TracebackType
from typing import Final, TypeVar

from tracker.errors import CatalogueError

T = TypeVar("T")
R = TypeVar("R")
_MOST: Final = 4
"""More processes than this wait for the one that feeds them."""
_ALONE: Final = 3
"""Tasks that are done here before others are asked to help."""
_AHEAD: Final = 2
"""Tasks under way for each process: one that it does, one that waits."""


class Workers:
    """A number of processes, or none."""

    def __init__(self, count: int | None = None) -> None:
        """With at most `count` processes; None: one for each core, but not more than are of use."""
        self._count = min(os.cpu_count() or 1, _MOST) if count is None else count
        self._pool: ProcessPoolExecutor | None = None
        self._was_needed = False

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.rest()

    def rest(self) -> None:
        """End the processes, and what they keep in memory, until they are needed again."""
        if self._pool:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None
            self._was_needed = True

    def map(self, work: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
        """What comes of each task, in their order.

        Raises:
            CatalogueError: a process was ended from outside.
        """
        rest = iter(tasks)
        alone = None if self._count < 2 else 0 if self._pool or self._was_needed else _ALONE
        yield from map(work, islice(rest, alone))
        under_way: deque[Future[R]] = deque()
        try:
            for task in rest:
                with without_interrupts():  # where the processes are started
                    under_way.append(self._started().submit(work, task))
                if len(under_way) > _AHEAD * self._count:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        except BrokenProcessPool:
            raise CatalogueError(
                "a process that helped was ended from outside, perhaps for want of memory; nothing was changed"
            ) from None
        finally:
            for future in under_way:
                future.cancel()

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self._count, get_context("spawn"), leave_to_parent)
        return self._pool


@contextmanager
def without_interrupts() -> Iterator[None]:
    """Ctrl-C waits meanwhile, and processes that are started here never see it: the first one ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # a process of multiprocessing's own; to start it takes the mask away
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def leave_to_parent() -> None:
    """Leave Ctrl-C to the process that was started first, and end with it, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if parent := parent_process():
        parent.join()
    os._exit(1)
