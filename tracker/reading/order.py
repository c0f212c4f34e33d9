"""The order of the papers over all topics. Pure.

Default is the order to read them in: where a document puts papers in order, that order holds; before a
paper come the ones it builds on; otherwise the older first, and of one month the better known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tracker.identifiers import PaperKey
from tracker.models import Document, Link
from tracker.reading.cited import Cited
from tracker.reading.foundations import date_key, foundations
from tracker.reading.stated import Standing, stated_order


class Order(StrEnum):
    """What the papers of a reading list are ordered by."""

    READING = "reading"
    """What others build on first; an order that a document gives holds."""
    DOCUMENT = "document"
    """By first mention."""
    DATE = "date"
    """By the date of the first version, the oldest first."""
    MENTIONS = "mentions"
    """The most mentioned first."""


@dataclass(frozen=True)
class Ranking:
    """The papers in order, and what the order was made from."""

    papers: tuple[Cited, ...]
    standings: Mapping[PaperKey, tuple[str, Standing]]
    """Name of the first document that gives an order and cites the paper, and the paper's standing in it."""
    bases: Mapping[PaperKey, tuple[PaperKey, ...]]
    """For each paper that builds on others of the set: which."""

    def is_stated(self, key: PaperKey) -> bool:
        """Whether a document itself puts this paper in order."""
        return key in self.standings and self.standings[key][1].is_stated


def rank(papers: Sequence[Cited], documents: Sequence[Document], order: Order) -> Ranking:
    """The papers in the order asked for; ties are settled down to the key, so the order is total."""
    if order is not Order.READING:
        return Ranking(tuple(sorted(papers, key=_KEYS[order])), {}, {})
    standings = _standings(papers, documents)
    bases = foundations([cited.paper for cited in papers])
    position = {document.name: at for at, document in reversed(list(enumerate(documents)))}

    def reading_key(cited: Cited) -> tuple[object, ...]:
        name, standing = standings.get(cited.key, ("", None))
        place = (0, position[name], *standing.sort_key) if standing else (1, 0, 0, 0, 0)
        paper = cited.paper
        return (*place, date_key(paper)[:2], -paper.cited_in, date_key(paper), cited.first, cited.key)

    ranking = Ranking(tuple(sorted(papers, key=reading_key)), standings, bases)
    return Ranking(_bases_first(ranking), standings, bases)


def _standings(
    papers: Sequence[Cited], documents: Sequence[Document]
) -> dict[PaperKey, tuple[str, Standing]]:
    """Of the documents that give an order, the first to cite a paper says where it stands."""
    links: dict[str, list[Link]] = {}
    for link in (link for cited in papers for link in cited.links):
        links.setdefault(link.mention.document, []).append(link)
    standings: dict[PaperKey, tuple[str, Standing]] = {}
    for document in documents:
        for key, standing in stated_order(document, links.get(document.name, ())).items():
            known = standings.get(key)
            # An order that a document gives outright counts for more than a mention beside it in another.
            if known is None or (standing.is_stated and not known[1].is_stated):
                standings[key] = (document.name, standing)
    return standings


def _bases_first(ranking: Ranking) -> tuple[Cited, ...]:
    """The papers with each foundation moved before the first paper that builds on it.

    A paper that a document puts in order is never moved.
    """
    cited_by_key = {cited.key: cited for cited in ranking.papers}
    placed: dict[PaperKey, Cited] = {}
    visited: set[PaperKey] = set()

    for start in ranking.papers:
        waiting = [start.key]
        while waiting:
            key = waiting[-1]
            bases = [
                base
                for base in ranking.bases.get(key, ())
                if base not in visited and not ranking.is_stated(base)
            ]
            visited.update((key, *bases[:1]))
            if bases:
                waiting.append(bases[0])
                continue
            waiting.pop()
            placed.setdefault(key, cited_by_key[key])
    return tuple(placed.values())


_KEYS = {
    Order.DOCUMENT: lambda cited: (cited.first, cited.key),
    Order.DATE: lambda cited: (date_key(cited.paper), cited.first, cited.key),
    Order.MENTIONS: lambda cited: (-len(cited.links), -cited.salience, cited.first, cited.key),
}
