"""What became of a paper when the services were asked again: the old record and the new one compared. Pure.

In come two records of one paper, out goes what its reader wants to be told: another version, a publication, a
withdrawal, another title, other authors. That something was filled in which nobody knew before is no news, but
for a publication and a withdrawal, which change what is cited.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from tracker.identifiers import PaperKey
from tracker.keys import name_words, title_key
from tracker.models import Paper, PaperChange, PaperChangeKind


class Refreshed(NamedTuple):
    """One paper about which the services were asked again."""

    old: Paper
    """As the library had it then."""
    new: Paper
    """The same with what they said, under the same key."""
    checked: datetime | None
    """When they were asked; None: not all of them answered, and the date in the library stays as it is."""


def changes_of(stored: Mapping[PaperKey, Paper], new: Paper) -> tuple[PaperChange, ...]:
    """The news about a paper that takes the place of one or several stored records, by their keys."""
    if not stored:
        return ()
    key = new.key if new.key in stored else next(iter(stored))
    same = tuple(
        PaperChange(paper=new.key, title=new.title, kind=PaperChangeKind.SAME, was=other, now=new.key)
        for other in stored
        if other != new.key
    )
    return (*changes_between(stored[key], new), *same)


def changes_between(old: Paper, new: Paper) -> tuple[PaperChange, ...]:
    """The news about a paper, in the order of `PaperChangeKind`; none where the records tell the same.

    Titles that differ in case, punctuation or markup alone are the same, and so are names of authors that are
    only spelt out.
    """
    told = _told(old, new)
    return tuple(
        PaperChange(
            paper=new.key,
            title=new.title or old.title,
            kind=kind,
            was=was,
            now=now,
            source=new.provenance[field].source if field in new.provenance else "",
        )
        for kind, field, was, now in told
    )


def _told(old: Paper, new: Paper) -> Iterator[tuple[PaperChangeKind, str, str, str]]:
    """Kind, the field that tells of it, and how it was and is, in words."""
    if old.version and new.version and old.version != new.version:
        yield PaperChangeKind.VERSION, "version", f"v{old.version}", _version_of(new)
    was, now = publication_of(old), publication_of(new)
    if now and (_is_other_publication(old, new) if was else not _is_key_of_publication(new.key)):
        yield PaperChangeKind.PUBLISHED, "venue" if old.venue != new.venue else "doi", was, now
    if old.is_withdrawn != new.is_withdrawn:
        kind = PaperChangeKind.WITHDRAWN if new.is_withdrawn else PaperChangeKind.NOT_WITHDRAWN
        yield kind, "is_withdrawn", "", _withdrawal_of(new) if new.is_withdrawn else _version_of(new)
    if old.title and title_key(old.title) != title_key(new.title):
        yield PaperChangeKind.TITLE, "title", old.title, new.title
    if _are_other_authors(old, new):
        yield PaperChangeKind.AUTHORS, "authors", ", ".join(old.authors), ", ".join(new.authors)


def publication_of(paper: Paper) -> str:
    """Where a paper was published: "ICML 2024, doi 10.5555/1234"; "" for what is a preprint, as far as known.

    >>> publication_of(Paper(key="arXiv:2305.14314", title="QLoRA", venue="NeurIPS", venue_year=2023, doi="10.1/x"))
    'NeurIPS 2023, doi 10.1/x'
    """
    year = str(paper.venue_year or "")
    words = [paper.venue or "", "" if year in (paper.venue or "") else year]
    place = " ".join(filter(None, words))
    return ", ".join(filter(None, (place, f"doi {paper.doi}" if paper.doi else "")))


def _is_key_of_publication(key: PaperKey) -> bool:
    """Whether the key itself says that the paper is published, so that where is a detail and no news."""
    return key.startswith(("doi:", "acl:"))


def _is_other_publication(old: Paper, new: Paper) -> bool:
    """Whether another publication is told than before.

    Details that are added are no news, nor is the name of a venue as another service spells it.
    """
    if any(was and was != now for was, now in ((old.doi, new.doi), (old.venue_year, new.venue_year))):
        return True
    says, said = new.provenance.get("venue"), old.provenance.get("venue")
    is_same_source = bool(says and said and says.source == said.source)
    return is_same_source and title_key(old.venue or "") != title_key(new.venue or "")


def _version_of(paper: Paper) -> str:
    """ "v3 (2026-05-01)", as much of it as is known."""
    words = (f"v{paper.version}" if paper.version else "", f"({paper.updated})" if paper.updated else "")
    return " ".join(filter(None, words))


def _withdrawal_of(paper: Paper) -> str:
    """The comment, where it is by the one who says that the paper is withdrawn; else who says so."""
    says, comments = paper.provenance.get("is_withdrawn"), paper.provenance.get("comment")
    if says and not (comments and comments.source == says.source):
        return f"as {says.source} says"
    return paper.comment or ""


def _are_other_authors(old: Paper, new: Paper) -> bool:
    """Whether people joined, left or changed places, where both lists are whole."""
    if not (old.authors_complete and new.authors_complete) or old.authors == new.authors:
        return False
    if len(old.authors) != len(new.authors):
        return True
    pairs = zip(old.authors, new.authors, strict=True)
    return any(not name_words(was) & name_words(now) for was, now in pairs)
