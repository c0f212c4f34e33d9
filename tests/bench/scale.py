"""Prints how the program does with catalogues from thousands to millions of papers, each figure beside its budget.

    python -m tests.bench.scale [--papers 30000,300000,3000000] [--shared DIR] [--work DIR] [--quick]

Not a test: figures depend on the machine, ratios less so. For each size it makes papers (see `synthetic`), imports
them, scans text with the catalogue, and looks papers up; at the end it shares documents out to processes, measures
accuracy, and has refextract read the same text. Each figure is printed as it comes, those over their budget once more
at the end; all of it is written to `report.txt` in the folder for work too (default: `tracker-scale` in the folder
for temporary files). What is made stays there: stopped, or run again, it goes on with the papers and catalogues that
are whole, and repeats what their import took; delete the folder to begin anew. 3 million papers need 4 GB there,
and with all figures an hour of a slow machine. `--quick` takes less text, fewer questions, and leaves accuracy out.

Text: the documents of `DIR/bench/dev`, Chinese and English (default: `../shared` beside this checkout), or the samples
of this checkout over and over; and those of `DIR/seeds`, which are less full of titles and names. Accuracy: the
labelled documents of DIR, and `bench/dev`.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import gettempdir
from typing import Any, NamedTuple

from tests.bench.accuracy import all_predictions, load_evaluate, predictions
from tests.bench.probe import EMBEDDED
from tests.bench.rival import rival_lines, samples_of
from tests.bench.speed import (
    LEAST_MB_PER_S,
    MOST_MB,
    MOST_TIMES_SLOWER,
    OPEN_S,
    SAMPLES,
    cost_of,
    seeds_of,
    text_of,
)
from tests.bench.synthetic import MOST, file_name
from tests.bench.watched import Cost, Failed, watched
from tracker.catalogue import EMBEDDED_PATH, Catalogue
from tracker.errors import CatalogueError

ROOT = Path(__file__).resolve().parents[2]
FULL = 3_000_000
"""Papers for which the budgets of import and size are; they are shared out by size."""
FIXED = 0.05
"""The part of them that is for the beginning, whatever the size."""
IMPORT_S = 600.0
IMPORT_MB = 1000.0
SIZE_MB = 1500.0
LOOK_UP_MS = 5.0
RECALL = 0.98
F1_LOSS = 0.02
TEXT_BYTES = 4_000_000
DOCUMENTS = (1, 4, 16, 64)
RIVAL_S = 60.0
NO_NETWORK = {"TRACKER_OFFLINE": "1"}
ROOM_GB = 1.3
"""What a million papers need in the folder for work: their snapshot, the catalogue, and room to make it."""
LEAST_PAPERS = 1000
"""Fewer leave too little to ask for."""
STOPPED = 130
"""Exit code after Ctrl-C, as shells have it."""


class Plan(NamedTuple):
    """What is measured, on what."""

    work: Path
    shared: Path
    documents: Sequence[Path]
    is_quick: bool

    @property
    def text(self) -> Path:
        """The text that is scanned as a whole."""
        return self.work / "text.txt"

    @property
    def seeds(self) -> Path:
        """The text of the seeds; empty where there are none."""
        return self.work / "seeds.txt"

    def part(self, whole: int) -> int:
        """So much, or less of it."""
        return whole // 4 if self.is_quick else whole


class Report:
    """Prints lines as they come, keeps them in a file, and remembers which figures are over their budget."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8")
        self._section = ""
        self._over: list[str] = []

    def tell(self, line: str) -> None:
        """Print a line at once."""
        print(line, flush=True)
        print(line, file=self._file, flush=True)

    def begin(self, section: str) -> None:
        """Print the heading of a section."""
        self._section = section
        self.tell(f"\n-- {section} --")

    def show(self, what: str, value: float, unit: str, budget: float, *, is_least: bool = False) -> None:
        """Print a figure, and which part of its budget it takes."""
        part = budget / value if is_least else value / budget
        word = "at least" if is_least else "at most"
        line = f"{what}: {value:.3g} {unit} ({word} {budget:.4g}): {part:.2f} of the budget"
        self.tell(line)
        if part > 1:
            self.remember(line)

    def remember(self, line: str) -> None:
        """Say at the end again that this does not keep its budget."""
        self._over.append(f"{self._section}: {line.strip()}")

    def end(self) -> None:
        """Print what is over its budget."""
        self.begin("over the budget" if self._over else "all figures keep their budgets")
        for line in self._over:
            self.tell(line)


