"""Which papers of a set build on which others, as far as names and titles tell. Pure.

QLoRA carries the name of LoRA, Llama 2 follows LLaMA, "Textbooks Are All You Need II" the paper of that
title without a number, and a paper that has "Segment Anything" in its title refers to that one.
A paper never builds on a later one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

from tracker.identifiers import PaperKey, arxiv_id_of, year_month_of
from tracker.models import Paper
from tracker.reading.terms import tokens_of
from tracker.regex import regex

_Name = TypeVar("_Name")

_LATER_THAN_ALL = (9999, 0, 0)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}
_NUMBERED = regex(r"(?P<base>.*?[^\W\d_])[\s\-]*v?(?P<number>\d+(?:\.\d+)?)")
_SHORTEST_CARRIED = 4
"""Letters of a name that another name may carry: LoRA in QLoRA; shorter ones are carried by chance."""
_LONGEST_NAME = 12
"""Words of the longest name that is looked for in titles."""


def date_key(paper: Paper) -> tuple[int, int, int]:
    """Year, month, day of the first version, as far as known (0 where not); unknown years come last."""
    if paper.published:
        return _triple(paper.published)
    arxiv_id = arxiv_id_of(paper.key)
    if arxiv_id:
        year, month = year_month_of(arxiv_id)
        return year, month, 0
    return (paper.year, 0, 0) if paper.year else _LATER_THAN_ALL


def _triple(day: date) -> tuple[int, int, int]:
    return day.year, day.month, day.day


def short_name(paper: Paper) -> str:
    """What people call the paper: the name before the colon of its title, a short name, or its title.

    >>> short_name(Paper(key="arXiv:2305.14314", title="QLoRA: Efficient Finetuning of Quantized LLMs"))
    'QLoRA'
    """
    head, colon, _ = paper.title.partition(":")
    if colon and 0 < len(head) <= 30:
        return head.strip()
    if paper.aliases:
        return paper.aliases[0]
    if not paper.title:
        return paper.key
    return paper.title if len(paper.title) <= 60 else paper.title[:57].rstrip() + "..."


def foundations(papers: Sequence[Paper]) -> dict[PaperKey, tuple[PaperKey, ...]]:
    """For each paper that builds on others of the set, their keys in the order of the set.

    Cost: a few look-ups for each paper, whatever the size of the set.
    """
    names = [_Names(paper) for paper in papers]
    papers_by_name = _index((name, at) for at, one in enumerate(names) for name in one.own)
    papers_by_phrase = _index((phrase, at) for at, one in enumerate(names) for phrase in one.phrases)
    papers_by_series = _index((series, at) for at, one in enumerate(names) for series in one.number_by_series)

    built: dict[PaperKey, tuple[PaperKey, ...]] = {}
    for at, (paper, mine) in enumerate(zip(papers, names, strict=True)):
        lower: set[int] = set()
        higher = {at}
        for series, number in mine.number_by_series.items():
            for other in papers_by_series[series]:
                theirs = names[other].number_by_series[series]
                (lower if theirs < number else higher if theirs > number else set()).add(other)
        named = {other for run in _runs(mine.title) for other in papers_by_phrase.get(run, ())}
        carried = {
            other for name in mine.own for part in _parts(name) for other in papers_by_name.get(part, ())
        }
        found = sorted((lower | named | carried) - higher)
        day = date_key(paper)
        bases = tuple(papers[x].key for x in found if _is_not_later(date_key(papers[x]), day))
        if bases:
            built[paper.key] = bases
    return built


def _is_not_later(first: tuple[int, int, int], second: tuple[int, int, int]) -> bool:
    """Compares as much of two dates as both know; an unknown year is not later than anything."""
    if _LATER_THAN_ALL in (first, second):
        return True
    for one, other in zip(first, second, strict=True):
        if not one or not other:
            return True
        if one != other:
            return one < other
    return True


class _Names:
    """The names of one paper, prepared for comparison."""

    def __init__(self, paper: Paper) -> None:
        head, colon, _ = paper.title.partition(":")
        given = (head.strip(), *paper.aliases) if colon else paper.aliases
        self.own = tuple(name for name in dict.fromkeys(given) if _is_distinct(name))
        self.title = tokens_of(paper.title)
        # A title of two plain words ("Deep Learning") stands in too many others to mean this paper.
        says_itself = len(tokens_of(head)) >= (2 if colon else 3)
        self.phrases = {tokens_of(name) for name in (*self.own, *([head] if says_itself else []))}
        self.number_by_series: dict[str, float] = {}
        for name in (head, *self.own):
            series, number = _series(name)
            if len(series) >= 2:
                self.number_by_series.setdefault(series, number)


def _is_distinct(name: str) -> bool:
    """Whether a short name can be told from a plain word: several capitals, a digit, or several words."""
    capitals = sum(letter.isupper() for letter in name)
    return capitals >= 2 or any(letter.isdigit() for letter in name)


def _series(name: str) -> tuple[str, float]:
    """A name without its number, and the number: "Llama 2" -> ("llama", 2), "LLaMA" -> ("llama", 1)."""
    words = name.lower().split()
    if len(words) > 1 and words[-1] in _ROMAN:
        return " ".join(words[:-1]), _ROMAN[words[-1]]
    text = " ".join(words)
    found = _NUMBERED.fullmatch(text)
    return (found["base"], float(found["number"])) if found else (text, 1.0)


def _parts(name: str) -> set[str]:
    """The names that a name may carry inside it: "QLoRA" carries "LoRA", "RoBERTa" carries "BERT"."""
    ends = range(_SHORTEST_CARRIED, len(name) + 1)
    parts = {name[start:end] for end in ends for start in range(end - _SHORTEST_CARRIED + 1)}
    return parts - {name}


def _runs(tokens: tuple[str, ...]) -> set[tuple[str, ...]]:
    """Every run of words of a title, up to the length of a name."""
    return {
        tokens[start:end]
        for start in range(len(tokens))
        for end in range(start + 1, start + _LONGEST_NAME + 1)
    }


def _index(pairs: Iterable[tuple[_Name, int]]) -> dict[_Name, list[int]]:
    """For each name the positions of the papers that have it."""
    positions: dict[_Name, list[int]] = defaultdict(list)
    for name, at in pairs:
        positions[name].append(at)
    return positions
