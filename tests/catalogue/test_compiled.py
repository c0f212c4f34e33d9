"""Machine code and numpy find the same titles and names, whatever the text and the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.catalogue.small import NAMES, PAPERS, build
from tracker.catalogue import Catalogue, compiled, index
from tracker.catalogue.container import Container
from tracker.catalogue.index import Index
from tracker.catalogue.squeeze import LIGATURES
from tracker.errors import CatalogueError

pytestmark = pytest.mark.skipif(
    compiled.PASSES is None, reason="there was no C compiler when the package was installed"
)
SAMPLES = Path(__file__).parents[2] / "lists/samples"

PIECES = [name for name, _, _ in NAMES] + [paper["title"] for paper in PAPERS]
ODD = [
    "s",
    ".",
    "3.5",
    "-",
    " ",
    "\n",
    ", ",
    "。",
    "与",
    "系",
    "體",
    "🙂",
    "𝐐",
    "\u0301",
    "\u00ad",
    "Ｑ",
    "\0",
    "\ud800",
]
ODD += ["&amp;", "&eacute;", "&#xe9;", "&", "+", "'s ", *LIGATURES]
texts = st.lists(
    st.sampled_from(PIECES)
    | st.sampled_from(PIECES).map(str.lower)
    | st.sampled_from(PIECES).map(lambda piece: piece[: len(piece) // 2])
    | st.sampled_from(ODD)
    | st.text(max_size=4),
    max_size=25,
).map("".join)

Row = tuple[int, ...]


def columns(found: Sequence[Any]) -> list[list[Row]]:
    """All that is known of titles and of names."""
    return [
        list(zip(*(c.tolist() for c in (*spans._columns, spans.sizes, *spans.around)), strict=True))
        for spans in found
    ]


@contextmanager
def by_numpy() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "PASSES", None)
        yield


def both(catalogue: Catalogue, text: str, *, is_heard: bool = False) -> tuple[list[list[Row]], ...]:
    """What machine code and numpy find."""
    own = columns(catalogue.spans(text, is_heard=is_heard))
    with by_numpy():
        return own, columns(catalogue.spans(text, is_heard=is_heard))


@settings(max_examples=400, deadline=None)
@given(texts, st.booleans())
def test_they_find_the_same_in_any_text(small: Catalogue, text: str, is_heard: bool) -> None:
    own, others = both(small, text, is_heard=is_heard)
    assert own == others


@settings(max_examples=60, deadline=None)
@given(texts, st.integers(1, 60))
def test_they_find_the_same_in_chunks(small: Catalogue, text: str, chunk: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "CHUNK", chunk)
        own, others = both(small, text)
    assert own == others


@pytest.mark.parametrize("is_heard", [False, True])
@pytest.mark.parametrize("times", [1, 40])
def test_they_find_the_same_in_the_samples(times: int, is_heard: bool) -> None:
    """With the catalogue of the package; in the long text with the tables that are made for long texts."""
    catalogue = Catalogue.open()
    text = "\n".join(path.read_text("utf-8") for path in sorted(SAMPLES.iterdir())) * times
    own, others = both(catalogue, text, is_heard=is_heard)
    assert own == others
    assert min(map(len, own)) >= 30 * times


def test_a_title_and_a_name_of_many_papers(tmp_path: Path) -> None:
    """More than are looked at one after the other."""
    papers = [{**PAPERS[0], "id": f"2401.{number:05}"} for number in range(1, 301)]
    path, _ = build(tmp_path, papers)
    catalogue = Catalogue.open(path)
    text = f"{PAPERS[0]['title']}, {PAPERS[0]['title'].partition(':')[0]}"
    own, others = both(catalogue, text)
    assert own == others
    assert [row[3] - row[2] for row in own[0]] == [300, 300]


COLUMNS = (
    "title_hash",
    "title_bits",
    "anchor12",
    "anchor12_length",
    "anchor12_bits",
    "anchor24",
    "alias_hash",
)


@settings(max_examples=150, deadline=None)
@given(
    texts,
    st.sampled_from(COLUMNS),
    st.integers(0, 2**32),
    st.sampled_from(["shuffle", "zero", "ones", "noise"]),
)
def test_damaged_columns_are_no_danger(small: Catalogue, text: str, name: str, seed: int, how: str) -> None:
    """What is found may be wrong then, and is within the text and the catalogue."""
    chance = np.random.default_rng(seed)
    container = Container(small.path)
    column = container.array(name).copy()
    worst = np.iinfo(column.dtype).max
    damage: dict[str, Callable[[], Any]] = {
        "shuffle": lambda: chance.permutation(column),
        "zero": lambda: np.zeros_like(column),
        "ones": lambda: np.full_like(column, worst),
        "noise": lambda: chance.integers(0, worst, len(column), column.dtype, endpoint=True),
    }
    container._arrays[name] = damage[how]()
    try:
        damaged = Index(container)
    except CatalogueError:
        return
    for spans in damaged.spans(text):
        for span in spans:
            assert 0 <= span.start < span.end <= len(text)
            assert (
                0
                <= span.first
                < span.last
                <= max(container.length("title_hash"), container.length("alias_hash"))
            )
