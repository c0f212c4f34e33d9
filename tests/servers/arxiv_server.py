"""A real HTTP server on loopback in the place of arXiv's API, with arXiv's faults to order.

It speaks arXiv's Atom format, refuses what arXiv refuses (impossible ids, questions that come too fast
or two at a time), keeps a log of what it was asked, and answers the next questions with given faults.
"""

from __future__ import annotations

import gzip
import re
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.servers import atom

POSSIBLE_ID = re.compile(r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v([1-9]\d*))?")
PATH = "/api/query"
HTML = "<!DOCTYPE html>\n<html><head><title>arXiv is down</title></head><body><p>Back soon.</p></body></html>"


@dataclass(frozen=True)
class Fault:
    """One way of answering badly: a name out of `FAULTS` or an HTTP status, and its parameters."""

    name: str
    retry_after: str | None = None
    """The header's value as it is sent."""
    seconds: float = 600.0
    """How long "hang" is silent, and "drip" takes."""
    location: str = ""
    """Where "redirect" points to; "": another host."""


@dataclass
class Request:
    """A line of the log."""

    moment: float
    """Seconds on a monotonic clock at which it came."""
    ids: tuple[str, ...]
    max_results: int
    headers: Mapping[str, str]
    answer: str
    """Name of the fault, or "ok", "too fast", "two at once"."""


@dataclass
class Exchange:
    """One question and the means to answer it."""

    handler: BaseHTTPRequestHandler
    server: ArxivServer
    ids: tuple[str, ...]
    fault: Fault
    page: str
    """What a healthy server would say."""
    entries: list[str] = field(default_factory=list)

    def send(
        self, body: str | bytes, status: int = 200, kind: str = "application/atom+xml", **headers: str
    ) -> None:
        """A whole answer."""
        data = body.encode("utf-8") if isinstance(body, str) else body
        self.start(status, len(data), kind, **headers)
        self.handler.wfile.write(data)

    def start(self, status: int, length: int, kind: str = "application/atom+xml", **headers: str) -> None:
        """The head of an answer."""
        self.handler.send_response(status)
        self.handler.send_header("Content-Type", kind)
        self.handler.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.handler.send_header(name.replace("_", "-"), value)
        self.handler.end_headers()

    def cut(self) -> None:
        """The connection ends here."""
        self.handler.wfile.flush()
        self.handler.close_connection = True
        self.handler.connection.shutdown(socket.SHUT_RDWR)


def _hang(exchange: Exchange) -> None:
    exchange.server.closing.wait(exchange.fault.seconds)
    exchange.handler.close_connection = True


def _drip(exchange: Exchange) -> None:
    data = exchange.page.encode()
    exchange.start(200, len(data))
    for byte in data:
        exchange.handler.wfile.write(bytes([byte]))
        exchange.handler.wfile.flush()
        if exchange.server.closing.wait(exchange.fault.seconds / len(data)):
            return


