"""Names that abstracts give to their papers, and what looks like one and is none."""

from __future__ import annotations

import pytest

from tracker.catalogue.abstract_names import names_in_abstract


@pytest.mark.parametrize(
    ("title", "abstract", "names"),
    [
        ("T", "", []),
        ("T", "We introduce QLoRA, an efficient approach.", ["QLoRA"]),
        ("T", "In this paper, we present our GFP-GAN that restores faces.", ["GFP-GAN"]),
        ("T", "This work introduces Llama 2, a collection.", ["Llama 2"]),
        ("T", "We release phi-1.5. It is small.", []),
        ("T", "We propose a network of many layers, called “FooNet”, for foos.", ["FooNet"]),
        ("T", "Our method, dubbed FooNet, is new.", []),
        ("T", "The authors of [1] introduce BERT, a model.", []),
        ("T", "BERT is fine-tuned. Others proposed GPT-2, which we use.", []),
        ("T", "We propose BERT adapters for all.", []),
        ("T", "We introduce LLMs, as others do.", []),
        ("T", "We present 2024, a year. We develop A, a letter.", []),
        (
            "Direct Preference Optimization: A Secret",
            "Direct Preference Optimization (DPO) is stable.",
            ["DPO"],
        ),
        ("Segment Anything", "Our Segment Anything Model (SAM) is new.", ["SAM"]),
        ("Networks", "We propose a Frozen Tensor Network (FTN) here.", ["FTN"]),
        ("Networks", "We use a Convolutional Neural Network (CNN) here.", []),
        ("On reinforcement learning", "In Reinforcement Learning (RL) agents act.", []),
        ("T", "We propose Mean Squared Errors (MSEs) here.", []),
        ("T", "It is so (ABC). (DEF) (", []),
    ],
)
def test_names(title: str, abstract: str, names: list[str]) -> None:
    assert list(names_in_abstract(title, abstract)) == names


@pytest.mark.parametrize("piece", ["we introduce ", "A (", "(ABC) ", "we call it the ", "propose A-", "a. "])
def test_a_hostile_abstract_comes_to_an_end(piece: str) -> None:
    names_in_abstract("T", piece * 5000)  # a pattern that goes back again and again would take hours
