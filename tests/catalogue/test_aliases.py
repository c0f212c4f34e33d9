"""Which names a paper gets, and how they are read back."""

from __future__ import annotations

import doctest
from collections.abc import Sequence
from pathlib import Path

import pytest

import tracker.catalogue.names
from tests.catalogue.small import build, facts
from tracker.catalogue import Catalogue, Origin
from tracker.catalogue.aliases import Naming, names_of_paper
from tracker.catalogue.names import (
    CURATED_PATH,
    Curated,
    is_common_word,
    is_usable,
    name_in_title,
    read_curated,
    title_parts,
)
from tracker.catalogue.squeeze import squeeze
from tracker.errors import CatalogueError
from tracker.identifiers import PaperKey

KEY = PaperKey("arXiv:2305.14314")
OTHER = PaperKey("arXiv:2307.09288")
NONE_BY_HAND = Curated((), frozenset())


def test_examples_in_docstrings() -> None:
    assert doctest.testmod(tracker.catalogue.names).failed == 0


def named(
    title: str,
    *listed: tuple[str, int],
    by_hand: Curated = NONE_BY_HAND,
    in_abstract: Sequence[str] = (),
) -> dict[str, tuple[int, int]]:
    """Name -> sources, origin."""
    naming = Naming([(name, count, 1) for name, count in listed], in_abstract)
    hands = [name for name, key in by_hand.added if key == KEY]
    return {
        name: (sources, origin)
        for name, sources, origin in names_of_paper(KEY, title, naming, hands, by_hand)
    }


TITLE = "An Image is Worth 16x16 Words: Transformers for Image Recognition at Scale"


def test_a_paper_may_have_no_name() -> None:
    assert named(TITLE) == {}


def test_names_come_from_lists_titles_and_hands() -> None:
    assert named(TITLE, ("ViT", 5)) == {"ViT": (5, Origin.LISTED)}
    assert named("QLoRA: Efficient Finetuning of Quantized LLMs") == {"QLoRA": (0, Origin.PREFIX)}
    assert named("Mistral 7B") == {"Mistral 7B": (0, Origin.TITLE)}
    by_hand = Curated((("Emu", KEY), ("Emu1", OTHER)), frozenset())
    assert named(TITLE, by_hand=by_hand) == {"Emu": (0, Origin.CURATED | Origin.COMMON)}
    assert named(TITLE, ("ViT", 5), in_abstract=("VIT", "ViT-L")) == {
        "ViT": (5, Origin.LISTED | Origin.ABSTRACT),
        "ViT-L": (0, Origin.ABSTRACT),
    }


def test_counts_of_one_input_are_added_up_and_of_several_the_largest_counts() -> None:
    naming = Naming([("ViT", 5, 0), ("ViT", 3, 1), ("VIT", 4, 1), ("Vit", 6, 2)])
    assert list(names_of_paper(KEY, TITLE, naming, (), NONE_BY_HAND)) == [("Vit", 7, Origin.LISTED)]


def test_one_name_with_all_its_origins_is_spelled_as_most_spell_it() -> None:
    found = named(
        "Q-LoRA: Efficient Finetuning of Quantized LLMs", ("qlora", 2), ("QLoRA", 11), ("Q LoRA", 2)
    )
    assert found == {"QLoRA": (15, Origin.LISTED | Origin.PREFIX)}


def test_of_equally_used_spellings_the_first_by_the_alphabet_is_kept() -> None:
    assert list(named(TITLE, ("vIT", 2), ("ViT", 2))) == ["ViT"]


def test_ordinary_words_are_marked() -> None:
    assert named(TITLE, ("Painter", 3), ("Segments", 1), ("QLoRA", 1)) == {
        "Painter": (3, Origin.LISTED | Origin.COMMON),
        "Segments": (1, Origin.LISTED | Origin.COMMON),
        "QLoRA": (1, Origin.LISTED),
    }


