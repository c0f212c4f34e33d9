"""`tracker scan`: what papers these documents mention."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli.options import CatalogueFile, Documents, MinConfidence, Offline, settings_from


def scan(
    documents: Documents,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object per mention, for programs.")
    ] = False,
    min_confidence: MinConfidence = None,
    catalogue: CatalogueFile = None,
    offline: Offline = False,
) -> None:
    """Print the papers that documents mention.

    Example: tracker scan notes.md talk.txt
    """
    from tracker.cli.scan_output import json_lines, table_lines
    from tracker.cli.terminal import finish, progress, put_lines
    from tracker.steps import read_and_link

    settings = settings_from(catalogue=catalogue, offline=offline)
    found = read_and_link(documents, settings, min_confidence=min_confidence, progress=progress)
    put_lines(json_lines(found.links) if as_json else table_lines(found))
    finish(found.problems)
