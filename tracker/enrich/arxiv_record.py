"""What an entry of an arXiv feed says, as a `Record`. Pure.

In comes what the `arxiv` package reads out of one entry; its shape stays in this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from tracker.enrich.base import Record
from tracker.enrich.merge import ARXIV_DOI_PREFIX
from tracker.identifiers import Doi, arxiv_key, parse_arxiv_id, parse_doi
from tracker.regex import regex

_WORK = r"(?:papers?|articles?|manuscript|submission|preprint|work|note|version|draft)"
_WITHDRAWN = regex(
    rf"""^\W*(?:{_WORK}\W+)?withdrawn\b                                # "Withdrawn.", "paper withdrawn"
    | \bwithdrawn\s+by\s+(?:the\s+)?(?:\w+\s+)?(?:arxiv|authors?|submitter)
    | \b(?:this|the|our)\s+(?:\w+\s+){{0,3}}?
      (?:has|have|is|was|were)\s+(?:been\s+)?(?:temporarily\s+)?withdrawn\b
    | \bthis\s+(?:{_WORK}\s+)?(?:has|have)\s+been\s+(?:retracted|withdrawn)\b
    | \b(?:we|i|the\s+authors?)\s+(?:have\s+|has\s+|hereby\s+)?with(?:draw|drawn|drew)\s+(?:this|the|our)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_OTHER_WITHDRAWN = regex(
    rf"""\b(?:supersed|replac|correct|merg)\w*\b[^.;]*\bwithdrawn      # "Supersedes withdrawn arXiv:..."
    | \b(?:(?:earlier|previous|first|old|older)\s+{_WORK}|v\d+)\b[^.;]*\bwithdrawn
    | \bwithdrawn\s+(?:{_WORK}\b|arxiv:|from\s+(?!(?:the\s+)?arxiv\b))
    """,
    re.IGNORECASE | re.VERBOSE,
)


def record_of(result: Any) -> Record | None:
    """The record of one `arxiv.Result`; None where its id is none of arXiv's, or it has no title."""
    parsed = parse_arxiv_id(re.sub(r"^.*?/abs/", "", result.entry_id.strip()))
    title = _one_line(result.title)
    if parsed is None or not title:
        return None
    arxiv_id, version = parsed
    comment = _one_line(result.comment) or None
    categories = (result.primary_category, *result.categories)
    return Record(
        key=arxiv_key(arxiv_id),
        title=title,
        authors=tuple(_names(author.name for author in result.authors)),
        published=result.published.date(),
        updated=result.updated.date(),
        version=version,
        categories=tuple(dict.fromkeys(filter(None, map(_one_line, categories)))),
        venue=_one_line(result.journal_ref) or None,
        doi=published_doi(result.doi),
        comment=comment,
        abstract=_one_line(result.summary) or None,
        is_withdrawn=is_withdrawn(comment),
    )


def is_withdrawn(comment: str | None) -> bool:
    """True where the comment of the latest version says that this paper was withdrawn.

    arXiv's feed marks it nowhere else. In doubt the answer is False.

    >>> is_withdrawn("This paper has been withdrawn by the author due to an error")
    True
    >>> is_withdrawn("10 pages. Supersedes the withdrawn arXiv:0704.0001")
    False
    """
    words = " ".join((comment or "").split())
    return bool(_WITHDRAWN.search(words)) and not _OTHER_WITHDRAWN.search(words)


def published_doi(text: str | None) -> Doi | None:
    """The first DOI in what the authors typed, lower case, unless it is arXiv's own.

    >>> published_doi("https://doi.org/10.1103/PhysRevD.76.044021 10.1103/PhysRevD.77.1")
    '10.1103/physrevd.76.044021'
    """
    doi = parse_doi(text or "")
    return None if doi and doi.startswith(ARXIV_DOI_PREFIX) else doi


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())


def _names(names: Iterable[str]) -> Iterator[str]:
    """Names in order. arXiv splits "LHCb collaboration: R. Aaij" into three, the second being ":"."""
    return (name for name in map(_one_line, names) if any(c.isalnum() for c in name))
