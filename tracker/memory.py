"""What the reader's library remembers for linking: their answers, and the names that their documents taught.

`read_memory` reads it where there is a library, and never makes one. A document gets all of it but the names
that it alone has taught: so the same document is linked the same way before and after it was added.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from tracker.catalogue import Catalogue
from tracker.errors import LibraryError
from tracker.identifiers import PaperKey
from tracker.mentions import find_mentions, names_taught
from tracker.models import Answer, Document, LearnedAlias, Mention, Paper, Problem, Remembered
from tracker.settings import Settings


class TaughtName(NamedTuple):
    """A name that a document gives to a paper."""

    name: str
    paper: PaperKey
    document: str
    """SHA-256 of its text."""


class Memory:
    """What helps to link, whichever document is linked."""

    def __init__(
        self,
        answers: Iterable[Answer] = (),
        names: Iterable[TaughtName] = (),
        papers: Iterable[Paper] = (),
    ) -> None:
        self._answers = tuple(answers)
        self._names = set(names)
        self._papers = {paper.key: paper for paper in papers}

    def learn(self, documents: Iterable[Document], catalogue: Catalogue) -> list[TaughtName]:
        """Take in the names that documents teach which are being added; those names."""
        taught = [
            TaughtName(name, key, content_of(document))
            for document in documents
            for name, key in names_taught(document.text, find_mentions(document, catalogue), catalogue)
        ]
        self._names.update(taught)
        return taught

    def for_document(self, document: Document) -> Remembered:
        """All of it, but for names that no other document has taught."""
        own = content_of(document)
        counts = Counter((one.name, one.paper) for one in self._names if one.document != own)
        aliases = [
            LearnedAlias(alias=name, paper=paper, documents=count)
            for (name, paper), count in sorted(counts.items())
        ]
        return Remembered(answers=self._answers, aliases=tuple(aliases), papers=self._papers)


def mentions_of(document: Document, remembered: Remembered, catalogue: Catalogue) -> list[Mention]:
    """The mentions of a document, those by names that are remembered too."""
    learned = {alias.alias for alias in remembered.aliases}
    return find_mentions(document, catalogue, learned_names=learned)


def content_of(document: Document) -> str:
    """The SHA-256 of a document's text, by which the library knows it."""
    return document.sha256 or hashlib.sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest()


def read_memory(settings: Settings, catalogue: Catalogue) -> tuple[Memory, list[Problem]]:
    """The memory of the library, with records of papers that the catalogue lacks; empty where there is none.

    Where the library cannot be read, that is a problem and no error, for one can do without.
    """
    if not settings.library_path.exists():
        return Memory(), []
    from tracker.library import open_library

    try:
        with open_library(settings.library_path, create=False) as library:
            answers = library.answers()
            names = [TaughtName(*row) for row in library.taught_names()]
            keys = {answer.paper for answer in answers if answer.paper} | {one.paper for one in names}
            stored = [library.paper(key) for key in sorted(keys) if catalogue.row(key) is None]
    except LibraryError as error:
        message = f"{error}; linked without your answers"
        return Memory(), [Problem(stage="library", subject="the library", message=message)]
    return Memory(answers, names, [one.paper for one in stored if one]), []
