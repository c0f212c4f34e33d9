"""Evidence for what a name in a transcript denotes that is not spelled as a name: named numbers for one candidate.

How close what was written comes to the name, how well known the name is, and above all whether what is said
around supports it: a misheard name that nothing supports stays unsure. The benchmark holds no transcripts, so the
weights of these are set by hand (`PRIOR` in `tests/bench/train.py`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from tracker.catalogue import Alias, Origin
from tracker.catalogue.names import is_common_word
from tracker.catalogue.phonetics import NUMBERS, as_written, closeness, coarse, heard
from tracker.catalogue.phonetics import readings as readings_of
from tracker.catalogue.squeeze import squeeze
from tracker.linking.candidates import Candidate
from tracker.linking.context import Context
from tracker.linking.organisations import organisations_of
from tracker.models import IN_TRANSCRIPT, Mention

SUPPORT: Final = (
    "spelled elsewhere",
    "author speaks",
    "author of another",
    "organisation by name",
    "heard otherwise",
    "family named",
)
"""Any of these supports a name that was misheard; so does a good part of its title."""
ENOUGH: Final = 0.5
"""So much of such a feature is support; a name that only another talk spells is none."""
ENOUGH_SAID: Final = 0.3
MANY_CONSONANTS: Final = 4
"""So many consonants that are the same are no chance."""
FAR: Final = 0.2
"""Names that are further away than this need much more to speak for them."""
FAMOUS: Final = 20
"""A name of this fame (see "fame of the name") is supported already by a word for a model beside it."""
AS_NEAR: Final = 0.03
"""Names that are further away than another one by no more are as near."""


def is_heard(mention: Mention, candidate: Candidate) -> bool:
    """Whether a candidate is a name that the mention does not spell."""
    if not mention.heard or candidate.alias is None:
        return False
    is_same = squeeze(mention.surface) == squeeze(candidate.alias.name)
    return not is_same or mention.surface.islower()


def as_said(mention: Mention, candidate: Candidate) -> Mention:
    """A name of a transcript in the case of the candidate's name, where it is all capitals or none.

    In other cases the recogniser made something of it ("Albert" is a person).
    """
    alias, surface = candidate.alias, mention.surface
    is_told = not (surface.isupper() or surface.islower())
    if mention.support != IN_TRANSCRIPT or alias is None or is_told or alias.name.lower() != surface.lower():
        return mention
    return mention.model_copy(update={"surface": alias.name})


MOST_CAPITALS: Final = 5
FAME_OF_CAPITALS: Final = 25
"""Capitals are taken as they are for a name of this fame (see "fame of the name")."""


def unsupported_capitals(mention: Mention, candidate: Candidate, context: Context) -> float:
    """1 where a few capitals spell a name that few use and nothing said around speaks for it, else 0.

    Recognisers write capitals for what they did not understand ("SAMS", "MANA").
    """
    alias = candidate.alias
    if alias is None or len(mention.surface) > MOST_CAPITALS:
        return 0.0
    if not mention.surface.isupper() and not alias.name.isupper():
        return 0.0
    if 5 * alias.sources + candidate.paper.cited_in >= FAME_OF_CAPITALS:
        return 0.0
    support = _support(mention, candidate, context)
    is_supported = any(support[name] for name in SUPPORT if name != "spelled elsewhere")
    return float(not is_supported and support["part of the title said"] < ENOUGH_SAID)


def transcript_features(mention: Mention, candidate: Candidate, context: Context) -> dict[str, float]:
    """The features of one candidate of a name that was heard; absent names are 0."""
    alias = candidate.alias
    assert alias is not None, "a candidate of a name has the name that matched"
    close = closeness(mention.surface, alias.name)
    distance = _distance(mention.surface, alias.name)
    others = [name for name in mention.heard if squeeze(name) != squeeze(alias.name)]
    nearer = sum(_distance(mention.surface, name) <= distance + AS_NEAR for name in others)
    found = {
        "heard": 1.0,
        "heard to the letter": float(close.letters == 0),
        "sounds the same": float(close.sounds == 0 < close.letters),
        "spelled out": float(_is_spelled_out(mention.surface)),
        "misheard": 10 * distance,
        "misheard by far": 10 * max(0.0, distance - FAR),
        "same consonants": float(_has_same_consonants(mention.surface, alias.name)),
        "begins otherwise": float(_begins_otherwise(mention.surface, alias.name)),
        "heard in Chinese": float(not as_written(mention.surface).isascii()),
        "ordinary words": float(_is_ordinary(mention.surface)),
        "length of the name": min(len(squeeze(alias.name)), 12) - 5.0,
        "fame of the name": math.log1p(5 * alias.sources + candidate.paper.cited_in),
        "name of others": max(0.0, 1.0 - 2 * candidate.share),
        "leads the title of another": float(_leads_another(candidate, context)),
        "named by few": float(_is_named_by_few(alias, candidate.paper.title)),
        "other names as near": math.log1p(nearer),
        "heard again": min(math.log2(context.times(mention.surface)), 3.0),
        **_support(mention, candidate, context),
    }
    is_supported = (
        any(found[name] >= ENOUGH for name in SUPPORT) or found["part of the title said"] >= ENOUGH_SAID
    )
    if found["same consonants"] and found["fame of the name"] >= math.log1p(FAMOUS):
        is_supported = is_supported or bool(found["said to be a model"] or found["said to be a name"])
    found["unsupported"] = float(not is_supported and not (close.letters == 0 and found["spelled out"]))
    return found


def _support(mention: Mention, candidate: Candidate, context: Context) -> dict[str, float]:
    speech, row = context.speech, candidate.row
    assert candidate.alias is not None, "a candidate of a name has the name that matched"
    organisations = organisations_of(candidate.paper.key)
    places = speech.places(mention)
    sections = {speech.section_of(place) for place in places}
    speaks = any(speech.has_author(row, section) for section in sections)
    shares = not speaks and any(speech.shares_author(row, section, context.settled) for section in sections)
    said = (speech.part_said(place, row, context.settled) for place in places)
    return {
        "spelled elsewhere": context.settled.get(row, 0.0) * speech.is_spelled(row, sections),
        "author speaks": float(speaks),
        "author of another": float(shares),
        "part of the title said": max(said, default=0.0),
        "organisation by name": float(any(context.near(mention, name) for name in organisations)),
        "heard otherwise": float(min(max(speech.ways_heard(candidate.alias.name) - 1, 0), 2)),
        "family named": float(speech.has_family(candidate.alias.name, context.settled.keys() - {row})),
        "later than the talk": float(speech.is_later(candidate.paper.year)),
        "said to be a name": float(any(map(speech.is_named, places))),
        "said to be a model": float(any(map(speech.is_called_something, places))),
    }


def _distance(surface: str, name: str) -> float:
    """How far a surface is from a name, in [0, 1]: by its letters and by its sounds alike."""
    close = closeness(surface, name)
    if not close.sounds:
        return close.letters / 4  # recognisers spell as they like
    return (close.letters + close.sounds) / 2


USUAL: Final = 3
"""A name that so many sources give to one paper, and most of them to this, is its name whatever titles say."""


def _leads_another(candidate: Candidate, context: Context) -> bool:
    """Whether the title of another paper begins with the name, and this one's does not."""
    alias = candidate.alias
    assert alias is not None, "a candidate of a name has the name that matched"
    leading = Origin.PREFIX | Origin.TITLE | Origin.CURATED
    if alias.origin & leading or (alias.sources >= USUAL and candidate.share > 0.5):
        return False
    return any(other.origin & leading for other in context.catalogue.aliases_of(alias.name))


