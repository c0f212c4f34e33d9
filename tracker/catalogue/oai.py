"""arXiv over OAI-PMH: asks for pages of records, at arXiv's pace, and keeps nothing.

An answer that is no whole page is asked for again by the session; what arXiv says is wrong with a question is an
`error` of the page, for the caller to judge.

Source: https://info.arxiv.org/help/oa/index.html, https://info.arxiv.org/help/api/tou.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import TracebackType
from typing import TYPE_CHECKING, Final

from tracker.catalogue.oai_page import Error, Page, read_page
from tracker.errors import BadReply, NetworkError, SourceRefused
from tracker.settings import Settings

if TYPE_CHECKING:
    from tracker.net import OnWait, Session

EARLIEST: Final = date(2005, 9, 16)
"""arXiv's oldest datestamp; what is older bears this one. It refuses to be asked for anything before."""
BAD_TOKEN: Final = "badResumptionToken"
NOTHING_NEW: Final = "noRecordsMatch"
_FORMAT: Final = "arXiv"
_LEAST_GAP_S: Final = 3.0
"""arXiv's terms: one request every three seconds, over one connection. A shorter delay is for other hosts."""
_TOTAL_S: Final = 300.0
"""For one page: they are large, and arXiv was seen to think for half a minute and more about one."""
_MOST_BYTES: Final = 64 * 2**20
"""A page of arXiv's has up to 3,500 records of 3 kB."""


class ArxivRecords:
    """The records of arXiv at `settings.oai_url`. Use as a context manager."""

    def __init__(self, settings: Settings, *, on_wait: OnWait | None = None) -> None:
        """Args: `on_wait` is told before each wait (see `net.OnWait`)."""
        self._settings = settings
        self._on_wait = on_wait
        self._session: Session | None = None
        self._page: Page | None = None

    def __enter__(self) -> ArxivRecords:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session:
            self._session.close()

    def since(self, day: date) -> Page:
        """The first page of what was changed on that day or later.

        Raises:
            NetworkError: no usable answer came.
        """
        return self._ask({"metadataPrefix": _FORMAT, "from": max(day, EARLIEST).isoformat()})

    def after(self, token: str) -> Page:
        """The page that a token stands for.

        Raises:
            NetworkError: no usable answer came.
        """
        page = self._ask({"resumptionToken": token})
        if page.token == token:
            raise BadReply("arXiv sends the same page without end")
        return page

    def _ask(self, question: Mapping[str, str]) -> Page:
        self._page = None
        try:
            self._open_session().get(self._settings.oai_url, params={"verb": "ListRecords", **question})
        except SourceRefused:
            if self._page is None or self._page.error is None:
                raise  # otherwise it says in the protocol's own words what is wrong
        assert self._page is not None  # no answer comes through without the check
        return self._page

    def _check(self, body: bytes) -> None:
        self._page = read_page(body)

    def _open_session(self) -> Session:
        if self._session is None:
            from tracker import net

            url, delay_s = self._settings.oai_url, self._settings.arxiv_delay_s
            self._session = net.open_session(
                url,
                gap_s=max(_LEAST_GAP_S, delay_s) if net.site_of(url) == "arxiv.org" else delay_s,
                check=self._check,
                cache_dir=self._settings.cache_dir,
                contact=self._settings.contact,
                limits=net.Limits(total_s=_TOTAL_S, body_bytes=_MOST_BYTES),
                on_wait=self._on_wait,
            )
        return self._session


def refusal(error: Error) -> NetworkError:
    """The error to raise where nothing can be done about what the service says."""
    return SourceRefused(f"arXiv refuses the question: {error.code}: {error.text}")
