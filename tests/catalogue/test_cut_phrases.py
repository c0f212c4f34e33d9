"""How Chinese is cut into the phrases of the glossary."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.catalogue.glossary import LONGEST_PHRASE, UNKNOWN_COST, best_cut, glossary

COSTS = {
    "大": 5.0,
    "模": 6.0,
    "型": 6.0,
    "大模": 4.0,
    "模型": 3.0,
    "大模型": 4.5,
    "大语言模型": 4.0,
    "语言": 3.0,
}
LONGER = {phrase[:LONGEST_PHRASE] for phrase in COSTS if len(phrase) > LONGEST_PHRASE}


def all_cuts(run: str) -> Iterator[list[str]]:
    """Every way to cut a run into known phrases and single characters."""
    if not run:
        yield []
    for size in range(1, len(run) + 1):
        if size == 1 or run[:size] in COSTS:
            yield from ([run[:size], *rest] for rest in all_cuts(run[size:]))


def cost(phrases: list[str]) -> float:
    return sum(COSTS.get(phrase, UNKNOWN_COST) for phrase in phrases)


@given(st.text("大模型语言中", max_size=9))
def test_the_cheapest_of_all_cuts(run: str) -> None:
    phrases = best_cut(run, COSTS, max(map(len, COSTS)), LONGER)
    assert "".join(phrases) == run
    assert cost(phrases) == pytest.approx(min(map(cost, all_cuts(run))))


@pytest.mark.parametrize(
    ("run", "phrases"),
    [
        ("", []),
        ("模型", ["模型"]),
        ("大语言模型中", ["大语言模型", "中"]),
        ("中大模型", ["中", "大模型"]),
    ],
)
def test_cuts(run: str, phrases: list[str]) -> None:
    assert best_cut(run, COSTS, max(map(len, COSTS)), LONGER) == phrases


def test_without_longer_phrases_none_is_looked_for() -> None:
    assert best_cut("大语言模型", COSTS) == ["大", "语言", "模型"]


def test_a_text_is_cut_the_same_each_time() -> None:
    text = "大语言模型的推理加速, large language models"
    assert glossary().phrases(text) == glossary().phrases(text)
