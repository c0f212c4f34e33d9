"""One SQLite file: open it, bring it to the present schema, and say plainly what is wrong with it.

In comes a path, out comes a `Database` on which rows are read and, inside `transaction()`, written.
It knows nothing of documents and papers, and never changes a file that is not a library.

Why things are as they are:

- Write-ahead log, and every write begins with BEGIN IMMEDIATE. With a plain BEGIN, half the transactions
  of two processes that add at once failed at the step from reading to writing, which the busy timeout does
  not cover.
- The write-ahead log needs memory shared by all users of the file, so it is not used on network drives,
  where the users may sit at different machines. Source: https://www.sqlite.org/wal.html
- synchronous=NORMAL is enough with the log: a lost process loses nothing, and closing the last connection
  writes everything through to the disk.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from tracker.errors import LibraryError
from tracker.library.faults import faults_of, primary_code

APPLICATION_ID: Final = 0x54726B72
"""In the header of every library ("Trkr"), so that the database of another program is never touched."""

WAIT_S: Final = 5.0
"""How long to wait for another process. Adding one document holds the file for milliseconds."""

_RETRY_S: Final = 0.02

_NETWORK_TYPES: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "gpfs", "beegfs"}
    | {"orangefs", "virtiofs", "vboxsf"}
)
"""File system types of Linux whose files may be open on several machines; "fuse.*" is taken as one too."""


class Database:
    """An open library file. Use it in one thread, and close it."""

    def __init__(self, path: Path, connection: sqlite3.Connection):
        self.path = path
        self._connection = connection

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """All rows that a statement gives.

        Raises:
            LibraryError: the file cannot be read, or is not to be written.
        """
        with faults_of(self.path):
            return self._connection.execute(sql, values).fetchall()

    def write(self, sql: str, *values: object) -> int:
        """Run one statement; the number of rows it changed.

        Raises:
            LibraryError: the file cannot be written.
        """
        with faults_of(self.path):
            return self._connection.execute(sql, values).rowcount

    def write_many(self, sql: str, rows: Sequence[tuple[object, ...]]) -> None:
        """Run one statement for each row of values.

        Raises:
            LibraryError: the file cannot be written.
        """
        with faults_of(self.path):
            self._connection.executemany(sql, rows)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside happens, or, when anything fails, nothing of it. Does not nest.

        Raises:
            LibraryError: the file cannot be written.
        """
        self.write("BEGIN IMMEDIATE")
        try:
            yield
            self.write("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                with contextlib.suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
            raise

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """All reading inside sees the file at one moment, whatever others write. Nests in anything."""
        if self._connection.in_transaction:
            yield
            return
        self.rows("BEGIN")
        try:
            yield
        finally:
            with contextlib.suppress(sqlite3.Error):  # nothing was written; what failed inside is told
                self._connection.execute("COMMIT")

    def close(self) -> None:
        """Let go of the file."""
        with faults_of(self.path):
            self._connection.close()


def connect(
    path: Path, *, create: bool, wait_s: float = WAIT_S, migrations: Sequence[str] | None = None
) -> Database:
    """The database at `path`, in the present schema.

    With `create` it is open for writing, made where it is missing and migrated where it is old. Without, it
    is open for reading only and nothing on the disk is made or changed: a missing file reads as an empty
    library, and one of an older schema is migrated in memory.

    Args:
        path: the file; its folder is made where needed.
        create: whether to write.
        wait_s: seconds to wait for another process before giving up.
        migrations: the SQL that leads from each schema to the next, oldest first.

    Raises:
        LibraryError: the file cannot be used; it is left as it was.
    """
    steps = read_migrations() if migrations is None else migrations
    try:
        if path.exists() and not path.is_file():
            raise LibraryError(f"{path} is not a file; name a file for the library")
        if create:
            path.parent.mkdir(parents=True, exist_ok=True)
        is_empty = not path.exists() or path.stat().st_size == 0
    except OSError as error:
        raise LibraryError(
            f"{path} cannot be reached ({error.strerror}); check its folder or choose another library"
        ) from error
    if create:
        return _open_to_write(path, wait_s, steps)
    return _in_memory(path, steps) if is_empty else _open_to_read(path, wait_s, steps)


def read_migrations() -> list[str]:
    """The migrations of this version of the program, oldest first: number n leads to schema n, from 1."""
    files = sorted(Path(__file__).with_name("migrations").glob("*.sql"))
    return [file.read_text(encoding="utf-8") for file in files]


def _open_to_write(path: Path, wait_s: float, migrations: Sequence[str]) -> Database:
    with _opened(path, "mode=rwc", wait_s) as connection:
        _refuse_foreign(path, connection, len(migrations))
        _set_journal(connection, "DELETE" if _is_on_network(path) else "WAL", wait_s)
        database = Database(path, connection)
        _migrate(database, migrations)
        return database


def _open_to_read(path: Path, wait_s: float, migrations: Sequence[str]) -> Database:
    with _opened(path, _reading_mode(path), wait_s) as connection:
        if _refuse_foreign(path, connection, len(migrations)) == len(migrations):
            connection.execute("PRAGMA query_only = ON")
            return Database(path, connection)
        copy = _in_memory(path, migrations, connection)
        connection.close()
        return copy


def _in_memory(path: Path, migrations: Sequence[str], source: sqlite3.Connection | None = None) -> Database:
    """A library in memory that cannot be written: empty, or the migrated copy of an old file."""
    with _opened(path, None, 0) as connection:
        if source is not None:
            source.backup(connection)
        database = Database(path, connection)
        _migrate(database, migrations)
        connection.execute("PRAGMA query_only = ON")
        return database


def _reading_mode(path: Path) -> str:
    """How to open a file for reading so that no other file stays behind beside it.

    SQLite opened with mode=ro leaves the files of the write-ahead log behind, since it may not tidy them up;
    and where the folder cannot be written it refuses to open at all, unless told that nobody else writes.
    That is so while there is no log.
    """
    if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        return "mode=rw"
    return "mode=ro" if Path(f"{path}-wal").exists() else "mode=ro&immutable=1"


@contextlib.contextmanager
def _opened(path: Path, mode: str | None, wait_s: float) -> Iterator[sqlite3.Connection]:
    """A connection that stays open when the block ends well and is closed when it fails."""
    name = ":memory:" if mode is None else f"{path.absolute().as_uri()}?{mode}"
    with faults_of(path):
        connection = sqlite3.connect(name, uri=True, timeout=wait_s, isolation_level=None)
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            yield connection
        except BaseException:
            connection.close()
            raise


def _refuse_foreign(path: Path, connection: sqlite3.Connection, newest: int) -> int:
    """The schema of a library (0: empty as yet); refuses other programs' files and newer schemas."""
    # One statement, so that a process that makes the library at this moment is seen wholly or not at all.
    application, schema, tables = connection.execute(
        "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_master)"
        " FROM pragma_application_id, pragma_user_version"
    ).fetchone()
    if application != APPLICATION_ID and (application or schema or tables):
        raise LibraryError(
            f"{path} is a database of another program; it was left as it is; choose another file"
        )
    if schema > newest:
        raise LibraryError(
            f"{path} was made by a newer version of Tracker (schema {schema}, this version knows {newest}); "
            "update Tracker or choose another library"
        )
    return int(schema)


def _set_journal(connection: sqlite3.Connection, mode: str, wait_s: float) -> None:
    """Choose the journal; where the drive cannot do what is asked, the plain one stays.

    Two processes that make one file at the same moment collide here, and SQLite does not wait by itself:
    in one of 240 openings it answered "locked" at once.
    """
    deadline = time.monotonic() + wait_s
    while True:
        try:
            (now,) = connection.execute(f"PRAGMA journal_mode = {mode}").fetchone()
            break
        except sqlite3.OperationalError as error:
            if mode == "WAL" and primary_code(error) in {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PROTOCOL}:
                mode = "DELETE"
            elif primary_code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_RETRY_S)
    connection.execute(f"PRAGMA synchronous = {'NORMAL' if now == 'wal' else 'FULL'}")


