from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.reading.terms import Term, TermIndex, strength_of, tokens_of


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", ()),
        ("Mixture-of-Experts", ("mixture", "of", "expert")),
        ("LLaMA 13B", ("llama", "13b")),
        ("phi-1.5 technical report", ("phi", "1.5", "technical", "report")),
        ("loss bias corpus analysis", ("loss", "bias", "corpus", "analysis")),
        ("高效微调QLoRA", ("高", "效", "微", "调", "qlora")),
        ("\x00 *!? \u202e", ()),
    ],
)
def test_tokens(text: str, tokens: tuple[str, ...]) -> None:
    assert tokens_of(text) == tokens


@given(st.text())
def test_tokens_are_the_same_for_text_that_is_already_tokens(text: str) -> None:
    tokens = tokens_of(text)
    assert all(token == token.lower() for token in tokens)
    assert tokens_of(text.upper().lower()) == tokens_of(text.upper())


def test_phrases_say_more_than_words_and_long_ones_no_more_than_the_most() -> None:
    def strength(text: str) -> float:
        return strength_of(Term(tokens_of(text)))

    assert strength("segmentation") == strength("分割") == 1
    assert strength("large language model") > strength("language model") > strength("model")
    assert strength("a b c d e f g") == strength("a b c d") == 2.5


def test_the_longest_of_overlapping_terms_counts() -> None:
    index = TermIndex(
        {"language": ["language model"], "multimodal": ["multimodal language model"], "v": ["视觉"]}
    )
    assert {topic for topics in index.find("A Multimodal Language-Model").values() for topic in topics} == {
        "multimodal"
    }
    assert index.find("a modelling language") == {}
    assert list(index.find("计算机视觉 for language models").values()) == [("v",), ("language",)]


def test_a_term_may_speak_for_several_topics() -> None:
    index = TermIndex({"a": ["graph", "Graphs"], "b": ["graph"]})
    assert index.find("Graphs") == {("graph",): ("a", "b")}


def test_no_terms() -> None:
    assert TermIndex({}).find("anything") == {}
