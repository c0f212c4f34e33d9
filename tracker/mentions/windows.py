"""Stretches of a transcript that may be a name which nobody spelled: Latin words, spelled letters, Chinese characters.

In: the text. Out: windows, overlapping, far more than there are names; what each may be is for `heard` to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from tracker.catalogue.names import is_common_word
from tracker.catalogue.phonetics import NUMBERS, as_written, foreign_in_chinese
from tracker.catalogue.squeeze import squeeze
from tracker.regex import regex

MOST_WORDS: Final = 6
MOST_LONG_WORDS: Final = 3
"""Words of a name with more than two letters; the others are spelled letters and numbers."""
MOST_ORDINARY: Final = 2
"""Words of a name that are ordinary ones."""
MOST_LETTERS: Final = 28

_WORD: Final = regex(r"[A-Za-z][A-Za-z0-9]*|\d+(?:[.。]\d+)?[A-Za-z]*")
_SIZE: Final = regex(r"(?<=.)\d+(?:[.。]\d+)?[BbMm]\Z")
_BETWEEN: Final = regex(r"[ -]?|[杠槓]")
_NUMBER_BEHIND: Final = regex(
    r"\s?(?:two|three|four|five|[二三四五六七八九](?![个個种種点點])|\d)(?:[.。]\d(?!\d))?(?![A-Za-z])",
    re.IGNORECASE,
)
_DECIMALS_BEHIND: Final = regex(r"[.。]\d")
_NAMED: Final = regex(
    r"(?:叫做?|名[为為]|[称稱][为為作]|提出了|\bcalled|\bnamed)(?:[这這那]?[个個]|[呃啊嗯的，]|\s)*\Z"
)
_KNOWN_CASE: Final = regex(r".*[a-z][A-Z]|[A-Z]{2,}[a-z]{2}")
"""Capitals inside a word ("ConvNet"): the recogniser knows it."""
_EDGE_WORDS: Final = """
    a an the of and or in on to is it so we you i he she they that this for with at as by be are was but
    um uh erm hmm ok okay yeah yes no like just very our my your its
"""
_EDGES: Final = frozenset(_EDGE_WORDS.split())
"""Words that no name begins or ends with."""


class Window(NamedTuple):
    """Words that may be a name."""

    start: int
    end: int
    surface: str
    """As it would be written: with "-" for a hyphen that was said."""
    is_plain: bool
    """All of them are ordinary words."""
    is_whole: bool
    """Nothing Latin stands right before or behind."""
    is_named: bool
    """What stands before says that a name follows."""


def windows(text: str) -> Iterator[Window]:
    """The windows of a text: Latin ones in order, then Chinese ones."""
    yield from _latin_windows(text)
    yield from _chinese_windows(text)


def is_plain(word: str) -> bool:
    """Whether a word is an ordinary one.

    >>> is_plain("loss"), is_plain("two"), is_plain("vlm"), is_plain("is")
    (True, True, False, False)
    """
    return word.lower() in NUMBERS or (len(word) > 2 and is_common_word(word))


def has_loose_end(words: Sequence[str]) -> bool:
    """Whether the first or the last of some words is one that no name begins or ends with ("um I")."""
    return words[0].lower() in _EDGES or words[-1].lower() in _EDGES


def _latin_windows(text: str) -> Iterator[Window]:
    for run in _runs(text):
        words = [match[0] for match in run]
        plain = [is_plain(word) for word in words]
        is_joined = _is_joined(text, run[0].start(), run[-1].end())
        for first in range(len(run)):
            for last in range(first, min(first + MOST_WORDS, len(run))):
                ordinary = sum(plain[first : last + 1])
                inside = words[first : last + 1]
                if ordinary > MOST_ORDINARY or sum(len(word) > 2 for word in inside) > MOST_LONG_WORDS:
                    break
                is_all = ordinary == len(inside)
                is_whole = first == 0 and last == len(run) - 1 and not is_joined
                if is_all and len(inside) > 1 and not is_whole:
                    continue  # those that spell a name are found without
                if inside[0].istitle() and _may_be_person(words, first, last):
                    continue
                if _is_cut_off(words, first, last):
                    continue
                yield from _window(text, run[first].start(), run[last].end(), inside, is_all, is_whole)


_LATIN_BEFORE: Final = regex(r"[A-Za-z]，\Z")
_LATIN_BEHIND: Final = regex(r"，[A-Za-z]")


def _is_joined(text: str, start: int, end: int) -> bool:
    """Whether only a comma, which recognisers put anywhere, parts some words from other Latin ones."""
    before = _LATIN_BEFORE.search(text, max(0, start - 2), start)
    return before is not None or _LATIN_BEHIND.match(text, end) is not None


_SPELLED_LETTERS: Final = regex(r"(?!vs$)(?:[A-Za-z]|[b-df-hj-np-tv-z]{2})$", re.IGNORECASE)


def _is_cut_off(words: Sequence[str], first: int, last: int) -> bool:
    """Whether spelled letters stand right behind, which belong to the name ("master r" of "master r cn")."""
    behind = words[last + 1 : last + 2]
    return any(_SPELLED_LETTERS.match(word) and word.lower() not in _EDGES for word in behind)


def _may_be_person(words: Sequence[str], first: int, last: int) -> bool:
    """Whether other words beside or within are capitalised too, and initials, as in the names of persons."""
    others = (*words[max(0, first - 1) : first], *words[first + 1 : last + 2])
    return any(word.istitle() and not is_plain(word) for word in others)


def _runs(text: str) -> Iterator[list[re.Match[str]]]:
    """Words with at most a blank or a hyphen between."""
    run: list[re.Match[str]] = []
    for word in _WORD.finditer(text):
        if run and not _BETWEEN.fullmatch(text, run[-1].end(), word.start()):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _window(
    text: str, start: int, end: int, words: Sequence[str], is_all_plain: bool, is_whole: bool
) -> Iterator[Window]:
    """The window of some words, with the number behind them where there is one: that is another version."""
    if has_loose_end(words) or words[0].isdigit():
        return
    if text[start - 1 : start] == "-" or text[end : end + 1] == "-":
        return
    if words[-1][-1].isdigit() and _DECIMALS_BEHIND.match(text, end):
        return  # half a number
    if size := _SIZE.search(words[-1]):
        end -= len(size[0])
    surface = as_written(text[start:end])
    if not 3 <= len(squeeze(surface)) <= MOST_LETTERS or _KNOWN_CASE.match(surface):
        return
    named = _is_named(text, start)
    number = _NUMBER_BEHIND.match(text, end)
    if number:
        yield Window(start, number.end(), as_written(text[start : number.end()]), False, is_whole, named)
    if not number or not number[0].strip()[0].isdigit():
        yield Window(start, end, surface, is_all_plain, is_whole, named)


def _is_named(text: str, start: int) -> bool:
    return _NAMED.search(text, max(0, start - 12), start) is not None


def _chinese_windows(text: str) -> Iterator[Window]:
    """Chinese characters that may write a foreign name, with the number behind them."""
    simplified = text.translate({ord(c): squeeze(c) or c for c in set(text) if c > "\u3400"})
    for start, end in foreign_in_chinese(simplified):
        number = _NUMBER_BEHIND.match(text, end)
        end = number.end() if number else end
        yield Window(start, end, as_written(text[start:end]), False, True, _is_named(text, start))
