"""From links to reading lists: which papers, under which topic, in which order, and why.

In come the documents, the links found in them and the records of the papers; out come the lists. Nothing
here asks the network or writes anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tracker.identifiers import PaperKey
from tracker.models import Document, Entry, Link, Paper, ReadingList, Topic
from tracker.reading.cited import Cited, cited_papers
from tracker.reading.order import Order, Ranking, rank
from tracker.reading.reasons import Reasons
from tracker.reading.topics import read_topics, topics_of

__all__ = ["Order", "language_of", "read_topics", "reading_lists"]


def reading_lists(
    documents: Sequence[Document],
    links: Sequence[Link],
    papers: Mapping[PaperKey, Paper],
    *,
    order: Order = Order.READING,
    topics: Sequence[Topic],
    language: str | None = None,
) -> tuple[ReadingList, ...]:
    """The reading lists of the papers that the links lead to, one list for each topic that has papers.

    A paper stands in exactly one list. Papers that every document names only in passing stand under
    `also_mentioned`, the most mentioned first; what is linked only from menus is left out. Each list keeps
    the order over all papers (`Entry.rank`). A list comes the earlier the earlier a document that gives an
    order puts one of its papers; then come the lists that the documents are most about, and last those
    without a paper that is treated. For `Order.DOCUMENT`, lists come by their first mention.

    Args:
        documents: in the order that the reader gave them.
        links: of all the documents, in any order.
        papers: the records; a paper without one stands with its key and the title its link knows.
        order: what the papers are ordered by.
        topics: what `read_topics` gives.
        language: of the reasons, "en" or "zh"; None: the language of most of the documents.
    """
    cited = cited_papers(documents, links, papers)
    ranking = rank([one for one in cited if one.is_main], documents, order)
    topic_by_key = topics_of(cited, documents, topics)
    reasons = Reasons(ranking, order, language or language_of(documents))

    listed: dict[str, list[Cited]] = {}
    passing: dict[str, list[Cited]] = {}
    for one in ranking.papers:
        listed.setdefault(topic_by_key[one.key].id, []).append(one)
    for one in sorted(cited, key=lambda one: (-len(one.links), one.first, one.key)):
        if not one.is_main:
            passing.setdefault(topic_by_key[one.key].id, []).append(one)

    rank_by_key = {one.key: at for at, one in enumerate(ranking.papers, start=1)}
    present = {topic.id: topic for topic in topic_by_key.values()}
    position = {topic.id: at for at, topic in enumerate(topics)}
    chosen = sorted(
        present,
        key=lambda topic: _list_key(listed.get(topic, []), ranking, order, position.get(topic, len(topics))),
    )
    return tuple(
        ReadingList(
            topic=present[topic],
            entries=tuple(
                _entry(one, reasons.for_entry(one, listed[topic]), rank_by_key[one.key])
                for one in listed.get(topic, ())
            ),
            also_mentioned=tuple(_entry(one, reasons.for_passing(one)) for one in passing.get(topic, ())),
        )
        for topic in chosen
    )


def language_of(documents: Sequence[Document]) -> str:
    """The language of most of the documents, "en" or "zh".

    Who reads texts that mix both reads Chinese, so "mixed" counts as "zh"; a tie goes to the first document.
    """
    chinese = sum(document.language in ("zh", "mixed") for document in documents)
    if 2 * chinese == len(documents):
        return "zh" if documents and documents[0].language in ("zh", "mixed") else "en"
    return "zh" if 2 * chinese > len(documents) else "en"


def _list_key(papers: Sequence[Cited], ranking: Ranking, order: Order, position: int) -> tuple[float, ...]:
    """What the order of the lists depends on; `position` is that of the topic in its file."""
    if not papers:
        return 2, 0, 0, position
    if order is Order.DOCUMENT:
        return 0, *min(one.first for one in papers), position
    if order is Order.MENTIONS:
        return 0, -sum(len(one.links) for one in papers), 0, position
    keys = {one.key for one in papers if ranking.is_stated(one.key)}
    first = next((at for at, one in enumerate(ranking.papers) if one.key in keys), None)
    salience = -sum(one.salience for one in papers)
    return (1, salience, 0, position) if first is None else (0, first, 0, position)


def _entry(cited: Cited, reason: str, rank: int = 0) -> Entry:
    return Entry(
        paper=cited.paper,
        reason=reason,
        places=cited.places,
        mentions=len(cited.links),
        salience=cited.salience,
        confidence=cited.confidence,
        rank=rank,
    )
