"""Where titles and names stand in a text."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.catalogue.small import NAMES, PAPERS, build, facts
from tracker.catalogue import Catalogue, Origin, TitleEntry, index
from tracker.catalogue.container import Container
from tracker.catalogue.index import CHUNK, LONGEST_SPAN
from tracker.catalogue.name_index import NAME_WORDS
from tracker.catalogue.names import SHORTEST_LOWER, WELL_KNOWN
from tracker.catalogue.stretch import squeeze_chunk
from tracker.catalogue.title_index import ANCHORS, LONGEST_TITLE
from tracker.identifiers import PaperKey

pytestmark = pytest.mark.usefixtures("each_way")
ATTENTION = "Attention Is All You Need"
QLORA = "QLoRA: Efficient Finetuning of Quantized LLMs"


def titles(catalogue: Catalogue, text: str) -> list[str]:
    return [text[span.start : span.end] for span in catalogue.spans(text)[0]]


def names(catalogue: Catalogue, text: str) -> list[str]:
    return [text[span.start : span.end] for span in catalogue.spans(text)[1]]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "🙂", "。", "a", "与", "\ud800", ".", "&amp;", "\0"])
def test_texts_with_nothing_in_them(small: Catalogue, text: str) -> None:
    assert [list(spans) for spans in small.spans(text)] == [[], []]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (ATTENTION, ATTENTION),
        (f"{ATTENTION}.", ATTENTION),
        ("see ATTENTION IS ALL YOU NEED!", "ATTENTION IS ALL YOU NEED"),
        ("attention is all\nyou need", "attention is all\nyou need"),
        ("Attention Is\r\n    All You\r\n    Need", "Attention Is\r\n    All You\r\n    Need"),
        ("Atten-\ntion Is All You Need", "Atten-\ntion Is All You Need"),
        ("「Attention Is All You Need」", ATTENTION),
        ("《Attention Is All You Need》", ATTENTION),
        ("“Attention Is All You Need”", ATTENTION),
        ("论文Attention Is All You Need提出", ATTENTION),
        ("**Attention** *Is* _All_ You `Need`", "Attention** *Is* _All_ You `Need"),
        ("{Attention} {I}s {A}ll You Need", "Attention} {I}s {A}ll You Need"),
        ("Ａｔｔｅｎｔｉｏｎ Ｉｓ Ａｌｌ Ｙｏｕ Ｎｅｅｄ", "Ａｔｔｅｎｔｉｏｎ Ｉｓ Ａｌｌ Ｙｏｕ Ｎｅｅｄ"),
        ("𝐀𝐭𝐭𝐞𝐧𝐭𝐢𝐨𝐧 𝐈𝐬 𝐀𝐥𝐥 𝐘𝐨𝐮 𝐍𝐞𝐞𝐝", "𝐀𝐭𝐭𝐞𝐧𝐭𝐢𝐨𝐧 𝐈𝐬 𝐀𝐥𝐥 𝐘𝐨𝐮 𝐍𝐞𝐞𝐝"),
        ("🙂🙂 Attention Is All You Need 🙂", ATTENTION),
        ("Atte\u0301ntion Is\u200d All\u00ad You Neede\u0301", None),
        ("Atten\u00adtion Is All You Need", "Atten\u00adtion Is All You Need"),
        ("Attention&nbsp;Is All You Need&quot;", "Attention&nbsp;Is All You Need"),
        ("QLoRA: Eﬃcient Finetuning of Quantized LLMs", "QLoRA: Eﬃcient Finetuning of Quantized LLMs"),
        ("An Image is Worth 16×16 Words", None),
        ("Inattention Is All You Need", None),
        ("Attention Is All You Needed", None),
    ],
)
def test_one_title_in_many_forms(small: Catalogue, text: str, title: str | None) -> None:
    assert titles(small, text) == ([] if title is None else [title, *parts_of(title)])


def parts_of(title: str) -> list[str]:
    """What is found of a title besides itself."""
    return [title.partition(": ")[2]] if ": " in title else []


def test_a_title_is_told_from_its_parts(small: Catalogue) -> None:
    text = f"{QLORA}; Efficient Finetuning of Quantized LLMs; Textbooks Are All You Need II"
    spans, _ = small.spans(text)
    found = [(text[span.start : span.end], small.titles(span)) for span in spans]
    row, textbooks = (small.row(PaperKey(f"arXiv:{key}")) for key in ("2305.14314", "2309.05463"))
    assert row is not None
    assert textbooks is not None
    subtitle = ("Efficient Finetuning of Quantized LLMs", [TitleEntry(row, 2, 0)])
    assert found == [
        (QLORA, [TitleEntry(row, 0, 0)]),
        subtitle,
        subtitle,
        ("Textbooks Are All You Need II", [TitleEntry(textbooks, 1, 0)]),
    ]


def test_papers_of_one_title_share_a_span(tmp_path: Path) -> None:
    papers = [facts(f"2301.0000{number}", "Deep learning for all of us") for number in (1, 2, 3)]
    papers.append(facts("2302.00001", "More on deep learning for all of us"))
    catalogue = Catalogue.open(build(tmp_path, papers, [])[0])
    (span,), _ = catalogue.spans("Deep Learning For All Of Us")
    assert catalogue.titles(span) == [TitleEntry(row, 0, 1) for row in (0, 1, 2)]
    assert catalogue.titles_of("deep learning, for all of us!") == catalogue.titles(span)
    assert catalogue.rows_titled("DEEP LEARNING FOR ALL OF US") == [0, 1, 2]
    assert catalogue.rows_titled("Deep learning for none of us") == catalogue.rows_titled("") == []


def test_short_titles_are_found_as_names(small: Catalogue) -> None:
    assert titles(small, "Mistral 7B, Segment Anything") == ["Segment Anything"]
    assert names(small, "Mistral 7B, Segment Anything") == ["Mistral", "Mistral 7B", "Segment Anything"]
    assert [small.records.head(row).title for row in small.rows_titled("mistral-7b")] == ["Mistral 7B"]


@pytest.mark.parametrize(
    "length", [*range(ANCHORS[0] - 1, ANCHORS[0] + 2), *range(ANCHORS[1] - 1, ANCHORS[1] + 2), LONGEST_TITLE]
)
def test_titles_of_every_length(tmp_path: Path, length: int) -> None:
    title = ("Abcdefghij " * 40)[: length + length // 10].strip()
    title += "x" * (length - len(title.replace(" ", "")))
    catalogue = Catalogue.open(build(tmp_path, [facts("2301.00001", title)], [])[0])
    assert catalogue.rows_titled(title) == [0]
    found = titles if length >= ANCHORS[0] else names
    assert title in found(catalogue, f"see {title}, yes")


def test_a_title_that_is_too_long_is_not_looked_for(tmp_path: Path) -> None:
    title = "word " * 100
    catalogue = Catalogue.open(build(tmp_path, [facts("2301.00001", title)], [])[0])
    assert not any(catalogue.spans(title))
    assert catalogue.records.head(0).title == title.strip()


@pytest.mark.parametrize("has_first", [True, False])
def test_titles_in_chinese_are_found_among_other_chinese(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, has_first: bool
) -> None:
    chinese = "论大规模語言模型之高效微调方法"
    subtitle = "CPM: 以计算为中心的 大规模 中文 预训练语言模型 研究"
    papers = [facts(f"2301.0000{n}", t) for n, t in enumerate((chinese, subtitle), 1)]
    catalogue = Catalogue.open(build(tmp_path, papers)[0])
    if not has_first:  # files of older versions have no list of what titles begin with
        has = Container.has
        monkeypatch.setattr(Container, "has", lambda self, name: name != "title_first" and has(self, name))
    other = "我们在这里讨论的都是别的东西，" * 20
    text = f"{other}{chinese}{other}{subtitle}{other}{subtitle[5:]}{other}"
    assert titles(catalogue, text) == [chinese, subtitle, subtitle[5:], subtitle[5:]]


def test_a_title_whose_words_stand_too_far_apart_is_none(small: Catalogue) -> None:
    assert titles(small, f"Attention Is All You{' ' * 900}Need")
    assert not titles(small, f"Attention Is All You{' ' * LONGEST_SPAN}Need")
    assert not titles(small, f"Attention Is All You{'🙂' * (CHUNK + 10)}Need")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("与QLoRA相比", ["QLoRA"]),
        ("Llama 2的", ["Llama", "Llama 2"]),
        ("LLaMA2", ["LLaMA2"]),
        ("Emu Video", ["Emu", "Emu Video"]),
        ("GPT-3.5 and GPT-3.", ["GPT-3"]),
        ("phi-2, phi-1.5", ["phi-1.5"]),
        ("Mixtral-8x7B", ["Mixtral"]),
        ("ViTs", ["ViT", "ViTs"]),
        ("ViTss, ViTx", ["ViTs"]),
        ("two ViTs", ["ViT", "ViTs"]),
        ("Q&amp;LoRA", []),
        ("Llama, 2, Llama. 2, Llama\t(2)", ["Llama", "Llama", "Llama"]),
        ("Llama\n2 Llama.2", ["Llama", "Llama\n2", "Llama", "Llama.2"]),
        ("Q\u00adLo\u200dRA", ["Q\u00adLo\u200dRA"]),
        ("ＱＬｏＲＡ", ["ＱＬｏＲＡ"]),
        ("QLORA qlora Qlora", ["QLORA", "qlora", "Qlora"]),
        ("sam adam vit emu", []),
        ("transformer transformers", []),
        ("Transformer TRANSFORMERS", ["Transformer", "TRANSFORMER"]),
        ("llama-adapter, an animal: a llama", ["llama-adapter"]),
        ("llama adapter", []),
        ("llama\nadapter Llama\nAdapter", ["Llama", "Llama\nAdapter"]),
    ],
)
def test_names_in_many_forms(small: Catalogue, text: str, found: list[str]) -> None:
    assert names(small, text) == found


def test_capitals_and_punctuation_say_nothing_in_what_is_heard(small: Catalogue) -> None:
    for text in ("Q&amp;LoRA", "Llama, 2", "Q，LoRA"):
        _, spans = small.spans(text, is_heard=True)
        assert (0, len(text)) in [(span.start, span.end) for span in spans]


def test_spans_are_kept_as_columns(small: Catalogue) -> None:
    text = "QLoRA与🙂ViTs 2"
    _, names = small.spans(text)
    assert [text[span.start : span.end] for span in names] == ["QLoRA", "ViT", "ViTs"]
    assert names.starts.tolist() == [0, 7, 7]
    assert names[1] == names[1:][0] == list(names.columns())[1]
    around = ["".join(map(chr, points)) for points in names.around.T.tolist()]
    assert around == ["\0\0Q与\uffff", "与\uffffVs ", "与\uffffV 2"]
    assert names.take(names.starts > 0) == [names[1], names[2]] != names


def test_a_plural_that_is_a_name_is_told_from_the_plural_of_a_name(small: Catalogue) -> None:
    _, spans = small.spans("ViTs")
    assert [[alias.name for alias in small.aliases(span)] for span in spans] == [["ViT"], ["VITS"]]


def brute_force(catalogue: Catalogue, text: str) -> list[tuple[int, int]]:
    """All names in a text, looked up one by one."""
    squeezed = squeeze_chunk(text)
    ends = [*squeezed.ends.tolist()]
    found = []
    for word, start in enumerate(squeezed.starts.tolist()):
        for last in range(word, min(word + NAME_WORDS, len(ends))):
            for end in (ends[last], ends[last] - 1) if last in squeezed.stems else (ends[last],):
                first, behind = int(squeezed.offsets[start]), int(squeezed.after[end - 1])
                if _is_name(catalogue, text[first:behind]) and not re.search(
                    r"\w\.[ \n]\w", text[first:behind]
                ):
                    found.append((first, behind))
    return sorted(found)


def _is_name(catalogue: Catalogue, surface: str) -> bool:
    aliases = catalogue.aliases_of(surface)
    is_ordinary = all(alias.origin & Origin.COMMON for alias in aliases)
    if re.fullmatch(r"[a-z]([a-z]|[^\w]|_)*", surface):
        return not is_ordinary and len(surface) >= SHORTEST_LOWER and not re.search(r"[\x00-\x20]", surface)
    return any(
        not alias.origin & Origin.COMMON or alias.sources >= WELL_KNOWN or alias.name[:2] == surface[:2]
        for alias in aliases
    )


pieces = st.sampled_from(
    [name for name, _, _ in NAMES] + ["s", "S", "-", " ", "\n", ".", "2", "与", "🙂", "ﬁ", "a"]
)


@settings(max_examples=80, deadline=None)
@given(st.lists(pieces | st.sampled_from([name.lower() for name, _, _ in NAMES]), max_size=10).map("".join))
def test_names_are_those_that_brute_force_finds(small: Catalogue, text: str) -> None:
    assert [(span.start, span.end) for span in small.spans(text)[1]] == brute_force(small, text)


def test_every_title_and_name_is_found_in_a_long_text(small: Catalogue) -> None:
    filler = " nothing to see here, 与此无关。 " * 2000
    text = (
        filler.join(paper["title"] for paper in PAPERS) + filler + filler.join(name for name, _, _ in NAMES)
    )
    found = {*titles(small, text), *names(small, text)}
    assert found >= {paper["title"] for paper in PAPERS} | {name for name, _, _ in NAMES}


@pytest.mark.parametrize("shift", range(-70, 30, 3))
def test_titles_at_the_border_of_chunks(
    small: Catalogue, monkeypatch: pytest.MonkeyPatch, shift: int
) -> None:
    monkeypatch.setattr(index, "CHUNK", 2000)
    for filler in ("字", "x", " ", "🙂", "\n"):
        before = filler * (2000 + shift - 1) + " "
        text = f"{before}{QLORA} {filler * 500}"
        assert titles(small, text) == [QLORA, QLORA.partition(": ")[2]]
        assert names(small, text) == ["QLoRA"]
        assert small.spans(text)[0][0][:2] == (len(before), len(before) + len(QLORA))


def test_a_word_is_not_cut_at_the_border_of_chunks(small: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    for chunk in range(20, 40):
        monkeypatch.setattr(index, "CHUNK", chunk)
        assert names(small, "x" * 27 + "QLoRA and GPT-3" + ".5" + " LLaMA" + "x" * 60) == []


def test_the_catalogue_that_ships(tmp_path: Path) -> None:
    catalogue = Catalogue.open()
    assert len(catalogue) >= 30_000
    paper = catalogue.paper(PaperKey("arXiv:2305.14314"))
    assert paper is not None
    assert paper.title == QLORA
    assert "QLoRA" in paper.aliases
    assert catalogue.paper(PaperKey("arXiv:9901.00001")) is None
    assert catalogue.rows_titled(ATTENTION)
    assert {catalogue.records.key(alias.row) for alias in catalogue.aliases_of("Emu")} >= {"arXiv:2307.05222"}
    assert catalogue.path.stat().st_size < 12_000_000


def test_a_look_up_by_key_needs_no_numpy() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from tracker.catalogue import Catalogue; c = Catalogue.open();"
        "p = c.paper('arXiv:2305.14314'); assert p.aliases; assert 'numpy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# --- opening -------------------------------------------------------------------------------------


@pytest.mark.parametrize("few", [1, 1 << 40])
def test_short_texts_and_long_ones_are_searched_alike(
    small: Catalogue, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """Without the tables that pay for long texts, and with them from the first word on."""
    monkeypatch.setattr("tracker.catalogue.bits._ASKED_FEW", few)
    monkeypatch.setattr("tracker.catalogue.name_index._ASKED_LETTERS", few)
    text = f"{ATTENTION}, {QLORA}; LoRAs, qlora and orca, Emu, DPO and sam. Long Short-Term Memory"
    fresh = Catalogue.open(small.path)
    found = fresh.spans(text)
    assert {ATTENTION, QLORA, "Long Short-Term Memory"} <= {text[one.start : one.end] for one in found[0]}
    assert len(found[1]) > 3 and found == small.spans(text) == fresh.spans(text)


def test_opening_a_catalogue_imports_nothing_heavy() -> None:
    """Start-up has a budget; what only some commands need is imported where it is needed."""
    heavy = ("numpy", "pydantic", "rapidfuzz", "tomllib", "tempfile", "tracker.models")
    program = (
        "import sys; from tracker.catalogue import Catalogue; Catalogue.open(); "
        f"print(*(name for name in {heavy} if name in sys.modules))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=True,
        text=True,
    )
    assert ran.stdout.split() == []
