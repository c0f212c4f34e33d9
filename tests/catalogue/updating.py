"""A catalogue that was harvested up to a day, a server that knows what has changed since, and updates of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from tests.catalogue.small import NOON, PAPERS, Facts, write_names, write_papers
from tests.servers import facts as known
from tests.servers import oai
from tests.servers.oai import Item, OaiServer
from tracker.catalogue import Catalogue
from tracker.catalogue.build import build_catalogue
from tracker.catalogue.update import HARVESTED, UpdateReport, update_catalogue
from tracker.identifiers import arxiv_key
from tracker.models import Paper
from tracker.settings import Settings

SINCE = date(2026, 3, 10)
NOW = datetime(2026, 3, 21, 9, tzinfo=UTC)
NEW = tuple(known.invented(f"2603.{number:05}") for number in range(1, 10))
CHANGED = known.Facts(
    "1412.6980", "Adam: A Method for Stochastic Optimization (corrected)", ("Diederik P. Kingma", "Jimmy Ba"),
    "2017-01-30", categories=("cs.LG",),
)  # fmt: skip
"""With the day of its latest version, as arXiv gives it."""
DELETED = known.Facts(
    "math/0309136", "Regular points in affine Springer fibers", ("Mark Goresky",), "2003-09-07"
)
LISTED = (
    *oai.items([*NEW[:5], CHANGED, *NEW[5:]], SINCE),
    Item(DELETED, date(2026, 3, 15), is_deleted=True),
)
"""Eleven records on six days: nine new papers, a changed one, a deleted one."""


@dataclass
class Place:
    """A folder with a catalogue of its own, and the updates of it."""

    folder: Path
    server: OaiServer
    delay_s: float = 0.0
    told: list[Any] = field(default_factory=list)
    """What was said on the way."""

    def __post_init__(self) -> None:
        self.path = self.folder / "own.catalogue"

    def make(self, papers: Iterable[Facts] = PAPERS, harvested: date | None = SINCE) -> Place:
        """Make the catalogue."""
        facts = {HARVESTED: harvested.isoformat()} if harvested else {}
        inputs = [write_papers(self.folder / "papers.jsonl", papers), write_names(self.folder / "names.tsv")]
        build_catalogue(inputs, self.path, now=NOON, facts=facts)
        for path in inputs:
            path.unlink()
        return self

    @property
    def settings(self) -> Settings:
        return Settings(
            library_path=self.folder / "library.sqlite",
            cache_dir=self.folder / "cache",
            catalogue_path=self.path,
            oai_url=self.server.url,
            arxiv_delay_s=self.delay_s,
        )

    def update(self, **options: Any) -> UpdateReport:
        """Update it."""
        chosen = {"now": NOW, "on_harvest": lambda *one: self.told.append(one), **options}
        return update_catalogue(chosen.pop("settings", self.settings), **chosen)

    def opened(self) -> Catalogue:
        return Catalogue.open(self.path)

    def paper(self, arxiv_id: str) -> Paper | None:
        return self.opened().paper(arxiv_key(arxiv_id))

    def left(self) -> list[str]:
        """The files beside the catalogue."""
        return sorted(path.name for path in self.folder.iterdir() if path.name != "cache")

    def assert_is_current(self) -> None:
        """Nothing of the list is lacking, and nothing that was there is lost."""
        kept = {str(one["id"]) for one in PAPERS} - {DELETED.id, "doi:10.1162/neco.1997.9.8.1735"}
        for arxiv_id in kept | {paper.id for paper in NEW}:
            assert self.paper(arxiv_id) is not None, arxiv_id
        assert self.paper(DELETED.id) is None
        changed = self.paper(CHANGED.id)
        assert changed is not None and changed.title == CHANGED.title
        assert self.opened().facts[HARVESTED] == oai.TODAY.isoformat()
        assert self.left() == ["own.catalogue"]
