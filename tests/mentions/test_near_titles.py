from __future__ import annotations

import pytest

from tracker.catalogue import Catalogue
from tracker.documents.text import TextReader
from tracker.mentions import find_mentions
from tracker.mentions.near_titles import find_near_titles
from tracker.models import NEAR_TITLE, MentionKind


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The embedded one: how rare a word is among many titles decides what is nearly one."""
    return Catalogue.open()


def found(text: str, catalogue: Catalogue) -> dict[str, str]:
    """What is nearly a title, and the likeliest paper."""
    return {
        text[near.start : near.end]: str(catalogue.records.key(near.rows[0]))
        for near in find_near_titles(text, (), catalogue)
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "今天天气很好",
        "我们可以看到模型的效果如下",
        "- 安装和使用说明",
        "def segment_anything(model)",
        "A sentence about language models. Another about rewards.",
        "we read the false promise of imitating",
    ],
)
def test_no_title(text: str, catalogue: Catalogue) -> None:
    assert found(text, catalogue) == {}


@pytest.mark.parametrize(
    ("written", "paper"),
    [
        ("模仿专有大语言模型的虚假承诺", "arXiv:2305.15717"),
        ("模仿專有大語言模型的虛假承諾", "arXiv:2305.15717"),
        ("直接偏好优化:你的语言模型实际上也是一种奖励模型", "arXiv:2305.18290"),
        ("缩小规模以放大效果:参数高效微调指南", "arXiv:2303.15647"),
        ("中途迷失：大型语言模型处理长篇上下文的方式", "arXiv:2307.03172"),
        ("Textbooks Are All You Need II: phi-1.5 技术报告", "arXiv:2309.05463"),
        ("Emu Video: 通过显式图像条件分解文本到视频的生成过程", "arXiv:2311.10709"),
    ],
)
@pytest.mark.parametrize("around", [("- ", ""), ("《", "》"), ("论文“", "”提出"), ("1) ", "2) 其他")])
def test_translated_titles(written: str, paper: str, around: tuple[str, str], catalogue: Catalogue) -> None:
    assert found(f"{around[0]}{written}{around[1]}", catalogue).get(written) == paper


@pytest.mark.parametrize(
    "written",
    [
        "Direct Preference Optimisation: Your Langauge Model is Secretly a Reward Model",
        "Direct Preference Optimization: Your Language Model Is Secretely a Reward Modell",
        "Direct Preference Optimization – Your Language Model is a Reward Model",
        "Direct Preference 0ptimization: Your Language Mode1 is Secretly a Reward Model",
    ],
)
def test_misspelt_titles(written: str, catalogue: Catalogue) -> None:
    assert found(f"- {written}\n", catalogue) == {written: "arXiv:2305.18290"}


def test_a_piece_that_says_what_it_is_stays_that(catalogue: Catalogue) -> None:
    text = "- 模仿专有大语言模型的虚假承诺 arXiv:2305.15717\n- Segment Anything\n"
    mentions = find_mentions(TextReader().read("a.txt", text.encode()), catalogue)
    near = [mention for mention in mentions if mention.support == NEAR_TITLE]
    assert [mention.kind for mention in mentions if mention not in near] == [
        MentionKind.ID,
        MentionKind.TITLE,
    ]
    assert all("arXiv" not in mention.surface for mention in near)


def test_an_unlikely_title_leaves_the_names_in_it(catalogue: Catalogue) -> None:
    """The piece is nearer to no title than its name is to its paper."""
    text = "- QLoRA 与 Mistral 的区别\n"
    mentions = find_mentions(TextReader().read("a.txt", text.encode()), catalogue)
    assert [mention.surface for mention in mentions] == ["QLoRA", "Mistral"]


def test_of_pieces_that_overlap_one_stays(catalogue: Catalogue) -> None:
    text = "在 Emu Video: 通过显式图像条件分解文本到视频的生成过程 中介绍的系统。\n"
    assert list(found(text, catalogue)) == ["Emu Video: 通过显式图像条件分解文本到视频的生成过程"]


def test_a_piece_that_is_a_known_name_is_no_longer_title(catalogue: Catalogue) -> None:
    text = "- Pyramid Vision Transformer\n"
    mentions = find_mentions(TextReader().read("a.txt", text.encode()), catalogue)
    assert [mention.kind for mention in mentions] == [MentionKind.NAME]
