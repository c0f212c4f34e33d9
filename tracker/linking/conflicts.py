"""Conflicts: an identifier beside which the title of another paper stands. Pure but for the context it asks.

A wrong address under a right title is common: of the 8,300 titles that the authors of the development
benchmark's documents linked themselves, four lead to quite another paper, and each time it was the title that
they meant. So nothing is linked to such an identifier: a wrong reference costs more than a missing one. The
title beside it is linked on its own, somewhat less surely, and both papers are named to the reader.

Only a whole title that stands where titles stand counts: in the text of the link, right before or behind the
identifier, or at the head of its entry with authors and venue between. A title in running prose ("unlike
Segment Anything [1], we (arXiv:...)") is no conflict, nor is a title that is merely written otherwise:
without its subtitle, misspelt, or of another version of the same work.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from tracker.catalogue import Origin
from tracker.catalogue.names import name_in_title
from tracker.catalogue.squeeze import squeeze
from tracker.identifiers import PaperKey, arxiv_id_of, doi_of
from tracker.keys import fold
from tracker.linking.context import Context
from tracker.linking.decide import BY_ANSWER
from tracker.models import Alternative, BlockKind, Evidence, Link, Mention, MentionKind, Problem
from tracker.regex import regex

TITLE_IS_RIGHT: Final = 0.9
"""How often the title is right and the identifier wrong where they disagree: in four of four on the
development benchmark, which with Jeffreys' prior makes 0.9."""
IDENTIFIER_IS_RIGHT: Final = 0.1
ALIKE: Final = 0.75
"""Titles of which the shorter shares this part of its words with the other are one, written otherwise."""
MISSPELT: Final = 90.0
"""So are titles whose letters agree so far (of 100, by rapidfuzz's ratio)."""
LIKELY: Final = 0.5
"""Words that stand beside an identifier as a title does are taken for the title that they spell where that is
so likely by themselves: of the benchmark's conflicts, real and planted, all but 1 of 611."""
CONFLICT: Final = "title disagrees"
"""The reason of the link of such an identifier."""


class Pair(NamedTuple):
    """An identifier, and the title of another paper that stands beside it."""

    identifier: Mention
    title: Mention


class Conflict(NamedTuple):
    """An identifier, and the link of the title beside it as it would be without that identifier."""

    identifier: Mention
    by_title: Link


def possible_conflicts(context: Context) -> list[Pair]:
    """The identifiers beside which a whole title stands that none of its papers has, each with that title.

    Whether the words are meant as a title at all is for linking to decide: `settled_conflicts`.
    """
    found = []
    for at, mention in enumerate(context.mentions):
        if mention.kind is MentionKind.ID and mention.key:
            title = _title_of(at, mention, context)
            if title and not _agrees(mention, title, context):
                found.append(Pair(mention, title))
    return found


def settled_conflicts(possible: Iterable[Pair], decide_title: Callable[[Mention], Link]) -> list[Conflict]:
    """Of the possible conflicts, those whose title is linked to a paper."""
    decided = [Conflict(pair.identifier, decide_title(pair.title)) for pair in possible]
    return [conflict for conflict in decided if conflict.by_title.paper]


def with_conflicts(links: Sequence[Link], conflicts: Iterable[Conflict], accept: float) -> list[Link]:
    """The links, with nothing linked to the identifiers of the conflicts, and their titles less sure.

    `accept` is the least confidence of a settled link.
    """
    link_at = {link.mention.start: link for link in links}
    changed: dict[int, Link] = {}
    for identifier, by_title in conflicts:
        by_id, now = link_at[identifier.start], link_at[by_title.mention.start]
        is_settled = BY_ANSWER in (by_id.reason, now.reason)
        if by_id.paper and by_title.paper != by_id.paper and not is_settled:
            changed[identifier.start] = _doubted(by_id, by_title)
            changed[now.mention.start] = _less_sure(now, by_id, accept)
    return [changed.get(link.mention.start, link) for link in links]


def conflict_problems(links: Iterable[Link]) -> list[Problem]:
    """One line for people for each conflict, naming both papers."""
    problems = []
    for link in links:
        if link.reason == CONFLICT:
            by_title, by_id = link.alternatives
            own = f"the identifier of “{by_id.title}”" if by_id.title else "not in the catalogue"
            problems.append(
                Problem(
                    stage="linking",
                    subject=f"{link.mention.document}:{link.mention.line}",
                    message=f"{by_id.paper} is {own}, but the title beside it is “{by_title.title}” "
                    f"({by_title.paper}); nothing is linked to the identifier, check it",
                )
            )
    return problems


