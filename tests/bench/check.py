"""How many wrong entries `tracker check` finds offline, and how many right ones it accuses.

    python -m tests.bench.check CATALOGUE [--half 0|1] [--count N] [--show KIND] [--all]

Entries are made of papers of the catalogue (see `citing`), half of them of papers whose venue it knows. Rules were made
while looking at half 0 of the papers; half 1 was kept for the report. Found is every verdict but `ok`; the split tells
which. `--show` prints the entries of a form or kind that came out wrongly.
"""

from __future__ import annotations

import argparse
import random
import time
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from tests.bench.citing import FORMS, KINDS, Cited, Writer, is_fit, is_possible
from tracker.bibfile import BibFile, read_bib
from tracker.catalogue import Catalogue
from tracker.catalogue.records import DETAILS_PER_BLOCK, Record
from tracker.checking import check
from tracker.corrections import corrected
from tracker.models import Verdict, VerdictKind

SEED = 7
TODAY = date(2026, 11, 22)
FROM_BLOCK = 12


def sampled(catalogue: Catalogue, half: int, count: int) -> list[Record]:
    """Papers of one half of the catalogue with authors and year, half of them with a venue where there are enough."""
    chosen = random.Random(SEED + half)
    blocks = list(range(0, len(catalogue), DETAILS_PER_BLOCK))
    chosen.shuffle(blocks)
    with_venue: list[Record] = []
    without: list[Record] = []
    for block in blocks:
        rows = range(block, min(block + DETAILS_PER_BLOCK, len(catalogue)))
        mine = [row for row in rows if zlib.crc32(str(catalogue.records.key(row)).encode()) % 2 == half]
        chosen.shuffle(mine)
        found: tuple[list[Record], list[Record]] = [], []
        for row in mine:
            record = catalogue.records[row]
            if record.authors and record.is_complete and record.year and len(record.title.split()) > 1:
                found[not record.venue].append(record)
        with_venue += found[0][:FROM_BLOCK]
        without += found[1][: FROM_BLOCK // 2]
        if min(len(with_venue), len(without)) >= count:
            break
    papers = [*with_venue[:count], *without[:count]]
    chosen.shuffle(papers)
    return papers


def cases(papers: Sequence[Record], half: int, count: int) -> Iterator[Cited]:
    """Right and wrong entries: `count` of each form and kind, as far as there are papers for them."""
    writer = Writer(papers, SEED + half)
    for form in FORMS:
        fit = [paper for paper in papers if is_fit(paper, form)]
        yield from (writer.right(paper, form) for paper in writer.random.sample(fit, min(count, len(fit))))
    for kind in KINDS:
        fit = [paper for paper in papers if is_possible(paper, kind)]
        yield from (writer.wrong(paper, kind) for paper in writer.random.sample(fit, min(count, len(fit))))


def report(cited: Sequence[Cited], verdicts: Sequence[Verdict]) -> Iterator[str]:
    """A line for each form and kind, and one for all."""
    for is_right, title in ((True, "right entries, accused"), (False, "wrong entries, found")):
        yield f"{title:34} {'all':>6} {'venue':>6} {'none':>6}   verdicts"
        mine = [
            (one, verdict) for one, verdict in zip(cited, verdicts, strict=True) if one.is_right is is_right
        ]
        for kind in dict.fromkeys(one.kind for one, _ in mine):
            yield _line(kind, [pair for pair in mine if pair[0].kind == kind])
        yield _line("together", mine)
        yield ""


def corrections(
    bib: BibFile, cited: Sequence[Cited], verdicts: Sequence[Verdict], catalogue: Catalogue
) -> Iterator[str]:
    """How many entries of each kind are corrected, and how many of these are right then."""
    made = corrected(bib, verdicts)
    again = check(read_bib(made.data).entries, catalogue, today=TODAY)
    touched: dict[tuple[bool, str], list[bool]] = {}
    for one, entry, verdict in zip(cited, bib.entries, again, strict=True):
        if entry.line in made.fields:
            touched.setdefault((one.is_right, one.kind), []).append(verdict.kind is VerdictKind.OK)
    yield "corrected, and right then"
    for (is_right, kind), right in touched.items():
        yield f"  {'right' if is_right else 'wrong'}: {kind:30} {len(right):4} {sum(right):4}"
    yield ""


def _line(kind: str, pairs: Sequence[tuple[Cited, Verdict]]) -> str:
    split = Counter(verdict.kind.value for _, verdict in pairs)
    parts = (
        pairs,
        [one for one in pairs if one[0].with_venue],
        [one for one in pairs if not one[0].with_venue],
    )
    rates = " ".join(f"{_rate(part):>6}" for part in parts)
    return f"  {kind:32} {rates}   " + ", ".join(f"{name} {count}" for name, count in sorted(split.items()))


def _rate(pairs: Sequence[tuple[Cited, Verdict]]) -> str:
    flagged = sum(verdict.kind is not VerdictKind.OK for _, verdict in pairs)
    return f"{flagged / len(pairs):.3f}" if pairs else "-"


def main() -> None:
    """Make the entries, check them, report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("catalogue", type=Path)
    parser.add_argument("--half", type=int, default=1, choices=(0, 1))
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--show", default="")
    given = parser.parse_args()
    catalogue = Catalogue.open(given.catalogue)
    papers = sampled(catalogue, given.half, 2 * given.count)
    cited = list(cases(papers, given.half, given.count))
    bib = read_bib("\n".join(one.text for one in cited).encode())
    assert len(bib.entries) == len(cited), "every entry can be read"
    start = time.perf_counter()
    verdicts = check(bib.entries, catalogue, today=TODAY)
    took = time.perf_counter() - start
    print("\n".join(report(cited, verdicts)))
    print("\n".join(corrections(bib, cited, verdicts, catalogue)))
    print(
        f"{len(cited)} entries of {len(papers)} papers in {took:.1f} s, {1e3 * took / len(cited):.1f} ms each"
    )
    for one, verdict in zip(cited, verdicts, strict=True):
        if one.kind == given.show and one.is_right is (verdict.kind is not VerdictKind.OK):
            reasons = [difference.reason for difference in verdict.differences]
            print(one.text, one.key, verdict.kind.value, verdict.paper, reasons, verdict.notes)


if __name__ == "__main__":
    main()
