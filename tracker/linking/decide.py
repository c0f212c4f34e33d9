"""The decision for one mention: its candidates weighed, and one paper or none."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from tracker.catalogue import Catalogue
from tracker.identifiers import PaperKey
from tracker.linking.candidates import Candidate
from tracker.linking.context import Context
from tracker.linking.features import Features, describe, features_of
from tracker.linking.score import Policy, confidences, score
from tracker.linking.sightings import Options, Sighting, is_seen_again, options_of, sighting_of
from tracker.models import Alternative, Answer, Evidence, Link, Mention, MentionKind

IDENTIFIER_CONFIDENCE = 0.99
"""An identifier denotes its paper, but one in a hundred is mistyped (dev benchmark: links whose title
disagrees)."""
DEFINED_CONFIDENCE = 0.93
"""A name right before an identifier is that paper's name, but for the odd comparison ("X, unlike id,
...")."""
ANSWERED_CONFIDENCE = 0.99
"""Whoever answers may slip too."""
BY_ANSWER = "your answer"
"""The reason of a link that the reader settled."""
MOST_ALTERNATIVES = 4


class Verdict(NamedTuple):
    """What is decided on a mention that is no identifier; mentions of which the same is seen share it."""

    paper: PaperKey | None
    title: str | None
    confidence: float
    reason: str
    evidence: tuple[Evidence, ...]
    alternatives: tuple[Alternative, ...]


Verdicts = dict[tuple[Sighting, float, bool], Verdict]
"""By what is seen, the least confidence of a settled link, and whether it is explained."""
_NO_CANDIDATE: Final = Verdict(None, None, 0.0, "no candidate", (), ())


def decide(
    mention: Mention,
    context: Context,
    policy: Policy,
    accept: float,
    *,
    explains: bool = True,
    known: Verdicts | None = None,
) -> Link:
    """The link of one mention: to the paper it most likely denotes where that is likely enough, else to none.

    Where it `explains` nothing, it has neither evidence nor alternatives. `known` is what was decided on other
    mentions of the same document under the same policy; it is added to.
    """
    if answer := context.recall.answer_to(mention):
        return _by_answer(mention, answer, context.catalogue)
    if mention.key is not None:
        return _by_identifier(mention, context.catalogue)
    options = options_of(mention, context)
    if not options.candidates:
        verdict = _NO_CANDIDATE
    elif known is None or not is_seen_again(mention, context):
        verdict = _verdict(mention, weigh(mention, context, policy), policy, accept, explains)
    else:
        sighting = sighting_of(mention, options, context)
        seen = sighting, accept, explains
        found = known.get(seen)
        if found is None:
            weighed = _weighed(mention, options, context, policy, sighting)
            found = known[seen] = _verdict(mention, weighed, policy, accept, explains)
        verdict = found
    return Link(
        mention=mention,
        paper=verdict.paper,
        title=verdict.title,
        confidence=verdict.confidence,
        reason=verdict.reason,
        evidence=verdict.evidence,
        alternatives=verdict.alternatives,
    )


def _verdict(
    mention: Mention, ranked: Sequence[Weighed], policy: Policy, accept: float, explains: bool
) -> Verdict:
    best = ranked[0]
    is_settled = best.confidence >= accept
    shown = (ranked[1:] if is_settled else ranked) if explains else []
    alternatives = [
        Alternative(
            paper=one.candidate.paper.key,
            title=one.candidate.paper.title,
            confidence=round(one.confidence, 3),
        )
        for one in shown[:MOST_ALTERNATIVES]
        if one.confidence >= policy.keep_alternatives
    ]
    return Verdict(
        paper=best.candidate.paper.key if is_settled else None,
        title=best.candidate.paper.title if is_settled else None,
        confidence=round(best.confidence, 3),
        reason=_reason(mention, is_settled, [one.confidence for one in ranked]),
        evidence=evidence_of(best, policy) if explains else (),
        alternatives=tuple(alternatives),
    )


class Weighed(NamedTuple):
    """A candidate with what was seen for and against it."""

    candidate: Candidate
    seen: Features
    score: float
    confidence: float


def weigh(mention: Mention, context: Context, policy: Policy) -> list[Weighed]:
    """The candidates of a mention that is no identifier, the likeliest first."""
    return _weighed(mention, options_of(mention, context), context, policy)


def _weighed(
    mention: Mention, options: Options, context: Context, policy: Policy, sighting: Sighting | None = None
) -> list[Weighed]:
    seen = features_of(mention, options, context, sighting)
    if context.recall.knows(mention.surface):
        for one, candidate in zip(seen, options.candidates, strict=True):
            one |= context.recall.features(mention, candidate)
    scores = [score(one, policy) for one in seen]
    weighed = map(Weighed, options.candidates, seen, scores, confidences(scores))
    return sorted(weighed, key=lambda one: (-one.confidence, one.candidate.row))


def evidence_of(one: Weighed, policy: Policy) -> tuple[Evidence, ...]:
    """The telling features of a candidate, with what each added to its score."""
    weight, value = policy.weights.get, one.seen.get
    told = describe(one.seen, one.candidate).items()
    return tuple([_evidence(name, weight(name, 0.0), value(name, 1.0), detail) for name, detail in told])


@lru_cache(maxsize=1 << 12)
def _evidence(signal: str, weight: float, value: float, detail: str) -> Evidence:
    return Evidence(signal=signal, weight=round(weight * value, 3), detail=detail)


def _by_answer(mention: Mention, answer: Answer, catalogue: Catalogue) -> Link:
    row = catalogue.row(answer.paper) if answer.paper else None
    detail = f"you settled it on {answer.answered:%Y-%m-%d}" + ("" if answer.paper else ": no paper")
    return Link(
        mention=mention,
        paper=answer.paper,
        title=None if row is None else catalogue.records.head(row).title,
        confidence=ANSWERED_CONFIDENCE if answer.paper else 0.0,
        reason=BY_ANSWER,
        evidence=(Evidence(signal="answer", weight=0.0, detail=detail),),
    )


def _by_identifier(mention: Mention, catalogue: Catalogue) -> Link:
    assert mention.key is not None, "an identifier has a key"
    row = catalogue.row(mention.key)
    is_id = mention.kind is MentionKind.ID
    detail = "the identifier stands here" if is_id else mention.support
    return Link(
        mention=mention,
        paper=mention.key,
        title=None if row is None else catalogue.records.head(row).title,
        confidence=IDENTIFIER_CONFIDENCE if is_id else DEFINED_CONFIDENCE,
        reason="identifier" if is_id else "named in the document",
        evidence=(Evidence(signal="identifier", weight=0.0, detail=detail),),
    )


def _reason(mention: Mention, is_settled: bool, ranked: list[float]) -> str:
    if is_settled:
        return str(mention.kind)
    return "ambiguous" if len(ranked) > 1 and ranked[1] > ranked[0] / 3 else "not sure"
