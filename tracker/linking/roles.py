"""Roles and salience: how the document treats each paper it mentions. Pure.

Navigation is told by the block a mention stands in. A paper is *main* where the document gives it a
heading, its
title or its identifier, or comes back to it; else it is mentioned in passing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

from tracker.identifiers import PaperKey
from tracker.linking.context import Context
from tracker.models import Block, BlockKind, Link, MentionKind, Role

Value = TypeVar("Value")
RETURNS: Final = 3
"""A paper named in this many blocks is one that the document comes back to."""
_WEIGHTS: Final = {"heading": 3.0, "id": 2.0, "title": 2.0, "block": 1.0}
"""What each adds to salience before it is scaled; a heading says the most about what a section is about."""


def with_roles(links: Sequence[Link], context: Context) -> list[Link]:
    """The links with their role and salience; all mentions of a paper outside navigation share both."""
    places: dict[PaperKey, list[tuple[Link, Block | None]]] = defaultdict(list)
    blocks = [_block(link, context) for link in links]
    for link, block in zip(links, blocks, strict=True):
        if link.paper and not _is_navigation(block):
            places[link.paper].append((link, block))
    weight = {paper: _weight(found) for paper, found in places.items()}
    most = max(weight.values(), default=1.0)
    role = {paper: _role(found) for paper, found in places.items()}
    return [
        link.model_copy(
            update={
                "role": Role.NAVIGATION if _is_navigation(block) else _of(role, link, Role.PASSING),
                "salience": round(_of(weight, link, 0.0) / most, 3),
            }
        )
        for link, block in zip(links, blocks, strict=True)
    ]


def _of(values: Mapping[PaperKey, Value], link: Link, default: Value) -> Value:
    return values.get(link.paper, default) if link.paper else default


def _block(link: Link, context: Context) -> Block | None:
    number = context.block_of(link.mention.start)
    return context.document.blocks[number] if number >= 0 else None


def _is_navigation(block: Block | None) -> bool:
    return block is not None and block.kind is BlockKind.NAVIGATION


def _counts(found: Sequence[tuple[Link, Block | None]]) -> Counter[str]:
    seen: Counter[str] = Counter()
    seen["heading"] = sum(block is not None and block.kind is BlockKind.HEADING for _, block in found)
    seen["id"] = any(link.mention.kind is MentionKind.ID for link, _ in found)
    seen["title"] = any(link.mention.kind is MentionKind.TITLE for link, _ in found)
    seen["block"] = len({block.start if block else -1 for _, block in found})
    return seen


def _weight(found: Sequence[tuple[Link, Block | None]]) -> float:
    return sum(_WEIGHTS[name] * count for name, count in _counts(found).items())


def _role(found: Sequence[tuple[Link, Block | None]]) -> Role:
    seen = _counts(found)
    is_main = seen["heading"] or seen["id"] or seen["title"] or seen["block"] >= RETURNS
    return Role.MAIN if is_main else Role.PASSING
