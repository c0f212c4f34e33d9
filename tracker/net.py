"""HTTP to the services: one session with time-outs, a pace, retries and checks on what comes back.

In goes a URL; out comes a whole answer with status 200 that passed its source's own check, or a
`NetworkError`. What fails for a while (429, 5xx, a cut or silent connection, a page that is not what
was asked for) is asked again, later and later; what the source refuses (other 4xx) is not.

Importing this module costs about 0.15 s (requests), so rooms import it where they really ask.
"""

from __future__ import annotations

import contextlib
import io
import ipaddress
import logging
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
import urllib3.exceptions

from tracker.errors import BadReply, NetworkError, SourceRefused, SourceUnavailable
from tracker.pace import LONGEST_WAIT_S, BudgetSpent, LeftAlone, Pace
from tracker.version import __version__


class _WithoutQuestions(logging.Filter):
    """What urllib3 logs without the questions in the addresses: some services want the reader's key there."""

    def filter(self, record: logging.LogRecord) -> bool:
        """True, always: the record is only shortened."""
        if isinstance(record.args, tuple):
            record.args = tuple(
                re.sub(r"\?[^\s'\"]+", "?...", one) if isinstance(one, str) else one for one in record.args
            )
        return True


for _logger in ("urllib3.connection", "urllib3.connectionpool", "urllib3.util.retry"):
    logging.getLogger(_logger).addFilter(_WithoutQuestions())

Check = Callable[[bytes], None]
"""Looks at a body: raises BadReply where it is not what the source promises (it is then asked for again),
SourceRefused where it says that the question is wrong."""
OnWait = Callable[[str, float], None]
"""Told before each wait: what went wrong, and how many seconds until the next try."""

WAITS_IN_GAPS = (3, 10, 40)
"""Waits between the tries where the service names none, in units of its pace: at arXiv 9, 30 and 120 s. Long,
because arXiv at times answers 429 well below its documented rate (lukasschwab/arxiv.py issue 203)."""
CONNECT_TRIES = 2
"""A machine that cannot be reached at all most often means that there is no network: no use in waiting. Where
its very name cannot be looked up there is none for certain: one try is enough."""
CONNECT_WAIT_S = 1.0
"""Between those two."""
LONGEST_CHAIN = 4
"""Redirects followed for one question."""


@dataclass(frozen=True)
class Limits:
    """What one question may cost."""

    connect_s: float = 5.0
    read_s: float = 60.0
    """Of silence."""
    total_s: float = 180.0
    """For the whole body, however slowly it drips."""
    body_bytes: int = 32 * 2**20
    """After decompression. A record with thirty authors has 4 kB, a batch of 100 well under 1 MB."""
    waits_in_gaps: tuple[float, ...] = WAITS_IN_GAPS
    """Before each further try, where the service names no time; as many tries as there are, and one."""
    longest_wait_s: float = LONGEST_WAIT_S
    """A service that asks for more is left alone for as long as it asks."""


def site_of(url: str) -> str:
    """Whose machine a URL names: the last two labels of the host, or address and port.

    >>> site_of("https://export.arxiv.org/api/query"), site_of("http://127.0.0.1:8000/api")
    ('arxiv.org', '127.0.0.1:8000')
    """
    host, port = _host_and_port(url)
    if _is_address(host) or "." not in host:
        return f"{host}:{port}" if port else host
    return ".".join(host.split(".")[-2:])


def is_loopback(url: str) -> bool:
    """True where the URL names this machine, which no proxy can reach for us."""
    host, _ = _host_and_port(url)
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def _host_and_port(url: str) -> tuple[str, int | None]:
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return "", None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def user_agent(contact: str) -> str:
    """The name the program gives itself, with the address of the person who runs it where there is one.

    >>> user_agent("me@example.org").partition(" ")[2]
    '(mailto:me@example.org)'
    """
    words = "".join(c for c in contact if " " <= c <= "~" and c not in "()").strip()
    address = f" ({'mailto:' if '@' in words and ':' not in words else ''}{words})" if words else ""
    return f"tracker/{__version__}{address}"


