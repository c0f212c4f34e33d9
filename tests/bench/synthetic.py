"""Makes catalogues of any size for measuring: real papers, and synthetic ones with titles recombined from theirs.

    python -m tests.bench.synthetic COUNT... -o DIR [--shared DIR] [--seed N]

For each COUNT a file `synthetic-COUNT.jsonl.gz` in the format of arXiv's metadata snapshot, and once `names.tsv` with
the short names of the real papers; `tracker catalogue import` takes both. The real papers are those of
`catalogue/arxiv.jsonl.zst` of the shared folder, or else of the catalogue that comes with the program: half of
COUNT, the most cited first, or all where there are fewer. They keep what is known of them, with the field `cited_in`
beside arXiv's own. The same seed and papers give the same bytes.

A synthetic paper is marked: its `journal-ref` is "synthetic", so the catalogue has that as its venue, and its id has a
number that arXiv has never given (see `FIRST_NUMBER`). Its title is a walk over the pairs of words of real titles;
the name that a title may begin with is coined from halves of two real ones. Abstracts are filler of usual length.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import random
import shutil
import textwrap
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import compress, cycle, islice
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np

from tests.bench.recombined import WALKS, Stock, Titles, family_and_given, stock_of
from tracker.catalogue import Catalogue, Origin
from tracker.catalogue.records import Record
from tracker.catalogue.sources import Rejects, batches_of_lines
from tracker.catalogue.streams import opened
from tracker.identifiers import arxiv_id_of, arxiv_key

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
MARK: Final = "synthetic"
FIRST_NUMBER: Final = 50_000
"""Synthetic papers have this number and higher ones in their month; arXiv counts from 1, and its busiest months had
fewer than 30,000 papers. Source: https://arxiv.org/stats/monthly_submissions"""
MONTHS: Final = [(year, month) for year in range(2015, 2026) for month in range(1, 13)]
"""Of the synthetic papers: since ids have five digits."""
MOST: Final = len(MONTHS) * (100_000 - FIRST_NUMBER)
WITH_DOI: Final = 0.4
WITH_NAME: Final = 0.065
"""Parts of the papers in the snapshot that have a DOI, and whose abstract writes a short name out."""
SENTENCES: Final = (6, 16)
LINE: Final = 76
_FRAMES: Final = (
    "We study {}.",
    "This work is about {}, which has been looked at before under stronger assumptions.",
    "In particular, {} is compared with {}.",
    "Our experiments show that {} holds in most of the cases.",
    "We find no evidence for {}.",
    "A method for {} is presented.",
)
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTH_NAMES: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def is_synthetic(arxiv_id: str) -> bool:
    """Whether an arXiv id is one of those that are given here.

    >>> is_synthetic("1706.50000"), is_synthetic("1706.03762"), is_synthetic("hep-th/9711200")
    (True, False, False)
    """
    number = arxiv_id.partition(".")[2]
    return len(number) == 5 and int(number) >= FIRST_NUMBER


# --- real papers -------------------------------------------------------------------------------


def real_papers(shared: Path) -> Iterator[Record]:
    """The papers of arXiv that are known: of the shared folder, or else of the embedded catalogue."""
    facts = shared / "catalogue/arxiv.jsonl.zst"
    if not facts.exists():
        records = Catalogue.open().records
        yield from (one for row in range(len(records)) if arxiv_id_of((one := records[row]).key))
        return
    with opened(facts) as streams:
        for stream in streams:
            for batch in batches_of_lines(stream, Rejects()):
                for line in batch.data.decode().splitlines():
                    record = _record_of(json.loads(line))
                    if record.title and not is_synthetic(record.key):
                        yield record


def _record_of(facts: dict[str, Any]) -> Record:
    """A line of the shared facts; `fact_of` checks them in five times the time."""
    authors = facts["authors"] or []
    is_complete = bool(authors) and authors[-1] != "others"
    return Record(
        key=arxiv_key(facts["id"]),
        title=" ".join(facts["title"].split()),
        authors=tuple(authors if is_complete else authors[:-1]),
        is_complete=is_complete,
        published=date.fromisoformat(facts["date"]) if facts["date"] else None,
        categories=tuple(facts["categories"] or ()),
        venue=facts["venue"] or "",
        doi=facts["doi"] or "",
        cited_in=facts["cited_in"],
    )


def write_names(shared: Path, target: Path) -> None:
    """The short names of the real papers, a line each: name, id, number of sources."""
    names = shared / "catalogue/aliases.tsv"
    if names.exists():
        shutil.copyfile(names, target)
        return
    catalogue = Catalogue.open()
    key = catalogue.records.key
    lines = [
        f"{one.name}\t{arxiv_id_of(key(one.row))}\t{one.sources}\n"
        for one in catalogue.all_aliases(Origin.LISTED)
        if arxiv_id_of(key(one.row))
    ]
    target.write_text("".join(lines), encoding="utf-8")


# --- records -----------------------------------------------------------------------------------


def snapshot_of(paper: Record, abstract: str) -> dict[str, Any]:
    """A paper as a record of the snapshot. Authors of which some are missing stand as text that ends in "others"."""
    authors = [*paper.authors, *([] if paper.is_complete or not paper.authors else ["others"])]
    parsed = [[*family_and_given(author), ""] for author in paper.authors]
    day = paper.published
    created = (
        f"{_DAYS[day.weekday()]}, {day.day} {_MONTH_NAMES[day.month - 1]} {day.year} 17:59:59 GMT"
        if day
        else None
    )
    return {
        "id": arxiv_id_of(paper.key),
        "submitter": MARK if paper.venue == MARK else None,
        "authors": ", ".join(authors) or None,
        "title": _broken(paper.title),
        "comments": "made for measuring, no real paper" if paper.venue == MARK else None,
        "journal-ref": paper.venue or None,
        "doi": paper.doi or None,
        "report-no": None,
        "categories": " ".join(paper.categories) or None,
        "license": None,
        "abstract": abstract,
        "versions": [{"version": "v1", "created": created}] if created else None,
        "update_date": day.isoformat() if day else None,
        "authors_parsed": parsed if paper.is_complete else None,
        **({"cited_in": paper.cited_in} if paper.cited_in else {}),
    }


