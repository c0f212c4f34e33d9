"""The network: asked only for what is lacking, its failures told, exit code 3 where they cost an answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import Tracker
from tests.servers.arxiv_server import ArxivServer
from tests.servers.loopback import Fault

UNKNOWN = "arXiv:2501.99998"


@pytest.fixture(autouse=True)
def unknown_paper(tracker: Tracker) -> None:
    Path("unknown.txt").write_text("see arXiv:2501.99998 and arXiv:2305.14314", encoding="utf-8")


def test_what_the_catalogue_lacks_is_asked_for(online: Tracker, server: ArxivServer) -> None:
    ran = online("bib", "unknown.txt")
    assert (ran.code, ran.err) == (0, "") and "eprint = {2501.99998}" in ran.out
    assert [request.ids for request in server.requests] == [("2501.99998", "2305.14314")], (
        "of the second, the DOI of its publication"
    )
    assert online("bib", "unknown.txt") == ran and len(server.requests) == 1, "the answer is kept"


def test_nothing_is_asked_where_nothing_is_lacking(online: Tracker, server: ArxivServer) -> None:
    for command in ("scan", "new", "add"):
        assert online(command, "english.md").code == 0
    assert server.requests == []


@pytest.mark.parametrize("command", ["scan", "list", "bib", "new", "add"])
def test_offline_never_asks(online: Tracker, server: ArxivServer, command: str) -> None:
    assert online(command, "--offline", "unknown.txt").code == 0
    assert online("show", "--offline", "2305.14314").code == 0
    assert server.requests == []


@pytest.mark.parametrize("fault", ["html", "404"])
def test_a_failure_is_exit_code_3_where_nothing_is_known(
    online: Tracker, server: ArxivServer, fault: str
) -> None:
    server.always = Fault(fault)
    ran = online("bib", "unknown.txt")
    assert ran.code == 3 and ran.is_clear and UNKNOWN in ran.err
    assert "eprint = {2305.14314}" in ran.out, "what is known is given"
    shown = online("show", "2501.99998")
    assert shown.code == 3 and shown.is_clear


def test_a_failure_is_told_where_details_are_lacking(online: Tracker, server: ArxivServer) -> None:
    server.always = Fault("html")
    ran = online("list", "unknown.txt")
    assert ran.code == 0 and "QLoRA" in ran.out and UNKNOWN in ran.out
    assert "arXiv" in ran.err and ran.is_clear


def test_a_paper_that_does_not_exist_is_no_network_failure(online: Tracker, server: ArxivServer) -> None:
    server.always = Fault("lacking one")
    ran = online("bib", "unknown.txt")
    assert ran.code == 0 and UNKNOWN in ran.err and "left out" in ran.err


def test_titles_of_unknown_papers_reach_the_library(online: Tracker) -> None:
    online("add", "unknown.txt")
    ran = online("show", "2501.99998", "--offline")
    assert ran.code == 0 and "(not known)" not in ran.out and "unknown.txt:1" in ran.out
