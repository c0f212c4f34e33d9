"""A paper called by a surface: what is the same wherever in the document that surface stands.

A document writes the same names and titles again and again, each with the same candidates; what depends on nothing
else is worked out once.
"""

from __future__ import annotations

import math
import re
from typing import Final

from tracker.catalogue import Origin
from tracker.catalogue.squeeze import squeeze
from tracker.linking.candidates import Candidate
from tracker.linking.context import Context, telling_words
from tracker.linking.name_features import Borne, borne_by_title, is_plain, standing
from tracker.linking.organisations import organisations_of
from tracker.linking.speaker_features import is_short_for_another
from tracker.linking.transcript_features import as_said
from tracker.models import Mention, MentionKind
from tracker.regex import regex

_STRONG_SHAPE: Final = regex(r".*[A-Z].*[A-Z]|.*[a-z][A-Z]|.*\d", re.DOTALL)
WELL_KNOWN: Final = 5
"""Documents that cite a paper: one in twenty-five of the embedded papers has so many."""
_DAYS_EARLY: Final = 45
"""Talks and posts announce papers that come out somewhat later."""
_UNBORNE: Final = Borne(False, False)


class Called:
    """A candidate of a title or name, and what is seen of the two but for their place."""

    __slots__ = (
        "_own",
        "borne",
        "is_by_few",
        "is_in_document",
        "is_later",
        "is_short_for_another",
        "is_well_known",
        "organisations",
        "share",
        "surface",
        "usual",
        "words",
        "year",
    )

    def __init__(self, mention: Mention, candidate: Candidate, context: Context) -> None:
        paper, own = candidate.paper, mention.surface.lower()
        self.surface = as_said(mention, candidate).surface
        """As it is taken, which in a transcript is not always as it is written."""
        is_name = mention.kind is MentionKind.NAME
        self.borne = borne_by_title(squeeze(self.surface), paper.title) if is_name else _UNBORNE
        """How the title of the paper has a name."""
        self.usual = standing(candidate)
        self.year = paper.year
        self.is_well_known = paper.cited_in >= WELL_KNOWN
        """Named and cited by so many that documents of any year may name it."""
        self.is_later = _is_later(candidate, context)
        self.words = [word for word in telling_words(paper.title) if word not in own]
        """The telling words of the title that the surface does not have."""
        self.share = context.share_in_document(self.words)
        self.organisations = organisations_of(paper.key)
        self.is_in_document = any(context.has_in_document(name) for name in self.organisations)
        """Whether the document names the paper's organisation."""
        self.is_short_for_another = is_name and is_short_for_another(mention, paper.title, context)
        self.is_by_few = _is_acronym_of_few(mention.surface, candidate)
        self._own: dict[bool, dict[str, float]] = {}

    def own(
        self, mention: Mention, candidate: Candidate, context: Context, is_apart: bool
    ) -> dict[str, float]:
        """What the title or name says by itself, where it stands apart and where not; none is 0."""
        own = self._own.get(is_apart)
        if own is None:
            if mention.kind is MentionKind.NAME:
                found = _name_features(self.surface, candidate, context.times(self.surface), is_apart)
            else:
                found = _title_features(mention, candidate, is_apart)
            own = self._own[is_apart] = {name: value for name, value in found.items() if value}
        return own


def called_of(mention: Mention, candidate: Candidate, context: Context) -> Called:
    """What is seen of the surface of a mention and a candidate, worked out when it is first asked about."""
    known = context.kept(Called)
    # it may be a short form in one pass, and a name in the other
    key = mention.surface, mention.support, mention.kind, candidate
    called = known.get(key)
    if called is None:
        called = known[key] = Called(mention, candidate, context)
    return called


def _name_features(surface: str, candidate: Candidate, times: int, is_apart: bool) -> dict[str, float]:
    alias = candidate.alias
    assert alias is not None, "a candidate of a name has the name that matched"
    is_strong = _has_shape_of_name(surface)
    length = len(squeeze(surface))
    sources = 5 * alias.sources + candidate.paper.cited_in
    of_field = max(0.0, math.log1p(alias.titles) - 1.2 * math.log1p(sources))
    return {
        "name": 1.0,
        "short form": float(candidate.is_short_form),
        "listed": math.log1p(alias.sources),
        "listed once": float(alias.sources == 1),
        "not listed": float(
            alias.sources == 0 and not (candidate.is_short_form or candidate.learned or candidate.is_yours)
        ),
        "share": candidate.share,
        "rivals": math.log1p(candidate.rivals),
        "leads the title": float(bool(alias.origin & Origin.PREFIX)),
        "is the title": float(bool(alias.origin & Origin.TITLE)),
        "settled by hand": float(bool(alias.origin & Origin.CURATED)),
        "ordinary word": float(bool(alias.origin & Origin.COMMON)),
        "name fame": math.log1p(candidate.paper.cited_in),
        "spelled alike": float(surface == alias.name),
        "other case": float(surface != alias.name and surface.lower() == alias.name.lower()),
        "lower case": float(surface.islower()),
        "shape of a name": float(is_strong),
        "plain word for capitals": float(
            is_plain(surface) and len(surface) <= 4 and not is_plain(alias.name)
        ),
        "plain word": float(is_plain(surface)),
        "name stands apart": float(is_apart),
        "said again": min(math.log2(times), 4.0),
        "word of titles": math.log1p(alias.titles),
        "word of the field": of_field,
        "well known by it": float(alias.sources >= 2 and candidate.paper.cited_in >= 20),
        "distinctive": float(is_distinctive(surface, candidate) and not of_field),
        "two letters": float(length <= 2),
        "three letters": float(length == 3),
        "several words": float(" " in surface.strip()),
    }


def _has_shape_of_name(surface: str) -> bool:
    """Whether one of the words has capitals inside or digits; those of "Lifelong Pretraining" are only words."""
    return any(_STRONG_SHAPE.match(word) for word in surface.split())


def is_distinctive(surface: str, candidate: Candidate) -> bool:
    """Whether a name is so unlike a word, and the only paper's so called, that it can hardly denote
    anything else."""
    is_mixed = any(c.islower() for c in surface) or "-" in surface
    return candidate.rivals == 0 and is_mixed and len(surface) >= 5 and _has_shape_of_name(surface)


def _title_features(mention: Mention, candidate: Candidate, is_apart: bool) -> dict[str, float]:
    words = len(re.findall(r"[^\W_]+", mention.surface))
    is_part = mention.is_part_of_title
    capitals = sum(word[0].isupper() for word in re.findall(r"[^\W\d_]{4,}", mention.surface))
    return {
        "title": 1.0,
        "part of a title": float(is_part),
        "words": math.log(max(words, 1)),
        "short title": float(words <= 3),
        "four words": float(words in {4, 5}),
        "phrase of titles": math.log1p(candidate.titles),
        "same title": math.log1p(candidate.rivals),
        "title fame": math.log1p(candidate.paper.cited_in),
        "stands apart": float(is_apart),
        "no capitals": float(capitals == 0),
        "part, not apart": float(is_part and not is_apart),
    }


def _is_acronym_of_few(surface: str, candidate: Candidate) -> bool:
    """Whether a few capitals stand here by which few call the paper."""
    alias = candidate.alias
    if alias is None or not (surface.isupper() and len(surface) <= 4):
        return False
    return alias.sources <= 1 + bool(alias.origin & Origin.COMMON and not alias.origin & Origin.CURATED)


def _is_later(candidate: Candidate, context: Context) -> bool:
    year = candidate.paper.year
    if not context.written or not year:
        return False
    if candidate.paper.published:
        return (candidate.paper.published - context.written).days > _DAYS_EARLY
    return year > context.written.year
