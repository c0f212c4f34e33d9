"""Whether an identifier that only the network knows is that of the title written beside it. Pure.

`conflicts` compares identifiers with the titles of the catalogue. Here are those of which the catalogue knows
nothing, once a source has told the title: the text of its link, a quoted or emphasised title before it, a line of
nothing but a title and it, or the title of its entry in a bibliography must be that title, written otherwise at most.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from tracker.identifiers import PaperKey
from tracker.keys import fold
from tracker.linking.conflicts import are_alike, shared_words
from tracker.models import Document, Link, Mention, MentionKind, Problem
from tracker.regex import regex

LEAST_WORDS = 4
"""Fewer words are as often a description ("the paper", "Meta's model") as a title."""
CAPITALS = 0.6
"""Part of the longer words that begin with a capital in what is a title and no description of the paper; titles
in sentence case are passed over, for a wrong complaint costs more than a missed one."""
UNLIKE = 0.5
"""Titles that share a larger part of their words are one work's, or too near to complain of."""
_FARTHEST = 300
_LINK_TEXT = regex(r"\[([^\[\]\n]{8,300})\]\s?\(<?[^()\s]*$")
_EMPHASISED = regex(
    r"(?:\*\*|__|[“\"「《*_])([^*“”\"「」《》\n]{8,300})(?:\*\*|__|[”\"」》*_])"
    r"[\s.,;:()\[\]-]*(?:(?:arxiv|preprint|paper|abs|https?)\b[^\s]*\s?)*[^\s\w]*[^\s]*$",
    re.IGNORECASE,
)
_BARE = regex(
    r"^\s*(?:[-*+•]\s+|\[?\d{1,3}[.)\]]\s+)?([^\W_][^,;\n]{20,250}?)[\s.,:–—|(\[-]*"
    r"(?:(?:arxiv|preprint|https?)\b[^\s]*\s?){0,3}[^\s\w]*$",
    re.IGNORECASE,
)
"""All that stands before an identifier on its line, where that can be a title: no commas, as between authors."""
LEAST_WORDS_BARE = 7
"""Shorter lines are as often names of reports and models as titles."""


class Unlike(NamedTuple):
    """An identifier whose paper has another title than the one beside it."""

    link: Link
    beside: str
    title: str


def unlike_titles(
    document: Document, links: Iterable[Link], titles: Mapping[PaperKey, str]
) -> Iterator[Unlike]:
    """The identifiers of the document that lead to another paper than the words beside them name, in order.

    Args:
        links: of this document.
        titles: of the papers, as the catalogue or a source has told them.
    """
    own = list(links)
    entries = [link.mention for link in own if link.mention.kind is MentionKind.REFERENCE]
    references = sorted(entries, key=lambda mention: mention.start)
    for link in own:
        mention, title = link.mention, titles.get(link.paper or PaperKey(""), "")
        is_here = document.text[mention.start : mention.end] == mention.surface
        if mention.kind is not MentionKind.ID or not title or not is_here:
            continue
        for beside in _titles_beside(mention, document.text, references):
            if _is_unlike(beside, title) and fold(title)[:20] not in fold(_line(document.text, mention)):
                yield Unlike(link, beside, title)
                break


def unlike_problem(found: Unlike, *, is_left_out: bool) -> Problem:
    """One line for people, naming both."""
    mention = found.link.mention
    what_now = "it is left out, check it" if is_left_out else "check which of them is meant"
    return Problem(
        stage="linking",
        subject=f"{mention.document}:{mention.line}",
        message=f"{found.link.paper} is the identifier of “{found.title}”, but the title beside it is "
        f"“{found.beside}”; {what_now}",
    )


def _titles_beside(mention: Mention, text: str, references: Sequence[Mention]) -> Iterator[str]:
    """What stands beside an identifier as a title does; `references` are in the order of the text."""
    at = bisect_right(references, mention.start, key=lambda one: one.start)
    yield from (one.title for one in references[max(0, at - 1) : at] if one.title and mention.start < one.end)
    start = max(text.rfind("\n", 0, mention.start) + 1, mention.start - _FARTHEST)
    before = text[start : mention.start]
    for pattern in (_LINK_TEXT, _EMPHASISED):
        if (found := pattern.search(before)) and _stands_as_title(found[1]):
            yield found[1].strip()
    is_whole = start == 0 or text[start - 1] == "\n"
    bare = _BARE.search(before) if is_whole and _ends_with(text, mention) else None
    if bare and len(_latin_words(bare[1])) >= LEAST_WORDS_BARE and _stands_as_title(bare[1]):
        yield bare[1].strip()


def _ends_with(text: str, mention: Mention) -> bool:
    """Whether the identifier is the last word of its line."""
    return not re.search(r"\w", text[mention.end :].partition("\n")[0])


def _latin_words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_][\w'’-]*", text)


def _stands_as_title(words: str) -> bool:
    latin = _latin_words(words)
    longer = [word for word in latin if len(word) > 3]
    capitals = sum(word[0].isupper() for word in longer)
    return len(latin) >= LEAST_WORDS and bool(longer) and capitals >= CAPITALS * len(longer)


def _is_unlike(beside: str, title: str) -> bool:
    return shared_words(beside, title) < UNLIKE and not are_alike(beside, title)


def _line(text: str, mention: Mention) -> str:
    end = text.find("\n", mention.end)
    return text[text.rfind("\n", 0, mention.start) + 1 : end if end >= 0 else len(text)]
