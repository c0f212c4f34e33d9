"""Names as a speech recogniser writes them: spelled out, glued, split, in the wrong case, or as what sounds alike.

For transcripts only. In: the text, what the other recognisers found, the catalogue. Out: spans with the names
that they may be, nothing decided. A name that is not spelled must be well known, or spelled rightly elsewhere in
the document; ordinary words are taken for a name only where they spell it, or nearly do and stand alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Collection, Iterable, Iterator
from typing import Final, NamedTuple

from tracker.catalogue import Alias, Catalogue, Origin
from tracker.catalogue.phonetics import (
    CUT_SHORT,
    NUMBERS,
    SAID_BETWEEN,
    Closeness,
    closeness,
    edits,
    letters_of,
)
from tracker.catalogue.sound_index import is_well_known
from tracker.catalogue.squeeze import squeeze
from tracker.catalogue.stems import title_words
from tracker.mentions.names import FoundName
from tracker.mentions.windows import Window, is_plain, windows
from tracker.regex import regex

MOST_NAMES: Final = 12
"""Of the papers that a span may name, so many are looked at, the closest first, of those as close the best known."""
BEHIND_THE_BEST: Final = 0.2
"""Names that are further away than the closest one by more are not meant."""
FAMOUS: Final = 10
"""A name with this fame (five for each source that uses it, one for each that cites its paper) is taken as it is
spelled; one with less may be a better known name that was misheard."""
LITTLE_KNOWN: Final = 0.1
"""The distance of a little known name from the same letters in capitals, for a recogniser writes capitals where
it did not understand."""
FURTHEST: Final = 0.45
"""Of letters as of sounds: no name is further away."""
CAPITALISED: Final = 0.15
"""A capitalised word, which may be anybody's name, may differ by so much."""
CHINESE_SOUNDS: Final = 0.18
"""How far Chinese characters may be from a name: they have vowels that the name has not ("kelipu", "clip")."""
VERY_LIKE_IT: Final = 0.12
"""Three characters that are so close may be a name of somewhat less fame ("索菲亚", Sophia)."""
FAMOUS_IN_CHINESE: Final = 25
"""Fame of a name that two characters may be."""
HALF_SPELLED: Final = 0.35
"""How far ordinary words may be from a name that ends in the last of them, where a name is announced."""
RARE: Final = 11.0
"""Rarity (in nats) of a word that hardly a title has: one in 60,000, or fewer."""
SHORT: Final = 4
RARE_AND_SHORT: Final = 9.0
"""The same for words of up to four letters: a few titles have any such acronym."""
CLOSE_TO_EQUAL: Final = 0.05
REACH: Final = 80
"""No name is longer."""

_NOT_SPOKEN: Final = regex(r"!?\[[^\]\n]*\]\([^)\n]*\)|https?://\S+|[\w.-]+@[\w.-]+")
_DIGITS: Final = regex(r"\d+(?:\.\d+)?")
_SPELLED_OUT: Final = regex(r"\b[A-Za-z] [A-Za-z]\b")


class HeardName(NamedTuple):
    """text[start:end] may be one of some names."""

    start: int
    end: int
    aliases: tuple[Alias, ...]
    """The closest first."""
    distance: float
    """Of the closest; 0 where it is spelled but for case and blanks."""


def find_heard(
    text: str,
    names: Iterable[FoundName],
    rows: Collection[int],
    catalogue: Catalogue,
    *,
    has_case: bool = False,
) -> list[HeardName]:
    """The names in a transcript that are not spelled as such, in order, none overlapping.

    `names` are those that are spelled, `rows` the papers that the document names by title or identifier. `has_case`
    tells that the recogniser writes capitals where a writer
    would: then a word in small letters is that word.

    Taken: "mini c p m", "r w k v" behind other Latin words, "lama two", "big bird", "克里普". Not taken: a
    well-known name that is spelled, ordinary words ("the loss"), "c p m" within "mini c p m".
    """
    spelled = _Spelled(names, rows, catalogue)
    spoken = _NOT_SPOKEN.sub(lambda link: "\n" * len(link[0]), text)
    options = _Options(catalogue, spelled.rows, has_case)
    found = [
        HeardName(window.start, window.end, aliases, distance)
        for window in (*windows(spoken), *_split_names(spoken, catalogue))
        if (window.start, window.end) not in spelled.famous
        for distance, aliases in options.of(window)
    ]
    found += _drawn_out(spoken, catalogue)
    return [heard for heard in _best(found, spelled.famous) if not spelled.is_all(text, heard)]


