"""Short names of papers ("QLoRA", "Llama 2", "SAM") that stand in a text as words of their own.

The catalogue finds every span that squeezes to a known name; here the raw text around each decides whether
it can be that name at all. What it denotes is for linking to say.
"""

from __future__ import annotations

import re
import string
from functools import cache, partial
from typing import TYPE_CHECKING, Final, NamedTuple

from tracker.catalogue import Alias, Catalogue, Span, Spans
from tracker.mentions.addresses import addresses_of

if TYPE_CHECKING:
    from tracker.catalogue.stretch import U8, Bools

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
_TAIL_OF_WORD: Final = re.compile(r"[A-Za-z]['’]\Z")
_TAIL: Final = re.compile(r"(?:s|t|d|m|re|ve|ll)[ -]")
"""What an apostrophe parts from a word: in "OpenAI's CLIP" nothing is called "s CLIP"."""
_VERSION_OF_WORD: Final = re.compile(r"[A-Za-z]{2} \Z")
_VERSION: Final = re.compile(r"\d+\.\d+ ")
"""The version of what stands before: in "PyG 2.0 Paper" nothing is called "2.0 Paper"."""
_PLUS: Final = re.compile(r"\+(?![\w+])")
"""The end of a name such as CodeT5+; within "LLaMA+LoRA" it only joins two."""
_HYPHENS: Final = "-‐‑–_"
_SIGNS: Final = "@#/\\."
"""What binds a name to what stands before it: hyphens to a letter or digit, signs to anything."""
_APOSTROPHES: Final = ("'", "’")
_ALWAYS, _DIGIT, _NUMBER, _CAPITAL = 1, 2, 4, 8
_BINDS_BEHIND: Final = {
    **dict.fromkeys("vV+\uffff", _ALWAYS),
    **dict.fromkeys(_HYPHENS, _NUMBER | _CAPITAL),
    " ": _NUMBER,
    ".": _DIGIT,
}
"""What may bind a name to what stands behind it, with what must come next so that it does: a digit, a number that may
begin with a v, a capital; digits always bind."""


_MOST_KEPT: Final = 1 << 15
"""Surfaces of which is kept what they may denote."""


class FoundName(NamedTuple):
    """text[start:end] is a known name."""

    start: int
    end: int
    aliases: tuple[Alias, ...]
    """What it may denote."""


def find_names(text: str, spans: Spans, catalogue: Catalogue) -> list[FoundName]:
    """The names among the spans that the catalogue found, in order; they may overlap.

    Refused are spans inside a URL or a longer word, names of another version ("phi-2" for phi), names that a
    hyphen makes part of another ("SAM-Adapter" for SAM), and ordinary words in ordinary case.

    Taken: "与QLoRA相比", "Llama-2-70B-chat" (as Llama 2), "ViTs". Not taken: "the self" for SELF, "GPT-5" for
    GPT.
    """
    spans = spans.take(~(_are_bound(spans) | addresses_of(text).cover(spans.starts)))
    found: list[tuple[int, int, tuple[Alias, ...]]] = []
    known = catalogue.spelled  # most names are met again and again
    if len(known) > _MOST_KEPT:
        known.clear()
    last_start = last_end = -1
    for start, end, first, last, may_be_bound in spans.columns(_may_be_bound(spans)):
        if may_be_bound and _PLUS.match(text, end):
            end += 1
        surface = text[start:end]
        spelled = known.get(surface)
        if spelled is None or spelled[0] != first:
            spelled = known[surface] = first, _may_denote(surface, Span(start, end, first, last), catalogue)
        aliases = spelled[1]
        if not aliases or (may_be_bound and not _stands_alone(text, start, end)):
            continue
        if start == last_start and end == last_end + 1 and surface[-1] == "s":
            # The plural of a name is a name too: "ViTs" is ViT or VITS.
            rows = {alias.row for alias in aliases}
            aliases += tuple(alias for alias in found[-1][2] if alias.row not in rows)
        found.append((start, end, aliases))
        last_start, last_end = start, end
    return list(map(_found, found))


