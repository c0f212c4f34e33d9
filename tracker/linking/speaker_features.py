"""Evidence from who is introduced: in notes of a conference the speaker's name and house stand on a line of their
own, and below it stand the papers of that speaker. Written documents only; in transcripts `speech` knows who speaks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from tracker.linking.context import Context
from tracker.models import IN_TRANSCRIPT, Mention
from tracker.regex import regex

EXPANSION_WORDS: Final = 6
_BEFORE: Final = regex(r"(?P<words>[A-Za-z][A-Za-z-]+(?:[ -][A-Za-z][A-Za-z-]+){1,5})\s?[(（]\s?\Z")
_IN_BRACKETS: Final = regex(r"[(（]([^\W\d_]+)(?=[)）])")
_WORD: Final = regex(r"[A-Za-z][a-z]*")
LONGEST: Final = 80
"""Code points before a bracket in which the words stand that it abbreviates."""
SHORTEST: Final = 3
STEM: Final = 5
"""Letters that words of one family begin with ("attention", "attentive")."""


class Introduced(NamedTuple):
    """Who is introduced above a name, in a document that introduces speakers."""

    is_author: bool
    """An author of the paper."""
    is_author_of_another: bool
    """The author of another paper that is named below the same speaker."""


NOBODY: Final = Introduced(False, False)


def features_of_speakers(who: Introduced, is_short_for_another: bool) -> dict[str, float]:
    """Whether the author of a paper is introduced above a name, or wrote another paper that is named below the
    same speaker; and whether the document says that the name is short for something else."""
    return {
        "short for something else": float(is_short_for_another),
        "author introduced": float(who.is_author),
        "author of another introduced": float(who.is_author_of_another),
    }


def has_speakers(mention: Mention, context: Context) -> bool:
    """Whether the document introduces speakers who tell something about a name."""
    return mention.support != IN_TRANSCRIPT and context.speech.has_speakers


def introduced(mention: Mention, row: int, context: Context) -> Introduced:
    """Whether an author of a paper is introduced above a name, or of another paper named there."""
    speech = context.speech
    section = speech.section_of(mention)
    if section < 0:
        return NOBODY
    is_speaker = speech.has_author(row, section)
    shares = not is_speaker and speech.shares_author(row, section, context.settled)
    return Introduced(is_speaker, shares)


def is_short_for_another(mention: Mention, title: str, context: Context) -> bool:
    """Whether a document writes out capitals somewhere as words of which the title has none.

    "Switchable Sparse-Dense Learning (SSD)" is not SSD: Single Shot MultiBox Detector.
    """
    surface = mention.surface
    if not (surface.isupper() and surface.isalpha()) or len(surface) < SHORTEST:
        return False
    words = expansion(context.document.text, surface)
    return bool(words) and not any(word[:STEM] in title.lower() for word in words)


@lru_cache(maxsize=64)
def expansion(text: str, acronym: str) -> Sequence[str]:
    """The words, in lower case, that stand before a bracket with an acronym which their initials give; () where
    there are none.

    >>> expansion("用Switchable Sparse-Dense Learning(SSD)训练", "SSD")
    ('switchable', 'sparse', 'dense', 'learning')
    >>> expansion("a detector (SSD)", "SSD")
    ()
    """
    for start in _bracketed(text).get(acronym, ()):
        before = _BEFORE.search(text, max(0, start - LONGEST), start)
        words = [word.lower() for word in _WORD.findall(before["words"])] if before else []
        for first in range(max(0, len(words) - EXPANSION_WORDS), len(words) - 1):
            if spells(words[first:], acronym.lower()):
                return tuple(words[first:])
    return ()


@lru_cache(maxsize=4)
def _bracketed(text: str) -> Mapping[str, Sequence[int]]:
    """Where each word that stands alone in brackets begins: looked for once, as a long text has many."""
    places: dict[str, list[int]] = defaultdict(list)
    for found in _IN_BRACKETS.finditer(text):
        places[found[1]].append(found.start(1))
    return places


def spells(words: Sequence[str], acronym: str) -> bool:
    """Whether the initials of words begin with an acronym, one word at most left over ("SSD" of "switchable
    sparse dense learning")."""
    initials = "".join(word[0] for word in words)
    return initials.startswith(acronym) and len(initials) <= len(acronym) + 1


def describe_speakers(seen: Mapping[str, float]) -> dict[str, str]:
    """The features in words, by name."""
    return {name: text for name, text in _IN_WORDS.items() if seen.get(name)}


_IN_WORDS: Final = {
    "author introduced": "one of its authors is introduced above it",
    "author of another introduced": "one of its authors wrote another paper that the same speaker names",
    "short for something else": "the document says that the name is short for something else",
}
