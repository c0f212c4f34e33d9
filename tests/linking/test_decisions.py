"""What is linked, and what is not, on short texts and the catalogue that ships with the program."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.catalogue import Catalogue
from tracker.linking import default_policy, link
from tracker.mentions import find_mentions
from tracker.models import Block, BlockKind, Document, Link, Role


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.open()


def links_of(text: str, catalogue: Catalogue, **facts: object) -> list[Link]:
    document = Document.model_validate({"name": "a.txt", "text": text, **facts})
    return link(document, find_mentions(document, catalogue), catalogue)


def papers_of(text: str, catalogue: Catalogue, **facts: object) -> dict[str, str | None]:
    """Surface -> paper, for the mentions that were settled."""
    return {one.mention.surface: one.paper for one in links_of(text, catalogue, **facts) if one.paper}


def blocks_of(text: str, *parts: tuple[BlockKind, str]) -> tuple[Block, ...]:
    """A block for each part of a text."""
    return tuple(
        Block(kind=kind, start=text.index(part), end=text.index(part) + len(part)) for kind, part in parts
    )


@pytest.mark.parametrize(
    ("text", "surface", "paper"),
    [
        ("We fine-tune with QLoRA on one card.", "QLoRA", "arXiv:2305.14314"),
        ("与QLoRA相比，LoRA 更费显存。", "QLoRA", "arXiv:2305.14314"),
        ("Llama 2的训练数据更多。", "Llama 2", "arXiv:2307.09288"),
        ("Nous avons lu «Segment Anything» (SAM).", "Segment Anything", "arXiv:2304.02643"),
        ("Mixtral-8x7B 的表现更好。", "Mixtral", "arXiv:2401.04088"),
        ("See 「Attention Is All\nYou Need」 for more.", "Attention Is All\nYou Need", "arXiv:1706.03762"),
        ("智源发布了 Emu，一个多模态模型。", "Emu", "arXiv:2307.05222"),
        (
            "Meta's Emu Video makes clips (https://arxiv.org/abs/2311.10709). Emu needs two steps.",
            "Emu",
            "arXiv:2311.10709",
        ),
        ("ViTs are trained on ImageNet. The Vision Transformer is large.", "ViT", "arXiv:2010.11929"),
    ],
)
def test_names_and_titles_are_linked(catalogue: Catalogue, text: str, surface: str, paper: str) -> None:
    found = papers_of(text, catalogue)
    assert {found[one] for one in found if one == surface or one == f"{surface}s"} == {paper}, found


@pytest.mark.parametrize(
    "text",
    [
        "Sam Altman and Paul Graham spoke.",
        "The painter saw an orca; a prompt reply came to the segment.",
        "Share this page. Sign in. Hot news. Free tools.",
        "GPT-5 and phi-9 will come.",
        "OpenAI, Google and Meta train on many GPUs; RLHF is a technique.",
        "import self; from pytorch_lightning/bert.py import x",
        "https://github.com/artidoro/qlora",
    ],
)
def test_words_and_persons_are_not_linked(catalogue: Catalogue, text: str) -> None:
    assert papers_of(text, catalogue) == {}


def test_an_identifier_beside_a_name_decides_between_its_papers(catalogue: Catalogue) -> None:
    sharpness = "SAM (arXiv:2010.01412) flattens the loss. With SAM the error falls."
    assert papers_of(sharpness, catalogue)["SAM"] == "arXiv:2010.01412"
    segments = "SAM (arXiv:2304.02643) cuts out anything. With SAM it is easy."
    assert papers_of(segments, catalogue)["SAM"] == "arXiv:2304.02643"


def test_a_name_that_only_the_document_knows_takes_the_paper_beside_it(catalogue: Catalogue) -> None:
    text = "MegaFooNet (arXiv:2401.09999) is new.\n\nWe use MegaFooNet with care."
    named = [one for one in links_of(text, catalogue) if one.mention.surface == "MegaFooNet"]
    assert [one.paper for one in named] == ["arXiv:2401.09999"] * 2
    assert named[1].reason == "named in the document"


def test_the_version_is_kept_apart_from_the_key(catalogue: Catalogue) -> None:
    (one,) = links_of("See arXiv:2305.14314v2.", catalogue)
    assert (one.paper, one.mention.version) == ("arXiv:2305.14314", 2)
    assert one.title == "QLoRA: Efficient Finetuning of Quantized LLMs"


def test_an_unsettled_mention_names_its_alternatives(catalogue: Catalogue) -> None:
    unsettled = [one for one in links_of("SSD, RMT and EAGLE in one line.", catalogue) if not one.paper]
    for one in unsettled:
        assert one.title is None
        assert one.reason
        assert all(other.confidence < default_policy().accept for other in one.alternatives)


def test_a_later_paper_is_less_likely_but_not_excluded(catalogue: Catalogue) -> None:
    text = "BAAI showed Emu."
    (early,) = links_of(text, catalogue, written=date(2020, 1, 1))
    (late,) = links_of(text, catalogue, written=date(2024, 1, 1))
    assert early.confidence < late.confidence
    assert late.paper == "arXiv:2307.05222"


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        ("- 模仿专有大语言模型的虚假承诺\n", "arXiv:2305.15717"),
        ("Towards Expert-Level Medical Question Answering.", "arXiv:2305.09617"),
    ],
)
def test_part_of_a_title_hardly_means_a_paper_that_nobody_had_seen(
    catalogue: Catalogue, text: str, paper: str
) -> None:
    assert set(papers_of(text, catalogue).values()) == {paper}
    assert papers_of(text, catalogue, written=date(2022, 6, 1)) == {}


@pytest.mark.parametrize(
    "text",
    [
        "Direct Preference Optimization: Your Language Model is Secretly a Reward Model.",
        "Your Language Model is Secretly a Reward Model (arXiv:2305.18290).",
    ],
)
def test_a_whole_title_or_an_identifier_means_it_whenever_it_was_written(
    catalogue: Catalogue, text: str
) -> None:
    assert set(papers_of(text, catalogue, written=date(2022, 6, 1)).values()) == {"arXiv:2305.18290"}


def test_menus_are_navigation_and_headings_are_main(catalogue: Catalogue) -> None:
    text = "QLoRA\n\nLlama 2\n\nWe saw BERT once.\n"
    blocks = blocks_of(
        text,
        (BlockKind.NAVIGATION, "QLoRA\n"),
        (BlockKind.HEADING, "Llama 2\n"),
        (BlockKind.PARAGRAPH, "We saw BERT once.\n"),
    )
    roles = {one.mention.surface: one.role for one in links_of(text, catalogue, blocks=blocks) if one.paper}
    assert roles == {"QLoRA": Role.NAVIGATION, "Llama 2": Role.MAIN, "BERT": Role.PASSING}


def test_salience_tells_what_the_document_is_about(catalogue: Catalogue) -> None:
    text = "# QLoRA\n\nQLoRA is good.\n\nQLoRA again.\n\nBERT is old.\n"
    blocks = blocks_of(
        text,
        (BlockKind.HEADING, "# QLoRA\n"),
        (BlockKind.PARAGRAPH, "QLoRA is good.\n"),
        (BlockKind.PARAGRAPH, "QLoRA again.\n"),
        (BlockKind.PARAGRAPH, "BERT is old.\n"),
    )
    salience = {one.mention.surface: one.salience for one in links_of(text, catalogue, blocks=blocks)}
    assert salience["QLoRA"] == 1.0
    assert 0 < salience["BERT"] < 0.5


def test_a_higher_threshold_settles_less(catalogue: Catalogue) -> None:
    document = Document(name="a.txt", text="SAM, Emu, EAGLE, SSD, Orca, DINO, COCO, QLoRA.")
    mentions = find_mentions(document, catalogue)
    counts = [
        sum(one.paper is not None for one in link(document, mentions, catalogue, min_confidence=least))
        for least in (0.1, 0.5, 0.9, 1.0)
    ]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1]
