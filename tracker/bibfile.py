"""BibTeX files: what stands in them, whether a paper is among it, and entries as text.

In: the bytes of a user's file, in whatever encoding and state. Out: the entries that can be read, a problem
for each part that cannot, and new bytes that begin with the old ones. Nothing of a file is written anew.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from bibtexparser.entrypoint import parse_string, write_string
from bibtexparser.library import Library
from bibtexparser.middlewares.names import split_multiple_persons_names
from bibtexparser.model import (
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    Entry,
    Field,
    ParsingFailedBlock,
)
from bibtexparser.writer import BibtexFormat

from tracker.errors import InputError
from tracker.files import decode_text, newline_of
from tracker.identifiers import (
    ArxivId,
    Doi,
    PaperKey,
    arxiv_id_of,
    arxiv_key,
    key_of_doi,
    parse_arxiv_id,
    parse_doi,
    parse_key,
)
from tracker.keys import TitleKey, family_name, is_braced, name_words, plain_text, title_key
from tracker.models import Paper, Problem
from tracker.regex import regex

# The parser logs a warning for every block that it cannot read; here those become problems.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)


class BibEntry(NamedTuple):
    """An entry to write. The values are LaTeX, with their enclosing braces where they need any."""

    type: str
    key: str
    fields: tuple[tuple[str, str], ...]


class ReadEntry(NamedTuple):
    """An entry as found in a file; title and authors are plain, without LaTeX markup."""

    key: str
    type: str
    """Lower case: "article"."""
    line: int
    """Counted from 1."""
    title: str
    authors: tuple[str, ...]
    """As ordered in the file; an organisation keeps its braces; "others" is left out."""
    year: int | None
    arxiv_id: ArxivId | None
    doi: Doi | None
    """Of the published version."""
    paper_keys: frozenset[PaperKey]
    """Every key that its identifiers and links stand for."""
    venue: str = ""
    """Journal or book of the published version and, where that does not tell it, the year ("ICML 2021")."""
    has_others: bool = False
    """Whether the authors end with "and others"."""
    place: str = ""
    """What stands for a journal, a book or another way of publication, a preprint server among them; plain."""
    identifiers: tuple[tuple[str, PaperKey], ...] = ()
    """Each identifier with the field that it stands in, in the order eprint, doi, journal or note, links."""
    unusable: tuple[tuple[str, str], ...] = ()
    """Fields for an identifier whose value can be none, and that value."""
    fields: tuple[tuple[str, str], ...] = ()
    """Every value by its lower-case name, as LaTeX; of a field that is there twice the first."""


class BibFile:
    """A file as read: its entries in order, and a problem for each part that could not be read."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        self.data = data
        text, self.encoding = decode_text(data, name)
        self.text = text
        """Without byte order mark."""
        self.newline = newline_of(text)
        self.ending = text[-4:] if text.strip() else ""
        """The last characters; "" where nothing but blanks stands in the file."""
        library = parse_string(text, parse_stack=[])
        strings = _strings(library)
        self.entries = tuple(_read_entry(entry, strings) for entry in _entries(library))
        self.problems = _problems(library, name)

    @cached_property
    def citation_keys(self) -> frozenset[str]:
        """In lower case: BibTeX takes two keys that differ in case only for a repeated entry."""
        return frozenset(entry.key.lower() for entry in self.entries)

    @cached_property
    def _entry_by_paper_key(self) -> dict[PaperKey, ReadEntry]:
        return {key: entry for entry in reversed(self.entries) for key in entry.paper_keys}

    @cached_property
    def _entries_by_title(self) -> dict[TitleKey, list[ReadEntry]]:
        found: dict[TitleKey, list[ReadEntry]] = {}
        for entry in self.entries:
            if key := title_key(entry.title):
                found.setdefault(key, []).append(entry)
        return found

    def find(self, paper: Paper) -> ReadEntry | None:
        """The entry for this paper in any version, preprint or published; None where there is none.

        An identifier decides; without one the title does, where authors and years do not speak against it and
        the two do not carry different arXiv ids.
        """
        published = key_of_doi(paper.doi.lower()) if paper.doi else None
        for key in (paper.key, published[0] if published else paper.key):
            if entry := self._entry_by_paper_key.get(key):
                return entry
        same_title = self._entries_by_title.get(title_key(paper.title), ())
        return next((entry for entry in same_title if _is_same_paper(entry, paper)), None)


