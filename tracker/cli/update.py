"""`tracker update`: what has become of the papers of the library."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli.options import LibraryFile, settings_from


def update(
    papers: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PAPER", help="Ids, URLs, DOIs, titles or names; none: all papers.", show_default=False
        ),
    ] = None,
    older_than: Annotated[
        float | None,
        typer.Option(
            "--older-than",
            min=0,
            max=36500,
            metavar="DAYS",
            help="Ask about papers that were last asked about so many days ago; else a week, or TRACKER_CACHE_DAYS.",
            show_default=False,
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Ask about all papers, whenever they were last asked about.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object per change, for programs.")
    ] = False,
    library: LibraryFile = None,
) -> None:
    """Ask the services again about the papers of your library.

    Prints what has changed: new versions, publications, withdrawals, titles, authors. Cut off, it keeps what came,
    and goes on with the rest when it is run again.

    Example: tracker update --older-than 30
    """
    from datetime import timedelta

    from tracker.cli.terminal import finish, progress, say, waiting
    from tracker.cli.update_output import summary, teller
    from tracker.refreshing import refresh_library

    settings = settings_from(library=library)
    days = 0.0 if everything else settings.cache_days if older_than is None else older_than
    report = refresh_library(
        settings,
        papers or (),
        older_than=timedelta(days=days),
        on_changes=teller(as_json=as_json),
        progress=progress,
        on_wait=waiting,
    )
    say(summary(report, days))
    finish(report.problems, is_lacking=report.unasked + report.partly > 0)
