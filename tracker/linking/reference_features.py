"""Evidence for what an entry of a bibliography denotes: its title, first author and year beside a candidate's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tracker.catalogue.authors import author_key
from tracker.catalogue.likeness import likeness
from tracker.keys import split_name
from tracker.linking.candidates import Candidate
from tracker.linking.context import Context
from tracker.models import Mention

LEAST_ALIKE: Final = 0.8
"""Titles that are less alike are those of different papers; counted from here."""


def reference_features(mention: Mention, candidate: Candidate, context: Context) -> dict[str, float]:
    """The features of one candidate of an entry; absent names are 0."""
    alike = likeness(mention.title, candidate.paper.title)
    return {
        "entry": 1.0,
        "title alike": max(0.0, alike - LEAST_ALIKE) / (1 - LEAST_ALIKE),
        "title the same": float(alike == 1.0),
        **_authors(mention, candidate, context),
        **_year(mention, candidate),
    }


def _authors(mention: Mention, candidate: Candidate, context: Context) -> dict[str, float]:
    authors = context.catalogue.authors
    if not mention.authors or not authors.is_known(candidate.row):
        return {"entry without authors": float(not mention.authors)}
    first = mention.authors[0]
    known = authors.of(first, candidate.row)
    if known is None:
        names = context.catalogue.records[candidate.row].authors
        is_other_order = any(author_key(name) == author_key(first) for name in names)
        return {"first author differs": 0.0 if is_other_order else 1.0}
    given = known.has_given(split_name(first).given)
    return {"first author agrees": 1.0, "given name of another": float(given is False)}


def _year(mention: Mention, candidate: Candidate) -> dict[str, float]:
    year = candidate.paper.year
    if mention.year is None or year is None:
        return {}
    gap = mention.year - year
    return {
        "year of entry agrees": float(gap == 0),
        "year of entry near": float(gap in (-1, 1, 2)),
        "year of entry differs": float(gap not in (-1, 0, 1, 2)),
    }


def describe_reference(seen: Mapping[str, float]) -> dict[str, str]:
    """The telling features in words, by feature name."""
    return {name: text for name, text in _IN_WORDS.items() if seen.get(name)}


_IN_WORDS: Final = {
    "title alike": "the title of the entry is nearly its title",
    "title the same": "the title of the entry is its title",
    "first author agrees": "the first author agrees",
    "first author differs": "the first author is another",
    "given name of another": "the given name of the first author differs",
    "year of entry agrees": "the year agrees",
    "year of entry near": "the year is near",
    "year of entry differs": "the year is another",
}
