"""Titles of entries against those of records, and the years that a citation may give."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.checking.titles import Relation, relation
from tracker.checking.years import is_future, years_of_preprint, years_of_publication
from tracker.identifiers import PaperKey
from tracker.models import Paper

TITLE = "DeepDune: Learning to Sort Pebbles by Weight"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (TITLE, Relation.SAME),
        ("{DeepDune}: learning to sort pebbles by weight.", Relation.SAME),
        ("Deep-Dune -- Learning To Sort Pebbles By Weight", Relation.SAME),
        (f"{TITLE} (Extended Abstract)", Relation.SAME),
        ("DeepDune", Relation.MAIN),
        ("DeepDune: Learning to Sort Pebbles", Relation.BEGINNING),
        ("DeepDune: Learning to Sort Stones by Weight", Relation.NEAR),
        ("Learning to Paint Dunes", Relation.OTHER),
        ("", Relation.OTHER),
    ],
)
def test_ways_of_writing_a_title(written: str, expected: Relation) -> None:
    assert relation(written, TITLE) is expected


def test_a_successor_is_another_paper() -> None:
    assert relation("CrossDune: A Study of Waves", "CrossDune++: A Study of Waves") is Relation.NEAR
    assert relation("Dunes &amp; Waves", r"Dunes \& Waves") is Relation.SAME
    assert relation("Modelling behaviour, optimised", "Modeling Behavior, Optimized") is Relation.SAME


@given(st.text(max_size=100))
def test_a_title_is_that_of_itself(text: str) -> None:
    assert relation(text, text) in {Relation.SAME, Relation.OTHER}


def paper(day: date) -> Paper:
    return Paper(key=PaperKey(f"arXiv:{day:%y%m}.00001"), title=TITLE, published=day)


def allowed(day: date, *, published: int | None = None, is_journal: bool = False) -> list[int]:
    years = years_of_publication(paper(day), published, is_journal=is_journal)
    assert years
    return [year for year in range(2010, 2035) if years.allow(year)]


def test_years_of_a_publication() -> None:
    assert allowed(date(2021, 10, 1)) == [2021, 2022, 2023]
    assert allowed(date(2021, 2, 1)) == [2020, 2021, 2022, 2023]
    assert allowed(date(2021, 10, 1), is_journal=True) == [2021, 2022, 2023, 2024, 2025]
    assert allowed(date(2021, 10, 1), published=2022) == [2022]
    assert allowed(date(2021, 10, 1), published=2022, is_journal=True) == [2021, 2022, 2023]


def test_years_of_a_preprint() -> None:
    years = [years_of_preprint(paper(day)) for day in (date(2021, 10, 1), date(2021, 12, 28))]
    assert [[year for year in range(2019, 2025) if one and one.allow(year)] for one in years] == [
        [2021],
        [2021, 2022],
    ]
    assert years_of_preprint(Paper(key=PaperKey("doi:10.1000/x"), title=TITLE)) is None


def test_years_to_come() -> None:
    today = date(2026, 3, 1)
    assert [is_future(year, today) for year in (2026, 2027, 2028)] == [False, False, True]
    assert is_future(2027, today, is_preprint=True)
