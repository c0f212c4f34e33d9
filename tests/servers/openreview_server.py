"""OpenReview's two APIs on loopback: a note by its id, wrapped up as API 2 does it or plain as API 1 does.

Both answer at one address, unless they are to be apart; then API 1 is at `api_1` and has the older submissions.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

from tests.servers.facts import Facts, Publication, read_papers, read_publications
from tests.servers.loopback import JSON_FAULTS, NOT_FOUND, Exchange, LoopbackServer, Play, Reply, Request
from tests.servers.works import full_date

PATH = "/notes"
PATH_OF_API_1 = "/api1/notes"
FIRST_OF_API_2 = 2023
"""Submissions to the conferences of this year and later are in API 2."""


def note(
    note_id: str,
    title: str,
    authors: Iterable[str],
    *,
    venue: str = "",
    venue_id: str = "",
    submitted: str = "2023-05-11",
    decided: str = "",
    replyto: str = "",
    is_of_api_1: bool = False,
) -> dict[str, Any]:
    """A note as an API gives it."""
    content: dict[str, Any] = {
        "title": title,
        "authors": list(authors),
        "authorids": [f"~{name.replace(' ', '_')}1" for name in authors],
        "keywords": ["language models"],
        "abstract": f"No abstract of {title} is kept here.",
        "venue": venue,
        "venueid": venue_id,
        "pdf": "/pdf/0123456789abcdef.pdf",
        "_bibtex": f"@inproceedings{{\nanonymous,\ntitle={{{title}}},\nurl={{https://openreview.net/forum?id={note_id}}}\n}}",
    }
    told = {name: value for name, value in content.items() if value}
    dates = {name: _milliseconds(submitted) for name in ("cdate", "tcdate")}
    dates |= {name: _milliseconds(decided or submitted) for name in ("mdate", "tmdate")}
    dates |= {"pdate": _milliseconds(decided)} if decided else {}
    common = {"id": note_id, "forum": replyto or note_id, "number": 1234, "readers": ["everyone"], **dates}
    if is_of_api_1:
        invitation = f"{venue_id}/-/Blind_Submission"
        return {
            **common,
            "original": None,
            "replyto": replyto or None,
            "ddate": None,
            "invitation": invitation,
            "content": told,
        }
    return {
        **common,
        "content": {name: {"value": value} for name, value in told.items()},
        "invitations": [f"{venue_id}/-/Submission"],
        "domain": venue_id,
        "license": "CC BY 4.0",
        "signatures": [f"{venue_id}/Submission1234/Authors"],
        "writers": [venue_id],
        "version": 2,
        **({"replyto": replyto} if replyto else {}),
    }


def submission(publication: Publication, paper: Facts | None) -> dict[str, Any]:
    """The note of a paper that was accepted."""
    year = publication.year
    short = publication.short.partition(" ")[0]
    return note(
        publication.openreview,
        publication.title,
        publication.authors,
        venue=f"{short} {year} {'poster' if year >= FIRST_OF_API_2 else 'Poster'}",
        venue_id=f"{short}.cc/{year}/Conference",
        submitted=paper.date if paper else full_date(publication.date),
        decided=full_date(publication.date),
        is_of_api_1=year < FIRST_OF_API_2,
    )


def _milliseconds(date: str) -> int:
    return int(datetime.fromisoformat(date).replace(tzinfo=UTC).timestamp() * 1000)


def error(name: str, message: str, status: int, **details: str) -> Reply:
    """A refusal in the service's form."""
    said = {
        "name": name,
        "message": message,
        "status": status,
        "details": {**details, "reqId": "2026-04-12-0123456"},
    }
    return Reply(json.dumps(said), status)


def _change_notes(change: Callable[[list[dict[str, Any]]], list[Any]]) -> Play:
    def play(exchange: Exchange) -> None:
        page = json.loads(exchange.page)
        if "notes" in page:
            page["notes"] = change(page["notes"])
        exchange.send(json.dumps(page), exchange.reply.status)

    return play


def _anonymous(one: dict[str, Any]) -> dict[str, Any]:
    wrapped = isinstance(one["content"]["title"], dict)
    names = ["Anonymous"]
    return {**one, "content": {**one["content"], "authors": {"value": names} if wrapped else names}}


class OpenReviewServer(LoopbackServer):
    """The server; use as a context manager."""

    NAME = "openreview"
    FAULTS: ClassVar[Mapping[str, Play]] = {
        **JSON_FAULTS,
        "no notes": _change_notes(lambda _: []),
        "numbers": _change_notes(lambda _: [1, 2]),
        "without titles": _change_notes(lambda notes: [{**one, "content": {}} for one in notes]),
        "blind": _change_notes(lambda notes: [_anonymous(one) for one in notes]),
        "error 200": lambda exchange: exchange.send(
            json.dumps({"name": "InternalServerError", "message": "Oops"})
        ),
    }

    def __init__(
        self,
        papers: Mapping[str, Facts] | None = None,
        publications: Iterable[Publication] | None = None,
        *,
        notes: Iterable[dict[str, Any]] = (),
        hidden: Iterable[str] = (),
        is_apart: bool = False,
        wants_token: bool = False,
        **options: Any,
    ) -> None:
        """Knows the publications that have an id of OpenReview; options as `LoopbackServer` takes them.

        Args:
            notes: known beside those.
            hidden: ids of notes that are not public.
            is_apart: each API has its own address, and not the other's notes.
            wants_token: those who send none are to show that they use a browser.
        """
        super().__init__(**options)
        papers = read_papers() if papers is None else papers
        known = read_publications(papers) if publications is None else publications
        own = [submission(one, papers.get(one.arxiv)) for one in known if one.openreview]
        self._note_by_id = {one["id"]: one for one in [*own, *notes]}
        self._hidden, self._is_apart, self._wants_token = frozenset(hidden), is_apart, wants_token

    @property
    def api_1(self) -> str:
        """The address of API 1, where the two are apart."""
        return f"{self.url}{PATH_OF_API_1.removesuffix(PATH)}"

    def ids_of(self, request: Request) -> tuple[str, ...]:
        """The id that is asked for."""
        return (request.params["id"],) if "id" in request.params else ()

    def answer(self, request: Request) -> Reply:
        """The note, in a list."""
        if request.path not in {PATH, PATH_OF_API_1} or request.method != "GET":
            return NOT_FOUND
        if self._wants_token and not request.headers.get("authorization", "").startswith("Bearer "):
            return error(
                "ChallengeRequiredError", "Challenge required", 403, challengeUrl="https://openreview.net/x"
            )
        if wrong := [name for name in request.params if name != "id"]:
            return error("AdditionalPropertiesError", f"The property {wrong[0]} must NOT be present", 400)
        note_id = request.params.get("id", "")
        if note_id in self._hidden:
            return error("ForbiddenError", f"User Guest does not have permission to see Note {note_id}", 403)
        found = self._note_by_id.get(note_id)
        is_there = not self._is_apart or ("original" in (found or {})) == (request.path == PATH_OF_API_1)
        if not found or not is_there:
            return error("NotFoundError", f"The Note {note_id} was not found", 404)
        return Reply(json.dumps({"notes": [found], "count": 1}))

    def other_record(self, request: Request) -> Reply:
        """Another note than asked."""
        other = next(one for name, one in self._note_by_id.items() if name not in request.ids)
        return Reply(json.dumps({"notes": [other], "count": 1}))