_CAPITALS: Final = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def _split_names(text: str, catalogue: Catalogue) -> Iterator[Window]:
    """Names that stand as several ordinary words; in capitals, for the catalogue passes over small letters."""
    _, spans = catalogue.spans(text.translate(_CAPITALS), is_heard=True)
    for span in spans:
        surface = text[span.start : span.end]
        if " " in surface and all(map(is_plain, surface.split(" "))):
            yield Window(span.start, span.end, surface, True, False, False)


def _drawn_out(text: str, catalogue: Catalogue) -> Iterator[HeardName]:
    """Chinese names with such words in between ("柏拉图的表征的假说")."""
    # where in the shortened text something was left out, and how many code points were up to there
    removed, behind = [0], [0]
    for said in SAID_BETWEEN.finditer(text):
        removed.append(said.start() - behind[-1])
        behind.append(behind[-1] + len(said[0]))
    short = SAID_BETWEEN.sub("", text)

    def place(offset: int) -> int:
        return offset + behind[bisect_right(removed, offset) - 1]

    _, spans = catalogue.spans(short, is_heard=True)
    for span in spans:
        size = span.end - span.start
        start, end = place(span.start), place(span.end - 1) + 1
        if end - start > size >= SHORT and not any(c.isascii() for c in short[span.start : span.end]):
            yield HeardName(start, end, tuple(catalogue.aliases(span)), 0.0)


class _Spelled:
    """What the document spells rightly."""

    def __init__(self, names: Iterable[FoundName], rows: Collection[int], catalogue: Catalogue) -> None:
        self.famous: set[tuple[int, int]] = set()
        """Where famous names stand, which need no second look."""
        self.rows = set(rows)
        """The papers of names that only they have, and those given."""
        self._named: dict[tuple[int, int], set[int]] = {}
        cited_in = catalogue.records.cited_in
        for name in names:
            pairs = zip(*name.named, strict=True)
            famous = [row for row, n in pairs if 5 * n + cited_in(row) >= FAMOUS or row in rows]
            self._named[name.start, name.end] = set(name.named.rows)
            if famous:
                self.famous.add((name.start, name.end))
            if len(famous) == 1:
                self.rows.add(famous[0])

    def is_all(self, text: str, heard: HeardName) -> bool:
        """Whether what is heard is nothing but what is spelled there, or was refused as a spelled name."""
        surface = text[heard.start : heard.end]
        rows = self._named.get((heard.start, heard.end), set())
        if any(c.isupper() for c in surface) and " " not in surface:
            rows = rows | {a.row for a in heard.aliases if squeeze(a.name) == squeeze(surface)}
        return {alias.row for alias in heard.aliases} <= rows


class _Near(NamedTuple):
    """A name that some words come near."""

    distance: float
    close: Closeness
    aliases: tuple[Alias, ...]
    """None: it is a word of the field."""