def test_refused_names_are_left_out_but_for_hands() -> None:
    for refused in (frozenset({("multimodality", None)}), frozenset({("multimodality", KEY)})):
        assert named(TITLE, ("Multimodality", 3), by_hand=Curated((), refused)) == {}
    other = Curated((), frozenset({("multimodality", OTHER)}))
    assert list(named(TITLE, ("Multimodality", 3), by_hand=other)) == ["Multimodality"]
    both = Curated((("Multimodality", KEY),), frozenset({("multimodality", None)}))
    assert named(TITLE, ("Multimodality", 3), by_hand=both)["Multimodality"][1] & Origin.CURATED


@pytest.mark.parametrize(
    "name", ["", "A", "7", "2024", "。。", "a name of far too many words", "x" * 41, "A" + "." * 300 + "B"]
)
def test_what_cannot_be_a_name_is_left_out(name: str) -> None:
    assert not is_usable(name)
    assert named(TITLE, (name, 9)) == {}


@pytest.mark.parametrize(
    "name", ["T5", "Llama 2", "phi-1.5", "é" * 40, "Mixture of Experts for Vision", "悟道"]
)
def test_what_may_be_a_name(name: str) -> None:
    assert is_usable(name)


@pytest.mark.parametrize(
    ("title", "main", "subtitle"),
    [
        ("", "", ""),
        ("Segment Anything", "Segment Anything", ""),
        ("QLoRA: Efficient", "QLoRA", "Efficient"),
        ("A：B", "A：B", ""),
        ("A： B", "A", "B"),
        ("Ratio 1:2: more", "Ratio 1:2", "more"),
        ("One: two: three", "One", "two: three"),
    ],
)
def test_title_parts(title: str, main: str, subtitle: str) -> None:
    assert title_parts(title) == (main, subtitle)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("QLoRA: Efficient Finetuning", "QLoRA"),
        ("Emu Video: Factorizing Text-to-Video Generation", "Emu Video"),
        ("Segment Anything", None),
        ("QLoRA:", None),
        (": a colon", None),
        ("On the way: a tale", None),
        ("A very long beginning that goes on: and on", None),
        ("phi-1.5 report: more of it", "phi-1.5 report"),
        ("Qwen2 Technical Report", "Qwen2"),
        ("Phi-3 Technical Report: A Highly Capable Model", "Phi-3"),
        ("Annual Technical Report", None),
        ("Technical Report", None),
    ],
)
def test_names_in_titles(title: str, name: str | None) -> None:
    assert name_in_title(title) == name


def test_common_words() -> None:
    assert all(map(is_common_word, ["painter", "Painter", "PAINTERS", "prompt", "segment"]))
    assert not any(map(is_common_word, ["qlora", "vit", "", "segment anything"]))


# --- settled by hand -------------------------------------------------------------------------------


def test_the_file_that_ships_is_sound() -> None:
    curated = read_curated(CURATED_PATH)
    assert ("SAM", PaperKey("arXiv:2304.02643")) in curated.added
    assert ("multimodality", None) in curated.refused
    assert len(set(curated.added)) == len(curated.added)
    never = {name for name, key in curated.refused if key is None}
    assert never.isdisjoint(squeeze(name) for name, _ in curated.added)


def test_entries_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "curated.toml"
    path.write_text(
        '[[alias]]\nnames = ["Emu", "Emu1"]\npaper = "2307.05222"\nreason = "r"\n'
        '[[refuse]]\nnames = ["Multi-Modality"]\nreason = "r"\n'
        '[[refuse]]\nnames = ["SAM"]\npaper = "arXiv:2305.14314"\nreason = "r"\n'
    )
    emu = PaperKey("arXiv:2307.05222")
    refused = frozenset({("multimodality", None), ("sam", KEY)})
    assert read_curated(path) == Curated((("Emu", emu), ("Emu1", emu)), refused)
    path.write_text("")
    assert read_curated(path) == NONE_BY_HAND


