"""The reader's library: what was read, which papers it cites, and what the reader thinks of them.

Models come in and go out; the rows between never leave this room (`rows.py` makes them, `adding.py` writes
those of a document). One SQLite file holds everything; the text of documents is not kept.

Schema 2 (migrations/). Times are ISO 8601 in UTC, days ISO 8601, structures JSON.

| table | one row for each | columns worth a word |
|---|---|---|
| documents | content (`sha256` of its text) | `added` first seen, `updated` last changed |
| document_names | place where a content lies | `name` as the user wrote it, `location` what tells it apart: one content at a time lies there, except at "-", standard input |
| papers | paper | `key` canonical; `doi` also where it is in the key; `title_key` from `tracker.keys.title_key` (should that function change, a migration makes the column again); `record` a `Paper`, defaults left out; `checked` when the services were last asked about it, null: never; `read_on` and `dropped` are the reader's, null: no |
| other_keys | further key of a paper | `other` -> `paper` |
| tags | tag of a paper | the reader's |
| links | mention in a document | `position` in document order; `mention_key` and `version` as written there; `paper` null: none settled; `evidence`, `alternatives` lists of models |
| learned_aliases | short name of a paper in a document | |
| answers | question that the reader settled | `paper` null: none of them |
| bib_keys | BibTeX key that was given out | unique whatever the case, never given to another paper |
"""  # noqa: E501 (a table)

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from tracker.errors import LibraryError
from tracker.identifiers import PaperKey, doi_of
from tracker.keys import title_key
from tracker.library import adding, rows
from tracker.library.changes import KnownPapers, changes, doi_of_paper, keys_of_paper, settle
from tracker.library.database import Database
from tracker.library.refreshing import Refreshed, changes_of
from tracker.models import (
    Answer,
    Changes,
    Document,
    DocumentChange,
    LearnedAlias,
    Link,
    Paper,
    PaperChange,
    StoredDocument,
    StoredPaper,
)

Key = TypeVar("Key")
Value = TypeVar("Value")