def _migrate(database: Database, migrations: Sequence[str]) -> None:
    """Run the migrations that are missing, each in a transaction of its own with its number."""
    for number, script in enumerate(migrations, start=1):
        if _schema_of(database) >= number:
            continue
        with database.transaction():
            if _schema_of(database) < number:  # another process may have been faster
                for statement in _statements(script):
                    database.write(statement)
                database.write(f"PRAGMA user_version = {number}")


def _schema_of(database: Database) -> int:
    return int(database.rows("PRAGMA user_version")[0][0])


def _statements(script: str) -> Iterator[str]:
    """The statements of a script, which has at most one on a line. (`executescript` would commit first.)"""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _is_on_network(path: Path, mounts: str | None = None) -> bool:
    """Whether the drive of a file may be shared with other machines, as far as Linux tells; else False.

    Args:
        path: the file.
        mounts: text in the form of /proc/self/mountinfo; None: that file itself.

    Source: https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html
    """
    if mounts is None:
        try:
            mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape")
        except OSError:
            return False
    folders = {str(folder) for folder in path.resolve().parents}
    longest, kind = "", ""
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        point = before.split(" ")[4].replace("\\040", " ")
        if point in folders and len(point) >= len(longest):  # the later mount hides the earlier
            longest, kind = point, after.split(" ")[0]
    return kind in _NETWORK_TYPES or kind.startswith("fuse.")
