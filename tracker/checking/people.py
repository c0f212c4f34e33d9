"""Authors: whether those of an entry are those of a record, in all the ways that names are written. Pure.

In: names as they stand in a .bib file and in a record. Out: what is different about them, in words; None where they
are the same people in the same order, given names abbreviated or not, the rest left to "and others" or not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from tracker.keys import fold, is_organisation, split_name

MISSPELT: Final = 80.0
"""Percent of the letters that two family names share at least in order where one is the other misspelt, or written in
another transliteration."""
SHORTEST_MISSPELT: Final = 4
"""Letters of a family name from which on it may be misspelt: "Li" and "Lu" are two names."""
GIVEN_MISSPELT: Final = 75.0
"""The same for given names: "Geoff" and "Jeff" are not alike, "Lukasz" and "Lukas" are."""
NAMED: Final = 3
"""Authors that a reason names."""
_JOINT: Final = re.compile(r"\s(?:and|&)\s|;|\bet\.? al\b", re.IGNORECASE)
_PLACEHOLDER: Final = re.compile(
    r"(?:john|jane|jon) (?:doe|roe)|(?:an?|the|first|second|third|fourth|last|some|any|other|lead|main|co)"
    r"[ -]?(?:author|name|researcher)s?|author[ -]?(?:name|list|one|two|three|four|five|[a-z]|\d+)?|authors?|"
    r"(?:name|surname|firstname|first name|given name|given) (?:name|surname|lastname|last name|family name|family)|"
    r"firstname lastname|foo bar|test (?:user|author)|unknown(?: authors?)?|n\.? ?n\.?|n/a|tbd|tba|todo|xxx+|"
    r"anonymous(?: authors?)?|(?:author|researcher|person|scientist) (?:[a-z]|one|two|three|four|five|\d+)|"
    r"(?:smith|doe),? j\.? and|lorem ipsum|various(?: authors)?|placeholder.*|example author.*|\[?authors?\]?",
    re.IGNORECASE,
)
_GERMAN: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "å": "aa", "ø": "oe"}
)


class Difference(NamedTuple):
    """How the authors of an entry are not those of a record."""

    reason: str
    shared: float
    """The part of the entry's authors that the record has too, in [0, 1]."""


def is_placeholder(author: str) -> bool:
    """Whether it is what people write where a name is to come ("John Doe", "First Author").

    >>> is_placeholder("Doe, Jane"), is_placeholder("Jane Dorn")
    (True, False)
    """
    plain = " ".join(author.strip("{} ").split())
    family, comma, given = plain.partition(",")
    turned = f"{given.strip()} {family}" if comma else plain
    return any(_PLACEHOLDER.fullmatch(one) for one in (plain, turned.strip()))


def compare_authors(
    entry: Sequence[str], record: Sequence[str], *, has_others: bool, is_complete: bool
) -> Difference | None:
    """How the authors of an entry differ from those of a record; None where they do not.

    `has_others`: the entry ends with "and others". `is_complete`: the record has them all; otherwise only those that
    it has are compared. Organisations among persons are left out: services list them or not.
    """
    ours, theirs = _people(entry), _people(record)
    if not ours or not theirs:
        return None
    shared = sum(any(_is_same(one, other) for other in theirs) for one in ours) / len(ours)
    if not is_complete:
        count = min(len(ours), len(theirs))
        strangers = [one for one, other in zip(ours, theirs, strict=False) if not _is_same(one, other)]
        return Difference(f"{_listed(strangers)} not among the first {count}", shared) if strangers else None
    if strangers := [one for one in ours if not any(_is_same(one, other) for other in theirs)]:
        return Difference(f"{_listed(strangers)} not among the authors", shared)
    if len(ours) > len(theirs):
        return Difference(f"{len(ours)} authors are named, it has {len(theirs)}", shared)
    if has_others:
        count = len(ours)
        if not all(map(_is_same, ours, theirs[:count])) and not _is_same(ours[0], theirs[0]):
            return Difference(f"the first author is {theirs[0]}", shared)
        return None
    if len(ours) < len(theirs):
        missing = [other for other in theirs if not any(_is_same(one, other) for one in ours)]
        left = missing or theirs[len(ours) :]
        return Difference(f"{_listed(left)} missing, without “and others”", shared)
    if not all(map(_is_same, ours, theirs)):
        return Difference("they stand in another order", shared)
    return None


