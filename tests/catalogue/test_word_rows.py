from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.catalogue import Catalogue, word_rows
from tracker.catalogue.word_rows import WordRows


@pytest.fixture(scope="module")
def index(small: Catalogue) -> WordRows:
    return WordRows(small._container, len(small))


@pytest.mark.parametrize(
    ("few", "frequent"), [(0, 0), (10**6, 0), (0, 10**6)], ids=["halving", "marks", "bits"]
)
@given(asked=st.sets(st.integers(0, 30)))
def test_rows_hold_a_word_that_are_among_its_rows(
    asked: set[int], few: int, frequent: int, small: Catalogue, index: WordRows
) -> None:
    rows = np.array(sorted(row for row in asked if row < len(small)), dtype=np.int32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(word_rows, "FEW", few)
        patch.setattr(word_rows, "FREQUENT", frequent)
        for number in range(len(index.counts)):
            having = set(index[number].tolist())
            assert index.hold(number, rows).tolist() == [row in having for row in rows.tolist()]


def test_what_is_kept_is_bounded_and_answers_stay_the_same(
    small: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    index, numbers = WordRows(small._container, len(small)), range(4)
    rows = [index[number].tolist() for number in numbers]
    monkeypatch.setattr(word_rows, "_KEPT", 1)
    index = WordRows(small._container, len(small))
    assert [index[number].tolist() for number in (*numbers, *numbers)] == 2 * rows
    assert len(index._rows._arrays) == 1
