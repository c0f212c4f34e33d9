"""Papers as BibTeX entries, with citation keys that stay.

Pure: papers in; entries, text, or the new bytes of a user's file out. The entries give no warning in BibTeX's
standard styles, natbib's, or biber, whatever of a paper is known.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import StrEnum
from itertools import count, product
from string import ascii_lowercase
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import quote

from tracker.bibfile import BibEntry, append_entries, read_bib, write_bib
from tracker.export.latex import clean, latex_text
from tracker.export.people import latex_authors
from tracker.export.titles import latex_title
from tracker.identifiers import PaperKey, arxiv_id_of, doi_of, url_of
from tracker.keys import family_name, fold, plain_text
from tracker.models import Paper, Problem, VenueKind
from tracker.regex import regex

_NOTHING: Mapping[PaperKey, str] = MappingProxyType({})


class Merged(NamedTuple):
    """A user's file with the papers that it lacked."""

    data: bytes
    """The whole new content; it begins with the old one."""
    added: dict[PaperKey, str]
    """Paper -> citation key of its new entry."""
    present: dict[PaperKey, str]
    """Paper -> citation key that it had in the file."""
    problems: tuple[Problem, ...]
    """What in the file could not be read."""


class Form(StrEnum):
    """Which form of a paper that was published after it stood on arXiv an entry describes."""

    PUBLISHED = "published"
    """Title, venue, year and pages as published, with the arXiv id beside them."""
    PREPRINT = "preprint"
    """As arXiv has it: without the venue and the DOI."""


def write_bibtex(
    papers: Iterable[Paper], *, taken: Mapping[PaperKey, str] = _NOTHING, form: Form = Form.PUBLISHED
) -> str:
    """The papers as the text of a .bib file, in their order; for `taken` see `citation_keys`."""
    return write_bib(bib_entries(papers, taken=taken, form=form))


def merge_bib(
    data: bytes,
    papers: Iterable[Paper],
    *,
    name: str = "the .bib file",
    taken: Mapping[PaperKey, str] = _NOTHING,
    form: Form = Form.PUBLISHED,
) -> Merged:
    """A user's file and, behind its own bytes, an entry for each paper that it has none for.

    A paper is there already if an entry has its arXiv id or DOI, or its title by the same authors: see
    `BibFile.find`. New keys differ from all keys of the file. Merging again adds nothing.

    Raises:
        InputError: the file is not text, or its encoding lacks a character that an entry needs.
    """
    bib = read_bib(data, name)
    present: dict[PaperKey, str] = {}
    missing: dict[PaperKey, Paper] = {}
    for paper in papers:
        if entry := bib.find(paper):
            present[paper.key] = entry.key
        else:
            missing.setdefault(paper.key, paper)
    keys = citation_keys(missing.values(), taken=taken, used=bib.citation_keys)
    entries = [_entry(paper, keys[paper.key], form) for paper in missing.values()]
    return Merged(append_entries(bib, entries), keys, present, bib.problems)


def bib_entries(
    papers: Iterable[Paper],
    *,
    taken: Mapping[PaperKey, str] = _NOTHING,
    used: Collection[str] = (),
    form: Form = Form.PUBLISHED,
) -> list[BibEntry]:
    """One entry for each paper, in their order; for `taken` and `used` see `citation_keys`."""
    distinct = {paper.key: paper for paper in papers}
    keys = citation_keys(distinct.values(), taken=taken, used=used)
    return [_entry(paper, keys[paper.key], form) for paper in distinct.values()]


# --- citation keys -----------------------------------------------------------------------------


