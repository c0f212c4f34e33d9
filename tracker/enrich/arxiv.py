"""arXiv as a source: keys in batches go out, records come back, matched by id and never by position.

The `arxiv` package builds the question and reads the feed; our session keeps the pace, the time-outs
and the retries, and lets only whole feeds through. Both are imported when something really is asked.

Source: https://info.arxiv.org/help/api/user-manual.html, https://info.arxiv.org/help/api/tou.html
"""

from __future__ import annotations

import logging
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from tracker.enrich.arxiv_feed import check_feed
from tracker.enrich.arxiv_record import record_of
from tracker.enrich.base import Absent, Answer, Failed, Found
from tracker.errors import BadReply, NetworkError, SourceRefused
from tracker.identifiers import ArxivId, PaperKey, arxiv_id_of, arxiv_key, parse_arxiv_id
from tracker.models import Paper
from tracker.settings import Settings

if TYPE_CHECKING:
    from tracker.net import OnWait, Session

BATCH_SIZE = 100
"""Ids in one question: an address of 1.6 kB. At 642 ids arXiv answers 414 (lukasschwab/arxiv.py issue 15)."""
LEAST_GAP_S = 3.0
"""arXiv's terms: one request every three seconds, over one connection. A shorter delay is for other hosts."""

_STRAY = Failed("arXiv sends records that were not asked for", retryable=True)


class OpenSession(Protocol):
    """`tracker.net.open_session`, or a variant of it with other limits."""

    def __call__(self, url: str, /, **options: Any) -> Session:
        """A session for the service at this address."""


