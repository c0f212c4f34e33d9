"""The structure of plain text and Markdown: headings, items, navigation, references."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.documents.blocks import MOST_LINES, find_blocks
from tracker.models import Block, BlockKind

PROSE = "We compare several ways of fine-tuning open language models, and say what each of them costs."
ZH_PROSE = "这一节先回顾论文的动机,再说明它和以前的方法相比,究竟省下了多少显存。"


def outline(text: str) -> list[tuple[str, str]]:
    """The blocks as (kind, words)."""
    return [(block.kind.value, text[block.start : block.end].strip()) for block in find_blocks(text)]


def headings(text: str) -> list[tuple[int, int | None, str]]:
    """The headings as (level, number, words)."""
    return [
        (block.level, block.number, text[block.start : block.end].strip())
        for block in find_blocks(text)
        if block.kind is BlockKind.HEADING
    ]


def navigation(text: str) -> list[str]:
    """The lines that are navigation."""
    return [
        line.strip()
        for kind, words in outline(text)
        if kind == "navigation"
        for line in words.split("\n")
        if line.strip()
    ]


@pytest.mark.parametrize("text", ["", "\n", " \n\t\n\u3000\n\r\n", "\n" * 1000])
def test_nothing_has_no_blocks(text: str) -> None:
    assert find_blocks(text) == ()


def test_one_line_is_a_paragraph() -> None:
    assert find_blocks("QLoRA and DPO") == (Block(kind=BlockKind.PARAGRAPH, start=0, end=13),)


def test_paragraphs_are_what_blank_lines_part() -> None:
    text = f"{PROSE}\n{PROSE}\n\n{PROSE}"
    assert outline(text) == [("paragraph", f"{PROSE}\n{PROSE}"), ("paragraph", PROSE)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Notes", [(1, None, "# Notes")]),
        ("# Notes\n## Results ##\n", [(1, None, "# Notes"), (2, None, "## Results ##")]),
        ("## 3) QLoRA: 高效微调", [(2, 3, "## 3) QLoRA: 高效微调")]),
        ("## 第三章 对齐", [(2, 3, "## 第三章 对齐")]),
        ("### 二十一、结语", [(3, 21, "### 二十一、结语")]),
        ("## 2.3 Data", [(2, 3, "## 2.3 Data")]),
        ("## 3️⃣ Data", [(2, 3, "## 3️⃣ Data")]),
        ("## 2023 in review", [(2, None, "## 2023 in review")]),
        ("## 10 papers to read", [(2, None, "## 10 papers to read")]),
        ("## 1 Introduction\n## 2 Method", [(2, 1, "## 1 Introduction"), (2, 2, "## 2 Method")]),
        ("##标题", [(2, None, "##标题")]),
        ("#!/bin/sh", []),
        ("#hashtag", []),
        ("#大模型# #开源#", []),
        ("Notes\n=====\n\ntext\n\nMore\n----\n", [(1, None, "Notes\n====="), (2, None, "More\n----")]),
        (f"{PROSE}\n---\n{PROSE}", []),
        ("a | b\n--- | ---\n1 | 2", []),
        (f"**Method**\n\n{PROSE}", [(2, None, "**Method**")]),
        (f"**Figure 3: the model**\n\n{PROSE}", []),
        ("```\n# a comment\n```\n# Title", [(1, None, "# Title")]),
        (
            "```\n# Title after a fence that is never closed",
            [(1, None, "# Title after a fence that is never closed")],
        ),
    ],
)
def test_marked_headings(text: str, expected: list[tuple[int, int | None, str]]) -> None:
    assert headings(text) == expected


def test_numbers_that_run_through_a_plain_text_are_headings() -> None:
    text = f"""十篇值得关注的论文

{ZH_PROSE}

1) Pythia — 大规模训练运行的洞见

{ZH_PROSE}

  1. 重复的数据有没有影响?研究发现没有。
  2. 训练顺序有没有影响?研究发现没有。

2) Llama 2: 开源基础与微调聊天模型

{ZH_PROSE}

它和前一代的差别

{ZH_PROSE}

3) QLoRA: 高效微调量化大语言模型

