"""DBLP as a source: what its hits say, and a real server on loopback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.enrich.asking import calm_session, matches, papers, settings_for
from tests.servers.dblp_server import DblpServer
from tests.servers.facts import read_papers
from tests.servers.loopback import Fault
from tracker.enrich.base import Absent, Failed, Record, Source
from tracker.enrich.dblp import HITS, DblpByTitle, question_for, read_search, record_of
from tracker.errors import BadReply
from tracker.identifiers import PaperKey
from tracker.models import Paper, VenueKind

KEY = PaperKey("arXiv:1703.06870")
CONFERENCE, JOURNAL = "Conference and Workshop Papers", "Journal Articles"
INFORMAL = "Informal and Other Publications"


def source_at(url: str, folder: Path, **changes: Any) -> DblpByTitle:
    return DblpByTitle(settings_for("dblp", url, folder, **changes), open_session=calm_session)


def of_info(**fields: Any) -> Record:
    standard = {
        "authors": {"author": [{"@pid": "1/2", "text": "Ada Example"}, {"@pid": "3/4", "text": "Bob Sample"}]},
        "title": "A Title.", "venue": "CVPR", "year": "2016", "type": CONFERENCE, "key": "conf/cvpr/X16",
    }  # fmt: skip
    record = record_of(standard | fields, KEY)
    assert record is not None
    return record


# --- what a hit says ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ("A Title.", "A Title"),
        ("What next?", "What next?"),
        ("And so on...", "And so on..."),
        ("Q&amp;A &lt;i&gt;on&lt;/i&gt; &quot;C&apos;s&quot;.", 'Q&A on "C\'s"'),
        ("Über 深度学习.", "Über 深度学习"),
    ],
)
def test_titles_lose_their_full_stop_and_markup(given: str, title: str) -> None:
    assert of_info(title=given).title == title


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ([{"text": "Wei Wang 0001"}, {"text": "Wei Wang 0010"}], ("Wei Wang", "Wei Wang")),
        ({"@pid": "1", "text": "Leo Breiman"}, ("Leo Breiman",)),
        ("Leo Breiman 0002", ("Leo Breiman",)),
        (["Ada Example", {"text": "Bob"}], ("Ada Example", "Bob")),
        ([{"text": "Piotr Doll&aacute;r"}], ("Piotr Dollár",)),
        ([{"text": "Ada"}, {"@pid": "7"}], ()),
        ([7, None], ()),
        (None, ()),
    ],
)
def test_authors_are_all_of_them_without_their_numbers_or_none(author: Any, names: tuple[str, ...]) -> None:
    assert of_info(authors={"author": author}).authors == names
    assert of_info(authors=None).authors == ()


@pytest.mark.parametrize(
    ("fields", "venue", "kind"),
    [
        ({}, "CVPR", VenueKind.PROCEEDINGS),
        ({"venue": "ACL (1)"}, "ACL", VenueKind.PROCEEDINGS),
        ({"venue": "ICLR (Poster)"}, "ICLR", VenueKind.PROCEEDINGS),
        ({"venue": "EMNLP (Findings)"}, "EMNLP (Findings)", VenueKind.PROCEEDINGS),
        ({"venue": ["CoRR", "ECCV (60)"]}, "ECCV", VenueKind.PROCEEDINGS),
        ({"venue": "Nat.", "type": JOURNAL}, "Nat.", VenueKind.JOURNAL),
        (
            {"venue": "Handbook of X", "type": "Parts in Books or Collections"},
            "Handbook of X",
            VenueKind.BOOK,
        ),
        ({"venue": "X", "type": "Books and Theses"}, "X", None),
    ],
)
def test_where_it_appeared(fields: dict[str, Any], venue: str, kind: VenueKind | None) -> None:
    found = of_info(**fields)
    assert (found.venue, found.venue_kind, found.venue_year, found.is_preprint) == (venue, kind, 2016, False)


def test_the_rest_of_a_publication() -> None:
    found = of_info(
        type=JOURNAL, venue="Neural Comput.", volume="9", number="8", pages="1735-1780", year="1997",
        doi="10.1162/NECO.1997.9.8.1735", ee="https://doi.org/10.1162/neco.1997.9.8.1735",
    )  # fmt: skip
    assert (found.volume, found.issue, found.pages, found.venue_year) == ("9", "8", "1735--1780", 1997)
    assert (found.doi, found.key) == ("10.1162/neco.1997.9.8.1735", "doi:10.1162/neco.1997.9.8.1735")
    assert of_info().key == KEY, "it has no identifier of its own"


@pytest.mark.parametrize(
    "fields",
    [
        {"volume": "abs/1703.06870", "ee": "http://arxiv.org/abs/1703.06870"},
        {"volume": "abs/1703.06870", "doi": "10.48550/ARXIV.1703.06870"},
        {"ee": ["https://example.org/x", "https://doi.org/10.48550/arXiv.1703.06870"]},
        {"ee": "https://arxiv.org/abs/1703.06870v3"},
    ],
)
def test_a_preprint_names_its_id_and_no_publication(fields: dict[str, Any]) -> None:
    found = of_info(venue="CoRR", type=INFORMAL, **fields)
    assert found.is_preprint and (found.arxiv_id, found.key) == ("1703.06870", KEY)
    assert (found.venue, found.venue_kind, found.venue_year, found.volume, found.doi) == (None,) * 5


def test_a_retracted_paper_keeps_its_title() -> None:
    found = of_info(title="[Retracted] A Title.")
    assert (found.title, found.is_withdrawn, of_info().is_withdrawn) == ("A Title", True, None)


def test_what_is_no_paper_is_left_out() -> None:
    for fields in ({"title": ""}, {"title": None}, {"type": "Editorship"}, {"type": "Data and Artifacts"}):
        assert record_of({"title": "A Title.", "venue": "X", "type": CONFERENCE} | fields, KEY) is None


NAMES = [
    "result",
    "hits",
    "hit",
    "info",
    "@total",
    "@sent",
    "authors",
    "author",
    "text",
    "title",
    "venue",
    "ee",
]
REPLIES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just("1"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=10,
)


@given(REPLIES)
def test_any_json_is_read_or_refused(reply: object) -> None:
    for wrapped in (reply, {"result": {"hits": {"@total": "1", "hit": reply}}}, {"result": {"hits": reply}}):
        try:
            read_search(json.dumps(wrapped).encode(), KEY)
        except BadReply as error:
            assert str(error).isprintable()


@given(st.dictionaries(st.sampled_from(NAMES), REPLIES, max_size=8))
def test_any_hit_is_read_or_left_out(info: dict[str, Any]) -> None:
    record_of(info, KEY)


@given(st.binary(max_size=60))
def test_any_bytes_are_refused(body: bytes) -> None:
    with pytest.raises(BadReply):
        read_search(body, KEY)


# --- what is asked -----------------------------------------------------------------------------


def test_it_keeps_the_contract_of_a_source(tmp_path: Path) -> None:
    source: Source = source_at("http://127.0.0.1:9", tmp_path)
    assert source.overrides <= source.gives <= Paper.model_fields.keys()
    known = papers(KEY, title="A Title", authors=("Ada",))[0]
    assert source.takes(known) and source.is_search and source.batch_size == 1
    for lacking in ({"title": ""}, {"authors": ()}, {"title": "..."}):
        assert not source.takes(known.model_copy(update=lacking))
    assert not source_at("", tmp_path).takes(known)
    assert not source_at("http://127.0.0.1:9", tmp_path, per_day=0).takes(known)
    source.close()
    source.close()


@pytest.mark.parametrize(
    ("title", "author", "question"),
    [
        ("Mask R-CNN", "Kaiming He", "Mask CNN He"),
        ("Deep learning", "LeCun, Yann", "Deep learning LeCun"),
        ("A$B|C: on C*-algebras & author:x", "L. van der Maaten", "algebras author Maaten"),
        ("P vs. NP", "A. B", "P vs NP B"),
        ("text-to-text to text", "X", "text X"),
        ("深度 学习", "王伟", "深度 学习 王伟"),
        ("?!", "X", ""),
    ],
)
def test_only_words_are_searched_for(title: str, author: str, question: str) -> None:
    assert question_for(papers(KEY, title=title, authors=(author,))[0]) == question


def test_a_search_brings_preprint_conference_and_journal(tmp_path: Path) -> None:
    with DblpServer() as server:
        (answer,) = source_at(server.url, tmp_path).ask(
            papers(KEY, title="Mask R-CNN", authors=("Kaiming He",))
        ).values()  # fmt: skip
    (request,) = server.requests
    assert (request.path, request.params) == (
        "/search/publ/api", {"q": "Mask CNN He", "format": "json", "h": str(HITS), "c": "0"}
    )  # fmt: skip
    found = {one.venue: one for one in matches(answer)}
    assert found.keys() == {"ICCV", "IEEE Trans. Pattern Anal. Mach. Intell.", None}
    assert found["ICCV"].venue_kind is VenueKind.PROCEEDINGS and found["ICCV"].venue_year == 2017
    assert found["ICCV"].authors[2] == "Piotr Dollár" and found[None].arxiv_id == "1703.06870"


def test_every_paper_of_computer_science_is_found(tmp_path: Path) -> None:
    known = [one for one in read_papers().values() if one.categories[0].startswith("cs.")]
    with DblpServer() as server:
        source = source_at(server.url, tmp_path)
        for one in known:
            (answer,) = source.ask(papers(f"arXiv:{one.id}", title=one.title, authors=one.authors)).values()
            assert one.id in {found.arxiv_id for found in matches(answer)}
            assert all(found.authors for found in matches(answer))


def test_a_single_hit_need_not_stand_in_a_list(tmp_path: Path) -> None:
    with DblpServer(always="one hit") as server:
        (answer,) = source_at(server.url, tmp_path).ask(
            papers(KEY, title="Mask R-CNN", authors=("Kaiming He",))
        ).values()  # fmt: skip
    assert len(matches(answer)) == 1


def test_what_is_not_there_is_absent(tmp_path: Path) -> None:
    with DblpServer() as server:
        source = source_at(server.url, tmp_path)
        (answer,) = source.ask(papers(KEY, title="Zyx wvu", authors=("Q. Tsrp",))).values()
    assert answer == Absent()


@pytest.mark.parametrize(
    ("fault", "words"), [("no hits", "fewer hits than it says"), ("hits null", "no list of hits")]
)
def test_an_answer_without_its_hits_is_none(tmp_path: Path, fault: str, words: str) -> None:
    with DblpServer(always=fault) as server:
        source = source_at(server.url, tmp_path)
        (answer,) = source.ask(papers(KEY, title="Mask R-CNN", authors=("Kaiming He",))).values()
    assert isinstance(answer, Failed) and answer.retryable and words in answer.reason


def test_the_pace_is_kept_and_a_service_that_is_down_is_left_alone(tmp_path: Path) -> None:
    known = papers(KEY, title="Mask R-CNN", authors=("Kaiming He",))
    with DblpServer(gap_s=0.05, work_s=0.01) as server:
        source = source_at(server.url, tmp_path, delay_s=0.05)
        for _ in range(3):
            source.ask(known)
        assert server.answers == ["ok"] * 3
    with DblpServer(always=Fault("429", retry_after="0")) as server:
        source = source_at(server.url, tmp_path)
        answers = [source.ask(known)[KEY] for _ in range(5)]
    assert len(server.requests) == 8, "two questions, four tries each"
    assert all(isinstance(answer, Failed) and "HTTP 429" in answer.reason for answer in answers)