def _doubted(by_id: Link, by_title: Link) -> Link:
    assert by_id.paper and by_title.paper, "both are linked"
    own = f"it is the identifier of: {by_id.title}" if by_id.title else "the identifier stands here"
    beside = Evidence(
        signal="other title beside",
        weight=0.0,
        detail=f"another title stands beside it: {by_title.title} ({by_title.paper})",
    )
    return by_id.model_copy(
        update={
            "paper": None,
            "title": None,
            "confidence": IDENTIFIER_IS_RIGHT,
            "reason": CONFLICT,
            "evidence": (Evidence(signal="identifier", weight=0.0, detail=own), beside),
            "alternatives": (
                Alternative(
                    paper=by_title.paper,
                    title=by_title.title or "",
                    confidence=min(TITLE_IS_RIGHT, by_title.confidence),
                ),
                Alternative(paper=by_id.paper, title=by_id.title or "", confidence=IDENTIFIER_IS_RIGHT),
            ),
        }
    )


def _less_sure(by_title: Link, by_id: Link, accept: float) -> Link:
    against = Evidence(
        signal="other id beside",
        weight=0.0,
        detail=f"the identifier beside it is that of another paper: {by_id.title or by_id.paper}",
    )
    confidence = min(TITLE_IS_RIGHT, by_title.confidence)
    update: dict[str, object] = {"confidence": confidence, "evidence": (*by_title.evidence, against)}
    if by_title.paper and confidence < accept:
        instead = Alternative(paper=by_title.paper, title=by_title.title or "", confidence=confidence)
        alternatives = (instead, *by_title.alternatives)
        update |= {"paper": None, "title": None, "reason": "not sure", "alternatives": alternatives}
    return by_title.model_copy(update=update)


# --- which title belongs to an identifier ------------------------------------------------------------

FARTHEST: Final = 400
"""Code points between a title and its identifier, authors and venue among them."""
_LABEL_WORDS: Final = (
    r"ar[x5]iv(?:\.org)?|preprint|e-?prints?|abs|pdf|papers?|links?|urls?|html|doi|corr|available|at|online|in"
    r"|official|https?|code|github|project|page|website|homepage|demo|video|slides|blog|models?|datasets?|list"
    r"|论文|链接|地址|原文|全文|题目|标题|下载|预印本|代码|项目|主页"
)
_BEGINS: Final = r"(?<![^\W\d_])"
_ENDS: Final = r"(?![^\W\d_])"
_EMOJI: Final = r":[a-z_]{3,30}:"
_LABELS: Final = regex(rf"(?:{_EMOJI}|[\W_]|\d|{_BEGINS}(?:{_LABEL_WORDS}){_ENDS})*", re.IGNORECASE)
"""What may stand between a title and its identifier anywhere: marks, numbers, what announces an address."""
_NAME_WORDS: Final = (
    rf"{_LABEL_WORDS}|and|et|al|of|the|on|for|van|von|der|de|del|di|da|la|le|pp|vol|no"
    r"|等人?|等著|作者|年|月|日|和|与"
)
_PERSON: Final = r"(?:Mc|Mac|De|Le|La|Di|Van)?[A-ZÀ-ÖØ-ÞĀ-Ž][a-zà-öø-ÿĀ-ž]+|[A-Z]{1,2}"
_VENUE: Final = r"[A-Z]{3,9}(?=[\W_]{0,3}\d)"
_NAMES: Final = regex(
    rf"\s*(?![\s:：]|\([IVX]+\))[\W_](?:{_EMOJI}|[\W_]|\d|{_BEGINS}(?:(?i:{_NAME_WORDS})|{_PERSON}|{_VENUE}){_ENDS})*"
)
"""What may stand between them in an entry besides: names of persons and journals, initials, "CVPR 2023"."""
_BINDS: Final = regex(r"[\"'”’」』》〉*_`\s.?!]*[(\[（【<,，|]")
"""In running prose a bracket or a comma binds a title to what follows it."""
_LINK_TEXT_ENDS: Final = regex(r"[\"'”’」』》〉*_`\s.?!]*(?:\]\s?[(\[]\s?<?|\]:\s?<?)\s?")
_MARKUP_OPENS: Final = regex(r"[\"']?[^<>\n]{0,80}>\s?|\}\s?\{")
"""Between an address and its text: <a href="...">, \\href{...}{."""
_LEAD: Final = regex(
    rf"(?:{_EMOJI}|[\W\d_]|{_BEGINS}(?:(?i:title|name|papers?|ar[x5]iv|论文|标题|题目|题名)|{_VENUE}){_ENDS})*"
)
"""What may stand on a line before what it is about: bullets, numbers, dates, "Title:"."""
_AUTHORS_END: Final = regex(r"[.,:;)，。：]\s?[\"'“‘「『《〈*_`]*\Z")
_ENTRY: Final = regex(r"\s*(?:[-*+•·]|\[?\d{1,3}[\].)、])\s*\S")


