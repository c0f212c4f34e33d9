from __future__ import annotations

import os
from multiprocessing import active_children
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests import working
from tracker.jobs import Lost, shared
from tracker.scanning import cores

posix = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


def test_results_come_in_the_order_of_the_tasks() -> None:
    results = shared(working.multiply, range(23), jobs=3, prepare=working.prepare, given=(7,))
    assert list(results) == [7 * number for number in range(23)]
    assert list(shared(working.multiply, [], jobs=3, prepare=working.prepare, given=(7,))) == []


def test_no_more_tasks_are_taken_than_are_needed() -> None:
    others = set(active_children())
    taken: list[int] = []

    def tasks() -> object:
        for number in range(1000):
            taken.append(number)
            yield number

    results = shared(working.multiply, tasks(), jobs=2, prepare=working.prepare, given=(1,))  # type: ignore[arg-type]
    assert next(results) == 0 and len(taken) < 10
    results.close()  # type: ignore[attr-defined]
    # A thread of the pool waits for them too, and whoever comes second is told nothing: so ask until they are gone.
    until = monotonic() + 30
    while (left := set(active_children()) - others) and monotonic() < until:
        sleep(0.05)
    assert not left


@posix
def test_only_the_task_that_ends_its_process_is_lost() -> None:
    results = list(shared(working.die_at_three, range(9), jobs=2, prepare=working.prepare, given=(1,)))
    assert results == [Lost() if number == 3 else number for number in range(9)]


@posix
def test_a_process_that_is_ended_once_loses_nothing(tmp_path: Path) -> None:
    tasks = ["", str(tmp_path / "a"), "", "", str(tmp_path / "b"), ""]
    assert list(shared(working.die_once, tasks, jobs=2, prepare=working.prepare, given=(1,))) == tasks


def test_what_the_work_raises_is_raised() -> None:
    with pytest.raises(ValueError, match="no 0"):
        list(shared(working.refuse, range(3), jobs=2, prepare=working.prepare, given=(1,)))


def test_there_is_a_core() -> None:
    assert cores() >= 1