def read_bib(data: bytes, name: str = "the .bib file") -> BibFile:
    """What stands in a BibTeX file; `name` is what problems and errors call it.

    Any encoding that `decode_text` knows. A broken entry becomes a problem, the others are read. The time it
    takes is in proportion to the size.

    Raises:
        InputError: the file is not text.
    """
    return BibFile(name, data)


def is_in_bib(paper: Paper, bib: BibFile) -> bool:
    """Whether the file has an entry for this paper, be it for another version or for its published form."""
    return bib.find(paper) is not None


def write_bib(entries: Sequence[BibEntry]) -> str:
    """The entries as BibTeX, an empty line between two and a newline at the end; "" for none.

    Raises:
        ValueError: two entries have the same key.
    """
    style: Any = BibtexFormat()  # type: ignore[no-untyped-call]
    style.indent = "  "
    style.block_separator = "\n"
    style.trailing_comma = True
    library = Library(
        [
            Entry(entry.type, entry.key, [Field(name, value) for name, value in entry.fields])
            for entry in entries
        ]
    )
    return str(write_string(library, unparse_stack=[], bibtex_format=style))


def append_entries(bib: BibFile, entries: Sequence[BibEntry]) -> bytes:
    """The file's own bytes and the entries behind them, in its encoding and with its line ends.

    Raises:
        InputError: a character of an entry does not exist in the file's encoding.
    """
    if not entries:
        return bib.data
    breaks = bib.ending[len(bib.ending.rstrip("\r\n")) :].replace("\r\n", "\n")
    gap = "\n" * (2 - len(breaks)) if bib.ending else ""
    added = (gap + write_bib(entries)).replace("\n", bib.newline)
    try:
        return bib.data + added.encode(bib.encoding)
    except UnicodeEncodeError as error:
        missing = error.object[error.start]
        raise InputError(
            f"{bib.name}: is in {bib.encoding}, which has no {missing!r}; convert it to UTF-8 and try again"
        ) from None


# --- correcting --------------------------------------------------------------------------------


class Replacement(NamedTuple):
    """A new value for a field of an entry."""

    entry: ReadEntry
    field: str
    """As the file has it, in any case."""
    value: str
    """LaTeX, without enclosing braces."""
    old: str = ""
    """What of the present value it takes the place of, with the version behind an arXiv id; "" for all of it."""


class Replaced(NamedTuple):
    """A file with new values."""

    data: bytes
    done: tuple[Replacement, ...]
    """Those that were possible, in the order given."""


def replace_values(bib: BibFile, replacements: Iterable[Replacement]) -> Replaced:
    """The file's bytes with values of fields replaced; not a byte outside of these values changes.

    A value stays enclosed as it was, in braces or quotation marks; what was a `@string` or put together of several
    becomes one value in braces. Left out are replacements in entries that cannot be found again, of fields that the
    entry does not have or that stand in it twice, and whose characters the file's encoding lacks.

    Raises:
        InputError: the bytes cannot be told from the text, as in a file of mixed encodings.
    """
    body = bib.text.encode(bib.encoding, errors="replace")
    if not bib.data.endswith(body):
        raise InputError(
            f"{bib.name}: holds bytes that are no {bib.encoding}; convert it to UTF-8 and try again"
        )
    mark = len(bib.data) - len(body)
    lines = _line_starts(bib.text)
    spans: list[tuple[int, int, bytes]] = []
    done = []
    for one in replacements:
        found = _value_span(bib.text, lines, one)
        if found is None:
            continue
        start, end, text = found
        try:
            new = text.encode(bib.encoding)
        except UnicodeEncodeError:
            continue
        if not any(a < end and start < b for a, b, _ in spans):
            spans.append((start, end, new))
            done.append(one)
    pieces, at = [bib.data[:mark]], 0
    for start, end, new in sorted(spans):
        pieces += [bib.text[at:start].encode(bib.encoding), new]
        at = end
    pieces.append(bib.text[at:].encode(bib.encoding))
    return Replaced(b"".join(pieces), tuple(done))


def _line_starts(text: str) -> list[int]:
    return [0, *(found.end() for found in re.finditer("\n", text))]