{ZH_PROSE}
"""
    assert headings(text) == [
        (1, None, "十篇值得关注的论文"),
        (2, 1, "1) Pythia — 大规模训练运行的洞见"),
        (2, 2, "2) Llama 2: 开源基础与微调聊天模型"),
        (3, None, "它和前一代的差别"),
        (2, 3, "3) QLoRA: 高效微调量化大语言模型"),
    ]


def test_one_series_stands_inside_another() -> None:
    text = f"""会议笔记

一. 开幕式

1. 大语言模型

{ZH_PROSE}

2. 评测

{ZH_PROSE}

二. 论坛

1. 数据

{ZH_PROSE}

2. 训练

{ZH_PROSE}
"""
    assert [(level, number) for level, number, _ in headings(text)] == [
        (1, None),
        *((2, 1), (3, 1), (3, 2)),
        *((2, 2), (3, 1), (3, 2)),
    ]


def test_numbers_on_a_line_of_their_own_belong_to_the_heading_below() -> None:
    text = f"大会记录\n\n01\n\n开场\n\n{ZH_PROSE}\n\n02\n\n圆桌\n\n{ZH_PROSE}\n"
    assert headings(text) == [(1, None, "大会记录"), (2, 1, "01\n\n开场"), (2, 2, "02\n\n圆桌")]


@pytest.mark.parametrize(
    "text",
    [
        "1. first, do this\n2. then do that\n3. and stop\n",
        f"{PROSE}\n\n1. Load the data\n\n2. Train\n\n3. Evaluate\n\n{PROSE}\n",
        f"{PROSE}\n\n1. {PROSE}\n\nSo it is.\n\n2. {PROSE}\n\nAnd so on.\n",
        "1. Load\n\n   ```\n   load()\n   ```\n\n2. Train\n\n   ```\n   train()\n   ```\n",
    ],
)
def test_numbered_lists_are_no_headings(text: str) -> None:
    assert headings(text) == []
    assert [block.number for block in find_blocks(text) if block.kind is BlockKind.ITEM][:2] == [1, 2]


@pytest.mark.parametrize(
    "line",
    [
        "By Jane Doe",
        "June 3, 2023",
        "发表于 2023-06-12 14:37",
        "Figure 3: The model",
        "(translated from the English)",
        "it goes on like this",
        "https://arxiv.org/abs/2305.14314",
        "好的,我们继续",
        "祝您新年快乐!",
    ],
)
def test_short_lines_that_are_no_headings(line: str) -> None:
    text = f"# Notes\n\n{PROSE}\n\n{line}\n\n{PROSE}\n"
    assert [words for _, _, words in headings(text)] == ["# Notes"]


def test_what_a_colon_announces_is_no_heading() -> None:
    text = f"Notes\n\n{PROSE} See my other article:\n\nLarge models and their alternatives\n\n{PROSE}\n"
    assert [words for _, _, words in headings(text)] == ["Notes"]


def test_items_have_depths_and_numbers() -> None:
    text = "  • a\n    continued\n    • b\n\n    • c\n  • d\n1. e\n   - f\n10. g\n"
    blocks = find_blocks(text)
    assert all(block.kind is BlockKind.ITEM for block in blocks)
    assert [(b.level, b.number, text[b.start : b.end].split()[1]) for b in blocks] == [
        *((0, None, "a"), (1, None, "b"), (1, None, "c"), (0, None, "d")),
        *((0, 1, "e"), (1, None, "f"), (0, 10, "g")),
    ]


SITE = f"""Research Weekly
  • 首页
  • 论文
    • 语言模型
    • 视觉
  • 社区
  • Contact
Search
登录
© 2024 Research Weekly. All Rights Reserved.
Research Weekly > 论文 > 年度回顾
图一 https://arxiv.org/abs/2304.01373

年度回顾

分享

{ZH_PROSE}

{ZH_PROSE}

Voyager:会自己学习的智能体
文本分割的五个层次
分享
Email 复制链接 打印
上一篇 一张很长的图的说明,它是上一篇文章的题目,这里只是为了让这一行足够长,长到看起来像正文
发表评论

您的邮箱地址不会被公开。 必填项已用 * 标注

标签

