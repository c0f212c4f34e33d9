from __future__ import annotations

import doctest

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tracker.mentions.addresses
from tests.catalogue.small import NAMES, PAPERS, open_built
from tracker.catalogue import Catalogue
from tracker.mentions.addresses import Addresses
from tracker.mentions.names import _INSIDE, find_names, looks_like_a_name

MORE = [
    ("BLIP-2", "2301.12597", 5),
    ("CodeT5+", "2305.07922", 2),
    ("Painter", "2212.02499", 1),
    ("GPT", "2005.14165", 1),
    ("phi", "2309.05463", 1),
    ("Poincaré embeddings", "1705.08039", 2),
    ("Stable Diffusion", "2112.10752", 9),
    ("T5", "1910.10683", 20),
    ("C3", "2301.00003", 2),
    ("Guanaco", "2305.14314", 1),
    ("S-ViT", "2301.00003", 1),
    ("2.0 Paper", "2301.00003", 1),
]


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    known = {paper["id"] for paper in PAPERS}
    papers = [
        *PAPERS,
        *({"id": key, "title": f"About {key}, and more words"} for _, key, _ in MORE if key not in known),
    ]
    return open_built(tmp_path_factory.mktemp("names"), papers, [*NAMES, *MORE])


def found(text: str, catalogue: Catalogue) -> list[str]:
    """The names in a text as they stand there."""
    return [text[name.start : name.end] for name in find_names(text, catalogue.spans(text)[1], catalogue)]


def test_examples_in_docstrings() -> None:
    assert doctest.testmod(tracker.mentions.addresses).failed == 0


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", []),
        ("No name at all.", []),
        ("QLoRA", ["QLoRA"]),
        ("与QLoRA相比，LLaMA更大", ["QLoRA", "LLaMA"]),
        ("Llama 2的", ["Llama", "Llama 2"]),
        ("「QLoRA」《SAM》“ViT”", ["QLoRA", "SAM", "ViT"]),
        ("**QLoRA** _SAM_ `ViT` [LLaMA](x)", ["QLoRA", "SAM", "ViT", "LLaMA"]),
        ("(QLoRA), SAM; ViT: LLaMA!", ["QLoRA", "SAM", "ViT", "LLaMA"]),
        ("QLoRA. SAM, QLoRA's", ["QLoRA", "SAM", "QLoRA"]),
        ("qlora and qLoRA", ["qlora", "qLoRA"]),
        ("Emu Video", ["Emu", "Emu Video"]),
        ("Emu-Video", ["Emu-Video"]),
        ("Stable\nDiffusion, Stable\r\n    Diffusion, Stable\n> Diffusion", None),
        ("Stable\u00a0Diffusion, Stable~Diffusion, {S}table {D}iffusion", None),
        ("Stable-\nDiffusion", None),
        ("Poincare\u0301 embeddings, Poincaré\nembeddings", None),
        ("Q\u00adLo\u00adRA", ["Q\u00adLo\u00adRA"]),
        ("🙂QLoRA🙂", ["QLoRA"]),
        ("Llama-2-70B-chat", ["Llama-2"]),
        ("Llama 2 7B, Llama-2-7b", ["Llama 2", "Llama-2"]),
        ("ViT-Large, ViT-B/16, ViT 2021", ["ViT", "ViT", "ViT"]),
        ("Mixtral-8x7B and Mixtral 8x22B", ["Mixtral", "Mixtral"]),
        ("Llama 2-7|13|70B, Llama-2-7/13B", ["Llama 2", "Llama-2"]),
        ("QLoRA v1 and SAM-V1", ["QLoRA", "SAM"]),
        ("Google's ViT, S-ViT", ["ViT", "S-ViT"]),
        ("QLoRA 2.0 Paper and the 2.0 Paper", []),
        ("ViTs", ["ViT", "ViTs"]),
        ("Transformers and TRANSFORMERS", ["Transformer", "TRANSFORMER"]),
        ("CodeT5+ and CodeT5", ["CodeT5+"]),
        ("QLoRA+ViT", ["QLoRA", "ViT"]),
        ("QLoRA/ViT", ["QLoRA"]),
        ("QLoRA-based, QLoRA-like", ["QLoRA", "QLoRA"]),
        ("T5 t5", ["T5", "t5"]),
        ("phi-1.5", ["phi-1.5"]),
        ("GPT-3 GPT3 gpt-3", ["GPT-3", "GPT3", "gpt-3"]),
    ],
)
def test_names(text: str, names: list[str] | None, catalogue: Catalogue) -> None:
    pieces = text.split(", ") if names is None else names
    assert found(text, catalogue) == [piece.strip("{}") if piece[0] == "{" else piece for piece in pieces]


