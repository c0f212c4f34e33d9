"""Semantic Scholar as a source: up to 500 papers by their ids in one question, with a key or without.

Each answer is matched by the ids that it names itself. Its records merge the preprint with the publication,
and what they say of the two is kept apart here: the date, and often the year, are those of the preprint.

Source: https://api.semanticscholar.org/api-docs/graph#tag/Paper-Data/operation/post_graph_get_papers
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tracker.enrich.base import Absent, Answer, Failed, Found, Record
from tracker.enrich.json_values import day, each, inner, number, text, words, year
from tracker.enrich.pages import page_range
from tracker.enrich.preprints import doi_of_publication, is_preprint_doi, is_preprint_place
from tracker.enrich.retractions import without_mark
from tracker.enrich.service import OpenSession, RecordRefused, Service, read_json
from tracker.errors import BadReply, SourceRefused
from tracker.identifiers import (
    ArxivId,
    PaperKey,
    acl_key,
    arxiv_id_of,
    arxiv_key,
    doi_of,
    key_of_doi,
    parse_acl_id,
    parse_arxiv_id,
    parse_doi,
    year_month_of,
)
from tracker.keys import title_key
from tracker.models import Paper, VenueKind
from tracker.regex import regex
from tracker.settings import Settings

if TYPE_CHECKING:
    from tracker.net import OnWait

NAME = "Semantic Scholar"
BATCH_SIZE = 500
"""Ids in one question, as documented; more are refused."""
PATH = "/graph/v1/paper/batch"
FIELDS = (
    "title,authors,year,publicationDate,venue,publicationVenue,journal,externalIds,citationCount,abstract,"
    "publicationTypes"
)
_NONE_KNOWN = "no valid paper ids"
"""Of the refusal (HTTP 400) that stands for a batch of which not a single paper is known."""
_STRAY = Failed(f"{NAME} sends a record of another paper than asked", retryable=True)
_NOTHING = Failed(f"{NAME} knows none of these papers", retryable=False)
_NO_LIST = Failed(f"there are no papers of {NAME} at its address", retryable=False)


class SemanticScholar:
    """The Academic Graph at `settings.semantic_scholar`. See `Source` for what each member promises."""

    name = NAME
    gives = frozenset(
        {
            *("title", "authors", "authors_complete", "published", "year", "abstract", "citations"),
            *("is_withdrawn", "venue", "venue_kind", "venue_year", "volume", "pages", "doi"),
            "published_title",
        }
    )
    overrides = frozenset({"citations", "is_withdrawn"})
    batch_size = BATCH_SIZE
    home_of = ""
    is_search = False
    absent_days = 7.0
    """New papers of arXiv are there after some days."""

    def __init__(
        self, settings: Settings, *, on_wait: OnWait | None = None, open_session: OpenSession | None = None
    ) -> None:
        """Args: `on_wait` is told before each wait (see `net.OnWait`)."""
        endpoint = settings.semantic_scholar
        self._service = Service(
            NAME,
            endpoint,
            settings,
            check=check_batch,
            headers={"x-api-key": endpoint.secret} if endpoint.key else None,
            on_wait=on_wait,
            open_session=open_session,
        )

    @property
    def service(self) -> str:
        """The address that is asked."""
        return f"{self._service.endpoint.url}{PATH}"

    def takes(self, paper: Paper) -> bool:
        """True for papers with an id of arXiv or of the ACL Anthology, or a DOI."""
        return self._service.is_on and question_of(paper) is not None

    def ask(self, papers: Sequence[Paper]) -> dict[PaperKey, Answer]:
        """One question for all of them."""
        questions = [question_of(paper) for paper in papers]
        asked = [(paper, one) for paper, one in zip(papers, questions, strict=True) if one]
        answers: dict[PaperKey, Answer] = {paper.key: Absent() for paper in papers}
        if not asked:
            return answers
        known = [paper for paper, _ in asked]
        answer = self._service.ask(
            PATH,
            lambda body: read_batch(body, known),
            params={"fields": FIELDS},
            body={"ids": [one for _, one in asked]},
        )
        if answer == _NOTHING:
            return answers
        if isinstance(answer, Absent | Failed):
            failure = answer if isinstance(answer, Failed) else _NO_LIST
            return answers | dict.fromkeys((paper.key for paper in known), failure)
        return answers | answer

    def close(self) -> None:
        """Closes the session, if one was opened."""
        self._service.close()


def question_of(paper: Paper) -> str | None:
    """The paper's id as Semantic Scholar writes it; None where it has none that is known there.

    >>> question_of(Paper(key=PaperKey("arXiv:2305.14314"), title=""))
    'ARXIV:2305.14314'
    """
    scheme, _, value = paper.key.partition(":")
    if scheme == "arXiv":
        parsed = parse_arxiv_id(value)
        return f"ARXIV:{parsed[0]}" if parsed else None
    if scheme == "acl":
        return f"ACL:{value}"
    doi = doi_of(paper.key) or (paper.doi and parse_doi(paper.doi))
    return f"DOI:{doi}" if doi else None


def check_batch(body: bytes) -> None:
    """Nothing, where the body is a list, as an answer should be.

    Raises:
        BadReply: it is something else.
        RecordRefused: it says that not a single paper of the batch is known.
        SourceRefused: it says what is wrong with the question.
    """
    reply = read_json(body, NAME)
    if isinstance(reply, list):
        return
    said = text(reply, "error") or text(reply, "message")
    if _NONE_KNOWN in said.lower():
        raise RecordRefused(_NOTHING.reason)
    if text(reply, "error"):
        raise SourceRefused(f"{NAME} refuses the question: {said[:120]}")
    raise BadReply(f"{NAME} sends something that is no list of records")


def read_batch(body: bytes, papers: Sequence[Paper]) -> dict[PaperKey, Answer]:
    """The answer for each paper of a question: the item that names its id, wherever that stands in the list.

    A null in its place says that it is not known. An item in its place that does not name its id counts only
    where it has the very title: it may name another DOI of the same paper.

    Raises:
        BadReply: the body is no list of records.
    """
    items = read_json(body, NAME)
    if not isinstance(items, list) or not all(item is None or isinstance(item, dict) for item in items):
        raise BadReply(f"{NAME} sends something that is no list of records")
    item_by_key = {key: item for item in items if item for key in keys_of(item)}
    answers: dict[PaperKey, Answer] = {}
    for position, paper in enumerate(papers):
        there, key = items[position] if position < len(items) else {}, _plain_key(paper)
        own = there if there and key in keys_of(there) else item_by_key.get(key)
        answers[paper.key] = _answer(paper, own, there)
    return answers


def _answer(paper: Paper, own: dict[str, Any] | None, there: dict[str, Any] | None) -> Answer:
    """Args:
    own: the item that names the paper's id.
    there: the item in its place; None for a null.
    """
    if own is None and there is None:
        return Absent()
    record = record_of(paper.key, own or there or {})
    if own is None and not (record.title and title_key(record.title) == title_key(paper.title)):
        return _STRAY
    return Found(record) if record.title else Absent()


def _plain_key(paper: Paper) -> PaperKey:
    """The key under which an item is found that names the paper's id."""
    if arxiv_id_of(paper.key):
        parsed = parse_arxiv_id(arxiv_id_of(paper.key) or "")
        return arxiv_key(parsed[0]) if parsed else paper.key
    if paper.key.startswith("acl:"):
        return paper.key
    keyed = key_of_doi(doi_of(paper.key) or paper.doi or "")
    return keyed[0] if keyed else paper.key


