"""The file of a catalogue, whole and damaged in every way: refused with one line, never a traceback."""

from __future__ import annotations

import json
import os
import shutil
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.catalogue.small import build
from tracker.catalogue import Catalogue
from tracker.catalogue.compact import compact
from tracker.catalogue.container import MAGIC, VERSION, Container, write_container
from tracker.errors import CatalogueError
from tracker.identifiers import PaperKey

SECTIONS = {"numbers": ("I", b"\1\0\0\0\2\0\0\0\1\0\0\0"), "bytes": ("B", b"abc"), "none": ("Q", b"")}
HEAD = struct.Struct("<11sxIQ")


def test_what_was_written_is_read(tmp_path: Path) -> None:
    write_container(tmp_path / "c", SECTIONS, {"papers": 3, "sources": ["a", "b"]})
    container = Container(tmp_path / "c")
    assert container.facts == {"papers": 3, "sources": ["a", "b"]}
    assert list(container.numbers("numbers")) == container.array("numbers").tolist() == [1, 2, 1]
    assert bytes(container.bytes("bytes")) == b"abc"
    assert len(container.numbers("none")) == len(container.array("none")) == 0
    assert container.places_of("numbers", 1) == [0, 2]
    assert container.places_of("numbers", 0) == container.places_of("numbers", 512) == []
    assert container.has("bytes")
    assert not container.has("other")
    with pytest.raises(CatalogueError, match="made by an older Tracker"):
        container.numbers("other")


def test_columns_have_one_length(tmp_path: Path) -> None:
    write_container(tmp_path / "c", SECTIONS, {})
    container = Container(tmp_path / "c")
    assert container.check_columns("numbers", "bytes") == 3
    for wrong in (("numbers", "none"), ("other",)):
        with pytest.raises(CatalogueError):
            container.check_columns(*wrong)
    with pytest.raises(CatalogueError, match="damaged"):
        container.check_columns("numbers", length=4)


def test_the_folder_of_a_new_catalogue_is_made(tmp_path: Path) -> None:
    write_container(tmp_path / "a" / "b" / "c", SECTIONS, {})
    assert [path.name for path in (tmp_path / "a" / "b").iterdir()] == ["c"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_container(tmp_path / "link", SECTIONS, {})
    assert (tmp_path / "link").is_symlink()
    assert Container(tmp_path / "real").has("numbers")


def folder(path: Path) -> None:
    path.mkdir()


def in_a_file(path: Path) -> None:
    path.parent.rmdir()
    path.parent.write_text("a file")


def pipe(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize("make", [folder, in_a_file, pipe])
def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, make: Callable[[Path], None]) -> None:
    target = tmp_path / "folder" / "c"
    target.parent.mkdir()
    make(target)
    with pytest.raises(CatalogueError, match=r"folder/c: the catalogue cannot be written: \w+"):
        write_container(target, SECTIONS, {})


def test_an_unwritable_folder_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "c"
    write_container(target, SECTIONS, {})
    before = target.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CatalogueError, match="cannot be written: No space left on device"):
        write_container(target, {"other": ("B", b"x")}, {})
    assert target.read_bytes() == before
    assert list(tmp_path.iterdir()) == [target]


# --- opening what is no good -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return build(tmp_path_factory.mktemp("good"))[0].read_bytes()


