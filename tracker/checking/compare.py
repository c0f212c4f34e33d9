"""One entry and one record: which fields of the entry are not what the record says. Pure.

Only what disagrees is a difference; what the record does not know is none. Whether the record is that of the paper
the entry means at all is for `candidates` and `judge` to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from tracker.bibfile import ReadEntry
from tracker.checking.people import compare_authors, joined_or_left, share_authors
from tracker.checking.titles import Relation, relation
from tracker.checking.venues import Series, Venue, read_venue, share_words, venue_of_doi
from tracker.checking.years import Years, first_year, years_of_preprint, years_of_publication
from tracker.identifiers import PaperKey, arxiv_id_of, doi_of, key_of_doi
from tracker.models import FieldDifference, Paper

_SISTERS: Final = tuple(
    frozenset(names.split("|"))
    for names in (
        "SIGGRAPH|SIGGRAPH Asia|TOG",
        "ACL|Findings of ACL|IJCNLP",
        "EMNLP|Findings of EMNLP|IJCNLP",
        "AACL|IJCNLP",
        "ACL|TACL",
        "EMNLP|TACL",
        "NAACL|TACL",
        "COLING|LREC",
        "ECML PKDD|MLJ",
        "IJCAI|ECAI",
        "ICRA|RA-L",
        "IROS|RA-L",
        "SIGMOD|Proceedings of the ACM on Management of Data",
        "NeurIPS|JMLR",
        "NeurIPS|TMLR",
        "ICML|TMLR",
        "ICLR|TMLR",
    )
)
"""Series that publish each other's papers, or that are held together, so that people name either."""
_JOURNAL_WORDS: Final = """
    journal transactions academy communications letters review annals bulletin magazine trans. lett. rev. j. surveys
"""
_WITH_PLACE: Final = frozenset({"article", "inproceedings", "conference", "incollection", "proceedings"})
"""Types of entries whose journal or book is where the paper appeared."""
_CONTAINERS: Final = frozenset({"PMLR", "LNCS"})
"""Book series that hold the proceedings of many conferences."""


class Comparison(NamedTuple):
    """What came of comparing an entry with a record."""

    paper: Paper
    source: str
    title: Relation
    shared: float | None
    """The part of the entry's authors that the record has; None where either has none."""
    has_id: bool
    """Whether an identifier of the entry is this record's."""
    differences: tuple[FieldDifference, ...]
    notes: tuple[str, ...] = ()
    confirmed: frozenset[str] = frozenset()
    """Fields of which the record has the very value of the entry."""

    @property
    def is_settled(self) -> bool:
        """Whether two of title, authors and identifier say that the entry means this paper."""
        is_by_title = self.title in {Relation.SAME, Relation.MAIN, Relation.BEGINNING}
        is_by_authors = self.shared is not None and self.shared >= ENOUGH_AUTHORS
        return is_by_title + is_by_authors + self.has_id >= 2


ENOUGH_AUTHORS: Final = 0.5
"""The part of the authors of an entry that a record has at least where both are of one paper."""


def compare(entry: ReadEntry, paper: Paper, source: str, where: str = "") -> Comparison:
    """The fields of an entry that differ from a record; `where` names it in reasons, else its key does."""
    where = where or paper.key
    title = relation(entry.title, paper.title) if entry.title else Relation.SAME
    if title not in {Relation.SAME, Relation.MAIN} and paper.published_title:
        title = min(title, relation(entry.title, paper.published_title), key=list(Relation).index)
    shared = share_authors(entry.authors, paper.authors)
    own = keys_of(paper)
    has_id = any(key in own for _, key in entry.identifiers)
    known = venue_of_paper(paper)
    found = [
        *_title_differs(entry, paper, title, where),
        *_authors_differ(entry, paper, where),
        *_venue_differs(entry, paper, known, where),
        *_year_differs(entry, paper, known, where),
        *_identifiers_differ(entry, paper, where),
    ]
    notes = tuple(_notes(entry, paper, known, are_authors_told=any(one.field == "author" for one in found)))
    confirmed = _confirmed(entry, paper, title, known) - {one.field for one in found}
    result = Comparison(paper, source, title, shared, has_id, tuple(found), notes, confirmed)
    if result.is_settled:
        is_elsewhere = any(one.field == "venue" and not _may_be_written(one, result) for one in found)
        sure = tuple(
            one.model_copy(
                update={
                    "is_sure": _may_be_written(one, result) and not (is_elsewhere and one.field == "year")
                }
            )
            for one in found
        )
        result = result._replace(differences=sure)
    return result


def keys_of(paper: Paper) -> frozenset[PaperKey]:
    """The keys by which an entry may name a record: its own, and that of its DOI."""
    keyed = key_of_doi(paper.doi) if paper.doi else None
    return frozenset((paper.key, keyed[0]) if keyed else (paper.key,))


