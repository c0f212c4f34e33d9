"""Short names of papers ("QLoRA", "Llama 2", "SAM") that stand in a text as words of their own.

The catalogue finds every span that squeezes to a known name; here the raw text around each decides whether
it can be that name at all. What it denotes is for linking to say.
"""

from __future__ import annotations

import string
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from tracker.catalogue import Catalogue, Spans
from tracker.catalogue.spelled import Named
from tracker.mentions.addresses import addresses_of
from tracker.mentions.surfaces import Found, denoted_by
from tracker.regex import regex

if TYPE_CHECKING:
    from tracker.catalogue.stretch import U8, U16, Bools

_MARKS: Final = r"[\u0300-\u036f\u00ad\u200c\u200d\u2060\ufeff]"
_WORD: Final = rf"[^\W_](?:[^\W_]|{_MARKS})*"
_MOST_JOINING: Final = 3
"""Blanks, hyphens and the like between two words."""
_INSIDE: Final = regex(
    rf"{_WORD}(?:(?:[ \t\xa0\u2009\u202f\-‐‑–_·+/'’*^$~\\{{}}]|\.(?!\s)){{1,{_MOST_JOINING}}}{_WORD}"
    rf"|[ \t]*[-‐]?\r?\n[ \t>]*{_WORD})*\+*"
)
"""What a name may look like: words joined by a blank, a hyphen, a dot, light markup, or one line break with
what indents the next line; no end of a sentence."""
_SIZE: Final = (
    r"(?:\d+(?:\.\d+)?\s?(?:[xX×]|[|/](?=\d[\d.|/]*[BM])))*"
    r"\d+(?:\.\d+)?\s?[BMKTbmk](?![A-Za-z])"
)
"""One size or several: "70B", "8x7B", "7|13|70B"."""
_VARIANT: Final = (
    rf"[\s\-_]?(?:{_SIZE}|(?i:base|large|small|tiny|huge|medium|mini|chat|instruct|turbo|preview|xx?l|[blhsg])(?![A-Za-z])"
    r"|(?:19|20)\d\d(?!\d)|[vV]1(?![\w.%+]))"
)
"""What belongs to the model and not to its name: a size, a variant, the version that was the first; or the year of a
citation."""
_OTHER_VERSION: Final = r"(?:[ \-_]|\.(?=\d))?[vV]?\d+(?:\.\d+)*(?![\w%])|\+(?!\w)"
_OTHER_SYSTEM: Final = r"[-_‐‑–](?:[A-Z][A-Za-z]|[A-Z]{2})"
_BINDING: Final = regex(rf"(?={_OTHER_VERSION}|{_OTHER_SYSTEM})(?!{_VARIANT})")
"""What makes a name that stands before it a part of another name."""
_MOST_BINDING: Final = 24
"""Code points of it that are looked at."""
_TAIL_OF_WORD: Final = regex(r"[A-Za-z]['’]\Z")
_TAIL: Final = regex(r"(?:s|t|d|m|re|ve|ll)[ -]")
"""What an apostrophe parts from a word: in "OpenAI's CLIP" nothing is called "s CLIP"."""
_VERSION_OF_WORD: Final = regex(r"[A-Za-z]{2} \Z")
_VERSION: Final = regex(r"\d+\.\d+ ")
"""The version of what stands before: in "PyG 2.0 Paper" nothing is called "2.0 Paper"."""
_PLUS: Final = regex(r"\+(?![\w+])")
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


class FoundName(NamedTuple):
    """text[start:end] is a known name."""

    start: int
    end: int
    named: Named
    """What it may denote."""


def find_names(text: str, spans: Spans, catalogue: Catalogue) -> Found[FoundName]:
    """The names among the spans that the catalogue found, in order; they may overlap.

    Refused are spans inside a URL or a longer word, names of another version ("phi-2" for phi), names that a
    hyphen makes part of another ("SAM-Adapter" for SAM), and ordinary words in ordinary case.

    Taken: "与QLoRA相比", "Llama-2-70B-chat" (as Llama 2), "ViTs". Not taken: "the self" for SELF, "GPT-5" for
    GPT.
    """
    import numpy as np

    places = np.flatnonzero(~(_are_bound(spans) | addresses_of(text).cover(spans.starts)))
    around = spans.around.take(places, axis=1)
    begins = spans.starts.take(places)
    finishes = begins + spans.lengths.take(places)
    starts, ends = begins.tolist(), finishes.tolist()
    for place in np.flatnonzero(around[3] == ord("+")).tolist():
        ends[place] += _PLUS.match(text, ends[place]) is not None

    def decide(surfaces: list[str], numbers: list[int]) -> Iterator[Named | tuple[()]]:
        return _may_denote(surfaces, spans.take(places[numbers]), catalogue)

    denoted = denoted_by(text, starts, ends, catalogue.names_spelled, decide)
    for may_be_bound, is_bound in zip(_may_be_bound(around), _BINDINGS, strict=True):
        for place in np.flatnonzero(may_be_bound).tolist():
            if denoted[place] and is_bound(text, starts[place], ends[place]):
                denoted[place] = ()
    are_plurals = (
        (begins[1:] == begins[:-1]) & (finishes[1:] == finishes[:-1] + 1) & (around[3, :-1] == ord("s"))
    )
    for place in np.flatnonzero(are_plurals).tolist():
        singular, plural = denoted[place : place + 2]
        if singular and plural:
            denoted[place + 1] = _with(plural, singular)
    return Found(FoundName._make, starts, ends, denoted).where(denoted)


