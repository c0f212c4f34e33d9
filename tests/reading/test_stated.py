from __future__ import annotations

import pytest

from tests.reading.marked import mark
from tracker.reading.stated import Standing, stated_order


def order(markup: str) -> list[str]:
    """The keys that the document puts in order, without "arXiv:"."""
    standings = stated(markup)
    keys = [key for key in standings if standings[key].is_stated]
    return sorted(keys, key=lambda key: standings[key].sort_key)


def stated(markup: str) -> dict[str, Standing]:
    document, links = mark(markup)
    return {key.removeprefix("arXiv:"): standing for key, standing in stated_order(document, links).items()}


def test_numbered_headings_put_the_papers_they_name_in_order() -> None:
    assert order(
        "## 1) [B=b]\nlike [A=a] and [A=a]\n## 2) [A=a]\nafter [B=b], [B=b], [B=b]\n## 3) [C=c]\n"
    ) == [
        "b",
        "a",
        "c",
    ]


def test_a_section_whose_heading_names_no_paper_is_about_the_one_it_names_most() -> None:
    standings = stated("## 1. First\n[A=a], [A=a], [B=b]\n## 2. Second\n[C=c] [C=c] [A=a]\n")
    assert [key for key in standings if standings[key].is_stated] == ["a", "c"]
    assert standings["b"].beside == "a"
    assert standings["b"].label == "1"


def test_a_countdown_goes_by_its_numbers() -> None:
    assert order("## 3. [C=c]\n## 2. [B=b]\n## 1. [A=a]\n") == ["a", "b", "c"]


def test_an_outline_is_no_order() -> None:
    text = "## 1. Introduction\n[A=a] [B=b]\n## 2. Method\n[C=c] [D=d]\n## 3. Results\n[E=e]\n"
    assert stated(text) == {}


def test_a_numbered_list_of_papers_is_an_order() -> None:
    standings = stated("1. [B=b], after [A=a]\n2. [A=a]\n3. [C=c]\n\n[D=d] too")
    assert order("1. [B=b], after [A=a]\n2. [A=a]\n3. [C=c]\n\n[D=d] too") == ["b", "a", "c"]
    assert standings["c"].label == "3"
    assert standings["c"].list_line == 1
    assert not standings["d"].is_stated


def test_numbered_steps_that_name_few_papers_are_no_order() -> None:
    assert stated("1. fine-tune\n2. learn a reward\n3. optimise with [PPO=ppo]\n4. repeat\n\n[A=a]") == {}


def test_numbered_arguments_that_name_papers_further_on_are_no_order() -> None:
    assert stated("1. the encoder, which is a plain [ViT=b]\n2. the prompt encoder, made from [CLIP=a]") == {}


@pytest.mark.parametrize(
    "words",
    [
        "A reading list:",
        "Please read them in this order:",
        "这里有一个推荐的阅读列表：",
        "按以下顺序阅读：",
    ],
)
def test_a_plain_list_is_an_order_where_the_words_before_it_say_so(words: str) -> None:
    assert order(f"{words}\n- [B=b]\n- [A=a]\n") == ["b", "a"]
    assert stated("Some things:\n- [B=b]\n- [A=a]\n") == {}


def test_headings_without_numbers_are_an_order_where_the_text_says_so() -> None:
    text = "# Intro\n{}\n# [B=b]\n# [A=a]\n# End\n"
    standings = stated(text.format("This is my recommended reading order."))
    assert [standings[key].label for key in ("b", "a")] == ["1", "2"]
    assert stated(text.format("Hello.")) == {}


@pytest.mark.parametrize("words", ["In no particular order.", "排名不分先后。", "以下论文不分先后"])
def test_a_document_that_denies_its_order_is_believed(words: str) -> None:
    assert stated(f"{words}\n## 1. [B=b]\n## 2. [A=a]\n") == {}


def test_saying_that_the_order_is_not_one_of_quality_denies_nothing() -> None:
    words = "这些论文的顺序是推荐的阅读顺序，并不是按照质量或影响力来排序的。"
    assert order(f"{words}\n## 1. [B=b]\n## 2. [A=a]\n") == ["b", "a"]


def test_papers_named_in_passing_or_in_menus_are_not_put_in_order() -> None:
    assert list(stated("## 1. [B=b]\n[X=x?]\n## 2. [A=a]\n[Y=y!]\n")) == ["b", "a"]
    assert stated("## 1. [B=b!]\n## 2. [A=a!]\n") == {}


def test_what_stands_before_and_after_the_sections_sorts_there() -> None:
    standings = stated("[P=p]\n## 1. [A=a]\n## 2. [B=b]\n## Afterword\n[Q=q]\n")
    assert sorted(standings, key=lambda key: standings[key].sort_key) == ["p", "a", "b", "q"]
    assert standings["p"].beside is None
    assert standings["q"].beside is None


def test_a_list_inside_a_section_keeps_its_order_there() -> None:
    text = "## 1. [A=a]\n## 2. [B=b]\nA reading list:\n- [Y=y]\n- [X=x]\n## 3. [C=c]\n"
    assert order(text) == ["a", "b", "y", "x", "c"]


def test_nothing() -> None:
    assert stated("") == {}
    assert stated("no papers") == {}
