"""Evidence from how a text uses a name, and how a title bears it: named numbers for one candidate.

What is said right beside a name ("the SOLAR paper"), where it stands ("- OPRO - ...", "ACE, Q-Align and TIES"), and
whether the title of the candidate has this very name or that of another version ("FlashAttention" for
FlashAttention-2).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from tracker.catalogue import Origin
from tracker.catalogue.names import is_common_word
from tracker.catalogue.squeeze import squeeze
from tracker.linking.candidates import Candidate
from tracker.models import IN_TRANSCRIPT, Mention
from tracker.regex import regex

_MARKS: Final = "*_`\"'“”‘’「」『』《》<>\\[\\]"
_PAPER_BEHIND: Final = regex(
    rf"(?:['’]s)?[{_MARKS})）\s]{{0,4}}(?:\(?(?:19|20)\d\d\)?\s)?(?:的|这篇|這篇|一文|原)?\s?"
    r"(?:(?:research |original )?paper|authors?|preprint|technical report|tech report|et al"
    r"|原?论文|原?論文|技术报告|技術報告|作者|一文)(?![a-z])",
    re.IGNORECASE,
)
_PAPER_BEFORE: Final = regex(
    r"(?:papers?|authors of|(?:introduced|proposed|described|presented|suggested) (?:in|by)|论文|論文)"
    rf"(?:\s?[:：]|,|\s(?:the|of|on))?[{_MARKS}(（\s]{{0,4}}\Z",
    re.IGNORECASE,
)
_ITEM_BEFORE: Final = regex(rf"\s*(?:[-*+•·>|]|\d{{1,3}}[.)、]|[（(]\d{{1,2}}[)）])[-*+•·>|\s{_MARKS}]*\Z")
_ITEM_BEHIND: Final = regex(rf"[{_MARKS}]{{0,4}}\s{{0,3}}(?:[:：|(（\-–—,，\n]|\Z)")
_TITLE_WORD: Final = regex(r"[^\s,:;：，()（）\"“”]+")
_VERSION: Final = regex(r"v?\d[\d.]*")
_LONGEST: Final = 4
"""Words of a title that together may spell a name ("Llama 2", "Segment Anything Model 2")."""
_REACH: Final = 40


class Usage(NamedTuple):
    """How a text uses a name at one place, whichever paper it denotes."""

    is_within_capitals: bool
    behind: frozenset[str]
    """The words of what follows as a title follows a name; none where nothing does."""
    beside: tuple[bool, ...]
    """For each word with a capital right beside a plain name whether it is an ordinary word."""
    is_called_paper: bool
    leads_item: bool


def usage_of(mention: Mention, text: str) -> Usage:
    """How a text uses a name."""
    may_be_plain = is_plain(mention.surface) or mention.support == IN_TRANSCRIPT
    return Usage(
        is_within_capitals=_within_capitals(mention, text),
        behind=_title_behind(mention, text),
        beside=tuple(map(is_common_word, _neighbours(mention, text))) if may_be_plain else (),
        is_called_paper=is_called_paper(mention, text),
        leads_item=_leads_item(mention, text),
    )


def features_of_usage(
    usage: Usage, surface: str, borne: Borne, candidate: Candidate, listed_with: float
) -> dict[str, float]:
    """The features of one candidate of a name that is spelled out: how the text uses it, taken for a surface, and how
    the title bears it."""
    beside = usage.beside if is_plain(surface) else ()
    return {
        "within capitals": float(usage.is_within_capitals),
        "leads another title": float(_leads_another_title(usage, candidate.paper.title)),
        "person": float(not all(beside)),
        "word of a longer name": float(any(beside)),
        "called a paper": float(usage.is_called_paper),
        "leads an item": float(usage.leads_item),
        "listed with a paper": listed_with,
        "named in the title": float(borne.is_named),
        "another version in the title": float(borne.is_otherwise),
        "leads the title of a rival": float(candidate.is_borne_by_rival and not borne.is_named),
    }


def standing(candidate: Candidate) -> float:
    """How far a name is one that is used for a paper, in [0, 1], before the document speaks for the paper.

    That a document holds the identifier of Inception does not make "ResNet" Inception, though one list in thirty
    calls it so.
    """
    alias = candidate.alias
    if alias is None or candidate.is_short_form or candidate.learned or candidate.is_yours:
        return 1.0
    if alias.origin & (Origin.PREFIX | Origin.TITLE | Origin.CURATED):
        return 1.0
    return min(1.0, candidate.share / USUAL)


USUAL: Final = 0.2
"""From this share of the sources on, a name is a usual one of a paper. Set by hand: "SAM" of
Sharpness-Aware Minimization has about so much of its name, wrong names of well-known papers less than 0.05."""


def is_called_paper(mention: Mention, text: str) -> bool:
    """Whether the words around a name say that it is a paper: "the SOLAR paper", "SOLAR 技术报告"."""
    behind = text[mention.end : mention.end + _REACH]
    before = text[max(0, mention.start - _REACH) : mention.start]
    return bool(_PAPER_BEHIND.match(behind) or _PAPER_BEFORE.search(before))


def _leads_item(mention: Mention, text: str) -> bool:
    """Whether a name is the first thing of a list item or cell, and set apart from what follows."""
    line = max(text.rfind("\n", 0, mention.start) + 1, text.rfind("|", 0, mention.start))
    if mention.start - line > _REACH and not text[line : mention.start].isspace():
        return False
    before, behind = text[line : mention.start], text[mention.end : mention.end + 12]
    return bool(_ITEM_BEFORE.match(before) and _ITEM_BEHIND.match(behind))


def is_plain(name: str) -> bool:
    """Whether a name is a word with a capital, as the names of persons are ("Sam")."""
    return name.isalpha() and name[:1].isupper() and name[1:].islower()


_CAPITALISED_BEFORE: Final = regex(r"\b[A-Z][A-Za-z]{2,}[ -]\Z")
_CAPITALISED_BEHIND: Final = regex(r"[ -][A-Z][A-Za-z]{2,}")
_TITLE_BEHIND: Final = regex(r"\s?[:：]\s?([^\n]{12,})")
_WORDS: Final = regex(r"[a-z]{4,}")


def _within_capitals(mention: Mention, text: str) -> bool:
    """Whether capitalised words stand on both sides, as within a longer title ("Time Improves StyleGAN
    Inversion")."""
    before = text[max(0, mention.start - 24) : mention.start]
    return bool(_CAPITALISED_BEFORE.search(before) and _CAPITALISED_BEHIND.match(text, mention.end))


def _title_behind(mention: Mention, text: str) -> frozenset[str]:
    """The longer words that follow a name and a colon, where they are four or more."""
    behind = _TITLE_BEHIND.match(text, mention.end, mention.end + 160)
    words = frozenset(_WORDS.findall(behind[1].lower())) if behind else frozenset()
    return words if len(words) >= 4 else frozenset()


def _leads_another_title(usage: Usage, title: str) -> bool:
    """Whether a title follows none of whose words stands in the title of a paper ("HINT: ..." of another
    HINT)."""
    return bool(usage.behind) and usage.behind.isdisjoint(_WORDS.findall(title.lower()))


_NEIGHBOUR_BEFORE: Final = regex(r"(?:^|[^\w.!?:\n] ?|[a-z] )([A-Z][a-z]+)[ ·]\Z")
_NEIGHBOUR_BEHIND: Final = regex(r"[ ·](?:[A-Z]\. )?([A-Z][a-z]+)(?![A-Za-z0-9-])")
_NO_PART_OF_NAMES: Final = """
    the this these those our we in with and or for but both like unlike using when while since as on of to an it its
    their they however thus then what how why is are here there from by at if so also
"""
_LITTLE_WORDS: Final = frozenset(_NO_PART_OF_NAMES.split())
"""Words that are capitalised only where they begin a sentence."""


def _neighbours(mention: Mention, text: str) -> list[str]:
    """The capitalised words right before and behind, but those that only begin a sentence."""
    before = _NEIGHBOUR_BEFORE.search(text[max(0, mention.start - 20) : mention.start])
    behind = _NEIGHBOUR_BEHIND.match(text, mention.end)
    return [one[1] for one in (before, behind) if one and one[1].lower() not in _LITTLE_WORDS]


class Borne(NamedTuple):
    """Whether a title bears a name."""

    is_named: bool
    is_otherwise: bool
    """It has the name with another version, and nowhere the name itself."""


@lru_cache(maxsize=4096)
def borne_by_title(name: str, title: str) -> Borne:
    """How a title bears a squeezed name.

    >>> borne_by_title("flashattention2", "FlashAttention: Fast and Memory-Efficient Exact Attention")
    Borne(is_named=False, is_otherwise=True)
    >>> borne_by_title("mtbench", "MT-Bench-101: A Fine-Grained Benchmark"), borne_by_title("gpt3", "Language Models")
    (Borne(is_named=False, is_otherwise=True), Borne(is_named=False, is_otherwise=False))
    >>> borne_by_title("llama2", "Llama 2: Open Foundation and Fine-Tuned Chat Models")
    Borne(is_named=True, is_otherwise=False)
    """
    words = _TITLE_WORD.findall(title)
    is_otherwise = False
    for first in range(len(words)):
        spelled = ""
        for last in range(first, min(first + _LONGEST, len(words))):
            spelled = squeeze(spelled + words[last])
            if spelled.removesuffix("s") == name.removesuffix("s"):
                return Borne(True, False)
            is_otherwise |= _is_version_of(spelled, name) or _is_version_of(name, spelled)
    return Borne(False, is_otherwise)


def _is_version_of(longer: str, name: str) -> bool:
    """Whether a squeezed name is another one with a version behind it ("mamba2" of "mamba")."""
    if len(name) < 3 or not longer.startswith(name):
        return False
    return _VERSION.fullmatch(longer, len(name)) is not None and not name[-1].isdigit()
