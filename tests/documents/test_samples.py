"""The sample documents that ship with the project: read as a person would, with dates and ids that agree."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from tracker.documents import read_documents
from tracker.identifiers import year_month_of
from tracker.models import BlockKind, Document

SAMPLES = Path(__file__).resolve().parents[2] / "lists" / "samples"
DOCUMENTS, PROBLEMS = read_documents(sorted(SAMPLES.iterdir()))
ARXIV_ID = re.compile(r"(?<!\d)\d{4}\.\d{4,5}(?!\d)")


def sample(number: str) -> Document:
    """The sample whose file name begins with `number`."""
    return next(document for document in DOCUMENTS if Path(document.name).name.startswith(number))


def headings(document: Document) -> list[tuple[int, int | None, str]]:
    """Level, number and words of each heading."""
    return [
        (block.level, block.number, document.text[block.start : block.end].strip("# "))
        for block in document.blocks
        if block.kind is BlockKind.HEADING
    ]


def test_there_are_four_of_them() -> None:
    assert PROBLEMS == []
    assert [(document.language, document.written) for document in DOCUMENTS] == [
        ("en", date(2024, 3, 9)),
        ("zh", date(2023, 8, 19)),
        ("zh", date(2024, 1, 6)),
        ("zh", date(2024, 6, 15)),
    ]
    assert [document.title for document in DOCUMENTS] == [
        "A year with open language models",
        "视觉与多模态暑期研讨会笔记",
        "2023 年回顾:九篇我会重读的论文 [译]",
        "讲座录音整理(节选):注意力之外还有什么",
    ]


@pytest.mark.parametrize("name", ["Pythia", "QLoRA", "DPO", "Mistral", "SAM", "Emu"])
def test_together_they_name_the_six_systems(name: str) -> None:
    assert any(name in document.text for document in DOCUMENTS)


def test_emu_is_two_papers() -> None:
    assert "2307.05222" in sample("002").text and "2311.10709" not in sample("002").text
    assert "2311.10709" in sample("003").text and "2307.05222" not in sample("003").text


def test_no_sample_names_a_paper_that_is_younger_than_itself() -> None:
    for document in DOCUMENTS:
        assert document.written is not None
        for found in ARXIV_ID.findall(document.text):
            assert year_month_of(found) <= (document.written.year, document.written.month), found


def test_no_id_stands_in_navigation() -> None:
    for document in DOCUMENTS:
        for block in document.blocks:
            if block.kind is BlockKind.NAVIGATION:
                assert not ARXIV_ID.search(document.text, block.start, block.end)


def test_the_sections_of_the_english_post() -> None:
    found = headings(sample("001"))
    assert (3, None, "QLoRA") in found and found[-1] == (2, None, "References")
    entries = [block.number for block in sample("001").blocks if block.kind is BlockKind.REFERENCES]
    assert entries == [1, 2, 3, 4]


def test_the_sections_of_the_notes() -> None:
    assert [(level, number) for level, number, _ in headings(sample("002"))] == [
        (1, None),
        *((2, 1), (2, 2), (3, 1), (3, 2), (2, 3), (2, 4), (3, 1), (3, 2), (3, 3), (2, 5)),
        (2, None),
    ]


def test_the_translated_article_between_its_menus() -> None:
    document = sample("003")
    assert [number for level, number, _ in headings(document) if level == 2] == list(range(1, 10))
    frame = "\n".join(
        document.text[block.start : block.end]
        for block in document.blocks
        if block.kind is BlockKind.NAVIGATION
    )
    assert all(
        words in frame for words in ("首页", "目录", "FlashAttention 到底快在哪里", "LangChain Midjourney")
    )
    assert "祝大家新年快乐" not in frame


def test_the_transcript_is_prose() -> None:
    kinds = {block.kind for block in sample("004").blocks}
    assert kinds == {BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.REFERENCES}
