"""Results on standard output or into files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tracker.cli.terminal import put, say
from tracker.errors import InputError
from tracker.files import write_atomically
from tracker.models import ReadingList
from tracker.steps import Found, bibtex_of, export_lists, merge_into_bib, read_file


def formats_named(given: str, folder: Path | None) -> list[str]:
    """The formats that "md,html" names.

    Raises:
        InputError: there is none of that name, or several are to be printed.
    """
    from tracker.export import EXPORTERS

    names = list(dict.fromkeys(name.strip() for name in given.split(",") if name.strip()))
    choice = ", ".join(sorted(EXPORTERS))
    if unknown := [name for name in names if name not in EXPORTERS]:
        raise InputError(f"--format: there is no format {unknown[0]!r}; choose from {choice}")
    if not names or (len(names) > 1 and folder is None):
        raise InputError(f"--format: name one of {choice} to print, or a folder with -o DIR to write several")
    return names


def write_lists(
    lists: tuple[ReadingList, ...],
    found: Found,
    formats: Sequence[str],
    folder: Path | None,
    language: str | None,
) -> None:
    """The lists in each format: printed, or written to `reading-list.*` in a folder.

    Raises:
        InputError: a file cannot be written.
        TemplateError: a template is wrong.
    """
    if not lists:
        say("tracker: no papers were found, so there is nothing to list")
        return
    texts = {name: export_lists(lists, found, name, language) for name in formats}
    if folder is None:
        put(*texts.values())
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise InputError(f"{folder}: is a file; name a folder to write into") from None
    except OSError as error:
        raise InputError(f"{folder}: the folder cannot be made: {error.strerror or error}") from None
    for name, text in texts.items():
        path = folder / f"reading-list.{name}"
        write_atomically(path, text.encode())
        say(f"wrote {path}")


def write_bibtex(found: Found, target: Path | None, prefer: str) -> None:
    """BibTeX printed, or put into a file that keeps all it had.

    Raises:
        InputError: the file cannot be read or written.
    """
    if target is None:
        put(bibtex_of(found, prefer))
        return
    is_there = target.exists()
    merged = merge_into_bib(found, read_file(target) if is_there else b"", str(target), prefer)
    if merged.added or not is_there:
        write_atomically(target, merged.data)
    say(f"{target}: {len(merged.added)} added, {len(merged.present)} were there")
