"""The command line. Only registers: each command stands in a module of its own, imports what it needs when it
runs, and holds no logic.
"""

from __future__ import annotations

import sys
from typing import Any

import typer
from typer.core import TyperGroup

from tracker.cli import add, bib, catalogue, list_, new, scan, show
from tracker.errors import TrackerError
from tracker.version import __version__


class Commands(TyperGroup):
    """Turns errors that a user can mend into one line and their exit code."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except TrackerError as error:
            from tracker.cli.terminal import printable

            print(f"tracker: {printable(str(error))}", file=sys.stderr)
            raise typer.Exit(error.exit_code) from None
        except KeyboardInterrupt:
            print("tracker: stopped; what had arrived is kept", file=sys.stderr)
            raise typer.Exit(130) from None


app = typer.Typer(
    cls=Commands,
    name="tracker",
    help="Finds the papers that documents mention: reading lists, BibTeX, and what is new to you.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(is_wanted: bool) -> None:
    if is_wanted:
        print(f"tracker {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version."
    ),
) -> None:
    pass


app.command("scan")(scan.scan)
app.command("list")(list_.list_)
app.command("bib")(bib.bib)
app.command("new")(new.new)
app.command("add")(add.add)
app.command("show")(show.show)
app.add_typer(catalogue.app, name="catalogue")