def _cut(exchange: Exchange) -> None:
    data = exchange.page.encode()
    exchange.start(200, len(data))
    exchange.handler.wfile.write(data[: len(data) // 2])
    exchange.cut()


def _garbage(exchange: Exchange) -> None:
    exchange.handler.wfile.write(b"\x16\x03\x01\x02 this is no HTTP\r\n\r\n")
    exchange.cut()


def _huge(exchange: Exchange) -> None:
    exchange.start(200, 2**33)
    piece = b" " * 2**16
    for _ in range(2**33 // len(piece)):
        exchange.handler.wfile.write(piece)


def _bomb(exchange: Exchange) -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    start, end = exchange.page.split("\n", 1)
    exchange.send(f'{start}\n<!DOCTYPE feed [<!ENTITY e0 "boom">{levels}]>\n{end}'.replace("No ", "&e9; ", 1))


def _gzip_bomb(exchange: Exchange) -> None:
    exchange.send(gzip.compress(b" " * 2**26), Content_Encoding="gzip")


def _other_paper(exchange: Exchange) -> None:
    entries = [atom.entry(atom.invented("2001.00001")), *exchange.entries[1:]]
    exchange.send(atom.feed(entries))


def _redirect(exchange: Exchange) -> None:
    exchange.send("", 302, Location=exchange.fault.location or "http://elsewhere.example/login")


def _send(change: Callable[[Exchange], str | bytes], **options: Any) -> Callable[[Exchange], None]:
    """The fault that sends what `change` makes of the exchange."""
    return lambda exchange: exchange.send(change(exchange), **options)


FAULTS: dict[str, Callable[[Exchange], None]] = {
    "hang": _hang,
    "drip": _drip,
    "cut": _cut,
    "reset": Exchange.cut,
    "garbage": _garbage,
    "huge": _huge,
    "bomb": _bomb,
    "gzip bomb": _gzip_bomb,
    "bad gzip": _send(lambda _: b"\x1f\x8b damaged", Content_Encoding="gzip"),
    "redirect": _redirect,
    "html": _send(lambda _: HTML, kind="text/html"),
    "rate exceeded": _send(lambda _: "Rate exceeded.", kind="text/plain"),
    "empty page": _send(lambda _: ""),
    "empty feed": _send(lambda _: atom.feed([])),
    "hollow feed": _send(lambda e: atom.feed([], total=len(e.ids))),
    "short feed": _send(lambda e: atom.feed(e.entries[:-1], total=len(e.entries))),
    "lacking one": _send(lambda e: atom.feed(e.entries[:-1])),
    "error 200": _send(lambda _: atom.error_feed("sort order must be in: ascending, descending")),
    "error 400": _send(lambda _: atom.error_feed("start must be an integer"), status=400),
    "refused id": _send(lambda e: atom.error_feed(f"incorrect id format for {e.ids[0]}"), status=400),
    "truncated": _send(lambda e: e.page[: len(e.page) // 2]),
    "malformed": _send(lambda e: e.page.replace("</title>", "</titel>", 2)),
    "no total": _send(lambda e: re.sub("<opensearch:total.*", "", e.page)),
    "other xml": _send(lambda _: "<?xml version='1.0'?><rss version='2.0'><channel/></rss>"),
    "wrong encoding": _send(
        lambda e: e.page.replace("No abstract", "Kein Résumé").encode("latin-1", "replace")
    ),
    "unknown encoding": _send(lambda e: e.page.replace("'UTF-8'", "'x-klingon'")),
    "other paper": _other_paper,
    "one twice": _send(lambda e: atom.feed([e.entries[0], *e.entries])),
    "bad date": _send(lambda e: e.page.replace("<published>", "<published>the year ", 1)),
    "no date": _send(lambda e: re.sub("<published>.*</published>", "", e.page, count=1)),
    "no title": _send(lambda e: re.sub("    <title>.*</title>", "    <title> </title>", e.page, count=1)),
    "no content": _send(lambda _: "", status=204),
}


class ArxivServer:
    """The server; use as a context manager. `url` is the value for TRACKER_ARXIV_URL."""

    def __init__(
        self,
        papers: Mapping[str, atom.Facts] | None = None,
        *,
        faults: Iterable[str | Fault] = (),
        always: str | Fault | None = None,
        gap_s: float = 0.0,
        work_s: float = 0.0,
        invents: bool = False,
        port: int = 0,
        on_request: Callable[[Request], None] | None = None,
    ) -> None:
        """Knows `papers` (default: those of the file beside this module).

        Args:
            faults: how the next questions are answered, one each, before it is healthy.
            always: how all questions after those are answered.
            gap_s: questions that come sooner after the last one, or before it is answered, get 429.
            work_s: time taken for each answer.
            invents: answers for every possible id, with a made-up title where it knows none.
            on_request: told of each request when it has been answered.
        """
        self.papers = atom.read_papers() if papers is None else dict(papers)
        self.faults = deque(Fault(f) if isinstance(f, str) else f for f in faults)
        self.always = Fault(always) if isinstance(always, str) else always
        self.gap_s, self.work_s, self.invents = gap_s, work_s, invents
        self.requests: list[Request] = []
        self.closing = threading.Event()
        self._on_request = on_request
        self._lock = threading.Lock()
        self._busy = 0
        self._last_arrival = float("-inf")
        self._http = _Http(("127.0.0.1", port), _handler_for(self))

    @property
    def url(self) -> str:
        """The address of the API."""
        return f"http://127.0.0.1:{self._http.server_port}{PATH}"

    @property
    def answers(self) -> list[str]:
        """The log in short: how each question was answered."""
        return [request.answer for request in self.requests]

    def __enter__(self) -> ArxivServer:
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()

    def handle(self, handler: BaseHTTPRequestHandler) -> None:
        """Answers one question, and writes it into the log."""
        arrival = time.monotonic()
        with self._lock:
            too_fast = self.gap_s > 0 and arrival - self._last_arrival < self.gap_s
            verdict = "two at once" if self._busy and self.gap_s > 0 else "too fast" if too_fast else "ok"
            fault = None if verdict != "ok" else self.faults.popleft() if self.faults else self.always
            self._busy += 1
            self._last_arrival = arrival
        question = parse_qs(urlsplit(handler.path).query)
        ids = tuple(filter(None, ",".join(question.get("id_list", [""])).split(",")))
        size = question.get("max_results", ["10"])[0]
        request = Request(
            moment=arrival,
            ids=ids,
            max_results=int(size) if size.isdigit() else -1,
            headers={name.lower(): value for name, value in handler.headers.items()},
            answer=fault.name if fault else verdict,
        )
        self.requests.append(request)
        if verdict == "ok":
            self.closing.wait(self.work_s)
        with self._lock:  # before the answer, whose receiver may ask again before this thread goes on
            self._busy -= 1
        try:
            self._answer(handler, request, fault)
        except OSError:  # the other side went away
            handler.close_connection = True
        finally:
            if self._on_request:
                self._on_request(request)

    def _answer(self, handler: BaseHTTPRequestHandler, request: Request, fault: Fault | None) -> None:
        entries = [text for arxiv_id in request.ids for text in self._entries(arxiv_id)][::-1]
        wrong = [arxiv_id for arxiv_id in request.ids if not POSSIBLE_ID.fullmatch(arxiv_id)]
        page = atom.feed(entries[: request.max_results], total=len(entries), size=request.max_results)
        exchange = Exchange(handler, self, request.ids, fault or Fault("ok"), page, entries)
        if request.answer in {"too fast", "two at once"}:
            exchange.send("Rate exceeded.", 429, "text/plain")
        elif fault and fault.name.isdigit():
            extra = {"Retry_After": fault.retry_after} if fault.retry_after is not None else {}
            exchange.send(HTML, int(fault.name), "text/html", **extra)
        elif fault:
            FAULTS[fault.name](exchange)
        elif urlsplit(handler.path).path != PATH:
            exchange.send(HTML, 404, "text/html")
        elif wrong:
            exchange.send(atom.error_feed(f"incorrect id format for {wrong[0]}"), 400)
        else:
            exchange.send(page)

    def _entries(self, arxiv_id: str) -> list[str]:
        found = POSSIBLE_ID.fullmatch(arxiv_id)
        if not found:
            return []
        paper = self.papers.get(found[1]) or (atom.invented(found[1]) if self.invents else None)
        return [atom.entry(paper, int(found[2]) if found[2] else None)] if paper else []


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a hanging answer must not hold up the end of a test

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no error here."""


def _handler_for(server: ArxivServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # unbuffered, each answer waits 40 ms for the client's delayed acknowledgement

        def do_GET(self) -> None:
            server.handle(self)

        def log_message(self, format: str, *args: Any) -> None:
            """The log is `ArxivServer.requests`."""

    return Handler
