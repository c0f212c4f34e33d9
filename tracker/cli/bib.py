"""`tracker bib`: the papers as BibTeX."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tracker.cli.options import CatalogueFile, LibraryFile, MaybeDocuments, MinConfidence, settings_from
from tracker.cli.options import Offline as OfflineOption


def bib(
    documents: MaybeDocuments = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help="Add to this file; all in it stays.", show_default=False
        ),
    ] = None,
    min_confidence: MinConfidence = None,
    catalogue: CatalogueFile = None,
    library: LibraryFile = None,
    offline: OfflineOption = False,
) -> None:
    """Print the papers that documents mention as BibTeX, or add what is missing to a .bib file.

    Example: tracker bib notes.md -o refs.bib
    """
    from tracker.cli.gather import gather
    from tracker.cli.terminal import finish, say
    from tracker.cli.write import write_bibtex
    from tracker.pipeline import complete, refuse_unknown, untitled

    settings = settings_from(catalogue=catalogue, library=library, offline=offline)
    found = gather(documents, settings, min_confidence)
    complete(found, ("authors",))
    write_bibtex(found, output)
    for key in untitled(found):
        say(f"tracker: {key}: left out, nothing is known of it but its identifier")
    refuse_unknown(found)
    finish(found.problems)
