"""Every model that crosses a door between two stages. Read this first.

All models are frozen, refuse unknown fields, and hold tuples. Offsets are Unicode code points,
half-open [start, end), into `Document.text`. Confidence and salience are in [0, 1].
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from tracker.identifiers import PaperKey, arxiv_id_of, year_month_of


class Model(BaseModel):
    """The common base: frozen, strict about field names, documented by the text under each field."""

    # Built when first used: a run uses few of them, and building all would cost each start 50 ms. The text
    # under the fields is for readers of this file: `use_attribute_docstrings` would parse it at each start,
    # which takes another 45 ms, and nothing here shows a schema.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Problem(Model):
    """Something that went wrong with one input while the run went on."""

    stage: str
    """The room it happened in: documents, linking, enrich, library, export."""
    subject: str
    """The file or the paper it is about."""
    message: str
    """One line: what is wrong and what to do."""
    is_network: bool = False
    """True where another machine failed, so that asking again may help (exit code 3)."""


# --- documents ---------------------------------------------------------------------------------


class BlockKind(StrEnum):
    """What a run of lines of a document is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    """An entry of a bulleted or numbered list."""
    NAVIGATION = "navigation"
    """Menus, tag clouds, related articles, comment forms, footers."""
    REFERENCES = "references"
    """Entries of a bibliography."""