GPT LoRA SDXL stable diffusion 教程 新闻
"""


def test_menus_and_footers_are_navigation() -> None:
    found = navigation(SITE)
    assert found[:5] == ["Research Weekly", "• 首页", "• 论文", "• 语言模型", "• 视觉"]
    assert "Research Weekly > 论文 > 年度回顾" in found
    assert found[-9:] == [
        "Voyager:会自己学习的智能体",
        "文本分割的五个层次",
        "分享",
        "Email 复制链接 打印",
        "上一篇 一张很长的图的说明,它是上一篇文章的题目,这里只是为了让这一行足够长,长到看起来像正文",
        "发表评论",
        "您的邮箱地址不会被公开。 必填项已用 * 标注",
        "标签",
        "GPT LoRA SDXL stable diffusion 教程 新闻",
    ]


def test_a_caption_with_an_id_between_menus_is_content() -> None:
    assert not any("2304.01373" in line for line in navigation(SITE))


def test_the_article_between_menus_is_content() -> None:
    assert headings(SITE) == [(1, None, "年度回顾")]
    assert outline(SITE).count(("paragraph", ZH_PROSE)) == 2


ENGLISH_SITE = f"""SubscribeSign in
Share this post
Ahead
Ten papers

A year of research
Jane Doe
Dec 30, 2023
Share

{PROSE}

{PROSE}

