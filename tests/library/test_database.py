from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tracker.errors import LibraryError
from tracker.library import database
from tracker.library.database import connect, read_migrations

NEXT = "ALTER TABLE papers ADD COLUMN shelf TEXT;\nUPDATE papers\n   SET shelf = 'a; b';\n"


def pragma(path: Path, name: str) -> object:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"PRAGMA {name}").fetchone()[0]


def names_in(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.sqlite"


def test_a_new_file_has_the_newest_schema_and_a_write_ahead_log(path: Path) -> None:
    connect(path, create=True).close()
    assert pragma(path, "user_version") == len(read_migrations()) >= 1
    assert pragma(path, "application_id") == database.APPLICATION_ID
    assert pragma(path, "journal_mode") == "wal"
    assert pragma(path, "integrity_check") == "ok"


def test_an_old_file_is_migrated_once(path: Path) -> None:
    connect(path, create=True).close()
    steps = [*read_migrations(), NEXT]
    connect(path, create=True, migrations=steps).close()
    connect(path, create=True, migrations=steps).close()
    assert pragma(path, "user_version") == len(steps)
    with closing(connect(path, create=False, migrations=steps)) as opened:
        assert opened.rows("SELECT shelf FROM papers") == []


def test_an_old_file_is_read_without_changing_it(path: Path) -> None:
    connect(path, create=True).close()
    before = path.read_bytes()
    with closing(connect(path, create=False, migrations=[*read_migrations(), NEXT])) as opened:
        assert opened.rows("SELECT shelf FROM papers") == []
    assert path.read_bytes() == before and names_in(path.parent) == [path.name]


def test_a_migration_that_fails_leaves_the_file_as_it_was(path: Path) -> None:
    connect(path, create=True).close()
    with pytest.raises(LibraryError, match="no such table: nowhere"):
        connect(path, create=True, migrations=[*read_migrations(), NEXT + "DROP TABLE nowhere;\n"])
    assert pragma(path, "user_version") == len(read_migrations())
    with closing(connect(path, create=True, migrations=[*read_migrations(), NEXT])) as opened:
        assert opened.rows("SELECT shelf FROM papers") == []


@pytest.mark.parametrize("create", [True, False])
def test_a_newer_file_is_refused(path: Path, create: bool) -> None:
    connect(path, create=True, migrations=[*read_migrations(), NEXT]).close()
    before = path.read_bytes()
    with pytest.raises(LibraryError, match=r"library\.sqlite was made by a newer version .* update Tracker"):
        connect(path, create=create)
    assert path.read_bytes() == before


@pytest.mark.parametrize("create", [True, False])
@pytest.mark.parametrize("setting", ["user_version = 3", "application_id = 3", "user_version = 0"])
def test_the_database_of_another_program_is_refused(path: Path, create: bool, setting: str) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE bookmarks (url)")
        other.execute(f"PRAGMA {setting}")
    before = path.read_bytes()
    with pytest.raises(LibraryError, match=r"library\.sqlite is a database of another program"):
        connect(path, create=create)
    assert path.read_bytes() == before and names_in(path.parent) == [path.name]


def test_an_empty_file_is_an_empty_library(path: Path) -> None:
    path.touch()
    with closing(connect(path, create=False)) as opened:
        assert opened.rows("SELECT * FROM papers") == []
    assert path.stat().st_size == 0
    connect(path, create=True).close()
    assert pragma(path, "user_version") == len(read_migrations())


def test_reading_makes_no_file_and_no_folder(path: Path) -> None:
    with closing(connect(path.parent / "none" / "such", create=False)) as opened:
        assert opened.rows("SELECT * FROM papers") == []
    assert names_in(path.parent) == []


@pytest.mark.parametrize("exists", [True, False])
def test_what_is_open_for_reading_is_not_written(path: Path, exists: bool) -> None:
    if exists:
        connect(path, create=True).close()
    with closing(connect(path, create=False)) as opened, pytest.raises(LibraryError, match="read-only"):
        opened.write("INSERT INTO bib_keys VALUES ('a', 'b')")


def test_a_name_that_is_no_url(tmp_path: Path) -> None:
    path = tmp_path / "50% #1?.sqlite"
    connect(path, create=True).close()
    connect(path, create=False).close()
    assert names_in(tmp_path) == [path.name]


def test_a_transaction_is_whole_or_not_at_all(path: Path) -> None:
    with closing(connect(path, create=True)) as opened:
        with pytest.raises(RuntimeError), opened.transaction():
            opened.write("INSERT INTO bib_keys VALUES ('a', 'b')")
            raise RuntimeError
        assert opened.rows("SELECT * FROM bib_keys") == []
        with opened.transaction():
            opened.write("INSERT INTO bib_keys VALUES ('c', 'd')")
        assert opened.rows("SELECT * FROM bib_keys") == [("c", "d")]


def test_a_snapshot_sees_one_moment(path: Path) -> None:
    with closing(connect(path, create=True)) as reader, closing(connect(path, create=True)) as writer:
        with reader.snapshot():
            assert reader.rows("SELECT * FROM bib_keys") == []
            with writer.transaction():
                writer.write("INSERT INTO bib_keys VALUES ('c', 'd')")
            assert reader.rows("SELECT * FROM bib_keys") == []
        assert reader.rows("SELECT * FROM bib_keys") == [("c", "d")]


def test_our_own_mistakes_are_no_faults_of_the_file(path: Path) -> None:
    with closing(connect(path, create=True)) as opened, pytest.raises(sqlite3.IntegrityError):
        opened.write("INSERT INTO bib_keys VALUES ('c', NULL)")


MOUNTS = """\
21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/root rw
40 21 0:35 / /home rw,relatime shared:2 - nfs4 server:/home rw
41 40 8:2 / /home/local\\040disk rw - ext4 /dev/sdb rw
42 21 0:36 / /mnt/far rw - fuse.sshfs me@server: rw
43 21 0:37 / /twice rw - nfs server:/x rw
44 43 8:3 / /twice rw - ext4 /dev/sdc rw
"""


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("/library.sqlite", False),
        ("/var/library.sqlite", False),
        ("/home/me/library.sqlite", True),
        ("/homeless/library.sqlite", False),
        ("/home/local disk/library.sqlite", False),
        ("/mnt/far/library.sqlite", True),
        ("/twice/library.sqlite", False),
    ],
)
def test_network_drives_are_told_by_their_type(file: str, expected: bool) -> None:
    assert database._is_on_network(Path(file), MOUNTS) is expected


def test_nothing_is_known_of_drives_without_mounts() -> None:
    assert not database._is_on_network(Path("/x"), "")


def test_on_a_network_drive_there_is_no_write_ahead_log(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connect(path, create=True).close()
    monkeypatch.setattr(database, "_is_on_network", lambda path: True)
    with closing(connect(path, create=True)) as opened:
        assert opened.rows("PRAGMA journal_mode") == [("delete",)]
        assert opened.rows("PRAGMA synchronous") == [(2,)]
    assert pragma(path, "journal_mode") == "delete"


class _NoSharedMemory(sqlite3.Connection):
    """A drive whose files cannot be mapped into memory."""

    def execute(self, sql: str, values: Any = (), /) -> sqlite3.Cursor:
        if "journal_mode = WAL" in sql:
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMMAP
            raise error
        return super().execute(sql, values)


def test_where_the_log_is_impossible_the_plain_journal_serves(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_as_ever = sqlite3.connect
    monkeypatch.setattr(
        sqlite3, "connect", lambda *args, **options: open_as_ever(*args, factory=_NoSharedMemory, **options)
    )
    connect(path, create=True).close()
    assert pragma(path, "journal_mode") == "delete"
    assert pragma(path, "user_version") == len(read_migrations())
