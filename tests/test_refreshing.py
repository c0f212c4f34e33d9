"""The library brought up to date with all services: what weeks change, and what it means that one of them fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.servers.acl_server import AclServer
from tests.servers.arxiv_server import ArxivServer
from tests.servers.crossref_server import CrossrefServer
from tests.servers.facts import Publication, read_papers, read_publications
from tests.servers.loopback import Fault, LoopbackServer
from tests.servers.semantic_scholar_server import SemanticScholarServer, ids_of
from tests.servers.works import works as works_of
from tracker.identifiers import PaperKey
from tracker.library import open_library
from tracker.models import Document, Paper, PaperChange, StoredPaper
from tracker.refreshing import Report, refresh_library
from tracker.settings import Endpoint, Settings

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
WEEK = timedelta(days=7)
RESNET, QLORA = PaperKey("arXiv:1512.03385"), PaperKey("arXiv:2305.14314")
LSTM, BART = PaperKey("doi:10.1162/neco.1997.9.8.1735"), PaperKey("acl:2020.acl-main.703")
IN_CVPR = next(one for one in read_publications() if one.doi == "10.1109/cvpr.2016.90")


class Reader(NamedTuple):
    """A reader with a library, and the services."""

    settings: Settings
    arxiv: ArxivServer
    crossref: CrossrefServer
    acl: AclServer
    semantic_scholar: SemanticScholarServer

    @property
    def servers(self) -> tuple[LoopbackServer, ...]:
        return (self.arxiv, self.crossref, self.acl, self.semantic_scholar)

    def add(self, *papers: PaperKey, **fields: object) -> None:
        with open_library(self.settings.library_path) as library:
            records = [Paper.model_validate({"key": key, "title": "", **fields}) for key in papers]
            library.add(Document(name=f"{papers[0]}", text=papers[0]), [], records, NOW)

    def stored(self, key: PaperKey) -> StoredPaper:
        with open_library(self.settings.library_path, create=False) as library:
            found = library.paper(key)
        assert found is not None
        return found

    def update(self, now: datetime = NOW, *named: str) -> tuple[list[PaperChange], Report]:
        """What a run a week or more after the last one tells, and comes to."""
        told = list[PaperChange]()
        report = refresh_library(self.settings, named, older_than=WEEK, on_changes=told.extend, now=now)
        return told, report

    def asked(self) -> list[str]:
        """Which services were asked since the last look, in their order, each as often as it was."""
        names = [server.NAME for server in self.servers for _ in server.requests]
        for server in self.servers:
            server.requests.clear()
        return names


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    with (
        ArxivServer() as arxiv,
        CrossrefServer() as crossref,
        AclServer() as acl,
        SemanticScholarServer() as semantic_scholar,
    ):
        off = Endpoint(url="", delay_s=0.0, per_day=0)
        settings = Settings(
            library_path=tmp_path / "library.sqlite",
            cache_dir=tmp_path / "cache",
            arxiv_url=arxiv.url,
            arxiv_delay_s=0.0,
            crossref=Endpoint(url=crossref.url, delay_s=0.0, per_day=1000),
            acl=Endpoint(url=acl.url, delay_s=0.0, per_day=1000),
            semantic_scholar=Endpoint(url=semantic_scholar.url, delay_s=0.0, per_day=1000),
            dblp=off,
            openalex=off,
            openreview=off,
        )
        yield Reader(settings, arxiv, crossref, acl, semantic_scholar)


def publish(reader: Reader, publication: Publication | None) -> None:
    """Makes this the only publication that Crossref and Semantic Scholar know, or takes all away."""
    known = [publication] if publication else []
    reader.crossref.publications[:] = known
    works = works_of(read_papers(), known)
    reader.semantic_scholar._work_by_id = {one: work for work in works for one in ids_of(work)}


# --- weeks -------------------------------------------------------------------------------------


def test_a_paper_is_published_between_two_runs(reader: Reader) -> None:
    publish(reader, None)
    reader.add(RESNET)
    told, report = reader.update()
    assert told == [] and (report.asked, report.partly, report.problems) == (1, 0, [])
    publish(reader, IN_CVPR)
    assert reader.update(NOW + WEEK / 2)[1].fresh == 1
    told, report = reader.update(NOW + WEEK)
    (change,) = told
    assert (change.kind, change.was) == ("published", "")
    assert (
        change.now.endswith("(CVPR) 2016, doi 10.1109/cvpr.2016.90") or "10.1109/cvpr.2016.90" in change.now
    )
    assert report.changed == 1 and reader.stored(RESNET).paper.doi == "10.1109/cvpr.2016.90"
    assert reader.update(NOW + 2 * WEEK)[0] == [], "it is news once"


def test_a_retraction_of_the_publisher_is_not_taken_back_by_arxiv(reader: Reader) -> None:
    publish(reader, None)
    reader.crossref.publications.append(replace(IN_CVPR, is_retracted=True))
    reader.add(RESNET)
    told, _ = reader.update()
    assert [(change.kind, change.now) for change in told][1:] == [("withdrawn", "as Crossref says")]
    for weeks in (1, 2):
        told, report = reader.update(NOW + weeks * WEEK)
        assert (told, report.asked) == ([], 1) and reader.stored(RESNET).paper.is_withdrawn


def test_a_withdrawal_that_arxiv_takes_back_is_taken_back(reader: Reader) -> None:
    facts = reader.arxiv.papers["2305.14314"]
    reader.arxiv.papers["2305.14314"] = replace(facts, comment="This paper has been withdrawn by the authors")
    reader.add(QLORA)
    told, _ = reader.update()
    assert ("withdrawn", "This paper has been withdrawn by the authors") in [
        (one.kind, one.now) for one in told
    ]
    reader.arxiv.papers["2305.14314"] = replace(facts, version=3, updated="2026-11-25")
    told, _ = reader.update(NOW + WEEK)
    assert [change.kind for change in told] == ["version", "no longer withdrawn"]
    assert not reader.stored(QLORA).paper.is_withdrawn


def test_weeks_without_news_change_nothing(reader: Reader) -> None:
    """Services say different things of many papers; none takes back what another one said before."""
    known = [f"doi:{one.doi}" for one in read_publications() if one.doi]
    known += [f"acl:{one.acl}" for one in read_publications() if one.acl]
    reader.add(*(PaperKey(key) for key in (*(f"arXiv:{one}" for one in read_papers()), *known)))

    def records() -> list[dict[str, object]]:
        dated = {"provenance", "other_values"}
        with open_library(reader.settings.library_path, create=False) as library:
            return [stored.paper.model_dump(exclude=dated) for stored in library.papers()]

    told, report = reader.update()
    assert report.problems == [] and len(told) > 20
    before = records()
    for weeks in (1, 2):
        told, report = reader.update(NOW + weeks * WEEK)
        assert (told, report.problems, report.asked) == ([], [], len(before)) and records() == before


def test_each_paper_is_asked_of_its_home_and_that_again(reader: Reader) -> None:
    reader.add(LSTM, BART, QLORA)
    reader.update()
    assert reader.stored(LSTM).paper.title == "Long Short-Term Memory"
    assert reader.stored(BART).paper.title.startswith("BART")
    assert set(reader.asked()) == {"arxiv", "crossref", "acl", "semantic_scholar"}
    _, report = reader.update(NOW + WEEK)
    assert (report.asked, report.fresh) == (3, 0)
    assert {"arxiv", "crossref", "acl"} <= set(reader.asked())


def test_the_count_of_citations_is_brought_up_to_date(reader: Reader) -> None:
    publish(reader, IN_CVPR)
    reader.add(RESNET)
    reader.update()
    assert reader.stored(RESNET).paper.citations == IN_CVPR.citations
    publish(reader, replace(IN_CVPR, citations=IN_CVPR.citations + 5))
    told, _ = reader.update(NOW + WEEK)
    paper = reader.stored(RESNET).paper
    assert told == [] and paper.citations == IN_CVPR.citations + 5
    assert paper.provenance["citations"].retrieved == NOW + WEEK


def test_a_count_stays_where_no_newer_one_comes(reader: Reader) -> None:
    reader.add(RESNET)
    reader.update()
    before = reader.stored(RESNET).paper
    reader.semantic_scholar.always = reader.crossref.always = Fault("404")
    reader.update(NOW + WEEK)
    after = reader.stored(RESNET).paper
    assert before.citations and (after.citations, after.provenance["citations"]) == (
        before.citations,
        before.provenance["citations"],
    )


def test_a_run_at_the_same_hour_of_each_week_finds_what_the_last_one_asked(reader: Reader) -> None:
    reader.add(QLORA)
    reader.update(NOW + timedelta(seconds=30))
    assert reader.update(NOW + WEEK - timedelta(hours=2))[1].fresh == 1
    reader.asked()
    assert reader.update(NOW + WEEK)[1].asked == 1 and "arxiv" in reader.asked()


def test_a_budget_that_is_spent_is_told_and_the_next_day_completes(reader: Reader) -> None:
    publish(reader, None)
    reader.add(RESNET, QLORA)
    few = reader.settings.crossref.model_copy(update={"per_day": 1})
    settings = reader.settings.model_copy(update={"crossref": few})
    report = refresh_library(settings, older_than=WEEK, on_changes=lambda changes: None, now=NOW)
    assert (report.asked, report.partly) == (2, 1)
    (problem,) = report.problems
    assert problem.subject == "Crossref" and "today's questions are all asked" in problem.message
    _, report = reader.update(NOW + timedelta(days=1))
    assert (report.asked, report.partly, report.fresh) == (1, 0, 1)


# --- failures ----------------------------------------------------------------------------------


def test_what_one_service_could_not_say_is_asked_of_it_alone_in_the_next_run(reader: Reader) -> None:
    reader.add(RESNET)
    reader.semantic_scholar.always = Fault("html")
    reader.crossref.always = Fault("html")
    told, report = reader.update()
    assert (report.asked, report.partly, report.unasked) == (1, 1, 0)
    assert {problem.subject for problem in report.problems} == {"Semantic Scholar", "Crossref"}
    assert all(problem.is_network for problem in report.problems)
    assert reader.stored(RESNET).checked is None and reader.stored(RESNET).paper.authors_complete
    reader.asked()
    reader.semantic_scholar.always = reader.crossref.always = None
    told, report = reader.update(NOW + timedelta(hours=1))
    assert [change.kind for change in told] == ["published"] and report.problems == []
    assert "arxiv" not in reader.asked() and reader.stored(RESNET).checked == NOW, "when arXiv was asked"


def test_a_service_that_was_not_needed_costs_nothing_by_failing(reader: Reader) -> None:
    reader.add(RESNET)
    reader.semantic_scholar.always = Fault("html")
    told, report = reader.update()
    assert [change.source for change in told] == ["Crossref"]
    assert (report.asked, report.partly, report.problems) == (1, 0, [])
    assert reader.stored(RESNET).checked == NOW


def test_where_the_home_fails_the_others_are_not_enough(reader: Reader) -> None:
    reader.add(RESNET, title="Deep Residual Learning for Image Recognition", authors=["Kaiming He"])
    reader.arxiv.always = Fault("404")
    _, report = reader.update()
    assert (report.asked, report.partly, report.unasked) == (1, 1, 0)
    assert [problem.subject for problem in report.problems] == ["arXiv"]
    assert reader.stored(RESNET).checked is None


def test_where_all_fail_nothing_is_lost(reader: Reader) -> None:
    reader.add(RESNET, QLORA, LSTM, BART)
    reader.update()
    keys = (RESNET, QLORA, LSTM, BART)
    before = [reader.stored(key).paper for key in keys]
    for server in reader.servers:
        server.always = Fault("503")
    told, report = reader.update(NOW + WEEK)
    assert told == [] and (report.asked, report.unasked) == (0, 4)
    after = [reader.stored(key).paper for key in keys]
    assert after == before and all(reader.stored(key).checked == NOW for key in keys)


def test_a_service_that_is_down_is_left_alone_over_all_batches(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.refreshing.BATCH_SIZE", 1)
    reader.add(RESNET, QLORA)
    for server in reader.servers:
        server.always = Fault("503")
    _, report = reader.update()
    asked = reader.asked()
    assert report.unasked == 2 and asked.count("arxiv") == 4 and asked.count("semantic_scholar") <= 8
    told = [problem.message for problem in report.problems if problem.subject == "Semantic Scholar"]
    assert len(told) == 1 and told[0].startswith(f"could not be asked about {RESNET}, {QLORA} (")


def test_a_service_that_is_switched_off_does_not_fail(reader: Reader) -> None:
    reader.add(RESNET)
    off = reader.settings.crossref.model_copy(update={"per_day": 0})
    none = reader.settings.model_copy(update={"crossref": off, "semantic_scholar": off})
    report = refresh_library(none, older_than=WEEK, on_changes=lambda changes: None, now=NOW)
    assert (report.asked, report.problems) == (1, [])


def test_a_doi_that_is_registered_elsewhere_is_no_lost_paper(reader: Reader) -> None:
    kept = [one for one in reader.crossref.publications if f"doi:{one.doi}" != LSTM]
    reader.add(LSTM)
    had = reader.crossref.publications[:]
    reader.crossref.publications[:] = kept
    assert reader.update()[1].problems == [], "Semantic Scholar has it"
    reader.crossref.publications[:] = had
    reader.update(NOW + 8 * WEEK)
    reader.crossref.publications[:] = kept
    (problem,) = reader.update(NOW + 16 * WEEK)[1].problems
    assert problem.subject == LSTM and problem.message.startswith("Crossref no longer has this paper")
    assert reader.stored(LSTM).paper.title == "Long Short-Term Memory"


@pytest.mark.parametrize("key", ["openreview:AbCdEf", "acl:2099.acl-main.1"])
def test_a_paper_that_nobody_takes_or_has_is_told_and_stays(reader: Reader, key: str) -> None:
    reader.add(PaperKey(key), title="A Title of Its Own")
    _, report = reader.update()
    (problem,) = (one for one in report.problems if one.subject in (key, "not asked about"))
    assert not problem.is_network and reader.stored(PaperKey(key)).paper.title == "A Title of Its Own"
