"""The paper that a person means on the command line."""

from __future__ import annotations

from tracker.catalogue import Catalogue
from tracker.errors import InputError
from tracker.identifiers import PaperKey, parse_key
from tracker.library import open_library
from tracker.models import Paper, StoredPaper
from tracker.settings import Settings


def found_papers(given: str, settings: Settings) -> list[tuple[Paper, StoredPaper | None]]:
    """The papers that an identifier, a name or a title denotes, with what the library knows of each.

    Raises:
        InputError: nothing is known by it.
    """
    catalogue = Catalogue.open(settings.catalogue_path)
    key = parse_key(given)
    keys = [key] if key else _keys_named(given, catalogue)
    found: list[tuple[Paper, StoredPaper | None]] = []
    with open_library(settings.library_path, create=False) as library:
        for one in keys:
            stored = library.paper(one)
            record = stored.paper if stored else catalogue.paper(one)
            if record:
                found.append((record, stored))
    if not found:
        raise InputError(
            f"{given}: neither the library nor the catalogue knows this paper; give its id or exact title"
        )
    return found


def _keys_named(name: str, catalogue: Catalogue) -> list[PaperKey]:
    rows = catalogue.rows_titled(name) or [
        alias.row for alias in sorted(catalogue.aliases_of(name), key=lambda a: (-a.count, a.row))
    ]
    return [catalogue.records.key(row) for row in dict.fromkeys(rows)][:5]
