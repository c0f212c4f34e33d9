"""Updates that are killed (kill -9), at each moment that matters: the next one goes on, and nothing is lost. And
updates and imports at once: one of them is told to wait."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.catalogue.small import PAPERS, write_papers
from tests.catalogue.updating import LISTED, SINCE, Place
from tests.servers.loopback import Fault
from tests.servers.oai import OaiServer
from tracker.errors import CatalogueError

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="kill -9 is a signal of POSIX")

PROGRAM = """
import itertools, os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from tracker.catalogue import journal, update
from tracker.settings import Settings

where, turn, url, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3], Path(sys.argv[4])
count = itertools.count(1)

def deadly(function):
    def called(*args, **options):
        if where == "before the swap" and args[0].suffix != ".part":
            return function(*args, **options)
        if next(count) == turn:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **options)
    return called

owner, name = {
    "before the state": (journal.Journal, "_keep"),
    "before making": (update, "build_catalogue"),
    "before the swap": (Path, "replace"),
    "before the journal goes": (journal.Journal, "remove"),
    "nowhere": (update, "HARVESTED"),
}[where]
if where != "nowhere":
    setattr(owner, name, deadly(getattr(owner, name)))
update.update_catalogue(
    Settings(
        library_path=folder / "library", cache_dir=folder / "cache", catalogue_path=folder / "own.catalogue",
        oai_url=url, arxiv_delay_s=0.0,
    ),
    now=datetime(2026, 3, 21, tzinfo=UTC),
)
"""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with OaiServer(LISTED, page_size=3) as server:
        yield Place(tmp_path, server).make()


def start(place: Place, where: str = "nowhere", turn: int = 0) -> subprocess.Popen[bytes]:
    arguments = [where, str(turn), place.server.url, str(place.folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, "-c", PROGRAM, *arguments], env=environment)


@pytest.mark.parametrize(
    ("where", "turn", "repeated"),
    [
        ("before the state", 1, 0),  # nothing was asked yet
        ("before the state", 3, 1),  # the lines of the second page are there, but nothing says so
        ("before making", 1, 0),
        ("before the swap", 1, 0),
        ("before the journal goes", 2, 0),
    ],
)
def test_killed(place: Place, where: str, turn: int, repeated: int) -> None:
    before = place.path.read_bytes()
    assert start(place, where, turn).wait(timeout=60) == -signal.SIGKILL
    if where == "before the journal goes":
        assert place.path.read_bytes() != before
    else:
        assert place.path.read_bytes() == before
    place.update()
    place.assert_is_current()
    asked = Counter(str(asked.params) for asked in place.server.requests)
    assert sum(asked.values()) - len(asked) == repeated


def test_killed_while_it_waits_for_an_answer(place: Place) -> None:
    place.server.faults.extend([Fault("ok"), Fault("ok"), Fault("hang")])
    process = start(place)
    while len(place.server.requests) < 3 and process.poll() is None:
        time.sleep(0.01)
    process.kill()
    assert process.wait(timeout=60) == -signal.SIGKILL
    place.update()
    place.assert_is_current()
    assert place.told[0][0] == 6 and len(place.server.requests) == 5


def test_two_processes_at_once(place: Place) -> None:
    """The second says so, and the first is not disturbed."""
    place.server.faults.append(Fault("hang"))
    process = start(place)
    while not place.server.requests and process.poll() is None:
        time.sleep(0.01)
    with pytest.raises(Exception, match="another import or update"):
        place.update()
    process.kill()
    process.wait(timeout=60)
    place.update()
    place.assert_is_current()


def import_of(place: Place, *inputs: str | Path) -> subprocess.Popen[bytes]:
    """`tracker catalogue import` into the same catalogue."""
    command = [sys.executable, "-m", "tracker", "catalogue", "import", "--bare", *inputs, "-o", place.path]
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def test_an_import_during_an_update(place: Place) -> None:
    """The import says so and touches nothing; the update goes on."""
    papers = write_papers(place.folder / "papers.jsonl", PAPERS[:2])
    place.server.faults.append(Fault("hang"))
    process = start(place)
    while not place.server.requests and process.poll() is None:
        time.sleep(0.01)
    before = place.path.read_bytes()
    importing = import_of(place, papers)
    told = importing.communicate(timeout=60)[1].decode()
    assert importing.returncode == 2 and told.count("\n") == 1
    assert "own.catalogue: another import or update is writing this catalogue" in told
    assert place.path.read_bytes() == before and process.poll() is None
    process.kill()
    process.wait(timeout=60)
    papers.unlink()
    place.update()
    place.assert_is_current()


def test_an_update_during_an_import(place: Place) -> None:
    """The update says so and asks nothing; the import goes on, and what it made can be updated."""
    importing = import_of(place, place.path, "-")
    assert importing.stdin is not None
    line = b'{"id": "2301.00001", "title": "A title that came with the import"}\n'
    importing.stdin.write(line + b"\n" * (1 << 20))  # more than a pipe holds: it has begun to read
    with pytest.raises(CatalogueError, match="another import or update is writing this"):
        place.update()
    assert place.server.requests == [] and importing.poll() is None
    told = importing.communicate(timeout=60)[1]
    assert importing.returncode == 0, told
    assert place.paper("2301.00001") is not None
    place.update(since=SINCE)
    place.assert_is_current()
    assert place.paper("2301.00001") is not None


def test_what_a_killed_update_leaves_an_import_takes_away(place: Place) -> None:
    """The half-made catalogue may be large."""
    assert start(place, "before the swap", 1).wait(timeout=60) == -signal.SIGKILL
    assert any(name.endswith(".part") for name in place.left())
    importing = import_of(place, place.path)
    told = importing.communicate(timeout=60)[1]
    assert importing.returncode == 0, told
    assert not any(name.endswith((".part", ".lock")) for name in place.left())
