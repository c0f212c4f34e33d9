"""Find every span of a document that may denote a paper. No network; the catalogue is only read.

In: a `Document`. Out: its `Mention`s in order, none overlapping. Recognisers are independent and may find
too much; `overlap` chooses between spans, and linking decides what each denotes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence

from tracker.catalogue import Catalogue
from tracker.mentions.author_year import Denoted, find_author_years, find_venues
from tracker.mentions.defined import find_defined
from tracker.mentions.ids import find_ids
from tracker.mentions.learned import find_learned, names_taught
from tracker.mentions.names import FoundName, find_names
from tracker.mentions.near_titles import find_near_titles
from tracker.mentions.overlap import without_overlaps
from tracker.mentions.references import find_references, without_authors
from tracker.mentions.titles import find_titles
from tracker.mentions.transcripts import is_transcript, names_in_speech
from tracker.models import IN_TRANSCRIPT, NEAR_TITLE, PART_OF_TITLE, Document, Mention, MentionKind

__all__ = ["find_learned", "find_mentions", "names_taught"]


def find_mentions(
    document: Document, catalogue: Catalogue, *, learned_names: Collection[str] = ()
) -> list[Mention]:
    """The mentions of a document in order of their place; `document.text[m.start:m.end] == m.surface`.

    `learned_names` are names of papers that the catalogue does not know, from the reader's own documents.
    """
    text = document.text
    title_spans, name_spans = catalogue.spans(text)
    line_of = _Lines(text, document.first_line)

    def mention(kind: MentionKind, start: int, end: int, **facts: object) -> Mention:
        values = {
            "document": document.name,
            "kind": kind,
            "surface": text[start:end],
            "start": start,
            "end": end,
            "line": line_of(start),
            **facts,
        }
        return Mention.model_validate(values)

    ids = [one._replace(key=catalogue.key_of(one.key)) for one in find_ids(text)]
    found = [
        mention(MentionKind.ID, f.start, f.end, key=f.key, version=f.version, support=f.form) for f in ids
    ]
    found += [
        mention(
            MentionKind.NAME, d.start, d.end, key=d.key, support="the document gives this name to the paper"
        )
        for d in find_defined(text, ids, catalogue)
    ]
    found += [
        mention(MentionKind.TITLE, start, end, rows=rows, support="" if is_whole else PART_OF_TITLE)
        for start, end, rows, is_whole in find_titles(text, title_spans, catalogue).columns()
    ]
    names: Sequence[FoundName] = find_names(text, name_spans, catalogue)
    support = ""
    if is_transcript(document):
        support = IN_TRANSCRIPT
        rows = {row for m in found for row in m.rows}
        names, heard = names_in_speech(document, names, rows, catalogue)
        found += [
            mention(
                MentionKind.NAME,
                h.start,
                h.end,
                rows=tuple(alias.row for alias in h.aliases),
                heard=tuple(dict.fromkeys(alias.name for alias in h.aliases)),
                support=support,
            )
            for h in heard
        ]
    found += [mention(MentionKind.NAME, n.start, n.end, rows=n.named.rows, support=support) for n in names]
    found += [
        mention(MentionKind.NAME, start, end, support="name learned from your documents")
        for start, end in find_learned(text, learned_names)
    ]
    denoted = Denoted(text, found, catalogue)
    found += [
        mention(
            MentionKind.AUTHOR_YEAR,
            c.start,
            c.end,
            rows=denoted.rows(c),
            authors=c.authors,
            year=c.year,
            support=c.form,
        )
        for c in find_author_years(text, catalogue, denoted.overlaps)
    ]
    references, listed = find_references(document, found, catalogue)
    found = without_authors(found, listed)
    found += [
        mention(
            MentionKind.REFERENCE,
            r.start,
            r.end,
            rows=r.rows,
            authors=r.parsed.authors,
            year=r.parsed.year,
            title=r.parsed.title,
            entry=r.entry,
        )
        for r in references
    ]
    found += [
        mention(MentionKind.TITLE, n.start, n.end, rows=n.rows, support=NEAR_TITLE)
        for n in find_near_titles(text, found, catalogue)
    ]
    kept = without_overlaps(found)
    kept += [
        mention(
            MentionKind.AUTHOR_YEAR,
            v.start,
            v.end,
            year=v.year,
            support="venue and year",
            entry=v.title_start,
        )
        for v in find_venues(text, kept)
    ]
    return without_overlaps(kept)


class _Lines:
    """The number of the line that an offset stands in."""

    def __init__(self, text: str, first: int) -> None:
        self._before = first - 1
        self._starts = [0]
        position = text.find("\n")
        while position >= 0:
            self._starts.append(position + 1)
            position = text.find("\n", position + 1)

    def __call__(self, offset: int) -> int:
        return self._before + bisect_right(self._starts, offset)
