"""Papers that were retracted, as their titles say it. Pure."""

from __future__ import annotations

import re

from tracker.regex import regex

_MARK = regex(r"\W*(?:retracted|withdrawn)(?:\s+(?:article|chapter|paper))?\s*[\]:]\s*(?=\S)", re.IGNORECASE)


def without_mark(title: str) -> tuple[str, bool]:
    """The title as it first was, and whether publishers have marked it as that of a retracted paper since.

    >>> without_mark("RETRACTED ARTICLE: Quantized Majorana conductance")
    ('Quantized Majorana conductance', True)
    >>> without_mark("Retracted Papers: A Study"), without_mark("Retraction Note: A Title")
    (('Retracted Papers: A Study', False), ('Retraction Note: A Title', False))
    """
    found = _MARK.match(title)
    return (title[found.end() :], True) if found else (title, False)