def _with(plural: Named, singular: Named) -> Named:
    """What a name in the plural may denote: "ViTs" is ViT or VITS."""
    known = set(plural.rows)
    others = [at for at, row in enumerate(singular.rows) if row not in known]
    rows, sources = (tuple([column[at] for at in others]) for column in singular)
    return Named(plural.rows + rows, plural.sources + sources) if others else plural


def _may_denote(surfaces: list[str], spans: Spans, catalogue: Catalogue) -> Iterator[Named | tuple[()]]:
    """What each surface may denote; () where it does not look like a name."""
    for surface, named in zip(surfaces, catalogue.named_at(spans, surfaces), strict=True):
        yield named if named and looks_like_a_name(surface) else ()


def looks_like_a_name(surface: str) -> bool:
    """Whether a text that begins and ends with a letter or digit is words joined as those of a name are (`_INSIDE`)."""
    # Most are words, blanks and hyphens, and the pattern takes thrice as long to say so.
    words = surface.replace(" ", "").replace("-", "")
    is_plain = words.isalnum() and len(surface) - len(words) <= _MOST_JOINING
    return is_plain or _INSIDE.fullmatch(surface) is not None


def _are_bound(spans: Spans) -> Bools:
    """Which spans are a part of what they are joined to by what stands before them: "Q-LoRA", "@LoRA"."""
    letter, before, *_ = spans.around
    before = _binding().before.take(before)
    is_letter = _binding().letters.take(letter)
    are_bound: Bools = (before == _SIGN) | ((before == _HYPHEN) & is_letter)
    return are_bound


def _may_be_bound(around: U16) -> tuple[Bools, Bools, Bools]:
    """Of names with five code points around each: which may be bound by an apostrophe, by being the version of what
    stands before, by what stands behind. Most stand between blanks or Chinese characters."""
    _, before, first, behind, next_behind = around
    binding = _binding()
    return (
        binding.before.take(before) == _APOSTROPHE,
        binding.digits.take(first),
        binding.behind.take(behind) & binding.next_behind.take(next_behind) != 0,
    )


def _by_apostrophe(text: str, start: int, end: int) -> bool:
    """Whether text[start:end] begins with what an apostrophe parts from a word."""
    return (
        _TAIL.match(text, start) is not None
        and _TAIL_OF_WORD.search(text, max(0, start - 3), start) is not None
    )


def _by_version(text: str, start: int, end: int) -> bool:
    """Whether text[start:end] begins with the version of what stands before it."""
    return (
        _VERSION.match(text, start) is not None
        and _VERSION_OF_WORD.search(text, max(0, start - 3), start) is not None
    )


def _by_what_follows(text: str, start: int, end: int) -> bool:
    """Whether what stands behind text[start:end] makes it a part of another name."""
    return _BINDING.match(text, end, end + _MOST_BINDING) is not None


_BINDINGS: Final = (_by_apostrophe, _by_version, _by_what_follows)
"""Whether a name is bound, in the order of `_may_be_bound`."""


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
    letters = np.zeros(1 << 16, dtype=bool)
    digits = np.char.isdecimal(np.arange(1 << 16, dtype=np.uint32).view("U1"))
    next_behind = np.full(1 << 16, _ALWAYS, dtype=np.uint8)
    for kind, characters in ((_HYPHEN, _HYPHENS), (_SIGN, _SIGNS), (_APOSTROPHE, _APOSTROPHES)):
        before[[ord(character) for character in characters]] = kind
    letters[[ord(character) for character in string.ascii_letters + string.digits]] = True
    behind[[ord(character) for character in _BINDS_BEHIND]] = list(_BINDS_BEHIND.values())
    behind[digits] = _ALWAYS
    next_behind[digits] = _ALWAYS | _DIGIT | _NUMBER
    next_behind[[ord("v"), ord("V")]] |= _NUMBER
    next_behind[ord("A") : ord("Z") + 1] |= _CAPITAL
    next_behind[0xFFFF] = _ALWAYS | _DIGIT | _NUMBER  # one of those beyond
    return _Binding(before, letters, digits, behind, next_behind)
