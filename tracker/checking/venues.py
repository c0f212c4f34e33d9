"""Series of conferences and journals: which ones a venue or a DOI names, whatever the way of writing it. Pure.

In: "Proc. IEEE Conf. Comput. Vis. Pattern Recognit.", "In CVPR 2016", "10.1109/CVPR.2016.90". Out: the series of
`venues.toml` that these name, and the year that they tell. What is in no series of the table is unknown, not wrong.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from tracker.keys import fold
from tracker.regex import regex

_PATH: Final = Path(__file__).parent / "venues.toml"
NO_DOI: Final = "none"
"""In `publishers`: papers of the series have no DOI."""
_PREPRINT: Final = regex(
    r"ar[x5]iv|\bcorr\b|\bbio-?rxiv|\bmed-?rxiv|\bchem-?rxiv|\bpsy-?arxiv|\bssrn\b|\be-?prints?\b|\bpre-?prints?\b"
    r"|research ?square|\bunpublished|\bopenreview|\bin preparation|\bmanuscript|\btech(?:nical|\.) report",
    re.IGNORECASE,
)
_SUBMITTED: Final = regex(
    r"\bunder (?:double.blind )?review|\bsubmitted (?:to|for)|\bin submission", re.IGNORECASE
)
_SMALL_WORDS: Final = "a an the of on in for and to de la le des der und et with at by from its sur fur"
_SMALL: Final = frozenset(_SMALL_WORDS.split())
_YEAR: Final = regex(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SHORT_YEAR: Final = regex(r"['’](\d\d)(?!\d)")


class Series(NamedTuple):
    """A series of conferences, or a journal."""

    name: str
    """The short one."""
    long: str
    also: tuple[str, ...] = ()
    is_journal: bool = False
    """Whether its names count only as the whole of a venue."""
    publishers: tuple[str, ...] = ()
    """Prefixes that DOIs of its papers have; `NO_DOI` where papers may have none. Empty: unknown."""
    doi: str = ""
    years: str = ""
    first: int = 0
    subjects: frozenset[str] = frozenset()
    """arXiv categories and archives, of which a paper of the series has one; empty: any."""

    def is_held_in(self, year: int) -> bool:
        """Whether there was a conference, or a volume, in this year."""
        is_turn = {"odd": year % 2 == 1, "even": year % 2 == 0}.get(self.years, True)
        return is_turn and year >= self.first

    def may_have_subjects(self, categories: Sequence[str]) -> bool:
        """Whether a paper of these arXiv categories may be one of the series; True where nothing is known."""
        if not self.subjects or not categories:
            return True
        return any(one in self.subjects or one.split(".")[0] in self.subjects for one in categories)


class Venue(NamedTuple):
    """What a venue or a DOI names."""

    text: str
    """As given."""
    names: frozenset[str]
    """Short names of the series; none where it is in no series of the table."""
    year: int | None
    """That it tells itself ("ICML 2021")."""
    is_preprint: bool = False
    is_workshop: bool = False

    @property
    def is_known(self) -> bool:
        """Whether it is in a series of the table."""
        return bool(self.names)

    @property
    def series(self) -> tuple[Series, ...]:
        """The series, sorted by name."""
        return tuple(_series()[name] for name in sorted(self.names))


@cache
def _series() -> dict[str, Series]:
    data = tomllib.loads(_PATH.read_text(encoding="utf-8"))
    groups = {name: frozenset(words.split()) for name, words in data["subjects"].items()}
    others = (line.strip() for line in data["others"]["names"].splitlines())
    return {name: Series(name, name, is_journal=True) for name in others if name} | {
        one["name"]: _read(one, groups) for one in data["series"]
    }


def _read(one: dict[str, Any], groups: dict[str, frozenset[str]]) -> Series:
    named = one.get("subjects", [])
    subjects = frozenset[str]().union(
        *(groups[name] for name in ([named] if isinstance(named, str) else named))
    )
    return Series(
        one["name"],
        one["long"],
        tuple(one.get("also", ())),
        one.get("journal", False),
        tuple(one.get("publishers", ())),
        one.get("doi", ""),
        one.get("years", ""),
        one.get("first", 0),
        subjects,
    )


def series_named(name: str) -> Series | None:
    """The series of this short name."""
    return _series().get(name)


# --- names of venues -----------------------------------------------------------------------------


class _Phrases(NamedTuple):
    by_letter: dict[str, list[tuple[tuple[str, ...], str, bool]]]
    """By their first letter: words without the small ones, the series, and whether the phrase must be the whole."""
    acronyms: dict[str, str]


@cache
def _phrases() -> _Phrases:
    by_letter: dict[str, list[tuple[tuple[str, ...], str, bool]]] = {}
    acronyms: dict[str, str] = {}
    for series in _series().values():
        for name in (series.name, series.long, *series.also):
            if re.fullmatch(r"\S{3,}", name) and not series.is_journal:
                acronyms[name] = series.name
            elif words := tuple(word for word in _words(name) if word not in _SMALL | {"proceedings"}):
                is_whole = series.is_journal or (len(words) == 1 and " " not in name)
                by_letter.setdefault(words[0][0], []).append((words, series.name, is_whole))
    return _Phrases(by_letter, acronyms)


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+\.?", fold(text).replace("&", " and "))


@lru_cache(maxsize=1 << 14)
def read_venue(text: str) -> Venue:
    """The series that a venue names.

    >>> sorted(read_venue("Proc. IEEE Conf. Comput. Vis. Pattern Recognit. (CVPR), 2016").names)
    ['CVPR']
    >>> read_venue("arXiv preprint arXiv:2305.14314").is_preprint
    True
    """
    text = text[:500]
    years = _YEAR.findall(text)
    short = _SHORT_YEAR.search(text)
    year = int(years[-1]) if years else (2000 + int(short[1]) if short and int(short[1]) < 50 else None)
    known = _phrases()
    words = [word for word in _words(_YEAR.sub(" ", text)) if word.rstrip(".") not in _SMALL]
    plain = [
        word for word in words if not re.fullmatch(r"\d+(?:st|nd|rd|th)?\.?|in|proceedings|proc\.?", word)
    ]
    spans: list[tuple[int, int, str]] = []
    there = [one for letter in sorted({word[0] for word in plain}) for one in known.by_letter.get(letter, ())]
    for phrase, name, is_whole in there:
        for at in _places(plain, phrase):
            if not is_whole or len(plain) == len(phrase):
                spans.append((at, at + len(phrase), name))
    names = {
        name
        for start, end, name in spans
        if not any(a <= start and end <= b and b - a > end - start for a, b, _ in spans)
    }
    names |= {known.acronyms[token] for token in _tokens(text) if token in known.acronyms}
    if not names and len(plain) == 1:  # "cvpr"
        names = {name for short, name in known.acronyms.items() if short.lower() == plain[0].rstrip(".")}
    if {"SIGGRAPH", "SIGGRAPH Asia"} <= names:
        names.discard("SIGGRAPH")
    is_preprint = _SUBMITTED.search(text) is not None or (not names and _PREPRINT.search(text) is not None)
    return Venue(text, frozenset(names), year, is_preprint, "workshop" in text.lower())


def share_words(one: str, other: str) -> bool:
    """Whether two names of venues of no series may be one: they share a word that says something, perhaps abbreviated,
    or one is too short to tell.

    >>> share_words("Appl. Sci.", "Applied Sciences"), share_words("Journal of Dunes", "Applied Sciences")
    (True, False)
    """
    ours, theirs = _telling(one), _telling(other)
    if not ours or not theirs or one.isupper() or other.isupper():
        return True
    return any(_is_short_for(a, b) or _is_short_for(b, a) for a in ours for b in theirs if a[0] == b[0])


_USUAL: Final = (
    "journal international conference proceedings transactions annual symposium workshop vol volume"
)


def _telling(text: str) -> list[str]:
    words = (word for word in _words(text) if word.rstrip(".") not in _SMALL and not word[0].isdigit())
    return [word for word in words if not any(_is_short_for(word, usual) for usual in _USUAL.split())]


def _places(words: Sequence[str], phrase: Sequence[str]) -> list[int]:
    """Where a phrase stands in the words, of which each may be an abbreviation."""
    first, size = phrase[0], len(phrase)
    return [
        at
        for at in range(len(words) - size + 1)
        if words[at][0] == first[0] and all(map(_is_short_for, words[at : at + size], phrase))
    ]


def _is_short_for(word: str, whole: str) -> bool:
    stem = word.rstrip(".")
    whole = whole.rstrip(".")
    if stem == whole:
        return True
    is_abbreviated = word.endswith(".") or len(stem) >= 4
    return is_abbreviated and whole.startswith(stem) and (word.endswith(".") or len(whole) - len(stem) <= 1)


def _tokens(text: str) -> list[str]:
    """Words that may be short names, also joined ("EMNLP-IJCNLP", "CVPR'16", "ICML2020")."""
    found = re.findall(r"[*\w&+-]+", text)
    pieces = [piece for token in found for piece in (token, *re.split(r"[-_+]", token))]
    return [name for piece in pieces for name in (piece, re.sub(r"(?:19|20)?\d\d$", "", piece))]


# --- DOIs --------------------------------------------------------------------------------------------


@cache
def _doi_patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(one.doi), name) for name, one in _series().items() if one.doi)


@lru_cache(maxsize=1 << 12)
def venue_of_doi(doi: str) -> Venue | None:
    """The series and year that a DOI tells; None where it tells no series of the table.

    >>> venue_of_doi("10.1109/cvpr.2016.90")
    Venue(text='CVPR 2016', names=frozenset({'CVPR'}), year=2016, is_preprint=False, is_workshop=False)
    """
    for pattern, name in _doi_patterns():
        if found := pattern.fullmatch(doi.lower()):
            groups = found.groupdict()
            year = int(groups["year"]) if groups.get("year") else None
            if groups.get("yy"):
                short = int(groups["yy"])
                year = 2000 + short if short < 50 else 1900 + short
            return Venue(f"{name} {year}" if year else name, frozenset({name}), year)
    return None
