"""Papers as services see them that gather the versions of each: preprint and publication together. Pure."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.servers.facts import Facts, Publication


@dataclass(frozen=True)
class Work:
    """One paper, of which one version is known at least."""

    preprint: Facts | None
    publication: Publication | None

    @property
    def title(self) -> str:
        """As published, where it was."""
        version = self.publication or self.preprint
        assert version
        return version.title

    @property
    def authors(self) -> tuple[str, ...]:
        """As published, where it was."""
        version = self.publication or self.preprint
        assert version
        return version.authors

    @property
    def date(self) -> str:
        """Of the first version."""
        version = self.preprint or self.publication
        assert version
        return version.date

    @property
    def is_published(self) -> bool:
        """Whether it appeared elsewhere than on a preprint server."""
        return self.publication is not None and self.publication.kind != "preprint"

    @property
    def number(self) -> int:
        """One that stands for it in made-up identifiers."""
        return zlib.crc32(f"{self.title}{self.authors[0]}{self.date}".encode())


def works(papers: Mapping[str, Facts], publications: Iterable[Publication]) -> list[Work]:
    """Each paper with its first publication; then the further ones, and those without a preprint at arXiv."""
    alone, published = list[Work](), dict[str, Publication]()
    for one in publications:
        if one.arxiv and one.arxiv not in published:
            published[one.arxiv] = one
        else:
            alone.append(Work(None, one))
    return [*(Work(paper, published.get(paper.id)) for paper in papers.values()), *alone]


def full_date(date: str) -> str:
    """ "2016-06" as "2016-06-01", "2016" as "2016-01-01"."""
    return f"{date}-01-01"[:10] if len(date) == 4 else f"{date}-01"[:10]
