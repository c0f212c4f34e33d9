"""Documents, mentions and links made from short texts, as the program makes them from files."""

from __future__ import annotations

from functools import cache

from tracker.catalogue import Catalogue
from tracker.documents.text import TextReader
from tracker.linking import link
from tracker.mentions import find_mentions
from tracker.models import Document, Link, Remembered

SAM = "arXiv:2304.02643"
PYTHIA = "arXiv:2304.01373"
QLORA = "arXiv:2305.14314"
EMU = "arXiv:2307.05222"
EMU_VIDEO = "arXiv:2311.10709"


@cache
def catalogue() -> Catalogue:
    """The one that ships with the program."""
    return Catalogue.open()


def document_of(text: str, name: str = "notes.md") -> Document:
    """A document with its structure."""
    return TextReader().read(name, text.encode())


def links_of(
    text: str, remembered: Remembered | None = None, *, min_confidence: float | None = None
) -> list[Link]:
    """All links of a text."""
    remembered = remembered or Remembered()
    document = document_of(text)
    names = {alias.alias for alias in remembered.aliases}
    mentions = find_mentions(document, catalogue(), learned_names=names)
    return link(document, mentions, catalogue(), min_confidence=min_confidence, remembered=remembered)


def link_at(links: list[Link], surface: str) -> Link:
    """The first link of a surface."""
    return next(one for one in links if one.mention.surface == surface)