class Block(Model):
    """A run of whole lines of one kind; blocks are in order, do not overlap, and cover every non-blank
    line."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    """Headings: 1 is the highest. Items: depth of indentation, 0 the outermost. Otherwise 0."""
    number: int | None = None
    """Headings and items that carry a number ("3) QLoRA", "第三章", "二、"): that number."""


class Document(Model):
    """One thing read: its text exactly as decoded, and its structure."""

    name: str
    """As the user named it: a path, or "-" for standard input."""
    text: str
    blocks: tuple[Block, ...] = ()
    language: str = "en"
    """"en", "zh", or "mixed": which script most of the words are in."""
    written: date | None = None
    """The date the document gives for itself, where it gives one."""
    sha256: str = ""
    """Of the UTF-8 text: the identity of the document in the library. Of a part: of all text up to its end."""
    part: int = 0
    """Of a file that is too large to be read at once, the parts are documents of one name, counted from 1."""
    offset: int = 0
    """Where the text of a part begins in that of the whole file."""
    first_line: int = 1
    """The number of the line with which the text begins."""

    @property
    def title(self) -> str:
        """The first heading's text, or the first non-blank line, at most 120 characters; "" for an empty
        text."""
        heading = next((b for b in self.blocks if b.kind is BlockKind.HEADING), None)
        source = self.text[heading.start : heading.end] if heading else self.text
        line = next((line.strip() for line in source.splitlines() if line.strip()), "")
        return line.lstrip("# ").strip()[:120]


# --- mentions ----------------------------------------------------------------------------------


class MentionKind(StrEnum):
    """The ways of naming a paper."""

    ID = "id"
    TITLE = "title"
    NAME = "name"
    AUTHOR_YEAR = "author_year"
    REFERENCE = "reference"


IN_TRANSCRIPT = "in a transcript"
"""The support of a name that was spoken: recognisers write capitals and blanks as they come."""


NEAR_TITLE = "nearly a title"
"""The support of a title that is translated, misspelt or shortened."""
PART_OF_TITLE = "part of the title"
"""The support of a main title or a subtitle that stands without the other."""


class Mention(Model):
    """A span that may denote a paper: `document.text[start:end] == surface`."""

    document: str
    kind: MentionKind
    surface: str
    start: int
    end: int
    line: int
    """Counted from 1."""
    key: PaperKey | None = None
    """Kind id: the paper it names, without version. Kind name: the paper that the document itself calls
    so."""
    version: int | None = None
    """Kind id: the version written with it ("v2" -> 2)."""
    rows: tuple[int, ...] = ()
    """Rows of the catalogue that this surface may denote (empty: none known)."""
    authors: tuple[str, ...] = ()
    """Kinds author_year and reference: the authors it names, the first one first."""
    year: int | None = None
    """Kinds author_year and reference: the year it gives."""
    title: str = ""
    """Kind reference: the title that the entry gives."""
    entry: int | None = None
    """Of a pointer ("[12]", or a venue and year behind a title): where the mention it points at starts."""
    support: str = ""
    """What recognised it, in a few words, for evidence ("title in the catalogue", "alias")."""
    heard: tuple[str, ...] = ()
    """Kind name, in a transcript: the names that a speech recogniser may have written so, the closest first."""

    @property
    def is_near_title(self) -> bool:
        """Whether it was found because it is nearly a title."""
        return self.support == NEAR_TITLE

    @property
    def is_part_of_title(self) -> bool:
        """Whether it spells a main title or a subtitle alone."""
        return self.support == PART_OF_TITLE


class Role(StrEnum):
    """How the document treats the paper."""

    MAIN = "main"
    PASSING = "passing"
    NAVIGATION = "navigation"


class Evidence(Model):
    """One observation for or against a candidate."""

    signal: str
    """Name of the feature, stable: "alias", "id beside", "title in document", ..."""
    weight: float
    """What it added to the raw score (negative: against)."""
    detail: str
    """The observation in words, for people."""


class Alternative(Model):
    """A paper that the mention might denote instead."""

    paper: PaperKey
    title: str
    confidence: float


class Link(Model):
    """The decision for one mention: a paper or none, and why."""

    mention: Mention
    paper: PaperKey | None
    title: str | None = None
    confidence: float = 0.0
    role: Role = Role.PASSING
    salience: float = 0.0
    """How much the document is about this paper; the same for all its mentions in the document."""
    reason: str = ""
    """Named reason of the decision: "identifier", "title", "alias", "ambiguous", "common word", ..."""
    evidence: tuple[Evidence, ...] = ()
    alternatives: tuple[Alternative, ...] = ()


class Term(Model):
    """One line of the ledger of a decision: what a feature adds to the score of a candidate."""

    feature: str
    value: float
    weight: float
    """What the policy gives for a value of 1."""

    @property
    def product(self) -> float:
        """What it adds."""
        return self.value * self.weight


class Weighing(Model):
    """A candidate of a mention, and what was seen for and against it."""

    paper: PaperKey
    title: str
    year: int | None
    terms: tuple[Term, ...]
    """The heaviest first."""
    score: float
    """The sum of their products; "no paper" has the score 0."""
    confidence: float
    """Its share among all candidates and "no paper", which have e to the power of their score each."""
    evidence: tuple[str, ...]
    """The telling features in words."""


class Ledger(Model):
    """How one decision came out: the link, and every candidate weighed."""

    link: Link
    weighings: tuple[Weighing, ...]
    """The likeliest first; none where an identifier or the reader decided."""
    accept: float
    """Least confidence of a settled link."""


# --- papers ------------------------------------------------------------------------------------


class Provenance(Model):
    """Where a field of a record comes from."""

    source: str
    """"catalogue", "arXiv", "user", ..."""
    retrieved: datetime | None = None
    """When the source was asked; None for the catalogue that ships with the program."""


class VenueKind(StrEnum):
    """What a published version appeared in."""

    JOURNAL = "journal"
    PROCEEDINGS = "proceedings"
    BOOK = "book"
    """A chapter of a book that is no proceedings."""


class OtherValue(Model):
    """What a source says of a field where the record has another value."""

    field: str
    value: str
    """In words, as people read it."""
    source: str
    retrieved: datetime | None = None


class PublishedCandidate(Model):
    """What may be the published version of a paper, but for a reason was not taken for it."""

    title: str
    authors: tuple[str, ...] = ()
    venue: str | None = None
    year: int | None = None
    doi: str | None = None
    source: str
    retrieved: datetime | None = None
    doubt: str
    """Why it was not taken, in words: "the title differs", "no author is the same"."""


class Paper(Model):
    """A bibliographic record with its canonical key."""

    key: PaperKey
    title: str
    authors: tuple[str, ...] = ()
    """In order, "Given Family". Empty where unknown."""
    authors_complete: bool = False
    """False where `authors` is empty or only the first few are known ("and others")."""
    published: date | None = None
    """Date of the first version, where known to the day."""
    year: int | None = None
    """Of the first version; arXiv ids tell it even where `published` is unknown."""
    updated: date | None = None
    """Date of the latest version."""
    version: int | None = None
    """The latest version known."""
    categories: tuple[str, ...] = ()
    """arXiv categories, the primary one first."""
    venue: str | None = None
    """Journal or conference of the published version."""
    doi: str | None = None
    """Of the published version, lower case; never the 10.48550 one of arXiv itself."""
    published_title: str | None = None
    """Of the published version, where it differs from that of the preprint."""
    venue_kind: VenueKind | None = None
    venue_year: int | None = None
    """Of the published version."""
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    """"117--128", or the number of an article."""
    publisher: str | None = None
    citations: int | None = None
    """How often it is cited, as the source of this field counted on the day that its provenance tells."""
    comment: str | None = None
    abstract: str | None = None
    is_withdrawn: bool = False
    aliases: tuple[str, ...] = ()
    """Short names, the most used first."""
    cited_in: int = 0
    """Independent sources that cite it: how well known it is."""
    provenance: dict[str, Provenance] = {}
    """Field name -> where its value comes from, for fields that did not come from the catalogue."""
    other_values: tuple[OtherValue, ...] = ()
    """What sources say otherwise, kept beside the value that was chosen."""
    candidates: tuple[PublishedCandidate, ...] = ()
    """What may be its published version; none once that is known."""

    @property
    def first_year(self) -> int | None:
        """The year of the first version, from whatever tells it."""
        arxiv_id = arxiv_id_of(self.key)
        known = self.year or (self.published.year if self.published else None)
        return known or (year_month_of(arxiv_id)[0] if arxiv_id else None)

    @property
    def first_month(self) -> int | None:
        """The month of the first version, from 1."""
        arxiv_id = arxiv_id_of(self.key)
        if self.published:
            return self.published.month
        return year_month_of(arxiv_id)[1] if arxiv_id else None


# --- the library -------------------------------------------------------------------------------


class DocumentChange(StrEnum):
    """What adding a document did to the library's copy of it."""

    NEW = "new"
    UPDATED = "updated"
    """Its content or its links are not what they were; they took the place of the old ones."""
    FURTHER_NAME = "further name"
    """The same content was there under another name; this name is noted beside it."""
    UNCHANGED = "unchanged"


