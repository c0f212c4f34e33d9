"""What people see: tables that fit the terminal, problems, progress. Nothing from outside reaches it raw."""

from __future__ import annotations

import re
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from tracker.models import Problem

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")


def printable(text: str) -> str:
    """A text on one line, without characters that steer a terminal, with what cannot be encoded escaped.

    >>> printable("a\\x1b[31mred\\nline")
    'a [31mred line'
    """
    plain = _CONTROL.sub(" ", text)
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return plain.encode(encoding, "backslashreplace").decode(encoding)


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
    room = shutil.get_terminal_size((120, 24)).columns - sum(widths) + widths[stretch] - 2 * (len(widths) - 1)
    widths[stretch] = max(20, min(widths[stretch], room))
    return [
        "  ".join(fit(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
    ]


def say(message: str) -> None:
    """Print one line for people on standard error."""
    print(printable(message), file=sys.stderr)


def finish(problems: Iterable[Problem]) -> None:
    """Print each problem on a line; exit with 2 where an input could not be used.

    A service that failed is only told: what was asked could be given from what is known.
    """
    told = list(problems)
    for problem in told:
        say(f"tracker: {problem.subject}: {problem.message}")
    if any(problem.stage == "documents" for problem in told):
        raise typer.Exit(2)


def progress(what: str, done: int, total: int) -> None:
    """Show how far long work has come, on standard error where that is a terminal."""
    if total > 1 and sys.stderr.isatty():
        line = fit(printable(f"[{done + 1}/{total}] {what}"), 70)
        end = "\r" + " " * 72 + "\r" if done + 1 == total else "\r"
        print(line, end=end, file=sys.stderr, flush=True)
