"""Evidence: what was seen for and against one candidate, as named numbers. Pure but for the context it asks.

Each feature is a number whose weight `weights.json` holds; most are 0 or 1. `describe` puts the
telling ones into words for people.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from tracker.linking.author_features import author_features, describe_authors
from tracker.linking.called import Called
from tracker.linking.candidates import Candidate
from tracker.linking.context import Context
from tracker.linking.longer_titles import Joined, is_of_another
from tracker.linking.name_features import features_of_usage
from tracker.linking.near_title_features import describe_near_title, near_title_features
from tracker.linking.reference_features import describe_reference, reference_features
from tracker.linking.sightings import Options, Said, Sighting, sighting_of
from tracker.linking.speaker_features import NOBODY, describe_speakers, features_of_speakers
from tracker.linking.transcript_features import (
    describe_heard,
    is_heard,
    transcript_features,
    unsupported_capitals,
)
from tracker.models import IN_TRANSCRIPT, Mention, MentionKind

Features = dict[str, float]
_TELLS_THE_PAPER: Final = ("id beside", "id in document", "title beside", "title in document")
"""With any of these the document itself knows the paper, whatever its date says."""
_SPEAKS: Final = ("id beside", "title beside", "title in document", "title words near")
"""Any of these speaks for a paper that few call by a few capitals."""


def features(mention: Mention, candidate: Candidate, context: Context) -> Features:
    """The features of one candidate of a title or name; absent names are 0."""
    return features_of(mention, Options([candidate]), context)[0]


def features_of(
    mention: Mention, options: Options, context: Context, sighting: Sighting | None = None
) -> list[Features]:
    """The features of each of the candidates of a mention, of which the sighting may be known."""
    if mention.kind in (MentionKind.AUTHOR_YEAR, MentionKind.REFERENCE):
        is_entry = mention.kind is MentionKind.REFERENCE
        find = reference_features if is_entry else author_features
        return [_nonzero(find(mention, one, context)) for one in options.candidates]
    seen = sighting or sighting_of(mention, options, context)
    return [
        _nonzero(transcript_features(mention, candidate, context))
        if mention.heard and is_heard(mention, candidate)
        else _features_of_spelled(mention, candidate, called, _Seen(seen, years, said), context)
        for candidate, called, years, said in zip(
            options.candidates, options.called(mention, context), seen.years_apart, seen.said, strict=True
        )
    ]


def _nonzero(found: Features) -> Features:
    return {name: value for name, value in found.items() if value}


class _Seen(NamedTuple):
    """What is seen of a mention, and what the document says of one of its candidates."""

    mention: Sighting
    years_apart: float
    said: Said


def _features_of_spelled(
    mention: Mention, candidate: Candidate, called: Called, seen: _Seen, context: Context
) -> Features:
    said, usage = seen.said, seen.mention.usage
    if mention.is_near_title:
        found = _nonzero(near_title_features(mention, candidate, context))
        found |= _document_features(called, said, seen.years_apart)
        found |= _later_features(found)
        return found
    found = called.own(mention, candidate, context, seen.mention.is_apart).copy()
    found |= _document_features(called, said, seen.years_apart)
    if seen.mention.joined is not None:
        found |= _features_of_joined(seen.mention.joined, mention, candidate)
    if mention.is_part_of_title:
        found |= _later_features(found)
    if usage is not None:
        listed_with = seen.mention.listed_with
        found |= _nonzero(features_of_usage(usage, called.surface, called.borne, candidate, listed_with))
        if called.is_short_for_another or said.introduced is not NOBODY:
            found |= _nonzero(features_of_speakers(said.introduced, called.is_short_for_another))
    if mention.support == IN_TRANSCRIPT and (
        unsupported := unsupported_capitals(mention, candidate, context)
    ):
        found["capitals in speech"] = unsupported
    if called.is_by_few and found.keys().isdisjoint(_SPEAKS):
        found["bare acronym"] = 1.0  # any field has an SOS and a CUP
    return found


def _document_features(called: Called, said: Said, years_apart: float) -> Features:
    """What the rest of the document says, in the order in which people are told."""
    pairs = (
        ("id beside", float(said.is_id_beside)),
        ("id in document", called.usual * said.is_id_in_document),
        ("other id beside", float(said.is_other_id_beside)),
        ("title beside", float(said.is_title_beside)),
        ("title in document", called.usual * said.is_title_in_document),
        ("title words in document", called.share),
        ("years apart", years_apart),
        ("years apart of a well-known paper", years_apart * called.is_well_known),
        ("title words near", said.words_near),
        ("settled elsewhere", called.usual * said.settled_elsewhere),
        ("organisation near", float(said.is_organisation_near)),
        ("organisation in document", float(called.is_in_document)),
        ("later than document", float(called.is_later)),
    )
    return {name: value for name, value in pairs if value}


def _features_of_joined(joined: Joined, mention: Mention, candidate: Candidate) -> Features:
    """Of a title that may be only a part of a longer one."""
    is_half = mention.is_part_of_title and is_of_another(joined, mention.surface, candidate.paper.title)
    return _nonzero({"within a title": float(joined.is_within), "other half of a title": float(is_half)})


def _later_features(found: Features) -> Features:
    """Of what is only a part of a title, or like one: a paper has its name, and may be listed by its whole title, some
    time before it comes out, but so little says nothing of a paper that nobody had seen."""
    if "later than document" in found and found.keys().isdisjoint(_TELLS_THE_PAPER):
        return {"part of a later title": 1.0}
    return {}


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
    "other half of a title": "what a colon joins to it is not the rest of the title",
    "id beside": "its identifier stands beside it",
    "id in document": "its identifier stands in the document",
    "other id beside": "the identifier of another paper stands beside it",
    "title beside": "its title stands beside it",
    "title in document": "its title stands in the document",
    "title words near": "words of its title stand around it",
    "within a title": "it stands within a longer title",
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
