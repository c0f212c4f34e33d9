"""Records in the format of arXiv's metadata snapshot, made up but for their form."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

Line = Mapping[str, Any]


def record(identifier: str, title: str, **fields: object) -> Line:
    """One record with the fields that every one has; `fields` go over them."""
    return {
        "id": identifier,
        "submitter": "A. Person",
        "authors": "Ann Author, Bo Writer",
        "title": title,
        "comments": "12 pages",
        "journal-ref": None,
        "doi": None,
        "report-no": None,
        "categories": "cs.LG stat.ML",
        "license": None,
        "abstract": "  Nothing is said\nhere.\n",
        "versions": [{"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"}],
        "update_date": "2024-05-06",
        "authors_parsed": [["Author", "Ann", ""], ["Writer", "Bo", "Jr."]],
        **fields,
    }


def lines(records: Iterable[Line]) -> bytes:
    """Records as JSON Lines."""
    return "".join(json.dumps(one) + "\n" for one in records).encode()


def write(path: Path, *records: Line) -> Path:
    """A file of records."""
    path.write_bytes(lines(records))
    return path