def citation_keys(
    papers: Iterable[Paper], *, taken: Mapping[PaperKey, str] = _NOTHING, used: Collection[str] = ()
) -> dict[PaperKey, str]:
    """The citation key of each paper: "dettmers2023qlora".

    As Google Scholar makes them: the family name of the first author (its first word: "van" for van der
    Maaten, "ben" for Ben-David), the year of the first version, the first significant word of the title, or
    the name that the title begins with ("Llama 2: ..." gives "llama2"). ASCII letters and digits only. Where
    the first author is unknown or has no Latin name: "qlora2023".

    `taken`: keys given before, which stay with their papers, be these among `papers` or not. `used`: other
    keys that must not be given, whatever their case. Papers that would get the same key get letters behind
    it, in the order of their paper keys; so the order of the input changes nothing.
    """
    by_key = {paper.key: paper for paper in papers}
    occupied = {key.lower() for key in used} | {key.lower() for of, key in taken.items() if of not in by_key}
    keys: dict[PaperKey, str] = {}
    groups: dict[str, list[PaperKey]] = {}
    for _, paper in sorted(by_key.items()):
        given = taken.get(paper.key, "")
        if _USABLE_KEY.fullmatch(given) and given.lower() not in occupied:
            keys[paper.key] = given
            occupied.add(given.lower())
        else:
            groups.setdefault(_stem(paper), []).append(paper.key)
    for stem, group in sorted(groups.items()):
        free = (key for key in _with_letters(stem) if key not in occupied)
        for paper_key in group:
            keys[paper_key] = stem if len(group) == 1 and stem not in occupied else next(free)
            occupied.add(keys[paper_key])
    return keys


# Keys may come from a user's file, whose author is free to break it; in ours they stand as they are.
_USABLE_KEY = regex(r"""[^\s\x00-\x20\x7f{}(),="'#%~\\@]{1,200}""")


def _with_letters(stem: str) -> Iterator[str]:
    """The stem with a, b, ..., z, aa, ab, ..."""
    for length in count(1):
        for letters in product(ascii_lowercase, repeat=length):
            yield stem + "".join(letters)


def _stem(paper: Paper) -> str:
    year = str(paper.first_year or "")
    family = _first_word_of_family(paper.authors[0]) if paper.authors else ""
    word = _title_word(paper.title)
    if not (family or word):
        return re.sub(r"[^a-z0-9]", "", paper.key.lower())
    return f"{family}{year}{word}" if family else f"{word}{year}"


def _first_word_of_family(author: str) -> str:
    words = re.split(r"[\s\-–‐.]+", fold(family_name(clean(author))))
    letters = (re.sub(r"[^a-z0-9]", "", word) for word in words)
    return next(filter(None, letters), "")


_SMALL_WORDS = """
    a an the on in of for to and or with from by at as is are was be do does can could should will how what
    why when where which who via its it
"""
_INSIGNIFICANT = frozenset(_SMALL_WORDS.split())
_SYSTEM_NAME = regex(r"(\S+(?: \d[\w.]*)?) ?(?::|：| [-–—] )")
_LONGEST_WORD = 40


def _title_word(title: str) -> str:
    """The name that the title begins with, else its first word that says something; "" without ASCII."""
    text = fold(plain_text(clean(title)).replace("$", ""))
    named = _SYSTEM_NAME.match(text)
    if named and (name := _alphanumeric(named[1])):
        return name
    words = re.findall(r"[a-z0-9'’]+(?:[-‐][a-z0-9'’]+)*", text)
    significant = [word for word in words if word not in _INSIGNIFICANT] or words
    word = next((word for word in significant if len(word) > 1), significant[0] if significant else "")
    first, _, _ = word.partition("-")
    is_enough = len(first) > 1 and first not in _INSIGNIFICANT
    return _alphanumeric(first if is_enough else word)  # "high" of high-resolution, but "tsne" of t-SNE


def _alphanumeric(word: str) -> str:
    return re.sub(r"[^a-z0-9]", "", word)[:_LONGEST_WORD]


# --- entries -----------------------------------------------------------------------------------

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MEETING = regex(r"\b(?:conference|conf\.|proceedings|proc\.|workshop|symposium|congress)", re.IGNORECASE)
_SHORT_NAME = regex(r"(\w[\w&+-]*)(?: [A-Z][\w&+-]*){0,3},? (?:19|20)\d\d\b")  # "SIGGRAPH Asia 2024"
# Journals that are cited by a short name and a year, as conferences are.
_JOURNAL_NAMES = """
    JMLR TMLR TACL JAIR PAMI TPAMI IJCV TIP TOG TVCG TNNLS TKDE TASLP TOIS CSUR PNAS PRL PRD JHEP JCAP MNRAS
    A&A AJ ApJ Nature Science Neurocomputing
"""
_JOURNALS = frozenset(_JOURNAL_NAMES.split())


