"""A server in the place of the ACL Anthology: the BibTeX of a paper under its id."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from tests.servers import loopback
from tests.servers.facts import Publication, read_publications
from tests.servers.loopback import NOT_FOUND, LoopbackServer, Play, Reply, Request, send

KIND = "text/plain; charset=utf-8"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ACCENTS = {"á": r"{\'a}", "é": r"{\'e}", "è": r"{\`e}", "ö": r"{\"o}", "ü": r"{\"u}", "ø": r"{\o}"}


def entry(publication: Publication) -> str:
    """An entry as the Anthology writes it."""
    is_journal = publication.kind == "journal"
    families = [name.split()[-1].lower() for name in publication.authors]
    word = re.sub(r"[^a-z]", "", publication.title.split()[0].lower())
    key = f"{families[0]}-etal-{publication.year}-{word}"
    month = publication.date.split("-")[1:2]
    fields = {
        "title": f'"{_protected(publication.title)}"',
        "author": '"' + "  and\n      ".join(map(_author, publication.authors)) + '"',
        "editor": "" if is_journal else '"Editor, Ada  and\n      Reader, Bob"',
        "journal" if is_journal else "booktitle": f'"{publication.venue}"',
        "volume": f'"{publication.volume}"' if publication.volume else "",
        "month": _MONTHS[int(month[0]) - 1] if month else "",
        "year": f'"{publication.year}"',
        "address": '"Somewhere, Far Away"',
        "publisher": f'"{publication.publisher}"',
        "url": f'"https://aclanthology.org/{publication.acl}/"',
        "doi": f'"{_doi(publication)}"',
        "pages": f'"{publication.pages.replace("-", "--")}"',
        "abstract": '"No abstract is kept here; it would have {\\%} and {\\&} in it."',
    }
    lines = ",\n".join(f"    {name} = {value}" for name, value in fields.items() if value)
    return f"@{'article' if is_journal else 'inproceedings'}{{{key},\n{lines}\n}}\n"


def _protected(title: str) -> str:
    """Words with capitals within them in braces."""
    return re.sub(r"\b\w+[A-Z]\w*\b", r"{\g<0>}", title)


def _author(name: str) -> str:
    given, _, family = name.rpartition(" ")
    text = f"{family}, {given}" if given else f"{{{family}}}"
    return "".join(_ACCENTS.get(character, character) for character in text)


def _doi(publication: Publication) -> str:
    """With the id as the Anthology has it: 10.18653/v1/N19-1423."""
    start, dash, _ = publication.doi.partition(publication.acl.lower())
    return f"{start}{publication.acl}" if dash else publication.doi


FAULTS: Mapping[str, Play] = {
    **loopback.FAULTS,
    "malformed": send(lambda e: e.page.replace('",\n', "\n", 1)),
    "wrong encoding": send(lambda e: e.page.replace('title = "', 'title = "é').encode("latin-1", "replace")),
    "no title": send(lambda e: re.sub(r"    title = .*\n", "", e.page)),
    "two entries": send(lambda e: e.page + e.page.replace("{", "{second-", 1)),
    "others": send(lambda e: re.sub(r"  and\n[^\"]*\"", ' and others"', e.page, count=1)),
}


class AclServer(LoopbackServer):
    """The server; `url` is the value for TRACKER_ACL_URL."""

    NAME = "acl"
    FAULTS = FAULTS

    def __init__(self, publications: Iterable[Publication] | None = None, **options: Any) -> None:
        """Knows those `publications` (default: those of the file) that have an id of the Anthology.

        Args:
            options: as in `LoopbackServer`.
        """
        super().__init__(**options)
        known = read_publications() if publications is None else publications
        self.publications = {one.acl: one for one in known if one.acl}

    def ids_of(self, request: Request) -> tuple[str, ...]:
        return (request.path.strip("/").removesuffix(".bib"),)

    def answer(self, request: Request) -> Reply:
        found = self.publications.get(request.ids[0])
        if found is None or not request.path.endswith(".bib"):
            return NOT_FOUND
        return Reply(entry(found), kind=KIND)

    def other_record(self, request: Request) -> Reply:
        others = [one for acl_id, one in self.publications.items() if acl_id != request.ids[0]]
        return Reply(entry(others[0]), kind=KIND)
