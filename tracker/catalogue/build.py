"""Make a catalogue file from files of facts: choose the papers, collect their names, lay out the index.

In: files that `sources` reads. Out: one catalogue file (see `container`). Its sections, all by row (the
place of a paper in the order of its key number) or by entry:

* papers: `keys` and `long_keys` (see `keys`), `cited_in`, and the packed lines of records (see `records`);
* first authors: see `authors`; titles: see `title_index`; names: see `aliases`; words: see `words_index`.

The same lines, in whatever order, make the same file but for the time it was made, which is an argument.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Final

from tracker.catalogue.aliases import alias_sections, names_of_papers
from tracker.catalogue.authors import author_sections
from tracker.catalogue.container import Facts, Sections, check_target, write_container
from tracker.catalogue.keys import key_sections
from tracker.catalogue.names import CURATED_PATH, Curated, read_curated
from tracker.catalogue.packing import phrases
from tracker.catalogue.postings import pack_words
from tracker.catalogue.records import FIELD, record_sections
from tracker.catalogue.sources import NamedBy, is_names_file, read_names, read_papers
from tracker.catalogue.spool import Chosen, Spool
from tracker.catalogue.title_index import title_sections
from tracker.errors import CatalogueError
from tracker.identifiers import PaperKey

_SAMPLE: Final = 20_000
"""Heads of records from which the dictionary for packing them is made; more make it no better."""
_MOST: Final = 65_535
"""Numbers of citations are kept in 16 bits; what is more counts as this."""
Listed = dict[PaperKey, list[NamedBy]]
Progress = Callable[[str, int, int], None]


@dataclass
class BuildReport:
    """What came of a build, for people."""

    papers: int = 0
    names: int = 0
    rejected: list[str] = field(default_factory=list)
    """For each line that could not be used its file, number, and what is wrong with it."""


def build_catalogue(
    inputs: Sequence[Path],
    target: Path,
    *,
    most_cited: int | None = None,
    curated_path: Path = CURATED_PATH,
    now: datetime | None = None,
    facts: Facts | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Write the catalogue of the papers and names in `inputs` to `target`; returns counts and unusable lines.

    `most_cited` keeps only that many papers, the most cited first, of equally cited ones those with more
    sources for their names, then the newer. Beside `target` there is room needed for the facts of all papers,
    200 bytes each, while it is made. `facts` go into the facts of the catalogue beside those it has by itself
    ("papers", "names", "made", "newest", "sources"). `progress` is told what is done, how much of it, and of how
    much (bytes of the inputs, or papers; 0 where nobody knows).

    Raises:
        CatalogueError: an input cannot be read, holds no papers, or `target` cannot be written; what stood
            there before is untouched.
    """
    check_target(target)
    if any(target.exists() and path.exists() and target.samefile(path) for path in inputs):
        raise CatalogueError(f"{target}: this is one of the inputs; name another file for the catalogue")
    report = BuildReport()
    curated = read_curated(curated_path)
    listed: Listed = defaultdict(list)
    for path in filter(is_names_file, inputs):
        for named in read_names(path, report.rejected):
            listed[named.key].append(named)
    with Spool(target.parent) as spool:
        for path in inputs:
            if not is_names_file(path):
                for record in read_papers(path, report.rejected):
                    spool.add(record, sum(named.sources for named in listed.get(record.key, ())))
        papers = Chosen(spool, most_cited)
        if not papers:
            raise CatalogueError(f"{', '.join(map(str, inputs))}: no papers in these files")
        sections = {
            **_paper_sections(papers),
            **author_sections(papers),
            **title_sections(papers.titles(), spool.titles()),
            **_name_sections(papers, spool, listed, curated),
            **pack_words(papers.titles()),
        }
        report.papers, report.names = len(papers), len(sections["alias_size"][1])
    told = {
        **(facts or {}),
        "papers": report.papers,
        "names": report.names,
        "made": (now or datetime.now(UTC)).isoformat(timespec="seconds"),
        "newest": str(papers.newest or ""),
        "sources": [path.name for path in inputs],
    }
    write_container(target, sections, told)
    return report


def _paper_sections(papers: Chosen) -> Sections:
    import numpy as np

    sample = islice(papers.heads(), 0, None, len(papers) // _SAMPLE + 1)
    return {
        **key_sections(papers.numbers),
        "cited_in": ("H", np.minimum(papers.cited_in, _MOST).astype(np.uint16).tobytes()),
        **record_sections(
            map(str.encode, papers.heads()),
            map(str.encode, papers.details()),
            phrases(head.replace(FIELD, " ") for head in sample),
        ),
    }


def _name_sections(papers: Chosen, spool: Spool, listed: Listed, curated: Curated) -> Sections:
    names = names_of_papers(papers.keys_and_titles(), listed, curated)
    return alias_sections(names, spool.titles())
