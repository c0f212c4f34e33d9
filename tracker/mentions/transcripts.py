"""Whether a document is a transcript: what somebody said, written down by a speech recogniser. Pure.

Told from its form alone. People who write do not write their hesitations ("呃", "对吧", "um", "you know"), and
recognisers hardly write brackets, colons or quotation marks. Of the 330 documents of the development benchmark, all of
them written, the one nearest to speech has 4 of these fillers in a thousand words and 19 marks; a talk of six hours
has 26 fillers and no mark.
"""

from __future__ import annotations

import re
from typing import Final

from tracker.models import Document

FILLERS: Final = 8.0
"""In a thousand words: with so many a text is speech."""
FEW_FILLERS: Final = 3.0
"""With so many it is speech where times, speakers or noises are noted as well."""
MARKS: Final = 25.0
"""Brackets, colons, quotation marks in a thousand words: with more it was written, or tidied for reading."""
LEAST_WORDS: Final = 80
LEAST_FILLERS: Final = 3
LEAST_NOTES: Final = 3
LOOKED_AT: Final = 60_000
"""Code points of a longer document that are looked at: a stretch from its beginning, its middle and its end."""
GLANCE: Final = 3_000
"""So many tell most written documents apart at once, by `TOO_MANY_MARKS` in a thousand words."""
TOO_MANY_MARKS: Final = 3 * MARKS

_NOT_SPOKEN: Final = re.compile(r"!?\[[^\]\n]*\]\([^)\n]*\)|https?://\S+|^#.*$", re.MULTILINE)
_NOTE: Final = re.compile(
    r"^[ \t>]*[\[(（【]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{3})?[\])）】]?"
    r"|^[ \t]*(?:(?:speaker|interviewer|host|audience|moderator|lecturer|student)\s?\w{0,2}|(?:发言人|主持人|嘉宾|观众|讲者)\s?\w{0,2})\s?[:：]"
    r"|[\[(【♪]\s?(?:音乐|音樂|掌声|掌聲|笑声|笑聲|music|applause|laughter|inaudible|crosstalk|noise)[^\])】]{0,12}[\])】♪]?",
    re.MULTILINE | re.IGNORECASE,
)
_MARK: Final = re.compile(r"[()（）\[\]【】:：;；“”\"「」『』《》*_`|—…]")
_WORD: Final = re.compile(r"[\u3400-\u9fff]|[A-Za-z]+(?:['’][a-z]+)?")
_FILLER: Final = re.compile(
    r"[呃嗯诶誒唉欸]|[对對]吧|是吧|[对對]不[对對]|那[个個]|就是[说說]|咱[们們]|[啊呀哈嘛](?=[，。, \n])|然[后後]呢"
    r"|的[话話](?=[，, ])|好的?(?=[，, ])"
    r"|\b(?:um+|uh+|erm?|hmm+|yeah|yep|you know|i mean|gonna|wanna|gotta|kinda|kind of|sort of|okay|ok so|all ?right"
    r"|right\?|so (?:yeah|basically|now|we|let's|this|the|you|i|that|here|what|if)|let's see|a little bit"
    r"|and so|and then|i think|i guess)\b",
    re.IGNORECASE,
)


def is_transcript(document: Document) -> bool:
    """Whether a document is what a speech recogniser wrote.

    Speech that an editor made into prose is none, nor are slides and notes of a talk: in those, names are spelled
    as their authors spell them.
    """
    marks, words, _ = _counts(_sample(document.text, GLANCE))
    if 1000 * marks > TOO_MANY_MARKS * words:
        return False
    marks, words, notes = _counts(text := _sample(document.text, LOOKED_AT))
    if words < LEAST_WORDS or 1000 * marks > MARKS * words:
        return False
    fillers = len(_FILLER.findall(text))
    enough = FEW_FILLERS if notes >= LEAST_NOTES else FILLERS
    return fillers >= LEAST_FILLERS and 1000 * fillers >= enough * words


def _counts(text: str) -> tuple[int, int, int]:
    """How many marks and words were spoken, and how many notes stand beside them."""
    spoken, notes = _NOTE.subn(" ", _NOT_SPOKEN.sub(" ", text))
    return len(_MARK.findall(spoken)), len(_WORD.findall(spoken)), notes


def _sample(text: str, size: int) -> str:
    if len(text) <= size:
        return text
    part = size // 3
    middle = (len(text) - part) // 2
    return "\n".join((text[:part], text[middle : middle + part], text[-part:]))
