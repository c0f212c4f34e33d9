"""What the first pass surely linked, asked about one mention in the second. Pure.

A mention is no evidence for itself, nor is its like: the same name in the same document adds nothing unless it was
surer at another place, where more speaks for it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from typing import Final, NamedTuple

from tracker.catalogue import Catalogue
from tracker.catalogue.squeeze import squeeze
from tracker.models import Link, Mention, MentionKind
from tracker.regex import regex

SURE: Final = 0.8
"""Papers linked with this confidence in the first pass are context for the second."""
SURER: Final = 0.05
"""By so much must the same name be surer elsewhere."""
AROUND: Final = 3
"""Lines on either side of a title in a list of titles."""
_BETWEEN: Final = regex(
    r"[\s*_`\"'“”‘’「」『』《》()（）\[\]|+&/,，、;；·•–—-]*"
    r"(?:and|or|as well as|以及|及|和|与|與|或|还有|還有|vs\.?)?[\s*_`\"'“”‘’「」『』《》()（）\[\]|+&/,，、;；·•–—-]*"
)
_PARTS: Final = regex(r"[,，、;；/|&+\n•·]|and|or|as well|[及和与與或还還]|vs")
_FAR: Final = 14
"""Code points between two names of an enumeration, at most."""


def _is_likely(link: Link) -> bool:
    """Whether a link leads to a paper more likely than not."""
    return link.paper is not None and link.confidence > 0.5


class _Place(NamedTuple):
    confidence: float
    start: int


class Settled:
    """The sure links of the first pass."""

    def __init__(self, links: Sequence[Link], catalogue: Catalogue, text: str) -> None:
        self._text = text
        self.rows: dict[int, float] = {}
        """Rows of papers that are surely linked to, each with the highest confidence."""
        self._surest: dict[int, dict[str, list[_Place]]] = defaultdict(dict)
        self._own: dict[int, tuple[int, float]] = {}
        self._spans: list[tuple[int, int, float]] = []
        for found in links:
            row = catalogue.row(found.paper) if found.paper else None
            if row is not None:
                self._own[found.mention.start] = row, found.confidence
                if found.confidence >= SURE:
                    self._add(found, row)
        self._spans.sort()
        self._starts = [start for start, _, _ in self._spans]
        self._titled = sorted(
            {one.mention.line for one in links if one.mention.kind is MentionKind.TITLE and _is_likely(one)}
        )

    def _add(self, found: Link, row: int) -> None:
        mention, confidence = found.mention, found.confidence
        self.rows[row] = max(self.rows.get(row, 0.0), confidence)
        places = self._surest[row].setdefault(squeeze(mention.surface), [])
        places.append(_Place(confidence, mention.start))
        places.sort(reverse=True)
        del places[2:]  # one of them may be the mention that is asked about
        self._spans.append((mention.start, mention.end, confidence))

    def titles_around(self, mention: Mention) -> int:
        """How many of the lines around a mention, `AROUND` before and behind its own, have a title that is
        likely one of a paper."""
        first, last = mention.line - AROUND, mention.line + AROUND
        lines = self._titled[bisect_left(self._titled, first) : bisect_left(self._titled, last + 1)]
        return sum(line != mention.line for line in lines)

    def elsewhere(self, mention: Mention, row: int) -> float:
        """The highest confidence with which other mentions denote a paper; 0.0 where none tells more than this
        one."""
        own_row, own = self._own.get(mention.start, (row, 0.0))
        least = own + SURER if own_row == row else 0.0
        name = squeeze(mention.surface)
        return max(
            (
                place.confidence
                for other, places in self._surest.get(row, {}).items()
                for place in places
                if place.start != mention.start and (other != name or place.confidence >= least)
            ),
            default=0.0,
        )

    def listed_with(self, mention: Mention) -> float:
        """The highest confidence of a mention right before or behind in the same enumeration ("DARE and TIES")."""
        if not self._spans:
            return 0.0
        at = bisect_left(self._starts, mention.start)
        before = self._spans[at - 1] if at else None
        first = bisect_left(self._starts, mention.end, at)
        behind = self._spans[first] if first < len(self._spans) else None
        return max(
            before[2] if before and self._joins(before[1], mention.start) else 0.0,
            behind[2] if behind and self._joins(mention.end, behind[0]) else 0.0,
        )

    def _joins(self, end: int, start: int) -> bool:
        """Whether what stands between two names joins them to an enumeration."""
        if not 0 < start - end <= _FAR:
            return False
        between = self._text[end:start]
        return _BETWEEN.fullmatch(between) is not None and _PARTS.search(between) is not None
