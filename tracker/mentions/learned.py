"""Names learned from the reader's own documents: which ones a document teaches, and where known ones stand.

A document teaches a name where it writes it before an identifier ("MegaNet (arXiv:2401.01234)") or in
brackets behind a title ("Iterative Reasoning Preference Optimization (IRPO)"). What the catalogue knows
already is not learned again. What comes in is text and mentions; what goes out are names with papers, or
spans of text. Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Final

from tracker.catalogue import Catalogue
from tracker.catalogue.names import is_common_word
from tracker.catalogue.squeeze import squeeze
from tracker.identifiers import PaperKey
from tracker.mentions.defined import NO_NAME, NameGiven, names_before
from tracker.models import Mention, MentionKind
from tracker.regex import regex

_ACRONYM: Final = regex(
    r"\s?[*_”\"»』」》]{0,3}\s?[(（]\s?[*_“\"]{0,3}([A-Za-z][\w+-]{1,15})[*_”\"]{0,3}\s?[)）]"
)
_CAPITALS: Final = regex(r"(?=.*[A-Z].*[A-Z])[\w+-]+")
_WORD: Final = regex(r"(?<![A-Za-z0-9_./-])[A-Za-z][A-Za-z0-9_]*")
_ENDS: Final = regex(r"(?![A-Za-z0-9_-])")


def names_taught(text: str, mentions: Iterable[Mention], catalogue: Catalogue) -> list[NameGiven]:
    """The names that a document gives to papers and the catalogue does not know for them, sorted, each once.

    Not taken are a name that the document gives to two papers, an ordinary word, and a year or a venue ("CVPR
    2023 (...)", "[PDF](...)").
    """
    found = list(mentions)
    ids = [(one.start, one.key) for one in found if one.kind is MentionKind.ID and one.key]
    given = names_before(text, ids, catalogue)
    given += _names_behind_titles(text, found, {key for _, key in ids}, catalogue)
    papers: dict[str, set[PaperKey]] = defaultdict(set)
    for name, key in given:
        papers[name].add(key)
    return sorted(
        NameGiven(name, key)
        for name, (key, *others) in papers.items()
        if not others and not _is_known(name, key, catalogue) and not is_common_word(name)
    )


FEW_TITLES: Final = 2
"""A title that stands in more other titles than this is a term of the field, as "Reinforcement Learning from
Human Feedback" is, and what stands in brackets behind it is short for the term."""


def _names_behind_titles(
    text: str, mentions: Iterable[Mention], with_id: Collection[PaperKey], catalogue: Catalogue
) -> list[NameGiven]:
    """Of papers whose identifier stands in the document, or whose title is no term of the field."""
    given = []
    for mention in mentions:
        if mention.kind is not MentionKind.TITLE or mention.is_near_title or len(mention.rows) != 1:
            continue
        behind = _ACRONYM.match(text, mention.end)
        if not behind or not _CAPITALS.fullmatch(behind[1]) or NO_NAME.fullmatch(behind[1]):
            continue
        key = catalogue.records.key(mention.rows[0])
        others = max((entry.titles for entry in catalogue.titles_of(mention.surface)), default=0)
        if key in with_id or others <= FEW_TITLES:
            given.append(NameGiven(behind[1], key))
    return given


def _is_known(name: str, key: PaperKey, catalogue: Catalogue) -> bool:
    """Whether the catalogue has this name for this paper, or the name is a part of the paper's title."""
    row = catalogue.row(key)
    if row is None:
        return False
    return any(alias.row == row for alias in catalogue.aliases_of(name)) or squeeze(name) == squeeze(
        catalogue.records.head(row).title
    )


def find_learned(text: str, names: Collection[str]) -> list[tuple[int, int]]:
    """Where learned names stand in a text as words of their own, as they were written: [start, end) in order.

    Costs the same however many names there are.
    """
    by_first_word: dict[str, list[str]] = defaultdict(list)
    for name in names:
        if first := _WORD.match(name):
            by_first_word[first[0]].append(name)
    found = []
    for word in _WORD.finditer(text) if by_first_word else ():
        fitting = [name for name in by_first_word.get(word[0], ()) if text.startswith(name, word.start())]
        for name in sorted(fitting, key=len, reverse=True):
            end = word.start() + len(name)
            if _ENDS.match(text, end):
                found.append((word.start(), end))
                break
    return found
