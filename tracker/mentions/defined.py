"""Names that the document itself gives to a paper, by writing them right before its identifier.

"MegaNet (arXiv:2401.01234)" makes MegaNet a name of that paper in this document, and so every "MegaNet"
in it a mention. Only names that the catalogue does not know, that have the shape of a name, and that stand before one
identifier only: what is known, linking weighs against other evidence.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Final, NamedTuple

from tracker.catalogue import Catalogue
from tracker.identifiers import PaperKey
from tracker.mentions.ids import FoundId

REACH: Final = 80
"""Code points before an identifier in which its name may end."""
_NAME: Final = r"(?<![\w.-])([A-Za-z][\w+-]*(?:\.\d[\w+-]*)*(?: \d[\w.]*\w)?)"
_BEFORE: Final = re.compile(
    _NAME + r"[*_`\"”』」》]{0,3}\s?(?:\]\s?\(|[(（\[【<|:：,，—–-]|论文|paper)?\s?"
    r"(?:arxiv|论文|paper)?\s?[:：]?\s?<?\Z"
)
_SHAPE: Final = re.compile(r"(?=.*[a-z0-9])(?=.*[A-Z].*[A-Z]|.*[a-z][A-Z]|[A-Z].*\d)[^ ]{3}")
_NO_NAME: Final = re.compile(
    r"arxiv|[A-Za-z]+['’ -]?(?:19|20)\d\d|[A-Za-z]+\d\d|v\d+|pdf|paper|code|github|youtube|openreview|"
    r"(?:fig|tab|sec|eq|no)\w*\W?\d+",
    re.IGNORECASE,
)


class Defined(NamedTuple):
    """text[start:end] is a name that the document gives to a paper."""

    start: int
    end: int
    key: PaperKey


def find_defined(text: str, ids: Iterable[FoundId], catalogue: Catalogue) -> list[Defined]:
    """Every occurrence of a name that stands right before exactly one paper's identifier, in order.

    Taken: "[MegaNet](https://arxiv.org/abs/2401.01234)", "MegaNet: https://arxiv.org/abs/2401.01234". Not
    taken: "[PDF](...)",
    "CVPR 2023 (...)", "see (...)", and any name that the catalogue knows.
    """
    papers: dict[str, set[PaperKey]] = defaultdict(set)
    for found in ids:
        line = text.rfind("\n", 0, found.start) + 1
        if before := _BEFORE.search(text[max(line, found.start - REACH) : found.start]):
            papers[before[1]].add(found.key)
    names = {
        name: next(iter(keys))
        for name, keys in papers.items()
        if len(keys) == 1
        and _SHAPE.match(name)
        and not _NO_NAME.fullmatch(name)
        and not catalogue.aliases_of(name)
    }
    if not names:
        return []
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    either = re.compile(
        r"(?<![A-Za-z0-9_./-])(?:" + "|".join(map(re.escape, longest_first)) + r")(?![A-Za-z0-9_-])"
    )
    return [Defined(found.start(), found.end(), names[found[0]]) for found in either.finditer(text)]
