"""What a surface denotes is decided once, and found the same whatever was looked through before."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.catalogue.small import NAMES, PAPERS, open_built
from tracker.catalogue import Catalogue, Span, Spans
from tracker.catalogue.spelled import Named
from tracker.mentions import surfaces
from tracker.mentions.names import FoundName, find_names
from tracker.mentions.surfaces import Found, denoted_by
from tracker.mentions.titles import find_titles


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return open_built(tmp_path_factory.mktemp("surfaces"), PAPERS, NAMES).path


@pytest.fixture(scope="module")
def worn(path: Path) -> Catalogue:
    """A catalogue with which many texts are looked through."""
    return Catalogue.open(path)


def spans_of(text: str) -> Spans:
    starts = np.arange(len(text))
    columns = np.stack((starts, starts + 1, starts, starts + 1))
    return Spans(columns, np.ones(len(text), np.int64), np.zeros((5, len(text)), np.uint16))


def test_each_surface_is_decided_once() -> None:
    asked: list[tuple[str, Span]] = []

    def decide(surfaces: list[str], spans: Spans) -> list[str]:
        asked.extend(zip(surfaces, spans, strict=True))
        return [surface.upper() for surface in surfaces]

    known: dict[str, str] = {}
    text = "abcab"
    spans = spans_of(text)
    assert denoted_by([], spans, np.arange(0), known, decide) == []
    assert denoted_by(["b", "c", "a", "b"], spans, np.arange(1, 5), known, decide) == ["B", "C", "A", "B"]
    assert denoted_by(list(text), spans, np.arange(5), known, decide) == list("ABCAB")
    assert sorted(surface for surface, _ in asked) == ["a", "b", "c"]
    assert all(text[span.start : span.end] == surface for surface, span in asked)


ONE = Named((7,), (2,))


def test_what_is_found_is_a_sequence_kept_as_columns() -> None:
    found = Found(FoundName._make, [1, 4, 9], [3, 6, 12], [ONE, ONE, ONE])
    objects = [FoundName(1, 3, ONE), FoundName(4, 6, ONE), FoundName(9, 12, ONE)]
    assert list(found) == objects == found
    assert found != objects[:2]
    assert found[1] == objects[1]
    assert found[-1] == objects[-1]
    assert found[1:] == objects[1:]
    assert found.where([True, "", (5,)]) == [objects[0], objects[2]]
    assert list(found.columns()) == [(1, 3, ONE), (4, 6, ONE), (9, 12, ONE)]
    assert len(found) == 3
    assert not Found(FoundName._make, [], [], [])


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surfaces, "_MOST_KEPT", 2)
    known: dict[str, str] = {}
    for text in ("abc", "d", "ef", "a"):
        assert denoted_by(
            list(text), spans_of(text), np.arange(len(text)), known, lambda unknown, _: unknown
        ) == list(text)
        assert len(known) <= 2 + len(text)
    assert known == {"a": "a"}


texts = st.lists(
    st.sampled_from(
        [
            *(name for name, _, _ in NAMES),
            *(paper["title"] for paper in PAPERS),
            *" \n.-+s,'与5",
            *("&amp;", "&#65;", "\u0301", "'s ", ". "),
        ]
    ),
    max_size=8,
).map("".join)


@settings(max_examples=60, deadline=None)
@given(texts)
def test_what_is_found_does_not_depend_on_other_texts(path: Path, worn: Catalogue, text: str) -> None:
    fresh = Catalogue.open(path)
    for changed in (text.upper(), text):
        titles, names = worn.spans(changed)
        found = find_titles(changed, titles, worn), find_names(changed, names, worn)
    assert found == (find_titles(text, titles, fresh), find_names(text, names, fresh))


@settings(max_examples=60, deadline=None)
@given(texts)
def test_a_span_spells_what_its_surface_spells_alone(worn: Catalogue, text: str) -> None:
    for span in worn.spans(text)[1]:
        surface = text[span.start : span.end]
        assert list(worn.aliases(span)) == worn.aliases_of(surface)
    for span in worn.spans(text)[0]:
        assert worn.titles(span) == worn.titles_of(text[span.start : span.end])
