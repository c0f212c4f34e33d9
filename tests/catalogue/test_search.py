from __future__ import annotations

import random
import re
import string

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.catalogue.small import PAPERS
from tracker.catalogue import Catalogue
from tracker.catalogue.search import LONGEST, find_papers
from tracker.catalogue.stems import STOP_WORDS, title_words

EMBEDDED = Catalogue.open()


@pytest.mark.parametrize(
    ("asked", "paper"),
    [
        ("2305.14314", "arXiv:2305.14314"),
        ("https://arxiv.org/abs/1706.03762v5", "arXiv:1706.03762"),
        ("see arXiv:1706.03762", "arXiv:1706.03762"),
        ("qlora", "arXiv:2305.14314"),
        ("T5", "arXiv:1910.10683"),
        ("dettmers 2023 qlora", "arXiv:2305.14314"),
        ("qlora, 2023, Dettmers", "arXiv:2305.14314"),
        ("zettlemoyer qlora", "arXiv:2305.14314"),
        ("Attention is all you need", "arXiv:1706.03762"),
        ("vaswani 2017", "arXiv:1706.03762"),
        ("Vaswani et al., 2017", "arXiv:1706.03762"),
        ("vasvani 2017", "arXiv:1706.03762"),
        ("vaswani 2018 attention need", "arXiv:1706.03762"),
        ("atention is al you ned", "arXiv:1706.03762"),
        ("segment anythin", "arXiv:2304.02643"),
        ("language models are fewshot lerners", "arXiv:2005.14165"),
        ("模仿专有大语言模型的虚假承诺", "arXiv:2305.15717"),
        ("直接偏好优化:你的语言模型实际上也是一种奖励模型", "arXiv:2305.18290"),
        ("Beltagy 等人 2020", "arXiv:2004.05150"),
        ("he kaiming 2015 residual", "arXiv:1512.03385"),
        ("goodfellow gan", "arXiv:1406.2661"),
        ("DPO", "arXiv:2305.18290"),
        ("SAM", "arXiv:2304.02643"),
    ],
)
def test_the_paper_that_is_meant_is_the_first(asked: str, paper: str) -> None:
    assert EMBEDDED.find(asked)[0].paper.key == paper


@pytest.mark.parametrize("asked", ["", " ", "the of", "zzqb quxzz", "9999.99999", "\0\x1b", "？！"])
def test_nothing_is_found_where_nothing_is_near(asked: str) -> None:
    assert EMBEDDED.find(asked) == []


def test_titles_with_all_words_come_before_those_that_are_only_like_them() -> None:
    chosen = random.Random(7)
    right = asked = 0
    while asked < 40:
        paper = EMBEDDED.records[chosen.randrange(len(EMBEDDED))]
        words = [word for word in re.findall("[A-Za-z]{4,}", paper.title) if word.lower() not in STOP_WORDS]
        if len(set(words)) < 4:
            continue
        words = chosen.sample(words, 3)
        found = EMBEDDED.find(" ".join(words), 1)
        asked += 1
        right += bool(found) and {*title_words(" ".join(words))} <= {*title_words(found[0].paper.title)}
    assert right >= 36


def test_what_was_found_is_said() -> None:
    why = EMBEDDED.find("dettmers 2023 qlora")[0].why
    assert why[0].startswith("name qlora") and why[1:] == ("author Tim Dettmers", "year 2023")
    assert EMBEDDED.find("dettmers 2024 qlora")[0].why[-1] == "year 2023, one off"
    assert EMBEDDED.find("Attention is all you need")[0].why == ("its title",)
    assert EMBEDDED.find("Atention is all you need")[0].why[0].startswith("nearly its title (")
    assert EMBEDDED.find("2305.14314")[0].why == ("identifier arXiv:2305.14314",)


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper["id"]))
def test_every_title_finds_its_paper(paper: dict[str, str], small: Catalogue) -> None:
    assert small.find(paper["title"])[0].paper.title == paper["title"]


def test_years_alone_give_their_most_cited_papers() -> None:
    catalogue = Catalogue.open()
    for asked, years in (("2017", {2017}), ("2014, 2015", {2014, 2015})):
        hits = catalogue.find(asked, 100)
        assert len(hits) == 100
        assert {hit.paper.year for hit in hits} == years
        cited = [hit.paper.cited_in for hit in hits]
        assert cited == sorted(cited, reverse=True) and cited[0] > cited[-1]
    assert catalogue.find("2017", 1)[0].paper.key == "arXiv:1706.03762"
    assert catalogue.find("1955") == []


def test_no_more_than_asked_and_the_fewer_are_the_best_of_the_more() -> None:
    keys = [hit.paper.key for hit in EMBEDDED.find("language models", 8)]
    assert len(keys) == len(set(keys)) == 8
    assert [hit.paper.key for hit in EMBEDDED.find("language models", 1)] == keys[:1]


@pytest.mark.parametrize("asked", ["x" * 1_000_000, "ab " * 300_000, "é" * 100_000, "量子" * 100_000])
def test_of_what_is_too_long_only_the_beginning_counts(asked: str) -> None:
    assert EMBEDDED.find(asked, 3) == EMBEDDED.find(asked[:LONGEST], 3)


@settings(max_examples=60, deadline=None)
@example(words=["²", "2017"])
@given(
    st.lists(
        st.one_of(
            st.sampled_from(["qlora", "2017", "vaswani", "model", "微调", "et al.", "llama", "$x$", "the"]),
            st.text(string.printable, max_size=12),
            st.text(max_size=6),
        ),
        max_size=6,
    )
)
def test_whatever_is_asked_has_an_answer(small: Catalogue, words: list[str]) -> None:
    asked = " ".join(words)
    found = find_papers(asked, small, 3)
    assert len(found) <= 3 and all(0 <= hit.share <= 1 and hit.why for hit in found)
    assert found == find_papers(asked, small, 3)
