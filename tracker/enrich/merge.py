"""A record of a source merged into a paper. Pure; merging the same record twice changes nothing more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tracker.enrich.base import Record
from tracker.enrich.published import are_same_authors
from tracker.identifiers import arxiv_id_of
from tracker.keys import title_key
from tracker.models import OtherValue, Paper, Provenance, PublishedCandidate

ARXIV_DOI_PREFIX = "10.48550/"
"""DataCite's prefix for arXiv itself. Such a DOI names the preprint, which its arXiv id already does."""
CATALOGUE = "catalogue"
"""The source of what has no provenance."""
NOT_OF_PUBLICATIONS = (CATALOGUE, "arXiv", "user")
"""Sources whose word on where a paper appeared is somebody's note: a name of the venue, and no more."""

_PREPRINT = ("title", "published", "updated", "version", "categories", "comment", "abstract", "citations")
_PUBLICATION = ("venue", "doi", "venue_kind", "venue_year", "volume", "issue", "pages", "publisher")
_NOTHING = (None, "", ())


def merge_record(
    paper: Paper, record: Record, *, source: str, retrieved: datetime, overrides: frozenset[str] = frozenset()
) -> Paper:
    """The paper with what the record adds; every field it changes says where it comes from, and when.

    What is known is never cleared, only replaced, and replaced only in the fields that the source
    `overrides`, by a record not older than the version known, and never where the reader wrote it. What a
    source says otherwise is kept in `other_values`, and so is what gave way to it.
    A known year stays, even where the first version is of another one (ids of January are often of
    papers sent in December): citation keys are made from it.

    The fields of the publication belong together: a record of another publication than the known one fills
    none of them. A venue that only the catalogue or arXiv names gives way to one that a source of publications
    tells.

    Args:
        source: name for the provenance.
        retrieved: when the source was asked (aware, UTC).
    """
    is_older = bool(record.version and paper.version and record.version < paper.version)
    changes: dict[str, Any] = {}

    def offer(field: str, value: object, *, is_known: bool) -> None:
        origin = paper.provenance.get(field)
        if field == "citations" and origin and origin.source != source:
            return  # services count differently: a count grows only by the word of the same one
        if field == "is_withdrawn" and paper.is_withdrawn and origin and origin.source != source:
            return  # what one has taken back is for nobody else to say
        is_fixed = (is_known and (field not in overrides or is_older)) or (origin and origin.source == "user")
        if value not in _NOTHING and not is_fixed and value != getattr(paper, field):
            changes[field] = value

    is_of_preprint = bool(record.doi and record.doi.startswith(ARXIV_DOI_PREFIX))
    doi = None if is_of_preprint or _is_disowned(paper, record.doi) else record.doi
    is_other = _is_other_publication(paper, record, doi) and "doi" not in overrides
    if record.venue and is_publication(source) and not _is_venue_told(paper):
        overrides |= {"venue"}
    for field in _PREPRINT if is_other or record.is_preprint else (*_PREPRINT, *_PUBLICATION):
        value = doi if field == "doi" else getattr(record, field)
        offer(field, value, is_known=getattr(paper, field) not in _NOTHING)
    offer("authors", record.authors, is_known=paper.authors_complete)
    offer("is_withdrawn", record.is_withdrawn, is_known=paper.version is not None)
    offer("year", _year(paper, record), is_known=paper.year is not None)
    if record.authors and changes.get("authors", paper.authors) == record.authors:
        offer("authors_complete", True, is_known=False)
    if is_publication(source) and record.venue and not record.is_preprint and not is_other:
        title = changes.get("title", paper.title)
        if title and record.title and title_key(title) != title_key(record.title):
            offer("published_title", record.title, is_known=paper.published_title is not None)
    mark = Provenance(source=source, retrieved=retrieved)
    if changes:
        marks = dict.fromkeys(changes, mark)
        after = paper.model_copy(update=changes | {"provenance": paper.provenance | marks})
    else:
        after = paper
    others = _other_values(paper, after, record, mark)
    return after if others == paper.other_values else after.model_copy(update={"other_values": others})


def with_candidates(paper: Paper, candidates: Iterable[PublishedCandidate]) -> Paper:
    """The paper with these candidates for its published version, in place of earlier ones of their sources.

    A DOI that is the paper's own by now is no candidate any more.
    """
    fresh = tuple(candidates)
    sources = {one.source for one in fresh}
    kept = (*(one for one in paper.candidates if one.source not in sources), *fresh)
    left = tuple(one for one in kept if not (one.doi and one.doi == paper.doi))
    return paper if left == paper.candidates else paper.model_copy(update={"candidates": left})


