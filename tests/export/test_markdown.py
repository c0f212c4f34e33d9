from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup
from pydantic import TypeAdapter

from tracker.errors import InputError
from tracker.export import EXPORTERS, export
from tracker.export.markdown import escape_markdown
from tracker.models import Entry, Paper, Place, ReadingList, Topic

GOLDEN = Path(__file__).parents[1] / "golden"
HINT = (
    "after a wanted change of the templates, run tests/golden/make_reading_list.py and look at the difference"
)


def golden(name: str) -> tuple[ReadingList, ...]:
    return TypeAdapter(tuple[ReadingList, ...]).validate_json((GOLDEN / name).read_bytes())


def one_list(title: str = "A Title", reason: str = "A reason.", **facts: object) -> ReadingList:
    paper = Paper.model_validate({"key": "arXiv:2305.14314", "title": title, **facts})
    place = Place(document="notes.md", line=3, surface="Name")
    entry = Entry(
        paper=paper, reason=reason, places=(place,), mentions=1, salience=0.5, confidence=0.99, rank=1
    )
    return ReadingList(topic=Topic(id="t", name_en="Topic", name_zh="主题"), entries=(entry,))


@pytest.mark.parametrize(
    ("source", "page", "language"),
    [("reading-list.json", "reading-list.md", "en"), ("reading-list.zh.json", "reading-list.zh.md", "zh")],
)
def test_the_golden_page(source: str, page: str, language: str) -> None:
    assert export(golden(source), "md", language=language) == (GOLDEN / page).read_text(encoding="utf-8"), (
        HINT
    )


def test_a_single_list_needs_no_index() -> None:
    page = export([one_list()], "md")
    assert "Reading order" not in page
    assert "1 paper on 1 topic. From notes.md." in page


def test_no_lists() -> None:
    assert export([], "md") == "# Reading list\n\nNo papers were found.\n"
    assert export([], "md", language="zh", title="我的") == "# 我的\n\n没有找到论文。\n"


def test_what_is_not_known_is_said() -> None:
    page = export([one_list(title="")], "md")
    assert "[arXiv:2305.14314 (title not known yet)](https://arxiv.org/abs/2305.14314)" in page
    assert "authors not known yet, 2023" in page


def test_a_withdrawn_paper_is_marked() -> None:
    assert "(withdrawn)" in export([one_list(is_withdrawn=True)], "md")


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        (
            "QLoRA: Efficient Finetuning (2023), 1.5 bits & more!",
            "QLoRA: Efficient Finetuning (2023), 1.5 bits & more!",
        ),
        ("中文：标题", "中文：标题"),
        ("*a* _b_ `c` ~d~", r"\*a\* \_b\_ \`c\` \~d\~"),
        ("[a](http://x)", r"\[a\](http\://x)"),
        ("<b>&lt;&#60;", r"\<b\>\&lt;\&#60;"),
        ("www.x.y and WWW.x.y", r"www\.x.y and WWW\.x.y"),
        ("# a", r"\# a"),
        ("- a", r"\- a"),
        ("12. a", r"12\. a"),
        ("1) a", r"1\) a"),
        ("a | b", r"a \| b"),
        ("a\n# b\r\n\t- c", "a # b - c"),
        ("{{ x }} $y$", r"\{\{ x \}\} \$y\$"),
        ("a\\", r"a" + "\\\\"),
        ("me@example.org", "me＠example.org"),
        ("", ""),
    ],
)
def test_escape(text: str, escaped: str) -> None:
    assert escape_markdown(text) == escaped


def test_markup_and_numbers_pass() -> None:
    assert escape_markdown(Markup("**a**")) == "**a**"
    assert escape_markdown(3) == "3"


@given(st.text())
def test_escaped_text_is_one_line_and_reads_the_same(text: str) -> None:
    escaped = escape_markdown(text)
    assert "\n" not in escaped
    assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", escaped) == " ".join(text.split()).replace("@", "＠")
    assert not re.search(r"(?<!\\)[*_\[\]<>|`{}$]", escaped.replace(r"\\", ""))


@settings(max_examples=30)
@given(st.text(max_size=40), st.text(max_size=40))
def test_hostile_words_do_not_change_the_layout(title: str, name: str) -> None:
    facts = {"authors": (name,), "venue": name, "authors_complete": True}
    page = export([one_list(title=f"T{title}", reason=f"R{name}", **facts)], "md")
    shape = [re.match(r"\s*(#+ |- |\d+\. |)", line)[0] for line in page.split("\n")]  # type: ignore[index]
    plain = export([one_list(title="T", reason="R", authors=("N",), venue="V")], "md")
    assert shape == [re.match(r"\s*(#+ |- |\d+\. |)", line)[0] for line in plain.split("\n")]  # type: ignore[index]


def test_terminal_sequences_are_stripped() -> None:
    page = export([one_list(title="A \x1b[31mred\x1b[0m\u202e title\x07", reason="a\x9bb\x00")], "md")
    assert "A \\[31mred\\[0m title" in page
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", page)


def test_an_unknown_format_is_told() -> None:
    with pytest.raises(InputError, match="there is no format 'pdf'; choose from html, md"):
        export([], "pdf")


def test_every_exporter_ends_its_text_with_one_line_break() -> None:
    for name, exporter in EXPORTERS.items():
        assert exporter.suffix.startswith(".")
        text = export(golden("reading-list.json"), name)
        assert text.endswith("\n")
        assert not text.endswith("\n\n")
        assert text == export(golden("reading-list.json"), name)
