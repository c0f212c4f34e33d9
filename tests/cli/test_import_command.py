"""`tracker catalogue import`: your own catalogue, what is told, and how it ends."""

from __future__ import annotations

import doctest
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import tracker.cli.import_output
from tests.catalogue.small import PAPERS, build, write_papers
from tests.catalogue.snapshot import lines, record, write
from tests.cli.running import Tracker
from tracker.catalogue import Catalogue
from tracker.catalogue.lock import locked
from tracker.cli.import_output import ImportProgress

ONE = record(
    "0704.0009", "Zorbing $\\ell_1$: a made-up title for tests", abstract="We introduce ZorbNet, a net."
)


def test_examples_in_docstrings() -> None:
    assert doctest.testmod(tracker.cli.import_output).failed == 0


@pytest.fixture
def own(tracker: Tracker) -> Path:
    """Where the user's own catalogue is."""
    return Path(tracker.environment["XDG_DATA_HOME"]) / "tracker" / "arxiv.catalogue"


@pytest.mark.skipif(sys.platform != "linux", reason="the place of data is set as Linux has it")
def test_your_own_catalogue_is_used_from_then_on(tracker: Tracker, own: Path) -> None:
    path = write_papers(tracker.folder / "a.jsonl", [*PAPERS, ONE])
    assert "embedded" in tracker("catalogue", "info").out
    ran = tracker("catalogue", "import", path, "--bare")
    assert (ran.code, ran.out) == (0, "") and ran.is_clear
    assert f"{own}: {len(PAPERS) + 1} papers" in ran.err and "0 lines left out" in ran.err
    assert "commands use this catalogue from now on" in ran.err
    assert str(own) in tracker("catalogue", "info").out
    assert (
        "arXiv:0704.0009"
        in tracker("scan", "-", stdin=b"ZorbNet, or Zorbing \xe2\x84\x93_1: a made-up title").out
    )
    assert "Zorbing ℓ_1: a made-up title for tests" in tracker("show", "ZorbNet").out
    assert str(own) not in tracker("catalogue", "info", "--catalogue", "embedded").out
    assert str(own) not in tracker("catalogue", "info", TRACKER_CATALOGUE="embedded").out
    again = tracker("catalogue", "import", path, "--bare", TRACKER_CATALOGUE="embedded")
    assert again.code == 0


@pytest.mark.skipif(sys.platform != "linux", reason="the place of data is set as Linux has it")
def test_another_catalogue_that_is_set_stays_in_use(tracker: Tracker, own: Path) -> None:
    tracker("catalogue", "import", write(tracker.folder / "a.json", ONE), "--bare", "-o", "mine")
    ran = tracker("catalogue", "import", "a.json", "--bare", TRACKER_CATALOGUE="mine")
    assert ran.code == 0 and "commands go on using mine" in ran.err and own.exists()