_FIELD = regex(r"[\s,]*(?:%[^\n]*\n\s*)*([^\s=,{}\"#%]+)\s*=\s*")
_HEAD = regex(r"\s*@\s*[^\s{(]+\s*[{(]\s*[^\s,]*\s*,")


def _value_span(text: str, lines: Sequence[int], one: Replacement) -> tuple[int, int, str] | None:
    """Where a value stands, and what is to stand there; None where that cannot be told for certain."""
    if not 0 < one.entry.line <= len(lines):
        return None
    at = text.find("@", lines[one.entry.line - 1])
    head = _HEAD.match(text, at) if at >= 0 else None
    if head is None or one.entry.key not in head[0]:
        return None
    values = [span for name, *span in _fields_from(text, head.end()) if name == one.field.lower()]
    if len(values) != 1:
        return None
    start, end = values[0]
    raw = text[start:end]
    if one.old:
        inside = raw.find(one.old)
        if inside < 0 or raw.count(one.old) != 1:
            return None
        version = re.compile(r"(?<=\d)v\d+").match(raw, inside + len(one.old))
        return start + inside, start + (version.end() if version else inside + len(one.old)), one.value
    if raw[:1] == '"' and '"' not in one.value.replace('\\"', ""):
        return start, end, f'"{one.value}"'
    if raw.isdigit() and one.value.isdigit():
        return start, end, one.value
    return start, end, f"{{{one.value}}}"


def _fields_from(text: str, at: int) -> Iterator[tuple[str, int, int]]:
    """The fields of an entry: name in lower case, and the span of the value without the blanks around it."""
    while found := _FIELD.match(text, at):
        start = end = found.end()
        depth, is_quoted = 0, False
        while end < len(text):
            character = text[end]
            if character == '"' and depth == 0:
                is_quoted = not is_quoted
            elif character in "{}" and text[end - 1] != "\\":
                depth += 1 if character == "{" else -1
            if depth < 0 or (depth == 0 and not is_quoted and character in ",)"):
                break
            end += 1
        yield found[1].lower(), start, start + len(text[start:end].rstrip())
        if end >= len(text) or text[end] != ",":
            return
        at = end


# --- reading -----------------------------------------------------------------------------------

_LONGEST = 100_000  # characters of a value put together from strings: these can double with every line
_PROBLEMS_SHOWN = 20


def _entries(library: Library) -> Iterator[Entry]:
    """All entries, those too that BibTeX would complain of for a repeated key or field."""
    for block in library.blocks:
        entry = block.ignore_error_block if isinstance(block, ParsingFailedBlock) else block
        if isinstance(entry, Entry):
            yield entry


def _problems(library: Library, name: str) -> tuple[Problem, ...]:
    problems = []
    failed = library.failed_blocks
    for block in failed[:_PROBLEMS_SHOWN]:
        if isinstance(block, DuplicateBlockKeyBlock):
            what = "has a key that another entry has too; BibTeX uses the first"
        elif isinstance(block, DuplicateFieldKeyBlock):
            what = "has a field twice; BibTeX uses the first"
        else:
            what = "cannot be read; look for a brace, quotation mark or comma that is missing"
        problems.append(f"the entry on line {(block.start_line or 0) + 1} {what}")
    if len(failed) > _PROBLEMS_SHOWN:
        problems.append(f"{len(failed) - _PROBLEMS_SHOWN} more entries cannot be read")
    return tuple(Problem(stage="bibfile", subject=name, message=message) for message in problems)


def _strings(library: Library) -> dict[str, str]:
    """The values of `@string` by lower-case name, each made with those defined before it."""
    strings: dict[str, str] = {}
    for string in library.strings:
        strings[string.key.lower()] = _value(string.value, strings)
    return strings


def _value(raw: str, strings: Mapping[str, str]) -> str:
    """A field's value: enclosings taken off, strings resolved, parts joined by `#` put together."""
    parts: list[str] = []
    length = 0
    for piece in _pieces(raw) if "#" in raw else (raw,):
        piece = piece.strip()
        if len(piece) > 1 and piece[0] + piece[-1] in ("{}", '""'):
            piece = piece[1:-1]
        else:
            piece = strings.get(piece.lower(), piece)
        parts.append(piece)
        length += len(piece)
        if length > _LONGEST:
            break
    return "".join(parts)


