"""What a surface denotes is decided once, and found the same whatever was looked through before."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.catalogue.small import NAMES, PAPERS, open_built
from tracker.catalogue import Catalogue
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


def places(text: str) -> tuple[list[int], list[int]]:
    """Where each character starts and ends."""
    return list(range(len(text))), list(range(1, len(text) + 1))


def test_each_surface_is_decided_once(each_way: None) -> None:
    asked: list[tuple[str, int]] = []

    def decide(surfaces: list[str], numbers: list[int]) -> list[str]:
        asked.extend(zip(surfaces, numbers, strict=True))
        return [surface.upper() for surface in surfaces]

    known: dict[str, str] = {}
    text = "abcab与🙂"
    starts, ends = places(text)
    assert denoted_by(text, [], [], known, decide) == []
    assert denoted_by(text, starts[1:5], ends[1:5], known, decide) == ["B", "C", "A", "B"]
    assert asked == [("b", 3), ("c", 1), ("a", 2)]
    assert denoted_by(text, starts, ends, known, decide) == list("ABCAB与🙂")
    assert asked[3:] == [("与", 5), ("🙂", 6)]
    assert denoted_by(text, [0, 2], [2, 9], known, decide) == ["AB", "CAB与🙂"]


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
        assert denoted_by(text, *places(text), known, lambda unknown, _: unknown) == list(text)
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
