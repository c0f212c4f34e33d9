"""Which names a document teaches, and where learned names are found."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.catalogue import Catalogue
from tracker.identifiers import PaperKey
from tracker.mentions import find_mentions, names_taught
from tracker.mentions.defined import is_name
from tracker.mentions.learned import find_learned
from tracker.models import Document

NEW = "arXiv:2406.01234"
"""A paper that the catalogue does not have."""


@cache
def catalogue() -> Catalogue:
    return Catalogue.open()


def taught_by(text: str) -> list[tuple[str, PaperKey]]:
    mentions = find_mentions(Document(name="notes.md", text=text), catalogue())
    return [(name, key) for name, key in names_taught(text, mentions, catalogue())]


@pytest.mark.parametrize(
    "text",
    [
        "We tried ZetaFormer (arXiv:2406.01234) and liked it.",
        "[ZetaFormer](https://arxiv.org/abs/2406.01234) is new.",
        "- **ZetaFormer**: https://arxiv.org/abs/2406.01234",
        "与ZetaFormer（arXiv：2406.01234）相比，它更快。",
        "ZetaFormer（论文：https://arxiv.org/abs/2406.01234）",
        "ZetaFormer (arXiv:2406.01234) and again ZetaFormer (arXiv:2406.01234v2).",
    ],
)
def test_a_name_before_an_identifier_is_taught(text: str) -> None:
    assert taught_by(text) == [("ZetaFormer", NEW)]


@pytest.mark.parametrize(
    "text",
    [
        # the ends of titles
        "Training Vision Transformers from Scratch on ZetaNet (arXiv:2406.01234)",
        "[Efficient Training of Large Models Using ZetaNet](https://arxiv.org/abs/2406.01234)",
        "Pythia: A Suite for Analyzing Large Language Models Across Training and Scaling (arXiv:2304.01373)",
        # labels, venues, dates, kinds of things
        "[PDF](https://arxiv.org/abs/2406.01234) [GitHub](https://arxiv.org/abs/2406.01234)",
        "Read it on [OpenReview](https://arxiv.org/abs/2406.01234)",
        "It was at NeurIPS (arXiv:2406.01234).",
        "CVPR 2024 (arXiv:2406.01234)",
        "Posted in May-24 (arXiv:2406.01234)",
        "This one is about LLMs (arXiv:2406.01234)",
        "It does Fine-Tuning (arXiv:2406.01234)",
        # what the catalogue knows for this paper, and one name for two papers
        "QLoRA (arXiv:2305.14314)",
        "ZetaFormer (arXiv:2406.01234), then ZetaFormer (arXiv:2406.04321)",
        # nothing
        "ZetaFormer is slow.",
        "",
    ],
)
def test_what_teaches_nothing(text: str) -> None:
    assert taught_by(text) == []


def test_a_name_in_brackets_behind_a_title_is_taught() -> None:
    text = "Textbooks Are All You Need (ZetaBook) was a surprise."
    assert taught_by(text) == [("ZetaBook", "arXiv:2306.11644")]
    assert not taught_by("Textbooks Are All You Need (2023) was a surprise.")


def test_what_is_short_for_a_term_of_the_field_is_not_taught() -> None:
    text = "Reinforcement Learning from Human Feedback (RLXF) is used by all."
    assert not taught_by(text)


@pytest.mark.parametrize(
    ("word", "is_one"),
    [
        ("ZetaFormer", True),
        ("zetaFormer", True),
        ("Zeta-7", True),
        ("Q-Former", True),
        ("Fine-Tuning", False),
        ("State-of-the-Art", False),
        ("LLMs", False),
        ("Hello", False),
        ("ab", False),
        ("", False),
    ],
)
def test_the_shape_of_a_name(word: str, is_one: bool) -> None:
    assert is_name(word) is is_one


def test_learned_names_are_found_where_they_stand_as_words() -> None:
    text = "ZetaFormer, myZetaFormer; ZetaFormer-2 and ZetaFormer XL, 与ZetaFormer相比."
    found = [text[start:end] for start, end in find_learned(text, ["ZetaFormer", "ZetaFormer XL", "Other"])]
    assert found == ["ZetaFormer", "ZetaFormer XL", "ZetaFormer"]
    assert find_learned(text, []) == []


@given(st.text(max_size=80), st.lists(st.from_regex(r"[A-Z][a-z]{1,4}[A-Z0-9][a-z]{0,3}", fullmatch=True)))
def test_learned_names_are_spans_of_the_text_in_order(text: str, names: list[str]) -> None:
    for whole in (text, " ".join([text, *names])):
        found = find_learned(whole, names)
        assert all(whole[start:end] in names for start, end in found)
        assert found == sorted(found) and all(one[1] <= other[0] for one, other in pairwise(found))
