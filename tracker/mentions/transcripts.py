"""Whether a document is a transcript: what somebody said, written down by a speech recogniser.

Told from its form alone. People who write do not write their hesitations ("呃", "对吧", "um", "you know"),
and recognisers hardly write brackets, colons or quotation marks. Of the 330 documents of the development
benchmark, all of them written, the one with the most of these fillers has 7 in a thousand words and 77 marks,
the one with the fewest marks 16 and no filler; a talk of six hours has 22 fillers and no mark.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final

from tracker.catalogue import Catalogue
from tracker.mentions.names import FoundName
from tracker.mentions.windows import has_loose_end
from tracker.models import Document
from tracker.regex import regex

if TYPE_CHECKING:
    from tracker.mentions.heard import HeardName

FILLERS: Final = 8.0
"""In a thousand words: with so many a text is speech."""
FEW_FILLERS: Final = 3.0
"""With so many it is speech where times, speakers or noises are noted as well."""
MARKS: Final = 25.0
"""Brackets, colons, quotation marks in a thousand words: with more it was written, or tidied for reading."""
LEAST_WORDS: Final = 80
LEAST_NOTES: Final = 3
LOOKED_AT: Final = 30_000
"""Code points of a longer document that are looked at, in `STRETCHES` from its beginning to its end."""
STRETCHES: Final = 12
GLANCE: Final = 2_400
"""So many code points tell most written documents apart at once: they have three times `MARKS`."""

_NOT_SPOKEN: Final = regex(r"!?\[[^\]\n]*\]\([^)\n]*\)|https?://\S+|^#.*$", re.MULTILINE)
_NOTE: Final = regex(
    r"^[ \t>]*[\[(（【]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{3})?[\])）】]?"
    r"|^[ \t]*(?:speaker|interviewer|host|audience|moderator|lecturer|student|发言人|主持人|嘉宾|观众|讲者)"
    r"\s?\w{0,2}\s?[:：]"
    r"|[\[(【♪]\s?(?:音乐|音樂|掌声|掌聲|笑声|笑聲|music|applause|laughter|inaudible|crosstalk|noise)"
    r"[^\])】]{0,12}[\])】♪]?",
    re.MULTILINE | re.IGNORECASE,
)
_MARK: Final = regex(r"[()（）\[\]【】:：;；“”\"「」『』《》*_`|—…]")
_WORD: Final = regex(r"[\u3400-\u9fff]|[A-Za-z]+(?:['’][a-z]+)?")
_FILLER: Final = regex(
    r"[呃嗯诶誒唉欸]|[对對]吧|是吧|[对對]不[对對]|那[个個]|就是[说說]|咱[们們]|[啊呀哈嘛](?=[，。, \n])"
    r"|然[后後]呢|的[话話](?=[，, ])|好的?(?=[，, ])"
    r"|\b(?:um+|uh+|erm?|hmm+|yeah|yep|you know|i mean|gonna|wanna|gotta|kinda|kind of|sort of|okay"
    r"|ok so|all ?right|right\?|so (?:yeah|basically|now|we|let's|this|the|you|i|that|here|what|if)"
    r"|let's see|a little bit|and so|and then|i think|i guess)\b",
    re.IGNORECASE,
)


def is_transcript(document: Document) -> bool:
    """Whether a document is what a speech recogniser wrote.

    Speech that an editor made into prose is none, nor are slides and notes of a talk: in those, names are
    spelled as their authors spell them.
    """
    glance = _spoken(_sample(document.text, GLANCE))
    if len(_MARK.findall(glance)) > 3 * MARKS * len(_WORD.findall(glance)) / 1000:
        return False
    text = _sample(document.text, LOOKED_AT)
    notes = len(_NOTE.findall(text))
    spoken = _spoken(text)
    words = len(_WORD.findall(spoken))
    if words < LEAST_WORDS or len(_MARK.findall(spoken)) > MARKS * words / 1000:
        return False
    enough = FEW_FILLERS if notes >= LEAST_NOTES else FILLERS
    return len(_FILLER.findall(spoken)) >= enough * words / 1000


def _spoken(text: str) -> str:
    """The text without headings, links and pictures, times, names of speakers, and noises."""
    return _NOTE.sub(" ", _NOT_SPOKEN.sub(" ", text))


def _sample(text: str, size: int) -> str:
    if len(text) <= size:
        return text
    part, step = size // STRETCHES, len(text) // STRETCHES
    return "\n".join(text[at * step : at * step + part] for at in range(STRETCHES))


_DECIMAL_BEHIND: Final = regex(r"\s?[。点點]\s?\d")


def names_in_speech(
    document: Document, names: Sequence[FoundName], rows: Collection[int], catalogue: Catalogue
) -> tuple[list[FoundName], list[HeardName]]:
    """The names in a transcript: of those that are spelled the ones that stay, and those that are only heard.

    `rows` are the papers that the document names by title or identifier. Not staying are a number that a full stop
    cuts in two ("GPT3。5"), what hesitations make ("um I" for UMI), and what may as well be another name.
    """
    from tracker.mentions.heard import find_heard

    text = document.text
    heard = find_heard(text, names, rows, catalogue, has_case=_has_case(document))
    places = {(one.start, one.end) for one in heard}
    return [name for name in names if (name.start, name.end) not in places and _is_whole(text, name)], heard


CAPITALISED: Final = 0.03
"""Where a recogniser writes capitals as a writer does, so many English words begin with one, or more."""


def _has_case(document: Document) -> bool:
    words = re.findall(r"[A-Za-z]+", _sample(document.text, LOOKED_AT))
    return document.language == "en" and sum(word.istitle() for word in words) > CAPITALISED * len(words)


def _is_whole(text: str, name: FoundName) -> bool:
    """Whether a name is not a part of a number, nor made of what people say between words."""
    words = text[name.start : name.end].split()
    is_cut = text[name.end - 1].isdigit() and _DECIMAL_BEHIND.match(text, name.end) is not None
    return not is_cut and not (len(words) > 1 and has_loose_end(words))