def _is_named_by_few(alias: Alias, title: str) -> bool:
    """Whether one source at most gives the name, and the title does not."""
    is_in_title = squeeze(alias.name) in squeeze(title)
    return alias.sources <= 1 and not is_in_title and not alias.origin & Origin.CURATED


def _is_spelled_out(surface: str) -> bool:
    """Whether two letters or more stand alone."""
    return sum(len(word) == 1 for word in surface.split()) >= 2


def _is_ordinary(surface: str) -> bool:
    """Whether nothing but ordinary words stands there; with a number they are a version of something."""
    words = surface.split()
    return (
        surface.isascii()
        and words[-1].lower() not in NUMBERS
        and all(len(word) > 2 and is_common_word(word) for word in words)
    )


def _has_same_consonants(surface: str, name: str) -> bool:
    theirs = {coarse(said) for said in readings_of(name)}
    return any(len(mine) >= MANY_CONSONANTS and mine in theirs for mine in map(coarse, heard(surface)))


def _begins_otherwise(surface: str, name: str) -> bool:
    """Whether the first consonants are of other classes, whichever way the two are read."""
    mine = {coarse(said)[:1] for said in heard(surface)}
    return not mine & {coarse(said)[:1] for said in readings_of(name)}


def describe_heard(seen: Mapping[str, float], candidate: Candidate) -> dict[str, str]:
    """The telling features in words, by feature name."""
    words = {name: text for name, text in _IN_WORDS.items() if seen.get(name)}
    if candidate.alias is not None:
        how = "spelled as it comes" if seen.get("heard to the letter") else "sounds like it"
        words["heard"] = f"{candidate.alias.name}, in a transcript: {how}"
    return words


_IN_WORDS: Final = {
    "ordinary words": "ordinary words stand there",
    "other names as near": "other names sound like it too",
    "spelled elsewhere": "the document spells it elsewhere",
    "author speaks": "one of its authors is named or speaks",
    "author of another": "one of its authors wrote another paper that is named here",
    "named by few": "one source at most calls it so",
    "name of others": "others are called so too",
    "leads the title of another": "the title of another paper begins with the name",
    "part of the title said": "words of its title are said around it",
    "organisation by name": "its organisation is named near",
    "heard otherwise": "the document writes it in other ways too",
    "family named": "another version of it is named in the document",
    "later than the talk": "it came out after the year of the talk",
    "said to be a name": "what stands before says that a name follows",
    "said to be a model": "a word for a model or a paper stands beside it",
    "unsupported": "nothing around speaks for it",
}
