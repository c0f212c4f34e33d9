"""One entry of a bibliography, taken apart: text in, authors, title, year and venue out. Pure.

There are as many styles as journals; they share that authors look like names, that quotation marks, brackets
or a full stop set the title apart, and that a year stands behind the authors or near the end. What follows from
no sign is left empty rather than guessed.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Final, NamedTuple

from tracker.catalogue.names import is_common_word
from tracker.keys import is_organisation
from tracker.regex import regex

MOST_STOPS: Final = 40
"""Full stops and commas that are tried as the end of the authors."""
LONGEST_ENTRY: Final = 1500
"""Code points; longer ones are no entries but paragraphs."""
_YEAR: Final = r"(?:19[5-9]\d|20[0-4]\d)"
_QUOTED: Final = regex(r"[\"“”«「『《]([^\"“”«»「」『』《》]{8,300}?)[,.]?[\"”“»」』》]")
_KIND: Final = regex(r"\s?\[(?:J|C|M|D|R|N|A|P|S|EB|OL|DB|CP)(?:/OL)?[\].]")
"""GB/T 7714, the Chinese standard, marks the kind of the work behind its title."""
_YEAR_OF_AUTHORS: Final = regex(
    rf"[.,]?\s?\(({_YEAR})[a-z]?(?:,[^()]{{1,20}})?\)[.,:]?\s|[.,]\s({_YEAR})[a-z]?[.:]\s"
)
_ANY_YEAR: Final = regex(rf"(?<![\d.:/-])({_YEAR})[a-z]?(?![\d]|\.\d)")
_STOP: Final = regex(r"(?:[.?!](?=\s|\Z|[\u4e00-\u9fff])|。)\s?")
_LNCS_END: Final = regex(r"[A-Z]\.:\s|\bet al\.?[:,]\s")
_SEPARATOR: Final = regex(r",?\s+(?:and|&|und|with)\s+|[,;，、；]\s?(?:and\s|&\s)?|\s?[和与]\s?")
_ET_AL: Final = regex(r"(?:et\.?\sal\.?|and\sothers|等人?|\.\.\.|…)")
_NAME_WORD: Final = regex(
    r"[A-ZÀ-ÖØ-ÞĀ-Ž](?:[A-Za-zÀ-ÖØ-öø-ɏ]|[-‐‑'’.](?=[A-Za-zÀ-ɏ]))*\.?"
    r"|(?:van|von|der|den|de|del|della|di|da|dos|du|la|le|el|al|bin|ten|ter|jr|Jr|II|III)\.?|[dD]['’]\S+"
)
_HAN_NAME: Final = regex(r"[\u4e00-\u9fff·]{2,6}")
_MOST_WORDS_OF_NAME: Final = 5
_BEFORE_AUTHORS: Final = regex(r"[,.]\s|\s(?=\()|\sby\s")
_VENUE_LEAD: Final = regex(r"(?i)(?:in:?|proceedings|proc\.|arxiv|advances in|journal|ieee|acm|corr)\b")
_TITLE_END: Final = regex(
    rf"[,.]\s+(?=In:?\s|(?i:arxiv|proceedings|corr\b|url\b)|{_YEAR}\b)|\s\(?(?i:arxiv preprint)|\s\({_YEAR}"
)
_INITIALS: Final = regex(r"(?:[A-Z]\.?[\s-]?){1,4}")


class Entry(NamedTuple):
    """What an entry says. Offsets count from the beginning of its text."""

    authors: tuple[str, ...] = ()
    """As written, in order; without "et al."."""
    title: str = ""
    title_start: int = 0
    title_end: int = 0
    year: int | None = None
    venue: str = ""
    """What stands behind the title, without the year where it stands alone."""


def parse_entry(text: str) -> Entry:
    """An entry of a bibliography taken apart, its label ("[12]", "3.") already gone.

    >>> parse_entry("D. P. Kingma and J. Ba. Adam: A method for stochastic optimization. In ICLR, 2015.")[:2]
    (('D. P. Kingma', 'J. Ba'), 'Adam: A method for stochastic optimization')
    """
    if len(text) > LONGEST_ENTRY:
        return Entry()
    flat = text.replace("\n", " ").replace("\u00a0", " ").replace("\t", " ").replace("\r", " ")
    for way in (_quoted, _marked, _by_year, _by_colon, _by_stop, _title_first):
        found = way(flat)
        if found is not None:
            return found
    return Entry(year=_year_in(flat))


def authors_in(text: str) -> tuple[str, ...]:
    """The authors that a list of names names; empty where it is not one.

    >>> authors_in("Graves A, Fernández S, Gomez F, et al."), authors_in("Deep Learning and Graph Networks")
    (('Graves, A', 'Fernández, S', 'Gomez, F'), ())
    """
    bare = text.strip().strip("*_").rstrip(".,:; ")
    has_more = _ET_AL.search(bare) is not None
    bare = _ET_AL.sub(" ", bare).strip(" ,;&")
    pieces = [piece.strip() for piece in _SEPARATOR.split(bare) if piece.strip()]
    if not pieces or len(bare) > LONGEST_ENTRY // 2:
        return ()
    names = _joined(pieces)
    if not all(_is_name(name) for name in names):
        return ()
    words = [word for name in names for word in re.findall(r"[A-Za-z]{2,}", name)]
    if words and all(is_common_word(word) for word in words):
        return ()
    is_list = len(names) > 1 or has_more or re.search(r"\b[A-Z]\b", bare) or "," in bare
    return tuple(map(_family_first, names)) if is_list or len(bare.split()) <= 3 else ()


def _family_first(name: str) -> str:
    """A name whose initials stand behind it without a comma ("Graves A"), with one."""
    words = name.split()
    if len(words) > 1 and "," not in name and re.fullmatch(r"[A-Z](?:[A-Z]|\.[A-Z]?){0,3}", words[-1]):
        given = next(i for i, word in enumerate(words) if len(word.strip(".")) == 1 or word == words[-1])
        if given:
            return f"{' '.join(words[:given])}, {' '.join(words[given:])}"
    return name


def _joined(pieces: list[str]) -> list[str]:
    """Names whose given names or initials stand behind a comma ("Kong, Q.", "Li, Lisha") as one piece each."""
    names: list[str] = []
    for piece in pieces:
        is_family = names and "," not in names[-1] and not re.match(r"[A-Z]\.|[A-Z]\s", names[-1])
        if is_family and _INITIALS.fullmatch(piece) and len(names[-1].split()) <= 3:
            names[-1] = f"{names[-1]}, {piece}"
        elif len(names) == 1 and len(names[0].split()) == 1 and _is_given(piece) and "," not in names[0]:
            names[0] = f"{names[0]}, {piece}"
        else:
            names.append(piece)
    return names


def _is_given(piece: str) -> bool:
    words = piece.split()
    return len(words) <= 3 and all(_NAME_WORD.fullmatch(word) for word in words) and len(words[0]) > 1


def _is_name(name: str) -> bool:
    if _HAN_NAME.fullmatch(name):
        return True
    words = name.replace(",", " ").split()
    if not 1 <= len(words) <= _MOST_WORDS_OF_NAME or not any(len(word.strip(".")) > 1 for word in words):
        return False
    return all(_NAME_WORD.fullmatch(word) for word in words)


def _entry(
    text: str, authors: tuple[str, ...], start: int, end: int, year: int | None = None
) -> Entry | None:
    """The entry whose title is text[start:end], which may have blanks and stops around it."""
    while start < end and text[start] in ' .,*_"“”':
        start += 1
    while end > start and text[end - 1] in ' .,;:*_"“”[(':
        end -= 1
    title = text[start:end]
    if len(re.findall(r"[^\W_]+", title)) < 2 and not re.search(r"[\u4e00-\u9fff]{4}", title):
        return None
    rest = text[end:].strip(' .,;:*_"“”')
    return Entry(authors, title, start, end, year or _year_in(text), _KIND.sub("", rest).lstrip("/ ").strip())


def _quoted(text: str) -> Entry | None:
    """... "Title." ...: the authors before it, or none."""
    found = _QUOTED.search(text)
    if found is None or len(found[1].split()) < 2 or "《" in found[0][:1]:
        return None
    before = _YEAR_OF_AUTHORS.sub(" ", text[: found.start()] + " ")
    return _entry(text, authors_in(before), found.start(1), found.end(1))


def _marked(text: str) -> Entry | None:
    """Authors. Title[J]. Venue, as GB/T 7714 has it."""
    kind = _KIND.search(text)
    if kind is None:
        return None
    cut = _end_of_authors(text[: kind.start()])
    return _entry(text, authors_in(text[:cut]), cut, kind.start())


def _by_year(text: str) -> Entry | None:
    """Authors (2021). Title. Venue, or Authors. 2021. Title. Venue."""
    found = _YEAR_OF_AUTHORS.search(text, 0, LONGEST_ENTRY // 2)
    if found is None:
        return None
    authors = authors_in(text[: found.start()])
    if not authors:
        return None
    return _entry(text, authors, found.end(), _end_of_title(text, found.end()), int(found[1] or found[2]))


def _by_colon(text: str) -> Entry | None:
    """Lastname, I., Lastname, I.: Title. In: Venue (2020), as Springer has it."""
    found = _LNCS_END.search(text)
    if found is None:
        return None
    authors = authors_in(text[: found.end() - 2])
    return _entry(text, authors, found.end(), _end_of_title(text, found.end())) if authors else None


def _by_stop(text: str) -> Entry | None:
    """Authors. Title. Venue, 2017."""
    cut = _end_of_authors(text)
    if not cut:
        return None
    return _entry(text, authors_in(text[:cut]), cut, _end_of_title(text, cut))


def _title_first(text: str) -> Entry | None:
    """Title, A. Author, B. Author; or Title. Authors; or Title (2023)."""
    for stop in islice(_BEFORE_AUTHORS.finditer(text, 0, LONGEST_ENTRY // 2), MOST_STOPS):
        rest = text[stop.end() :]
        end = _ANY_YEAR.search(rest)
        authors = authors_in(rest[: end.start()] if end else rest)
        is_full_name = len(authors) == 1 and 2 <= len(authors[0].split()) <= 3 and end is not None
        if len(authors) > 1 or is_full_name or (authors and _ET_AL.search(rest)):
            return _entry(text, authors, 0, stop.start())
    return None


def _end_of_authors(text: str) -> int:
    """Where the title begins, behind the full stop that ends the authors; 0 where there are no authors."""
    for stop in islice(_STOP.finditer(text, 0, LONGEST_ENTRY // 2), MOST_STOPS):
        before = text[: stop.start()]
        last = re.split(r"[\s,.]+", before)[-1]
        names = authors_in(before)
        is_sign = is_organisation(before) or re.search(r"\b[A-Z]\b|,|et al|[\u4e00-\u9fff]", before)
        if not names and len(before) > LONGEST_ENTRY // 3:
            return 0
        if not names or (len(names) == 1 and not is_sign):
            continue
        if len(last) == 1 and last.isupper() and _goes_on(text[stop.end() :], before):
            continue
        return stop.end()
    return 0


def _goes_on(rest: str, before: str) -> bool:
    """Whether names go on behind an initial: "A. Author, B. Author." or "Pham, H.; Guan, M. Y." """
    if rest[:1] in ",;&" or re.match(r"[A-Z]\.", rest):
        return True
    last_piece = _SEPARATOR.split(before)[-1].strip()
    return _INITIALS.fullmatch(last_piece) is not None and "," not in before[-8:]


def _end_of_title(text: str, start: int) -> int:
    """Where a title that starts here ends: at its full stop, or before what is plainly a venue."""
    venue = _TITLE_END.search(text, start)
    last = venue.start() if venue else len(text)
    for stop in _STOP.finditer(text, start, last):
        rest = text[stop.end() :]
        if text[stop.start()] in "?!":
            if not rest.strip() or _VENUE_LEAD.match(rest):
                return stop.start() + 1
        elif not re.search(r"\b(?:vs|St|v)\Z", text[start : stop.start()]):
            return stop.start()
    return last


def _year_in(text: str) -> int | None:
    """The last year of an entry that is no part of an identifier or of page numbers."""
    years = [int(found[1]) for found in _ANY_YEAR.finditer(text)]
    return years[-1] if years else None
