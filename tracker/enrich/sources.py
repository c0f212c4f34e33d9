"""The sources in the order in which they are asked, each for what the earlier ones left open.

First those that know papers by their identifiers, for many papers at once, the publisher's own word before that of
the collections; then the searches by title, one question a paper, for those of which nobody has told where they
appeared.
"""

from __future__ import annotations

from collections.abc import Callable

from tracker.enrich.base import Source
from tracker.settings import Settings


def open_sources(settings: Settings, on_wait: Callable[[str, float], None] | None = None) -> list[Source]:
    """All sources that the settings leave switched on. Nothing is opened before something is asked.

    Args:
        on_wait: see `net.OnWait`.
    """
    from tracker.enrich import crossref, openalex
    from tracker.enrich.acl import AclAnthology
    from tracker.enrich.arxiv import ArxivSource
    from tracker.enrich.dblp import DblpByTitle
    from tracker.enrich.openreview import OpenReview
    from tracker.enrich.semantic_scholar import SemanticScholar

    of_crossref = crossref.open_service(settings, on_wait=on_wait)
    of_openalex = openalex.open_service(settings, on_wait=on_wait)
    return [
        ArxivSource(settings, on_wait=on_wait),
        AclAnthology(settings, on_wait=on_wait),
        OpenReview(settings, on_wait=on_wait),
        crossref.CrossrefByDoi(of_crossref, settings.contact),
        SemanticScholar(settings, on_wait=on_wait),
        openalex.OpenAlexById(of_openalex),
        # Once more, for the DOIs that these two have told.
        crossref.CrossrefByDoi(of_crossref, settings.contact),
        crossref.CrossrefByTitle(of_crossref, settings.contact),
        DblpByTitle(settings, on_wait=on_wait),
        openalex.OpenAlexByTitle(of_openalex),
    ]
