"""What the reader's library remembers for linking: their answers, and the names that their documents taught.

`read_memory` reads it where there is a library, and never makes one. A document gets what may matter for it, but
no name that it alone has taught: so the same document is linked the same way before and after it was added.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple

from tracker.catalogue import Catalogue
from tracker.errors import LibraryError
from tracker.identifiers import PaperKey
from tracker.mentions import find_learned, find_mentions, names_taught
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
        records: Callable[[Collection[PaperKey]], Mapping[PaperKey, Paper]] = lambda keys: {},
    ) -> None:
        """Remember answers and names; `records` gives what is known of papers that the catalogue lacks."""
        self._answers = tuple(answers)
        self._names: dict[str, set[TaughtName]] = defaultdict(set)
        self._records = records
        self.take(names)

    def learn(self, documents: Iterable[Document], catalogue: Catalogue) -> list[TaughtName]:
        """Take in the names that documents teach which are being added; those names."""
        taught = [name for document in documents for name in names_taught_by(document, catalogue)]
        self.take(taught)
        return taught

    def take(self, taught: Iterable[TaughtName]) -> None:
        """Take in names."""
        for one in taught:
            self._names[one.name].add(one)

    def for_document(self, document: Document) -> Remembered:
        """The answers, and the names that stand in a document, but for those that no other has taught."""
        own = content_of(document)
        present = {document.text[start:end] for start, end in find_learned(document.text, self._names)}
        counts = Counter(
            (one.name, one.paper) for name in present for one in self._names[name] if one.document != own
        )
        aliases = [
            LearnedAlias(alias=name, paper=paper, documents=count)
            for (name, paper), count in sorted(counts.items())
        ]
        keys = {one.paper for one in aliases} | {one.paper for one in self._answers if one.paper}
        papers = dict(self._records(keys)) if keys else {}
        return Remembered(answers=self._answers, aliases=tuple(aliases), papers=papers)


def names_taught_by(document: Document, catalogue: Catalogue) -> list[TaughtName]:
    """The names that a document gives to papers."""
    taught = names_taught(document.text, find_mentions(document, catalogue), catalogue)
    return [TaughtName(name, key, content_of(document)) for name, key in taught]


def mentions_of(document: Document, remembered: Remembered, catalogue: Catalogue) -> list[Mention]:
    """The mentions of a document, those by names that are remembered too."""
    learned = {alias.alias for alias in remembered.aliases}
    return find_mentions(document, catalogue, learned_names=learned)


def content_of(document: Document) -> str:
    """The SHA-256 of a document's text, by which the library knows it."""
    return document.sha256 or hashlib.sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest()


def read_memory(settings: Settings, catalogue: Catalogue) -> tuple[Memory, list[Problem]]:
    """The memory of the library, empty where there is none.

    Where the library cannot be read, that is a problem and no error, for one can do without.
    """
    if not settings.library_path.exists():
        return Memory(), []
    from tracker.library import open_library

    def records(keys: Collection[PaperKey]) -> Mapping[PaperKey, Paper]:
        lacking = [key for key in keys if catalogue.row(key) is None]
        if not lacking:
            return {}
        try:
            with open_library(settings.library_path, create=False) as library:
                return library.records(lacking)
        except LibraryError:  # it could be read a moment ago; titles are all that is missing without it
            return {}

    try:
        with open_library(settings.library_path, create=False) as library:
            answers, names = library.answers(), library.taught_names()
    except LibraryError as error:
        message = f"{error}; linked without your answers"
        return Memory(), [Problem(stage="library", subject="the library", message=message)]
    return Memory(answers, [TaughtName(*row) for row in names], records), []