def test_the_catalogue_that_ships_is_added_unless_bare(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.catalogue.EMBEDDED_PATH", build(tracker.folder)[0])
    path = write(tracker.folder / "a.json", record("2305.14314", "QLoRA, under another title"), ONE)
    assert tracker("catalogue", "import", path, "-o", "full").code == 0
    full = Catalogue.open(tracker.folder / "full")
    assert len(full) == len(PAPERS) + 1
    (row,) = full.rows_titled("QLoRA, under another title")
    assert full.records.cited_in(row) > 10 and "QLoRA" in full.names_of_row(row)
    assert tracker("catalogue", "import", path, "--bare", "-o", "bare").code == 0
    assert len(Catalogue.open(tracker.folder / "bare")) == 2


def test_standard_input_and_abstracts(tracker: Tracker) -> None:
    ran = tracker("catalogue", "import", "-", "--bare", "--abstracts", "-o", "c", stdin=lines([ONE]) + b"{\n")
    assert ran.code == 0
    assert (
        "left out: standard input:2: this is not a line of JSON" in ran.err and "1 line left out" in ran.err
    )
    assert "We introduce ZorbNet, a net." in tracker("show", "0704.0009", "--catalogue", "c").out


def test_only_the_first_lines_left_out_are_shown(tracker: Tracker) -> None:
    Path("a.json").write_bytes(lines([ONE]) + b"{\n" * 50)
    ran = tracker("catalogue", "import", "a.json", "--bare", "-o", "c")
    assert ran.err.count("this is not a line of JSON") == 5
    assert "left out: 45 more" in ran.err and "50 lines left out" in ran.err


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.json", b"{\n" * 7, "a.json:1: this is not a line of JSON"),
        (
            "a.bib",
            b"".join(b"@misc{%c, title={A}}\n" % at for at in b"abcdefg"),
            "a.bib:1: a has no arXiv id, ACL id or DOI",
        ),
        ("a.tsv", b"QLoRA\t\t3\n" * 7, "a.tsv:1: not a name, an id and a count"),
    ],
)
def test_of_an_import_that_can_use_nothing_the_first_lines_are_shown(
    tracker: Tracker, name: str, content: bytes, reason: str
) -> None:
    Path(name).write_bytes(content)
    ran = tracker("catalogue", "import", name, "-o", "c")
    told = ran.err.splitlines()
    assert ran.code == 2 and told[0] == f"left out: {reason}" and len(told) == 7
    assert told[5] == "left out: 2 more"
    assert told[6] == f"tracker: {name}: no papers in these files; 7 lines cannot be used"
    assert not Path("c").exists()


def test_two_imports_at_once(tracker: Tracker) -> None:
    write(tracker.folder / "a.json", ONE)
    with locked(tracker.folder / "c"):
        ran = tracker("catalogue", "import", "a.json", "--bare", "-o", "c")
    assert ran.code == 2 and "another import or update" in ran.err and ran.is_clear
    assert tracker("catalogue", "import", "a.json", "--bare", "-o", "c").code == 0


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_it_says_one_line_and_leaves_nothing(tracker: Tracker, number: signal.Signals) -> None:
    many = [
        record(f"2301.{at:05}", f"The paper number {at} of {at}", comments="x" * 500) for at in range(1, 9000)
    ]
    Path("a.json").write_bytes(lines(many))
    running = subprocess.Popen(
        [sys.executable, "-m", "tracker", "catalogue", "import", "a.json", "-o", "c"],
        stderr=subprocess.PIPE,
        env={**os.environ, **tracker.environment},
        cwd=tracker.folder,
        start_new_session=True,
    )
    end = time.monotonic() + 20
    while not list(Path().glob(".c.lock")) and time.monotonic() < end:
        time.sleep(0.01)
    time.sleep(0.5)
    stop = os.killpg if number == signal.SIGINT else os.kill  # a terminal tells every process of the group
    stop(running.pid, number)
    told = running.communicate()[1].decode()
    assert running.returncode == 130 and told == "tracker: stopped; what was finished is kept\n"
    assert not list(Path().glob(".c*")) and not Path("c").exists()


def test_progress_gives_an_estimate(capsys: pytest.CaptureFixture[str]) -> None:
    moments = iter([0.0, 0.0, 0.1, 10.0, 100.0, 200.0])
    shown = ImportProgress(lambda: next(moments), is_shown=True)
    shown("reading", 0, 1000)
    shown("reading", 10, 1000)
    shown("reading", 200, 1000)
    shown("papers", 500, 1000)
    shown("reading", 7_000_000, 0)
    shown.clear()
    told = [line.strip() for line in capsys.readouterr().err.split("\r") if line.strip()]
    assert told == [
        "[  0%] reading",
        "[ 20%] reading, 2 min to go",
        "[ 50%] papers, 40 s to go",
        "reading: 7 MB",
    ]


def test_no_progress_where_there_is_no_terminal(tracker: Tracker) -> None:
    write(tracker.folder / "a.json", ONE)
    assert "\r" not in tracker("catalogue", "import", "a.json", "--bare", "-o", "c").err
