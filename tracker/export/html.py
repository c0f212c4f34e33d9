"""Reading lists as one HTML file that needs nothing else: no script, no font, no request."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.export.templates import render
from tracker.export.view import Style, page_of
from tracker.models import ReadingList


def write_html(lists: Sequence[ReadingList], style: Style) -> str:
    """The lists as one HTML page, from the templates `list.html.j2`, `entry.html.j2` and `list.css.j2`.

    Raises:
        TemplateError: a template of the reader's is wrong.
    """
    return render("list.html.j2", {"page": page_of(lists, style)}, templates_dir=style.templates_dir)
