"""Topics: the file they come from, and which one each paper belongs to.

A topic is chosen from what is known of the paper (key terms in its title and short names, its arXiv
categories) and from the headings under which the documents mention it.
"""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tracker.errors import TemplateError
from tracker.identifiers import PaperKey, arxiv_id_of
from tracker.models import Document, Link, Paper, Topic
from tracker.reading.cited import Cited
from tracker.reading.outline import Headings
from tracker.reading.terms import Term, TermIndex, strength_of

SHIPPED_TOPICS = Path(__file__).with_name("topics.toml")
OTHER = Topic(id="other", name_en="Other", name_zh="其他")
"""Stands in where a file of topics has none without terms and categories for what fits nowhere."""

# What a term is worth where it stands, and what a category is worth: set by hand so that a title outweighs
# everything else together, and checked against the grouping by hand of three documents (tests/reading).
_IN_TITLE = 1.0
_IN_NAME = 0.6
_IN_HEADING = 0.5
_OUTER_HEADING = 0.5
"""Each heading further out counts this much of the one inside it."""
_WIDE_TOPIC = 0.5
"""A term of a topic that others name as their wider one says less: "large language model"."""
_WIDE_HEADING = 0.5
"""And in a heading once more so: such a chapter is about many things."""
_CATEGORY = 0.5
_ARCHIVE = 2.0
"""A topic that takes a whole archive ("math") is another science, where terms of this one mislead:
representations of groups, detectors of particles."""
_CROSS_LIST = 0.4
"""Each category after the primary one counts this much of it."""


