"""Which record is the published version of a paper, which may be, and which is another work."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.enrich.base import Record
from tracker.enrich.published import (
    are_same_authors,
    choose_published,
    do_authors_agree,
    doubt_of,
    is_same_person,
    is_same_title,
    is_same_work,
)
from tracker.identifiers import ArxivId, Doi, PaperKey
from tracker.models import Paper

PAPER = Paper(
    key=PaperKey("arXiv:2305.14314"),
    title="QLoRA: Efficient Finetuning of Quantized LLMs",
    authors=("Tim Dettmers", "Artidoro Pagnoni", "Ari Holtzman", "Luke Zettlemoyer"),
    authors_complete=True,
    year=2023,
)
RECORD = Record(
    key=PaperKey("doi:10.5555/3666122"),
    title="QLoRA: efficient finetuning of quantized LLMs",
    authors=("Dettmers, Tim", "Pagnoni, A.", "Holtzman, Ari", "Zettlemoyer, Luke"),
    venue="Advances in Neural Information Processing Systems 36",
    venue_year=2023,
    doi=Doi("10.5555/3666122"),
)


def record(**changes: object) -> Record:
    return RECORD.model_copy(update=changes)


@pytest.mark.parametrize(
    ("changes", "doubt"),
    [
        ({}, ""),
        ({"title": "QLoRA: Efficient Fine-Tuning of Quantized LLMs"}, ""),
        ({"title": "<i>QLoRA</i>: Efficient Finetuning of Quantised LLMs"}, "the title differs"),
        ({"title": "QLoRA: Efficient Finetuning of Quantised LLMs"}, ""),
        ({"venue_year": 2025}, ""),
        ({"venue_year": 2026}, "the years are 3 apart"),
        ({"venue_year": 2020}, "the years are 3 apart"),
        ({"venue_year": None}, ""),
        ({"authors": RECORD.authors[:2]}, ""),
        ({"authors": RECORD.authors[1:]}, "the authors differ"),
        ({"authors": ("Tim Dettmers", "Wei Wang", "Lei Li", "Bo Xu")}, "the authors differ"),
        ({"authors": ()}, "its authors are not known"),
        ({"title": "The case for 4-bit precision"}, "the title differs"),
    ],
)
def test_what_agrees_and_what_is_doubted(changes: dict[str, object], doubt: str) -> None:
    assert doubt_of(PAPER, record(**changes)) == doubt


def test_without_own_authors_nothing_is_taken() -> None:
    bare = PAPER.model_copy(update={"authors": ()})
    choice = choose_published(bare, [RECORD])
    assert choice.accepted is None
    assert choice.candidates == ((RECORD, "the authors of the paper are not known"),)


def test_the_very_title_counts_then_the_nearest_year_then_the_first() -> None:
    near = record(title="QLoRA: Efficient Finetuning of Quantised LLMs", doi=Doi("10.1000/1"))
    later = record(venue="A Journal", venue_year=2025, doi=Doi("10.1000/2"))
    twin = record(venue="The Same Again", doi=Doi("10.1000/3"))
    choice = choose_published(PAPER, [near, later, RECORD, twin])
    assert choice.accepted == RECORD
    assert {one.doi for one, doubt in choice.candidates} == {"10.1000/1", "10.1000/2", "10.1000/3"}
    assert {doubt for _, doubt in choice.candidates} == {"another version with the same title"}


def test_preprints_and_other_peoples_papers_are_no_candidates() -> None:
    others = [
        record(is_preprint=True),
        record(venue=None, doi=None),
        record(arxiv_id=ArxivId("2401.00001")),
        record(title="On something else entirely", authors=("Ada Example",)),
        record(title="The case for 4-bit precision: k-bit Inference Scaling Laws"),
    ]
    choice = choose_published(PAPER, others)
    assert (choice.accepted, choice.candidates) == (None, ())


def test_a_title_in_part_by_the_same_authors_is_a_candidate() -> None:
    shorter = record(title="Efficient Finetuning of Quantized LLMs")
    choice = choose_published(PAPER, [shorter])
    assert choice.accepted is None and choice.candidates == ((shorter, "the title differs"),)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("Scaling Laws, Part I: Language", "Scaling Laws, Part II: Language", False),
        ("YOLOv3: An Incremental Improvement of Detection", "YOLOv4: An Incremental Improvement of Detection", False),
        ("A Study of Large Language Models", "A Study of Large Language Model", True),
        ("Attention Is All You Need", "attention is all you need.", True),
        ("", "", False),
        ("大语言模型综述", "大语言模型综述", True),
    ],
)  # fmt: skip
def test_titles(one: str, other: str, is_same: bool) -> None:
    assert is_same_title(one, other) is is_same


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("Laurens van der Maaten", "van der Maaten, L.", True),
        ("Kaiming He", "He Kaiming", True),
        ("José García", "Jose Garcia", True),
        ("J. Wang", "Lei Wang", False),
        ("Wang", "Lei Wang", True),
        ("王伟", "王伟", True),
        ("王伟", "李娜", False),
        ("Gemini Team", "Gemini Team", True),
        ("Tim Dettmers", "Luke Zettlemoyer", False),
    ],
)
def test_people(one: str, other: str, is_same: bool) -> None:
    assert is_same_person(one, other) is is_same
    assert is_same_person(other, one) is is_same


def test_a_record_asked_for_by_identifier_is_of_the_same_work_by_title_or_authors() -> None:
    assert is_same_work(PAPER, record(title="Renamed Since Then"))
    assert is_same_work(PAPER, record(authors=("Somebody Else",)))
    assert not is_same_work(PAPER, record(title="Another Work", authors=("Somebody Else",)))
    assert not is_same_work(PAPER, record(arxiv_id=ArxivId("2401.00001")))
    assert is_same_work(Paper(key=PAPER.key, title=""), RECORD)


names = st.sampled_from(
    ["Ada Byron", "A. Byron", "Li Wei", "Wei Li", "{Group}", "", "Ο", "x, y, z", "de la Cruz"]
)


@given(st.lists(names, max_size=4), st.lists(names, max_size=4))
def test_agreement_of_authors_is_symmetric(ours: list[str], theirs: list[str]) -> None:
    def agree(one: list[str], other: list[str]) -> bool:
        return do_authors_agree(
            Paper(key=PAPER.key, title="T", authors=tuple(one)), record(authors=tuple(other))
        )

    assert agree(ours, theirs) == agree(theirs, ours)
    assert are_same_authors(ours, ours)
