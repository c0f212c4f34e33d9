"""Names that the document itself gives to a paper, by writing them right before its identifier.

"MegaNet (arXiv:2401.01234)" makes MegaNet a name of that paper in this document, and so every "MegaNet" in
it a mention. Only names that the catalogue does not know, that have the shape of a name, and that stand
before one identifier only: what is known, linking weighs against other evidence.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Final, NamedTuple

from tracker.catalogue import Catalogue
from tracker.catalogue.names import is_common_word, name_in_title
from tracker.catalogue.squeeze import squeeze
from tracker.identifiers import PaperKey
from tracker.mentions.ids import FoundId
from tracker.regex import regex

REACH: Final = 80
"""Code points before an identifier in which its name may end."""
_NAME: Final = r"(?<![\w.-])([A-Za-z][\w+-]*(?:\.\d[\w+-]*)*(?: \d[\w.]*\w)?)"
_BEFORE: Final = regex(
    _NAME + r"[*_`\"”』」》]{0,3}\s?(?:\]\s?\(|[(（\[【<|:：,，—–-]|论文|paper)?\s?"
    r"(?:arxiv|论文|paper)?\s?[:：]?\s?<?\Z",
    re.ASCII,
)
_SHAPE: Final = regex(r"(?=.*[a-z0-9])(?=.*[A-Z].*[A-Z]|.*[a-z][A-Z]|[A-Z].*\d)[^ ]{3}")
NO_NAME: Final = regex(
    r"arxiv|[A-Za-z]+['’ -]?(?:19|20)\d\d|[A-Za-z]+\d\d|v\d+|pdf|paper|code|github|youtube|openreview|"
    r"(?:fig|tab|sec|eq|no)\w*\W?\d+|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)\w*-\d+|"
    r"neurips|bib-?tex|hugging ?face|ar5iv|alphaxiv",
    re.IGNORECASE,
)
_PLURAL: Final = regex(r"[A-Z]{2,}s")
"""LLMs, GPUs, CNNs: kinds of things."""
_LINK_TEXT_ENDS: Final = regex(r"\]\s?\(")
_MARKUP: Final = "*_`\"'“‘「『《 "
_CLAUSE: Final = regex(r"[.!?;:。！？；：|()（）\[\]]")
_LATIN: Final = regex(r"[A-Za-z][\w'-]*")


class Defined(NamedTuple):
    """text[start:end] is a name that the document gives to a paper."""

    start: int
    end: int
    key: PaperKey


class NameGiven(NamedTuple):
    """A name that a document gives to a paper."""

    name: str
    key: PaperKey


def names_before(text: str, ids: Iterable[tuple[int, PaperKey]], catalogue: Catalogue) -> list[NameGiven]:
    """The names that stand right before identifiers, each of which is given as where it starts and its paper.

    Not taken is the end of a title that stands there: "Training Vision Transformers on ImageNet (...)".
    """
    given = []
    for start, key in ids:
        line = text.rfind("\n", 0, start) + 1
        reached = max(line, start - REACH)
        found = _BEFORE.search(text[reached:start])
        if (
            found
            and _may_be_given(found[1], key, catalogue)
            and not _ends_title(found, text[line:reached], key, catalogue)
        ):
            given.append(NameGiven(found[1], key))
    return given


def _may_be_given(word: str, key: PaperKey, catalogue: Catalogue) -> bool:
    """Whether a word is a name; capitals alone ("SAM") are one where they are known, and the paper is not."""
    if is_name(word):
        return True
    is_known = any(alias.name == word for alias in catalogue.aliases_of(word))
    return word.isupper() and len(word) >= 3 and is_known and catalogue.row(key) is None


def is_name(word: str) -> bool:
    """Whether a word has the shape of a system's name: capitals inside or digits, and no ordinary compound.

    >>> [is_name(word) for word in ("MegaNet", "Q-Former", "Fine-Tuning", "LLMs", "May-20", "Oct 2023")]
    [True, True, False, False, False, False]
    """
    if not _SHAPE.match(word) or NO_NAME.fullmatch(word) or _PLURAL.fullmatch(word):
        return False
    parts = word.split("-")
    return len(parts) == 1 or not all(_is_ordinary(part) for part in parts)


def _is_ordinary(part: str) -> bool:
    return part[1:].islower() and (is_common_word(part) or part.endswith("ing"))


def _ends_title(found: re.Match[str], rest: str, key: PaperKey, catalogue: Catalogue) -> bool:
    """Whether a word before an identifier ends a title or another name instead of being a name by itself."""
    before = (rest + found.string[: found.start(1)]).rstrip(_MARKUP)
    if _LINK_TEXT_ENDS.search(found[0], found.end(1) - found.start()):
        return not before.endswith("[")
    row = catalogue.row(key)
    if row is not None:
        main, title = name_in_title(catalogue.records.head(row).title), catalogue.records.head(row).title
        if squeeze(found[1]) in squeeze(title) and squeeze(found[1]) != squeeze(main or ""):
            return True
    clause = _CLAUSE.split(before)[-1]
    words = _LATIN.findall(clause)[1:][-4:]
    return bool(clause) and any(word[0].isupper() for word in words)


def _is_new(name: str, key: PaperKey, catalogue: Catalogue) -> bool:
    """Whether the catalogue can say nothing on it: it lacks the paper, or the name."""
    return catalogue.row(key) is None or not catalogue.aliases_of(name)


def find_defined(text: str, ids: Iterable[FoundId], catalogue: Catalogue) -> list[Defined]:
    """Every occurrence of a name that stands right before exactly one paper's identifier, in order.

    Taken: "[MegaNet](https://arxiv.org/abs/2401.01234)", "MegaNet: https://arxiv.org/abs/2401.01234". Not
    taken: "[PDF](...)", "CVPR 2023 (...)", "see (...)", and what the catalogue knows both by name and paper.
    """
    papers: dict[str, set[PaperKey]] = defaultdict(set)
    for name, key in names_before(text, [(found.start, found.key) for found in ids], catalogue):
        papers[name].add(key)
    names = {
        name: next(iter(keys))
        for name, keys in papers.items()
        if len(keys) == 1 and _is_new(name, next(iter(keys)), catalogue)
    }
    if not names:
        return []
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    either = re.compile(
        r"(?<![A-Za-z0-9_./-])(?:" + "|".join(map(re.escape, longest_first)) + r")(?![A-Za-z0-9_-])"
    )
    return [Defined(found.start(), found.end(), names[found[0]]) for found in either.finditer(text)]
