from __future__ import annotations

import pytest

from tracker.catalogue import Catalogue
from tracker.catalogue.glossary import glossary
from tracker.catalogue.likely import likely_among
from tracker.mentions.belief import (
    LEAST_BELIEF,
    LEAST_SCORE,
    LEAST_TOLD,
    belief,
    may_be_believed,
    rows_in_question,
)

PIECES = (
    "模仿专有大语言模型的虚假承诺",
    "直接偏好优化:你的语言模型实际上也是一种奖励模型",
    "中途迷失：大型语言模型处理长篇上下文的方式",
    "你的语言模型实际上也是一种奖励模型",
    "大语言模型",
    "数据结构",
    "介质访问控制",
    "打印帮助信息",
    "显示一个集群的控制信息",
    "该脚本文件包含可以用于作为数据库",
    "不提供对自由格式的音频流的支持",
)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The embedded one: how rare a word is among many titles decides how far it is believed."""
    return Catalogue.open()


@pytest.mark.parametrize("piece", PIECES)
def test_what_is_denied_is_believed_of_no_paper(piece: str, catalogue: Catalogue) -> None:
    """Asked for each paper by itself, the bound holds what the title says."""
    assert catalogue.words is not None
    concepts = glossary().concepts(piece)
    for one in catalogue.words.find(concepts, 40):
        likely = [*likely_among(concepts, [one.row], catalogue, catalogue.words, LEAST_SCORE)]
        is_believed = any(two.told >= LEAST_TOLD and belief(two, catalogue) >= LEAST_BELIEF for two in likely)
        assert may_be_believed(concepts, [one.row], catalogue, catalogue.words) or not is_believed


@pytest.mark.parametrize("piece", PIECES)
def test_what_is_not_in_question_may_not_be_believed(piece: str, catalogue: Catalogue) -> None:
    """The scores alone hold more for possible than the words, and say most of what these do."""
    assert catalogue.words is not None
    concepts = glossary().concepts(piece)
    ranked = catalogue.words.find(concepts, 40)
    in_question = rows_in_question(concepts, ranked, catalogue, catalogue.words)
    for one in ranked:
        is_denied = not may_be_believed(concepts, [one.row], catalogue, catalogue.words)
        assert is_denied or one.row in in_question
    assert len(in_question) < len(ranked)


def test_titles_may_be_believed_and_talk_may_not(catalogue: Catalogue) -> None:
    assert catalogue.words is not None
    for piece, may_be in ((PIECES[0], True), (PIECES[1], True), ("不提供对自由格式的音频流的支持", False)):
        concepts = glossary().concepts(piece)
        rows = [one.row for one in catalogue.words.find(concepts, 7)]
        assert may_be_believed(concepts, rows, catalogue, catalogue.words) is may_be
    assert not may_be_believed([], [], catalogue, catalogue.words)