def _pieces(raw: str) -> Iterator[str]:
    """The parts between the `#` that stand outside braces and quotation marks."""
    start = depth = 0
    is_quoted = False
    for found in re.finditer(r'[{}"#]', raw):
        character = found[0]
        if character == '"' and depth == 0:
            is_quoted = not is_quoted
        elif character == "#" and depth == 0 and not is_quoted:
            yield raw[start : found.start()]
            start = found.end()
        else:
            depth += (character == "{") - (character == "}")
    yield raw[start:]


def _read_entry(entry: Entry, strings: Mapping[str, str]) -> ReadEntry:
    fields: dict[str, str] = {}
    for field in entry.fields:
        name = field.key.rpartition("\n")[2].strip().lower()  # a comment may stand on the lines before it
        fields.setdefault(name, _value(field.value, strings))
    year = re.search(r"\d{4}", fields.get("year") or fields.get("date", ""))
    doi = parse_doi(_plain(fields.get("doi", "")))
    keys = {key for address in _addresses(fields) if (key := parse_key(address))}
    if doi and (keyed := key_of_doi(doi)):
        keys.add(keyed[0])
    if arxiv_id := _arxiv_id(fields):  # a link may lead to another paper's page, as that of a reply
        keys = {key for key in keys if not arxiv_id_of(key)} | {arxiv_key(arxiv_id)}
    return ReadEntry(
        key=entry.key,
        type=entry.entry_type.lower(),
        line=(entry.start_line or 0) + 1,
        title=_plain(" ".join((fields.get("title", ""), fields.get("subtitle", "")))),
        authors=tuple(_authors(fields.get("author", ""))),
        year=int(year[0]) if year else None,
        arxiv_id=next((found for key in sorted(keys) if (found := arxiv_id_of(key))), None),
        doi=None if doi and doi.startswith("10.48550/") else doi,
        paper_keys=frozenset(keys),
        venue=_venue(fields, year[0] if year else ""),
        has_others=bool(
            re.search(r"(?:^|\sand\s+|\s)(?:others|et\.? al\.?)[\s}]*$", fields.get("author", ""))
        ),
        place=_place(fields),
        identifiers=tuple(_identifiers(fields)),
        unusable=tuple(_unusable(fields)),
        fields=tuple(fields.items()),
    )


_PLACES = ("booktitle", "journal", "journaltitle", "howpublished", "school", "institution", "eventtitle")


def _place(fields: Mapping[str, str]) -> str:
    named = (_plain(fields.get(name, "")) for name in _PLACES)
    return next((place for place in named if place and not place.startswith(("http", "\\url"))), "")


def _identifiers(fields: Mapping[str, str]) -> Iterator[tuple[str, PaperKey]]:
    """Every identifier by its field; `paper_keys` holds what they stand for together."""
    for name in ("arxivid", "eprint"):
        if _is_arxiv_field(name, fields) and (key := parse_key(_plain(fields.get(name, "")))):
            yield name, key
    if (doi := parse_doi(_plain(fields.get("doi", "")))) and (keyed := key_of_doi(doi)):
        yield "doi", keyed[0]
    for name in ("journal", "volume", "howpublished", "note"):
        found = _ARXIV_IN_TEXT.search(_in_text(name, fields))
        if found and (parsed := parse_arxiv_id(found[1])):
            yield name, arxiv_key(parsed[0])
    for name in ("url", "ee"):
        for address in re.findall(r"https?://\S+", plain_text(fields.get(name, ""))):
            if key := parse_key(address):
                yield name, key


def _in_text(name: str, fields: Mapping[str, str]) -> str:
    """A field in which an arXiv id may stand; a volume only says so together with its journal."""
    value = _plain(fields.get(name, ""))
    return f"{_plain(fields.get('journal', ''))} {value}" if name == "volume" and value else value


def _is_arxiv_field(name: str, fields: Mapping[str, str]) -> bool:
    archive = (fields.get("archiveprefix") or fields.get("eprinttype") or "arxiv").lower()
    return name == "arxivid" or "arxiv" in archive


_ARXIV_LIKE = regex(r"(?:arxiv\s*:\s*)?\d{4}\.\d{3,7}(?:v\d+)?", re.IGNORECASE)


