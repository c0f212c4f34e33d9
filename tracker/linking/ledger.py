"""The ledger of a decision: every candidate with its features, their weights, and what came of them."""

from __future__ import annotations

from tracker.linking.context import Context
from tracker.linking.decide import BY_ANSWER, Weighed, evidence_of, weigh
from tracker.linking.score import Policy
from tracker.models import Ledger, Link, Term, Weighing


def ledger_of(link: Link, context: Context, policy: Policy, accept: float) -> Ledger:
    """How a link came out; `context` and `policy` are those it was decided with."""
    is_weighed = link.mention.key is None and link.reason != BY_ANSWER
    weighed = weigh(link.mention, context, policy) if is_weighed else []
    return Ledger(link=link, weighings=tuple(_weighing(one, policy) for one in weighed), accept=accept)


def _weighing(one: Weighed, policy: Policy) -> Weighing:
    terms = [
        Term(feature=name, value=value, weight=policy.weights.get(name, 0.0))
        for name, value in one.seen.items()
    ]
    paper = one.candidate.paper
    return Weighing(
        paper=paper.key,
        title=paper.title,
        year=paper.year,
        terms=tuple(sorted(terms, key=lambda term: (-abs(term.product), term.feature))),
        score=one.score,
        confidence=one.confidence,
        evidence=tuple(evidence.detail for evidence in evidence_of(one, policy)),
    )