class _Options:
    """Which names a window may be; answers for equal surfaces are remembered."""

    def __init__(self, catalogue: Catalogue, spelled: Collection[int], has_case: bool) -> None:
        self._catalogue = catalogue
        self._spelled = spelled
        self._has_case = has_case
        self._near: dict[str, list[_Near]] = {}
        self._aliases: dict[str, tuple[Alias, ...]] = {}
        self._words: dict[str, bool] = {}

    def of(self, window: Window) -> Iterator[tuple[float, tuple[Alias, ...]]]:
        """One at most: the distance of the closest name, and the names that are about as close."""
        surface = window.surface
        if not window.is_plain and surface.isascii() and all(map(self._is_word, re.split("[ -]", surface))):
            window = window._replace(is_plain=not self._is_version(surface))
        if surface not in self._near:
            only_spelled = window.is_plain and (" " not in surface or not window.is_whole)
            found = self._spelled_so(surface) if only_spelled else self._names_near(surface)
            self._near[surface] = sorted(found, key=lambda near: near.distance)
        options = self._near[surface]
        if window.is_named and window.is_whole and " " in surface and not options:
            options = self._names_ending_so(surface)
        closest: dict[int, Alias] = {}
        least = 0.0
        for near in options:
            if not near.aliases or (closest and near.distance > least + BEHIND_THE_BEST):
                break
            fitting = [alias for alias in near.aliases if self._fits(window, near.close, alias)]
            least = least if closest or not fitting else near.distance
            fitting.sort(key=lambda alias: -self._fame([alias]))
            closest.update((alias.row, alias) for alias in fitting if alias.row not in closest)
        if closest:
            yield least, _with_its_end(surface, tuple(closest.values()))[:MOST_NAMES]

    def _is_version(self, surface: str) -> bool:
        """Whether a surface with a number sounds just like a name with it."""
        if not any(c.isdigit() for c in surface):
            return False
        return any(
            _is_version_heard(surface, name, close) for name, close in self._catalogue.sounds.near(surface)
        )

    def _is_word(self, word: str) -> bool:
        """Whether a word is one that a dictionary has or that titles use too: it is not misheard."""
        if word not in self._words:
            is_number = word.lower() in NUMBERS
            is_known = (
                len(word) > 1 and not is_number and (is_plain(word) or self._is_in_titles(word.lower()))
            )
            self._words[word] = is_known
        return self._words[word]

    def _is_in_titles(self, word: str) -> bool:
        """Whether titles have a word, or its participle ("overfit")."""
        words = self._catalogue.words
        if words is None:
            return False
        rare = RARE if len(word) > SHORT else RARE_AND_SHORT
        if word[-1] == word[-2]:  # "adamm" is no form of "adam"
            return any(words.rarity(stem) < rare for stem in title_words(word) if stem == word)
        forms = (title_words(form) for form in (word, word + "ing", word + word[-1] + "ing"))
        return any(stems and max(map(words.rarity, stems)) < rare for stems in forms)

    def _spelled_so(self, surface: str) -> Iterator[_Near]:
        """The names that have just these letters."""
        letters = letters_of(surface)
        aliases = self._aliases_of(letters) if letters.isascii() else ()
        if aliases and not self._catalogue.sounds.is_word(letters):
            yield _Near(0.0, Closeness(0.0, 0.0, 0.0), aliases)

    def _names_near(self, surface: str) -> Iterator[_Near]:
        sounds = self._catalogue.sounds
        found = sounds.near(surface)
        if all(close.letters for _, close in found) and (spelled := list(self._spelled_so(surface))):
            yield from spelled  # a name that few know is a name all the same
        for name, close in found:
            is_far = close.letters > FURTHEST or close.sounds > FURTHEST
            if is_far and not _is_version_heard(surface, name, close):
                continue
            aliases = () if sounds.is_word(name) else self._aliases_of(name)
            is_spelled = any(alias.row in self._spelled for alias in aliases)
            fame = self._fame(aliases)
            if (aliases or sounds.is_word(name)) and may_be(surface, name, close, fame, is_spelled):
                is_known = is_spelled or fame >= FAMOUS or not aliases
                exact = 0.0 if is_known or not surface.isupper() else LITTLE_KNOWN
                distance = min(close.letters, close.sounds) + 0.01 if close.letters else exact
                yield _Near(distance / 2 if is_spelled or not aliases else distance, close, aliases)

    def _names_ending_so(self, surface: str) -> list[_Near]:
        """Well-known names whose last word is spelled and whose beginning sounds like it; the closest first.

        Of a name that is made of a made-up word and an ordinary one, recognisers get the ordinary one right.
        """
        last = surface.rpartition(" ")[2]
        found = []
        for name in self._catalogue.sounds.ending(last) if len(last) >= SHORT else ():
            close, aliases = closeness(surface, name), self._aliases_of(name)
            if (
                close.letters <= HALF_SPELLED
                and close.sounds <= HALF_SPELLED
                and self._fame(aliases) >= FAMOUS
            ):
                found.append(_Near(min(close.letters, close.sounds) + 0.01, close, aliases))
        return sorted(found, key=lambda near: near.distance)

    def _aliases_of(self, name: str) -> tuple[Alias, ...]:
        if name not in self._aliases:
            self._aliases[name] = tuple(self._catalogue.aliases_of(name))
        return self._aliases[name]

    def _fame(self, aliases: Iterable[Alias]) -> int:
        cited_in = self._catalogue.records.cited_in
        return max((5 * alias.sources + cited_in(alias.row) for alias in aliases), default=0)

    def _fits(self, window: Window, close: Closeness, alias: Alias) -> bool:
        """Whether a window of these words may be a name that is so close."""
        surface, is_exact = window.surface, close.letters == 0
        is_named = window.is_named and window.is_whole
        if not self._is_known(alias) and not (is_named and is_exact):
            return False
        if not alias.sources and not alias.origin & Origin.CURATED and _is_phrase(alias.name):
            return False  # the title of a paper about it: "Efficient Transformers", "Chinchilla Scaling"
        if surface.isalpha() and surface.islower() and len(surface) < SHORT:
            return False
        if surface.istitle() and close.letters > CAPITALISED:
            return False
        if not window.is_plain:
            return True
        if " " in surface:
            is_half_spelled = is_named and close.letters <= HALF_SPELLED
            return is_exact or is_half_spelled or (window.is_whole and _is_form_of(surface, alias.name))
        is_famous = alias.sources >= 2 and self._fame([alias]) >= 2 * FAMOUS
        return is_exact and (is_named or (is_famous and not (self._has_case and surface.islower())))

    def _is_known(self, alias: Alias) -> bool:
        if alias.row in self._spelled or alias.origin & Origin.CURATED:
            return True
        return bool(is_well_known(alias.sources, self._catalogue.records.cited_in(alias.row)))


