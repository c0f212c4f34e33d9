"""Work shared by processes: what comes of each task, in the order of the tasks, a bounded number of them under way.

A task whose process is ended from outside, and ended again when it is done with no other beside it, comes out as
`Lost`; the others go on. Processes are started anew (spawned): they share the catalogue through its memory map, and
nothing else.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import active_children, get_context
from typing import Any, Final, Generic, NamedTuple, TypeVar

from tracker.catalogue.workers import leave_to_parent, without_interrupts

T = TypeVar("T")
R = TypeVar("R")
_TRIES: Final = 2
"""Times that a task is done with no other beside it before it counts as lost."""
_AHEAD: Final = 2
"""Tasks under way for each process: one that it does, one that waits."""


class Lost(NamedTuple):
    """The process that did a task was ended from outside."""


def shared(
    work: Callable[[T], R],
    tasks: Iterable[T],
    *,
    jobs: int,
    prepare: Callable[..., None],
    given: tuple[Any, ...],
) -> Iterator[R | Lost]:
    """What `work` makes of each task, in their order, done by `jobs` processes.

    `work` and `prepare`, which each process calls first with what is `given`, are functions of modules. What `work`
    raises is raised here.
    """
    crew = _Crew(work, jobs, prepare, given)
    try:
        for task in tasks:
            crew.take(task)
            if len(crew.under_way) > _AHEAD * jobs:
                yield crew.next_result()
        while crew.under_way:
            yield crew.next_result()
    finally:
        crew.end()


class _Task(Generic[T, R]):
    """A task under way, or done."""

    def __init__(self, task: T) -> None:
        self.task = task
        self.future: Future[R] | None = None
        self.result: R | Lost | None = None
        self.is_done = False

    def settle(self, result: R | Lost) -> None:
        self.result, self.is_done = result, True


class _Crew(Generic[T, R]):
    """The processes, and the tasks that they have been given, the first one first."""

    def __init__(
        self, work: Callable[[T], R], jobs: int, prepare: Callable[..., None], given: tuple[Any, ...]
    ) -> None:
        self.under_way: deque[_Task[T, R]] = deque()
        self._work = work
        self._jobs = jobs
        self._given = (prepare, given)
        self._others = set(active_children())
        self._pool: ProcessPoolExecutor | None = None

    def take(self, task: T) -> None:
        """Begin a task."""
        self.under_way.append(_Task(task))
        self._begin(self.under_way[-1])

    def next_result(self) -> R | Lost:
        """What came of the first task that is under way; waits for it."""
        first = self.under_way[0]
        while not first.is_done:
            assert first.future is not None, "it was begun"
            try:
                first.settle(first.future.result())
            except BrokenProcessPool:
                self._recover()
        self.under_way.popleft()
        assert first.result is not None, "it is done"
        return first.result

    def end(self) -> None:
        """End the processes at once, whatever they do."""
        if self._pool is None:
            return
        self._pool.shutdown(wait=False, cancel_futures=True)
        for process in set(active_children()) - self._others:
            process.terminate()
        self._pool = None

    def _begin(self, task: _Task[T, R]) -> None:
        try:
            task.future = self._submit(task.task, self._jobs)
        except BrokenProcessPool:  # it broke since the last result
            self._recover()

    def _submit(self, task: T, jobs: int) -> Future[R]:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(jobs, get_context("spawn"), _prepare, self._given)
        with without_interrupts():
            return self._pool.submit(self._work, task)

    def _recover(self) -> None:
        """After a process was ended from outside, which ends the pool: do the tasks that were under way again, each
        with no other beside it, so that the one that ends its process is known."""
        for one in self.under_way:
            if one.is_done:
                continue
            if one.future and one.future.done() and not one.future.exception():
                one.settle(one.future.result())
                continue
            one.settle(self._alone(one.task))
        self.end()

    def _alone(self, task: T) -> R | Lost:
        for _ in range(_TRIES):
            self.end()
            try:
                return self._submit(task, 1).result()
            except BrokenProcessPool:
                continue
        return Lost()


def _prepare(prepare: Callable[..., None], given: tuple[Any, ...]) -> None:
    leave_to_parent()
    prepare(*given)
