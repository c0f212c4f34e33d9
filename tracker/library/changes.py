"""What is new: papers compared with papers, in memory.

In come the papers that documents cite and those that are known already; out goes which of them are new, and
how a known record changes. Pure: nothing here reads or writes a file. `tracker new` and the library decide
by the same rules, so that what is reported as new is what adding the documents then adds.

Two records are one paper when they have one key, or one DOI, or one title. Two arXiv ids are never one
paper, whatever else agrees; and a title counts only where nothing speaks against it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from tracker.identifiers import PaperKey, arxiv_id_of, doi_of, year_month_of
from tracker.keys import TitleKey, name_words, title_key
from tracker.models import Changes, DocumentChange, Paper, Provenance

SHORT_TITLE_BYTES: Final = 15
"""Titles whose key is shorter (in UTF-8) need a second agreement: among 1.1 million arXiv papers one in 22 of
them ("Editorial", "Dark matter") stands on several papers, of the longer ones one in 100 and falling. A
Chinese character counts three bytes, for it says as much as several letters."""

YEARS_APART: Final = 1
"""How far the years of a preprint and of its published version may lie apart and still agree."""


class KnownPapers:
    """The papers that somebody has already, to be found by key, DOI or title."""

    def __init__(self, papers: Iterable[Paper] = (), other_keys: Mapping[PaperKey, PaperKey] | None = None):
        """Know these records, and further keys of theirs, each with the key of its record."""
        self._paper_by_key: dict[PaperKey, Paper] = {}
        self._key_by_other = dict(other_keys or {})
        self._keys_by_doi: dict[str, list[PaperKey]] = {}
        self._keys_by_title: dict[TitleKey, list[PaperKey]] = {}
        for paper in papers:
            self.add(paper)

    def add(self, paper: Paper, replaced: Iterable[PaperKey] = ()) -> None:
        """Know one more paper; it stands for the replaced keys too."""
        for key in replaced:
            self._paper_by_key.pop(key, None)
            self._key_by_other[key] = paper.key
        self._key_by_other.pop(paper.key, None)
        self._paper_by_key[paper.key] = paper
        if doi := doi_of_paper(paper):
            self._keys_by_doi.setdefault(doi, []).append(paper.key)
        if title := title_key(paper.title):
            self._keys_by_title.setdefault(title, []).append(paper.key)

    def find(self, paper: Paper) -> tuple[Paper, ...]:
        """The known records of a paper, the surest first; none where it is new.

        They are more than one where records that were kept apart turn out to be one paper, because this one
        has the identifiers of both.
        """
        ids = keys_of_paper(paper)
        by_doi = [key for doi in map(doi_of, ids) if doi for key in self._keys_by_doi.get(doi, [])]
        found: list[Paper] = []
        for known in self._current([*ids, *by_doi]):
            if not any(_are_distinct(known, other) for other in (paper, *found)):
                found.append(known)
        if not found:
            by_title = self._current(self._keys_by_title.get(title_key(paper.title), []))
            found = [known for known in by_title if _may_share_title(known, paper)][:1]
        return tuple(found)

    def owners(self, key: PaperKey) -> set[PaperKey]:
        """The keys of the records that a key, or the DOI in it, finds."""
        doi = doi_of(key)
        return {paper.key for paper in self._current([key, *(self._keys_by_doi.get(doi, []) if doi else [])])}

    def _current(self, keys: Iterable[PaperKey]) -> list[Paper]:
        """The records that now stand for these keys, each once."""
        current = dict.fromkeys(self._current_key(key) for key in keys)
        return [self._paper_by_key[key] for key in current if key in self._paper_by_key]

    def _current_key(self, key: PaperKey) -> PaperKey:
        while key in self._key_by_other:
            key = self._key_by_other[key]
        return key


class Settled(NamedTuple):
    """What becomes of one incoming paper."""

    stored: tuple[PaperKey, ...]
    """Keys of the known records that are the same paper; none: it is new."""
    paper: Paper
    """The record from now on; its key is one of the above, or the one it came with."""
    other_keys: tuple[PaperKey, ...]
    """Keys and DOIs of all these that the record no longer tells, sorted: they will find it, too."""
    is_changed: bool
    """Whether the known record becomes another one. False for a new paper."""


def new_papers(cited: Iterable[Paper], known: KnownPapers) -> tuple[Paper, ...]:
    """Those of the cited papers that are not known, in the order given, each paper once."""
    met = KnownPapers()
    new = []
    for paper in cited:
        if not known.find(paper) and not met.find(paper):
            new.append(paper)
            met.add(paper)
    return tuple(new)


def settle(papers: Sequence[Paper], known: KnownPapers) -> list[Settled]:
    """What becomes of each incoming paper, in order. `known` takes them in as it goes.

    Of several records with one key among the incoming ones, the first counts.
    """
    first_by_key: dict[PaperKey, Paper] = {}
    for paper in papers:
        first_by_key.setdefault(paper.key, paper)
    settled = []
    for paper in first_by_key.values():
        found = known.find(paper)
        record = _record_of(paper, found)
        stored = tuple(one.key for one in found)
        is_changed = bool(found) and (found[0] != record or len(found) > 1)
        lost_dois = {
            key
            for one in (paper, *found)
            for key in keys_of_paper(one)
            if key not in keys_of_paper(record) and known.owners(key) <= {*stored}
        }
        other_keys = tuple(sorted(({paper.key, *stored} | lost_dois) - {record.key}))
        settled.append(Settled(stored, record, other_keys, is_changed))
        known.add(record, replaced=other_keys)
    return settled


def changes(document: DocumentChange, settled: Iterable[Settled]) -> Changes:
    """The summary for the user: each paper once, with its record as it is in the end."""
    outcome: dict[PaperKey, tuple[str, Paper]] = {}
    for one in settled:
        earlier = [outcome.pop(key)[0] for key in one.stored if key in outcome]
        if not one.stored or "new" in earlier:
            kind = "new"
        else:
            kind = "updated" if one.is_changed or "updated" in earlier else "unchanged"
        outcome[one.paper.key] = kind, one.paper

    def of(wanted: str) -> tuple[Paper, ...]:
        return tuple(paper for kind, paper in outcome.values() if kind == wanted)

    return Changes(document=document, new=of("new"), updated=of("updated"), unchanged=of("unchanged"))


def _record_of(paper: Paper, found: Sequence[Paper]) -> Paper:
    """One record from an incoming paper and the known ones that are the same.

    The key is an arXiv one where there is any, else the first known. The record of that key is the base, the
    others fill its gaps only: the same paper under two keys must not change back and forth with every
    document that names it by the other.
    """
    records = [*found, paper]
    keys = [one.key for one in records]
    key = next((key for key in keys if arxiv_id_of(key)), keys[0])
    same_key = [one for one in records if one.key == key]
    base = same_key[0]
    for newer in same_key[1:]:
        base = refreshed(base, newer)
    for other in records:
        if other.key != key:
            full, source = _with_doi(base), _with_doi(other)
            gaps = [field for field in _FIELDS if getattr(source, field) and not getattr(full, field)]
            base = _with_fields(base, source, gaps)
    return base


def _with_doi(paper: Paper) -> Paper:
    return paper.model_copy(update={"doi": doi_of_paper(paper)})


def refreshed(old: Paper, new: Paper) -> Paper:
    """A record brought up to date with a newer one of the same key; fields that the new one lacks stay.

    What a source was asked for is not replaced by the catalogue, what the user wrote by nothing but the
    user, and a complete list of authors not by a cut one.
    """
    return _with_fields(old, new, [field for field in _FIELDS if _is_better(field, old, new)])


_FIELDS: Final = tuple(f for f in Paper.model_fields if f not in {"key", "authors_complete", "provenance"})


def _is_better(field: str, old: Paper, new: Paper) -> bool:
    old_value, new_value = getattr(old, field), getattr(new, field)
    if field == "authors":
        old_value, new_value = (old.authors, old.authors_complete), (new.authors, new.authors_complete)
    if old_value == new_value or not getattr(new, field):
        return False
    if not getattr(old, field):
        return True
    if field == "authors" and old.authors_complete and not new.authors_complete:
        return False
    was, now = old.provenance.get(field), new.provenance.get(field)
    if was is None:
        return True
    if now is None or (was.source == "user" and now.source != "user"):
        return False
    return _moment(now) >= _moment(was)


def _moment(provenance: Provenance) -> float:
    return provenance.retrieved.timestamp() if provenance.retrieved else 0.0


def _with_fields(paper: Paper, source: Paper, fields: Iterable[str]) -> Paper:
    """The paper with these fields, and where they come from, taken from the source."""
    update: dict[str, Any] = {}
    provenance = dict(paper.provenance)
    for field in fields:
        update[field] = getattr(source, field)
        if field == "authors":
            update["authors_complete"] = source.authors_complete
        provenance.pop(field, None)
        if field in source.provenance:
            provenance[field] = source.provenance[field]
    return paper.model_copy(update={**update, "provenance": provenance}) if update else paper


def doi_of_paper(paper: Paper) -> str | None:
    """The DOI in the key or in the record, lower case; None where it has none."""
    return (doi_of(paper.key) or paper.doi or "").lower() or None


def keys_of_paper(paper: Paper) -> tuple[PaperKey, ...]:
    """The key of a paper, and its DOI as a key where it has one."""
    doi = doi_of_paper(paper)
    return tuple(dict.fromkeys((paper.key, PaperKey(f"doi:{doi}")))) if doi else (paper.key,)


def _are_distinct(one: Paper, other: Paper) -> bool:
    ids = arxiv_id_of(one.key), arxiv_id_of(other.key)
    return None not in ids and ids[0] != ids[1]


def _may_share_title(one: Paper, other: Paper) -> bool:
    """Whether two records with one title are one paper: nothing speaks against it, for a short title more.

    The words of the names are compared, whatever their order: services and people write them both ways.
    """
    if _are_distinct(one, other):
        return False
    names = [frozenset[str]().union(*map(name_words, paper.authors)) for paper in (one, other)]
    if all(names):
        return bool(names[0] & names[1])
    if len(title_key(one.title).encode()) >= SHORT_TITLE_BYTES:
        return True
    years = _year_of(one), _year_of(other)
    return years[0] is not None and years[1] is not None and abs(years[0] - years[1]) <= YEARS_APART


def _year_of(paper: Paper) -> int | None:
    if paper.published or paper.year:
        return paper.published.year if paper.published else paper.year
    arxiv_id = arxiv_id_of(paper.key)
    return year_month_of(arxiv_id)[0] if arxiv_id else None
