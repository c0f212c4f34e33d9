"""Processes of their own: streams that are closed or full, bugs, and what is imported for the help."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import PAPERS, Ran, Tracker

HEAVY = ["pydantic", "requests", "arxiv", "numpy", "rich", "jinja2", "bibtexparser", "lxml", "platformdirs"]


def imported(ran: Ran) -> set[str]:
    return {found[1] for found in re.finditer(r"\| +([\w.]+)$", ran.err, re.MULTILINE)}


def test_the_help_imports_nothing_heavy(tracker: Tracker) -> None:
    ran = tracker.start("--help", program=["-X", "importtime", "-m", "tracker"])
    assert ran.code == 0 and "scan" in ran.out
    modules = imported(ran)
    assert "typer" in modules and not modules & set(HEAVY)
    ours = {module for module in modules if module.startswith("tracker.")}
    assert ours <= {
        "tracker.cli",
        "tracker.cli.options",
        "tracker.cli.terminal",
        "tracker.errors",
        "tracker.regex",
        "tracker.version",
    }


def test_a_scan_imports_nothing_for_the_network_or_for_output(tracker: Tracker) -> None:
    ran = tracker.start("scan", "english.md", program=["-X", "importtime", "-m", "tracker"])
    assert ran.code == 0 and PAPERS[0] in ran.out
    assert not imported(ran) & {"requests", "arxiv", "rich", "jinja2", "bibtexparser", "tracker.reading"}


def test_importing_the_package_costs_nothing(tracker: Tracker) -> None:
    ran = tracker.start(program=["-X", "importtime", "-c", "import tracker; tracker.__version__"])
    assert not imported(ran) & {*HEAVY, "typer", "tracker.models"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
@pytest.mark.parametrize("arguments", ["scan --json english.md", "--help"])
def test_full_output_is_one_line(tracker: Tracker, arguments: str) -> None:
    with Path("/dev/full").open("wb") as full:
        ran = tracker.start(*arguments.split(), stdout=full)
    assert ran.code == 2 and len(ran.err.splitlines()) == 1 and "standard output" in ran.err


@pytest.mark.parametrize("where", ["&-", "/dev/full"])
@pytest.mark.parametrize("code", [0, 2])
def test_what_cannot_be_told_stops_no_work(tracker: Tracker, where: str, code: int) -> None:
    (tracker.folder / "papers.jsonl").write_text('{"id": "1207.0001", "title": "A paper"}\n{}\n')
    source = "papers.jsonl" if code == 0 else "none.jsonl"
    command = f"exec {sys.executable} -m tracker catalogue import --bare {source} -o made.catalogue 2>{where}"
    done = subprocess.run(
        ["sh", "-c", command],
        env={**os.environ, **tracker.environment},
        cwd=tracker.folder,
        timeout=60,
        check=False,
    )
    assert done.returncode == code
    assert (tracker.folder / "made.catalogue").is_file() == (code == 0)


def test_a_reader_that_goes_away_is_no_fault(tracker: Tracker) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as gone:
        ran = tracker.start("scan", "--json", "english.md", stdout=gone)
    assert (ran.code, ran.err) == (0, "")


def test_output_is_utf_8_whatever_the_machine_says(tracker: Tracker) -> None:
    tracker.environment |= {"PYTHONIOENCODING": "latin-1", "LC_ALL": "C"}
    assert "阅读" in tracker.start("list", "chinese.txt").out


def test_a_bug_is_exit_code_70_with_a_traceback(tracker: Tracker) -> None:
    program = "import tracker.steps, tracker.__main__ as m; tracker.steps.link_inputs = None; m.main()"
    ran = tracker.start("scan", "english.md", program=["-c", program])
    assert ran.code == 70 and "Traceback" in ran.err and "bug of Tracker" in ran.err


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_ctrl_c_is_no_bug(tracker: Tracker) -> None:
    program = (
        "import os, signal, tracker.steps, tracker.__main__ as m\n"
        "tracker.steps.link_inputs = lambda *a, **o: os.kill(os.getpid(), signal.SIGINT)\n"
        "m.main()"
    )
    ran = tracker.start("scan", "english.md", program=["-c", program])
    assert ran.code == 130 and ran.err == "tracker: stopped; what was finished is kept\n"


def test_the_installed_command_is_the_same_program() -> None:
    command = Path(sys.executable).with_name("tracker")
    if not command.exists():
        pytest.skip("the command is not installed beside this interpreter")
    done = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
    assert re.fullmatch(r"tracker \d+\.\d+\.\d+\n", done.stdout)
