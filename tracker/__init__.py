"""Tracker: which papers do documents mention? Reading lists, BibTeX, and what is new.

>>> import tracker
>>> links = tracker.scan("notes.md")            # doctest: +SKIP
>>> print(tracker.bibtex("notes.md"))           # doctest: +SKIP

The public names are resolved when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.version import __version__

if TYPE_CHECKING:
    from tracker.catalogue import Catalogue
    from tracker.pipeline import bibtex, new_papers, reading_lists, scan

__all__ = ["Catalogue", "__version__", "bibtex", "new_papers", "reading_lists", "scan"]

_HOMES = {
    "Catalogue": "tracker.catalogue",
    "bibtex": "tracker.pipeline",
    "new_papers": "tracker.pipeline",
    "reading_lists": "tracker.pipeline",
    "scan": "tracker.pipeline",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'tracker' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
