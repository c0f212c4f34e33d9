"""Titles: whether that of an entry is that of a record. Pure."""

from __future__ import annotations

import re
from enum import StrEnum
from html import unescape
from typing import Final

from tracker.catalogue.likeness import likeness
from tracker.keys import title_key
from tracker.regex import regex

NEAR: Final = 0.75
"""The part of the letters in order that two titles share at least where one is taken for the other, written wrongly;
two titles of different papers that reach it are rare, and the authors must agree besides."""
SHORTEST_MAIN: Final = 4
"""Letters of a main title ("BERT") that may stand for the whole where the authors agree."""
SHORTEST_BEGINNING: Final = 20
"""Letters of the beginning of a title that may stand for the whole where the authors agree."""
TELLING: Final = 24
"""Letters of a title that no two papers share by chance."""
_COLON: Final = regex(r"\s*[:：]\s*|\s+[-–—]+\s+|(?<=[?!])\s+|\.\s+(?=[A-Z])")
_BRACKETS: Final = regex(r"\s*(?:\([^()]{0,80}\)|\[[^\[\]]{0,80}\])\s*$")
_SPELLINGS: Final = regex(r"is(?=(?:ation|e|ed|es|ing|er|ers|ability)(?:$|[^a-z]))")
_BRITISH: Final = (
    ("colour", "color"),
    ("behaviour", "behavior"),
    ("neighbour", "neighbor"),
    ("modelling", "modeling"),
    ("labelled", "labeled"),
    ("labelling", "labeling"),
    ("analyse", "analyze"),
    ("centre", "center"),
)


class Relation(StrEnum):
    """How the title of an entry stands to that of a record."""

    SAME = "same"
    MAIN = "main"
    """It is the main title, without the subtitle."""
    BEGINNING = "beginning"
    """It is the beginning, as when it was made shorter for publication."""
    NEAR = "near"
    OTHER = "other"


def relation(title: str, record: str) -> Relation:
    """How the title of an entry stands to that of a record; case, punctuation, hyphens and the spelling of one and the
    same word ("-ise", "-ize") are free.

    >>> relation("{QLoRA}", "QLoRA: Efficient Finetuning of Quantized LLMs").value
    'main'
    >>> relation("Optimisation of colour", "Optimization of Color").value
    'same'
    """
    key, other = spelling_key(title), spelling_key(record)
    if not key or not other:
        return Relation.OTHER
    if (
        key == other
        or spelling_key(_BRACKETS.sub("", title)) == other
        or key == spelling_key(_BRACKETS.sub("", record))
    ):
        return Relation.SAME
    mains = (_COLON.split(record, maxsplit=1)[0], record.partition(":")[0])
    if len(key) >= SHORTEST_MAIN and key in map(spelling_key, mains):
        return Relation.MAIN
    if len(key) >= SHORTEST_BEGINNING and other.startswith(key) and key in _beginnings(record):
        return Relation.BEGINNING
    return Relation.NEAR if likeness(title, record, NEAR) >= NEAR else Relation.OTHER


def _beginnings(title: str) -> set[str]:
    """The keys of the beginnings of a title that end with a word."""
    return {spelling_key(title[: found.start()]) for found in re.finditer(r"\s+", title)}


def spelling_key(title: str) -> str:
    """The key of a title that is the same in British and American spelling."""
    text = unescape(title) if "&" in title else title
    text = _SPELLINGS.sub("iz", text.lower()).replace("++", "plusplus")
    for british, american in _BRITISH:
        text = text.replace(british, american)
    return title_key(text)


def is_telling(title: str) -> bool:
    """Whether a title is long enough that another paper of this title is unlikely."""
    key = title_key(title)
    return len(key) >= TELLING or not key.isascii()
