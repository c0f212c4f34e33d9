"""`tracker update`: what is told, what is asked and not asked again, and that no fault and no signal loses anything."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.cli.running import Tracker
from tests.servers.arxiv_server import ArxivServer
from tests.servers.loopback import Fault
from tracker.cli.update_output import change_line
from tracker.identifiers import PaperKey
from tracker.library import Library, Refreshed, open_library
from tracker.models import Document, Paper, PaperChange, Provenance

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
QLORA, ADAM, RESNET = "2305.14314", "1412.6980", "1512.03385"


def invented(count: int) -> list[str]:
    return [f"2001.{number:05}" for number in range(1, count + 1)]


def fill(tracker: Tracker, *ids: str, **fields: object) -> None:
    """Put papers into the library of which the first version is known."""
    papers = [
        Paper.model_validate(
            {
                "key": f"arXiv:{one}",
                "title": f"An Invented Title for {one}",
                "version": 1,
                "authors": ["Ada Example"],
                **fields,
            }
        )
        for one in ids
    ]
    with library_of(tracker) as library:
        library.add(Document(name=f"{ids[0]}.md", text=ids[0]), [], papers, LONG_AGO)


def library_of(tracker: Tracker) -> Library:
    return open_library(Path(tracker.environment["TRACKER_LIBRARY"]))


def record(tracker: Tracker, arxiv_id: str) -> Paper:
    with library_of(tracker) as library:
        return library.records([PaperKey(f"arXiv:{arxiv_id}")])[PaperKey(f"arXiv:{arxiv_id}")]


def due(tracker: Tracker) -> list[str]:
    with library_of(tracker) as library:
        return [key.removeprefix("arXiv:") for key in library.due(LONG_AGO)]


def asked(server: ArxivServer) -> list[str]:
    return [arxiv_id for request in server.requests for arxiv_id in request.ids]


@pytest.fixture
def three(online: Tracker, server: ArxivServer) -> Tracker:
    """A library of three papers that was brought up to date."""
    fill(online, QLORA, ADAM, RESNET)
    assert online("update").code == 0
    server.requests.clear()
    return online


# --- what is told ------------------------------------------------------------------------------


def test_another_version(three: Tracker, server: ArxivServer) -> None:
    server.papers[QLORA] = replace(server.papers[QLORA], version=3, updated="2026-05-01")
    ran = three("update", "--all")
    (line,) = ran.out.splitlines()
    assert ran.code == 0 and line.startswith("arXiv:2305.14314    QLoRA: Efficient Finetuning")
    assert line.endswith("  v1 -> v3 (2026-05-01)")
    assert ran.err == "3 papers asked about, 1 with changes\n"
    assert (record(three, QLORA).version, record(three, QLORA).updated) == (3, date(2026, 5, 1))
    assert three("update", "--all").out == "", "it is news once"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"journal_ref": "ICML 2024", "doi": "10.5555/1234"}, "published: ICML 2024, doi 10.5555/1234"),
        ({"comment": "Withdrawn by the authors: an error"}, "withdrawn: Withdrawn by the authors: an error"),
        ({"title": "A Title \x1b[31mof Its Own"}, "title changed: QLoRA: Efficient Finetuning of Quantized LLMs ->"),
        ({"authors": ("Ada Example",)}, "authors changed: Tim Dettmers, "),
    ],
)  # fmt: skip
def test_other_news(three: Tracker, server: ArxivServer, change: dict[str, str], told: str) -> None:
    if "\x1b" in change.get("title", ""):  # no character of XML; other services may send it
        change = {"title": change["title"].replace("\x1b", "\x9b")}
    server.papers[QLORA] = replace(server.papers[QLORA], **change)  # type: ignore[arg-type]
    ran = three("update", "--all")
    assert ran.code == 0 and told in ran.out and len(ran.out.splitlines()) == 1 and "\x9b" not in ran.out
    (line,) = three("update", "--all").err.splitlines()
    assert line == "3 papers asked about, 0 with changes"


def test_what_the_first_answer_fills_in_is_no_news(online: Tracker, server: ArxivServer) -> None:
    online("add", "english.md")
    ran = online("update")
    assert (ran.code, ran.out) == (0, "") and "3 papers asked about, 0 with changes" in ran.err
    assert record(online, QLORA).version and record(online, QLORA).abstract


def test_show_tells_when_the_services_were_asked(three: Tracker) -> None:
    lines = [line.split(maxsplit=1) for line in three("show", QLORA).out.splitlines()]
    assert ["asked", f"{datetime.now(UTC):%Y-%m-%d}, see `tracker update`"] in lines


def test_json_for_programs(three: Tracker, server: ArxivServer) -> None:
    server.papers[ADAM] = replace(server.papers[ADAM], version=10, title="Adam, Again")
    ran = three("update", "--all", "--json")
    changes = [PaperChange.model_validate_json(line) for line in ran.out.splitlines()]
    assert [(one.paper, one.kind, one.was) for one in changes] == [
        ("arXiv:1412.6980", "version", "v9"),
        ("arXiv:1412.6980", "title", "Adam: A Method for Stochastic Optimization"),
    ]
    assert all(json.loads(line)["source"] == "arXiv" for line in ran.out.splitlines())


def test_a_paper_that_arxiv_no_longer_has_stays_and_is_told(three: Tracker, server: ArxivServer) -> None:
    server.faults.append(Fault("lacking one"))
    before = record(three, QLORA)
    ran = three("update", "--all")
    assert ran.code == 0 and "arXiv no longer has this paper; it stays" in ran.err and ran.is_clear
    assert record(three, QLORA) == before and due(three) == []


def test_a_change_line_of_two_papers_that_are_one() -> None:
    change = PaperChange(
        paper=PaperKey("arXiv:2305.14314"), title="T", kind="same paper", was="doi:10.1/x", now="…"
    )
    assert change_line(change).endswith("  is one paper with: doi:10.1/x")


# --- what is asked -----------------------------------------------------------------------------


def test_only_what_is_old_is_asked_about_again(three: Tracker, server: ArxivServer) -> None:
    ran = three("update")
    assert (ran.code, ran.out) == (0, "") and server.requests == []
    assert ran.err == "all 3 papers were asked about in the last 7 days (--all asks again)\n"
    fill(three, "2001.00001")
    assert three("update").err == "1 paper asked about, 0 with changes; 3 were asked about in the last 7 days (--all asks again)\n"  # fmt: skip  # noqa: E501
    assert asked(server) == ["2001.00001"]
    three("update", "--older-than", "0")
    assert len(asked(server)) == 5, "nothing is younger"
    assert three("update", TRACKER_CACHE_DAYS="30").err.startswith(
        "all 4 papers were asked about in the last 30"
    )


def test_a_thousand_papers_take_ten_questions(online: Tracker, server: ArxivServer) -> None:
    ids = invented(1000)
    fill(online, *ids)
    assert online("update").code == 0
    assert sorted(asked(server)) == ids and len(server.requests) == 10 and due(online) == []


def test_some_papers(three: Tracker, server: ArxivServer) -> None:
    ran = three("update", "--all", "QLoRA", "https://arxiv.org/abs/1412.6980v9")
    assert ran.code == 0 and ran.err.startswith("2 papers asked about")
    assert sorted(asked(server)) == [ADAM, QLORA]


def test_a_paper_that_is_not_there_is_told_and_the_others_are_asked_about(
    three: Tracker, server: ArxivServer
) -> None:
    ran = three("update", "--all", "2310.06825", "no such paper at all", QLORA)
    assert ran.code == 2 and ran.is_clear and asked(server) == [QLORA]
    assert "tracker: 2310.06825: is not in the library" in ran.err
    assert "tracker: no such paper at all: no paper is known by this name" in ran.err


def test_dropped_papers_are_left_alone(three: Tracker, server: ArxivServer) -> None:
    with library_of(three) as library:
        library.drop(PaperKey(f"arXiv:{QLORA}"), LONG_AGO)
    assert three("update", "--all").code == 0 and sorted(asked(server)) == [ADAM, RESNET]
    ran = three("update", QLORA)
    assert ran.code == 2 and f"{QLORA}: is dropped" in ran.err and len(server.requests) == 1


def test_what_the_reader_wrote_stays(online: Tracker, server: ArxivServer) -> None:
    mine = {"title": Provenance(source="user")}
    fill(online, QLORA, title="My own title", provenance=mine)
    with library_of(online) as library:
        library.set_tags(PaperKey(f"arXiv:{QLORA}"), ["finetuning"])
    ran = online("update")
    assert (ran.code, ran.out) == (0, "")
    with library_of(online) as library:
        (stored,) = library.papers()
    assert (stored.paper.title, stored.tags) == ("My own title", ("finetuning",)) and stored.paper.abstract


@pytest.mark.parametrize(
    ("arguments", "environment", "words"),
    [
        ("", {"TRACKER_OFFLINE": "1"}, "offline: an update needs the network"),
        (
            "",
            {"TRACKER_LIBRARY": "none.sqlite"},
            "none.sqlite: there is no library; make one with `tracker add",
        ),
        ("--library english.md", {}, "english.md is not a library of Tracker"),
        ("--older-than -1", {}, "--older-than"),
        ("--older-than soon", {}, "--older-than"),
    ],
)
def test_wrong_usage_is_exit_code_2(
    three: Tracker, server: ArxivServer, arguments: str, environment: dict[str, str], words: str
) -> None:
    three.environment |= environment
    ran = three("update", *arguments.split())
    assert (ran.code, ran.out) == (2, "") and words in ran.err and ran.is_clear
    assert server.requests == [] and not Path("none.sqlite").exists()


def test_an_empty_library(online: Tracker, tmp_path: Path) -> None:
    library_of(online).close()
    ran = online("update")
    assert ran.code == 2 and "no papers are in it" in ran.err


# --- faults ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault", ["429", "503", "403", "404", "html", "empty page", "truncated", "malformed", "bomb", "other record",
              "wrong encoding", "redirect", "hollow feed", "cut"],
)  # fmt: skip
def test_a_fault_loses_nothing_and_the_next_run_completes(
    three: Tracker, server: ArxivServer, fault: str
) -> None:
    before = record(three, QLORA)
    server.papers[QLORA] = replace(server.papers[QLORA], version=2)
    server.always = Fault(fault)
    ran = three("update", "--older-than", "0")
    assert (ran.code, ran.out) == (3, "") and ran.is_clear and "could not be asked about" in ran.err
    assert record(three, QLORA) == before
    server.always = None
    with library_of(three) as library:
        assert len(library.due(None)) == 3
    assert three("update", "--older-than", "0").out.endswith("v1 -> v2 (2023-05-23)\n")


def test_a_paper_that_could_not_be_asked_about_is_due_again_and_the_others_are_not(
    online: Tracker, server: ArxivServer
) -> None:
    ids = invented(250)
    fill(online, *ids)
    server.faults.extend([Fault("ok"), Fault("ok"), *[Fault("503")] * 4])
    ran = online("update")
    assert ran.code == 3 and ran.is_clear
    assert "200 papers asked about, 0 with changes, 50 could not be asked about" in ran.err
    assert (
        "could not be asked about arXiv:2001.00201, arXiv:2001.00202, arXiv:2001.00203 and 47 more papers ("
        in ran.err
    )
    server.requests.clear()
    assert online("update").err.startswith("50 papers asked about") and asked(server) == ids[200:]


def test_a_service_that_is_down_is_left_alone(online: Tracker, server: ArxivServer) -> None:
    fill(online, *invented(500))
    server.always = Fault("503")
    ran = online("update")
    assert ran.code == 3 and len(server.requests) <= 4 and "500 could not be asked about" in ran.err
    assert len(due(online)) == 500


def test_a_paper_that_no_service_knows_is_told(three: Tracker) -> None:
    with library_of(three) as library:
        book = Paper(key=PaperKey("acl:A00-9999"), title="A book of nobody's")
        library.add(Document(name="x", text="x"), [], [book], LONG_AGO)
    ran = three("update")
    assert ran.code == 0 and "no service that is switched on knows acl:A00-9999" in ran.err


# --- interruptions -----------------------------------------------------------------------------


def run_until_asked(
    tracker: Tracker, server: ArxivServer, requests: int, how: signal.Signals
) -> tuple[int, str, str]:
    """Starts an update in a process of its own, and sends it a signal once it has asked so often."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tracker", "update"],
        env={**os.environ, **tracker.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    while len(server.requests) < requests and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(how)
    out, told = process.communicate(timeout=60)
    return process.returncode, out.decode(), told.decode()


@pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_what_arrived_is_kept_and_the_next_run_goes_on(
    online: Tracker, server: ArxivServer, how: signal.Signals
) -> None:
    ids = invented(250)
    fill(online, *ids)
    server.papers[ids[0]] = replace(
        server.papers[QLORA], id=ids[0], title=f"An Invented Title for {ids[0]}", version=2
    )
    server.faults.extend([Fault("ok"), Fault("hang")])
    code, out, told = run_until_asked(online, server, 2, how)
    assert out.endswith("v1 -> v2 (2023-05-23)\n"), "news is told at once, or it would never be"
    if how is signal.SIGINT:
        assert (code, told) == (130, "tracker: stopped; what was finished is kept\n")
    assert due(online) == ids[100:]
    server.requests.clear()
    ran = online("update")
    assert ran.code == 0 and ran.err.startswith("150 papers asked about")
    assert asked(server) == ids[100:] and len(server.requests) == 2 and due(online) == []


def test_what_arrived_and_was_not_written_is_not_asked_for_again(
    online: Tracker, server: ArxivServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(self: Library, answered: list[Refreshed], now: datetime) -> None:
        raise KeyboardInterrupt

    fill(online, QLORA, ADAM)
    with monkeypatch.context() as patch:
        patch.setattr(Library, "refresh", stop)
        assert online("update").code == 130
    assert len(due(online)) == 2
    ran = online("update")
    assert ran.code == 0 and "v1 -> v9" in ran.out and len(server.requests) == 1


@pytest.fixture
def locked(three: Tracker) -> Iterator[Tracker]:
    """A library that another program holds."""
    with library_of(three) as library, library._database.transaction():
        yield three


def test_a_library_that_cannot_be_written_is_one_line(
    locked: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.library.WAIT_S", 0.0)
    monkeypatch.setattr("tracker.library.open_library.__kwdefaults__", {"create": True, "wait_s": 0.0})
    ran = locked("update", "--all")
    assert ran.code == 2 and "is in use by another program" in ran.err and ran.is_clear
