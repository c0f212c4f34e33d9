"""Papers in, papers with what online sources know about them out; see `enrich`.

Facts are only added or replaced by better ones, each with its source and date. The network may fail
in any way: the papers then come back as they were, and a problem says what is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.enrich.base import Absent, Failed, Found, Matches, Record, Source
from tracker.enrich.batches import Gathered, gather
from tracker.enrich.cache import AnswerCache, Kept
from tracker.enrich.merge import is_publication, merge_record, with_candidates, without_doi_of
from tracker.enrich.published import choose_published, distinct, doubt_of, is_same_work
from tracker.enrich.sources import open_sources
from tracker.identifiers import PaperKey
from tracker.models import Paper, Problem, PublishedCandidate
from tracker.settings import Settings

PUBLICATION = "publication"
"""What may be needed beside the fields of `Paper`: where it appeared, told by a source that knows publications."""
_TOLD_BY = ("venue", "venue_kind", "venue_year", "pages", "volume", "publisher")
"""Fields of which any that came from an online source shows that one has told where the paper appeared."""
_DETAILS = ("venue_kind", "pages", "publisher")
"""What the sources that know a paper by its identifiers are still asked for then."""
_OF_HOME = frozenset({"title", "authors", "authors_complete", "published"})
"""What the home of a paper has the last word on."""
_OFFLINE = Failed("no service is asked while offline", retryable=False)
_NAMED_AT_MOST = 3
"""Papers that a problem names; it counts the others."""

Progress = Callable[[str, int, int], None]
"""Told the name of a source, and how many papers it was asked about, of how many."""


@dataclass(frozen=True)
class _Asked:
    """What one source was asked, and said."""

    source: Source
    lacking: Collection[PaperKey]
    wanted: Collection[str]
    gathered: Gathered


def enrich(
    papers: Sequence[Paper],
    settings: Settings,
    *,
    need: Collection[str] = ("authors",),
    now: datetime,
    again: datetime | None = None,
    sources: Sequence[Source] | None = None,
    progress: Progress | None = None,
    on_wait: Callable[[str, float], None] | None = None,
    on_gathered: Callable[[Source, Gathered], None] | None = None,
) -> tuple[list[Paper], list[Problem]]:
    """The same papers in the same order with what was lacking filled in, and the problems on the way.

    Only papers that lack a title or one of `need` are asked about, and those only where the answer in
    `settings.cache_dir` is missing or too old. With `settings.offline` answers of any age serve, and no
    socket is opened. A paper of which only the key is known is given as `Paper(key=key, title="")`.

    What a source says is taken only where it is of the same work: a DOI may be another paper's, and what a
    search finds must agree in title, authors and year (see `published`). What agrees in part is in
    `Paper.candidates`, what sources say otherwise in `Paper.other_values`.

    Args:
        papers: in any order; the same paper may come several times and is asked about once.
        need: names of fields of `Paper`, or `PUBLICATION`. "authors" is lacking until they are known in full.
        now: aware; dates the answers and tells how old the kept ones are.
        again: ask the home of each paper, whatever the paper lacks, and take no answer from before this moment
            for fresh; None: only for what lacks.
        sources: asked one after the other, each for what still lacks; None: all, as the settings have them.
        progress: told after each question.
        on_wait: told before each wait for another try what went wrong and how many seconds it takes.
        on_gathered: told what each source that was asked has said.

    Returns:
        Papers, and one problem per cause: `is_network` where a service failed, not so where a service that
        should know the paper has no such one, or the network is switched off.

    Raises:
        ValueError: `need` names something that is no field of `Paper`.
    """
    wanted = {"title", *need}
    if unknown := wanted - Paper.model_fields.keys() - {PUBLICATION}:
        raise ValueError(f"no fields of Paper: {', '.join(sorted(unknown))}")
    enriched, asked = list(papers), list[_Asked]()
    for source in open_sources(settings, on_wait) if sources is None else sources:
        try:
            lacking = {
                p.key: p
                for p in enriched
                if source.takes(p) and (_is_for(source, p, wanted) or (again and is_home(source, p)))
            }
            if not lacking:
                continue
            with AnswerCache(settings.cache_dir) as cache:
                gathered = gather(
                    source,
                    list(lacking.values()),
                    cache,
                    settings,
                    now=now,
                    again=again,
                    progress=_naming(source, progress),
                )
        finally:
            source.close()
        asked.append(_Asked(source, lacking.keys(), wanted, gathered))
        if on_gathered:
            on_gathered(source, gathered)
        enriched = [_merged(p, gathered, source) if p.key in lacking else p for p in enriched]
    return enriched, _problems(enriched, asked, is_offline=settings.offline)


def _naming(source: Source, progress: Progress | None) -> Callable[[int, int], None] | None:
    return (lambda done, total: progress(source.name, done, total)) if progress else None


# --- what is asked for -------------------------------------------------------------------------


def _is_for(source: Source, paper: Paper, wanted: Collection[str]) -> bool:
    """Whether the source can fill something in that the paper lacks."""
    return any(_is_lacking(paper, field) for field in _fields_for(source, wanted)) or (
        PUBLICATION in wanted
        and "venue_kind" in source.gives
        and (not is_publication_told(paper) or (not source.is_search and _lacks_details(paper)))
    )


def _fields_for(source: Source, wanted: Collection[str]) -> Iterable[str]:
    """The fields that it is asked for. arXiv knows the DOI by which a publication is found."""
    if source.is_search:
        return ()
    fields = source.gives & set(wanted)
    return fields | {"doi"} if PUBLICATION in wanted and "comment" in source.gives else fields


def _is_lacking(paper: Paper, field: str) -> bool:
    if field == "authors":
        return not paper.authors_complete
    if field == PUBLICATION:
        return not is_publication_told(paper)
    return getattr(paper, field) in (None, "", (), {})


def is_publication_told(paper: Paper) -> bool:
    """Whether a source that knows publications has said where the paper appeared."""
    origins = (paper.provenance.get(field) for field in _TOLD_BY)
    return any(origin and is_publication(origin.source) for origin in origins)


def _lacks_details(paper: Paper) -> bool:
    return any(getattr(paper, field) is None for field in _DETAILS)


# --- what comes back ---------------------------------------------------------------------------


def _merged(paper: Paper, gathered: Gathered, source: Source) -> Paper:
    fact = gathered.facts.get(paper.key)
    if fact is None or isinstance(fact.answer, Absent):
        return paper
    if isinstance(fact.answer, Found) and (is_home(source, paper) or is_same_work(paper, fact.answer.record)):
        return _with_record(paper, fact.answer.record, fact, source)
    return _with_choice(paper, fact, source)


def _with_choice(paper: Paper, fact: Kept, source: Source) -> Paper:
    """The paper with what a search found, or with the record of an identifier that is another work's."""
    if isinstance(fact.answer, Matches):
        choice = choose_published(paper, distinct(fact.answer.records))
        if choice.accepted:
            paper = _with_record(paper, choice.accepted, fact, source)
        doubted = choice.candidates
    else:
        assert isinstance(fact.answer, Found)
        record = fact.answer.record
        doubted = (
            (record, f"{source.name} has another paper under that identifier: {doubt_of(paper, record)}"),
        )
        paper = without_doi_of(paper, record)
    return with_candidates(paper, [_candidate(record, doubt, fact, source) for record, doubt in doubted])


