"""What the reader settled, and the names that their documents taught, asked about one document.

The very question that was answered, with the same words around it, is settled for good. For the same surface
elsewhere an answer is evidence: strong in the same document, weaker in another, where the name may denote
another paper; there it counts for more the more alike the words around it are. Pure: what the library
remembers comes in as plain models.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final, NamedTuple

from tracker.catalogue import Alias, Catalogue, Record
from tracker.catalogue.squeeze import squeeze
from tracker.identifiers import PaperKey
from tracker.linking.candidates import Candidate
from tracker.models import Answer, Document, LearnedAlias, Mention, MentionKind, Remembered
from tracker.regex import regex

WINDOW: Final = 240
"""Code points on either side of a mention in which its sentence may begin and end."""
FEW_LETTERS: Final = 30
"""With fewer letters around it a surface is not known again by its sentence: a heading, a cell of a table. A
Chinese character counts for three, for it says as much as several letters."""
WIDER: Final = 100
"""Code points on either side that are taken then."""
_SENTENCE_ENDS: Final = regex(
    r"[.!?][\"”’)\]*_]*\s+(?=[A-Z\"“‘(\[*_#-])|[。！？；][”’」』）]?|\n\s*\n|\n(?=\s*(?:[-*+•#|>]|\d{1,3}[.)、]))"
)
_WORD: Final = regex(r"[a-z][a-z-]{3,}|[\u3400-\u9fff]{2}")


class Sentence(NamedTuple):
    """A mention and the words around it, blanks as they stand in the text."""

    before: str
    surface: str
    after: str

    @property
    def context(self) -> str:
        """The whole on one line: that by which a question is known again."""
        return " ".join(f"{self.before}{self.surface}{self.after}".split())


def sentence_of(text: str, start: int, end: int) -> Sentence:
    """The sentence that a mention stands in; with a window around it where it says too little.

    >>> sentence_of("We like it. On COCO, SAM (the model) beats all others by far. Good.", 21, 24).before
    'On COCO, '
    """
    before, after = text[max(0, start - WINDOW) : start], text[end : end + WINDOW]
    cut = max((found.end() for found in _SENTENCE_ENDS.finditer(before)), default=0)
    stop = _SENTENCE_ENDS.search(after)
    sentence = Sentence(before[cut:].lstrip(), text[start:end], after[: stop.end()] if stop else after)
    around = sentence.before + sentence.after
    if sum(1 if c.isascii() else 3 for c in around if c.isalpha()) < FEW_LETTERS:
        return Sentence(before[-WIDER:].lstrip(), text[start:end], after[:WIDER].rstrip())
    return sentence._replace(after=sentence.after.rstrip())


class Recall:
    """What is remembered, asked about one document."""

    def __init__(self, remembered: Remembered, document: Document, catalogue: Catalogue) -> None:
        self._document = document
        self._catalogue = catalogue
        self._papers = remembered.papers
        self._answers: dict[str, list[Answer]] = defaultdict(list)
        for answer in remembered.answers:
            self._answers[squeeze(answer.surface)].append(answer)
        self._names: dict[str, list[LearnedAlias]] = defaultdict(list)
        for alias in remembered.aliases:
            self._names[squeeze(alias.alias)].append(alias)

    def knows(self, surface: str) -> bool:
        """Whether there is an answer or a learned name that may bear on a surface."""
        if not self._answers and not self._names:
            return False
        squeezed = squeeze(_plain(surface))
        return squeezed in self._answers or squeezed in self._names

    def answer_to(self, mention: Mention) -> Answer | None:
        """The reader's answer to this very question: the same surface in the same words."""
        given = self._given(mention)
        if not given:
            return None
        context = sentence_of(self._document.text, mention.start, mention.end).context
        return next((answer for answer in given if answer.context == context), None)

    def further(self, mention: Mention, found: Sequence[Candidate]) -> list[Candidate]:
        """Candidates that the catalogue does not give for a mention: papers of learned names and of answers.

        A paper that the catalogue does not have gets a row below 0, one for each.
        """
        if not self._answers and not self._names:
            return []
        keys = {candidate.paper.key for candidate in found}
        surface = _plain(mention.surface)
        learned = {
            alias.paper: alias.documents
            for alias in self._names.get(squeeze(surface), ())
            if mention.kind is MentionKind.NAME and alias.paper not in keys
        }
        answered = [a.paper for a in self._given(mention) if a.paper and a.paper not in keys]
        wanted = dict.fromkeys([*learned, *answered])
        rivals = len(found) + len(wanted) - 1
        further = []
        for number, key in enumerate(wanted, 1):
            row = self._catalogue.row(key)
            if row is None and mention.kind in (MentionKind.AUTHOR_YEAR, MentionKind.REFERENCE):
                continue
            place = -number if row is None else row
            paper = self._record(key) if row is None else self._catalogue.records.head(row)
            alias = Alias(surface, place, 0, 0, 0)
            share = 1.0 / (1 + rivals)
            documents = learned.get(key, 0)
            further.append(
                Candidate(place, paper, alias, rivals, share, learned=documents, is_yours=not documents)
            )
        return further

    def features(self, mention: Mention, candidate: Candidate) -> dict[str, float]:
        """What answers to other questions about this surface, and learned names, say for a candidate."""
        if not candidate.learned and not self._answers:
            return {}
        found = {"learned name": candidate.learned / (1 + candidate.learned)}
        given = self._given(mention)
        if given:
            here = [answer for answer in given if answer.context in self._one_line]
            place, counted = ("here", here) if here else ("elsewhere", given)
            weights = [(0.1 + self._closeness(answer, mention)) ** 2 for answer in counted]
            key = candidate.paper.key
            for signal, paper in (("answered", key), ("refused", None)):
                part = sum(w for w, answer in zip(weights, counted, strict=True) if answer.paper == paper)
                found[f"{signal} {place}"] = part / sum(weights)
        return {name: value for name, value in found.items() if value}

    def _given(self, mention: Mention) -> list[Answer]:
        """The answers about a surface; that it denotes no paper holds only where it is spelled the same."""
        if not self._answers:
            return []
        surface = _plain(mention.surface)
        return [
            answer
            for answer in self._answers.get(squeeze(surface), ())
            if answer.paper or _plain(answer.surface) == surface
        ]

    def _closeness(self, answer: Answer, mention: Mention) -> float:
        """The part of the words around an answer that stand around a mention too."""
        around = self._document.text[max(0, mention.start - WINDOW) : mention.end + WINDOW].lower()
        surface = answer.surface.lower()
        words = {word for word in _WORD.findall(answer.context.lower()) if word not in surface}
        return sum(word in around for word in words) / len(words) if words else 0.0

    def _record(self, key: PaperKey) -> Record:
        known: Mapping[PaperKey, object] = self._papers
        paper = self._papers[key] if key in known else None
        return Record(key, paper.title if paper else "", published=paper.published if paper else None)

    @cached_property
    def _one_line(self) -> str:
        return " ".join(self._document.text.split())


def _plain(surface: str) -> str:
    return " ".join(surface.split())
