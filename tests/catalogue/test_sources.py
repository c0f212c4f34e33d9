"""Files of facts, good and bad: what can be used is used, what cannot is counted, nothing is guessed."""

from __future__ import annotations

import gzip
import json
import os
import sys
from datetime import date
from pathlib import Path

import pytest
import zstandard

from tracker.catalogue.records import Record, record_from_lines
from tracker.catalogue.rows import merged
from tracker.catalogue.sheaf import sheaf_of_lines
from tracker.catalogue.sources import Kind, NamedBy, Rejects, batches_of_lines, kind_of, names_of_lines
from tracker.catalogue.spool import Kept
from tracker.catalogue.streams import opened
from tracker.errors import CatalogueError
from tracker.identifiers import PaperKey

LINE = {"id": "2305.14314", "title": "QLoRA: Efficient Finetuning of Quantized LLMs"}
KEY = PaperKey("arXiv:2305.14314")


def papers(path: Path, *lines: object) -> tuple[list[Record], list[str]]:
    """What comes of a file of these lines (texts as they are, other things as JSON)."""
    texts = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text("".join(text + "\n" for text in texts), encoding="utf-8")
    return read_papers(path)


def read_papers(path: Path) -> tuple[list[Record], list[str]]:
    """The records of a file of lines, and what is said of those that cannot be used."""
    rejects, records = Rejects(), []
    with opened(path) as streams:
        for stream in streams:
            for batch in batches_of_lines(stream, rejects):
                sheaf = sheaf_of_lines((batch.data, False))
                for line, reason in sheaf.rejected:
                    rejects.add(f"{stream.name}:{batch.first_line + line}: {reason}")
                place = 0
                for number, cited_in, size in zip(sheaf.numbers, sheaf.cited_in, sheaf.sizes, strict=True):
                    kept = Kept(0, 0, cited_in, sheaf.data[place : place + size])
                    place += size
                    lines = merged(number, [kept])
                    records.append(record_from_lines(number, cited_in, lines.head, lines.detail))
    return records, rejects.shown


def read_names(path: Path) -> tuple[list[NamedBy], list[str]]:
    """The names of a file, and what is said of lines that cannot be used."""
    rejects = Rejects()
    with opened(path) as streams:
        return [name for stream in streams for name in names_of_lines(stream, rejects)], rejects.shown


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "papers.jsonl"


def test_nothing_and_blank_lines(file: Path) -> None:
    assert papers(file) == ([], [])
    assert papers(file, "", "   ", "\t") == ([], [])


def test_all_facts_of_a_paper(file: Path) -> None:
    full = {
        "id": "0704.0001v3",
        "title": "Calculation of prompt  diphoton\nproduction cross sections at Tevatron and LHC energies",
        "authors": ["C. Balázs", "E. L. Berger"],
        "date": "2007-04-02",
        "categories": ["hep-ph"],
        "venue": "Phys. Rev. D",
        "doi": "10.1103/PhysRevD.76.013009",
        "cited_in": 1,
    }
    assert papers(file, full)[0] == [
        Record(
            PaperKey("arXiv:0704.0001"),
            "Calculation of prompt diphoton production cross sections at Tevatron and LHC energies",
            ("C. Balázs", "E. L. Berger"),
            True,
            date(2007, 4, 2),
            ("hep-ph",),
            "Phys. Rev. D",
            "10.1103/physrevd.76.013009",
            1,
        )
    ]


@pytest.mark.parametrize(
    "missing", [{}, dict.fromkeys(("authors", "date", "categories", "venue", "doi", "cited_in"))]
)
def test_what_is_missing_or_null_stays_empty(file: Path, missing: dict[str, None]) -> None:
    assert papers(file, LINE | missing)[0] == [Record(KEY, LINE["title"])]


@pytest.mark.parametrize(
    ("authors", "kept", "is_complete"),
    [
        ([], (), False),
        (["A. B."], ("A. B.",), True),
        (["A. B.", "others"], ("A. B.",), False),
        (["others"], (), False),
        (["A.\tB.", "", "  "], ("A. B.",), True),
    ],
)
def test_authors(file: Path, authors: list[str], kept: tuple[str, ...], is_complete: bool) -> None:
    (record,), _ = papers(file, LINE | {"authors": authors})
    assert (record.authors, record.is_complete) == (kept, is_complete)


