"""How a name sounds, so that what a speech recogniser wrote can be compared with what was said. Pure.

A reading is a string of one character a sound: `p b t d k g f v s z m n l r h w y`, S (sh, ch), J (the g of "gem"),
the vowels `a e i o u`, and digits. Readings are made of English spelling, of the names of spelled letters, and of
Chinese characters; they are rough on purpose, for they are only ever compared with each other.

Sources: the syllables of characters (`pinyin.txt`, the 6,763 characters of GB 2312) are those of pypinyin; the
characters that are used to write foreign names, and the ordinary words among what they spell (`transliteration.txt`),
are those of the usual tables of transcription from English and of the dictionary of jieba.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from tracker.catalogue.squeeze import squeeze
from tracker.keys import fold

NUMBERS: Final = {
    **{
        word: str(number)
        for number, word in enumerate("zero one two three four five six seven eight nine ten".split())
    },
    **{word: str(number) for number, word in enumerate("零一二三四五六七八九")},
    **{"两": "2", "兩": "2", "second": "2"},
}
"""Numbers as they are said ("lama two", "拉玛三")."""
_LETTERS: Final = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        "e bi si di i ef Ji eS ai Je ke el em en o pi kiu ar es ti iu vi dabliu eks wai zi".split(),
        strict=True,
    )
)
_SPELLING: Final = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"^x", "z"),
        (r"^(?:kn|gn)", "n"),
        (r"^wr", "r"),
        (r"(?:t|s|ss)ion", "Sn"),
        (r"ph", "f"),
        (r"tch|sh|ch(?![lr])", "S"),
        (r"ch|ck|q(?!u)", "k"),
        (r"qu", "kw"),
        (r"dge|dj|j", "J"),
        (r"g(?=[eiy])", "J"),
        (r"gh", ""),
        (r"x", "ks"),
        (r"c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"th", "t"),
        (r"wh", "w"),
        (r"(?<=[a-zS])mb$", "m"),
        (r"ng(?![aeiou])", "n"),
        (r"(?<=[aeiou].)e$|(?<=[aeiou]..)e$", ""),
        (r"ee|ea|ie|(?<=.)y(?![aeiou])", "i"),
        (r"oo|ou|ew|ue", "u"),
        (r"ai|ay|ei|ey", "e"),
        (r"au|aw|oa|ow", "o"),
        (r"(.)\1+", r"\1"),
    )
)
_PINYIN: Final = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"^(?:zh|j)", "J"),
        (r"^(?:sh|ch|x|q)", "S"),
        (r"^c", "s"),
        (r"^yu|(?<=[ln])v", "u"),
        (r"^w", "v"),
        (r"^yi", "i"),
        (r"(?<=[aeiou])ng$", "n"),
        (r"uo|ou|ao", "o"),
        (r"ei|ai", "e"),
        (r"ui", "ue"),
        (r"er$", "r"),
    )
)
_COARSE: Final = str.maketrans(
    {**dict(zip("bdgvwzSJnr", "ptkffsssml", strict=True)), **dict.fromkeys("aeiouhy")}
)
"""Sounds that recognisers take for each other are one; vowels and breaths are none."""
_PARTS: Final = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+(?:\.\d+)?")
MOST_SPELLED: Final = 5
"""Longer runs of capitals are words in capitals ("NEURIPS"), not spelled letters."""
MOST_READINGS: Final = 4


@lru_cache(maxsize=1 << 14)
def sounds(word: str) -> str:
    """The reading of one word in English spelling; digits stay.

    >>> sounds("clip"), sounds("lama") == sounds("llama"), sounds("phi"), sounds("wise")
    ('klip', True, 'fi', 'wis')
    """
    said = "".join(c for c in fold(word) if c.isascii() and c.isalnum())
    for pattern, sound in _SPELLING:
        said = pattern.sub(sound, said)
    return said


def spelled(letters: str) -> str:
    """The reading of letters that are spelled out.

    >>> spelled("RWKV"), spelled("r w k v")
    ('ardabliukevi', 'ardabliukevi')
    """
    return "".join(_LETTERS.get(c, c) for c in letters.lower() if c.isalnum())


@lru_cache(maxsize=1 << 14)
def readings(name: str) -> tuple[str, ...]:
    """The ways in which a name may be said, at most `MOST_READINGS`, each once, the plainest first.

    Parts in capitals may be words or spelled letters ("CLIP", "CPM"); single letters are spelled; numbers may be
    words ("lama two").

    >>> readings("MiniCPM"), readings("mini c p m"), readings("CLIP")
    (('minisipiem',), ('minisipiem',), ('klip', 'sielaipi'))
    """
    found = [""]
    for part in (
        part for word in re.split(r"[^A-Za-z0-9.]+", fold_case(name)) for part in _PARTS.findall(word)
    ):
        ways = _ways(part)
        found = [said + way for said in found for way in ways][:MOST_READINGS]
    whole = sounds(name) if " " not in name.strip() else ""
    if (
        whole
        and not any(c.isdigit() for c in whole)
        and re.search("[aeiou]", whole)
        and len(found[0]) > len(whole)
    ):
        found = [whole, *found][:MOST_READINGS]
    return tuple(dict.fromkeys(said for said in found if said))


def fold_case(name: str) -> str:
    """A name without accents and in plain letters, its case as it was."""
    return "".join(fold(c).upper() if c.isupper() else fold(c) for c in name)


def _ways(part: str) -> list[str]:
    """How a part of a name may be said."""
    if part.lower() in NUMBERS:
        return [NUMBERS[part.lower()]]
    has_vowel = re.search("[aeiouy]", part.lower()) is not None
    may_be_spelled = len(part) == 1 or (len(part) <= MOST_SPELLED and (part.isupper() or not has_vowel))
    may_be_word = len(part) > 1 and (has_vowel or not may_be_spelled)
    return [sounds(part)] * may_be_word + [spelled(part)] * may_be_spelled


@lru_cache(maxsize=1 << 15)
def coarse(reading: str) -> str:
    """A reading without vowels, its consonants in classes of what is easily confused.

    >>> coarse(sounds("gbt")) == coarse(sounds("gpt")), coarse("klip")
    (True, 'klp')
    """
    return re.sub(r"(.)\1+", r"\1", reading.translate(_COARSE))


@cache
def _syllables() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    text = (Path(__file__).parent / "pinyin.txt").read_text(encoding="utf-8")
    for syllable, characters in (line.split() for line in text.splitlines()):
        for character in characters:
            found[character] = (*found.get(character, ()), syllable)
    return found


def syllables(character: str) -> tuple[str, ...]:
    """The syllables of one Chinese character in pinyin without tones ("v" for ü); () where it is none or rare.

    >>> syllables("麗"), syllables("曾")
    (('li',), ('ceng', 'zeng'))
    """
    return _syllables().get(squeeze(character), ())


def said_in_chinese(text: str) -> str:
    """The reading of Chinese characters, numbers among them as digits; "" where one of them is not known.

    >>> said_in_chinese("克里普"), said_in_chinese("曼巴"), said_in_chinese("拉玛三")
    ('kelipu', 'manba', 'lama3')
    """
    said = []
    for character in text:
        known = syllables(character)
        if character in NUMBERS:
            said.append(NUMBERS[character])
        elif known:
            said.append(_said(known[0]))
        else:
            return ""
    return "".join(said)


@cache
def _said(syllable: str) -> str:
    for pattern, sound in _PINYIN:
        syllable = pattern.sub(sound, syllable)
    return syllable


@cache
def _transliteration() -> tuple[re.Pattern[str], frozenset[str]]:
    text = (Path(__file__).parent / "transliteration.txt").read_text(encoding="utf-8")
    characters, _, words = text.partition("\n\n")
    return re.compile(f"[{characters.replace(chr(10), '')}]{{2,}}"), frozenset(words.split())


MOST_CHARACTERS: Final = 5
"""Of a foreign name in Chinese; the names of systems have two to four syllables."""


def foreign_in_chinese(text: str) -> Iterator[tuple[int, int]]:
    """Spans of two to `MOST_CHARACTERS` characters that may write a foreign name, longer ones first at each place.

    `text` is in simplified characters. Not given are ordinary words and the names of well-known people and places,
    nor what begins or ends with one of them or within one.

    >>> [text[i:j] for text in ["就像克里普最早", "这个方法里"] for i, j in foreign_in_chinese(text)]
    ['克里普']
    """
    either, words = _transliteration()
    for run in either.finditer(text):
        first, last = run.span()
        taken = [
            (i, j)
            for i in range(first, last)
            for j in range(i + 2, min(i + 4, last) + 1)
            if text[i:j] in words
        ]
        for start in range(first, last - 1):
            for end in range(min(start + MOST_CHARACTERS, last), start + 1, -1):
                if not any(i < end and start < j for i, j in taken):
                    yield start, end
