"""Which papers the names denote that texts spell: for many surfaces at once, for a text has thousands.

In: surfaces, and the entries of the names that each squeezes to. Out: the papers of each, without those whose name it
may not spell: case may differ, but an ordinary word in lower case is that word.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from tracker.catalogue.bits import each_of, ranges_of
from tracker.catalogue.names import SHORTEST_LOWER, WELL_KNOWN, Origin

if TYPE_CHECKING:
    from tracker.catalogue.aliases import Aliases
    from tracker.catalogue.bits import I64


class Named(NamedTuple):
    """What a surface may denote as a name."""

    rows: tuple[int, ...]
    """The papers."""
    sources: tuple[int, ...]
    """How many sources call each of them so; see `Alias`."""


_named = partial(tuple.__new__, Named)
"""One of both, made without a call in Python."""
_ANY, _LOWER, _SHORT, _NO_NAME = range(4)


def named_by(surfaces: Sequence[str], first: I64, last: I64, aliases: Aliases) -> list[Named | tuple[()]]:
    """What each of some surfaces may denote, () where that is no paper; it squeezes to the names of the entries from
    `first` on, before `last`.

    Raises:
        CatalogueError: the file is damaged.
    """
    import numpy as np

    owners, entries = each_of(first, last)
    names = aliases.columns(entries)
    have_plus = np.array([surface.endswith("+") for surface in surfaces], dtype=bool)
    kinds = np.array([_kind(surface) for surface in surfaces], dtype=np.uint8).take(owners)
    are_words = names.origins & Origin.COMMON != 0
    are_unknown = are_words & (names.sources < WELL_KNOWN) & (names.origins & Origin.CURATED == 0)
    fit = names.have_plus == have_plus.take(owners)
    fit &= (kinds != _NO_NAME) & ~(are_words & (kinds == _LOWER))
    asked = np.flatnonzero(fit & ((kinds == _SHORT) | (are_unknown & (kinds == _ANY))))
    for at, owner, name in zip(
        asked, owners.take(asked), aliases.spellings(entries.take(asked)), strict=True
    ):
        surface = surfaces[owner]
        fit[at] = surface == name or (not are_unknown[at] and surface.upper() == name.upper())
    columns = names.rows[fit].tolist(), names.sources[fit].tolist()
    ranges = ranges_of(owners[fit], len(surfaces))
    rows, sources = ([tuple(column[start:end]) for start, end in ranges] for column in columns)
    return [_named(pair) if pair[0] else () for pair in zip(rows, sources, strict=True)]


def _kind(surface: str) -> int:
    """Which names of its squeezed form a surface may spell: any, those that are no ordinary words, those with the very
    letters, none."""
    if surface.islower() and not any(map(str.isdigit, surface)):
        is_long = len(surface) >= SHORTEST_LOWER and not any(map(str.isspace, surface))
        return _LOWER if is_long else _NO_NAME
    return _ANY if len(surface) > 2 else _SHORT