def keys_of(item: dict[str, Any]) -> set[PaperKey]:
    """The keys of the ids that an item names."""
    keys: set[PaperKey] = set()
    if arxiv_id := _arxiv_id(item):
        keys.add(arxiv_key(arxiv_id))
    if acl_id := parse_acl_id(text(item, "externalIds", "ACL")):
        keys.add(acl_key(acl_id))
    if (doi := parse_doi(text(item, "externalIds", "DOI"))) and (keyed := key_of_doi(doi)):
        keys |= {keyed[0], PaperKey(f"doi:{doi}")}
    return keys


def record_of(key: PaperKey, item: dict[str, Any]) -> Record:
    """What an item says, as the record of the paper that was asked about. Without a title it says nothing."""
    arxiv_id, doi = _arxiv_id(item), doi_of_publication(text(item, "externalIds", "DOI"))
    venue, kind = _venue(item), _kind(item)
    title, is_marked = without_mark(words(item, "title"))
    is_preprint = not venue and not doi and (bool(arxiv_id) or _is_at_preprint_server(item))
    is_published_alone = bool(venue or doi) and not arxiv_id
    names = [words(author, "name") for author in each(item, "authors")]
    journal = None if is_preprint_place(text(item, "journal", "name")) else item.get("journal")
    return Record(
        key=key,
        title=title,
        authors=tuple(names) if all(names) else (),
        published=day(item, "publicationDate") if is_preprint or is_published_alone else None,
        venue=venue,
        venue_kind=kind if venue else None,
        venue_year=_venue_year(item, arxiv_id) if venue or doi else None,
        volume=text(journal, "volume") or None if venue else None,
        pages=page_range(text(journal, "pages")) if venue else None,
        doi=doi,
        arxiv_id=arxiv_id,
        is_preprint=is_preprint,
        citations=number(item, "citationCount"),
        abstract=words(item, "abstract") or None,
        is_withdrawn=True if is_marked else None,
    )


