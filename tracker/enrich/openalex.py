"""OpenAlex as two sources: by DOI or id of arXiv for up to 50 papers at once, and by title for one.

It is asked only where the reader has a key, on loopback too: without one a day's budget is spent after some
questions. The key is a parameter of the address, as OpenAlex wants it; no message shows the address.

Source: https://developers.openalex.org/api-reference/authentication (key, limits),
https://developers.openalex.org/guides/filtering, https://developers.openalex.org/guides/searching
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from tracker.enrich.base import Absent, Answer, Failed, Found, Matches, Record
from tracker.enrich.json_values import inner, number, text
from tracker.enrich.markup import plain_line
from tracker.enrich.openalex_work import FIELDS, keys_of, own_key, record_of
from tracker.enrich.service import OpenSession, Service, read_json
from tracker.errors import BadReply, SourceRefused
from tracker.identifiers import Doi, PaperKey, arxiv_id_of, arxiv_key, doi_of, key_of_doi, parse_arxiv_id
from tracker.models import Paper
from tracker.regex import regex
from tracker.settings import Settings

if TYPE_CHECKING:
    from tracker.net import OnWait

NAME = "OpenAlex"
PATH = "/works"
BATCH_SIZE = 50
"""Values in one filter. 100 are allowed, but the address may have 4094 bytes in all."""
_VALUES_BYTES = 3000
"""For the values in an address, quoted; the other parameters have 300 bytes."""
PER_PAGE = 100
"""Works on one page, the most there are: for some papers there are several works."""
MATCHES = 10
"""Works that a search brings: the right one is most often the first."""
_SEARCH_BYTES = 1500
"""Of a title, quoted: a Chinese one has nine bytes for a character."""
_MOST_PAGES = 4
"""Pages of one answer that are asked for; one is the rule."""
_NOT_IN_FILTERS = frozenset(',|+!"&<>*?~\\')
"""Characters that say something in a filter. Of DOIs, only some very old ones have such in them."""
_WORD = regex(r"\w+(?:[.'](?=\w)\w+)*")
"""A word of a title: "don't" and "3.5" are one, as they are in the index."""
_STRAY = Failed(f"{NAME} sends works that were not asked for", retryable=True)
_NO_LIST = Failed(f"there are no works of {NAME} at its address", retryable=False)
"""A list that has nothing in it is still a page: without one, something else answers."""
_PART = Failed(f"{NAME} sends only a part of the works that it has found", retryable=True)

GIVES = frozenset(
    {
        *(
            "title",
            "authors",
            "authors_complete",
            "published",
            "year",
            "abstract",
            "citations",
            "is_withdrawn",
        ),
        *("venue", "venue_kind", "venue_year", "volume", "issue", "pages", "publisher", "doi"),
        "published_title",
    }
)


class Page(NamedTuple):
    """One page of an answer."""

    works: list[dict[str, Any]]
    found: int
    """Works on all pages."""


def open_service(
    settings: Settings, *, on_wait: OnWait | None = None, open_session: OpenSession | None = None
) -> Service:
    """What both sources ask; with the reader's key, where there is one.

    Args: `on_wait` is told before each wait (see `net.OnWait`).
    """
    endpoint = settings.openalex
    return Service(
        NAME,
        endpoint,
        settings,
        check=check_page,
        params={"api_key": endpoint.secret} if endpoint.key else None,
        on_wait=on_wait,
        open_session=open_session,
    )


class OpenAlexById:
    """Works by DOI, or by the id of their preprint. See `Source` for what each member promises."""

    name = NAME
    gives = GIVES
    overrides = frozenset({"citations"})
    """Not that a paper was retracted: at times OpenAlex says so of one that was corrected."""
    batch_size = BATCH_SIZE
    home_of = ""
    is_search = False
    absent_days = 7.0

    def __init__(self, service: Service) -> None:
        """Args: `service` is that of `open_service`, shared with the search by title."""
        self._service = service
        self._knows_copies = True

    @property
    def service(self) -> str:
        """The address that is asked."""
        return f"{self._service.endpoint.url}{PATH}?filter=doi"

    def takes(self, paper: Paper) -> bool:
        """True for papers with an id of arXiv or of the ACL Anthology, or a DOI, where there is a key."""
        return _may_ask(self._service) and _doi_of(paper) is not None

    def ask(self, papers: Sequence[Paper]) -> dict[PaperKey, Answer]:
        """One question for all of them, and one for the preprints that have become part of a publication: those
        stand under its DOI, and are found by the address of the copy at arXiv.
        """
        doi_by_key = {paper.key: doi for paper in papers if (doi := _doi_of(paper))}
        answers: dict[PaperKey, Answer] = {paper.key: Absent() for paper in papers}
        answers |= self._answer_each(doi_by_key, "doi", lambda doi: [doi])
        preprints = {
            key: doi for key, doi in doi_by_key.items() if arxiv_id_of(key) and answers[key] == Absent()
        }
        return answers | (self._found_by_copies(preprints) if self._knows_copies else {})

    def close(self) -> None:
        """Closes the session, if one was opened."""
        self._service.close()

    def _found_by_copies(self, doi_by_key: dict[PaperKey, Doi]) -> dict[PaperKey, Answer]:
        """What is found, and what is not known because the service failed.

        A refusal of this question, or an answer to another one, says nothing against what was said before.
        """
        answers = self._answer_each(doi_by_key, "locations.landing_page_url", _pages_at_arxiv)
        self._knows_copies = not any(isinstance(a, Failed) and not a.retryable for a in answers.values())
        return {
            key: answer
            for key, answer in answers.items()
            if isinstance(answer, Found)
            or (isinstance(answer, Failed) and answer.retryable and answer != _STRAY)
        }

    def _answer_each(
        self, doi_by_key: dict[PaperKey, Doi], field: str, values_of: Any
    ) -> dict[PaperKey, Answer]:
        answers: dict[PaperKey, Answer] = {}
        for part in _parts(doi_by_key.items(), lambda item: values_of(item[1])):
            values = [value for _, doi in part for value in values_of(doi)]
            works, trouble = self._works(f"{field}:{'|'.join(values)}")
            answers |= matched(dict(part), works, trouble)
            if trouble and not trouble.retryable:  # the next part would be refused as well
                return dict.fromkeys(doi_by_key, trouble) | answers
        return answers

    def _works(self, question: str) -> tuple[list[dict[str, Any]], Failed | None]:
        """All works that the question finds, and what went wrong before they were all there."""
        works: dict[str, dict[str, Any]] = {}
        for number_of_page in range(1, _MOST_PAGES + 1):
            page = {"page": str(number_of_page)} if number_of_page > 1 else {}
            params = {"filter": question, "per-page": str(PER_PAGE), "select": FIELDS, **page}
            answer = self._service.ask(PATH, read_page, params=params)
            if isinstance(answer, Absent | Failed):
                return [*works.values()], answer if isinstance(answer, Failed) else _NO_LIST
            before = len(works)
            works |= {text(work, "id") or str(len(works) + at): work for at, work in enumerate(answer.works)}
            if len(works) >= answer.found:
                return [*works.values()], None
            if len(works) == before:
                break
        return [*works.values()], _PART


class OpenAlexByTitle:
    """Works whose title has all the words of a paper's. See `Source` for what each member promises."""

    name = NAME
    gives = GIVES
    overrides = frozenset[str]()
    batch_size = 1
    home_of = ""
    is_search = True
    absent_days = 7.0

    def __init__(self, service: Service) -> None:
        """Args: `service` is that of `open_service`, shared with the look-up by id."""
        self._service = service

    @property
    def service(self) -> str:
        """The address that is asked."""
        return f"{self._service.endpoint.url}{PATH}?filter=title.search"

    def takes(self, paper: Paper) -> bool:
        """True for papers with a title, where there is a key."""
        return _may_ask(self._service) and bool(search_words(paper.title))

    def ask(self, papers: Sequence[Paper]) -> dict[PaperKey, Answer]:
        """One question for each."""
        return {paper.key: self._search(paper) for paper in papers}

    def close(self) -> None:
        """Closes the session, if one was opened."""
        self._service.close()

    def _search(self, paper: Paper) -> Answer:
        params = {
            "filter": f"title.search:{search_words(paper.title)}",
            "per-page": str(MATCHES),
            "select": FIELDS,
        }
        answer = self._service.ask(PATH, lambda body: read_matches(body, paper.key), params=params)
        if isinstance(answer, Absent | Failed):
            return answer if isinstance(answer, Failed) else _NO_LIST
        return Matches(answer) if answer else Absent()


