"""What `Library.add` writes, in rows: documents and their names, papers under their keys, links.

In come plain tuples in the order of the columns; every function runs inside the caller's transaction and
changes nothing where nothing is new, time stamps included.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from tracker.identifiers import PaperKey
from tracker.library.changes import Settled
from tracker.library.database import Database
from tracker.library.rows import LINK_COLUMNS, DocumentFacts
from tracker.models import DocumentChange

STANDARD_INPUT: Final = "-"
"""The location of what came through standard input: it names no file, so content alone tells it apart."""

_LINK_COLUMNS: Final = ", ".join(f'"{column}"' for column in LINK_COLUMNS)


def place_document(
    database: Database, facts: DocumentFacts, name: str, location: str, stamp: str
) -> tuple[int, DocumentChange]:
    """The row of a document, made or changed as its content and its location ask.

    Content decides first: the same content is the same document, wherever it lies. Known content at a new
    location only adds a name. New content at a known location replaces what stood there, unless that also
    lies elsewhere, unchanged; then the two part ways.
    """
    known = _one(database, "SELECT id FROM documents WHERE sha256 = ?", facts.sha256)
    holder = None
    if location != STANDARD_INPUT:
        holder = _one(database, "SELECT document FROM document_names WHERE location = ?", location)
    if known is not None and (known == holder or location == STANDARD_INPUT):
        return known, DocumentChange.UNCHANGED
    if known is None and holder is not None and _count_names(database, holder) == 1:
        database.write(
            "UPDATE documents SET sha256 = ?, title = ?, language = ?, written = ?, updated = ? WHERE id = ?",
            *facts,
            stamp,
            holder,
        )
        return holder, DocumentChange.UPDATED
    if known is None:
        document = _insert_document(database, facts, stamp)
        change = DocumentChange.NEW
    else:
        document = known
        change = DocumentChange.FURTHER_NAME
    if holder is not None:
        _take_name(database, holder, location)
    database.write(
        "INSERT INTO document_names (document, name, location) VALUES (?, ?, ?)", document, name, location
    )
    return document, change


def replace_facts(database: Database, document: int, facts: DocumentFacts, location: str) -> bool:
    """Keep what is told of known content today (a better reader may tell more); whether it is something else.

    Only under its first name: another copy may be dated otherwise, and must not change it back and forth.
    """
    first = _one(database, "SELECT min(id) FROM document_names WHERE document = ?", document)
    if _one(database, "SELECT id FROM document_names WHERE id = ? AND location = ?", first, location) is None:
        return False
    _, title, language, written = facts
    changed = database.write(
        "UPDATE documents SET title = ?1, language = ?2, written = ?3"
        " WHERE id = ?4 AND (title, language, coalesce(written, '')) <> (?1, ?2, coalesce(?3, ''))",
        title,
        language,
        written,
        document,
    )
    return changed > 0


def put_paper(database: Database, settled: Settled, columns: tuple[str | None, str, str], stamp: str) -> None:
    """Write one settled paper; `columns` are its DOI, title key and record.

    The reader's states stay with it where its key becomes another, and come together where two records turn
    out to be one paper.
    """
    key = settled.paper.key
    if not settled.stored:
        database.write(
            "INSERT INTO papers (key, doi, title_key, record, added, updated) VALUES (?, ?, ?, ?, ?, ?)",
            key,
            *columns,
            stamp,
            stamp,
        )
    elif key not in settled.stored:
        database.write(
            "INSERT INTO papers (key, doi, title_key, record, added, updated)"
            " SELECT ?, doi, title_key, record, added, updated FROM papers WHERE key = ?",
            key,
            settled.stored[0],
        )
    for gone in settled.stored:
        if gone != key:
            _absorb_paper(database, key, gone)
    if settled.is_changed:
        database.write(
            "UPDATE papers SET doi = ?, title_key = ?, record = ?, updated = ? WHERE key = ?",
            *columns,
            stamp,
            key,
        )
    database.write_many(
        "INSERT INTO other_keys (other, paper) VALUES (?, ?)"
        " ON CONFLICT (other) DO UPDATE SET paper = excluded.paper WHERE paper <> excluded.paper",
        [(other, key) for other in settled.other_keys],
    )


def replace_links(database: Database, document: int, links: Sequence[tuple[object, ...]]) -> bool:
    """Make these the links of a document, in this order; whether they are others than before."""
    before = database.rows(
        f"SELECT {_LINK_COLUMNS} FROM links WHERE document = ? ORDER BY position", document
    )
    if before == list(links):
        return False
    database.write("DELETE FROM links WHERE document = ?", document)
    marks = ", ".join("?" * (2 + len(LINK_COLUMNS)))
    database.write_many(
        f"INSERT INTO links (document, position, {_LINK_COLUMNS}) VALUES ({marks})",
        [(document, position, *link) for position, link in enumerate(links)],
    )
    return True


def replace_aliases(database: Database, document: int, aliases: Iterable[tuple[str, PaperKey]]) -> bool:
    """Make these the short names learned from a document; whether they are others than before."""
    wanted = sorted(set(aliases))
    before = database.rows(
        "SELECT alias, paper FROM learned_aliases WHERE document = ? ORDER BY alias, paper", document
    )
    if before == wanted:
        return False
    database.write("DELETE FROM learned_aliases WHERE document = ?", document)
    database.write_many(
        "INSERT INTO learned_aliases (document, alias, paper) VALUES (?, ?, ?)",
        [(document, *alias) for alias in wanted],
    )
    return True


def _one(database: Database, sql: str, *values: object) -> int | None:
    rows = database.rows(sql, *values)
    return int(rows[0][0]) if rows else None


def _count_names(database: Database, document: int) -> int:
    return _one(database, "SELECT count(*) FROM document_names WHERE document = ?", document) or 0


def _insert_document(database: Database, facts: DocumentFacts, stamp: str) -> int:
    database.write(
        "INSERT INTO documents (sha256, title, language, written, added, updated) VALUES (?, ?, ?, ?, ?, ?)",
        *facts,
        stamp,
        stamp,
    )
    return int(database.rows("SELECT last_insert_rowid()")[0][0])


def _take_name(database: Database, document: int, location: str) -> None:
    """Take a location from a document; one that lies nowhere any more goes, with its links."""
    database.write("DELETE FROM document_names WHERE location = ?", location)
    if _count_names(database, document) == 0:
        database.write("DELETE FROM documents WHERE id = ?", document)


def _absorb_paper(database: Database, key: str, gone: str) -> None:
    """Let one row take over everything that hangs on another, which goes."""
    database.write(
        "UPDATE papers SET"
        " added = min(added, (SELECT added FROM papers WHERE key = ?1)),"
        " read_on = coalesce(read_on, (SELECT read_on FROM papers WHERE key = ?1)),"
        " dropped = coalesce(dropped, (SELECT dropped FROM papers WHERE key = ?1))"
        " WHERE key = ?2",
        gone,
        key,
    )
    for table in ("links", "answers", "other_keys"):
        database.write(f"UPDATE {table} SET paper = ? WHERE paper = ?", key, gone)
    for table in ("tags", "learned_aliases", "bib_keys"):
        database.write(f"UPDATE OR IGNORE {table} SET paper = ? WHERE paper = ?", key, gone)
    for table in ("tags", "learned_aliases"):  # what both had; a BibTeX key stays taken, it was given away
        database.write(f"DELETE FROM {table} WHERE paper = ?", gone)
    database.write("DELETE FROM other_keys WHERE other = ?", key)
    database.write("DELETE FROM papers WHERE key = ?", gone)
