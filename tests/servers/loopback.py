"""A real HTTP server on loopback in the place of a service on the internet, with its faults to order.

The base of the server of each service: it keeps a log of what it was asked, refuses questions that come too fast
or two at a time, and answers the next questions with given faults. A service says what a healthy answer is.
"""

from __future__ import annotations

import abc
import gzip
import json
import re
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, ClassVar, Self, TypeAlias
from urllib.parse import parse_qsl, urlsplit

HTML = (
    "<!DOCTYPE html>\n<html><head><title>Out of service</title></head><body><p>Back soon.</p></body></html>"
)
JSON = "application/json"


@dataclass(frozen=True)
class Fault:
    """One way of answering badly: a name out of a server's `FAULTS` or an HTTP status, and its parameters."""

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
    method: str
    path: str
    """As it was sent, without the question behind it."""
    params: Mapping[str, str]
    """Of the address, unquoted."""
    body: Any
    """The JSON that was sent with it; None where there was none."""
    headers: Mapping[str, str]
    """By lower-case name."""
    answer: str
    """Name of the fault, or "ok", "too fast", "two at once"."""
    ids: tuple[str, ...] = ()
    """Of the papers that it names, see `LoopbackServer.ids_of`."""


@dataclass(frozen=True)
class Reply:
    """What a healthy service answers."""

    page: str
    status: int = 200
    kind: str = JSON
    """The Content-Type."""
    headers: Mapping[str, str] = field(default_factory=dict)


NOT_FOUND = Reply(HTML, 404, "text/html")


@dataclass
class Exchange:
    """One question and the means to answer it."""

    handler: BaseHTTPRequestHandler
    server: LoopbackServer
    request: Request
    fault: Fault
    reply: Reply
    """What a healthy service would say."""

    @property
    def page(self) -> str:
        """The text that it would say."""
        return self.reply.page

    def send(self, body: str | bytes, status: int = 200, kind: str = "", **headers: str) -> None:
        """A whole answer. In names of headers "_" stands for "-"."""
        data = body.encode("utf-8") if isinstance(body, str) else body
        self.start(status, len(data), kind, **headers)
        self.handler.wfile.write(data)

    def start(self, status: int, length: int, kind: str = "", **headers: str) -> None:
        """The head of an answer."""
        self.handler.send_response(status)
        self.handler.send_header("Content-Type", kind or self.reply.kind)
        self.handler.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.handler.send_header(name.replace("_", "-"), value)
        self.handler.end_headers()

    def cut(self) -> None:
        """The connection ends here."""
        self.handler.wfile.flush()
        self.handler.close_connection = True
        self.handler.connection.shutdown(socket.SHUT_RDWR)


Play: TypeAlias = Callable[[Exchange], None]
"""Answers badly."""


def send(change: Callable[[Exchange], str | bytes], **options: Any) -> Play:
    """The fault that sends what `change` makes of the exchange; options as in `Exchange.send`."""
    return lambda exchange: exchange.send(change(exchange), **options)


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


def _gzip_bomb(exchange: Exchange) -> None:
    exchange.send(gzip.compress(b" " * 2**26), Content_Encoding="gzip")


def _redirect(exchange: Exchange) -> None:
    exchange.send("", 302, Location=exchange.fault.location or "http://elsewhere.example/login")


def _other_record(exchange: Exchange) -> None:
    other = exchange.server.other_record(exchange.request)
    exchange.send(other.page, other.status)


def _entity_bomb(exchange: Exchange) -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    start, end = exchange.page.split("\n", 1)
    page = f'{start}\n<!DOCTYPE feed [<!ENTITY e0 "boom">{levels}]>\n{end}'
    exchange.send(page.replace("</title>", "&e9;</title>", 1))


