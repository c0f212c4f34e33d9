"""The order that a document itself gives to its papers, by numbers or in plain words. Pure.

A blog post that goes through "1) Pythia ... 10) Emu Video" has put them in order, and so has a list under
"read them in this order". A document that says its order means nothing is believed.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tracker.identifiers import PaperKey
from tracker.models import BlockKind, Document, Link, Role
from tracker.reading.outline import ItemList, Step, item_lists, item_steps, numbered_sections, plain_sections
from tracker.regex import regex

_SAYS_ORDER = regex(
    r"reading (?:list|order)|in (?:the|this|which) (?:following )?order|order (?:in which )?to read|"
    r"阅读(?:列表|清单|顺序|次序)|书单|(?:按|依)(?:照)?(?:以下|如下|下列|这个|此)?(?:的)?(?:顺序|次序)(?:阅读|来读)",
    re.IGNORECASE,
)
_DENIES_ORDER = regex(
    r"(?:no|not in any) (?:particular|specific|special) order|in random order|alphabetical order|"
    r"(?:排名|顺序|次序)?不分先后|排名不分|(?:顺序|次序)(?:是)?随机|字母顺序",
    re.IGNORECASE,
)
_LEAST_STEPS = 2
"""A single numbered thing orders nothing."""
_LEAST_SECTIONS = 2 / 3
"""Of the sections that papers belong to, so many must be about one of them: an outline such as
"1. Introduction ... 5. Conclusion" numbers the text and not its papers."""
_LEAST_ITEMS = 0.5
"""Of the items of a list, so many must begin with a paper; a few may not be known."""
_NEAR_START = 20
"""Code points within which an item comes to the paper that it lists, past "1. **[2021] "; in a numbered
argument papers are named further on."""


@dataclass(frozen=True)
class Standing:
    """Where a document that gives an order puts a paper."""

    step: int
    """The section that the paper belongs to, from 1; 0 before the first, one more than all after them."""
    kind: int
    """Within the section: 0 what it is about, 1 a paper of an ordered list in it, 2 any other."""
    place: int = 0
    """Of kind 0 the offset, of kind 1 the position in the list."""
    label: str = ""
    """The number as the document writes it ("3", "6.2"); of kind 2 that of the section."""
    beside: PaperKey | None = None
    """Kind 2: the paper that the section is about."""
    list_line: int = 0
    """Kind 1: the line on which the list begins, counted from 1."""

    @property
    def is_stated(self) -> bool:
        """Whether the document itself puts this paper in order."""
        return self.kind < 2

    @property
    def sort_key(self) -> tuple[int, int, int]:
        """Two papers of one document stand in the order of this key."""
        return self.step, self.kind, self.place


def stated_order(document: Document, links: Iterable[Link]) -> dict[PaperKey, Standing]:
    """The standing of every paper that the document treats; empty where the document gives no order.

    `links` are those of the document. Papers that it names only in passing have no standing: they are not
    what it puts in order.
    """
    prose = "\n".join(
        document.text[block.start : block.end]
        for block in document.blocks
        if block.kind is not BlockKind.NAVIGATION
    )
    offsets = _treated_offsets(document, links)
    if not offsets or _DENIES_ORDER.search(prose):
        return {}
    says_order = _SAYS_ORDER.search(prose) is not None
    sections = _Sections(numbered_sections(document), offsets)
    if says_order and not sections.order_papers:
        sections = _Sections(plain_sections(document), offsets)
    if not sections.order_papers:
        sections = _Sections((), offsets)
    subjects = sections.standings()
    listed = _list_standings(document, offsets, sections, says_order=says_order and not sections.steps)
    if not subjects and not listed:
        return {}
    return {key: subjects.get(key) or listed.get(key) or sections.beside(key) for key in offsets}


def _treated_offsets(document: Document, links: Iterable[Link]) -> dict[PaperKey, list[int]]:
    """Where each paper with at least one main mention in the document is mentioned, in order of the text."""
    offsets: dict[PaperKey, list[int]] = {}
    treated: set[PaperKey] = set()
    for link in links:
        if link.paper is None or link.role is Role.NAVIGATION:
            continue
        offsets.setdefault(link.paper, []).append(link.mention.start)
        if link.role is Role.MAIN:
            treated.add(link.paper)
    return {key: sorted(starts) for key, starts in offsets.items() if key in treated}


class _Sections:
    """The sections of a document, and which paper each of them is about."""

    def __init__(self, steps: Sequence[Step], offsets: Mapping[PaperKey, Sequence[int]]) -> None:
        self.steps = steps
        self._in_text = sorted(range(1, len(steps) + 1), key=lambda at: steps[at - 1].start)
        self._starts = [steps[at - 1].start for at in self._in_text]
        self._ends = [steps[at - 1].end for at in self._in_text]
        self._outer: list[int] = []
        for here, start in enumerate(self._starts):
            self._outer.append(self._enclosing(here - 1, start))
        self._home: dict[PaperKey, int] = {}
        guests: dict[int, dict[PaperKey, list[int]]] = defaultdict(dict)
        for key, starts in offsets.items():
            home = self._home[key] = self._home_of(starts)
            guests[home][key] = [start for start in starts if self.at(start) == home]
        self._subjects = {at: self._subjects_of(at, guests[at]) for at in range(1, len(steps) + 1)}
        about = [at for at, subjects in self._subjects.items() if subjects]
        self._labels = {at: steps[at - 1].label or str(n) for n, at in enumerate(about, start=1)}

    def _enclosing(self, here: int, offset: int) -> int:
        """Of a section and those around it, by position in the text, the innermost that reaches further."""
        while here >= 0 and self._ends[here] <= offset:
            here = self._outer[here]
        return here

    def at(self, offset: int) -> int:
        """The innermost section at an offset, from 1; 0 before the first, one more than all elsewhere."""
        last = bisect_right(self._starts, offset) - 1
        here = self._enclosing(last, offset)
        return self._in_text[here] if here >= 0 else len(self.steps) + 1 if last >= 0 else 0

    def _is_heading(self, at: int, offset: int) -> bool:
        return 0 < at <= len(self.steps) and offset < self.steps[at - 1].heading_end

    def _home_of(self, starts: Sequence[int]) -> int:
        """The section that a paper belongs to: whose heading names it, else where it is named most."""
        sections = [self.at(start) for start in starts]
        for section, start in zip(sections, starts, strict=True):
            if self._is_heading(section, start):
                return section
        counts = Counter(section for section in sections if 0 < section <= len(self.steps))
        return min(counts, key=lambda section: (-counts[section], section), default=sections[0])

    def _subjects_of(self, at: int, guests: Mapping[PaperKey, Sequence[int]]) -> list[PaperKey]:
        """What a section is about: the papers its heading names, else the one it names most by far."""
        named = [key for key, starts in guests.items() if self._is_heading(at, starts[0])]
        if named:
            return sorted(named, key=lambda key: guests[key][0])
        most = sorted(guests, key=lambda key: (-len(guests[key]), guests[key][0]))
        counts = [len(guests[key]) for key in most]
        return most[:1] if counts and counts[0] >= 2 and counts[0] > max(counts[1:], default=0) else []

    @property
    def order_papers(self) -> bool:
        """Whether the sections put papers in order, rather than being a mere outline."""
        about = len(self._labels)
        populated = len(set(self._home.values()) & self._subjects.keys())
        return about >= _LEAST_STEPS and about >= _LEAST_SECTIONS * populated

    def standings(self) -> dict[PaperKey, Standing]:
        """The standing of each paper that a section is about."""
        return {
            key: Standing(at, 0, place, label)
            for at, label in self._labels.items()
            for place, key in enumerate(self._subjects[at])
        }

    def beside(self, key: PaperKey) -> Standing:
        """The standing of a paper that no section and no list is about."""
        home = self._home[key]
        subjects = self._subjects.get(home)
        return Standing(home, 2, 0, self._labels.get(home, ""), subjects[0] if subjects else None)


def _list_standings(
    document: Document, offsets: Mapping[PaperKey, Sequence[int]], sections: _Sections, *, says_order: bool
) -> dict[PaperKey, Standing]:
    """The standing of each paper in a list that is numbered, or that is said to be an order."""
    standings: dict[PaperKey, Standing] = {}
    mentioned = sorted((start, key) for key, starts in offsets.items() for start in starts)
    place = 0
    for items in item_lists(document):
        if not (items.is_numbered or says_order or _is_introduced(document, items)):
            continue
        subjects = [(step, _first_in(step, mentioned)) for step in item_steps(items)]
        listed = [(step, key) for step, key in subjects if key]
        if len(listed) < max(_LEAST_STEPS, _LEAST_ITEMS * len(subjects)):
            continue
        line = document.text.count("\n", 0, items.items[0].start) + 1
        for step, key in listed:
            place += 1
            standing = Standing(sections.at(step.start), 1, place, step.label, list_line=line)
            standings.setdefault(key, standing)
    return standings


def _is_introduced(document: Document, items: ItemList) -> bool:
    """Whether the words before a list say that it is one to read in order."""
    before = items.before
    return before is not None and _SAYS_ORDER.search(document.text[before.start : before.end]) is not None


def _first_in(step: Step, mentioned: Sequence[tuple[int, PaperKey]]) -> PaperKey | None:
    """The paper that an item begins with, None where it begins with none."""
    at = bisect_left(mentioned, step.start, key=lambda pair: pair[0])
    limit = min(step.heading_end, step.start + _NEAR_START)
    return mentioned[at][1] if at < len(mentioned) and mentioned[at][0] < limit else None
