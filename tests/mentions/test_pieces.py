from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.mentions.pieces import LONGEST, SHORTEST, title_pieces


def pieces(text: str) -> list[str]:
    return [text[piece.start : piece.end] for piece in title_pieces(text)]


@pytest.mark.parametrize("text", ["", "\n\n", "a b", "1. \n- *\n", "。；。", "()[]《》"])
def test_nothing_to_look_at(text: str) -> None:
    assert pieces(text) == []


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("- 模仿专有大语言模型的虚假承诺 (2023)", "模仿专有大语言模型的虚假承诺"),
        ("  • 稀疏门控混合专家层(2017)", "稀疏门控混合专家层"),
        ("## 3. 分割任何事物 [译]", "分割任何事物"),
        ("报告《分割任何事物》说。", "分割任何事物"),
        ("来自论文“缩小规模以放大效果:参数高效微调指南”,见下", "缩小规模以放大效果:参数高效微调指南"),
        ("洞见2) Llama 2: 开源基础与微调聊天模型3) QLoRA", "Llama 2: 开源基础与微调聊天模型"),
        ("大语言模型 (LLMs)7) 如何训练小型语言模型进行推理8) 其他", "如何训练小型语言模型进行推理"),
        ("| 2023 | 分割任何事物 | Meta |", "分割任何事物"),
        ("论文题目：分割任何事物", "分割任何事物"),
        ("**Learning to Walk** - a paper about robots", "Learning to Walk"),
        ("1. [Learning to Walk] (CVPR 2020)", "Learning to Walk"),
        ('> "Learning to Walk", CoRL 2019', "Learning to Walk"),
        ("Emu Video: 通过显式图像条件分解 是 Meta 的一个项目。", "Emu Video: 通过显式图像条件分解"),
    ],
)
def test_a_title_that_is_set_off(text: str, title: str) -> None:
    assert title in pieces(text)


def test_the_middle_of_a_sentence_is_no_piece() -> None:
    assert pieces("第一句话在这里。第二句话也在这里。第三句话") == ["第三句话"]


def test_pieces_lie_in_one_line_and_have_bounds() -> None:
    text = "- " + "long " * 100 + "\n- Learning\n  to Walk\n"
    assert pieces(text) == ["Learning", "to Walk"]


@given(st.text(alphabet='ab 大模型：:()（）《》“”"[]*_|-1.2)\n。；', max_size=80))
def test_pieces_are_stretches_of_lines_without_blank_ends(text: str) -> None:
    found = list(title_pieces(text))
    for piece in found:
        surface = text[piece.start : piece.end]
        assert SHORTEST <= len(surface) <= LONGEST
        assert "\n" not in surface
        assert surface == surface.strip()
    assert len({piece[:2] for piece in found}) == len(found)
