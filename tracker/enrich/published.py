"""Whether a record is a paper that is known: its published version, or another work. Pure.

One rule for all sources. A record is taken for the paper only when title and authors agree and the years are
near; what agrees in part is a candidate, shown with the doubt and never merged; all else is another work.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.enrich.base import Record
from tracker.identifiers import arxiv_id_of
from tracker.keys import fold, name_words, split_name, title_key
from tracker.models import Paper

YEARS_APART = 2
"""Between the first version and the published one: what takes longer is shown as a candidate."""
SAME_TITLE = 95.0
"""Titles whose letters agree so far (of 100, rapidfuzz's ratio) are one title with another plural, hyphen or
typing error, if their numbers are the same."""
LIKE_TITLE = 70.0
"""Less alike, a record with the same authors is another paper of theirs, which is of no interest here."""
_MOST_AUTHORS = 50
"""Compared in pairs; beyond that, lists of collaborations would take seconds."""


@dataclass(frozen=True)
class Choice:
    """What a search has brought."""

    accepted: Record | None
    candidates: tuple[tuple[Record, str], ...] = ()
    """Records that may be the published version, each with the doubt in words."""


def choose_published(paper: Paper, records: Sequence[Record]) -> Choice:
    """The published version of the paper among the records that a source has found, if it is there.

    Of several that agree, the one with the very title counts, then the nearest in time, then the first; the
    others are candidates. Preprints are passed over, and so are records that name another arXiv id.
    """
    agreed, doubted = list[Record](), list[tuple[Record, str]]()
    for record in records:
        if record.is_preprint or not (record.venue or record.doi) or is_other_preprint(paper, record):
            continue
        if not (doubt := doubt_of(paper, record)):
            agreed.append(record)
        elif _is_like(paper, record):
            doubted.append((record, doubt))
    if not agreed:
        return Choice(None, tuple(doubted))
    best = min(agreed, key=lambda record: (not _same_key(paper, record), _years_between(paper, record) or 0))
    others = [(r, "another version with the same title") for r in agreed if r.doi != best.doi]
    return Choice(best, (*others, *doubted))


def doubt_of(paper: Paper, record: Record) -> str:
    """Why the record cannot be taken for the paper, in words; "" where title, authors and years agree."""
    if not is_same_title(paper.title, record.title):
        return "the title differs"
    if not paper.authors or not record.authors:
        return "its authors are not known" if paper.authors else "the authors of the paper are not known"
    if not do_authors_agree(paper, record):
        return "the authors differ"
    years = _years_between(paper, record)
    if years is not None and years > YEARS_APART:
        return f"the years are {years} apart"
    return ""


def is_same_work(paper: Paper, record: Record) -> bool:
    """Whether a record that was asked for by an identifier of the paper is of the same work.

    Titles change between versions, and authors join; so one of the two is enough. A paper of which neither is
    known takes what its identifier brings.
    """
    if is_other_preprint(paper, record):
        return False
    if not paper.title or not record.title:
        return True
    return is_same_title(paper.title, record.title) or do_authors_agree(paper, record)


def is_other_preprint(paper: Paper, record: Record) -> bool:
    """Whether the record says that its preprint is another one than the paper."""
    arxiv_id = arxiv_id_of(paper.key)
    return bool(arxiv_id and record.arxiv_id and arxiv_id != record.arxiv_id)


def is_same_title(one: str, other: str) -> bool:
    """Whether two titles are one, but for markup, case, punctuation and a letter or two.

    >>> is_same_title("QLoRA: Efficient Finetuning of Quantized LLMs", "QLORA: efficient fine-tuning of quantized LLMs")
    True
    >>> is_same_title("Scaling Laws, Part 1: Language Models", "Scaling Laws, Part 2: Language Models")
    False
    """
    keys = title_key(one), title_key(other)
    if keys[0] == keys[1]:
        return bool(keys[0])
    return _numbers(one) == _numbers(other) and likeness_of_titles(one, other) >= SAME_TITLE


def likeness_of_titles(one: str, other: str) -> float:
    """How far the letters of two titles agree, from 0 to 100."""
    from rapidfuzz import fuzz  # takes 50 ms to import, and is needed for what comes over the network only

    return fuzz.ratio(title_key(one), title_key(other))


def do_authors_agree(paper: Paper, record: Record) -> bool:
    """Whether the authors are the same ones, as far as both lists tell.

    The first author must be the same, and half of the shorter list must stand in the longer: people join and
    leave between preprint and publication, and services drop some.
    """
    ours, theirs = paper.authors[:_MOST_AUTHORS], record.authors[:_MOST_AUTHORS]
    if not ours or not theirs or not is_same_person(ours[0], theirs[0]):
        return False
    shared = min(_shared(ours, theirs), _shared(theirs, ours))
    return 2 * shared >= min(len(ours), len(theirs))


def _shared(some: Sequence[str], others: Sequence[str]) -> int:
    return sum(any(is_same_person(name, other) for other in others) for name in some)


def are_same_authors(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether two lists name the same people in the same order, however they are spelt."""
    return len(ours) == len(theirs) and all(map(is_same_person, ours, theirs))


def is_same_person(one: str, other: str) -> bool:
    """Whether two names may be one person's: family name and initial, in whatever order they stand.

    >>> is_same_person("D. P. Kingma", "Kingma, Diederik"), is_same_person("Wang Wei", "Wei Wang")
    (True, True)
    >>> is_same_person("Jing Wang", "Lei Wang")
    False
    """
    words = name_words(one), name_words(other)
    if fold(one) == fold(other) or (words[0] and words[0] == words[1]):
        return True
    names = split_name(one), split_name(other)
    families = name_words(names[0].family), name_words(names[1].family)
    if not (families[0] & words[1] and families[1] & words[0]):
        return False
    initials = [{word[0] for word in _words(name.given)} for name in names]
    return not all(initials) or bool(initials[0] & initials[1])


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text))


def _numbers(title: str) -> list[str]:
    """The numbers in a title, Roman ones too: parts and versions of a series differ in nothing else."""
    words = re.findall(r"\d+|\b(?:i{1,3}|iv|v|vi{0,3}|ix|x)\b", fold(title))
    return sorted(words)


def _same_key(paper: Paper, record: Record) -> bool:
    return title_key(paper.title) == title_key(record.title)


def _is_like(paper: Paper, record: Record) -> bool:
    return is_same_title(paper.title, record.title) or (
        do_authors_agree(paper, record) and likeness_of_titles(paper.title, record.title) >= LIKE_TITLE
    )


def _years_between(paper: Paper, record: Record) -> int | None:
    first, published = paper.first_year, record.venue_year or _year(record)
    return None if first is None or published is None else abs(published - first)


def _year(record: Record) -> int | None:
    return record.published.year if record.published else None


def distinct(records: Iterable[Record]) -> tuple[Record, ...]:
    """The records without those that another one with the same DOI, or the same title and venue, precedes."""
    seen: dict[object, Record] = {}
    for record in records:
        seen.setdefault(record.doi or (title_key(record.title), record.venue), record)
    return tuple(seen.values())
