"""The ACL Anthology as a source: it gives the BibTeX of each of its papers under the paper's id.

Source: https://aclanthology.org/info/development/ (a page's address with ".bib"),
https://aclanthology.org/info/ids/ (ids)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from tracker.enrich.base import Answer, Found, Record
from tracker.enrich.markup import plain_line
from tracker.enrich.pages import page_range
from tracker.enrich.preprints import doi_of_publication
from tracker.enrich.service import OpenSession, Service
from tracker.errors import BadReply, InputError
from tracker.identifiers import PaperKey, parse_acl_id
from tracker.keys import is_braced, split_name
from tracker.models import Paper, VenueKind
from tracker.settings import Settings

if TYPE_CHECKING:
    from tracker.bibfile import ReadEntry
    from tracker.net import OnWait

NAME = "ACL Anthology"
LARGEST = 2**20
"""Bytes of an entry; one with its abstract has some 2 kB."""
_KINDS = {
    "inproceedings": VenueKind.PROCEEDINGS,
    "article": VenueKind.JOURNAL,
    "incollection": VenueKind.BOOK,
    "inbook": VenueKind.BOOK,
}


class AclAnthology:
    """The papers of the ACL Anthology. See `Source` for what each member promises."""

    name = NAME
    gives = frozenset(
        {
            *("title", "authors", "authors_complete", "abstract", "doi", "publisher"),
            *("venue", "venue_kind", "venue_year", "volume", "issue", "pages"),
        }
    )
    overrides = frozenset(
        {"venue", "venue_kind", "venue_year", "volume", "issue", "pages", "publisher", "doi"}
    )
    batch_size = 1
    home_of = "acl:"
    is_search = False
    absent_days = 7.0
    """Proceedings come there with the conference."""

    def __init__(
        self, settings: Settings, *, on_wait: OnWait | None = None, open_session: OpenSession | None = None
    ) -> None:
        """Args: `on_wait` is told before each wait (see `net.OnWait`)."""
        self._service = Service(
            NAME, settings.acl, settings, check=check_bib, on_wait=on_wait, open_session=open_session
        )

    @property
    def service(self) -> str:
        """The address that is asked."""
        return self._service.endpoint.url

    def takes(self, paper: Paper) -> bool:
        """True for keys of the Anthology."""
        return self._service.is_on and _acl_id(paper.key) is not None

    def ask(self, papers: Sequence[Paper]) -> dict[PaperKey, Answer]:
        """One question for each."""
        return {paper.key: self._ask_one(paper.key) for paper in papers}

    def close(self) -> None:
        """Closes the session, if one was opened."""
        self._service.close()

    def _ask_one(self, key: PaperKey) -> Answer:
        path = f"/{quote(_acl_id(key) or '', safe='')}.bib"
        return self._service.ask(path, lambda body: Found(read_entry(body, key)))


def _acl_id(key: PaperKey) -> str | None:
    return parse_acl_id(key.removeprefix("acl:")) if key.startswith("acl:") else None


# --- reading -----------------------------------------------------------------------------------


def check_bib(body: bytes) -> None:
    """Nothing, where the body is one whole entry.

    Raises:
        BadReply: it is something else, such as an HTML page, or cut.
    """
    _entry(body)


def read_entry(body: bytes, key: PaperKey) -> Record:
    """The record of the entry that the body is.

    Args:
        key: of the paper that was asked for.

    Raises:
        BadReply: the body is no entry, that of another paper, or without a title.
    """
    entry = _entry(body)
    if key not in entry.paper_keys:
        raise BadReply(f"{NAME} sends another paper than asked")
    fields = dict(entry.fields)

    def plain(*names: str) -> str | None:
        return next((line for name in names if (line := plain_line(fields.get(name, "")))), None)

    title, kind = plain("title"), _KINDS.get(entry.type)
    if title is None:
        raise BadReply(f"{NAME} sends an entry without a title")
    return Record(
        key=key,
        title=title,
        authors=() if entry.has_others else tuple(map(_name, entry.authors)),
        venue=plain("booktitle", "journal"),
        venue_kind=kind,
        venue_year=entry.year,
        volume=plain("volume"),
        issue=plain("number"),
        pages=page_range(plain("pages") or ""),
        publisher=plain("publisher"),
        doi=doi_of_publication(fields.get("doi", "")),
        abstract=plain("abstract"),
    )


def _entry(body: bytes) -> ReadEntry:
    """The only entry of the body."""
    from tracker import bibfile  # takes 30 ms to import, and is needed for what comes over the network only

    start = body[:200].lstrip()
    if not start:
        raise BadReply(f"{NAME} sends an empty page")
    if not start.startswith(b"@"):
        what = "an HTML page" if start[:1] == b"<" else "something"
        raise BadReply(f"{NAME} sends {what} that is no BibTeX")
    if len(body) > LARGEST:
        raise BadReply(f"{NAME} sends more than one entry can have")
    try:
        body.decode("utf-8")
        read = bibfile.read_bib(body, NAME)
    except (UnicodeDecodeError, InputError):
        raise BadReply(f"{NAME} sends something that is no text in UTF-8") from None
    if len(read.entries) != 1 or read.problems:
        raise BadReply(f"{NAME} sends cut or malformed BibTeX")
    return read.entries[0]


def _name(author: str) -> str:
    """A name of BibTeX ("van der Goot, Rob") in the order in which it is spoken."""
    if is_braced(author):
        return plain_line(author)
    name = split_name(author)
    return " ".join(filter(None, (name.given, name.family, name.suffix)))
