"""A retracted paper is known as one by whatever source, under the title that it had."""

from __future__ import annotations

import pytest

from tracker.enrich import crossref_record, dblp, openalex_work, semantic_scholar
from tracker.enrich.base import Record
from tracker.enrich.retractions import without_mark
from tracker.identifiers import PaperKey

KEY = PaperKey("doi:10.1000/x")


@pytest.mark.parametrize(
    ("given", "title", "is_retracted"),
    [
        ("", "", False),
        ("A Title", "A Title", False),
        ("RETRACTED: A Title", "A Title", True),
        ("Retracted Article: A Title", "A Title", True),
        ("[RETRACTED] A Title", "A Title", True),
        ("WITHDRAWN: A Title", "A Title", True),
        ("RETRACTED CHAPTER: A Title", "A Title", True),
        ("Retracted:", "Retracted:", False),
        ("Retraction: A Title", "Retraction: A Title", False),
        ("Retracted papers: what became of them", "Retracted papers: what became of them", False),
        ("Withdrawn from the world: a study", "Withdrawn from the world: a study", False),
    ],
)
def test_the_mark_of_the_publisher_is_taken_off(given: str, title: str, is_retracted: bool) -> None:
    assert without_mark(given) == (title, is_retracted)


def records(title: str) -> dict[str, Record | None]:
    return {
        "Crossref": crossref_record.record_of({"DOI": "10.1000/x", "title": [title]}),
        "DBLP": dblp.record_of({"title": f"{title}.", "venue": "X"}, KEY),
        "OpenAlex": openalex_work.record_of({"title": title, "doi": "https://doi.org/10.1000/x"}, KEY),
        "Semantic Scholar": semantic_scholar.record_of(
            KEY, {"title": title, "externalIds": {"DOI": "10.1000/x"}}
        ),
    }


@pytest.mark.parametrize(("given", "is_withdrawn"), [("RETRACTED ARTICLE: A Title", True), ("A Title", None)])
def test_every_source_says_the_same(given: str, is_withdrawn: bool | None) -> None:
    for record in records(given).values():
        assert record is not None and (record.title, record.is_withdrawn) == ("A Title", is_withdrawn)
