"""What is looked for one code point at a time is what patterns find."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from tracker.identifiers import fold_width
from tracker.mentions.code_points import (
    Landmarks,
    begins_before,
    code_points,
    places_of,
    with_folded_width,
)

texts = st.lists(st.sampled_from([*"ａＺ０９，。：／．％＝～ 中a07\n🙂", "ａｒＸｉｖ：", "1234567"])).map(
    "".join
)


@given(st.text() | texts)
def test_code_points_are_those_of_the_text(text: str) -> None:
    assert code_points(text).tolist() == list(map(ord, text))


@given(texts)
def test_width_is_folded_as_in_short_texts(text: str) -> None:
    assert with_folded_width(text, code_points(text)) == fold_width(text)


@given(texts)
def test_a_text_with_nothing_to_fold_stays_itself(text: str) -> None:
    folded = fold_width(text)
    assert with_folded_width(folded, code_points(folded)) is folded


@given(texts)
def test_numbers_are_those_that_a_pattern_finds(text: str) -> None:
    marks = Landmarks.of(code_points(text))
    for fewest, most in ((1, 1), (7, 7), (4, None), (1, None)):
        pattern = re.compile(rf"(?<![0-9])[0-9]{{{fewest},{most or ''}}}(?![0-9])")
        begins, ends = marks.numbers(fewest, most)
        spans = list(zip(begins.tolist(), ends.tolist(), strict=True))
        assert spans == [found.span() for found in pattern.finditer(text)]


@given(st.text("w.x/与"), st.sampled_from(["", "w", "www", "x/w"]))
def test_literals_are_those_that_a_pattern_finds(text: str, literal: str) -> None:
    points = code_points(text)
    pattern = re.compile(rf"(?={re.escape(literal)}\.)")
    assert begins_before(points, places_of(points, "."), literal) == [
        found.start() for found in pattern.finditer(text)
    ]


@given(st.text() | texts | st.text("./@09:a中🙂"))
def test_landmarks_are_what_a_pattern_finds(each_way: None, text: str) -> None:
    marks = Landmarks.of(code_points(text))
    signs = ((r"\.", marks.stops), ("/", marks.slashes), ("@", marks.at_signs))
    for pattern, places in signs:
        assert places.tolist() == [found.start() for found in re.finditer(pattern, text)]
    numbers = [found.span() for found in re.finditer("[0-9]+", text)]
    assert list(zip(marks.number_begins.tolist(), marks.number_ends.tolist(), strict=True)) == numbers
