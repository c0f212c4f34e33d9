from __future__ import annotations

import doctest
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tracker.catalogue.keys
from tracker.catalogue import Catalogue
from tracker.catalogue.keys import HASH_FLAG, OLD_FLAG, key_number, key_numbers, number_key
from tracker.identifiers import ARCHIVES, PaperKey, arxiv_key

quick = settings(max_examples=50, deadline=None)


def test_examples_in_docstrings() -> None:
    assert doctest.testmod(tracker.catalogue.keys).failed == 0


new_style = st.builds(
    lambda month, number: (
        f"{month:%y%m}.{number:0{4 if month.year < 2015 else 5}}"
        if month.year >= 2015 or number < 10_000
        else f"{month:%y%m}.{number % 10_000:04}"
    ),
    st.dates(date(2007, 4, 1), date(2049, 12, 31)),
    st.integers(1, 99_999),
)
old_style = st.builds(
    lambda archive, month, number: f"{archive}/{month:02}{number:05}",
    st.sampled_from(sorted(ARCHIVES)),
    st.sampled_from([*range(91, 100), *range(8)]),
    st.integers(1001, 12_999),
)


@quick
@given(new_style)
def test_a_new_style_id_and_its_number_tell_each_other(arxiv_id: str) -> None:
    key = arxiv_key(arxiv_id)
    assert number_key(key_number(key)) == key
    assert key_number(key) < OLD_FLAG


@quick
@given(new_style, new_style)
def test_new_style_ids_sort_by_date(one: str, other: str) -> None:
    if one[:4] != other[:4]:
        assert (key_number(arxiv_key(one)) < key_number(arxiv_key(other))) == (one[:4] < other[:4])


@quick
@given(old_style)
def test_an_old_style_id_has_a_number_of_its_own_kind(arxiv_id: str) -> None:
    number = key_number(arxiv_key(arxiv_id))
    assert OLD_FLAG <= number < HASH_FLAG
    assert number_key(number) is None


def test_no_two_archives_share_their_numbers() -> None:
    assert len({key_number(arxiv_key(f"{archive}/9901001")) for archive in ARCHIVES}) == len(ARCHIVES)


@pytest.mark.parametrize(
    "key", ["doi:10.1162/neco.1997.9.8.1735", "acl:2020.acl-main.1", "openreview:BZ5a1r-kVsf"]
)
def test_other_keys_are_hashed(key: str) -> None:
    assert HASH_FLAG <= key_number(PaperKey(key)) < 1 << 64
    assert number_key(key_number(PaperKey(key))) is None


def test_every_row_is_found_by_its_number(small: Catalogue) -> None:
    numbers = small.records.numbers
    every = [numbers[row] for row in range(len(numbers))]
    assert [numbers.row(number) for number in every] == list(range(len(numbers)))
    assert every == sorted(every) == key_numbers(small._container, range(len(small))).tolist()
    assert [numbers.row(number) for number in (0, 1, 2**32 - 1, 2**32, 2**64 - 1)] == [None] * 5
