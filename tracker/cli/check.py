"""`tracker check`: whether the entries of .bib files are true."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tracker.cli.options import CatalogueFile, Offline, settings_from


def check(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE", help=".bib files; - is standard input.", show_default=False)
    ],
    fix: Annotated[
        bool, typer.Option("--fix", help="Write the corrections that are sure; all else in the file stays.")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="With --fix: write the corrected copy here, and leave the file alone.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per entry, for programs.")] = False,
    catalogue: CatalogueFile = None,
    offline: Offline = False,
) -> None:
    """Check the entries of .bib files against the papers.

    For each: whether the paper exists, and whether title, authors, year, venue and ids belong together. Verdicts are
    ok, differs (what it should be, and from where), not found (where was looked) and ambiguous. Not found means that
    no record was found there, not that there is none.

    The catalogue is asked first; then, without --offline, the services for what it does not settle.

    The exit code is 1 where entries are left to look at, 0 where all are ok; 3 where nothing is known of some entry and
    a service failed that may know it.

    Example: tracker check refs.bib --fix -o checked.bib
    """
    from tracker.cli.check_output import (
        failures,
        is_left,
        is_unknown,
        tell_counts,
        verdict_lines,
        write_corrections,
    )
    from tracker.cli.terminal import finish, progress, put_lines, waiting
    from tracker.errors import InputError
    from tracker.models import Problem
    from tracker.verifying import check_bibs

    if output and (not fix or len(files) > 1):
        raise InputError("-o: is for --fix and a single file")
    if fix and not output and "-" in files:
        raise InputError("--fix: name with -o where the corrected standard input is to go")
    problems: list[Problem] = []
    is_yes = is_lacking = False
    settings = settings_from(catalogue=catalogue, offline=offline)
    for checked in check_bibs(files, settings, progress=progress, on_wait=waiting):
        if isinstance(checked, Problem):
            problems.append(checked)
            continue
        put_lines(verdict_lines(checked.verdicts, as_json=as_json))
        tell_counts(checked, is_offline=settings.offline)
        target = output or Path(checked.bib.name)
        made = write_corrections(checked.bib, checked.verdicts, target) if fix else None
        is_yes |= any(is_left(one, made) for one in checked.verdicts) or bool(checked.bib.problems)
        is_lacking |= any(map(is_unknown, checked.verdicts))
        problems += [*checked.bib.problems, *failures(checked.verdicts)]
    finish(problems, is_lacking=is_lacking, is_yes=is_yes)
