"""Questions about decisions: how one came out (`explain_line`), and which ones the reader should settle.

`Review` reads documents, or those of the library again, links them, and keeps the list of what is unsure.
Each answer goes into the library as it is given and is evidence at once: what it settles is asked no more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tracker.catalogue import Catalogue
from tracker.catalogue.squeeze import squeeze
from tracker.errors import InputError
from tracker.identifiers import PaperKey
from tracker.linking import BY_ANSWER, CONFLICT, explain, sentence_of
from tracker.memory import content_of, mentions_of, read_memory
from tracker.models import Document, Ledger, Link, Model, Problem, Role
from tracker.regex import regex
from tracker.settings import Settings
from tracker.steps import Found, Input, Progress, add_to_library, cited_papers, read

SURE: Final = 0.9
"""Links at least so sure are not asked about: nine in ten of them are right."""
LEAST: Final = 0.05
"""A mention whose best candidate is less sure than this is hardly one: the question would be noise."""
MOST_OPTIONS: Final = 6
LEAST_OPTION: Final = 0.01
_BLANKS: Final = regex(r"\s+")


class Option(Model):
    """A paper to choose."""

    paper: PaperKey
    title: str
    year: int | None = None
    confidence: float
    evidence: tuple[str, ...] = ()


class Question(Model):
    """What one name, title or identifier in a document denotes."""

    document: str
    line: int
    kind: str
    surface: str
    before: str
    """The words before it in its sentence."""
    after: str
    context: str
    """The sentence on one line: the answer is kept with it."""
    mentions: int
    """How many unsure mentions of the document have this surface."""
    is_linked: bool
    """Whether it is linked to the first option for now."""
    reason: str
    """Of the link as it stands: "ambiguous", "not sure", "title disagrees"; the kind, where it is linked."""
    options: tuple[Option, ...]
    """The likeliest first."""


def explain_line(
    given: Input,
    settings: Settings,
    *,
    line: int,
    surface: str = "",
    min_confidence: float | None = None,
) -> list[Ledger]:
    """The ledger of each mention on a line of a document; with `surface`, of those that hold these words.

    Raises:
        CatalogueError: the catalogue cannot be used.
        InputError: the document cannot be read, or nothing there was recognised as a mention.
    """
    catalogue = Catalogue.open(settings.catalogue_path)
    document = _document_with(line, given)
    remembered = read_memory(settings, catalogue)[0].for_document(document)
    wanted = squeeze(surface)
    _, ledgers = explain(
        document,
        mentions_of(document, remembered, catalogue),
        catalogue,
        is_asked=lambda one: one.mention.line == line and wanted in squeeze(one.mention.surface),
        min_confidence=min_confidence,
        remembered=remembered,
    )
    if not ledgers:
        words = f" with the words “{surface}”" if surface else ""
        raise InputError(f"{document.name}:{line}: no mention of a paper was recognised there{words}")
    return ledgers


def _without_further_parts(outcomes: Iterable[Document | Problem]) -> Iterator[Document | Problem]:
    """Of a text that is read in parts the first one only, and a problem that says so: nobody reviews megabytes."""
    for outcome in outcomes:
        if isinstance(outcome, Problem) and outcome.stage == "parts":
            yield outcome.model_copy(update={"message": "is large; only its beginning is reviewed"})
        elif isinstance(outcome, Problem) or outcome.part < 2:
            yield outcome


def _document_with(line: int, given: Input) -> Document:
    """The document, or the part of a large one in which a line stands; the last where there are not so many.

    Raises:
        InputError: it cannot be read.
    """
    document: Document | None = None
    for outcome in read([given]):
        if isinstance(outcome, Document):
            document = outcome
            if line <= document.first_line + document.text.count("\n"):
                break
        elif outcome.stage == "documents":
            raise InputError(f"{outcome.subject}: {outcome.message}")
    assert document is not None, "a document or a problem comes of each input"
    return document


class Review:
    """The unsure links of some documents, to be settled one at a time.

    Raises:
        CatalogueError, LibraryError: the file cannot be used.
        InputError: no documents are named, and the library is empty.
    """

    def __init__(
        self, inputs: Collection[Input] | None, settings: Settings, *, progress: Progress | None = None
    ) -> None:
        self.problems: list[Problem] = []
        self._settings = settings
        self._catalogue = Catalogue.open(settings.catalogue_path)
        self._memory, self.problems = read_memory(settings, self._catalogue)
        self._documents: list[Document] = []
        self._links: dict[str, list[Link]] = {}
        self._questions: dict[str, list[Question]] = {}
        self._skipped: set[tuple[str, str]] = set()
        self._changed: set[str] = set()
        given = list(inputs) if inputs else _places_in_library(settings)
        for done, outcome in enumerate(_without_further_parts(read(given)), 1):
            if isinstance(outcome, Problem):
                # Nobody named the documents of the library, so that one is gone is no fault of the command.
                self.problems.append(outcome if inputs else outcome.model_copy(update={"stage": "library"}))
            else:
                self._documents.append(outcome)
                self._ask(outcome)
            if progress:
                progress(outcome.subject if isinstance(outcome, Problem) else outcome.name, done, len(given))

    @property
    def questions(self) -> list[Question]:
        """What is still to be settled: document by document, the likeliest first."""
        return [question for document in self._documents for question in self._questions[document.name]]

    def skip(self, question: Question) -> None:
        """Do not ask this again in this review."""
        self._skipped.add(_subject(question.document, question.surface))
        self._drop(question)

    def answer(self, question: Question, paper: PaperKey | None, *, now: datetime | None = None) -> None:
        """Keep an answer (None: it denotes no paper) in the library, and let it count from here on.

        Raises:
            LibraryError: the library cannot be written.
        """
        from tracker.library import open_library

        paper = paper and self._catalogue.key_of(paper)
        with open_library(self._settings.library_path) as library:
            library.remember_answer(question.surface, question.context, paper, now or datetime.now(UTC))
        self._memory, problems = read_memory(self._settings, self._catalogue)
        self.problems += [one for one in problems if one not in self.problems]
        self._skipped.add(_subject(question.document, question.surface))
        self._changed.add(question.document)
        self._drop(question)
        for document in self._documents:
            alike = [one for one in self._questions[document.name] if _is_alike(one, question)]
            if alike or document.name == question.document:
                self._changed.add(document.name)
                self._ask(document)

    def title_of(self, paper: PaperKey) -> str | None:
        """The title of a paper of the catalogue."""
        found = self._catalogue.paper(paper)
        return found.title if found else None

    def close(self) -> None:
        """Bring the links of the library's own copies of these documents up to date with the answers.

        Only of those whose content is what the library has seen.

        Raises:
            LibraryError: the library cannot be written.
        """
        if not self._changed:
            return
        known = set(_locations(self._settings))
        changed = [
            one
            for one in self._documents
            if one.name in self._changed and (str(Path(one.name).absolute()), content_of(one)) in known
        ]
        self._changed.clear()
        if changed:
            found = Found(self._settings, self._catalogue, documents=changed)
            found.links = [link for one in changed for link in self._links[one.name]]
            found.papers = cited_papers(found.links, self._catalogue)
            found.taught = self._memory.learn(changed, self._catalogue)
            add_to_library(found)

    def _ask(self, document: Document) -> None:
        """Link a document, and list its questions."""
        remembered = self._memory.for_document(document)
        mentions = mentions_of(document, remembered, self._catalogue)
        links, ledgers = explain(
            document, mentions, self._catalogue, is_asked=is_unsure, remembered=remembered
        )
        self._links[document.name] = links
        sure = {_sure_use(link) for link in links if link.paper and link.confidence >= SURE}
        by_surface: dict[str, list[Ledger]] = {}
        disputed = {_place(link) for link in links if link.reason == CONFLICT}
        for ledger in ledgers:
            link = ledger.link
            surface = _plain(link.mention.surface)
            is_asked_with_its_identifier = link.reason != CONFLICT and _place(link) in disputed
            if (surface, _likeliest(link)) not in sure and not is_asked_with_its_identifier:
                by_surface.setdefault(surface, []).append(ledger)
        asked = [
            _question(document, alike)
            for surface, alike in by_surface.items()
            if _subject(document.name, surface) not in self._skipped
        ]
        asked.sort(key=lambda question: -question.options[0].confidence)
        self._questions[document.name] = asked

    def _drop(self, question: Question) -> None:
        self._questions[question.document] = [
            one for one in self._questions[question.document] if one != question
        ]


def is_unsure(link: Link) -> bool:
    """Whether the reader should settle a link: nothing was settled on, or not surely; menus are left out."""
    if link.role is Role.NAVIGATION or link.reason == BY_ANSWER:
        return False
    if link.paper is None:
        return any(other.confidence >= LEAST for other in link.alternatives)
    return link.confidence < SURE


def _question(document: Document, ledgers: list[Ledger]) -> Question:
    """The question about a surface, at the place where its best candidate is the likeliest."""
    ledger = max(ledgers, key=lambda one: one.link.confidence)
    link, mention = ledger.link, ledger.link.mention
    sentence = sentence_of(document.text, mention.start, mention.end)
    return Question(
        document=document.name,
        line=mention.line,
        kind=str(mention.kind),
        surface=_plain(mention.surface),
        before=_BLANKS.sub(" ", sentence.before),
        after=_BLANKS.sub(" ", sentence.after),
        context=sentence.context,
        mentions=len(ledgers),
        is_linked=link.paper is not None,
        reason=link.reason,
        options=tuple(_options(ledger)),
    )


def _options(ledger: Ledger) -> Iterable[Option]:
    if not ledger.weighings:  # an identifier in conflict: the title's paper, and its own
        told = [one.detail for one in ledger.link.evidence]
        for other, detail in zip(ledger.link.alternatives, reversed(told), strict=False):
            yield Option(
                paper=other.paper, title=other.title, confidence=other.confidence, evidence=(detail,)
            )
    for one in ledger.weighings[:MOST_OPTIONS]:
        if one.confidence >= LEAST_OPTION:
            yield Option(
                paper=one.paper,
                title=one.title,
                year=one.year,
                confidence=round(one.confidence, 3),
                evidence=one.evidence,
            )


def _plain(surface: str) -> str:
    return " ".join(surface.split())


def _subject(document: str, surface: str) -> tuple[str, str]:
    return document, _plain(surface)


def _is_alike(one: Question, other: Question) -> bool:
    return squeeze(one.surface) == squeeze(other.surface)


def _likeliest(link: Link) -> PaperKey | None:
    return link.paper or (link.alternatives[0].paper if link.alternatives else None)


def _place(link: Link) -> tuple[int, PaperKey | None]:
    """The line of a link and its likeliest paper: what an identifier in conflict and its title share."""
    return link.mention.line, _likeliest(link)


def _sure_use(link: Link) -> tuple[str, PaperKey | None]:
    return _plain(link.mention.surface), link.paper


def _locations(settings: Settings) -> tuple[tuple[str, str], ...]:
    from tracker.library import open_library

    with open_library(settings.library_path, create=False) as library:
        return library.locations()


def _places_in_library(settings: Settings) -> list[Input]:
    """Where the library's documents lie, each content once."""
    first_place = {content: place for place, content in reversed(_locations(settings))}
    if not first_place:
        raise InputError("name a document, or put some into the library first with `tracker add DOC...`")
    return [place for place, content in _locations(settings) if first_place[content] == place]
