"""The pieces of a text that are set off from the rest and could be titles: items of lists, headings, cells of
tables, what stands in quotes, brackets or emphasis, and a name with a colon within a Chinese sentence.

In: a text. Out: its pieces in order; they may overlap. Whether one is a title is for others to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from tracker.regex import regex

LONGEST: Final = 200
"""Code points of a piece; the longest titles of arXiv have 240, and 99 in 100 fewer than 130."""
SHORTEST: Final = 4
_QUOTES: Final = {
    '"': '"',
    "“": "”",
    "‘": "’",
    "「": "」",
    "『": "』",
    "《": "》",
    "〈": "〉",
    "【": "】",
    "[": "]",
    "(": ")",
    "（": "）",
    "**": "**",
    "*": "*",
    "__": "__",
    "_": "_",
    "`": "`",
}
_QUOTED: Final = regex(
    "|".join(
        rf"{re.escape(opening)}(?P<q{at}>[^{re.escape(opening[0])}{re.escape(closing[0])}\n]{{{SHORTEST},{LONGEST}}})"
        f"{re.escape(closing)}"
        for at, (opening, closing) in enumerate(_QUOTES.items())
    )
)
_OPENING: Final = regex("[" + re.escape("".join(opening[0] for opening in _QUOTES)) + "]")
_LINE: Final = regex(r"[^\n]+")
_PART: Final = regex(r"[^|\t。；]+")
_NUMBERED: Final = regex(r"(?<![\w.])\d{1,2}[)）、](?=\s?[^\W\d])|(?<=[^\W\d_ ])\d{1,2}[)）](?=\s?[^\W\d])")
"""A numbered entry within a line, also where line breaks got lost ("...洞见2) Llama 2: ...")."""
_LEAD: Final = regex(
    r"(?:[\s>#*+•●○◦▪■◆►➢‣⁃∙·–—_“\"'「『《【\[(（:：,，、-]|\d{1,3}(?:\.\d{1,2})*[.)）、．:：]\s?(?!\d)|[(（【\[]\d{1,3}[)）】\]]"
    r"|(?i:(?:paper|title|论文|論文|标题|標題|题目|題目|文章)(?:标题|題目|题目|名称|名)?\s?[:：]))*"
)
"""What stands before the words: bullets, numbers, quotes, "Paper:"."""
_TAIL: Final = regex(
    r"(?:[\s*_”\"'」』》】\]:：,，、.–—-]|[(（\[【]\s?(?:[A-Za-z][\w&/ -]{1,20}?[ ',’-]*)?(?:19|20)\d\d\s?[)）\]】]"
    r"|[\[【(（]\s?(?:译|譯|翻译|翻譯|PDF|pdf|code|Code|论文|論文)\s?[\]】)）]|[(（]\Z)*\Z"
)
"""What stands behind them: a year or a venue in brackets, "[译]", quotes."""
_DASH: Final = regex(r"\s+[-–—/]+\s+|——")
_SENTENCE_ENDS: Final = ("。", "；")
_NAME_COLON: Final = regex(
    r"(?<![\w.-])[A-Z][\w+.-]*(?: [A-Z0-9][\w+.-]*){0,3}\s?[:：]\s?"
    r"(?=[^\n]{0,3}[\u3400-\u9fff])[^\n。；，,;!！?？“”\"「」《》（）()]{5,80}"
)
"""A name, a colon and Chinese behind it, in the middle of a sentence ("is described in Zephyr: ...")."""
# What a line must have for a pattern to find anything in it: quick to look for.
_BEHIND_NUMBER: Final = regex(r"[)）、]")
_COLON: Final = regex(r"[:：]")
_STROKE: Final = regex(r"[-–—/]")
_MARK: Final = regex(
    "|".join(one.pattern for one in (_OPENING, _BEHIND_NUMBER, _COLON, _STROKE)) + r"|[|\t。；]"
)
"""Something that may part a line or set off a piece of it."""
_TAIL_ENDS: Final = regex(r"[\s*_”\"'」』》】\]:：,，、.–—)）(（-]")
_LETTERS: Final = regex(r"[^\W\d_]{2}")
HAN: Final = regex(r"[\u3400-\u9fff]")
_BLANK_BEFORE_HAN: Final = regex(r"\s+(?=[\u3400-\u9fff])")


class Piece(NamedTuple):
    """text[start:end] could be a title."""

    start: int
    end: int
    is_set_off: bool
    """Both ends are marked: by quotes, the ends of a line, a number. Else only the text says where it ends."""


def title_pieces(text: str) -> Iterator[Piece]:
    """The pieces of a text in order of their start, each span once, without the marks around it.

    >>> text = "1. 《模仿专有大语言模型的虚假承诺》(2023)"
    >>> [text[p.start : p.end] for p in title_pieces(text)]
    ['模仿专有大语言模型的虚假承诺']
    >>> text = "在 Zephyr: 直接提炼 LM 对齐 中。"
    >>> [text[p.start : p.end] for p in title_pieces(text) if not p.is_set_off]
    ['Zephyr: 直接提炼 LM', 'Zephyr: 直接提炼 LM 对齐', 'Zephyr: 直接提炼 LM 对齐 中']
    """
    for line in _LINE.finditer(text):
        start, end = line.span()
        if _MARK.search(text, start, end):
            yield from _pieces_of_line(text, start, end)
        elif end - start <= 2 * LONGEST:
            start, end = _trimmed(text, start, end)
            if _may_be(text, start, end):
                yield Piece(start, end, True)


def _pieces_of_line(text: str, start: int, end: int) -> Iterator[Piece]:
    seen: dict[tuple[int, int], bool] = {}
    for left, right, is_set_off in _of_line(text, start, end):
        left, right = _trimmed(text, left, right)
        if _may_be(text, left, right):
            seen[left, right] = seen.get((left, right), False) or is_set_off
    yield from (Piece(left, right, is_set_off) for (left, right), is_set_off in sorted(seen.items()))


def _may_be(text: str, start: int, end: int) -> bool:
    return SHORTEST <= end - start <= LONGEST and _LETTERS.search(text, start, end) is not None


def _of_line(text: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    for quoted in _QUOTED.finditer(text, start, end) if _OPENING.search(text, start, end) else ():
        group = quoted.lastgroup
        assert group is not None, "every way of quoting is a group"
        yield *quoted.span(group), True
    for part in _PART.finditer(text, start, end):
        cuts = [part.start(), part.end()]
        if _BEHIND_NUMBER.search(text, *part.span()):
            for number in _NUMBERED.finditer(text, *part.span()):
                cuts += number.span()
            cuts.sort()
        for left, right in zip(cuts[::2], cuts[1::2], strict=True):
            if right - left <= 2 * LONGEST and text[right : right + 1] not in _SENTENCE_ENDS:
                yield left, right, True
                dash = _STROKE.search(text, left, right) and _DASH.search(text, left, right)
                if dash:
                    yield left, dash.start(), True
                    yield dash.end(), right, True
    if not (_COLON.search(text, start, end) and HAN.search(text, start, end)):
        return
    for named in _NAME_COLON.finditer(text, start, end):
        for blank in _BLANK_BEFORE_HAN.finditer(text, *named.span()):
            if HAN.search(text, named.start(), blank.start()):
                yield named.start(), blank.start(), False
        yield *named.span(), False


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without the marks at its ends."""
    lead = _LEAD.match(text, start, end)
    start = lead.end() if lead else start
    if start < end and not _TAIL_ENDS.match(text, end - 1):
        return start, end
    tail = _TAIL.search(text, start, end)
    return start, tail.start() if tail else end
