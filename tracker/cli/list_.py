"""`tracker list`: the ordered reading lists, one per topic."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tracker.cli.options import CatalogueFile, LibraryFile, MaybeDocuments, MinConfidence, settings_from
from tracker.cli.options import Offline as OfflineOption


class OrderName(StrEnum):
    """How papers are ordered."""

    READING = "reading"
    DOCUMENT = "document"
    DATE = "date"
    MENTIONS = "mentions"


def list_(
    documents: MaybeDocuments = None,
    order: Annotated[OrderName, typer.Option("--order", help="What comes first.")] = OrderName.READING,
    formats: Annotated[
        str, typer.Option("--format", metavar="md,html", help="Formats, parted by commas.")
    ] = "md",
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="DIR", help="Write reading-list.* here.", show_default=False),
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
    catalogue: CatalogueFile = None,
    library: LibraryFile = None,
    offline: OfflineOption = False,
) -> None:
    """Print the ordered reading lists of documents, or of the library.

    Example: tracker list notes.md --format md,html -o lists
    """
    from tracker.cli.gather import gather
    from tracker.cli.terminal import finish
    from tracker.cli.write import write_lists
    from tracker.pipeline import complete, lists_of
    from tracker.reading import Order

    settings = settings_from(
        catalogue=catalogue, library=library, offline=offline, templates=templates, topics=topics
    )
    found = gather(documents, settings, min_confidence)
    complete(found, ("authors",))
    write_lists(lists_of(found, Order(order.value)), found, formats, output)
    finish(found.problems)
