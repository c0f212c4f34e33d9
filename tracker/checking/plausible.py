"""What an entry says that cannot be, or hardly, whatever paper it means. Pure.

Impossible: a year that has not come, the name of a placeholder, an identifier that no paper can have, a conference in
a year in which it was not held, a DOI of one conference beside the name of another. Doubtful, which settles nothing: a
venue at which no paper of such subjects is known to have appeared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from tracker.bibfile import ReadEntry
from tracker.checking.compare import are_one, is_journal_name, series_of, venue_of_entry
from tracker.checking.people import ANONYMOUS, is_placeholder
from tracker.checking.venues import NO_DOI, Venue, venue_of_doi
from tracker.checking.years import is_future
from tracker.identifiers import arxiv_id_of, year_month_of
from tracker.models import FieldDifference, Paper
from tracker.regex import regex

_REGISTRANTS: Final = Path(__file__).parent / "registrants.txt"
_NEVER_GIVEN: Final = 90_000
"""Prefixes are given in order, and those above this number have not been given."""


def impossible(entry: ReadEntry, today: date) -> Iterator[FieldDifference]:
    """What in an entry cannot be right, by itself."""
    if entry.year and is_future(entry.year, today, is_preprint=_is_preprint(entry)):
        yield _difference("year", str(entry.year), f"the year {entry.year} has not come yet")
    if made_up := [author for author in entry.authors if _is_no_name(author, entry)]:
        yield _difference("author", made_up[0], f"“{made_up[0]}” stands where a name should")
    for field, value in entry.unusable:
        kind = "a DOI" if field == "doi" else "an arXiv id"
        yield _difference(field, value, f"{value} cannot be {kind}")
    yield from _impossible_dates(entry, today)
    yield from _impossible_venue(entry)
    yield from _impossible_doi(entry)


def _impossible_dates(entry: ReadEntry, today: date) -> Iterator[FieldDifference]:
    for field, key in entry.identifiers:
        arxiv_id = arxiv_id_of(key)
        if not arxiv_id or field in {"url", "ee"}:
            continue
        year, month = year_month_of(arxiv_id)
        if (year, month) > (today.year, today.month):
            yield _difference(
                field, arxiv_id, f"arXiv:{arxiv_id} would be of {year}-{month:02d}, which has not come yet"
            )
        elif entry.year and entry.year < year - 1 and _is_preprint(entry):
            reason = f"the year is {entry.year}, arXiv:{arxiv_id} is of {year}"
            yield _difference("year", str(entry.year), reason, str(year), key)
        return


_UNDER_REVIEW: Final = regex(r"submi|under (?:double.blind )?review|anonym|openreview", re.IGNORECASE)


def _is_no_name(author: str, entry: ReadEntry) -> bool:
    """Whether an author is a placeholder; who wrote a paper that is under review is not told."""
    is_hidden = _UNDER_REVIEW.search(entry.place) or any(
        key.startswith("openreview:") for _, key in entry.identifiers
    )
    return is_placeholder(author) and not (is_hidden and ANONYMOUS.fullmatch(author))


def _is_preprint(entry: ReadEntry) -> bool:
    said = venue_of_entry(entry)
    return said is None or said.is_preprint


def _impossible_venue(entry: ReadEntry) -> Iterator[FieldDifference]:
    said = venue_of_entry(entry)
    series = series_of(said)
    if said is None or not series:
        return
    year = said.year or entry.year
    if said.year and entry.year and abs(said.year - entry.year) > 1:
        yield _difference("year", str(entry.year), f"the year is {entry.year}, the venue says {said.year}")
    elif year and not said.is_workshop and not any(one.is_held_in(year) for one in series):
        name = " and ".join(one.name for one in series)
        yield _difference("venue", entry.place, f"there was no {name} in {year}")


def _impossible_doi(entry: ReadEntry) -> Iterator[FieldDifference]:
    if not entry.doi:
        return
    prefix = entry.doi.partition("/")[0]
    said, by_doi = venue_of_entry(entry), venue_of_doi(entry.doi)
    series = series_of(said)
    names = " and ".join(one.name for one in series)
    if int(prefix[3:].partition(".")[0]) >= _NEVER_GIVEN:
        yield _difference("doi", entry.doi, f"no publisher has DOIs with {prefix}")
    elif by_doi and said and series and not said.is_workshop and not are_one(said, by_doi):
        reason = f"{entry.doi} is a DOI of {by_doi.text}, the venue is {said.text}"
        yield _difference("venue", entry.place, reason, by_doi.text, "DOI")
    elif by_doi and by_doi.year and entry.year and by_doi.year != entry.year and not is_journal_name(by_doi):
        reason = f"the year is {entry.year}, {entry.doi} is a DOI of {by_doi.text}"
        yield _difference("year", str(entry.year), reason, str(by_doi.year), "DOI")
    elif series and not by_doi and all(one.publishers and prefix not in one.publishers for one in series):
        usual = ", ".join(sorted({p for one in series for p in one.publishers if p != NO_DOI})) or "no DOI"
        yield _difference("doi", entry.doi, f"papers of {names} have {usual}, not DOIs with {prefix}")
    elif (
        series
        and not by_doi
        and said
        and not said.is_workshop
        and _is_recent(entry)
        and all(one.doi for one in series)
    ):
        yield _difference("doi", entry.doi, f"{entry.doi} is not formed as the DOIs of {names} are")


_FORMED_SINCE: Final = 2012
"""Since then the DOIs of conferences and journals have their present form; ICRA's began with "robot" before."""


