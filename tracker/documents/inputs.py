"""What the user named, as bytes: paths and "-" in, the bytes of each or a problem out. Knows no format."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from tracker.errors import InputError
from tracker.models import Problem

STANDARD_INPUT = "-"
WHOLE_BYTES = 1_000_000
"""A text of more than 1 MB is read in parts: what stands in one half of it says little about what stands in the other,
and to link all of it at once would take too much memory: with a mention in every line and the catalogue of 3 million
papers 490 MB, half as much again for 2 MB."""

_KINDS = (
    (stat.S_ISDIR, "is a folder; name the files in it, for example with a pattern such as *.md"),
    (stat.S_ISFIFO, "is a pipe; redirect it to standard input and name - instead"),
    (stat.S_ISSOCK, "is a socket; only files and - (standard input) can be read"),
    (stat.S_ISCHR, "is a device; only files and - (standard input) can be read"),
    (stat.S_ISBLK, "is a device; only files and - (standard input) can be read"),
)


class Source(NamedTuple):
    """The bytes of one input, and how to call it."""

    name: str
    """As the user wrote it; what cannot be printed is escaped."""
    data: bytes
    """All of it, or the beginning."""
    rest: BinaryIO | None = None
    """What comes behind the beginning; open until the next source is asked for."""


def open_sources(
    inputs: Iterable[str | os.PathLike[str]], *, stdin: BinaryIO | None = None
) -> Iterator[Source | Problem]:
    """The bytes of each input in turn, or what is wrong with it. What is named again is passed over."""
    seen: set[object] = set()
    for given in inputs:
        path = os.fspath(given)
        name = printable(path)
        try:
            identity = _identity(path)
            if identity in seen:
                continue
            seen.add(identity)
            stream = _standard_input(stdin) if path == STANDARD_INPUT else _open_file(path)
            data = stream.read(WHOLE_BYTES + 1)
        except InputError as problem:
            yield Problem(stage="documents", subject=name, message=str(problem))
        except OSError as fault:
            yield Problem(stage="documents", subject=name, message=_explain(fault, path))
        else:
            yield Source(name, data, stream if len(data) > WHOLE_BYTES else None)
            if path != STANDARD_INPUT:
                stream.close()


def printable(name: str) -> str:
    """`name` with everything escaped that cannot be printed: control characters and bytes that are no UTF-8.

    >>> printable("caf\\udce9\\n.txt")
    'caf\\\\xe9\\\\n.txt'
    """
    decoded = os.fsencode(name).decode("utf-8", "backslashreplace") if not name.isprintable() else name
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in decoded)


def _identity(path: str) -> object:
    """What is the same for two names of one file."""
    if path == STANDARD_INPUT:
        return STANDARD_INPUT
    try:
        status = os.stat(path)  # noqa: PTH116 (a Path cannot hold every name that a file system can)
    except (OSError, ValueError):
        return path
    return (status.st_dev, status.st_ino)


def _standard_input(stdin: BinaryIO | None) -> BinaryIO:
    if stdin is None and sys.stdin is None:
        raise InputError("is closed: there is no standard input to read")
    return stdin or sys.stdin.buffer


def _open_file(path: str) -> BinaryIO:
    """A regular file, open. Its kind is looked at first: nothing may hang.

    Raises:
        InputError: it is no regular file.
        OSError: the system refuses.
    """
    if not path or "\0" in path:
        raise InputError("is no name that a file can have")
    status = Path(path).stat()
    for is_kind, message in _KINDS:
        if is_kind(status.st_mode):
            raise InputError(message)
    return Path(path).open("rb")


def _explain(fault: OSError, path: str) -> str:
    """A fault of the system as one line that says what to do."""
    if isinstance(fault, FileNotFoundError):
        if path.startswith(("http://", "https://")):
            return "is a web address; save the page as a file and name that"
        if os.path.islink(path):  # noqa: PTH114
            return "is a link to a file that does not exist"
        return "does not exist; check the name"
    if isinstance(fault, PermissionError):
        return "cannot be read: permission denied; check who may read it"
    if fault.errno == errno.ELOOP:
        return "is a link that leads back to itself"
    if fault.errno == errno.ENAMETOOLONG:
        return "does not exist: no file can have so long a name"
    return f"cannot be read: {fault.strerror or fault}"
