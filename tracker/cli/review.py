"""`tracker review`: the unsure links, one at a time, to settle."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli.options import CatalogueFile, LibraryFile, MaybeDocuments, settings_from


def review(
    documents: MaybeDocuments = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Only list the questions, one JSON object each, for programs.")
    ] = False,
    catalogue: CatalogueFile = None,
    library: LibraryFile = None,
) -> None:
    """Settle the unsure links, one at a time.

    Each answer is kept in the library at once, and counts from then on, in other documents too.

    Example: tracker review notes.md
    """
    from tracker.cli.review_talk import json_lines, talk
    from tracker.cli.terminal import finish, progress, put_lines
    from tracker.errors import InputError
    from tracker.questions import Review

    if documents and "-" in documents and not as_json:
        raise InputError("-: the answers come through standard input; name files")
    settings = settings_from(catalogue=catalogue, library=library)
    found = Review(documents, settings, progress=progress)
    if as_json:
        put_lines(json_lines(found.questions))
    else:
        try:
            talk(found)
        finally:
            found.close()
    finish(found.problems)
