"""`tracker list`: the ordered reading lists, one per topic."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tracker.cli.options import (
    CatalogueFile,
    Jobs,
    LibraryFile,
    MaybeDocuments,
    MinConfidence,
    Offline,
    settings_from,
)


class OrderName(StrEnum):
    """The names of `tracker.reading.Order`, which is not imported for the help."""

    READING = "reading"
    DOCUMENT = "document"
    DATE = "date"
    MENTIONS = "mentions"


class Language(StrEnum):
    """Of the words that are not the documents' own."""

    ENGLISH = "en"
    CHINESE = "zh"


def list_(
    documents: MaybeDocuments = None,
    order: Annotated[
        OrderName,
        typer.Option("--order", help="By what others build on, first mention, date, or number of mentions."),
    ] = OrderName.READING,
    formats: Annotated[
        str, typer.Option("--format", metavar="md,html", help="Formats, parted by commas.")
    ] = "md",
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="DIR", help="Write reading-list.* here.", show_default=False),
    ] = None,
    language: Annotated[
        Language | None,
        typer.Option("--language", help="Of headings and reasons; else that of most documents."),
    ] = None,
    templates: Annotated[
        Path | None,
        typer.Option("--templates", metavar="DIR", help="Your own templates.", show_default=False),
    ] = None,
    topics: Annotated[
        Path | None,
        typer.Option("--topics", metavar="FILE", help="Your own topics (TOML).", show_default=False),
    ] = None,
    min_confidence: MinConfidence = None,
    jobs: Jobs = None,
    catalogue: CatalogueFile = None,
    library: LibraryFile = None,
    offline: Offline = False,
) -> None:
    """Print ordered reading lists of documents or the library.

    One list per topic, each paper in one of them, with the reason why it stands there.

    Example: tracker list notes.md --format md,html -o lists
    """
    from tracker.cli.terminal import finish, progress, waiting
    from tracker.cli.write import formats_named, write_lists
    from tracker.completing import complete
    from tracker.reading import Order
    from tracker.steps import gather, lists_of

    wanted = formats_named(formats, output)
    settings = settings_from(
        catalogue=catalogue, library=library, offline=offline, templates=templates, topics=topics
    )
    found = gather(documents, settings, min_confidence=min_confidence, progress=progress, jobs=jobs)
    complete(found, progress=progress, on_wait=waiting)
    write_lists(lists_of(found, Order(order), language), found, wanted, output, language)
    finish(found.problems)
