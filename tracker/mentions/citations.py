"""Citations by author and year as people write them: text in, spans with names and year out. Pure.

Every form has an anchor: "et al.", "等人", "他们", or a year. What stands before it is read as names, what
stands behind it as years. Ordinary words take some of these forms too ("Black and White (2019)", "June 2023");
`author_year` tells them apart with the catalogue at hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from tracker.keys import is_organisation
from tracker.regex import regex

GROUP: Final = "et al."
PAIR: Final = "two authors"
SINGLE: Final = "one author"
ORGANISATION: Final = "an organisation"
TEAM: Final = "an author's group"
"""The forms, as evidence says them; of less and less weight."""

LONGEST_NAME: Final = 60
LONGEST_LIST: Final = 400
"""Code points looked at before an anchor."""

_UPPER: Final = "A-ZÀ-ÖØ-ÞĀ-Ž"
_LETTER: Final = "A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ"
_WORD: Final = rf"[{_UPPER}](?:[{_LETTER}]|[-‐‑'’‘`](?=[{_LETTER}]))+"
_PARTICLES: Final = (
    r"(?:(?:van|von|vom|der|den|de|del|della|di|da|dos|du|la|le|el|al|bin|ten|ter)\s|[dD]['’])"
)
_INITIALS: Final = rf"(?:[{_UPPER}]\.[ -]?|[{_UPPER}]\s){{1,3}}"
_FAMILY: Final = rf"(?:{_PARTICLES}{{1,3}})?{_WORD}"
_FULL: Final = rf"(?:{_WORD}\s+|{_INITIALS}){{1,3}}(?:{_PARTICLES}{{1,3}})?{_WORD}"
_YEAR: Final = r"(?:19[5-9]\d|20[0-4]\d)"

_LAST_NAME: Final = regex(
    rf"(?<![{_LETTER}\d_@/\\-])({_FAMILY})[’']?[*_]{{0,3}}[,，]?\s{{0,2}}(?:and\s)?[*_\[]{{0,3}}\Z"
)
_GIVEN: Final = regex(
    rf"(?<![{_LETTER}\d_-])((?:{_WORD}\s)?{_INITIALS}|{_WORD}(?:\s(?:[{_UPPER}]\.?|{_WORD}))?\s)\Z"
)
_CAPITALS: Final = regex(r"\A[A-Z]{3,}\s+")
_INITIALS_BEFORE: Final = regex(rf"(?<![{_LETTER}\d_.-])({_INITIALS})\Z")
_COMMA_NAME: Final = regex(rf"(?<![{_LETTER}\d_-])({_FAMILY}),\s\Z")
_NAME_LIST: Final = regex(
    rf"(?<![{_LETTER}\d_-])({_FULL})(?:,\s(?:{_FULL})){{0,30}}(?:,\s|,?\s(?:and|&)\s){{1,2}}\Z"
)
_AND: Final = regex(r"(?:,?\s(?:and|&|und)|\s?[和与與&])\s?\Z")

_ET_AL: Final = regex(r"et\.?[\s*_]{0,2}al\b\.?")
_AND_OTHERS: Final = regex(
    r"and (?:others|co-?workers|(?:(?:his|her|their) )?(?:colleagues|collaborators|co-?authors))\b"
)
_CHINESE: Final = regex(r"等人?|[他她][们們]|及其(?:同事|合作者|团队|團隊)|(?:的(?:研究)?)?(?:团队|團隊)")
_COMPANY: Final = regex(r"\s*[,.]?\s*(?:Inc|Corp|Ltd|LLC|GmbH|v|vs)\b")
_BEHIND: Final = regex(
    rf"(?:['’]s)?[*_]{{0,3}}\s?[,，.]?[*_]{{0,3}}\s{{0,2}}(?:in\s|(?:于|於|在)\s?)?"
    rf"(?P<open>[(（\[【]\s?)?(?:[,，]\s?)?"
    rf"(?P<venue>[A-Z][A-Za-z&-]*(?:[ ][A-Z][A-Za-z&-]*){{0,3}}[ ,，]{{1,2}})?"
    rf"(?P<year>{_YEAR})(?:[a-h](?![A-Za-z]))?(?![\dA-Za-z_])(?P<close>\s?[)）\]】])?"
)
_VENUE_BEHIND: Final = regex(
    rf"[\"”*_,.]{{0,4}}\s?(?:[(\[][^()\[\]\n]{{1,24}}[)\]][,\s]{{0,2}}){{0,2}}"
    rf"[(\[](?P<venue>[A-Z][A-Za-z&' -]{{1,40}}?[ ,’']?\(?(?P<year>{_YEAR})\)?"
    r"(?:[ ,-]{1,2}(?i:oral|spotlight|poster|highlight|workshops?|findings|best paper))?)[)\]]"
)
_MONTHS: Final = frozenset(
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
)
_MORE_YEARS: Final = regex(rf"\s?(?:[,;，、；]|and|&|和)\s?(?P<year>{_YEAR})[a-h]?(?=\s?[,;，；)）\]】])")
_BIBTEX_AUTHORS: Final = regex(r"\s*author\s*=", re.IGNORECASE)
_YEAR_BEFORE: Final = regex(rf"({_YEAR})\s?年[，,]?\s?(?:{_WORD}\s)?\Z")

_ANY_YEAR: Final = (regex(r"20[0-4]\d"), regex(r"19[5-9]\d"))
_BEFORE_YEAR: Final = regex(r"(?:['’]s)?(?P<mark>[,，]?\s?[(（\[【]\s?|[,，]\s{0,2}|\s)\Z")
_AFTER_YEAR: Final = regex(r"[a-h]?(?:\s?[)）\]】,，;；:：.。'’]|\s|\Z|年)")
_NOT_AFTER_YEAR: Final = regex(r"[a-h]?(?:[-–/.:]\d|\s?[-–]\s?(?:19|20)\d\d|年代|s\b)")
_LETTERS_OF_YEARS: Final = tuple("abcdefgh")
_OPENING: Final = tuple("(（[【")
_CLOSING: Final = regex(r"\s?[)）\]】]")
_MAKERS: Final = frozenset(
    ["Anthropic", "Meta", "Apple", "Alibaba", "Baidu", "Tencent", "Mistral", "Cohere", "EleutherAI", "xAI"]
)
"""Organisations whose names do not tell that they are one."""
_THREE_WORDS: Final = regex(rf"(?<![{_LETTER}\d_@/\\-])((?:{_WORD}\s){{0,2}}{_WORD})\Z")
_CELL_BEFORE: Final = regex(r"\|\s{0,3}\Z")
_CELL_BEHIND: Final = regex(r"[ \t]*(?:\||\n|\Z)")
_OPENS: Final = regex(r"(?:[(（\[【;；]|\b(?:e\.g\.|see|cf\.?),?)\s?\Z", re.IGNORECASE)

_NO_NAME_WORDS: Final = """
    the this these those that a in on at by of for from to with as and or but while when where since after
    before following follow unlike like via under also both each other their his her our we it they i
    figure fig table section chapter appendix paper papers work works authors author source image prof dr
    january february march april june july august september october november december monday tuesday
    wednesday thursday friday saturday sunday spring summer autumn winter fall mr mrs ms sir inspired
    introduced proposed according recently however although though because if note here there then thus
    hence given using based per credit adapted reproduced original similar more most many several recent
    prior previous
