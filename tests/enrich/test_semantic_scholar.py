"""Semantic Scholar as a source: what its items say, and a real server on loopback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.enrich.asking import calm_session, hasty_session, papers, record, settings_for
from tests.servers.loopback import Fault
from tests.servers.semantic_scholar_server import MOST_IDS, SemanticScholarServer
from tracker.enrich.base import Absent, Failed, Found, Record, Source
from tracker.enrich.semantic_scholar import FIELDS, SemanticScholar, question_of, read_batch, record_of
from tracker.enrich.service import OpenSession
from tracker.errors import BadReply
from tracker.identifiers import PaperKey
from tracker.models import Paper, VenueKind

QLORA, BERT, ADAM = "arXiv:2305.14314", "arXiv:1810.04805", "arXiv:1412.6980"
KEY = "s2k-0123456789abcdef"


def source_at(url: str, folder: Path, session: OpenSession = calm_session, **changes: Any) -> SemanticScholar:
    return SemanticScholar(settings_for("semantic_scholar", url, folder, **changes), open_session=session)


def of_item(**fields: Any) -> Record:
    standard = {
        "title": "A Title",
        "externalIds": {"ArXiv": "2305.14314"},
        "authors": [{"name": "Ada Example"}],
    }
    return record_of(PaperKey(QLORA), standard | fields)


# --- what an item says -------------------------------------------------------------------------


def test_a_preprint_says_nothing_of_a_publication() -> None:
    found = of_item(
        venue="arXiv.org",
        publicationVenue={"name": "arXiv.org"},
        journal={"name": "ArXiv", "volume": "abs/2305.14314"},
        externalIds={
            "ArXiv": "2305.14314",
            "DOI": "10.48550/arXiv.2305.14314",
            "DBLP": "journals/corr/abs-2305-14314",
        },
        year=2023,
        publicationDate="2023-05-23",
        publicationTypes=["JournalArticle"],
        citationCount=0,
    )
    assert found.is_preprint and str(found.published) == "2023-05-23" and found.citations == 0
    assert (found.venue, found.venue_kind, found.venue_year, found.volume, found.doi) == (None,) * 5


def test_a_merged_record_keeps_date_and_year_of_the_preprint_out_of_the_publication() -> None:
    found = of_item(
        venue="Neural Information Processing Systems",
        publicationVenue={"name": "Neural Information Processing Systems", "type": "conference"},
        journal={"name": "ArXiv", "volume": "abs/2305.14314"},
        year=2023,
        publicationDate="2023-05-23",
        publicationTypes=["JournalArticle"],
    )
    assert found.venue == "Neural Information Processing Systems" and not found.is_preprint
    assert found.venue_kind is VenueKind.PROCEEDINGS and found.volume is None
    assert found.published is None, "it may be either version's"
    assert found.venue_year is None, "the year may be the preprint's"


@pytest.mark.parametrize(
    ("ids", "year", "expected"),
    [
        ({"ArXiv": "2010.01412", "DBLP": "conf/iclr/ForetKMN21"}, 2020, 2021),
        ({"ArXiv": "1810.04805", "DBLP": "conf/naacl/DevlinCLT19"}, 2019, 2019),
        ({"ArXiv": "hep-th/9901001", "DBLP": "journals/x/Imamura99a"}, 1998, 1999),
        ({"ArXiv": "1412.6980", "DBLP": "journals/corr/KingmaB14"}, 2014, None),
        ({"ArXiv": "1412.6980"}, 2015, 2015),
        ({"DOI": "10.1038/nature14539"}, 2015, 2015),
    ],
)
def test_the_year_of_a_publication(ids: dict[str, str], year: int, expected: int | None) -> None:
    assert of_item(venue="Somewhere", externalIds=ids, year=year).venue_year == expected


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"publicationVenue": {"name": "Nature", "type": "journal"}}, VenueKind.JOURNAL),
        (
            {"externalIds": {"DBLP": "conf/cvpr/HeZRS16"}, "publicationTypes": ["JournalArticle"]},
            VenueKind.PROCEEDINGS,
        ),
        ({"publicationTypes": ["JournalArticle", "Conference"]}, VenueKind.PROCEEDINGS),
        ({"publicationTypes": ["BookSection"]}, VenueKind.BOOK),
        ({"publicationTypes": ["Review"]}, None),
        ({"publicationTypes": None}, None),
    ],
)
def test_what_it_was_published_in(fields: dict[str, Any], kind: VenueKind | None) -> None:
    assert of_item(venue="Somewhere", **fields).venue_kind == kind


def test_volume_and_pages_of_a_journal() -> None:
    found = of_item(
        venue="Neural Computation",
        journal={"name": "Neural Computation", "volume": "9", "pages": "\n          1735-1780\n        "},
        externalIds={"DOI": "10.1162/NECO.1997.9.8.1735"},
        publicationDate="1997-11-15",
    )
    assert (found.volume, found.pages, found.doi) == ("9", "1735--1780", "10.1162/neco.1997.9.8.1735")
    assert str(found.published) == "1997-11-15", "there is no other version"


def test_titles_and_names_are_plain_text() -> None:
    found = of_item(
        title="On <i>k</i>-means &amp;\n more", authors=[{"name": " Ada  Example"}, {"name": "王 伟"}]
    )
    assert (found.title, found.authors) == ("On k-means & more", ("Ada Example", "王 伟"))


@pytest.mark.parametrize("authors", [None, [], [{"name": "Ada"}, {"name": None}], "Ada", [{}]])
def test_authors_are_all_of_them_or_none(authors: object) -> None:
    assert of_item(authors=authors).authors == ()


NAMES = [*FIELDS.split(","), "name", "DOI", "ArXiv", "DBLP", "ACL", "volume", "pages", "type"]
ITEMS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=20,
)


@given(st.lists(ITEMS, max_size=3) | ITEMS)
def test_any_json_is_read_or_refused(reply: object) -> None:
    asked = papers(QLORA, "doi:10.1/x", "acl:N19-1423", title="A Title")
    try:
        answers = read_batch(json.dumps(reply).encode(), asked)
    except BadReply:
        return
    assert answers.keys() == {paper.key for paper in asked}


@given(st.binary(max_size=50))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        read_batch(body, papers(QLORA))
    except BadReply:
        return


# --- what is asked -----------------------------------------------------------------------------


def test_it_keeps_the_contract_of_a_source(tmp_path: Path) -> None:
    source: Source = source_at("http://127.0.0.1:9", tmp_path)
    assert source.overrides <= source.gives <= Paper.model_fields.keys()
    assert source.takes(papers(QLORA)[0]) and not source.takes(papers("openreview:OUIFPHEgJU")[0])
    source.close()
    source.close()


def test_a_service_that_is_switched_off_takes_nothing(tmp_path: Path) -> None:
    assert not source_at("", tmp_path).takes(papers(QLORA)[0])
    assert not source_at("http://127.0.0.1:9", tmp_path, per_day=0).takes(papers(QLORA)[0])


@pytest.mark.parametrize(
    ("key", "doi", "question"),
    [
        ("arXiv:math.RT/0309136", None, "ARXIV:math/0309136"),
        ("arXiv:2313.00001", None, None),
        ("acl:2020.acl-main.1", None, "ACL:2020.acl-main.1"),
        ("doi:10.1038/nature14539", None, "DOI:10.1038/nature14539"),
        ("openreview:OUIFPHEgJU", None, None),
        ("openreview:OUIFPHEgJU", "10.1/x", "DOI:10.1/x"),
    ],
)
def test_ids_are_written_as_the_service_writes_them(key: str, doi: str | None, question: str | None) -> None:
    doi = doi and "10.1000/x"
    expected = question and question.replace("10.1/x", "10.1000/x")
    assert question_of(Paper(key=PaperKey(key), title="", doi=doi)) == expected


def test_a_batch_is_one_question_and_each_answer_is_the_right_one(tmp_path: Path) -> None:
    keys = [QLORA, BERT, "doi:10.1038/nature14539", "acl:N19-1423", "arXiv:2305.00001"]
    with SemanticScholarServer() as server:
        answers = source_at(server.url, tmp_path).ask(papers(*keys))
    (request,) = server.requests
    assert (request.method, request.params) == ("POST", {"fields": FIELDS})
    asked = [
        "ARXIV:2305.14314",
        "ARXIV:1810.04805",
        "DOI:10.1038/nature14539",
        "ACL:N19-1423",
        "ARXIV:2305.00001",
    ]
    assert list(request.ids) == asked
    qlora, bert, nature = (record(answers[PaperKey(key)]) for key in keys[:3])
    assert qlora.title == "QLoRA: Efficient Finetuning of Quantized LLMs" and len(qlora.authors) == 4
    assert (qlora.venue, qlora.venue_year) == ("Advances in Neural Information Processing Systems", 2023)
    assert (bert.doi, bert.arxiv_id, bert.pages) == ("10.18653/v1/n19-1423", "1810.04805", "4171--4186")
    assert record(answers[PaperKey("acl:N19-1423")]).title == bert.title
    assert (nature.venue, nature.venue_kind, nature.volume) == ("Nature", VenueKind.JOURNAL, "521")
    assert nature.citations == 60000 and answers[PaperKey("arXiv:2305.00001")] == Absent()


def test_the_largest_batch_is_taken(tmp_path: Path) -> None:
    source = source_at("http://127.0.0.1:9", tmp_path)
    assert source.batch_size == MOST_IDS
    keys = [QLORA, *(f"arXiv:2001.{n:05}" for n in range(1, MOST_IDS))]
    with SemanticScholarServer() as server:
        answers = source_at(server.url, tmp_path).ask(papers(*keys))
    assert server.answers == ["ok"] and len(answers) == MOST_IDS
    assert isinstance(answers[PaperKey(QLORA)], Found) and list(answers.values())[1:] == [Absent()] * 499


def test_a_batch_of_which_nothing_is_known_is_absent(tmp_path: Path) -> None:
    with SemanticScholarServer() as server:
        source = source_at(server.url, tmp_path)
        for _ in range(3):
            assert set(source.ask(papers("arXiv:2305.00001", "doi:10.1000/1")).values()) == {Absent()}
    assert server.answers == ["ok"] * 3


def test_impossible_ids_are_never_sent(tmp_path: Path) -> None:
    with SemanticScholarServer() as server:
        answers = source_at(server.url, tmp_path).ask(papers("arXiv:2313.00001", QLORA))
        only = source_at(server.url, tmp_path).ask(papers("arXiv:2313.00001"))
    assert [request.ids for request in server.requests] == [("ARXIV:2305.14314",)]
    assert answers[PaperKey("arXiv:2313.00001")] == Absent() == only[PaperKey("arXiv:2313.00001")]


# --- the key -----------------------------------------------------------------------------------


def test_the_key_is_in_the_header_where_there_is_one(tmp_path: Path) -> None:
    with SemanticScholarServer(key=KEY) as server:
        source_at(server.url, tmp_path, key=KEY).ask(papers(QLORA))
        source_at(server.url, tmp_path).ask(papers(QLORA))
    assert [request.headers.get("x-api-key") for request in server.requests] == [KEY, None]
    assert server.answers == ["ok", "ok"]


def test_a_wrong_key_is_told_without_showing_it(tmp_path: Path) -> None:
    with SemanticScholarServer(key="another") as server:
        (answer,) = source_at(server.url, tmp_path, key=KEY).ask(papers(QLORA)).values()
    assert isinstance(answer, Failed) and "does not accept the key" in answer.reason
    assert KEY not in answer.reason and len(server.requests) == 1


@pytest.mark.parametrize("key", ["sec\nret-0123", "schlüssel-0123", "two words 0123"])
def test_a_key_that_cannot_be_sent_is_not_shown_either(tmp_path: Path, key: str) -> None:
    with SemanticScholarServer() as server:
        (answer,) = source_at(server.url, tmp_path, key=key).ask(papers(QLORA)).values()
    assert isinstance(answer, Failed) and "0123" not in answer.reason and not server.requests


# --- faults ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("429", "HTTP 429"), ("500", "HTTP 500"), ("503", "HTTP 503"), ("504", "HTTP 504"),
        ("cut", "connection was cut"), ("reset", "connection was cut"), ("garbage", "connection was cut"),
        ("bad gzip", "damaged"), ("html", "no JSON"), ("rate exceeded", "no JSON"),
        ("empty page", "empty page"), ("no content", "204"), ("truncated", "malformed JSON"),
        ("malformed", "malformed JSON"), ("wrong encoding", "malformed JSON"), ("bomb", "malformed JSON"),
        ("huge", "more than"), ("gzip bomb", "more than"), ("redirect", "elsewhere.example"),
        ("empty object", "no list"), ("null", "no record"), ("numbers", "no list"),
    ],
)  # fmt: skip
def test_no_fault_passes_for_an_answer(tmp_path: Path, name: str, words: str) -> None:
    with SemanticScholarServer(always=name) as server:
        answers = source_at(server.url, tmp_path, key=KEY).ask(papers(QLORA, BERT))
    (failure,) = set(answers.values())
    assert isinstance(failure, Failed) and failure.retryable and len(answers) == 2
    assert words in failure.reason and KEY not in failure.reason


@pytest.mark.parametrize(
    ("name", "words"), [("error 200", "Internal error"), ("400", "HTTP 400"), ("404", "at its address")]
)
def test_a_refusal_is_not_repeated(tmp_path: Path, name: str, words: str) -> None:
    with SemanticScholarServer(always=name) as server:
        (answer,) = source_at(server.url, tmp_path).ask(papers(QLORA)).values()
    assert isinstance(answer, Failed) and words in answer.reason and len(server.requests) == 1


@pytest.mark.parametrize(("name", "words"), [("hang", "no answer within"), ("drip", "took longer than")])
def test_silence_is_not_waited_for(tmp_path: Path, name: str, words: str) -> None:
    with SemanticScholarServer(always=Fault(name, seconds=4)) as server:
        (answer,) = source_at(server.url, tmp_path, hasty_session).ask(papers(QLORA)).values()
    assert isinstance(answer, Failed) and answer.retryable and words in answer.reason


def test_a_record_of_another_paper_is_never_taken(tmp_path: Path) -> None:
    with SemanticScholarServer(always="other record") as server:
        answers = source_at(server.url, tmp_path).ask(papers(QLORA, BERT, title="known"))
    answer = answers[PaperKey(QLORA)]
    assert isinstance(answer, Failed) and "another paper" in answer.reason and answer.retryable
    assert record(answers[PaperKey(BERT)]).arxiv_id == "1810.04805"


def test_records_in_another_order_are_matched_by_their_ids(tmp_path: Path) -> None:
    keys = [QLORA, BERT, ADAM]
    with SemanticScholarServer(always="shuffled") as server:
        answers = source_at(server.url, tmp_path).ask(papers(*keys))
    assert [f"arXiv:{record(answers[PaperKey(key)]).arxiv_id}" for key in keys] == keys


def test_a_record_without_ids_counts_by_its_title_alone(tmp_path: Path) -> None:
    title = "BERT: pre-training of deep bidirectional transformers for language understanding"
    bert = Paper(key=PaperKey(BERT), title=title)
    with SemanticScholarServer(always="without ids") as server:
        answers = source_at(server.url, tmp_path).ask([*papers(QLORA, title="Something Else"), bert])
    assert isinstance(answers[PaperKey(QLORA)], Failed)
    assert record(answers[PaperKey(BERT)]).key == BERT


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("lacking one", [Found, Found, Failed]), ("nulls", [Absent] * 3), ("list", [Failed] * 3),
        ("without titles", [Absent] * 3),
    ],
)  # fmt: skip
def test_what_is_missing_from_the_list(tmp_path: Path, name: str, kinds: list[type]) -> None:
    with SemanticScholarServer(always=name) as server:
        answers = source_at(server.url, tmp_path).ask(papers(QLORA, BERT, ADAM))
    assert [type(answer) for answer in answers.values()] == kinds


def test_a_passing_fault_costs_only_another_try(tmp_path: Path) -> None:
    with SemanticScholarServer(faults=[Fault("503", retry_after="0"), "cut"]) as server:
        (answer,) = source_at(server.url, tmp_path).ask(papers(QLORA)).values()
    assert record(answer).title and server.answers == ["503", "cut", "ok"]


def test_a_service_that_is_down_is_left_alone(tmp_path: Path) -> None:
    with SemanticScholarServer(always="html") as server:
        source = source_at(server.url, tmp_path)
        answers = [source.ask(papers(QLORA)) for _ in range(4)]
    assert len(server.requests) == 8 and len({*map(str, answers)}) == 1
