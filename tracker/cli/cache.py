"""`tracker cache`: the answers of services that are kept on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli.options import OF_EVERY_APP, CatalogueFile, LibraryFile, settings_from

app = typer.Typer(help="The kept answers of services.", no_args_is_help=True, **OF_EVERY_APP)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


@app.command()
def info(as_json: AsJson = False) -> None:
    """Print where answers are kept, how many of which service, and how often services were asked today.

    Example: tracker cache info
    """
    from datetime import UTC, datetime

    from tracker.cli.cache_output import facts_of, info_lines, json_line
    from tracker.cli.terminal import put_lines
    from tracker.enrich.kept import asked_on, sums

    settings = settings_from()
    asked_today = asked_on(settings.cache_dir, datetime.now(UTC).date())
    facts = facts_of(sums(settings.cache_dir), asked_today, settings)
    put_lines([json_line(facts)] if as_json else info_lines(facts))


@app.command()
def show(
    paper: Annotated[
        str, typer.Argument(metavar="PAPER", help="An id, a URL, a DOI, a title, or a name such as QLoRA.")
    ],
    as_json: AsJson = False,
    catalogue: CatalogueFile = None,
    library: LibraryFile = None,
) -> None:
    """Print what each service has answered about a paper, and when.

    Example: tracker cache show 2305.14314
    """
    from tracker.cli.cache_output import answer_lines, answers_of, json_line
    from tracker.cli.terminal import put_lines
    from tracker.enrich.kept import answers_about
    from tracker.errors import InputError
    from tracker.steps import look_up

    settings = settings_from(catalogue=catalogue, library=library)
    found, stored = look_up(paper, settings)
    keys = [*found.papers, *(key for one in stored.values() for key in one.other_keys)]
    answers = answers_of(answers_about(settings.cache_dir, dict.fromkeys(keys)), settings)
    if not answers:
        raise InputError(f"{paper}: no answer of a service about it is kept")
    put_lines(map(json_line, answers) if as_json else answer_lines(answers))


@app.command()
def clear(
    service: Annotated[
        str | None,
        typer.Option("--service", metavar="NAME", help="Only those of this service.", show_default=False),
    ] = None,
    older_than: Annotated[
        float | None,
        typer.Option(
            "--older-than",
            min=0,
            max=36500,
            metavar="DAYS",
            help="Only those that came so many days ago.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Take kept answers away, so that the services are asked again.

    Nothing else is lost: what papers are known by is in your library.

    Example: tracker cache clear --service crossref --older-than 30
    """
    from datetime import UTC, datetime, timedelta

    from tracker.cli.terminal import say
    from tracker.enrich import kept
    from tracker.errors import InputError

    settings = settings_from()
    addresses = None
    if service is not None:
        known = kept.sums(settings.cache_dir)
        addresses = kept.addresses_named(service, known, settings)
        if not addresses:
            names = sorted(
                {kept.name_of(one.address, settings) or kept.shown_address(one.address) for one in known}
            )
            raise InputError(
                f"{service}: no answers of such a service are kept; there are: {', '.join(names) or 'none'}"
            )
    before = None if older_than is None else datetime.now(UTC) - timedelta(days=older_than)
    count = kept.clear(settings.cache_dir, addresses=addresses, before=before)
    say(f"{count} kept answer{'' if count == 1 else 's'} taken away")