class ArxivSource:
    """arXiv's API at `settings.arxiv_url`. See `Source` for what each member promises."""

    name = "arXiv"
    gives = frozenset(
        {
            *(
                "title",
                "authors",
                "authors_complete",
                "published",
                "updated",
                "version",
                "year",
                "categories",
            ),
            *("venue", "doi", "comment", "abstract", "is_withdrawn"),
        }
    )
    overrides = gives - {"venue", "doi", "year"}
    """Venue and DOI are what authors typed in by hand, and only where they did."""
    batch_size = BATCH_SIZE
    home_of = "arXiv:"
    is_search = False
    absent_days = 1.0
    """A paper that was not there may be there tomorrow: arXiv announces papers once a day."""

    def __init__(
        self, settings: Settings, *, on_wait: OnWait | None = None, open_session: OpenSession | None = None
    ) -> None:
        """Args: `on_wait` is told before each wait (see `net.OnWait`)."""
        self.service = settings.arxiv_url
        self._settings = settings
        self._on_wait = on_wait
        self._open_session = open_session
        self._client: Any = None
        self._down: Failed | None = None

    def takes(self, paper: Paper) -> bool:
        """True for keys of arXiv."""
        return arxiv_id_of(paper.key) is not None

    def ask(self, papers: Sequence[Paper]) -> dict[PaperKey, Answer]:
        """One question for all of them (a second one where the first answer says that an id is impossible).

        Once it did not answer after all tries, it is left alone for as long as this object lives. Ids that
        cannot exist are `Absent` without being sent: one of them would fail the whole batch.
        """
        keys_by_id: dict[ArxivId, set[PaperKey]] = defaultdict(set)
        answers: dict[PaperKey, Answer] = {}
        for paper in papers:
            parsed = parse_arxiv_id(arxiv_id_of(paper.key) or "")
            if parsed is None:
                answers[paper.key] = Absent()
            else:
                keys_by_id[parsed[0]].add(paper.key)
        is_any_known = any(paper.title for paper in papers)
        for arxiv_id, answer in self._answer_each(list(keys_by_id), is_any_known).items():
            answers |= {key: _for_key(answer, key) for key in keys_by_id[arxiv_id]}
        return answers

    def close(self) -> None:
        """Closes the session, if one was opened."""
        if self._client is not None:
            self._client._session.close()
            self._client = None

    def _answer_each(self, ids: list[ArxivId], is_any_known: bool) -> dict[ArxivId, Answer]:
        if not ids:
            return {}
        if self._down:
            return dict.fromkeys(ids, self._down)
        try:
            return self._match(ids, self._read(ids), is_any_known)
        except SourceRefused as error:
            refused = _ids_named(str(error), ids)
            if not refused:
                return dict.fromkeys(ids, Failed(str(error), retryable=False))
            rest = [arxiv_id for arxiv_id in ids if arxiv_id not in refused]
            return dict.fromkeys(refused, Absent()) | self._answer_each(rest, is_any_known)
        except NetworkError as error:
            self._down = Failed(str(error), retryable=True)
            return dict.fromkeys(ids, self._down)

    def _match(self, ids: list[ArxivId], results: list[Any], is_any_known: bool) -> dict[ArxivId, Answer]:
        """Each id with its own record; without one it is absent, unless the feed is not to be trusted."""
        if not results:
            # arXiv at times sends an empty feed for papers that it has (lukasschwab/arxiv.py issue 129).
            results = self._read(ids)
            if not results and is_any_known:
                raise BadReply("arXiv sends an empty feed for papers that exist")
        records = [record_of(result) for result in results]
        times = Counter(record.key for record in records if record)
        asked = {arxiv_key(arxiv_id) for arxiv_id in ids}
        is_sound = all(record and record.key in asked and times[record.key] == 1 for record in records)
        missing: Answer = Absent() if is_sound else _STRAY
        record_by_key = {record.key: record for record in records if record and times[record.key] == 1}
        return {
            arxiv_id: Found(record_by_key[key]) if (key := arxiv_key(arxiv_id)) in record_by_key else missing
            for arxiv_id in ids
        }

    def _read(self, ids: list[ArxivId]) -> list[Any]:
        """The results of one request, as the `arxiv` package reads them.

        Raises:
            NetworkError: no whole feed came.
        """
        import arxiv

        client = self._open_client()
        client.page_size = len(ids)
        try:
            return list(client.results(arxiv.Search(id_list=ids, max_results=len(ids))))
        except arxiv.ArxivError as error:
            raise BadReply(f"arXiv: {error}") from error
        except (ValueError, TypeError, OverflowError) as error:
            raise BadReply(f"arXiv sends a record that cannot be read ({error})") from error

    def _open_client(self) -> Any:
        """The client of the `arxiv` package with our session in the place of its own.

        `_session` is private in arxiv 4; a test fails loudly should a later version drop it.
        """
        if self._client is not None:
            return self._client
        import arxiv

        from tracker import net

        url, delay_s = self._settings.arxiv_url, self._settings.arxiv_delay_s
        client = arxiv.Client(page_size=BATCH_SIZE, delay_seconds=0.0, num_retries=0)
        base = url.replace("{", "{{").replace("}", "}}")
        client.query_url_format = f"{base}{'&' if '?' in url else '?'}{{}}"
        client._session = (self._open_session or net.open_session)(
            url,
            gap_s=max(LEAST_GAP_S, delay_s) if net.site_of(url) == "arxiv.org" else delay_s,
            check=check_feed,
            cache_dir=self._settings.cache_dir,
            contact=self._settings.contact,
            on_wait=self._on_wait,
        )
        log = logging.getLogger("arxiv")
        if not log.handlers:
            log.addHandler(logging.NullHandler())  # its warnings about entries are told by us, as problems
        self._client = client
        return client


def _ids_named(message: str, ids: Sequence[ArxivId]) -> list[ArxivId]:
    """The ids that a refusal complains about ("incorrect id format for 2305.1234")."""
    words = set(re.split(r"[\s,;:]+", message))
    return [arxiv_id for arxiv_id in ids if arxiv_id in words]


def _for_key(answer: Answer, key: PaperKey) -> Answer:
    """The answer under the key that was asked, which may be another spelling of the id."""
    if isinstance(answer, Found) and answer.record.key != key:
        return Found(answer.record.model_copy(update={"key": key}))
    return answer
