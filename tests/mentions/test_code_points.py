"""What is looked for one code point at a time is what patterns find."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from tracker.identifiers import fold_width
from tracker.mentions.code_points import code_points, numbers_of_digits, with_folded_width

texts = st.lists(st.sampled_from([*"ａＺ０９，。：／．％＝～ 中a07\n🙂", "ａｒＸｉｖ：", "1234567"])).map(
    "".join
)


@given(st.text() | texts)
def test_code_points_are_those_of_the_text(text: str) -> None:
    assert code_points(text).tolist() == list(map(ord, text))


@given(texts)
def test_width_is_folded_as_in_short_texts(text: str) -> None:
    assert with_folded_width(text) == fold_width(text)


@given(texts)
def test_numbers_are_those_that_a_pattern_finds(text: str) -> None:
    for count in (1, 7):
        pattern = re.compile(rf"(?<![0-9])[0-9]{{{count}}}(?![0-9])")
        assert numbers_of_digits(text, count) == [found.start() for found in pattern.finditer(text)]