def _is_recent(entry: ReadEntry) -> bool:
    return entry.year is not None and entry.year >= _FORMED_SINCE


@cache
def _registrants() -> frozenset[str]:
    lines = _REGISTRANTS.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _difference(
    field: str, given: str, reason: str, expected: str | None = None, source: str = ""
) -> FieldDifference:
    return FieldDifference(field=field, given=given, reason=reason, expected=expected, source=source)


def doubts(entry: ReadEntry, paper: Paper, *, is_placed: bool) -> Iterator[str]:
    """What speaks against an entry that agrees with its record as far as that goes, and settles nothing.

    `is_placed`: where the paper appeared is known.
    """
    prefix = entry.doi.partition("/")[0] if entry.doi else ""
    if entry.doi and entry.doi != paper.doi and prefix.removeprefix("10.") not in _registrants():
        yield f"no publisher of papers is known that has DOIs with {prefix}"
    said = venue_of_entry(entry)
    if is_placed or said is None or said.is_preprint or (said.is_workshop and said.is_known):
        return
    series = series_of(said)
    subjects = ", ".join(paper.categories)
    if series and not any(one.may_have_subjects(paper.categories) for one in series):
        names = " or ".join(one.name for one in series)
        yield f"nothing is known of a publication, and papers of its subjects ({subjects}) do not appear at {names}"
    elif not said.is_known and not entry.doi and not paper.doi and _is_of_computing(entry, said, paper):
        yield f"nothing is known of a publication, and no conference or journal of computing is known as “{said.text}”"


_OF_COMPUTING: Final = regex(
    r"learning|neural|intelligen|\bAI\b|cognit|autonomous|language|comput|data", re.IGNORECASE
)
_KIND: Final = regex(r"\b(?:conference|symposium|workshop|journal|transactions|congress)\b", re.IGNORECASE)


def _is_of_computing(entry: ReadEntry, said: Venue, paper: Paper) -> bool:
    """Whether the table of venues should have a venue: it or the paper is of computing, and its name in full."""
    is_entry = entry.type in {"article", "inproceedings", "conference", "incollection", "proceedings"}
    is_computing = _OF_COMPUTING.search(said.text) or any(
        one.startswith("cs.") for one in paper.categories[:1]
    )
    return is_entry and bool(_KIND.search(said.text)) and bool(is_computing)
