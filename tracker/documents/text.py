"""The reader of plain text, of Markdown, and of whatever else is text. Bytes in, a document out."""

from __future__ import annotations

import hashlib
from datetime import date

from tracker.documents.blocks import find_blocks
from tracker.documents.dates import written_date
from tracker.documents.decoding import BinaryFile, decode
from tracker.documents.language import language_of
from tracker.errors import InputError
from tracker.models import Block, BlockKind, Document

NO_TEXT = "give the text in it, as .txt or .md"
"""What to do about a file that is no text."""


class TextReader:
    """Plain text and Markdown: what people keep in such files is most often a bit of both."""

    @property
    def suffixes(self) -> frozenset[str]:
        """The endings of text and of Markdown."""
        return frozenset({".txt", ".text", ".md", ".markdown", ".mdown", ".mkd", ".rst"})

    def recognises(self, data: bytes) -> bool:
        """Whether the beginning of `data` can be decoded."""
        try:
            decode(data[:4096])
        except BinaryFile:
            return False
        return True

    def read(self, name: str, data: bytes) -> Document:
        """The document that the text in `data` is; its text is the decoded file without a byte order mark.

        Raises:
            InputError: the bytes are no text, or hold nothing but blanks.
        """
        try:
            text = decode(data).text
        except BinaryFile as problem:
            raise InputError(f"{problem}; {NO_TEXT}") from problem
        if not text.strip():
            raise InputError(
                "is empty; there is nothing to read" if not text else "holds nothing but blank lines"
            )
        return text_document(name, text)


def text_document(name: str, text: str) -> Document:
    """The document that a text is; it is not blank."""
    blocks = find_blocks(text)
    return Document(
        name=name,
        text=text,
        blocks=blocks,
        language=language_of(text),
        written=_written(text, blocks),
        sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
    )


def _written(text: str, blocks: tuple[Block, ...]) -> date | None:
    """The date of the document, looked for from its title on, below the menus."""
    content = next((block.start for block in blocks if block.kind is not BlockKind.NAVIGATION), 0)
    title = next((block.start for block in blocks if block.kind is BlockKind.HEADING), content)
    return written_date(text, text[title:])
