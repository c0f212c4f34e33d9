"""The steps of a run, each on top of what `Found` holds so far: gather, and one for each product.

The pipeline and the command line are made of these. Problems of single inputs or services do not stop a run:
they are collected in `Found.problems`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from tracker.catalogue import Catalogue
from tracker.catalogue.squeeze import squeeze
from tracker.documents import STANDARD_INPUT, iter_documents
from tracker.errors import InputError, LibraryError
from tracker.identifiers import PaperKey, arxiv_id_of, parse_key, year_month_of
from tracker.memory import TaughtName, content_of, read_memory
from tracker.models import (
    Changes,
    Document,
    Link,
    Paper,
    Problem,
    ReadingList,
    Role,
    StoredPaper,
)
from tracker.scanning import link_each, taught_by_each
from tracker.settings import Settings

if TYPE_CHECKING:
    from tracker.export.bibtex import Merged
    from tracker.reading import Order

Input: TypeAlias = str | Path | Document
"""A path, "-" for standard input, or a document that is read already."""
Progress: TypeAlias = Callable[[str, int, int], None]
"""Told what was done last, and how many of how many are done."""
OnWait: TypeAlias = Callable[[str, float], None]
"""Told what went wrong at a service, and for how many seconds its pace is waited for."""


@dataclass
class Found:
    """What a run has found so far."""

    settings: Settings
    catalogue: Catalogue
    documents: list[Document] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    papers: dict[PaperKey, Paper] = field(default_factory=dict)
    """The papers that the links lead to, navigation left out, in order of their first mention."""
    bib_keys: dict[PaperKey, str] = field(default_factory=dict)
    """BibTeX keys that were given before, and stay."""
    taught: list[TaughtName] = field(default_factory=list)
    """Names that the documents give to papers."""

    @property
    def titled(self) -> list[Paper]:
        """The papers of which more than the key is known."""
        return [paper for paper in self.papers.values() if paper.title]

    @property
    def untitled(self) -> list[PaperKey]:
        """The papers of which only the key is known: no entry can be written for them."""
        return [key for key, paper in self.papers.items() if not paper.title]


# --- the common way ----------------------------------------------------------------------------


def gather(
    inputs: Collection[Input] | None,
    settings: Settings,
    *,
    min_confidence: float | None = None,
    progress: Progress | None = None,
    jobs: int | None = 1,
) -> Found:
    """What the documents mention or, where none are named, what the library remembers. Asks no network.

    Raises:
        CatalogueError, LibraryError: the file cannot be used.
        InputError: no documents are named, and the library is empty.
    """
    if not inputs:
        return _from_library(settings)
    return read_and_link(inputs, settings, min_confidence=min_confidence, progress=progress, jobs=jobs)


def read_and_link(
    inputs: Collection[Input],
    settings: Settings,
    *,
    min_confidence: float | None = None,
    progress: Progress | None = None,
    jobs: int | None = 1,
    learn: bool = False,
    with_papers: bool = True,
) -> Found:
    """What the documents mention, with what the library remembers for linking. Asks no network.

    With `learn`, the names that the documents teach count for all of them, and are in `Found.taught`. Without
    `with_papers`, `Found.papers` stays empty: to unpack their records takes a millisecond each. For `jobs` see
    `scanning.link_each`.

    Raises:
        CatalogueError: the catalogue cannot be used.
    """
    found = Found(settings, Catalogue.open(settings.catalogue_path))
    linked = link_inputs(
        found, inputs, min_confidence=min_confidence, progress=progress, jobs=jobs, learn=learn
    )
    for document, links in linked:
        found.links += links
        if document.part > 1:  # the first part stands for the whole, under the whole's identity
            found.documents[-1] = found.documents[-1].model_copy(update={"sha256": document.sha256})
        else:
            found.documents.append(document)
    if with_papers:
        found.papers = cited_papers(found.links, found.catalogue)
    return found


def link_inputs(
    found: Found,
    inputs: Collection[Input],
    *,
    min_confidence: float | None = None,
    progress: Progress | None = None,
    jobs: int | None = 1,
    learn: bool = False,
) -> Iterator[tuple[Document, list[Link]]]:
    """Each document, or part of a large one, with its links, in order; problems go to `found` as they come.

    What was handed out is kept nowhere, so that texts of any size need little memory (but for `learn`).
    """
    memory, problems = read_memory(found.settings, found.catalogue)
    found.problems += problems
    outcomes: Iterable[Document | Problem] = read(inputs)
    if learn:
        outcomes = list(outcomes)
        documents = [one for one in outcomes if isinstance(one, Document)]
        found.taught = taught_by_each(documents, found.catalogue, jobs=jobs)
        memory.take(found.taught)
    done = 0
    for outcome in link_each(outcomes, memory, found.catalogue, min_confidence=min_confidence, jobs=jobs):
        found.problems += outcome.problems
        if outcome.document:
            yield outcome.document, outcome.links
        if outcome.document.part < 2 if outcome.document else outcome.problems[0].stage != "parts":
            done += 1
        if progress:
            progress(outcome.name, done, len(inputs))


def read(inputs: Iterable[Input]) -> Iterator[Document | Problem]:
    """The documents that inputs are or name, or what is wrong with them, in order."""
    for _, group in groupby(inputs, lambda one: isinstance(one, Document)):
        alike = list(group)
        yield from (one for one in alike if isinstance(one, Document))
        yield from iter_documents(one for one in alike if not isinstance(one, Document))


def _from_library(settings: Settings) -> Found:
    from tracker.library import open_library

    with open_library(settings.library_path, create=False) as library:
        stored = library.papers()
        documents = [
            Document(name=one.name, text="", language=one.language, written=one.written)
            for one in library.documents()
        ]
        keys = library.bib_keys()
    if not stored:
        raise InputError("name a document, or put some into the library first with `tracker add DOC...`")
    return Found(
        settings,
        Catalogue.open(settings.catalogue_path),
        documents=documents,
        links=[place for one in stored for place in one.places],
        papers={one.paper.key: one.paper for one in stored},
        bib_keys=keys,
    )


def look_up(given: str, settings: Settings) -> tuple[Found, dict[PaperKey, StoredPaper]]:
    """The papers that an identifier, a title or a name denotes, and what the library remembers of them.

    An identifier that neither the library nor the catalogue knows gives a bare record.

    Raises:
        CatalogueError, LibraryError: the file cannot be used.
        InputError: it is no identifier, and nothing is known by this name.
    """
    from tracker.library import open_library

    found = Found(settings, Catalogue.open(settings.catalogue_path))
    stored: dict[PaperKey, StoredPaper] = {}
    with open_library(settings.library_path, create=False) as library:
        learned = (one.paper for one in library.aliases() if squeeze(one.alias) == squeeze(given))
        # It may be stored under the key that was given, and the catalogue know it under another by now.
        own = parse_key(given)
        keys = [own] if own and library.paper(own) else keys_named(given, found.catalogue)
        for key in keys or dict.fromkeys(learned):
            if known := library.paper(key):
                stored[known.paper.key] = known
                found.papers[known.paper.key] = known.paper
            else:
                found.papers[key] = found.catalogue.paper(key) or bare_paper(key)
    if not found.papers:
        raise InputError(f"{given}: no paper is known by this name; give its id or its whole title")
    return found, stored


MOST_NAMED = 5
"""Papers of one name that are shown, the most usual ones."""


def keys_named(given: str, catalogue: Catalogue) -> list[PaperKey]:
    """The papers that an identifier, a title or a name of the catalogue denotes, the most usual first."""
    if key := parse_key(given):
        return [catalogue.key_of(key)]
    aliases = sorted(catalogue.aliases_of(given), key=lambda alias: (-alias.sources, alias.row))
    rows = catalogue.rows_titled(given) or [alias.row for alias in aliases]
    return [catalogue.records.key(row) for row in dict.fromkeys(rows)][:MOST_NAMED]


def cited_papers(
    links: Iterable[Link], catalogue: Catalogue, *, with_navigation: bool = False
) -> dict[PaperKey, Paper]:
    """The papers that links lead to, in the order of the links; with a bare key where nothing is known."""
    papers: dict[PaperKey, Paper] = {}
    for one in links:
        is_shown = with_navigation or one.role is not Role.NAVIGATION
        if one.paper and is_shown and one.paper not in papers:
            papers[one.paper] = catalogue.paper(one.paper) or bare_paper(one.paper)
    return papers


def title_and_year(key: PaperKey, catalogue: Catalogue) -> tuple[str, int | None]:
    """What the catalogue knows of a paper without unpacking its record; "" where nothing is known."""
    row = catalogue.row(key)
    known = bare_paper(key) if row is None else catalogue.records.head(row)
    return known.title, known.year


def bare_paper(key: PaperKey) -> Paper:
    """The record of a paper of which nothing is known but its key."""
    arxiv_id = arxiv_id_of(key)
    return Paper(key=key, title="", year=year_month_of(arxiv_id)[0] if arxiv_id else None)


# --- the products ------------------------------------------------------------------------------


def lists_of(found: Found, order: Order, language: str | None = None) -> tuple[ReadingList, ...]:
    """The reading lists of what was found, one per topic.

    `language` of the reasons is "en" or "zh"; None: that of most of the documents.

    Raises:
        TemplateError: the file of topics is wrong.
    """
    from tracker.reading import read_topics, reading_lists

    topics = read_topics(found.settings.topics_path)
    return reading_lists(
        found.documents, found.links, found.papers, order=order, topics=topics, language=language
    )


def export_lists(
    lists: tuple[ReadingList, ...], found: Found, format: str, language: str | None = None
) -> str:
    """The lists as text in a format; for `language` see `lists_of`.

    Raises:
        InputError: there is no such format.
        TemplateError: a template of the reader's is wrong.
    """
    from tracker.export import export
    from tracker.reading import language_of

    return export(
        lists,
        format,
        language=language or language_of(found.documents),
        templates_dir=found.settings.templates_dir,
    )


def bibtex_of(found: Found, prefer: str = "published") -> str:
    """What was found as BibTeX, without the papers of which only the key is known (`Found.untitled`).

    `prefer` is the form of papers that stand on arXiv and were published: "published" or "preprint".
    """
    from tracker.export.bibtex import Form, citation_keys, write_bibtex

    found.bib_keys |= citation_keys(found.titled, taken=found.bib_keys)
    return write_bibtex(found.titled, taken=found.bib_keys, form=Form(prefer))


def merge_into_bib(found: Found, data: bytes, name: str, prefer: str = "published") -> Merged:
    """The bytes of a .bib file with an entry behind them for each paper that it lacks; see `bibtex_of`.

    Raises:
        InputError: the file is not text, or its encoding lacks a character.
    """
    from tracker.export.bibtex import Form, merge_bib

    merged = merge_bib(data, found.titled, name=name, taken=found.bib_keys, form=Form(prefer))
    found.bib_keys |= merged.present | merged.added
    found.problems += merged.problems
    return merged


def remember_bib_keys(found: Found) -> None:
    """Keep the BibTeX keys in the library, so that the same papers get the same keys as it grows.

    Where the library cannot be written, that becomes a problem: the BibTeX itself is there.
    """
    from tracker.library import open_library

    try:
        with open_library(found.settings.library_path) as library:
            if found.bib_keys != library.bib_keys():
                library.remember_bib_keys(found.bib_keys)
    except LibraryError as error:
        found.problems.append(
            Problem(stage="library", subject="the BibTeX keys", message=f"were not kept: {error}")
        )


def new_among(found: Found, bib: Path | None = None) -> tuple[Paper, ...]:
    """Of what was found, the papers that are not in the library or, where `bib` is named, not in that file.

    Raises:
        InputError: the file cannot be read.
        LibraryError: the library cannot be used.
    """
    papers = list(found.papers.values())
    if bib is not None:
        from tracker.bibfile import is_in_bib, read_bib

        file = read_bib(read_file(bib), str(bib))
        found.problems += file.problems
        return tuple(paper for paper in papers if not is_in_bib(paper, file))
    from tracker.library import new_papers as new_in
    from tracker.library import open_library

    with open_library(found.settings.library_path, create=False) as library:
        return new_in(papers, library.known(papers))


MOST_BIB_BYTES = 200_000_000
"""Above this a file is no bibliography of a person's, and would not fit into memory well."""