_found = partial(tuple.__new__, FoundName)
"""A name, made without a call in Python."""


def _may_denote(surface: str, span: Span, catalogue: Catalogue) -> tuple[Alias, ...]:
    """What a surface may denote; () where it does not look like a name."""
    if not _INSIDE.fullmatch(surface):
        return ()
    return tuple(alias for alias in catalogue.aliases(span) if alias.may_be_spelled(surface))


def _are_bound(spans: Spans) -> Bools:
    """Which spans are a part of what they are joined to by what stands before them: "Q-LoRA", "@LoRA"."""
    letter, before, *_ = spans.around
    before = _binding().before.take(before)
    is_letter = _binding().letters.take(letter)
    are_bound: Bools = (before == _SIGN) | ((before == _HYPHEN) & is_letter)
    return are_bound


def _may_be_bound(spans: Spans) -> Bools:
    """For each of the others whether it must be looked at what stands around it: most stand between blanks or
    Chinese characters."""
    _, before, first, behind, next_behind = spans.around
    binding = _binding()
    may_be_bound: Bools = (
        (binding.before.take(before) == _APOSTROPHE)
        | binding.digits.take(first)
        | (binding.behind.take(behind) & binding.next_behind.take(next_behind) != 0)
    )
    return may_be_bound


_HYPHEN, _SIGN, _APOSTROPHE = 1, 2, 3


class _Binding(NamedTuple):
    """What code points below 2**16 do to names beside them."""

    before: U8
    """Whether it is one of those that may bind a name behind it, and which; 0: none."""
    letters: Bools
    """Whether it is a letter a to z or a digit 0 to 9."""
    digits: Bools
    """Whether it is a digit in any script."""
    behind: U8
    """What must come next so that it binds a name before it, 0: nothing does; see `_BINDS_BEHIND`."""
    next_behind: U8
    """What of this it is."""


@cache
def _binding() -> _Binding:
    import numpy as np

    before, behind = (np.zeros(1 << 16, dtype=np.uint8) for _ in range(2))
    letters, digits = (np.zeros(1 << 16, dtype=bool) for _ in range(2))
    next_behind = np.full(1 << 16, _ALWAYS, dtype=np.uint8)
    for kind, characters in ((_HYPHEN, _HYPHENS), (_SIGN, _SIGNS), (_APOSTROPHE, _APOSTROPHES)):
        before[[ord(character) for character in characters]] = kind
    letters[[ord(character) for character in string.ascii_letters + string.digits]] = True
    digits[[point for point in range(1 << 16) if chr(point).isdecimal()]] = True
    behind[[ord(character) for character in _BINDS_BEHIND]] = list(_BINDS_BEHIND.values())
    behind[digits] = _ALWAYS
    next_behind[digits] = _ALWAYS | _DIGIT | _NUMBER
    next_behind[[ord("v"), ord("V")]] |= _NUMBER
    next_behind[ord("A") : ord("Z") + 1] |= _CAPITAL
    next_behind[0xFFFF] = _ALWAYS | _DIGIT | _NUMBER  # one of those beyond
    return _Binding(before, letters, digits, behind, next_behind)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether what stands around text[start:end] leaves it a name of its own; see `_are_bound` too."""
    before = text[max(0, start - 3) : start]
    if before.endswith(_APOSTROPHES) and _TAIL_OF_WORD.search(before) and _TAIL.match(text, start):
        return False
    if text[start].isdecimal() and _VERSION_OF_WORD.search(before) and _VERSION.match(text, start):
        return False
    behind = text[end : end + 24]
    is_part = _OTHER_VERSION.match(behind) or _OTHER_SYSTEM.match(behind)
    return not is_part or _VARIANT.match(behind) is not None
