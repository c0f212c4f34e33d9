"""How a text uses a name, how a title bears it, and what comes of both."""

from __future__ import annotations

import doctest
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tracker.linking.name_features
from tests.linking.reading import catalogue, document_of, link_at, links_of
from tracker.linking.candidates import candidates
from tracker.linking.context import Context
from tracker.linking.features import features
from tracker.linking.name_features import Borne, borne_by_title
from tracker.mentions import find_mentions


def test_examples_in_docstrings() -> None:
    assert doctest.testmod(tracker.linking.name_features).failed == 0


def uses(text: str, surface: str) -> dict[str, float]:
    """The features of the first candidate of a name."""
    document = document_of(text)
    mentions = find_mentions(document, catalogue())
    context = Context(document, mentions, catalogue())
    mention = next(one for one in mentions if one.surface == surface)
    seen = features(mention, candidates(mention, catalogue())[0], context)
    return defaultdict(float, seen)


@pytest.mark.parametrize(
    ("text", "is_called"),
    [
        ("As in the QLoRA paper, we quantize.", 1.0),
        ("The authors of QLoRA quantize.", 1.0),
        ("**QLoRA** authors say so.", 1.0),
        ("这篇论文：QLoRA 很好。", 1.0),
        ("QLoRA 的论文很好。", 1.0),
        ("QLoRA 技术报告", 1.0),
        ("We quantize with QLoRA.", 0.0),
        ("QLoRA papered over it.", 0.0),
    ],
)
def test_a_name_that_is_called_a_paper(text: str, is_called: float) -> None:
    assert uses(text, "QLoRA")["called a paper"] == is_called


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        ("- QLoRA - it quantizes\n", 1.0),
        ("  * **QLoRA**: it quantizes\n", 1.0),
        ("1. QLoRA\n", 1.0),
        ("| 7B | QLoRA | 2023 |\n", 1.0),
        ("- we use QLoRA\n", 0.0),
        ("- QLoRA quantizes\n", 0.0),
        ("QLoRA: it quantizes\n", 0.0),
    ],
)
def test_a_name_at_the_head_of_an_item(text: str, leads: float) -> None:
    assert uses(text, "QLoRA")["leads an item"] == leads


@pytest.mark.parametrize(
    ("name", "title", "borne"),
    [
        ("mamba", "Mamba: Linear-Time Sequence Modeling", Borne(True, False)),
        ("mamba2", "Mamba: Linear-Time Sequence Modeling", Borne(False, True)),
        ("mtbench", "Judging LLM-as-a-judge with MT-Bench and Chatbot Arena", Borne(True, False)),
        ("ties", "TIES-Merging: Resolving Interference", Borne(False, False)),
        ("glm", "GLM-130B: An Open Bilingual Pre-trained Model", Borne(False, False)),
        ("phi1.5", "Textbooks Are All You Need II: phi-1.5 technical report", Borne(True, False)),
        ("vit", "ViTs Need More", Borne(True, False)),
        ("sam", "Segment Anything", Borne(False, False)),
        ("x", "", Borne(False, False)),
    ],
)
def test_how_titles_bear_names(name: str, title: str, borne: Borne) -> None:
    assert borne_by_title(name, title) == borne


@given(st.text(max_size=12), st.text(max_size=60))
def test_no_title_bears_a_name_both_ways(name: str, title: str) -> None:
    borne = borne_by_title(name, title)
    assert not (borne.is_named and borne.is_otherwise)


def test_a_heading_is_not_short_for_the_longer_name_where_the_paper_called_so_is_given() -> None:
    text = (
        "EVA\n\nEVA (https://arxiv.org/abs/2211.07636) is large.\n\n"
        "EVA-CLIP (https://arxiv.org/abs/2303.15389) is larger.\n"
    )
    assert link_at(links_of(text), "EVA").paper == "arXiv:2211.07636"


@pytest.mark.parametrize(
    ("text", "against"),
    [
        ("InstructGPT (https://arxiv.org/abs/2203.02155) is tuned with PPO.", 0.0),
        ("Zephyr 7B (https://arxiv.org/abs/2310.16944) is tuned with PPO.", 0.0),
        ("It is tuned with PPO (https://arxiv.org/abs/2203.02155).", 1.0),
        ("https://arxiv.org/abs/2203.02155 is tuned with PPO.", 1.0),
    ],
)
def test_an_identifier_behind_another_name_is_not_held_against_a_name(text: str, against: float) -> None:
    document = document_of(text)
    mentions = find_mentions(document, catalogue())
    context = Context(document, mentions, catalogue())
    mention = next(one for one in mentions if one.surface == "PPO")
    seen = features(mention, candidates(mention, catalogue())[0], context)
    assert seen.get("other id beside", 0.0) == against


def test_a_name_that_leads_the_title_of_another_paper() -> None:
    """One list calls Big Bird "Longformer", the title of the other paper begins with it."""
    document = document_of("The Long Former reads long texts.")
    mention = find_mentions(document, catalogue())[0]
    borne = {one.paper.key: one.is_borne_by_rival for one in candidates(mention, catalogue())}
    assert borne == {"arXiv:2004.05150": False, "arXiv:2007.14062": True}


@pytest.mark.parametrize(
    ("text", "feature"),
    [
        ("Sophia Yang made the list.", "person"),
        ("as Paul Sophia says", "person"),
        ("the Attention Sophia of old", "word of a longer name"),
        ("The Sophia optimizer is quick.", ""),
        ("With Sophia it is quick.", ""),
    ],
)
def test_words_beside_a_plain_name(text: str, feature: str) -> None:
    document = document_of(text)
    mentions = find_mentions(document, catalogue())
    mention = next(one for one in mentions if one.surface == "Sophia")
    seen = features(mention, candidates(mention, catalogue())[0], Context(document, mentions, catalogue()))
    assert {name for name in ("person", "word of a longer name") if name in seen} == {feature} - {""}
