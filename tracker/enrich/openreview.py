"""OpenReview as a source: a submission by its id, out of the API that has it.

API 2 has what was submitted since about 2023, API 1 the rest; an id that one does not have is asked of the
other. A token (`TRACKER_OPENREVIEW_KEY`) is sent where there is one: since 2026 the service often asks those
without one to prove in a browser that they are people.

Source: https://docs.openreview.net/reference/api-v2/entities/note,
https://docs.openreview.net/getting-started/using-the-api (the two APIs)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from tracker.enrich.base import Absent, Answer, Failed, Found, Record
from tracker.enrich.json_values import each, inner, text, words
from tracker.enrich.service import OpenSession, RecordRefused, Service, read_json
from tracker.errors import BadReply, SourceRefused, SourceUnavailable
from tracker.identifiers import PaperKey
from tracker.models import Paper, VenueKind
from tracker.regex import regex
from tracker.settings import Settings

if TYPE_CHECKING:
    from tracker.net import OnWait

NAME = "OpenReview"
PATH = "/notes"
_ID = regex(r"openreview:([A-Za-z0-9_-]{8,14})")
_NO_NOTE = Failed(f"{NAME} has no such note", retryable=False)
_NO_LIST = Failed(f"there are no notes of {NAME} at its address", retryable=False)
_STRAY = Failed(f"{NAME} sends a note that was not asked for", retryable=True)


class OpenReview:
    """The API at `settings.openreview`. See `Source` for what each member promises."""

    name = NAME
    gives = frozenset(
        {
            *("title", "authors", "authors_complete", "published", "year", "abstract", "is_withdrawn"),
            *("venue", "venue_kind", "venue_year"),
        }
    )
    overrides = frozenset({"title", "authors", "authors_complete", "published", "abstract", "is_withdrawn"})
    batch_size = 1
    home_of = "openreview:"
    is_search = False
    absent_days = 1.0
    """Submissions become public some days after they were sent."""

    def __init__(
        self,
        settings: Settings,
        *,
        api_1: str | None = None,
        on_wait: OnWait | None = None,
        open_session: OpenSession | None = None,
    ) -> None:
        """Args:
        api_1: address of API 1; None: `address_of_api_1`.
        on_wait: told before each wait (see `net.OnWait`).
        """
        endpoint = settings.openreview
        older = address_of_api_1(endpoint.url) if api_1 is None else api_1
        self._services = [
            Service(
                NAME,
                endpoint.model_copy(update={"url": url}),
                settings,
                check=check_notes,
                headers={"authorization": f"Bearer {endpoint.secret}"} if endpoint.key else None,
                on_wait=on_wait,
                open_session=open_session,
            )
            for url in (endpoint.url, older)
            if url
        ]

    @property
    def service(self) -> str:
        """The address that is asked first."""
        return f"{self._services[0].endpoint.url}{PATH}" if self._services else ""

    def takes(self, paper: Paper) -> bool:
        """True for keys of OpenReview."""
        return any(service.is_on for service in self._services) and bool(_ID.fullmatch(paper.key))

    def ask(self, papers: Sequence[Paper]) -> dict[PaperKey, Answer]:
        """One question for each, and a second one for what the first API does not have."""
        return {paper.key: self._ask_each_api(paper.key) for paper in papers}

    def close(self) -> None:
        """Closes the sessions, if any were opened."""
        for service in self._services:
            service.close()

    def _ask_each_api(self, key: PaperKey) -> Answer:
        found = _ID.fullmatch(key)
        for service in self._services if found else ():
            answer = service.ask(
                PATH, lambda body: read_notes(body, key), params={"id": found[1] if found else ""}
            )
            if isinstance(answer, Absent):
                return _NO_LIST
            if answer is not None and answer != _NO_NOTE:
                return answer
        return Absent()


def address_of_api_1(url: str) -> str:
    """The address of API 1 for that of API 2; "" where both are one, as with a server for tests.

    >>> address_of_api_1("https://api2.openreview.net"), address_of_api_1("http://127.0.0.1:8000")
    ('https://api.openreview.net', '')
    """
    older = re.sub(r"^(https?://)api2\.", r"\1api.", url)
    return "" if older == url else older


def check_notes(body: bytes) -> None:
    """Nothing, where the body is a list of notes.

    Raises:
        BadReply: it is something else.
        RecordRefused: there is no such note, or it is not for everybody.
        SourceUnavailable: the service wants a token, or a browser.
        SourceRefused: it says what is wrong with the question.
    """
    reply = read_json(body, NAME)
    if isinstance(inner(reply, "notes"), list):
        return
    name, said = text(reply, "name"), text(reply, "message")
    if name in {"ChallengeRequiredError", "TokenExpiredError", "UnauthorizedError"}:
        raise SourceUnavailable(f"{NAME} answers nobody without a valid token now ({name})")
    kind = f"{name} {said} {inner(reply, 'errors') or ''}".lower()[:500]  # API 1 at times tells it in a list
    if "notfound" in kind or "not found" in kind:
        raise RecordRefused(_NO_NOTE.reason)
    if "forbidden" in kind or "does not have permission" in kind:  # it names the account whose token was sent
        raise RecordRefused(f"{NAME} shows this submission to its committee only")
    if name.endswith("Error"):
        raise SourceRefused(f"{NAME} refuses the question ({name}: {said[:100]})")
    raise BadReply(f"{NAME} sends something that is no list of notes")


def read_notes(body: bytes, key: PaperKey) -> Found | Failed | None:
    """The submission of that key in an answer of either API; None where it is not there, or is no submission.

    Raises:
        BadReply: the body is no list of notes.
    """
    reply = read_json(body, NAME)
    if not isinstance(inner(reply, "notes"), list):
        raise BadReply(f"{NAME} sends something that is no list of notes")
    notes = each(reply, "notes")
    own = [note for note in notes if key == f"openreview:{text(note, 'id')}"]
    if not own:
        return _STRAY if notes or inner(reply, "notes") else None
    record = record_of(own[0], key)
    return Found(record) if record else None


def record_of(note: dict[str, Any], key: PaperKey) -> Record | None:
    """The record of a note; None where it is no submission, such as a review, or has no title."""
    content = note.get("content")
    title = words(_value(content, "title"))
    if not title or text(note, "replyto") not in {"", text(note, "id")}:
        return None
    place = place_of(text(_value(content, "venue")), text(_value(content, "venueid")))
    decided = _day(note, "pdate")
    return Record(
        key=key,
        title=title,
        authors=tuple(_authors(_value(content, "authors"))),
        published=_day(note, "cdate") or _day(note, "tcdate") or decided,
        venue=place.venue,
        venue_kind=place.kind,
        venue_year=place.year or (decided.year if place.venue and decided else None),
        is_preprint=place.venue is None,
        abstract=words(_value(content, "abstract")) or None,
        is_withdrawn=True if place.is_withdrawn else False if place.venue else None,
    )


def _value(content: Any, name: str) -> Any:
    """The value of a field: API 2 wraps it up, {"title": {"value": "..."}}, API 1 does not."""
    field = inner(content, name)
    return field.get("value") if isinstance(field, dict) else field


def _authors(listed: Any) -> list[str]:
    """All names in order; none where they are hidden, or one is missing."""
    if not isinstance(listed, list):
        return []
    names = [
        words(one, "fullname") if isinstance(one, dict) else words({"name": one}, "name") for one in listed
    ]
    return [] if not all(names) or any(name.lower().startswith("anonymous") for name in names) else names


def _day(note: dict[str, Any], name: str) -> date | None:
    """A date that is given in milliseconds since 1970."""
    moment = note.get(name)
    if isinstance(moment, bool) or not isinstance(moment, int | float) or not 0 < moment < 4e12:
        return None
    return datetime.fromtimestamp(moment / 1000, UTC).date()


# --- where it appeared -------------------------------------------------------------------------


class Place(NamedTuple):
    """What became of a submission."""

    venue: str | None = None
    """Where it was accepted; None where it was not, or nothing is known."""
    year: int | None = None
    kind: VenueKind | None = None
    is_withdrawn: bool = False


_WITHDRAWN = regex(r"withdraw", re.IGNORECASE)
_NOT_ACCEPTED = regex(
    r"\b(?:submitted|submissions?|reject\w*|retract\w*|under[ _]review|decision[ _]pending|pending|declined"
    r"|archive|preprints?|public[ _]article|journal[ _]track|corr)\b",
    re.IGNORECASE,
)
"""In either of the two fields: "Submitted to ICLR 2024", ".../Rejected_Submission", "TMLR/Decision_Pending"."""
_ACCEPTED = regex(r"^accepted\s+(?:by|at|to|for|in)\s+", re.IGNORECASE)
_SHOWN_AS = regex(
    r"[\s,:(-]*\b(?:poster|oral|spotlight|talk|accept(?:ed)?|presentation|notable|top|in-person|virtual|main"
    r"|[0-9]+\s*%)[\s)]*$",
    re.IGNORECASE,
)
"""What stands behind the name: "poster", "notable top 5%"."""
_YEAR = regex(r"\b(?:19|20)[0-9]{2}\b")
_JOURNALS = regex(r"^(?:TMLR|DMLR|JMLR|MELBA|Computo)\b|\bjournal\b|\btransactions\b", re.IGNORECASE)


def place_of(venue: str, venue_id: str) -> Place:
    """Where a submission was accepted, by the two fields that tell of it.

    >>> place_of("ICLR 2024 poster", "ICLR.cc/2024/Conference")[:2]
    ('ICLR', 2024)
    >>> place_of("Submitted to ICLR 2024", "ICLR.cc/2024/Conference/Rejected_Submission")[:2]
    (None, None)
    """
    states = f"{venue} / {venue_id}".replace("_", " ")
    if _WITHDRAWN.search(states):
        return Place(is_withdrawn=True)
    if not venue or _NOT_ACCEPTED.search(states):
        return Place()
    told = _YEAR.search(venue) or _YEAR.search(venue_id)
    name = " ".join(_YEAR.sub(" ", _ACCEPTED.sub("", venue)).split())
    while (shorter := _SHOWN_AS.sub("", name)) != name:
        name = shorter
    name = re.sub(r"^(\S+) Conference$", r"\1", name.strip(" ,:-"))
    if not name:
        return Place()
    kind = VenueKind.JOURNAL if _JOURNALS.search(name) else VenueKind.PROCEEDINGS
    return Place(name, int(told[0]) if told else None, kind)
