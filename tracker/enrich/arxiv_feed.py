"""A strict look at an arXiv answer before the `arxiv` package reads it leniently.

The package gives an empty list for an HTML page, for "Rate exceeded." and for an error feed, and half a
list for half a document. Here each of these is told apart, and what is no whole feed is refused.

Source: https://info.arxiv.org/help/api/user-manual.html#_the_api_response
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from tracker.errors import BadReply, SourceRefused

_ATOM = "http://www.w3.org/2005/Atom"
_OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
_ERROR_MARK = "/api/errors#"
_KEPT = {"feed/totalResults", "feed/entry/id", "feed/entry/summary"}
_NEEDED = {"feed/entry/id", "feed/entry/published", "feed/entry/updated"}
_PREVIEW_LENGTH = 60


@dataclass(frozen=True)
class Outline:
    """What the frame of a feed says."""

    total: int
    """Entries that the question has altogether (`opensearch:totalResults`)."""
    entries: int
    """Entries that are really here."""
    incomplete: int
    """Those among them without an id or a date, which the `arxiv` package drops silently."""
    error: str | None
    """arXiv's own words where the feed is an error message."""


def check_feed(body: bytes) -> None:
    """Nothing, where the body is a whole feed that holds every entry it announces.

    Raises:
        BadReply: no feed, cut, malformed, with a document type, with fewer entries than it announces, or
            with entries that lack an id or a date.
        SourceRefused: the feed says that the question is wrong; the text is arXiv's own.
    """
    outline = read_outline(body)
    if outline.error is not None:
        raise SourceRefused(f"arXiv refuses the question: {outline.error}")
    if outline.entries != outline.total:
        raise BadReply(f"arXiv announces {outline.total} records and sends {outline.entries}")
    if outline.incomplete:
        raise BadReply(f"arXiv sends {outline.incomplete} records without an id or a date")


def read_outline(body: bytes) -> Outline:
    """The frame of a feed of one page.

    Raises:
        BadReply: it is none.
    """
    if not body.strip():
        raise BadReply("arXiv sends an empty page")
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reader.refuse_doctype
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # the latter two: an unknown encoding
        raise BadReply(_why_unreadable(body, reader, error)) from error
    total = reader.found.get("feed/totalResults", "").strip()
    if not total.isascii() or not total.isdigit():
        raise BadReply("arXiv sends a feed without the number of its records")
    is_error = _ERROR_MARK in reader.found.get("feed/entry/id", "")
    error_text = " ".join(reader.found.get("feed/entry/summary", "no reason given").split())
    return Outline(int(total[:9]), reader.entries, reader.incomplete, error_text if is_error else None)


def _why_unreadable(body: bytes, reader: _Reader, error: Exception) -> str:
    if reader.is_feed:
        return f"arXiv sends a cut or malformed feed ({error})"
    preview = " ".join(body[: 4 * _PREVIEW_LENGTH].decode("utf-8", "replace").split())[:_PREVIEW_LENGTH]
    return f"arXiv sends something that is no feed ({''.join(c for c in preview if c.isprintable())!r})"


class _Reader:
    """Follows the path of elements, and keeps the first text of the few that matter."""

    def __init__(self) -> None:
        self.is_feed = False
        self.entries = self.incomplete = 0
        self.found: dict[str, str] = {}
        self._path: list[str] = []
        self._closed: set[str] = set()
        self._in_entry: set[str] = set()

    def refuse_doctype(self, *_: Any) -> None:
        """A feed needs no document type; entities defined in one can grow without end."""
        raise BadReply("arXiv sends something that is no feed (it declares a document type)")

    def start(self, name: str, _attributes: Any) -> None:
        space, _, tag = name.rpartition(" ")
        if not self._path and (space, tag) != (_ATOM, "feed"):
            raise BadReply(f"arXiv sends something that is no feed (a <{tag[:_PREVIEW_LENGTH]}>)")
        self.is_feed = True
        self._path.append(tag if space in (_ATOM, _OPENSEARCH) else name)
        if self._path == ["feed", "entry"]:
            self.entries += 1
            self._in_entry = set()

    def end(self, _name: str) -> None:
        place = self._place()
        self._closed.add(place)
        self.incomplete += place == "feed/entry" and not self._in_entry >= _NEEDED
        self._path.pop()

    def text(self, data: str) -> None:
        place = self._place()
        if place in _KEPT and place not in self._closed:
            self.found[place] = self.found.get(place, "") + data
        if place in _NEEDED and data.strip():
            self._in_entry.add(place)

    def _place(self) -> str:
        return "/".join(self._path) if len(self._path) <= 3 else ""
