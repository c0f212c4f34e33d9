"""From reading lists to files that people and other programs use: one exporter for each format.

To add one: write `tracker/export/<format>.py` with a function from lists and style to text, enter it in
`EXPORTERS`, and add a test with a golden file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tracker.errors import InputError
from tracker.export.html import write_html
from tracker.export.markdown import write_markdown
from tracker.export.view import Style
from tracker.models import ReadingList

__all__ = ["EXPORTERS", "Exporter", "export"]


class Exporter(NamedTuple):
    """A format that reading lists can be written in."""

    suffix: str
    """Of the files, with the dot."""
    write: Callable[[Sequence[ReadingList], Style], str]


EXPORTERS: Mapping[str, Exporter] = {
    "md": Exporter(".md", write_markdown),
    "html": Exporter(".html", write_html),
}


def export(
    lists: Sequence[ReadingList],
    format: str,
    *,
    language: str = "en",
    title: str = "",
    templates_dir: Path | None = None,
) -> str:
    """The lists in a format, ending with a line break. The same lists give the same text.

    Args:
        lists: in the order in which they are to stand.
        format: a key of `EXPORTERS`.
        language: of the fixed words and the names of the topics, "en" or "zh".
        title: of the page; "": the usual one in its language.
        templates_dir: templates here replace those of the same name that ship with the program.

    Raises:
        InputError: there is no such format; names the ones there are.
        TemplateError: a template of the reader's is wrong; names the file and the line.
    """
    exporter = EXPORTERS.get(format)
    if exporter is None:
        raise InputError(f"there is no format {format!r}; choose from {', '.join(sorted(EXPORTERS))}")
    return exporter.write(lists, Style(language=language, title=title, templates_dir=templates_dir))
