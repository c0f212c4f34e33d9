"""The input of commands that take documents, or the library where none are named."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.cli.terminal import progress
from tracker.errors import InputError
from tracker.models import Document
from tracker.pipeline import Found, from_library, read_and_link
from tracker.settings import Settings


def gather(documents: Sequence[str] | None, settings: Settings, min_confidence: float | None = None) -> Found:
    """What the named documents mention, or what the library remembers.

    Raises:
        InputError: no documents are named and the library is empty.
    """
    if documents:
        return read_and_link(documents, settings=settings, min_confidence=min_confidence, progress=progress)
    from tracker.library import open_library

    with open_library(settings.library_path, create=False) as library:
        stored = library.papers()
        if not stored:
            raise InputError("name a document, or put some into the library first with `tracker add DOC...`")
        names = [
            Document(name=one.name, text="", language=one.language, written=one.written)
            for one in library.documents()
        ]
        return from_library(stored, names, settings)
