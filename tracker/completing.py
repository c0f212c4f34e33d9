"""The records of a run completed: what they lack is filled in, what turns out to be one paper becomes one.

Nothing stops a run: what cannot be had, and identifiers that are not those of the titles beside them, become problems
of `Found`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import UTC, datetime

from tracker.identifiers import PaperKey
from tracker.models import Link, Paper
from tracker.steps import Found, OnWait, Progress

FOR_BIBTEX = ("authors", "publication")
"""What an entry of a bibliography needs of a record, where it is to describe the publication."""
FOR_PREPRINTS = ("authors",)
"""What it needs where it is to describe the preprint."""
WHOLE = (*FOR_BIBTEX, "published", "version", "abstract", "citations")
"""All that can be known of a paper."""


def complete(
    found: Found,
    need: Collection[str] = ("authors",),
    *,
    progress: Progress | None = None,
    on_wait: OnWait | None = None,
    now: datetime | None = None,
) -> None:
    """Fill in what the records lack, from the sources; what cannot be had becomes a problem.

    Titles are always asked for where they are lacking; `need` names further fields of `Paper`, or `PUBLICATION`.
    An identifier whose title turns out to be another one than what stands beside it in its document becomes a
    problem too, and its paper is left out where the catalogue does not know it.
    """
    from tracker.enrich import enrich

    untitled = found.untitled

    papers, problems = enrich(
        list(found.papers.values()),
        found.settings,
        need=need,
        now=now or datetime.now(UTC),
        progress=progress,
        on_wait=on_wait,
    )
    found.papers = dict(zip(found.papers, papers, strict=True))
    found.problems += problems
    _tell_unlike(found, left_out=set(untitled))
    _unite(found)


def _unite(found: Found) -> None:
    """Make one of records that turn out to be of one paper, such as a preprint and a DOI; links go with them."""
    from tracker.library.changes import KnownPapers, settle

    key_by_other, record_by_key = dict[PaperKey, PaperKey](), dict[PaperKey, Paper]()
    for settled in settle(list(found.papers.values()), KnownPapers()):
        key_by_other |= dict.fromkeys(settled.other_keys, settled.paper.key)
        record_by_key[settled.paper.key] = settled.paper

    def current(key: PaperKey) -> PaperKey:
        while key in key_by_other:
            key = key_by_other[key]
        return key

    if all(current(key) == key for key in found.papers):
        return
    found.papers = {current(key): record_by_key[current(key)] for key in found.papers}
    found.links = [
        link.model_copy(update={"paper": current(link.paper)}) if link.paper else link for link in found.links
    ]


def _tell_unlike(found: Found, left_out: Collection[PaperKey]) -> None:
    """Tell of the identifiers whose papers have other titles than what stands beside them, and leave some of these out.

    `left_out` are the papers of which only a source has told the title just now. Of the others the title is older
    knowledge: papers are renamed, and the identifier is what the document says.
    """
    from tracker.linking import unlike_problem, unlike_titles

    titles = {key: paper.title for key, paper in found.papers.items() if paper.title}
    links_by_document = defaultdict[str, list[Link]](list)
    for link in found.links:
        links_by_document[link.mention.document].append(link)
    unlike = [
        one
        for document in found.documents
        for one in unlike_titles(document, links_by_document[document.name], titles)
    ]
    wrong = [one.link for one in unlike if one.link.paper in left_out]
    found.problems += [unlike_problem(one, is_left_out=one.link.paper in left_out) for one in unlike]
    told = {id(link) for link in wrong}
    found.links = [link for link in found.links if id(link) not in told]
    linked = {link.paper for link in found.links}
    for key in {link.paper for link in wrong} - linked:
        found.papers.pop(PaperKey(key or ""), None)
