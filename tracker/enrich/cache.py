"""Answers of services on disk, each with its date: one SQLite file that may be deleted at any time.

A damaged file is set aside and a new one begun; a file or folder that cannot be written costs only
the memory of the answers. Failures are never kept.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter

from tracker.enrich.base import Absent, Answer, Found, Matches, Record
from tracker.identifiers import PaperKey

FILE_NAME = "answers.sqlite"
SCHEMA = 1
_CREATE = f"""
    CREATE TABLE IF NOT EXISTS answer (
        service TEXT NOT NULL, key TEXT NOT NULL, retrieved TEXT NOT NULL, record TEXT,
        PRIMARY KEY (service, key)
    );
    PRAGMA user_version = {SCHEMA};
"""
_PUT = """
    INSERT INTO answer VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET retrieved = excluded.retrieved, record = excluded.record
    WHERE excluded.record IS NOT NULL OR answer.record IS NULL
"""
"""A paper that was found once is not forgotten because a service fails to list it later."""
_QUESTION_SIZE = 500
"""Keys in one SELECT: SQLite before 3.32 takes 999 parameters."""


class Kept(NamedTuple):
    """A fact that a service gave, and when."""

    answer: Found | Matches | Absent
    retrieved: datetime


class AnswerCache:
    """The answers kept in one folder. Use as a context manager."""

    def __init__(self, cache_dir: Path) -> None:
        """Opens or makes the file; where neither can be done, the answers are kept for this run only."""
        self._path = cache_dir / FILE_NAME
        self._file = self._open()

    def __enter__(self) -> AnswerCache:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def get(self, service: str, keys: Iterable[PaperKey]) -> dict[PaperKey, Kept]:
        """What is kept for these keys, however old."""
        wanted = list(keys)
        found: dict[PaperKey, Kept] = {}
        with self._mending():
            for start in range(0, len(wanted), _QUESTION_SIZE):
                part = wanted[start : start + _QUESTION_SIZE]
                rows = self._file.execute(
                    "SELECT key, retrieved, record FROM answer WHERE service = ? "
                    f"AND key IN ({','.join('?' * len(part))})",
                    (service, *part),
                )
                found |= {PaperKey(key): kept for key, *rest in rows if (kept := kept_of(*rest))}
        return found

    def put(self, service: str, answers: Mapping[PaperKey, Answer], retrieved: datetime) -> None:
        """Keeps those that are facts; they are on disk when this returns."""
        moment = retrieved.astimezone(UTC).isoformat()
        rows = [
            (service, key, moment, _text_of(answer))
            for key, answer in answers.items()
            if isinstance(answer, Found | Matches | Absent)
        ]
        with self._mending():
            self._file.execute("BEGIN IMMEDIATE")
            try:
                self._file.executemany(_PUT, rows)
                self._file.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self._file.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def _mending(self) -> Iterator[None]:
        """Whatever is wrong with the file, the run goes on: without it, or with a new one."""
        try:
            yield
        except sqlite3.OperationalError:  # read-only, full, locked: an answer less is kept
            pass
        except sqlite3.DatabaseError:
            self._file.close()
            self._set_aside()
            self._file = self._open()

    def _open(self) -> sqlite3.Connection:
        for _ in range(2):
            try:
                return self._connect(str(self._path))
            except sqlite3.OperationalError:
                break
            except (sqlite3.DatabaseError, _OtherSchema):
                self._set_aside()
        return self._connect(":memory:")

    def _connect(self, place: str) -> sqlite3.Connection:
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
        file = sqlite3.connect(place, timeout=5.0, isolation_level=None)
        try:
            (version,) = file.execute("PRAGMA user_version").fetchone()
            if version not in (0, SCHEMA):
                raise _OtherSchema
            if version == 0:
                file.executescript(_CREATE)
            file.execute("SELECT service, key, retrieved, record FROM answer LIMIT 1").fetchone()
        except BaseException:
            file.close()
            raise
        return file

    def _set_aside(self) -> None:
        with contextlib.suppress(OSError):
            self._path.replace(self._path.with_suffix(".damaged"))
            self._path.with_name(FILE_NAME + "-journal").unlink(missing_ok=True)  # it belongs to the old file


class _OtherSchema(Exception):
    """The file was made by another version of the program."""


_RECORDS = TypeAdapter(tuple[Record, ...])


def _text_of(answer: Found | Matches | Absent) -> str | None:
    """A fact as it is kept: one record, a list of them, or nothing."""
    if isinstance(answer, Found):
        return answer.record.model_dump_json(exclude_defaults=True)
    if isinstance(answer, Matches):
        return _RECORDS.dump_json(answer.records, exclude_defaults=True).decode()
    return None


def kept_of(retrieved: str, record: str | None) -> Kept | None:
    """A row as a fact; None where it cannot be read."""
    try:
        return Kept(_answer_of(record), datetime.fromisoformat(retrieved).astimezone(UTC))
    except (TypeError, ValueError):
        return None


def _answer_of(record: str | None) -> Found | Matches | Absent:
    if record is None:
        return Absent()
    if record.startswith("["):
        return Matches(_RECORDS.validate_json(record))
    return Found(Record.model_validate_json(record))
