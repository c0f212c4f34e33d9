"""Evidence: what was seen for and against one candidate, as named numbers. Pure but for the context it asks.

Each feature is a number whose weight `weights.json` holds; most are 0 or 1. `describe` puts the
telling ones into words for people.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Final

from tracker.catalogue import Origin
from tracker.catalogue.squeeze import squeeze
from tracker.linking.author_features import author_features, describe_authors
from tracker.linking.candidates import Candidate
from tracker.linking.context import Context
from tracker.linking.name_features import is_plain, standing, usage_features
from tracker.linking.near_title_features import describe_near_title, near_title_features
from tracker.linking.organisations import organisations_of
from tracker.linking.reference_features import describe_reference, reference_features
from tracker.linking.speaker_features import describe_speakers, speaker_features
from tracker.linking.transcript_features import (
    as_said,
    describe_heard,
    is_heard,
    transcript_features,
    unsupported_capitals,
)
from tracker.models import IN_TRANSCRIPT, Mention, MentionKind

Features = dict[str, float]
_STRONG_SHAPE: Final = re.compile(r".*[A-Z].*[A-Z]|.*[a-z][A-Z]|.*\d", re.DOTALL)
_QUOTES: Final = "\"'“”‘’「」『』《》〈〉*_[]()（）【】|:：\n"
WELL_KNOWN: Final = 5
"""Documents that cite a paper: one in twenty-five of the embedded papers has so many."""
_DAYS_EARLY: Final = 45
"""Talks and posts announce papers that come out somewhat later."""


def features(mention: Mention, candidate: Candidate, context: Context) -> Features:
    """The features of one candidate of a title or name; absent names are 0."""
    if mention.kind in (MentionKind.AUTHOR_YEAR, MentionKind.REFERENCE):
        is_entry = mention.kind is MentionKind.REFERENCE
        found = (reference_features if is_entry else author_features)(mention, candidate, context)
        return {name: value for name, value in found.items() if value}
    if is_heard(mention, candidate):
        found = transcript_features(mention, candidate, context)
        return {name: value for name, value in found.items() if value}
    if mention.is_near_title:
        found = near_title_features(mention, candidate, context) | _document_features(
            mention, candidate, context
        )
        return {name: value for name, value in found.items() if value}
    own, usage = _steady_features(mention, candidate, context)
    found = {**own, **_document_features(mention, candidate, context)}
    if mention.kind is MentionKind.NAME:
        found |= usage | {"listed with a paper": context.listed_with(mention)}
        found |= speaker_features(mention, candidate, context)
    if mention.support == IN_TRANSCRIPT:
        found["capitals in speech"] = unsupported_capitals(mention, candidate, context)
    found["bare acronym"] = float(_is_bare_acronym(mention, candidate, found))
    return {name: value for name, value in found.items() if value}


def _steady_features(mention: Mention, candidate: Candidate, context: Context) -> tuple[Features, Features]:
    """What the second pass sees as the first one did: the title or name itself, and how the text uses a name."""
    place = (
        mention.start,
        mention.end,
        candidate,
    )  # it may be a short form in one pass, and a name in the other
    steady = context.kept.get(place)
    if steady is None:
        said = as_said(mention, candidate)
        if mention.kind is MentionKind.NAME:
            own, usage = _name_features(said, candidate, context), usage_features(said, candidate, context)
        else:
            own, usage = _title_features(said, candidate, context), {}
        own = {name: value for name, value in own.items() if value}
        steady = context.kept[place] = own, usage
    own, usage = steady
    return own, usage


def _is_bare_acronym(mention: Mention, candidate: Candidate, found: Features) -> bool:
    """Whether a few capitals are all that speaks for a paper that few call so: any field has an SOS and a
    CUP."""
    alias = candidate.alias
    if alias is None or not (mention.surface.isupper() and len(mention.surface) <= 4):
        return False
    if alias.sources > 1 + bool(alias.origin & Origin.COMMON and not alias.origin & Origin.CURATED):
        return False
    return not any(
        found.get(name) for name in ("id beside", "title beside", "title in document", "title words near")
    )


def _name_features(mention: Mention, candidate: Candidate, context: Context) -> Features:
    alias = candidate.alias
    assert alias is not None, "a candidate of a name has the name that matched"
    surface = mention.surface
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
        "name stands apart": float(_stands_apart(mention, context)),
        "said again": min(math.log2(context.times(surface)), 4.0),
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


def _stands_apart(mention: Mention, context: Context) -> bool:
    """Whether a mention is set off from what stands around it: quoted, emphasised, in brackets, alone in
    its cell."""
    text = context.document.text
    before = text[max(0, mention.start - 2) : mention.start].strip(" ") or "\n"
    behind = text[mention.end : mention.end + 2].strip(" ") or "\n"
    return before[-1] in _QUOTES and behind[0] in _QUOTES + ".,。，"


def _title_features(mention: Mention, candidate: Candidate, context: Context) -> Features:
    words = len(re.findall(r"[^\W_]+", mention.surface))
    is_part = mention.support != ""
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
        "stands apart": float(_stands_apart(mention, context)),
        "no capitals": float(capitals == 0),
        "part, not apart": float(is_part and not _stands_apart(mention, context)),
    }


def _document_features(mention: Mention, candidate: Candidate, context: Context) -> Features:
    key, row = candidate.paper.key, candidate.row
    is_name = (
        mention.kind is MentionKind.NAME
    )  # a title beside another paper's identifier is a title all the same
    beside = context.ids_beside(mention)
    keys = {found.key for found in beside}
    free = {found.key for found in beside if not context.is_given_to_another(found, mention)}
    titled = row in context.titled and mention not in context.titled[row]
    title_beside = titled and context.title_beside(mention, row)
    usual, apart = standing(candidate), context.years_apart(candidate.paper.year)
    around = _steady_around(mention, candidate, context)
    return {
        "id beside": float(key in keys),
        "id in document": usual * (key in context.ids and key not in keys),
        "other id beside": float(is_name and len(free) == 1 and key not in free),
        "title beside": float(title_beside),
        "title in document": usual * (titled and not title_beside),
        "title words in document": around["title words in document"],
        "years apart": apart,
        "years apart of a well-known paper": apart * _is_well_known(candidate),
        "title words near": around["title words near"],
        "settled elsewhere": usual * context.settled_elsewhere(mention, row) if is_name else 0.0,
        "organisation near": around["organisation near"],
        "organisation in document": around["organisation in document"],
        "later than document": around["later than document"],
    }


def _steady_around(mention: Mention, candidate: Candidate, context: Context) -> Features:
    """What the second pass sees around a mention as the first one did."""
    place = mention.start, mention.end, ("around", candidate.row)
    steady = context.kept.get(place)
    if steady is None:
        organisations = organisations_of(candidate.paper.key)
        words = context.title_words_near(mention, candidate.paper.title)
        seen = {
            "title words in document": context.share_in_document(candidate.paper.title, mention.surface),
            "title words near": min(len(words), 4) / 2,
            "organisation near": float(any(context.near(mention, name) for name in organisations)),
            "organisation in document": float(any(context.has_in_document(name) for name in organisations)),
            "later than document": float(_is_later(candidate, context)),
        }
        steady = context.kept[place] = (seen,)
    return steady[0]


def _is_well_known(candidate: Candidate) -> bool:
    """Whether a paper is named and cited by so many that documents of any year may name it."""
    return candidate.paper.cited_in >= WELL_KNOWN


def _is_later(candidate: Candidate, context: Context) -> bool:
    year = candidate.paper.year
    if not context.written or not year:
        return False
    if candidate.paper.published:
        return (candidate.paper.published - context.written).days > _DAYS_EARLY
    return year > context.written.year


def describe(seen: Mapping[str, float], candidate: Candidate) -> dict[str, str]:
    """The telling features in words, by feature name."""
    if "entry" in seen:
        return describe_reference(seen)
    if "citation" in seen:
        return describe_authors(seen, candidate)
    if "heard" in seen:
        return describe_heard(seen, candidate)
    if "translated title" in seen or "nearly the title" in seen:
        return describe_near_title(seen) | {name: _IN_WORDS[name] for name in seen if name in _IN_WORDS}
    alias = candidate.alias
    words: dict[str, str] = {}
    if alias is not None:
        sources = (
            f"{alias.sources} source{'' if alias.sources == 1 else 's'}"
            if alias.sources
            else "from its title"
        )
        words["name"] = f"alias {alias.name} ({sources})"
        if candidate.is_short_form:
            words["name"] = f"short for {alias.name}, which the document mentions"
        elif candidate.learned:
            several = "" if candidate.learned == 1 else "s"
            words["name"] = f"name learned from your documents ({candidate.learned} document{several})"
        elif candidate.is_yours:
            words["name"] = "you named this paper for it"
    for name in seen:
        if name in _IN_WORDS:
            words[name] = _IN_WORDS[name]
    words |= describe_speakers(seen)
    if "share" in seen and candidate.rivals and not (candidate.learned or candidate.is_yours):
        words["share"] = f"{candidate.share:.0%} of the sources of this name mean this paper"
    return words


_IN_WORDS: Final = {
    "title": "the title stands here",
    "part of a title": "only a part of the title stands here",
    "id beside": "its identifier stands beside it",
    "id in document": "its identifier stands in the document",
    "other id beside": "the identifier of another paper stands beside it",
    "title beside": "its title stands beside it",
    "title in document": "its title stands in the document",
    "title words near": "words of its title stand around it",
    "within capitals": "it stands within a longer title",
    "leads another title": "another title follows it",
    "settled elsewhere": "other mentions in the document denote it",
    "called a paper": "the text calls it a paper",
    "leads an item": "it stands at the head of a list item",
    "listed with a paper": "the name of a paper stands beside it in an enumeration",
    "named in the title": "its title has the name",
    "another version in the title": "its title has another version of the name",
    "organisation near": "its organisation is named near",
    "organisation in document": "its organisation is named in the document",
    "later than document": "it came out after the document was written",
    "ordinary word": "the name is an ordinary word",
    "word of the field": "the name is a common term of the field",
    "person": "it looks like the name of a person",
    "word of a longer name": "it stands beside another capitalised word",
    "capitals in speech": "a recogniser writes capitals where it did not understand, and nothing speaks for it",
    "phrase of titles": "it is a phrase of other titles too",
    "same title": "other papers have the same title",
    "settled by hand": "the name was settled by hand",
    "leads the title of a rival": "the title of another paper begins with the name",
    "answered here": "you settled it so elsewhere in this document",
    "answered elsewhere": "you settled it so in another document",
    "refused here": "you settled elsewhere in this document that it is no paper",
    "refused elsewhere": "you settled in another document that it is no paper",
}
