"""The contract of a source: what it is asked, and the three answers it may give.

A source never raises because of the network and never returns None: each paper it was asked about
is `Found`, `Matches`, `Absent` or `Failed`. All but the last are facts, and only they may be kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeAlias

from tracker.identifiers import ArxivId, Doi, PaperKey
from tracker.models import Model, Paper, VenueKind


class Record(Model):
    """What one source says about one paper. Empty or None: it does not say."""

    key: PaperKey
    """Of the paper that was asked about or, out of a search, the record's own."""
    title: str = ""
    """Plain text: without markup of HTML, MathML or LaTeX commands, entities resolved, on one line."""
    authors: tuple[str, ...] = ()
    """All of them, in order, "Given Family"."""
    published: date | None = None
    """Date of the first version (UTC)."""
    updated: date | None = None
    """Date of the version `version` (UTC)."""
    version: int | None = None
    categories: tuple[str, ...] = ()
    """The primary one first."""
    venue: str | None = None
    """Journal or proceedings of the published version, in full where known; None for a preprint."""
    venue_kind: VenueKind | None = None
    venue_year: int | None = None
    """Of the published version."""
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    """"117--128", or the number of an article."""
    publisher: str | None = None
    doi: Doi | None = None
    """Of the published version, lower case; never one of arXiv (10.48550) or of another preprint server."""
    arxiv_id: ArxivId | None = None
    """Of the preprint, where the source names it."""
    is_preprint: bool = False
    """Whether the record is of a preprint, at arXiv or elsewhere (then it says nothing of a publication)."""
    citations: int | None = None
    comment: str | None = None
    abstract: str | None = None
    is_withdrawn: bool | None = None


@dataclass(frozen=True)
class Found:
    """The source has the paper."""

    record: Record


@dataclass(frozen=True)
class Matches:
    """The source was searched by title and authors: what it has that may be the paper, the likeliest first.

    Whether one of them is the paper is decided in `published`, by one rule for all sources.
    """

    records: tuple[Record, ...]


@dataclass(frozen=True)
class Absent:
    """The source was asked, answered properly, and has no such paper."""


@dataclass(frozen=True)
class Failed:
    """Nothing is known: the source did not answer, or not properly."""

    reason: str
    """One clause in plain words, the same for all papers that failed for one cause."""
    retryable: bool
    """True where the service is down or busy, so that asking again later may help."""


Answer: TypeAlias = Found | Matches | Absent | Failed


class Source(Protocol):
    """A service that is asked about papers; a new one is a module beside `arxiv`, named in `enrich`."""

    @property
    def name(self) -> str:
        """As people call it; it stands in provenance and in messages."""

    @property
    def service(self) -> str:
        """The address asked. Answers are kept under it: those of a test server never pass for real ones."""

    @property
    def gives(self) -> frozenset[str]:
        """Names of the fields of `Paper` that it can fill."""

    @property
    def overrides(self) -> frozenset[str]:
        """The fields, out of `gives`, in which its word goes over what is already known."""

    @property
    def batch_size(self) -> int:
        """How many papers one question may name."""

    @property
    def home_of(self) -> str:
        """Prefix of the keys of which its word is final ("arXiv:"), title and authors included; "" for none."""

    @property
    def is_search(self) -> bool:
        """Whether it searches by title, and so answers with `Matches`. It is asked last, and only about papers
        of which nobody has told where they appeared."""

    @property
    def absent_days(self) -> float:
        """For how many days it is not asked again about what it does not have."""

    def takes(self, paper: Paper) -> bool:
        """True where it can be asked about this paper. Opens nothing, imports nothing heavy."""

    def ask(self, papers: Sequence[Paper]) -> Mapping[PaperKey, Answer]:
        """An answer for each of at most `batch_size` papers. Keeps the service's pace by itself."""

    def close(self) -> None:
        """Lets go of the connection. May be called twice, and before anything was asked."""
