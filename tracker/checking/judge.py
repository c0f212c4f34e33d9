"""The verdict on one entry, from the records that it may mean. Pure.

An entry is right where one record agrees with all that it says. Otherwise the record that it most likely means is
named with what differs; where none is likely, it is not found. A record is meant where two of title, authors and
identifier are its own, or a title that no two papers share by chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from tracker.bibfile import ReadEntry
from tracker.checking.compare import (
    ENOUGH_AUTHORS,
    Comparison,
    claims,
    compare,
    keys_of,
    series_of,
    venue_of_entry,
)
from tracker.checking.plausible import doubts, impossible
from tracker.checking.titles import Relation, is_telling
from tracker.models import FieldDifference, NearRecord, SourceAnswer, Verdict, VerdictKind

CATALOGUE: Final = "catalogue"
"""The source of what was not asked of a service."""
MOST_NEAR: Final = 3
"""Papers that are named where none is settled on."""
_ORDER: Final = tuple(Relation)


def judge(entry: ReadEntry, answers: Sequence[SourceAnswer], *, today: date, file: str = "") -> Verdict:
    """The verdict on an entry, from what the catalogue and services say of the paper it names."""
    compared = [
        compare(entry, paper, answer.source, _where(paper.key, answer.source))
        for answer in answers
        for paper in answer.papers
    ]
    wrong = tuple(impossible(entry, today))
    meant = sorted((one for one in compared if _is_meant(entry, one)), key=_rank)
    verdict = Verdict(
        kind=VerdictKind.NOT_FOUND,
        file=file,
        entry=entry.key,
        line=entry.line,
        title=entry.title,
        looked_in=tuple(dict.fromkeys(answer.source for answer in answers if not answer.failure)),
        failed=tuple(dict.fromkeys(f"{one.source}: {one.failure}" for one in answers if one.failure)),
    )
    if not meant:
        return _without_record(verdict, entry, compared, wrong)
    best = meant[0]
    told = [best, *_first_of_each_source(meant, best)]
    strays = [_other_paper(entry, one) for one in compared if _is_stray(entry, one)]
    differences = _without_repeats(_not_confirmed(told, [*strays, *wrong]))
    unconfirmed = tuple(sorted(claims(entry) - _confirmed(told) - {one.field for one in differences}))
    update: dict[str, object] = {
        "paper": best.paper.key or None,
        "source": best.source,
        "differences": differences,
        "unconfirmed": unconfirmed,
        "notes": best.notes,
    }
    if differences:
        return verdict.model_copy(update={**update, "kind": VerdictKind.DIFFERS})
    if not best.is_settled and (rivals := _rivals(best, meant)):
        return verdict.model_copy(update={"kind": VerdictKind.AMBIGUOUS, "near": rivals})
    if doubt := (*_doubts(entry, told), *_unpublished(entry, told, unconfirmed)):
        notes = (*best.notes, *doubt)
        return verdict.model_copy(update={**update, "kind": VerdictKind.AMBIGUOUS, "notes": notes})
    return verdict.model_copy(update={**update, "kind": VerdictKind.OK})


def _first_of_each_source(meant: Sequence[Comparison], best: Comparison) -> list[Comparison]:
    """The record that each other source has of the paper, as far as it is settled that it is this one."""
    first: dict[str, Comparison] = {}
    for one in meant:
        if one.is_settled and one.source != best.source:
            first.setdefault(one.source, one)
    return list(first.values())


def _confirmed(told: Sequence[Comparison]) -> frozenset[str]:
    return frozenset[str]().union(*(one.confirmed for one in told))


def _not_confirmed(told: Sequence[Comparison], wrong: Sequence[FieldDifference]) -> list[FieldDifference]:
    """What differs from one source, or cannot be by itself, and is not just so at another.

    A record that does not know a venue says nothing for it; a preprint and its publication may have different titles,
    authors and years; and papers of conferences carry the DOIs of later journals.
    """
    confirmed = _confirmed(told)
    differences = [difference for one in told for difference in one.differences]
    return [one for one in (*differences, *wrong) if one.field not in confirmed]


def _doubts(entry: ReadEntry, told: Sequence[Comparison]) -> tuple[str, ...]:
    """The doubts that the first record has that has any; of the venue none where a source knows one, of the DOI none
    where a source has it."""
    is_placed = any("venue" in one.confirmed or one.paper.venue for one in told)
    if any(entry.doi and entry.doi == one.paper.doi for one in told):
        told = [one for one in told if entry.doi == one.paper.doi]
    found = (tuple(doubts(entry, one.paper, is_placed=is_placed)) for one in told)
    return next(filter(None, found), ())


KNOWS_MEETINGS: Final = "DBLP"
"""The service that lists the papers of nearly all conferences of computing beside their preprints."""


def _unpublished(entry: ReadEntry, told: Sequence[Comparison], unconfirmed: Sequence[str]) -> tuple[str, ...]:
    """The doubt where services know the paper, and no publication of it, while the entry names a conference."""
    knowing = [one.source for one in told if one.source != CATALOGUE and one.title is Relation.SAME]
    is_known = KNOWS_MEETINGS in knowing and series_of(venue_of_entry(entry))
    if "venue" not in unconfirmed or not is_known or any(one.paper.venue for one in told):
        return ()
    return (f"{' and '.join(knowing)} know the paper, and no publication of it at {entry.place}",)


def _is_stray(entry: ReadEntry, one: Comparison) -> bool:
    """Whether an identifier of an entry is that of quite another paper; links lead to other pages, too."""
    return bool(
        one.has_id
        and entry.title
        and one.title is Relation.OTHER
        and not one.shared
        and one.shared is not None
        and _field_of(entry, one) not in {"url", "ee"}
    )


def _where(key: str, source: str) -> str:
    return key if source == CATALOGUE else ", ".join(filter(None, (key, source)))


def _is_meant(entry: ReadEntry, one: Comparison) -> bool:
    """Whether an entry means this record, rightly cited or not."""
    if one.is_settled:
        return True
    if one.title is Relation.SAME:
        return one.shared is None or is_telling(entry.title)
    if one.title is Relation.MAIN:
        return one.shared is None and is_telling(entry.title)
    is_by_authors = one.shared is not None and one.shared >= ENOUGH_AUTHORS
    return one.title is Relation.NEAR and (is_by_authors or one.has_id)


def _rank(one: Comparison) -> tuple[object, ...]:
    """The likeliest first: what agrees wholly, then what is settled, the nearer titles and the more authors."""
    shared = 0.0 if one.shared is None else one.shared
    return (
        bool(one.differences),
        not one.is_settled,
        _ORDER.index(one.title),
        -shared,
        not one.has_id,
        len(one.differences),
        one.source != CATALOGUE,
        one.paper.key,
    )


def _rivals(best: Comparison, meant: Sequence[Comparison]) -> tuple[NearRecord, ...]:
    """The papers that an entry may mean as well; none where it can only be one."""
    alike = [one for one in meant if not one.differences and one.title is best.title]
    papers = {one.paper.key: one for one in alike if one.source == best.source}
    return _near(list(papers.values())) if len(papers) > 1 else ()


def _near(compared: Sequence[Comparison]) -> tuple[NearRecord, ...]:
    return tuple(
        NearRecord(paper=one.paper.key, title=one.paper.title, source=one.source)
        for one in compared[:MOST_NEAR]
    )


def _without_record(
    verdict: Verdict, entry: ReadEntry, compared: Sequence[Comparison], wrong: tuple[FieldDifference, ...]
) -> Verdict:
    """The verdict where no record is meant: an identifier of another paper, what cannot be, or not found."""
    others = [one for one in compared if one.has_id and entry.title]
    told = [_other_paper(entry, one) for one in others]
    near = sorted((one for one in compared if not one.has_id and one.title is not Relation.OTHER), key=_rank)
    differences = _without_repeats((*told, *wrong))
    update: dict[str, object] = {"near": _near([*others, *near]), "differences": differences}
    if differences:
        update["kind"] = VerdictKind.DIFFERS
    elif verdict.failed and set(verdict.looked_in) <= {CATALOGUE}:
        update["kind"] = (
            VerdictKind.AMBIGUOUS
        )  # no service answered, and the catalogue does not have all papers
        update["notes"] = ("the catalogue does not have it, and no service could be asked",)
    return verdict.model_copy(update=update)


def _other_paper(entry: ReadEntry, one: Comparison) -> FieldDifference:
    """An identifier whose paper has another title and other authors."""
    field = _field_of(entry, one)
    key = dict(reversed(entry.identifiers))[field]
    return FieldDifference(
        field=field,
        given=key.partition(":")[2],
        source=one.paper.key,
        reason=f"{key} is “{one.paper.title}”, another paper",
    )


def _field_of(entry: ReadEntry, one: Comparison) -> str:
    """The field with the identifier by which a record is the entry's."""
    own = keys_of(one.paper)
    return next(field for field, key in entry.identifiers if key in own)


def _without_repeats(differences: Sequence[FieldDifference]) -> tuple[FieldDifference, ...]:
    """The differences, for each field the first one."""
    first: dict[str, FieldDifference] = {}
    for one in differences:
        first.setdefault(one.field, one)
    return tuple(first.values())
