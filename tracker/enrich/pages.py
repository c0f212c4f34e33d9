"""Page ranges as BibTeX writes them. Pure."""

from __future__ import annotations

import re

from tracker.regex import regex

_NONE = regex(r"(?:n/?a|1)\s*-\s*(?:n/?a|1)", re.IGNORECASE)
"""What publishers write for an article that has no pages yet: "n/a-n/a" (Wiley), "1-1" (IEEE)."""


def page_range(given: str) -> str | None:
    """The pages "117--128" out of "117-128" or "117 – 128"; None where none are told.

    >>> page_range("4171-4186"), page_range("140:1-140:67"), page_range("e1001"), page_range("n/a-n/a")
    ('4171--4186', '140:1--140:67', 'e1001', None)
    """
    text = " ".join(given.split())
    if not text or _NONE.fullmatch(text):
        return None
    return re.sub(r"(?<=\w)\s*[-\u2010-\u2015]+\s*(?=\w)", "--", text)
