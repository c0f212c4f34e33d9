"""Who speaks: in notes of a conference and in talks the authors of papers are introduced by name."""

from __future__ import annotations

import pytest

from tracker.catalogue import Catalogue
from tracker.linking.candidates import candidates
from tracker.linking.context import Context
from tracker.linking.features import features
from tracker.linking.speaker_features import NOBODY, expansion, features_of_speakers, spells
from tracker.linking.transcript_features import transcript_features
from tracker.mentions import find_mentions
from tracker.models import Block, BlockKind, Document

NOTES = """会议笔记

候皓文 广东人工智能实验室 副研究员

迭代的框架有很多,例如 VisualRWKV 这个模型,

韩旭 清华大学

长序列处理: InfLLM 是一种方法。
"""


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.open()


def seen_for(text: str, surface: str, title: str, catalogue: Catalogue) -> dict[str, float]:
    """The features of speakers for one candidate of a name."""
    document = Document(name="a.txt", text=text, language="zh")
    mentions = find_mentions(document, catalogue)
    context = Context(document, mentions, catalogue)
    mention = next(one for one in mentions if one.surface == surface)
    candidate = next(c for c in candidates(mention, catalogue) if c.paper.title.startswith(title))
    seen = features(mention, candidate, context)
    return {name: seen[name] for name in features_of_speakers(NOBODY, False) if name in seen}


def test_the_author_who_is_introduced_speaks_for_a_paper(catalogue: Catalogue) -> None:
    assert seen_for(NOTES, "InfLLM", "InfLLM", catalogue) == {"author introduced": 1.0}
    assert seen_for(NOTES, "VisualRWKV", "VisualRWKV", catalogue) == {"author introduced": 1.0}
    swapped = NOTES.replace("VisualRWKV", "X").replace("InfLLM", "VisualRWKV")
    assert seen_for(swapped, "VisualRWKV", "VisualRWKV", catalogue) == {}


def test_one_line_with_a_house_is_no_programme(catalogue: Catalogue) -> None:
    one = NOTES.replace("候皓文 广东人工智能实验室 副研究员", "")
    assert seen_for(one, "InfLLM", "InfLLM", catalogue) == {}


def test_an_acronym_is_what_the_document_says(catalogue: Catalogue) -> None:
    text = "训练层面: Switchable Sparse-Dense Learning(SSD)降低代价,SSD 很快。"
    assert seen_for(text, "SSD", "SSD: Single Shot", catalogue) == {"short for something else": 1.0}
    right = "检测器: Single Shot Detector(SSD)降低代价,SSD 很快。"
    assert seen_for(right, "SSD", "SSD: Single Shot", catalogue) == {}


@pytest.mark.parametrize(
    ("words", "acronym", "does"),
    [
        (["single", "shot", "detector"], "ssd", True),
        (["switchable", "sparse", "dense", "learning"], "ssd", True),
        (["single", "shot"], "ssd", False),
        (["a", "detector", "of", "many", "things"], "ad", False),
    ],
)
def test_initials(words: list[str], acronym: str, does: bool) -> None:
    assert spells(words, acronym) is does


def test_no_expansion_without_a_bracket() -> None:
    assert expansion("Single Shot Detector, SSD", "SSD") == ()


TALK = "嗯好那我们接着讲，对吧，就是说这个的话，其实呢然后我们做了很多，是吧，那这个呢大家可以看到啊，" * 6


def talk_features(words: str, surface: str, year: int, catalogue: Catalogue) -> dict[str, float]:
    """The features of the closest candidate of a name in a talk of some year that was heard, not spelled."""
    heading = f"# {year}大会 - 大模型前沿 - 张三"
    text = f"{heading}\n\n{TALK}{words}，{TALK}"
    blocks = (Block(kind=BlockKind.HEADING, start=0, end=len(heading)),)
    document = Document(name="a.txt", text=text, blocks=blocks)
    mentions = find_mentions(document, catalogue)
    context = Context(document, mentions, catalogue)
    mention = next(one for one in mentions if one.surface == surface)
    return transcript_features(mention, candidates(mention, catalogue)[0], context)


def test_a_talk_names_no_papers_of_later_years(catalogue: Catalogue) -> None:
    assert talk_features("比如说 lama two 的结果", "lama two", 2024, catalogue)["later than the talk"] == 0
    assert talk_features("比如说 lama two 的结果", "lama two", 2021, catalogue)["later than the talk"] == 1


def test_another_version_speaks_for_a_name(catalogue: Catalogue) -> None:
    text = f"{TALK}拉玛三比 lama two 好，{TALK}"
    document = Document(name="a.txt", text=text)
    mentions = find_mentions(document, catalogue)
    context = Context(document, mentions, catalogue)
    mention = next(one for one in mentions if one.surface == "lama two")
    candidate = candidates(mention, catalogue)[0]
    rows = {row for one in mentions if one.surface == "拉玛三" for row in one.rows}
    assert context.speech.has_family("LLaMA 2", rows)
    assert not context.speech.has_family("GPT-4", rows)
    assert transcript_features(mention, candidate, context)["family named"] == 0  # none is settled yet


def test_a_name_that_another_talk_spells_is_worth_less(catalogue: Catalogue) -> None:
    first, second = f"# 第一场 张三\n\n{TALK}我们用了RWKV，{TALK}\n\n", f"# 第二场 李四\n\n{TALK}"
    text = first + second
    blocks = tuple(
        Block(kind=BlockKind.HEADING, start=start, end=text.index("\n", start)) for start in (0, len(first))
    )
    document = Document(name="a.txt", text=text, blocks=blocks)
    mentions = find_mentions(document, catalogue)
    speech = Context(document, mentions, catalogue).speech
    row = next(one for one in mentions if one.surface == "RWKV").rows[0]
    here, there, nowhere = (
        speech.is_spelled(row, [0]),
        speech.is_spelled(row, [1]),
        speech.is_spelled(-1, [0]),
    )
    assert here == 1.0
    assert nowhere == 0.0 < there < here


@pytest.mark.parametrize("words", ["提出了一个叫", "比如说像", "such as "])
def test_what_is_given_as_an_example_is_said_to_be_a_name(words: str, catalogue: Catalogue) -> None:
    text = f"{TALK}{words}lama two的结果，{TALK}"
    document = Document(name="a.txt", text=text)
    mentions = find_mentions(document, catalogue)
    mention = next(one for one in mentions if one.surface == "lama two")
    assert Context(document, mentions, catalogue).speech.is_named(mention)