def _title_of(at: int, identifier: Mention, context: Context) -> Mention | None:
    """The whole title that belongs to an identifier by its place, the one before it first."""
    before = _title_before(at, identifier, context)
    return before or _title_behind(at, identifier, context)


def _title_before(at: int, identifier: Mention, context: Context) -> Mention | None:
    mentions, text = context.mentions, context.document.text
    gap_end, gap = identifier.start, ""
    for other in reversed(mentions[max(0, at - 8) : at]):
        gap = text[other.end : gap_end] + gap
        gap_end = other.start
        if len(gap) > FARTHEST:
            return None
        if _is_whole_title(other, context):
            return other if _binds(other, identifier, gap, context) else None
        if other.kind is MentionKind.ID and other.key == identifier.key:
            continue
        if not (other.kind is MentionKind.AUTHOR_YEAR or text[other.start - 1 : other.start] in ("[", "(")):
            return None
        gap = " " + gap
    return None


def _binds(title: Mention, identifier: Mention, gap: str, context: Context) -> bool:
    """Whether what stands between a title and an identifier behind it makes them one entry."""
    text = context.document.text
    if gap.count("\n") > 1:
        return False
    if "\n" in gap:
        return _binds_over_line(title, identifier, gap, context)
    if _LINK_TEXT_ENDS.fullmatch(gap):
        return _is_link_text(title, text)
    line_start = text.rfind("\n", 0, title.start) + 1
    lead = text[line_start : title.start]
    if _LEAD.fullmatch(lead) and _NAMES.fullmatch(gap):
        return True
    if not _LABELS.fullmatch(gap):
        return False
    if _LEAD.fullmatch(lead):
        return True
    follows_authors = _AUTHORS_END.search(lead) and _NAMES.fullmatch(f",{lead}")
    is_in_entry = follows_authors and _is_entry(title, text[line_start:], context)
    return bool(is_in_entry) or _BINDS.match(gap) is not None


def _binds_over_line(title: Mention, identifier: Mention, gap: str, context: Context) -> bool:
    """Whether an identifier on the next line belongs to a title: in brackets, or each alone on its line."""
    text = context.document.text
    line_start = text.rfind("\n", 0, title.start) + 1
    line_end = text.find("\n", identifier.end)
    rest = text[identifier.end : line_end if line_end >= 0 else len(text)]
    below = gap.partition("\n")[2]
    is_alone = _LEAD.fullmatch(below + rest) or _LABELS.fullmatch(below + rest)
    if _LEAD.fullmatch(text[line_start : title.start]) and is_alone:
        return _LABELS.fullmatch(gap) is not None or _NAMES.fullmatch(gap) is not None
    return _LABELS.fullmatch(gap) is not None and _BINDS.match(gap) is not None


def _is_entry(title: Mention, line: str, context: Context) -> bool:
    number = context.block_of(title.start)
    kind = context.document.blocks[number].kind if number >= 0 else None
    return kind in {BlockKind.ITEM, BlockKind.REFERENCES} or _ENTRY.match(line) is not None


def _is_link_text(title: Mention, text: str) -> bool:
    """Whether a title ends the text of its Markdown link, and only authors or labels stand before it."""
    opens = text.rfind("[", max(0, title.start - FARTHEST), title.start)
    before = text[opens + 1 : title.start]
    is_led = _LEAD.fullmatch(before) or (_AUTHORS_END.search(before) and _NAMES.fullmatch(f",{before}"))
    return opens >= 0 and "\n\n" not in before and is_led is not None