def check_page(body: bytes) -> None:
    """Nothing, where the body is a page of works.

    Raises:
        BadReply: it is something else.
        SourceRefused: it says what is wrong with the question.
    """
    reply = read_json(body, NAME)
    if isinstance(inner(reply, "results"), list):
        return
    if isinstance(inner(reply, "error"), str):
        said = f"{text(reply, 'error')}: {text(reply, 'message')}".rstrip(": ")
        status = 401 if "api key" in said.lower() else 400
        raise SourceRefused(f"{NAME} refuses the question ({said[:120]})", status)
    raise BadReply(f"{NAME} sends something that is no page of works")


def read_page(body: bytes) -> Page:
    """The works on a page.

    Raises:
        BadReply: the body is no such page.
    """
    reply = read_json(body, NAME)
    works = inner(reply, "results")
    if not isinstance(works, list) or not all(isinstance(work, dict) for work in works):
        raise BadReply(f"{NAME} sends something that is no page of works")
    return Page(works, number(reply, "meta", "count") or 0)


def read_matches(body: bytes, key: PaperKey) -> tuple[Record, ...]:
    """The records of a page that a search has brought, in its order.

    Args:
        key: of the paper that was searched for, for records that have no id of their own.

    Raises:
        BadReply: the body is no such page.
    """
    found = (record_of(work, own_key(work) or key) for work in read_page(body).works)
    return tuple(record for record in found if record)


