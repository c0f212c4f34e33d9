"""Identifiers of papers: parse, check, normalise, format. Pure; no other module of the project is imported."""

from __future__ import annotations

import re
from typing import NewType

ArxivId = NewType("ArxivId", str)
"""Without version: "2305.14314", "hep-th/9901001" (no subject class: "math/0309136")."""
Doi = NewType("Doi", str)
"""Lower case, without any resolver: "10.1162/neco.1997.9.8.1735"."""
PaperKey = NewType("PaperKey", str)
"""Canonical: "arXiv:2305.14314", "doi:10.1162/...", "acl:2020.acl-main.1", "openreview:BZ5a1r-kVsf"."""


def arxiv_key(arxiv_id: str) -> PaperKey:
    """The key of an arXiv id that is already normalised.

    >>> arxiv_key("2305.14314")
    'arXiv:2305.14314'
    """
    return PaperKey(f"arXiv:{arxiv_id}")


def arxiv_id_of(key: str) -> ArxivId | None:
    """The arXiv id of a key, None where the key is of another kind.

    >>> arxiv_id_of("arXiv:hep-th/9901001")
    'hep-th/9901001'
    """
    return ArxivId(key[6:]) if key.startswith("arXiv:") else None


def doi_of(key: str) -> Doi | None:
    """The DOI of a key, None where the key is of another kind."""
    return Doi(key[4:]) if key.startswith("doi:") else None


def year_month_of(arxiv_id: str) -> tuple[int, int]:
    """Year and month of the first version, told by the id itself.

    >>> year_month_of("2305.14314"), year_month_of("hep-th/9901001")
    ((2023, 5), (1999, 1))
    """
    digits = arxiv_id.rsplit("/", 1)[-1][:4]
    year, month = int(digits[:2]), int(digits[2:])
    return (1900 + year if year >= 91 else 2000 + year), month


def url_of(key: str) -> str:
    """The page of a paper on the web.

    >>> url_of("doi:10.1162/neco.1997.9.8.1735")
    'https://doi.org/10.1162/neco.1997.9.8.1735'
    """
    scheme, _, value = key.partition(":")
    start = {
        "arXiv": "https://arxiv.org/abs/",
        "doi": "https://doi.org/",
        "acl": "https://aclanthology.org/",
        "openreview": "https://openreview.net/forum?id=",
    }[scheme]
    return start + value


def parse_arxiv_id(text: str) -> tuple[ArxivId, int | None] | None:
    """The id and version of a bare arXiv id ("2305.14314v2", "math.GT/0309136"), None where it is impossible.

    >>> parse_arxiv_id("2305.14314v2")
    ('2305.14314', 2)
    """
    found = re.fullmatch(r"(\d{4}\.\d{4,5})(?:v(\d+))?", text)
    return (ArxivId(found[1]), int(found[2]) if found[2] else None) if found else None


def parse_key(text: str) -> PaperKey | None:
    """The key of any identifier that a person may type: key, bare id, URL, DOI; None where it is none.

    >>> parse_key("https://arxiv.org/abs/2305.14314v2")
    'arXiv:2305.14314'
    """
    found = re.search(r"\d{4}\.\d{4,5}", text)
    return arxiv_key(found[0]) if found else None
