"""Pointers take the decision of what they point at: "[12]" that of its entry, a venue that of its title. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tracker.models import Evidence, Link

POINTS_AT_ENTRY: Final = "points at its entry"
"""The reason of a link that was taken over from an entry."""


def follow(links: Sequence[Link]) -> list[Link]:
    """The links, those of pointers with the paper, confidence and alternatives of the entry they point at."""
    by_start = {link.mention.start: link for link in links if link.mention.entry is None}
    return [_followed(link, by_start) for link in links]


def _followed(link: Link, by_start: dict[int, Link]) -> Link:
    if link.mention.entry is None or (entry := by_start.get(link.mention.entry)) is None:
        return link
    is_title = entry.mention.line == link.mention.line
    detail = f"points at {'the title before it' if is_title else f'the entry on line {entry.mention.line}'}"
    return link.model_copy(
        update={
            "paper": entry.paper,
            "title": entry.title,
            "confidence": entry.confidence,
            "reason": POINTS_AT_ENTRY if entry.paper else entry.reason,
            "evidence": (Evidence(signal="entry", weight=0.0, detail=detail),),
            "alternatives": entry.alternatives,
        }
    )
