"""Crossref as two sources: works by DOI, many in one question, and works by title and author.

Source: https://api.crossref.org/swagger-ui/index.html, https://gitlab.com/crossref/rest_api/-/issues/160
(several filters of one name are OR-ed)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from tracker.enrich.base import Absent, Answer, Failed, Found, Matches, Record
from tracker.enrich.crossref_record import is_paper, record_of
from tracker.enrich.json_values import each, inner, text
from tracker.enrich.service import OpenSession, Service, read_json
from tracker.errors import BadReply, SourceRefused
from tracker.identifiers import Doi, PaperKey, doi_of
from tracker.models import Paper
from tracker.regex import regex
from tracker.settings import Settings

if TYPE_CHECKING:
    from tracker.net import OnWait

NAME = "Crossref"
BATCH_SIZE = 40
"""DOIs in one question."""
LONGEST_FILTER = 3000
"""Characters of the filter as it is sent; with the rest the address stays below 4 kB."""
ROWS = 5
"""Works that a search is asked for; the paper is nearly always the first one."""
SELECT = ",".join(
    (
        *(
            "DOI",
            "type",
            "title",
            "subtitle",
            "author",
            "container-title",
            "event",
            "volume",
            "issue",
            "page",
        ),
        *("article-number", "publisher", "published-print", "published-online", "published", "issued"),
        *("relation", "is-referenced-by-count", "abstract", "update-to", "updated-by"),
    )
)
"""All that is read. A name that is none of `/works` would have every question refused."""
_SENDABLE = regex(r"[a-z0-9./_()-]+")
"""DOIs that may stand in a filter, in which commas and colons have a meaning."""
_ELSEWHERE = ("10.48550/", "10.5281/", "10.6084/")
"""What begins the DOIs of arXiv, Zenodo and figshare, which DataCite registers."""
_NO_LIST = Failed(f"there are no works of {NAME} at its address", retryable=False)
"""A list that has nothing in it is still a page: without one, something else answers."""
_LONGEST_QUERY = 300
"""Characters of a title or a name that are searched for."""

Parsed = TypeVar("Parsed")


def open_service(
    settings: Settings, *, on_wait: OnWait | None = None, open_session: OpenSession | None = None
) -> Service:
    """What the sources of Crossref share: the session, the pace and the budget of the day."""
    endpoint = settings.crossref
    return Service(
        NAME,
        endpoint,
        settings,
        check=check_reply,
        headers={"Crossref-Plus-API-Token": f"Bearer {endpoint.secret}"} if endpoint.key else None,
        on_wait=on_wait,
        open_session=open_session,
    )


class _Crossref:
    """What its sources have in common."""

    name = NAME
    gives = frozenset(
        {
            *("title", "authors", "authors_complete", "published", "year", "abstract", "citations"),
            *("venue", "venue_kind", "venue_year", "volume", "issue", "pages", "publisher", "doi"),
            *("published_title", "is_withdrawn"),
        }
    )
    absent_days = 7.0
    """Publishers register their papers when they appear, and some weeks later."""

    def __init__(self, service: Service, contact: str) -> None:
        """Args:
        service: made by `open_service`; all sources of Crossref share one.
        contact: the reader's address, or "".
        """
        self._service = service
        self._contact = contact.strip() if re.fullmatch(r"\s*[^@\s]+@[^@\s]+\s*", contact) else ""

    def close(self) -> None:
        """Closes the session, if one was opened."""
        self._service.close()

    def _ask(
        self, path: str, read: Callable[[bytes], Parsed], params: Mapping[str, str]
    ) -> Parsed | Absent | Failed:
        polite = {"mailto": self._contact} if self._contact else {}
        return self._service.ask(path, read, params={**params, **polite})


class CrossrefByDoi(_Crossref):
    """The works of given DOIs. See `Source` for what each member promises."""

    overrides = frozenset(
        {
            *("venue", "venue_kind", "venue_year", "volume", "issue", "pages", "publisher"),
            *("citations", "is_withdrawn"),
        }
    )
    """What the publisher says of a publication goes over what authors typed in at arXiv."""
    batch_size = BATCH_SIZE
    home_of = "doi:"
    is_search = False

    @property
    def service(self) -> str:
        """The address that is asked."""
        return f"{self._service.endpoint.url}/works/doi"

    def takes(self, paper: Paper) -> bool:
        """True for papers with a DOI."""
        return self._service.is_on and _doi(paper) is not None

    def ask(self, papers: Sequence[Paper]) -> dict[PaperKey, Answer]:
        """One question for all DOIs that fit into it, single ones for those that a filter cannot carry, and for
        all where the one is refused: it may be for a single one of them.

        A DOI that Crossref does not list is `Absent`: it may be registered elsewhere, as with DataCite.
        """
        doi_by_key = {paper.key: doi for paper in papers if (doi := _doi(paper))}
        dois = list(dict.fromkeys(doi_by_key.values()))
        answer_by_doi: dict[Doi, Answer] = {}
        for batch in _batches([doi for doi in dois if _SENDABLE.fullmatch(doi)]):
            answer_by_doi |= self._ask_many(batch)
        for doi in dois:
            if doi not in answer_by_doi:
                answer_by_doi[doi] = self._ask_one(doi)
        return {
            paper.key: _for_key(answer_by_doi[doi_by_key[paper.key]], paper.key)
            if paper.key in doi_by_key
            else Absent()
            for paper in papers
        }

    def _ask_many(self, dois: list[Doi]) -> dict[Doi, Answer]:
        """What is known after one question for all of them; nothing where it was refused for one of them, and
        nothing of those that are not among works that were not asked for: they may be had one by one."""
        params = {"filter": ",".join(f"doi:{doi}" for doi in dois), "rows": str(len(dois)), "select": SELECT}
        answer = self._ask("/works", lambda body: read_works(body, dois), params)
        if isinstance(answer, dict):
            return {doi: one for doi, one in answer.items() if not isinstance(one, Failed)}
        if isinstance(answer, Failed) and not answer.retryable and len(dois) > 1:
            return {}
        return dict.fromkeys(dois, _NO_LIST if isinstance(answer, Absent) else answer)

    def _ask_one(self, doi: Doi) -> Answer:
        return self._ask(f"/works/{quote(doi, safe='')}", lambda body: read_work(body, doi), {})


class CrossrefByTitle(_Crossref):
    """A search by title and author. See `Source` for what each member promises."""

    overrides = frozenset({"is_withdrawn"})
    """That a paper was retracted arXiv need not know."""
    batch_size = 1
    home_of = ""
    is_search = True

    @property
    def service(self) -> str:
        """The address that is asked."""
        return f"{self._service.endpoint.url}/works/title"

    def takes(self, paper: Paper) -> bool:
        """True for papers of which title and an author are known."""
        return self._service.is_on and bool(paper.title and paper.authors)

    def ask(self, papers: Sequence[Paper]) -> dict[PaperKey, Answer]:
        """One search for each."""
        return {paper.key: self._search(paper) for paper in papers}

    def _search(self, paper: Paper) -> Answer:
        params = {
            "query.bibliographic": paper.title[:_LONGEST_QUERY],
            "query.author": paper.authors[0][:_LONGEST_QUERY],
            "rows": str(ROWS),
            "select": SELECT,
        }
        found = self._ask("/works", read_search, params)
        if isinstance(found, Absent | Failed):
            return found if isinstance(found, Failed) else _NO_LIST
        return Matches(found) if found else Absent()


def _doi(paper: Paper) -> Doi | None:
    """The DOI by which Crossref may know the paper; None where there is none."""
    doi = doi_of(paper.key) or (Doi(paper.doi.lower()) if paper.doi else None)
    return None if doi is None or doi.startswith(_ELSEWHERE) else doi


def _batches(dois: Sequence[Doi]) -> Iterator[list[Doi]]:
    """The DOIs in groups of which each makes a filter that is not too long."""
    batch, length = list[Doi](), 0
    for doi in dois:
        size = len(quote(f"doi:{doi},", safe=""))
        if batch and (length + size > LONGEST_FILTER or len(batch) == BATCH_SIZE):
            yield batch
            batch, length = [], 0
        batch.append(doi)
        length += size
    if batch:
        yield batch


def _for_key(answer: Answer, key: PaperKey) -> Answer:
    """The answer under the key that was asked. The date is that of the first version only where it has no other."""
    if not isinstance(answer, Found):
        return answer
    changes = {"key": key} if doi_of(key) else {"key": key, "published": None}
    return Found(answer.record.model_copy(update=changes))


# --- reading -----------------------------------------------------------------------------------


def check_reply(body: bytes) -> None:
    """Nothing, where the body is an answer.

    Raises:
        BadReply: it is something else.
        SourceRefused: it says what is wrong with the question.
    """
    reply = read_json(body, NAME)
    if text(reply, "status") == "ok":
        return
    if text(reply, "status") == "failed":
        said = "; ".join(text(one, "message") for one in each(reply, "message"))
        raise SourceRefused(f"{NAME} refuses the question: {said[:120]}")
    raise BadReply(f"{NAME} sends something that is no answer")


def read_works(body: bytes, dois: Sequence[Doi]) -> dict[Doi, Answer]:
    """The answer for each DOI of a question, matched by the DOI that a work names.

    Where works come that were not asked for, what is missing is not known to be absent.

    Raises:
        BadReply: the body is no list of works.
    """
    items = _items(body)
    item_by_doi = {text(item, "DOI").lower(): item for item in items}
    is_sound = item_by_doi.keys() <= set(dois) and len(items) <= len(dois)
    missing = Absent() if is_sound else Failed(f"{NAME} sends works that were not asked for", retryable=True)
    return {doi: _found(record_of(item)) if (item := item_by_doi.get(doi)) else missing for doi in dois}


def read_work(body: bytes, doi: Doi) -> Answer:
    """The answer for one DOI.

    Raises:
        BadReply: the body is no work, or another one.
    """
    item = inner(read_json(body, NAME), "message")
    if not isinstance(item, dict):
        raise BadReply(f"{NAME} sends something that is no work")
    if text(item, "DOI").lower() != doi:
        raise BadReply(f"{NAME} sends another work than asked")
    return _found(record_of(item))


def read_search(body: bytes) -> tuple[Record, ...]:
    """The papers among the works of a search, the likeliest first.

    Raises:
        BadReply: the body is no list of works.
    """
    records = (record_of(item) for item in _items(body) if is_paper(item))
    return tuple(record for record in records if record)


def _items(body: bytes) -> list[dict[str, Any]]:
    items = inner(read_json(body, NAME), "message", "items")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise BadReply(f"{NAME} sends something that is no list of works")
    return items


def _found(record: Record | None) -> Answer:
    return Found(record) if record else Absent()
