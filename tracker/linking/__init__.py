"""Linking: from mentions to papers, one decision each, with the whole document as evidence.

In: a `Document`, its `Mention`s, the catalogue. Out: one `Link` per mention, in the same order. A link
without paper says that none could be settled on, and names the alternatives. Never invents a paper: what
is linked stands in the catalogue or is an identifier that the document itself gives.
"""

from __future__ import annotations

from collections.abc import Sequence

from tracker.catalogue import Catalogue
from tracker.linking.conflicts import possible_conflicts, settled_conflicts, with_conflicts
from tracker.linking.context import Context
from tracker.linking.decide import decide
from tracker.linking.roles import with_roles
from tracker.linking.score import Policy, default_policy
from tracker.models import Document, Link, Mention

__all__ = ["Policy", "default_policy", "link"]

SURE = 0.8
"""Papers linked with this confidence in the first pass are context for the second."""


def link(
    document: Document,
    mentions: Sequence[Mention],
    catalogue: Catalogue,
    *,
    policy: Policy | None = None,
    min_confidence: float | None = None,
) -> list[Link]:
    """One link per mention, in the same order.

    `min_confidence` in [0, 1] is what counts as settled; by default the policy's, at which precision is
    0.95 or better
    on the development benchmark. Decides twice: what is sure in the first pass is evidence in the second.
    """
    policy = policy or default_policy()
    accept = policy.accept if min_confidence is None else min_confidence
    context = Context(document, mentions, catalogue)
    possible = possible_conflicts(context)
    context.set_aside([conflict.identifier for conflict in possible])
    first = [decide(mention, context, policy, accept) for mention in mentions]
    conflicts = settled_conflicts(possible, first, SURE)
    context.set_aside([conflict.identifier for conflict in conflicts])
    settled: dict[int, float] = {}
    for found in with_conflicts(first, conflicts):
        if found.paper and found.confidence >= SURE and (row := catalogue.row(found.paper)) is not None:
            settled[row] = max(settled.get(row, 0.0), found.confidence)
    context.settle(settled)
    second = [decide(mention, context, policy, accept) for mention in mentions]
    return with_roles(with_conflicts(second, conflicts), context)
