"""`tracker scan`: what papers these documents mention."""

from __future__ import annotations

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


def scan(
    documents: Documents,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object per mention, for programs.")
    ] = False,
    explain: Annotated[
        str,
        typer.Option(
            "--explain",
            metavar="LINE[:NAME]",
            help="Print how the mentions on a line were decided.",
            show_default=False,
        ),
    ] = "",
    min_confidence: MinConfidence = None,
    jobs: Jobs = None,
    catalogue: CatalogueFile = None,
    library: LibraryFile = None,
    offline: Offline = False,
) -> None:
    """Print the papers that documents mention.

    Example: tracker scan notes.md talk.txt
    """
    from tracker.catalogue import Catalogue
    from tracker.cli.explain_output import explain_mentions
    from tracker.cli.scan_output import Table, json_lines
    from tracker.cli.terminal import finish, progress, put_lines
    from tracker.steps import Found, link_inputs

    settings = settings_from(catalogue=catalogue, library=library, offline=offline)
    if explain:
        explain_mentions(documents, explain, settings, min_confidence=min_confidence, as_json=as_json)
        return
    found = Found(settings, Catalogue.open(settings.catalogue_path))
    linked = link_inputs(found, documents, min_confidence=min_confidence, progress=progress, jobs=jobs)
    table = Table(found.catalogue)
    put_lines(line for _, links in linked for line in (json_lines(links) if as_json else table.add(links)))
    put_lines(() if as_json else table.lines())
    finish(found.problems)
