"""`tracker new`: which of the cited papers are new."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tracker.cli.options import (
    CatalogueFile,
    Documents,
    Jobs,
    LibraryFile,
    MinConfidence,
    Offline,
    settings_from,
)


def new(
    documents: Documents,
    bib: Annotated[
        Path | None,
        typer.Option(
            "--bib", metavar="FILE", help="New is what is not in this .bib file.", show_default=False
        ),
    ] = None,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 1 where there are new papers.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per paper, for programs.")] = False,
    min_confidence: MinConfidence = None,
    jobs: Jobs = None,
    catalogue: CatalogueFile = None,
    library: LibraryFile = None,
    offline: Offline = False,
) -> None:
    """Print the cited papers that you do not have yet.

    New is what is not in the library or, with --bib, not in that file.

    Example: tracker new notes.md --bib refs.bib
    """
    from tracker.cli.paper_output import paper_lines
    from tracker.cli.terminal import finish, progress, put_lines, waiting
    from tracker.completing import complete
    from tracker.steps import new_among, read_and_link

    settings = settings_from(catalogue=catalogue, library=library, offline=offline)
    found = read_and_link(documents, settings, min_confidence=min_confidence, progress=progress, jobs=jobs)
    complete(found, need=(), progress=progress, on_wait=waiting)
    papers = new_among(found, bib)
    put_lines(paper_lines(papers, as_json=as_json))
    finish(found.problems, is_yes=exit_code and bool(papers))
