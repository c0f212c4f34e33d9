"""Titles that are nearly those of papers, linked with the embedded catalogue and the weights that ship."""

from __future__ import annotations

import pytest

from tests.linking.reading import links_of
from tracker.models import NEAR_TITLE, Link


def near_links(text: str) -> list[Link]:
    """The links of what is nearly a title."""
    return [one for one in links_of(text) if one.mention.support == NEAR_TITLE]


def papers(text: str) -> list[str]:
    """What a text is linked to."""
    links = links_of(text)
    return [str(one.paper) for one in links if one.paper]


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        ("《模仿专有大语言模型的虚假承诺》", "arXiv:2305.15717"),
        ("- 直接偏好优化:你的语言模型实际上是一种奖励模型\n", "arXiv:2305.18290"),
        ("- 直接偏好優化:你的語言模型實際上是一種獎勵模型\n", "arXiv:2305.18290"),
        ("- GShard:利用条件计算和自动分片扩展巨型模型 (2020)\n", "arXiv:2006.16668"),
        ("论文“ConvNets 在规模上匹配视觉 Transformers”指出", "arXiv:2310.16764"),
        ("- Textbooks Are All You Need II: phi-1.5 技术报告\n", "arXiv:2309.05463"),
        (
            "* Direct Preference Optimisation: Your Langauge Model is Secretly a Reward Model\n",
            "arXiv:2305.18290",
        ),
        ('1. "Retrieval Augmented Generation for Knowledge Intensive NLP Task"\n', "arXiv:2005.11401"),
    ],
)
def test_linked(text: str, paper: str) -> None:
    assert set(papers(text)) == {paper}


@pytest.mark.parametrize(
    "text",
    [
        "## 安装和使用\n",
        "- 大语言模型\n- 强化学习\n- 多模态\n- 世界模型\n",
        "- 如何安装依赖并运行测试\n- 查看全部 29 个回答\n",
        "- 第三章 数据预处理与特征工程\n",
        "### How to Install and Run the Code\n",
        "- Large Language Model Training Tips\n",
    ],
)
def test_headings_and_phrases_of_the_field_are_no_papers(text: str) -> None:
    assert papers(text) == []


def test_another_number_speaks_against_a_title() -> None:
    """A title with another version's number is hardly that of this paper."""
    right = near_links("- Llama 2: 开源基础与微调聊天模型\n")[0]
    other = near_links("- Llama 7: 开源基础与微调聊天模型\n")
    assert right.confidence > 0.9
    assert all(one.confidence < right.confidence for one in other)


def test_the_evidence_says_that_it_is_a_translation() -> None:
    found = near_links("- QLoRA: 高效微调量化大语言模型 (2023)\n")[0]
    said = " ".join(evidence.detail for evidence in found.evidence)
    assert "translation of the title" in said
    assert "begins with the paper's name" in said
    assert "year stands behind" in said
