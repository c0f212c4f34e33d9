"""`tracker show`: one paper, where it was mentioned, and why it was linked."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli.options import CatalogueFile, LibraryFile, Offline, settings_from


def show(
    paper: Annotated[
        str, typer.Argument(metavar="PAPER", help="An id, a URL, a DOI, a title, or a name such as QLoRA.")
    ],
    catalogue: CatalogueFile = None,
    library: LibraryFile = None,
    offline: Offline = False,
) -> None:
    """Print one paper, where it was mentioned, and why.

    The record comes from the library or the catalogue; what it lacks is asked of the sources. Behind each value
    stands where it comes from, below them what sources say otherwise, and what may be its published version.

    Example: tracker show QLoRA
    """
    from tracker.cli.paper_output import place_lines, record_lines
    from tracker.cli.terminal import finish, put_lines, waiting
    from tracker.completing import WHOLE, complete
    from tracker.steps import look_up

    found, stored = look_up(paper, settings_from(catalogue=catalogue, library=library, offline=offline))
    complete(found, WHOLE, on_wait=waiting)
    for record in found.papers.values():
        put_lines(record_lines(record))
        put_lines(place_lines(stored[record.key]) if record.key in stored else ["  not in the library"])
    finish(found.problems, is_lacking=bool(found.untitled))
