"""What the servers know: facts of some real papers, as preprints and as published. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PAPERS_FILE = Path(__file__).with_name("papers.jsonl")
PUBLICATIONS_FILE = Path(__file__).with_name("publications.jsonl")


@dataclass(frozen=True)
class Facts:
    """What arXiv knows of one paper. Dates are "YYYY-MM-DD"."""

    id: str
    title: str
    authors: tuple[str, ...]
    date: str
    updated: str = ""
    version: int = 1
    categories: tuple[str, ...] = ("cs.LG",)
    comment: str = ""
    journal_ref: str = ""
    doi: str = ""


@dataclass(frozen=True)
class Publication:
    """One published version of a paper, or a preprint that is not at arXiv. "": there is none, or not known."""

    title: str
    authors: tuple[str, ...]
    kind: str
    """"journal", "proceedings", "book" or "preprint"."""
    date: str
    """"YYYY", "YYYY-MM" or "YYYY-MM-DD", as printed."""
    online: str = ""
    """The same of the electronic version, where it came at another time."""
    arxiv: str = ""
    """Id of its preprint at arXiv."""
    names_preprint: bool = False
    """Whether the publisher has told Crossref of the preprint."""
    venue: str = ""
    """Journal, proceedings, or the series that they appear in."""
    short: str = ""
    """The venue as DBLP has it."""
    book: str = ""
    """Title of the volume of a series."""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    """"117-128"."""
    article: str = ""
    """Number of an article in a journal without pages."""
    publisher: str = ""
    doi: str = ""
    acl: str = ""
    openreview: str = ""
    dblp: str = ""
    """Key of its record; "": DBLP does not have it."""
    homonyms: Mapping[str, str] = field(default_factory=dict)
    """Author -> the number by which DBLP tells him from others of that name."""
    citations: int = 0
    is_retracted: bool = False

    @property
    def year(self) -> int:
        return int(self.date[:4])


def read_papers(path: Path = PAPERS_FILE) -> dict[str, Facts]:
    """Facts by id, from JSON Lines; records without a date or authors in full are passed over."""
    papers = {}
    for row in _rows(path):
        authors = row.get("authors") or ["others"]
        if authors[-1] == "others" or not row.get("date"):
            continue
        known = {k: v for k, v in row.items() if v and k in Facts.__dataclass_fields__}
        known["authors"] = tuple(authors)
        known["categories"] = tuple(known.get("categories", ("cs.LG",)))
        papers[row["id"]] = Facts(**known)
    return papers


def read_publications(
    papers: Mapping[str, Facts] | None = None, path: Path = PUBLICATIONS_FILE
) -> tuple[Publication, ...]:
    """Publications from JSON Lines; title and authors are those of the preprint where a line has none.

    Those whose preprint is not among the papers are passed over.
    """
    known = read_papers() if papers is None else papers
    found = []
    for row in _rows(path):
        preprint = known.get(row.get("arxiv", ""))
        if preprint is None and "arxiv" in row:
            continue
        of_preprint = {"title": preprint.title, "authors": preprint.authors} if preprint else {}
        found.append(Publication(**{**of_preprint, **row, "authors": _authors(row, preprint)}))
    return tuple(found)


def _authors(row: Mapping[str, Any], preprint: Facts | None) -> tuple[str, ...]:
    return tuple(row.get("authors") or (preprint.authors if preprint else ()))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    return map(json.loads, path.read_text("utf-8").splitlines())


def invented(arxiv_id: str) -> Facts:
    """A paper that nobody wrote, for ids that the file does not have."""
    return Facts(arxiv_id, f"An Invented Title for {arxiv_id}", ("Ada Example", "Bob Sample"), "2020-02-02")
