"""`tracker show`: one paper, where it was mentioned, and why it was linked."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli.options import CatalogueFile, LibraryFile, settings_from
from tracker.cli.options import Offline as OfflineOption


def show(
    paper: Annotated[
        str, typer.Argument(metavar="PAPER", help="An id, a URL, a DOI, or a name such as QLoRA.")
    ],
    catalogue: CatalogueFile = None,
    library: LibraryFile = None,
    offline: OfflineOption = False,
) -> None:
    """Print the record of a paper, where it was mentioned, and why it was linked.

    Example: tracker show 2305.14314
    """
    from tracker.cli.find import found_papers
    from tracker.cli.paper_output import place_lines, record_lines

    for record, stored in found_papers(
        paper, settings_from(catalogue=catalogue, library=library, offline=offline)
    ):
        for line in record_lines(record):
            print(line)
        for line in place_lines(stored) if stored else ("  not in the library",):
            print(line)
