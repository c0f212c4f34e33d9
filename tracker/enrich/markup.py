r"""Titles and abstracts as plain text: services send HTML, JATS, MathML, entities and LaTeX in them. Pure."""

from __future__ import annotations

import html
import re

from tracker.keys import plain_text
from tracker.regex import regex

_LEFT_OUT = regex(  # what says in another notation what stands beside it
    r"<(?:[a-z]+:)?(?P<tag>tex-math|annotation(?:-xml)?|alternatives-text)\b[^<>]*>.{0,2000}?</(?:[a-z]+:)?(?P=tag)>",
    re.IGNORECASE | re.DOTALL,
)
_NAMES = """
    i b u s em strong sub sup sc scp small span a p br tt code cite q italic bold title sec monospace
    underline roman inline-formula disp-formula alternatives math semantics mrow mi mn mo mtext mspace ms msup
    msub msubsup mover munder munderover mfrac msqrt mroot mstyle mpadded mphantom mfenced menclose mtable mtr
    mtd named-content ext-link xref styled-content
"""
_NAME = rf"(?:(?:jats|mml|m):[a-z-]+|(?:{'|'.join(_NAMES.split())}))"
_BLOCK = regex(r"</?(?:jats:)?(?:p|br|title|sec)(?:\s+[\w:.-]+\s*=[^<>]*)?\s*/?>", re.IGNORECASE)
_TAG = regex(rf"</?{_NAME}(?:\s+[\w:.-]+\s*=[^<>]*)?\s*/?>", re.IGNORECASE)
"""Tags that these services use; "p < q" and "a <b and c> d" are no such."""
_MATHEMATICS = regex(r"\$([^$\s](?:[^$]*[^$\s])?)\$")
_LONGEST = 30_000
"""Characters of a text that are read: no title or abstract has more, and time must not grow with nonsense."""
_PASSES = 3
"""Some publishers escape what is escaped already: "&amp;lt;i&amp;gt;"."""


def plain_line(text: str) -> str:
    r"""The text on one line, without tags, entities, LaTeX commands and characters that nobody can see.

    >>> plain_line("On &lt;i&gt;k&lt;/i&gt;-means &amp;amp; \n <mml:math><mml:mi>α</mml:mi></mml:math>-stable laws")
    'On k-means & α-stable laws'
    >>> plain_line(r"$\alpha$-Divergence of {G}\"odel, p < 0.5")
    'α-Divergence of Gödel, p < 0.5'
    """
    text = text[:_LONGEST]
    for _ in range(_PASSES):
        before = text
        if "<" in text:
            text = _TAG.sub("", _BLOCK.sub(" ", _LEFT_OUT.sub("", text)))
        if "&" in text:
            text = html.unescape(text)
        if text == before:
            break
    if "\\" in text or "{" in text:
        text = plain_text(text)
    return one_line(_MATHEMATICS.sub(r"\1", text))


def one_line(text: str) -> str:
    """The text on one line, single blanks between its words, without characters that nobody can see.

    >>> one_line(" two\\n lines\\x00 ")
    'two lines'
    """
    words = " ".join(text.split())
    if words.isprintable():
        return words
    return " ".join("".join(c for c in words if c.isprintable() or c in "\u200c\u200d").split())