@pytest.mark.parametrize(
    ("doi", "kept"),
    [
        ("10.1162/NECO.1997.9.8.1735", "10.1162/neco.1997.9.8.1735"),
        ("https://doi.org/10.1103/PhysRevD.76.013009", "10.1103/physrevd.76.013009"),
        (
            "10.1175/1520-0469(1995)052<2404:DCITAD>2.0.CO;2",
            "10.1175/1520-0469(1995)052<2404:dcitad>2.0.co;2",
        ),
        ("10.48550/arXiv.2305.14314", ""),
        ("none", ""),
        ("10.1/\nx\x1fy", ""),
    ],
)
def test_dois(file: Path, doi: str, kept: str) -> None:
    (record,), _ = papers(file, LINE | {"doi": doi})
    assert record.doi == kept


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not a line of JSON"),
        ("[" * 100_000, "not a line of JSON"),
        ("not JSON", "not a line of JSON"),
        ("[]", "a list, not a JSON object; each paper needs a line of its own"),
        ("},", "not a line of JSON"),
        ("null", "not a JSON object"),
        ('"2305.14314"', "not a JSON object"),
        ({}, "no usable id or title"),
        ({"id": "2305.14314"}, "no usable id or title"),
        ({"title": "Attention Is All You Need"}, "no usable id or title"),
        (LINE | {"title": " \n"}, "no usable id or title"),
        (LINE | {"title": None}, "no usable id or title"),
        (LINE | {"title": ["a", "b"]}, "title is no text"),
        (LINE | {"id": "2313.14314"}, "'2313.14314' has no usable id"),
        (LINE | {"id": "about"}, "no usable id"),
        (LINE | {"id": 2305.14314}, "id is no text"),
        (LINE | {"authors": 7}, "authors is no list"),
        (LINE | {"authors_parsed": ["Tim"]}, "authors_parsed is no list of names"),
        (LINE | {"authors": [1]}, "authors is no text"),
        (LINE | {"authors": {"a": "b"}}, "authors is no list"),
        (LINE | {"categories": 7}, "categories is no list"),
        (LINE | {"date": "23 May 2023"}, "Invalid isoformat"),
        (LINE | {"date": "2023-02-30"}, "day"),
        (LINE | {"date": 20230523}, "date is no text"),
        (LINE | {"cited_in": -1}, "cited_in is no count"),
        (LINE | {"cited_in": 1.5}, "cited_in is no count"),
        (LINE | {"cited_in": "3"}, "cited_in is no count"),
        ('{"id": "2305.14314", "title": "QLoRA", "cited_in": Infinity}', "cited_in is no count"),
        ('{"id": "2305.14314", "title": "QLoRA", "cited_in": NaN}', "cited_in is no count"),
    ],
)
def test_a_line_that_cannot_be_used_is_counted(file: Path, line: object, reason: str) -> None:
    found, rejected = papers(file, LINE, line, LINE)
    assert [record.key for record in found] == [KEY, KEY]
    assert len(rejected) == 1
    assert rejected[0].startswith(f"{file}:2: ")
    assert reason in rejected[0]
    assert len(rejected[0]) < len(str(file)) + 120


def test_a_list_with_a_paper_on_each_line(file: Path) -> None:
    other = LINE | {"id": "1706.03762"}
    found, rejected = papers(file, "[", f"{json.dumps(LINE)},\r", f"  {json.dumps(other)}", "]")
    assert [record.key for record in found] == [KEY, "arXiv:1706.03762"] and not rejected


def test_the_first_version_dates_a_paper_wherever_it_stands(file: Path) -> None:
    third, first, second = (
        {"version": version, "created": f"Mon, 2 {month} 2012 19:18:42 GMT"}
        for version, month in (("v3", "Dec"), ("v1", "Jul"), ("v2", "Oct"))
    )
    for versions in ([third, first, second], [first, third], [None, first]):
        (record,), _ = papers(file, LINE | {"versions": versions})
        assert record.published == date(2012, 7, 2)
    (record,), _ = papers(file, LINE | {"versions": [third, second]})
    assert record.published == date(2012, 12, 2)


def test_authors_that_are_nothing_but_brackets_take_no_time_without_end(file: Path) -> None:
    (record,), _ = papers(file, LINE | {"authors": "A. Bee" + " (1)" * 500_000 + ", C. Dee and  E. Eff"})
    assert record.authors == ("A. Bee", "C. Dee", "E. Eff")


def test_hostile_text_is_kept_out_of_the_file_format(file: Path) -> None:
    (record,), _ = papers(file, LINE | {"title": "A\x1fB\x1eC\nD\x00E \ud800", "venue": "V\x1f\u2028W"})
    assert record.title == "A B C D E ?"
    assert record.venue == "V W"
    head, detail = record.to_lines()
    assert head.count("\x1f") == detail.count("\x1f") == 3
    assert "\n" not in head + detail


def test_undecodable_bytes_are_replaced(file: Path) -> None:
    file.write_bytes(json.dumps(LINE | {"title": "Caf\xe9"}, ensure_ascii=False).encode("latin-1"))
    (record,), _ = read_papers(file)
    assert record.title == "Caf\ufffd"


def test_other_keys_than_those_of_arxiv(file: Path) -> None:
    ids = ["hep-th/9711200", "math.RT/0309136", "doi:10.1162/neco.1997.9.8.1735", "acl:2020.acl-main.1"]
    found, _ = papers(file, *({"id": identifier, "title": "T"} for identifier in ids))
    assert [record.key for record in found] == [
        "arXiv:hep-th/9711200",
        "arXiv:math/0309136",
        "doi:10.1162/neco.1997.9.8.1735",
        "acl:2020.acl-main.1",
    ]


