"""Verdicts on the entries of .bib files: lines for people, JSON Lines for programs, and corrected files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from tracker.bibfile import BibFile
from tracker.checking import counted
from tracker.cli.terminal import escaped, printable, say
from tracker.corrections import Corrected, corrected, is_settled
from tracker.files import write_atomically
from tracker.models import FieldDifference, Problem, Verdict, VerdictKind
from tracker.verifying import CheckedBib

MOST_SHOWN = 200
"""Characters of a reason or a value; author lists can be pages long."""


def verdict_lines(verdicts: Sequence[Verdict], *, as_json: bool) -> Iterator[str]:
    """As JSON a line for each entry; for people one for each that is not ok, with the reasons below it."""
    for verdict in verdicts:
        if as_json:
            yield escaped(json.dumps(verdict.model_dump(mode="json"), ensure_ascii=False))
        elif verdict.kind is not VerdictKind.OK:
            yield from map(printable, _told(verdict))


def _told(verdict: Verdict) -> Iterator[str]:
    yield f"{verdict.file}:{verdict.line}: {verdict.entry or '(no key)'}: {verdict.kind.value}"
    for difference in verdict.differences:
        yield f"    {difference.field}: {_reason(difference)}"
    if verdict.kind in {VerdictKind.NOT_FOUND, VerdictKind.AMBIGUOUS}:
        yield from _where(verdict)
    elif verdict.failed:
        yield f"    no answer: {'; '.join(verdict.failed)}"
    for note in verdict.notes:
        yield f"    {_cut(note)}"
    for near in verdict.near:
        yield f"    perhaps: {near.paper}  {_cut(near.title)}"


def _where(verdict: Verdict) -> Iterator[str]:
    if verdict.kind is VerdictKind.NOT_FOUND:
        yield f"    looked in: {', '.join(verdict.looked_in)}"
    if verdict.failed:
        yield f"    no answer: {'; '.join(verdict.failed)}"


def _reason(difference: FieldDifference) -> str:
    reason = _cut(difference.reason)
    if difference.is_sure and difference.expected and difference.expected not in reason:
        return f"{reason}; should be {_cut(difference.expected)}"
    return reason


def _cut(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


def tell_counts(checked: CheckedBib, *, is_offline: bool) -> None:
    """Say how many entries of a file are what, and how little the catalogue alone can know."""
    verdicts = checked.verdicts
    parts = ", ".join(f"{count} {kind.value}" for kind, count in counted(verdicts))
    say(f"{checked.bib.name}: {len(verdicts)} entries" + (f": {parts}" if parts else ""))
    if is_offline and any(verdict.kind is VerdictKind.NOT_FOUND for verdict in verdicts):
        say(
            f"tracker: only the catalogue was looked in, {checked.papers:,} papers of arXiv; what it does not have may "
            "well exist"
        )


def write_corrections(bib: BibFile, verdicts: Sequence[Verdict], target: Path) -> Corrected:
    """Put what is sure into a file, and say what it was.

    Raises:
        InputError: the file cannot be written.
    """
    made = corrected(bib, verdicts)
    if made.fields or str(target) != bib.name:
        write_atomically(target, made.data)
    for verdict in verdicts:
        if fields := made.fields.get(verdict.line):
            say(f"{target}:{verdict.line}: {verdict.entry}: corrected {', '.join(fields)}")
    say(f"{target}: {sum(map(len, made.fields.values()))} corrections in {len(made.fields)} entries")
    return made


def is_unknown(verdict: Verdict) -> bool:
    """Whether nothing is known of an entry, while a service that may know it failed."""
    return verdict.paper is None and not verdict.differences and bool(verdict.failed)


def failures(verdicts: Sequence[Verdict]) -> list[Problem]:
    """A problem for each service that failed, with how many entries it said nothing about."""
    causes = [cause for verdict in verdicts for cause in verdict.failed]
    return [
        Problem(
            stage="enrich",
            subject=cause.partition(": ")[0],
            message=f"said nothing about {causes.count(cause)} of the entries ({cause.partition(': ')[2]})",
            is_network=True,
        )
        for cause in dict.fromkeys(causes)
    ]


def is_left(verdict: Verdict, made: Corrected | None) -> bool:
    """Whether there is something to look at in an entry, after the corrections."""
    if verdict.kind is VerdictKind.OK:
        return False
    return made is None or not is_settled(verdict, made.fields.get(verdict.line, ()))
