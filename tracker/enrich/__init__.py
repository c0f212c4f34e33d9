"""Papers in, papers with what online sources know about them out; see `enrich`.

Facts are only added or replaced by better ones, each with its source and date. The network may fail
in any way: the papers then come back as they were, and a problem says what is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime

from tracker.enrich.base import Absent, Failed, Found, Source
from tracker.enrich.batches import Gathered, Progress, gather
from tracker.enrich.cache import AnswerCache
from tracker.enrich.merge import merge_record
from tracker.identifiers import PaperKey
from tracker.models import Paper, Problem
from tracker.settings import Settings

_NAMED_AT_MOST = 3
"""Papers that a problem names; it counts the others."""


def enrich(
    papers: Sequence[Paper],
    settings: Settings,
    *,
    need: Collection[str] = ("authors",),
    now: datetime,
    sources: Sequence[Source] | None = None,
    progress: Progress | None = None,
    on_wait: Callable[[str, float], None] | None = None,
) -> tuple[list[Paper], list[Problem]]:
    """The same papers in the same order with what was lacking filled in, and the problems on the way.

    Only papers that lack a title or one of `need` are asked about, and those only where the answer in
    `settings.cache_dir` is missing or too old. With `settings.offline` answers of any age serve, and no
    socket is opened. A paper of which only the key is known is given as `Paper(key=key, title="")`.

    Args:
        papers: in any order; the same paper may come several times and is asked about once.
        need: names of fields of `Paper`. "authors" is lacking until they are known in full.
        now: aware; dates the answers and tells how old the kept ones are.
        sources: asked one after the other, each for what still lacks; None: arXiv at `settings.arxiv_url`.
        progress: told how many papers were asked about, of how many.
        on_wait: told before each wait for another try what went wrong and how many seconds it takes.

    Returns:
        Papers, and one problem per cause: `is_network` where a service failed, not so where arXiv has no
        such paper or the network is switched off.

    Raises:
        ValueError: `need` names something that is no field of `Paper`.
    """
    wanted = {"title", *need}
    if unknown := wanted - Paper.model_fields.keys():
        raise ValueError(f"no fields of Paper: {', '.join(sorted(unknown))}")
    enriched, problems = list(papers), list[Problem]()
    chosen = _sources(settings, on_wait) if sources is None else sources
    for source in chosen:
        fields = wanted & source.gives
        lacking = {p.key: p for p in enriched if source.takes(p) and _lacks(p, fields)}
        if not lacking:
            continue
        try:
            with AnswerCache(settings.cache_dir) as cache:
                gathered = gather(source, list(lacking.values()), cache, settings, now=now, progress=progress)
        finally:
            source.close()
        enriched = [_merged(p, gathered, source) if p.key in lacking else p for p in enriched]
        problems += _problems(enriched, lacking, gathered, source, fields, is_offline=settings.offline)
    return enriched, problems


def _sources(settings: Settings, on_wait: Callable[[str, float], None] | None) -> list[Source]:
    from tracker.enrich.arxiv import ArxivSource

    return [ArxivSource(settings, on_wait=on_wait)]


def _lacks(paper: Paper, fields: Iterable[str]) -> bool:
    return any(_is_lacking(paper, field) for field in fields)


def _is_lacking(paper: Paper, field: str) -> bool:
    if field == "authors":
        return not paper.authors_complete
    return getattr(paper, field) in (None, "", (), {})


def _merged(paper: Paper, gathered: Gathered, source: Source) -> Paper:
    fact = gathered.facts.get(paper.key)
    if fact is None or not isinstance(fact.answer, Found):
        return paper
    return merge_record(
        paper, fact.answer.record, source=source.name, retrieved=fact.retrieved, overrides=source.overrides
    )


def _problems(
    papers: Iterable[Paper],
    lacking: Collection[PaperKey],
    gathered: Gathered,
    source: Source,
    fields: Collection[str],
    *,
    is_offline: bool,
) -> list[Problem]:
    """What is still missing and why: one problem per cause, and one per paper that does not exist."""
    problems, left_by_cause = list[Problem](), dict[Failed | None, list[Paper]]()
    for paper in {p.key: p for p in papers if p.key in lacking}.values():
        fact, failure = gathered.facts.get(paper.key), gathered.failures.get(paper.key)
        if failure and _lacks(paper, fields):
            left_by_cause.setdefault(failure, []).append(paper)
        elif fact and isinstance(fact.answer, Absent):
            message = f"{source.name} has no paper {paper.key.partition(':')[2]}; is the identifier right?"
            problems.append(Problem(stage="enrich", subject=paper.key, message=message))
        elif is_offline and not fact:
            left_by_cause.setdefault(None, []).append(paper)
    for cause, left in left_by_cause.items():
        reason = cause.reason if cause else f"{source.name} is not asked while offline"
        advice = "; run again later" if cause and cause.retryable else ""
        problems.append(
            Problem(
                stage="enrich",
                subject=left[0].key if len(left) == 1 else source.name,
                message=f"{_missing(left, fields)} ({reason}){advice}",
                is_network=cause is not None,
            )
        )
    return problems


def _missing(papers: Sequence[Paper], fields: Collection[str]) -> str:
    """What these papers lack: "authors missing or incomplete for arXiv:2305.14314 and 2 more papers"."""
    words = [
        field.replace("_", " ")
        for field in Paper.model_fields
        if field in fields and any(_is_lacking(paper, field) for paper in papers)
    ]
    named = ", ".join(paper.key for paper in papers[:_NAMED_AT_MOST])
    more = len(papers) - _NAMED_AT_MOST
    rest = f" and {more} more paper{'s' if more > 1 else ''}" if more > 0 else ""
    return f"{', '.join(words)} missing or incomplete for {named}{rest}"
