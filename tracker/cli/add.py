"""`tracker add`: put documents and their papers into the library."""

from __future__ import annotations

from tracker.cli.options import (
    CatalogueFile,
    Documents,
    Jobs,
    LibraryFile,
    MinConfidence,
    Offline,
    settings_from,
)


def add(
    documents: Documents,
    min_confidence: MinConfidence = None,
    jobs: Jobs = None,
    catalogue: CatalogueFile = None,
    library: LibraryFile = None,
    offline: Offline = False,
) -> None:
    """Put documents and their papers into the library.

    Remembers each document, its papers, where they are mentioned, and the names that it gives them; the same
    again changes nothing.

    Example: tracker add notes.md
    """
    from tracker.cli.terminal import finish, progress, say, waiting
    from tracker.completing import complete
    from tracker.steps import add_to_library, read_and_link

    settings = settings_from(catalogue=catalogue, library=library, offline=offline)
    found = read_and_link(
        documents, settings, min_confidence=min_confidence, progress=progress, jobs=jobs, learn=True
    )
    complete(found, need=(), progress=progress, on_wait=waiting)
    for name, changes in add_to_library(found):
        say(
            f"{name}: {changes.document}; papers: {len(changes.new)} new, {len(changes.updated)} updated, "
            f"{len(changes.unchanged)} known"
        )
    finish(found.problems)
