"""`tracker add`: put documents and their papers into the library."""

from __future__ import annotations

from tracker.cli.options import CatalogueFile, Documents, LibraryFile, MinConfidence, settings_from
from tracker.cli.options import Offline as OfflineOption


def add(
    documents: Documents,
    min_confidence: MinConfidence = None,
    catalogue: CatalogueFile = None,
    library: LibraryFile = None,
    offline: OfflineOption = False,
) -> None:
    """Put documents, their papers, and where each is mentioned, into the library.

    Example: tracker add notes.md
    """
    from tracker.cli.terminal import finish, progress, say
    from tracker.pipeline import add_to_library, read_and_link

    settings = settings_from(catalogue=catalogue, library=library, offline=offline)
    found = read_and_link(documents, settings=settings, min_confidence=min_confidence, progress=progress)
    for name, changes in add_to_library(found):
        say(
            f"{name}: {changes.document}; papers: {len(changes.new)} new, {len(changes.updated)} updated, "
            f"{len(changes.unchanged)} known"
        )
    finish(found.problems)
