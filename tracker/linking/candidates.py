"""Candidates: the papers that a mention may denote, with what is known of the match. Recall first."""

from __future__ import annotations

from typing import NamedTuple

from tracker.catalogue import Alias, Catalogue, Origin, Record
from tracker.models import Mention, MentionKind

MAX_CANDIDATES = 24
"""Of a name with more papers, those with the most sources and citations are looked at."""


class Candidate(NamedTuple):
    """A paper of the catalogue that a mention may denote."""

    row: int
    paper: Record
    """Without its details (authors, venue, DOI)."""
    alias: Alias | None = None
    """Kind name: the name that matched."""
    rivals: int = 0
    """How many other papers this surface may denote."""
    share: float = 1.0
    """Of all sources that use this name for some paper, the part that means this one; in [0, 1]."""


def candidates(mention: Mention, catalogue: Catalogue) -> list[Candidate]:
    """The candidates of a mention of kind title or name, the best known first."""
    if mention.kind is MentionKind.NAME:
        return _by_name(mention, catalogue)
    papers = sorted(
        ((row, catalogue.records.head(row)) for row in mention.rows), key=lambda p: -p[1].cited_in
    )
    return [Candidate(row, paper, rivals=len(papers) - 1) for row, paper in papers[:MAX_CANDIDATES]]


_DERIVED = 0.3
"""A name that a title gives counts as this part of a source; measured best between 0.1 and 1 on the dev benchmark."""


def _by_name(mention: Mention, catalogue: Catalogue) -> list[Candidate]:
    wanted = set(mention.rows)
    known = catalogue.aliases_of(mention.surface)
    if mention.surface.endswith("s"):
        rows = {alias.row for alias in known}
        known += [alias for alias in catalogue.aliases_of(mention.surface[:-1]) if alias.row not in rows]
    aliases = [alias for alias in known if alias.row in wanted]
    by_weight = sorted(aliases, key=lambda a: (-_weight(a), a.row))
    heads = [(alias, catalogue.records.head(alias.row)) for alias in by_weight[:MAX_CANDIDATES]]
    heads.sort(key=lambda pair: (-_weight(pair[0]), -pair[1].cited_in, pair[0].row))
    total = sum(_weight(alias) for alias in aliases)
    return [
        Candidate(alias.row, head, alias, len(aliases) - 1, _weight(alias) / total) for alias, head in heads
    ]


def _weight(alias: Alias) -> float:
    derived = _DERIVED if alias.origin & (Origin.PREFIX | Origin.TITLE) else 0.0
    by_hand = 2.0 if alias.origin & Origin.CURATED else 0.0
    return alias.count + derived + by_hand + 0.01