@pytest.fixture(scope="module")
def compacted(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path, _ = build(tmp_path_factory.mktemp("compacted"))
    compact(path, path)
    return path.read_bytes()


def with_header(data: bytes, change: Callable[[dict[str, Any]], None]) -> bytes:
    """The file with another header, everything else in its place."""
    magic, version, length = HEAD.unpack(data[: HEAD.size])
    header = json.loads(data[HEAD.size : HEAD.size + length])
    change(header)
    changed = json.dumps(header).encode()
    first = -(-(HEAD.size + length) // 64) * 64
    start = HEAD.pack(magic, version, len(changed)) + changed
    return start + bytes(-len(start) % 64) + data[first:]


def section(name: str, **changes: object) -> Callable[[dict[str, Any]], None]:
    """Another start, length, element, packing or number of a section."""

    def change(header: dict[str, Any]) -> None:
        fields = ("start", "length", "element", "packing", "packed")
        place = dict(zip(fields, header["sections"][name], strict=False)) | changes
        header["sections"][name] = list(place.values())

    return change


def replaced(**fields: object) -> Callable[[dict[str, Any]], None]:
    return lambda header: header.update(fields)


def without(name: str) -> Callable[[dict[str, Any]], None]:
    return lambda header: header["sections"].pop(name)


def test_a_good_file_with_its_header_written_again_opens(tmp_path: Path, good: bytes) -> None:
    (tmp_path / "c").write_bytes(with_header(good, lambda header: None))
    assert Catalogue.open(tmp_path / "c").paper(PaperKey("arXiv:2305.14314"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: b"", "not a catalogue"),
        (lambda data: b"Tracker", "not a catalogue"),
        (lambda data: b"PK\3\4" + data[4:], "not a catalogue"),
        (lambda data: bytes(len(data)), "not a catalogue"),
        (lambda data: b"SQLite format 3\0" + data, "not a catalogue"),
        (lambda data: HEAD.pack(MAGIC, VERSION + 1, 2) + b"{}", "newer than"),
        (lambda data: HEAD.pack(MAGIC, 0, 2) + b"{}", "older than"),
        (lambda data: data[:-1], "damaged"),
        (lambda data: data[: len(data) // 2], "damaged"),
        (lambda data: data[:64], "damaged"),
        (lambda data: data[: HEAD.size], "damaged"),
        (lambda data: data + b"more", "damaged"),
        (lambda data: HEAD.pack(MAGIC, VERSION, 1 << 63) + data[HEAD.size :], "damaged"),
        (lambda data: HEAD.pack(MAGIC, VERSION, 0) + data[HEAD.size :], "damaged"),
        (lambda data: data[: HEAD.size] + b"\xff" * 100 + data[HEAD.size + 100 :], "damaged"),
        (lambda data: HEAD.pack(MAGIC, VERSION, 200_000) + b"[" * 200_000, "damaged"),
        (lambda data: HEAD.pack(MAGIC, VERSION, 4) + b"null", "damaged"),
        (lambda data: with_header(data, replaced(sections=None)), "damaged"),
        (lambda data: with_header(data, replaced(sections=[])), "damaged"),
        (lambda data: with_header(data, replaced(facts=None)), "damaged"),
        (lambda data: with_header(data, replaced(facts={"papers": {"many": 1}})), "damaged"),
        (lambda data: with_header(data, replaced(facts={"sources": [1.5, None]})), "damaged"),
        (lambda data: with_header(data, replaced(size="all")), "damaged"),
        (lambda data: with_header(data, section("keys", start=-8)), "damaged"),
        (lambda data: with_header(data, section("keys", start=1 << 60)), "damaged"),
        (lambda data: with_header(data, section("alias_hash", start=4)), "damaged"),
        (lambda data: with_header(data, section("keys", start="0")), "damaged"),
        (lambda data: with_header(data, section("keys", length=1 << 60)), "damaged"),
        (lambda data: with_header(data, section("keys", length=-4)), "damaged"),
        (lambda data: with_header(data, section("keys", length=3)), "damaged"),
        (lambda data: with_header(data, section("keys", length=4)), "damaged"),
        (lambda data: with_header(data, section("keys", element="B")), "damaged"),
        (lambda data: with_header(data, section("keys", element="d")), "damaged"),
        (lambda data: with_header(data, section("keys", element=["I"])), "damaged"),
        (lambda data: with_header(data, section("cited_in", length=0)), "damaged"),
        (lambda data: with_header(data, section("heads_blocks", length=8)), "damaged"),
        (lambda data: with_header(data, section("details_blocks", length=0)), "damaged"),
        (lambda data: with_header(data, section("title_row", length=4)), "damaged"),
        (lambda data: with_header(data, section("alias_row", length=4)), "damaged"),
        (lambda data: with_header(data, section("alias_size", length=1)), "damaged"),
        (lambda data: with_header(data, without("keys")), "older Tracker"),
        (lambda data: with_header(data, without("heads")), "older Tracker"),
        (lambda data: with_header(data, without("alias_text")), "older Tracker"),
    ],
)
def test_a_bad_file_is_refused(
    tmp_path: Path, good: bytes, change: Callable[[bytes], bytes], message: str
) -> None:
    path = tmp_path / "bad.catalogue"
    path.write_bytes(change(good))
    with pytest.raises(CatalogueError, match=message) as refused:
        Catalogue.open(path)
    assert str(refused.value).startswith(f"{path}: ")
    assert "\n" not in str(refused.value)


def test_spellings_that_are_cut_short_are_refused_when_names_are_looked_for(
    tmp_path: Path, good: bytes
) -> None:
    for length in (0, 5):
        path = tmp_path / "bad.catalogue"
        path.write_bytes(with_header(good, section("alias_text", length=length)))
        with pytest.raises(CatalogueError, match="damaged"):
            Catalogue.open(path).spans("QLoRA")


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, message in [
        (tmp_path / "none", "there is no catalogue; make one with `tracker catalogue import`"),
        (tmp_path, "not a file"),
        (tmp_path / "pipe", "not a file"),
        (Path("/dev/null"), "not a file"),
        (tmp_path / "none" / "c", "there is no catalogue"),
        (Path("a\0b"), "cannot be read"),
    ]:
        with pytest.raises(CatalogueError, match=message):
            Catalogue.open(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_refused(tmp_path: Path, good: bytes) -> None:
    path = tmp_path / "secret.catalogue"
    path.write_bytes(good)
    path.chmod(0)
    with pytest.raises(CatalogueError, match="cannot be read: Permission denied"):
        Catalogue.open(path)


def use_everything(path: Path) -> None:
    """Whatever can be asked of a catalogue."""
    catalogue = Catalogue.open(path)
    for row in range(len(catalogue)):
        catalogue.records.key(row)
        catalogue.records.head(row)
        catalogue.records[row].to_paper(catalogue.names_of_row(row))
    catalogue.paper(PaperKey("arXiv:2305.14314"))
    catalogue.paper(PaperKey("doi:10.1162/neco.1997.9.8.1735"))
    catalogue.key_of(PaperKey("doi:10.1103/physrevd.76.013009"))
    titles, names = catalogue.spans(
        "QLoRA, Llama 2 and SAM: Segment Anything. Attention Is All You Need, ViTs"
    )
    for span in titles:
        for entry in catalogue.titles(span):
            catalogue.records.head(entry.row)
    for span in names:
        for alias in catalogue.aliases(span):
            catalogue.records.head(alias.row)
    catalogue.rows_titled("Mistral 7B")
    catalogue.aliases_of("Emu")
    catalogue.find("atention is al you ned vaswani 2017")
    for row in catalogue.authors.rows("Touvron", (2023, 2023), given="Hugo", second="Martin"):
        catalogue.records.head(int(row))


def places(data: bytes) -> dict[str, tuple[int, int]]:
    """Where each section stands in the file."""
    length = HEAD.unpack(data[: HEAD.size])[2]
    header = json.loads(data[HEAD.size : HEAD.size + length])
    first = -(-(HEAD.size + length) // 64) * 64
    return {name: (first + start, length) for name, (start, length, *_) in header["sections"].items()}


@pytest.mark.parametrize(
    "changes",
    [
        {"packed": 3},
        {"packed": -1},
        {"packed": 1 << 40},
        {"packed": "21"},
        {"packing": "other"},
        {"packing": ["steps"]},
        {"element": "d"},
        {"length": 5},
    ],
)
def test_a_bad_packed_section_is_refused(tmp_path: Path, compacted: bytes, changes: dict[str, Any]) -> None:
    (tmp_path / "c").write_bytes(with_header(compacted, section("keys", **changes)))
    with pytest.raises(CatalogueError, match="damaged"):
        use_everything(tmp_path / "c")


@pytest.mark.parametrize("name", ["heads", "details", "phrases"])
@pytest.mark.parametrize("value", [0x00, 0xFF])
def test_a_damaged_block_is_told(tmp_path: Path, good: bytes, name: str, value: int) -> None:
    start, length = places(good)[name]
    for at in (0, length // 3, length - 1):
        data = bytearray(good)
        data[start + at] = value if data[start + at] != value else 0x55
        (tmp_path / "c").write_bytes(data)
        if name == "phrases":
            continue
        with pytest.raises(CatalogueError, match="damaged; make or copy it again"):
            use_everything(tmp_path / "c")
    shutil.rmtree(tmp_path)


@pytest.mark.parametrize("name", ["word_size", "posting_size", "posting", "word_text", "title_words"])
def test_a_single_wrong_bit_in_the_index_of_words(tmp_path: Path, good: bytes, name: str) -> None:
    start, length = places(good)[name]
    for at in range(0, length, 1 + length // 40):
        data = bytearray(good)
        data[start + at] ^= 1 << at % 8
        path = tmp_path / f"{at}.catalogue"
        path.write_bytes(data)
        try:
            use_everything(path)
            assert not name.endswith("_size")
        except CatalogueError as refused:
            assert str(path) in str(refused)


def test_words_that_are_no_text_are_told(tmp_path: Path, good: bytes) -> None:
    start, length = places(good)["word_text"]
    words = good[start : start + length].replace(b"o", b"\xff")
    (tmp_path / "c").write_bytes(good[:start] + words + good[start + length :])
    catalogue = Catalogue.open(tmp_path / "c")
    assert catalogue.words is not None
    with pytest.raises(CatalogueError, match="damaged"):
        catalogue.words.similar("transfirm")


@pytest.mark.parametrize("value", [b"\0", b"\xff", b"\x7f"])
@pytest.mark.parametrize("is_compact", [False, True])
def test_whatever_section_is_overwritten_nothing_but_our_error_comes(
    tmp_path: Path, good: bytes, compacted: bytes, value: bytes, is_compact: bool
) -> None:
    data = compacted if is_compact else good
    for name, (start, length) in places(data).items():
        path = tmp_path / f"{name}.catalogue"
        path.write_bytes(data[:start] + value * length + data[start + length :])
        try:
            use_everything(path)
        except CatalogueError as refused:
            assert str(path) in str(refused)
