"""Read any format into a `Document`: files and standard input in, documents and problems out.

One module per format behind one protocol (`reader.Reader`), chosen by the ending of the name, else by what
the bytes look like. Nothing here asks the network, writes, or prints; one input that cannot be read never
stops the others.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import BinaryIO

from tracker.documents.inputs import STANDARD_INPUT, WHOLE_BYTES, Source, open_sources
from tracker.documents.parts import iter_parts
from tracker.documents.reader import Reader
from tracker.documents.text import TextReader
from tracker.errors import InputError
from tracker.models import Document, Problem

__all__ = ["READERS", "STANDARD_INPUT", "WHOLE_BYTES", "iter_documents", "read_documents"]

READERS: tuple[Reader, ...] = (TextReader(),)
"""In the order in which they are asked about a file whose name says nothing; text stays last."""


def read_documents(
    inputs: Iterable[str | os.PathLike[str]], *, stdin: BinaryIO | None = None
) -> tuple[list[Document], list[Problem]]:
    """The documents that `inputs` name, and one problem for each that cannot be read; both in order.

    `inputs` are paths, or "-" for standard input, which is read from `stdin` (by default that of the
    process). The same file named twice, by whatever path, is read once. A text of more than `WHOLE_BYTES`
    comes in parts, each a document of the same name, and a problem of the stage "parts" tells so.
    """
    documents: list[Document] = []
    problems: list[Problem] = []
    for outcome in iter_documents(inputs, stdin=stdin):
        if isinstance(outcome, Document):
            documents.append(outcome)
        else:
            problems.append(outcome)
    return documents, problems


def iter_documents(
    inputs: Iterable[str | os.PathLike[str]], *, stdin: BinaryIO | None = None
) -> Iterator[Document | Problem]:
    """As `read_documents`, one at a time: long work can show its progress and need not hold all of them."""
    for source in open_sources(inputs, stdin=stdin):
        if isinstance(source, Problem):
            yield source
        elif source.rest is not None:
            yield from iter_parts(source.name, source.data, source.rest)
        else:
            yield _read(source)


def _read(source: Source) -> Document | Problem:
    suffix = PurePath(source.name).suffix.lower()
    reader = next((reader for reader in READERS if suffix in reader.suffixes), None)
    reader = reader or next((reader for reader in READERS if reader.recognises(source.data)), READERS[-1])
    try:
        return reader.read(source.name, source.data)
    except InputError as problem:
        return Problem(stage="documents", subject=source.name, message=str(problem))
