"""Whether a title that stands in a text is only a part of the longer title of another paper.

"The Devil is in the Details: StyleFeatureEditor for ..." is no paper whose title only begins so, "Large Language Models
for Education: A Survey and Outlook" none that only ends so, and "Meta Networks for Neural Style Transfer" not "Meta
Networks". A catalogue never has all papers, so that the longer title may not be known.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from tracker.catalogue.names import title_parts
from tracker.catalogue.squeeze import squeeze
from tracker.catalogue.stems import title_words
from tracker.models import Mention
from tracker.regex import regex

_REACH: Final = 160
_BEHIND: Final = regex(r"\s?[:：]\s{0,2}([^\n|*\[\]()（）\"“”。!?！？]{8,})")
_BEFORE: Final = regex(r"([^\n|*\[\]()（）\"“”。.!?！？]{6,})\s?[:：]\s{0,2}\Z")
_COLON_BEFORE: Final = regex(r"[:：]\s{0,2}\Z")
_LONG_WORD: Final = regex(r"[^\W\d_]{4,}")
LEAST_BEHIND, LEAST_BEFORE = 3, 2
"""Telling words of a subtitle, and of a main title; fewer say nothing."""
SAME: Final = 0.6
"""Of the words that stand there so many are in the paper's title, where they are the rest of it, perhaps retold."""
_JOINS: Final = r"(?:with|for|via|using|without|under|through|towards?|of)"
_JOINS_BEFORE: Final = regex(rf" {_JOINS} \Z")
_GOES_ON: Final = regex(rf"[ -]{_JOINS} ([^\n|*\[\]()（）\"“”。.!?！？,;:：]{{6,}})")
_BEGAN: Final = regex(
    rf"(?:^|[\n|*\[\]()（）\"“”。.!?！？,;:：>-] ?)([A-Z][\w-]{{3,}}(?: [\w-]+){{0,9}}) {_JOINS} \Z"
)


class Joined(NamedTuple):
    """What stands right beside a mention."""

    before: frozenset[str]
    """The telling words that a colon joins to it."""
    behind: frozenset[str]
    is_within: bool
    """A longer title begins before it, or goes on behind it."""


def joined_to(mention: Mention, text: str) -> Joined:
    """What is joined to the mention of a title; too few words are none."""
    before = None
    if _COLON_BEFORE.search(
        text, max(0, mention.start - 3), mention.start
    ):  # else to search for it takes long
        before = _BEFORE.search(text, max(0, mention.start - _REACH), mention.start)
    behind = _BEHIND.match(text, mention.end, mention.end + _REACH)
    if behind and not _is_like_a_title(behind[1]):
        behind = None
    return Joined(_words(before, LEAST_BEFORE), _words(behind, LEAST_BEHIND), _is_within(mention, text))


def _is_within(mention: Mention, text: str) -> bool:
    """Whether words with capitals, as titles have them, are joined to it by "for", "with" and the like."""
    behind = _GOES_ON.match(text, mention.end, mention.end + _REACH)
    if behind and len(_LONG_WORD.findall(behind[1])) > 1 and _is_like_a_title(behind[1]):
        return True
    if not _JOINS_BEFORE.search(text, max(0, mention.start - 10), mention.start):
        return False
    before = _BEGAN.search(text, max(0, mention.start - _REACH), mention.start)
    return before is not None and _is_like_a_title(before[1])


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
