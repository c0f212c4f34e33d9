"""One line of facts about a paper, as arXiv's metadata snapshot or a file of our own has it. Pure.

In: a JSON object. Out: a `Fact`. Known fields: `id` and `title`; `authors_parsed` (lists of family name, given
names, suffix) or `authors` (a list, or one text); `date`, or else `versions` (the first one's `created`);
`categories` (a list, or one text with blanks); `venue` or `journal-ref`; `doi`; `cited_in`; `abstract`;
`update_date`; `deleted` (true: the paper is to be taken out). Others are passed over.

Source: https://info.arxiv.org/help/bulk_data.html (the snapshot), its files (the fields).
"""

from __future__ import annotations

import json
import re
from datetime import date
from functools import lru_cache
from typing import Any, Final, NamedTuple

from tracker.catalogue.abstract_names import names_in_abstract
from tracker.catalogue.readable import readable
from tracker.catalogue.records import Record
from tracker.identifiers import PaperKey, arxiv_key, parse_arxiv_id, parse_doi, parse_key
from tracker.regex import regex

_DOI: Final = regex(r"10\.[0-9]{4,9}/\S+")
_ARXIV_DOI: Final = "10.48550/"
_MONTH_NAMES: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS: Final = {name: month for month, name in enumerate(_MONTH_NAMES, 1)}
_CREATED: Final = regex(r"(?:[A-Z][a-z]{2}, )?([0-9]{1,2}) ([A-Z][a-z]{2}) ([0-9]{4})\b")
"""The date of a version: "Mon, 2 Apr 2007 19:18:42 GMT"."""
_BETWEEN_AUTHORS: Final = regex(r" ?, ?(?:and )?| and ")
_IN_BRACKETS: Final = regex(r"\([^()]*\)")
_SUFFIX: Final = regex(r"(?:jr|sr)\.?|i{1,3}|iv", re.IGNORECASE)


class Fact(NamedTuple):
    """What a line says."""

    record: Record
    """With the title "" where the paper is to be taken out."""
    names: tuple[str, ...] = ()
    """Those that the abstract gives."""
    abstract: str = ""
    updated: date | None = None
    is_deleted: bool = False


def fact_of(line: str, *, keep_abstract: bool = False) -> Fact:
    """What a line of JSON says.

    Raises:
        ValueError: it cannot be used; the text says why.
    """
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("this is not a line of JSON") from None
    if isinstance(fields, list):
        raise ValueError("this is a list, not a JSON object; each paper needs a line of its own")
    if not isinstance(fields, dict):
        raise ValueError("this is not a JSON object")
    identifier = _text(fields, "id")
    key = key_of(identifier)
    updated = _day(fields, "update_date") if "update_date" in fields else None
    if fields.get("deleted") is True and key is not None:
        return Fact(Record(key, ""), updated=updated, is_deleted=True)
    title = readable(_text(fields, "title"))
    if key is None or not title:
        raise ValueError(f"{identifier!r:.60} has no usable id or title")
    authors, is_complete = _authors(fields)
    record = Record(
        key,
        title,
        authors,
        is_complete,
        _day(fields, "date") or _created(fields),
        tuple(_categories(fields)),
        readable(_text(fields, "venue") or _text(fields, "journal-ref")),
        _doi(_text(fields, "doi")),
        _count(fields, "cited_in"),
    )
    abstract = _text(fields, "abstract")
    names = names_in_abstract(title, abstract) if abstract else ()
    return Fact(record, names, readable(abstract) if keep_abstract else "", updated)


def _text(fields: dict[str, Any], name: str) -> str:
    """A field on one line, "" where it is missing or null."""
    value = fields.get(name)
    if not value and (value is None or value == ""):
        return ""
    if not isinstance(value, str):
        raise ValueError(f"{name} is no text: {value!r:.40}")
    if not value.isascii():
        value = value.encode("utf-8", "replace").decode()
    return " ".join(value.split())


def _list(fields: dict[str, Any], name: str) -> list[Any]:
    """A field that is a list; [] where it is missing or null."""
    value = fields.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise ValueError(f"{name} is no list: {value!r:.40}")
    return value


def _texts(fields: dict[str, Any], name: str) -> list[str]:
    """A field that is a list of texts, those that are empty left out."""
    return [text for one in _list(fields, name) if (text := _text({name: one}, name))]


def _authors(fields: dict[str, Any]) -> tuple[tuple[str, ...], bool]:
    """The authors, and whether they are all."""
    if parsed := _list(fields, "authors_parsed"):
        return tuple(name for parts in parsed if (name := _author(parts))), True
    if isinstance(fields.get("authors"), str):
        text = _IN_BRACKETS.sub(" ", _IN_BRACKETS.sub(" ", readable(_text(fields, "authors"))))
        names: list[str] = []
        for name in filter(None, map(str.strip, _BETWEEN_AUTHORS.split(" ".join(text.split())))):
            if names and _SUFFIX.fullmatch(name):
                names[-1] += f" {name}"
            else:
                names.append(name)
    else:
        names = [readable(name) for name in _texts(fields, "authors")]
    is_complete = bool(names) and names[-1] not in {"others", "et al."}
    return tuple(names if is_complete else names[:-1]), is_complete


def _author(parts: Any) -> str:
    """One author of `authors_parsed`: family name, given names, suffix, and perhaps an affiliation."""
    try:
        if not isinstance(parts, list):
            raise TypeError
        name = " ".join((*parts[1:2], parts[0], *parts[2:3])).replace(". -", ".-")
    except (TypeError, IndexError):
        raise ValueError(f"authors_parsed is no list of names: {parts!r:.40}") from None
    if not name.isascii():
        name = name.encode("utf-8", "replace").decode()
    return readable(name)


def _categories(fields: dict[str, Any]) -> list[str]:
    if isinstance(fields.get("categories"), str):
        return _text(fields, "categories").split()
    return _texts(fields, "categories")


def _count(fields: dict[str, Any], name: str) -> int:
    value = fields.get(name)
    if value is None:
        return 0
    if not isinstance(value, int) or value < 0:
        raise ValueError(f"{name} is no count: {value!r:.40}")
    return value


def _day(fields: dict[str, Any], name: str) -> date | None:
    text = _text(fields, name)
    return _date(text) if text else None


@lru_cache(maxsize=1 << 14)
def _date(text: str) -> date:
    return date.fromisoformat(text)


def _created(fields: dict[str, Any]) -> date | None:
    """The date of the first version."""
    versions = [one for one in _list(fields, "versions") if isinstance(one, dict)]
    first = next((one for one in versions if one.get("version") == "v1"), versions[0] if versions else {})
    created = first.get("created")
    found = _CREATED.match(created) if isinstance(created, str) else None
    if not found or found[2] not in _MONTHS:
        return None
    return date(int(found[3]), _MONTHS[found[2]], int(found[1]))


def _doi(text: str) -> str:
    """A DOI in the normal form, the first of several; "" for arXiv's own and for what is none."""
    if not text:
        return ""
    first = text.partition(" ")[0]
    doi = first.lower() if _DOI.fullmatch(first) else parse_doi(text) or ""
    return "" if doi.startswith(_ARXIV_DOI) else doi


def key_of(identifier: str) -> PaperKey | None:
    """The key of an identifier; None where it is none."""
    found = parse_arxiv_id(identifier)
    return arxiv_key(found[0]) if found else parse_key(identifier)
