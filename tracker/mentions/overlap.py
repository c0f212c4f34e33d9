"""Which of the spans that overlap stay: identifiers before titles before names, then the longest. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.models import Mention, MentionKind

_RANK = {kind: rank for rank, kind in enumerate(MentionKind)}


def without_overlaps(mentions: Iterable[Mention]) -> list[Mention]:
    """The mentions that stay, in order of their place; no two of them share a character.

    A longer mention wins over a shorter one ("Emu Video" before "Emu"); of equal spans the surer kind wins
    (id, title,
    name, ...). An identifier always stays.
    """
    by_weight = sorted(
        mentions, key=lambda m: (m.kind is not MentionKind.ID, m.start - m.end, _RANK[m.kind], m.start)
    )
    taken: list[tuple[int, int]] = []
    kept: list[Mention] = []
    for mention in by_weight:
        if _insert(taken, mention.start, mention.end):
            kept.append(mention)
    return sorted(kept, key=lambda m: m.start)


def _insert(taken: list[tuple[int, int]], start: int, end: int) -> bool:
    """Put a span among sorted disjoint ones; False where it would overlap."""
    from bisect import bisect_left, insort

    place = bisect_left(taken, (start, end))
    if place < len(taken) and taken[place][0] < end:
        return False
    if place and taken[place - 1][1] > start:
        return False
    insort(taken, (start, end))
    return True
