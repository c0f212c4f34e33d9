"""Whether what a colon joins to a part of a title is the rest of that title, or makes it a part of another's.

"The Devil is in the Details: StyleFeatureEditor for ..." is no paper whose title only begins so, and "Large Language
Models for Education: A Survey and Outlook" none that only ends so.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from tracker.catalogue.names import title_parts
from tracker.catalogue.squeeze import squeeze
from tracker.catalogue.stems import title_words
from tracker.models import Mention

_REACH: Final = 160
_BEHIND: Final = re.compile(r"\s?[:：]\s{0,2}([^\n|*\[\]()（）\"“”。!?！？]{8,})")
_BEFORE: Final = re.compile(r"([^\n|*\[\]()（）\"“”。.!?！？]{6,})\s?[:：]\s{0,2}\Z")
_LONG_WORD: Final = re.compile(r"[^\W\d_]{4,}")
LEAST_BEHIND, LEAST_BEFORE = 3, 2
"""Telling words of a subtitle, and of a main title; fewer say nothing."""
SAME: Final = 0.6
"""Of the words that stand there so many are in the paper's title, where they are the rest of it, perhaps retold."""


class Joined(NamedTuple):
    """The telling words that colons join to a mention."""

    before: frozenset[str]
    behind: frozenset[str]


def joined_to(mention: Mention, text: str) -> Joined:
    """What is joined to a mention; too few words are none."""
    before = _BEFORE.search(text, max(0, mention.start - _REACH), mention.start)
    behind = _BEHIND.match(text, mention.end, mention.end + _REACH)
    if behind and not _is_like_a_title(behind[1]):
        behind = None
    return Joined(_words(before, LEAST_BEFORE), _words(behind, LEAST_BEHIND))


def is_of_another(joined: Joined, surface: str, title: str) -> bool:
    """Whether the half of a title that a surface spells is joined to another half than the title's own. A subtitle has
    none behind it."""
    main, rest = title_parts(title)
    spelled = squeeze(surface)
    if spelled == squeeze(main):
        return _differ(joined.behind, rest)
    return spelled == squeeze(rest) and bool(joined.behind or _differ(joined.before, main))


def _differ(beside: frozenset[str], half: str) -> bool:
    own = frozenset(title_words(half))
    return len(beside & own) < SAME * len(beside) and not own <= beside


def _is_like_a_title(text: str) -> bool:
    """Whether most of the longer words have capitals; else it may be a sentence about the paper."""
    first = [word[0] for word in _LONG_WORD.findall(text)]
    return sum(map(str.isupper, first)) > len(first) / 2


def _words(found: re.Match[str] | None, least: int) -> frozenset[str]:
    words = frozenset(title_words(found[1])) if found else frozenset[str]()
    return words if len(words) >= least else frozenset()