FAULTS: Mapping[str, Play] = {
    "ok": lambda exchange: exchange.send(exchange.page, exchange.reply.status, **exchange.reply.headers),
    "hang": _hang,
    "drip": _drip,
    "cut": _cut,
    "reset": Exchange.cut,
    "garbage": _garbage,
    "huge": _huge,
    "gzip bomb": _gzip_bomb,
    "bad gzip": send(lambda _: b"\x1f\x8b damaged", Content_Encoding="gzip"),
    "redirect": _redirect,
    "html": send(lambda _: HTML, kind="text/html"),
    "rate exceeded": send(lambda _: "Rate exceeded.", kind="text/plain"),
    "empty page": send(lambda _: ""),
    "no content": send(lambda _: "", status=204),
    "truncated": send(lambda e: e.page[: len(e.page) // 2]),
    "other record": _other_record,
}
"""Of services in any format; "ok" is none, and stands for a healthy answer between others."""
XML_FAULTS: Mapping[str, Play] = {
    **FAULTS,
    "malformed": send(lambda e: e.page.replace("</title>", "</titel>", 2)),
    "wrong encoding": send(lambda e: e.page.replace("</title>", "é</title>").encode("latin-1", "replace")),
    "unknown encoding": send(lambda e: re.sub("(?i)(?<=encoding=.)utf-8", "x-klingon", e.page, count=1)),
    "bomb": _entity_bomb,
    "other xml": send(lambda _: "<?xml version='1.0'?><rss version='2.0'><channel/></rss>"),
}
"""Of services that speak XML, in which papers have a <title>."""
JSON_FAULTS: Mapping[str, Play] = {
    **FAULTS,
    "malformed": send(lambda e: e.page.replace('":', '"', 1)),
    "wrong encoding": send(lambda e: re.sub('": ?"', r"\g<0>é", e.page).encode("latin-1", "replace")),
    "bomb": send(lambda _: "[" * 10**6),
    "empty object": send(lambda _: "{}"),
    "list": send(lambda _: "[]"),
    "null": send(lambda _: "null"),
}
"""Of services that speak JSON. Those of its shape come from the service, in words that it has ("no items")."""


class LoopbackServer(abc.ABC):
    """The server; use as a context manager. A service gives `answer` and `other_record`."""

    NAME: ClassVar[str]
    """As in the settings: "crossref"."""
    PATH: ClassVar[str] = ""
    """What the address that is set ends with."""
    SETTINGS: ClassVar[tuple[str, ...]] = ("URL", "DELAY")
    """Which of its settings lead the program here; with "KEY" among them it asks for one."""
    FAULTS: ClassVar[Mapping[str, Play]] = JSON_FAULTS
    """What may go wrong beside the HTTP statuses."""

    def __init__(
        self,
        *,
        faults: Iterable[str | Fault] = (),
        always: str | Fault | None = None,
        gap_s: float = 0.0,
        work_s: float = 0.0,
        port: int = 0,
        on_request: Callable[[Request], None] | None = None,
    ) -> None:
        """Args:
        faults: how the next questions are answered, one each, before it is healthy.
        always: how all questions after those are answered.
        gap_s: questions that come sooner after the last one, or before it is answered, get 429.
        work_s: time taken for each answer.
        on_request: told of each request when it has been answered.
        """
        self.faults = deque(Fault(f) if isinstance(f, str) else f for f in faults)
        self.always = Fault(always) if isinstance(always, str) else always
        self.gap_s, self.work_s = gap_s, work_s
        self.requests: list[Request] = []
        self.closing = threading.Event()
        self._on_request = on_request
        self._lock = threading.Lock()
        self._busy = 0
        self._last_arrival = float("-inf")
        self._http = _Http(("127.0.0.1", port), _handler_for(self))

    @abc.abstractmethod
    def answer(self, request: Request) -> Reply:
        """What the healthy service answers, refusals included; called in the thread of the request."""

    @abc.abstractmethod
    def other_record(self, request: Request) -> Reply:
        """The healthy answer with a record in it of another paper than asked."""

    def ids_of(self, request: Request) -> tuple[str, ...]:
        """The papers that a question names, for the log."""
        return ()

    @property
    def url(self) -> str:
        """The address of the service, as it is set."""
        return f"http://127.0.0.1:{self._http.server_port}{self.PATH}"

    @property
    def answers(self) -> list[str]:
        """The log in short: how each question was answered."""
        return [request.answer for request in self.requests]

    def __enter__(self) -> Self:
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
        request = _request(handler, arrival, fault.name if fault else verdict)
        request.ids = self.ids_of(request)
        self.requests.append(request)
        if verdict == "ok":
            self.closing.wait(self.work_s)
        with self._lock:  # before the answer, whose receiver may ask again before this thread goes on
            self._busy -= 1
        try:
            self._send(handler, request, fault or Fault("ok"))
        except OSError:  # the other side went away
            handler.close_connection = True
        finally:
            if self._on_request:
                self._on_request(request)

    def _send(self, handler: BaseHTTPRequestHandler, request: Request, fault: Fault) -> None:
        reply = self.answer(request)
        exchange = Exchange(handler, self, request, fault, reply)
        if request.answer in {"too fast", "two at once"}:
            exchange.send("Rate exceeded.", 429, "text/plain")
        elif fault.name.isdigit():
            extra = {"Retry_After": fault.retry_after} if fault.retry_after is not None else {}
            exchange.send(HTML, int(fault.name), "text/html", **extra)
        else:
            self.FAULTS[fault.name](exchange)


def _request(handler: BaseHTTPRequestHandler, arrival: float, answer: str) -> Request:
    split = urlsplit(handler.path)
    length = handler.headers.get("content-length", "")
    sent = handler.rfile.read(int(length)) if length.isdigit() else b""
    try:
        body = json.loads(sent) if sent else None
    except ValueError:
        body = None
    return Request(
        moment=arrival,
        method=handler.command,
        path=split.path,
        params=dict(parse_qsl(split.query, keep_blank_values=True)),
        body=body,
        headers={name.lower(): value for name, value in handler.headers.items()},
        answer=answer,
    )


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a hanging answer must not hold up the end of a test

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no error here."""


def _handler_for(server: LoopbackServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # unbuffered, each answer waits 40 ms for the client's delayed acknowledgement

        def do_GET(self) -> None:
            server.handle(self)

        def do_POST(self) -> None:
            server.handle(self)

        def log_message(self, format: str, *args: Any) -> None:
            """The log is `LoopbackServer.requests`."""

    return Handler
