"""Numbers at the head of a line ("3)", "第三章", "二、", "4.2"): a line in, number and style out."""

from __future__ import annotations

import re
from typing import NamedTuple

from tracker.regex import regex


class Numbering(NamedTuple):
    """The number that a line begins with."""

    number: int
    """The last part of it: 2 for "4.2"."""
    style: str
    """Numbers of one series share it: ")" for "3)", "#.#" for "4.2"."""
    end: int
    """Where the words after the number begin."""


_HAN = "一二三四五六七八九十"
_NUMBER = regex(
    rf"""
    第\s*(?P<nth>\d{{1,3}}|[{_HAN}百]{{1,5}})\s*(?P<unit>章|节|篇|讲|课|部分|回|天|周|步)\s*[、.:：]?
  | (?P<word>(?i:chapter|part|section|lecture|lesson|week|day|step))\s+
    (?P<of>\d{{1,3}}|[ivxIVX]{{1,5}})\b\s*[.:：、)–—-]?
  | (?P<han>[{_HAN}]{{1,3}})\s?(?P<hansep>[、.．:：])
  | [(（](?P<bracketed>[{_HAN}]{{1,3}}|\d{{1,3}})[)）]
  | \[(?P<cited>\d{{1,3}})\]
  | (?P<circled>[①-⑳])
  | (?P<keycap>\d)\ufe0f?\u20e3
  | (?P<parts>\d{{1,2}}(?:\.\d{{1,2}}){{1,4}})[.．、:：]?(?=[\s\u4e00-\u9fff])
  | (?P<digits>\d{{1,3}})(?P<separator>[.．、)）:：])(?!\d)
  | (?P<bare>\d{{1,2}})(?=\s+\S|$)
    """,
    re.VERBOSE,  # nowhere else does case matter, and to fold the ranges takes 6 ms of each start
)
_CLOSE = {"．": ".", "）": ")", "：": ":"}
_DIGIT_OF = {character: value for value, character in enumerate(_HAN, 1)}
_ROMAN = {"i": 1, "v": 5, "x": 10}

LIST_STYLES = frozenset({".", "、", ")", ":", "(1)", "(一)", "一", "①", "[1]", "keycap"})
"""The styles that make a line an entry of a list where it is no heading."""
LEADERS = frozenset(f"第{_HAN}(（[0123456789０１２３４５６７８９①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")
"""The characters that a number may begin with, words such as "Chapter" apart."""


def numbering_of(line: str, start: int = 0) -> Numbering | None:
    """The number that `line` begins with at `start`; None where it begins with none.

    A number with nothing but a blank after it ("3 Experiments", "01") has the style "bare": whether it counts
    anything only its neighbours can tell.

    >>> numbering_of("3) QLoRA"), numbering_of("二十一、总结").number, numbering_of("4.2 Results").number
    (Numbering(number=3, style=')', end=3), 21, 2)
    >>> numbering_of("2023 年"), numbering_of("3.14159"), numbering_of("7B models")
    (None, None, None)
    """
    found = _NUMBER.match(line, start)
    if found is None:
        return None
    end = found.end()
    while end < len(line) and line[end] in " \t　":
        end += 1
    if found["nth"]:
        return Numbering(_value(found["nth"]), "第" + found["unit"], end)
    if found["word"]:
        return Numbering(_value(found["of"]), found["word"].lower(), end)
    if found["han"]:
        return Numbering(_value(found["han"]), "一", end)
    if found["bracketed"]:
        return Numbering(_value(found["bracketed"]), "(1)" if found["bracketed"].isdecimal() else "(一)", end)
    if found["parts"]:
        parts = found["parts"].split(".")
        return Numbering(int(parts[-1]), ".".join("#" * len(parts)), end)
    if found["circled"]:
        return Numbering(ord(found["circled"]) - ord("①") + 1, "①", end)
    if found["digits"]:
        return Numbering(int(found["digits"]), _CLOSE.get(found["separator"], found["separator"]), end)
    if found["cited"]:
        return Numbering(int(found["cited"]), "[1]", end)
    return Numbering(int(found["keycap"] or found["bare"]), "keycap" if found["keycap"] else "bare", end)


def _value(digits: str) -> int:
    """The value of a number up to 199, in digits, Chinese or Roman."""
    if digits.isdecimal():
        return int(digits)
    if digits[0].lower() in _ROMAN:
        values = [_ROMAN[letter] for letter in digits.lower()]
        return sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))
    hundreds, is_over, rest = digits.rpartition("百")
    tens, has_ten, ones = rest.rpartition("十")
    value = _DIGIT_OF.get(ones, 0) + (10 * _DIGIT_OF.get(tens, 1) if has_ten else 0)
    return value + (100 * _DIGIT_OF.get(hundreds, 1) if is_over else 0)
