"""How names sound: what recognisers confuse is near, what they do not is far."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.catalogue.phonetics import as_written, closeness, foreign_in_chinese, heard, letters_of
from tracker.catalogue.sound_index import SoundIndex

NAMES = ("MiniCPM", "MiniCPM-V", "Mamba-2", "Mamba", "Phi-3", "Sophia", "CLIP", "MH-Parser", "GPT-3", "BERT")


@pytest.mark.parametrize(
    ("surface", "name"),
    [
        ("mini c p n", "MiniCPM"),
        ("mini CPU杠V", "MiniCPM-V"),
        ("曼巴two", "Mamba-2"),
        ("曼巴2", "Mamba-2"),
        ("FI3", "Phi-3"),
        ("索菲亚", "Sophia"),
        ("克里普", "CLIP"),
        ("m h passer", "MH-Parser"),
    ],
)
def test_the_nearest_name(surface: str, name: str) -> None:
    index = SoundIndex(NAMES)
    near = sorted(index.near(surface), key=lambda one: one[1].sounds + one[1].letters)
    assert near[0][0] == name


def test_what_is_said_for_signs_is_written() -> None:
    assert as_written("mini CPU槓V") == "mini CPU-V"
    assert as_written("two towers") == "two towers"
    assert letters_of("曼巴two") == "曼巴2"
    assert heard("曼巴two") == ("manba2",)


def test_names_by_their_last_part() -> None:
    index = SoundIndex(["CogAgent", "AgentBench", "Agent"], ["Web Agent"])
    assert index.ending("agent") == ["CogAgent"]
    assert index.ending("net") == []


def test_words_of_the_field_are_told() -> None:
    index = SoundIndex(["CLIP"], ["OpenAI"])
    assert index.is_word("open ai")
    assert not index.is_word("clip")


@given(st.text(max_size=20), st.text(max_size=20))
def test_closeness_is_a_part(surface: str, name: str) -> None:
    assert all(0 <= value <= 1 for value in closeness(surface, name))


@given(st.text(alphabet="曼巴克里普索菲亚的是基本", max_size=12))
def test_foreign_names_lie_in_the_text(text: str) -> None:
    for start, end in foreign_in_chinese(text):
        assert 0 <= start < end <= len(text)
        assert end - start >= 2
