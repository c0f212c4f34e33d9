"""Evidence for what a citation by authors denotes ("Child et al. 2019"): named numbers for one candidate.

The authors' names settle little by themselves, for many share them; the year, how well known a paper is, and
above all what stands around the citation, here and at the other places that cite the same, settle the rest.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from tracker.catalogue.authors import MANY
from tracker.keys import split_name
from tracker.linking.candidates import Candidate
from tracker.linking.context import Context
from tracker.models import Mention, MentionKind

BESIDE: Final = 60
"""Code points between a citation and the name that it stands beside: "LoRA (Hu et al., 2021)"."""
NEAR: Final = 200


def author_features(mention: Mention, candidate: Candidate, context: Context) -> dict[str, float]:
    """The features of one candidate of a mention by authors; absent names are 0."""
    return {
        "citation": 1.0,
        **_author_features(mention, candidate, context),
        **_year_features(mention, candidate),
        **_fame_features(candidate),
        **_neighbour_features(mention, candidate, context),
    }


def _author_features(mention: Mention, candidate: Candidate, context: Context) -> dict[str, float]:
    authors = context.catalogue.authors
    first = mention.authors[0]
    known = authors.of(first, candidate.row)
    if known is None:
        is_known = authors.is_known(candidate.row)
        return {"authors unknown": float(not is_known), "authors spelled nearly": float(is_known)}
    given = split_name(first).given
    has_given = known.has_given(given) if given else None
    named = len(mention.authors)
    has_second = known.has_second(mention.authors[1]) if named > 1 and _lists_all(mention) else None
    is_single = mention.support == "one author"
    return {
        "given name agrees": float(has_given is True),
        "given name differs": float(has_given is False),
        "second author agrees": float(has_second is True),
        "second author differs": float(has_second is False),
        "fewer authors": float(known.people == 1 and not is_single),
        "two authors for many": float(known.people == 2 and not _lists_all(mention) and not is_single),
        "more authors": float(
            (_lists_all(mention) and named < MANY <= known.people) or (is_single and known.people > 1)
        ),
        "one author": float(is_single),
    }


def _lists_all(mention: Mention) -> bool:
    """Whether the mention names two or three authors and does not say that there are more."""
    return mention.support == "two authors"


def _year_features(mention: Mention, candidate: Candidate) -> dict[str, float]:
    if mention.year is None:
        return {"no year": 1.0}
    year = candidate.paper.year
    if year is None:
        return {"year unknown": 1.0}
    gap = mention.year - year
    return {
        "same year": float(gap == 0),
        "year before": float(gap == 1),
        "two years before": float(gap >= 2),
        "year after": float(gap <= -1),
    }


def _fame_features(candidate: Candidate) -> dict[str, float]:
    return {
        "cited": math.log1p(candidate.paper.cited_in),
        "share of citations": candidate.share,
        "hardly cited": float(candidate.paper.cited_in <= 1),
        "namesakes": math.log1p(candidate.rivals),
    }


def _neighbour_features(mention: Mention, candidate: Candidate, context: Context) -> dict[str, float]:
    row, key = candidate.row, candidate.paper.key
    words = context.title_words_near(mention, candidate.paper.title)
    beside = near = titled = 0.0
    for other in context.mentions_near(mention, NEAR):
        if row not in other.rows:
            continue
        if other.kind is MentionKind.TITLE:
            titled = 1.0
        elif other.kind is MentionKind.NAME:
            gap = max(mention.start - other.end, other.start - mention.end)
            weight = 1 / math.sqrt(len(other.rows))
            beside = max(beside, weight if gap <= BESIDE else 0.0)
            near = max(near, weight)
    is_titled = row in context.titled
    return {
        "name beside citation": beside,
        "name near citation": near if not beside else 0.0,
        "title near citation": titled,
        "title elsewhere": float(is_titled and not titled),
        "identifier elsewhere": float(key in context.ids),
        "settled for citation": context.settled.get(row, 0.0),
        "title words by citation": min(len(words), 4) / 2,
    }


def describe_authors(seen: Mapping[str, float], candidate: Candidate) -> dict[str, str]:
    """The telling features in words, by feature name."""
    words = {name: text for name, text in _IN_WORDS.items() if seen.get(name)}
    if candidate.rivals and not seen.get("authors unknown"):
        others = "another paper" if candidate.rivals == 1 else f"{candidate.rivals} other papers"
        words["namesakes"] = f"{others} of authors with this name and of these years"
    return words


_IN_WORDS: Final = {
    "citation": "cited by its authors",
    "authors unknown": "the catalogue does not know its authors; it is named beside the citation",
    "authors spelled nearly": "its first author is spelled a little differently",
    "given name agrees": "the given name of its first author agrees",
    "given name differs": "the given name of its first author differs",
    "second author agrees": "its second author agrees",
    "second author differs": "its second author is another",
    "same year": "the year agrees",
    "year before": "it came out a year before",
    "two years before": "it came out two years before",
    "year after": "it came out after that year",
    "name beside citation": "its name stands beside the citation",
    "name near citation": "its name stands near",
    "title near citation": "its title stands near",
    "title elsewhere": "its title stands in the document",
    "identifier elsewhere": "its identifier stands in the document",
    "settled for citation": "other mentions in the document denote it",
    "title words by citation": "words of its title stand around the citation",
}
