"""Linking: from mentions to papers, one decision each, with the whole document as evidence.

In: a `Document`, its `Mention`s, the catalogue. Out: one `Link` per mention, in the same order. A link
without paper says that none could be settled on, and names the alternatives. Never invents a paper: what
is linked stands in the catalogue or is an identifier that the document itself gives.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tracker.catalogue import Catalogue
from tracker.linking.answers import sentence_of
from tracker.linking.beside import unlike_problem, unlike_titles
from tracker.linking.conflicts import (
    CONFLICT,
    LIKELY,
    conflict_problems,
    possible_conflicts,
    settled_conflicts,
    with_conflicts,
)
from tracker.linking.context import NOTHING, Context
from tracker.linking.decide import BY_ANSWER, Verdicts, decide
from tracker.linking.ledger import ledger_of
from tracker.linking.pointers import follow
from tracker.linking.roles import with_roles
from tracker.linking.score import Policy, default_policy
from tracker.models import Document, Ledger, Link, Mention, Remembered

__all__ = [
    "BY_ANSWER",
    "CONFLICT",
    "Policy",
    "conflict_problems",
    "default_policy",
    "explain",
    "link",
    "sentence_of",
    "unlike_problem",
    "unlike_titles",
]


NO_TITLE = 0.1
"""Headings and phrases that could be titles, and are one with less confidence than this, are passed over."""


def link(
    document: Document,
    mentions: Sequence[Mention],
    catalogue: Catalogue,
    *,
    policy: Policy | None = None,
    min_confidence: float | None = None,
    remembered: Remembered = NOTHING,
) -> list[Link]:
    """One link per mention, in the same order; none for a piece that was looked at because it could be a title,
    and hardly is (`NO_TITLE`).

    `min_confidence` in [0, 1] is what counts as settled; by default the policy's, at which precision is 0.95
    or better on the development benchmark. Decides twice: what is sure in the first pass is evidence in the
    second. `remembered` is what the reader's library knows.
    """
    return _Run(document, mentions, catalogue, policy, min_confidence, remembered).links


def explain(
    document: Document,
    mentions: Sequence[Mention],
    catalogue: Catalogue,
    *,
    is_asked: Callable[[Link], bool],
    policy: Policy | None = None,
    min_confidence: float | None = None,
    remembered: Remembered = NOTHING,
) -> tuple[list[Link], list[Ledger]]:
    """The links as `link` gives them, and in the same order the ledgers of those that `is_asked` picks."""
    run = _Run(document, mentions, catalogue, policy, min_confidence, remembered)
    asked = [found for found in run.links if is_asked(found)]
    return run.links, [ledger_of(found, run.context, run.policy, run.accept) for found in asked]


def _is_no_title(found: Link) -> bool:
    is_piece = found.mention.is_near_title and found.reason != BY_ANSWER
    return is_piece and found.paper is None and found.confidence < NO_TITLE


class _Run:
    """The linking of one document: decided twice, conflicts taken out in between."""

    def __init__(
        self,
        document: Document,
        mentions: Sequence[Mention],
        catalogue: Catalogue,
        policy: Policy | None,
        min_confidence: float | None,
        remembered: Remembered,
    ) -> None:
        self.policy = policy or default_policy()
        self.accept = self.policy.accept if min_confidence is None else min_confidence
        self.context = context = Context(document, mentions, catalogue, remembered)
        self._known: Verdicts = {}
        possible = possible_conflicts(context)
        context.set_aside([pair.identifier for pair in possible])
        first = [self._decide(mention, explains=False) for mention in mentions]
        conflicts = settled_conflicts(
            possible, lambda title: decide(title, context, self.policy, LIKELY, explains=False)
        )
        context.set_aside([conflict.identifier for conflict in conflicts])
        context.settle(with_conflicts(first, conflicts, self.accept))
        del first  # in a long document much of the memory
        self._known.clear()
        second = [self._decide(mention) for mention in mentions]
        likely = [one for one in second if not _is_no_title(one)]
        self.links = with_roles(follow(with_conflicts(likely, conflicts, self.accept)), context)

    def _decide(self, mention: Mention, *, explains: bool = True) -> Link:
        return decide(mention, self.context, self.policy, self.accept, explains=explains, known=self._known)
