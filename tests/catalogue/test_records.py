from __future__ import annotations

import lzma
import zlib
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.catalogue.small import PAPERS, build, facts
from tracker.catalogue import Catalogue, Record
from tracker.catalogue.keys import key_number
from tracker.catalogue.packing import deflating, inflating, lzma_pack, lzma_unpack, pack_blocks, phrases
from tracker.catalogue.records import key_and_title, record_from_lines
from tracker.identifiers import PaperKey

quick = settings(max_examples=50, deadline=None)
keys = st.sampled_from(
    [
        "arXiv:2305.14314",
        "arXiv:0704.0001",
        "arXiv:hep-th/9711200",
        "arXiv:math/0309136",
        "doi:10.1162/neco.1997.9.8.1735",
    ]
).map(PaperKey)
clean = st.text(st.characters(categories=["L", "N", "P", "S", "Z", "M"]), max_size=30).map(str.strip)
words = clean.map(lambda text: "".join(text.split())).filter(bool)
records = st.builds(
    Record,
    keys,
    clean.filter(bool),
    st.lists(clean.filter(bool), max_size=4).map(tuple),
    st.booleans(),
    st.none() | st.dates(date(1991, 8, 1), date(2035, 12, 31)) | st.just(date(2023, 5, 23)),
    st.lists(words, max_size=3).map(tuple),
    clean,
    clean,
    st.integers(0, 65_535),
)


@quick
@given(records)
def test_lines_give_back_the_record(record: Record) -> None:
    head, detail = record.to_lines()
    number = key_number(record.key)
    assert record_from_lines(number, record.cited_in, head, detail) == record
    assert key_and_title(number, head) == (record.key, record.title)
    quick_part = record_from_lines(number, record.cited_in, head)
    assert quick_part == record._replace(authors=(), is_complete=False, venue="", doi="")


@quick
@given(keys, st.text(max_size=20), st.lists(st.text(max_size=10), max_size=3), st.text(max_size=10))
def test_whatever_the_text_a_line_is_a_line_with_its_fields(
    key: PaperKey, title: str, authors: list[str], venue: str
) -> None:
    head, detail = Record(key, title, tuple(authors), True, None, tuple(authors), venue, venue).to_lines()
    assert "\n" not in head + detail
    assert (head.count("\x1f"), detail.count("\x1f")) == (3, 3)


@pytest.mark.parametrize(
    ("key", "published", "year"),
    [
        ("arXiv:2305.14314", None, 2023),
        ("arXiv:2305.14314", date(2022, 1, 1), 2022),
        ("arXiv:hep-th/9711200", None, 1997),
        ("doi:10.1/x", None, None),
        ("doi:10.1/x", date(1997, 11, 15), 1997),
    ],
)
def test_years(key: str, published: date | None, year: int | None) -> None:
    assert Record(PaperKey(key), "T", published=published).year == year


@pytest.mark.parametrize("head", ["", "a\x1fb", "\x1f23\x1f\x1fT", "\x1f99\x1f\x1fT\x1f", "\x1fxx\x1f\x1fT"])
def test_a_line_that_is_none_is_told(head: str) -> None:
    with pytest.raises(ValueError):
        record_from_lines(0, 0, head)


def test_a_line_without_key_needs_a_number_that_tells_it() -> None:
    assert record_from_lines(2305014314, 0, "\x1f\x1f\x1fT").key == "arXiv:2305.14314"
    with pytest.raises(ValueError, match="without key"):
        record_from_lines(1 << 63, 0, "\x1f\x1f\x1fT")


def test_facts_come_out_as_they_went_in(tmp_path: Path) -> None:
    catalogue = Catalogue.open(build(tmp_path)[0])
    for paper in PAPERS:
        identifier = paper["id"]
        key = PaperKey(identifier if ":" in identifier else f"arXiv:{identifier}")
        found = catalogue.paper(key)
        assert found is not None
        authors = tuple(paper["authors"] or ())
        assert found.title == paper["title"]
        assert found.authors == (authors[:-1] if authors[-1:] == ("others",) else authors)
        assert found.authors_complete == (bool(authors) and authors[-1] != "others")
        assert (found.published and found.published.isoformat()) == paper["date"]
        assert found.categories == tuple(paper["categories"] or ())
        assert (found.venue, found.doi, found.cited_in) == (paper["venue"], paper["doi"], paper["cited_in"])
        assert found.provenance == {}


def test_dates_of_another_month_than_the_key_tells(tmp_path: Path) -> None:
    doi = "doi:10.1162/neco.1997.9.8.1735"
    papers = [facts("2305.14314", "T", date="2024-01-02"), facts(doi, "U", date="1997-11-15")]
    catalogue = Catalogue.open(build(tmp_path, papers, [])[0])
    assert [str(catalogue.records.head(row).published) for row in (0, 1)] == ["2024-01-02", "1997-11-15"]


# --- packing ---------------------------------------------------------------------------------------


def test_the_dictionary_holds_the_phrases_that_stand_most_often() -> None:
    lines = ["large language models of today"] * 9 + ["large vision models of old"] * 5
    dictionary = phrases(lines).decode()
    assert "language models" in dictionary
    assert phrases(lines[::-1]) == dictionary.encode()
    assert phrases([]) == phrases(["one word each"]) == b""
    assert len(phrases(f"word{n} " * 3 for n in range(1000, 6000))) <= 32_768


@quick
@given(
    st.lists(st.text(st.characters(exclude_characters="\n", codec="utf-8")), min_size=1),
    st.integers(1, 5),
)
def test_blocks_give_back_the_lines(lines: list[str], per_block: int) -> None:
    lines = [f".{line}" for line in lines]
    dictionary = phrases(lines)
    for pack, unpack in ((deflating(dictionary), inflating(dictionary)), (lzma_pack, lzma_unpack)):
        data, offsets = pack_blocks((line.encode() for line in lines), pack, per_block)
        edges = [0, *offsets]
        assert len(edges) == -(-len(lines) // per_block) + 1
        assert (edges[0], edges[-1]) == (0, len(data))
        blocks = [unpack(data[start : end - 4]) for start, end in pairwise(edges)]
        assert "\n".join(block.decode() for block in blocks).split("\n") == lines
        sums = [data[end - 4 : end] for end in edges[1:]]
        assert sums == [zlib.crc32(block).to_bytes(4, "little") for block in blocks]


def test_what_was_packed_otherwise_is_no_block() -> None:
    with pytest.raises(zlib.error):
        inflating(b"")(b"\xff\xff")
    with pytest.raises(lzma.LZMAError):
        lzma_unpack(b"\xff\xff")
