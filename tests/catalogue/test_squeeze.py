from __future__ import annotations

import doctest
import importlib

import pytest

from tracker.catalogue.index import _CONTEXT as CONTEXT
from tracker.catalogue.index import CHUNK, LONGEST_SPAN
from tracker.catalogue.squeeze import span_hash, squeeze
from tracker.catalogue.stretch import LONGEST_CHUNK, squeeze_chunk
from tracker.catalogue.title_index import LONGEST_TITLE
from tracker.mentions.titles import MAX_STRETCH


def test_examples_in_docstrings() -> None:
    module = importlib.import_module("tracker.catalogue.squeeze")  # the package has a function of that name
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("text", "squeezed"),
    [
        ("", ""),
        (" \n-–—*_。，🙂", ""),
        ("Attention Is All You Need", "attentionisallyouneed"),
        ("{QLoRA}: Efficient  Fine-\n  tuning", "qloraefficientfinetuning"),
        ("**Llama 2**", "llama2"),
        ("phi-1.5 and phi-2.", "phi1.5andphi2"),
        ("1. 5 .5 5. 1..5", "155515"),
        ("ＧＰＴ－３．５", "gpt35"),
        ("「與 QLoRA 相比」", "与qlora相比"),
        ("Poincaré Poincare\u0301 Œuvre ß", "poincarepoincareœuvreß"),
        ("eﬃcient ﬁnetuning of ﬂows, ﬀ ﬄ ﬅ ﬆ", "efficientfinetuningofflowsfffflstst"),
        ("𝐐𝐋𝐨𝐑𝐀 𝟚 𝒳", "qlora2x"),
        ("L² O(n³)", "l2on3"),
        ("Q&amp;A &eacute;tude &#201;tude &nbsp;&lt;b&gt; AT&T; &bogus;", "qaetudeetudebattbogus"),
        ("Trans\u00adformer Q\u200dLoRA \ufeffBERT", "transformerqlorabert"),
        ("lone \ud800 surrogate", "lonesurrogate"),
    ],
)
def test_squeezed(text: str, squeezed: str) -> None:
    assert squeeze(text) == squeezed
    assert "".join(map(chr, squeeze_chunk(text).points)) == squeezed


def words(text: str) -> list[str]:
    """What counts as words of a text, as they stand there."""
    squeezed = squeeze_chunk(text)
    return [
        text[squeezed.offsets[start] : squeezed.after[end - 1]]
        for start, end in zip(squeezed.starts, squeezed.ends, strict=True)
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("🙂 。", []),
        ("与QLoRA相比", ["与", "QLoRA", "相", "比"]),
        ("GPT-3.5-turbo", ["GPT", "3.5", "turbo"]),
        ("Sche\u0301ma noe\u0308l", ["Sche\u0301ma", "noe\u0308l"]),
        ("Poincare\u0301 ball", ["Poincare\u0301", "ball"]),
        ("Trans\u00adformer", ["Trans\u00adformer"]),
        ("a \u0301b", ["a", "b"]),
        ("\u0301a", ["a"]),
        ("eﬃcient 🙂ﬁne", ["eﬃcient", "ﬁne"]),
        ("caf&eacute; bar", ["caf&eacute;", "bar"]),
        ("A&amp;B", ["A", "B"]),
        ("𝐐𝐋oRA🙂x", ["𝐐𝐋oRA", "x"]),
    ],
)
def test_words(text: str, found: list[str]) -> None:
    assert words(text) == found


def test_plurals_are_words_without_their_last_letter_too() -> None:
    squeezed = squeeze_chunk("ViTs use 3s as LLMs")
    stems = [words("ViTs use 3s as LLMs")[number] for number in squeezed.stems]
    assert stems == ["ViTs", "LLMs"]


def test_a_span_has_the_hash_of_its_letters() -> None:
    squeezed = squeeze_chunk("The QLoRA paper")
    assert int(squeezed.hashes(squeezed.starts[1:2], squeezed.ends[1:2])[0]) == span_hash("qlora")
    assert span_hash("qlora") != span_hash("aqlor")
    assert span_hash("") == 0


def test_a_chunk_of_ligatures_can_be_squeezed() -> None:
    squeezed = squeeze_chunk("ﬃ" * LONGEST_CHUNK)
    assert len(squeezed.points) == 3 * LONGEST_CHUNK


def test_sizes_fit_together() -> None:
    assert CHUNK + LONGEST_SPAN + 2 * CONTEXT <= LONGEST_CHUNK
    assert LONGEST_TITLE * MAX_STRETCH <= LONGEST_SPAN
