"""How well titles that are nearly those of the catalogue are found: translated into Chinese, and misspelt.

    python -m tests.bench.near_titles TITLES_ZH [--catalogue FILE] [--count N]

Two figures each. *Look-up*: how often the right paper is the first (or among the first five) of the likely titles
of the whole catalogue. *Scan*: how the titles are linked as items of a list: rightly, wrongly, or not. Translated
titles are those pairs of TITLES_ZH that the glossary was not learned from; misspelt ones have two random edits, or
lack their end.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench.title_cases import NearTitle, documents_of, misspelt_titles, translated_titles
from tracker.catalogue import Catalogue
from tracker.catalogue.likely import likely_titles
from tracker.linking import link
from tracker.mentions import find_mentions


def looked_up(titles: Sequence[NearTitle], catalogue: Catalogue) -> str:
    """A line on the look-up of titles."""
    first = among = 0
    took = []
    for title in titles:
        start = time.process_time()
        rows = [one.row for one in likely_titles(title.written, catalogue)]
        took.append(time.process_time() - start)
        first += rows[:1] == [title.row]
        among += title.row in rows
    count = len(titles)
    return (
        f"look-up  {count} titles: first {first / count:.3f}, among five {among / count:.3f}; "
        f"median {1e3 * statistics.median(took):.1f} ms, slowest twentieth {1e3 * sorted(took)[-count // 20]:.1f} ms"
    )


def linked(titles: Sequence[NearTitle], catalogue: Catalogue) -> str:
    """A line on how the titles are linked in documents that list them."""
    right = wrong = 0
    for wanted, papers in _papers_of_lines(titles, catalogue):
        right += wanted in papers
        wrong += bool(papers - {wanted})
    count = len(titles)
    return f"scan     {count} titles: right {right / count:.3f}, wrong {wrong / count:.3f}"


def _papers_of_lines(titles: Sequence[NearTitle], catalogue: Catalogue) -> Iterator[tuple[str, set[str]]]:
    for document, part in documents_of(titles):
        links = link(document, find_mentions(document, catalogue), catalogue)
        for at, title in enumerate(part):
            papers = {str(one.paper) for one in links if one.paper and one.mention.line == at + 1}
            yield str(catalogue.records.key(title.row)), papers


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pairs", type=Path, help="ids, titles, Chinese titles, a line each")
    parser.add_argument("--catalogue", type=Path, default=None)
    parser.add_argument("--count", type=int, default=600)
    args = parser.parse_args()
    catalogue = Catalogue.open(args.catalogue)
    for name, titles in (
        ("translated", translated_titles(args.pairs, catalogue, args.count)),
        ("misspelt", misspelt_titles(catalogue, args.count, seed=2)),
    ):
        print(name)
        print(" ", looked_up(titles, catalogue))
        print(" ", linked(titles, catalogue))


if __name__ == "__main__":
    main()
