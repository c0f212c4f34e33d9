"""A compact catalogue says the same as the one that it was made of."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.catalogue.small import NOON, PAPERS, build, facts, write_papers
from tracker.catalogue import EMBEDDED_PATH, Catalogue, container
from tracker.catalogue.build import build_catalogue
from tracker.catalogue.compact import compact
from tracker.catalogue.container import Container
from tracker.catalogue.planes import PLANES, STEPS, Packing, packed, unpacked
from tracker.identifiers import PaperKey

TEXT = (
    "QLoRA: Efficient Finetuning of Quantized LLMs, Attention Is All You Need and Segment Anything; ViTs, GPT-3, "
    "Emu Video, LLaMA-Adapter. An Image is Worth 16x16 Words: Transformers for Image Recognition at Scale. "
    "Textbooks Are All You Need II: phi-1.5 technical report, 与QLoRA相比。"
)
SIZES = {"B": 8, "H": 16, "I": 32, "Q": 64}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Catalogue, Catalogue]:
    """A catalogue and the same compact."""
    path, _ = build(tmp_path_factory.mktemp("both"))
    compact(path, path.with_name("compact.catalogue"))
    return Catalogue.open(path), Catalogue.open(path.with_name("compact.catalogue"))


def test_records_are_the_same(both: tuple[Catalogue, Catalogue]) -> None:
    plain, small = both
    assert small.facts == plain.facts
    assert len(small) == len(plain)
    for row in range(len(plain)):
        assert small.records[row] == plain.records[row]
        assert small.names_of_row(row) == plain.names_of_row(row)
        assert small.titles_of(plain.records[row].title) == plain.titles_of(plain.records[row].title)
    doi = PaperKey("doi:10.1103/physrevd.76.013009")
    assert small.key_of(doi) == plain.key_of(doi) == "arXiv:0704.0001"


def test_the_same_titles_and_names_are_found(both: tuple[Catalogue, Catalogue]) -> None:
    plain, small = both
    titles, names = plain.spans(TEXT)
    assert len(titles) >= 5
    assert len(names) >= 5
    assert small.spans(TEXT) == (titles, names)


@pytest.mark.parametrize(
    "asked", ["vaswani 2017", "atention is al you ned", "SAM", "touvron llama", "Goresky"]
)
def test_the_same_is_found(both: tuple[Catalogue, Catalogue], asked: str) -> None:
    plain, small = both
    assert small.find(asked) == plain.find(asked) != []


def test_of_either_the_same_catalogue_is_made(tmp_path: Path, both: tuple[Catalogue, Catalogue]) -> None:
    more = write_papers(tmp_path / "more.jsonl", [facts("2406.00001", "Segment Anything and All You Need")])
    made = []
    for number, one in enumerate(both):
        target = tmp_path / f"{number}.catalogue"
        build_catalogue([more], target, base=one.path, now=NOON, workers=1)
        made.append(target.read_bytes())
    assert made[0] == made[1]


def test_compact_again_is_the_same(tmp_path: Path, both: tuple[Catalogue, Catalogue]) -> None:
    compact(both[1].path, tmp_path / "again.catalogue")
    assert (tmp_path / "again.catalogue").read_bytes() == both[1].path.read_bytes()


def test_many_papers_have_several_blocks(tmp_path: Path) -> None:
    many = [
        facts(f"2401.{number:05}", f"Title Number {number}", f"Author {number}") for number in range(1, 4999)
    ]
    path, _ = build(tmp_path, [*PAPERS, *many])
    plain = Catalogue.open(path)
    compact(path, tmp_path / "small")
    small = Catalogue.open(tmp_path / "small")
    assert small.path.stat().st_size < path.stat().st_size
    for row in (0, 1023, 1024, 4095, 4096, len(plain) - 1):
        assert small.records[row] == plain.records[row]


def test_what_is_too_large_to_be_packed_stays_as_it_is(
    tmp_path: Path, both: tuple[Catalogue, Catalogue], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(container, "MOST_PACKED", 10)
    compact(both[0].path, tmp_path / "c")
    assert Catalogue.open(tmp_path / "c").spans(TEXT) == both[0].spans(TEXT)


def test_the_catalogue_of_the_package_is_compact() -> None:
    carried = Container(EMBEDDED_PATH)
    assert carried.has("title_mask")
    assert not carried.has("title_bits")


numbers = st.sampled_from(sorted(SIZES)).flatmap(
    lambda element: st.tuples(
        st.just(element), st.lists(st.integers(0, (1 << SIZES[element]) - 1), min_size=1, max_size=50)
    )
)


@settings(max_examples=60, deadline=None)
@given(numbers, st.booleans())
def test_numbers_come_back(column: tuple[str, list[int]], has_numpy: bool) -> None:
    element, values = column
    packings: tuple[Packing, ...] = (PLANES, STEPS)
    for packing in packings:
        array = np.array(values if packing == PLANES else sorted(values), dtype=np.dtype(element))
        data = packed(array, packing)
        with pytest.MonkeyPatch.context() as patch:
            if not has_numpy:
                patch.delitem(sys.modules, "numpy")
            assert unpacked(data, element, len(values), packing).tobytes() == array.tobytes()


@pytest.mark.parametrize("packing", [PLANES, STEPS])
@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: b"\0" + data, lambda data: b""])
def test_damaged_numbers_are_refused(packing: Packing, change: Any) -> None:
    data = packed(np.arange(100, dtype=np.uint32), packing)
    with pytest.raises(ValueError, match=r"\w"):
        unpacked(change(data), "I", 100, packing)
    for count in (0, 99, 101):
        with pytest.raises(ValueError, match="the length is another"):
            unpacked(data, "I", count, packing)
