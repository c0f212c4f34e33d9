"""Bibliographies verified: .bib files in, a verdict on each of their entries out; see `checking`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tracker.catalogue import Catalogue
from tracker.documents import STANDARD_INPUT
from tracker.errors import InputError
from tracker.models import Problem, Verdict
from tracker.settings import Settings
from tracker.steps import MOST_BIB_BYTES, OnWait, Progress, read_file

if TYPE_CHECKING:
    from tracker.bibfile import BibFile


class CheckedBib(NamedTuple):
    """A .bib file and what came of checking it."""

    bib: BibFile
    verdicts: list[Verdict]
    """One for each entry, in order."""
    papers: int
    """How many the catalogue has."""


def check_bibs(
    inputs: Iterable[str | Path],
    settings: Settings,
    *,
    now: datetime | None = None,
    progress: Progress | None = None,
    on_wait: OnWait | None = None,
) -> Iterator[CheckedBib | Problem]:
    """Each .bib file with the verdicts on its entries, in order, or what is wrong with the file.

    "-" is standard input. Services are asked about what the catalogue does not settle, unless the settings say
    that the network is not to be touched; those that failed are in the verdicts.

    Raises:
        CatalogueError: the catalogue cannot be used.
    """
    from tracker.bibfile import read_bib
    from tracker.checking import check
    from tracker.enrich.asking import open_services

    catalogue = Catalogue.open(settings.catalogue_path)
    moment = now or datetime.now(UTC)
    for given in inputs:
        name = str(given)

        def count(done: int, total: int, name: str = name) -> None:
            if progress:
                progress(name, done, total)

        try:
            bib = read_bib(_bytes_of(name), name)
        except InputError as error:
            message = str(error).removeprefix(f"{name}: ")
            yield Problem(stage="documents", subject=name, message=message)
            continue
        services = (
            ()
            if settings.offline
            else open_services(settings, now=moment, progress=progress, on_wait=on_wait)
        )
        verdicts = check(
            bib.entries, catalogue, today=moment.date(), file=name, services=services, progress=count
        )
        yield CheckedBib(bib, verdicts, len(catalogue))


def _bytes_of(name: str) -> bytes:
    """The bytes of a .bib file that is named, or of standard input.

    Raises:
        InputError: it cannot be read, or is too large.
    """
    if name != STANDARD_INPUT:
        return read_file(Path(name))
    data = sys.stdin.buffer.read(MOST_BIB_BYTES + 1)
    if len(data) > MOST_BIB_BYTES:
        raise InputError(f"-: is larger than {MOST_BIB_BYTES // 10**6} MB; split it into several files")
    return data