class Changes(Model):
    """What adding one document did: each of its papers stands in one of the three, in the order given."""

    document: DocumentChange
    new: tuple[Paper, ...] = ()
    updated: tuple[Paper, ...] = ()
    """Known before, and now with a better record or under a better key."""
    unchanged: tuple[Paper, ...] = ()


class StoredDocument(Model):
    """A document that the library remembers; its text is not kept."""

    name: str
    further_names: tuple[str, ...] = ()
    """Other names under which the same content was added, in the order they came."""
    sha256: str
    title: str
    language: str
    written: date | None = None
    added: datetime
    """When it was first added."""
    updated: datetime
    """When its content or its links last changed."""


class StoredPaper(Model):
    """A paper in the library: the record, where it was mentioned and why, and the reader's own states."""

    paper: Paper
    added: datetime
    updated: datetime
    """When the record last changed; the reader's states do not touch it."""
    checked: datetime | None = None
    """When the services were last asked about it; None: never."""
    other_keys: tuple[PaperKey, ...] = ()
    """Keys of the same paper that were met elsewhere, such as the DOI of the published version."""
    read_on: date | None = None
    """None: not read yet."""
    tags: tuple[str, ...] = ()
    is_dropped: bool = False
    """The reader does not want to see it again."""
    bib_key: str | None = None
    """The BibTeX key that was given to it."""
    places: tuple[Link, ...] = ()
    """Every link to it, documents in the order they were added."""


class PaperChangeKind(StrEnum):
    """What may become of a paper."""

    VERSION = "version"
    """There is another version of the preprint."""
    PUBLISHED = "published"
    """It appeared in a journal or in proceedings, or in another one than was known."""
    WITHDRAWN = "withdrawn"
    NOT_WITHDRAWN = "no longer withdrawn"
    TITLE = "title"
    AUTHORS = "authors"
    SAME = "same paper"
    """Another paper of the library turned out to be this one; they are one from now on."""


class PaperChange(Model):
    """One thing that the services tell otherwise than the library had it."""

    paper: PaperKey
    title: str
    """As it is now."""
    kind: PaperChangeKind
    was: str
    """In words ("v1"); "" where nothing was known."""
    now: str
    """In words: "v3 (2026-05-01)", "ICML 2024, doi 10.5555/1234", the comment of a withdrawal."""
    source: str = ""
    """Who says so; "" where that is not known."""


