"""Documents in, their links out, one document after the other: in this process, or in several.

What comes out is the same whatever the number of processes, and in the order of the documents. Of a part of a large
text (see `documents.parts`) the links stand where they stand in the whole.
"""

from __future__ import annotations

import gc
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from tracker.catalogue import Catalogue
from tracker.errors import InputError
from tracker.linking import conflict_problems, link
from tracker.memory import Memory, TaughtName, mentions_of, names_taught_by
from tracker.models import Document, Link, Problem, Remembered

T = TypeVar("T")
ENOUGH: Final = 150_000
"""Characters from which on several documents are shared out unless a number of jobs is named: some seconds of work,
where to start the processes takes one."""
ALLOCATIONS: Final = 50_000
"""Objects that a process makes between two looks for garbage; a long document's mentions are none."""
_LARGE: Final = 200_000
"""Characters of a document before which the garbage of the last one is taken away, which holds on to itself: of parts
of a large text it adds up. It takes as long as to link some lines."""
MOST_JOBS: Final = 256
_ENDED = "the process that linked it was ended by the system, perhaps for want of memory; it was left out"


class Outcome(NamedTuple):
    """What came of a document, or of a part of one."""

    document: Document | None
    """None where it could not be read; `problems` says why."""
    links: list[Link]
    problems: list[Problem]

    @property
    def name(self) -> str:
        """What it is called."""
        return self.document.name if self.document else self.problems[0].subject


class _Task(NamedTuple):
    document: Document
    remembered: Remembered
    min_confidence: float | None


def link_each(
    outcomes: Iterable[Document | Problem],
    memory: Memory,
    catalogue: Catalogue,
    *,
    min_confidence: float | None = None,
    jobs: int | None = 1,
) -> Iterator[Outcome]:
    """The links of each document, with the conflicts found in it, in order; problems are passed on in their places.

    With several `jobs` documents are linked by so many processes; None: one for each core where there is enough to do.
    A document whose process is ended by the system gets a problem, and the others go on.
    """

    def task_of(document: Document) -> _Task:
        return _Task(document, memory.for_document(document), min_confidence)

    for outcome, result in _each(_link, task_of, outcomes, catalogue, jobs):
        if isinstance(outcome, Problem):
            yield Outcome(None, [], [outcome])
        elif result is None:
            yield Outcome(None, [], [Problem(stage="documents", subject=outcome.name, message=_ENDED)])
        else:
            yield Outcome(outcome, *result)


def taught_by_each(
    documents: Iterable[Document], catalogue: Catalogue, *, jobs: int | None = 1
) -> list[TaughtName]:
    """The names that documents teach, in their order."""
    results = _each(_taught, lambda one: _Task(one, Remembered(), None), documents, catalogue, jobs)
    return [name for _, names in results for name in names or ()]


def _each(
    work: Callable[[_Task, Catalogue], T],
    task_of: Callable[[Document], _Task],
    outcomes: Iterable[Document | Problem],
    catalogue: Catalogue,
    jobs: int | None,
) -> Iterator[tuple[Document | Problem, T | None]]:
    """Each document or problem with what the work makes of it; None: its process was ended."""
    count, outcomes = _jobs_for(outcomes, jobs)
    if count < 2:
        for outcome in outcomes:
            yield outcome, None if isinstance(outcome, Problem) else work(task_of(outcome), catalogue)
        return
    from tracker.jobs import Lost, shared  # takes 30 ms to import, and a single document needs none of it

    waiting: deque[Document | Problem] = deque()

    def tasks() -> Iterator[tuple[Callable[[_Task, Catalogue], T], _Task]]:
        for outcome in outcomes:
            waiting.append(outcome)
            if isinstance(outcome, Document):
                yield work, task_of(outcome)

    for result in shared(_do, tasks(), jobs=count, prepare=_open, given=(catalogue.path,)):
        while isinstance(waiting[0], Problem):
            yield waiting.popleft(), None
        yield waiting.popleft(), None if isinstance(result, Lost) else result
    for problem in waiting:
        yield problem, None


def cores() -> int:
    """How many processes can work at the same time."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


def _jobs_for(
    outcomes: Iterable[Document | Problem], jobs: int | None
) -> tuple[int, Iterator[Document | Problem]]:
    """How many processes are of use, and the outcomes, of which the first were looked at."""
    if jobs is not None and not 1 <= jobs <= MOST_JOBS:
        raise InputError(f"{jobs} jobs: give a number from 1 to {MOST_JOBS}")
    most = cores() if jobs is None else jobs
    rest = iter(outcomes)
    looked_at: list[Document | Problem] = []
    documents = size = 0
    while most > 1 and (documents < 2 or (jobs is None and size < ENOUGH)):
        outcome = next(rest, None)
        if outcome is None:
            most = 1
            break
        looked_at.append(outcome)
        if isinstance(outcome, Document):
            documents, size = documents + 1, size + len(outcome.text)
    return most, chain(looked_at, rest)


# --- what is done, here or in another process ----------------------------------------------------


_opened: list[Catalogue] = []
"""The catalogue of a process that was started to help."""


def _open(path: Path) -> None:
    gc.set_threshold(ALLOCATIONS)
    _opened.append(Catalogue.open(path))


def _do(task: tuple[Callable[[_Task, Catalogue], T], _Task]) -> T:
    work, given = task
    return work(given, _opened[-1])


def _link(task: _Task, catalogue: Catalogue) -> tuple[list[Link], list[Problem]]:
    document, remembered, min_confidence = task
    if len(document.text) > _LARGE:
        gc.collect()
    mentions = mentions_of(document, remembered, catalogue)
    links = link(document, mentions, catalogue, min_confidence=min_confidence, remembered=remembered)
    problems = list(conflict_problems(links))
    return [_moved(one, document.offset) for one in links] if document.offset else links, problems


def _moved(one: Link, offset: int) -> Link:
    """A link of a part, with the place that its mention has in the whole."""
    mention = one.mention
    places = {"start": mention.start + offset, "end": mention.end + offset}
    if mention.entry is not None:
        places["entry"] = mention.entry + offset
    return one.model_copy(update={"mention": mention.model_copy(update=places)})


def _taught(task: _Task, catalogue: Catalogue) -> list[TaughtName]:
    return names_taught_by(task.document, catalogue)