def claims(entry: ReadEntry) -> frozenset[str]:
    """The fields in which an entry says more of a paper than who wrote it and when: where it appeared, and its ids."""
    said = venue_of_entry(entry)
    is_placed = said is not None and not said.is_preprint and entry.type in _WITH_PLACE
    fields = {field for field, _ in entry.identifiers if field not in {"url", "ee"}}
    return frozenset(fields | ({"venue"} if is_placed else set()))


def _confirmed(entry: ReadEntry, paper: Paper, title: Relation, known: Venue | None) -> frozenset[str]:
    """Fields that a record can confirm, if it does not speak against them."""
    said = venue_of_entry(entry)
    own = keys_of(paper)
    fields = {field for field, key in entry.identifiers if key in own}
    if title is Relation.SAME:
        fields.add("title")
    if paper.authors_complete and share_authors(entry.authors, paper.authors):
        fields.add("author")
    is_named_so = known and not known.is_known and known.text and share_words(entry.place, known.text)
    if said and known and (is_named_so or (known.is_known and are_one(said, known))):
        fields.add("venue")
    if entry.year and entry.year in {known.year if known else None, first_year(paper)}:
        fields.add("year")
    return frozenset(fields)


def _may_be_written(one: FieldDifference, of: Comparison) -> bool:
    """Whether a correction is sure, the paper being settled by what else agrees.

    Versions have different authors; these are corrected only where the entry names the record by its id. Where a
    paper appeared  the catalogue knows from lists that people keep, and papers appear at workshops before;
    only a DOI and the services are sure enough of that.
    """
    if one.expected is None:
        return False
    is_by_title = of.title is Relation.SAME
    is_by_authors = of.shared is not None and of.shared == 1.0
    if one.field == "title":
        return of.has_id and is_by_authors and of.title is Relation.NEAR
    if one.field == "author":
        return is_by_title and of.has_id and of.paper.authors_complete
    if one.field == "venue":
        is_told = one.source == "DOI" or of.source != "catalogue"
        return is_by_title and is_by_authors and is_told and read_venue(one.expected).is_known
    return (is_by_title and is_by_authors) or (of.has_id and (is_by_title or is_by_authors))


# --- title and authors -----------------------------------------------------------------------------------


def _title_differs(entry: ReadEntry, paper: Paper, title: Relation, where: str) -> Iterator[FieldDifference]:
    if title in {Relation.NEAR, Relation.OTHER}:
        yield FieldDifference(
            field="title",
            given=entry.title,
            expected=paper.title,
            source=paper.key,
            reason=f"the title is “{paper.title}” ({where})",
        )


def _authors_differ(entry: ReadEntry, paper: Paper, where: str) -> Iterator[FieldDifference]:
    differs = compare_authors(
        entry.authors, paper.authors, has_others=entry.has_others, is_complete=paper.authors_complete
    )
    if differs:
        yield FieldDifference(
            field="author",
            given=" and ".join(entry.authors) + (" and others" if entry.has_others else ""),
            expected=" and ".join(paper.authors) + ("" if paper.authors_complete else " and others"),
            source=paper.key,
            reason=f"{differs.reason} ({where})",
        )


# --- venue ---------------------------------------------------------------------------------------------------


def venue_of_paper(paper: Paper) -> Venue | None:
    """Where a paper appeared: as the record says, else as its DOI tells; None where neither does."""
    by_doi = venue_of_doi(paper.doi) if paper.doi else None
    if not paper.venue:
        return by_doi
    told = read_venue(paper.venue)
    if told.is_preprint:
        return by_doi
    year = paper.venue_year or told.year or (by_doi.year if by_doi and by_doi.names & told.names else None)
    return told._replace(year=year)


def venue_of_entry(entry: ReadEntry) -> Venue | None:
    """Where an entry says that its paper appeared; None where it names no place."""
    return read_venue(entry.place) if entry.place else None


def are_one(one: Venue, other: Venue) -> bool:
    """Whether two venues may be one: the same series, or series that publish each other's papers."""
    if one.names & other.names or not one.names - _CONTAINERS or not other.names - _CONTAINERS:
        return bool(one.names & other.names) or bool(one.names and other.names) or one.text == other.text
    return any(one.names & sisters and other.names & sisters for sisters in _SISTERS)


def _venue_differs(
    entry: ReadEntry, paper: Paper, known: Venue | None, where: str
) -> Iterator[FieldDifference]:
    said = venue_of_entry(entry)
    if said is None or said.is_preprint or known is None or (said.is_workshop and said.is_known):
        return
    if not known.is_known and (known.is_preprint or share_words(said.text, known.text)):
        return
    by_doi = venue_of_doi(paper.doi) if paper.doi else None
    if are_one(said, known) or (by_doi and are_one(said, by_doi)):
        return
    if not paper.venue and not _excludes(known, said):
        return
    told = known.text if paper.venue else f"its DOI {paper.doi} is of {known.text}"
    yield FieldDifference(
        field="venue",
        given=entry.place,
        expected=known.text,
        source=paper.key if paper.venue else "DOI",
        reason=f"it appeared at {told} ({where})" if paper.venue else f"{told} ({where})",
    )


