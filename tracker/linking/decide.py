"""The decision for one mention: its candidates weighed, and one paper or none."""

from __future__ import annotations

from tracker.catalogue import Catalogue
from tracker.linking.candidates import candidates
from tracker.linking.context import Context
from tracker.linking.features import describe, features
from tracker.linking.score import Policy, confidences, score
from tracker.models import Alternative, Evidence, Link, Mention, MentionKind

IDENTIFIER_CONFIDENCE = 0.99
"""An identifier denotes its paper, but one in a hundred is mistyped (dev benchmark: links whose title
disagrees)."""
DEFINED_CONFIDENCE = 0.93
"""A name right before an identifier is that paper's name, but for the odd comparison ("X, unlike id,
...")."""
MOST_ALTERNATIVES = 4


def decide(mention: Mention, context: Context, policy: Policy, accept: float) -> Link:
    """The link of one mention: to the paper it most likely denotes where that is likely enough, else to
    none."""
    if mention.key is not None:
        return _by_identifier(mention, context.catalogue)
    options = candidates(mention, context.catalogue, context.known, context.short_forms)
    weighed = [(candidate, features(mention, candidate, context)) for candidate in options]
    sure = confidences([score(seen, policy) for _, seen in weighed])
    ranked = sorted(zip(sure, weighed, strict=True), key=lambda pair: (-pair[0], pair[1][0].row))
    if not ranked:
        return Link(mention=mention, paper=None, reason="no candidate")
    confidence, (best, seen) = ranked[0]
    words = describe(seen, best)
    evidence = [
        Evidence(
            signal=name, weight=round(policy.weights.get(name, 0.0) * seen.get(name, 1.0), 3), detail=detail
        )
        for name, detail in words.items()
    ]
    is_settled = confidence >= accept
    shown = ranked[1:] if is_settled else ranked
    alternatives = [
        Alternative(paper=candidate.paper.key, title=candidate.paper.title, confidence=round(part, 3))
        for part, (candidate, _) in shown[:MOST_ALTERNATIVES]
        if part >= policy.keep_alternatives
    ]
    return Link(
        mention=mention,
        paper=best.paper.key if is_settled else None,
        title=best.paper.title if is_settled else None,
        confidence=round(confidence, 3),
        reason=_reason(mention, is_settled, [part for part, _ in ranked]),
        evidence=tuple(evidence),
        alternatives=tuple(alternatives),
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
