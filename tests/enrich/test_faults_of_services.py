"""Every fault of every service: told apart, bounded in time and memory, and no fact comes of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.enrich.asking import HASTY, calm_session, hasty_session, papers, settings_for
from tests.servers.acl_server import AclServer
from tests.servers.crossref_server import CrossrefServer
from tests.servers.dblp_server import DblpServer
from tests.servers.loopback import FAULTS, Fault, LoopbackServer
from tracker.enrich.acl import AclAnthology
from tracker.enrich.base import Absent, Answer, Failed, Source
from tracker.enrich.crossref import CrossrefByDoi, CrossrefByTitle, open_service
from tracker.enrich.dblp import DblpByTitle
from tracker.enrich.service import OpenSession

Make = Callable[[str, Path, OpenSession], Source]
PAPER = papers(
    "acl:N19-1423",
    title="BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding",
    authors=("Jacob Devlin", "Ming-Wei Chang"),
    doi="10.18653/v1/n19-1423",
)
UNPUBLISHED = [PAPER[0].model_copy(update={"doi": None})]


def crossref_by_doi(url: str, folder: Path, session: OpenSession) -> Source:
    return CrossrefByDoi(open_service(settings_for("crossref", url, folder), open_session=session), "")


def crossref_by_title(url: str, folder: Path, session: OpenSession) -> Source:
    return CrossrefByTitle(open_service(settings_for("crossref", url, folder), open_session=session), "")


def dblp(url: str, folder: Path, session: OpenSession) -> Source:
    return DblpByTitle(settings_for("dblp", url, folder), open_session=session)


def acl(url: str, folder: Path, session: OpenSession) -> Source:
    return AclAnthology(settings_for("acl", url, folder), open_session=session)


SOURCES: dict[str, tuple[type[LoopbackServer], Make]] = {
    "crossref by doi": (CrossrefServer, crossref_by_doi),
    "crossref by title": (CrossrefServer, crossref_by_title),
    "dblp": (DblpServer, dblp),
    "acl": (AclServer, acl),
}
OF_JSON = {
    "malformed": "malformed JSON", "wrong encoding": "malformed JSON", "bomb": "nested too deeply",
    "truncated": "malformed JSON", "html": "an HTML page, which is no JSON",
    "rate exceeded": "'Rate exceeded.', which is no JSON", "list": "sends something that is no",
    "null": "no record", "empty object": "sends something that is no",
}  # fmt: skip
OF_BIBTEX = {
    "malformed": "malformed BibTeX", "truncated": "malformed BibTeX", "wrong encoding": "no text in UTF-8",
    "html": "an HTML page", "rate exceeded": "no BibTeX",
}  # fmt: skip
OF_ALL = {
    "400": "HTTP 400", "429": "HTTP 429", "500": "HTTP 500", "502": "HTTP 502", "503": "HTTP 503",
    "cut": "connection was cut", "reset": "connection was cut", "garbage": "connection was cut",
    "bad gzip": "damaged", "empty page": "empty page", "huge": "more than 1048576 bytes",
    "gzip bomb": "more than 1048576 bytes", "redirect": "redirects to elsewhere.example", "no content": "HTTP 204",
}  # fmt: skip
CASES = [
    (name, fault, words)
    for name in SOURCES
    for fault, words in {**OF_ALL, **(OF_BIBTEX if name == "acl" else OF_JSON)}.items()
]


def ask(source: Source) -> Answer:
    paper = UNPUBLISHED if source.is_search else PAPER
    assert source.takes(paper[0])
    (answer,) = source.ask(paper).values()
    return answer


@pytest.mark.parametrize(("name", "fault", "words"), CASES)
def test_each_fault_is_told_apart(tmp_path: Path, name: str, fault: str, words: str) -> None:
    server_of, make = SOURCES[name]
    with server_of(always=fault) as server:
        answer = ask(make(server.url, tmp_path, calm_session))
    assert isinstance(answer, Failed) and words in answer.reason and answer.reason.isprintable()
    assert answer.retryable is (fault != "400") and len(server.requests) <= 4


def test_no_common_fault_is_left_out() -> None:
    slow, other = {"hang", "drip"}, {"ok", "other record"}
    assert FAULTS.keys() - slow - other <= OF_ALL.keys() | OF_BIBTEX.keys()


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize(("fault", "words"), [("hang", "no answer within"), ("drip", "took longer than")])
def test_silence_is_not_waited_for(tmp_path: Path, name: str, fault: str, words: str) -> None:
    server_of, make = SOURCES[name]
    with server_of(always=Fault(fault, seconds=20 * HASTY.total_s)) as server:
        answer = ask(make(server.url, tmp_path, hasty_session))
    assert isinstance(answer, Failed) and answer.retryable and words in answer.reason


@pytest.mark.parametrize("name", SOURCES)
def test_what_passes_is_asked_again_and_found(tmp_path: Path, name: str) -> None:
    server_of, make = SOURCES[name]
    with server_of(faults=["503", "html", "truncated"]) as server:
        answer = ask(make(server.url, tmp_path, calm_session))
    assert not isinstance(answer, Failed | Absent) and server.answers == ["503", "html", "truncated", "ok"]


@pytest.mark.parametrize("name", SOURCES)
def test_a_service_that_cannot_be_reached(tmp_path: Path, name: str) -> None:
    answer = ask(SOURCES[name][1]("http://127.0.0.1:9", tmp_path, calm_session))
    assert isinstance(answer, Failed) and answer.retryable and "Connection refused" in answer.reason


def test_no_such_page_is_no_failure_where_it_is_that_of_the_paper(tmp_path: Path) -> None:
    with AclServer(always="404") as server:
        source = acl(server.url, tmp_path, calm_session)
        assert [ask(source) for _ in range(3)] == [Absent()] * 3
    assert len(server.requests) == 3


@pytest.mark.parametrize("name", sorted(SOURCES.keys() - {"acl"}))
def test_where_there_is_no_list_at_all_something_else_answers(tmp_path: Path, name: str) -> None:
    server_of, make = SOURCES[name]
    with server_of(always="404") as server:
        answer = ask(make(server.url, tmp_path, calm_session))
    assert isinstance(answer, Failed) and not answer.retryable and "at its address" in answer.reason


@pytest.mark.parametrize("name", SOURCES)
def test_who_asks_is_told(tmp_path: Path, name: str) -> None:
    server_of, make = SOURCES[name]
    with server_of() as server:
        ask(make(server.url, tmp_path, calm_session))
    headers = server.requests[0].headers
    assert headers["user-agent"].startswith("tracker/") and headers["connection"] == "close"