def matched(
    doi_by_key: dict[PaperKey, Doi], works: Sequence[dict[str, Any]], trouble: Failed | None = None
) -> dict[PaperKey, Answer]:
    """Each paper with the work that names its id; without one it is absent, unless others came, or not all came.

    Of several works for one paper, one that says where it was published counts, otherwise the first.
    """
    asked_by_name = {name: key for key, doi in doi_by_key.items() for name in _names(key, doi)}
    found: dict[PaperKey, Record] = {}
    is_sound = True
    for work in works:
        keys = {asked_by_name[name] for name in keys_of(work) if name in asked_by_name}
        is_sound = is_sound and bool(keys)
        for key in keys:
            record = record_of(work, key)
            if record and (key not in found or (record.venue and not found[key].venue)):
                found[key] = record
    missing: Answer = trouble or (Absent() if is_sound else _STRAY)
    return {key: Found(found[key]) if key in found else missing for key in doi_by_key}


def search_words(title: str) -> str:
    """The words of a title as a search takes them: without what says something in a filter, and not too long.

    >>> search_words('QLoRA: "Efficient" Finetuning, GPT-3.5 | {LLM}s AND more')
    'qlora efficient finetuning gpt 3.5 llms and more'
    """
    words, size = list[str](), 0
    for word in _WORD.findall(plain_line(title).replace("’", "'").replace("_", " ").lower()):
        size += len(quote(word)) + 3
        if size > _SEARCH_BYTES:
            break
        words.append(word)
    return " ".join(words)


def _may_ask(service: Service) -> bool:
    return service.is_on and service.endpoint.key is not None


def _doi_of(paper: Paper) -> Doi | None:
    """The DOI by which a paper is asked for; None where it has none, or one that no filter can hold."""
    scheme, _, value = paper.key.partition(":")
    parsed = parse_arxiv_id(value) if scheme == "arXiv" else None
    found = doi_of(paper.key) or paper.doi
    if parsed:
        found = f"10.48550/arxiv.{parsed[0]}"
    elif not found and scheme == "acl":
        found = f"10.18653/v1/{value}"
    if not found or not found.isascii() or _NOT_IN_FILTERS & set(found):
        return None
    return Doi(found.lower())


def _names(key: PaperKey, doi: Doi) -> set[PaperKey]:
    """The keys under which a work may name the paper."""
    keyed = key_of_doi(doi)
    names = {PaperKey(f"doi:{doi}"), *([keyed[0]] if keyed else ())}
    parsed = parse_arxiv_id(arxiv_id_of(key) or "")
    return names | ({arxiv_key(parsed[0])} if parsed else set())


def _pages_at_arxiv(doi: Doi) -> list[str]:
    """The addresses under which a copy at arXiv is listed."""
    arxiv_id = doi.removeprefix("10.48550/arxiv.")
    return [f"http://arxiv.org/abs/{arxiv_id}", f"https://doi.org/{doi}"]


def _parts(items: Iterable[Any], values_of: Any) -> Iterator[list[Any]]:
    """The items in parts whose values fit into one question."""
    part, count, size = list[Any](), 0, 0
    for item in items:
        values = values_of(item)
        length = sum(len(quote(value, safe="")) + 3 for value in values)
        if part and (count + len(values) > BATCH_SIZE or size + length > _VALUES_BYTES):
            yield part
            part, count, size = [], 0, 0
        part.append(item)
        count, size = count + len(values), size + length
    if part:
        yield part
