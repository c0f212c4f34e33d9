"""DBLP as a source: a search by the words of a title and an author. It knows where papers without a DOI appeared.

Source: https://dblp.org/faq/13501473.html (the API), https://dblp.org/faq/1474706.html (its pace)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tracker.enrich.base import Absent, Answer, Failed, Matches, Record
from tracker.enrich.json_values import inner, number, text, words, year
from tracker.enrich.markup import plain_line
from tracker.enrich.pages import page_range
from tracker.enrich.preprints import doi_of_publication, is_preprint_doi, is_preprint_place
from tracker.enrich.retractions import without_mark
from tracker.enrich.service import OpenSession, Service, read_json
from tracker.errors import BadReply
from tracker.identifiers import (
    ArxivId,
    PaperKey,
    arxiv_id_of,
    arxiv_key,
    key_of_doi,
    parse_arxiv_id,
    parse_key,
)
from tracker.keys import family_name
from tracker.models import Paper, VenueKind
from tracker.regex import regex
from tracker.settings import Settings

if TYPE_CHECKING:
    from tracker.net import OnWait

NAME = "DBLP"
PATH = "/search/publ/api"
HITS = 10
"""Asked for: the preprint, the publication, and some that only share their words."""
MOST_WORDS = 12
"""Of a title that are searched for. All of them must be there, so that each one more finds less."""
_KINDS = {
    "Journal Articles": VenueKind.JOURNAL,
    "Conference and Workshop Papers": VenueKind.PROCEEDINGS,
    "Parts in Books or Collections": VenueKind.BOOK,
}
_INFORMAL = "Informal and Other Publications"
_NO_PAPERS = frozenset({"Editorship", "Data and Artifacts"})
_NO_LIST = Failed(f"there is no search of {NAME} at its address", retryable=False)
"""A list that has nothing in it is still a page: without one, something else answers."""
_HOMONYM = regex(r"\s+\d{4}$")
"""By which DBLP tells people of one name apart: "Wei Wang 0001"."""
_PART = regex(r"\s*\((?:\d{1,3}|Poster|poster|Oral)\)$")
"""The volume of proceedings, or how a paper was shown; "(Findings)" and "(Workshops)" are other venues."""


class DblpByTitle:
    """The publications of DBLP. See `Source` for what each member promises."""

    name = NAME
    gives = frozenset(
        {
            *("venue", "venue_kind", "venue_year", "volume", "issue", "pages", "doi", "published_title"),
            *("title", "authors", "authors_complete", "is_withdrawn"),
        }
    )
    overrides = frozenset({"is_withdrawn"})
    batch_size = 1
    home_of = ""
    is_search = True
    absent_days = 7.0
    """DBLP takes in the proceedings of a conference some weeks after it."""

    def __init__(
        self, settings: Settings, *, on_wait: OnWait | None = None, open_session: OpenSession | None = None
    ) -> None:
        """Args: `on_wait` is told before each wait (see `net.OnWait`)."""
        self._service = Service(
            NAME,
            settings.dblp,
            settings,
            check=check_reply,
            on_wait=on_wait,
            open_session=open_session,
        )

    @property
    def service(self) -> str:
        """The address that is asked."""
        return f"{self._service.endpoint.url}{PATH}"

    def takes(self, paper: Paper) -> bool:
        """True for papers of which title and an author are known."""
        return self._service.is_on and bool(paper.title and paper.authors) and bool(question_for(paper))

    def ask(self, papers: Sequence[Paper]) -> dict[PaperKey, Answer]:
        """One search for each."""
        return {paper.key: self._search(paper) for paper in papers}

    def close(self) -> None:
        """Closes the session, if one was opened."""
        self._service.close()

    def _search(self, paper: Paper) -> Answer:
        params = {"q": question_for(paper), "format": "json", "h": str(HITS), "c": "0"}
        found = self._service.ask(PATH, lambda body: read_search(body, paper.key), params=params)
        if isinstance(found, Absent | Failed):
            return found if isinstance(found, Failed) else _NO_LIST
        return Matches(found) if found else Absent()


def question_for(paper: Paper) -> str:
    """The words to search for: those of the title that tell something, and the first author's family name.

    Only letters and digits, for DBLP has operators ("|", "$", ":"); each word stands for all that begin so.

    >>> question_for(Paper(key=PaperKey("arXiv:1703.06870"), title="Mask R-CNN: A Study", authors=("Kaiming He",)))
    'Mask CNN Study He'
    """
    there = re.findall(r"[^\W_]+", paper.title)
    telling = [word for word in there if len(word) > 2 or not word.isascii()] or there
    family = re.findall(r"[^\W_]+", family_name(paper.authors[0]) if paper.authors else "")
    distinct = dict.fromkeys(telling)
    return " ".join((*list(distinct)[:MOST_WORDS], *family[-1:])) if telling else ""


# --- reading -----------------------------------------------------------------------------------


def check_reply(body: bytes) -> None:
    """Nothing, where the body is a whole answer.

    Raises:
        BadReply: it is something else, or has fewer hits than it says.
    """
    hits_of(body)


def hits_of(body: bytes) -> list[dict[str, Any]]:
    """The hits of an answer; none where DBLP has none.

    Raises:
        BadReply: the body is no answer, or has fewer hits than it says.
    """
    found = inner(read_json(body, NAME), "result", "hits")
    total, sent = number(found, "@total"), number(found, "@sent")
    if total is None:
        raise BadReply(f"{NAME} sends something that is no list of hits")
    hits = _listed(inner(found, "hit"))
    if len(hits) < (sent if sent is not None else min(total, 1)):
        raise BadReply(f"{NAME} sends fewer hits than it says")
    return [hit for hit in hits if isinstance(hit, dict)]


def read_search(body: bytes, key: PaperKey) -> tuple[Record, ...]:
    """The publications among the hits, in the order in which they came.

    Args:
        key: stands in the records of those that have no identifier.

    Raises:
        BadReply: the body is no answer.
    """
    infos = (inner(hit, "info") for hit in hits_of(body))
    records = (record_of(info, key) for info in infos if isinstance(info, dict))
    return tuple(record for record in records if record)


def record_of(info: dict[str, Any], key: PaperKey) -> Record | None:
    """The record of a hit; None where it has no title, or is no paper."""
    what = text(info, "type")
    title, is_retracted = without_mark(_title(words(info, "title")))
    if not title or what in _NO_PAPERS:
        return None
    doi, arxiv_id = doi_of_publication(text(info, "doi")), _arxiv_id(info)
    venue = _venue(info)
    is_preprint = what == _INFORMAL or is_preprint_doi(text(info, "doi").lower()) or not (venue or doi)
    own = key_of_doi(doi) if doi else None
    record = Record(
        key=own[0] if own else arxiv_key(arxiv_id) if arxiv_id else key,
        title=title,
        authors=_authors(info),
        arxiv_id=arxiv_id,
        is_preprint=is_preprint,
        is_withdrawn=True if is_retracted else None,
    )
    if is_preprint:
        return record
    return record.model_copy(
        update={
            "venue": venue,
            "venue_kind": _KINDS.get(what),
            "venue_year": year(info, "year"),
            "volume": text(info, "volume") or None,
            "issue": text(info, "number") or None,
            "pages": page_range(text(info, "pages")),
            "doi": doi,
        }
    )


def _listed(value: Any) -> list[Any]:
    """DBLP has lists of one element as that element."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _title(given: str) -> str:
    """The title without the full stop that DBLP puts behind each."""
    return given[:-1].rstrip() if given.endswith(".") and not given.endswith("..") else given


def _authors(info: dict[str, Any]) -> tuple[str, ...]:
    """All of them in order; none where one of them has no name."""
    names = []
    for author in _listed(inner(info, "authors", "author")):
        name = plain_line(author) if isinstance(author, str) else words(author, "text")
        names.append(_HOMONYM.sub("", name))
    return tuple(names) if all(names) else ()


def _venue(info: dict[str, Any]) -> str | None:
    """The first venue that is none for preprints, as DBLP shortens it."""
    named = (plain_line(name) for name in _listed(inner(info, "venue")) if isinstance(name, str))
    return next((_PART.sub("", name) for name in named if name and not is_preprint_place(name)), None)


def _arxiv_id(info: dict[str, Any]) -> ArxivId | None:
    volume = re.fullmatch(r"abs/(\S+)", text(info, "volume"))
    if volume and (parsed := parse_arxiv_id(volume[1])):
        return parsed[0]
    links = (link for link in _listed(inner(info, "ee")) if isinstance(link, str))
    for address in (text(info, "doi"), *links):
        if (key := parse_key(address[:500])) and (arxiv_id := arxiv_id_of(key)):
            return arxiv_id
    return None
