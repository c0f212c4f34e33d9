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
from tracker.regex import regex

MISSPELT: Final = 80.0
"""Percent of the letters that two family names share at least in order where one is the other misspelt, or written in
another transliteration."""
SHORTEST_MISSPELT: Final = 4
"""Letters of a family name from which on it may be misspelt: "Li" and "Lu" are two names."""
GIVEN_MISSPELT: Final = 75.0
"""The same for given names: "Geoff" and "Jeff" are not alike, "Lukasz" and "Lukas" are."""
JOINED: Final = 0.2
"""The part of the authors of a paper that may have joined it, or left it, between two versions: of 230 entries that
projects give for their own papers, one in twenty lacks an author whom the latest version has, or has one more."""
MANY: Final = 6
"""Authors of a paper from which on one of them may have joined later."""
RARE_FAMILY: Final = 6
"""Letters of a family name from which on it tells a person of a paper: Zhang and Huang have five."""
STRANGERS: Final = 2 / 3
"""The part of the first authors that may be unknown to a record that is cut: its sources did not agree on them."""
MOST_COMPARED: Final = 100
"""Authors of a paper that are compared in pairs; of collaborations of thousands the first ones are enough."""
NAMED: Final = 3
"""Authors that a reason names."""
_JOINT: Final = regex(r"\s(?:and|&)\s|;|\bet\.? al\b", re.IGNORECASE)
ANONYMOUS: Final = regex(r"anonymous(?: authors?)?|anon\.?|authors?, anonymous", re.IGNORECASE)
"""What stands for the authors of a paper that is under review."""
_PLACEHOLDER: Final = regex(
    r"(?:john|jane|jon) (?:doe|roe)|(?:an?|the|first|second|third|fourth|last|some|any|other|lead|main|co)"
    r"[ -]?(?:author|name|researcher)s?|author[ -]?(?:name|list|one|two|three|four|five|[a-z]|\d+)?|authors?|"
    r"(?:name|surname|firstname|first name|given name|given) (?:name|surname|lastname|last name|family name|family)|"
    r"firstname lastname|foo bar|test (?:user|author)|unknown(?: authors?)?|n\.? ?n\.?|n/a|tbd|tba|todo|xxx+|"
    r"(?:author|researcher|person|scientist) (?:[a-z]|one|two|three|four|five|\d+)|"
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
    return any(_PLACEHOLDER.fullmatch(one) or ANONYMOUS.fullmatch(one) for one in (plain, turned.strip()))


def compare_authors(
    entry: Sequence[str], record: Sequence[str], *, has_others: bool, is_complete: bool
) -> Difference | None:
    """How the authors of an entry differ from those of a record; None where they do not.

    `has_others`: the entry ends with "and others". `is_complete`: the record has them all; otherwise only those that
    it has are compared. Organisations among persons are left out: services list them or not.
    """
    ours, theirs = _people(entry), _people(record)
    if not ours or not theirs or (len(theirs) > 1 and not any(" " in name for name in theirs)):
        return None  # the parts of one name stand in some records as if they were people
    shared = _shared(ours, theirs)
    if max(len(ours), len(theirs)) > MOST_COMPARED:
        return _differ_from_first(ours[:MOST_COMPARED], theirs[:MOST_COMPARED], shared, has_others=True)
    if not is_complete:
        return _differ_from_first(ours, theirs, shared, has_others=has_others)
    ours = _with_names_of(ours, theirs)
    strangers = [one for one in ours if not any(_is_same(one, other) for other in theirs)]
    missing = [other for other in theirs if not any(_is_same(one, other) for one in ours)]
    if has_others:
        missing = []
    if (
        (strangers or missing)
        and not (strangers and missing)
        and _may_have_joined(ours, theirs, strangers or missing)
    ):
        return None
    if strangers:
        return Difference(f"{_listed(strangers)} not among the authors", shared)
    if len(ours) > len(theirs):
        return Difference(f"{len(ours)} authors are named, it has {len(theirs)}", shared)
    if missing or (len(ours) < len(theirs) and not has_others):
        return Difference(f"{_listed(missing or theirs[len(ours) :])} missing, without “and others”", shared)
    if has_others and not _is_same(ours[0], theirs[0]):
        return Difference(f"the first author is {theirs[0]}", shared)
    if not has_others and not _is_same(ours[0], theirs[0]):
        return Difference(f"they stand in another order, the first author is {theirs[0]}", shared)
    return None


def joined_or_left(
    entry: Sequence[str], record: Sequence[str], *, has_others: bool
) -> tuple[list[str], list[str]]:
    """The few authors that a record has more than an entry, and the few that the entry has more; see `JOINED`."""
    ours, theirs = _people(entry), _people(record)
    if not ours or max(len(ours), len(theirs)) > MOST_COMPARED:
        return [], []
    more = [other for other in theirs if not any(_is_same(one, other) for one in ours)]
    fewer = [one for one in ours if not any(_is_same(one, other) for other in theirs)]
    return ([] if has_others else more), fewer


def _may_have_joined(ours: Sequence[str], theirs: Sequence[str], some: Sequence[str]) -> bool:
    """Whether so few are different that they may have joined, or left, between two versions."""
    count = max(len(ours), len(theirs))
    return (
        count >= MANY
        and len(some) <= JOINED * count
        and not any(_is_same(one, first) for one in some for first in (ours[0], theirs[0]))
    )


def _with_names_of(ours: Sequence[str], theirs: Sequence[str]) -> list[str]:
    """The authors of an entry, one of them by the name that he has in the record, who stands in the place of somebody
    of his family name: people have names that they are called by ("Mido" for Mahmoud). That is one of several; family
    names of few letters are too frequent."""
    places = [
        at
        for at, (one, other) in enumerate(zip(ours, theirs, strict=False))
        if _person(one).family == _person(other).family and not _is_same(one, other)
    ]
    if len(places) != 1 or len(ours) < 2 or len(_person(ours[places[0]]).family) < RARE_FAMILY:
        return list(ours)
    return [*ours[: places[0]], theirs[places[0]], *ours[places[0] + 1 :]]


def _differ_from_first(
    ours: Sequence[str], theirs: Sequence[str], shared: float, *, has_others: bool
) -> Difference | None:
    """How authors differ from the first ones of a longer list; authors who joined later change their places."""
    ours = _with_names_of(ours, theirs)
    first = ours[: len(theirs)]
    strangers = [one for one in first if not any(_is_same(one, other) for other in theirs)]
    if len(strangers) > len(first) * STRANGERS or not any(_is_same(ours[0], other) for other in theirs):
        return Difference(f"{_listed(strangers)} not among its first authors", shared)
    if not has_others and len(ours) <= len(theirs):
        return Difference(f"it has more than {len(ours)} authors, and “and others” is missing", shared)
    return None


def share_authors(entry: Sequence[str], record: Sequence[str]) -> float | None:
    """The part of the authors that an entry and a record share, of those that both name, in [0, 1]; None where either
    names none."""
    ours, theirs = _people(entry), _people(record)
    return _shared(ours, theirs) if ours and theirs else None


def _shared(ours: Sequence[str], theirs: Sequence[str]) -> float:
    ours, theirs = ours[:MOST_COMPARED], theirs[:MOST_COMPARED]
    shared = sum(any(_is_same(one, other) for other in theirs) for one in ours)
    return min(1.0, shared / min(len(ours), len(theirs)))


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
        if any(map(str.isalpha, name))
        and not name.startswith("{")
        and not is_organisation(name)
        and not ANONYMOUS.fullmatch(name)
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
