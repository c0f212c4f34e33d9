from __future__ import annotations

from collections.abc import Sequence

import pytest

from tracker.cli.update_output import change_line
from tracker.identifiers import arxiv_key
from tracker.models import PaperChange, PaperChangeKind

MANY = [f"{given} Example" for given in ("Ada", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gus")]


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        (MANY[:2], MANY[:1], "Ada Example, Ben Example -> Ada Example"),
        (MANY, [*MANY[1:], "Zoe New"], "without Ada Example, with Zoe New"),
        (MANY, MANY[:1], "without Ben Example, Cleo Example, Dan Example, Eve Example and 2 more"),
        (MANY, MANY[::-1], "another order"),
    ],
)
def test_of_long_lists_of_authors_only_what_differs_is_told(
    was: Sequence[str], now: Sequence[str], told: str
) -> None:
    change = PaperChange(
        paper=arxiv_key("2305.14314"),
        title="QLoRA",
        kind=PaperChangeKind.AUTHORS,
        was=", ".join(was),
        now=", ".join(now),
    )
    assert change_line(change).endswith(f"  authors changed: {told}")
