"""Prints how fast the program is and how much memory it takes, each beside its budget. Not a test: the figures
depend on the machine, and on what else it does; above 1 is over the budget.

    python -m tests.bench.speed [--quick] [--recognisers] [--catalogue FILE] [--shared DIR]

Seconds are of CPU, the least of some runs: what a quiet machine would show. With `--catalogue`, a large one, it is
measured too, and compared with the one that ships with the program; with `--recognisers` nothing but how fast titles,
names and ids are found. The text is that of `DIR/bench/dev/docs`
(default: `../shared` beside this checkout), Chinese and English, or the samples of this checkout over and over; and
that of `DIR/seeds`.
"""

from __future__ import annotations

import argparse
import gc
import math
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any, NamedTuple

from tracker.catalogue import Catalogue
from tracker.documents import read_documents
from tracker.linking import link
from tracker.mentions import find_mentions
from tracker.mentions.ids import find_ids
from tracker.mentions.names import find_names
from tracker.mentions.titles import find_titles
from tracker.models import Document
from tracker.scanning import ALLOCATIONS

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "lists/samples"
COMPILED = Path(gettempdir(), "tracker-bench-bytecode")
"""Where the bytecode of what is measured is kept, as beside an installed program."""
HELP_S = 0.15
SCAN_S = 0.8
OPEN_S = 0.3
LEAST_MB_PER_S = 20.0
MOST_TIMES_SLOWER = 1.5
MOST_MB = 500.0
"""The budgets of the design; the speed is that of the recognisers that read every character: titles, names, ids."""
PIECE = 1 << 18
"""Code points that are timed at once, of a short text a quarter, so that the least of some runs is one without a
disturbance."""
WHOLE_BYTES = 1_000_000
"""As much text as the stages of a whole scan, and its memory, are measured on."""


def show(what: str, value: float, unit: str, budget: float, *, is_least: bool = False) -> None:
    """One line: a figure, and which part of its budget it takes."""
    ratio = budget / value if is_least else value / budget
    word = "at least" if is_least else "at most"
    print(f"{what}: {value:.3g} {unit} ({word} {budget:g}): {ratio:.2f} of the budget")


# --- commands ----------------------------------------------------------------------------------


class Cost(NamedTuple):
    """What a command took."""

    cpu_s: float
    resident_mb: float


def cost_of(arguments: Sequence[str | Path], times: int = 1) -> Cost:
    """What the interpreter takes with these arguments, the least of some runs, everything compiled before."""
    costs = []
    command = [sys.executable, *map(str, arguments)]
    environment = dict(os.environ, TRACKER_OFFLINE="1", PYTHONPYCACHEPREFIX=str(COMPILED))
    environment["OPENBLAS_NUM_THREADS"] = "1"  # as the command has it
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    for _ in range(times):
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)
        _, status, used = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
        if run.returncode:
            raise subprocess.CalledProcessError(run.returncode, command)
        in_kb = 1024 if sys.platform != "darwin" else 1024**2
        costs.append(Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / in_kb))
    return Cost(min(cost.cpu_s for cost in costs), max(cost.resident_mb for cost in costs))


def show_starts(document: Path, catalogue: Path | None, times: int) -> None:
    """How long commands take from nothing."""
    print(f"(the interpreter alone: {cost_of(['-c', 'pass'], times).cpu_s:.3f} s)")
    show("tracker --help", cost_of(["-m", "tracker", "--help"], times).cpu_s, "s", HELP_S)
    scan: list[str | Path] = ["-m", "tracker", "scan", document]
    show(f"tracker scan {document.name}", cost_of(scan, times).cpu_s, "s", SCAN_S)
    opens = "import sys; from tracker.catalogue import Catalogue as C; from pathlib import Path as P; "
    for path in [None, catalogue] if catalogue else [None]:
        named = f"P({str(path)!r})" if path else ""
        opened = cost_of(["-c", f"{opens}C.open({named}).spans('LoRA')"], times)
        show(f"start and open {path or 'the catalogue'}", opened.cpu_s, "s", OPEN_S)


# --- text --------------------------------------------------------------------------------------


def text_of(documents: Sequence[Path], size: int) -> str:
    """Documents one after the other, over and over, until there are `size` bytes."""
    texts: list[str] = []
    total = 0
    for path in cycle(documents):
        data = path.read_bytes()
        texts.append(data.decode("utf-8", "replace"))
        total += len(data) + 1
        if total >= size:
            return "\n".join(texts)
    return ""


def least_cpu_s(run: Callable[[], object], times: int) -> float:
    """The least CPU time of some calls, in seconds."""
    seconds = []
    for _ in range(times):
        start = time.process_time()
        run()
        seconds.append(time.process_time() - start)
    return min(seconds)


Run = Callable[[str], object]


def seen_mb_per_s(text: str, catalogue: Path | None, times: int) -> float:
    """Megabytes of text per second and core in which what may be a title, a name or an id is seen."""
    return _speeds(text, times, [partial(_seeing, catalogue)])[0]


def recognised_mb_per_s(text: str, catalogue: Path | None, times: int) -> float:
    """Megabytes of text per second and core in which titles, names and ids are found."""
    return _speeds(text, times, [partial(_recognising, catalogue)])[0]


def _seeing(path: Path | None) -> Run:
    catalogue = Catalogue.open(path)
    return lambda piece: (catalogue.spans(piece), find_ids(piece))


def _recognising(path: Path | None) -> Run:
    catalogue = Catalogue.open(path)

    def recognise(piece: str) -> None:
        titles, names = catalogue.spans(piece)
        find_titles(piece, titles, catalogue)
        find_names(piece, names, catalogue)
        find_ids(piece)

    return recognise


