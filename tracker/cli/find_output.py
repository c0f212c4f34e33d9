"""The output of `tracker catalogue find`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from tracker.catalogue.search import Hit
from tracker.cli.paper_output import paper_lines
from tracker.cli.terminal import escaped, printable
from tracker.keys import family_name
from tracker.models import Paper

MOST_NAMED = 2
"""Authors of a paper who are named."""


def hit_lines(hits: Sequence[Hit], *, as_json: bool) -> Iterator[str]:
    """The papers that were found, in their order: a line each and one with why, or a JSON object each."""
    if as_json:
        for hit, line in zip(hits, paper_lines([hit.paper for hit in hits], as_json=True), strict=True):
            fields = json.loads(line) | {"share": hit.share, "why": hit.why}
            yield escaped(json.dumps(fields, ensure_ascii=False))
        return
    for hit in hits:
        origin = ", ".join(part for part in (_authors(hit.paper), str(hit.paper.year or "")) if part)
        yield printable(f"{hit.paper.key}  {hit.paper.title}" + (f"  ({origin})" if origin else ""))
        yield printable(f"    {'; '.join(hit.why)}")


def _authors(paper: Paper) -> str:
    names = [family_name(author) for author in paper.authors[:MOST_NAMED]]
    if names and (len(paper.authors) > MOST_NAMED or not paper.authors_complete):
        return f"{names[0]} et al."
    return " and ".join(names)
