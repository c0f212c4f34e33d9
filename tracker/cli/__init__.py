"""The command line. Only registers: each command stands in its own module, imported when the command runs.

So `--help` costs nothing but typer. Commands import what they need when they run, and hold no logic.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import typer
import typer.main
from typer.core import TyperCommand, TyperGroup

from tracker.cli.options import OF_EVERY_APP
from tracker.errors import TrackerError
from tracker.version import __version__

STOPPED = 130
"""Exit code after Ctrl-C, as shells have it."""
COMMANDS = {
    "scan": ("tracker.cli.scan:scan", "Print the papers that documents mention."),
    "list": ("tracker.cli.list_:list_", "Print ordered reading lists of documents or the library."),
    "bib": ("tracker.cli.bib:bib", "Print the papers as BibTeX, or add them to a .bib file."),
    "new": ("tracker.cli.new:new", "Print the cited papers that you do not have yet."),
    "check": ("tracker.cli.check:check", "Check the entries of .bib files against the papers."),
    "add": ("tracker.cli.add:add", "Put documents and their papers into the library."),
    "show": ("tracker.cli.show:show", "Print one paper, where it was mentioned, and why."),
    "review": ("tracker.cli.review:review", "Settle the unsure links, one at a time."),
    "update": ("tracker.cli.update:update", "Ask the services again about the papers of your library."),
    "cache": ("tracker.cli.cache:app", "The kept answers of services."),
    "catalogue": ("tracker.cli.catalogue:app", "The papers that can be linked to."),
}
"""Name of a command -> where it is, and the first line of its help."""


def load_command(name: str) -> Any:
    """The command of this name, ready to run: it is imported, and its options are read, only when needed."""
    module, _, attribute = COMMANDS[name][0].partition(":")
    found = getattr(import_module(module), attribute)
    if not isinstance(found, typer.Typer):
        command, found = found, typer.Typer(**OF_EVERY_APP)
        found.command(name)(command)
    return typer.main.get_command(found)


class Commands(TyperGroup):
    """Knows the commands by name, and turns errors that a user can mend into one line and their exit code."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        for name, (_, line) in COMMANDS.items():
            self.add_command(TyperCommand(name, help=line))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that the arguments name, loaded."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, load_command(str(name)), rest

    def make_context(self, *args: Any, **options: Any) -> Any:
        """Read the options that stand before the command; some print something, as `--version` does."""
        with _faults_told():
            return super().make_context(*args, **options)

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        with _faults_told():
            return super().invoke(ctx)


@contextmanager
def _faults_told() -> Iterator[None]:
    from tracker.cli.terminal import OutputClosed, drop_output, say

    try:
        yield
    except TrackerError as error:
        say(f"tracker: {error}")
        raise typer.Exit(error.exit_code) from None
    except (OutputClosed, BrokenPipeError):
        drop_output()
        raise typer.Exit from None
    except OSError as error:  # of what typer itself writes
        drop_output()
        say(f"tracker: {error.filename or 'standard output'}: {error.strerror or error}")
        raise typer.Exit(TrackerError.exit_code) from None
    except KeyboardInterrupt:
        say("tracker: stopped; what was finished is kept")
        raise typer.Exit(STOPPED) from None


app = typer.Typer(
    cls=Commands,
    name="tracker",
    help="Finds the papers that documents mention: reading lists, BibTeX, and what is new to you.",
    no_args_is_help=True,
    **OF_EVERY_APP,
)


def _version(is_wanted: bool) -> None:
    if is_wanted:
        sys.stdout.write(f"tracker {__version__}\n")
        sys.stdout.flush()
        raise typer.Exit


@app.callback()
def _common(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version."
    ),
) -> None:
    pass
