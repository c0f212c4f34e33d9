"""Reading lists as Markdown (CommonMark and GitHub's)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup

from tracker.export.templates import render
from tracker.export.view import Style, page_of
from tracker.models import ReadingList
from tracker.regex import regex

_MEANINGFUL = regex(
    r"[\\`*_\[\]<>|~{}$]"  # emphasis, code, links, HTML, tables, mathematics, other template languages
    r"|&(?=#|[A-Za-z])"  # entities
    r"|:(?=//)|(?<=www)\."  # what GitHub makes a link of by itself
    r"|(?<=%)%|(?<==)=|(?<=\^)\^",  # comments and marks of some dialects
    re.IGNORECASE,
)
_AT_START = regex(r"^(?:(\d+)([.)])|([#+\-=:!]))")


def escape_markdown(value: object) -> str:
    """A value as text that Markdown shows as it is, on one line; `Markup` is left alone.

    An @ becomes a wide ＠: GitHub makes a link of every address, and no escape keeps it from that.

    >>> escape_markdown("*stars* and [a link](http://x)")
    '\\\\*stars\\\\* and \\\\[a link\\\\](http\\\\://x)'
    """
    if isinstance(value, Markup):
        return str(value)
    text = _MEANINGFUL.sub(r"\\\g<0>", " ".join(str(value).split())).replace("@", "＠")
    return _AT_START.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", text)


def write_markdown(lists: Sequence[ReadingList], style: Style) -> str:
    """The lists as one Markdown page, from the template `list.md.j2`.

    Raises:
        TemplateError: a template of the reader's is wrong.
    """
    facts = {"page": page_of(lists, style)}
    return render("list.md.j2", facts, templates_dir=style.templates_dir, escape=escape_markdown)
