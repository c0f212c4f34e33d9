"""A page of records over OAI-PMH: what it says of papers, and what comes after it. Pure.

Read strictly: what is no whole answer of the protocol is refused. But one record that cannot be used is left out
and told, and characters that XML forbids become blanks, for otherwise one paper would stop all updates for ever.

Source: https://www.openarchives.org/OAI/openarchivesprotocol.html; how arXiv answers is told by its server's own
code, https://github.com/arXiv/oaipmh.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple
from xml.etree import ElementTree

from tracker.errors import BadReply
from tracker.identifiers import ArxivId, parse_arxiv_id, year_month_of
from tracker.regex import regex

_PREVIEW: Final = 60
_PIECE: Final = 64
"""Bytes read at once before the first element."""
_IDENTIFIER: Final = "oai:arXiv.org:"
_DAY: Final = regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_END: Final = "OAI-PMH>"
_DECLARATION: Final = regex(r"^\s*<\?xml.*?\?>")
_DECLARED: Final = regex(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]+)[\"']")
_NO_XML: Final = regex("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BARE: Final = regex(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9a-fA-F]+);)")
_REFERENCE: Final = regex(r"&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,9}));")


class Harvested(NamedTuple):
    """What a page says of one paper."""

    arxiv_id: ArxivId
    datestamp: date
    """The day of its last change at arXiv, in UTC."""
    is_deleted: bool = False
    title: str = ""
    authors: tuple[tuple[str, str, str], ...] = ()
    """Key name, forenames and suffix of each."""
    created: date | None = None
    """The day of the first version, as far as arXiv tells it (see `_first_day`)."""
    categories: tuple[str, ...] = ()
    journal_ref: str = ""
    doi: str = ""
    abstract: str = ""


class Error(NamedTuple):
    """What the service says is wrong with a question."""

    code: str
    text: str


class Page(NamedTuple):
    """One answer to `ListRecords`."""

    records: tuple[Harvested, ...] = ()
    token: str = ""
    """How to ask for the next page; "" on the last one."""
    answered: date | None = None
    """The day on which it was made, in UTC: an answer may come out of a cache."""
    left_out: tuple[str, ...] = ()
    """For each record that cannot be used what is wrong with it."""
    error: Error | None = None


def read_page(body: bytes) -> Page:
    """What an answer to `ListRecords` says.

    Raises:
        BadReply: it is none, is cut or malformed, has a document type, or is an empty list.
    """
    root = _root(body)
    answered = _day(_text(root, "responseDate"))
    if (error := root.find("error")) is not None:
        code = _plain(error.get("code") or "error")
        return Page(
            answered=answered, error=Error(code, _plain("".join(error.itertext())) or "no reason given")
        )
    if (listed := root.find("ListRecords")) is None:
        raise BadReply("arXiv sends an answer without a list of records")
    records: list[Harvested] = []
    left_out: list[str] = []
    for element in listed.iterfind("record"):
        try:
            records.append(_harvested(element))
        except ValueError as reason:
            left_out.append(_plain(str(reason)))
    token = listed.find("resumptionToken")
    if not records and not left_out and token is None:
        raise BadReply("arXiv sends an empty list")
    next_token = (token.text or "").strip() if token is not None else ""
    return Page(tuple(records), next_token, answered, tuple(left_out))


def _harvested(record: ElementTree.Element) -> Harvested:
    """What a record says.

    Raises:
        ValueError: it cannot be used; the text says why.
    """
    header = record.find("header")
    identifier = _text(header, "identifier")
    parsed = parse_arxiv_id(identifier.removeprefix(_IDENTIFIER))
    if header is None or parsed is None:
        raise ValueError(f"{identifier!r} is no identifier of arXiv's")
    arxiv_id, datestamp = parsed[0], _day(_text(header, "datestamp"))
    if datestamp is None:
        raise ValueError(f"{arxiv_id} has no datestamp")
    if header.get("status") == "deleted":
        return Harvested(arxiv_id, datestamp, is_deleted=True)
    facts = record.find("metadata/*")
    title = _text(facts, "title")
    if facts is None or not title:
        raise ValueError(f"{arxiv_id} has no {'title' if facts is not None else 'metadata'}")
    stated = _text(facts, "id")
    if stated and parse_arxiv_id(stated) != (arxiv_id, None):
        raise ValueError(f"{arxiv_id} has the record of {stated}")
    return Harvested(
        arxiv_id,
        datestamp,
        title=title,
        authors=tuple(_authors(facts)),
        created=_first_day(arxiv_id, _day(_text(facts, "created"))),
        categories=tuple(_text(facts, "categories").split()),
        journal_ref=_text(facts, "journal-ref"),
        doi=_text(facts, "doi"),
        abstract=_text(facts, "abstract"),
    )


def _authors(facts: ElementTree.Element) -> Iterator[tuple[str, str, str]]:
    for author in facts.iterfind("authors/author"):
        keyname, forenames, suffix = (_text(author, name) for name in ("keyname", "forenames", "suffix"))
        if keyname or forenames:
            yield keyname, forenames, suffix


def _first_day(arxiv_id: ArxivId, created: date | None) -> date | None:
    """The day of the first version, where `created` can be that.

    arXiv's server of 2025 gives the day of the latest version under this name (`record.current_meta.created`
    in its templates), its older one gave that of the first. A paper exists before it gets its id, which names the
    month; a day is allowed because ids count days as New York does, and this is UTC.
    """
    year, month = year_month_of(arxiv_id)
    latest = date(year + month // 12, month % 12 + 1, 1)
    return created if created and created <= latest else None


# --- XML ---------------------------------------------------------------------------------------


class _Builder(ElementTree.TreeBuilder):
    """Builds the tree without namespaces, which answers do not need: no name stands in two of them. Refuses what
    else they do not need: entities defined in a document type can grow without end."""

    is_begun = False

    def start(self, tag: str, attrs: dict[str, str], /) -> ElementTree.Element:
        self.is_begun = True
        return super().start(tag.rpartition("}")[2], attrs)

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        what = "an HTML page" if name.lower() == "html" else "it declares a document type"
        raise BadReply(f"arXiv sends something else than records ({what})")


def _root(body: bytes) -> ElementTree.Element:
    try:
        root = _parsed(body)
    except ElementTree.ParseError as error:
        root = _mended(body, error)
    if root.tag != "OAI-PMH":
        raise BadReply(f"arXiv sends something else than records (a <{_plain(root.tag)}>)")
    return root


def _parsed(body: bytes) -> ElementTree.Element:
    builder, at = _Builder(), 0
    parser = ElementTree.XMLParser(target=builder)
    try:
        while not builder.is_begun and at < len(body):  # a fault stops the parser only between two pieces
            parser.feed(body[at : at + _PIECE])
            at += _PIECE
        parser.feed(body[at:])
        root: ElementTree.Element = parser.close()
    except (LookupError, ValueError) as error:  # an unknown encoding
        raise ElementTree.ParseError(str(error)) from error
    return root


def _mended(body: bytes, fault: ElementTree.ParseError) -> ElementTree.Element:
    """The tree of a whole page that holds what XML forbids: control characters, bytes of another encoding,
    ampersands that begin nothing XML knows of itself."""
    text = _decoded(body)
    if not text.strip():
        raise BadReply("arXiv sends an empty page") from fault
    if _END not in text[-64:]:
        preview = _plain(text[: 4 * _PREVIEW])
        what = "a cut page" if "OAI-PMH" in preview else f"something else than records ({preview!r})"
        raise BadReply(f"arXiv sends {what}") from fault
    text = _NO_XML.sub(" ", _REFERENCE.sub(_allowed, _DECLARATION.sub("", text)))
    text = _BARE.sub("&amp;", text)
    try:
        return _parsed(text.encode())
    except ElementTree.ParseError as error:
        raise BadReply(f"arXiv sends a malformed page ({error})") from error


def _decoded(body: bytes) -> str:
    """The text of a page, by its mark or what it declares; what is not in that encoding is replaced."""
    declared = _DECLARED.match(body.removeprefix(codecs.BOM_UTF8).lstrip())
    is_wide = body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    encoding = "utf-16" if is_wide else declared[1].decode() if declared else "utf-8"
    try:
        return body.decode(encoding, "replace").removeprefix("\ufeff")
    except LookupError:
        return body.decode("utf-8", "replace")


def _allowed(reference: re.Match[str]) -> str:
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    return " " if code > 0x10FFFF or _NO_XML.match(chr(code)) else reference[0]


def _text(element: ElementTree.Element | None, name: str) -> str:
    """The text of a child on one line, "" where there is none."""
    child = None if element is None else element.find(name)
    return "" if child is None else " ".join("".join(child.itertext()).split())


def _day(text: str) -> date | None:
    """The day of "2026-11-22" and "2026-11-22T08:00:00Z"."""
    try:
        return date.fromisoformat(text[:10]) if _DAY.match(text) else None
    except ValueError:
        return None


def _plain(text: str) -> str:
    """What others say, short and on one line, for a message."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= 3 * _PREVIEW else line[: 3 * _PREVIEW] + "…"
