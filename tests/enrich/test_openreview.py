"""OpenReview as a source: what became of a submission, and a real server on loopback."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.enrich.asking import calm_session, hasty_session, papers, record, settings_for
from tests.servers.loopback import Fault
from tests.servers.openreview_server import OpenReviewServer, note
from tracker.enrich.base import Absent, Answer, Failed, Found, Record, Source
from tracker.enrich.batches import gather
from tracker.enrich.cache import AnswerCache
from tracker.enrich.openreview import OpenReview, check_notes, place_of, read_notes
from tracker.enrich.service import OpenSession
from tracker.errors import BadReply, NetworkError
from tracker.identifiers import PaperKey
from tracker.models import Paper, VenueKind
from tracker.settings import Settings

QLORA, LORA, UNKNOWN = "openreview:OUIFPHEgJU", "openreview:nZeVKeeFYf9", "openreview:AAAAAAAAAA"
KEY = "token-0123456789abcdef"
NEW = "openreview:BBBBBBBBBB"


def source_at(
    url: str, folder: Path, session: OpenSession = calm_session, *, api_1: str = "", **changes: Any
) -> OpenReview:
    return OpenReview(settings_for("openreview", url, folder, **changes), api_1=api_1, open_session=session)


def accepted(answer: Answer | None) -> Record:
    assert answer
    return record(answer)


def read(*notes: dict[str, Any], key: str = NEW) -> Answer | None:
    return read_notes(json.dumps({"notes": notes}).encode(), PaperKey(key))


# --- what became of a submission ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("venue", "venue_id", "expected"),
    [
        ("ICLR 2024 poster", "ICLR.cc/2024/Conference", ("ICLR", 2024)),
        ("ICLR 2023 notable top 5%", "ICLR.cc/2023/Conference", ("ICLR", 2023)),
        ("ICML 2024 Oral", "ICML.cc/2024/Conference", ("ICML", 2024)),
        ("NeurIPS 2022 Accept", "NeurIPS.cc/2022/Conference", ("NeurIPS", 2022)),
        ("NeurIPS 2023 Datasets Poster", "NeurIPS.cc/2023/Track/Datasets", ("NeurIPS Datasets", 2023)),
        ("ICLR (Poster) 2019", "dblp.org/conf/ICLR/2019", ("ICLR", 2019)),
        ("EMNLP 2023 Findings", "EMNLP/2023/Conference", ("EMNLP Findings", 2023)),
        ("ICLR 2023 Workshop RRL Poster", "ICLR.cc/2023/Workshop/RRL", ("ICLR Workshop RRL", 2023)),
        ("ICLR 2017 Conference", "", ("ICLR", 2017)), ("Accepted by TMLR", "TMLR", ("TMLR", None)),
        ("Submitted to ICLR 2024", "ICLR.cc/2024/Conference", (None, None)),
        ("ICLR 2024 poster", "ICLR.cc/2024/Conference/Rejected_Submission", (None, None)),
        ("ICLR 2024 Conference Withdrawn Submission", "ICLR.cc/2024/Conference/Withdrawn_Submission", (None, None)),
        ("ICLR 2024 Conference Desk Rejected Submission", "", (None, None)),
        ("ICLR 2026 Conference Submission", "ICLR.cc/2026/Conference", (None, None)),
        ("Under review for TMLR", "TMLR/Under_Review", (None, None)), ("Rejected by TMLR", "TMLR", (None, None)),
        ("Decision pending for TMLR", "TMLR/Decision_Pending", (None, None)),
        ("CoRR 2023", "dblp.org/journals/CORR/2023", (None, None)), ("OpenReview Archive", "", (None, None)),
        ("Poster", "", (None, None)), ("2024", "", (None, None)), ("", "ICLR.cc/2024/Conference", (None, None)),
    ],
)  # fmt: skip
def test_where_it_was_accepted(venue: str, venue_id: str, expected: tuple[str | None, int | None]) -> None:
    assert place_of(venue, venue_id)[:2] == expected


def test_journals_are_told_from_proceedings() -> None:
    assert place_of("Accepted by TMLR", "TMLR").kind is VenueKind.JOURNAL
    assert place_of("ICLR 2024 poster", "").kind is VenueKind.PROCEEDINGS
    assert place_of("Submitted to ICLR 2024", "").kind is None


def test_the_year_of_a_journal_is_that_of_the_decision() -> None:
    one = note(NEW[11:], "T", ["A"], venue="Accepted by TMLR", submitted="2022-11-30", decided="2023-02-01")
    answer = read(one)
    assert (accepted(answer).venue_year, str(accepted(answer).published)) == (2023, "2022-11-30")


@pytest.mark.parametrize(
    ("venue", "is_withdrawn", "is_preprint"),
    [
        ("ICLR 2024 poster", False, False), ("ICLR 2024 Conference Withdrawn Submission", True, True),
        ("Submitted to ICLR 2024", None, True), ("", None, True),
    ],
)  # fmt: skip
def test_what_was_not_accepted_is_a_preprint(
    venue: str, is_withdrawn: bool | None, is_preprint: bool
) -> None:
    found = accepted(read(note(NEW[11:], "T", ["A B"], venue=venue, venue_id="X")))
    assert (found.is_withdrawn, found.is_preprint) == (is_withdrawn, is_preprint)


@pytest.mark.parametrize("authors", [["Anonymous"], ["Anonymous Authors"], [], ["Ada", ""]])
def test_hidden_authors_are_none(authors: list[str]) -> None:
    assert accepted(read(note(NEW[11:], "T", authors))).authors == ()


def test_authors_may_be_objects() -> None:
    one = note(NEW[11:], "T", ["x"])
    one["content"]["authors"] = {"value": [{"fullname": "Ada Example", "username": "~Ada_Example1"}]}
    assert accepted(read(one)).authors == ("Ada Example",)


def test_reviews_and_notes_without_a_title_are_no_papers() -> None:
    assert read(note(NEW[11:], "Official Review", ["A B"], replyto="another1")) is None
    assert read(note(NEW[11:], " ", ["A B"])) is None and read() is None


NAMES = ["id", "content", "title", "value", "authors", "venue", "cdate", "notes", "name", "message"]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just(NEW[11:]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=20,
)


@given(st.lists(VALUES, max_size=3), VALUES)
def test_any_json_is_read_or_refused(notes: list[object], content: object) -> None:
    for reply in ({"notes": notes}, {"notes": [{"id": NEW[11:], "content": content}]}, content):
        try:
            assert isinstance(read_notes(json.dumps(reply).encode(), PaperKey(NEW)), Found | Failed | None)
        except BadReply:
            continue


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ({"name": "NotFoundError", "message": "The Note x was not found", "status": 404}, "no such note"),
        ({"errors": [{"type": "notFound", "path": "id", "value": "x"}]}, "no such note"),
        ({"name": "Error", "errors": ["Not Found"]}, "no such note"),
        ({"name": "ForbiddenError", "message": "User A B does not have permission"}, "its committee only"),
        ({"errors": [{"type": "forbidden", "user": "A B"}]}, "its committee only"),
        ({"name": "ChallengeRequiredError", "status": 403}, "valid token"),
        ({"name": "TokenExpiredError"}, "valid token"), ({"name": "OddError", "message": "No"}, "OddError: No"),
        ({"odd": 1}, "no list of notes"), ({"notes": {}}, "no list of notes"),
    ],
)  # fmt: skip
def test_refusals_are_told_apart_and_name_no_account(reply: dict[str, Any], words: str) -> None:
    with pytest.raises(NetworkError, match=words) as refusal:
        check_notes(json.dumps(reply).encode())
    assert "A B" not in str(refusal.value)


# --- what is asked -----------------------------------------------------------------------------


def test_it_keeps_the_contract_of_a_source(tmp_path: Path) -> None:
    source: Source = source_at("http://127.0.0.1:9", tmp_path)
    assert source.overrides <= source.gives <= Paper.model_fields.keys()
    assert source.takes(papers(QLORA)[0]) and not source.takes(papers("arXiv:2305.14314")[0])
    assert not source_at("", tmp_path).takes(papers(QLORA)[0])
    assert not source_at("http://127.0.0.1:9", tmp_path, per_day=0).takes(papers(QLORA)[0])
    source.close()
    source.close()


def test_a_submission_of_either_api(tmp_path: Path) -> None:
    with OpenReviewServer(is_apart=True) as server:
        answers = source_at(server.url, tmp_path, api_1=server.api_1).ask(papers(QLORA, LORA, UNKNOWN))
    paths = [request.path for request in server.requests]
    assert paths == ["/notes", "/notes", "/api1/notes", "/notes", "/api1/notes"]
    qlora, lora = record(answers[PaperKey(QLORA)]), record(answers[PaperKey(LORA)])
    assert (qlora.title, len(qlora.authors)) == ("QLoRA: Efficient Finetuning of Quantized LLMs", 4)
    assert (qlora.venue, qlora.venue_year, qlora.venue_kind) == ("NeurIPS", 2023, VenueKind.PROCEEDINGS)
    assert (lora.venue, lora.venue_year, lora.authors[0]) == ("ICLR", 2022, "Edward J. Hu")
    assert str(lora.published) == "2021-06-17" and lora.abstract and not lora.is_preprint
    assert answers[PaperKey(UNKNOWN)] == Absent()


def test_both_apis_at_one_address_are_asked_once(tmp_path: Path) -> None:
    with OpenReviewServer() as server:
        answers = source_at(server.url, tmp_path).ask(papers(QLORA, LORA, UNKNOWN))
    assert [type(answer) for answer in answers.values()] == [Found, Found, Absent]
    assert [request.params for request in server.requests] == [
        {"id": key[11:]} for key in (QLORA, LORA, UNKNOWN)
    ]


def test_the_real_service_has_two_addresses(tmp_path: Path) -> None:
    settings = Settings(library_path=tmp_path, cache_dir=tmp_path)
    source = OpenReview(settings)
    assert source.service == "https://api2.openreview.net/notes"
    assert [one.endpoint.url for one in source._services] == [
        "https://api2.openreview.net",
        "https://api.openreview.net",
    ]


def test_what_is_not_public_is_neither_absent_nor_an_outage(tmp_path: Path) -> None:
    hidden = [f"openreview:HIDDEN000{n}" for n in range(4)]
    with OpenReviewServer(hidden=[key[11:] for key in hidden]) as server:
        answers = source_at(server.url, tmp_path).ask(papers(*hidden, QLORA))
    assert server.answers == ["ok"] * 5, "nothing is wrong with the service"
    reasons = {answer for answer in answers.values() if isinstance(answer, Failed)}
    assert reasons == {Failed("OpenReview shows this submission to its committee only", retryable=False)}
    assert isinstance(answers[PaperKey(QLORA)], Found)


def test_papers_that_are_not_public_do_not_stop_the_others(tmp_path: Path) -> None:
    hidden = [f"openreview:HIDDEN000{n}" for n in range(3)]
    with OpenReviewServer(hidden=[key[11:] for key in hidden]) as server, AnswerCache(tmp_path) as cache:
        source = source_at(server.url, tmp_path)
        settings = Settings(library_path=tmp_path / "l", cache_dir=tmp_path)
        gathered = gather(
            source, papers(*hidden, QLORA), cache, settings, now=datetime(2026, 4, 12, tzinfo=UTC)
        )
    assert gathered.facts.keys() == {QLORA} and [*gathered.failures] == hidden


def test_a_service_that_wants_a_token_is_asked_once(tmp_path: Path) -> None:
    with OpenReviewServer(wants_token=True) as server:
        source = source_at(server.url, tmp_path)
        (answer,) = source.ask(papers(QLORA)).values()
        assert isinstance(answer, Failed) and answer.retryable and "valid token" in answer.reason
        assert len(server.requests) == 1
        (answer,) = source_at(server.url, tmp_path, key=KEY).ask(papers(QLORA)).values()
    assert isinstance(answer, Found) and server.requests[-1].headers["authorization"] == f"Bearer {KEY}"


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
        ("empty object", "no list of notes"), ("list", "no list of notes"), ("null", "no record"),
        ("numbers", "not asked for"), ("other record", "not asked for"),
    ],
)  # fmt: skip
def test_no_fault_passes_for_an_answer(tmp_path: Path, name: str, words: str) -> None:
    with OpenReviewServer(always=name) as server:
        source = source_at(server.url, tmp_path, key=KEY, api_1=server.api_1)
        (answer,) = source.ask(papers(QLORA)).values()
    assert (
        isinstance(answer, Failed)
        and answer.retryable
        and words in answer.reason
        and KEY not in answer.reason
    )
    assert {request.path for request in server.requests} == {"/notes"}, "the other API does not help"


@pytest.mark.parametrize(("name", "words"), [("error 200", "Oops"), ("400", "HTTP 400")])
def test_a_refusal_is_not_repeated(tmp_path: Path, name: str, words: str) -> None:
    with OpenReviewServer(always=name) as server:
        (answer,) = source_at(server.url, tmp_path).ask(papers(QLORA)).values()
    assert isinstance(answer, Failed) and words in answer.reason and len(server.requests) == 1


@pytest.mark.parametrize(
    ("name", "kind"), [("no notes", Absent), ("without titles", Absent), ("404", Failed), ("blind", Found)]
)
def test_other_oddities(tmp_path: Path, name: str, kind: type) -> None:
    with OpenReviewServer(always=name) as server:
        (answer,) = source_at(server.url, tmp_path).ask(papers(QLORA)).values()
    assert isinstance(answer, kind) and not (isinstance(answer, Found) and answer.record.authors)


def test_what_one_api_lacks_while_the_other_is_down_is_not_absent(tmp_path: Path) -> None:
    with OpenReviewServer(is_apart=True, faults=["ok"], always="503") as server:
        (answer,) = source_at(server.url, tmp_path, api_1=server.api_1).ask(papers(LORA)).values()
    assert isinstance(answer, Failed) and answer.retryable


@pytest.mark.parametrize(("name", "words"), [("hang", "no answer within"), ("drip", "took longer than")])
def test_silence_is_not_waited_for(tmp_path: Path, name: str, words: str) -> None:
    with OpenReviewServer(always=Fault(name, seconds=4)) as server:
        (answer,) = source_at(server.url, tmp_path, hasty_session).ask(papers(QLORA)).values()
    assert isinstance(answer, Failed) and answer.retryable and words in answer.reason
