"""Hashes looked up in sorted arrays, and the tables that few unknown ones pass."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.catalogue.bits import (
    BitTable,
    ByteTable,
    Ordered,
    bit_table,
    each_of,
    low_half,
    spread,
    unspread,
)

hashes = st.integers(0, (1 << 64) - 1)
some = st.lists(hashes | st.sampled_from([0, 1, 7, (1 << 64) - 1]), max_size=60)


@given(some, some)
def test_a_known_hash_passes_every_table(known: list[int], asked: list[int]) -> None:
    ours, theirs = (np.array(column, dtype=np.uint64) for column in (known, [*known, *asked]))
    places, found = ByteTable(spread(ours)).likely(spread(theirs))
    assert set(range(len(known))) <= set(places.tolist())
    assert unspread(found).tolist() == theirs[places].tolist()
    bits = BitTable(bit_table(ours)).likely(theirs.astype(np.uint32))
    assert set(range(len(known))) <= set(bits.tolist())


def test_few_unknown_hashes_pass() -> None:
    numbers = np.random.default_rng(5).integers(0, 1 << 64, 40_000, dtype=np.uint64)
    known, unknown = numbers[:20_000], numbers[20_000:]
    assert len(ByteTable(spread(known)).likely(spread(unknown))[0]) < len(unknown) / 50
    assert len(BitTable(bit_table(known)).likely(unknown.astype(np.uint32))) < len(unknown) / 15


@given(some)
def test_spread_hashes_are_the_same_hashes(known: list[int]) -> None:
    numbers = np.array(known, dtype=np.uint64)
    assert unspread(spread(numbers)).tolist() == known
    assert low_half(spread(numbers)).tolist() == numbers.astype(np.uint32).tolist()


@pytest.mark.parametrize("is_asked_much", [False, True])
@given(known=some, asked=some, times=st.integers(1, 12))
def test_hashes_are_found_where_they_stand(
    is_asked_much: bool, known: list[int], asked: list[int], times: int
) -> None:
    column = np.array(sorted([*known, *known[:2] * times]), dtype=np.uint64)
    ordered = Ordered(column)
    wanted = np.array([*known, *asked], dtype=np.uint64)
    for _ in range(20 if is_asked_much else 1):
        found, first, last = ordered.look_up(wanted)
        owners, places = each_of(*ordered.ranges(wanted))
    assert found.tolist() == [number for number, one in enumerate(wanted.tolist()) if one in set(known)]
    assert first.tolist() == np.searchsorted(column, wanted[found], "left").tolist()
    assert last.tolist() == np.searchsorted(column, wanted[found], "right").tolist()
    held = set(zip(owners.tolist(), places.tolist(), strict=True))
    ranges = zip(found.tolist(), first.tolist(), last.tolist(), strict=True)
    assert held >= {(number, place) for number, begin, end in ranges for place in range(begin, end)}


def test_hashes_are_found_however_unevenly_they_are_spread() -> None:
    column = np.array([*range(70_000), 1 << 63, (1 << 64) - 1], dtype=np.uint64)
    ordered = Ordered(column)
    for _ in range(2):
        found, first, last = ordered.look_up(column)
        assert found.tolist() == first.tolist() == (last - 1).tolist() == list(range(len(column)))


@given(known=st.lists(hashes, min_size=1, max_size=60), asked=some)
def test_hashes_out_of_order_in_a_damaged_file_are_looked_up_without_an_error(
    known: list[int], asked: list[int]
) -> None:
    ordered = Ordered(np.array(known, dtype=np.uint64))
    wanted = np.array([*known, *asked], dtype=np.uint64)
    for _ in range(20):
        found, first, last = ordered.look_up(wanted)
        owners, places = each_of(*ordered.ranges(wanted))
        assert [known[place] for place in first.tolist()] == wanted[found].tolist()
        assert (last > first).all() and (last <= len(known)).all()
        assert set(owners.tolist()) <= set(range(len(wanted))) and set(places.tolist()) <= set(
            range(len(known))
        )