@pytest.mark.parametrize(
    "text",
    [
        "GPT-5, GPT-4, GPT-3.5",
        "phi-2 and phi-9",
        "Llama-3, Llama 3.1",
        "LLaMA-Unknown, SAM-Adapter, SAM-HQ",
        "pre-LLaMA, non-QLoRA, X-QLoRA",
        "AQLoRA QLoRAx QLoRA2 xQLoRA",
        "sam, vit, emu, adam",
        "the painter painted",
        "stable diffusion",
        "stable\ndiffusion",
        "Stable\n\nDiffusion",
        "Stable. Diffusion! Stable, Diffusion",
        "https://github.com/artidoro/QLoRA",
        "http://x.org/?q=QLoRA&m=SAM#ViT",
        "www.qlora.org/SAM",
        "QLoRA@example.org, me@QLoRA.org",
        "@QLoRA #QLoRA",
        "models/QLoRA.py \\QLoRA .QLoRA",
        "QLoRA_v2",
        "QLoRA V2, SAM-V3, SAM v1.5",
        "C, three",
    ],
)
def test_what_is_no_name(text: str, catalogue: Catalogue) -> None:
    assert [name for name in found(text, catalogue) if name not in {"Llama", "GPT"}] == []


def test_a_name_behind_an_address_without_a_blank(catalogue: Catalogue) -> None:
    text = "https://arxiv.org/abs/2305.14314与QLoRA相比，见www.x.org。SAM"
    assert found(text, catalogue) == ["QLoRA", "SAM"]


def test_an_ordinary_word_needs_sources_in_another_case(catalogue: Catalogue) -> None:
    assert found("Painter", catalogue) == ["Painter"]
    assert found("PAINTER", catalogue) == []


def test_a_plural_keeps_both_meanings(catalogue: Catalogue) -> None:
    text = "ViTs"
    names = find_names(text, catalogue.spans(text)[1], catalogue)
    vit, vits = ([alias.row for alias in catalogue.aliases_of(name)] for name in ("ViT", "VITS"))
    assert [sorted(name.named.rows) for name in names] == [sorted(vit), sorted({*vit, *vits})]
    assert len(names[1].named.sources) == len(names[1].named.rows)


@given(st.from_regex(r"\A[a2与](?:[a2与 \-_.\n\t/\u0301²]*[a2与])?\Z"))
def test_what_is_taken_without_the_pattern_is_what_it_takes(surface: str) -> None:
    assert looks_like_a_name(surface) == (_INSIDE.fullmatch(surface) is not None)


def test_a_long_line_without_blanks_is_looked_through_once(catalogue: Catalogue) -> None:
    assert found("iVBORw0KGgo" * 40_000, catalogue) == []
    assert found("a@" * 100_000, catalogue) == []
    assert found("www." * 50_000 + " QLoRA", catalogue) == ["QLoRA"]


# --- addresses ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("see https://x.org/a_b-c?d=e#f, yes", "https://x.org/a_b-c?d=e#f,"),
        ("(http://x.org/a)", "http://x.org/a"),
        ("<ftp://x.org>", "ftp://x.org"),
        ("见https://x.org/a。好", "https://x.org/a"),
        ("www.x.org", "www.x.org"),
        ("mail a.b-c+d@x-y.org.", "a.b-c+d@x-y.org"),
        ("http:// nothing", ""),
        ("a @ b, @name, a@b", ""),
        ("https://x.org/a@b.org/c d", "https://x.org/a@b.org/c"),
    ],
)
def test_addresses(text: str, address: str) -> None:
    addresses = Addresses(text)
    assert "".join(char for at, char in enumerate(text) if at in addresses) == address
    assert -1 not in addresses
    assert len(text) + 5 not in addresses or address == ""


@settings(max_examples=50, deadline=None)
@given(st.text(st.sampled_from("ab.@/:wht ps\n与-"), max_size=60))
def test_every_place_can_be_asked_for(text: str) -> None:
    addresses = Addresses(text)
    assert all(not text[at].isspace() for at in range(len(text)) if at in addresses)


# --- laws ----------------------------------------------------------------------------------------------

pieces = st.sampled_from(
    [name for name, _, _ in (*NAMES, *MORE)] + list(" \n-–_/.+s2与。🙂") + ["https://", "\u0301", "\r\n"]
)


@settings(max_examples=80, deadline=None)
@given(st.lists(pieces, max_size=12).map("".join))
def test_what_is_found_is_one_of_the_spans_and_spells_its_aliases(catalogue: Catalogue, text: str) -> None:
    spans = catalogue.spans(text)[1]
    names = find_names(text, spans, catalogue)
    starts = [span.start for span in spans]
    for name in names:
        assert name.start in starts
        assert 0 < len(name.named.rows) == len(name.named.sources)
        assert text[name.start : name.end].strip() == text[name.start : name.end]
    assert names == sorted(names, key=lambda name: (name.start, name.end))
