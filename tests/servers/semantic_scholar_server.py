"""Semantic Scholar's Academic Graph on loopback: batches of papers by id, in its own format.

It merges the versions of a paper as the real service does: year and date are of the preprint, the venue is that
of the publication.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from tests.servers.facts import Facts, Publication, read_papers, read_publications
from tests.servers.loopback import JSON_FAULTS, NOT_FOUND, Exchange, LoopbackServer, Play, Reply, Request
from tests.servers.works import Work, full_date, works

PATH = "/graph/v1/paper/batch"
MOST_IDS = 500
_FIELDS = """
    title authors year publicationDate venue publicationVenue journal externalIds citationCount abstract
    publicationTypes corpusId url referenceCount influentialCitationCount isOpenAccess openAccessPdf
    fieldsOfStudy s2FieldsOfStudy citationStyles embedding tldr citations references paperId
"""
FIELDS = frozenset(_FIELDS.split())
ARXIV = {
    "id": "1901e811-ee72-4b20-8f7e-de08cd395a10",
    "name": "arXiv.org",
    "alternate_names": ["ArXiv"],
    "issn": "2331-8422",
    "url": "https://arxiv.org",
}


def item(work: Work) -> dict[str, Any]:
    """All that the service has of a paper, of the fields that are asked for here."""
    preprint, publication = work.preprint, work.publication
    return {
        "paperId": f"{work.number:08x}" * 5,
        "externalIds": _external_ids(work),
        "title": work.title,
        "abstract": f"No abstract of {work.title} is kept here.",
        "venue": _venue_name(work),
        "publicationVenue": _publication_venue(work),
        "year": int(work.date[:4]),
        "citationCount": publication.citations if publication else 7,
        "publicationTypes": ["JournalArticle"] if preprint else _types(work),
        "publicationDate": full_date(work.date) if len(work.date) > 4 else None,
        "journal": _journal(work),
        "authors": [
            {"authorId": str(work.number % 10**7 + place), "name": name}
            for place, name in enumerate(work.authors)
        ],
    }


def _external_ids(work: Work) -> dict[str, Any]:
    preprint, publication = work.preprint, work.publication
    doi = publication.doi if publication and publication.doi else ""
    ids = {
        "ArXiv": preprint.id if preprint else "",
        "DBLP": publication.dblp if publication else "",
        "ACL": publication.acl if publication else "",
        "DOI": doi or (f"10.48550/arXiv.{preprint.id}" if preprint else ""),
        "CorpusId": work.number,
    }
    return {name: value for name, value in ids.items() if value}


def _venue_name(work: Work) -> str:
    if work.publication:
        return work.publication.venue or ("bioRxiv" if work.publication.kind == "preprint" else "")
    return "arXiv.org"


def _publication_venue(work: Work) -> dict[str, Any] | None:
    publication = work.publication
    if publication is None:
        return dict(ARXIV)
    if not publication.venue:
        return None
    kind = {"journal": {"type": "journal"}, "proceedings": {"type": "conference"}}.get(publication.kind, {})
    return {
        "id": f"{work.number:08x}-0000",
        "name": publication.venue,
        **kind,
        "alternate_names": [publication.short],
    }


def _journal(work: Work) -> dict[str, Any] | None:
    publication = work.publication
    if publication and publication.doi and publication.venue:
        pages = f"\n          {publication.pages}\n        " if publication.pages else publication.article
        told = {"name": publication.venue, "pages": pages, "volume": publication.volume}
        return {name: value for name, value in told.items() if value}
    return {"name": "ArXiv", "volume": f"abs/{work.preprint.id}"} if work.preprint else None


def _types(work: Work) -> list[str] | None:
    kind = work.publication.kind if work.publication else ""
    return {"journal": ["JournalArticle"], "proceedings": ["Conference"], "book": ["BookSection"]}.get(kind)


def ids_of(work: Work) -> set[str]:
    """The ids by which a paper is known, as they are asked for, in lower case."""
    names = _external_ids(work)
    known = {f"{name}:{value}".lower() for name, value in names.items()}
    preprint = {f"doi:10.48550/arxiv.{work.preprint.id}"} if work.preprint else set()
    return known | preprint


def _change_list(change: Callable[[list[Any]], Any]) -> Play:
    """The fault that sends another list. Answers that are none are sent as they are."""

    def play(exchange: Exchange) -> None:
        items = json.loads(exchange.page)
        changed = change(items) if isinstance(items, list) else items
        exchange.send(json.dumps(changed), exchange.reply.status)

    return play


def _each(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[list[Any]], Any]:
    return lambda items: [change(one) if one else one for one in items]


class SemanticScholarServer(LoopbackServer):
    """The server; use as a context manager."""

    NAME = "semantic_scholar"
    FAULTS: ClassVar[Mapping[str, Play]] = {
        **JSON_FAULTS,
        "shuffled": _change_list(lambda items: items[::-1]),
        "lacking one": _change_list(lambda items: items[:-1]),
        "nulls": _change_list(lambda items: [None] * len(items)),
        "numbers": _change_list(lambda items: list(range(len(items)))),
        "without ids": _change_list(_each(lambda one: {**one, "externalIds": None})),
        "without titles": _change_list(_each(lambda one: {**one, "title": None})),
        "error 200": lambda exchange: exchange.send(json.dumps({"error": "Internal error"})),
    }

    def __init__(
        self,
        papers: Mapping[str, Facts] | None = None,
        publications: Iterable[Publication] | None = None,
        *,
        key: str = "",
        **options: Any,
    ) -> None:
        """Knows `papers` and `publications` (default: those of the files); options as `LoopbackServer` takes them.

        Args:
            key: the only one that it accepts; "": any. It answers without one too.
        """
        super().__init__(**options)
        papers = read_papers() if papers is None else papers
        known = works(papers, read_publications(papers) if publications is None else publications)
        self._work_by_id = {one: work for work in known for one in ids_of(work)}
        self._key = key

    def ids_of(self, request: Request) -> tuple[str, ...]:
        """The ids in the body."""
        ids = request.body.get("ids") if isinstance(request.body, dict) else None
        return tuple(map(str, ids)) if isinstance(ids, list) else ()

    def answer(self, request: Request) -> Reply:
        """A list in the order of the ids, with null for those that are not known."""
        sent = request.headers.get("x-api-key")
        if self._key and sent not in (None, self._key):
            return Reply(json.dumps({"message": "Forbidden"}), 403)
        if request.path != PATH or request.method != "POST":
            return NOT_FOUND
        fields = request.params.get("fields", "paperId,title").split(",")
        if wrong := [name for name in fields if name.partition(".")[0] not in FIELDS]:
            return _refusal(f"Unrecognized or unsupported fields: [{', '.join(wrong)}]")
        if wrong := [name for name in request.params if name != "fields"]:
            return _refusal(f"Unacceptable query params: [{wrong[0]}={request.params[wrong[0]]}]")
        if len(request.ids) > MOST_IDS:
            return _refusal(f"Too many ids: {len(request.ids)}. At most {MOST_IDS} paper ids can be given")
        found = [self._work_by_id.get(one.lower()) for one in request.ids]
        if not any(found):
            return _refusal("No valid paper ids given")
        return Reply(json.dumps([_selected(item(work), fields) if work else None for work in found]))

    def other_record(self, request: Request) -> Reply:
        """The list with another paper in the place of the first one."""
        fields = request.params.get("fields", "").split(",")
        other = next(
            work for name, work in self._work_by_id.items() if name not in map(str.lower, request.ids)
        )
        items = json.loads(self.answer(request).page)
        rest = items[1:] if isinstance(items, list) else []
        return Reply(json.dumps([_selected(item(other), fields), *rest]))


def _selected(one: dict[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    return {"paperId": one["paperId"], **{name: one[name] for name in fields if name in one}}


def _refusal(reason: str) -> Reply:
    return Reply(json.dumps({"error": reason}), 400)
