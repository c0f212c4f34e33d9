"""Candidates: the papers that a mention may denote, with what is known of the match. Recall first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, MutableMapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from tracker.catalogue import Alias, Catalogue, Origin, Record
from tracker.catalogue.names import is_common_word
from tracker.catalogue.squeeze import squeeze
from tracker.models import Mention, MentionKind

MOST = 6
"""Of a name or title with more papers, so many with the most sources and citations are looked at, and those
that the
document names elsewhere: the right one is among them for all but 0.3 % of the dev benchmark's names."""


class Candidate(NamedTuple):
    """A paper of the catalogue that a mention may denote."""

    row: int
    paper: Record
    """Without its details (authors, venue, DOI)."""
    alias: Alias | None = None
    """Kind name: the name that matched."""
    rivals: int = 0
    """How many other papers this surface may denote."""
    share: float = 1.0
    """Of all sources that use this name for some paper, the part that means this one; in [0, 1]."""
    titles: int = 0
    """Kind title: in how many other titles the surface stands."""
    is_short_form: bool = False
    """The surface is the first word of a longer name of a paper that the document mentions."""
    learned: int = 0
    """In how many of the reader's own documents this name stands for the paper, where the catalogue does not
    have it."""
    is_borne_by_rival: bool = False
    """The title of another candidate, as well known, begins with the name, and this one's does not."""
    is_yours: bool = False
    """Only an answer of the reader's names the paper for this surface."""


_NO_FORMS: Mapping[str, Sequence[Alias]] = MappingProxyType({})


def candidates(
    mention: Mention,
    catalogue: Catalogue,
    known: Collection[int] = (),
    short_forms: Mapping[str, Sequence[Alias]] = _NO_FORMS,
    *,
    kept: Kept | None = None,
) -> list[Candidate]:
    """The candidates of a mention of kind title or name, the best known first.

    `known` are rows of papers that the document mentions elsewhere: they are always looked at;
    `short_forms` are first words of their longer names. `kept` is where is kept what names have in common that are
    asked about again.
    """
    if mention.heard:
        return _by_sound(mention, catalogue)
    if mention.kind is MentionKind.NAME:
        found = _by_name(mention, catalogue, known, {} if kept is None else kept)
        rows = {candidate.row for candidate in found}
        longer = [alias for alias in short_forms.get(squeeze(mention.surface), ()) if alias.row not in rows]
        if is_common_word(mention.surface) and not any(_is_called(one, mention.surface) for one in found):
            longer = []  # "Segment" is a word before it is short for Segment Anything; "Emu" is a name
        if any(candidate.alias and candidate.alias.name == mention.surface for candidate in found):
            # beside the name EAGLE, "EAGLE" is not short for Eagle and Finch
            longer = [alias for alias in longer if alias.name.startswith(mention.surface)]
        if mention.surface.endswith("+"):
            longer = []  # "LoRA+" is no short form of another LoRA
        return found + [
            Candidate(a.row, catalogue.records.head(a.row), a, len(found), 0.0, is_short_form=True)
            for a in longer
        ]
    if mention.kind in (MentionKind.AUTHOR_YEAR, MentionKind.REFERENCE):
        return _by_authors(mention, catalogue)
    by_fame = sorted(mention.rows, key=lambda row: (row not in known, -catalogue.records.cited_in(row), row))
    papers = [(row, catalogue.records.head(row)) for row in by_fame[:MOST]]
    entries = catalogue.titles_of(mention.surface)
    titles = max((entry.titles for entry in entries), default=0)
    return [Candidate(row, paper, rivals=len(mention.rows) - 1, titles=titles) for row, paper in papers]


def _is_called(candidate: Candidate, surface: str) -> bool:
    """Whether a paper is known by exactly this name."""
    alias = candidate.alias
    return (
        alias is not None and alias.name == surface and bool(alias.sources or alias.origin & ~Origin.COMMON)
    )


def _by_authors(mention: Mention, catalogue: Catalogue) -> list[Candidate]:
    """All rows of the mention; `share` is of the citations of those whose authors are known."""
    papers = [(row, catalogue.records.head(row)) for row in mention.rows]
    known = {row: paper.cited_in for row, paper in papers if catalogue.authors.is_known(row)}
    total = sum(known.values()) + 2.0
    return [
        Candidate(row, paper, rivals=max(0, len(known) - 1), share=known.get(row, 0.0) / total)
        for row, paper in papers
    ]


_DERIVED = 0.3
"""A name that a title gives counts as this part of a source; measured best between 0.1 and 1 on the dev
benchmark."""

_OWN: Final = Origin.PREFIX | Origin.TITLE


class Named(NamedTuple):
    """The papers that a surface may name, the best known first: what is the same wherever it stands."""

    aliases: Sequence[Alias]
    best: Sequence[Candidate]
    """Of the first `MOST` of these."""
    candidate: Callable[[Alias], Candidate]


Kept = MutableMapping[tuple[str, tuple[int, ...]], Named]
"""By surface and rows."""


def _by_name(mention: Mention, catalogue: Catalogue, known: Collection[int], kept: Kept) -> list[Candidate]:
    asked = mention.surface, mention.rows
    if asked not in kept:
        kept[asked] = _named(mention, catalogue)
    named = kept[asked]
    return [*named.best, *(named.candidate(one) for one in named.aliases[MOST:] if one.row in known)]


def _named(mention: Mention, catalogue: Catalogue) -> Named:
    wanted = set(mention.rows)
    named = catalogue.aliases_of(mention.surface)
    if mention.surface.endswith("s"):
        rows = {alias.row for alias in named}
        named += [alias for alias in catalogue.aliases_of(mention.surface[:-1]) if alias.row not in rows]
    cited_in, head = catalogue.records.cited_in, catalogue.records.head
    weighed = [(_weight(alias), cited_in(alias.row), alias) for alias in named if alias.row in wanted]
    weighed.sort(key=lambda one: (-one[0], -one[1], one[2].row))
    total = sum(weight for weight, _, _ in weighed)
    borne = max((cited for _, cited, alias in weighed if alias.origin & _OWN), default=-1)

    def candidate(alias: Alias) -> Candidate:
        is_borne = not alias.origin & (_OWN | Origin.CURATED) and borne >= cited_in(alias.row)
        share, rivals = _weight(alias) / total, len(weighed) - 1
        return Candidate(alias.row, head(alias.row), alias, rivals, share, is_borne_by_rival=is_borne)

    aliases = [alias for _, _, alias in weighed]
    return Named(aliases, [candidate(alias) for alias in aliases[:MOST]], candidate)


def _by_sound(mention: Mention, catalogue: Catalogue) -> list[Candidate]:
    """All rows of a name that was heard; `share` is of the sources of the name that the paper would be called by."""
    rows = set(mention.rows)
    aliases: dict[int, Alias] = {}
    shares: dict[int, float] = {}
    for name in mention.heard:
        named = catalogue.aliases_of(name)
        total = sum(map(_weight, named)) or 1.0
        for alias in named:
            if alias.row in rows and alias.row not in aliases:
                aliases[alias.row], shares[alias.row] = alias, _weight(alias) / total
    return [
        Candidate(row, catalogue.records.head(row), alias, len(aliases) - 1, shares[row])
        for row, alias in aliases.items()
    ]


def _weight(alias: Alias) -> float:
    derived = _DERIVED if alias.origin & (Origin.PREFIX | Origin.TITLE) else 0.0
    by_hand = 2.0 if alias.origin & Origin.CURATED else 0.0
    return alias.sources + derived + by_hand + 0.01
