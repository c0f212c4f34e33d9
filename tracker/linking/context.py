"""What the rest of the document says: identifiers, titles, words and papers around a mention."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Final

from tracker.catalogue import Catalogue
from tracker.identifiers import PaperKey
from tracker.models import Document, Mention, MentionKind

NEAR: Final = 300
"""Code points on either side of a mention whose words speak for or against a candidate."""
BESIDE: Final = 120
"""An identifier this close to a name, in the same block, stands beside it."""
_WORD: Final = re.compile(r"[a-z][a-z-]{3,}")
_STOP: Final = frozenset(
    "with from that this into over than their your about towards toward using based through model models "
    "large language learning deep neural network networks approach method methods data training".split()
)


class Context:
    """The evidence that a document holds, asked about one mention and one paper at a time."""

    def __init__(self, document: Document, mentions: Iterable[Mention], catalogue: Catalogue) -> None:
        self.document = document
        self.catalogue = catalogue
        self.mentions = tuple(mentions)
        self.settled: dict[int, float] = {}
        """Rows of papers that the document surely mentions, with the confidence."""
        self._ids = [m for m in self.mentions if m.kind is MentionKind.ID]
        self._id_starts = [m.start for m in self._ids]
        self.ids: dict[PaperKey, list[Mention]] = defaultdict(list)
        for mention in self._ids:
            if mention.key:
                self.ids[mention.key].append(mention)
        self.titled: dict[int, list[Mention]] = defaultdict(list)
        for mention in self.mentions:
            if mention.kind is MentionKind.TITLE and len(mention.rows) == 1:
                self.titled[mention.rows[0]].append(mention)
        rows = (catalogue.row(key) for key in self.ids)
        self._stated = {row for row in rows if row is not None} | self.titled.keys()
        self._block_starts = [block.start for block in document.blocks]

    @property
    def known(self) -> set[int]:
        """Rows of the papers that the document names by id or title, or surely mentions otherwise."""
        return self._stated | self.settled.keys()

    def block_of(self, offset: int) -> int:
        """The number of the block that an offset stands in, -1 before the first."""
        return bisect_right(self._block_starts, offset) - 1

    def ids_beside(self, mention: Mention) -> list[Mention]:
        """Identifiers at most `BESIDE` code points before or behind a mention, in the same block."""
        first = bisect_left(self._id_starts, mention.start - 3 * BESIDE)
        last = bisect_right(self._id_starts, mention.end + BESIDE)
        block = self.block_of(mention.start)
        return [
            found
            for found in self._ids[first:last]
            if found.end >= mention.start - BESIDE and self.block_of(found.start) == block
        ]

    def title_beside(self, mention: Mention, row: int) -> bool:
        """Whether the title of a paper stands within `NEAR` code points of a mention."""
        return any(
            t.start - NEAR <= mention.start and mention.end <= t.end + NEAR for t in self.titled.get(row, ())
        )

    def title_words_near(self, mention: Mention, title: str) -> list[str]:
        """Telling words of a title that stand near a mention and not within it, each once, in the title's order."""
        around = self._lower[max(0, mention.start - NEAR) : mention.start]
        around += " " + self._lower[mention.end : mention.end + NEAR]
        own = mention.surface.lower()
        words = dict.fromkeys(_WORD.findall(title.lower()))
        return [word for word in words if word not in _STOP and word not in own and word in around]

    def has_in_document(self, phrase: str) -> bool:
        """Whether a lower-case phrase stands anywhere in the document."""
        return phrase in self._lower

    def near(self, mention: Mention, phrase: str) -> bool:
        """Whether a lower-case phrase stands within `NEAR` code points of a mention."""
        return phrase in self._lower[max(0, mention.start - NEAR) : mention.end + NEAR]

    @cached_property
    def _lower(self) -> str:
        lower = self.document.text.lower()
        if len(lower) == len(self.document.text):
            return lower
        return "".join(c.lower() if len(c.lower()) == 1 else c for c in self.document.text)

    @property
    def written(self) -> date | None:
        """The date the document gives for itself."""
        return self.document.written

    def settle(self, settled: dict[int, float]) -> None:
        """Take the papers that are now known to be mentioned as context for the rest."""
        self.settled = settled
