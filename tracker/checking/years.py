"""Years: which ones a citation of a paper may give. Pure."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

from tracker.identifiers import arxiv_id_of, year_month_of
from tracker.models import Paper

LAST_BEFORE: Final = 7
"""Preprints of the first months of a year may be of a paper of the year before: of 63,000 papers at conferences 1.4
percent came to arXiv in the year after the conference, nearly all of them before August."""
YEARS_TO_MEETING: Final = 2
"""From a preprint to its publication at a conference: of those papers 0.2 percent took longer."""
YEARS_TO_JOURNAL: Final = 4
"""The same for journals, which take their time."""


class Years(NamedTuple):
    """The years that may stand in an entry."""

    first: int
    last: int
    further: frozenset[int] = frozenset()
    expected: int | None = None
    """The one that is right, where only one is."""
    why: str = ""

    def allow(self, year: int) -> bool:
        """Whether this year may stand there."""
        return self.first <= year <= self.last or year in self.further


def first_year(paper: Paper) -> int | None:
    """The year of the first version."""
    if paper.published:
        return paper.published.year
    arxiv_id = arxiv_id_of(paper.key)
    return paper.year or (year_month_of(arxiv_id)[0] if arxiv_id else None)


def years_of_preprint(paper: Paper) -> Years | None:
    """The years that a citation of the preprint may give: of its first version, or of a later one that is known.

    What came in the last days of December may carry the next year.
    """
    year = first_year(paper)
    if year is None:
        return None
    last = max(year, paper.updated.year) if paper.updated else year
    turn = paper.published is not None and (paper.published.month, paper.published.day) >= (12, 20)
    return Years(year, last, frozenset({year + 1} if turn else ()), year, f"its first version is of {year}")


def years_of_publication(paper: Paper, published: int | None, *, is_journal: bool) -> Years | None:
    """The years that a citation of the published version may give; `published`: its year, where known."""
    if published is not None:
        slack = 1 if is_journal else 0  # online in one year, in a volume of another
        return Years(
            published - slack, published + slack, expected=published, why=f"it appeared in {published}"
        )
    year = first_year(paper)
    if year is None:
        return None
    month = paper.first_month
    earliest = year - 1 if month is None or month <= LAST_BEFORE else year
    latest = year + (YEARS_TO_JOURNAL if is_journal else YEARS_TO_MEETING)
    return Years(earliest, latest, why=f"its first version is of {year}")


def is_future(year: int, today: date, *, is_preprint: bool = False) -> bool:
    """Whether nothing can have appeared with this year yet; volumes of the next year do, preprints do not."""
    return year > today.year + (not is_preprint)
