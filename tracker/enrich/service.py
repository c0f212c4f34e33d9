"""One service that speaks JSON, BibTeX or anything else over HTTP: how its sources ask it.

A source says which path it wants and how the body is read; here stand the session, the pace and the budget of
the day, what counts as an answer, and the breaker: a service that failed twice running is left alone for the
rest of the run. All sources of one service share one `Service`, so that they share all of this.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from urllib.parse import quote, quote_plus

from tracker.enrich.base import Absent, Failed
from tracker.errors import BadReply, NetworkError, SourceRefused
from tracker.settings import Endpoint, Settings

if TYPE_CHECKING:
    from tracker.net import OnWait, Session

Parsed = TypeVar("Parsed")

FAILURES = 2
"""Questions that failed running, each after all its tries, after which a service is left alone."""
READ_S = 20.0
"""Seconds of silence: these services answer within some."""
TOTAL_S = 60.0
_SHOWN = 40
"""Characters of an answer that are shown where it is something else than promised."""
WAITS_IN_GAPS = (1.0, 3.0)
LONGEST_WAIT_S = 30.0
"""What these services tell is worth some seconds of waiting, and no minutes: the others go on, and running the same
again later completes it."""
BODY_BYTES = 16 * 2**20
"""A page of twenty works of Crossref with all their references has 2 MB."""


class RecordRefused(SourceRefused):
    """The service does not show this one record to us; nothing is wrong with the service, or with others."""


class OpenSession(Protocol):
    """`tracker.net.open_session`, or a variant of it with other limits."""

    def __call__(self, url: str, /, **options: Any) -> Session:
        """A session for the service at this address."""


class Service:
    """A service at an endpoint. `name` is as people call it."""

    def __init__(
        self,
        name: str,
        endpoint: Endpoint,
        settings: Settings,
        *,
        check: Callable[[bytes], None] | None = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        on_wait: OnWait | None = None,
        open_session: OpenSession | None = None,
    ) -> None:
        """Args:
        check: looks at each body, see `net.Check`; default: `check_json`.
        headers: sent with every question, such as the reader's key. They go to this service only.
        params: the same in the address, for services that want their key there.
        on_wait: told before each wait, see `net.OnWait`.
        """
        self.name = name
        self.endpoint = endpoint
        self._settings = settings
        self._check = check or (lambda body: check_json(body, name))
        self._headers = dict(headers or {})
        self._params = dict(params or {})
        self._on_wait = on_wait
        self._open_session = open_session
        self._session: Session | None = None
        self._failures = 0
        self._last_failure = Failed("", retryable=True)

    @property
    def is_on(self) -> bool:
        """Whether it may be asked at all: it has an address, and a budget."""
        return bool(self.endpoint.url) and self.endpoint.per_day > 0

    def ask(
        self,
        path: str,
        read: Callable[[bytes], Parsed],
        *,
        params: Mapping[str, str] | None = None,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Parsed | Absent | Failed:
        """What `read` makes of the body at this path, `Absent` where there is no such page (404, 410).

        Never raises because of the network, or of what came over it.

        Args:
            path: begins with a slash; what comes from outside in it is quoted by the caller.
            read: pure; raises BadReply, or any ValueError, LookupError, TypeError or AttributeError, where the
                body is not of the shape that it knows.
            params: the question's parameters, quoted here.
            body: sent as JSON with POST where it is not None.
        """
        if self._failures >= FAILURES:
            return self._last_failure
        if not self._is_key_possible:
            return Failed(f"the key for {self.name} has characters in it that no key has", retryable=False)
        try:
            answer = self._parsed(self._fetch(path, params, body, headers), read)
        except RecordRefused as error:
            self._failures = 0
            return Failed(self._told(str(error)), retryable=False)
        except SourceRefused as error:
            if error.status in (404, 410):
                self._failures = 0
                return Absent()
            is_of_key = error.status in (401, 403) and self.endpoint.key is not None
            reason = f"{self.name} does not accept the key (HTTP {error.status})" if is_of_key else str(error)
            return self._failed(reason, retryable=error.status in (401, 402, 403))
        except NetworkError as error:
            return self._failed(str(error), retryable=True)
        self._failures = 0
        return answer

    def close(self) -> None:
        """Lets go of the session; may be called twice, and before anything was asked."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def _fetch(
        self, path: str, params: Mapping[str, str] | None, body: object, headers: Mapping[str, str] | None
    ) -> bytes:
        url = f"{self.endpoint.url}{path}"
        sent, asked = {**self._headers, **(headers or {})}, {**(params or {}), **self._params}
        session = self._opened()
        if body is None:
            return bytes(session.get(url, params=asked, headers=sent).content)
        return bytes(session.post(url, params=asked, json=body, headers=sent).content)

    def _parsed(self, body: bytes, read: Callable[[bytes], Parsed]) -> Parsed:
        try:
            return read(body)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise BadReply(f"{self.name} sends something that cannot be read ({_short(error)})") from error

    def _failed(self, reason: str, *, retryable: bool) -> Failed:
        self._failures += 1
        self._last_failure = Failed(self._told(reason), retryable=retryable)
        return self._last_failure

    def _told(self, reason: str) -> str:
        """The reason without the key, should the service have repeated it."""
        secret = self.endpoint.secret
        for one in {secret, quote(secret, safe=""), quote_plus(secret)} if secret else ():
            reason = re.sub(rf"(?<!\w){re.escape(one)}(?!\w)", "...", reason)
        return reason

    @property
    def _is_key_possible(self) -> bool:
        """Whether the key can be sent in a header: an error of what sends it would show all of it."""
        secret = self.endpoint.secret
        return secret.isascii() and secret.isprintable() and " " not in secret

    def _opened(self) -> Session:
        if self._session is None:
            from tracker import net

            self._session = (self._open_session or net.open_session)(
                self.endpoint.url,
                gap_s=self.endpoint.delay_s,
                check=self._check,
                per_day=self.endpoint.per_day,
                cache_dir=self._settings.cache_dir,
                contact=self._settings.contact,
                limits=net.Limits(
                    read_s=READ_S,
                    total_s=TOTAL_S,
                    body_bytes=BODY_BYTES,
                    waits_in_gaps=WAITS_IN_GAPS,
                    longest_wait_s=LONGEST_WAIT_S,
                ),
                on_wait=self._on_wait,
            )
        return self._session


