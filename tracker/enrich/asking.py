"""Whether services have the papers that entries of a bibliography name, and what they say of them.

In: entries as read, perhaps with wrong identifiers, titles or authors. Out: what each service has under those
identifiers, or finds by title and author; nothing is chosen or merged here, and a service that fails says nothing.
Answers are kept as those of `enrich` are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TypeAlias

from tracker.bibfile import ReadEntry
from tracker.enrich.base import Absent, Found, Matches, Record, Source
from tracker.enrich.batches import Gathered, gather
from tracker.enrich.cache import AnswerCache
from tracker.enrich.sources import open_sources
from tracker.identifiers import PaperKey, arxiv_id_of, arxiv_key
from tracker.keys import title_key
from tracker.models import Paper, SourceAnswer
from tracker.settings import Settings

AskService: TypeAlias = Callable[[Sequence[ReadEntry]], list[SourceAnswer | None]]
"""Asks one service about entries: for each what it said; None where it cannot be asked about it."""
OF_ENTRY = "entry:"
"""Prefix of the keys that stand for entries of which no identifier is known, in questions and kept answers."""


def open_services(
    settings: Settings,
    *,
    now: datetime,
    sources: Sequence[Source] | None = None,
    progress: Callable[[str, int, int], None] | None = None,
    on_wait: Callable[[str, float], None] | None = None,
) -> Iterator[AskService]:
    """One after the other the services that can be asked; see `enrich.enrich` for the arguments.

    Each is closed when the next one is taken.
    """
    for source in open_sources(settings, on_wait) if sources is None else sources:

        def ask(entries: Sequence[ReadEntry], source: Source = source) -> list[SourceAnswer | None]:
            return _ask(source, entries, settings, now=now, progress=progress)

        try:
            yield ask
        finally:
            source.close()


def _ask(
    source: Source,
    entries: Sequence[ReadEntry],
    settings: Settings,
    *,
    now: datetime,
    progress: Callable[[str, int, int], None] | None,
) -> list[SourceAnswer | None]:
    questions = [[paper for paper in _papers_of(entry, source) if source.takes(paper)] for entry in entries]
    distinct = {paper.key: paper for papers in questions for paper in papers}
    if not distinct:
        return [None] * len(entries)

    def count(done: int, total: int) -> None:
        if progress:
            progress(source.name, done, total)

    with AnswerCache(settings.cache_dir) as cache:
        gathered = gather(source, list(distinct.values()), cache, settings, now=now, progress=count)
    return [_answer([paper.key for paper in papers], gathered, source) for papers in questions]


def _papers_of(entry: ReadEntry, source: Source) -> Iterator[Paper]:
    """What a service is asked about an entry: the paper of each identifier or, by title, that of none.

    Identifiers may be wrong, so a search knows none of them.
    """
    said = {"title": entry.title, "authors": entry.authors, "year": entry.year}
    if source.is_search:
        if entry.title:
            yield Paper(key=_key_of(entry), **said)
        return
    for key in dict.fromkeys((*(key for _, key in entry.identifiers), *sorted(entry.paper_keys))):
        yield Paper(key=key, **said)


def _key_of(entry: ReadEntry) -> PaperKey:
    """The same for entries with one title and first author."""
    text = f"{title_key(entry.title)} {title_key(entry.authors[0] if entry.authors else '')}"
    return PaperKey(OF_ENTRY + hashlib.sha256(text.encode()).hexdigest()[:24])


def _answer(keys: Sequence[PaperKey], gathered: Gathered, source: Source) -> SourceAnswer | None:
    papers: list[Paper] = []
    failure, is_told = "", False
    for key in keys:
        fact, failed = gathered.facts.get(key), gathered.failures.get(key)
        if fact is not None:
            is_told = True
            papers += map(_paper_of, _records(fact.answer))
        elif failed is not None:
            failure = failed.reason
    if not is_told and not failure:
        return None
    return SourceAnswer(source=source.name, papers=tuple(papers), failure="" if is_told else failure)


def _records(answer: Found | Matches | Absent) -> Sequence[Record]:
    if isinstance(answer, Found):
        return (answer.record,)
    return answer.records if isinstance(answer, Matches) else ()


def _paper_of(record: Record) -> Paper:
    """A record as the paper that it describes, under the id of its preprint where it names one; the key is "" where it
    has no identifier at all."""
    key = arxiv_key(record.arxiv_id) if record.arxiv_id else record.key
    key = PaperKey("") if key.startswith(OF_ENTRY) else key
    year = record.published.year if record.published else None
    is_of_arxiv = arxiv_id_of(key) is not None
    return Paper(
        key=key,
        title=record.title,
        authors=record.authors,
        authors_complete=bool(record.authors),
        published=record.published if is_of_arxiv and (record.is_preprint or not record.venue) else None,
        year=None if is_of_arxiv else year or record.venue_year,
        updated=record.updated,
        version=record.version,
        categories=record.categories,
        venue=None if record.is_preprint else record.venue,
        venue_kind=record.venue_kind,
        venue_year=None if record.is_preprint else record.venue_year,
        doi=record.doi,
        is_withdrawn=bool(record.is_withdrawn),
    )
