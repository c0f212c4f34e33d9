"""Who made which paper, where a name alone does not tell: read from a small file kept by hand."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from tracker.identifiers import PaperKey, arxiv_key


def organisations_of(key: PaperKey) -> tuple[str, ...]:
    """The names, in lower case, by which documents call the organisations that made a paper; () where
    unknown."""
    return _organisations().get(key, ())


@cache
def _organisations() -> dict[PaperKey, tuple[str, ...]]:
    table = tomllib.loads((Path(__file__).parent / "organisations.toml").read_text(encoding="utf-8"))
    names: dict[PaperKey, tuple[str, ...]] = {}
    for entry in table["organisation"]:
        for paper in entry["papers"]:
            names[arxiv_key(paper)] = names.get(arxiv_key(paper), ()) + tuple(entry["names"])
    return names
