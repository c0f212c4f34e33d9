"""`tracker catalogue update` and `info`: what is said, where the catalogue is, and the exit codes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.catalogue.updating import LISTED, NEW, Place
from tests.cli.running import Tracker
from tests.servers.loopback import Fault
from tests.servers.oai import OaiServer
from tracker.cli.catalogue_output import age_in_words


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    folder = tmp_path / "place"
    folder.mkdir()
    with OaiServer(LISTED, page_size=3) as server:
        yield Place(folder, server).make()


@pytest.fixture
def harvesting(tracker: Tracker, place: Place) -> Tracker:
    """The command line with that server and that catalogue."""
    tracker.environment |= {
        "TRACKER_OFFLINE": "0",
        "TRACKER_OAI_URL": place.server.url,
        "TRACKER_ARXIV_DELAY": "0",
        "TRACKER_CATALOGUE": str(place.path),
    }
    return tracker


def test_a_whole_update(harvesting: Tracker, place: Place) -> None:
    ran = harvesting("catalogue", "update")
    assert (ran.code, ran.out) == (0, "") and ran.is_clear
    assert "own.catalogue: 11 records new, changed or deleted up to 2026-03-20; 27 papers (+8)" in ran.err
    found = harvesting("catalogue", "find", NEW[0].id)
    assert NEW[0].title in found.out
    again = harvesting("catalogue", "update")
    assert again.code == 0 and "nothing new, up to date on 2026-03-20" in again.err


def test_a_service_that_fails_is_exit_code_3_and_the_next_run_goes_on(
    harvesting: Tracker, place: Place
) -> None:
    place.server.faults.extend([Fault("ok"), Fault("404")])
    ran = harvesting("catalogue", "update")
    assert (ran.code, ran.out) == (3, "") and ran.is_clear
    assert "3 records are kept, run it again to continue" in ran.err
    info = harvesting("catalogue", "info")
    assert (
        "an update was cut off with 3 records up to 2026-03-11; `tracker catalogue update` continues it"
        in info.out
    )
    unfinished = json.loads(harvesting("catalogue", "info", "--json").out)["unfinished"]
    assert unfinished == {"records": 3, "until": "2026-03-11"}
    ran = harvesting("catalogue", "update")
    assert ran.code == 0 and "continuing an update that was cut off: 3 records up to 2026-03-11" in ran.err
    place.assert_is_current()


def test_records_that_are_left_out_are_told(harvesting: Tracker, place: Place) -> None:
    place.server.faults.append(Fault("other record"))
    ran = harvesting("catalogue", "update")
    assert ran.code == 0 and "left out: " in ran.err and "1 left out" in ran.err and ran.is_clear


def test_waits_are_told(harvesting: Tracker, place: Place) -> None:
    place.server.faults.append(Fault("503", retry_after="0"))
    assert "HTTP 503; trying again in 0 s" in harvesting("catalogue", "update").err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("--offline", "offline: an update needs the network"),
        ("--from yesterday", "--from"),
        ("--from 2999-01-01", "in the future"),
        ("--catalogue english.md", "not a catalogue"),
        ("--catalogue new.catalogue", "--from"),
    ],
)
def test_wrong_usage_is_exit_code_2(harvesting: Tracker, place: Place, arguments: str, words: str) -> None:
    before = sorted(path.name for path in place.folder.iterdir())
    ran = harvesting("catalogue", "update", *arguments.split())
    assert (ran.code, ran.out) == (2, "") and words in ran.err and ran.is_clear
    assert place.server.requests == [] and sorted(path.name for path in place.folder.iterdir()) == before


@pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX")
def test_ctrl_c_keeps_what_was_harvested(harvesting: Tracker, place: Place) -> None:
    place.server.faults.extend([Fault("ok"), Fault("hang")])
    process = subprocess.Popen(
        [sys.executable, "-m", "tracker", "catalogue", "update"],
        env={**os.environ, **harvesting.environment},
        stderr=subprocess.PIPE,
    )
    while len(place.server.requests) < 2 and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130 and told.decode() == "tracker: stopped; what was finished is kept\n"
    assert "continuing" in harvesting("catalogue", "update").err
    place.assert_is_current()


# --- info --------------------------------------------------------------------------------------


def test_info_tells_how_old_a_catalogue_is(harvesting: Tracker, place: Place) -> None:
    harvesting("catalogue", "update")
    facts = dict(line.split(maxsplit=1) for line in harvesting("catalogue", "info").out.splitlines())
    assert facts["kind"] == "your own catalogue" and facts["file"] == str(place.path)
    assert facts["harvested"].startswith("2026-03-20 (") and facts["made"].endswith("(today)")
    assert (facts["papers"], facts["size"]) == ("27", "0.0 MB") or facts["size"].endswith("MB")


def test_info_for_programs(harvesting: Tracker, place: Place) -> None:
    facts = json.loads(harvesting("catalogue", "info", "--json").out)
    assert (facts["kind"], facts["harvested"], facts["newest"]) == ("own", "2026-03-10", "2024-01-08")
    assert (
        facts["unfinished"] is None and facts["bytes"] == place.path.stat().st_size and facts["papers"] == 19
    )
    embedded = json.loads(harvesting("catalogue", "info", "--json", TRACKER_CATALOGUE="").out)
    assert embedded["kind"] == "embedded" and embedded["harvested"] is None


def test_the_users_own_catalogue_is_used_once_it_is_there(harvesting: Tracker, place: Place) -> None:
    if sys.platform != "linux":
        pytest.skip("the place of data is named so on Linux only")
    data = place.folder / "data"
    (data / "tracker").mkdir(parents=True)
    own = place.path.rename(data / "tracker" / "arxiv.catalogue")
    harvesting.environment |= {"TRACKER_CATALOGUE": "", "XDG_DATA_HOME": str(data)}
    assert json.loads(harvesting("catalogue", "info", "--json").out)["file"] == str(own)
    ran = harvesting("catalogue", "update")
    assert ran.code == 0 and f"{own}: 11 records" in ran.err


@pytest.mark.parametrize(
    ("then", "words"),
    [
        ("2026-11-22", "today"), ("2026-11-21", "yesterday"), ("2026-11-20", "2 days ago"),
        ("2026-11-08", "2 weeks ago"), ("2026-09-01", "2 months ago"), ("2024-11-22", "2 years ago"),
        ("1991-08-14", "35 years ago"), ("2026-11-23", "in the future"),
    ],
)  # fmt: skip
def test_ages(then: str, words: str) -> None:
    assert age_in_words(date.fromisoformat(then), datetime(2026, 11, 22, tzinfo=UTC).date()) == words
