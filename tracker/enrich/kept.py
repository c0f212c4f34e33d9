"""What is in the folder of kept answers, for people: how much of which service, what of one paper; and away with it.

Beside `cache`, which serves the enrichment and never fails: here a file that cannot be used is told as it is, and
nothing is made or mended by looking.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from tracker import pace
from tracker.enrich.cache import FILE_NAME, SCHEMA, Kept, kept_of
from tracker.errors import InputError
from tracker.identifiers import PaperKey
from tracker.settings import SERVICES, Settings

_NAMES = {"dblp": "DBLP", "openalex": "OpenAlex", "openreview": "OpenReview", "acl": "ACL Anthology"}
_SUMS = """
    SELECT service, count(*), sum(record IS NULL), sum(coalesce(record LIKE '[%', 0)), min(retrieved), max(retrieved)
    FROM answer GROUP BY service ORDER BY service
"""
_ABOUT = """
    SELECT service, retrieved, record FROM answer
    WHERE key = ?1 OR substr(key, 1, length(?1) + 1) = ?1 || ' ' ORDER BY service, retrieved
"""
"""With the answers about the DOIs that the paper had: they are kept under its key and the DOI."""


class ServiceSum(NamedTuple):
    """How much of one service is kept."""

    address: str
    """As it stands in the file; see `shown_address`."""
    found: int
    """Papers that it has."""
    searches: int
    """Papers that were searched for by title, whatever came of it."""
    absent: int
    """Papers that it does not have."""
    oldest: str
    """When the oldest of these answers came: a day."""
    newest: str

    @property
    def answers(self) -> int:
        """All of them."""
        return self.found + self.searches + self.absent


def file_of(cache_dir: Path) -> Path:
    """The file of the answers."""
    return cache_dir / FILE_NAME


def sums(cache_dir: Path) -> list[ServiceSum]:
    """How much of each service is kept, sorted by address; nothing where there is no file.

    Raises:
        InputError: the file cannot be read.
    """
    with _reading(cache_dir) as file:
        rows = file.execute(_SUMS).fetchall() if file else []
    return [
        ServiceSum(address, count - absent - searches, searches, absent, oldest[:10], newest[:10])
        for address, count, absent, searches, oldest, newest in rows
    ]


def asked_on(cache_dir: Path, day: date) -> dict[str, int]:
    """How often each machine was asked on a day (UTC), by its name, those that were, sorted."""
    files = sorted(cache_dir.glob("pace-*.lock"))
    counts = {file.stem.removeprefix("pace-"): pace.asked_on(file, day) for file in files}
    return {name: count for name, count in counts.items() if count}


def answers_about(cache_dir: Path, keys: Iterable[PaperKey]) -> list[tuple[str, PaperKey, Kept]]:
    """Address, key and answer of all that is kept about some papers, in the order of keys and addresses.

    Raises:
        InputError: the file cannot be read.
    """
    found = []
    with _reading(cache_dir) as file:
        for key in keys if file else ():
            for address, *row in file.execute(_ABOUT, (key,)) if file else ():
                if kept := kept_of(*row):
                    found.append((address, key, kept))
    return found


def clear(
    cache_dir: Path, *, addresses: Collection[str] | None = None, before: datetime | None = None
) -> int:
    """Take answers away: those of these services, those that came before a moment, or all; how many it were.

    The pace and the budget of the day of each service stay known, so that clearing never makes it be asked too
    often. A file that is damaged, or of another version of the program, goes only where all is to go.

    Raises:
        InputError: the file cannot be written.
    """
    path = file_of(cache_dir)
    is_all = addresses is None and before is None
    try:
        if is_all:
            path.with_suffix(".damaged").unlink(missing_ok=True)
        if not path.exists() or path.stat().st_size == 0:
            return 0
        with contextlib.closing(sqlite3.connect(path, timeout=5.0, isolation_level=None)) as file:
            if file.execute("PRAGMA user_version").fetchone() == (SCHEMA,):
                return _delete(file, addresses, before)
        if not is_all:
            raise _of_another_version(path)
        path.unlink()
        return 0
    except sqlite3.OperationalError as error:
        raise InputError(f"{path}: the kept answers cannot be cleared: {error}") from None
    except sqlite3.DatabaseError as error:
        if not is_all:
            raise _damaged(path, error) from None
        path.unlink(missing_ok=True)
        return 0
    except OSError as error:
        raise InputError(f"{path}: the kept answers cannot be cleared: {error.strerror or error}") from None


def _delete(file: sqlite3.Connection, addresses: Collection[str] | None, before: datetime | None) -> int:
    moment = before.astimezone(UTC).isoformat() if before else None
    count = 0
    file.execute("BEGIN IMMEDIATE")
    for address in [None] if addresses is None else sorted(addresses):
        count += file.execute(
            "DELETE FROM answer WHERE (?1 IS NULL OR service = ?1) AND (?2 IS NULL OR retrieved < ?2)",
            (address, moment),
        ).rowcount
    file.execute("COMMIT")
    with contextlib.suppress(sqlite3.OperationalError):  # somebody reads it: it stays as large as it is
        file.execute("VACUUM")
    return count


@contextlib.contextmanager
def _reading(cache_dir: Path) -> Iterator[sqlite3.Connection | None]:
    """The file, opened to be read only; None where there is none, or nothing is in it yet."""
    path = file_of(cache_dir)
    try:
        if not path.exists() or path.stat().st_size == 0:
            yield None
            return
        with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as file:
            (version,) = file.execute("PRAGMA user_version").fetchone()
            if version != SCHEMA:
                raise _of_another_version(path)
            yield file
    except sqlite3.OperationalError as error:
        raise InputError(f"{path}: the kept answers cannot be read: {error}") from None
    except sqlite3.DatabaseError as error:
        raise _damaged(path, error) from None
    except OSError as error:
        raise InputError(f"{path}: the kept answers cannot be read: {error.strerror or error}") from None


def _of_another_version(path: Path) -> InputError:
    return InputError(f"{path} was made by another version of Tracker; `tracker cache clear` removes it")


def _damaged(path: Path, error: Exception) -> InputError:
    return InputError(f"{path} is damaged ({error}); `tracker cache clear` removes it, nothing else is lost")


# --- names -------------------------------------------------------------------------------------


def name_of(address: str, settings: Settings) -> str:
    """What people call the service at an address; "" where neither the settings nor the defaults know one there.

    So the answers of a service that was switched off since keep its name.

    >>> here = Settings(library_path=Path("l"), cache_dir=Path("c"))
    >>> name_of("https://api.crossref.org/works/doi", here), name_of("https://export.arxiv.org/api/query", here)
    ('Crossref', 'arXiv')
    """
    usual = Settings.model_fields
    if address in (settings.arxiv_url, usual["arxiv_url"].default):
        return "arXiv"
    for service in SERVICES:
        for url in (getattr(settings, service).url, usual[service].default.url):
            if url and f"{address}/".startswith((f"{url}/", f"{url}?")):
                return _NAMES.get(service) or service.replace("_", " ").title()
    return ""


def addresses_named(name: str, sums: Iterable[ServiceSum], settings: Settings) -> list[str]:
    """Those of the addresses that a service's name, or a part of the address, means."""
    wanted = _letters(name)
    if not wanted:
        return []
    return [
        one.address
        for one in sums
        if wanted in _letters(name_of(one.address, settings)) or wanted in _letters(one.address)
    ]


def shown_address(address: str) -> str:
    """An address without what may be secret in it: neither names and passwords, nor what a question carries.

    >>> shown_address("https://me:word@mirror.example:8000/api?key=secret")
    'https://mirror.example:8000/api'
    >>> shown_address("https://api.openalex.org/works?filter=doi")
    'https://api.openalex.org/works?filter=doi'
    """
    try:
        parts = urlsplit(address)
        is_open = all(name == "filter" for name, _ in parse_qsl(parts.query, keep_blank_values=True))
    except ValueError:
        return "an address that cannot be read"
    return urlunsplit(
        (parts.scheme, parts.netloc.rpartition("@")[2], parts.path, parts.query if is_open else "", "")
    )


def _letters(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())
