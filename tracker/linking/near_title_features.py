"""What speaks for and against a paper whose title a piece of text nearly is: translated, misspelt, shortened.

In: a mention that `mentions.near_titles` found, and one of its papers. Out: named numbers, as in `features`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from tracker.catalogue import Catalogue
from tracker.catalogue.glossary import HAN, glossary
from tracker.catalogue.likely import Likely, likely_among
from tracker.catalogue.likeness import likeness
from tracker.catalogue.stems import title_words
from tracker.linking.candidates import MOST, Candidate
from tracker.linking.context import Context
from tracker.models import Mention
from tracker.regex import regex

_LEADING_NAME: Final = regex(r"[A-Za-z][\w.+ -]{0,38}?[\w+](?=\s?[:：(（]|\s?[\u3400-\u9fff])")
_NUMBER: Final = regex(r"(?<![\d.])\d+(?:\.\d+)*(?![\d.])")
_YEAR_BEHIND: Final = regex(
    r"[\s\"”»」』》*_,，.\])）]{0,4}[(（\[,，]?\s?(?:[A-Za-z&’' ]{1,24}?)?((?:19|20)\d\d)(?!\d)"
)
_QUOTES_BEFORE: Final = '"“「『《〈*_['
_QUOTES_BEHIND: Final = '"”」』》〉*_]'
_PAPER_BEFORE: Final = regex(r"(?i:paper|论文|論文|文章|report|报告|題為|题为)[\s:：,，《“「\"]{0,4}\Z")
MOST_AROUND: Final = 4
"""Lines with titles around a title, of the six nearest, that make it one of a list."""
_SHORT_HAN: Final = 7
"""Chinese characters below which many titles are alike: one held-out title in 50 is so short."""


class _Steady(dict[str, float]):
    """Features that do not change between the passes."""


def near_title_features(mention: Mention, candidate: Candidate, context: Context) -> dict[str, float]:
    """The features of one candidate of such a mention; those of the document come from elsewhere."""
    place, kept = (mention.start, mention.end, candidate.row), context.kept(_Steady)
    steady = kept.get(place)
    if steady is None:
        steady = kept[place] = _Steady(_steady_features(mention, candidate, context))
    return steady | {"among titles": among_titles(mention, context)}


def among_titles(mention: Mention, context: Context) -> float:
    """How far a mention is one of a list of titles, in [0, 1]."""
    return min(context.titles_around(mention), MOST_AROUND) / MOST_AROUND


def _steady_features(mention: Mention, candidate: Candidate, context: Context) -> dict[str, float]:
    """What does not change between the passes."""
    surface, title, catalogue = mention.surface, candidate.paper.title, context.catalogue
    is_translated = HAN.search(surface) is not None
    return {
        **(_translated(mention, candidate, context) if is_translated else _misspelt(surface, candidate)),
        "near title fame": math.log1p(candidate.paper.cited_in),
        "near title stands apart": float(_stands_apart(mention, context)),
        "other numbers": float(_has_other_numbers(surface, title)),
        **_leading_name(surface, candidate, catalogue),
        **_year_behind(mention, candidate, context),
    }


def describe_near_title(seen: Mapping[str, float]) -> dict[str, str]:
    """The telling features in words, by feature name."""
    words = {name: text for name, text in _IN_WORDS.items() if name in seen}
    if "translated title" in seen:
        words["told by title"] = (
            f"the title says {seen.get('told by title', 0.0):.0%} of what stands here, "
            f"and {seen.get('title told', 0.0):.0%} of the title stands here"
        )
    if "nearly the title" in seen:
        alike = (seen.get("letters alike", 0.0) / 10 + _ALIKE_FROM) * 100
        words["letters alike"] = f"{alike:.0f} % of the letters are those of the title"
    return words


_IN_WORDS: Final = {
    "translated title": "it reads like a translation of the title",
    "nearly the title": "it is nearly the title",
    "begins the title": "only the beginning of the title stands here",
    "among titles": "titles of papers stand on the lines around it",
    "other numbers": "it has a number that the title does not have",
    "its name leads": "it begins with the paper's name",
    "another name leads": "it begins with the name of another paper",
    "its year behind": "the paper's year stands behind it",
    "another year behind": "another year stands behind it",
}
_ALIKE_FROM: Final = 0.85


class _Likely(dict[int, Likely]):
    """How likely a surface is the title of some papers, by row."""


def _translated(mention: Mention, candidate: Candidate, context: Context) -> dict[str, float]:
    index, surface, kept = context.catalogue.words, mention.surface, context.kept(_Likely)
    assert index is not None, "only a catalogue with a word index has such mentions"
    known = kept.get(surface)
    if known is None or candidate.row not in known:
        rows = dict.fromkeys((*mention.rows[:MOST], candidate.row))
        found = likely_among(glossary().concepts(surface), rows, context.catalogue, index)
        known = kept[surface] = _Likely((one.row, one) for one in found)
    likely = known[candidate.row]
    return {
        "translated title": 1.0,
        "score of translation": likely.score / 10,
        "told by title": likely.told,
        "title told": likely.covered,
        "short translation": float(sum(map(len, HAN.findall(surface))) < _SHORT_HAN),
    }


def _misspelt(surface: str, candidate: Candidate) -> dict[str, float]:
    title = candidate.paper.title
    alike = likeness(surface, title)
    ours, theirs = set(title_words(surface)), set(title_words(title))
    return {
        "nearly the title": 1.0,
        "letters alike": 10 * (alike - _ALIKE_FROM),
        "begins the title": float(len(surface) < 0.8 * len(title)),
        "words of near title": math.log(max(len(ours), 1)),
        "words not in title": float(len(ours - theirs)),
        "titles so alike": math.log1p(candidate.rivals),
    }


def _has_other_numbers(surface: str, title: str) -> bool:
    """Whether a number stands here that the title has not: another version, another part."""
    return not set(_NUMBER.findall(surface)) <= set(_NUMBER.findall(title))


def _leading_name(surface: str, candidate: Candidate, catalogue: Catalogue) -> dict[str, float]:
    leading = _LEADING_NAME.match(surface)
    aliases = catalogue.aliases_of(leading[0]) if leading else []
    is_own = any(alias.row == candidate.row for alias in aliases)
    return {"its name leads": float(is_own), "another name leads": float(bool(aliases) and not is_own)}


def _year_behind(mention: Mention, candidate: Candidate, context: Context) -> dict[str, float]:
    behind = _YEAR_BEHIND.match(context.document.text, mention.end, mention.end + 40)
    year = candidate.paper.year
    if not behind or not year:
        return {}
    agrees = abs(int(behind[1]) - year) <= 1
    return {"its year behind": float(agrees), "another year behind": float(not agrees)}


def _stands_apart(mention: Mention, context: Context) -> bool:
    """Whether it stands in quotes, brackets or emphasis, or is called a paper."""
    text = context.document.text
    before, behind = text[max(0, mention.start - 1) : mention.start], text[mention.end : mention.end + 1]
    is_quoted = before in _QUOTES_BEFORE and behind in _QUOTES_BEHIND and before != "" and behind != ""
    return is_quoted or bool(_PAPER_BEFORE.search(text, max(0, mention.start - 12), mention.start))
