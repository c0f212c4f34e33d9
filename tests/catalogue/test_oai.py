"""Asking arXiv over OAI-PMH: the right questions, at its pace, and what fails is told for what it is."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from tests.servers import oai
from tests.servers.facts import invented
from tests.servers.loopback import Fault
from tests.servers.oai import OaiServer
from tracker.catalogue.oai import EARLIEST, ArxivRecords, refusal
from tracker.catalogue.oai_page import Error
from tracker.errors import BadReply, SourceRefused, SourceUnavailable
from tracker.settings import Settings

DAY = date(2026, 3, 10)
LISTED = oai.items(invented(f"2603.{number:05}") for number in range(1, 10))
GAP_S = 0.03


def settings_for(folder: Path, url: str, *, delay_s: float = 0.0) -> Settings:
    return Settings(
        library_path=folder / "library.sqlite", cache_dir=folder / "cache", oai_url=url, arxiv_delay_s=delay_s
    )


def harvest(service: ArxivRecords, since: date = DAY) -> list[str]:
    page = service.since(since)
    found = [record.arxiv_id for record in page.records]
    while page.token:
        page = service.after(page.token)
        found += [record.arxiv_id for record in page.records]
    return [str(one) for one in found]


@pytest.mark.parametrize("is_ordered", [True, False])
def test_page_after_page_at_the_pace_of_the_service(tmp_path: Path, is_ordered: bool) -> None:
    with (
        OaiServer(LISTED, gap_s=GAP_S, is_ordered=is_ordered) as server,
        ArxivRecords(settings_for(tmp_path, server.url, delay_s=2 * GAP_S)) as service,
    ):
        found = harvest(service)
    assert sorted(found) == [item.paper.id for item in LISTED]
    assert server.answers == ["ok"] * 3
    first, second, _ = (asked.params for asked in server.requests)
    assert first == {"verb": "ListRecords", "metadataPrefix": "arXiv", "from": "2026-03-10"}
    assert set(second) == {"verb", "resumptionToken"}
    assert server.requests[0].headers["user-agent"].startswith("tracker/")


@pytest.mark.parametrize("way", ["prefixes", "sizes", "no date"])
def test_other_ways_to_say_it(tmp_path: Path, way: str) -> None:
    with (
        OaiServer(LISTED, always=way) as server,
        ArxivRecords(settings_for(tmp_path, server.url)) as service,
    ):
        assert harvest(service) == [item.paper.id for item in LISTED]


def test_nothing_is_asked_from_before_the_earliest_day(tmp_path: Path) -> None:
    with OaiServer(LISTED) as server, ArxivRecords(settings_for(tmp_path, server.url)) as service:
        assert service.since(date(1991, 8, 14)).records
    assert server.requests[0].params["from"] == EARLIEST.isoformat() == "2005-09-16"


@pytest.mark.parametrize(
    "fault",
    ["503", "429", "500", "cut", "reset", "garbage", "html", "rate exceeded", "empty page", "truncated",
     "malformed", "other xml", "bomb", "bad gzip", "empty list", "no content"],
)  # fmt: skip
def test_what_passes_is_asked_again(tmp_path: Path, fault: str) -> None:
    with (
        OaiServer(LISTED, faults=["ok", fault]) as server,
        ArxivRecords(settings_for(tmp_path, server.url)) as service,
    ):
        assert len(harvest(service)) == len(LISTED)
    assert server.answers == ["ok", fault, "ok", "ok"]
    assert server.requests[1].params == server.requests[2].params


def test_the_wait_that_is_asked_for_is_kept(tmp_path: Path) -> None:
    told = list[tuple[str, float]]()
    with (
        OaiServer(LISTED, faults=[Fault("503", retry_after="0")], gap_s=GAP_S) as server,
        ArxivRecords(
            settings_for(tmp_path, server.url, delay_s=2 * GAP_S), on_wait=lambda *one: told.append(one)
        ) as service,
    ):
        harvest(service)
    ((reason, wait_s),) = told
    assert reason.endswith(": HTTP 503") and wait_s == 2 * GAP_S and "too fast" not in server.answers


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        ("html", BadReply, "an HTML page"), ("truncated", BadReply, "cut page"), ("bomb", BadReply, "document type"),
        ("empty list", BadReply, "empty list"), ("503", SourceUnavailable, "HTTP 503, asked 4 times"),
        ("404", SourceRefused, "HTTP 404"), ("redirect", BadReply, "another machine"),
        ("same token", BadReply, "same page without end"),
    ],
)  # fmt: skip
def test_what_stays_is_told(tmp_path: Path, fault: str, error: type[Exception], words: str) -> None:
    with (
        OaiServer(LISTED, always=fault) as server,
        ArxivRecords(settings_for(tmp_path, server.url)) as service,
        pytest.raises(error, match=re.escape(words)),
    ):
        harvest(service)


@pytest.mark.parametrize("fault", ["bad argument", "bad argument 400"])
def test_a_refusal_is_an_error_of_the_page_whatever_the_status(tmp_path: Path, fault: str) -> None:
    with (
        OaiServer(LISTED, always=fault) as server,
        ArxivRecords(settings_for(tmp_path, server.url)) as service,
    ):
        page = service.since(DAY)
    assert page.error is not None and page.error.code == "badArgument" and len(server.requests) == 1
    assert "badArgument: " in str(refusal(page.error))


def test_what_the_service_refuses_is_named() -> None:
    refused = refusal(Error("idDoesNotExist", "no such thing"))
    assert (
        refused.exit_code == 3 and str(refused) == "arXiv refuses the question: idDoesNotExist: no such thing"
    )


def test_an_address_that_cannot_be_asked(tmp_path: Path) -> None:
    for url in ("no address", "http://", "http://127.0.0.1:1/oai"):
        with ArxivRecords(settings_for(tmp_path, url)) as service, pytest.raises(SourceUnavailable):
            service.since(DAY)