def share_authors(entry: Sequence[str], record: Sequence[str]) -> float | None:
    """The part of an entry's authors that a record has too, in [0, 1]; None where either has none."""
    ours, theirs = _people(entry), _people(record)
    if not ours or not theirs:
        return None
    return sum(any(_is_same(one, other) for other in theirs) for one in ours) / len(ours)


def _listed(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    shown = ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")
    return f"{shown} {'is' if len(names) == 1 else 'are'}"


def _people(authors: Sequence[str]) -> list[str]:
    """The persons; where there are none, what there is is not compared, for services name groups as they like."""
    names = [part.strip(" ,") for author in authors for part in _parts(author)]
    return [
        name
        for name in names
        if any(map(str.isalpha, name)) and not name.startswith("{") and not is_organisation(name)
    ]


def _parts(author: str) -> list[str]:
    """The people in what stands as one name: "A. One, B. Two, and C. Three" of a file that knows no "and"."""
    pieces = [piece for piece in _JOINT.split(author) if piece and piece.strip()]
    named = [part for piece in pieces for part in _by_commas(piece)]
    return named or [author]


def _by_commas(text: str) -> list[str]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) > 2 and all(" " in part for part in parts[:3]):
        return parts
    return [text]


class _Person(NamedTuple):
    family: str
    given: tuple[str, ...]
    words: frozenset[str]


@lru_cache(maxsize=1 << 14)
def _person(author: str) -> _Person:
    name = split_name(author)
    family = "".join(c for c in fold(name.family) if c.isalpha())
    given = tuple(re.findall(r"[^\W\d_]+", fold(name.given)))
    return _Person(family, given, frozenset(re.findall(r"[^\W\d_]+", fold(author).replace("-", ""))))


@lru_cache(maxsize=1 << 16)
def _is_same(one: str, other: str) -> bool:
    """Whether two names may be one person's."""
    return any(_may_be(_person(a), _person(b)) for a in _spellings(one) for b in _spellings(other))


def _spellings(author: str) -> tuple[str, ...]:
    german = author.translate(_GERMAN)
    return (author,) if german == author else (author, german)


def _may_be(one: _Person, other: _Person) -> bool:
    if one.words == other.words:
        return True
    if _is_family(one.family, other.family):
        return _are_given(one.given, other.given)
    if one.words & other.words and _joined(one) == _joined(other):
        return True
    return _is_turned(one, other) or _is_turned(other, one) or _ends_alike(one, other)


def _joined(person: _Person) -> str:
    return "".join(sorted("".join(person.words)))


def _is_family(one: str, other: str) -> bool:
    if one == other:
        return True
    if min(len(one), len(other)) < SHORTEST_MISSPELT or not one or one[0] != other[0]:
        return False
    from rapidfuzz import fuzz

    return fuzz.ratio(one, other) >= MISSPELT


def _are_given(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two given names may be one: nothing known of either, or an initial that both have."""
    if not one or not other:
        return True
    if any(_begins(a, b) for a in one[:1] for b in other) or any(
        _begins(a, b) for a in one for b in other[:1]
    ):
        return True
    return "".join(one) == "".join(other)


def _begins(one: str, other: str) -> bool:
    """Whether one is the other, shortened: an initial, initials without blanks ("DP"), or a short form."""
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) <= 2 or longer.startswith(shorter[:3]):
        return shorter[:1] == longer[:1]
    from rapidfuzz import fuzz

    return one[0] == other[0] and fuzz.ratio(one, other) >= GIVEN_MISSPELT


def _is_turned(one: _Person, other: _Person) -> bool:
    """Whether one has for a given name what is the other's family name ("Wang Wei", "Wei Wang")."""
    return bool(one.given) and "".join(one.given) == other.family and _begins_any(one.family, other.given)


def _begins_any(family: str, given: Sequence[str]) -> bool:
    return any(family[:1] == word[:1] and (len(word) == 1 or family == word) for word in given)


def _ends_alike(one: _Person, other: _Person) -> bool:
    """Whether family names of several words share one ("García Márquez", "Márquez"), and given names agree."""
    shared = {word for word in one.words & other.words if len(word) > 2}
    return any(
        word in (one.family[-len(word) :], one.family[: len(word)])
        and word in (other.family[-len(word) :], other.family[: len(word)])
        for word in shared
    ) and _are_given(one.given, other.given)
