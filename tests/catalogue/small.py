"""A small catalogue of true records for tests: the files of facts, and what is made of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tracker.catalogue import Catalogue
from tracker.catalogue.build import BuildReport, build_catalogue

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
Facts = Mapping[str, Any]


def facts(
    identifier: str,
    title: str,
    *authors: str,
    date: str | None = None,
    categories: Iterable[str] | None = None,
    venue: str | None = None,
    doi: str | None = None,
    cited_in: int = 0,
) -> Facts:
    """One line of a file of facts."""
    return {
        "id": identifier,
        "title": title,
        "authors": list(authors) or None,
        "date": date,
        "categories": list(categories) if categories else None,
        "venue": venue,
        "doi": doi,
        "cited_in": cited_in,
    }


PAPERS: tuple[Facts, ...] = (
    facts(
        "2305.14314",
        "QLoRA: Efficient Finetuning of Quantized LLMs",
        "Tim Dettmers",
        "Artidoro Pagnoni",
        "Ari Holtzman",
        "Luke Zettlemoyer",
        date="2023-05-23",
        categories=("cs.LG",),
        cited_in=27,
    ),
    facts(
        "2307.09288",
        "Llama 2: Open Foundation and Fine-Tuned Chat Models",
        "Hugo Touvron",
        "Louis Martin",
        "others",
        categories=("cs.CL", "cs.AI"),
        cited_in=30,
    ),
    facts(
        "2302.13971",
        "LLaMA: Open and Efficient Foundation Language Models",
        "Hugo Touvron",
        "Timothée Lacroix",
        "others",
        cited_in=27,
    ),
    facts(
        "2303.16199",
        "LLaMA-Adapter: Efficient Fine-tuning of Language Models with Zero-init Attention",
        "Renrui Zhang",
        "Jiaming Han",
        "others",
        categories=("cs.CV",),
        cited_in=12,
    ),
    facts("2310.06825", "Mistral 7B", "Albert Q. Jiang", "others", date="2023-10-10", cited_in=20),
    facts("2401.04088", "Mixtral of Experts", "Albert Q. Jiang", "others", date="2024-01-08", cited_in=15),
    facts("2307.05222", "Generative Pretraining in Multimodality", "Quan Sun", "others", date="2023-07-11"),
    facts("2311.10709", "Emu Video: Factorizing Text-to-Video Generation by Explicit Image Conditioning"),
    facts(
        "2010.11929",
        "An Image is Worth 16x16 Words: Transformers for Image Recognition at Scale",
        "Alexey Dosovitskiy",
        "Lucas Beyer",
        "others",
        categories=("cs.CV",),
        venue="ICLR 2021",
        cited_in=34,
    ),
    facts(
        "2106.06103",
        "Conditional Variational Autoencoder with Adversarial Learning for End-to-End Text-to-Speech",
        "Jaehyeon Kim",
        "Jungil Kong",
        "Juhee Son",
        venue="ICML 2021",
        cited_in=6,
    ),
    facts("2309.05463", "Textbooks Are All You Need II: phi-1.5 technical report", "Yuanzhi Li", "others"),
    facts("2005.14165", "Language Models are Few-Shot Learners", "Tom B. Brown", "others", cited_in=40),
    facts(
        "1706.03762",
        "Attention Is All You Need",
        "Ashish Vaswani",
        "Noam Shazeer",
        "others",
        date="2017-06-12",
        categories=("cs.CL", "cs.LG"),
        venue="NeurIPS 2017",
        cited_in=74,
    ),
    facts("2304.02643", "Segment Anything", "Alexander Kirillov", "Eric Mintun", "others", cited_in=18),
    facts("1412.6980", "Adam: A Method for Stochastic Optimization", "Diederik P Kingma", "Jimmy Ba"),
    facts(
        "0704.0001",
        "Calculation of prompt diphoton production cross sections at Tevatron and LHC energies",
        "C. Balázs",
        "E. L. Berger",
        "P. M. Nadolsky",
        "C.-P. Yuan",
        date="2007-04-02",
        categories=("hep-ph",),
        doi="10.1103/physrevd.76.013009",
        cited_in=1,
    ),
    facts(
        "hep-th/9711200",
        "The large N limit of superconformal field theories and supergravity",
        "Juan Maldacena",
    ),
    facts(
        "math/0309136",
        "Regular points in affine Springer fibers",
        "Mark Goresky",
        "Robert Kottwitz",
        "Robert MacPherson",
        date="2003-09-07",
        categories=("math.RT",),
    ),
    facts(
        "doi:10.1162/neco.1997.9.8.1735", "Long Short-Term Memory", "Sepp Hochreiter", "Jürgen Schmidhuber"
    ),
)

NAMES = (
    ("QLoRA", "2305.14314", 11),
    ("Llama 2", "2307.09288", 9),
    ("Llama-2", "2307.09288", 3),
    ("LLaMA", "2302.13971", 8),
    ("LLaMA-Adapter", "2303.16199", 3),
    ("Mistral", "2310.06825", 4),
    ("Mixtral", "2401.04088", 4),
    ("Emu", "2307.05222", 2),
    ("Emu", "2311.10709", 1),
    ("Emu Video", "2311.10709", 1),
    ("ViT", "2010.11929", 5),
    ("VITS", "2106.06103", 2),
    ("Phi-1.5", "2309.05463", 2),
    ("GPT-3", "2005.14165", 17),
    ("Transformer", "1706.03762", 11),
    ("SAM", "2304.02643", 4),
    ("Adam", "1412.6980", 8),
)

NOTHING_BY_HAND = ""


def write_papers(path: Path, papers: Iterable[Facts] = PAPERS) -> Path:
    path.write_text(
        "".join(json.dumps(paper, ensure_ascii=False) + "\n" for paper in papers), encoding="utf-8"
    )
    return path


def write_names(path: Path, names: Iterable[tuple[str, str, int]] = NAMES) -> Path:
    path.write_text("".join(f"{name}\t{paper}\t{count}\n" for name, paper, count in names), encoding="utf-8")
    return path


def build(
    folder: Path,
    papers: Iterable[Facts] = PAPERS,
    names: Iterable[tuple[str, str, int]] = NAMES,
    *,
    by_hand: str = NOTHING_BY_HAND,
    most_cited: int | None = None,
    file_name: str = "small.catalogue",
) -> tuple[Path, BuildReport]:
    """A catalogue of these facts; the path and what was reported."""
    (folder / "curated.toml").write_text(by_hand, encoding="utf-8")
    inputs = [write_papers(folder / "papers.jsonl", papers), write_names(folder / "names.tsv", names)]
    target = folder / file_name
    report = build_catalogue(
        inputs, target, most_cited=most_cited, curated_path=folder / "curated.toml", now=NOON
    )
    return target, report


def open_built(
    folder: Path, papers: Iterable[Facts] = PAPERS, names: Iterable[tuple[str, str, int]] = NAMES
) -> Catalogue:
    """The catalogue of these facts, open."""
    return Catalogue.open(build(folder, papers, names)[0])
