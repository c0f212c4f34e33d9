"""`tracker catalogue`: the papers that can be linked to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tracker.cli.options import OF_EVERY_APP, CatalogueFile, settings_from

app = typer.Typer(help="The papers that can be linked to.", no_args_is_help=True, **OF_EVERY_APP)


@app.command()
def info(catalogue: CatalogueFile = None) -> None:
    """Print what the catalogue holds, and where it is.

    Example: tracker catalogue info
    """
    from tracker.catalogue import Catalogue
    from tracker.cli.terminal import printable, put_lines

    opened = Catalogue.open(settings_from(catalogue=catalogue).catalogue_path)
    facts = {"file": opened.path, "size": f"{opened.path.stat().st_size / 1e6:.1f} MB", **opened.facts}
    put_lines(
        printable(f"{name:8}  {', '.join(value) if isinstance(value, list) else value}")
        for name, value in facts.items()
    )


@app.command()
def find(
    what: Annotated[str, typer.Argument(metavar="PAPER", help="An id, a name, or a title.")],
    catalogue: CatalogueFile = None,
) -> None:
    """Print the papers of the catalogue with this id, name or title.

    Example: tracker catalogue find QLoRA
    """
    from tracker.catalogue import Catalogue
    from tracker.cli.paper_output import paper_lines
    from tracker.cli.terminal import put_lines
    from tracker.errors import InputError
    from tracker.steps import keys_named

    opened = Catalogue.open(settings_from(catalogue=catalogue).catalogue_path)
    papers = [paper for key in keys_named(what, opened) if (paper := opened.paper(key))]
    if not papers:
        raise InputError(f"{what}: the catalogue has no paper with this id, name or title")
    put_lines(paper_lines(papers, as_json=False))


@app.command("import")
def import_(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE", help="*.jsonl, *.jsonl.gz, *.jsonl.zst, and aliases as *.tsv."),
    ],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The catalogue to make.")],
    most_cited: Annotated[
        int | None,
        typer.Option(
            "--most-cited", min=1, metavar="N", help="Keep only so many papers.", show_default=False
        ),
    ] = None,
) -> None:
    """Make a catalogue from files of facts.

    Example: tracker catalogue import arxiv.jsonl.zst aliases.tsv -o arxiv.catalogue
    """
    from tracker.catalogue.build import build_catalogue
    from tracker.cli.terminal import say

    report = build_catalogue(files, output, most_cited=most_cited)
    for line in report.rejected[:5]:
        say(f"left out: {line}")
    say(f"{output}: {report.papers} papers, {report.names} names; {len(report.rejected)} lines left out")
