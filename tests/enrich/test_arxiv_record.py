"""Entries as records: what is a withdrawn paper, a DOI, a name."""

from __future__ import annotations

from datetime import UTC, datetime

import arxiv
import pytest

from tracker.enrich.arxiv_record import is_withdrawn, published_doi, record_of
from tracker.enrich.base import Record

MOMENT = datetime(2022, 12, 31, 23, 59, tzinfo=UTC)


def entry(**fields: object) -> Record | None:
    names = fields.pop("authors", ["Ada Example"])
    assert isinstance(names, list)
    standard = {
        "entry_id": "http://arxiv.org/abs/2301.00001v2",
        "title": "A  Title\n of two lines", "summary": " An abstract. ",
        "published": MOMENT, "updated": MOMENT, "primary_category": "cs.CL", "categories": ["cs.AI", "cs.CL"],
        "authors": [arxiv.Result.Author(name) for name in names],
    }  # fmt: skip
    return record_of(arxiv.Result(**(standard | fields)))


def test_a_record() -> None:
    record = entry(comment=None, doi=None, journal_ref=None)
    assert record is not None
    assert (record.key, record.version, record.title) == ("arXiv:2301.00001", 2, "A Title of two lines")
    assert (record.categories, record.abstract) == (("cs.CL", "cs.AI"), "An abstract.")
    assert (record.comment, record.doi, record.venue, record.is_withdrawn) == (None, None, None, False)
    assert str(record.published) == "2022-12-31"


@pytest.mark.parametrize(
    "fields", [{"entry_id": "http://arxiv.org/api/errors#x"}, {"entry_id": " "}, {"title": " \n"}]
)
def test_what_is_no_paper_is_none(fields: dict[str, object]) -> None:
    assert entry(**fields) is None


def test_names_without_a_letter_are_no_authors() -> None:
    record = entry(authors=["LHCb collaboration", ":", " R.\n Aaij ", "", "王 伟"])
    assert record and record.authors == ("LHCb collaboration", "R. Aaij", "王 伟")


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        (None, None), ("", None), ("none", None), ("10.48550/arXiv.2305.14314", None),
        ("https://doi.org/10.48550/arXiv.2305.14314", None),
        ("10.1103/PhysRevD.76.044021", "10.1103/physrevd.76.044021"),
        (" doi:10.1088/0256-307X/24/2/015 ", "10.1088/0256-307x/24/2/015"),
        ("10.1093/mnras/stt1379 10.1093/mnras/stt1380", "10.1093/mnras/stt1379"),
    ],
)  # fmt: skip
def test_dois(text: str | None, doi: str | None) -> None:
    assert published_doi(text) == doi


@pytest.mark.parametrize(
    "comment",
    [
        "This paper has been withdrawn", "Withdrawn", "withdrawn.", "paper withdrawn by author",
        "This papers has been withdrawn",
        "This article has been withdrawn because it has been merged with another",
        "This paper has been withdrawn by the author(s) due to an error in Lemma 8",
        "withdrawn by arXiv administrators due to plagiarism. See http://arxiv.org/new/withdrawals.aug.07.html",
        "This has been withdrawn by arXiv administrators due to an authorship dispute",
        "arXiv admin note: submission has been withdrawn by arXiv administrators",
        "The paper is withdrawn due to a crucial error in equation 3",
        "The authors have withdrawn this paper",
        "12 pages. We withdraw this manuscript",
        "This submission has been temporarily withdrawn by the authors",
        "This paper has been withdrawn from arXiv",
    ],
)  # fmt: skip
def test_withdrawn(comment: str) -> None:
    assert is_withdrawn(comment)


@pytest.mark.parametrize(
    "comment",
    [
        None, "", "10 pages, 3 figures", "Supersedes the withdrawn arXiv:0704.0001",
        "This paper replaces withdrawn paper X",
        "An earlier version of this paper was withdrawn", "v1 was withdrawn; this is the corrected paper",
        "This work was withdrawn from ICLR 2020 and accepted at ACL",
        "On withdrawn papers and how they are cited",
        "Data on drug withdrawal", "The first version was withdrawn by the authors", "It is not withdrawn",
    ],
)  # fmt: skip
def test_not_withdrawn(comment: str | None) -> None:
    assert not is_withdrawn(comment)
