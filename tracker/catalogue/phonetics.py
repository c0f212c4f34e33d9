"""How a name sounds, so that what a speech recogniser wrote can be compared with what was said. Pure.

A reading is a string of one character a sound: `p b t d k g f v w s z m n l r h y`, S (sh, ch), J (the g of "gem"),
the vowels `a e i o u`, and digits. Readings are made of English spelling, of the names of spelled letters, and of
Chinese characters; they are rough on purpose, for they are only ever compared with each other.

Sources: the syllables of characters (`pinyin.txt`, the 6,763 characters of GB 2312) are those of pypinyin; the
characters that write foreign names, and the ordinary words among what they spell (`transliteration.txt`), are those
of the usual tables of transcription from English and of the dictionary of jieba.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from tracker.catalogue.squeeze import squeeze
from tracker.keys import fold
from tracker.regex import regex

_NUMBER_WORDS: Final = "zero one two three four five six seven eight nine ten"
NUMBERS: Final = {
    **{word: str(number) for number, word in enumerate(_NUMBER_WORDS.split())},
    **{word: str(number) for number, word in enumerate("零一二三四五六七八九")},
}
"""Numbers as they are said ("lama two", "拉玛三")."""
_LETTER_NAMES: Final = "e bi si di i ef Ji eS ai Je ke el em en o pi kiu ar es ti iu vi dabliu eks wai zi"
_LETTERS: Final = dict(zip("abcdefghijklmnopqrstuvwxyz", _LETTER_NAMES.split(), strict=True))
_SPELLING: Final = (
    (r"^x", "z"),
    (r"^(?:kn|gn)", "n"),
    (r"^wr", "r"),
    (r"(?:t|ss?)ion", "Sn"),
    (r"ph", "f"),
    (r"tch|sh|ch(?![lr])", "S"),
    (r"ch|ck|q(?!u)", "k"),
    (r"qu", "kw"),
    (r"dge|dj|j|g(?=[eiy])", "J"),
    (r"gh", ""),
    (r"x", "ks"),
    (r"c(?=[eiy])", "s"),
    (r"c", "k"),
    (r"th", "t"),
    (r"wh", "w"),
    (r"(?<=m)b$", ""),
    (r"(?<=n)g(?![aeiou])", ""),
    (r"(?<=[aeiouy][bcdfgklmnprstvz])e$", ""),
    (r"ee|ea|ie|(?<=.)y(?![aeiou])", "i"),
    (r"oo|ou|ew|ue", "u"),
    (r"ai|ay|ei|ey", "e"),
    (r"au|aw|oa|ow", "o"),
)
_PINYIN: Final = (
    (r"^(?:zh|j)", "J"),
    (r"^(?:sh|ch|x|q)", "S"),
    (r"^c", "s"),
    (r"^yu|(?<=[lnxqj])v", "u"),
    (r"^w", "v"),
    (r"^yi", "i"),
    (r"^y(?=a)", "i"),
    (r"(?<=n)g$", ""),
    (r"uo|ou|ao", "o"),
    (r"ei|ai", "e"),
    (r"(?<=u)i", "e"),
    (r"(?<=e)r$|^er$", "r"),
)


def _rules(rules: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    names = {f"r{at}": sound for at, (_, sound) in enumerate(rules)}
    return regex("|".join(f"(?P<r{at}>{pattern})" for at, (pattern, _) in enumerate(rules))), names


_SPELLING_RULES: Final = _rules(_SPELLING)
_PINYIN_RULES: Final = _rules(_PINYIN)
_REPEATED: Final = regex(r"([^\d])\1+")
_COARSE: Final = str.maketrans(
    {**dict(zip("bdgvwzSJnr", "ptkffsssml", strict=True)), **dict.fromkeys("aeiouhy")}
)
"""Sounds that recognisers take for each other are one; vowels and breaths are none."""
_PARTS: Final = regex(r"[A-Z](?=[A-Z][a-z])|[A-Z]{2,}s?(?![a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+(?:\.\d+)?")
_WORDS: Final = regex(r"[A-Za-z]+|\d+(?:\.\d+)?")
_CAPITALS_INSIDE: Final = regex(r"[A-Z]{2}[a-z]|[a-z][A-Z]{1,3}[a-z]")


def parts_of(name: str) -> list[str]:
    """The parts of a name as its capitals and digits tell them.

    >>> parts_of("CogAgent"), parts_of("LLaVA-UHD"), parts_of("GPT-4")
    (['Cog', 'Agent'], ['L', 'La', 'VA', 'UHD'], ['GPT', '4'])
    """
    return _PARTS.findall(name)


MOST_SPELLED: Final = 5
"""Longer runs of capitals are words in capitals ("NEURIPS"), not spelled letters."""
MOST_READINGS: Final = 4


@lru_cache(maxsize=1 << 14)
def sounds(word: str) -> str:
    """The reading of one word in English spelling; digits stay.

    >>> sounds("clip"), sounds("lama") == sounds("llama"), sounds("phi"), sounds("wise")
    ('klip', True, 'fi', 'wis')
    """
    folded = word.lower() if word.isascii() else fold(word)
    letters = "".join(c for c in folded if c.isascii() and c.isalnum())
    return _REPEATED.sub(r"\1", _by_rules(_SPELLING_RULES, letters))


def _by_rules(rules: tuple[re.Pattern[str], dict[str, str]], letters: str) -> str:
    pattern, sound_of = rules
    return pattern.sub(lambda match: sound_of[match.lastgroup or ""], letters)


def spelled(letters: str) -> str:
    """The reading of letters that are spelled out.

    >>> spelled("RWKV"), spelled("r w k v")
    ('ardabliukevi', 'ardabliukevi')
    """
    return "".join(_LETTERS.get(c, c) for c in letters.lower() if c.isalnum())


@lru_cache(maxsize=1 << 14)
def readings(name: str) -> tuple[str, ...]:
    """The ways in which a name may be said, at most `MOST_READINGS`, each once.

    Parts in capitals may be words or spelled letters ("CLIP", "CPM"); single letters are spelled; numbers may be
    words ("lama two"). Characters other than Latin letters and digits are passed over.

    >>> readings("mini c p m"), readings("CLIP"), "lama3" in readings("LLaMA 3")
    (('minisipiem',), ('klip', 'sielaipi'), True)
    """
    name = name if name.isascii() else "".join(fold(c).upper() if c.isupper() else fold(c) for c in name)
    found = [""]
    for word in _WORDS.findall(name):
        found = [said + way for said in found for way in _ways_of_word(word)][:MOST_READINGS]
    return tuple(dict.fromkeys(found)) if found[0] else ()


def _ways_of_word(word: str) -> list[str]:
    found = [""]
    for part in _PARTS.findall(word):
        found = [said + way for said in found for way in _ways(part)]
    if _CAPITALS_INSIDE.search(word):  # they are often only for show: "LLaMA", "RoBERTa"
        found = [sounds(word), *found]
    return found[:MOST_READINGS]


def _ways(part: str) -> list[str]:
    """How a part of a word may be said."""
    if part.lower() in NUMBERS:
        return [NUMBERS[part.lower()]]
    if part[0].isdigit():
        return [part]
    has_vowel = re.search("[aeiouyAEIOUY]", part) is not None
    may_be_spelled = len(part) == 1 or (len(part) <= MOST_SPELLED and (part.isupper() or not has_vowel))
    may_be_word = len(part) > 1 and (has_vowel or not may_be_spelled)
    return [sounds(part)] * may_be_word + [spelled(part)] * may_be_spelled


def consonants(reading: str) -> str:
    """The consonants of a reading, in classes of what is easily confused; digits stay.

    >>> consonants(sounds("gbt")) == consonants(sounds("gpt")), consonants("klip"), consonants("mamba")
    (True, 'klp', 'mmp')
    """
    return reading.translate(_COARSE)


@lru_cache(maxsize=1 << 15)
def coarse(reading: str) -> str:
    """The consonants of a reading, one of several alike in a row, unless it is the only one.

    >>> coarse("mamba"), coarse("lora")
    ('mp', 'll')
    """
    once = _REPEATED.sub(r"\1", all_of_them := consonants(reading))
    return once if len(once) > 1 else all_of_them


def edits(one: str, other: str) -> int:
    """How many characters have to be put in, left out or exchanged to make one text of another."""
    return int(_levenshtein()(one, other))


@cache
def _levenshtein() -> Callable[[str, str], int]:
    from rapidfuzz.distance import Levenshtein  # only transcripts need it, and it takes 50 ms to import

    return Levenshtein.distance


def apart(one: str, other: str) -> float:
    """How far two readings are apart, in [0, 1]; errors in coarse sounds count thrice those that are easily made.

    >>> apart(sounds("lama"), sounds("llama")), apart("kelipu", "klip") < apart("kelipu", "sam")
    (0.0, True)
    """
    rough, other_rough = coarse(one), coarse(other)
    most = 2 * max(len(rough), len(other_rough)) + max(len(one), len(other))
    if not most:
        return 0.0
    errors = 2 * edits(rough, other_rough) + edits(one, other)
    return errors / most


_DECIMAL: Final = regex(r"(?<=\d)\s?(?:point|点|點|。)\s?(?=\d)")


_HYPHEN_SAID: Final = regex(r"\s?[杠槓]\s?")
_NUMBER_BEHIND: Final = regex(rf"(?<=[\u3400-\u9fff])\s?((?i:{'|'.join(_NUMBER_WORDS.split())}))\Z")


def as_written(surface: str) -> str:
    """A surface with the hyphens and the numbers that are said put as they are written.

    >>> as_written("mini c p m杠V"), as_written("曼巴two"), as_written("lama two")
    ('mini c p m-V', '曼巴2', 'lama two')
    """
    if surface.isascii():
        return surface
    written = _HYPHEN_SAID.sub("-", surface)
    return _NUMBER_BEHIND.sub(lambda number: NUMBERS[number[1].lower()], written)


def letters_of(surface: str) -> str:
    """What a surface spells: squeezed, numbers that are said as digits ("lama two", "phi one point five").

    >>> letters_of("mini c p m"), letters_of("g b t two"), letters_of("Phi one point five"), letters_of("拉瓦1。5")
    ('minicpm', 'gbt2', 'phi1.5', '拉瓦1.5')
    """
    words = as_written(surface).split()
    said = " ".join([*words[:1], *(NUMBERS.get(word.lower(), word) for word in words[1:])])
    if said and said[-1] in NUMBERS:
        said = said[:-1] + NUMBERS[said[-1]]
    return squeeze(_DECIMAL.sub(".", said))


_HAN: Final = regex(r"[\u3400-\u9fff]")
SAID_BETWEEN: Final = regex(r"(?<=[\u3400-\u9fff])(?:[的呃啊嗯]|[这這那][个個]|一些)(?=[\u3400-\u9fff])")
"""What people say between the words of a Chinese name."""


class Closeness(NamedTuple):
    """How close a surface comes to a name; all in [0, 1], 0 is the name itself."""

    letters: float
    """The part of the letters that differ."""
    rest: float
    """The same without the words at either end that both have."""
    sounds: float
    """How far what is heard is apart."""


def heard(surface: str) -> tuple[str, ...]:
    """The readings of what a recogniser wrote, in Latin letters or in Chinese characters."""
    surface = as_written(surface)
    if surface.isascii():
        return readings(surface)
    said = said_in_chinese(surface)
    return (said,) if said else readings(surface)


@lru_cache(maxsize=1 << 15)
def closeness(surface: str, name: str) -> Closeness:
    """How close a surface, Latin or in Chinese characters, comes to a name; to one in Chinese by its characters.

    >>> closeness("知识的回路", "知识回路").letters
    0.0
    >>> closeness("mini c p m", "MiniCPM"), closeness("spars transformer", "Sparse Transformer").rest < 0.2
    (Closeness(letters=0.0, rest=0.0, sounds=0.0), True)
    """
    surface = as_written(surface)
    if _HAN.search(name):
        differ = _part_that_differs(squeeze(SAID_BETWEEN.sub("", surface)), squeeze(name))
        return Closeness(differ, differ, differ)
    distance = min((_apart(one, other) for one in heard(surface) for other in readings(name)), default=1.0)
    if not surface.isascii() and said_in_chinese(surface):
        return Closeness(distance, distance, distance)
    mine, theirs = letters_of(surface), squeeze(name)
    return Closeness(_part_that_differs(mine, theirs), _rest_that_differs(surface, name), distance)


CUT_SHORT: Final = 0.15
"""How far a name is from its own beginning, which a speaker or a recogniser swallowed the end of."""


def _apart(one: str, other: str) -> float:
    distance = apart(one, other)
    is_beginning = len(one) >= 6 and len(other) <= 1.5 * len(one) and other.startswith(one)
    return min(distance, CUT_SHORT) if is_beginning else distance


def _part_that_differs(one: str, other: str) -> float:
    return edits(one, other) / max(len(one), len(other), 1)


def _rest_that_differs(surface: str, name: str) -> float:
    mine = [NUMBERS.get(word, squeeze(word)) for word in surface.lower().split()]
    theirs = [part.lower() for part in _PARTS.findall(name)]
    while mine and theirs and mine[0] == theirs[0]:
        mine, theirs = mine[1:], theirs[1:]
    while mine and theirs and mine[-1] == theirs[-1]:
        mine, theirs = mine[:-1], theirs[:-1]
    return _part_that_differs("".join(mine), "".join(theirs))


# --- Chinese -----------------------------------------------------------------------------------


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
    for at, character in enumerate(_DECIMAL.sub(".", text)):
        known = syllables(character)
        if character in NUMBERS and at:
            said.append(NUMBERS[character])
        elif known:
            said.append(_said(known[0]))
        elif at and character in "0123456789.":
            said.append(character)
        else:
            return ""
    return "".join(said)


@cache
def _said(syllable: str) -> str:
    return _by_rules(_PINYIN_RULES, syllable)


class _Transliteration(NamedTuple):
    characters: re.Pattern[str]
    words: frozenset[str]
    names: frozenset[str]


@cache
def _transliteration() -> _Transliteration:
    text = (Path(__file__).parent / "transliteration.txt").read_text(encoding="utf-8")
    characters, words, names = (part.split() for part in text.split("\n\n"))
    return _Transliteration(re.compile(f"[{''.join(characters)}]{{2,}}"), frozenset(words), frozenset(names))


MOST_CHARACTERS: Final = 5
"""Of a foreign name in Chinese; the names of systems have two to four syllables."""
_LONGEST_WORD: Final = 4
EVERYDAY: Final = frozenset(
    "里多方当比通文本加道图根温高明平法海金江东西南门安香黑强真查班切京齐因延永丰富福康保约真赞希思内外马雷泰达德尔"
)
"""Characters that write foreign names and stand in ordinary words of one or two characters as often."""


def foreign_in_chinese(text: str) -> Iterator[tuple[int, int]]:
    """Spans of two to `MOST_CHARACTERS` characters that may write a foreign name, longer ones first at each place.

    `text` is in simplified characters. Not given are the names of well-known people and places, what overlaps an
    ordinary word, and two characters of which one is in daily use ("图里" is no Tulu).

    >>> ["就像克里普最早"[i:j] for i, j in foreign_in_chinese("就像克里普最早")]
    ['克里普']
    >>> list(foreign_in_chinese("基本的方法"))
    []
    """
    known = _transliteration()
    for run in known.characters.finditer(text):
        first, last = run.span()
        taken = [
            (start, end)
            for start in range(first, last)
            for end in range(start + 2, min(start + _LONGEST_WORD, last) + 1)
            if text[start:end] in known.words
        ]
        for start in range(first, last - 1):
            for end in range(min(start + MOST_CHARACTERS, last), start + 1, -1):
                piece = text[start:end]
                if piece in known.names or (len(piece) == 2 and not EVERYDAY.isdisjoint(piece)):
                    continue
                if not any(i < end and start < j for i, j in taken):
                    yield start, end
