"""Values out of JSON that may hold anything: what is not of the kind that is wanted counts as not said. Pure."""

from __future__ import annotations

from datetime import date
from typing import Any

from tracker.enrich.markup import one_line, plain_line
from tracker.regex import regex

_DIGITS = 9
"""No year, count or number of a version is longer."""
_ISO = regex(r"(\d{4})-(\d{2})-(\d{2})(?!\d)")


def inner(value: Any, *names: str) -> Any:
    """What stands under these names, one within the other; None where there is no such thing.

    >>> inner({"a": {"b": 1}}, "a", "b"), inner({"a": []}, "a", "b")
    (1, None)
    """
    for name in names:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def each(value: Any, *names: str) -> list[dict[str, Any]]:
    """The objects of the list under these names."""
    found = inner(value, *names)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def text(value: Any, *names: str) -> str:
    """The text under these names on one line; "" where there is none."""
    found = inner(value, *names)
    return one_line(found) if isinstance(found, str) else ""


def words(value: Any, *names: str) -> str:
    """The same without markup and entities, as for titles and names."""
    found = inner(value, *names)
    return plain_line(found) if isinstance(found, str) else ""


def number(value: Any, *names: str) -> int | None:
    """The whole number under these names, which may be written as text; None where there is none, or below 0."""
    found = inner(value, *names)
    if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) <= _DIGITS:
        return int(found)
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found < 10**_DIGITS:
        return None
    return found


def day(value: Any, *names: str) -> date | None:
    """The date under these names, as ISO 8601 writes it with or without a time of day.

    >>> day("2023-05-23T17:50:33Z"), day("2023-13-01"), day(2023)
    (datetime.date(2023, 5, 23), None, None)
    """
    found = inner(value, *names)
    match = _ISO.match(found) if isinstance(found, str) else None
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def year(value: Any, *names: str) -> int | None:
    """The year under these names; None where it can be none of a paper.

    >>> year({"year": 2023}, "year"), year("0"), year(99999)
    (2023, None, None)
    """
    found = number(value, *names)
    return found if found and 1000 <= found <= 2100 else None
