from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.identifiers import PaperKey
from tracker.library.changes import KnownPapers, changes, new_papers, refreshed, settle
from tracker.models import DocumentChange, Paper, Provenance

QLORA = "QLoRA: Efficient Finetuning of Quantized LLMs"


def paper(key: str, title: str = QLORA, **fields: object) -> Paper:
    return Paper.model_validate({"key": key, "title": title, **fields})


def is_new(cited: Paper, *known: Paper) -> bool:
    return bool(new_papers([cited], KnownPapers(known)))


def test_nothing_cited_is_nothing_new() -> None:
    assert new_papers([], KnownPapers([paper("arXiv:2305.14314")])) == ()


def test_everything_is_new_to_an_empty_library_in_the_order_given() -> None:
    cited = [
        paper("arXiv:2310.06825", "Mistral 7B"),
        paper("arXiv:2305.14314"),
        paper("doi:10.1/x", "Some Thing"),
    ]
    assert new_papers(cited, KnownPapers()) == tuple(cited)


def test_a_paper_cited_twice_is_new_once() -> None:
    cited = [paper("arXiv:2305.14314"), paper("doi:10.5555/3666122"), paper("arXiv:2305.14314")]
    assert new_papers(cited, KnownPapers()) == (cited[0],)


SAME = [
    pytest.param(paper("arXiv:2305.14314"), paper("arXiv:2305.14314", "An old title"), id="key"),
    pytest.param(
        paper("arXiv:1706.03762", "A", doi="10.5555/3295222"), paper("doi:10.5555/3295222", "B"), id="doi"
    ),
    pytest.param(
        paper("doi:10.1/A", "A"), paper("acl:2020.acl-main.1", "B", doi="10.1/a"), id="case of a DOI"
    ),
    pytest.param(
        paper("arXiv:2305.14314"),
        paper("doi:10.1/x", "{QLoRA}: efficient fine\ntuning of Quantized {LLM}s."),
        id="title of a published entry",
    ),
    pytest.param(
        paper("arXiv:2305.14314", authors=["Tim Dettmers", "Artidoro Pagnoni"]),
        paper("doi:10.1/x", authors=["Dettmers, T."]),
        id="title, and one author written otherwise",
    ),
    pytest.param(
        paper("arXiv:2310.06825", "Mistral 7B"),
        paper("doi:10.1/x", "Mistral 7B", year=2024),
        id="short title, year next to it",
    ),
    pytest.param(
        paper("arXiv:2310.06825", "Mistral 7B", authors=["Albert Jiang"]),
        paper("doi:10.1/x", "Mistral 7B", authors=["Jiang, A. Q."]),
        id="short title, author",
    ),
]


@pytest.mark.parametrize(("cited", "known"), SAME)
def test_known(cited: Paper, known: Paper) -> None:
    assert not is_new(cited, known)
    assert not is_new(known, cited)


DIFFERENT = [
    pytest.param(paper("arXiv:2305.14314"), paper("arXiv:2305.14315"), id="two arXiv ids, one title"),
    pytest.param(
        paper("arXiv:2305.14314", doi="10.1/x"),
        paper("arXiv:2305.14315", "B", doi="10.1/x"),
        id="two arXiv ids, one DOI",
    ),
    pytest.param(
        paper("arXiv:2305.14314", authors=["Tim Dettmers"]),
        paper("doi:10.1/x", authors=["Ada Lovelace"]),
        id="one title, no author in common",
    ),
    pytest.param(
        paper("arXiv:0901.0001", "Editorial"),
        paper("doi:10.1/x", "Editorial", year=2020),
        id="short title, years far apart",
    ),
    pytest.param(paper("doi:10.1/y", "Editorial"), paper("doi:10.1/x", "Editorial"), id="short title alone"),
    pytest.param(paper("doi:10.1/y", "前言"), paper("doi:10.1/x", "前言"), id="short Chinese title alone"),
    pytest.param(paper("doi:10.1/y", "?"), paper("doi:10.1/x", "..."), id="no title to speak of"),
]


@pytest.mark.parametrize(("cited", "known"), DIFFERENT)
def test_new_all_the_same(cited: Paper, known: Paper) -> None:
    assert is_new(cited, known)
    assert is_new(known, cited)


def test_a_long_chinese_title_is_enough() -> None:
    title = "大规模语言模型综述"
    assert not is_new(paper("doi:10.1/y", title), paper("doi:10.1/x", title))


def test_settling_what_is_new_leaves_nothing_new() -> None:
    cited = [paper("doi:10.1/x"), paper("arXiv:2305.14314"), paper("arXiv:2310.06825", "Mistral 7B")]
    known = KnownPapers()
    settle(cited, known)
    assert new_papers(cited, known) == ()


def test_an_arxiv_key_takes_the_place_of_another_and_the_gaps_are_filled() -> None:
    stored = paper("doi:10.1/x", venue="NeurIPS", year=2024)
    (one,) = settle([paper("arXiv:2305.14314", year=2023)], KnownPapers([stored]))
    assert one.stored == ("doi:10.1/x",)
    assert one.paper == paper("arXiv:2305.14314", year=2023, venue="NeurIPS", doi="10.1/x")


