"""Crossref as two sources, against a real server on loopback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.enrich.asking import calm_session, matches, papers, record, settings_for
from tests.servers.crossref_server import SELECTS, CrossrefServer, work
from tests.servers.facts import Publication, read_publications
from tests.servers.loopback import Fault
from tracker.enrich.base import Absent, Failed, Found, Source
from tracker.enrich.crossref import (
    BATCH_SIZE,
    SELECT,
    CrossrefByDoi,
    CrossrefByTitle,
    open_service,
    read_search,
    read_work,
    read_works,
)
from tracker.errors import BadReply
from tracker.identifiers import Doi, PaperKey
from tracker.models import Paper, VenueKind

RESNET, LSTM, NOWHERE = "10.1109/cvpr.2016.90", "10.1162/neco.1997.9.8.1735", "10.1000/nowhere"
FASTER = "Faster R-CNN: Towards Real-Time Object Detection with Region Proposal Networks"


def sources_at(
    url: str, folder: Path, *, contact: str = "", **changes: Any
) -> tuple[CrossrefByDoi, CrossrefByTitle]:
    settings = settings_for("crossref", url, folder, contact=contact, **changes)
    service = open_service(settings, open_session=calm_session)
    return CrossrefByDoi(service, settings.contact), CrossrefByTitle(service, settings.contact)


def by_doi(url: str, folder: Path, **changes: Any) -> CrossrefByDoi:
    return sources_at(url, folder, **changes)[0]


def by_title(url: str, folder: Path, **changes: Any) -> CrossrefByTitle:
    return sources_at(url, folder, **changes)[1]


def doi_papers(*dois: str) -> list[Paper]:
    return papers(*(f"doi:{doi}" for doi in dois))


def titled(title: str, *authors: str, key: str = "arXiv:1703.06870", **fields: Any) -> list[Paper]:
    return papers(key, title=title, authors=authors, **fields)


def made_up(number: int, doi: str = "") -> Publication:
    return Publication(
        "A Title", ("Ada Example",), "journal", "2020", venue="J", doi=doi or f"10.1000/{number}"
    )


# --- by DOI ------------------------------------------------------------------------------------


def test_both_keep_the_contract_of_a_source(tmp_path: Path) -> None:
    for each in sources_at("http://127.0.0.1:9", tmp_path):
        source: Source = each
        assert source.overrides <= source.gives <= Paper.model_fields.keys()
        source.close()
        source.close()


def test_whom_they_take(tmp_path: Path) -> None:
    doi, title = sources_at("http://127.0.0.1:9", tmp_path)
    (keyed,), (published,), (neither,) = (
        doi_papers(LSTM), titled("T", "A", doi=LSTM), titled("T", "A"),
    )  # fmt: skip
    assert [doi.takes(p) for p in (keyed, published, neither)] == [True, True, False]
    assert [title.takes(p) for p in (keyed, published, neither)] == [False, True, True], (
        "a DOI may be another paper's"
    )
    assert not title.takes(titled("", "A")[0]) and not title.takes(titled("T")[0])
    assert not doi.takes(papers("doi:10.5281/zenodo.1234")[0]), "DataCite registers it"
    for off in (sources_at("", tmp_path), sources_at("http://127.0.0.1:9", tmp_path, per_day=0)):
        assert not off[0].takes(keyed) and not off[1].takes(neither)


def test_a_batch_is_one_question_and_answers_are_matched_by_doi(tmp_path: Path) -> None:
    with CrossrefServer() as server:
        answers = by_doi(server.url, tmp_path).ask(doi_papers(RESNET, LSTM, NOWHERE))
    (request,) = server.requests
    assert (request.method, request.path, request.ids) == ("GET", "/works", (RESNET, LSTM, NOWHERE))
    assert request.params == {
        "filter": f"doi:{RESNET},doi:{LSTM},doi:{NOWHERE}", "rows": "3", "select": SELECT
    }  # fmt: skip
    resnet, lstm = record(answers[PaperKey(f"doi:{RESNET}")]), record(answers[PaperKey(f"doi:{LSTM}")])
    assert resnet.title == "Deep Residual Learning for Image Recognition" and resnet.pages == "770--778"
    assert (lstm.authors, lstm.venue) == (("Sepp Hochreiter", "Jürgen Schmidhuber"), "Neural Computation")
    assert (lstm.venue_kind, lstm.venue_year, lstm.volume) == (VenueKind.JOURNAL, 1997, "9")
    assert (lstm.issue, lstm.publisher, str(lstm.published)) == ("8", "MIT Press", "1997-11-01")
    assert answers[PaperKey(f"doi:{NOWHERE}")] == Absent()


def test_all_that_is_selected_may_be() -> None:
    assert set(SELECT.split(",")) <= SELECTS


def test_every_publication_of_the_file_is_read(tmp_path: Path) -> None:
    known = {one.doi: one for one in read_publications() if one.doi}
    with CrossrefServer() as server:
        answers = by_doi(server.url, tmp_path).ask(doi_papers(*known))
    for doi, one in known.items():
        found = record(answers[PaperKey(f"doi:{doi}")])
        assert found.authors == one.authors and found.citations == one.citations
        assert found.title == one.title.removeprefix("RETRACTED ARTICLE: ")
        assert bool(found.is_withdrawn) is one.is_retracted
        if one.kind == "preprint":
            assert found.is_preprint and (found.doi, found.venue) == (None, None)
        else:
            assert (found.doi, found.venue, found.venue_year) == (doi, one.book or one.venue, one.year)
            assert found.venue_kind == VenueKind(one.kind)
            assert found.pages == (one.pages.replace("-", "--") or one.article or None)
            assert found.arxiv_id == (one.arxiv if one.names_preprint else None)


def test_an_answer_comes_under_the_key_asked_and_leaves_the_date_of_the_preprint_alone(
    tmp_path: Path,
) -> None:
    paper = papers("arXiv:1506.01497", doi="10.1109/TPAMI.2016.2577031")
    with CrossrefServer() as server:
        answers = by_doi(server.url, tmp_path).ask(paper)
    found = record(answers[PaperKey("arXiv:1506.01497")])
    assert (found.key, found.published, found.venue_year) == ("arXiv:1506.01497", None, 2017)


def test_two_papers_may_have_one_doi(tmp_path: Path) -> None:
    asked = [*doi_papers(LSTM), *papers("arXiv:2001.00001", doi=LSTM)]
    with CrossrefServer() as server:
        answers = by_doi(server.url, tmp_path).ask(asked)
    assert server.requests[0].ids == (LSTM,)
    assert [record(answers[paper.key]).key for paper in asked] == [paper.key for paper in asked]


def test_addresses_stay_short(tmp_path: Path) -> None:
    known = [made_up(n, f"10.1000/{'(x)/' * 20}{n}") for n in range(BATCH_SIZE)]
    with CrossrefServer(known) as server:
        answers = by_doi(server.url, tmp_path).ask(doi_papers(*(one.doi for one in known)))
    assert all(isinstance(answer, Found) for answer in answers.values()) and len(answers) == BATCH_SIZE
    assert sum(len(request.ids) for request in server.requests) == BATCH_SIZE and len(server.requests) > 1
    for request in server.requests:
        sent = "&".join(f"{name}={quote(value, safe='')}" for name, value in request.params.items())
        assert len(f"{request.path}?{sent}") < 4000


def test_a_thousand_papers_are_twenty_five_questions(tmp_path: Path) -> None:
    known = [made_up(n) for n in range(1000)]
    asked = doi_papers(*(one.doi for one in known))
    with CrossrefServer(known) as server:
        source = by_doi(server.url, tmp_path)
        for start in range(0, 1000, source.batch_size):
            source.ask(asked[start : start + source.batch_size])
    assert len(server.requests) == 25 and set(server.answers) == {"ok"}


@pytest.mark.parametrize(
    "doi",
    [
        "10.1023/a:1010933404324",
        "10.1000/a,b",
        "10.1000/a%20b",
        "10.1002/(sici)1097<1661::aid>3.0.co;2-2",
        "10.1000/é",
        "10.1000/a?b&c=d#e",
    ],
)
def test_dois_that_a_filter_cannot_carry_are_asked_for_alone(tmp_path: Path, doi: str) -> None:
    with CrossrefServer([made_up(1, doi), made_up(2)]) as server:
        answers = by_doi(server.url, tmp_path).ask(doi_papers(doi, "10.1000/2", "10.1000/x,y"))
    assert [record(answers[PaperKey(f"doi:{one}")]).doi for one in (doi, "10.1000/2")] == [doi, "10.1000/2"]
    assert answers[PaperKey("doi:10.1000/x,y")] == Absent()
    alone = {unquote(request.path) for request in server.requests[1:]}
    assert alone == {f"/works/{doi}", "/works/10.1000/x,y"}


def test_the_contact_is_named_and_nothing_else(tmp_path: Path) -> None:
    with CrossrefServer() as server:
        by_doi(server.url, tmp_path, contact="me@example.org").ask(doi_papers(LSTM))
        by_doi(server.url, tmp_path, contact="https://example.org/me").ask(doi_papers(LSTM))
    first, second = server.requests
    assert (
        first.params["mailto"] == "me@example.org" and "mailto:me@example.org" in first.headers["user-agent"]
    )
    assert "mailto" not in second.params and "authorization" not in second.headers


def test_the_key_is_sent_to_the_service_and_told_to_nobody(tmp_path: Path) -> None:
    key = "plus-0123456789"
    with CrossrefServer(always="401") as server:
        source = by_doi(server.url, tmp_path, key=key, contact="me@example.org")
        (answer,) = source.ask(doi_papers(LSTM)).values()
    assert server.requests[0].headers["crossref-plus-api-token"] == f"Bearer {key}"
    assert isinstance(answer, Failed) and "does not accept the key" in answer.reason
    assert key not in answer.reason and "me@example" not in answer.reason
    assert all(key.encode() not in path.read_bytes() for path in tmp_path.iterdir())


def test_the_pace_is_kept(tmp_path: Path) -> None:
    with CrossrefServer(gap_s=0.05, work_s=0.01) as server:
        doi, title = sources_at(server.url, tmp_path, delay_s=0.05)
        for _ in range(3):
            doi.ask(doi_papers(LSTM))
            title.ask(titled(FASTER, "Shaoqing Ren"))
    assert server.answers == ["ok"] * 6


def test_the_budget_of_the_day_is_shared(tmp_path: Path) -> None:
    with CrossrefServer() as server:
        doi, title = sources_at(server.url, tmp_path, per_day=2)
        doi.ask(doi_papers(LSTM))
        title.ask(titled(FASTER, "Shaoqing Ren"))
        (answer,) = doi.ask(doi_papers(LSTM)).values()
    assert len(server.requests) == 2
    assert isinstance(answer, Failed) and "today's questions are all asked" in answer.reason


def test_works_that_were_not_asked_for_are_not_taken(tmp_path: Path) -> None:
    with CrossrefServer(always="other record") as server:
        many = by_doi(server.url, tmp_path).ask(doi_papers(RESNET, LSTM))
        alone = by_doi(server.url, tmp_path).ask(doi_papers("10.1000/a,b"))
    for answer in (*many.values(), *alone.values()):
        assert isinstance(answer, Failed) and answer.retryable
        assert "not asked for" in answer.reason or "another work than asked" in answer.reason


def test_one_that_is_missing_does_not_fail_the_others(tmp_path: Path) -> None:
    with CrossrefServer(always="lacking one") as server:
        answers = by_doi(server.url, tmp_path).ask(doi_papers(RESNET, LSTM))
    assert sorted(type(answer).__name__ for answer in answers.values()) == ["Absent", "Found"]


def test_a_refusal_is_told_in_the_words_of_the_service(tmp_path: Path) -> None:
    with CrossrefServer(always="error 400") as server:
        (answer,) = by_doi(server.url, tmp_path).ask(doi_papers(LSTM)).values()
    assert len(server.requests) == 1
    assert isinstance(answer, Failed) and not answer.retryable and "no such filter" in answer.reason


def test_a_question_that_is_refused_for_one_of_its_dois_does_not_fail_the_others(tmp_path: Path) -> None:
    with CrossrefServer(faults=["error 400"]) as server:
        answers = by_doi(server.url, tmp_path).ask(doi_papers(RESNET, LSTM, NOWHERE))
    assert [type(answer).__name__ for answer in answers.values()] == ["Found", "Found", "Absent"]
    assert [request.path.split("/")[1] for request in server.requests] == ["works"] * 4


# --- by title ----------------------------------------------------------------------------------


def test_a_search_brings_what_may_be_the_paper_and_what_is_not(tmp_path: Path) -> None:
    with CrossrefServer() as server:
        source = by_title(server.url, tmp_path)
        (faster,) = source.ask(titled(FASTER, "Shaoqing Ren", "Kaiming He")).values()
        (deep,) = source.ask(titled("Deep learning", "Yann LeCun")).values()
    assert server.requests[0].params == {
        "query.bibliographic": FASTER, "query.author": "Shaoqing Ren", "rows": "5", "select": SELECT
    }  # fmt: skip
    assert matches(faster)[0].doi == "10.1109/tpami.2016.2577031" and len(matches(faster)) > 1
    assert [found.authors[0] for found in matches(deep)[:2]] == ["Yann LeCun", "Jürgen Schmidhuber"]


def test_both_versions_of_a_paper_are_there(tmp_path: Path) -> None:
    with CrossrefServer() as server:
        (answer,) = by_title(server.url, tmp_path).ask(titled("Mask R-CNN", "Kaiming He")).values()
    found = [one for one in matches(answer) if one.title == "Mask R-CNN"]
    assert {one.venue_kind for one in found} == {VenueKind.JOURNAL, VenueKind.PROCEEDINGS}


def test_what_is_not_there_is_absent(tmp_path: Path) -> None:
    with CrossrefServer() as server:
        (answer,) = by_title(server.url, tmp_path).ask(titled("Zyx wvu", "Q. Tsrp")).values()
    assert answer == Absent()


def test_a_title_of_any_length_may_be_asked_for(tmp_path: Path) -> None:
    with CrossrefServer() as server:
        by_title(server.url, tmp_path).ask(titled("Title " * 2000, "Name " * 2000))
    assert server.answers == ["ok"]


def test_notices_are_left_out_of_a_search() -> None:
    article = work(made_up(1))
    notice = article | {"DOI": "10.1000/2", "update-to": [{"type": "retraction", "DOI": "10.1000/1"}]}
    body = json.dumps({"status": "ok", "message": {"items": [notice, article, {"DOI": "10.1000/3"}]}})
    assert [found.doi for found in read_search(body.encode())] == ["10.1000/1"]


# --- reading -----------------------------------------------------------------------------------


NAMES = ["message", "items", "DOI", "title", "author", "type", "update-to", "status"]
REPLIES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["10.1000/x", "ok", "T"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=20,
)


@given(REPLIES)
def test_any_json_is_read_or_refused(reply: object) -> None:
    body, doi = json.dumps(reply).encode(), Doi("10.1000/x")
    for read in (lambda: read_works(body, [doi]), lambda: read_work(body, doi), lambda: read_search(body)):
        try:
            read()
        except BadReply as error:
            assert str(error).isprintable()


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with pytest.raises(BadReply):
        read_works(body, [])


def test_after_a_failure_the_other_questions_of_a_batch_are_not_asked(tmp_path: Path) -> None:
    asked = doi_papers(*(f"10.1000/{n},x" for n in range(10)))
    with CrossrefServer(always=Fault("503", retry_after="0")) as server:
        answers = by_doi(server.url, tmp_path).ask(asked)
    assert len(server.requests) == 8, "two questions, four tries each"
    assert len(answers) == 10 and all(isinstance(answer, Failed) for answer in answers.values())


def test_works_that_were_not_asked_for_make_it_ask_one_by_one(tmp_path: Path) -> None:
    """A mirror that knows no filters answers with whatever it has."""
    with CrossrefServer(faults=["other record"]) as server:
        answers = by_doi(server.url, tmp_path).ask(doi_papers(LSTM, RESNET))
    assert [record(answers[PaperKey(f"doi:{doi}")]).doi for doi in (LSTM, RESNET)] == [LSTM, RESNET]
    assert [request.path for request in server.requests][1:] in (
        [f"/works/{quote(doi, safe='')}" for doi in (LSTM, RESNET)],
        [f"/works/{quote(LSTM, safe='')}"],
        [f"/works/{quote(RESNET, safe='')}"],
    )
