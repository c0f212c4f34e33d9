"""Synthetic catalogues: the same for the same seed, marked, with the real papers inside, and ready to be imported."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.bench.recombined import WORDS, Stock, Titles, stock_of
from tests.bench.synthetic import MARK, is_synthetic, real_papers, snapshot_lines, write_names
from tracker.catalogue import EMBEDDED_PATH, Catalogue
from tracker.catalogue.build import build_catalogue
from tracker.catalogue.records import Record
from tracker.identifiers import arxiv_id_of, arxiv_key, parse_arxiv_id

COUNT = 600
NOWHERE = Path("no such folder")


@pytest.fixture(scope="module")
def real() -> list[Record]:
    """Every fiftieth paper of the embedded catalogue."""
    records = Catalogue.open(EMBEDDED_PATH).records
    papers = (records[row] for row in range(0, len(records), 50))
    return [paper for paper in papers if arxiv_id_of(paper.key)]


@pytest.fixture(scope="module")
def stock(real: list[Record]) -> Stock:
    return stock_of(real)


@pytest.fixture(scope="module")
def lines(stock: Stock, real: list[Record]) -> list[str]:
    return list(snapshot_lines(stock, real, COUNT, seed=1))


@pytest.fixture(scope="module")
def rows(lines: list[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines]


def test_same_seed_same_bytes(stock: Stock, real: list[Record], lines: list[str]) -> None:
    assert list(snapshot_lines(stock, real, COUNT, seed=1)) == lines
    assert list(snapshot_lines(stock, real, COUNT, seed=2)) != lines


def test_half_are_real_the_most_cited(rows: list[dict[str, Any]], real: list[Record]) -> None:
    kept = [row for row in rows if not is_synthetic(row["id"])]
    assert len(rows) == COUNT and len(kept) == COUNT // 2
    counts = sorted((paper.cited_in for paper in real), reverse=True)
    assert sorted((row.get("cited_in", 0) for row in kept), reverse=True) == counts[: COUNT // 2]


def test_few_real_papers_are_all_kept(stock: Stock, real: list[Record]) -> None:
    count = 2 * len(real) + 500
    ids = [json.loads(line)["id"] for line in snapshot_lines(stock, real, count, seed=1)]
    assert len(ids) == len(set(ids)) == count
    assert {arxiv_key(one) for one in ids if not is_synthetic(one)} == {paper.key for paper in real}


def test_synthetic_papers_are_marked(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        assert (row["journal-ref"] == MARK) == (row["submitter"] == MARK) == is_synthetic(row["id"])
        assert parse_arxiv_id(row["id"])


@pytest.mark.parametrize(
    ("arxiv_id", "expected"),
    [
        ("1706.50000", True),
        ("2512.99999", True),
        ("1706.03762", False),
        ("0704.9999", False),
        ("math/0309136", False),
    ],
)
def test_which_ids_are_synthetic(arxiv_id: str, expected: bool) -> None:
    assert is_synthetic(arxiv_id) is expected


def test_titles_are_new(stock: Stock, real: list[Record], rows: list[dict[str, Any]]) -> None:
    titles = [" ".join(row["title"].split()) for row in rows if is_synthetic(row["id"])]
    assert not set(titles) & {paper.title for paper in real}
    assert all(len(title.split()) <= WORDS[1] for title in titles)
    words = set(" ".join(paper.title for paper in real).split())
    assert all(word in words or word.endswith(":") for title in titles for word in title.split())


def test_too_few_titles_to_recombine() -> None:
    import numpy as np

    alone = stock_of([Record(arxiv_key("1706.03762"), "Attention Is All You Need")])
    with pytest.raises(ValueError, match="too few real titles"):
        Titles(alone, np.random.default_rng(1)).batch()


def test_what_is_written_is_imported(tmp_path: Path, lines: list[str], real: list[Record]) -> None:
    snapshot, names, target = (
        tmp_path / "papers.jsonl.gz",
        tmp_path / "names.tsv",
        tmp_path / "made.catalogue",
    )
    snapshot.write_bytes(gzip.compress("".join(lines).encode()))
    write_names(NOWHERE, names)
    report = build_catalogue([snapshot, names], target, workers=1)
    assert (report.papers, report.rejected_count) == (COUNT, 0)
    catalogue, known = Catalogue.open(target), {paper.key: paper for paper in real}
    records = [catalogue.records[row] for row in range(len(catalogue))]
    assert sum(one.venue == MARK for one in records) == COUNT // 2
    for one in (one for one in records if one.venue != MARK):
        mine = known[one.key]
        assert (one.title, one.cited_in, one.published) == (mine.title, mine.cited_in, mine.published)
        assert (one.authors, one.is_complete) == (mine.authors, mine.is_complete)
    best = max(real, key=lambda paper: paper.cited_in)
    assert set(catalogue.names_of_row(catalogue.row(best.key) or 0)) >= set(_names_in(names, best))


def _names_in(names: Path, paper: Record) -> list[str]:
    fields = (line.split("\t") for line in names.read_text("utf-8").splitlines())
    return [name for name, paper_id, _ in fields if arxiv_key(paper_id) == paper.key]


def test_without_the_shared_folder_papers_come_from_the_embedded_catalogue() -> None:
    first = next(iter(real_papers(NOWHERE)))
    assert first.title and arxiv_id_of(first.key) and not is_synthetic(first.key)
