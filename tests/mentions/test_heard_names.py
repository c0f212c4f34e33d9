"""Names in transcripts: windows of words, what they may be, and what they are not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.catalogue.small import build
from tracker.catalogue import Catalogue
from tracker.mentions import find_mentions
from tracker.mentions.heard import find_heard
from tracker.mentions.transcripts import is_transcript
from tracker.mentions.windows import windows
from tracker.models import Document

TALK = (
    "好，那我们接着讲，对吧，就是说这个模型的话，其实呢然后我们做了很多实验，是吧，那这个呢大家可以看到啊，"
    "效果的话还不错，然后呢我们后面也会继续做下去，对吧，咱们先看一下这个结果，好的，"
) * 4


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.open()


def names_heard(words: str, catalogue: Catalogue) -> dict[str, set[str]]:
    """What is heard in some words of a talk, and the names that it may be, in small letters."""
    found = find_heard(TALK + words + "，" + TALK, (), (), catalogue)
    return {
        (TALK + words)[one.start : one.end]: {alias.name.lower() for alias in one.aliases} for one in found
    }


@pytest.mark.parametrize(
    ("words", "surface", "name"),
    [
        ("我们用了 mini c p m 这个模型", "mini c p m", "MiniCPM"),
        ("还有 r w k v 这样的结构", "r w k v", "RWKV"),
        ("比如说 lama two 这个模型", "lama two", "LLaMA 2"),
        ("就像克里普最早这么弄", "克里普", "CLIP"),
        ("优化器里面阿达姆更好", "阿达姆", "Adam"),
        ("我们再看 gp three 的参数", "gp three", "GPT-3"),
    ],
)
def test_names_that_are_not_spelled(words: str, surface: str, name: str, catalogue: Catalogue) -> None:
    assert name.lower() in names_heard(words, catalogue)[surface]


@pytest.mark.parametrize(
    "words",
    [
        "这个 loss 一直在下降",
        "我们看一下 decay 阶段",
        "这个 trade off 就是这样",
        "mini CPU杠V2。0 就是当时发布的",  # half a number is no version
    ],
)
def test_words_that_are_no_names(words: str, catalogue: Catalogue) -> None:
    assert names_heard(words, catalogue) == {}


def test_an_announced_name_may_be_half_spelled(catalogue: Catalogue) -> None:
    assert "cogagent" in names_heard("我们又提出了这个cover agent", catalogue)["cover agent"]
    assert names_heard("我们看一下cover agent的结果", catalogue) == {}
    assert names_heard("我们又提出了这个web page", catalogue) == {}


def test_a_chinese_name_with_what_is_said_between(tmp_path: Path) -> None:
    by_hand = '[[alias]]\nnames = ["量化微调"]\npaper = "2305.14314"\nreason = "its Chinese name"\n'
    small = Catalogue.open(build(tmp_path, by_hand=by_hand)[0])
    assert names_heard("这就是量化的微调这个方法", small) == {"量化的微调": {"量化微调"}}
    assert names_heard("这就是量化了以后微调这个方法", small) == {}


def test_spelled_letters_belong_to_the_name_before_them() -> None:
    surfaces = {window.surface for window in windows("这个master r cn的精度")}
    assert "master r cn" in surfaces
    assert "master r" not in surfaces
    assert "BERT vs GPT" in {window.surface for window in windows("我们比较BERT vs GPT的结果")}


def test_a_comma_between_latin_words_is_no_end() -> None:
    whole = {window.surface: window.is_whole for window in windows("我们叫做sparse，Transformer，这样")}
    assert whole == {"sparse": False, "Transformer": False}


def test_a_hyphen_that_is_said_is_written() -> None:
    window = next(w for w in windows("我们的mini CPU杠V的版本") if w.surface == "mini CPU-V")
    assert "我们的mini CPU杠V的版本"[window.start : window.end] == "mini CPU杠V"


def test_talks_are_told_from_what_was_written(catalogue: Catalogue) -> None:
    assert is_transcript(Document(name="a.txt", text=TALK))
    assert not is_transcript(Document(name="a.txt", text="我们提出了一个新的模型（MiniCPM）：它很小。" * 20))


@given(st.text(alphabet="ab cMG杠三。1two，曼巴", max_size=60))
def test_windows_lie_in_the_text(text: str) -> None:
    for window in windows(text):
        assert 0 <= window.start < window.end <= len(text)
        assert window.surface


def test_mentions_of_a_talk_slice_the_text(catalogue: Catalogue) -> None:
    document = Document(name="a.txt", text=TALK + "这个曼巴two和mini CPU杠V，" + TALK)
    for mention in find_mentions(document, catalogue):
        assert document.text[mention.start : mention.end] == mention.surface
