"""Bytes in, the text that they are out, with its encoding. What holds no text is refused, never guessed at.

The text is the decoded file itself: newlines are kept as they are, and only a byte order mark at the very
start is left out. Offsets of the whole program count from the first character after it.
"""

from __future__ import annotations

import codecs
import re
from functools import cache
from typing import NamedTuple

from tracker.errors import InputError
from tracker.regex import regex


class Decoded(NamedTuple):
    """A text and the name of the codec that it was in."""

    text: str
    encoding: str


class BinaryFile(InputError):
    """The bytes are no text; the message says what they are, where that is known."""


_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive, such as .docx, .pptx or .epub"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF87a", "a GIF picture"),
    (b"GIF89a", "a GIF picture"),
    (b"\x7fELF", "a program"),
    (b"\x1f\x8b\x08", "a gzip file"),
    (b"BZh9", "a bzip2 file"),
    (b"\xfd7zXZ\x00", "an xz file"),
    (b"\x28\xb5\x2f\xfd", "a zstd file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Microsoft Office file"),
    (b"SQLite format 3\x00", "an SQLite database"),
)

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_SAMPLE = 65_536
"""Bytes that the guess looks at: of 720 texts in six encodings, 64 KiB were never too few."""

_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得"
    "经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义"
    "事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系很情者最立代想已通并提直"
    "题程展五果料象员位入常文总次品式活设及管特件长求头基资边流路级少图统接知较将组见计别手角期根论运指几九区强放决被做必先回任"
    "取据处世模型训练语言"
    "這個國時來們會發動過說產種後學經進著電裡現實體機當點從業應開還內與關線數質氣變條沒結問無題員總設長頭資邊級圖統較將組見計別"
    "論運幾區強決據處為對兩間樣於訓練語麼義讓見書萬東"
)
"""The characters that make up about two thirds of any Chinese text, simplified and traditional. The order of
frequency is public knowledge (Jun Da, Modern Chinese Character Frequency List).
"""

