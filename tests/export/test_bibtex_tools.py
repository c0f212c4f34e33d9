"""What the programs that people use say to the BibTeX that we write, run on the golden file's papers."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable
from itertools import product
from pathlib import Path

import pytest

from tracker.export.bibtex import write_bibtex
from tracker.models import Paper, VenueKind

GOLDEN = Path(__file__).parent.parent / "golden"
LINES = (GOLDEN / "bib-papers.jsonl").read_text(encoding="utf-8").splitlines()
PAPERS = [Paper.model_validate_json(line) for line in LINES]
# Styles that label by author and year cannot do without a year, and only an online source could tell it.
DATED = [paper for paper in PAPERS if paper.year]
STYLES = ["plain", "abbrv", "alpha", "unsrt", "acm", "ieeetr", "apalike", "plainnat", "abbrvnat", "unsrtnat"]


def run(program: str, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"{program} is not installed (Debian: texlive-bibtex-extra, biber, pandoc)")
    return subprocess.run(
        [path, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        timeout=120,
    )


def write(papers: Iterable[Paper], folder: Path) -> None:
    (folder / "refs.bib").write_text(write_bibtex(papers), encoding="utf-8")


def bibtex(style: str, folder: Path) -> str:
    """The bibliography as BibTeX makes it, without a warning."""
    aux = f"\\relax\n\\citation{{*}}\n\\bibstyle{{{style}}}\n\\bibdata{{refs}}\n"
    (folder / "paper.aux").write_text(aux)
    done = run("bibtex", "paper", folder=folder)
    if "I couldn't open style file" in done.stdout:
        pytest.skip(f"the BibTeX style {style} is not installed")
    assert done.returncode == 0, done.stdout
    assert "Warning--" not in done.stdout, done.stdout
    return (folder / "paper.bbl").read_text(encoding="utf-8", errors="strict")


@pytest.mark.parametrize("style", STYLES)
def test_bibtex_has_no_warning(style: str, tmp_path: Path) -> None:
    latin = [paper for paper in DATED if "大" not in paper.title]
    write(latin, tmp_path)
    assert bibtex(style, tmp_path).count("\\bibitem") == len(latin)


@pytest.mark.parametrize("style", STYLES)
def test_bibtex_has_no_warning_about_publications(style: str, tmp_path: Path) -> None:
    """Each kind of venue, with all that is known of where the paper stands in it, and with one thing lacking."""
    details = {
        "volume": "7",
        "issue": "2",
        "pages": "12--34",
        "publisher": "An Example Press",
        "venue_year": 2024,
    }
    one = {"title": "A Title", "authors": ("Ada Byron",), "authors_complete": True, "venue": "Examples"}
    papers = [
        Paper.model_validate(
            {"key": f"arXiv:2301.{n:05}", **one, "venue_kind": kind, **details, lacking: None}
        )
        for n, (kind, lacking) in enumerate(product([*VenueKind, None], [*details, "comment"]), start=1)
    ]
    write(papers, tmp_path)
    assert bibtex(style, tmp_path).count("\\bibitem") == len(papers)


def test_bibtex_keeps_what_is_protected_and_lowers_the_rest(tmp_path: Path) -> None:
    write(PAPERS, tmp_path)
    printed = " ".join(bibtex("plain", tmp_path).split())
    assert "{QLoRA}: Efficient finetuning of quantized {LLM}s" in printed
    assert "Mask {R-CNN}," in printed and "Mistral 7{B}," in printed
    assert "{$O(N)$} methods in electronic structure calculations. \\newblock" in printed
    assert "Attention is all you need. " in printed
    assert "大模型 {LLM} 综述, January" in printed
    assert "Piotr Doll{\\'a}r" in printed and "Oskar van~der Wal" in printed
    assert "Robert Downey, Jr." in printed and "{Google Brain}" in printed
    assert "Quan Sun et~al." in printed


def test_abbreviated_names_are_whole_letters(tmp_path: Path) -> None:
    write(PAPERS, tmp_path)
    printed = bibtex("abbrv", tmp_path)
    assert "{\\'E}.~{\\AA}ngstr{\\\"o}m" in printed and "张三" in printed


@pytest.mark.parametrize(("papers", "options"), [(PAPERS, []), (DATED, ["--validate-datamodel"])])
def test_biber_has_no_warning(papers: list[Paper], options: list[str], tmp_path: Path) -> None:
    write(papers, tmp_path)
    done = run("biber", "--tool", *options, "refs.bib", folder=tmp_path)
    assert done.returncode == 0, done.stdout
    assert not re.search("WARN|ERROR", done.stdout), done.stdout
    read = (tmp_path / "refs_bibertool.bib").read_text(encoding="utf-8")
    assert read.count("EPRINT ") == sum(paper.key.startswith("arXiv:") for paper in papers)
    assert "Kirillov, Alexander and" in read and "Dollár, Piotr" in read


def test_pandoc_prints_the_titles_and_names(tmp_path: Path) -> None:
    write(PAPERS, tmp_path)
    done = run(
        "pandoc", "refs.bib", "-f", "bibtex", "-t", "plain", "--wrap=none", "--citeproc", folder=tmp_path
    )
    assert done.returncode == 0, done.stderr
    for expected in (
        "QLoRA: Efficient Finetuning of Quantized LLMs",
        "“Mistral 7B.”",
        "“Mask R-CNN.”",
        "Augmented Q&A System",
        "2043 Is <1% Likely",
        "S_α,β",
        "z~1.5",
        "Le Fèvre, O.",
        "Downey, Robert, Jr., Maarten van der Hoek, Google Brain, Élise Ångström, Đorđe Ðð",
        "“大模型 LLM 综述.”",
        "https://arxiv.org/abs/astro-ph/0402203",
    ):
        assert expected in done.stdout


@pytest.mark.parametrize("style", ["abbrv", "alpha"])
def test_latex_accepts_the_bibliography(style: str, tmp_path: Path) -> None:
    if shutil.which("pdflatex") is None:
        pytest.skip("pdflatex is not installed")
    write([paper for paper in PAPERS if "大" not in paper.title], tmp_path)
    bibtex(style, tmp_path)
    (tmp_path / "paper.tex").write_text(
        "\\documentclass{article}\\usepackage[T1]{fontenc}\n"
        f"\\begin{{document}}\\nocite{{*}}\\bibliographystyle{{{style}}}\\bibliography{{refs}}\\end{{document}}"
    )
    # -draftmode: no fonts and no PDF are made.
    options = ["-interaction=nonstopmode", "-draftmode", "-no-shell-escape"]
    done = run("pdflatex", *options, "paper", folder=tmp_path)
    errors = [line for line in done.stdout.splitlines() if line.startswith("!")]
    assert errors == [] and done.returncode == 0
    assert "(./paper.bbl" in done.stdout
