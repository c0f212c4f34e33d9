"""What was said around a name in a transcript: who speaks, what about, and how the name was brought up.

Speakers talk about their own papers, and they say what a system is for; a recogniser writes ordinary words far
better than names, so these are what a misheard name is known by.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Final

from tracker.catalogue import Catalogue
from tracker.catalogue.glossary import glossary
from tracker.catalogue.names import name_in_title
from tracker.catalogue.phonetics import syllables
from tracker.catalogue.squeeze import squeeze
from tracker.catalogue.stems import title_words
from tracker.catalogue.words_index import spelled
from tracker.keys import fold, split_name
from tracker.models import Block, BlockKind, Document, Mention
from tracker.regex import regex

AROUND: Final = 400
"""Code points on either side of a name whose words say what it is about; people take long to come to a point."""
ANOTHER_TALK: Final = 0.3
"""What a name that only another talk spells is worth: it has other speakers, and mostly other papers."""
NEAREST: Final = 2
"""A surface may be one of so many names that are nearest to it."""
PLACES: Final = 6
"""Places of the same surface that are looked at."""
LIKELY: Final = 0.2
"""Least chance with which a title word translates what was said."""
_HAN: Final = regex(r"[\u3400-\u9fff]+")
_PERSON: Final = regex(
    r"(?P<after>我是|我叫|[来來]自[^，。\n]{0,8}的|[个個](?:[学學]生|同[学學])叫|作者|[团團][队隊]的)"
    r"|(?P<before>同[学學]|博士|教授|老[师師]|院士|先生|(?:他|她|咱|我)[们們]?[组組]?|[团團][队隊]|[实實][验驗]室)"
)
BESIDE: Final = 8
"""Code points beside such a word in which the name of a person stands."""
_NAMED: Final = regex(
    r"(?:叫做?|名[为為]|[称稱][为為作]|提出了?|[开開][发發]了?|[发發][布佈]了?|推出了?|[设設][计計]了?"
    r"|像|比如[说說]?|例如|包括"
    r"|\bcalled|\bnamed|\bpropose[sd]?|\bintroduce[sd]?|\bbuilt|\bsuch as)"
    r"(?:[这這那]?[个個]|[呃啊嗯的，]|一|\s|an?\b|the\b)*\Z"
)
_KIND: Final = regex(
    r"模型|方法|工作|[论論]文|[数數][据據]集|[架框]架|[架结結][构構]|[网網][络絡]|[优優]化器|算法|系列|[评評][测測]|工具"
    r"|\b(?:models?|papers?|methods?|data ?sets?|benchmarks?|architectures?|structures?|frameworks?"
    r"|optimi[sz]ers?|algorithms?)\b",
    re.IGNORECASE,
)
KIND_BESIDE: Final = 12
_YEAR: Final = regex(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_VERSION: Final = regex(r"(?P<family>.*[A-Za-z]{3})[ -]?[vV]?\d+(?:\.\d+)?")
_APART: Final = regex(r"(?<![\u3400-\u9fff])([\u3400-\u9fff]) ([\u3400-\u9fff]{1,2})(?![\u3400-\u9fff])")
"""The name of a person with a blank in it ("黄 雷")."""


_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖"
    "贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯候龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤东鲁官颜鲍柳葛章庞翁岳齐梅盛童左詹聂关焦俞"
    "張劉陳楊黃趙吳孫馬鄭謝許韓馮鄧蕭葉蘇呂盧鐘譚陸賈韋鄒閻陳賀顧龔萬錢嚴湯東魯顏龐齊關"
)
_HOUSE: Final = (
    "大学|大學|学院|學院|研究[院所员員]|实验室|實驗室|科学院|科學院|公司|集团|集團|教授|院士|博士|委员会|委員會"
    "|(?<=[\u4e00-\u9fff])AI"
)
_NAME_OF_PERSON: Final = f"[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}"
_SPEAKER_LINE: Final = regex(
    rf"[ \t]*(?:(?P<name>{_NAME_OF_PERSON})[ \t\u3000]+[^\n。，,;；:：]{{0,24}}?(?:{_HOUSE})[^\n]{{0,16}}"
    rf"|[^\n。，,;；:：]{{0,20}}(?:{_HOUSE})[ \t\u3000]+(?P<name2>{_NAME_OF_PERSON})"
    r"(?:[ \t\u3000][^\n]{0,12})?)\s?"
)
"""A line with the name of a person and the house: "韩旭 清华大学", "复旦大学 官璐 新闻学传播"."""
_HOUSE_SAID: Final = regex(rf"(?=[大学學研实實科公集教院博委A])(?:{_HOUSE})")
LONGEST_LINE: Final = 64
FEWEST_SPEAKERS: Final = 2


def _family(name: str) -> str | None:
    """The name of a version without its number, squeezed; None for names without one.

    >>> _family("Llama 3.1"), _family("GPT-4"), _family("CLIP"), _family("T5")
    ('llama', 'gpt', None, None)
    """
    version = _VERSION.fullmatch(name)
    return squeeze(version["family"]) if version else None


class Speech:
    """The transcript, asked about one mention at a time."""

    def __init__(self, document: Document, mentions: Sequence[Mention], catalogue: Catalogue) -> None:
        self._text = document.text
        self._is_chinese = document.language != "en"
        self._catalogue = catalogue
        self._headings = [block for block in document.blocks if block.kind is BlockKind.HEADING]
        self._speakers = self._find_speakers()
        self._sections = [start for start, _ in self._speakers] or [block.start for block in self._headings]
        self._names = [m for m in mentions if m.rows and not m.heard]
        self._heard = [m for m in mentions if m.heard]
        self._persons: dict[int, frozenset[tuple[str, ...]]] = {}
        self._family_rows: frozenset[int] = frozenset()
        self._families: Counter[str] = Counter()
        self.has_author = lru_cache(maxsize=1 << 12)(self._has_author)
        self._authors = lru_cache(maxsize=1 << 14)(lambda row: catalogue.records[row].authors)
        self._lower_section = lru_cache(maxsize=4)(lambda section: self._section_text(section).lower())
        self.words_said = lru_cache(maxsize=1 << 10)(self._words_said)

    @property
    def has_speakers(self) -> bool:
        """Whether the document introduces speakers, each on a line with name and house."""
        return bool(self._speakers)

    def _find_speakers(self) -> list[tuple[int, str]]:
        """Where lines with the name and the house of a person begin, and the name; none where it is one only."""
        found: dict[int, str] = {}
        for house in _HOUSE_SAID.finditer(self._text) if self._is_chinese else ():
            start = self._text.rfind("\n", max(0, house.start() - LONGEST_LINE), house.start()) + 1
            end = self._text.find("\n", house.end(), house.end() + LONGEST_LINE)
            line = _SPEAKER_LINE.fullmatch(self._text, start, end if end >= 0 else len(self._text))
            is_line = start > 0 or house.start() < LONGEST_LINE
            if line and is_line:
                found[start] = line["name"] or line["name2"]
        return sorted(found.items()) if len(found) >= FEWEST_SPEAKERS else []

    def places(self, mention: Mention) -> Sequence[Mention]:
        """Where the document writes what a mention writes, itself first: it means the same everywhere."""
        others = self._alike.get(squeeze(mention.surface), [])
        return [mention, *(other for other in others if other is not mention)][:PLACES]

    @cached_property
    def _alike(self) -> dict[str, list[Mention]]:
        alike: dict[str, list[Mention]] = defaultdict(list)
        for mention in self._heard:
            alike[squeeze(mention.surface)].append(mention)
        return alike

    def is_spelled(self, row: int, sections: Collection[int]) -> float:
        """1 where one of some sections spells the name or the title of a paper, less where only another talk does."""
        found = self._spelled.get(row)
        if not found:
            return 0.0
        return ANOTHER_TALK if found.isdisjoint(sections) else 1.0

    @cached_property
    def _spelled(self) -> dict[int, set[int]]:
        sections: dict[int, set[int]] = defaultdict(set)
        for mention in self._names:
            for row in mention.rows:
                sections[row].add(self.section_of(mention))
        return sections

    def ways_heard(self, name: str) -> int:
        """In how many ways the document writes what may be this name."""
        return len({squeeze(mention.surface) for mention in self._heard if name in mention.heard[:NEAREST]})

    def has_family(self, name: str, rows: Collection[int]) -> bool:
        """Whether one of some papers has another version of a name ("Llama 3" for Llama 2)."""
        family = _family(name)
        if family is None:
            return False
        key = frozenset(rows)
        if key != self._family_rows:
            names = (other for row in key for other in self._catalogue.names_of_row(row))
            self._families = Counter(found for other in names if (found := _family(other)))
            self._family_rows = key
        return self._families[family] > 0

    def is_later(self, year: int | None) -> bool:
        """Whether a year is after the latest that the headings give, where one gives any."""
        return bool(year and self._year and year > self._year)

    @cached_property
    def _year(self) -> int:
        headings = " ".join(self._heading_text(block) for block in self._headings)
        return max(map(int, _YEAR.findall(headings)), default=0)

    def is_named(self, mention: Mention) -> bool:
        """Whether what stands before a mention says that a name follows ("提出了", "called")."""
        return _NAMED.search(self._text, max(0, mention.start - 16), mention.start) is not None

    def is_called_something(self, mention: Mention) -> bool:
        """Whether a word for a model, a method, a paper stands right beside a mention."""
        start, end = max(0, mention.start - KIND_BESIDE), mention.end + KIND_BESIDE
        return (
            _KIND.search(self._text[start : mention.start] + " " + self._text[mention.end : end]) is not None
        )

    def section_of(self, mention: Mention) -> int:
        """The number of the section that a mention stands in; -1 before the first heading."""
        return bisect_right(self._sections, mention.start) - 1

    # --- what about --------------------------------------------------------------------------

    def part_said(self, mention: Mention, row: int, settled: Mapping[int, float]) -> float:
        """The part of what the title of a paper tells that is said around a mention, or that the titles of other
        papers named there tell too."""
        title = self._catalogue.records.head(row).title
        own = {*title_words(mention.surface), *title_words(name_in_title(title) or "")}
        words = self._catalogue.words
        telling = {word for word in title_words(title) if word not in own}
        weights = {word: words.rarity(word) if words else 1.0 for word in telling}
        weights = {word: weight - COMMONPLACE for word, weight in weights.items() if weight > COMMONPLACE}
        total = sum(weights.values())
        if not total:
            return 0.0
        said = self.words_said(mention.start, mention.end)
        said |= self._words_of_neighbours(mention, settled.keys() - {row})
        return sum(weight for word, weight in weights.items() if word in said) / max(total, LEAST_TOLD)

    def _words_said(self, start: int, end: int) -> frozenset[str]:
        around = self._text[max(0, start - AROUND) : start] + "\n" + self._text[end : end + AROUND]
        try:
            concepts = glossary().concepts(around)
        except FileNotFoundError:
            concepts = spelled(around)
        return frozenset(
            word for concept in concepts for word, chance in concept.words.items() if chance >= LIKELY
        )

    def _words_of_neighbours(self, mention: Mention, settled: Collection[int]) -> set[str]:
        near = [
            row
            for other in (*self._names, *self._heard)
            if other is not mention and abs(other.start - mention.start) <= AROUND
            for row in other.rows
            if row in settled
        ]
        return {word for row in near for word in title_words(self._catalogue.records.head(row).title)}

    # --- who ---------------------------------------------------------------------------------

    def _has_author(self, row: int, section: int) -> bool:
        """Whether one of the authors of a paper is named in a section, or speaks there."""
        authors = self._authors(row)
        persons = self._persons_in(section)
        lower = self._lower_section(section)
        return any(_is_said(author, persons) or _is_written(author, lower) for author in authors)

    def shares_author(self, row: int, section: int, settled: Mapping[int, float]) -> bool:
        """Whether an author of a paper wrote another one that is surely named in a section."""
        others = self._rows_by_section.get(section, frozenset()) & settled.keys() - {row}
        authors = set(self._authors(row))
        return any(not authors.isdisjoint(self._authors(other)) for other in others)

    @cached_property
    def _rows_by_section(self) -> dict[int, frozenset[int]]:
        rows: dict[int, set[int]] = defaultdict(set)
        for mention in (*self._names, *self._heard):
            rows[self.section_of(mention)].update(mention.rows)
        return {section: frozenset(found) for section, found in rows.items()}

    def _section_text(self, section: int) -> str:
        start = self._sections[section] if section >= 0 else 0
        end = self._sections[section + 1] if section + 1 < len(self._sections) else len(self._text)
        return self._text[start:end]

    def _persons_in(self, section: int) -> frozenset[tuple[str, ...]]:
        """Syllables of what may be the names of persons in a section: in its heading, and where one is
        introduced."""
        if section not in self._persons:
            text = self._section_text(section)
            if self._speakers:
                introduced = [self._speakers[section][1]] if section >= 0 else []
            else:
                heading = self._headings[section : section + 1] if section >= 0 else []
                introduced = [self._heading_text(block) for block in heading]
            said = {name for one in introduced for name in _names_in(one, least=2)}
            for found in _PERSON.finditer(text):
                before = text[max(0, found.start() - BESIDE) : found.start()]
                behind = text[found.end() : found.end() + BESIDE]
                said.update(_names_in(behind if found["after"] else before, least=3))
            self._persons[section] = frozenset(said)
        return self._persons[section]

    def _heading_text(self, block: Block) -> str:
        return _APART.sub(r"\1\2", self._text[block.start : block.end])


COMMONPLACE: Final = 2.2
"""Rarity (in nats) of the words that one title in nine has ("learning", "model"): they tell nothing."""
LEAST_TOLD: Final = 6.0
"""A title with fewer telling words counts as if it had so much to tell: one rare word is no topic."""


def _names_in(text: str, least: int) -> Iterator[tuple[str, ...]]:
    """The syllables of all stretches of `least` to three characters."""
    for run in _HAN.findall(text):
        said = [syllables(character) for character in run]
        for start in range(len(said)):
            for size in range(least, 4):
                if start + size <= len(said):
                    yield from _combined(said[start : start + size])


def _combined(said: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [()]
    for ways in said:
        found = [(*one, _plain(way)) for one in found for way in ways]
    return found


def _plain(syllable: str) -> str:
    """A syllable as it is written in the names of authors: ü is u, and what speakers do not tell apart is one."""
    return re.sub("n(?=g$)", "n", syllable.replace("v", "u")).removesuffix("g")


def _is_said(author: str, persons: frozenset[tuple[str, ...]]) -> bool:
    """Whether a Chinese name is among the syllables said."""
    name = split_name(author)
    family, given = fold(name.family), re.sub("[^a-z]", "", fold(name.given))
    if not family.isalpha() or not 2 <= len(given) <= 12:
        return False
    wanted = _plain(family.replace("lyu", "lu"))
    return any(
        said[0] == wanted and "".join(said[1:]) in _spellings(given)
        for said in persons
        if said and said[0] == wanted
    )


@lru_cache(maxsize=1 << 12)
def _spellings(given: str) -> frozenset[str]:
    """A given name with and without the g of a final ng of each of its syllables."""
    plain = given.replace("v", "u")
    return frozenset({re.sub("ng(?![aeiou])", "n", plain), re.sub("ng", "n", plain), plain.removesuffix("g")})


def _is_written(author: str, lower: str) -> bool:
    """Whether a name stands in a lower-case text as it is."""
    name = fold(author)
    return (
        len(name) >= 7
        and " " in name
        and "." not in name
        and (name in lower or name.replace(" ", "") in lower)
    )
