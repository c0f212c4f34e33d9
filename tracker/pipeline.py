"""The hallway on one screen: documents -> mentions -> links -> papers -> lists, BibTeX, and what is new.

These are the public functions of the package. Each step is in `steps`, each room of the house behind it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tracker.completing import FOR_BIBTEX, FOR_PREPRINTS, complete
from tracker.identifiers import PaperKey
from tracker.models import Link, Paper, Problem, ReadingList
from tracker.reading import Order
from tracker.settings import Settings, read_settings
from tracker.steps import (
    Found,
    Input,
    bibtex_of,
    gather,
    lists_of,
    new_among,
    read_and_link,
)


def scan(
    *inputs: Input,
    settings: Settings | None = None,
    min_confidence: float | None = None,
    jobs: int | None = 1,
    problems: list[Problem] | None = None,
) -> list[Link]:
    """The mentions of papers in documents, each with the paper it denotes or none, in document order.

    Args:
        inputs: paths, "-" for standard input, or `Document`s.
        settings: where things are; None: the defaults and the `TRACKER_*` variables.
        min_confidence: in [0, 1], what counts as settled; None: what is right in 19 of 20 cases.
        jobs: how many processes link several documents; None: one for each core where there is much to do. With
            more than one, a script must guard its main part with `if __name__ == "__main__"`.
        problems: gets what went wrong with single inputs and services; None: that is passed over.

    Raises:
        CatalogueError: the catalogue cannot be used.
    """
    found = read_and_link(
        inputs, settings or read_settings(), min_confidence=min_confidence, jobs=jobs, with_papers=False
    )
    _hand_over(found, problems)
    return found.links


def reading_lists(
    *inputs: Input,
    order: Order | str = Order.READING,
    language: str | None = None,
    settings: Settings | None = None,
    min_confidence: float | None = None,
    jobs: int | None = 1,
    problems: list[Problem] | None = None,
) -> tuple[ReadingList, ...]:
    """The ordered reading lists of the papers that documents mention, one per topic.

    Arguments and errors as for `scan`; without inputs, the lists are of the library. `order` is "reading",
    "document", "date" or "mentions"; `language` of the reasons is "en" or "zh", None: that of most documents.

    Raises:
        TemplateError: the file of topics is wrong.
        InputError: no inputs are named, and the library is empty.
    """
    found = gather(inputs, settings or read_settings(), min_confidence=min_confidence, jobs=jobs)
    complete(found)
    _hand_over(found, problems)
    return lists_of(found, Order(order), language)


def bibtex(
    *inputs: Input,
    settings: Settings | None = None,
    min_confidence: float | None = None,
    jobs: int | None = 1,
    taken: Mapping[PaperKey, str] | None = None,
    prefer: str = "published",
    problems: list[Problem] | None = None,
) -> str:
    """The papers that documents mention, as BibTeX.

    Arguments and errors as for `scan`; without inputs, the papers of the library. `taken` are keys given
    before, which stay. Papers of which nothing but the key is known are left out; `problems` says why.
    `prefer` is "published" or "preprint": the form of papers that stand on arXiv and were published.

    Raises:
        InputError: no inputs are named, and the library is empty.
    """
    found = gather(inputs, settings or read_settings(), min_confidence=min_confidence, jobs=jobs)
    found.bib_keys |= taken or {}
    complete(found, FOR_PREPRINTS if prefer == "preprint" else FOR_BIBTEX)
    _hand_over(found, problems)
    return bibtex_of(found, prefer)


def new_papers(
    *inputs: Input,
    bib: str | Path | None = None,
    settings: Settings | None = None,
    min_confidence: float | None = None,
    jobs: int | None = 1,
    problems: list[Problem] | None = None,
) -> tuple[Paper, ...]:
    """The papers that documents cite and that are not in the library or, with `bib`, not in that .bib file.

    Arguments and errors as for `scan`. In the order of their first mention.

    Raises:
        InputError: the .bib file cannot be read.
        LibraryError: the library cannot be used.
    """
    found = read_and_link(inputs, settings or read_settings(), min_confidence=min_confidence, jobs=jobs)
    complete(found, ())
    new = new_among(found, Path(bib) if bib is not None else None)
    _hand_over(found, problems)
    return new


def _hand_over(found: Found, problems: list[Problem] | None) -> None:
    if problems is not None:
        problems += found.problems
