"""The accuracy report: how right the links are, by kind and language, with calibration and the list of
errors.

    python tests/bench/accuracy.py [--catalogue FILE] [--shared DIR] [--every N] [--errors FILE]

Reads the labelled documents (`gold`) and the development benchmark (`bench/dev`) of the shared folder and
scores
them with its `evaluate.py`, the program that the product is measured with. Each third document of the benchmark is
taken, which takes about a minute; `--every 1` takes all. `--errors` writes every wrong and missed mention, a line each.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def load_evaluate(shared: Path) -> Any:
    """The module `evaluate.py` of the shared folder."""
    spec = importlib.util.spec_from_file_location("evaluate", shared / "gold" / "evaluate.py")
    assert spec and spec.loader, "evaluate.py can be imported"
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def predictions(paths: Sequence[Path], catalogue: Path | None) -> list[dict[str, Any]]:
    """The JSON rows of `tracker scan --json` for some files."""
    from tracker.cli.scan_output import json_lines
    from tracker.pipeline import scan
    from tracker.settings import read_settings

    settings = read_settings({}).model_copy(update={"catalogue_path": catalogue, "offline": True})
    return [json.loads(line) for line in json_lines(scan(*paths, settings=settings))]


def all_predictions(paths: Sequence[Path], catalogue: Path | None, processes: int) -> list[dict[str, Any]]:
    """As `predictions`, with several processes; in the order of the paths."""
    parts = [paths[at : at + 12] for at in range(0, len(paths), 12)]
    with ProcessPoolExecutor(processes) as pool:
        found = pool.map(predictions, parts, [catalogue] * len(parts))
        return [row for part in found for row in part]


def report_documents(evaluate: Any, shared: Path, catalogue: Path | None) -> Iterator[str]:
    """The labelled documents, a line each and their errors."""
    for labels in sorted((shared / "gold").glob("seed-*.jsonl")):
        document = shared / "seeds" / f"{labels.stem.removeprefix('seed-')}.txt"
        score = evaluate.score_doc(evaluate.rows(labels), predictions([document], catalogue), True)
        kinds = ", ".join(f"{kind} {found}" for kind, found in score["core mentions by kind"].items())
        yield (
            f"{document.stem}: core papers {score['core papers']} ({score['core as main']:.2f} as main), "
            f"all {score['all recall']:.2f}, precision {score['paper precision']:.2f}, "
            f"links on negatives {score['links on negatives']}"
        )
        yield f"     {kinds}"
        for name in ("missed core", "unlabelled papers", "negatives linked"):
            for line in score[name]:
                yield f"     {name}: {line}"


def report_spans(evaluate: Any, shared: Path, found: Sequence[dict[str, Any]], every: int) -> Iterator[str]:
    """The benchmark: a line per kind and language, then the calibration."""
    bench = shared / "bench" / "dev"
    rows = evaluate.rows(bench / "docs.jsonl")[::every]
    names = {row["doc_id"] for row in rows}
    labels = [label for label in evaluate.rows(bench / "mentions.jsonl") if label["doc_id"] in names]
    score = evaluate.score_span(labels, found, rows, True)
    groups = [name for name in score if isinstance(score[name], dict)]
    for language in ("en", "zh", "mixed"):
        for context in ("title", "name", "author_year"):
            part = [x for x in labels if x["surface_lang"] == language and x["context"] == context]
            if part:
                groups.append(f"{context} in {language}")
                score[f"{context} in {language}"] = evaluate.score_span(part, found, rows)["all"]
    for name in groups:
        row = score[name]
        yield (
            f"{name:24} n {row['n']:6}  precision {row['precision']:.3f}  "
            f"recall {row['recall']:.3f}  F1 {row['F1']:.3f}"
        )
    scored = [x for x in labels if x["context"] != "other"]
    yield f"calibration error {score['calibration error']}"
    yield from _calibration(evaluate, scored, found)


def _by_document(found: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Rows by the id of their document."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in found:
        rows.setdefault(Path(row["document"]).stem, []).append(row)
    return rows


def _over(label: dict[str, Any], rows: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The predictions that share a character with a label."""
    mine = rows.get(label["doc_id"], [])
    return [row for row in mine if row["start"] < label["end"] and label["start"] < row["end"]]


def _calibration(
    evaluate: Any, labels: Sequence[dict[str, Any]], found: Sequence[dict[str, Any]]
) -> Iterator[str]:
    by_document = _by_document([row for row in found if row["paper"]])
    bins: dict[int, list[tuple[float, bool]]] = {}
    for label in labels:
        for row in _over(label, by_document):
            is_right = evaluate.base(row["paper"]) == evaluate.base(label["paper"])
            bins.setdefault(min(9, int(row["confidence"] * 10)), []).append((row["confidence"], is_right))
    for low, pairs in sorted(bins.items()):
        mean = sum(pair[0] for pair in pairs) / len(pairs)
        right = sum(pair[1] for pair in pairs) / len(pairs)
        yield f"  confidence {low / 10:.1f}..: {len(pairs):6} links, mean {mean:.3f}, right {right:.3f}"


def write_errors(evaluate: Any, shared: Path, found: Sequence[dict[str, Any]], target: Path) -> None:
    """Every labelled mention of the scanned documents that was linked wrongly or not at all."""
    by_document = _by_document(found)
    labels = evaluate.rows(shared / "bench" / "dev" / "mentions.jsonl")
    lines = []
    for label in (label for label in labels if label["doc_id"] in by_document):
        over = _over(label, by_document)
        right = any(
            row["paper"] and evaluate.base(row["paper"]) == evaluate.base(label["paper"]) for row in over
        )
        if right or label["context"] == "other":
            continue
        verdict = "wrong" if any(row["paper"] for row in over) else "missed"
        seen = "; ".join(
            f"{row['surface']!r} {row['paper'] or 'none'} {row['confidence']}"
            + "".join(f" | {other['paper']} {other['confidence']}" for other in row["alternatives"][:2])
            for row in over[:2]
        )
        lines.append(
            f"{verdict}\t{label['context']}\t{label['surface']!r}\t{label['paper']}\t{label['check']}\t"
            f"{label['doc_id']}:{label['start']}\t{seen}"
        )
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--catalogue", type=Path)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--every", type=int, default=3, help="1: all documents")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--errors", type=Path)
    args = parser.parse_args()
    if not (args.shared / "gold" / "evaluate.py").exists():
        sys.exit(f"{args.shared}: the labelled documents are not here; name their folder with --shared")
    evaluate = load_evaluate(args.shared)
    started = time.perf_counter()
    for line in report_documents(evaluate, args.shared, args.catalogue):
        print(line)
    bench = args.shared / "bench" / "dev"
    rows = evaluate.rows(bench / "docs.jsonl")[:: args.every]
    paths = [bench / "docs" / f"{row['doc_id']}.txt" for row in rows]
    found = all_predictions(paths, args.catalogue, args.processes)
    print()
    for line in report_spans(evaluate, args.shared, found, args.every):
        print(line)
    if args.errors:
        write_errors(evaluate, args.shared, found, args.errors)
    print(f"{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
