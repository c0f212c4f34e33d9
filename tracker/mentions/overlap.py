"""Which of the spans that overlap stay: identifiers before titles before names, then the longest. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.models import Mention, MentionKind

_RANK = {kind: rank for rank, kind in enumerate(MentionKind)}


def without_overlaps(mentions: Iterable[Mention]) -> list[Mention]:
    """The mentions that stay, in order of their place; no two of them share a character.

    A longer mention wins over a shorter one ("Emu Video" before "Emu"); of equal spans the surer kind wins
    (id, title, name, ...). An identifier always stays, but for one that a longer identifier covers. The
    order of the mentions that come in does not change what comes out.
    """
    by_weight = sorted(mentions, key=_weight)
    taken = bytearray(max((mention.end for mention in by_weight), default=0))
    kept: list[Mention] = []
    for mention in by_weight:
        if taken.find(1, mention.start, mention.end) < 0:
            taken[mention.start : mention.end] = b"\1" * (mention.end - mention.start)
            kept.append(mention)
    return sorted(kept, key=lambda m: m.start)


def _weight(mention: Mention) -> tuple[bool, int, int, int, bool, tuple[int, ...], str]:
    """What sorts first stays. The last three only tell equal spans of one kind apart: what denotes a paper
    first."""
    is_id = mention.kind is MentionKind.ID
    length = mention.end - mention.start
    is_open = mention.key is None and not mention.rows
    others = f"{mention.key} {mention.version} {mention.support} {mention.heard}"
    return not is_id, -length, _RANK[mention.kind], mention.start, is_open, mention.rows, others