@pytest.mark.parametrize(
    "text",
    [
        "[[alias]",
        '[[alias]]\nnames = ["Emu"]\nreason = "r"\n',
        '[[alias]]\nnames = ["Emu"]\npaper = "2313.05222"\nreason = "r"\n',
        '[[alias]]\npaper = "2307.05222"\nreason = "r"\n',
        '[[alias]]\nnames = ["Emu"]\npaper = "2307.05222"\n',
        '[[refuse]]\nnames = ["Emu"]\n',
        '[[refuse]]\nnames = ["Emu"]\npaper = "2313.05222"\nreason = "r"\n',
        '[[refuse]]\nnames = "Emu"\nreason = "r"\n',
        '[[refuse]]\nnames = [1]\nreason = "r"\n',
        "alias = 1\n",
        'alias = ["Emu"]\n',
        '[[aliases]]\nnames = ["Emu"]\npaper = "2307.05222"\nreason = "r"\n',
    ],
)
def test_a_wrong_entry_by_hand_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "curated.toml"
    path.write_text(text)
    with pytest.raises(CatalogueError, match=f"^{path}: "):
        read_curated(path)


def test_a_missing_file_by_hand_is_told(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="cannot be read"):
        read_curated(tmp_path / "none.toml")


# --- in the file -----------------------------------------------------------------------------------


def test_aliases_come_back(small: Catalogue) -> None:
    aliases = {(a.name, small.records.key(a.row)): a for a in small.aliases_of("emu")}
    assert {key: (a.sources, a.origin) for key, a in aliases.items()} == {
        ("Emu", "arXiv:2307.05222"): (2, Origin.LISTED | Origin.COMMON),
        ("Emu", "arXiv:2311.10709"): (1, Origin.LISTED | Origin.COMMON),
    }
    assert small.aliases_of("E-M u") == small.aliases_of("Emu")
    assert small.aliases_of("") == small.aliases_of("Emus") == small.aliases_of("。") == []


def test_names_of_a_paper_are_the_most_used_first(small: Catalogue) -> None:
    rows = {key: small.row(PaperKey(f"arXiv:{key}")) for key in ("2307.09288", "2311.10709", "2304.02643")}
    names = {key: small.names_of_row(row) for key, row in rows.items() if row is not None}
    assert names == {"2307.09288": ("Llama 2",), "2311.10709": ("Emu", "Emu Video"), "2304.02643": ("SAM",)}


def test_names_in_any_script(tmp_path: Path) -> None:
    names = [("悟道", "2305.14314", 3), ("Αλφα-Net", "2305.14314", 2), ("ЯЗЫК", "2305.14314", 1)]
    path, _ = build(tmp_path, [facts("2305.14314", "One title of many words, this one")], names)
    catalogue = Catalogue.open(path)
    assert catalogue.names_of_row(0) == ("悟道", "Αλφα-Net", "ЯЗЫК")
    _, spans = catalogue.spans("模型悟道的，und αλφα-net, язык ЯЗЫК")
    assert [catalogue.aliases(span)[0].name for span in spans] == ["悟道", "Αλφα-Net", "ЯЗЫК", "ЯЗЫК"]


def test_counts_of_a_larger_catalogue_tell_what_they_told_linking(
    small: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that stands in a hundred of a million titles is as much of a word as one in three hundred of three."""
    before = {name: alias.titles for name in ("LoRA", "QLoRA", "DPO") for alias in small.aliases_of(name)}
    assert max(before.values()) > 0
    monkeypatch.setattr("tracker.catalogue.aliases.COUNTED", len(small) // 2)
    fresh = Catalogue.open(small.path)
    for name, titles in before.items():
        for alias in fresh.aliases_of(name):
            assert bool(alias.titles) == bool(titles) and alias.titles <= titles
    monkeypatch.setattr("tracker.catalogue.aliases.COUNTED", len(small))
    assert Catalogue.open(small.path).aliases_of("LoRA") == small.aliases_of("LoRA")