Share
PreviousNext
Discussion about this post
CommentsRestacks
Ready for more?
Subscribe
© 2024 Jane Doe
Privacy ∙ Terms
Start writing
"""


def test_an_english_newsletter() -> None:
    found = navigation(ENGLISH_SITE)
    assert "SubscribeSign in" in found
    assert found[-8:] == [
        "PreviousNext",
        "Discussion about this post",
        "CommentsRestacks",
        "Ready for more?",
        "Subscribe",
        "© 2024 Jane Doe",
        "Privacy ∙ Terms",
        "Start writing",
    ]
    assert not any("A year of research" in line or line == PROSE for line in found)


AWESOME = "# Awesome papers\n\n" + "".join(
    f"- Paper {i}: a title of its own\n  - [Paper]\n  - Blog\n  - Home\n" for i in range(300)
)


@pytest.mark.parametrize(
    "text",
    [
        AWESOME,
        "\n".join(f"- Paper number {i}" for i in range(300)),
        "LoRA\nQLoRA\nDPO\nMistral 7B\nSAM\nEmu\n",
        f"笔记\n\n{ZH_PROSE}\n\n相关文章:\n\n  • LoRA\n  • QLoRA\n  • DPO\n  • ORPO\n",
        f"# Notes\n\n{PROSE}\n\n## Related articles\n\n- LoRA\n- QLoRA\n- DPO\n",
        f"# Notes\n\n{PROSE}\n\n## Related work\n\n{PROSE}\n\n## Comments\n\n{PROSE}\n",
        f"# Notes\n\n{PROSE}\n\n相关推荐\n\n- 2305.14314\n- arXiv:2106.09685\n- https://doi.org/10.1/x\n\n上一篇\n",
    ],
)
def test_lists_of_papers_are_content(text: str) -> None:
    lines = {line.strip("- ") for line in navigation(text)}
    assert lines <= {"Blog", "Home", "相关推荐", "上一篇"}


def test_a_table_of_contents_repeats_the_headings() -> None:
    table = "## 目录\n\n- LoRA\n- QLoRA\n- A paper found nowhere else\n"
    text = f"# Notes\n\n{table}\n## LoRA\n\n{PROSE}\n\n## QLoRA\n\n{PROSE}\n"
    assert navigation(text) == ["## 目录", "- LoRA", "- QLoRA"]
    assert ("item", "- A paper found nowhere else") in outline(text)


def test_a_table_of_contents_on_one_line() -> None:
    text = f"笔记\n\n{ZH_PROSE}\n\n阅读目录\n1) 甲论文2) 乙论文3) 丙论文\n\n" + "".join(
        f"{i}) {name}论文\n\n{ZH_PROSE}\n\n" for i, name in enumerate("甲乙丙", 1)
    )
    assert navigation(text) == ["阅读目录", "1) 甲论文2) 乙论文3) 丙论文"]


def references(text: str) -> list[tuple[int | None, str]]:
    """The entries of bibliographies."""
    return [
        (block.number, text[block.start : block.end].strip())
        for block in find_blocks(text)
        if block.kind is BlockKind.REFERENCES
    ]


@pytest.mark.parametrize(
    "name", ["## References", "参考文献", "**References**", "6. 参考资料:", "REFERENCES\n----------"]
)
def test_references_end_at_the_next_heading(name: str) -> None:
    entries = "[1] A. Author. A title.\n    Journal, 2020.\n[2] B. Author. Another.\n"
    text = f"# Notes\n\n{PROSE}\n\n{name}\n\n{entries}\n# Appendix\n\n{PROSE}\n"
    assert references(text) == [
        (1, "[1] A. Author. A title.\n    Journal, 2020."),
        (2, "[2] B. Author. Another."),
    ]


def test_references_without_a_heading_end_the_document() -> None:
    entries = "[1] A. Author. A title. 2020.\n[2] B. Author. Another. 2021.\n[3] C. Author. A third. 2022.\n"
    assert [number for number, _ in references(f"{PROSE} [1]\n\n{entries}")] == [1, 2, 3]
    assert references(f"{entries}\n{PROSE}\n") == []


def test_a_bullet_list_of_references() -> None:
    entries = "+ CornerNet: Detecting Objects\n+ Stacked Hourglass Networks\n"
    text = f"# A\n\n## 参考资料\n\n{entries}\n## 后记\n\n{ZH_PROSE}\n"
    assert [words for _, words in references(text)] == [
        "+ CornerNet: Detecting Objects",
        "+ Stacked Hourglass Networks",
    ]


LINE = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            *(
                "",
                "",
                " ",
                "# H",
                "## 2. H",
                "===",
                "---",
                "```",
                "- item",
                "  - item",
                "1. one",
                "2) two",
                "一、甲",
            ),
            *(
                "第三章",
                "01",
                "02",
                "**b**",
                "[1] A",
                "[2] B",
                "[3] C",
                "References",
                "目录",
                "首页",
                "登录",
                "Contact",
            ),
            *(
                "相关文章",
                "上一篇",
                PROSE,
                ZH_PROSE,
                "a > b > c",
                "https://arxiv.org/abs/2305.14314",
                "\u3000缩进",
                "\f",
            ),
        ]
    ),
)


@settings(deadline=None)
@given(st.lists(LINE, max_size=60), st.sampled_from(["\n", "\r\n", "\r"]))
def test_blocks_are_ordered_apart_and_cover_every_line(lines: list[str], newline: str) -> None:
    text = newline.join(lines)
    blocks = find_blocks(text)
    assert all(first.end <= second.start for first, second in pairwise(blocks))
    covered = bytearray(len(text))
    for block in blocks:
        assert 0 <= block.start < block.end <= len(text)
        assert text[block.start : block.end].strip()
        covered[block.start : block.end] = b"\1" * (block.end - block.start)
    separator = "\n" if "\n" in text or "\r" not in text else "\r"
    start = 0
    for line in text.split(separator):
        end = start + len(line.rstrip())
        if line.strip():
            assert covered[end - 1] and covered[end - len(line.strip())]
        start += len(line) + 1


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_a_structure(text: str) -> None:
    for block in find_blocks(text):
        assert (block.level > 0) == (block.kind is BlockKind.HEADING) or block.kind is BlockKind.ITEM


@pytest.mark.parametrize(
    "text",
    [
        "a, b. " * 200_000,
        "\n" * 1_000_000,
        "x\n\n" * (MOST_LINES + 1),
        "_" * 500_000,
        "第" + "一" * 500_000,
        "```\n" * 20_000,
        "contents\n- a\n" * 10_000,
        "1) a\n\nb\n\n" * 5_000,
        ("登录注册分享" * 12 + "x\n") * 2_000,
        "References\n\n" + "[1] a\n" * 20_000,
        " " * 500_000 + "x",
    ],
    ids=range(11),
)
def test_hostile_texts_are_answered(text: str) -> None:
    assert bool(find_blocks(text)) == bool(text.strip())
