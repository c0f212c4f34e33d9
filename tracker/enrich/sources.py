"""The sources in the order in which they are asked, each for what the earlier ones left open.

First those that know papers by their identifiers, for many papers at once; then the searches by title, one
question a paper, for those of which nobody has told where they appeared.
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
    from tracker.enrich.arxiv import ArxivSource

    return [ArxivSource(settings, on_wait=on_wait)]
