"""All recognisers together: what a document's mentions are, and what holds of them for any document."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.catalogue.small import NAMES, PAPERS, open_built
from tracker.catalogue import Catalogue
from tracker.identifiers import PaperKey
from tracker.mentions import find_mentions
from tracker.models import Document, Mention, MentionKind

QLORA = "QLoRA: Efficient Finetuning of Quantized LLMs"


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return open_built(tmp_path_factory.mktemp("mentions"))


def mentions(text: str, catalogue: Catalogue) -> list[Mention]:
    return find_mentions(Document(name="d.md", text=text), catalogue)


def short(text: str, catalogue: Catalogue) -> list[tuple[str, str]]:
    return [(mention.kind.value, mention.surface) for mention in mentions(text, catalogue)]


@pytest.mark.parametrize("text", ["", "\n", "No paper here.", "🙂"])
def test_no_mention(text: str, catalogue: Catalogue) -> None:
    assert mentions(text, catalogue) == []


def test_one_of_each_kind(catalogue: Catalogue) -> None:
    text = f"{QLORA} (arXiv:2305.14314v2)\n\n与LLaMA相比，QLoRA 更省显存。\n"
    title, identifier, llama, qlora = mentions(text, catalogue)
    row = catalogue.row(PaperKey("arXiv:2305.14314"))
    assert (title.kind, title.surface, title.line, title.rows) == (MentionKind.TITLE, QLORA, 1, (row,))
    assert (identifier.kind, identifier.key, identifier.version) == (MentionKind.ID, "arXiv:2305.14314", 2)
    assert (llama.kind, llama.surface, llama.line) == (MentionKind.NAME, "LLaMA", 3)
    assert (qlora.rows, qlora.document) == ((row,), "d.md")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Emu Video and Emu", [("name", "Emu Video"), ("name", "Emu")]),
        ("Mixtral-8x7B is not Mistral", [("name", "Mixtral"), ("name", "Mistral")]),
        ("LLaMA-Adapter", [("name", "LLaMA-Adapter")]),
        ("Mistral 7B", [("name", "Mistral 7B")]),
        ("GPT-3.5 is not GPT-3", [("name", "GPT-3")]),
        ("phi-2 is not phi-1.5", [("name", "phi-1.5")]),
        ("ViTs", [("name", "ViTs")]),
        ("Segment Anything", [("title", "Segment Anything")]),
        ("《Segment Anything》（SAM）", [("title", "Segment Anything"), ("name", "SAM")]),
        ("Efficient Finetuning of Quantized LLMs", [("title", "Efficient Finetuning of Quantized LLMs")]),
        (f"{{QLoRA}}{QLORA[5:]}", [("title", f"QLoRA}}{QLORA[5:]}")]),
    ],
)
def test_the_longest_and_surest_stay(text: str, found: list[tuple[str, str]], catalogue: Catalogue) -> None:
    assert short(text, catalogue) == found


def test_every_repeated_caption_is_a_mention(catalogue: Catalogue) -> None:
    text = "\n".join(f"Figure {number}. QLoRA" for number in range(1, 20))
    found = mentions(text, catalogue)
    assert [mention.line for mention in found] == list(range(1, 20))


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_lines_are_counted_from_one(newline: str, catalogue: Catalogue) -> None:
    text = newline.join(["QLoRA", "", "🙂 SAM", "与ViT"])
    assert [(mention.surface, mention.line) for mention in mentions(text, catalogue)] == [
        ("QLoRA", 1),
        ("SAM", 3),
        ("ViT", 4),
    ]


ODD = [
    "\n",
    "\r\n",
    " ",
    "。",
    "与",
    "🙂",
    "\u0301",
    "(",
    ")",
    "**",
    "ﬁ",
    "&amp;",
    "https://arxiv.org/abs/",
    "s",
    "-",
    "v2",
]
pieces = st.sampled_from(
    [
        *ODD,
        *(paper["title"] for paper in PAPERS),
        *(paper["id"] for paper in PAPERS),
        *(n for n, _, _ in NAMES),
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(pieces, max_size=14).map("".join))
def test_mentions_slice_the_text_in_order_without_overlap(catalogue: Catalogue, text: str) -> None:
    found = mentions(text, catalogue)
    for mention in found:
        assert text[mention.start : mention.end] == mention.surface
        assert mention.line == text.count("\n", 0, mention.start) + 1
        assert all(0 <= row < len(catalogue) for row in mention.rows)
    assert all(before.end <= behind.start for before, behind in pairwise(found))
    assert mentions(text, catalogue) == found


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=80))
def test_any_text_can_be_searched(catalogue: Catalogue, text: str) -> None:
    for mention in mentions(text, catalogue):
        assert text[mention.start : mention.end] == mention.surface