def without_doi_of(paper: Paper, record: Record) -> Paper:
    """The paper without its DOI, where that is the DOI of a record of another paper.

    Authors paste the wrong one into arXiv's form. It stays among the other values, so that it is shown, and is not
    taken again from those who say the same. A DOI that the reader wrote stays, and so does that of a paper whose
    authors are not known.
    """
    origin = paper.provenance.get("doi") or Provenance(source=CATALOGUE)
    is_doubtful = not paper.doi or paper.doi != record.doi or not (paper.authors and record.authors)
    if is_doubtful or origin.source == "user":
        return paper
    disowned = OtherValue(
        field="doi", value=_words(paper.doi), source=origin.source, retrieved=origin.retrieved
    )
    others = (*(one for one in paper.other_values if one.field != "doi"), disowned)
    marks = {field: mark for field, mark in paper.provenance.items() if field != "doi"}
    return paper.model_copy(update={"doi": None, "provenance": marks, "other_values": others})


def _is_disowned(paper: Paper, doi: str | None) -> bool:
    """Whether a DOI was found to be another paper's: a paper without one has others for no other reason."""
    return not paper.doi and any(one.field == "doi" and one.value == doi for one in paper.other_values)


def _year(paper: Paper, record: Record) -> int | None:
    """The year of the first version: of a paper that is none of arXiv's, the publication is the first."""
    if record.published:
        return record.published.year
    return None if arxiv_id_of(paper.key) else record.venue_year


def is_publication(source: str) -> bool:
    """Whether a source of this name knows where papers appeared."""
    return source not in NOT_OF_PUBLICATIONS


def _is_venue_told(paper: Paper) -> bool:
    origin = paper.provenance.get("venue")
    return origin is not None and is_publication(origin.source)


def _is_other_publication(paper: Paper, record: Record, doi: str | None) -> bool:
    """Whether the record is of another publication than the known one, as a journal's of a conference paper."""
    if doi and paper.doi:
        return doi != paper.doi
    if not (_is_venue_told(paper) and record.venue and paper.venue):
        return False
    is_same_venue = _letters(record.venue) == _letters(paper.venue)
    return not is_same_venue and record.venue_year != paper.venue_year


# --- what sources say otherwise ----------------------------------------------------------------

_COMPARED = ("title", "authors", "published", *_PUBLICATION)
"""Fields of which there is one truth; a count or a version merely grows old."""


def _other_values(before: Paper, after: Paper, record: Record, mark: Provenance) -> tuple[OtherValue, ...]:
    """The other values that were known, those that gave way, and those of the record that did not prevail."""
    found = {(one.field, one.source): one for one in before.other_values}
    for field in _COMPARED:
        chosen, known, said = getattr(after, field), getattr(before, field), getattr(record, field)
        if field == "title" and after.published_title == said:
            said = None  # it has a field of its own
        if field in _PUBLICATION and record.is_preprint:
            said = None
        if said in _NOTHING or said == chosen:
            found.pop((field, mark.source), None)
        elif not _means_the_same(field, said, chosen):
            found[field, mark.source] = OtherValue(
                field=field, value=_words(said), source=mark.source, retrieved=mark.retrieved
            )
        is_part = field == "authors" and not before.authors_complete  # the first few of them say nothing else
        if (
            known not in _NOTHING
            and known != chosen
            and not is_part
            and not _means_the_same(field, known, chosen)
        ):
            origin = before.provenance.get(field) or Provenance(source=CATALOGUE)
            if origin.source != mark.source:
                found[field, origin.source] = OtherValue(
                    field=field, value=_words(known), source=origin.source, retrieved=origin.retrieved
                )
    chosen_words = {field: _words(getattr(after, field)) for field in _COMPARED}
    return tuple(one for one in found.values() if one.value != chosen_words[one.field])


def _means_the_same(field: str, one: Any, other: Any) -> bool:
    if other in _NOTHING:
        return False
    if field == "title":
        return title_key(one) == title_key(other)
    if field == "authors":
        return are_same_authors(one, other)
    if field in ("venue", "publisher", "pages"):
        return _letters(one) == _letters(other)
    return bool(one == other)


def _letters(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())


def _words(value: Any) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)
