"""OpenAlex as two sources: what its works say, and a real server on loopback."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.enrich.asking import calm_session, hasty_session, papers, record, settings_for
from tests.servers.facts import Facts
from tests.servers.loopback import Fault
from tests.servers.openalex_server import MOST_BYTES, OpenAlexServer
from tracker.enrich.base import Absent, Failed, Found, Matches, Record, Source
from tracker.enrich.openalex import (
    BATCH_SIZE,
    OpenAlexById,
    OpenAlexByTitle,
    matched,
    open_service,
    read_matches,
    read_page,
    search_words,
)
from tracker.enrich.openalex_work import FIELDS, record_of
from tracker.enrich.service import OpenSession, Service
from tracker.errors import BadReply
from tracker.identifiers import Doi, PaperKey
from tracker.models import Paper, VenueKind

QLORA, BERT, MISTRAL = "arXiv:2305.14314", "arXiv:1810.04805", "arXiv:2310.06825"
RESNET_DOI = "doi:10.1109/cvpr.2016.90"
KEY = "oa-0123456789abcdef"


def service_at(url: str, folder: Path, session: OpenSession = calm_session, **changes: Any) -> Service:
    settings = settings_for("openalex", url, folder, **{"key": KEY, **changes})
    return open_service(settings, open_session=session)


def by_id(url: str, folder: Path, session: OpenSession = calm_session, **changes: Any) -> OpenAlexById:
    return OpenAlexById(service_at(url, folder, session, **changes))


def by_title(url: str, folder: Path, **options: Any) -> OpenAlexByTitle:
    return OpenAlexByTitle(service_at(url, folder, **options))


ARXIV = {
    "source": {"display_name": "arXiv (Cornell University)", "type": "repository"},
    "version": "publishedVersion",
    "landing_page_url": "http://arxiv.org/abs/2305.14314",
}
NATURE = {
    "source": {"display_name": "Nature", "type": "journal", "host_organization_name": "Nature Portfolio"},
    "landing_page_url": "https://doi.org/10.1038/x1",
}


def of_work(*locations: Mapping[str, Any], **fields: Any) -> Record:
    standard = {
        "title": "A Title",
        "primary_location": locations[0] if locations else None,
        "locations": list(locations),
        "publication_year": 2023,
        "publication_date": "2023-05-23",
    }
    found = record_of({**standard, **fields}, PaperKey(QLORA))
    assert found
    return found


# --- what a work says --------------------------------------------------------------------------


def test_what_is_at_arxiv_is_a_preprint_whatever_its_version_is_called() -> None:
    found = of_work(ARXIV, doi="https://doi.org/10.48550/arxiv.2305.14314", cited_by_count=3)
    assert found.is_preprint and found.arxiv_id == "2305.14314" and found.citations == 3
    assert str(found.published) == "2023-05-23"
    assert (found.venue, found.venue_kind, found.venue_year, found.doi, found.publisher) == (None,) * 5


def test_a_publication_with_a_copy_at_arxiv() -> None:
    found = of_work(
        NATURE,
        ARXIV,
        doi="https://doi.org/10.1038/X1",
        biblio={"volume": "521", "issue": "7553", "first_page": "436", "last_page": "444"},
    )
    assert (found.venue, found.venue_kind, found.venue_year) == ("Nature", VenueKind.JOURNAL, 2023)
    assert (found.volume, found.issue, found.pages) == ("521", "7553", "436--444")
    assert (found.publisher, found.doi, found.arxiv_id) == ("Nature Portfolio", "10.1038/x1", "2305.14314")
    assert not found.is_preprint and found.published is None, "the date is not that of the first version"


def test_a_publication_that_is_not_the_primary_copy_has_no_year() -> None:
    found = of_work(ARXIV, NATURE, doi="https://doi.org/10.48550/arxiv.2305.14314")
    assert (found.venue, found.venue_year, found.doi) == ("Nature", None, None)


@pytest.mark.parametrize(
    ("name", "kind_of_source", "raw_name", "kind_of_work", "address", "expected"),
    [
        (
            "",
            "",
            "2016 IEEE CVPR",
            "conference-paper",
            "https://doi.org/10.1109/x",
            ("2016 IEEE CVPR", "proceedings"),
        ),
        ("", "", "Apollo Repository", "article", "https://repo.example/1", (None, None)),
        ("Springer eBooks", "ebook platform", "A Handbook", "book-chapter", "", ("A Handbook", "book")),
        ("Lecture notes in X", "book series", "", "book-chapter", "", ("Lecture notes in X", "proceedings")),
        ("bioRxiv (Cold Spring Harbor Laboratory)", "repository", "", "preprint", "", (None, None)),
        ("arXiv", "other", "", "article", "", (None, None)),
        ("ICLR", "conference", "", "article", "", ("ICLR", "proceedings")),
        ("IROS", "conference", "2026 IEEE IROS", "conference-paper", "", ("2026 IEEE IROS", "proceedings")),
        ("Nature", "journal", "", "review", "", ("Nature", "journal")),
        ("Somewhere", "other", "", "article", "", ("Somewhere", None)),
    ],
)
def test_where_it_appeared(
    name: str,
    kind_of_source: str,
    raw_name: str,
    kind_of_work: str,
    address: str,
    expected: tuple[str | None, ...],
) -> None:
    source = {"display_name": name, "type": kind_of_source} if name else None
    found = of_work(
        {"source": source, "raw_source_name": raw_name, "landing_page_url": address}, type=kind_of_work
    )
    assert (found.venue, found.venue_kind) == expected


@pytest.mark.parametrize(
    ("printed", "profile", "name"),
    [
        ("Dettmers, Tim", "T. Dettmers", "Tim Dettmers"), ("Tim Dettmers", "Someone Else", "Tim Dettmers"),
        ("", "Tim Dettmers", "Tim Dettmers"), ("Tim Dettmers 1,2", "Tim Dettmers", "Tim Dettmers"),
        ("van der Maaten, Laurens", "x", "Laurens van der Maaten"), ("OpenAI, Inc", "x", "OpenAI, Inc"),
    ],
)  # fmt: skip
def test_names_stand_as_printed_given_name_first(printed: str, profile: str, name: str) -> None:
    authorship = {"raw_author_name": printed, "author": {"display_name": profile}}
    assert of_work(authorships=[authorship]).authors == (name,)


def test_a_cut_list_of_authors_is_none() -> None:
    people = [{"raw_author_name": f"Person {chr(97 + n % 26)}"} for n in range(100)]
    assert of_work(authorships=people).authors == () and len(of_work(authorships=people[1:]).authors) == 99
    assert of_work(authorships=[{"raw_author_name": "Ada"}, {}]).authors == ()


def test_the_first_of_january_stands_for_a_year() -> None:
    assert of_work(publication_date="2023-01-01").published is None


def test_retracted_papers_and_abstracts() -> None:
    found = of_work(is_retracted=True, abstract_inverted_index={"We": [0, 2], "know": [1], "it.": [3]})
    assert found.is_withdrawn and found.abstract == "We know We it."
    assert of_work(is_retracted=False).is_withdrawn is None


@pytest.mark.parametrize("kind", ["paratext", "erratum", "retraction", "peer-review", "dataset", "software"])
def test_what_bears_the_title_of_a_paper_and_is_none(kind: str) -> None:
    assert record_of({"title": "Correction: A Title", "type": kind}, PaperKey(QLORA)) is None


NAMES = [
    *FIELDS.split(","),
    "source",
    "display_name",
    "landing_page_url",
    "raw_author_name",
    "author",
    "first_page",
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=20,
)


@given(st.lists(VALUES, max_size=3), VALUES)
def test_any_json_is_read_or_refused(results: list[object], meta: object) -> None:
    body = json.dumps({"results": results, "meta": meta}).encode()
    try:
        works = read_page(body).works
    except BadReply:
        return
    assert set(matched({PaperKey(QLORA): Doi("10.48550/arxiv.2305.14314")}, works)) == {QLORA}
    read_matches(body, PaperKey(QLORA))


@given(st.binary(max_size=50))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        read_page(body)
    except BadReply:
        return


@given(st.text(max_size=400))
def test_words_to_search_for_say_nothing_in_a_filter(title: str) -> None:
    words = search_words(title)
    assert not set(words) & set(',|:"!+*?~&()<>\\') and words == words.strip()
    assert search_words(words) == words


# --- what is asked -----------------------------------------------------------------------------


def test_they_keep_the_contract_of_a_source(tmp_path: Path) -> None:
    sources: list[Source] = [by_id("http://127.0.0.1:9", tmp_path), by_title("http://127.0.0.1:9", tmp_path)]
    for source in sources:
        assert source.overrides <= source.gives <= Paper.model_fields.keys()
        source.close()
        source.close()
    assert len({source.service for source in sources}) == 2, "what one has not, the other may have"
    assert [source.is_search for source in sources] == [False, True]


@pytest.mark.parametrize("options", [{"key": None}, {"per_day": 0}])
def test_without_a_key_or_a_budget_nothing_is_asked(tmp_path: Path, options: dict[str, Any]) -> None:
    url = "http://127.0.0.1:9"
    (paper,) = papers(QLORA, title="A Title")
    assert by_id(url, tmp_path).takes(paper) and by_title(url, tmp_path).takes(paper)
    assert not by_id(url, tmp_path, **options).takes(paper)
    assert not by_title(url, tmp_path, **options).takes(paper)


@pytest.mark.parametrize(
    ("key", "is_taken"),
    [
        ("doi:10.1038/nature14539", True), ("acl:N19-1423", True), ("arXiv:2313.00001", False),
        ("openreview:OUIFPHEgJU", False), ("doi:10.1002/(sici)1097-4636(199823)43:3,338::aid", False),
        ("doi:10.1000/a+b", False),
    ],
)  # fmt: skip
def test_ids_that_a_filter_can_hold(tmp_path: Path, key: str, is_taken: bool) -> None:
    assert by_id("http://127.0.0.1:9", tmp_path).takes(papers(key)[0]) == is_taken


def test_a_batch_by_ids(tmp_path: Path) -> None:
    keys = [QLORA, MISTRAL, RESNET_DOI, "acl:N19-1423", "doi:10.1000/1"]
    with OpenAlexServer() as server:
        answers = by_id(server.url, tmp_path).ask(papers(*keys))
    (request,) = server.requests
    assert request.ids == (
        "10.48550/arxiv.2305.14314",
        "10.48550/arxiv.2310.06825",
        "10.1109/cvpr.2016.90",
        "10.18653/v1/n19-1423",
        "10.1000/1",
    )
    qlora, mistral, resnet, bert = (record(answers[PaperKey(key)]) for key in keys[:4])
    assert qlora.is_preprint and qlora.authors[::3] == ("Tim Dettmers", "Luke Zettlemoyer")
    assert mistral.is_preprint and len(mistral.authors) == 18
    assert (resnet.key, resnet.venue_year, resnet.pages) == (RESNET_DOI, 2016, "770--778")
    assert bert.doi == "10.18653/v1/n19-1423" and bert.venue_kind is VenueKind.PROCEEDINGS
    assert answers[PaperKey("doi:10.1000/1")] == Absent()


def test_a_preprint_that_became_part_of_a_publication_is_found_by_its_copy(tmp_path: Path) -> None:
    with OpenAlexServer() as server:
        answers = by_id(server.url, tmp_path).ask(papers(BERT, MISTRAL, "arXiv:2305.00001"))
    asked = [request.params["filter"].partition(":")[0] for request in server.requests]
    assert asked == ["doi", "locations.landing_page_url"]
    assert "http://arxiv.org/abs/1810.04805" in server.requests[1].ids and len(server.requests[1].ids) == 4
    bert = record(answers[PaperKey(BERT)])
    assert (bert.key, bert.doi, bert.arxiv_id) == (BERT, "10.18653/v1/n19-1423", "1810.04805")
    assert answers[PaperKey("arXiv:2305.00001")] == Absent()


def test_a_service_that_cannot_look_for_copies_has_said_enough(tmp_path: Path) -> None:
    with OpenAlexServer(faults=["ok", "400"]) as server:
        source = by_id(server.url, tmp_path)
        answers = source.ask(papers(BERT, MISTRAL, *(f"arXiv:2001.{n:05}" for n in range(1, 49))))
        assert answers[PaperKey(BERT)] == Absent() and isinstance(answers[PaperKey(MISTRAL)], Found)
        assert source.ask(papers(BERT)) == {BERT: Absent()}
    assert server.answers == ["ok", "400", "ok"], "it is not asked that again"


def test_what_was_not_answered_about_copies_is_not_absent(tmp_path: Path) -> None:
    with OpenAlexServer(faults=["ok"], always="503") as server:
        answers = by_id(server.url, tmp_path).ask(papers(BERT, MISTRAL))
    assert isinstance(answers[PaperKey(BERT)], Failed) and isinstance(answers[PaperKey(MISTRAL)], Found)


def test_no_question_is_larger_than_the_service_takes(tmp_path: Path) -> None:
    """The address may have 4094 bytes, and the filter 50 values to be on the safe side."""
    long_ones = [f"doi:10.1000/{'x' * 150}{n}" for n in range(BATCH_SIZE)]
    unknown = [f"arXiv:2001.{n:05}" for n in range(1, BATCH_SIZE + 1)]
    with OpenAlexServer(most_values=BATCH_SIZE) as server:
        source = by_id(server.url, tmp_path)
        answers = {**source.ask(papers(*long_ones)), **source.ask(papers(*unknown))}
    assert set(answers.values()) == {Absent()} and len(answers) == 2 * BATCH_SIZE
    assert set(server.answers) == {"ok"} and len(server.requests) == 3 + 1 + 2
    assert MOST_BYTES == 4094


def test_further_pages_are_asked_for(tmp_path: Path) -> None:
    keys = [f"arXiv:2001.{n:05}" for n in range(1, 8)]
    known = {key[6:]: Facts(key[6:], f"Title {key}", ("Ada Example",), "2020-01-02") for key in keys}
    with OpenAlexServer(known, (), page_size=3) as server:
        answers = by_id(server.url, tmp_path).ask(papers(*keys))
    assert [request.params.get("page") for request in server.requests] == [None, "2", "3"]
    assert [record(answers[PaperKey(key)]).title for key in keys] == [f"Title {key}" for key in keys]


def test_a_search_brings_the_paper_and_others(tmp_path: Path) -> None:
    title = "Deep Residual Learning for Image Recognition"
    with OpenAlexServer() as server:
        (answer,) = by_title(server.url, tmp_path).ask(papers("arXiv:1512.03385", title=title)).values()
    assert isinstance(answer, Matches) and len(answer.records) > 1
    first = answer.records[0]
    assert (first.key, first.title, first.venue_year) == (RESNET_DOI, title, 2016)
    assert server.requests[0].params["filter"] == "title.search:deep residual learning for image recognition"
    assert int(server.requests[0].params["per-page"]) >= len(answer.records)


def test_a_search_finds_publications_without_a_doi(tmp_path: Path) -> None:
    (paper,) = papers("arXiv:1706.03762", title="Attention Is All You Need")
    with OpenAlexServer() as server:
        (answer,) = by_title(server.url, tmp_path).ask([paper]).values()
    assert isinstance(answer, Matches)
    published = [one for one in answer.records if one.venue]
    assert published[0].venue == "Advances in Neural Information Processing Systems"
    assert (published[0].venue_year, published[0].doi) == (2017, None)


def test_titles_full_of_signs_can_be_searched_for(tmp_path: Path) -> None:
    signs = 'What? "Deep", Residual | Learning: for* Image~ Recognition! (A+B) & <more> $\\alpha$ don\'t 3.5'
    with OpenAlexServer() as server:
        source = by_title(server.url, tmp_path)
        (answer,) = source.ask(papers(QLORA, title=signs)).values()
        (nothing,) = source.ask(papers(QLORA, title="Zyzzyva Quux")).values()
    assert server.answers == ["ok", "ok"] and not isinstance(answer, Failed) and nothing == Absent()
    assert server.requests[0].params["filter"].endswith("a b more α don't 3.5")
    assert not source.takes(papers(QLORA, title="?!")[0])


def test_both_sources_share_the_session_and_the_breaker(tmp_path: Path) -> None:
    with OpenAlexServer(always="html") as server:
        service = service_at(server.url, tmp_path)
        for _ in range(2):
            OpenAlexById(service).ask(papers(MISTRAL))
        (answer,) = OpenAlexByTitle(service).ask(papers(MISTRAL, title="Mistral 7B")).values()
    assert isinstance(answer, Failed) and len(server.requests) == 8


# --- the key -----------------------------------------------------------------------------------


def test_the_key_is_a_parameter(tmp_path: Path) -> None:
    with OpenAlexServer(key=KEY) as server:
        service = service_at(server.url, tmp_path)
        OpenAlexById(service).ask(papers(MISTRAL))
        OpenAlexByTitle(service).ask(papers(MISTRAL, title="Mistral 7B"))
    assert server.answers == ["ok", "ok"]
    for request in server.requests:
        assert (
            request.params["api_key"] == KEY and KEY not in f"{request.headers} {request.path} {request.ids}"
        )


def test_a_wrong_key_is_told_without_showing_it(tmp_path: Path) -> None:
    with OpenAlexServer(key="another") as server:
        (answer,) = by_id(server.url, tmp_path).ask(papers(MISTRAL)).values()
    assert answer == Failed("OpenAlex does not accept the key (HTTP 401)", retryable=True)
    assert len(server.requests) == 1


STATUSES = ["400", "401", "403", "404", "429", "500", "503"]


@pytest.mark.parametrize("fault", [*sorted(OpenAlexServer.FAULTS.keys() - {"hang", "drip"}), *STATUSES])
def test_the_key_is_in_no_message_log_or_file(
    tmp_path: Path, fault: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    waits = list[str]()
    with OpenAlexServer(always=fault) as server:
        service = service_at(server.url, tmp_path)
        service._on_wait = lambda reason, _: waits.append(reason)
        answers = [*OpenAlexById(service).ask(papers(MISTRAL, BERT)).values()]
        answers += OpenAlexByTitle(service).ask(papers(MISTRAL, title="Mistral 7B")).values()
    assert server.requests and all(request.params["api_key"] == KEY for request in server.requests)
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    shown = f"{answers} {waits} {caplog.text} {caplog.records} {capfd.readouterr()} {written} {service.endpoint!r}"
    assert KEY not in shown


def test_the_key_does_not_follow_a_redirect_to_another_machine(tmp_path: Path) -> None:
    with OpenAlexServer() as other:
        leading = Fault("redirect", location=f"{other.url}/works?filter=doi:10.1/x")
        with OpenAlexServer(always=leading) as server:
            (answer,) = by_id(server.url, tmp_path).ask(papers(MISTRAL)).values()
    assert isinstance(answer, Failed) and "another machine" in answer.reason and KEY not in answer.reason
    assert not other.requests and len(server.requests) == 1


def test_a_redirect_within_the_service_is_followed_with_the_key(tmp_path: Path) -> None:
    with OpenAlexServer(key=KEY) as server:
        server.faults.append(
            Fault(
                "redirect", location=f"{server.url}/works?filter=doi:10.48550/arxiv.2310.06825&api_key={KEY}"
            )
        )
        (answer,) = by_id(server.url, tmp_path).ask(papers(MISTRAL)).values()
    assert record(answer).title == "Mistral 7B" and server.answers == ["redirect", "ok"]


# --- faults ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("429", "HTTP 429"), ("500", "HTTP 500"), ("503", "HTTP 503"),
        ("cut", "connection was cut"), ("reset", "connection was cut"), ("garbage", "connection was cut"),
        ("bad gzip", "damaged"), ("html", "no JSON"), ("rate exceeded", "no JSON"),
        ("empty page", "empty page"), ("no content", "204"), ("truncated", "malformed JSON"),
        ("malformed", "malformed JSON"), ("wrong encoding", "malformed JSON"), ("bomb", "malformed JSON"),
        ("huge", "more than"), ("gzip bomb", "more than"), ("redirect", "elsewhere.example"),
        ("empty object", "no page of works"), ("list", "no page of works"), ("null", "no record"),
        ("numbers", "no page of works"), ("other record", "not asked for"),
    ],
)  # fmt: skip
def test_no_fault_passes_for_an_answer(tmp_path: Path, name: str, words: str) -> None:
    with OpenAlexServer(always=name) as server:
        answers = by_id(server.url, tmp_path).ask(papers(MISTRAL, RESNET_DOI))
    (failure,) = set(answers.values())
    assert isinstance(failure, Failed) and failure.retryable and len(answers) == 2 and words in failure.reason


def test_an_answer_without_some_of_the_works_that_it_counts_is_not_trusted(tmp_path: Path) -> None:
    with OpenAlexServer(always="lacking one") as server:
        answers = by_id(server.url, tmp_path).ask(papers(MISTRAL, QLORA))
    (missing,) = (answer for answer in answers.values() if not isinstance(answer, Found))
    assert isinstance(missing, Failed) and "only a part" in missing.reason and len(server.requests) <= 5


@pytest.mark.parametrize(
    ("name", "kind"),
    [("shuffled", Found), ("twice", Found), ("nothing", Absent), ("without titles", Absent)],
)
def test_other_oddities(tmp_path: Path, name: str, kind: type) -> None:
    with OpenAlexServer(always=name) as server:
        answers = by_id(server.url, tmp_path).ask(papers(MISTRAL, QLORA))
    assert {type(answer) for answer in answers.values()} == {kind}


@pytest.mark.parametrize(
    ("name", "words"),
    [("error 200", "Oops"), ("echo", "seen: ..."), ("400", "HTTP 400"), ("404", "at its address")],
)
def test_a_refusal_is_told_in_the_words_of_the_service_and_not_repeated(
    tmp_path: Path, name: str, words: str
) -> None:
    with OpenAlexServer(always=name) as server:
        (answer,) = by_title(server.url, tmp_path).ask(papers(QLORA, title="A Title")).values()
    assert isinstance(answer, Failed) and words in answer.reason and len(server.requests) == 1


def test_a_search_fails_as_a_search(tmp_path: Path) -> None:
    with OpenAlexServer(always="truncated") as server:
        (answer,) = by_title(server.url, tmp_path).ask(papers(QLORA, title="A Title")).values()
    assert isinstance(answer, Failed) and answer.retryable and "char" not in answer.reason


@pytest.mark.parametrize(("name", "words"), [("hang", "no answer within"), ("drip", "took longer than")])
def test_silence_is_not_waited_for(tmp_path: Path, name: str, words: str) -> None:
    with OpenAlexServer(always=Fault(name, seconds=4)) as server:
        (answer,) = by_id(server.url, tmp_path, hasty_session).ask(papers(MISTRAL)).values()
    assert isinstance(answer, Failed) and answer.retryable and words in answer.reason
