"""Writes bib.bib anew from bib-papers.jsonl, after a wanted change of the BibTeX that we write."""

from __future__ import annotations

from pathlib import Path

from tracker.export.bibtex import write_bibtex
from tracker.models import Paper

HERE = Path(__file__).parent


def read_papers() -> list[Paper]:
    lines = (HERE / "bib-papers.jsonl").read_text(encoding="utf-8").splitlines()
    return [Paper.model_validate_json(line) for line in lines]


def main() -> None:
    (HERE / "bib.bib").write_text(write_bibtex(read_papers()), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
