"""Measures an open catalogue in a process of its own: how fast text is scanned with it, and papers are looked up.

    python -m tests.bench.probe CATALOGUE TEXT [--other TEXT] [--count N] [--times N]

CATALOGUE may be "embedded". Prints one JSON object: `papers`; `spans_per_kb`, places in the text that may be titles or
names; `spans_mb_per_s`, how fast these and ids are seen; `recognised_mb_per_s`, those that are none refused too;
`recognised_mb_per_s_of_other`, the same of another text; and
under `lookups` for each kind of question how many were asked, `median_ms` and `slowest_ms` (the twentieth that take
longest begin there), and the part of which the right paper was the `first` answer, or `among` the answers. Questions
with "find" are asked as people do, with `tracker catalogue find`; the others are the look-ups of a scan. All times
are of the processor.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from tests.bench.speed import recognised_mb_per_s, seen_mb_per_s
from tests.bench.title_cases import edited, shortened
from tracker.catalogue import Catalogue, Origin
from tracker.catalogue.likely import likely_titles
from tracker.identifiers import PaperKey

Q = TypeVar("Q")
EMBEDDED = "embedded"
LEAST_WORDS = 4
"""Of a title that is asked for: what is shorter may be another's after two edits."""


def look_ups(questions: Iterable[tuple[Q, int]], ask: Callable[[Q], Sequence[int]]) -> dict[str, float]:
    """How long questions take whose answer is a row, and how often it is found."""
    took: list[float] = []
    first = among = 0
    for question, row in questions:
        start = time.process_time()
        rows = ask(question)
        took.append(1e3 * (time.process_time() - start))
        first += list(rows[:1]) == [row]
        among += row in rows
    count = max(len(took), 1)
    return {
        "asked": len(took),
        "median_ms": statistics.median(took) if took else 0.0,
        "slowest_ms": sorted(took)[-max(1, len(took) // 20)] if took else 0.0,
        "first": first / count,
        "among": among / count,
    }


def all_look_ups(catalogue: Catalogue, count: int) -> dict[str, dict[str, float]]:
    """The figures of each kind of question, for papers all over the catalogue."""
    chance = random.Random(7)
    rows = [chance.randrange(len(catalogue)) for _ in range(4 * count)]
    titles = [(title, row) for row in rows if _is_asked(title := catalogue.records.head(row).title)][:count]

    def by_key(key: PaperKey) -> list[int]:
        row = catalogue.row(key)
        return [row] if row is not None and catalogue.paper(key) else []

    def likely(text: str) -> list[int]:
        return [one.row for one in likely_titles(text, catalogue)]

    def named(name: str) -> list[int]:
        return [alias.row for alias in catalogue.aliases_of(name)]

    def found(asked: str) -> list[int]:
        return [-1 if (row := catalogue.row(hit.paper.key)) is None else row for hit in catalogue.find(asked)]

    likely(titles[0][0])  # opens the index
    keys = [(catalogue.records.key(row), row) for row in rows[:count]]
    names = _names(catalogue, chance, count)
    with_edits = [(edited(title, chance), row) for title, row in titles]
    shorter = [(shortened(title), row) for title, row in titles]
    main_titles = list(_main_titles(titles))
    return {
        "id": look_ups(keys, by_key),
        "name": look_ups(names, named),
        "whole title": look_ups(titles, catalogue.rows_titled),
        "title with two edits": look_ups(with_edits, likely),
        "title without its end": look_ups(shorter, likely),
        "title without subtitle": look_ups(main_titles, likely),
        "find, id": look_ups(keys, found),
        "find, name": look_ups(names, found),
        "find, whole title": look_ups(titles, found),
        "find, title with two edits": look_ups(with_edits, found),
        "find, title without its end": look_ups(shorter, found),
    }


def _is_asked(title: str) -> bool:
    return len(title.split()) >= LEAST_WORDS and "$" not in title


def _main_titles(titles: Iterable[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    for title, row in titles:
        main, _, subtitle = title.partition(": ")
        if subtitle and len(main.split()) >= LEAST_WORDS:
            yield main, row


def _names(catalogue: Catalogue, chance: random.Random, count: int) -> list[tuple[str, int]]:
    """Names that sources use for a paper."""
    names = [(alias.name, alias.row) for alias in catalogue.all_aliases(Origin.LISTED)]
    return chance.sample(names, min(count, len(names)))


def figures(catalogue: Catalogue, text: str, other: str, *, count: int, times: int) -> dict[str, Any]:
    """All figures of a catalogue."""
    path = catalogue.path
    return {
        "papers": len(catalogue),
        "spans_per_kb": 1e3 * sum(map(len, catalogue.spans(text))) / len(text.encode()),
        "spans_mb_per_s": seen_mb_per_s(text, path, times),
        "recognised_mb_per_s": recognised_mb_per_s(text, path, times),
        "recognised_mb_per_s_of_other": recognised_mb_per_s(other, path, times) if other else None,
        "lookups": all_look_ups(catalogue, count),
    }


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("catalogue")
    parser.add_argument("text", type=Path)
    parser.add_argument("--other", type=Path, metavar="TEXT", help="another text")
    parser.add_argument("--count", type=int, default=400, help="questions of each kind")
    parser.add_argument(
        "--times", type=int, default=3, help="how often text is scanned, the least time counts"
    )
    options = parser.parse_args()
    catalogue = Catalogue.open(None if options.catalogue == EMBEDDED else Path(options.catalogue))
    text = options.text.read_text("utf-8")
    other = options.other.read_text("utf-8") if options.other else ""
    print(json.dumps(figures(catalogue, text, other, count=options.count, times=options.times)))


if __name__ == "__main__":
    main()
