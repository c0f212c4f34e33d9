"""Results on standard output or into files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tracker.cli.terminal import say
from tracker.errors import InputError
from tracker.files import write_atomically
from tracker.models import ReadingList
from tracker.pipeline import Found


def write_lists(lists: Sequence[ReadingList], found: Found, formats: str, folder: Path | None) -> None:
    """The lists in each format: printed, or written to `reading-list.*` in a folder.

    Raises:
        InputError: several formats and no folder, or a file that cannot be written.
    """
    from tracker.export import export
    from tracker.reading import language_of

    wanted = [name.strip() for name in formats.split(",") if name.strip()]
    if not wanted or (len(wanted) > 1 and folder is None):
        raise InputError("name one --format to print, or a folder with -o DIR to write several")
    if not lists:
        say("tracker: no papers were found, so there is nothing to list")
        return
    for name in wanted:
        text = export(
            lists, name, language=language_of(found.documents), templates_dir=found.settings.templates_dir
        )
        if folder is None:
            print(text, end="")
            continue
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"{folder}: the folder cannot be made: {error.strerror}") from None
        path = folder / f"reading-list.{name}"
        write_atomically(path, text.encode())
        say(f"wrote {path}")


def write_bibtex(found: Found, target: Path | None) -> None:
    """BibTeX printed, or put into a file that keeps all it had.

    Raises:
        InputError: the file cannot be read or written.
    """
    from tracker.bibfile import append_entries, read_bib
    from tracker.export.bibtex import bib_entries
    from tracker.pipeline import bibtex_of

    if target is None:
        print(bibtex_of(found, found.bib_keys), end="")
        return
    try:
        data = target.read_bytes() if target.exists() else b""
    except OSError as error:
        raise InputError(f"{target}: cannot be read: {error.strerror}") from None
    bib = read_bib(data, str(target))
    found.problems += bib.problems
    missing = [paper for paper in found.papers.values() if paper.title and bib.find(paper) is None]
    entries = bib_entries(missing, taken=found.bib_keys, used=bib.keys)
    if entries or not target.exists():
        write_atomically(target, append_entries(bib, entries))
    say(f"{target}: {len(entries)} added, {len(found.papers) - len(missing)} were there")
