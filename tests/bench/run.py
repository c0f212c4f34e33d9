"""Prints how right and how fast the program is. Not a test: figures depend on the machine, ratios less so.

    python -m tests.bench.run [--quick] [--shared DIR] [--show]

Accuracy needs the labelled documents of `DIR` (default: `../shared` beside this checkout):
  gold/       three documents labelled by hand, by their own evaluate.py
  bench/      ids-dev.jsonl, lines with the ids in them; dev/, documents whose links were taken out
What is missing is passed over with a message.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench.speed import seeds_of, show_speed
from tracker.catalogue import Catalogue
from tracker.cli.scan_output import json_lines
from tracker.documents import read_documents
from tracker.documents.text import TextReader
from tracker.linking import link
from tracker.mentions import find_mentions
from tracker.models import Document, Link, MentionKind

ROOT = Path(__file__).parents[2]
QUICK_DOCUMENTS = 40


def links_of(document: Document, catalogue: Catalogue) -> list[Link]:
    """What a scan finds in one document."""
    return link(document, find_mentions(document, catalogue), catalogue)


# --- accuracy ----------------------------------------------------------------------------------


def evaluate(shared: Path, mode: str, labels: Path, links: Iterable[Link], *more: str) -> dict[str, Any]:
    """What `evaluate.py` says about these links."""
    with TemporaryDirectory() as folder:
        predictions = Path(folder, "predictions.jsonl")
        predictions.write_text("\n".join(json_lines(links)), encoding="utf-8")
        command = [
            sys.executable,
            str(shared / "gold/evaluate.py"),
            mode,
            str(labels),
            str(predictions),
            *more,
        ]
        return dict(json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout))


def show_gold(shared: Path, catalogue: Catalogue, *, show: bool) -> None:
    """Papers found in the documents labelled by hand."""
    for labels in sorted((shared / "gold").glob("seed-*.jsonl")):
        path = shared / "seeds" / f"{labels.stem.removeprefix('seed-')}.txt"
        (document,), _ = read_documents([path])
        figures = evaluate(
            shared, "doc", labels, links_of(document, catalogue), *(["--show"] if show else [])
        )
        print(f"gold {path.name}: " + ", ".join(f"{name} {value}" for name, value in figures.items()))


def show_ids(shared: Path, catalogue: Catalogue, *, show: bool) -> None:
    """Lines with the right answers: how many are right to the last id."""
    rows = [json.loads(line) for line in (shared / "bench/ids-dev.jsonl").open(encoding="utf-8")]
    missed = invented = wrong_lines = 0
    for row in rows:
        document = TextReader().read(row["id"], row["text"].encode())
        found = {
            str(one.paper)
            for one in links_of(document, catalogue)
            if one.paper and one.mention.kind is MentionKind.ID and one.paper.startswith("arXiv:")
        }
        lost = set(row["expected"]) - found
        extra = found - set(row["expected"]) - set(row["optional"])
        missed, invented, wrong_lines = (
            missed + len(lost),
            invented + len(extra),
            wrong_lines + bool(lost or extra),
        )
        if show and (lost or extra):
            print(f"  {row['id']}: missed {sorted(lost)}, invented {sorted(extra)}: {row['text'][:200]!r}")
    print(
        f"ids: {len(rows) - wrong_lines} of {len(rows)} lines right; {missed} ids missed, {invented} invented"
    )


def show_spans(shared: Path, catalogue: Catalogue, documents: Sequence[Path], *, show: bool) -> None:
    """Mentions whose links were taken out: how many get their paper back."""
    names = {path.stem for path in documents}
    read, _ = read_documents(documents)
    links = [one for document in read for one in links_of(document, catalogue)]
    with TemporaryDirectory() as folder:
        labels = Path(folder, "mentions.jsonl")
        lines = (shared / "bench/dev/mentions.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
        labels.write_text(
            "".join(line for line in lines if json.loads(line)["doc_id"] in names), encoding="utf-8"
        )
        figures = evaluate(
            shared,
            "span",
            labels,
            links,
            "--docs",
            str(shared / "bench/dev/docs.jsonl"),
            *(["--show"] if show else []),
        )
    print(f"bench/dev, {len(documents)} documents:")
    for name, value in figures.items():
        print(f"  {name}: {value}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="a part of the documents, fewer repetitions")
    parser.add_argument("--show", action="store_true", help="name what was missed and what is wrong")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", metavar="DIR")
    parser.add_argument(
        "--catalogue", type=Path, default=None, metavar="FILE", help="default: the embedded one"
    )
    options = parser.parse_args()
    catalogue = Catalogue.open(options.catalogue)
    documents = sorted((options.shared / "bench/dev/docs").glob("*.txt"))
    if options.quick:
        documents = documents[:: max(1, len(documents) // QUICK_DOCUMENTS)]

    if documents:
        show_gold(options.shared, catalogue, show=options.show)
        show_ids(options.shared, catalogue, show=options.show)
        show_spans(options.shared, catalogue, documents, show=options.show)
    else:
        print(f"{options.shared}: there are no labelled documents, so accuracy cannot be measured")
    show_speed(documents, seeds_of(options.shared), options.catalogue, is_quick=options.quick)


if __name__ == "__main__":
    main()
