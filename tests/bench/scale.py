"""Prints how the program does with catalogues from thousands to millions of papers, each figure beside its budget.

    python -m tests.bench.scale [--papers 30000,300000,3000000] [--shared DIR] [--work DIR] [--quick]

Not a test: figures depend on the machine, ratios less so. It makes the catalogues (see `synthetic`), imports each,
scans text with it, looks papers up, and at the end has refextract read the same text. What is made stays in the
folder for work (default: `tracker-scale` in the folder for temporary files) and is used again; delete it to begin
anew. 3 million papers need about 8 GB there, and with all figures an hour of a slow machine. `--quick` takes less
text, fewer questions, and leaves accuracy out.

Text: the documents of `DIR/bench/dev`, Chinese and English (default: `../shared` beside this checkout), or the samples
of this checkout over and over. Accuracy: the labelled documents of DIR, a third of `bench/dev`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
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
    show,
    text_of,
)
from tests.bench.synthetic import file_name
from tests.bench.watched import Failed, watched
from tracker.catalogue import EMBEDDED_PATH, Catalogue

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
EVERY = 3
RIVAL_S = 60.0
NO_NETWORK = {"TRACKER_OFFLINE": "1"}


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

    def part(self, whole: int) -> int:
        """So much, or less of it."""
        return whole // 4 if self.is_quick else whole


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
    documents = sorted((options.shared / "bench/dev/docs").glob("*.txt"))
    plan = Plan(options.work, options.shared, documents or sorted(SAMPLES.iterdir()), options.quick)
    plan.work.mkdir(parents=True, exist_ok=True)
    spread = plan.documents[:: max(1, len(plan.documents) // 60)]
    plan.text.write_text(text_of(spread, plan.part(TEXT_BYTES)), "utf-8")
    show_all(plan, [int(one) for one in options.papers.split(",")])


def show_all(plan: Plan, sizes: Sequence[int]) -> None:
    """All figures; what fails says so, and the rest goes on."""
    alone = cost_of(["-c", "pass"], 5).cpu_s
    told(f"load of the machine {load()}, {os.cpu_count()} cores; the interpreter starts in {alone:.3f} s")
    attempt("making the papers", make_papers, plan, sizes)
    catalogues: dict[str, Path] = {EMBEDDED: EMBEDDED_PATH}
    for size in sizes:
        target = plan.work / f"{size}.catalogue"
        attempt(f"import of {size}", show_import, plan, size, target)
        if target.exists():
            catalogues[str(size)] = target
    probes: dict[str, dict[str, Any]] = {}
    for name, path in catalogues.items():
        attempt(
            f"figures of {name}",
            lambda name, path: probes.update({name: probe(plan, name, path)}),
            name,
            path,
        )
    show_probes(probes)
    for name, path in catalogues.items():
        attempt(f"scans with {name}", show_scans, plan, name, path)
    attempt("documents", show_documents, plan, *list(catalogues.items())[-1])
    if not plan.is_quick and (plan.shared / "gold/evaluate.py").exists():
        attempt("accuracy", show_accuracy, plan, catalogues)
    else:
        told(
            "accuracy: not measured" + ("" if plan.is_quick else f"; no labelled documents in {plan.shared}")
        )
    told("-- the same text for refextract --")
    for line in rival_lines(
        plan.work, samples_of(plan.shared, plan.documents), Catalogue.open(), plan.part(240) / 4
    ):
        told(line)
    told(f"load of the machine {load()}")


def told(line: str) -> None:
    """Print a line at once: a run takes long."""
    print(line, flush=True)


def attempt(what: str, run: Callable[..., object], *given: object) -> None:
    """Take one of the measurements; where it fails a line says so."""
    try:
        run(*given)
    except (Failed, OSError) as error:
        told(f"{what}: FAILED: {error}")


def load() -> str:
    """How many processes wanted to run in the last minute."""
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


# --- import ------------------------------------------------------------------------------------


def make_papers(plan: Plan, sizes: Sequence[int]) -> None:
    """Make the snapshots that are not there."""
    missing = [str(size) for size in sizes if not (plan.work / file_name(size)).exists()]
    if missing:
        command = [
            "-m",
            "tests.bench.synthetic",
            *missing,
            "-o",
            str(plan.work),
            "--shared",
            str(plan.shared),
        ]
        cost = watched([sys.executable, *command])
        told(f"papers made: {', '.join(missing)}: {cost.wall_s:.0f} s, {cost.memory_mb:.0f} MB")


def show_import(plan: Plan, size: int, target: Path) -> None:
    """What it takes to import a snapshot, beside the part of the budgets that is for its size."""
    part = FIXED + (1 - FIXED) * size / FULL
    inputs = [plan.work / file_name(size), plan.work / "names.tsv"]
    before = load()
    # Bare: the papers say themselves how often they are cited, and the catalogue shall have no others.
    command: list[str | Path] = ["-m", "tracker", "catalogue", "import", "--bare", *inputs, "-o", target]
    cost = watched([sys.executable, *command], NO_NETWORK)
    cores = os.cpu_count() or 1
    told(f"-- import of {size} papers, load {before}; {cost.cpu_s:.0f} s of the processor --")
    show("time", cost.wall_s, "s", IMPORT_S * part)
    show(f"  if {cores} cores had nothing else to do", cost.cpu_s / cores, "s", IMPORT_S * part)
    show("memory", cost.memory_mb, "MB", IMPORT_MB)
    told(f"  of it no part of a file: {cost.own_mb:.0f} MB")
    show("size", target.stat().st_size / 1e6, "MB", SIZE_MB * part)


# --- scanning and looking up -------------------------------------------------------------------


def probe(plan: Plan, name: str, path: Path) -> dict[str, Any]:
    """The figures of `probe`."""
    answer = plan.work / f"{name}.json"
    with answer.open("wb") as file:
        more = ["--count", str(plan.part(400))]
        watched([sys.executable, "-m", "tests.bench.probe", path, plan.text, *more], output=file)
    figures: dict[str, Any] = json.loads(answer.read_bytes())
    return figures


def show_probes(probes: dict[str, dict[str, Any]]) -> None:
    """How fast text is scanned and papers are looked up, by size of the catalogue."""
    told("-- titles, names and ids in mixed text, one core --")
    for name, figures in probes.items():
        told(f"{name}: in each kilobyte {figures['spans_per_kb']:.1f} places may be titles or names")
    for kind, what in (("spans", "seen"), ("recognised", "found")):
        key = f"{kind}_mb_per_s"
        for name, figures in probes.items():
            show(f"{what}, {name}", figures[key], "MB/s", LEAST_MB_PER_S, is_least=True)
            if EMBEDDED in probes and name != EMBEDDED:
                show("  slower by", probes[EMBEDDED][key] / figures[key], "times", MOST_TIMES_SLOWER)
    told("-- look-ups --")
    for name, figures in probes.items():
        for kind, row in figures["lookups"].items():
            told(
                f"{name}, {kind}: " + look_up_line(row) + (f" (at least {RECALL})" if "edits" in kind else "")
            )


def look_up_line(row: dict[str, float]) -> str:
    """The figures of one kind of question."""
    return (
        f"median {row['median_ms']:.2f} ms ({row['median_ms'] / LOOK_UP_MS:.2f} of the budget), "
        f"slowest twentieth {row['slowest_ms']:.2f} ms; first {row['first']:.3f}, among {row['among']:.3f}"
    )


def show_scans(plan: Plan, name: str, path: Path) -> None:
    """How long it takes to open a catalogue, and the memory of the scan of a long document."""
    told(f"-- commands with {name} --")
    opens = "import sys; from pathlib import Path; from tracker.catalogue import Catalogue; "
    opens += "Catalogue.open(Path(sys.argv[1])).spans('LoRA')"
    show("start and open", cost_of(["-c", opens, path], 3).cpu_s, "s", OPEN_S)
    scan: list[str | Path] = ["-m", "tracker", "scan", "--json", "--catalogue", path, plan.text]
    cost = watched([sys.executable, *scan], NO_NETWORK)
    megabytes = plan.text.stat().st_size / 1e6
    told(
        f"whole scan of {megabytes:.1f} MB: {cost.cpu_s:.1f} s, {megabytes / cost.cpu_s:.2f} MB/s, links and all"
    )
    show("  memory", cost.memory_mb, "MB", MOST_MB)


def show_documents(plan: Plan, name: str, path: Path) -> None:
    """How long whole scans take of more and more documents, with one process and with all cores."""
    told(f"-- whole scans of several documents with {name} --")
    spread = plan.documents[:: max(1, len(plan.documents) // DOCUMENTS[-1])]
    for count in DOCUMENTS:
        chosen = spread[:count]
        if len(chosen) < count:
            break
        megabytes = sum(one.stat().st_size for one in chosen) / 1e6
        for jobs in sorted({1, os.cpu_count() or 1}):
            scan: list[str | Path] = ["-m", "tracker", "scan", "--json", "--jobs", str(jobs)]
            cost = watched([sys.executable, *scan, "--catalogue", path, *chosen], NO_NETWORK)
            told(
                f"{count} documents, {megabytes:.2f} MB, --jobs {jobs}: {cost.wall_s:.1f} s on the clock, "
                f"{cost.cpu_s:.1f} s of the processor, {1e3 * megabytes / cost.wall_s:.0f} kB/s on the clock, "
                f"{cost.memory_mb:.0f} MB of memory"
            )


# --- accuracy ----------------------------------------------------------------------------------


def show_accuracy(plan: Plan, catalogues: dict[str, Path]) -> None:
    """How right links are with each catalogue, beside the embedded one; without those that have fewer papers."""
    told("-- accuracy --")
    least = len(Catalogue.open())
    first: dict[str, float] = {}
    for name, path in catalogues.items():
        if name != EMBEDDED and len(Catalogue.open(path)) < least:
            told(f"{name}: not measured, it has fewer papers than the embedded one")
            continue
        for kind, (precision, recall) in right_by_kind(plan, path):
            score = 2 * precision * recall / ((precision + recall) or 1)
            gain = score - first.setdefault(kind, score)
            verdict = "" if name == EMBEDDED else f" ({gain:+.3f}{', TOO LOW' if gain < -F1_LOSS else ''})"
            told(f"{name}, {kind}: F1 {score:.3f}{verdict}, precision {precision:.3f}, recall {recall:.3f}")


def right_by_kind(plan: Plan, catalogue: Path) -> Iterator[tuple[str, tuple[float, float]]]:
    """Precision and recall of the links in the benchmark's documents by kind of mention, then of the papers in the
    labelled ones."""
    evaluate = load_evaluate(plan.shared)
    bench = plan.shared / "bench/dev"
    rows = evaluate.rows(bench / "docs.jsonl")[::EVERY]
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


if __name__ == "__main__":
    main()