def check_json(body: bytes, name: str) -> None:
    """Nothing, where the body is a whole JSON object or array.

    Raises:
        BadReply: it is something else, such as an HTML page, or cut.
    """
    read_json(body, name)


def read_json(body: bytes, name: str) -> Any:
    """The object or array that the body is.

    Raises:
        BadReply: it is none.
    """
    if not body.strip():
        raise BadReply(f"{name} sends an empty page")
    try:
        value = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise BadReply(f"{name} sends {_instead_of_json(body, error)}") from error
    if not isinstance(value, dict | list):
        raise BadReply(f"{name} sends something that is no record")
    return value


def _instead_of_json(body: bytes, error: Exception) -> str:
    """What the body is: a page, a sentence ("Rate exceeded."), or JSON that is not whole."""
    start = body.strip()[:_SHOWN].decode("utf-8", "replace")
    if start.startswith(("{", "[")):
        why = "nested too deeply" if isinstance(error, RecursionError) else _short(error)
        return f"cut or malformed JSON ({why})"
    if start.startswith("<"):
        return f"{'an HTML page' if b'<html' in body[:500].lower() else 'markup'}, which is no JSON"
    is_sentence = start.isprintable() and "\ufffd" not in start
    return f"{start!r}, which is no JSON" if is_sentence else "something that is no JSON"


def _short(error: Exception) -> str:
    """The error's words on one line, without what the service sent, and where in it: all such errors are one."""
    words = " ".join((error.msg if isinstance(error, json.JSONDecodeError) else str(error)).split())
    return "".join(c for c in words[:80] if c.isprintable()) or type(error).__name__