"""
_NO_NAMES: Final = frozenset(_NO_NAME_WORDS.split())
"""Words that begin sentences or label things; no given name, and no family name of one or two authors."""


class Citation(NamedTuple):
    """text[start:end] names a paper by its authors."""

    start: int
    end: int
    authors: tuple[str, ...]
    """As written, the first author first, given name before family name."""
    year: int | None
    form: str
    name_start: int = -1
    """Where the name right before the anchor starts, after a list of other names."""
    is_bare: bool = False
    """Neither a bracket nor a comma sets the year apart ("Heess 2017", "Smith and Wesson 2020")."""


def read_citations(text: str) -> list[Citation]:
    """Everything that has the form of a citation by authors, in order; forms that words take too, included.

    Taken: "Child et al. 2019", "(Kingma & Ba, 2015)", "Zhou等人，（2022）", "Nan Du and others, ICML 2022",
    "Horton (2023)".
    Not taken: "In 2019, Child labour", "Smith et al. Inc.", "et al." after no name, dates, version numbers.
    """
    groups = sorted({*_groups(text)})
    found = _apart(groups)
    taken = iter([*found, Citation(len(text), len(text), (), None, GROUP)])
    following = next(taken)
    more: list[Citation] = []
    for place in sorted(match.start() for years in _ANY_YEAR for match in years.finditer(text)):
        while following.end <= place:
            following = next(taken)
        if following.start <= place:
            continue
        citation = _by_year(text, place)
        if citation and (not more or more[-1].end <= citation.start):
            more.append(citation)
    return _apart(sorted([*found, *more]))


def _apart(citations: list[Citation]) -> list[Citation]:
    """Those that do not overlap an earlier one."""
    kept: list[Citation] = []
    for citation in citations:
        if not kept or kept[-1].end <= citation.start:
            kept.append(citation)
    return kept


def _groups(text: str) -> Iterator[Citation]:
    """Citations with "et al.", "and others", "等人" and their like."""
    for anchors in (_ET_AL, _AND_OTHERS, _CHINESE):
        for anchor in anchors.finditer(text):
            yield from _group(text, anchor)


def _group(text: str, anchor: re.Match[str]) -> Iterator[Citation]:
    if _is_bibtex(text, anchor.start()):
        return
    name = _last_name(text, anchor.start())
    if name is None:
        return
    start, family = name
    behind = _BEHIND.match(text, anchor.end())
    is_chinese = anchor.re.pattern == _CHINESE.pattern
    form = TEAM if is_chinese and anchor[0] != "等人" else GROUP
    is_capitals = family.isupper() and len(family) > 1
    if not behind and (is_capitals or anchor[0] == "等" or _COMPANY.match(text, anchor.end())):
        return
    name_start = start
    authors, start = _earlier_names(text, start, family)
    if behind is None:
        before = _YEAR_BEFORE.search(text, max(0, start - 30), start) if is_chinese else None
        yield Citation(start, anchor.end(), authors, int(before[1]) if before else None, form, name_start)
        return
    end = behind.end() if behind["open"] or not behind["close"] else behind.start("close")
    yield Citation(start, end, authors, int(behind["year"]), form, name_start)
    at = behind.start("close") if behind["close"] else behind.end()
    while more := _MORE_YEARS.match(text, at):
        at = more.end()
        yield Citation(more.start("year"), at, authors, int(more["year"]), form, more.start("year"))


def venue_behind(text: str, place: int) -> tuple[int, int, int] | None:
    """Where a venue and year in brackets stand right behind a place, and the year: "[NeurIPS 2022]", "(IV2023)".

    Further brackets may stand between: "[Code] [ICLR2017]".
    """
    found = _VENUE_BEHIND.match(text, place)
    if found is None or _first_word(found["venue"]).rstrip("0123456789()")[:3] in _MONTHS:
        return None
    return *found.span("venue"), int(found["year"])


def given_before(text: str, start: int) -> tuple[int, str] | None:
    """Start and spelling of the words before a family name that may be a given name; capitals are a system's name
    ("GLA Songlin Yang")."""
    found = _GIVEN.search(text, max(0, start - LONGEST_NAME), start)
    if found is None or _first_word(found[1]) in _NO_NAMES:
        return None
    given = _CAPITALS.sub("", found[1], count=1)
    return (found.end(1) - len(given), given.strip()) if given.strip() else None


def comma_name_before(text: str, start: int) -> tuple[int, str] | None:
    """Start and spelling of a capitalised word before a name, with a comma between: "Hui, Binyuan"."""
    found = _COMMA_NAME.search(text, max(0, start - LONGEST_NAME), start)
    if found is None or found[1].lower() in _NO_NAMES:
        return None
    return found.start(1), found[1]


def _is_bibtex(text: str, place: int) -> bool:
    """Whether a place stands in the authors of a BibTeX entry."""
    line = text.rfind("\n", max(0, place - LONGEST_LIST), place) + 1
    return _BIBTEX_AUTHORS.match(text, line) is not None


def _last_name(text: str, place: int) -> tuple[int, str] | None:
    """Start and spelling of the family name that ends at a place, with a comma, a bracket or markup behind it."""
    found = _LAST_NAME.search(text, max(0, place - LONGEST_NAME), place)
    return (found.start(1), found[1]) if found else None


def _with_initials(text: str, start: int) -> int:
    """Where the initials before a name start."""
    found = _INITIALS_BEFORE.search(text, max(0, start - 12), start)
    return found.start(1) if found else start


def _earlier_names(text: str, start: int, family: str) -> tuple[tuple[str, ...], int]:
    """The authors up to a family name that starts at `start`, and where the first of them starts.

    A list of full names before it belongs to the citation; so do initials. Other capitalised words before it may be
    anything; they are looked at with the catalogue at hand.
    """
    initials = _with_initials(text, start)
    given = given_before(text, start)
    here = given[0] if given else initials
    listed = _NAME_LIST.search(text, max(0, here - LONGEST_LIST), here)
    if listed and _first_word(listed[1]) not in _NO_NAMES:
        return (" ".join(listed[1].split()), family), listed.start(1)
    return (" ".join([*text[initials:start].split(), family]),), initials


def _first_word(name: str) -> str:
    return name.split()[0].lower()


def _organisation(text: str, end: int) -> str:
    """The organisation whose name of at most three words ends at a place; "" where there is none."""
    found = _THREE_WORDS.search(text, max(0, end - LONGEST_NAME), end)
    words = re.split(r"(?<=\s)", found[1]) if found else []
    for first in range(len(words)):
        name = "".join(words[first:])
        if name in _MAKERS or is_organisation(name):
            return name
    return ""


def _by_year(text: str, place: int) -> Citation | None:
    """The citation of one, two or three authors whose year stands at a place."""
    before = _BEFORE_YEAR.search(text, max(0, place - 5), place)
    if before is None or not _AFTER_YEAR.match(text, place + 4) or _NOT_AFTER_YEAR.match(text, place + 4):
        return None
    name = _last_name(text, before.start())
    if name is None or name[1].lower() in _NO_NAMES:
        return None
    start, family = name
    mark = before["mark"].strip()
    end = place + 4 + (text[place + 4 : place + 5] in _LETTERS_OF_YEARS)
    if mark[-1:] in _OPENING and (closing := _CLOSING.match(text, end)):
        end = closing.end()
    year = int(text[place : place + 4])
    first_start = _with_initials(text, start)
    joined = _AND.search(text, max(0, first_start - 6), first_start)
    first = _last_name(text, joined.start()) if joined else None
    if first and first[1].lower() not in _NO_NAMES:
        authors: tuple[str, ...] = (first[1], family)
        start = _with_initials(text, first[0])
        earlier = _COMMA_NAME.search(text, max(0, start - LONGEST_NAME), start)
        if earlier and earlier[1].lower() not in _NO_NAMES:
            authors, start = (earlier[1], *authors), earlier.start(1)
        return Citation(start, end, authors, year, PAIR, first[0], not mark)
    if organisation := _organisation(text, start + len(family)):
        start = start + len(family) - len(organisation)
        is_cell = _CELL_BEFORE.search(text, max(0, start - 4), start) and _CELL_BEHIND.match(text, end)
        is_bracketed = mark[-1:] in _OPENING or _OPENS.search(text, max(0, start - 6), start) is not None
        is_apart = is_cell if not mark else is_bracketed
        return Citation(start, end, (organisation,), year, ORGANISATION, start) if is_apart else None
    is_apart = mark[-1:] in ("(", "（") or (
        mark in (",", "，") and _OPENS.search(text, max(0, start - 6), start) is not None
    )
    if family.isupper() or not (is_apart or not mark):
        return None
    return Citation(start, end, (family,), year, SINGLE, start, not mark)
