"""What the rest of the document says: identifiers, titles, words and papers around a mention."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import cached_property, lru_cache
from typing import Final, TypeVar, cast

from tracker.catalogue import Alias, Catalogue
from tracker.catalogue.squeeze import squeeze
from tracker.identifiers import PaperKey
from tracker.linking.answers import Recall
from tracker.linking.candidates import Kept
from tracker.linking.citation_context import Citations, Fields
from tracker.linking.settled import Settled
from tracker.linking.speech import Speech
from tracker.models import Document, Link, Mention, MentionKind, Remembered
from tracker.regex import regex

T = TypeVar("T")
NEAR: Final = 300
"""Code points on either side of a mention whose words speak for or against a candidate."""
BESIDE: Final = 120
"""An identifier this close to a name, in the same block, stands beside it."""
NOTHING: Final = Remembered()
FIRMLY: Final = 3
"""So many sources that use a name for a paper do so independently of each other."""
_PLURAL: Final = 6
"""Letters of a name in the plural that has a singular: of shorter ones the s is mostly a letter of its own (VITS)."""
FEW: Final = 4
"""With fewer settled papers their years say nothing about the document."""
_RIGHT_BEHIND: Final = regex(
    r"(?:[ -]?\d+(?:\.\d+)?[BbMm])?[\s*_`\"'”’」』》]{0,4}(?:\]\s?\(|[(（\[【<:：,，—–-])?\s?"
    r"(?:arxiv|论文|論文|paper|abs)?\s?[:：]?\s?<?",
    re.IGNORECASE,
)
"""What may stand between a name and its identifier."""
_WORD: Final = regex(r"[a-z][a-z-]{3,}")
_STOP: Final = frozenset(
    re.findall(
        r"\w+",
        "with from that this into over than their your about towards toward using based through model models "
        "large language learning deep neural network networks approach method methods data training",
    )
)


@lru_cache(maxsize=1 << 13)
def telling_words(title: str) -> tuple[str, ...]:
    """The words of a title that say something about it, each once, in its order."""
    return tuple(dict.fromkeys(word for word in _WORD.findall(title.lower()) if word not in _STOP))


class Context:
    """The evidence that a document holds, asked about one mention and one paper at a time."""

    def __init__(
        self,
        document: Document,
        mentions: Iterable[Mention],
        catalogue: Catalogue,
        remembered: Remembered = NOTHING,
    ) -> None:
        self.document = document
        self.recall = Recall(remembered, document, catalogue)
        self.catalogue = catalogue
        self.mentions = tuple(mentions)
        self._first = Settled((), catalogue, document.text)
        self._times = Counter(mention.surface for mention in self.mentions)
        self._year: int | None = None
        self._phrases: dict[str, bool] = {}
        self._kept: dict[type, dict[object, object]] = defaultdict(dict)
        self._kept_for_now: dict[type, dict[object, object]] = defaultdict(dict)
        self.kept_candidates: Kept = {}
        self._around, self._around_at = "", (-1, -1)
        self.titled: dict[int, list[Mention]] = defaultdict(list)
        for mention in self.mentions:
            is_title = mention.kind is MentionKind.TITLE and not mention.is_near_title
            if is_title and len(mention.rows) == 1:
                self.titled[mention.rows[0]].append(mention)
        self._block_starts = [block.start for block in document.blocks]
        self.set_aside(())

    def set_aside(self, identifiers: Collection[Mention]) -> None:
        """Take all identifiers but these as evidence; those set aside before count again."""
        aside = {mention.start for mention in identifiers}
        self._ids = [m for m in self.mentions if m.kind is MentionKind.ID and m.start not in aside]
        self._id_starts = [m.start for m in self._ids]
        self.ids: dict[PaperKey, list[Mention]] = defaultdict(list)
        for mention in self._ids:
            if mention.key:
                self.ids[mention.key].append(mention)
        rows = (self.catalogue.row(key) for key in self.ids)
        self._stated = {row for row in rows if row is not None} | self.titled.keys()
        self._forget("known", "_owners")

    def kept(self, kind: type[T]) -> dict[object, T]:
        """What was worked out of one kind and does not change between the passes, by what it is about."""
        return cast("dict[object, T]", self._kept[kind])

    def kept_for_now(self, kind: type[T]) -> dict[object, T]:
        """What was worked out of one kind and changes when other papers are known."""
        return cast("dict[object, T]", self._kept_for_now[kind])

    @property
    def settled(self) -> dict[int, float]:
        """Rows of papers that the document surely mentions, with the confidence."""
        return self._first.rows

    def settled_elsewhere(self, mention: Mention, row: int) -> float:
        """The highest confidence with which mentions other than this one denote a paper, 0.0 where none does."""
        return self._first.elsewhere(mention, row)

    def listed_with(self, mention: Mention) -> float:
        """The highest confidence of a mention right beside this one in an enumeration, 0.0 where there is none."""
        return self._first.listed_with(mention)

    def titles_around(self, mention: Mention) -> int:
        """How many lines around a mention have a title that is likely one of a paper."""
        return self._first.titles_around(mention)

    @cached_property
    def known(self) -> set[int]:
        """Rows of the papers that the document names by id or title, or surely mentions otherwise."""
        return self._stated | self.settled.keys()

    @cached_property
    def short_forms(self) -> dict[str, list[Alias]]:
        """First words of longer names of known papers, squeezed ("emu" for Emu Video), and singulars ("brainformer" for
        Brainformers), with the whole name.

        Not where a number follows: "Llama" does not stand for Llama 2. Nor where a paper is firmly known by it, or the
        document gives title or identifier of one: "LoRA" does not stand for LoRA-GA, nor, beside EVA, "EVA" for
        EVA-CLIP.
        """
        forms: dict[str, list[Alias]] = defaultdict(list)
        for row in sorted(self.known):
            for name in self.catalogue.names_of_row(row):
                first, *rest = re.split(r"[ -]", name)
                # a longer one is a phrase: "ReLU" does not stand for ReLU Strikes Back
                if len(rest) == 1 and not rest[0][:1].isdigit() and len(first) >= 3:
                    forms[squeeze(first)].append(Alias(name, row, 0, 0, 0))
                elif not rest and name.endswith("s") and len(name) >= _PLURAL:
                    forms[squeeze(name[:-1])].append(Alias(name, row, 0, 0, 0))
        return {form: longer for form, longer in forms.items() if not self._has_own(form)}

    def _has_own(self, form: str) -> bool:
        """Whether a paper is firmly known by this name, or the document gives the title or identifier of one."""
        bearers = self.catalogue.aliases_of(form)
        return any(alias.sources >= FIRMLY or alias.row in self._stated for alias in bearers)

    def block_of(self, offset: int) -> int:
        """The number of the block that an offset stands in, -1 before the first."""
        return bisect_right(self._block_starts, offset) - 1

    def ids_beside(self, mention: Mention) -> list[Mention]:
        """Identifiers at most `BESIDE` code points before or behind a mention, in the same block."""
        if not self._ids:
            return []
        first = bisect_left(self._id_starts, mention.start - 3 * BESIDE)
        last = bisect_right(self._id_starts, mention.end + BESIDE, first)
        if first == last:
            return []
        block = self.block_of(mention.start)
        return [
            found
            for found in self._ids[first:last]
            if found.end >= mention.start - BESIDE and self.block_of(found.start) == block
        ]

    def is_given_to_another(self, identifier: Mention, mention: Mention) -> bool:
        """Whether an identifier stands right behind a name or title that is not this one: "InstructGPT (...)"."""
        owner = self._owners.get(identifier.start)
        return owner is not None and owner != mention.start

    @cached_property
    def _owners(self) -> dict[int, int]:
        """Where the names and titles start that identifiers stand right behind, by where these start."""
        text, owners = self.document.text, {}
        named = [m for m in self.mentions if m.kind in (MentionKind.NAME, MentionKind.TITLE)]
        ends = [m.end for m in named]
        for found in self._ids:
            at = bisect_right(ends, found.start) - 1
            if at >= 0 and _RIGHT_BEHIND.fullmatch(text, ends[at], found.start):
                owners[found.start] = named[at].start
        return owners

    @cached_property
    def citations(self) -> Citations:
        """What stands around the citations by authors."""
        return Citations(self.document, self.mentions, self.catalogue)

    @cached_property
    def speech(self) -> Speech:
        """What is said around the names of a transcript."""
        return Speech(self.document, self.mentions, self.catalogue)

    @cached_property
    def fields(self) -> Fields:
        """The fields of science of the settled papers."""
        return Fields(self.settled, self.catalogue)

    def title_beside(self, mention: Mention, row: int) -> bool:
        """Whether the title of a paper stands within `NEAR` code points of a mention."""
        return any(
            t.start - NEAR <= mention.start and mention.end <= t.end + NEAR for t in self.titled.get(row, ())
        )

    def words_near(self, mention: Mention, words: Iterable[str]) -> int:
        """How many of some lower-case words stand within `NEAR` code points of a mention, and not within it."""
        if self._around_at != (mention.start, mention.end):  # asked for each of its candidates
            before = self._lower[max(0, mention.start - NEAR) : mention.start]
            self._around = f"{before} {self._lower[mention.end : mention.end + NEAR]}"
            self._around_at = mention.start, mention.end
        around = self._around
        return sum([word in around for word in words])

    def share_in_document(self, words: Sequence[str]) -> float:
        """The part of some lower-case words that stand anywhere in the document."""
        return sum(word in self._vocabulary for word in words) / len(words) if words else 0.0

    def times(self, surface: str) -> int:
        """How many mentions of the document have this surface, at least 1."""
        return max(1, self._times[surface])

    def years_apart(self, year: int | None) -> float:
        """How far a year is from those of most settled papers, in years, at most 6; 0 where too few are
        known."""
        if self._year is None or year is None:
            return 0.0
        return float(min(6, abs(year - self._year)))

    def has_in_document(self, phrase: str) -> bool:
        """Whether a lower-case phrase stands anywhere in the document."""
        if phrase not in self._phrases:  # asked at each mention, and a document may be long
            self._phrases[phrase] = phrase in self._lower
        return self._phrases[phrase]

    def near(self, mention: Mention, phrase: str) -> bool:
        """Whether a lower-case phrase stands within `NEAR` code points of a mention."""
        return phrase in self._lower[max(0, mention.start - NEAR) : mention.end + NEAR]

    @cached_property
    def _lower(self) -> str:
        lower = self.document.text.lower()
        if len(lower) == len(self.document.text):
            return lower
        return "".join(c.lower() if len(c.lower()) == 1 else c for c in self.document.text)

    @cached_property
    def _vocabulary(self) -> frozenset[str]:
        return frozenset(_WORD.findall(self._lower))

    @property
    def written(self) -> date | None:
        """The date the document gives for itself."""
        return self.document.written

    def settle(self, links: Sequence[Link]) -> None:
        """Take what the first pass decided as context for the second."""
        self._first = Settled(links, self.catalogue, self.document.text)
        self._forget("known", "short_forms", "fields")
        years = sorted(year for row in self.settled if (year := self.catalogue.records.head(row).year))
        self._year = years[len(years) // 2] if len(years) >= FEW else None

    def _forget(self, *names: str) -> None:
        """Work out some properties anew, and what depends on them."""
        for name in names:
            self.__dict__.pop(name, None)
        self._kept_for_now.clear()
