"""A record of a source merged into a paper. Pure; merging the same record twice changes nothing more."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tracker.enrich.base import Record
from tracker.models import Paper, Provenance

ARXIV_DOI_PREFIX = "10.48550/"
"""DataCite's prefix for arXiv itself. Such a DOI names the preprint, which its arXiv id already does."""

_FIELDS = ("title", "published", "updated", "version", "categories", "venue", "doi", "comment", "abstract")


def merge_record(
    paper: Paper, record: Record, *, source: str, retrieved: datetime, overrides: frozenset[str] = frozenset()
) -> Paper:
    """The paper with what the record adds; every field it changes says where it comes from, and when.

    What is known is never cleared, only replaced, and replaced only in the fields that the source
    `overrides`, by a record not older than the version known, and never where the reader wrote it.
    A known year stays, even where the first version is of another one (ids of January are often of
    papers sent in December): citation keys are made from it.

    Args:
        source: name for the provenance.
        retrieved: when the source was asked (aware, UTC).
    """
    is_older = bool(record.version and paper.version and record.version < paper.version)
    changes: dict[str, Any] = {}

    def offer(field: str, value: object, *, is_known: bool) -> None:
        origin = paper.provenance.get(field)
        is_fixed = (is_known and (field not in overrides or is_older)) or (origin and origin.source == "user")
        if value not in (None, "", ()) and not is_fixed and value != getattr(paper, field):
            changes[field] = value

    for field in _FIELDS:
        value = getattr(record, field)
        if field == "doi" and value and value.startswith(ARXIV_DOI_PREFIX):
            continue
        offer(field, value, is_known=getattr(paper, field) not in (None, "", ()))
    offer("authors", record.authors, is_known=paper.authors_complete)
    offer("is_withdrawn", record.is_withdrawn, is_known=paper.version is not None)
    offer("year", record.published.year if record.published else None, is_known=paper.year is not None)
    if record.authors and changes.get("authors", paper.authors) == record.authors:
        offer("authors_complete", True, is_known=False)
    if not changes:
        return paper
    mark = Provenance(source=source, retrieved=retrieved)
    provenance = paper.provenance | dict.fromkeys(changes, mark)
    return paper.model_copy(update=changes | {"provenance": provenance})
