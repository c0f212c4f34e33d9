"""The hallway on one screen: documents -> mentions -> links -> papers -> lists, BibTeX, and what is new.

`read_and_link` goes the common way; the four public functions of the package begin with it. Problems of
single inputs or services do not stop a run: they are collected in `Found.problems`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tracker.catalogue import Catalogue
from tracker.documents import read_documents
from tracker.errors import InputError, NetworkError
from tracker.identifiers import PaperKey, arxiv_id_of, year_month_of
from tracker.linking import link
from tracker.mentions import find_mentions
from tracker.models import Changes, Document, Link, Paper, Problem, ReadingList, Role, StoredPaper
from tracker.reading import Order
from tracker.settings import Settings, read_settings

Input = str | Path | Document
Progress = Callable[[str, int, int], None]
"""Told what is being done, and how many of how many are done."""


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
    """BibTeX keys that the library has given before."""


def read_and_link(
    inputs: Iterable[Input],
    *,
    settings: Settings | None = None,
    min_confidence: float | None = None,
    progress: Progress | None = None,
) -> Found:
    """Read the documents and link their mentions; nothing is asked of the network.

    Raises:
        CatalogueError: the catalogue cannot be opened.
    """
    settings = settings or read_settings()
    found = Found(settings, Catalogue.open(settings.catalogue_path))
    given = list(inputs)
    for number, one in enumerate(given):
        if progress:
            progress(str(getattr(one, "name", one)), number, len(given))
        found.documents += _documents(one, found.problems)
    for document in found.documents:
        mentions = find_mentions(document, found.catalogue)
        found.links += link(document, mentions, found.catalogue, min_confidence=min_confidence)
    found.papers = cited_papers(found.links, found.catalogue)
    return found


def _documents(one: Input, problems: list[Problem]) -> list[Document]:
    if isinstance(one, Document):
        return [one]
    documents, wrong = read_documents([str(one)])
    problems += wrong
    return list(documents)


def from_library(stored: Iterable[StoredPaper], names: Iterable[Document], settings: Settings) -> Found:
    """What the library remembers, in the form of a run."""
    found = Found(settings, Catalogue.open(settings.catalogue_path), documents=list(names))
    for one in stored:
        found.papers[one.paper.key] = one.paper
        found.links += one.places
        if one.bib_key:
            found.bib_keys[one.paper.key] = one.bib_key
    return found


def cited_papers(
    links: Iterable[Link], catalogue: Catalogue, *, with_navigation: bool = False
) -> dict[PaperKey, Paper]:
    """The papers that links lead to, in the order of the links; with a bare key where nothing is known."""
    papers: dict[PaperKey, Paper] = {}
    for one in links:
        is_shown = with_navigation or one.role is not Role.NAVIGATION
        if one.paper and is_shown and one.paper not in papers:
            papers[one.paper] = catalogue.paper(one.paper) or _unknown(one.paper)
    return papers


def _unknown(key: PaperKey) -> Paper:
    arxiv_id = arxiv_id_of(key)
    return Paper(key=key, title="", year=year_month_of(arxiv_id)[0] if arxiv_id else None)


def complete(found: Found, need: Collection[str], *, now: datetime | None = None) -> None:
    """Fill in what the records lack, from arXiv; what cannot be had becomes a problem."""
    from tracker.enrich import enrich

    papers, problems = enrich(
        list(found.papers.values()), found.settings, need=need, now=now or datetime.now(UTC)
    )
    found.papers = {key: paper for key, paper in zip(found.papers, papers, strict=True)}
    found.problems += problems


def lists_of(found: Found, order: Order) -> tuple[ReadingList, ...]:
    """The reading lists of what was found."""
    from tracker.reading import read_topics, reading_lists

    topics = read_topics(found.settings.topics_path)
    return reading_lists(found.documents, found.links, found.papers, order=order, topics=topics)


# --- the public functions ----------------------------------------------------------------------


def scan(
    *inputs: Input,
    settings: Settings | None = None,
    min_confidence: float | None = None,
    problems: list[Problem] | None = None,
) -> list[Link]:
    """The mentions of papers in documents, each with the paper it denotes or none, in document order.

    Args:
        inputs: paths, "-" for standard input, or `Document`s.
        settings: where things are; None: from the environment.
        min_confidence: in [0, 1], what counts as settled.
        problems: gets what went wrong with single inputs.
    """
    found = read_and_link(inputs, settings=settings, min_confidence=min_confidence)
    _hand_over(found, problems)
    return found.links


def reading_lists(
    *inputs: Input,
    order: Order = Order.READING,
    settings: Settings | None = None,
    problems: list[Problem] | None = None,
) -> tuple[ReadingList, ...]:
    """The ordered reading lists of the papers that documents mention, one per topic (arguments as for `scan`)."""
    found = read_and_link(inputs, settings=settings)
    complete(found, ("authors",))
    _hand_over(found, problems)
    return lists_of(found, order)


def bibtex(
    *inputs: Input,
    settings: Settings | None = None,
    taken: Mapping[PaperKey, str] | None = None,
    problems: list[Problem] | None = None,
) -> str:
    """The papers that documents mention, as BibTeX (arguments as for `scan`).

    `taken` are keys given before, which stay.

    Raises:
        NetworkError: nothing is known of a paper and the network did not give it.
    """
    found = read_and_link(inputs, settings=settings)
    complete(found, ("authors",))
    _hand_over(found, problems)
    return bibtex_of(found, taken or {})


def bibtex_of(found: Found, taken: Mapping[PaperKey, str]) -> str:
    """The BibTeX of what was found; papers of which nothing is known are left out (see `untitled`)."""
    from tracker.bibfile import write_bib
    from tracker.export.bibtex import bib_entries

    return write_bib(bib_entries([p for p in found.papers.values() if p.title], taken=taken))


def untitled(found: Found) -> list[PaperKey]:
    """Papers of which only the key is known: no entry can be written for them."""
    return [key for key, paper in found.papers.items() if not paper.title]


def new_papers(
    *inputs: Input,
    bib: Path | None = None,
    settings: Settings | None = None,
    problems: list[Problem] | None = None,
) -> tuple[Paper, ...]:
    """The papers cited in documents that are not in the library, or not in the file `bib` (arguments as for `scan`)."""
    found = read_and_link(inputs, settings=settings)
    _hand_over(found, problems)
    return new_among(found, bib)


def new_among(found: Found, bib: Path | None) -> tuple[Paper, ...]:
    """Of what was found, the papers that are not in the library, or not in the file `bib`."""
    papers = list(found.papers.values())
    if bib is not None:
        from tracker.bibfile import is_in_bib, read_bib

        try:
            file = read_bib(bib.read_bytes(), str(bib))
        except OSError as error:
            raise InputError(f"{bib}: cannot be read: {error.strerror}") from None
        found.problems += file.problems
        return tuple(paper for paper in papers if not is_in_bib(paper, file))
    from tracker.library import new_papers as new_in
    from tracker.library import open_library

    with open_library(found.settings.library_path, create=False) as library:
        return new_in(papers, library.known(papers))


def _hand_over(found: Found, problems: list[Problem] | None) -> None:
    if problems is not None:
        problems += found.problems


def refuse_unknown(found: Found) -> None:
    """Raise where a command could not give what was asked.

    Raises:
        NetworkError: only keys are known of some papers, and a service failed.
    """
    missing = untitled(found)
    if missing and any(problem.is_network for problem in found.problems):
        raise NetworkError(f"nothing is known of {', '.join(missing)}; try again when the network is back")


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
            papers = list(cited_papers(links, found.catalogue, with_navigation=True).values())
            location = document.name if document.name == "-" else str(Path(document.name).absolute())
            results.append((document.name, library.add(document, links, papers, when, location=location)))
    return results
