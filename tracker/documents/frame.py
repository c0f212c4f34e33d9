"""The words of the frame of a web page, from `frame.txt`: a line in, what it says of itself out."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tracker.regex import regex

_LONGEST = 80
"""Characters: no line of mere labels is longer."""
_COUNT = regex(r"^[\d\s]+|\s*[(（]\d+[)）]$")
_AROUND = " \t*_#-—()（）[]:：?？!！…"


class Frame(NamedTuple):
    """The phrases of `frame.txt`, ready to be looked for; all lower case."""

    labels: re.Pattern[str]
    beginnings: tuple[str, ...]
    first_letters: frozenset[str]
    """What labels and beginnings begin with: three Latin letters or two others."""
    inside: tuple[str, ...]
    lists: frozenset[str]
    ends: frozenset[str]
    list_beginnings: tuple[str, ...]
    end_beginnings: tuple[str, ...]


@cache
def load_frame() -> Frame:
    """The phrases, read once."""
    sections: dict[str, list[str]] = {}
    for line in Path(__file__).with_name("frame.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            sections[line.strip("[]")] = []
        elif line and not line.startswith("#"):
            list(sections.values())[-1].extend(phrase.strip() for phrase in line.split(","))
    # The longest label first and nothing tried twice, so that no line takes more than one pass.
    labels = sorted(sections["labels"], key=len, reverse=True)
    words = "|".join(re.escape(label).replace(r"\ ", r"\s?") for label in labels)
    starts = (*labels, *sections["beginnings"])
    return Frame(
        labels=re.compile(rf"(?:(?>{words})[\s|/·•,、:：>!！?？]*+)++"),
        beginnings=tuple(sections["beginnings"]),
        first_letters=frozenset(phrase[: 3 if phrase.isascii() else 2] for phrase in starts),
        inside=tuple(sections["inside"]),
        lists=frozenset(phrase for phrase in sections["lists"] if phrase[-1] != "…"),
        ends=frozenset(phrase for phrase in sections["ends"] if phrase[-1] != "…"),
        list_beginnings=tuple(phrase[:-1] for phrase in sections["lists"] if phrase[-1] == "…"),
        end_beginnings=tuple(phrase[:-1] for phrase in sections["ends"] if phrase[-1] == "…"),
    )


def is_of_frame(words: str, frame: Frame) -> bool:
    """Whether a line with these words can only belong to the frame of a page.

    >>> [is_of_frame(line, load_frame()) for line in ("首页", "SubscribeSign in", "© 2024 A.", "Share GPT")]
    [True, True, True, False]
    """
    words = words.lower()
    if words[:3] in frame.first_letters or words[:2] in frame.first_letters:
        if len(words) <= _LONGEST and frame.labels.fullmatch(words):
            return True
        if words.startswith(frame.beginnings):
            return True
    one, two, three = frame.inside
    return one in words or two in words or three in words


def heads_list(words: str, frame: Frame) -> bool:
    """Whether a line is the head of a list of other articles ("Related posts", "相关文章:")."""
    words = words.lower().strip(_AROUND)
    return words in frame.lists or words.startswith(frame.list_beginnings)


def ends_article(words: str, frame: Frame) -> bool:
    """Whether a line stands where the article ends ("上一篇: …", "Leave a reply", "3 comments", "END")."""
    words = _COUNT.sub("", words.lower().strip(_AROUND)).strip(_AROUND)
    return words in frame.ends or words.startswith(frame.end_beginnings)