def _title_behind(at: int, identifier: Mention, context: Context) -> Mention | None:
    """The title that an identifier leads ("[2304.02643] Segment Anything"), or the text of its link."""
    mentions, text = context.mentions, context.document.text
    last = identifier
    for other in mentions[at + 1 : at + 4]:
        gap = text[last.end : other.start]
        if "\n" in gap or len(gap) > FARTHEST:
            return None
        if _is_whole_title(other, context):
            is_text_of_link = last is identifier and _MARKUP_OPENS.fullmatch(gap)
            ends = text[other.end : other.end + 2].strip("\"'”’」』》*_` ")[:1]
            line_start = text.rfind("\n", 0, identifier.start) + 1
            leads = _LEAD.fullmatch(text[line_start : identifier.start]) and _LABELS.fullmatch(gap)
            return other if is_text_of_link or (leads and not ends.isalnum() and ends != "-") else None
        if other.key != identifier.key:
            return None
        last = other
    return None


def _is_whole_title(mention: Mention, context: Context) -> bool:
    """Whether a mention spells a whole title, also one that is found as a name ("Mistral 7B")."""
    if mention.kind is MentionKind.TITLE:
        return not mention.support
    if mention.kind is not MentionKind.NAME or " " not in mention.surface:
        return False
    named = context.catalogue.aliases_of(mention.surface)
    return any(alias.origin & Origin.TITLE and alias.row in mention.rows for alias in named)


# --- whether they agree ------------------------------------------------------------------------------


def _agrees(identifier: Mention, title: Mention, context: Context) -> bool:
    """Whether a title may be that of an identifier's paper, or has an identifier of its own beside it."""
    catalogue = context.catalogue
    assert identifier.key, "an identifier has a key"
    row = catalogue.row(identifier.key)
    records = [catalogue.records.head(other) for other in title.rows]
    keys = {record.key for record in records}
    if identifier.key in keys or _has_own_identifier(title, keys, context):
        return True
    if row is None:
        return not (arxiv_id_of(identifier.key) and all(arxiv_id_of(key) for key in keys))
    doi = doi_of(identifier.key)
    if doi and any(catalogue.records[other].doi == doi for other in title.rows):
        return True
    own = catalogue.records.head(row).title
    if any(are_alike(own, record.title) for record in records):
        return True
    return _is_named_beside(identifier, title, row, own, context)


def _has_own_identifier(title: Mention, keys: set[PaperKey], context: Context) -> bool:
    own: Mapping[PaperKey, Sequence[Mention]] = context.ids
    lines = {other.line for key in keys for other in own.get(key, ())}
    below = {mention.line for mention in context.mentions if _is_whole_title(mention, context)}
    return title.line in lines or (title.line + 1 in lines and title.line + 1 not in below)


def _is_named_beside(identifier: Mention, title: Mention, row: int, own: str, context: Context) -> bool:
    """Whether the identifier's own paper is named on the same line too, by a name or by its main title."""
    text = context.document.text
    start = text.rfind("\n", 0, min(title.start, identifier.start)) + 1
    end = text.find("\n", max(title.end, identifier.end))
    end = len(text) if end < 0 else end
    for other in context.mentions:
        is_there = start <= other.start < end and other is not title and other is not identifier
        if is_there and (row in other.rows or other.key == identifier.key):
            return True
    around = text[start:end].replace(title.surface, " ")
    name = name_in_title(own) or own
    return squeeze(name) in squeeze(around)


def are_alike(one: str, other: str) -> bool:
    """Whether two titles may be one, written otherwise, or belong to one work.

    >>> are_alike("Segment Anything", "SAM 2: Segment Anything in Images and Videos")
    True
    >>> are_alike("Segment Anything", "Pythia: A Suite for Analyzing Large Language Models")
    False
    """
    from rapidfuzz import fuzz

    return shared_words(one, other) >= ALIKE or fuzz.ratio(squeeze(one), squeeze(other)) >= MISSPELT


def shared_words(one: str, other: str) -> float:
    """How many of the words of the shorter title stand in the other, as a part."""
    ours, theirs = (set(re.findall(r"\w+", fold(title))) for title in (one, other))
    return len(ours & theirs) / max(1, min(len(ours), len(theirs)))
