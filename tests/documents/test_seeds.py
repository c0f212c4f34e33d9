"""The structure of real pages, saved with their menus. Skipped where the shared pages are missing."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from tracker.documents import read_documents
from tracker.models import BlockKind, Document

SHARED = Path(__file__).resolve().parents[3] / "shared"


@cache
def seed(number: str) -> Document:
    """One of the shared pages."""
    path = SHARED / "seeds" / f"{number}.txt"
    if not path.exists():
        pytest.skip(f"needs the shared pages beside the project ({path.name} is missing)")
    (document,), problems = read_documents([path])
    assert problems == []
    return document


def kinds_by_line(document: Document) -> dict[int, BlockKind]:
    """The kind of each line that is not blank, counted from 1."""
    kinds = {}
    for block in document.blocks:
        first = document.text.count("\n", 0, block.start) + 1
        for offset, words in enumerate(document.text[block.start : block.end].split("\n")):
            if words.strip():
                kinds[first + offset] = block.kind
    return kinds


def test_the_numbered_sections_of_a_translated_article_are_found_in_order() -> None:
    document = seed("003")
    numbered = [
        (block.number, document.text[block.start : block.end].strip())
        for block in document.blocks
        if block.kind is BlockKind.HEADING and block.number is not None
    ]
    assert [number for number, _ in numbered] == list(range(1, 11))
    assert numbered[2][1].startswith("3) QLoRA")
    assert document.title == "2023 年十篇值得关注的 AI 研究论文 [译]"


def test_the_menus_above_and_below_it_are_navigation() -> None:
    kinds = kinds_by_line(seed("003"))
    assert {kinds[line] for line in range(1, 85) if line in kinds and line != 82} == {BlockKind.NAVIGATION}
    assert kinds[82] is BlockKind.PARAGRAPH  # a caption with an arXiv id, in the midst of the menu
    assert {kinds[line] for line in range(424, 513) if line in kinds} == {BlockKind.NAVIGATION}
    assert all(kinds[line] is not BlockKind.NAVIGATION for line in range(97, 423) if line in kinds)


@pytest.mark.parametrize(
    ("number", "numbers"),
    [
        ("000", [1, 1, 2, 3, 4, 2, 3, 4, 5, 1, 2, 3, 6, 1, 2, 3, 4, 5]),
        ("004", [1, 2, 3, 4, 5, 6, 7]),
    ],
)
def test_the_sections_of_conference_reports(number: str, numbers: list[int]) -> None:
    headings = [block for block in seed(number).blocks if block.kind is BlockKind.HEADING]
    assert [block.number for block in headings if block.number is not None] == numbers


@pytest.mark.parametrize(("number", "first"), [("000", 306), ("001", 657), ("004", 469)])
def test_what_follows_the_article_is_navigation(number: str, first: int) -> None:
    kinds = kinds_by_line(seed(number))
    assert {kind for line, kind in kinds.items() if line >= first} == {BlockKind.NAVIGATION}
    assert kinds[max(line for line in kinds if line < first)] is not BlockKind.NAVIGATION


def test_references_are_found() -> None:
    assert kinds_by_line(seed("000"))[304] is BlockKind.REFERENCES
    assert kinds_by_line(seed("004"))[466] is BlockKind.REFERENCES


@pytest.mark.parametrize("number", ["000", "003", "004"])
def test_no_labelled_paper_is_lost_in_navigation(number: str) -> None:
    kinds = kinds_by_line(seed(number))
    for row in (SHARED / "gold" / f"seed-{number}.jsonl").read_text(encoding="utf-8").splitlines():
        label = json.loads(row)
        places = [label["line"], *(place["line"] for place in label.get("also") or ())]
        if label.get("chrome"):
            assert kinds[label["line"]] is BlockKind.NAVIGATION, label
        elif label["paper"] and not label.get("negative"):
            assert any(kinds[line] is not BlockKind.NAVIGATION for line in places), label


def test_papers_of_the_benchmark_are_no_navigation() -> None:
    folder = SHARED / "bench" / "dev"
    if not folder.exists():
        pytest.skip("needs the shared benchmark beside the project")
    papers: dict[str, dict[str, list[int]]] = {}
    for row in (folder / "mentions.jsonl").read_text(encoding="utf-8").splitlines():
        mention = json.loads(row)
        papers.setdefault(mention["doc_id"], {}).setdefault(mention["paper"], []).append(mention["start"])
    # Every eighth document: long lists, courses and notes in both languages, in a few seconds.
    names = sorted(papers)[::8]
    documents, problems = read_documents([folder / "docs" / f"{name}.txt" for name in names])
    assert problems == [] and len(documents) == len(names)
    for name, document in zip(names, documents, strict=True):
        frame = [(b.start, b.end) for b in document.blocks if b.kind is BlockKind.NAVIGATION]
        for starts in papers[name].values():
            assert any(not any(first <= start < end for first, end in frame) for start in starts), name
