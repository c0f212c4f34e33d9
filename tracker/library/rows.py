"""Rows and models: what is stored of a document, a paper and a link, and the models made of it again. Pure.

A stored text is what SQLite takes; a stored moment is ISO 8601 in UTC; a structure is JSON of a model. What
no model can be made of raises ValueError, TypeError or KeyError, for the caller to name the file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Final, NamedTuple

from tracker.identifiers import PaperKey
from tracker.keys import title_key
from tracker.library.changes import doi_of_paper
from tracker.models import Document, Link, Paper, StoredDocument

_MENTION = ("kind", "surface", "start", "end", "line", "version", "support")
_DECISION = ("paper", "title", "confidence", "role", "salience", "reason")
LINK_COLUMNS: Final = (*_MENTION, "mention_key", *_DECISION, "evidence", "alternatives")
"""The columns of a row of `links` after `document` and `position`."""


class DocumentFacts(NamedTuple):
    """What is kept of a document's own content."""

    sha256: str
    title: str
    language: str
    written: str | None


def document_facts(document: Document) -> DocumentFacts:
    """What is kept of a document; its identity is worked out where it brings none."""
    content = document.sha256 or hashlib.sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest()
    written = document.written.isoformat() if document.written else None
    return DocumentFacts(content, storable(document.title), document.language, written)


def document_of(names: Sequence[str], facts: DocumentFacts, added: str, updated: str) -> StoredDocument:
    """The stored document of a row and of its names, the first of which it goes by."""
    return StoredDocument(
        name=names[0],
        further_names=tuple(names[1:]),
        sha256=facts.sha256,
        title=facts.title,
        language=facts.language,
        written=date.fromisoformat(facts.written) if facts.written else None,
        added=datetime.fromisoformat(added),
        updated=datetime.fromisoformat(updated),
    )


def paper_columns(paper: Paper) -> tuple[str | None, str, str]:
    """DOI, title key and record of a paper."""
    return (
        doi_of_paper(paper),
        title_key(paper.title),
        _json(paper.model_dump(mode="json", exclude_defaults=True)),
    )


def paper_of(record: str) -> Paper:
    """The paper of a stored record."""
    return Paper.model_validate(json.loads(record))


def link_row(link: Link, paper: PaperKey | None) -> tuple[object, ...]:
    """The row of a link, in the order of `LINK_COLUMNS`; `paper` is the key under which its paper is stored.

    The document's name is not in it, nor are rows of the catalogue: those are other ones in the next.
    """
    mention = link.mention
    return (
        mention.kind.value,
        storable(mention.surface),
        mention.start,
        mention.end,
        mention.line,
        mention.version,
        storable(mention.support),
        mention.key,
        paper,
        None if link.title is None else storable(link.title),
        link.confidence,
        link.role.value,
        link.salience,
        storable(link.reason),
        _json([evidence.model_dump(mode="json") for evidence in link.evidence]),
        _json([alternative.model_dump(mode="json") for alternative in link.alternatives]),
    )


def link_of(document: str, row: Sequence[Any]) -> Link:
    """The link of a row in the order of `LINK_COLUMNS`, in the document of that name."""
    value = dict(zip(LINK_COLUMNS, row, strict=True))
    mention = {"document": document, "key": value["mention_key"]} | {name: value[name] for name in _MENTION}
    decision = {name: value[name] for name in _DECISION}
    lists = {name: json.loads(value[name]) for name in ("evidence", "alternatives")}
    return Link.model_validate({"mention": mention, **decision, **lists})


def stamp(now: datetime) -> str:
    """A moment as it is stored: UTC, whole seconds, so that text sorts as time does."""
    if now.tzinfo is None:
        raise ValueError("the time has no time zone")
    return now.astimezone(UTC).isoformat(timespec="seconds")


def _json(value: object) -> str:
    return storable(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def storable(text: str) -> str:
    """Text that SQLite takes: lone surrogates (from file names that are not UTF-8) written as escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
