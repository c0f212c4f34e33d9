"""What is wrong with the file of the library, in one line that names it and tells what to do.

In come the errors of SQLite, out come `LibraryError`s. A mistake in our own SQL or in the values given to it
is none of them: it is a bug and looks like one.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tracker.errors import LibraryError

_WHAT_TO_DO: Final = {
    sqlite3.SQLITE_BUSY: "is in use by another program; try again when that has finished",
    sqlite3.SQLITE_LOCKED: "is in use by another program; try again when that has finished",
    sqlite3.SQLITE_FULL: "cannot grow, the disk is full; nothing was changed; free some space and try again",
    sqlite3.SQLITE_READONLY: "cannot be written, it or its folder is read-only; "
    "change the permissions or choose another library",
    sqlite3.SQLITE_NOTADB: "is not a library of Tracker; it was left as it is; choose another file",
    sqlite3.SQLITE_CORRUPT: "is damaged; put a backup in its place, or rescue what is left "
    "with the command .recover of sqlite3",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; check that you may read it and write in its folder",
    sqlite3.SQLITE_PERM: "cannot be opened; check that you may read it and write in its folder",
    sqlite3.SQLITE_IOERR: "cannot be read or written, the disk reports a fault; "
    "check the disk and the space left on it",
}
_BUGS: Final = (
    sqlite3.IntegrityError,
    sqlite3.ProgrammingError,
    sqlite3.DataError,
    sqlite3.NotSupportedError,
    sqlite3.InternalError,
)


def primary_code(error: sqlite3.Error) -> int:
    """The primary result code of an error (the extended ones carry it in their low byte)."""
    return int(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)) & 0xFF


@contextlib.contextmanager
def faults_of(path: Path) -> Iterator[None]:
    """Turn every fault of the file inside into a `LibraryError` that names it; our own mistakes pass."""
    try:
        yield
    except sqlite3.Error as error:
        if isinstance(error, _BUGS):
            raise
        advice = _WHAT_TO_DO.get(
            primary_code(error), "cannot be used; it is damaged or another version of Tracker made it"
        )
        raise LibraryError(f"{path} {advice} ({error})") from error
