"""What a checked .bib file is to become: the corrections that are sure, as LaTeX, put into its bytes.

In: a file as read and the verdicts on its entries. Out: the new bytes, and which fields of which entries were
corrected. All that was not sure stays as it is, and so does every byte outside of the corrected values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from tracker.bibfile import BibFile, ReadEntry, Replacement, replace_values
from tracker.checking.venues import read_venue
from tracker.export.latex import latex_text
from tracker.export.people import latex_authors
from tracker.export.titles import latex_title
from tracker.models import FieldDifference, Verdict

_PLACES = ("booktitle", "journal", "journaltitle")


class Corrected(NamedTuple):
    """A file with its corrections."""

    data: bytes
    fields: dict[int, tuple[str, ...]]
    """Line of an entry -> the fields that were corrected, as `FieldDifference` names them; none: nothing was."""


def corrected(bib: BibFile, verdicts: Sequence[Verdict]) -> Corrected:
    """The file's bytes with all corrections that are sure; `verdicts` in the order of its entries.

    Raises:
        InputError: the file is in a mixture of encodings.
    """
    wanted: list[tuple[FieldDifference, Replacement]] = []
    for entry, verdict in zip(bib.entries, verdicts, strict=True):
        for difference in verdict.differences:
            if difference.is_sure:
                wanted += [(difference, one) for one in _replacements(entry, difference)]
    replaced = replace_values(bib, [one for _, one in wanted])
    done = {id(one) for one in replaced.done}
    fields: dict[int, dict[str, None]] = {}
    for difference, one in wanted:
        if id(one) in done:
            fields.setdefault(one.entry.line, {})[difference.field] = None
    return Corrected(replaced.data, {line: tuple(names) for line, names in fields.items()})


def is_settled(verdict: Verdict, fields: Iterable[str]) -> bool:
    """Whether nothing is left to look at in an entry once these fields are corrected."""
    return bool(verdict.differences) and {one.field for one in verdict.differences} <= {*fields}


def _replacements(entry: ReadEntry, difference: FieldDifference) -> Iterator[Replacement]:
    """Where a correction is to be written; of several fields that may hold it the entry has one."""
    field, value, given = difference.field, difference.expected or "", difference.given
    if field == "title":
        yield Replacement(entry, "title", latex_title(value))
    elif field == "author":
        names = value.split(" and ")
        are_complete = names[-1] != "others"
        authors = names if are_complete else names[:-1]
        yield Replacement(entry, "author", latex_authors(authors, are_complete=are_complete))
    elif field == "year":
        yield Replacement(entry, "year", value)
        yield Replacement(entry, "date", value, given)
    elif field == "venue":
        yield from _venue(entry, value)
    elif field == "doi" and value.startswith("10."):
        yield Replacement(entry, "doi", value)
    else:
        yield Replacement(entry, field, value, given)


def _venue(entry: ReadEntry, value: str) -> Iterator[Replacement]:
    """The name of a conference instead of another one's, of a journal instead of another: the entry's type must fit."""
    known = read_venue(value)
    names = [one.long for one in known.series] or [value]
    is_meeting = entry.type in {"inproceedings", "conference", "incollection"}
    is_journal = any("journal" in name.lower() or "transactions" in name.lower() for name in names)
    if is_meeting is not is_journal:
        for field in _PLACES[:1] if is_meeting else _PLACES[1:]:
            yield Replacement(entry, field, latex_text(names[0]))
