"""Short names of papers ("QLoRA", "Llama 2", "SAM") that stand in a text as words of their own.

The catalogue finds every span that squeezes to a known name; here the raw text around each decides whether
it can be that name at all. What it denotes is for linking to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from tracker.catalogue import Alias, Catalogue, Origin, Span
from tracker.catalogue.names import SHORTEST_LOWER
from tracker.mentions.addresses import addresses_of

_MARKS: Final = r"[\u0300-\u036f\u00ad\u200c\u200d\u2060\ufeff]"
_WORD: Final = rf"[^\W_](?:[^\W_]|{_MARKS})*"
_INSIDE: Final = re.compile(
    rf"{_WORD}(?:(?:[ \t\xa0\u2009\u202f\-‐‑–_·+/'’*^$~\\{{}}]|\.(?!\s)){{1,3}}{_WORD}"
    rf"|[ \t]*[-‐]?\r?\n[ \t>]*{_WORD})*\+*"
)
"""What a name may look like: words joined by a blank, a hyphen, a dot, light markup, or one line break with
what indents the next line; no end of a sentence."""
_SIZE: Final = (
    r"(?:\d+(?:\.\d+)?\s?(?:[xX×]|[|/](?=\d[\d.|/]*[BM])))*"
    r"\d+(?:\.\d+)?\s?[BMKTbmk](?![A-Za-z])"
)
"""One size or several: "70B", "8x7B", "7|13|70B"."""
_VARIANT: Final = re.compile(
    rf"[\s\-_]?(?:{_SIZE}|(?i:base|large|small|tiny|huge|medium|mini|chat|instruct|turbo|preview|xx?l|[blhsg])(?![A-Za-z])"
    r"|(?:19|20)\d\d(?!\d)|[vV]1(?![\w.%+]))"
)
"""What belongs to the model and not to its name: a size, a variant, the version that was the first; or the year of a
citation."""
_OTHER_VERSION: Final = re.compile(r"(?:[ \-_]|\.(?=\d))?[vV]?\d+(?:\.\d+)*(?![\w%])|\+(?!\w)")
_OTHER_SYSTEM: Final = re.compile(r"[-_‐‑–](?=[A-Z][A-Za-z]|[A-Z]{2})")
_BOUND_BEFORE: Final = re.compile(r"[A-Za-z0-9][-‐‑–_]\Z|[@#/\\.]\Z")
_TAIL_OF_WORD: Final = re.compile(r"[A-Za-z]['’]\Z")
_TAIL: Final = re.compile(r"(?:s|t|d|m|re|ve|ll)[ -]")
"""What an apostrophe parts from a word: in "OpenAI's CLIP" nothing is called "s CLIP"."""
_VERSION_OF_WORD: Final = re.compile(r"[A-Za-z]{2} \Z")
_VERSION: Final = re.compile(r"\d+\.\d+ ")
"""The version of what stands before: in "PyG 2.0 Paper" nothing is called "2.0 Paper"."""
_PLUS: Final = re.compile(r"\+(?![\w+])")
"""The end of a name such as CodeT5+; within "LLaMA+LoRA" it only joins two."""


WELL_KNOWN: Final = 2
"""An ordinary word in another case than the name's is that name only where so many sources use it."""


class FoundName(NamedTuple):
    """text[start:end] is a known name."""

    start: int
    end: int
    aliases: tuple[Alias, ...]
    """What it may denote."""


def find_names(text: str, spans: Iterable[Span], catalogue: Catalogue) -> list[FoundName]:
    """The names among the spans that the catalogue found, in order; they may overlap.

    Refused are spans inside a URL or a longer word, names of another version ("phi-2" for phi), names that a
    hyphen makes part of another ("SAM-Adapter" for SAM), and ordinary words in ordinary case.

    Taken: "与QLoRA相比", "Llama-2-70B-chat" (as Llama 2), "ViTs". Not taken: "the self" for SELF, "GPT-5" for
    GPT.
    """
    addresses = addresses_of(text)
    found: list[FoundName] = []
    spelled: dict[tuple[str, int], tuple[Alias, ...]] = {}  # most names are met again and again
    for span in spans:
        if _PLUS.match(text, span.end):
            span = span._replace(end=span.end + 1)
        surface = text[span.start : span.end]
        asked = surface, span.first
        if asked not in spelled:
            spelled[asked] = tuple(alias for alias in catalogue.aliases(span) if _may_spell(surface, alias))
        aliases = spelled[asked]
        if not aliases or span.start in addresses or not _stands_alone(text, span):
            continue
        if surface.endswith("s") and found and found[-1][:2] == (span.start, span.end - 1):
            # The plural of a name is a name too: "ViTs" is ViT or VITS.
            rows = {alias.row for alias in aliases}
            aliases += tuple(alias for alias in found[-1].aliases if alias.row not in rows)
        found.append(FoundName(span.start, span.end, aliases))
    return found


def _stands_alone(text: str, span: Span) -> bool:
    """Whether what stands around a span leaves it a name of its own."""
    if not _INSIDE.fullmatch(text, span.start, span.end):
        return False
    if _BOUND_BEFORE.search(text, max(0, span.start - 2), span.start):
        return False
    before = text[max(0, span.start - 3) : span.start]
    if _TAIL.match(text, span.start) and _TAIL_OF_WORD.search(before):
        return False
    if _VERSION.match(text, span.start) and _VERSION_OF_WORD.search(before):
        return False
    behind = text[span.end : span.end + 24]
    if _VARIANT.match(behind):
        return True
    return not (_OTHER_VERSION.match(behind) or _OTHER_SYSTEM.match(behind))


def _may_spell(surface: str, alias: Alias) -> bool:
    """Whether a surface may spell a name: case may differ, but an ordinary word in lower case is that
    word."""
    if surface.endswith("+") != alias.name.endswith("+"):
        return False
    if surface.islower() and not any(c.isdigit() for c in surface):
        is_one = not any(c.isspace() for c in surface)
        return not alias.origin & Origin.COMMON and len(surface) >= SHORTEST_LOWER and is_one
    is_known = alias.sources >= WELL_KNOWN or alias.origin & Origin.CURATED
    if alias.origin & Origin.COMMON and surface != alias.name and not is_known:
        return False
    return len(surface) >= 3 or surface.upper() == alias.name.upper()