def _excludes(known: Venue, said: Venue) -> bool:
    """Whether a paper whose DOI tells one venue did not also appear at the other: conferences and journals may
    publish two versions of one paper, two conferences do not."""
    return said.is_known and not _is_journal(known) and not _is_journal(said)


def is_journal_name(venue: Venue) -> bool:
    """Whether a venue is a journal, as far as its name tells."""
    return _is_journal(venue)


def _is_journal(venue: Venue) -> bool:
    text = " ".join((venue.text, *(one.long for one in venue.series))).lower()
    return any(one.is_journal for one in venue.series) or any(word in text for word in _JOURNAL_WORDS.split())


# --- year --------------------------------------------------------------------------------------------------


def _year_differs(
    entry: ReadEntry, paper: Paper, known: Venue | None, where: str
) -> Iterator[FieldDifference]:
    years = years_allowed(entry, paper, known) if entry.year else None
    said = venue_of_entry(entry)
    if said and known and said.year == known.year and entry.year == first_year(paper):
        return  # as Semantic Scholar writes it: the venue with its year, and the year of the first version
    if years and entry.year and not years.allow(entry.year):
        yield FieldDifference(
            field="year",
            given=str(entry.year),
            expected=str(years.expected) if years.expected else None,
            source=paper.key,
            reason=f"the year is {entry.year}, {years.why} ({where})",
        )


def years_allowed(entry: ReadEntry, paper: Paper, known: Venue | None) -> Years | None:
    """The years that an entry for a paper may give, by what it says that it cites."""
    said = venue_of_entry(entry)
    preprint = years_of_preprint(paper)
    published = known.year if known else None
    if said is None or (said.is_preprint and not said.names):  # a submission is of its conference's year
        if said is None and preprint is not None and not (arxiv_id_of(paper.key) and entry.arxiv_id):
            last = max(preprint.last + 2, published or 0)
            return preprint._replace(first=preprint.first - 1, last=last, expected=None)
        further = frozenset({published} if published else ())
        return preprint._replace(further=preprint.further | further) if preprint else None
    if known and published and not said.is_workshop and (paper.venue or are_one(said, known)):
        return years_of_publication(paper, published, is_journal=_is_journal(known))
    return years_of_publication(paper, None, is_journal=_is_journal(said) or entry.type == "article")


# --- identifiers -------------------------------------------------------------------------------------------


def _identifiers_differ(entry: ReadEntry, paper: Paper, where: str) -> Iterator[FieldDifference]:
    own = arxiv_id_of(paper.key)
    told: set[str] = set()
    for field, key in entry.identifiers:
        other = arxiv_id_of(key)
        is_link = field in {"url", "ee"}  # which may lead to another paper's page, as that of a reply
        if own and other and other != own and (not is_link or other in told):
            told.add(other)
            yield FieldDifference(
                field=field,
                given=other,
                expected=own,
                source=paper.key,
                reason=f"arXiv:{other} is not its id, which is {own} ({where})",
            )
    mine = paper.doi or doi_of(paper.key)
    if entry.doi and mine and entry.doi != mine.lower() and not _are_versions(entry, entry.doi, mine):
        yield FieldDifference(
            field="doi",
            given=entry.doi,
            expected=mine,
            source=paper.key,
            reason=f"its DOI is {mine} ({where})",
        )


def _are_versions(entry: ReadEntry, given: str, mine: str) -> bool:
    """Whether two DOIs may be of two publications of one paper: the entry's own venue is that of its DOI, and the
    other one is of another venue."""
    said, by_doi, other = venue_of_entry(entry), venue_of_doi(given), venue_of_doi(mine)
    if by_doi is None or said is None or not are_one(said, by_doi):
        return False
    return other is None or not are_one(by_doi, other)


def _notes(entry: ReadEntry, paper: Paper, known: Venue | None, *, are_authors_told: bool) -> Iterator[str]:
    said = venue_of_entry(entry)
    if paper.authors_complete and entry.authors and not are_authors_told:
        more, fewer = joined_or_left(entry.authors, paper.authors, has_others=entry.has_others)
        if more:
            yield f"the record has further authors: {', '.join(more)}"
        if fewer:
            yield f"the record has not: {', '.join(fewer)}"
    if paper.is_withdrawn:
        yield "it was withdrawn"
    if known and paper.venue and (said is None or said.is_preprint):
        yield f"published: {paper.venue}" + (f", doi {paper.doi}" if paper.doi and not entry.doi else "")
    if said and said.is_workshop and said.is_known and known and known.is_known:
        yield f"the workshop is not checked; the record says {known.text}"


def series_of(venue: Venue | None) -> tuple[Series, ...]:
    """The series that a venue names, book series left out."""
    return tuple(one for one in venue.series if one.name not in _CONTAINERS) if venue else ()