def _with_record(paper: Paper, record: Record, fact: Kept, source: Source) -> Paper:
    overrides = source.overrides | (_OF_HOME if is_home(source, paper) else frozenset())
    return merge_record(paper, record, source=source.name, retrieved=fact.retrieved, overrides=overrides)


def is_home(source: Source, paper: Paper) -> bool:
    """Whether the source gave the paper its key, and so has the last word on it."""
    return bool(source.home_of) and paper.key.startswith(source.home_of)


def _candidate(record: Record, doubt: str, fact: Kept, source: Source) -> PublishedCandidate:
    return PublishedCandidate(
        title=record.title,
        authors=record.authors,
        venue=record.venue,
        year=record.venue_year,
        doi=record.doi,
        source=source.name,
        retrieved=fact.retrieved,
        doubt=doubt,
    )


# --- what is missing ---------------------------------------------------------------------------


def _problems(papers: Iterable[Paper], asked: Sequence[_Asked], *, is_offline: bool) -> list[Problem]:
    """What is still missing and why: one problem for all papers that lack for the same causes, and one for each
    paper that does not exist."""
    problems = list[Problem]()
    left_by_causes = dict[tuple[tuple[str, Failed], ...], list[tuple[Paper, set[str]]]]()
    for paper in {paper.key: paper for paper in papers}.values():
        missing, causes = set[str](), list[tuple[str, Failed]]()
        for one in asked:
            if paper.key not in one.lacking:
                continue
            fields = {field for field in _told(one) if _is_lacking(paper, field)}
            fact, failure = one.gathered.facts.get(paper.key), one.gathered.failures.get(paper.key)
            if failure and not fields and is_home(one.source, paper) and _lacks_version(one.source, paper):
                fields = {"version"}  # the others knew the rest; whether it was withdrawn only its home does
            if failure and fields:
                missing |= fields
                causes.append((one.source.name, failure))
            elif fact and isinstance(fact.answer, Absent) and _should_know(one.source, paper):
                message = (
                    f"{one.source.name} has no paper {paper.key.partition(':')[2]}; is the identifier right?"
                )
                problems.append(Problem(stage="enrich", subject=paper.key, message=message))
            elif is_offline and not fact and (told := fields - {PUBLICATION}):
                missing |= told
                causes.append((one.source.name, _OFFLINE))
        if causes:
            left_by_causes.setdefault(tuple(dict.fromkeys(causes)), []).append((paper, missing))
    for causes_told, left in left_by_causes.items():
        names = ", ".join(dict.fromkeys(name for name, _ in causes_told))
        reasons = "; ".join(dict.fromkeys(cause.reason for _, cause in causes_told))
        advice = "; run again later" if any(cause.retryable for _, cause in causes_told) else ""
        problems.append(_problem(names, left, f"({reasons}){advice}", is_network=not is_offline))
    return problems


