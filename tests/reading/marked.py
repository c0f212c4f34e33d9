"""Documents and links written down in one small markup, so that a test shows what it is about."""

from __future__ import annotations

import re
from typing import NamedTuple

from tracker.identifiers import PaperKey
from tracker.models import Block, BlockKind, Document, Link, Mention, MentionKind, Role

_MENTION = re.compile(r"\[(?P<surface>[^\]=]+)=(?P<key>[^\]?!]+)(?P<mark>[?!]?)\]")
_ROLES = {"": Role.MAIN, "?": Role.PASSING, "!": Role.NAVIGATION}


class Marked(NamedTuple):
    """A document and the links in it."""

    document: Document
    links: tuple[Link, ...]


def mark(
    markup: str,
    name: str = "notes.md",
    *,
    language: str = "en",
    salience: float = 0.5,
    confidence: float = 0.99,
) -> Marked:
    """A document from text in which `[QLoRA=arXiv:2305.14314]` is a link.

    A mark before the closing bracket tells the role: none main, `?` passing, `!` navigation. Lines that begin
    with `#` are headings of that level, with `-` or a number items; `1.`, `2)` and the like number both.
    """
    text, links, blocks = "", [], []
    for line_number, line in enumerate(markup.strip().splitlines(), start=1):
        start, at = len(text), 0
        for found in _MENTION.finditer(line):
            text += line[at : found.start()]
            mention = Mention(
                document=name,
                kind=MentionKind.NAME,
                surface=found["surface"],
                start=len(text),
                end=len(text) + len(found["surface"]),
                line=line_number,
            )
            text += found["surface"]
            at = found.end()
            links.append(
                Link(
                    mention=mention,
                    paper=PaperKey(found["key"]),
                    confidence=confidence,
                    role=_ROLES[found["mark"]],
                    salience=salience,
                )
            )
        text += line[at:]
        if line.strip():
            blocks.append(_block(text[start:], start))
        text += "\n"
    document = Document(name=name, text=text, blocks=tuple(blocks), language=language)
    return Marked(document, tuple(links))


def _block(line: str, start: int) -> Block:
    hashes = len(line) - len(line.lstrip("#"))
    number = re.match(r"[#\s]*(\d+)[.)]\s", line)
    is_item = not hashes and (number or line.lstrip().startswith("- "))
    kind = BlockKind.HEADING if hashes else BlockKind.ITEM if is_item else BlockKind.PARAGRAPH
    indent = (len(line) - len(line.lstrip())) // 2
    return Block(
        kind=kind,
        start=start,
        end=start + len(line),
        level=hashes or (indent if is_item else 0),
        number=int(number[1]) if number else None,
    )
