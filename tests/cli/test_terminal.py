"""Tables, widths, and what is kept from the terminal."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.cli.terminal import escaped, fit, printable, table, width_of


@given(st.text())
def test_printable_text_is_one_line_without_control_characters(text: str) -> None:
    shown = printable(text)
    assert not any(c in shown for c in "\n\r\x1b\x9b\x00\u202e\u2028")
    assert printable(shown) == shown


@given(st.text())
def test_escaped_json_is_the_same_data(text: str) -> None:
    line = escaped(json.dumps(text, ensure_ascii=False))
    assert json.loads(line) == text and printable(line) == line


@given(st.text(st.characters(categories=["L", "N", "P"])), st.integers(1, 40))
def test_fitted_text_has_the_width(text: str, width: int) -> None:
    assert width_of(fit(text, width)) == width


def test_columns_are_aligned_for_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    lines = table([("a", "标题标题标题标题标题标题标题标题标题标题", "1"), ("bb", "short", "22")], stretch=1)
    starts = [width_of(line[: line.index(end)]) for line, end in zip(lines, ("1", "22"), strict=True)]
    assert starts[0] == starts[1] and max(map(width_of, lines)) <= 40


def test_nothing_is_cut_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    assert table([("a", "x" * 300)], stretch=1) == ["a  " + "x" * 300]
    assert table([], stretch=0) == []