def _unusable(fields: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Identifiers that cannot be: an arXiv number of month 13, a DOI without its prefix."""
    for name in ("arxivid", "eprint"):
        value = _plain(fields.get(name, ""))
        if _is_arxiv_field(name, fields) and _ARXIV_LIKE.fullmatch(value) and not parse_key(value):
            yield name, value
    doi = _plain(fields.get("doi", ""))
    parsed = parse_doi(doi)
    if re.search(r"\d", doi) and (not parsed or not key_of_doi(parsed)):
        yield "doi", doi


def _venue(fields: Mapping[str, str], year: str) -> str:
    """Where the paper was published, with the year; "" for a preprint."""
    place = _plain(fields.get("booktitle") or fields.get("journal") or fields.get("journaltitle", ""))
    if not place or re.search(r"arxiv|\bcorr\b", place, re.IGNORECASE):
        return ""
    return f"{place} {year}".strip() if year not in place else place


def _plain(value: str) -> str:
    return " ".join(plain_text(value).replace("~", " ").split())


def _authors(value: str) -> Iterator[str]:
    names = split_multiple_persons_names(value) if "{" in value else re.split(r"\s+and\s+", value)
    for name in map(str.strip, names):
        plain = _plain(name)
        if plain and plain.lower() != "others":
            yield f"{{{plain}}}" if is_braced(name) else plain


_ARXIV_IN_TEXT = regex(
    r"(?:arxiv|corr)\W{0,5}(?:(?:e-?prints?|preprints?|abs)\W{1,5})?(?:arxiv\W{1,5})?(?:abs/)?"
    r"([a-z-]+(?:\.[a-z]{2})?/\d{7}|\d{4}\.\d{4,5})(?!\d)",
    re.IGNORECASE,
)


def _arxiv_id(fields: Mapping[str, str]) -> ArxivId | None:
    """The arXiv id, wherever people and the exports of services put it.

    `eprint` with or without `archivePrefix`; Mendeley's `arxivId`; Google Scholar's
    `journal = {arXiv preprint arXiv:...}`; DBLP's `journal = {CoRR}` with `volume = {abs/...}`; or a note.
    """
    archive = (fields.get("archiveprefix") or fields.get("eprinttype") or "arxiv").lower()
    for eprint in (fields.get("arxivid", ""), fields.get("eprint", "") if "arxiv" in archive else ""):
        if (key := parse_key(_plain(eprint))) and (arxiv_id := arxiv_id_of(key)):
            return arxiv_id
    in_journal = " ".join((fields.get("journal", ""), fields.get("volume", "")))
    for place in (in_journal, fields.get("howpublished", ""), fields.get("note", "")):
        found = _ARXIV_IN_TEXT.search(_plain(place))
        if found and (parsed := parse_arxiv_id(found[1])):
            return parsed[0]
    return None


def _addresses(fields: Mapping[str, str]) -> Iterator[str]:
    for name in ("url", "ee", "howpublished"):
        yield from re.findall(r"https?://\S+", plain_text(fields.get(name, "")))


# --- comparing ---------------------------------------------------------------------------------

# Without authors on both sides a title must be this long to be enough: "Introduction" is many papers.
_TELLING_TITLE = 15


def _is_same_paper(entry: ReadEntry, paper: Paper) -> bool:
    """Whether nothing speaks against two papers of the same title being one.

    Published versions come up to some years after the preprint, and old papers were put on arXiv later, so
    that with the same author the years say nothing.
    """
    own_id = arxiv_id_of(paper.key)
    if own_id and entry.arxiv_id and own_id != entry.arxiv_id:
        return False
    if entry.authors and paper.authors:
        return _shares_author(entry.authors, paper.authors) or _shares_author(paper.authors, entry.authors)
    key = title_key(paper.title)
    are_years_near = not (entry.year and paper.year) or abs(entry.year - paper.year) <= 2
    return are_years_near and (len(key) >= _TELLING_TITLE or not key.isascii())


def _shares_author(some: Sequence[str], others: Sequence[str]) -> bool:
    """Whether the first of some authors has the family name of one of the others."""
    family = name_words(family_name(some[0])) or name_words(some[0])  # "Tomohiro I" has no longer one
    return any(family & name_words(other) for other in others[:50])
