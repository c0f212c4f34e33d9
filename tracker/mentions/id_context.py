"""What stands around an identifier in text: the address or label it is part of, its version, its file name.

Every function looks at a few hundred characters at most, so that a scan stays linear in the text.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from tracker.identifiers import ARCHIVES, PaperKey
from tracker.regex import regex


class Form(StrEnum):
    """What makes a span an identifier, in words for people."""

    LINK = "address of the paper"
    LABEL = "arXiv id with its label"
    """The word arXiv, eprint, abs/ or paper stands before it, or an id that it continues a list of."""
    ARCHIVE = "arXiv id with its archive"
    BARE = "arXiv id alone"
    """A number; what stands around it, or elsewhere in the document, makes it an id."""
    DOI = "DOI"


class Core(NamedTuple):
    """An identifier at [at, end) whose surface begins at `begin`; without a key it only keeps others out."""

    at: int
    end: int
    begin: int
    key: PaperKey | None
    version: int | None
    form: Form


ARXIV_PATH = regex(  # in a token: the name of arXiv, or the folder of a mirror
    r"ar[x5]iv|alphaxiv|lanl\.gov/"
    r"|(?:^|[^a-z0-9])(?:abs[/=:-]|(?:pdf|html|papers?)/|badge/[^/\s]{1,40}-)\Z",
    re.IGNORECASE,
)
ARCHIVE_NAMES = "|".join(sorted(ARCHIVES, key=len, reverse=True))
_VERSION = regex(r"[vV]([1-9][0-9]{0,2})(?![0-9])")
_FILE = regex(r"\.pdf(?![A-Za-z0-9])", re.IGNORECASE)


_ENDS_OF_TOKEN = "\"'()[]{}<>|\\^`,"
_PART_OF_TOKEN = regex(  # of what it may hold: several times as fast as of what it may not
    f"[{re.escape(''.join(c for c in map(chr, range(128)) if not c.isspace() and c not in _ENDS_OF_TOKEN))}]*"
)
_BREAK_IN_ADDRESS = regex(r"[ \t]{0,3}\r?\n[ \t>]{0,6}\Z")
_ADDRESS = regex(
    r"[a-z][a-z+.-]{1,20}://(?!.*://)"  # the innermost one that is not percent-encoded
    r"|(?<![a-z0-9.-])(?:[a-z0-9-]{1,40}\.){1,5}[a-z]{2,10}/(?!.*://)",
    re.IGNORECASE,
)
_LABEL = regex(r"(?<![a-z])(?:(?:ar[x5]iv(?:\.org)?|abs|doi)(?:\s?[:：./#=-])?\s{0,2}){1,2}\Z", re.IGNORECASE)
_ESCAPED = regex(r"(?:%[0-9a-f]{2}|\\[nrt])\Z", re.IGNORECASE)


def token_before(text: str, at: int) -> str:
    """What stands before `at` without a blank, quote, bracket, comma or non-ASCII character; 300 at most.

    An address may be broken over a line behind a slash; then the end of that line belongs to it.
    """
    lowest = max(0, at - 300)
    piece = text[lowest:at]
    here = _PART_OF_TOKEN.match(piece[::-1])
    token = piece[len(piece) - here.end() :] if here else ""
    if not token and piece[-1:] in ("\n", " ", "\t", ">"):
        broken = _BREAK_IN_ADDRESS.search(piece, max(0, len(piece) - 12))
        if broken and piece[broken.start() - 1 : broken.start()] in ("/", "="):
            return token_before(text, lowest + broken.start()) + broken[0]
    return token


def surface_of(text: str, at: int, token: str, form: Form) -> tuple[int, Form]:
    """Where the address or label begins that the id at `at` stands in, and its form: LINK in an address."""
    if address := _ADDRESS.search(token):
        return at - len(token) + address.start(), form if form is Form.DOI else Form.LINK
    label = _LABEL.search(text, max(0, at - 20), at)
    return (label.start() if label else at), form


def begins_clean(text: str, at: int) -> bool:
    """Whether the id at `at` is not the tail of a longer number or word."""
    before = text[at - 1 : at]
    if before.isascii() and before.isalnum():
        # "%2F2305.14314"; "\n2305.14314" in the source of a program; "arXiv2305.14314".
        return is_escaped(text, at) or text[max(0, at - 5) : at].lower() in {"arxiv", "ar5iv"}
    return not (before == "." and text[max(0, at - 2) : at - 1].isdecimal())


def is_escaped(text: str, at: int) -> bool:
    """Whether the letter or digit before `at` belongs to an escape such as "%2F" or "\\n"."""
    return bool(_ESCAPED.search(text, max(0, at - 3), at))


def version_and_end(text: str, end: int) -> tuple[int | None, int]:
    """The version that stands at `end`, and the end of it and of a ".pdf" behind it."""
    version = _VERSION.match(text, end)
    end = version.end() if version else end
    file = _FILE.match(text, end)
    return int(version[1]) if version else None, file.end() if file else end