# --- how a file is packed --------------------------------------------------------------------------

DATA = (json.dumps(LINE) + "\n").encode()


def zst(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jsonl", DATA),
        ("a.jsonl.gz", gzip.compress(DATA)),
        ("a.JSONL.GZ", gzip.compress(DATA)),
        ("a.jsonl.zst", zst(DATA)),
        ("a.jsonl.zst", zst(b"") + zst(DATA)),
        ("a.jsonl.zst", b"\x5f\x2a\x4d\x18\x03\0\0\0any" + zst(DATA)),
        ("a.jsonl", b"\x50\x2a\x4d\x18\0\0\0\0" + zst(DATA)),
        ("a.jsonl.gz", gzip.compress(b"") + gzip.compress(DATA)),
    ],
)
def test_packed_files_are_read(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    assert [record.key for record in read_papers(tmp_path / name)[0]] == [KEY]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jsonl.gz", DATA),
        ("a.jsonl.gz", gzip.compress(DATA * 1000)[:-20]),
        ("a.jsonl.gz", gzip.compress(DATA)[:12] + b"\xff" * 40),
        ("a.jsonl.zst", DATA),
        ("a.jsonl.zst", zst(os.urandom(5000).hex().encode())[:200] + b"\0" * 50),
    ],
)
def test_damaged_packed_files_are_told(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(CatalogueError, match=r"a\.jsonl\.(gz|zst): cannot be read: "):
        read_papers(tmp_path / name)


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.jsonl.zst", "a.tsv"])
def test_what_is_no_file_is_told(tmp_path: Path, name: str) -> None:
    for path in (tmp_path / name, tmp_path):
        with pytest.raises(CatalogueError, match=f"^{path}: cannot be read: "):
            read_papers(path)
        with pytest.raises(CatalogueError, match=f"^{path}: cannot be read: "):
            read_names(path)


def test_the_package_that_unpacks_may_be_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.jsonl.zst").write_bytes(zst(DATA))
    monkeypatch.setitem(sys.modules, "zstandard", None)
    with pytest.raises(CatalogueError, match="one more package"):
        read_papers(tmp_path / "a.jsonl.zst")


# --- names -----------------------------------------------------------------------------------------


def names(path: Path, text: str) -> tuple[list[NamedBy], list[str]]:
    path.write_text(text, encoding="utf-8")
    return read_names(path)


def test_names(tmp_path: Path) -> None:
    text = "QLoRA\t2305.14314\t11\r\n\nLlama  2 \t 2307.09288v1\t3\nPi-π\tmath/0309136\t0\n"
    assert names(tmp_path / "a.tsv", text) == (
        [
            NamedBy("QLoRA", KEY, 11),
            NamedBy("Llama 2", PaperKey("arXiv:2307.09288"), 3),
            NamedBy("Pi-π", PaperKey("arXiv:math/0309136"), 0),
        ],
        [],
    )


@pytest.mark.parametrize(
    "line",
    [
        "QLoRA",
        "QLoRA\t2305.14314",
        "QLoRA\t2305.14314\t1\t2",
        "QLoRA\t2313.14314\t1",
        "\t2305.14314\t1",
        "QLoRA\t2305.14314\t-1",
        "QLoRA\t2305.14314\t²",
        "QLoRA\t2305.14314\t1.5",
        "QLoRA\t2305.14314\tmany",
        "QLoRA\t2305.14314\t" + "9" * 5000,
        "alias\tarxiv_id\tcount",
    ],
)
def test_a_line_that_gives_no_name_is_counted(tmp_path: Path, line: str) -> None:
    path = tmp_path / "a.tsv"
    found, rejected = names(path, f"{line}\nQLoRA\t2305.14314\t11\n")
    assert found == [NamedBy("QLoRA", KEY, 11)]
    assert rejected == [f"{path}:1: not a name, an id and a count"]


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.tsv", b"", Kind.NAMES),
        ("b.TSV", b"{}", Kind.NAMES),
        ("a.jsonl", b"not JSON", Kind.LINES),
        ("a.json", b"", Kind.LINES),
        ("refs.bib", b"", Kind.BIB),
        ("facts", b'\xef\xbb\xbf \n{"id": 1}', Kind.LINES),
        ("names.txt", b"QLoRA\t2305.14314\t3\n", Kind.NAMES),
        ("refs.txt", b"% mine\n@article{a, title = {A}}", Kind.BIB),
        ("old.catalogue", b"Tracker cat\0", Kind.CATALOGUE),
        ("notes.md", b"# Notes\nfrom me@example.org", None),
        ("tsv", b"", None),
    ],
)
def test_kinds_are_told_by_name_and_content(
    tmp_path: Path, name: str, data: bytes, kind: Kind | None
) -> None:
    for packed, suffix in ((data, ""), (gzip.compress(data), ".gz"), (zst(data), ".zst")):
        path = tmp_path / f"{name}{suffix}"
        path.write_bytes(packed)
        with opened(path) as streams:
            assert [kind_of(stream) for stream in streams] == [kind]