def _arxiv_id(item: dict[str, Any]) -> ArxivId | None:
    parsed = parse_arxiv_id(text(item, "externalIds", "ArXiv"))
    if parsed is None and (doi := parse_doi(text(item, "externalIds", "DOI"))):
        keyed = key_of_doi(doi)
        return arxiv_id_of(keyed[0]) if keyed else None
    return parsed[0] if parsed else None


def _venue(item: dict[str, Any]) -> str | None:
    """Where it was published, in full where that is known; None for preprint servers."""
    named = (
        words(item, "publicationVenue", "name"),
        words(item, "venue"),
        words(item, "journal", "name"),
    )
    if any(map(is_preprint_place, named[:2])):
        return None
    return next((name for name in named if name and not is_preprint_place(name)), None)


def _is_at_preprint_server(item: dict[str, Any]) -> bool:
    doi = parse_doi(text(item, "externalIds", "DOI"))
    places = (
        text(item, "publicationVenue", "name"),
        text(item, "venue"),
        text(item, "journal", "name"),
    )
    return any(map(is_preprint_place, places)) or bool(doi and is_preprint_doi(doi))


_DBLP = regex(r"(conf|journals|books|series)/(?!corr/)[^/]+/.*?([0-9]{2})[a-z]{0,2}$")
"""DBLP's name of a paper ends with the year of its publication: "conf/nips/VaswaniSPUJGKP17"."""
_YEARS_APART = 4
"""Between the year that is given, most often the preprint's, and that of the publication."""


def _kind(item: dict[str, Any]) -> VenueKind | None:
    """What it was published in. That arXiv is a journal, as its types say, is not taken."""
    dblp = _DBLP.match(text(item, "externalIds", "DBLP"))
    types = inner(item, "publicationTypes")
    told = set(map(str, types)) if isinstance(types, list) else set()
    venue = text(item, "publicationVenue", "type")
    if (
        (dblp and dblp[1] == "conf")
        or venue == "conference"
        or (not dblp and not venue and "Conference" in told)
    ):
        return VenueKind.PROCEEDINGS
    if (dblp and dblp[1] == "journals") or venue == "journal":
        return VenueKind.JOURNAL
    if told & {"Book", "BookSection"}:
        return VenueKind.BOOK
    return VenueKind.JOURNAL if "JournalArticle" in told else None


def _venue_year(item: dict[str, Any], arxiv_id: ArxivId | None) -> int | None:
    """The year of the publication: told by DBLP's name of it or, where it cannot be the preprint's, as given."""
    given = year(item, "year")
    if dblp := _DBLP.match(text(item, "externalIds", "DBLP")):
        told = 1900 + int(dblp[2]) if int(dblp[2]) >= 50 else 2000 + int(dblp[2])
        if given is None or abs(told - given) <= _YEARS_APART:  # "conf/acl/P31" has no year in it
            return told
    return None if arxiv_id and given == year_month_of(arxiv_id)[0] else given
