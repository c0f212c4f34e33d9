"""The papers that the documents cite, gathered from the links: one `Cited` for each paper. Pure.

Links without a paper and links in menus (role navigation) are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tracker.identifiers import PaperKey
from tracker.models import Document, Link, Paper, Place, Role


@dataclass(frozen=True)
class Cited:
    """A paper and everything the documents say about it."""

    paper: Paper
    links: tuple[Link, ...]
    """At least one, in the order of the documents and of their text; none of role navigation."""
    first: tuple[int, int]
    """Document (its position in the input) and offset of the first mention."""

    @property
    def key(self) -> PaperKey:
        """The key of the paper."""
        return self.paper.key

    @cached_property
    def is_main(self) -> bool:
        """Whether at least one document treats the paper, rather than naming it in passing."""
        return any(link.role is Role.MAIN for link in self.links)

    @cached_property
    def salience(self) -> float:
        """How much the document that is most about the paper is about it, in [0, 1]."""
        return max(link.salience for link in self.links)

    @cached_property
    def confidence(self) -> float:
        """Of the surest link, in [0, 1]."""
        return max(link.confidence for link in self.links)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """The first mention of each line, in document order."""
        places: dict[tuple[str, int], Place] = {}
        for link in self.links:
            mention = link.mention
            place = Place(document=mention.document, line=mention.line, surface=mention.surface)
            places.setdefault((mention.document, mention.line), place)
        return tuple(places.values())


def cited_papers(
    documents: Sequence[Document], links: Sequence[Link], papers: Mapping[PaperKey, Paper]
) -> tuple[Cited, ...]:
    """The papers that the documents cite, in the order of their first mention.

    A paper whose record is missing from `papers` stands with its key and the title that the link knows.
    Links of documents that are not given come after the others, in the order of the documents' names.
    """
    position_by_name = {document.name: at for at, document in reversed(list(enumerate(documents)))}
    strangers = {link.mention.document for link in links} - position_by_name.keys()
    for name in sorted(strangers):
        position_by_name[name] = len(position_by_name)

    links_by_key: dict[PaperKey, list[Link]] = {}
    for link in links:
        if link.paper is not None and link.role is not Role.NAVIGATION:
            links_by_key.setdefault(link.paper, []).append(link)

    def place(link: Link) -> tuple[int, int]:
        return position_by_name[link.mention.document], link.mention.start

    cited = []
    for key, found in links_by_key.items():
        found.sort(key=place)
        paper = papers.get(key) or Paper(key=key, title=next((x.title for x in found if x.title), ""))
        cited.append(Cited(paper=paper, links=tuple(found), first=place(found[0])))
    return tuple(sorted(cited, key=lambda one: (one.first, one.key)))