def _with_its_end(surface: str, aliases: tuple[Alias, ...]) -> tuple[Alias, ...]:
    """Of some names those that end as a surface does behind its hyphen, where any does ("mini CPU-V" is no MiniCPM)."""
    _, hyphen, end = surface.rpartition("-")
    same = tuple(a for a in aliases if "-" in a.name and squeeze(a.name.rpartition("-")[2]) == squeeze(end))
    return same if hyphen and same else aliases


def _is_form_of(surface: str, name: str) -> bool:
    """Whether ordinary words go beyond a name, or stop short of it, or differ by a letter ("easy editor" for
    EasyEdit)."""
    mine, theirs = letters_of(surface), squeeze(name)
    return mine.startswith(theirs) or theirs.startswith(mine) or edits(mine, theirs) == 1


def _is_phrase(name: str) -> bool:
    """Whether a name is several words the last of which is an ordinary one."""
    words = name.split()
    return len(words) > 1 and is_plain(words[-1])


def _is_version_heard(surface: str, name: str, close: Closeness) -> bool:
    """Whether a surface with a number sounds just like a name with it ("FI3" for Phi-3)."""
    return close.sounds == 0 and _DIGITS.findall(letters_of(surface)) == _DIGITS.findall(name) != []


def may_be(surface: str, name: str, close: Closeness, fame: int, is_spelled: bool) -> bool:
    """Whether a surface is close enough to a name of some fame, which the document spells elsewhere or not.

    Taken: "mini c p n" for MiniCPM, "gm m8K" for GSM8K, "gp three" for GPT-3, "FI3" for Phi-3. Not taken: "pn
    transformer" for Point Transformer.
    """
    key = squeeze(name)
    if _DIGITS.findall(letters_of(surface)) != _DIGITS.findall(key):
        return False
    if _is_version_heard(surface, key, close):
        return fame >= FAMOUS or is_spelled
    if not surface.isascii():
        enough = FAMOUS_IN_CHINESE if len(surface) == 2 else FAMOUS if _DIGITS.search(key) else 2 * FAMOUS
        if len(surface) > 2 and close.sounds <= VERY_LIKE_IT:
            enough = min(enough, 3 * FAMOUS // 2)
        return len(key) >= SHORT and (fame >= enough or is_spelled) and close.sounds <= CHINESE_SOUNDS
    if close.letters == 0:
        return True
    if len(key) <= SHORT and not (is_spelled or _DIGITS.search(key)):
        return len(key) == SHORT and close.sounds <= 0.05 and fame >= 3 * FAMOUS
    if close.letters > 0.3 and len(squeeze(surface)) <= SHORT:
        return False
    is_spelled_out = _SPELLED_OUT.search(surface) is not None
    if close.rest > 0.5 and close.sounds != CUT_SHORT and not is_spelled_out:
        return False
    if is_spelled or is_spelled_out:
        return close.letters <= 0.4 and close.sounds <= 0.4
    is_famous_version = _DIGITS.search(key) is not None and fame >= 3 * FAMOUS
    return close.letters <= (0.25 if is_famous_version else 0.2) or close.sounds <= (
        0.3 if len(key) >= 8 else 0.2
    )


def _best(found: Iterable[HeardName], spelled: Collection[tuple[int, int]]) -> list[HeardName]:
    """Of those that overlap the closest, of about equals the longest; none overlaps a name that is spelled, unless
    it spells a longer one."""

    def rank(heard: HeardName) -> tuple[int, int, int]:
        return int(heard.distance / CLOSE_TO_EQUAL), heard.start - heard.end, heard.start

    taken: list[tuple[int, int]] = []
    famous = sorted(spelled)
    chosen = []
    for heard in sorted(found, key=rank):
        over = _over(famous, heard)
        is_longer = heard.distance == 0 and all(
            heard.start <= start and end <= heard.end for start, end in over
        )
        if (not over or is_longer) and not _over(taken, heard):
            insort(taken, (heard.start, heard.end))
            chosen.append(heard)
    return sorted(chosen)


def _over(places: list[tuple[int, int]], heard: HeardName) -> list[tuple[int, int]]:
    """Those of some sorted places that a span overlaps."""
    first = bisect_left(places, (heard.start - REACH, 0))
    last = bisect_left(places, (heard.end, 0))
    return [place for place in places[first:last] if place[1] > heard.start]