class Library:
    """An open library. Use it in one thread, in a `with` statement or with `close()` at the end.

    Everything that it gives is in a fixed order: papers by the time they were added and by key, links by
    document and position, the rest as told. Every method raises `LibraryError` when the file fails.
    """

    def __init__(self, database: Database):
        self._database = database

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def path(self) -> Path:
        """The file."""
        return self._database.path

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    # --- documents and papers ----------------------------------------------------------------------

    def add(
        self,
        document: Document,
        links: Sequence[Link],
        papers: Sequence[Paper],
        now: datetime,
        *,
        location: str | None = None,
        aliases: Iterable[tuple[str, PaperKey]] = (),
    ) -> Changes:
        """Remember a document, its papers, and where they are mentioned; what that changed.

        The same document with the same links changes nothing. Other content under the same location takes
        the place of what was there; the papers stay, and what the reader set for them. Known content under
        another location is the same document with a further name.

        Args:
            document: what was read.
            links: its links, in document order; those without a paper are kept too.
            papers: a record for every paper that the links name and the library may not have.
            now: the time to note, with a time zone.
            location: what tells the file apart from others of the same name, such as its absolute path or
                its URL; None: the document's name.
            aliases: short names learned in this document, each with its paper.

        Raises:
            ValueError: a link or an alias names a paper of which there is no record.
        """
        stamp = rows.stamp(now)
        place = rows.storable(document.name if location is None else location)
        facts = rows.document_facts(document)
        database = self._database
        with database.transaction():
            settled = settle(papers, self.known(papers))
            for one in settled:
                adding.put_paper(database, one, rows.paper_columns(one.paper), stamp)
            link_rows = [
                rows.link_row(link, link.paper and self._key_on_record(link.paper)) for link in links
            ]
            alias_rows = [(rows.storable(alias), self._key_on_record(key)) for alias, key in aliases]
            row, change = adding.place_document(database, facts, rows.storable(document.name), place, stamp)
            is_other = change is DocumentChange.UNCHANGED and adding.replace_facts(
                database, row, facts, place
            )
            is_other |= adding.replace_links(database, row, link_rows)
            is_other |= adding.replace_aliases(database, row, alias_rows)
            if is_other and change is DocumentChange.UNCHANGED:
                change = DocumentChange.UPDATED
                database.write("UPDATE documents SET updated = ? WHERE id = ?", stamp, row)
        return changes(change, settled)

    def known(self, papers: Iterable[Paper]) -> KnownPapers:
        """Of the library, all that is needed to tell whether these papers are new; the dropped ones too."""
        wanted = list(papers)
        keys = json.dumps([key for paper in wanted for key in keys_of_paper(paper)])
        dois = json.dumps([doi for paper in wanted if (doi := doi_of_paper(paper))])
        titles = json.dumps([title for paper in wanted if (title := title_key(paper.title))])
        found = self._database.rows(
            "SELECT record FROM papers WHERE key IN (SELECT value FROM json_each(?1))"
            " OR key IN (SELECT paper FROM other_keys WHERE other IN (SELECT value FROM json_each(?1)))"
            " OR doi IN (SELECT value FROM json_each(?2)) OR title_key IN (SELECT value FROM json_each(?3))"
            " ORDER BY added, key",
            keys,
            dois,
            titles,
        )
        others = self._database.rows(
            "SELECT other, paper FROM other_keys WHERE other IN (SELECT value FROM json_each(?))", keys
        )
        with self._reading_records():
            return KnownPapers([rows.paper_of(record) for (record,) in found], dict(others))

    def paper(self, key: PaperKey) -> StoredPaper | None:
        """A paper by its key, by another key of it, or by its DOI; None where the library has none such."""
        current = self._current_key(key)
        return next(iter(self._stored_papers("key = ?", current)), None) if current else None

    def records(self, keys: Iterable[PaperKey]) -> dict[PaperKey, Paper]:
        """The records of those of these papers that the library has, by key."""
        found = self._database.rows(
            "SELECT record FROM papers WHERE key IN (SELECT value FROM json_each(?)) ORDER BY key",
            json.dumps(sorted(keys)),
        )
        with self._reading_records():
            papers = [rows.paper_of(record) for (record,) in found]
        return {paper.key: paper for paper in papers}

    def papers(self, *, with_dropped: bool = False) -> tuple[StoredPaper, ...]:
        """All papers."""
        return self._stored_papers("dropped IS NULL OR ?", with_dropped)

    def keys(self) -> tuple[PaperKey, ...]:
        """The keys of all papers, the dropped ones too, sorted."""
        return tuple(PaperKey(key) for (key,) in self._database.rows("SELECT key FROM papers ORDER BY key"))

    def has(self, key: PaperKey) -> bool:
        """Whether the library has a paper, dropped or not, under this key, another key of it, or its DOI."""
        return self._current_key(key) is not None

    def documents(self) -> tuple[StoredDocument, ...]:
        """All documents, in the order they were first added."""
        with self._database.snapshot():
            names = self._names_by_document()
            found = self._database.rows(
                "SELECT id, sha256, title, language, written, added, updated FROM documents ORDER BY id"
            )
        with self._reading_records():
            return tuple(
                rows.document_of(names[row], rows.DocumentFacts(*facts), added, updated)
                for row, *facts, added, updated in found
            )

    def places(self, key: PaperKey) -> tuple[Link, ...]:
        """Every link to a paper: where it was mentioned and why it was linked; none where it is unknown."""
        return self._links("links.paper = ?", self._current_key(key))

    def links(self, *, with_dropped: bool = False) -> tuple[Link, ...]:
        """All links of all documents, those without a paper too; without those to dropped papers."""
        return self._links("papers.dropped IS NULL OR ?", with_dropped)

    def aliases(self) -> tuple[LearnedAlias, ...]:
        """The short names learned from the documents, sorted by alias and paper."""
        found = self._database.rows(
            "SELECT alias, paper, count(*) FROM learned_aliases GROUP BY alias, paper ORDER BY alias, paper"
        )
        return tuple(LearnedAlias(alias=alias, paper=key, documents=count) for alias, key, count in found)

    def taught_names(self) -> tuple[tuple[str, PaperKey, str], ...]:
        """Each short name that a document taught: name, paper, and the SHA-256 of the document; sorted."""
        found = self._database.rows(
            "SELECT alias, paper, sha256 FROM learned_aliases JOIN documents ON documents.id = document"
            " ORDER BY alias, paper, sha256"
        )
        return tuple((alias, PaperKey(key), sha256) for alias, key, sha256 in found)

    def locations(self) -> tuple[tuple[str, str], ...]:
        """Where each document lies, with the SHA-256 of its text, in the order they were added.

        What came through standard input lies nowhere.
        """
        found = self._database.rows(
            "SELECT location, sha256 FROM document_names JOIN documents ON documents.id = document"
            " WHERE location <> ? ORDER BY document, document_names.id",
            adding.STANDARD_INPUT,
        )
        return tuple((location, sha256) for location, sha256 in found)

    # --- asking the services again -----------------------------------------------------------------

    def due(self, before: datetime | None) -> tuple[PaperKey, ...]:
        """The keys of the papers that the services were last asked about before a moment (None: of all).

        Those that were never asked about come first, then the ones asked about longest ago. Dropped papers
        are not among them.
        """
        found = self._database.rows(
            "SELECT key FROM papers WHERE dropped IS NULL AND (?1 IS NULL OR checked IS NULL OR checked < ?1)"
            " ORDER BY checked, added, key",  # SQLite sorts nulls first
            rows.stamp(before) if before else None,
        )
        return tuple(PaperKey(key) for (key,) in found)

    def refresh(self, answered: Sequence[Refreshed], now: datetime) -> list[tuple[PaperChange, ...]]:
        """Put newer records in the place of those that `records` gave; for each what that tells the reader.

        All of them or, when anything fails, none. Where a record became another one meanwhile, the two are
        brought together as `add` does. Where the new one has the identifier of another paper here, the two
        become one. The reader's states stay.

        Args:
            answered: distinct papers.
            now: noted as the time of the change, where there is one.
        """
        database = self._database
        with database.transaction():
            papers = [one.new for one in answered]
            told = []
            for one, settled in zip(answered, settle(papers, self.known(papers)), strict=True):
                stored = self.records(settled.stored)
                if list(stored.values()) == [one.old]:  # nobody else changed it: the new one stands as it is
                    settled = settled._replace(paper=one.new, is_changed=one.new != one.old)
                adding.put_paper(database, settled, rows.paper_columns(settled.paper), rows.stamp(now))
                if one.checked:
                    sql = "UPDATE papers SET checked = ? WHERE key = ?"
                    database.write(sql, rows.stamp(one.checked), settled.paper.key)
                told.append(changes_of(stored, settled.paper))
        return told

    # --- the reader's own states -------------------------------------------------------------------

    def set_read(self, key: PaperKey, on: date | None) -> None:
        """Note the day on which a paper was read; None: it is unread again.

        Raises:
            LibraryError: the paper is not in the library.
        """
        day = f"{on:%Y-%m-%d}" if on else None  # by format, for a datetime is a date too
        self._set(key, "UPDATE papers SET read_on = ?2 WHERE key = ?1", day)

    def set_tags(self, key: PaperKey, tags: Iterable[str]) -> None:
        """Make these the tags of a paper. Blanks around a tag do not count, nor do empty tags.

        Raises:
            LibraryError: the paper is not in the library.
        """
        wanted = {stripped for tag in tags if (stripped := rows.storable(tag).strip())}
        with self._database.transaction():
            current = self._required_key(key)
            self._database.write("DELETE FROM tags WHERE paper = ?", current)
            self._database.write_many(
                "INSERT INTO tags (paper, tag) VALUES (?, ?)", [(current, tag) for tag in sorted(wanted)]
            )

    def drop(self, key: PaperKey, now: datetime) -> None:
        """Put a paper out of sight until `restore`; no document brings it back, and it is never new.

        Raises:
            LibraryError: the paper is not in the library.
        """
        self._set(key, "UPDATE papers SET dropped = coalesce(dropped, ?2) WHERE key = ?1", rows.stamp(now))

    def restore(self, key: PaperKey) -> None:
        """Undo `drop`.

        Raises:
            LibraryError: the paper is not in the library.
        """
        self._set(key, "UPDATE papers SET dropped = ?2 WHERE key = ?1", None)

    def remember_answer(self, surface: str, context: str, paper: PaperKey | None, now: datetime) -> None:
        """Remember what the reader settled; a later answer to the same question replaces the earlier."""
        with self._database.transaction():
            self._database.write(
                "INSERT OR REPLACE INTO answers (surface, context, paper, answered) VALUES (?, ?, ?, ?)",
                rows.storable(surface),
                rows.storable(context),
                (self._current_key(paper) or paper) if paper else None,
                rows.stamp(now),
            )

    def answers(self) -> tuple[Answer, ...]:
        """All answers, sorted by surface and context."""
        found = self._database.rows(
            "SELECT surface, context, paper, answered FROM answers ORDER BY surface, context"
        )
        with self._reading_records():
            return tuple(
                Answer(surface=surface, context=context, paper=key, answered=datetime.fromisoformat(answered))
                for surface, context, key, answered in found
            )

    def remember_bib_keys(self, bib_keys: Mapping[PaperKey, str]) -> None:
        """Remember which BibTeX keys were given out, also for papers that the library does not have.

        The first key of a paper stays, and a key that another paper has is not given again.
        """
        with self._database.transaction():
            self._database.write_many(
                "INSERT OR IGNORE INTO bib_keys (paper, bib_key) VALUES (?, ?)",
                [(self._current_key(paper) or paper, rows.storable(key)) for paper, key in bib_keys.items()],
            )

    def bib_keys(self) -> dict[PaperKey, str]:
        """The BibTeX key of each paper that was given one, in the order of the papers' keys."""
        return dict(self._database.rows("SELECT paper, bib_key FROM bib_keys ORDER BY paper"))

    # --- reading rows ------------------------------------------------------------------------------

    def _current_key(self, key: str) -> PaperKey | None:
        """The key under which a paper stands, from any of its keys."""
        ((current,),) = self._database.rows(
            "SELECT coalesce((SELECT key FROM papers WHERE key = ?1),"
            " (SELECT paper FROM other_keys WHERE other = ?1),"
            " (SELECT key FROM papers WHERE doi = ?2 ORDER BY added, key LIMIT 1))",
            key,
            doi_of(key),
        )
        return PaperKey(current) if current else None

    def _required_key(self, key: PaperKey) -> PaperKey:
        current = self._current_key(key)
        if current is None:
            raise LibraryError(f"{key} is not in the library {self.path}; add a document that cites it")
        return current

    def _key_on_record(self, key: PaperKey) -> PaperKey:
        current = self._current_key(key)
        if current is None:
            raise ValueError(f"no record of {key} was given, and the library has none")
        return current

    def _set(self, key: PaperKey, sql: str, value: str | None) -> None:
        with self._database.transaction():
            self._database.write(sql, self._required_key(key), value)

    def _stored_papers(self, which: str, value: object) -> tuple[StoredPaper, ...]:
        """The papers for which an SQL condition with one value holds."""
        database = self._database
        of_them = f"(SELECT key FROM papers WHERE {which})"
        with database.snapshot():
            found = database.rows(
                "SELECT record, added, updated, checked, read_on, dropped IS NOT NULL, bib_key FROM papers"
                f" LEFT JOIN bib_keys ON paper = key WHERE {which} ORDER BY added, key",
                value,
            )
            others = database.rows(
                f"SELECT paper, other FROM other_keys WHERE paper IN {of_them} ORDER BY other", value
            )
            tags = database.rows(f"SELECT paper, tag FROM tags WHERE paper IN {of_them} ORDER BY tag", value)
            links = self._links(f"links.paper IN {of_them}", value)
        others_by_key: dict[PaperKey, list[PaperKey]] = _grouped(others)
        tags_by_key: dict[PaperKey, list[str]] = _grouped(tags)
        links_by_key = _grouped((link.paper, link) for link in links)
        with self._reading_records():
            return tuple(
                StoredPaper(
                    paper=(paper := rows.paper_of(record)),
                    added=datetime.fromisoformat(added),
                    updated=datetime.fromisoformat(updated),
                    checked=datetime.fromisoformat(checked) if checked else None,
                    other_keys=tuple(others_by_key.get(paper.key, ())),
                    read_on=date.fromisoformat(read_on) if read_on else None,
                    tags=tuple(tags_by_key.get(paper.key, ())),
                    is_dropped=bool(is_dropped),
                    bib_key=bib_key,
                    places=tuple(links_by_key.get(paper.key, ())),
                )
                for record, added, updated, checked, read_on, is_dropped, bib_key in found
            )

    def _links(self, which: str, value: object) -> tuple[Link, ...]:
        """The links for which an SQL condition with one value holds."""
        columns = ", ".join(f'links."{column}"' for column in rows.LINK_COLUMNS)
        with self._database.snapshot():
            names = self._names_by_document()
            found = self._database.rows(
                f"SELECT links.document, {columns} FROM links LEFT JOIN papers ON papers.key = links.paper"
                f" WHERE {which} ORDER BY links.document, links.position",
                value,
            )
        with self._reading_records():
            return tuple(rows.link_of(names[document][0], row) for document, *row in found)

    def _names_by_document(self) -> dict[int, list[str]]:
        """The names of each document, a file's before that of standard input."""
        found = self._database.rows(
            "SELECT document, name FROM document_names ORDER BY location = ?, id", adding.STANDARD_INPUT
        )
        return _grouped(found)

    @contextlib.contextmanager
    def _reading_records(self) -> Iterator[None]:
        """Turn what no model can be made of into a fault of the file."""
        try:
            yield
        except (ValueError, TypeError, KeyError) as error:
            detail = str(error).splitlines()[0]
            raise LibraryError(
                f"{self.path} holds something that cannot be understood ({detail}); "
                "it is damaged or a newer version of Tracker wrote it"
            ) from error


def _grouped(pairs: Iterable[tuple[Key, Value]]) -> dict[Key, list[Value]]:
    groups: dict[Key, list[Value]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups
