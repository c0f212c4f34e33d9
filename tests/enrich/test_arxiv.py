"""arXiv as a source, against a real server on loopback: each answer is the right one of the three."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import arxiv
import pytest
import requests

from tests.servers.arxiv_server import ArxivServer
from tests.servers.loopback import Fault
from tracker import net
from tracker.enrich.arxiv import BATCH_SIZE, LEAST_GAP_S, ArxivSource
from tracker.enrich.base import Absent, Failed, Found, Record, Source
from tracker.identifiers import PaperKey
from tracker.models import Paper
from tracker.settings import Settings

LIMITS = net.Limits(connect_s=5, read_s=10, total_s=10, body_bytes=2**20)
QLORA, ATTENTION, ADAM = "arXiv:2305.14314", "arXiv:1706.03762", "arXiv:1412.6980"


def source_at(url: str, folder: Path, *, limits: net.Limits = LIMITS) -> ArxivSource:
    settings = Settings(library_path=folder / "l", cache_dir=folder, arxiv_url=url, arxiv_delay_s=0)
    return ArxivSource(settings, open_session=partial(net.open_session, limits=limits))


def papers(*keys: str, title: str = "known") -> list[Paper]:
    return [Paper(key=PaperKey(key), title=title) for key in keys]


def record(answer: object) -> Record:
    assert isinstance(answer, Found)
    return answer.record


def test_it_keeps_the_contract_of_a_source(tmp_path: Path) -> None:
    source: Source = source_at("http://127.0.0.1:9/", tmp_path)
    assert source.overrides <= source.gives <= Paper.model_fields.keys()
    assert source.takes(papers(QLORA)[0]) and not source.takes(papers("doi:10.1/x")[0])
    source.close()
    source.close()


def test_a_batch_is_one_question_and_answers_are_matched_by_id(tmp_path: Path) -> None:
    with ArxivServer() as server:
        answers = source_at(server.url, tmp_path).ask(papers(QLORA, ATTENTION, ADAM))
    assert [request.ids for request in server.requests] == [("2305.14314", "1706.03762", "1412.6980")]
    assert server.requests[0].params["max_results"] == "3"
    qlora, attention = record(answers[PaperKey(QLORA)]), record(answers[PaperKey(ATTENTION)])
    assert qlora.title == "QLoRA: Efficient Finetuning of Quantized LLMs"
    assert qlora.authors == ("Tim Dettmers", "Artidoro Pagnoni", "Ari Holtzman", "Luke Zettlemoyer")
    assert (str(qlora.published), qlora.version, qlora.comment) == (
        "2023-05-23",
        1,
        "Extended NeurIPS submission",
    )
    assert (str(attention.published), str(attention.updated)) == ("2017-06-12", "2023-08-02")
    assert (attention.version, attention.categories) == (7, ("cs.CL", "cs.LG"))


def test_old_style_ids_withdrawn_papers_and_dois(tmp_path: Path) -> None:
    with ArxivServer() as server:
        answers = source_at(server.url, tmp_path).ask(papers("arXiv:hep-th/9901001", "arXiv:0704.0374", ADAM))
    old, withdrawn = answers[PaperKey("arXiv:hep-th/9901001")], answers[PaperKey("arXiv:0704.0374")]
    assert record(old).doi == "10.1143/ptp.101.1155"
    assert record(old).venue == "Prog.Theor.Phys. 101 (1999) 1155-1164"
    assert record(withdrawn).is_withdrawn and not record(old).is_withdrawn


def test_another_spelling_of_an_id_is_answered_under_the_key_asked(tmp_path: Path) -> None:
    key = PaperKey("arXiv:math.RT/0309136")
    with ArxivServer() as server:
        answers = source_at(server.url, tmp_path).ask(papers(key, "arXiv:math/0309136"))
    assert server.requests[0].ids == ("math/0309136",)
    assert record(answers[key]).key == key and len(answers) == 2


def test_unknown_papers_are_absent(tmp_path: Path) -> None:
    with ArxivServer() as server:
        answers = source_at(server.url, tmp_path).ask(papers(QLORA, "arXiv:2305.00001"))
    assert answers[PaperKey("arXiv:2305.00001")] == Absent()
    assert isinstance(answers[PaperKey(QLORA)], Found)


def test_an_impossible_id_is_never_sent(tmp_path: Path) -> None:
    impossible = [
        "arXiv:2313.00001",
        "arXiv:abc",
        "arXiv:",
        "arXiv:2305.14314v1,2305.14315",
        "arXiv:9912.12345",
    ]
    with ArxivServer() as server:
        source = source_at(server.url, tmp_path)
        answers = source.ask(papers(QLORA, *impossible))
        only = source.ask(papers(*impossible))
    assert [request.ids for request in server.requests] == [("2305.14314",)]
    assert [answers[PaperKey(key)] for key in impossible] == [Absent()] * 5
    assert set(only.values()) == {Absent()}


def test_an_id_that_arxiv_refuses_does_not_fail_the_others(tmp_path: Path) -> None:
    with ArxivServer(faults=["refused id"]) as server:
        answers = source_at(server.url, tmp_path).ask(papers(QLORA, ATTENTION))
    assert answers[PaperKey(QLORA)] == Absent() and isinstance(answers[PaperKey(ATTENTION)], Found)
    assert [request.ids for request in server.requests] == [("2305.14314", "1706.03762"), ("1706.03762",)]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("429", "HTTP 429"), ("500", "HTTP 500"), ("503", "HTTP 503"),
        ("cut", "connection was cut"), ("reset", "connection was cut"), ("garbage", "connection was cut"),
        ("bad gzip", "damaged"), ("html", "no feed"), ("rate exceeded", "'Rate exceeded.'"),
        ("empty page", "empty page"), ("truncated", "malformed"), ("malformed", "malformed"),
        ("wrong encoding", "malformed"), ("unknown encoding", "no feed"), ("bomb", "document type"),
        ("other xml", "<rss>"), ("no total", "number of its records"), ("hollow feed", "announces 2 records"),
        ("short feed", "announces 2 records and sends 1"), ("empty feed", "empty feed for papers that exist"),
        ("huge", "more than"), ("redirect", "elsewhere.example"), ("bad date", "cannot be read"),
        ("no date", "1 records without"),
    ],
)  # fmt: skip
def test_no_fault_passes_for_an_answer(tmp_path: Path, name: str, words: str) -> None:
    with ArxivServer(always=name) as server:
        answers = source_at(server.url, tmp_path).ask(papers(QLORA, ATTENTION))
    failures = set(answers.values())
    assert len(answers) == 2 and len(failures) == 1
    (failure,) = failures
    assert isinstance(failure, Failed) and failure.retryable and words in failure.reason


@pytest.mark.parametrize(
    ("name", "words"), [("error 200", "sort order"), ("error 400", "start must"), ("404", "404")]
)
def test_a_refusal_is_told_in_the_words_of_arxiv_and_not_repeated(
    tmp_path: Path, name: str, words: str
) -> None:
    with ArxivServer(always=name) as server:
        answers = source_at(server.url, tmp_path).ask(papers(QLORA, ATTENTION))
    assert len(server.requests) == 1
    assert all(isinstance(a, Failed) and not a.retryable and words in a.reason for a in answers.values())


def test_silence_fails(tmp_path: Path) -> None:
    with ArxivServer(always="hang") as server:
        source = source_at(server.url, tmp_path, limits=net.Limits(connect_s=5, read_s=0.1))
        (answer,) = source.ask(papers(QLORA)).values()
    assert isinstance(answer, Failed) and "no answer within 0.1 s" in answer.reason


@pytest.mark.parametrize("name", ["other record", "no title", "lacking one"])
def test_only_records_that_were_asked_for_count(tmp_path: Path, name: str) -> None:
    keys = [QLORA, ATTENTION, ADAM]
    with ArxivServer(always=name) as server:
        answers = source_at(server.url, tmp_path).ask(papers(*keys))
    found = {key for key, answer in answers.items() if isinstance(answer, Found)}
    assert len(found) == 2 and all(record(answers[key]).key == key for key in found)
    (other,) = (answer for key, answer in answers.items() if key not in found)
    assert isinstance(other, Absent if name == "lacking one" else Failed)


def test_a_record_that_comes_twice_is_not_trusted(tmp_path: Path) -> None:
    with ArxivServer(always="one twice") as server:
        answers = source_at(server.url, tmp_path).ask(papers(QLORA, ATTENTION, ADAM))
    found = [key for key, answer in answers.items() if isinstance(answer, Found)]
    assert found and all(record(answers[key]).key == key for key in found)
    assert isinstance(answers[PaperKey(ADAM)], Failed) and Absent() not in answers.values()


def test_an_empty_feed_is_asked_for_again(tmp_path: Path) -> None:
    with ArxivServer(faults=["empty feed"]) as server:
        answers = source_at(server.url, tmp_path).ask(papers(QLORA))
    assert isinstance(answers[PaperKey(QLORA)], Found) and len(server.requests) == 2


def test_an_empty_feed_twice_is_believed_of_papers_that_nobody_knows(tmp_path: Path) -> None:
    with ArxivServer(always="empty feed") as server:
        answers = source_at(server.url, tmp_path).ask(
            papers("arXiv:2305.00001", "arXiv:2305.00002", title="")
        )
    assert set(answers.values()) == {Absent()}


def test_a_full_batch_fits_into_one_question(tmp_path: Path) -> None:
    keys = [f"arXiv:2001.{n:05}" for n in range(1, BATCH_SIZE + 1)]
    with ArxivServer(invents=True) as server:
        answers = source_at(server.url, tmp_path).ask(papers(*keys))
    assert list(map(len, (request.ids for request in server.requests))) == [BATCH_SIZE]
    assert all(record(answers[PaperKey(key)]).key == key for key in keys)


def test_a_question_may_already_stand_in_the_address(tmp_path: Path) -> None:
    with ArxivServer() as server:
        answers = source_at(f"{server.url}?mirror={{1}}", tmp_path).ask(papers(QLORA))
    assert isinstance(answers[PaperKey(QLORA)], Found)


def test_interruption_is_not_a_failure_of_the_network(tmp_path: Path) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with ArxivServer(always=Fault("503")) as server:
        settings = Settings(library_path=tmp_path, cache_dir=tmp_path, arxiv_url=server.url, arxiv_delay_s=0)
        with pytest.raises(KeyboardInterrupt):
            ArxivSource(settings, on_wait=interrupt).ask(papers(QLORA))


@pytest.mark.parametrize(
    ("url", "delay_s", "gap_s"),
    [
        ("https://export.arxiv.org/api/query", 0.0, LEAST_GAP_S), ("https://arxiv.org/api/query", 10.0, 10.0),
        ("http://127.0.0.1:1/api/query", 0.0, 0.0),
    ],
)  # fmt: skip
def test_arxiv_itself_is_never_asked_faster_than_its_terms_allow(
    tmp_path: Path, url: str, delay_s: float, gap_s: float
) -> None:
    settings = Settings(library_path=tmp_path, cache_dir=tmp_path, arxiv_url=url, arxiv_delay_s=delay_s)
    assert ArxivSource(settings)._open_client()._session._pace.gap_s == gap_s


def test_the_package_still_asks_through_its_private_session() -> None:
    """Our limits hold only while `arxiv.Client` sends every question through `_session.get`."""

    class Spy(requests.Session):
        urls: tuple[str, ...] = ()

        def get(self, url: str | bytes, **kwargs: object) -> requests.Response:
            self.urls += (str(url),)
            raise requests.ConnectionError("none of it left this machine")

    client = arxiv.Client(page_size=1, delay_seconds=0.0, num_retries=0)
    assert isinstance(client._session, requests.Session)
    client._session = spy = Spy()
    client.query_url_format = "http://127.0.0.1:9/?{}"
    with pytest.raises(requests.ConnectionError):
        list(client.results(arxiv.Search(id_list=["2305.14314"], max_results=1)))
    assert len(spy.urls) == 1 and spy.urls[0].startswith("http://127.0.0.1:9/?")
    assert "id_list=2305.14314" in spy.urls[0] and "max_results=1" in spy.urls[0]
