"""`tracker new`: which of the cited papers are new."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tracker.cli.options import CatalogueFile, Documents, LibraryFile, MinConfidence, settings_from
from tracker.cli.options import Offline as OfflineOption


def new(
    documents: Documents,
    bib: Annotated[
        Path | None,
        typer.Option("--bib", metavar="FILE", help="New is what is not in this file.", show_default=False),
    ] = None,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 1 where there are new papers.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per paper.")] = False,
    min_confidence: MinConfidence = None,
    catalogue: CatalogueFile = None,
    library: LibraryFile = None,
    offline: OfflineOption = False,
) -> None:
    """Print the cited papers that are not in the library, or not in a .bib file.

    Example: tracker new notes.md --bib refs.bib
    """
    from tracker.cli.paper_output import paper_lines
    from tracker.cli.terminal import finish, progress
    from tracker.pipeline import new_among, read_and_link

    settings = settings_from(catalogue=catalogue, library=library, offline=offline)
    found = read_and_link(documents, settings=settings, min_confidence=min_confidence, progress=progress)
    papers = new_among(found, bib)
    for line in paper_lines(papers, as_json=as_json):
        print(line)
    finish(found.problems)
    if exit_code and papers:
        raise typer.Exit(1)