def _problem(names: str, left: Sequence[tuple[Paper, set[str]]], why: str, *, is_network: bool) -> Problem:
    papers = [paper for paper, _ in left]
    fields = [field for field in (*Paper.model_fields, PUBLICATION) if any(field in lack for _, lack in left)]
    subject = papers[0].key if len(papers) == 1 else names
    message = f"{_missing(papers, fields)} {why}"
    return Problem(stage="enrich", subject=subject, message=message, is_network=is_network)


def _should_know(source: Source, paper: Paper) -> bool:
    """Whether the source is where papers with such a key come from, or nobody else has known it so far."""
    return not source.is_search and (is_home(source, paper) or not paper.title)


def _lacks_version(source: Source, paper: Paper) -> bool:
    return "version" in source.gives and paper.version is None


def _told(asked: _Asked) -> tuple[str, ...]:
    """What is told to be missing where the source failed, in the order of `Paper`."""
    fields = tuple(field for field in Paper.model_fields if field in asked.source.gives & set(asked.wanted))
    is_of_publications = PUBLICATION in asked.wanted and "venue_kind" in asked.source.gives
    own = () if asked.source.is_search else fields
    return (*own, PUBLICATION) if is_of_publications else own


def _missing(papers: Sequence[Paper], fields: Iterable[str]) -> str:
    """What these papers lack: "authors missing or incomplete for arXiv:2305.14314 and 2 more papers"."""
    words = ["published version" if field == PUBLICATION else field.replace("_", " ") for field in fields]
    return f"{', '.join(words)} missing or incomplete for {shown([paper.key for paper in papers])}"


def shown(keys: Sequence[PaperKey]) -> str:
    """The first few papers, the others counted: "arXiv:2305.14314, arXiv:1412.6980 and 7 more papers"."""
    more = len(keys) - _NAMED_AT_MOST
    rest = f" and {more} more paper{'s' if more > 1 else ''}" if more > 0 else ""
    return ", ".join(keys[:_NAMED_AT_MOST]) + rest