def read_file(path: Path) -> bytes:
    """The bytes of a .bib file, at most `MOST_BIB_BYTES`; none of a device, which may never end.

    Raises:
        InputError: it cannot be read, or is larger.
    """
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            return b""
        if path.is_file() and path.stat().st_size > MOST_BIB_BYTES:
            raise InputError(
                f"{path}: is larger than {MOST_BIB_BYTES // 10**6} MB; split it into several files"
            )
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from None


def add_to_library(found: Found, *, now: datetime | None = None) -> list[tuple[str, Changes]]:
    """Remember the documents, their papers and links; for each document's name what that changed.

    Raises:
        LibraryError: the library cannot be written.
    """
    from tracker.library import open_library

    when = now or datetime.now(UTC)
    results = []
    with open_library(found.settings.library_path) as library:
        for document in found.documents:
            links = [one for one in found.links if one.mention.document == document.name]
            cited = cited_papers(links, found.catalogue, with_navigation=True)
            papers = [found.papers.get(key, paper) for key, paper in cited.items()]
            is_file = document.name != STANDARD_INPUT
            location = str(Path(document.name).absolute()) if is_file else document.name
            own = content_of(document)
            aliases = [
                (name, key) for name, key, taught_by in found.taught if taught_by == own and key in cited
            ]
            changes = library.add(document, links, papers, when, location=location, aliases=aliases)
            results.append((document.name, changes))
    return results
