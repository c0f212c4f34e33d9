"""One paper has one key: the DOI of its publication, and its id in the ACL Anthology, lead to its arXiv key."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.catalogue.small import PAPERS, facts, open_built, write_papers
from tracker.catalogue import Catalogue
from tracker.catalogue.build import build_catalogue
from tracker.identifiers import PaperKey
from tracker.mentions import find_mentions
from tracker.models import Document, MentionKind
from tracker.steps import keys_named

DIPHOTON = "arXiv:0704.0001"
PUBLISHED = (
    facts("1905.00001", "A Paper of a Conference", doi="10.18653/v1/P19-1001"),
    facts("2003.00002", "One of Two with One DOI", doi="10.1000/shared"),
    facts("2003.00003", "The Other of Two with One DOI", doi="10.1000/shared"),
    facts("2004.00004", "Known by the DOI of arXiv", doi="10.48550/arXiv.2004.00004"),
    facts("2004.00005", "Preprint Elsewhere Too", doi="10.1101/2020.04.01.123456v2"),
    facts("doi:10.1000/twice", "Listed Twice", doi=None),
    facts("2005.00006", "Listed Twice, as a Preprint", doi="10.1000/twice"),
)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return open_built(tmp_path_factory.mktemp("published"), (*PAPERS, *PUBLISHED))


@pytest.mark.parametrize(
    ("other", "key"),
    [
        ("doi:10.1103/physrevd.76.013009", DIPHOTON),
        ("acl:P19-1001", "arXiv:1905.00001"),
        ("doi:10.1000/shared", "doi:10.1000/shared"),
        ("doi:10.1101/2020.04.01.123456", "arXiv:2004.00005"),
        ("doi:10.1000/twice", "arXiv:2005.00006"),
        ("doi:10.1162/neco.1997.9.8.1735", "doi:10.1162/neco.1997.9.8.1735"),
        ("doi:10.1000/unknown", "doi:10.1000/unknown"),
        ("openreview:BZ5a1r-kVsf", "openreview:BZ5a1r-kVsf"),
        ("arXiv:2004.00004", "arXiv:2004.00004"),
        ("arXiv:9912.99999", "arXiv:9912.99999"),
    ],
)
def test_a_key_leads_to_the_key_of_its_paper(other: str, key: str, published: Catalogue) -> None:
    assert published.key_of(PaperKey(other)) == key


@pytest.mark.parametrize(
    "asked", ["10.1103/PhysRevD.76.013009", "https://doi.org/10.1103/physrevd.76.013009"]
)
def test_a_paper_is_found_by_the_doi_of_its_publication(asked: str, published: Catalogue) -> None:
    [hit] = published.find(asked)
    assert (hit.paper.key, hit.why) == (DIPHOTON, ("identifier doi:10.1103/physrevd.76.013009",))


def test_what_people_type_leads_there_too(published: Catalogue) -> None:
    assert keys_named("doi.org/10.1103/PhysRevD.76.013009", published) == [DIPHOTON]


def test_address_and_doi_in_a_document_are_one_paper(published: Catalogue) -> None:
    text = (
        "See arXiv:0704.0001, published as https://doi.org/10.1103/PhysRevD.76.013009 (and 10.1000/shared)."
    )
    found = find_mentions(Document(name="d.md", text=text), published)
    assert [(one.kind, one.key) for one in found] == [
        (MentionKind.ID, DIPHOTON),
        (MentionKind.ID, DIPHOTON),
        (MentionKind.ID, "doi:10.1000/shared"),
    ]


def test_dois_are_known_again_of_a_catalogue_that_is_an_input(tmp_path: Path, published: Catalogue) -> None:
    more = write_papers(tmp_path / "more.jsonl", [facts("2003.00003", "The Other", doi="10.1000/own")])
    build_catalogue([published.path, more], tmp_path / "again.catalogue", workers=1)
    again = Catalogue.open(tmp_path / "again.catalogue")
    assert again.key_of(PaperKey("doi:10.1103/physrevd.76.013009")) == DIPHOTON
    assert again.key_of(PaperKey("doi:10.1000/shared")) == "arXiv:2003.00002"
    assert again.key_of(PaperKey("doi:10.1000/own")) == "arXiv:2003.00003"
