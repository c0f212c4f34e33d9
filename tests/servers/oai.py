"""A real HTTP server on loopback in the place of arXiv's OAI-PMH service, with its faults to order.

It pages by resumption tokens as arXiv's server does since 2025 (the token names the day that the next page begins
with, and how many of that day's records to skip), refuses what arXiv refuses, and answers the next questions with
given faults: those of any service, and those of the protocol.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlencode
from xml.sax.saxutils import escape

from tests.servers import loopback
from tests.servers.facts import Facts
from tests.servers.loopback import NOT_FOUND, Exchange, LoopbackServer, Play, Reply, Request

KIND = "application/xml"
EARLIEST = date(2005, 9, 16)
TODAY = date(2026, 3, 20)
"""The server's day unless it is told another."""
Question = Mapping[str, str]


@dataclass(frozen=True)
class Item:
    """A record of the repository."""

    paper: Facts
    changed: date
    """Its datestamp."""
    is_deleted: bool = False
    extra: str = ""
    """XML at the end of the record's metadata."""


def items(papers: Iterable[Facts], first: date = date(2026, 3, 10), *, per_day: int = 2) -> tuple[Item, ...]:
    """Records of papers, so many changed on each day from the first on."""
    return tuple(
        Item(paper, first + timedelta(days=number // per_day)) for number, paper in enumerate(papers)
    )


# --- what it says ------------------------------------------------------------------------------


def page(inner: str, today: date = TODAY) -> str:
    """An answer of the protocol."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" \n'
        '         xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"\n'
        '         xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/'
        ' http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">\n'
        f"    <responseDate>{today}T08:00:00Z</responseDate>\n"
        f'    <request verb="ListRecords" metadataPrefix="arXiv">http://oaipmh.arxiv.org/oai</request>\n'
        f"{inner}\n</OAI-PMH>"
    )


def error(code: str, text: str = "") -> str:
    """The inside of an answer that says what is wrong."""
    return f"    <error code='{code}'>{escape(text or code)}</error>"


def records(listed: Iterable[Item], token: str | None = None) -> str:
    """The inside of a page of records; `token` None leaves the element away, as arXiv does on the last page."""
    end = "" if token is None else f"        <resumptionToken expires='x'>{token}</resumptionToken>\n"
    return f"    <ListRecords>\n{''.join(map(record, listed))}{end}    </ListRecords>"


def record(item: Item) -> str:
    """One record."""
    paper, status = item.paper, ' status="deleted"' if item.is_deleted else ""
    head = (
        f"        <record>\n    <header{status}>\n        <identifier>oai:arXiv.org:{paper.id}</identifier>\n"
        f"        <datestamp>{item.changed}</datestamp>\n        <setSpec>cs:cs:LG</setSpec>\n    </header>\n"
    )
    return head + ("" if item.is_deleted else _metadata(item)) + "        </record>\n"


def _metadata(item: Item) -> str:
    paper = item.paper
    optional = {"comments": paper.comment, "journal-ref": paper.journal_ref, "doi": paper.doi}
    updated = f"        <updated>{paper.updated}</updated>\n" if paper.updated else ""
    return (
        '            <metadata>\n    <arXiv xmlns="http://arxiv.org/OAI/arXiv/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' xsi:schemaLocation="http://arxiv.org/OAI/arXiv/ http://arxiv.org/OAI/arXiv.xsd">\n'
        f"        <id>{paper.id}</id>\n        <created>{paper.date}</created>\n{updated}"
        f"        <authors>\n{''.join(map(_author, paper.authors))}        </authors>\n"
        f"        <title>{escape(paper.title)}</title>\n"
        f"        <categories>{' '.join(paper.categories)}</categories>\n"
        + "".join(f"        <{tag}>{escape(value)}</{tag}>\n" for tag, value in optional.items() if value)
        + "        <license>http://arxiv.org/licenses/nonexclusive-distrib/1.0/</license>\n"
        f"        <abstract>  No abstract of {paper.id} is kept here.\n</abstract>\n{item.extra}"
        "    </arXiv>\n            </metadata>\n"
    )


def _author(name: str) -> str:
    forenames, _, keyname = name.rpartition(" ")
    first = f"<forenames>{escape(forenames)}</forenames>" if forenames else ""
    return f"            <author><keyname>{escape(keyname)}</keyname>{first}</author>\n"


def identify(url: str) -> str:
    """The inside of an answer to `Identify`."""
    return (
        f"    <Identify>\n        <repositoryName>arXiv</repositoryName>\n        <baseURL>{url}</baseURL>\n"
        "        <protocolVersion>2.0</protocolVersion>\n        <adminEmail>help@arxiv.org</adminEmail>\n"
        f"        <earliestDatestamp>{EARLIEST}</earliestDatestamp>\n"
        "        <deletedRecord>persistent</deletedRecord>\n        <granularity>YYYY-MM-DD</granularity>\n"
        "    </Identify>"
    )


# --- the server --------------------------------------------------------------------------------


def _token(exchange: Exchange) -> str:
    """The resumption token that came with the question; "" without one."""
    return exchange.request.params.get("resumptionToken", "")


def _send(change: Callable[[Exchange], str], **options: Any) -> Play:
    return loopback.send(change, kind=KIND, **options)


FAULTS: Mapping[str, Play] = {
    **loopback.XML_FAULTS,
    "bad token": _send(lambda _: page(error("badResumptionToken", "The token is invalid or expired."))),
    "bad argument": _send(lambda _: page(error("badArgument", "start date too early"))),
    "bad argument 400": _send(lambda _: page(error("badArgument", "unknown set")), status=400),
    "no records": _send(lambda _: page(error("noRecordsMatch"))),
    "empty list": _send(lambda _: page("<ListRecords></ListRecords>")),
    "same token": _send(lambda e: re.sub("(?<='x'>).*?(?=<)", t, e.page) if (t := _token(e)) else e.page),
    "other token": _send(
        lambda e: re.sub("(?<='x'>).*?(?=<)", f"{t}%26set%3Dx", e.page) if (t := _token(e)) else e.page
    ),
    "control characters": _send(lambda e: e.page.replace("No abstract", "No \x0b\x00abstract &#2;")),
    "no metadata": _send(lambda e: re.sub("(?s)<metadata>.*?</metadata>", "", e.page, count=1)),
    "no datestamp": _send(lambda e: re.sub("<datestamp>.*?</datestamp>", "", e.page, count=1)),
    "bad identifier": _send(lambda e: re.sub("(?<=<identifier>).*?(?=<)", "oai:x:1", e.page, count=1)),
    "no date": _send(lambda e: re.sub("<responseDate>.*?</responseDate>", "", e.page)),
    "prefixes": _send(lambda e: _prefixed(e.page)),
    "sizes": _send(lambda e: e.page.replace("expires='x'", "cursor='0' completeListSize='99'")),
}
"""Faults of any answer, and those of the protocol; the last three are no faults, only other ways to say it."""


def _prefixed(text: str) -> str:
    """The same page with its elements in namespaces that have prefixes."""
    outer = re.sub(r"<(/?)(?!\?)(?=[A-Za-z])", r"<\1oai:", text)
    return outer.replace('<oai:OAI-PMH xmlns="', '<oai:OAI-PMH xmlns:oai="')


@dataclass
class _Refused(Exception):
    code: str
    text: str = ""


@dataclass
class _List:
    """What a question or a token asks for."""

    first: date
    last: date
    skip: int = 0
    question: dict[str, str] = field(default_factory=dict)


class OaiServer(LoopbackServer):
    """The server; `url` is the value for TRACKER_OAI_URL."""

    NAME = "oai"
    PATH = "/oai"
    SETTINGS = ("URL",)
    FAULTS = FAULTS

    def __init__(
        self,
        listed: Iterable[Item] = (),
        *,
        page_size: int = 4,
        today: date = TODAY,
        is_ordered: bool = True,
        **options: Any,
    ) -> None:
        """Knows the records `listed`, which may be changed while it runs.

        Args:
            page_size: records on a page; arXiv's has some thousand.
            is_ordered: False: newest first, and tokens that only count, as other services have.
            options: as in `LoopbackServer`.
        """
        super().__init__(**options)
        self.listed = tuple(listed)
        self.page_size, self.today, self.is_ordered = page_size, today, is_ordered
        self.expired: set[str] = set()
        self._given: set[str] = set()

    def expire_tokens(self) -> None:
        """Let all tokens that were given expire, as arXiv does at midnight."""
        self.expired |= self._given

    def answer(self, request: Request) -> Reply:
        if request.path != self.PATH:
            return NOT_FOUND
        return Reply(page(self._inside(request.params), self.today), kind=KIND)

    def other_record(self, request: Request) -> Reply:
        known = self.answer(request).page
        return Reply(re.sub("<id>.*?</id>", "<id>2001.00001</id>", known, count=1), kind=KIND)

    def _inside(self, question: Question) -> str:
        try:
            if question.get("verb") == "Identify":
                return identify(self.url)
            if question.get("verb") != "ListRecords":
                raise _Refused("badVerb", "Invalid verb provided")
            return self._list(self._wanted(dict(question)))
        except _Refused as refused:
            return error(refused.code, refused.text)

    def _wanted(self, question: dict[str, str]) -> _List:
        skip = 0
        if token := question.get("resumptionToken"):
            if set(question) != {"verb", "resumptionToken"}:
                raise _Refused("badArgument", "No other parameters allowed with resumptionToken")
            question = {name: values[0] for name, values in parse_qs(unquote(token)).items()}
            if token in self.expired or not question.get("skip", "").isdigit():
                raise _Refused("badResumptionToken", "Token decoding failed or format is invalid.")
            skip = int(question.pop("skip"))
        if (
            set(question) - {"verb", "metadataPrefix", "from", "until", "set"}
            or "metadataPrefix" not in question
        ):
            raise _Refused("badArgument", "Unallowed parameter")
        if question["metadataPrefix"] != "arXiv":
            raise _Refused("cannotDisseminateFormat", "Did not recognize requested format")
        first, last = (_day(question.get(name)) for name in ("from", "until"))
        first, last = first or EARLIEST, last or self.today
        if first < EARLIEST or first > last:
            raise _Refused("badArgument", "start date too early" if first < EARLIEST else "until before from")
        return _List(first, last, skip, question)

    def _list(self, wanted: _List) -> str:
        found = sorted(
            (item for item in self.listed if wanted.first <= item.changed <= wanted.last),
            key=lambda item: (item.changed, item.paper.id),
            reverse=not self.is_ordered,
        )
        rest = found[wanted.skip :]
        if not rest:
            raise _Refused("noRecordsMatch")
        shown = rest[: self.page_size]
        return records(shown, self._token(wanted, shown) if len(rest) > len(shown) else None)

    def _token(self, wanted: _List, shown: list[Item]) -> str:
        skip, question, last = wanted.skip + len(shown), dict(wanted.question), shown[-1].changed
        if self.is_ordered and last != shown[0].changed:
            skip = sum(item.changed == last for item in shown)
            question["from"] = last.isoformat()
        token = quote(urlencode({**question, "skip": skip}))
        self._given.add(token)
        self.expired.discard(token)
        return token


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise _Refused("badArgument", "date format must be YYYY-MM-DD")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _Refused("badArgument", "date format must be YYYY-MM-DD") from None