class Answer(Model):
    """What the reader settled about an unsure mention."""

    surface: str
    context: str
    """The words around the surface by which the question is known again."""
    paper: PaperKey | None
    """None: it denotes no paper."""
    answered: datetime


class LearnedAlias(Model):
    """A short name that the reader's own documents use for a paper."""

    alias: str
    paper: PaperKey
    documents: int
    """In how many of them."""


class Remembered(Model):
    """What the library remembers that helps to link."""

    answers: tuple[Answer, ...] = ()
    aliases: tuple[LearnedAlias, ...] = ()
    papers: dict[PaperKey, Paper] = {}
    """Records of those papers among them that the catalogue does not have."""


# --- reading lists -----------------------------------------------------------------------------


class Place(Model):
    """Where a paper was mentioned."""

    document: str
    line: int
    surface: str


class Entry(Model):
    """A paper in a reading list, and why it stands there."""

    paper: Paper
    reason: str
    """One sentence in plain words."""
    places: tuple[Place, ...]
    """First mention of each line, in document order."""
    mentions: int
    salience: float
    confidence: float
    """Of the surest link to this paper."""
    rank: int = 0
    """Place in the order over all the lists, counted from 1; 0 for a paper that is only also mentioned."""


class Topic(Model):
    """A subject under which papers are listed."""

    id: str
    name_en: str
    name_zh: str
    categories: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    """Lower-case words and phrases, English or Chinese, that speak for the topic."""
    wider: str = ""
    """Id of the topic that takes in this one's papers where they would be a list of one."""


class ReadingList(Model):
    """The papers of one topic in the order to read them."""

    topic: Topic
    entries: tuple[Entry, ...]
    also_mentioned: tuple[Entry, ...] = ()
    """Papers named only in passing, the most mentioned first."""


# --- checking a bibliography -------------------------------------------------------------------


class VerdictKind(StrEnum):
    """What came of checking an entry."""

    OK = "ok"
    """A record was found, and nothing of the entry disagrees with it."""
    DIFFERS = "differs"
    """Something in it is not what the record says, or cannot be."""
    NOT_FOUND = "not found"
    """No record was found where was looked. It may exist elsewhere."""
    AMBIGUOUS = "ambiguous"
    """Several records may be meant, or what speaks against the entry does not settle it."""


class FieldDifference(Model):
    """A field of an entry that is not what it should be."""

    field: str
    """Of the entry: "title", "author", "year", "venue", "doi", "eprint"."""
    given: str
    """What the entry says, without markup."""
    expected: str | None = None
    """What it should be, without markup; None where only that it is wrong can be told."""
    source: str = ""
    """Where that comes from: a key ("arXiv:2305.14314"), "DOI", "" for what cannot be in any case."""
    reason: str
    """The observation in words, for people."""
    is_sure: bool = False
    """Whether `expected` may be written into the entry without asking."""


class NearRecord(Model):
    """A paper that an entry may mean."""

    paper: PaperKey
    title: str
    source: str
    """"catalogue", or the service that has it."""


class Verdict(Model):
    """What was found out about one entry of a .bib file."""

    kind: VerdictKind
    file: str
    entry: str
    """Its citation key."""
    line: int
    """Counted from 1."""
    title: str
    paper: PaperKey | None = None
    """The record that it was compared with."""
    source: str = ""
    """Whose record that is: "catalogue", or a service."""
    differences: tuple[FieldDifference, ...] = ()
    unconfirmed: tuple[str, ...] = ()
    """Of its venue and its identifiers those that no record has, while none has another."""
    notes: tuple[str, ...] = ()
    """What is worth knowing and changes nothing."""
    near: tuple[NearRecord, ...] = ()
    """Not found: what comes closest. Ambiguous: what may be meant."""
    looked_in: tuple[str, ...] = ()
    """Where was looked, and an answer came."""
    failed: tuple[str, ...] = ()
    """Where an answer could not be had, each with why."""


class SourceAnswer(Model):
    """What one service says about the paper that an entry names."""

    source: str
    papers: tuple[Paper, ...] = ()
    """None: it was asked, and has none. The key of those that have no identifier is ""."""
    failure: str = ""
    """Why it gave no answer; "" where it did."""
