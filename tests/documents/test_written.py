"""The date and the language that a document has."""

from __future__ import annotations

import io
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.documents import read_documents
from tracker.documents.dates import written_date
from tracker.documents.language import language_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("no date at all", None),
        ("编程入门 行业动态 更新时间:2024-10-27 22:32:17", date(2024, 10, 27)),
        ("最近更新: 2024年7月31日 下午6:21", date(2024, 7, 31)),
        ("发布于 2023/8/6", date(2023, 8, 6)),
        ("新闻资讯   2023-06-12 14:37   96   0", date(2023, 6, 12)),
        ("Jane Doe\nJune 3, 2023\n", date(2023, 6, 3)),
        ("Posted on Dec. 30th, 2023 by Jane", date(2023, 12, 30)),
        ("3 June 2023", date(2023, 6, 3)),
        ("会议时间:2024.10.12-13", date(2024, 10, 12)),
        ("---\ntitle: Notes\ndate: 2022-01-02T03:04:05Z\n---\n\nJune 3, 2023\n", date(2022, 1, 2)),
        ("---\r\ndate: '2022-01-02'\r\n---\r\ntext", date(2022, 1, 2)),
        ("更新时间:2024-10-27\n\ntext\n\n本文发布于:2023-08-06 21:11:00", date(2023, 8, 6)),
        ("Last modified 2024-02-03\nPublished 2024-02-01", date(2024, 2, 1)),
        ("2024-02-30", None),
        ("03/06/2023", None),
        ("12024-10-27 and 2024-10-271", None),
        ("arXiv:2305.14314", None),
        ("- 2023-05-23 QLoRA\n- 2023-05-29 DPO\n", None),
        (f"{'long ' * 30} on 2023-05-23 it was", None),
        ("\n".join(["short line"] * 20) + "\n2023-05-23", None),
    ],
)
def test_the_date_that_a_text_gives_for_itself(text: str, expected: date | None) -> None:
    assert written_date(text) == expected


@settings(deadline=None)
@given(st.text())
def test_any_text_is_searched_for_a_date(text: str) -> None:
    found = written_date(text)
    assert found is None or 1900 <= found.year <= 2099


@settings(deadline=None)
@given(
    st.dates(date(1990, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%B %d, %Y", "%d %b %Y", "%Y年%m月%d日"]),
)
def test_every_day_is_found(day: date, style: str) -> None:
    assert written_date(f"Notes\n\n{day.strftime(style)}\n") == day


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "en"),
        ("123 456", "en"),
        ("QLoRA fine-tunes 65B models on one GPU", "en"),
        ("我们用 QLoRA 在一张显卡上微调大语言模型", "zh"),
        ("我們用 QLoRA 在一張顯卡上微調大語言模型", "zh"),
        (
            "Segment Anything (分割一切) introduces a promptable model and a very large dataset 数据集",
            "mixed",
        ),
        ("A long English text that names one author, 何恺明, and no more than that in Chinese at all", "en"),
        ("word " * 100_000 + "文" * 400_000, "zh"),
    ],
)
def test_the_language_is_that_of_most_words(text: str, expected: str) -> None:
    assert language_of(text) == expected


def test_the_date_is_looked_for_below_the_menus() -> None:
    menu = "首页\n论文\n登录\n注册\n社区\n热门 2020-01-01\n"
    prose = "这一篇文章回顾一年来的论文,并且说明它们为什么值得一读。" * 2
    page = f"{menu}\n年度回顾\n\n作者甲 2023-12-30\n\n{prose}\n"
    (document,), _ = read_documents(["-"], stdin=io.BytesIO(page.encode()))
    assert (document.title, document.written) == ("年度回顾", date(2023, 12, 30))
