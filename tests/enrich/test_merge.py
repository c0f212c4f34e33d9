"""Merging a record into a paper: what is added, what is replaced, what is never touched."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.enrich.arxiv import ArxivSource
from tracker.enrich.base import Record
from tracker.enrich.merge import merge_record, with_candidates
from tracker.identifiers import Doi, PaperKey
from tracker.models import Paper, Provenance, PublishedCandidate, VenueKind

KEY = PaperKey("arXiv:2301.00001")
NOW = datetime(2026, 11, 22, tzinfo=UTC)
RECORD = Record(
    key=KEY, title="The Title", authors=("Ada Example", "Bob Sample"), published=date(2022, 12, 31),
    updated=date(2023, 5, 1), version=2, categories=("cs.CL", "cs.AI"), venue="J. Examples 7 (2023)",
    doi=Doi("10.1000/7"), comment="10 pages", abstract="What it is.", is_withdrawn=False,
)  # fmt: skip


def merged(paper: Paper, record: Record = RECORD, overrides: frozenset[str] = ArxivSource.overrides) -> Paper:
    return merge_record(paper, record, source="arXiv", retrieved=NOW, overrides=overrides)


def test_a_paper_of_which_only_the_key_is_known() -> None:
    paper = merged(Paper(key=KEY, title=""))
    assert (paper.title, paper.authors, paper.authors_complete) == (RECORD.title, RECORD.authors, True)
    assert (paper.published, paper.year, paper.version) == (date(2022, 12, 31), 2022, 2)
    assert (paper.venue, paper.doi, paper.abstract) == (RECORD.venue, RECORD.doi, RECORD.abstract)
    assert set(paper.provenance) == {
        "title", "authors", "authors_complete", "published", "year", "updated", "version", "categories",
        "venue", "doi", "comment", "abstract",
    }  # fmt: skip
    assert set(map(str, paper.provenance.values())) == {str(Provenance(source="arXiv", retrieved=NOW))}


def test_an_empty_record_changes_nothing() -> None:
    paper = merged(Paper(key=KEY, title="Old"))
    assert merged(paper, Record(key=KEY)) is paper


def test_what_is_replaced_and_what_stays() -> None:
    paper = Paper(
        key=KEY, title="Old title", authors=("A. Example",), year=2023, venue="EXAMPLES 2023",
        doi="10.1000/1", categories=("cs.LG",), aliases=("EX",), cited_in=7,
    )  # fmt: skip
    after = merged(paper)
    assert (after.title, after.authors, after.categories) == (RECORD.title, RECORD.authors, RECORD.categories)
    assert (after.year, after.venue, after.doi) == (2023, "EXAMPLES 2023", "10.1000/1")
    assert (after.aliases, after.cited_in) == (("EX",), 7)
    assert not {"year", "venue", "doi"} & after.provenance.keys()


def test_a_source_that_overrides_nothing_only_fills() -> None:
    paper = Paper(key=KEY, title="Mine", authors=("A. Example",), authors_complete=True)
    after = merged(paper, overrides=frozenset())
    assert (after.title, after.authors) == ("Mine", ("A. Example",))
    assert (after.comment, after.version) == ("10 pages", 2)


def test_the_words_of_the_reader_stand() -> None:
    mine = {field: Provenance(source="user") for field in ("title", "authors", "comment")}
    paper = Paper(key=KEY, title="Mine", authors=("Me",), comment="good", provenance=mine)
    after = merged(paper)
    assert (after.title, after.authors, after.authors_complete, after.comment) == (
        "Mine",
        ("Me",),
        False,
        "good",
    )
    assert after.abstract == "What it is." and after.provenance["title"].source == "user"


def test_an_older_version_replaces_nothing() -> None:
    paper = Paper(key=KEY, title="Renamed", version=3, updated=date(2024, 1, 1))
    after = merged(paper)
    assert (after.title, after.version, after.updated) == ("Renamed", 3, date(2024, 1, 1))
    assert after.authors == RECORD.authors


def test_a_paper_may_be_withdrawn_and_come_back() -> None:
    gone = merged(Paper(key=KEY, title="T"), RECORD.model_copy(update={"is_withdrawn": True}))
    assert gone.is_withdrawn and gone.provenance["is_withdrawn"].source == "arXiv"
    assert not merged(gone, RECORD.model_copy(update={"version": 3})).is_withdrawn


def test_the_doi_of_arxiv_itself_is_none() -> None:
    record = RECORD.model_copy(update={"doi": "10.48550/arxiv.2301.00001"})
    assert merged(Paper(key=KEY, title="T"), record).doi is None


def test_authors_already_known_become_complete() -> None:
    after = merged(Paper(key=KEY, title="T", authors=RECORD.authors))
    assert after.authors_complete and "authors" not in after.provenance


@pytest.mark.parametrize(
    "field", ["title", "authors", "published", "venue", "doi", "comment", "abstract", "categories"]
)
def test_nothing_known_is_cleared(field: str) -> None:
    full = merged(Paper(key=KEY, title=""))
    silent = RECORD.model_copy(update={field: Record.model_fields[field].default})
    assert getattr(merged(full, silent), field) == getattr(full, field)


texts = st.none() | st.sampled_from(["", "a", "b"])
papers = st.builds(
    Paper,
    key=st.just(KEY),
    title=st.sampled_from(["", "a", "b"]),
    authors=st.sampled_from([(), ("A",), ("A", "B")]),
    authors_complete=st.booleans(),
    year=st.none() | st.just(2023),
    version=st.none() | st.integers(1, 3),
    venue=texts,
    doi=texts,
    comment=texts,
    abstract=texts,
    is_withdrawn=st.booleans(),
    provenance=st.dictionaries(st.sampled_from(["title", "authors"]), st.just(Provenance(source="user"))),
)
records = st.builds(
    Record, key=st.just(KEY), title=st.sampled_from(["", "a", "c"]),
    authors=st.sampled_from([(), ("A",), ("C",)]),
    published=st.none() | st.just(date(2022, 12, 31)), updated=st.none() | st.just(date(2023, 1, 1)),
    version=st.none() | st.integers(1, 3), categories=st.just(("cs.CL",)), venue=texts, doi=texts,
    comment=texts, abstract=texts, is_withdrawn=st.none() | st.booleans(),
)  # fmt: skip


@given(papers, records, st.sampled_from([frozenset(), ArxivSource.overrides]))
def test_merging_twice_changes_nothing_more(paper: Paper, record: Record, overrides: frozenset[str]) -> None:
    once = merged(paper, record, overrides)
    assert merged(once, record, overrides) == once
    for field in Paper.model_fields:
        if getattr(once, field) != getattr(paper, field) and field not in ("provenance", "other_values"):
            assert once.provenance[field].source == "arXiv"
            assert getattr(once, field) not in (None, "", ())


# --- publications ------------------------------------------------------------------------------

PUBLICATION = Record(
    key=KEY, title="The Title, as Printed", authors=("A. Example", "B. Sample"), venue="Journal of Examples",
    venue_kind=VenueKind.JOURNAL, venue_year=2024, volume="7", pages="1--9", doi=Doi("10.1000/7"), citations=5,
)  # fmt: skip
KNOWN = Paper(
    key=KEY, title="The Title", authors=("Ada Example", "Bob Sample"), authors_complete=True, year=2023,
    venue="EXAMPLES 2023", version=2,
)  # fmt: skip
OF_PUBLICATIONS = frozenset({"venue", "venue_kind", "venue_year", "volume", "issue", "pages", "publisher"})


def published(paper: Paper, record: Record = PUBLICATION, source: str = "Crossref") -> Paper:
    return merge_record(paper, record, source=source, retrieved=NOW, overrides=OF_PUBLICATIONS)


def said(paper: Paper) -> set[tuple[str, str, str]]:
    return {(one.field, one.value, one.source) for one in paper.other_values}


def test_a_publication_fills_its_fields_and_keeps_the_title_of_the_preprint() -> None:
    after = published(KNOWN)
    assert (after.title, after.published_title) == ("The Title", "The Title, as Printed")
    assert (after.venue, after.venue_kind, after.venue_year) == (
        "Journal of Examples",
        VenueKind.JOURNAL,
        2024,
    )
    assert (after.volume, after.pages, after.doi, after.citations) == ("7", "1--9", "10.1000/7", 5)
    assert after.authors == KNOWN.authors, "initials say nothing else than the names in full"
    assert said(after) == {("venue", "EXAMPLES 2023", "catalogue")}, "what gave way is kept"
    assert after.provenance["venue"] == Provenance(source="Crossref", retrieved=NOW)


def test_another_publication_fills_nothing_and_is_kept_beside() -> None:
    first = published(KNOWN)
    other = PUBLICATION.model_copy(update={"doi": "10.1000/8", "venue": "Other Journal", "issue": "3"})
    after = published(first, other, "DBLP")
    assert (after.doi, after.venue, after.issue) == ("10.1000/7", "Journal of Examples", None)
    assert {("doi", "10.1000/8", "DBLP"), ("venue", "Other Journal", "DBLP")} <= said(after)
    agreed = published(after, PUBLICATION, "DBLP")
    assert not {one for one in said(agreed) if one[2] == "DBLP"}, "it has changed its mind"


def test_the_venue_of_the_catalogue_gives_way_to_one_of_a_source_of_publications() -> None:
    nothing = frozenset[str]()
    filled = merge_record(KNOWN, PUBLICATION, source="DBLP", retrieved=NOW, overrides=nothing)
    assert filled.venue == "Journal of Examples" and ("venue", "EXAMPLES 2023", "catalogue") in said(filled)
    by_arxiv = merge_record(KNOWN, PUBLICATION, source="arXiv", retrieved=NOW, overrides=nothing)
    assert by_arxiv.venue == "EXAMPLES 2023"


def test_fields_of_two_publications_are_not_mixed() -> None:
    nothing = frozenset[str]()
    meeting = PUBLICATION.model_copy(
        update={"doi": None, "venue": "Proc. of Examples", "venue_year": 2023, "pages": None}
    )
    journal = PUBLICATION.model_copy(update={"doi": None})
    first = merge_record(KNOWN, meeting, source="DBLP", retrieved=NOW, overrides=nothing)
    after = merge_record(first, journal, source="OpenAlex", retrieved=NOW, overrides=nothing)
    assert (after.venue, after.venue_year, after.pages) == ("Proc. of Examples", 2023, None)
    assert ("pages", "1--9", "OpenAlex") in said(after)


def test_a_preprint_says_nothing_of_a_publication() -> None:
    after = published(KNOWN, PUBLICATION.model_copy(update={"is_preprint": True}))
    assert (after.venue, after.doi, after.published_title, after.citations) == (
        "EXAMPLES 2023",
        None,
        None,
        5,
    )
    assert said(after) == {("title", "The Title, as Printed", "Crossref")}


def test_other_authors_are_kept_beside_ours() -> None:
    after = published(KNOWN, PUBLICATION.model_copy(update={"authors": ("Ada Example", "Eve Else")}))
    assert after.authors == KNOWN.authors
    assert ("authors", "Ada Example, Eve Else", "Crossref") in said(after)


def test_candidates_are_those_of_the_last_search_and_never_the_paper_itself() -> None:
    def candidate(doi: str, source: str) -> PublishedCandidate:
        return PublishedCandidate(title="T", doi=doi, source=source, doubt="the title differs")

    one, two = candidate("10.1000/7", "Crossref"), candidate("10.1000/9", "DBLP")
    paper = with_candidates(with_candidates(KNOWN, [one]), [two])
    assert paper.candidates == (one, two)
    newer = candidate("10.1000/10", "Crossref")
    assert with_candidates(paper, [newer]).candidates == (two, newer)
    assert with_candidates(published(paper), []).candidates == (two,)
    assert with_candidates(KNOWN, []) is KNOWN


publications = st.builds(
    Record, key=st.just(KEY), title=st.sampled_from(["", "a", "c"]), is_preprint=st.booleans(),
    authors=st.sampled_from([(), ("A B",), ("C D",)]), venue=texts, doi=texts, pages=texts,
    venue_year=st.none() | st.integers(2022, 2023), citations=st.none() | st.integers(0, 1),
)  # fmt: skip


@given(papers, st.lists(publications, max_size=3), st.sampled_from([frozenset(), OF_PUBLICATIONS]))
def test_nothing_known_is_lost(paper: Paper, records: list[Record], overrides: frozenset[str]) -> None:
    """What a field had is still there: as its value, or beside it."""
    after = paper
    for n, record in enumerate(records):
        after = merge_record(after, record, source=f"S{n}", retrieved=NOW, overrides=overrides)
    for field in ("venue", "doi", "pages", "title"):
        known = getattr(paper, field)
        beside = {one.value for one in after.other_values if one.field == field}
        assert not known or getattr(after, field) == known or known in beside
        assert getattr(after, field) not in beside
