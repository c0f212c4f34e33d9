"""What the surfaces of spans denote, each decided once: a text has the same names and titles again and again.

What stands around a span does not change which entry of the catalogue its surface spells (see `squeeze`), so what was
decided for a surface holds for all texts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeVar

from tracker.catalogue import Span, Spans

if TYPE_CHECKING:
    from tracker.catalogue.bits import I64

_MOST_KEPT: Final = 1 << 15
"""Surfaces of which is kept what they denote, but for those of one more text."""
_Denoted = TypeVar("_Denoted")


def denoted_by(
    surfaces: list[str],
    spans: Spans,
    places: I64,
    known: dict[str, _Denoted],
    decide: Callable[[str, Span], _Denoted],
) -> list[_Denoted]:
    """For each surface what it denotes: what `known` has, else what `decide` says, which is kept there.

    The surfaces are those of the spans at the places, in this order.
    """
    if len(known) > _MOST_KEPT:
        known.clear()
    try:
        return list(map(known.__getitem__, surfaces))
    except KeyError:
        place_of = dict(zip(surfaces, places.tolist(), strict=True))
        for surface in place_of.keys() - known.keys():
            known[surface] = decide(surface, spans[place_of[surface]])
    return list(map(known.__getitem__, surfaces))