def wait_asked_for(value: str | None, now: float) -> float | None:
    """The seconds that a `Retry-After` header asks for; None where it is missing or makes no sense.

    Args:
        value: seconds or an HTTP date.
        now: seconds since 1970.

    Source: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after

    >>> wait_asked_for("7", 0.0), wait_asked_for("Thu, 01 Jan 1970 00:01:00 GMT", 50.0)
    (7.0, 10.0)
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return max(0.0, _aware(moment).timestamp() - now)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class _Fault(Exception):
    """A try that failed in a way that may pass."""

    def __init__(
        self,
        reason: str,
        *,
        asked_wait_s: float | None = None,
        is_reached: bool = True,
        is_named: bool = True,
        error: type[NetworkError] = SourceUnavailable,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.asked_wait_s = asked_wait_s
        self.is_reached = is_reached
        self.is_named = is_named
        self.error = error

    def tries(self, limits: Limits) -> int:
        """How often it is asked before it is given up."""
        if not self.is_reached:
            return CONNECT_TRIES if self.is_named else 1
        return len(limits.waits_in_gaps) + 1

    def wait_s(self, wait_in_gaps: float, gap_s: float) -> float:
        """Seconds until the next try: as long as the service asks for, otherwise longer each time."""
        if not self.is_reached:
            return min(CONNECT_WAIT_S, gap_s)
        return max(gap_s, wait_in_gaps * gap_s if self.asked_wait_s is None else self.asked_wait_s)


class Session(requests.Session):
    """A requests session that keeps the pace, tries again, and returns nothing but whole, checked answers."""

    def __init__(self, pace: Pace, *, check: Check, contact: str, limits: Limits, on_wait: OnWait) -> None:
        super().__init__()
        self._pace = pace
        self._check = check
        self._limits = limits
        self._on_wait = on_wait
        # One connection at a time, over all processes: none is kept open between two questions.
        self._own_headers = {"user-agent": user_agent(contact), "connection": "close"}

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """The answer to one question, with status 200 and its body read.

        Raises:
            SourceUnavailable: nothing usable came after all tries, or the address cannot be used.
            SourceRefused: the source says that the question is wrong (4xx other than 429).
            BadReply: something else than promised came, each time.
        """
        address = url.decode() if isinstance(url, bytes) else url
        for _ in range(LONGEST_CHAIN):
            answer = self._until_answered(method, address, *args, **kwargs)
            if not answer.is_redirect:
                return answer
            address = self._next_address(address, answer.headers["location"])
            kwargs.pop("params", None)  # the new address is complete
        raise BadReply(f"{site_of(address)} redirects without end")

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """None: `request` follows redirects itself, each within the pace and only to the same site."""
        return None

    def _next_address(self, address: str, location: str) -> str:
        try:
            following = urljoin(address, location)
            is_as_safe = urlsplit(address).scheme != "https" or urlsplit(following).scheme == "https"
        except ValueError:
            following, is_as_safe = "", False
        if is_as_safe and site_of(following) == site_of(address):
            return following
        raise BadReply(f"{site_of(address)} redirects to {site_of(following) or 'nowhere'}, another machine")

    def _until_answered(self, method: str | bytes, url: str, *args: Any, **kwargs: Any) -> requests.Response:
        longest_wait_s = self._pace.longest_wait_s
        for tries, wait_in_gaps in enumerate((*self._limits.waits_in_gaps, 0), start=1):
            with self._turn(url):
                try:
                    return self._try_once(method, url, *args, **kwargs)
                except _Fault as caught:
                    fault = caught
                wait_s = fault.wait_s(wait_in_gaps, self._pace.gap_s)
                self._pace.hold_off(wait_s, is_asked_for=fault.asked_wait_s is not None)
            if tries >= fault.tries(self._limits) or wait_s > longest_wait_s:
                break
            self._on_wait(f"{site_of(url)}: {fault.reason}", wait_s)
        left_alone_s = wait_s if wait_s > longest_wait_s else 0.0
        raise _given_up(url, fault, tries, left_alone_s) from fault.__cause__

    @contextlib.contextmanager
    def _turn(self, url: str) -> Iterator[None]:
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(self._pace.turn())
            except BudgetSpent:
                raise SourceUnavailable(
                    f"{site_of(url)}: today's questions are all asked, more can be asked tomorrow"
                ) from None
            except LeftAlone as error:
                raise SourceUnavailable(f"{site_of(url)} {_alone_for(error.wait_s)}") from None
            yield

    def _try_once(self, method: str | bytes, url: str, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs |= {
            "headers": {**(kwargs.get("headers") or {}), **self._own_headers},
            "timeout": (self._limits.connect_s, self._limits.read_s),
            "allow_redirects": False,
            "stream": True,
        }
        try:
            with super().request(method, url, *args, **kwargs) as response:
                answer = _with_body(response, self._read(response))
        except (requests.ConnectionError, requests.Timeout, urllib3.exceptions.HTTPError) as error:
            raise self._fault_of(error) from error
        except (requests.RequestException, ValueError) as error:
            raise SourceUnavailable(f"{url} cannot be asked: {error}") from error
        finally:
            self.close()  # no connection stays open between two questions, whatever the server says
        self._judge(answer)
        return answer

    def _read(self, response: requests.Response) -> bytes:
        """The body, in pieces as they arrive, so that neither a flood nor a drip goes unnoticed."""
        deadline = time.monotonic() + self._limits.total_s
        body = bytearray()
        while piece := response.raw.read1(65536, decode_content=True):
            body += piece
            if len(body) > self._limits.body_bytes:
                raise BadReply(f"{site_of(response.url)} sends more than {self._limits.body_bytes} bytes")
            if time.monotonic() > deadline:
                raise _Fault(f"the answer took longer than {self._limits.total_s:.0f} s")
        return bytes(body)

    def _fault_of(self, error: Exception) -> _Fault:
        cause = error.args[0] if error.args else None
        reason = getattr(cause, "reason", cause)
        if isinstance(error, requests.ConnectTimeout):
            return _Fault(f"no connection within {self._limits.connect_s:g} s", is_reached=False)
        unreached = requests.exceptions.SSLError | requests.exceptions.ProxyError
        if isinstance(reason, urllib3.exceptions.NewConnectionError) or isinstance(error, unreached):
            is_named = not isinstance(reason, urllib3.exceptions.NameResolutionError)
            return _Fault(_last_words(reason), is_reached=False, is_named=is_named)
        if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError):
            return _Fault(f"no answer within {self._limits.read_s:g} s")
        if isinstance(error, urllib3.exceptions.DecodeError):
            return _Fault("the answer is damaged")
        return _Fault("the connection was cut")

    def _judge(self, answer: requests.Response) -> None:
        """Nothing where the answer may be used (200 that passes the check, or a redirect)."""
        status = answer.status_code
        if answer.is_redirect:
            return
        if status == 429 or status >= 500:
            wait_s = wait_asked_for(answer.headers.get("retry-after"), self._pace.clock())
            raise _Fault(f"HTTP {status}", asked_wait_s=wait_s)
        if 400 <= status < 500:
            with contextlib.suppress(BadReply):
                self._check(answer.content)  # the source may say in its own words what is wrong
            raise SourceRefused(f"{site_of(answer.url)} refuses the question (HTTP {status})", status)
        if status != 200:
            raise _Fault(f"HTTP {status}", error=BadReply)
        try:
            self._check(answer.content)
        except BadReply as error:
            raise _Fault(str(error), error=BadReply) from error


def _last_words(reason: object) -> str:
    """What the system said, without the wrapping: "Connection refused", "certificate verify failed: ..."."""
    words = str(reason).rpartition("] ")[2].partition(" (_ssl")[0].strip("()'\" ")
    return " ".join(words.split()) or "no connection"


def _with_body(response: requests.Response, body: bytes) -> requests.Response:
    """The same answer, holding its body."""
    answer = requests.Response()
    answer.status_code = response.status_code
    answer.reason = response.reason
    answer.headers = response.headers
    answer.url = response.url
    answer.request = response.request
    answer.encoding = response.encoding
    answer.raw = io.BytesIO(body)
    return answer


def _given_up(url: str, fault: _Fault, tries: int, left_alone_s: float) -> NetworkError:
    ending = f", asked {tries} times" if tries > 1 else ""
    if left_alone_s:
        ending = f", and {_alone_for(left_alone_s)}"
    return fault.error(f"{site_of(url)}: {fault.reason}{ending}")


def _alone_for(wait_s: float) -> str:
    length = f"{wait_s / 60:.0f} minutes" if wait_s >= 90 else f"{wait_s:.0f} seconds"
    return f"asks to be left alone for {length}"


def _say_nothing(reason: str, wait_s: float) -> None:
    pass


def open_session(
    url: str,
    *,
    gap_s: float,
    check: Check,
    per_day: int | None = None,
    cache_dir: Path | None = None,
    contact: str = "",
    limits: Limits | None = None,
    on_wait: OnWait | None = None,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
) -> Session:
    """A session for the service at `url`; use it for this service alone, and close it.

    Args:
        gap_s: least seconds between the end of an answer and the next question.
        check: looks at each body (see `Check`).
        per_day: most questions of a day (UTC), refused ones included; None: any number.
        cache_dir: the lock file of the pace is here, one per site; None keeps the pace in this process only.
        contact: goes into the User-Agent.
        on_wait: told before each wait for another try.
    """
    name = "".join(c if c.isalnum() or c in ".-" else "-" for c in site_of(url)) or "unknown"
    path = cache_dir / f"pace-{name}.lock" if cache_dir else None
    limits = limits or Limits()
    pace = Pace(
        path,
        max(0.0, gap_s),
        per_day=per_day,
        longest_wait_s=limits.longest_wait_s,
        clock=clock,
        sleep=sleep,
    )
    session = Session(pace, check=check, contact=contact, limits=limits, on_wait=on_wait or _say_nothing)
    session.trust_env = not is_loopback(url)
    return session