class Bench:
    """A run."""

    def __init__(self, plan: Plan, report: Report) -> None:
        self._plan = plan
        self._report = report
        self._tell = report.tell
        self._embedded: dict[str, Any] = {}
        """The figures of the probe with the embedded catalogue, to compare with."""

    def run(self, sizes: Sequence[int]) -> None:
        """All figures; what fails says so, and the rest goes on."""
        alone = cost_of(["-c", "pass"], 5).cpu_s
        self._tell(
            f"catalogues of {', '.join(map(str, sizes))} papers, beside the embedded one; work in {self._plan.work}"
        )
        self._tell(
            "a figure is over its budget where it takes more than 1.00 of it; times of the processor unless it says"
        )
        self._tell(
            f"load of the machine {load()}, {os.cpu_count()} cores; the interpreter starts in {alone:.3f} s"
        )
        self._attempt("making the papers", self._make_papers, sizes)
        catalogues: dict[str, Path] = {EMBEDDED: EMBEDDED_PATH}
        self._attempt("figures", self._show_catalogue, EMBEDDED, EMBEDDED_PATH)
        for size in sizes:
            target = self._plan.work / f"{size}.catalogue"
            self._attempt(f"import of {size}", self._show_import, size, target)
            if target.exists():
                catalogues[str(size)] = target
                self._attempt("figures", self._show_catalogue, str(size), target)
        self._attempt("documents", self._show_documents, *list(catalogues.items())[-1])
        if not self._plan.is_quick and (self._plan.shared / "gold/evaluate.py").exists():
            self._attempt("accuracy", self._show_accuracy, catalogues)
        elif not self._plan.is_quick:
            self._tell(f"\naccuracy: not measured; no labelled documents in {self._plan.shared}")
        self._attempt("refextract", self._show_rival)
        self._report.end()
        self._tell(
            f"load of the machine {load()}; above {os.cpu_count()}, times are those of a machine that had other work"
        )

    def _attempt(self, what: str, run: Callable[..., object], *given: object) -> None:
        """Take one of the measurements; where it fails a line says so."""
        try:
            run(*given)
        except (Failed, OSError, CatalogueError) as error:
            self._tell(f"{what}: FAILED: {error}")
            self._report.remember(f"{what}: failed")

    # --- import ------------------------------------------------------------------------------------

    def _show_import(self, size: int, target: Path) -> None:
        """What it takes to import a snapshot, beside the part of the budgets that is for its size."""
        self._report.begin(f"import of {size} papers")
        cost, said = _kept_cost(target, size)
        if cost is None:
            inputs = [self._plan.work / file_name(size), self._plan.work / "names.tsv"]
            self._tell(f"importing {size} papers; load of the machine {load()} ...")
            # Bare: the papers say themselves how often they are cited, and the catalogue shall have no others.
            command: list[str | Path] = [
                "-m",
                "tracker",
                "catalogue",
                "import",
                "--bare",
                *inputs,
                "-o",
                target,
            ]
            kept = _beside(target)
            kept.unlink(missing_ok=True)
            cost = watched([sys.executable, *command], NO_NETWORK)
            kept.write_text(
                json.dumps({**cost._asdict(), "made": f"{datetime.now():%Y-%m-%d %H:%M}"}), "utf-8"
            )
        else:
            self._tell(f"imported on {said} and used again; delete {target} to import it anew")
        part = FIXED + (1 - FIXED) * size / FULL
        cores = os.cpu_count() or 1
        show = self._report.show
        show("time on the clock", cost.wall_s, "s", IMPORT_S * part)
        self._tell(
            f"  of the processor {cost.cpu_s:.0f} s: {cost.cpu_s / cores:.0f} s if {cores} cores had nothing else to do"
        )
        show("memory", cost.memory_mb, "MB", IMPORT_MB)
        self._tell(f"  of it no part of a file: {cost.own_mb:.0f} MB")
        show("size", target.stat().st_size / 1e6, "MB", SIZE_MB * part)

    def _make_papers(self, sizes: Sequence[int]) -> None:
        """Make the snapshots that are not there, of those that have to be imported."""
        work = self._plan.work
        sizes = [size for size in sizes if _kept_cost(work / f"{size}.catalogue", size)[0] is None]
        missing = [size for size in sizes if not (work / file_name(size)).exists()]
        free, needed = shutil.disk_usage(work).free / 1e9, ROOM_GB * sum(missing) / 1e6
        if free < needed:
            raise Failed(f"{work}: {free:.1f} GB are free, {needed:.1f} GB are needed")
        if missing:
            self._tell(
                f"making the papers, some {1 + sum(missing) / 250_000:.0f} minutes of a quiet machine ..."
            )
            more = [*map(str, missing), "-o", str(work), "--shared", str(self._plan.shared)]
            cost = watched([sys.executable, "-m", "tests.bench.synthetic", *more])
            self._tell(f"papers made: {cost.wall_s:.0f} s on the clock, {cost.memory_mb:.0f} MB")

    # --- scanning and looking up -------------------------------------------------------------------

    def _show_catalogue(self, name: str, path: Path) -> None:
        """How long it takes to open a catalogue, how fast text is scanned and papers are looked up, and the memory."""
        who = "the embedded catalogue" if name == EMBEDDED else f"{name} papers"
        self._report.begin(f"opening and scanning with {who}")
        show = self._report.show
        opens = "import os, sys; os.environ['OPENBLAS_NUM_THREADS'] = '1'; "  # as the command does
        opens += "from pathlib import Path; from tracker.catalogue import Catalogue; "
        opens += "Catalogue.open(Path(sys.argv[1])).spans('LoRA')"
        show("start and open", cost_of(["-c", opens, path], 5).cpu_s, "s", OPEN_S)
        figures = self._probe(name, path)
        self._embedded = self._embedded or figures
        for kind, what in (
            ("spans_mb_per_s", "ids, titles and names seen, mixed text"),
            ("recognised_mb_per_s", "ids, titles and names found, mixed text"),
            ("recognised_mb_per_s_of_other", "the same, text of the seeds"),
        ):
            speed = figures[kind]
            if speed is None:
                continue
            show(f"{what}, one core", speed, "MB/s", LEAST_MB_PER_S, is_least=True)
            if name != EMBEDDED:
                slower = self._embedded[kind] / speed
                show("  slower than with the embedded one", slower, "times", MOST_TIMES_SLOWER)
        self._tell(f"  in each kilobyte {figures['spans_per_kb']:.1f} places may be titles or names")
        scan: list[str | Path] = ["-m", "tracker", "scan", "--json", "--jobs", "1", "--catalogue", path]
        cost = watched([sys.executable, *scan, self._plan.text], NO_NETWORK)
        megabytes = self._plan.text.stat().st_size / 1e6
        self._tell(
            f"whole scan of {megabytes:.1f} MB, links and all: {cost.cpu_s:.1f} s, {megabytes / cost.cpu_s:.2f} MB/s"
        )
        show("  memory", cost.memory_mb, "MB", MOST_MB)
        self._report.begin(f"looking papers up with {who}")
        for kind, row in figures["lookups"].items():
            self._show_look_up(kind, row)

    def _probe(self, name: str, path: Path) -> dict[str, Any]:
        """The figures of `probe`."""
        answer = self._plan.work / f"{name}.json"
        with answer.open("wb") as file:
            more: list[str | Path] = ["--count", str(self._plan.part(400))]
            more += ["--other", self._plan.seeds] if self._plan.seeds.stat().st_size else []
            watched([sys.executable, "-m", "tests.bench.probe", path, self._plan.text, *more], output=file)
        figures: dict[str, Any] = json.loads(answer.read_bytes())
        return figures

    def _show_look_up(self, kind: str, row: dict[str, float]) -> None:
        """The figures of one kind of question. The budgets are for titles that are nearly spelled out."""
        budget = LOOK_UP_MS if kind.startswith("title") else None
        line = f"{kind}: median {row['median_ms']:.2f} ms"
        line += (
            f" (at most {LOOK_UP_MS:g}: {row['median_ms'] / LOOK_UP_MS:.2f} of the budget)" if budget else ""
        )
        line += f", slowest twentieth {row['slowest_ms']:.2f} ms; right one first {row['first']:.3f}"
        line += f" (at least {RECALL})" if kind.endswith("edits") else ""
        line += f", among those found {row['among']:.3f}"
        self._tell(line)
        if (budget and row["median_ms"] > budget) or (kind.endswith("edits") and row["first"] < RECALL):
            self._report.remember(line)

    def _show_documents(self, name: str, path: Path) -> None:
        """How long whole scans take of more and more documents, with one process and with all cores."""
        self._report.begin(f"whole scans of several documents, catalogue {name}")
        spread = self._plan.documents[:: max(1, len(self._plan.documents) // DOCUMENTS[-1])]
        for count in DOCUMENTS:
            chosen = spread[:count]
            if len(chosen) < count:
                break
            megabytes = sum(one.stat().st_size for one in chosen) / 1e6
            for jobs in sorted({1, os.cpu_count() or 1}):
                scan: list[str | Path] = ["-m", "tracker", "scan", "--json", "--jobs", str(jobs)]
                cost = watched([sys.executable, *scan, "--catalogue", path, *chosen], NO_NETWORK)
                self._tell(
                    f"{count} document{'s' if count > 1 else ''}, {megabytes:.2f} MB, --jobs {jobs}: "
                    f"{cost.wall_s:.1f} s on the clock, {cost.cpu_s:.1f} s of the processor, "
                    f"{1e3 * megabytes / cost.wall_s:.0f} kB/s on the clock, {cost.memory_mb:.0f} MB of memory"
                )

    # --- accuracy, and another program -------------------------------------------------------------

    def _show_accuracy(self, catalogues: dict[str, Path]) -> None:
        """How right links are with each catalogue, beside the embedded one; without those that have fewer papers."""
        self._report.begin(f"accuracy; F1 may be {F1_LOSS} below that with the embedded catalogue")
        least = len(Catalogue.open())
        first: dict[str, float] = {}
        for name, path in catalogues.items():
            if name != EMBEDDED and len(Catalogue.open(path)) < least:
                self._tell(f"{name}: not measured, it has fewer papers than the embedded one")
                continue
            for kind, (precision, recall) in right_by_kind(self._plan, path):
                score = 2 * precision * recall / ((precision + recall) or 1)
                gain = score - first.setdefault(kind, score)
                is_low = gain < -F1_LOSS
                verdict = "" if name == EMBEDDED else f" ({gain:+.3f}{', TOO LOW' if is_low else ''})"
                line = (
                    f"{name}, {kind}: F1 {score:.3f}{verdict}, precision {precision:.3f}, recall {recall:.3f}"
                )
                self._tell(line)
                if is_low:
                    self._report.remember(line)

    def _show_rival(self) -> None:
        """The same text for refextract."""
        self._report.begin("the same text for refextract (from the package index, in its own environment)")
        samples = samples_of(self._plan.shared, self._plan.documents)
        for line in rival_lines(self._plan.work, samples, Catalogue.open(), self._plan.part(240) / 4):
            self._tell(line)


def load() -> str:
    """How many processes wanted to run in the last minute."""
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def _beside(target: Path) -> Path:
    """Where it is kept what the import of a catalogue took."""
    return target.with_suffix(".import.json")


def _kept_cost(target: Path, size: int) -> tuple[Cost | None, str]:
    """What the import of a catalogue took that is there and whole, and when it was; None where there is none."""
    try:
        figures = json.loads(_beside(target).read_text("utf-8"))
        made = str(figures.pop("made"))
        return (Cost(**figures), made) if len(Catalogue.open(target)) == size else (None, "")
    except (OSError, ValueError, TypeError, KeyError, CatalogueError):
        return None, ""


def right_by_kind(plan: Plan, catalogue: Path) -> Iterator[tuple[str, tuple[float, float]]]:
    """Precision and recall of the links in the benchmark's documents by kind of mention, then of the papers in the
    labelled ones."""
    evaluate = load_evaluate(plan.shared)
    bench = plan.shared / "bench/dev"
    rows = evaluate.rows(bench / "docs.jsonl")
    names = {row["doc_id"] for row in rows}
    paths = [bench / "docs" / f"{name}.txt" for name in sorted(names)]
    found = all_predictions(paths, catalogue, os.cpu_count() or 1)
    labels = [one for one in evaluate.rows(bench / "mentions.jsonl") if one["doc_id"] in names]
    score = evaluate.score_span(labels, found, rows)
    for kind in score:
        if kind == "all" or kind.startswith("context="):
            yield kind.removeprefix("context="), (score[kind]["precision"], score[kind]["recall"])
    for truth in sorted((plan.shared / "gold").glob("seed-*.jsonl")):
        document = plan.shared / "seeds" / f"{truth.stem.removeprefix('seed-')}.txt"
        figures = evaluate.score_doc(evaluate.rows(truth), predictions([document], catalogue), True)
        yield f"papers of {document.name}", (figures["paper precision"], figures["all recall"])


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--papers", default="30000,300000,3000000", help="sizes, with commas between them")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", metavar="DIR")
    parser.add_argument("--work", type=Path, default=Path(gettempdir(), "tracker-scale"), metavar="DIR")
    parser.add_argument("--quick", action="store_true", help="less text, fewer questions, no accuracy")
    options = parser.parse_args()
    try:
        sizes = sorted({int(one) for one in options.papers.split(",")})
    except ValueError:
        parser.error(f"--papers {options.papers}: name numbers with commas between them, as 30000,3000000")
    if not all(LEAST_PAPERS <= size <= MOST for size in sizes):
        parser.error(f"--papers {options.papers}: at least {LEAST_PAPERS}, at most {MOST}")
    documents = sorted((options.shared / "bench/dev/docs").glob("*.txt"))
    plan = Plan(options.work, options.shared, documents or sorted(SAMPLES.iterdir()), options.quick)
    try:
        plan.work.mkdir(parents=True, exist_ok=True)
        plan.text.write_text(text_of(plan.documents, plan.part(TEXT_BYTES)), "utf-8")
        plan.seeds.write_text(seeds_of(plan.shared), "utf-8")
        Bench(plan, Report(plan.work / "report.txt")).run(sizes)
    except OSError as error:
        sys.exit(f"{error.filename or plan.work}: {error.strerror or error}")
    except KeyboardInterrupt:
        print("\nstopped; what was made is kept, run it again to go on", flush=True)
        sys.exit(STOPPED)


if __name__ == "__main__":
    main()
