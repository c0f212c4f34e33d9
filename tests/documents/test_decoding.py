"""Bytes to text: the encodings in which people keep notes, and the files that are no text."""

from __future__ import annotations

import codecs
import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tracker.documents.decoding import BinaryFile, decode

CHINESE = "我们在这篇文章里比较了大语言模型的微调方法,其中 QLoRA（arXiv：2305.14314）最省显存。\r\n第二节\n"
TRADITIONAL = "我們在這篇文章裡比較了大語言模型的微調方法，其中 QLoRA 最省記憶體。\n這是第二段的內容。\n"
WESTERN = "Le naïf café – a “résumé” of Übung, señor; LoRA costs 5 €.\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("", "utf-8"),
        ("plain ASCII\n", "ascii"),
        (CHINESE, "utf-8"),
        (CHINESE, "utf-16-le"),
        (CHINESE, "utf-16-be"),
        (CHINESE, "gb18030"),
        (CHINESE, "gbk"),
        (TRADITIONAL, "big5"),
        (TRADITIONAL, "utf-8"),
        (WESTERN, "utf-8"),
        (WESTERN, "cp1252"),
        (WESTERN, "utf-16-le"),
        ("Élan für señor Núñez", "latin-1"),
        ("Модель LoRA и её варианты\n", "utf-16-be"),
        ("深度学习", "gb18030"),
    ],
)
def test_every_encoding_gives_the_text_itself(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)).text == text


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (codecs.BOM_UTF8, "gb18030"),  # a mark that lies
        (codecs.BOM_UTF8, "cp1252"),
    ],
)
def test_the_byte_order_mark_is_no_part_of_the_text(mark: bytes, encoding: str) -> None:
    text = WESTERN if encoding == "cp1252" else CHINESE
    assert decode(mark + text.encode(encoding)).text == text


def test_newlines_stay_as_they_are() -> None:
    assert decode(b"a\r\nb\rc\n\n").text == "a\r\nb\rc\n\n"


def test_a_file_cut_in_the_middle_of_a_character_is_still_utf8() -> None:
    assert decode(CHINESE.encode()[:20]).text == "我们在这篇文\N{REPLACEMENT CHARACTER}"


def test_one_damaged_byte_does_not_make_the_rest_unreadable() -> None:
    decoded = decode(CHINESE.encode() + b"\xff" + CHINESE.encode())
    assert decoded.text == CHINESE + "\N{REPLACEMENT CHARACTER}" + CHINESE


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "a PDF file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "a PNG picture"),
        (b"PK\x03\x04\x14\x00\x06\x00", "a ZIP archive, such as .docx, .pptx or .epub"),
        (b"\x7fELF\x02\x01\x01" + bytes(9), "a program"),
        (b"\x1f\x8b\x08\x00\x00", "a gzip file"),
    ],
)
def test_known_binary_files_are_named(data: bytes, name: str) -> None:
    with pytest.raises(BinaryFile, match=re.escape(f"is a binary file ({name})")):
        decode(data)


@pytest.mark.parametrize(
    "data",
    [b"\x00", b"text\x00text", bytes(1000), bytes(range(256)) * 4, b"\xff\xfe\x00\x00" + b"\x01\x02" * 9],
)
def test_other_binary_data_is_refused(data: bytes) -> None:
    with pytest.raises(BinaryFile, match=r"^is a binary file$"):
        decode(data)


LETTERS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"]), max_size=200)


@settings(deadline=None)
@given(LETTERS)
def test_utf8_comes_back_whatever_it_holds(text: str) -> None:
    assume(not text.startswith(("\N{ZERO WIDTH NO-BREAK SPACE}", "%PDF-", "GIF8", "BZh9")))
    assert decode(text.encode("utf-8")).text == text


@settings(deadline=None)
@given(LETTERS, st.sampled_from(["utf-16", "utf-32", "utf-8-sig"]))
def test_marked_encodings_come_back_whatever_they_hold(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)).text == text


@settings(deadline=None)
@given(st.lists(st.sampled_from(CHINESE.split("，")), min_size=1), st.sampled_from(["gb18030", "utf-16-le"]))
def test_chinese_sentences_come_back_without_a_mark(parts: list[str], encoding: str) -> None:
    text = "，".join(parts)
    assert decode(text.encode(encoding)).text == text


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        text = decode(data).text
    except BinaryFile:
        return
    assert "\0" not in text
    text.encode("utf-8")
