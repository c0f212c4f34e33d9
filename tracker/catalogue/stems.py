"""The words by which titles are compared: folded, without endings, without the words that say nothing. Pure.

"Efficient", "efficiently" and "efficiency" are one word here, "GPT-4" is two. The endings are cut without
a dictionary and too eagerly for reading ("generat"): the words only have to agree with one another.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from tracker.catalogue.squeeze import fold
from tracker.regex import regex

STOP_WORDS: Final = frozenset(
    {
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "based",
        "be",
        "between",
        "by",
        "can",
        "for",
        "from",
        "in",
        "into",
        "is",
        "it",
        "its",
        "of",
        "on",
        "or",
        "our",
        "over",
        "that",
        "the",
        "their",
        "this",
        "through",
        "to",
        "toward",
        "towards",
        "under",
        "using",
        "via",
        "we",
        "with",
    }
)
"""Words that say nothing about which title it is; they are in no index."""
LONGEST: Final = 40
"""Letters of a word that are looked at."""
_WORD: Final = regex(r"\d+(?:\.\d+)*|[^\W\d_\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff]+")
_ENDING: Final = regex(
    r"(?<=[a-z]{4})(?:s|e|ed|ing|er|or|ion|at|iv|i?al|ly|y|it|ness|ment|[ae]nc|[ae]nt|[ai]bl|abil|ic|iz|is|is[mt]|ful"
    r"|less|ous)\Z"
)
_SHORT: Final = regex(r"(?<=[a-z]{3})(?:ing|ed|e)\Z")
_DOUBLE: Final = regex(r"[a-z]{2}([b-df-hj-np-tv-z])\1\Z")
"""What stands before an ending is often doubled: "embedding", "modelling"."""
_VOWEL: Final = regex(r"[aeiouy]")


def title_words(text: str) -> list[str]:
    """The words of a title or a piece of text in order, repeated as they stand; Chinese is passed over.

    >>> title_words("Efficient Fine-tuning of Quantized LLMs: the phi-1.5 report")
    ['effici', 'fin', 'tun', 'quant', 'llm', 'phi', '1.5', 'report']
    """
    return [stem(word) for word in plain_words(text) if word not in STOP_WORDS]


def plain_words(text: str) -> list[str]:
    """The folded words of a text in order, those that say nothing too; Chinese is passed over."""
    found: list[str] = _WORD.findall(fold(text))
    return found


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """A folded word without its endings; at least three letters stay, mostly four.

    >>> [stem(word) for word in ("adversarial", "adversary", "tune", "tuning", "string", "llms", "gpt")]
    ['adversar', 'adversar', 'tun', 'tun', 'string', 'llm', 'gpt']
    """
    word = _singular(word[:LONGEST])
    short = _SHORT.search(word)
    if short and _VOWEL.search(word, 0, short.start()):
        word = word[: short.start()]
    while (ending := _ENDING.search(word)) is not None:
        word = word[: ending.start()]
    return word[:-1] if _DOUBLE.search(word) else word


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and word[-2] not in "sui":
        return word[:-1]
    return word
