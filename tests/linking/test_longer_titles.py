"""Titles of the catalogue that stand within the titles of other papers, which it may not have."""

from __future__ import annotations

import pytest

from tests.linking.reading import links_of

DPO, LLAMA_2, MED_PALM = "arXiv:2305.18290", "arXiv:2307.09288", "arXiv:2305.09617"


def papers(text: str) -> set[str]:
    """What the titles in a text are linked to."""
    return {str(one.paper) for one in links_of(text) if one.paper}


@pytest.mark.parametrize(
    ("alone", "paper", "longer"),
    [
        # A main title, a subtitle, and a name before the rest of another title.
        (
            "- Towards Expert-Level Medical Question Answering",
            MED_PALM,
            "- Radiology Reports with Small Models: Towards Expert-Level Medical Question Answering",
        ),
        (
            "- Open Foundation and Fine-Tuned Chat Models",
            LLAMA_2,
            "- Open Foundation and Fine-Tuned Chat Models: Weather Forecasts from Sparse Stations",
        ),
        (
            "**Synthesizer**: Rethinking Self-Attention in Transformer Models",
            "arXiv:2005.00743",
            "**Synthesizer**: Generating Weather Maps from Sparse Station Reports",
        ),
        ("- Deep Photo Style Transfer", "arXiv:1703.07511", "- Deep Photo Style Transfer for Weather Maps"),
        ("- Deep Photo Style Transfer", "arXiv:1703.07511", "- Weather Maps with Deep Photo Style Transfer"),
    ],
)
def test_what_is_a_part_of_another_title_counts_for_less(alone: str, paper: str, longer: str) -> None:
    def confidence(text: str) -> float:
        return max((one.confidence for one in links_of(text) if one.paper == paper), default=0.0)

    assert confidence(alone) > 0.4
    assert confidence(longer) < confidence(alone) * 0.99


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        ("- Direct Preference Optimization: Your Language Model is Secretly a Reward Model", DPO),
        (
            "- Your Language Model is Secretly a Reward Model: this paper shows how to align without a reward",
            DPO,
        ),
        ("We follow Deep Photo Style Transfer for all our pictures of the weather.", "arXiv:1703.07511"),
        ("Notes on DPO paper: Your Language Model is Secretly a Reward Model", DPO),
        ("Llama 2: Open Foundation and Fine-Tuned Chat Models.", LLAMA_2),
    ],
)
def test_sentences_about_a_paper_are_no_titles(text: str, paper: str) -> None:
    assert paper in papers(text)