def _speeds(text: str, times: int, begin: Sequence[Callable[[], Run]]) -> list[float]:
    """Megabytes per second of each of several runs over a text; they take turns, so that what else the machine does
    disturbs all alike. Each time a run begins anew, for what was decided about a piece is kept. The first half of the
    text does not count, but where it is short: meanwhile the catalogue is opened, and the tables that pay for long
    texts are made."""
    gc.set_threshold(ALLOCATIONS)  # as the program does
    size = max(1, min(PIECE, len(text) // 4))
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    first, counted = pieces[: len(pieces) // 2], pieces[len(pieces) // 2 :]
    seconds = [[math.inf] * len(counted) for _ in begin]
    for _ in range(times):
        for least, begin_one in zip(seconds, begin, strict=True):
            run = begin_one()
            for piece in first or counted:
                run(piece)
            for place, piece in enumerate(counted):
                least[place] = min(least[place], least_cpu_s(partial(run, piece), 1))
    megabytes = sum(len(piece.encode()) for piece in counted) / 1e6
    return [megabytes / math.fsum(least) for least in seconds]


def seeds_of(shared: Path) -> str:
    """The seeds, one after the other: a blog, notes, transcripts, as people write them; "" where they are not. Those of
    `bench/dev` are lists of papers, with more than twice as many titles and names."""
    seeds = sorted((shared / "seeds").glob("[0-9]*.txt"))
    return text_of(seeds, sum(path.stat().st_size + 1 for path in seeds)) if seeds else ""


def show_recognisers(text: str, seeds: str, catalogue: Path | None, times: int) -> None:
    """How fast titles, names and ids are found in a text, and in the seeds where they are, whatever the size of the
    catalogue."""
    _show_recognisers("titles, names and ids", text, catalogue, times)
    if seeds:
        _show_recognisers("titles, names and ids of the seeds", seeds, catalogue, times)


def _show_recognisers(what: str, text: str, catalogue: Path | None, times: int) -> None:
    paths = [None, catalogue] if catalogue else [None]
    own, *large = _speeds(text, times, [partial(_recognising, path) for path in paths])
    show(what, own, "MB/s", LEAST_MB_PER_S, is_least=True)
    for speed in large:
        show(f"the same with {catalogue}", speed, "MB/s", LEAST_MB_PER_S, is_least=True)
        show("which is slower by", own / speed, "times", MOST_TIMES_SLOWER)


def show_stages(documents: Sequence[Path], catalogue: Catalogue, size: int) -> None:
    """Megabytes of text per second of one core: of the whole scan, and of each of its stages."""
    chosen, total = [], 0
    for path in documents:
        if total < size:
            chosen.append(path)
            total += path.stat().st_size
    read: list[Document] = []
    found: list[Any] = []
    find_mentions(read_documents(chosen[:1])[0][0], catalogue)  # opens the catalogue
    stages = {
        "read": least_cpu_s(lambda: read.extend(read_documents(chosen)[0]), 1),
        "mentions": least_cpu_s(lambda: found.extend(find_mentions(one, catalogue) for one in read), 1),
        "links": least_cpu_s(lambda: [link(d, m, catalogue) for d, m in zip(read, found, strict=True)], 1),
    }
    speeds = ", ".join(f"{name} {total / seconds / 1e6:.2f}" for name, seconds in stages.items())
    whole = total / sum(stages.values()) / 1e6
    print(f"whole scan: {whole:.2f} MB/s on {total / 1e6:.1f} MB in {len(chosen)} documents ({speeds})")


def show_memory(text: str, catalogue: Path | None) -> None:
    """How much memory the scan of one long document takes."""
    with TemporaryDirectory() as folder:
        document = Path(folder, "long.txt")
        document.write_text(text, encoding="utf-8")
        for path in [None, catalogue] if catalogue else [None]:
            chosen: list[str | Path] = ["--catalogue", path] if path else []
            cost = cost_of(["-m", "tracker", "scan", "--json", *chosen, document])
            name = f"scan of {len(text.encode()) / 1e6:.1f} MB with {path or 'the catalogue'}"
            show(f"{name}, {cost.cpu_s:.1f} s; resident", cost.resident_mb, "MB", MOST_MB)


def show_speed(documents: Sequence[Path], seeds: str, catalogue: Path | None, *, is_quick: bool) -> None:
    """All figures, each on a line."""
    samples = sorted(SAMPLES.iterdir())
    times = 3 if is_quick else 10
    size = WHOLE_BYTES // (4 if is_quick else 1)
    show_memory(
        text_of(documents or samples, size), catalogue
    )  # first: it is counted from this process's own
    show_starts(samples[0], catalogue, times)
    show_recognisers(text_of(documents or samples, 2 * size), seeds, catalogue, times)
    show_stages(documents or samples, Catalogue.open(catalogue), size)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="less text, fewer repetitions")
    parser.add_argument(
        "--recognisers", action="store_true", help="only how fast titles, names and ids are found"
    )
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", metavar="DIR")
    parser.add_argument("--catalogue", type=Path, default=None, metavar="FILE", help="a large catalogue")
    options = parser.parse_args()
    documents = sorted((options.shared / "bench/dev/docs").glob("*.txt"))
    seeds = seeds_of(options.shared)
    if options.recognisers:
        text = text_of(documents or sorted(SAMPLES.iterdir()), 4 * WHOLE_BYTES)
        show_recognisers(text, seeds, options.catalogue, 3 if options.quick else 10)
    else:
        show_speed(documents, seeds, options.catalogue, is_quick=options.quick)


if __name__ == "__main__":
    main()