def read_topics(path: Path | None = None) -> tuple[Topic, ...]:
    """The topics of a file in its order, of the one that ships with the program where none is given.

    The file is TOML with one `[[topic]]` table for each: `id`, `name_en`, `name_zh`, and if wanted
    `categories`, `terms` and `wider` (the id of a topic that takes in its lists of a single paper).

    Raises:
        TemplateError: the file cannot be read, or says something that is no topic; names file and topic.
    """
    path = path or SHIPPED_TOPICS
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise TemplateError(f"{path}: cannot be read as a file of topics: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TemplateError(f"{path}: is no TOML in UTF-8: {error}") from None
    listed = tables.pop("topic", None)
    if tables or not isinstance(listed, list) or not listed:
        what = f"has {next(iter(tables))!r} beside its topics" if tables else "has no [[topic]]"
        raise TemplateError(f"{path}: {what}; a file of topics is a row of [[topic]] tables")
    topics = tuple(_parse_topic(path, number, table) for number, table in enumerate(listed, start=1))
    _check(path, topics)
    return topics


def _parse_topic(path: Path, number: int, table: Any) -> Topic:
    name = table.get("id") if isinstance(table, dict) else None
    where = f"{path}: topic {name!r}" if isinstance(name, str) and name else f"{path}: topic number {number}"
    try:
        topic = Topic.model_validate(table)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "the whole"
        raise TemplateError(f"{where}: {field}: {first['msg']}") from None
    for field in ("id", "name_en", "name_zh"):
        if not getattr(topic, field).strip():
            raise TemplateError(f"{where}: {field} is empty")
    empty = [text for text in (*topic.terms, *topic.categories) if not text.strip()]
    if empty:
        raise TemplateError(f"{where}: a term or category is empty")
    return topic


def _check(path: Path, topics: Sequence[Topic]) -> None:
    counts = Counter(topic.id for topic in topics)
    for topic in topics:
        if counts[topic.id] > 1:
            raise TemplateError(
                f"{path}: topic {topic.id!r} stands there {counts[topic.id]} times; ids are unique"
            )
        if topic.wider and (topic.wider not in counts or topic.wider == topic.id):
            raise TemplateError(f"{path}: topic {topic.id!r}: wider: there is no other topic {topic.wider!r}")


class TopicChooser:
    """Chooses topics for papers; made once for a set of topics and documents."""

    def __init__(self, topics: Sequence[Topic], documents: Sequence[Document]) -> None:
        self._topics = topics
        self._rest = next((t for t in topics if not t.terms and not t.categories), OTHER)
        self._position = {topic.id: at for at, topic in enumerate(topics)}
        self._wide = {topic.wider for topic in topics}
        self._terms = TermIndex({topic.id: topic.terms for topic in topics})
        self._headings_by_document = {document.name: Headings(document) for document in documents}
        self._scores_by_heading: dict[str, Mapping[str, float]] = {}

    def choose(self, cited: Cited) -> Topic:
        """The topic of a paper; the earlier one in the file where two have the same score."""
        scores: dict[str, float] = defaultdict(float)
        for found, weight in (
            (self._score_terms([cited.paper.title]), _IN_TITLE),
            (self._score_terms(cited.paper.aliases), _IN_NAME),
            (self._score_headings(cited.links), _IN_HEADING),
            (self._score_categories(cited.paper), 1.0),
        ):
            for topic, score in found.items():
                scores[topic] += weight * score
        if not scores:
            return self._rest
        best = min(scores, key=lambda topic: (-scores[topic], self._position[topic]))
        return self._topics[self._position[best]]

    def _score_terms(self, texts: Iterable[str]) -> Mapping[str, float]:
        """For each topic the strength of its terms in the texts, each term once."""
        found: dict[Term, tuple[str, ...]] = {}
        for text in texts:
            found |= self._terms.find(text)
        scores: dict[str, float] = defaultdict(float)
        for term, topics in found.items():
            for topic in topics:
                scores[topic] += strength_of(term) * (_WIDE_TOPIC if topic in self._wide else 1.0)
        return scores

    def _score_headings(self, links: Sequence[Link]) -> Mapping[str, float]:
        """For each topic the strength of its terms in the headings above the mentions, on average."""
        scores: dict[str, float] = defaultdict(float)
        for link in links:
            headings = self._headings_by_document.get(link.mention.document)
            for depth, heading in enumerate(headings.above(link.mention.start) if headings else ()):
                if heading not in self._scores_by_heading:
                    self._scores_by_heading[heading] = self._score_terms([heading])
                for topic, score in self._scores_by_heading[heading].items():
                    wide = _WIDE_HEADING if topic in self._wide else 1.0
                    scores[topic] += score * wide * _OUTER_HEADING**depth / len(links)
        return scores

    def _score_categories(self, paper: Paper) -> Mapping[str, float]:
        """For each topic what the arXiv categories of the paper say for it."""
        scores: dict[str, float] = defaultdict(float)
        for at, category in enumerate(categories_of(paper)):
            archive, dot, _ = category.partition(".")
            exact = [topic.id for topic in self._topics if category in topic.categories]
            weight = _CATEGORY if exact and dot else _ARCHIVE
            for topic in exact or [t.id for t in self._topics if archive in t.categories]:
                scores[topic] += weight * (_CROSS_LIST if at else 1)
        return scores


def categories_of(paper: Paper) -> tuple[str, ...]:
    """The arXiv categories of a paper; where none is known, the archive that an old id names.

    >>> categories_of(Paper(key="arXiv:hep-th/9901001", title=""))
    ('hep-th',)
    """
    archive, slash, _ = (arxiv_id_of(paper.key) or "").partition("/")
    return paper.categories or ((archive,) if slash else ())


def topics_of(
    cited: Sequence[Cited], documents: Sequence[Document], topics: Sequence[Topic]
) -> dict[PaperKey, Topic]:
    """The topic of each paper: the one chosen for it, or its wider one where it would stand alone there."""
    chooser = TopicChooser(topics, documents)
    chosen = {one.key: chooser.choose(one) for one in cited}
    main = [one.key for one in cited if one.is_main]
    counts = Counter(chosen[key].id for key in main)
    lonely = {key: chosen[key].wider for key in main if counts[chosen[key].id] == 1 and chosen[key].wider}
    company = counts + Counter(lonely.values())
    topic_by_id = {topic.id: topic for topic in topics}
    chosen |= {key: topic_by_id[wider] for key, wider in lonely.items() if company[wider] > 1}

    listed = {chosen[key].id for key in main}
    for one in cited:
        wider = chosen[one.key].wider
        if not one.is_main and chosen[one.key].id not in listed and wider in listed:
            chosen[one.key] = topic_by_id[wider]
    return chosen
