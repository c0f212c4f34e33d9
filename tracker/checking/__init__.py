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

Service: TypeAlias = Callable[[Sequence[ReadEntry]], Sequence[SourceAnswer | None]]
"""Asks one service for the papers that entries name: for each what it said, None where it was not asked."""


def check(
    entries: Sequence[ReadEntry],
    catalogue: Catalogue,
    *,
    today: date,
    file: str = "",
    services: Iterable[Service] = (),
    progress: Callable[[int, int], None] | None = None,
) -> list[Verdict]:
    """A verdict for each entry, in their order.

    Args:
        today: years and identifiers after it cannot be.
        file: what verdicts call the file.
        services: asked one after the other, each for the entries that are not found to be right by then, or of which
            the venue or an identifier is in no record yet.
        progress: told how many entries are compared with the catalogue, of how many.

    Raises:
        CatalogueError: the catalogue is damaged.
    """
    answers: list[list[SourceAnswer]] = []
    verdicts: list[Verdict] = []
    for number, entry in enumerate(entries, 1):
        answers.append([SourceAnswer(source=CATALOGUE, papers=tuple(records_of(entry, catalogue)))])
        verdicts.append(judge(entry, answers[-1], today=today, file=file))
        if progress:
            progress(number, len(entries))
    for ask in services:
        open_ones = [
            at for at, one in enumerate(verdicts) if one.kind is not VerdictKind.OK or one.unconfirmed
        ]
        if not open_ones:
            break
        for at, said in zip(open_ones, ask([entries[at] for at in open_ones]), strict=True):
            if said is not None:
                answers[at].append(said)
                verdicts[at] = judge(entries[at], answers[at], today=today, file=file)
    return verdicts


def counted(verdicts: Iterable[Verdict]) -> Iterator[tuple[VerdictKind, int]]:
    """How many verdicts there are of each kind, in the order of the kinds; those of which there are none left out."""
    kinds = [verdict.kind for verdict in verdicts]
    yield from ((kind, kinds.count(kind)) for kind in VerdictKind if kind in kinds)
