"""What people see: results, tables, problems, progress. Nothing from outside reaches the terminal raw."""

from __future__ import annotations

import os
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TextIO

import typer

from tracker.errors import InputError
from tracker.regex import regex

if TYPE_CHECKING:
    from tracker.models import Problem

_CONTROL = regex(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_WIDE = 10_000
"""Columns of what is no terminal: nothing is cut there."""


class OutputClosed(Exception):
    """Who reads our results wants no more of them, as `head` does."""


def printable(text: str) -> str:
    r"""A text on one line, without characters that steer a terminal.

    >>> printable("a\x1b[31mred\nline")
    'a [31mred line'
    """
    return _CONTROL.sub(" ", text)


def escaped(line: str) -> str:
    r"""A line of JSON in which characters that steer a terminal stand as \uXXXX: the same data.

    >>> escaped('"a\x9b31m"')
    '"a\\u009b31m"'
    """
    return _CONTROL.sub(lambda found: "".join(f"\\u{ord(c):04x}" for c in found[0]), line)


def width_of(text: str) -> int:
    """Columns that a text takes in a terminal; Chinese characters take two."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def fit(text: str, width: int) -> str:
    """A text cut or filled to exactly `width` columns."""
    if width_of(text) > width:
        while text and width_of(text) >= width:
            text = text[:-1]
        text += "…"
    return text + " " * (width - width_of(text))


def table(rows: Iterable[Sequence[str]], *, stretch: int) -> list[str]:
    """Rows as lines of aligned columns; column `stretch` gives way where the terminal is too narrow."""
    cells = [[printable(cell) for cell in row] for row in rows]
    if not cells:
        return []
    widths = [max(width_of(row[i]) for row in cells) for i in range(len(cells[0]))]
    room = _columns() - sum(widths) + widths[stretch] - 2 * (len(widths) - 1)
    widths[stretch] = max(20, min(widths[stretch], room))
    return [
        "  ".join(fit(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
    ]


def _columns() -> int:
    is_limited = sys.stdout.isatty() or os.environ.get("COLUMNS")
    return shutil.get_terminal_size((_WIDE, 24)).columns if is_limited else _WIDE


def put(*texts: str) -> None:
    """Write results to standard output, see `put_lines`."""
    _write(texts)


def put_lines(lines: Iterable[str]) -> None:
    """Write results line by line to standard output, all of them: nothing is left in a buffer.

    Raises:
        OutputClosed: nobody reads it any more.
        InputError: it cannot be written, for example because the disk is full.
    """
    _write(f"{line}\n" for line in lines)


def _write(texts: Iterable[str]) -> None:
    try:
        for text in texts:
            sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise OutputClosed from None
    except OSError as error:
        drop_output()
        raise InputError(f"standard output: cannot be written: {error.strerror or error}") from None


def drop_output() -> None:
    """Send what is left in the buffer nowhere, or Python would try to write it once more at the end."""
    _drop(sys.stdout)


def _drop(stream: TextIO) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def say(message: str) -> None:
    """Print one line for people on standard error; what cannot be told stops no work."""
    try:
        print(printable(message), file=sys.stderr)
    except OSError:
        _drop(sys.stderr)


def finish(problems: Iterable[Problem], *, is_lacking: bool = False, is_yes: bool = False) -> None:
    """Print each problem on a line, and end with the exit code that fits.

    2: an input could not be used. 3: a service failed and, without it, what was asked for could not be given
    (`is_lacking`). 1: the answer of a command that asks is "yes, there are some" (`is_yes`). Otherwise 0: of
    details that are lacking it is enough to be told.
    """
    told = list(problems)
    for problem in told:
        subject = problem.subject or "''"
        say(f"tracker: {subject}: {problem.message}")
    if any(problem.stage == "documents" for problem in told):
        raise typer.Exit(2)
    if is_lacking and any(problem.is_network for problem in told):
        raise typer.Exit(3)
    if is_yes:
        raise typer.Exit(1)


def progress(what: str, done: int, total: int) -> None:
    """Show how far long work has come, on standard error where that is a terminal."""
    if total > 1 and sys.stderr.isatty():
        end = "\r" + " " * 72 + "\r" if done == total else "\r"
        print(fit(printable(f"[{done}/{total}] {what}"), 70), end=end, file=sys.stderr, flush=True)


def waiting(what: str, seconds: float) -> None:
    """Tell why nothing happens for a while."""
    say(f"tracker: {what}; trying again in {seconds:.0f} s")
