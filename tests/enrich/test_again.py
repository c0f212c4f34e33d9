"""Asking again about papers that lack nothing, as `tracker update` does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.servers.arxiv_server import ArxivServer
from tests.servers.loopback import Fault
from tracker.enrich import enrich
from tracker.enrich.arxiv import ArxivSource
from tracker.enrich.base import Source
from tracker.enrich.batches import Gathered
from tracker.identifiers import PaperKey
from tracker.models import Paper
from tracker.settings import Settings

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
WEEK = timedelta(days=7)
QLORA, ADAM = PaperKey("arXiv:2305.14314"), PaperKey("arXiv:1412.6980")


def settings_for(server: ArxivServer, folder: Path) -> Settings:
    return Settings(library_path=folder / "l", cache_dir=folder, arxiv_url=server.url, arxiv_delay_s=0.0)


def whole(*keys: PaperKey) -> list[Paper]:
    return [Paper(key=key, title="T", authors=("A",), authors_complete=True, version=1) for key in keys]


def test_a_paper_that_lacks_nothing_is_asked_about_again(tmp_path: Path) -> None:
    with ArxivServer() as server:
        settings = settings_for(server, tmp_path)
        assert enrich(whole(ADAM), settings, now=NOW) == (whole(ADAM), [])
        (adam,), _ = enrich(whole(ADAM), settings, now=NOW, again=NOW - WEEK)
    assert len(server.requests) == 1 and adam.version == 9


def test_only_what_is_older_is_asked_for_again(tmp_path: Path) -> None:
    with ArxivServer() as server:
        settings = settings_for(server, tmp_path)
        enrich(whole(ADAM), settings, now=NOW, again=NOW)
        enrich(whole(ADAM), settings, now=NOW + WEEK / 2, again=NOW - WEEK / 2)
        assert len(server.requests) == 1
        enrich(whole(ADAM, QLORA), settings, now=NOW + WEEK / 2, again=NOW + timedelta(hours=1))
    assert [request.ids for request in server.requests] == [("1412.6980",), ("1412.6980", "2305.14314")]


def test_what_each_source_said_is_told(tmp_path: Path) -> None:
    told = list[tuple[str, Gathered]]()

    def take(source: Source, gathered: Gathered) -> None:
        told.append((source.name, gathered))

    with ArxivServer(faults=["lacking one"]) as server:
        settings = settings_for(server, tmp_path)
        enrich(whole(ADAM, QLORA), settings, now=NOW, again=NOW, on_gathered=take)
        server.always = Fault("404")
        enrich(whole(ADAM), settings, now=NOW + WEEK, again=NOW + WEEK, on_gathered=take)
    (name, first), (_, second) = told
    assert name == "arXiv" and first.facts.keys() == {ADAM, QLORA} and not first.failures
    assert "refuses the question" in second.failures[ADAM].reason


def test_a_source_that_is_down_is_left_alone_from_then_on(tmp_path: Path) -> None:
    papers: Sequence[Paper] = whole(ADAM)
    with ArxivServer(always=Fault("503", retry_after="999")) as server:
        settings = settings_for(server, tmp_path)
        sources = [ArxivSource(settings)]
        for _ in range(3):
            after, (problem,) = enrich(papers, settings, need=("abstract",), now=NOW, sources=sources)
            assert after == papers and problem.is_network
    assert len(server.requests) == 1
