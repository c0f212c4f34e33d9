"""Text that is too large to be held at once: the beginning of a file and the rest of it as a stream in, one document
after the other out. Each is a part of the text, cut where a section or a paragraph ends, and knows where it stands.
"""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterator
from typing import BinaryIO, Final

from tracker.documents.decoding import BinaryFile, decode, without_mark
from tracker.documents.text import NO_TEXT, text_document
from tracker.models import Document, Problem
from tracker.regex import regex

PART: Final = 500_000
"""Characters of a part, at most. One with a mention in every line takes some 100 MB to link, and the processes that
share the parts out hold a few."""
_READ: Final = 1 << 19
"""Bytes that are read at once."""
_CUTS: Final = tuple(
    regex(pattern)
    for pattern in (
        r"\n[ \t\r]*\n(?=#{1,6}[ \t])",  # before a heading of Markdown
        r"\n[ \t\r]*\n|\r[ \t]*\r(?!\n)",
        r"\n|\r(?!\n)",
        r"\s",
    )
)
"""Where a text may be cut, the best places first."""


def iter_parts(name: str, beginning: bytes, rest: BinaryIO) -> Iterator[Document | Problem]:
    """The parts of a text in order, and one problem that tells how many there are, or what is wrong.

    The encoding is that of the beginning. `Document.sha256` of the last part is that of the whole text.
    """
    parts = 0
    digest = hashlib.sha256()
    offset, line, written = 0, 1, None
    try:
        for text in _cut(_decoded(beginning, rest)):
            digest.update(text.encode("utf-8", "surrogatepass"))
            if text.strip():
                parts += 1
                document = text_document(name, text)
                written = document.written if parts == 1 else written
                place = {"part": parts, "offset": offset, "first_line": line, "written": written}
                yield document.model_copy(update={**place, "sha256": digest.hexdigest()})
            offset += len(text)
            line += text.count("\n")
    except BinaryFile as problem:
        yield Problem(stage="documents", subject=name, message=f"{problem}; {NO_TEXT}")
        return
    except OSError as fault:
        yield Problem(
            stage="documents", subject=name, message=f"cannot be read further: {fault.strerror or fault}"
        )
        return
    if not parts:
        yield Problem(stage="documents", subject=name, message="holds nothing but blank lines")
    elif parts > 1:
        message = f"is large and was read in {parts} parts; each was linked by what stands in it"
        yield Problem(stage="parts", subject=name, message=message)


def _decoded(beginning: bytes, rest: BinaryIO) -> Iterator[str]:
    """The text in pieces.

    Raises:
        BinaryFile: it is none, or has NUL characters.
    """
    encoding = decode(beginning).encoding
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    data = without_mark(beginning, encoding)
    while data:
        text = decoder.decode(data)
        if "\0" in text:
            raise BinaryFile("is a binary file")
        yield text
        data = rest.read(_READ)
    yield decoder.decode(b"", final=True)


def _cut(pieces: Iterator[str]) -> Iterator[str]:
    """The text that pieces make up, in parts."""
    text = ""
    for piece in pieces:
        text += piece
        while len(text) > PART:
            at = _place_to_cut(text)
            yield text[:at]
            text = text[at:]
    yield text


def _place_to_cut(text: str) -> int:
    """The last of the best places in the second half of a part."""
    half = PART // 2
    for cut in _CUTS:
        last = 0
        for found in cut.finditer(text, half, PART):
            last = found.end()
        if last:
            return last
    return PART