def _entry(paper: Paper, key: str, form: Form) -> BibEntry:
    arxiv_id = arxiv_id_of(paper.key)
    if arxiv_id and form is Form.PREPRINT:
        paper = paper.model_copy(update=dict.fromkeys(("venue", "doi", "published_title"), None))
    kind, fields = _publication(paper, key)
    doi = paper.doi or doi_of(paper.key)
    if arxiv_id:
        fields += [("eprint", arxiv_id), ("archivePrefix", "arXiv")]
        fields += [("primaryClass", _verbatim(category)) for category in paper.categories[:1]]
    if doi:
        fields.append(("doi", _verbatim(doi)))
    fields.append(("url", _verbatim(url_of(paper.key))))
    if paper.is_withdrawn:
        fields.append(("note", "Withdrawn"))
    enclosed = [(name, value if name == "month" else f"{{{value}}}") for name, value in fields]
    return BibEntry(kind, key, tuple(enclosed))


def _publication(paper: Paper, key: str) -> tuple[str, list[tuple[str, str]]]:
    """The entry's type, and the fields from the title to the date.

    `@article` and `@inproceedings` need an author, a venue and a year, or BibTeX warns; all else is `@misc`,
    as in arXiv's own BibTeX. Without an author `key` gives the styles something to sort and label by.
    """
    title = clean(paper.published_title or paper.title).strip() or paper.key
    authors = latex_authors(paper.authors, are_complete=paper.authors_complete)
    venue, year = " ".join(clean(paper.venue or "").split()), paper.first_year
    published = (paper.venue_year if venue else None) or _year_in(venue, year) or year
    fields = [("title", latex_title(title, paper.aliases))]
    fields.append(("author", authors) if authors else ("key", _label(title) or key))
    kind = _kind(paper, venue) if venue and authors and published else "misc"
    if venue:
        fields.append((_PLACES[kind], latex_text(venue)))
    if published:
        fields.append(("year", str(published)))
    if not venue and (month := paper.first_month):
        fields.append(("month", _MONTHS[month - 1]))
    if kind != "misc":
        fields += [(name, latex_text(value)) for name, value in _details(paper, kind) if value]
    return kind, fields


_PLACES = {
    "misc": "howpublished",
    "article": "journal",
    "inproceedings": "booktitle",
    "incollection": "booktitle",
}


def _kind(paper: Paper, venue: str) -> str:
    """The type of an entry of which author, venue and year are known."""
    if paper.venue_kind is VenueKind.JOURNAL:
        return "article"
    if paper.venue_kind is VenueKind.BOOK and paper.publisher:  # without one, BibTeX warns
        return "incollection"
    return "inproceedings" if paper.venue_kind or _is_meeting(venue) else "article"


def _details(paper: Paper, kind: str) -> Iterator[tuple[str, str]]:
    """Where in the venue it stands. BibTeX warns of a number without a volume and, in books, of both."""
    yield "volume", clean(paper.volume or "")
    if kind == "article" and paper.volume:
        yield "number", clean(paper.issue or "")
    yield "pages", re.sub(r"\s*(?:-+|[–—‒])\s*", "--", clean(paper.pages or ""))
    if kind != "article":
        yield "publisher", clean(paper.publisher or "")


def _is_meeting(venue: str) -> bool:
    if _MEETING.search(venue):
        return True
    short = _SHORT_NAME.match(venue)
    if short is None or short[1] in _JOURNALS:
        return False
    return sum(map(str.isupper, short[1])) > 1 or short[1] == "Interspeech"


def _year_in(venue: str, first: int | None) -> int | None:
    """The year that the venue tells ("ICLR 2021"): the last in it that can follow the first version."""
    years = [int(year) for year in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", venue)]
    return next((year for year in reversed(years) if first is None or first - 1 <= year <= first + 10), None)


def _label(title: str) -> str:
    """The name that the title begins with, otherwise its first words, in ASCII.

    Nothing but letters, digits and blanks: styles make labels of the first three characters.
    """
    apart = unicodedata.normalize("NFKD", plain_text(title))
    head, colon, _ = apart.partition(":")
    words = re.findall(r"[A-Za-z0-9]+", head)
    return " ".join(words if colon and len(words) < 5 else words[:5])


def _verbatim(value: str) -> str:
    """An address or identifier as it is, but for what would break out of the braces."""
    return quote(clean(value), safe="".join(map(chr, range(0x21, 0x7F))).translate(_BREAKING))


_BREAKING = {ord(character): None for character in "{}\\"}
