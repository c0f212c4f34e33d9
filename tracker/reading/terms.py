"""Key terms in text: which words and phrases of the topics stand in a title, a short name or a heading. Pure.

Latin words and single Chinese characters are both tokens, so that one look-up serves both languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NewType

from tracker.regex import regex

Term = NewType("Term", tuple[str, ...])
"""The tokens of a key term: ("mixture", "of", "expert"), ("分", "割")."""

_TOKEN = regex(r"[0-9]+(?:\.[0-9]+)*[a-z]*|[^\W\d_]+", re.UNICODE)
_CHINESE = regex(r"[㐀-鿿]")
_SINGULAR_END = ("ss", "us", "is", "as", "os")
"""Words that end like this are no plurals: loss, corpus, analysis, bias, chaos."""


def tokens_of(text: str) -> tuple[str, ...]:
    """The tokens of a text: lower-case words without plural s, numbers, and single Chinese characters.

    >>> tokens_of("Mixture-of-Experts 混合专家")
    ('mixture', 'of', 'expert', '混', '合', '专', '家')
    """
    return tuple(_tokens(text))


def _tokens(text: str) -> Iterator[str]:
    for run in _TOKEN.findall(_CHINESE.sub(r" \g<0> ", text.lower())):
        is_plural = len(run) > 3 and run.endswith("s") and not run.endswith(_SINGULAR_END)
        yield run[:-1] if is_plural else run


def strength_of(term: Term) -> float:
    """How much a term says, in [1, 2.5]: a phrase of several words says more than a single word.

    Two Chinese characters count as one word.
    """
    words = sum(0.5 if _CHINESE.match(token) else 1.0 for token in term)
    return 1 + 0.5 * min(max(words - 1, 0), 3)


class TermIndex:
    """Finds the terms of all topics in a text at once; the longest one wins where several overlap."""

    def __init__(self, terms_by_topic: Mapping[str, Iterable[str]]) -> None:
        self._topics_by_term: dict[Term, list[str]] = {}
        for topic, terms in terms_by_topic.items():
            for text in terms:
                topics = self._topics_by_term.setdefault(Term(tokens_of(text)), [])
                if topic not in topics:
                    topics.append(topic)
        self._longest = max(map(len, self._topics_by_term), default=0)

    def find(self, text: str) -> dict[Term, tuple[str, ...]]:
        """The terms that stand in the text, each with the ids of the topics it speaks for.

        "multimodal large language model" is found as itself and not as "large language model" too.
        """
        tokens, found, at = tokens_of(text), {}, 0
        while at < len(tokens):
            for length in range(min(self._longest, len(tokens) - at), 0, -1):
                term = Term(tokens[at : at + length])
                if topics := self._topics_by_term.get(term):
                    found[term] = tuple(topics)
                    break
            else:
                length = 1
            at += length
        return found
