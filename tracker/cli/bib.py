"""`tracker bib`: the papers as BibTeX."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tracker.cli.options import (
    CatalogueFile,
    Form,
    Jobs,
    LibraryFile,
    MaybeDocuments,
    MinConfidence,
    Offline,
    settings_from,
)


def bib(
    documents: MaybeDocuments = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help="Add to this file; all in it stays.", show_default=False
        ),
    ] = None,
    prefer: Annotated[
        Form,
        typer.Option(help="Describe a paper that was published after it stood on arXiv in this form."),
    ] = Form.PUBLISHED,
    min_confidence: MinConfidence = None,
    jobs: Jobs = None,
    catalogue: CatalogueFile = None,
    library: LibraryFile = None,
    offline: Offline = False,
) -> None:
    """Print the papers as BibTeX, or add them to a .bib file.

    The papers are those that the documents mention or, where none are named, those of the library.

    Example: tracker bib notes.md -o refs.bib
    """
    from tracker.cli.terminal import finish, progress, say, waiting
    from tracker.cli.write import write_bibtex
    from tracker.completing import FOR_BIBTEX, FOR_PREPRINTS, complete
    from tracker.steps import gather, remember_bib_keys

    settings = settings_from(catalogue=catalogue, library=library, offline=offline)
    found = gather(documents, settings, min_confidence=min_confidence, progress=progress, jobs=jobs)
    need = FOR_BIBTEX if prefer is Form.PUBLISHED else FOR_PREPRINTS
    complete(found, need, progress=progress, on_wait=waiting)
    write_bibtex(found, output, prefer)
    if not documents:
        remember_bib_keys(found)
    for key in found.untitled:
        say(f"tracker: {key}: left out, nothing is known of it but its identifier")
    finish(found.problems, is_lacking=bool(found.untitled))
