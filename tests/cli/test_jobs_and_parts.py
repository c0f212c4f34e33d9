"""Several documents at once, and documents that are too large to be read at once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.running import ENGLISH, Tracker
from tracker.documents import inputs as inputs_of_documents
from tracker.documents import parts as parts_of_documents


def documents(count: int) -> list[str]:
    """The names of so many files, some of which cannot be read."""
    names = []
    for number in range(count):
        names.append(f"{number}.md")
        if number % 4 != 2:
            Path(names[-1]).write_text(
                ENGLISH.replace("QLoRA", ("QLoRA", "Mistral 7B")[number % 2]), encoding="utf-8"
            )
    return names


@pytest.mark.parametrize("command", [["scan", "--json"], ["list"]])
def test_the_same_bytes_whatever_the_number_of_jobs(tracker: Tracker, command: list[str]) -> None:
    names = documents(7)
    alone, shared = (tracker.start(*command, *names, "--jobs", jobs) for jobs in ("1", "2"))
    assert (alone.code, alone.out, alone.err) == (shared.code, shared.out, shared.err)
    assert alone.code == 2 and alone.err.count("does not exist") == 2 and "2305.14314" in alone.out


def test_what_is_added_is_the_same_whatever_the_number_of_jobs(tracker: Tracker) -> None:
    names = documents(5)
    told = []
    for jobs in ("1", "2"):
        ran = tracker.start("add", *names, "--jobs", jobs, "--library", f"{jobs}.sqlite")
        told.append((ran.code, ran.out, ran.err, tracker("bib", "--library", f"{jobs}.sqlite").out))
    assert told[0] == told[1] and "dettmers" in told[0][3]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="asks Linux for the children of a process")
def test_ctrl_c_ends_all_processes_with_one_line(tracker: Tracker) -> None:
    names = documents(2)
    running = subprocess.Popen(
        [sys.executable, "-m", "tracker", "scan", *names, "-", "--jobs", "2"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **tracker.environment},
        start_new_session=True,
    )
    children = Path(f"/proc/{running.pid}/task/{running.pid}/children")
    for _ in range(600):
        if len(children.read_text().split()) >= 2:
            break
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=30)
    assert (running.returncode, out, err.decode()) == (
        130,
        b"",
        "tracker: stopped; what was finished is kept\n",
    )


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files above a few kilobytes are large."""
    monkeypatch.setattr(inputs_of_documents, "WHOLE_BYTES", 3000)
    monkeypatch.setattr(parts_of_documents, "PART", 1500)


@pytest.mark.usefixtures("small_parts")
def test_places_in_a_large_document_are_those_of_the_whole(tracker: Tracker) -> None:
    text = "".join(f"# Section {number}\n\n{ENGLISH}\n" for number in range(30))
    Path("large.md").write_text(text, encoding="utf-8")
    ran = tracker("scan", "large.md", "--json")
    assert ran.code == 0 and ran.err.count("\n") == 1 and "large.md: is large and was read in" in ran.err
    links = [json.loads(line) for line in ran.out.splitlines()]
    assert [one["start"] for one in links] == sorted(one["start"] for one in links)
    for one in links:
        assert text[one["start"] : one["end"]] == one["surface"]
        assert one["line"] == text.count("\n", 0, one["start"]) + 1
    ids = [one for one in links if one["kind"] == "id" and one["paper"] == "arXiv:2305.14314"]
    assert len(ids) == 30


@pytest.mark.usefixtures("small_parts")
def test_every_command_takes_a_large_document(tracker: Tracker) -> None:
    Path("large.md").write_text(ENGLISH * 40, encoding="utf-8")
    for command in ("scan", "list", "bib", "new", "add"):
        ran = tracker(command, "large.md", "english.md")
        assert ran.code == 0 and "was read in" in ran.err, (command, ran)
    assert "known" in tracker("add", "large.md").err
    line = (ENGLISH * 40).count("\n")
    assert "QLoRA" in tracker("scan", "large.md", "--explain", str(line)).out