def _broken(title: str) -> str:
    """A title over several lines, as arXiv has it."""
    if len(title) <= LINE:
        return title
    return "\n  ".join(textwrap.wrap(title, LINE, break_long_words=False, break_on_hyphens=False))


class Maker:
    """So many synthetic papers, one after the other, and abstracts for all papers."""

    def __init__(self, stock: Stock, seed: int, count: int) -> None:
        self._stock = stock
        self._random = random.Random(seed).random
        self._count = count
        self._titles = Titles(stock, np.random.default_rng(seed), min(WALKS, 2 * count + 1000))
        self._phrases: list[str] = []
        self._sentences: list[str] = []

    def papers(self) -> Iterator[Record]:
        """All of them.

        Raises:
            ValueError: there are not so many ids for them, or not so many titles.
        """
        count = self._count
        if count > MOST:
            raise ValueError(f"there are ids for {MOST} synthetic papers only")
        number = 0
        while number < count:
            titles = self._new_titles()
            for title in titles[: count - number]:
                yield self._paper(number, title)
                number += 1

    def _new_titles(self) -> list[str]:
        titles = self._titles.batch()
        self._phrases = [title.rpartition(": ")[2] for title in titles]
        phrases = [phrase.lower() for phrase in self._phrases]
        self._sentences = [
            frame.format(one, other)
            for frame, one, other in zip(cycle(_FRAMES), phrases, reversed(phrases), strict=False)
        ]
        return titles

    def _one_of(self, things: Sequence[T]) -> T:
        return things[int(self._random() * len(things))]

    def _paper(self, number: int, title: str) -> Record:
        year, month = MONTHS[number % len(MONTHS)]
        arxiv_id = f"{year % 100:02d}{month:02d}.{FIRST_NUMBER + number // len(MONTHS)}"
        authors = (
            f"{self._one_of(self._stock.authors)[1]} {self._one_of(self._stock.authors)[0]}".strip()
            for _ in range(self._one_of(self._stock.counts))
        )
        part = self._random() / WITH_DOI
        return Record(
            key=arxiv_key(arxiv_id),
            title=title,
            authors=tuple(authors),
            is_complete=True,
            published=date(year, month, 1 + int(self._random() * 28)),
            categories=self._one_of(self._stock.categories),
            venue=MARK,
            doi=f"10.5555/{MARK}.{part * 1e9:.0f}" if part < 1 else "",
        )

    def abstract(self, *, names: bool) -> str:
        """A filler of sentences; with `names`, a few write a short name out, as real ones do."""
        if not self._sentences:
            self._new_titles()
        count = SENTENCES[0] + int(self._random() * (SENTENCES[1] - SENTENCES[0]))
        first = int(self._random() * (len(self._sentences) - count))
        step = 1 + int(self._random() * (len(self._sentences) - first) / count)
        sentences = self._sentences[first::step][:count]
        if names and self._random() < WITH_NAME:
            words = [word.capitalize() for word in self._one_of(self._phrases).split() if word.isalpha()][:4]
            if len(words) >= 3:
                sentences[0] = f"We propose {' '.join(words)} ({''.join(word[0] for word in words)})."
        return "  " + "\n".join(sentences) + "\n"


def snapshot_lines(stock: Stock, papers: Iterable[Record], count: int, seed: int) -> Iterator[str]:
    """The records of a catalogue of `count` papers, real and synthetic ones mixed; `papers` are all real ones."""
    known = len(stock.cited_in)
    real = min(known, count // 2)
    is_chosen = np.zeros(known, bool)
    is_chosen[np.argsort(-stock.cited_in, kind="stable")[:real]] = True
    maker = Maker(stock, seed, count - real)
    synthetic = maker.papers()
    made = 0
    for place, paper in enumerate(compress(papers, is_chosen), 1):
        yield _line(snapshot_of(paper, maker.abstract(names=False)))
        due = (count - real) * place // real
        for one in islice(synthetic, due - made):
            yield _line(snapshot_of(one, maker.abstract(names=True)))
        made = due


def _line(record: dict[str, Any]) -> str:
    return json.dumps(record) + "\n"


def file_name(count: int) -> str:
    """Of the catalogue of so many papers."""
    return f"synthetic-{count}.jsonl.gz"


def write_all(counts: Sequence[int], folder: Path, shared: Path, seed: int = 1) -> None:
    """Write a file for each count, and the names. A file is there only once it is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    write_names(shared, folder / "names.tsv")
    stock = stock_of(real_papers(shared))
    for count in counts:
        start = time.process_time()
        target = folder / file_name(count)
        aside = target.with_suffix(".part")
        with (
            aside.open("wb") as file,
            gzip.GzipFile("", "wb", 1, file, mtime=0) as packed,
            io.TextIOWrapper(io.BufferedWriter(packed, 1 << 20), "utf-8", newline="\n") as text,
        ):
            text.writelines(snapshot_lines(stock, real_papers(shared), count, seed))
        aside.replace(target)
        print(
            f"{target}: {count} papers, {target.stat().st_size / 1e6:.0f} MB, {time.process_time() - start:.0f} s"
        )


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("counts", type=int, nargs="+", metavar="COUNT")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="DIR")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", metavar="DIR")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    write_all(options.counts, options.output, options.shared, options.seed)


if __name__ == "__main__":
    main()
