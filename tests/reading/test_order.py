from __future__ import annotations

import random
from datetime import date

import pytest

from tests.reading.marked import Marked, mark
from tracker.identifiers import PaperKey
from tracker.models import Paper
from tracker.reading.cited import cited_papers
from tracker.reading.order import Order, rank

A, B, C, D = (f"arXiv:{n}01.0000{n % 10}" for n in (20, 21, 22, 23))


def ranked(*marked: Marked, papers: tuple[Paper, ...] = (), order: Order = Order.READING) -> list[str]:
    documents = [one.document for one in marked]
    links = [link for one in marked for link in one.links]
    cited = cited_papers(documents, links, {paper.key: paper for paper in papers})
    return [one.key for one in rank(cited, documents, order).papers]


def paper(key: str, title: str = "", cited_in: int = 0, published: date | None = None) -> Paper:
    return Paper(key=PaperKey(key), title=title or key, cited_in=cited_in, published=published)


def test_the_older_first_and_of_one_month_the_better_known() -> None:
    assert ranked(mark(f"[C={C}] [A={A}] [B={B}]")) == [A, B, C]
    one, other = "arXiv:2301.00001", "arXiv:2301.00002"
    both = mark(f"[x={one}] [y={other}]")
    assert ranked(both) == [one, other]
    assert ranked(both, papers=(paper(other, cited_in=9),)) == [other, one]


def test_foundations_come_right_before_what_builds_on_them() -> None:
    lora, qlora, other = "arXiv:2106.09685", "arXiv:2105.00001", "arXiv:2001.00001"
    papers = (paper(lora, "LoRA: Low-Rank", published=date(2021, 5, 1)), paper(qlora, "QLoRA: Quantized"))
    # The id of the follow-up is older here, as happens where a date is only known to the month.
    assert ranked(mark(f"[q={qlora}] [l={lora}] [o={other}]"), papers=papers) == [other, lora, qlora]


def test_a_stated_order_holds_and_foundations_outside_of_it_are_put_in() -> None:
    lora, qlora, last = "arXiv:2106.09685", "arXiv:2305.14314", "arXiv:1706.03762"
    papers = (paper(lora, "LoRA: Low-Rank Adaptation"), paper(qlora, "QLoRA: Quantized"))
    text = f"## 1. [x={D}]\n## 2. [QLoRA={qlora}]\nlike [LoRA={lora}]\n## 3. [y={last}]\n"
    assert ranked(mark(text), papers=papers) == [D, lora, qlora, last]


def test_a_stated_order_wins_over_what_names_tell() -> None:
    lora, qlora = "arXiv:2106.09685", "arXiv:2305.14314"
    papers = (paper(lora, "LoRA: Low-Rank Adaptation"), paper(qlora, "QLoRA: Quantized"))
    assert ranked(mark(f"## 1. [q={qlora}]\n## 2. [l={lora}]\n"), papers=papers) == [qlora, lora]


def test_of_two_documents_the_first_one_says_where_a_paper_stands() -> None:
    first = mark(f"## 1. [c={C}]\n## 2. [a={A}]\n", "first.md")
    second = mark(f"## 1. [a={A}]\n## 2. [b={B}]\n## 3. [c={C}]\n", "second.md")
    assert ranked(first, second) == [C, A, B]
    assert ranked(second, first) == [A, B, C]


def test_an_order_in_a_later_document_counts_more_than_a_mention_in_the_first() -> None:
    first = mark(f"## 1. [d={D}]\n## 2. [c={C}]\nalso [b={B}] and [a={A}]\n", "first.md")
    second = mark(f"1. [b={B}]\n2. [a={A}]\n", "second.md")
    assert ranked(first, second) == [D, C, B, A]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (Order.DOCUMENT, [C, A, B]),
        (Order.DATE, [A, B, C]),
        (Order.MENTIONS, [A, B, C]),
    ],
)
def test_other_orders(order: Order, expected: list[str]) -> None:
    text = f"## 1. [c={C}]\n## 2. [a={A}]\n[a={A}] [b={B}] [b={B}] [a={A}]\n"
    assert ranked(mark(text), order=order) == expected


def test_the_order_of_the_links_changes_nothing() -> None:
    marked = mark(f"[c={C}] [a={A}]\n\n1. [b={B}]\n2. [d={D}]\n\n[a={A}]")
    links = list(marked.links)
    random.Random(1).shuffle(links)
    for order in Order:
        assert ranked(marked, order=order) == ranked(Marked(marked.document, tuple(links)), order=order)


def test_nothing() -> None:
    assert all(ranked(mark("nothing"), order=order) == [] for order in Order)