_CONTROLS = regex("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decode(data: bytes) -> Decoded:
    """The text that `data` is, and its encoding.

    Tried in this order: a byte order mark (UTF-8, UTF-16, UTF-32); UTF-16 without one, where NUL bytes are;
    UTF-8, also where a few of its characters are damaged; GB18030, Big5 or UTF-16 without NUL, by how many
    common Chinese characters each reading gives; else Windows-1252 or Latin-1, which every sequence of bytes
    is. Damaged characters become U+FFFD.

    Raises:
        BinaryFile: the bytes are a known binary format, hold NUL bytes, or mostly control characters.

    >>> decode("模型".encode("gb18030"))
    Decoded(text='模型', encoding='gb18030')
    """
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            raise BinaryFile(f"is a binary file ({name})")
    decoded = _marked(data)
    if decoded is None:
        # A UTF-8 mark is no proof of UTF-8: editors have put it before Latin-1 and GB18030 as well.
        data = data.removeprefix(codecs.BOM_UTF8)
        decoded = _utf16_with_nul(data) if b"\0" in data else _utf8(data) or _by_score(data)
    if decoded is None or "\0" in decoded.text or _is_noise(decoded.text):
        raise BinaryFile("is a binary file")
    return decoded


def without_mark(data: bytes, encoding: str) -> bytes:
    """`data`, decoded as being in this encoding, without the byte order mark that may stand before it."""
    marks = (codecs.BOM_UTF8, *(mark for mark, marked in _MARKS if marked == encoding))
    return data.removeprefix(next((mark for mark in reversed(marks) if data.startswith(mark)), b""))


def _marked(data: bytes) -> Decoded | None:
    """`data` in the encoding that its byte order mark names; None where it has none.

    Raises:
        BinaryFile: there is a mark, but what follows is in no such encoding.
    """
    for mark, encoding in _MARKS:
        if not data.startswith(mark):
            continue
        try:
            return Decoded(data[len(mark) :].decode(encoding), encoding)
        except UnicodeDecodeError:
            text = data[len(mark) :].decode(encoding, "replace")
        if text.count("\N{REPLACEMENT CHARACTER}") * 20 > len(text) + 20:
            raise BinaryFile("is a binary file")
        return Decoded(text, encoding)
    return None


def _utf8(data: bytes) -> Decoded | None:
    """`data` as UTF-8, damaged in a few places at most; None where it is something else."""
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as fault:
        is_cut = (
            fault.end == len(data) and "end of data" in fault.reason and not data[: fault.start].isascii()
        )
    text = data.decode("utf-8", "replace")
    damaged = text.count("\N{REPLACEMENT CHARACTER}")
    sound = len(text) - damaged - sum(map(len, re.findall(r"[\x00-\x7f]+", text)))
    # Any other encoding read as UTF-8 is damaged nearly everywhere, so one in twenty tells them apart.
    return Decoded(text, "utf-8") if is_cut or damaged * 20 <= sound else None


def _utf16_with_nul(data: bytes) -> Decoded | None:
    """`data` as UTF-16 without a mark; None where its NUL bytes are not those of ASCII in UTF-16."""
    sample = data[:_SAMPLE]
    best = max(
        ("utf-16-le", "utf-16-be"), key=lambda encoding: _plausibility(sample, encoding, ascii_counts=True)
    )
    text = data.decode(best, "replace")
    return Decoded(text, best) if _plausibility(sample, best, ascii_counts=True) >= 0.4 else None


def _by_score(data: bytes) -> Decoded:
    """`data` in the encoding that makes most sense of it, of those that use no NUL and are not UTF-8."""
    sample = data[:_SAMPLE]
    scores = {
        encoding: _plausibility(sample, encoding, ascii_counts=False)
        for encoding in ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")
    }
    best = max(scores, key=lambda encoding: scores[encoding])
    # Western text read as Chinese scores below 0.05, the shortest Chinese names 0.2.
    if scores[best] >= 0.15:
        return Decoded(data.decode(best, "replace"), best)
    try:
        return Decoded(data.decode("cp1252"), "cp1252")
    except UnicodeDecodeError:
        return Decoded(data.decode("latin-1"), "latin-1")


def _plausibility(sample: bytes, encoding: str, *, ascii_counts: bool) -> float:
    """How much `sample` reads like a text in `encoding`: the mean over its characters, in [-1, 1].

    ASCII is left out of the mean unless `ascii_counts`: in the 8-bit encodings it says nothing.
    """
    total = weight = 0.0
    frequent = _frequent()
    for character in sample.decode(encoding, "replace"):
        code = ord(character)
        if code < 0x80:
            if ascii_counts:
                total += 1
                weight += 1 if character.isprintable() or character.isspace() else -1
            continue
        total += 1
        if character in _COMMON:
            weight += 1
        elif 0x3000 <= code < 0x3040 or 0xFF00 <= code < 0xFF5F or 0x2010 <= code < 0x2027:
            weight += 0.5  # Chinese punctuation
        elif character in frequent:
            weight += 0.2
        elif code == 0xFFFD or 0xE000 <= code < 0xF900 or not character.isprintable():
            weight -= 1
        elif ascii_counts and code < 0x0600:
            weight += 0.5  # Latin, Greek, Cyrillic: only UTF-16 gives them plainly
    return weight / total if total else 0.0


@cache
def _frequent() -> frozenset[str]:
    """The first levels of GB 2312 and Big5: the 3,755 and 5,401 characters that they call frequent."""
    simplified = bytes(b for lead in range(0xB0, 0xD8) for trail in range(0xA1, 0xFF) for b in (lead, trail))
    trails = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    traditional = bytes(b for lead in range(0xA4, 0xC7) for trail in trails for b in (lead, trail))
    characters = simplified.decode("gb2312", "ignore") + traditional.decode("big5", "ignore")
    return frozenset(characters) - {"\N{REPLACEMENT CHARACTER}"}


def _is_noise(text: str) -> bool:
    """Whether more than one character in a hundred of the beginning is a control character."""
    start = text[:_SAMPLE]
    return len(_CONTROLS.findall(start)) * 100 > len(start)
