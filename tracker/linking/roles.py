"""Roles and salience: how the document treats each paper it mentions. Pure.

Navigation is told by the block a mention stands in. A paper is *main* where the document gives it a heading, its
title, its identifier, a list item or a note, cites its authors as part of a sentence, calls it a paper, introduces it,
or comes back to it; else it is mentioned in passing: one name among others, or in brackets.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, TypeVar

from tracker.identifiers import PaperKey
from tracker.linking.context import Context
from tracker.linking.name_features import is_called_paper
from tracker.models import Block, BlockKind, Link, MentionKind, Role
from tracker.regex import regex

Value = TypeVar("Value")
RETURNS: Final = 3
"""A paper named in this many blocks is one that the document comes back to."""
RETURNS_AT_ONCE: Final = 2
"""So is one named in this many sentences of one block."""
SHORT_NOTE: Final = 48
"""A list item or line of at most so many code points that is no sentence is a note, as on a slide: it is about each
paper that it names. Longer ones are prose; the notes of the labelled documents that name a paper have 45 at most."""
_WEIGHTS: Final = {"heading": 3.0, "id": 2.0, "title": 2.0, "block": 1.0}
"""What each adds to salience before it is scaled; a heading says the most about what a section is about."""

_BULLET: Final = regex(r"\s*(?:[-*+•·]|\d{1,3}[.)、])?[\s*_`\"'“‘「『《\[]*\Z")
_SENTENCE_ENDS: Final = regex(r"[。！？!?;；\n]|\.\s")
_SENTENCE_END: Final = tuple("。！？.!?,，;；:：")
_OPENING, _CLOSING = "([（【", ")]）】"
_ALONE_IN_BRACKETS: Final = 60
"""Code points before a citation in which the bracket that holds it may open; citations in a row are longer."""
_ENUMERATED: Final = regex(
    r"\s?[,，、/]\s?\Z|(?:\band|\bor|\blike|such as|e\.?g\.?,?|和|与|與|及|或|如|像|比如|例如)\s?\Z"
)
_ENUMERATES: Final = regex(
    r"[\s*_`”\"』」》)）]*(?:[、/]|[,，]\s?[A-Z]|(?:and|or|和|与|與|及|或)\s?[A-Z]|等)"
)
_INTRODUCED: Final = regex(
    r"(?:\b(?:call(?:ed)?|nam(?:ed|ely)|propos(?:e[sd]?|ing)|introduc(?:e[sd]?|ing)|present(?:s|ed|ing)?"
    r"|releas(?:e[sd]?|ing)|develop(?:s|ed|ing)?|our)\b"
    r"|提出|推出|发布|發布|开源|開源|开发|開發|介绍|介紹|叫做?|名为|名為|称为|稱為|我们的|我們的|新模型|新方法|的工作)"
    r"(?:\s?(?:了|的|一个|一個|一种|一種|这个|這個|那个|那個|新的?|模型|方法|框架|系统|系統|工作"
    r"|the|a|an|new|model|method|system|framework|dataset|benchmark|[*_`\"“「『《(（:：]))*\s?\Z",
    re.IGNORECASE,
)
_LABEL: Final = 30
"""Code points from the start of a block within which a label begins."""
_EXPLAINED: Final = regex(r"[\s*_`”\"』」》)）]{0,4}(?:[:：]|—|–|\s-\s)")
_REACH: Final = 40


class _Place(NamedTuple):
    """A link outside navigation, and the block it stands in."""

    link: Link
    block: Block | None


def with_roles(links: Sequence[Link], context: Context) -> list[Link]:
    """The links with their role and salience; all mentions of a paper outside navigation share both."""
    places: dict[PaperKey, list[_Place]] = defaultdict(list)
    blocks = [_block(link, context) for link in links]
    for link, block in zip(links, blocks, strict=True):
        if link.paper and not _is_navigation(block):
            places[link.paper].append(_Place(link, block))
    weight = {paper: _weight(found) for paper, found in places.items()}
    most = max(weight.values(), default=1.0)
    text = context.document.text
    role = {paper: Role.MAIN if _is_main(found, text) else Role.PASSING for paper, found in places.items()}
    return [
        _with(
            link,
            Role.NAVIGATION if _is_navigation(block) else _of(role, link, Role.PASSING),
            round(_of(weight, link, 0.0) / most, 3),
        )
        for link, block in zip(links, blocks, strict=True)
    ]


def _with(link: Link, role: Role, salience: float) -> Link:
    """The link with another role and salience; half as long as `model_copy` takes."""
    return Link(
        mention=link.mention,
        paper=link.paper,
        title=link.title,
        confidence=link.confidence,
        role=role,
        salience=salience,
        reason=link.reason,
        evidence=link.evidence,
        alternatives=link.alternatives,
    )


def _of(values: Mapping[PaperKey, Value], link: Link, default: Value) -> Value:
    return values.get(link.paper, default) if link.paper else default


def _block(link: Link, context: Context) -> Block | None:
    number = context.block_of(link.mention.start)
    return context.document.blocks[number] if number >= 0 else None


def _is_navigation(block: Block | None) -> bool:
    return block is not None and block.kind is BlockKind.NAVIGATION


def _weight(found: Sequence[_Place]) -> float:
    kinds = {place.link.mention.kind for place in found}
    seen = {
        "heading": sum(_stands_in(place, BlockKind.HEADING) for place in found),
        "id": MentionKind.ID in kinds,
        "title": MentionKind.TITLE in kinds,
        "block": len({place.block.start if place.block else -1 for place in found}),
    }
    return sum(_WEIGHTS[name] * count for name, count in seen.items())


def _stands_in(place: _Place, kind: BlockKind) -> bool:
    return place.block is not None and place.block.kind is kind


def _is_main(found: Sequence[_Place], text: str) -> bool:
    in_text = [place for place in found if not _stands_in(place, BlockKind.REFERENCES)]
    return (
        any(place.link.mention.kind in (MentionKind.ID, MentionKind.TITLE) for place in found)
        or any(_is_treated(place, text) for place in in_text)
        or _comes_back(in_text, text)
    )


def _is_treated(place: _Place, text: str) -> bool:
    """Whether one mention by name or authors is enough to see that the document treats the paper."""
    mention = place.link.mention
    if _stands_in(place, BlockKind.HEADING):
        return True
    if mention.kind is MentionKind.AUTHOR_YEAR:
        return not _is_in_brackets(place, text)
    if mention.kind is MentionKind.REFERENCE:
        return False
    if _is_note(place, text) or is_called_paper(mention, text):
        return True
    return not _is_enumerated(place, text) and (_leads_item(place, text) or _is_introduced(place, text))


def _is_in_brackets(place: _Place, text: str) -> bool:
    """Whether a citation, with others of its kind, is all that brackets hold: "(see Vaswani et al., 2017)"."""
    mention = place.link.mention
    before = text[max(0, mention.start - _ALONE_IN_BRACKETS) : mention.start]
    opened = max(before.rfind(mark) for mark in _OPENING)
    if text[mention.start] in _OPENING or mention.entry is not None:
        return True
    if opened < 0 or any(mark in before[opened:] for mark in _CLOSING):
        return False
    # A sentence that stands in brackets cites its authors as any other does.
    return not re.search(r"[a-z]{4,} [a-z]{2,} [a-z]{2,}|[\u4e00-\u9fff]{4}", before[opened:])


def _is_enumerated(place: _Place, text: str) -> bool:
    """Whether other names stand right before or behind ("models like T5, PaLM and GPT-3")."""
    mention = place.link.mention
    before = text[max(0, mention.start - _REACH) : mention.start].rstrip('*_`"“「『《')
    behind = text[mention.end : mention.end + _REACH]
    return _ENUMERATED.search(before) is not None or _ENUMERATES.match(behind) is not None


def _is_note(place: _Place, text: str) -> bool:
    """Whether the name stands in a short list item or line that is no sentence."""
    block = place.block
    if block is None or block.kind not in (BlockKind.ITEM, BlockKind.PARAGRAPH):
        return False
    said = text[block.start : block.end].strip()
    return len(said) <= SHORT_NOTE and not said.endswith(_SENTENCE_END)


def _leads_item(place: _Place, text: str) -> bool:
    """Whether a list item begins with the name, or a paragraph or item explains it: "树状投机 (EAGLE): ..."."""
    block, mention = place.block, place.link.mention
    if block is None:
        return False
    if block.kind is BlockKind.ITEM and _BULLET.match(text, block.start, mention.start):
        return True
    return mention.start - block.start <= _LABEL and _EXPLAINED.match(text, mention.end) is not None


def _is_introduced(place: _Place, text: str) -> bool:
    """Whether the words before say that here comes something new: "we propose ...", "一个新模型 ..."."""
    start = place.link.mention.start
    return _INTRODUCED.search(text, max(0, start - _REACH), start) is not None


def _comes_back(found: Sequence[_Place], text: str) -> bool:
    """Whether a paper is named in several blocks, or again in a further sentence of one."""
    blocks: dict[int, list[_Place]] = defaultdict(list)
    for place in found:
        blocks[place.block.start if place.block else -1].append(place)
    return len(blocks) >= RETURNS or any(
        _sentences(places, text) >= RETURNS_AT_ONCE for places in blocks.values()
    )


def _sentences(places: Sequence[_Place], text: str) -> int:
    """How many sentences hold these mentions, which are in order."""
    ends = [place.link.mention.end for place in places[:-1]]
    starts = [place.link.mention.start for place in places[1:]]
    return 1 + sum(_SENTENCE_ENDS.search(text, *gap) is not None for gap in zip(ends, starts, strict=True))
