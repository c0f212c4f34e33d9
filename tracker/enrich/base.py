"""The contract of a source: what it is asked, and the three answers it may give.

A source never raises because of the network and never returns None: each paper it was asked about
is `Found`, `Absent` or `Failed`. Only the first two are facts, and only they may be kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeAlias

from tracker.identifiers import Doi, PaperKey
from tracker.models import Model, Paper


class Record(Model):
    """What one source says about one paper. Empty or None: it does not say."""

    key: PaperKey
    title: str = ""
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
    doi: Doi | None = None
    comment: str | None = None
    abstract: str | None = None
    is_withdrawn: bool | None = None


@dataclass(frozen=True)
class Found:
    """The source has the paper."""

    record: Record


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


Answer: TypeAlias = Found | Absent | Failed


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

    def takes(self, paper: Paper) -> bool:
        """True where it can be asked about this paper. Opens nothing, imports nothing heavy."""

    def ask(self, papers: Sequence[Paper]) -> Mapping[PaperKey, Answer]:
        """An answer for each of at most `batch_size` papers. Keeps the service's pace by itself."""

    def close(self) -> None:
        """Lets go of the connection. May be called twice, and before anything was asked."""
