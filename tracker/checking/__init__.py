"""Whether the entries of a bibliography are true: each compared with records of the catalogue and of services.

In come entries as read; out goes a verdict for each, with what differs, what it should be and from where. Nothing is
claimed beyond what a record says: a paper that no record tells of is "not found", and where was looked is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import TypeAlias

from tracker.bibfile import ReadEntry
from tracker.catalogue import Catalogue
from tracker.checking.candidates import records_of
from tracker.checking.judge import CATALOGUE, judge
from tracker.models import SourceAnswer, Verdict, VerdictKind

Records: TypeAlias = Callable[[Sequence[ReadEntry]], Sequence[Sequence[SourceAnswer]]]
"""Asks services for the papers that entries name: for each entry what each service said, in the order asked."""


def check(
    entries: Sequence[ReadEntry],
    catalogue: Catalogue,
    *,
    today: date,
    file: str = "",
    records: Records | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Verdict]:
    """A verdict for each entry, in their order.

    Args:
        today: years and identifiers after it cannot be.
        file: what verdicts call the file.
        records: asked for those entries that the catalogue does not settle; None: the catalogue alone.
        progress: told how many entries are done, of how many.

    Raises:
        CatalogueError: the catalogue is damaged.
    """
    known = []
    verdicts = []
    for number, entry in enumerate(entries, 1):
        answer = SourceAnswer(source=CATALOGUE, papers=tuple(records_of(entry, catalogue)))
        known.append(answer)
        verdicts.append(judge(entry, [answer], today=today, file=file))
        if progress:
            progress(number, len(entries))
    if records is None:
        return verdicts
    asked = [at for at, verdict in enumerate(verdicts) if verdict.kind is not VerdictKind.OK]
    answers = records([entries[at] for at in asked]) if asked else []
    for at, said in zip(asked, answers, strict=True):
        verdicts[at] = judge(entries[at], [known[at], *said], today=today, file=file)
    return verdicts


def counted(verdicts: Iterable[Verdict]) -> Iterator[tuple[VerdictKind, int]]:
    """How many verdicts there are of each kind, in the order of the kinds; those of which there are none left out."""
    kinds = [verdict.kind for verdict in verdicts]
    yield from ((kind, kinds.count(kind)) for kind in VerdictKind if kind in kinds)
