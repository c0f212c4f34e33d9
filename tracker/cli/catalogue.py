"""`tracker catalogue`: the papers that can be linked to."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from tracker.cli.options import OF_EVERY_APP, CatalogueFile, Offline, settings_from

MOST_SHOWN = 200
"""Characters of a question that are told again."""

app = typer.Typer(help="The papers that can be linked to.", no_args_is_help=True, **OF_EVERY_APP)


@app.command()
def info(
    catalogue: CatalogueFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Print what the catalogue holds, how old it is, and where it is.

    Example: tracker catalogue info
    """
    import json
    from datetime import UTC

    from tracker.catalogue import Catalogue
    from tracker.cli.catalogue_output import fact_lines, facts_of
    from tracker.cli.terminal import escaped, put_lines

    facts = facts_of(Catalogue.open(settings_from(catalogue=catalogue).catalogue_path))
    as_line = escaped(json.dumps(facts, ensure_ascii=False))
    put_lines([as_line] if as_json else fact_lines(facts, datetime.now(UTC)))


@app.command()
def update(
    since: Annotated[
        datetime | None,
        typer.Option(
            "--from",
            metavar="DATE",
            formats=["%Y-%m-%d"],
            help="Ask for what has changed since this day, whatever the catalogue says.",
            show_default=False,
        ),
    ] = None,
    catalogue: CatalogueFile = None,
    offline: Offline = False,
) -> None:
    """Bring the catalogue up to date with arXiv; cut off, it continues when it is run again.

    The first time, make your own catalogue from arXiv's snapshot with `tracker catalogue import`; or begin with
    the one that comes with Tracker, and name the day from which on you want everything with --from.

    Example: tracker catalogue update
    """
    from tracker.catalogue.update import update_catalogue
    from tracker.cli.catalogue_output import UpdateProgress, tell_update

    shown = UpdateProgress()
    settings = settings_from(catalogue=catalogue, offline=offline)
    try:
        report = update_catalogue(
            settings,
            since=since.date() if since else None,
            on_harvest=shown.harvested,
            progress=shown.made,
            on_wait=shown.waiting,
        )
    finally:
        shown.clear()
    tell_update(report)


@app.command()
def find(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="WORDS", help="An id, a name, words of a title, authors, a year: any of them."
        ),
    ],
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=1000, help="Print at most so many papers.")
    ] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per paper, for programs.")] = False,
    catalogue: CatalogueFile = None,
) -> None:
    """Print the papers of the catalogue that these words may mean, the best first, each with why.

    Typing errors are forgiven; a title may be a Chinese translation.

    Example: tracker catalogue find dettmers 2023 qlora
    """
    from tracker.catalogue import Catalogue
    from tracker.cli.find_output import hit_lines
    from tracker.cli.terminal import put_lines
    from tracker.errors import InputError

    asked = " ".join(words)
    hits = Catalogue.open(settings_from(catalogue=catalogue).catalogue_path).find(asked, limit)
    if not hits:
        shown = asked if len(asked) <= MOST_SHOWN else f"{asked[:MOST_SHOWN]}…"
        raise InputError(f"{shown}: nothing in the catalogue is near this; try fewer words, or an id")
    put_lines(hit_lines(hits, as_json=as_json))


@app.command("import")
def import_(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE",
            help="arXiv's metadata snapshot, our own JSON Lines, .bib, names as *.tsv, or a catalogue; the first two "
            "also as .gz, .zst, .zip; - is standard input.",
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="The catalogue to make; else your own, which all commands use from then on.",
            show_default=False,
        ),
    ] = None,
    bare: Annotated[
        bool, typer.Option("--bare", help="Add nothing of the catalogue that comes with Tracker.")
    ] = False,
    abstracts: Annotated[
        bool, typer.Option("--abstracts", help="Keep the abstracts; they make it thrice as large.")
    ] = False,
    most_cited: Annotated[
        int | None,
        typer.Option(
            "--most-cited", min=1, metavar="N", help="Keep only so many papers.", show_default=False
        ),
    ] = None,
) -> None:
    """Make a catalogue of all papers that files tell of.

    Of what several files say about a paper the last one counts. Which papers are well known, what they are called
    for short and where they appeared is added from the catalogue that comes with Tracker.

    Example: tracker catalogue import arxiv-metadata-oai-snapshot.json
    """
    from tracker.catalogue import EMBEDDED_PATH
    from tracker.catalogue.build import NoPapers, build_catalogue
    from tracker.cli.import_output import ImportProgress, tell_import, tell_left_out

    settings = settings_from()
    target = output or settings.own_catalogue_path or Path("arxiv.catalogue")
    shown = ImportProgress()
    try:
        report = build_catalogue(
            files,
            target,
            base=None if bare else EMBEDDED_PATH,
            most_cited=most_cited,
            keep_abstracts=abstracts,
            progress=shown,
        )
    except NoPapers as nothing:
        shown.clear()
        tell_left_out(nothing.rejected, nothing.rejected_count)
        raise
    finally:
        shown.clear()
    tell_import(report, target, settings.catalogue_path, is_own=output is None)