def test_a_second_key_of_a_paper_changes_nothing_in_the_record_but_its_gaps() -> None:
    stored = paper("arXiv:2305.14314", year=2023)
    known = KnownPapers([stored])
    (first,) = settle([paper("doi:10.1/x", QLORA.upper(), year=2024, venue="NeurIPS")], known)
    assert first.paper == paper("arXiv:2305.14314", year=2023, venue="NeurIPS", doi="10.1/x")
    (again,) = settle([paper("doi:10.1/x", QLORA.upper(), year=2024, venue="NeurIPS")], known)
    assert again.paper == first.paper and not again.is_changed


def test_a_record_with_both_identifiers_joins_what_was_kept_apart() -> None:
    known = KnownPapers([paper("doi:10.1/x", "The published title"), paper("arXiv:2305.14314")])
    (one,) = settle([paper("arXiv:2305.14314", doi="10.1/x")], known)
    assert set(one.stored) == {"doi:10.1/x", "arXiv:2305.14314"}
    assert one.paper.key == "arXiv:2305.14314" and one.is_changed
    assert [found.key for found in known.find(paper("doi:10.1/x", "?"))] == ["arXiv:2305.14314"]


def test_known_under_a_further_key() -> None:
    known = KnownPapers([paper("arXiv:2305.14314")], {PaperKey("acl:X"): PaperKey("arXiv:2305.14314")})
    assert new_papers([paper("acl:X", "Renamed since")], known) == ()


def test_each_paper_stands_once_in_the_summary() -> None:
    known = KnownPapers([paper("arXiv:2310.06825", "Mistral 7B")])
    incoming = [
        paper("doi:10.1/x"),
        paper("arXiv:2305.14314", year=2023),
        paper("arXiv:2310.06825", "Mistral 7B"),
        paper("arXiv:2304.01373", "Pythia: A Suite for Analyzing Large Language Models"),
    ]
    result = changes(DocumentChange.NEW, settle(incoming, known))
    assert [one.key for one in result.new] == ["arXiv:2305.14314", "arXiv:2304.01373"]
    assert [one.key for one in result.unchanged] == ["arXiv:2310.06825"]
    assert result.updated == ()


def retrieved(source: str, day: int | None = None) -> Provenance:
    return Provenance(source=source, retrieved=datetime(2026, 1, day, tzinfo=UTC) if day else None)


def test_a_poorer_record_takes_nothing_away() -> None:
    rich = paper(
        "arXiv:2305.14314", authors=["Tim Dettmers", "Artidoro Pagnoni"], authors_complete=True,
        published=date(2023, 5, 23), abstract="We ...", provenance={"abstract": retrieved("arXiv", 2)},
    )  # fmt: skip
    assert refreshed(rich, paper("arXiv:2305.14314", authors=["Tim Dettmers"])) == rich


def test_a_better_record_comes_in_with_its_sources() -> None:
    poor = paper("arXiv:2305.14314", "Qlora", authors=["Tim Dettmers"])
    rich = paper(
        "arXiv:2305.14314", authors=["Tim Dettmers", "Artidoro Pagnoni"], authors_complete=True,
        provenance={"authors": retrieved("arXiv", 2), "title": retrieved("arXiv", 2)},
    )  # fmt: skip
    assert refreshed(poor, rich) == rich


@pytest.mark.parametrize(
    ("old", "new", "winner"),
    [
        (None, None, "new"),
        (retrieved("arXiv", 2), None, "old"),
        (retrieved("arXiv", 2), retrieved("OpenAlex", 3), "new"),
        (retrieved("arXiv", 3), retrieved("OpenAlex", 2), "old"),
        (retrieved("user"), retrieved("arXiv", 3), "old"),
        (retrieved("user"), retrieved("user"), "new"),
    ],
)
def test_whose_value_counts(old: Provenance | None, new: Provenance | None, winner: str) -> None:
    def record(title: str, source: Provenance | None) -> Paper:
        return paper("arXiv:2305.14314", title, provenance={"title": source} if source else {})

    assert refreshed(record("old", old), record("new", new)).title == winner


KEYS = st.sampled_from(["arXiv:2305.14314", "arXiv:2310.06825", "doi:10.1/x", "doi:10.1/y", "acl:X"])
PAPERS = st.builds(
    paper,
    KEYS,
    st.sampled_from([QLORA, "Mistral 7B", "Editorial"]),
    doi=st.sampled_from([None, "10.1/x", "10.1/y"]),
    year=st.sampled_from([None, 2022, 2023]),
    authors=st.sampled_from([(), ("Tim Dettmers",), ("Ada Lovelace",)]),
)


@given(st.lists(PAPERS, max_size=6), st.lists(PAPERS, max_size=6))
def test_laws_of_settling(first: list[Paper], second: list[Paper]) -> None:
    known = KnownPapers()
    settle(first, known)
    settled = settle(second, known)
    assert new_papers(first + second, known) == ()
    assert {one.paper.key for one in settled} <= {one.key for one in first + second}
    final = {known.find(one.paper)[0].key for one in settled}
    result = changes(DocumentChange.NEW, settled)
    told = [one.key for one in (*result.new, *result.updated, *result.unchanged)]
    assert len(told) == len(set(told)) and final <= set(told)


@given(st.lists(PAPERS, max_size=6))
def test_settling_the_same_again_changes_nothing(papers: list[Paper]) -> None:
    known = KnownPapers()
    settle(papers, known)
    assert [one for one in settle(papers, known) if one.is_changed or not one.stored] == []
