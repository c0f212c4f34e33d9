from __future__ import annotations

import pytest

from tests.catalogue.small import open_built
from tracker.catalogue import Catalogue
from tracker.mentions.titles import find_titles

ATTENTION = "Attention Is All You Need"
QLORA = "QLoRA: Efficient Finetuning of Quantized LLMs"
SUBTITLE = "Efficient Finetuning of Quantized LLMs"


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return open_built(tmp_path_factory.mktemp("titles"))


def found(text: str, catalogue: Catalogue) -> list[str]:
    """The titles in a text as they stand there; those of which only a part stands there with a star."""
    spans, _ = catalogue.spans(text)
    titles = find_titles(text, spans, catalogue)
    return [text[title.start : title.end] + ("" if title.is_whole else "*") for title in titles]


@pytest.mark.parametrize("text", ["", "No title here.", "Attention Is All\n\nYou Need"])
def test_no_title(text: str, catalogue: Catalogue) -> None:
    assert found(text, catalogue) == []


@pytest.mark.parametrize(
    "form",
    [
        ATTENTION,
        "ATTENTION IS ALL YOU NEED",
        "attention is all you need",
        "Attention Is All\nYou Need",
        "Attention Is All\r\nYou Need",
        "Attention Is All\n            You Need",
        "Attention Is\n> All You\n> Need",
        "Atten-\n  tion Is All You Need",
        "Attention — Is All, You Need",
        "Attention Is {A}ll {Y}ou {N}eed",
        "Attention** *Is* All You Need",
        "Attention&nbsp;Is&nbsp;All You Need",
        "Ａｔｔｅｎｔｉｏｎ Is All You Need",
        "Attention\u00a0Is\u3000All\u200bYou Need",
        "Attention  Is   All    You     Need",
    ],
)
@pytest.mark.parametrize(
    "around", [("", ""), ("「", "」"), ("《", "》"), ("“", "”"), ("# ", "\n"), ("🙂", "🙂"), ("见", "。")]
)
def test_a_title_in_all_its_forms(form: str, around: tuple[str, str], catalogue: Catalogue) -> None:
    before, behind = around
    text = f"{before}{form}{behind}"
    assert found(text, catalogue) == [form]
    (title,) = find_titles(text, catalogue.spans(text)[0], catalogue)
    assert (title.start, title.end) == (len(before), len(before) + len(form))
    assert [catalogue.records.head(row).title for row in title.rows] == [ATTENTION]


@pytest.mark.parametrize(
    "text",
    [
        "Attention Is All\n\nYou Need",
        "Attention Is All\r\n\r\nYou Need",
        "Attention Is All\n  \nYou Need",
        "> Attention Is All\n>\n> You Need",
        "Attention\nIs\nAll\nYou Need",
        "We pay attention. Is all you need here?",
        "这里 attention。Is all you need",
        "Attention" + "." * 60 + "Is All You Need",
        "https://blog.org/attention-is-all-you-need/",
        "[paper](https://example.org/Attention_Is_All_You_Need.pdf)",
        "attention.is.all.you.need@example.org",
        "Attention Is All You Needed",
        "Inattention Is All You Need",
    ],
)
def test_what_is_no_title(text: str, catalogue: Catalogue) -> None:
    assert found(text, catalogue) == []


def test_a_title_with_a_sentence_end_in_it(
    catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> None:
    papers = [{"id": "2301.00001", "title": "Is Attention All You Need? A Study of It"}]
    own = open_built(tmp_path_factory.mktemp("own"), papers, [])
    assert found("See Is Attention All You Need? A Study of It.", own) == [
        "Is Attention All You Need? A Study of It"
    ]


def test_a_part_is_told_from_the_whole(catalogue: Catalogue) -> None:
    assert found(f"{QLORA} and {SUBTITLE}", catalogue) == [QLORA, f"{SUBTITLE}*", f"{SUBTITLE}*"]


def test_the_whole_title_of_one_paper_is_no_part_of_another(tmp_path_factory: pytest.TempPathFactory) -> None:
    papers = [
        {"id": "2301.00001", "title": "FooNet: a network of many foos"},
        {"id": "2301.00002", "title": "A Network of Many Foos"},
    ]
    catalogue = open_built(tmp_path_factory.mktemp("both"), papers, [])
    text = "a network of many foos"
    (title,) = find_titles(text, catalogue.spans(text)[0], catalogue)
    assert (title.rows, title.is_whole) == ((1,), True)


def test_several_titles_in_order(catalogue: Catalogue) -> None:
    text = f"1. {ATTENTION}\n2. 《Segment Anything》\n3. Mixtral of Experts\n4. {ATTENTION}"
    assert found(text, catalogue) == [ATTENTION, "Segment Anything", "Mixtral of Experts", ATTENTION]
