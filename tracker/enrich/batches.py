"""Answers of one source for many papers: from the cache where they are fresh, otherwise asked for in batches.

Nothing is asked while the network is switched off, nor after the service has shown that it is down.
Each batch is kept as soon as it is there, so that an interruption loses nothing that arrived.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tracker.enrich.base import Absent, Answer, Failed, Found, Matches, Source
from tracker.enrich.cache import AnswerCache, Kept
from tracker.identifiers import PaperKey
from tracker.models import Paper
from tracker.settings import Settings

Progress = Callable[[int, int], None]
"""Told how many papers were asked about, of how many."""

REFUSALS = 2
"""Whole batches of several papers refused in a row after which the fault cannot be in the batch. A question about
a single paper may be refused for what it is; a service that refuses all of them is left alone by itself."""


@dataclass
class Gathered:
    """What is known after asking."""

    facts: dict[PaperKey, Kept] = field(default_factory=dict)
    """Fresh answers, and old ones that tell something where no fresh one came."""
    failures: dict[PaperKey, Failed] = field(default_factory=dict)
    """Papers for which no fresh answer came although it was tried, or would have been."""

    def add(self, answers: Mapping[PaperKey, Answer], now: datetime) -> None:
        """Takes in the answers for one batch."""
        for key, answer in answers.items():
            if isinstance(answer, Failed):
                self.failures[key] = answer
            else:
                self.facts[key] = Kept(answer, now)


def gather(
    source: Source,
    papers: Sequence[Paper],
    cache: AnswerCache,
    settings: Settings,
    *,
    now: datetime,
    again: datetime | None = None,
    progress: Progress | None = None,
) -> Gathered:
    """Facts and failures for distinct papers that the source takes. What is from before `again` is not fresh."""
    kept_as = {paper.key: _kept_as(source, paper) for paper in papers}
    facts = cache.get(source.service, kept_as.values())
    kept = {key: facts[name] for key, name in kept_as.items() if name in facts}
    ages = timedelta(days=settings.cache_days), timedelta(days=source.absent_days)
    fresh = {
        key
        for key, fact in kept.items()
        if _is_fresh(fact, now, *ages) and not (again and fact.retrieved < again)
    }
    gathered = Gathered({key: fact for key, fact in kept.items() if key in fresh or _tells(fact)})
    asking = [] if settings.offline else [paper for paper in papers if paper.key not in fresh]
    refusals = 0
    for start in range(0, len(asking), source.batch_size):
        if progress:
            progress(start, len(asking))
        batch = asking[start : start + source.batch_size]
        answers = source.ask(batch)
        cache.put(source.service, {kept_as.get(key, key): answer for key, answer in answers.items()}, now)
        gathered.add(answers, now)
        failure = _whole_failure(answers)
        refusals = refusals + 1 if failure and len(batch) > 1 else 0
        if failure and (failure.retryable or refusals == REFUSALS):
            rest = asking[start + source.batch_size :]
            gathered.add(dict.fromkeys((paper.key for paper in rest), failure), now)
            break
    if progress and asking:
        progress(len(asking), len(asking))
    return gathered


def _kept_as(source: Source, paper: Paper) -> PaperKey:
    """The key that an answer is kept under: what was said of one DOI is no answer about the next one, which the
    paper has where another source is asked first, or its authors have mended it."""
    if source.home_of != "doi:" or not paper.doi or paper.key.startswith("doi:"):
        return paper.key
    return PaperKey(f"{paper.key} {paper.doi.lower()}")


def _is_fresh(fact: Kept, now: datetime, found_age: timedelta, absent_age: timedelta) -> bool:
    """True where it need not be asked for again. A fact from the future (a clock set wrong) is not fresh."""
    age = absent_age if isinstance(fact.answer, Absent) else found_age
    return timedelta(0) <= now - fact.retrieved < age


def _tells(fact: Kept) -> bool:
    """Whether it tells something, which is better than nothing however old."""
    return isinstance(fact.answer, Found | Matches)


def _whole_failure(answers: Mapping[PaperKey, Answer]) -> Failed | None:
    """The failure of a batch in which nothing succeeded."""
    failures = [answer for answer in answers.values() if isinstance(answer, Failed)]
    return failures[0] if failures and len(failures) == len(answers) else None
