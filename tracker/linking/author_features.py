"""Evidence for what a citation by authors denotes ("Child et al. 2019"): named numbers for one candidate.

The authors' names settle little by themselves, for many share them; the year, how well known a paper is, and
above all what stands around the citation, here and at the other places that cite the same, settle the rest.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from tracker.catalogue.authors import MANY
from tracker.keys import split_name
from tracker.linking.candidates import Candidate
from tracker.linking.citation_context import Neighbour
from tracker.linking.context import Context
from tracker.models import Mention, MentionKind

ORGANISATION: Final = "an organisation"
"""What `mentions` calls a citation of an organisation."""
RIGHT_BESIDE: Final = 12
"""Code points between a citation and the name that it stands right beside: "LoRA (Hu et al., 2021)"."""
BESIDE: Final = 80


def author_features(mention: Mention, candidate: Candidate, context: Context) -> dict[str, float]:
    """The features of one candidate of a mention by authors; absent names are 0."""
    place, kept = (mention.start, mention.end, candidate.row), context.kept(_Steady)
    steady = kept.get(place)
    if steady is None:
        steady = kept[place] = _steady_features(mention, candidate, context)
    authors, here, elsewhere, words = steady
    return {
        "citation": 1.0,
        **authors,
        **_year_features(mention, candidate, context),
        **_fame_features(candidate),
        **_neighbour_features(mention, candidate, context, here, elsewhere),
        **words,
        "field of science": context.fields.share(candidate.paper.categories) - 0.5,
    }


class _Steady(NamedTuple):
    """What the second pass sees as the first one did."""

    authors: dict[str, float]
    here: dict[str, float]
    """The names and titles beside the citation."""
    elsewhere: dict[str, float]
    """Those beside others like it."""
    words: dict[str, float]


def _steady_features(mention: Mention, candidate: Candidate, context: Context) -> _Steady:
    others = [place for place in context.citations.places(mention) if place.start != mention.start]
    return _Steady(
        _author_features(mention, candidate, context),
        _signals([mention], candidate.row, context),
        _signals(others, candidate.row, context),
        _word_features(mention, candidate, context),
    )


def _author_features(mention: Mention, candidate: Candidate, context: Context) -> dict[str, float]:
    authors = context.catalogue.authors
    first = mention.authors[0]
    known = authors.of(first, candidate.row)
    if known is None:
        if mention.support == ORGANISATION:
            return {"organisation cited": 1.0}
        is_known = authors.is_known(candidate.row)
        return {"authors unknown": float(not is_known), "authors spelled nearly": float(is_known)}
    given = split_name(first).given if first[:1].isupper() else ""
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


def _year_features(mention: Mention, candidate: Candidate, context: Context) -> dict[str, float]:
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
        "year of another citation": float(gap != 0 and context.citations.is_cited_with(mention, year)),
    }


def _fame_features(candidate: Candidate) -> dict[str, float]:
    return {
        "cited": math.log1p(candidate.paper.cited_in),
        "share of citations": candidate.share,
        "hardly cited": float(candidate.paper.cited_in <= 1),
        "namesakes": math.log1p(candidate.rivals),
    }


def _neighbour_features(
    mention: Mention,
    candidate: Candidate,
    context: Context,
    here: Mapping[str, float],
    elsewhere: Mapping[str, float],
) -> dict[str, float]:
    row = candidate.row
    beside = ("name right beside", "name beside citation", "title beside citation")
    if not _is_told_by_authors(mention, row, context):
        return {**here, "unknown and not beside": float(not any(here.get(name) for name in beside))}
    return {
        **here,
        "beside the same citation": max((elsewhere.get(name, 0.0) for name in beside), default=0.0),
        "title elsewhere": float(row in context.titled),
        "identifier elsewhere": float(candidate.paper.key in context.ids),
        "settled for citation": context.settled_elsewhere(mention, row),
    }


def _is_told_by_authors(mention: Mention, row: int, context: Context) -> bool:
    """Whether the authors of a paper are known, and an organisation that is cited is the first of them."""
    authors = context.catalogue.authors
    if mention.support == ORGANISATION:
        return authors.of(mention.authors[0], row) is not None
    return authors.is_known(row)


def _signals(places: Iterable[Mention], row: int, context: Context) -> dict[str, float]:
    """What names and titles near citations say about a paper, each as strongly as they say it anywhere."""
    seen: dict[str, float] = {}
    for place in places:
        for near in context.citations.neighbours(place):
            signal = _signal(near, row)
            is_title = near.mention.kind is MentionKind.TITLE
            weight = 1.0 if is_title else 1 / math.sqrt(len(near.mention.rows) or 1)
            if signal:
                seen[signal] = max(seen.get(signal, 0.0), weight)
    return seen


def _signal(near: Neighbour, row: int) -> str:
    """What a name or title near a citation says about a paper; "" for nothing."""
    is_title = near.mention.kind is MentionKind.TITLE
    if row not in near.mention.rows:
        is_beside = near.is_on_line and near.is_before and near.gap <= 3 and not near.is_taken
        return "name of another beside" if is_beside else ""
    if near.is_taken:
        return "beside another citation"
    if is_title:
        return "title beside citation" if near.is_on_line else "title near citation"
    if near.is_on_line and near.gap <= RIGHT_BESIDE:
        return "name right beside"
    return "name beside citation" if near.is_on_line and near.gap <= BESIDE else "name near citation"


def _word_features(mention: Mention, candidate: Candidate, context: Context) -> dict[str, float]:
    """How many telling words of the title stand around the citation, and how many in the document."""
    citations = context.citations
    is_known = _is_told_by_authors(mention, candidate.row, context)
    system, telling = citations.telling_words(candidate.row, candidate.paper.title)
    on_line = {"system on the line": min(len(system), 12) / 6 * citations.is_on_line(mention, system)}
    total = sum(telling.values())
    if not total:
        return on_line
    around, anywhere = citations.words_near(mention), citations.words_of_document()
    near = sum(weight * around.get(word, 0.0) for word, weight in telling.items())
    known = sum(weight for word, weight in telling.items() if word in anywhere)
    return {
        **on_line,
        "telling words near": min(near, 3.0),
        "share of telling words near": near / total,
        "share of telling words in document": known / total if is_known else 0.0,
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
    "name right beside": "its name stands right beside the citation",
    "name beside citation": "its name stands beside the citation",
    "name near citation": "its name stands near",
    "title beside citation": "its title stands beside the citation",
    "title near citation": "its title stands near",
    "title elsewhere": "its title stands in the document",
    "identifier elsewhere": "its identifier stands in the document",
    "settled for citation": "other mentions in the document denote it",
    "telling words near": "words of its title stand around the citation",
}
