"""The reader's library: remembers documents, papers, where each was mentioned, and what the reader set.

`open_library(path)` gives the `Library`, one SQLite file. `new_papers(cited, known)` tells what is new, to
the library (`library.known(cited)`) or to any other papers (`KnownPapers(papers)`). `library.refresh` takes
newer records in, and tells what became of the papers.
"""

from __future__ import annotations

from pathlib import Path

from tracker.library.changes import KnownPapers, new_papers
from tracker.library.database import WAIT_S, connect
from tracker.library.refreshing import Refreshed
from tracker.library.store import Library

__all__ = ["KnownPapers", "Library", "Refreshed", "new_papers", "open_library"]


def open_library(path: Path, *, create: bool = True, wait_s: float = WAIT_S) -> Library:
    """The library at a path, to be closed after use (it is a context manager).

    With `create` it can be changed, and is made where it is missing. Without, it can only be read, and
    nothing is made or changed on the disk: where the file is missing, the library is empty.

    Args:
        path: the file. Its folder is made where needed.
        create: whether to write.
        wait_s: how many seconds to wait for another process that is writing.

    Raises:
        LibraryError: the file cannot be used, or later on, in any method: it cannot be read or written. The
            message names the file and tells what to do; what was in the file before is still there.
    """
    return Library(connect(path, create=create, wait_s=wait_s))
