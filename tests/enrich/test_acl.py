"""The ACL Anthology as a source: what its entries say, and a real server on loopback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.enrich.asking import calm_session, papers, record, settings_for
from tests.servers.acl_server import AclServer
from tests.servers.facts import read_publications
from tracker.enrich.acl import LARGEST, AclAnthology, read_entry
from tracker.enrich.base import Absent, Failed, Record, Source
from tracker.errors import BadReply
from tracker.identifiers import PaperKey
from tracker.models import Paper, VenueKind

BERT = PaperKey("acl:N19-1423")


def source_at(url: str, folder: Path, **changes: Any) -> AclAnthology:
    return AclAnthology(settings_for("acl", url, folder, **changes), open_session=calm_session)


def of_entry(kind: str = "inproceedings", **fields: str) -> Record:
    standard = {
        "title": '"A Title"', "author": '"Example, Ada  and\n      Sample, Bob"', "year": '"2019"',
        "booktitle": '"Proceedings of X"', "url": '"https://aclanthology.org/N19-1423/"', "month": "jun",
    }  # fmt: skip
    lines = ",\n".join(f"    {name} = {value}" for name, value in (standard | fields).items())
    return read_entry(f"@{kind}{{some-2019-key,\n{lines}\n}}\n".encode(), BERT)


# --- what an entry says ------------------------------------------------------------------------


def test_a_paper_of_a_conference() -> None:
    found = of_entry(
        title='"{BERT}: Pre-training of {D}eep $k$-Means {\\&} More"',
        booktitle='"Proceedings of the 2019 Conference of the North {A}merican Chapter"',
        pages='"4171--4186"', publisher='"Association for Computational Linguistics"',
        doi='"10.18653/v1/N19-1423"', abstract='"We show 50{\\%} more."',
    )  # fmt: skip
    assert found.key == BERT and found.title == "BERT: Pre-training of Deep k-Means & More"
    assert found.venue == "Proceedings of the 2019 Conference of the North American Chapter"
    assert (found.venue_kind, found.venue_year, found.pages) == (VenueKind.PROCEEDINGS, 2019, "4171--4186")
    assert (found.publisher, found.doi) == (
        "Association for Computational Linguistics",
        "10.18653/v1/n19-1423",
    )
    assert found.abstract == "We show 50% more." and found.published is None


def test_an_article_of_a_journal() -> None:
    found = of_entry(
        "article", booktitle='""', journal='"Computational Linguistics"', volume='"5"', number='"2"'
    )
    assert (found.venue, found.venue_kind) == ("Computational Linguistics", VenueKind.JOURNAL)
    assert (found.volume, found.issue) == ("5", "2")


@pytest.mark.parametrize(
    ("author", "names"),
    [
        (r'"Doll{\'a}r, Piotr"', ("Piotr Dollár",)),
        ('"van der Goot, Rob  and\n      Ma, Xuezhe"', ("Rob van der Goot", "Xuezhe Ma")),
        ('"Smith, Jr., Noah"', ("Noah Smith Jr.",)),
        ('"{BigScience Workshop}"', ("BigScience Workshop",)),
        ('"Zhang, Wei (张伟)"', ("Wei (张伟) Zhang",)),
        ('"Example, Ada and others"', ()),
        ('""', ()),
    ],
)
def test_authors_are_all_of_them_in_full_or_none(author: str, names: tuple[str, ...]) -> None:
    assert of_entry(author=author).authors == names


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"url": '"https://aclanthology.org/N19-1424/"'}, "another paper"),
        ({"url": '""'}, "another paper"),
        ({"title": '""'}, "without a title"),
    ],
)
def test_another_paper_is_not_taken(fields: dict[str, str], words: str) -> None:
    with pytest.raises(BadReply, match=words):
        of_entry(**fields)


@given(st.binary(max_size=80))
@example(b"@inproceedings{a,")
@example(b"@" * 500)
@example(b"@article{" + b"{" * 5000)
@example(b"@string{a = a # a}\n@article{x, title = a}")
@example(b" " * 50 + b"@article{x, url = {https://aclanthology.org/N19-1423}, title = {\xff}}")
@example(b"@article{x, title = {T}}" + b" " * LARGEST)
def test_any_bytes_are_refused(body: bytes) -> None:
    with pytest.raises(BadReply) as caught:
        read_entry(body, BERT)
    assert str(caught.value).isprintable()


# --- what is asked -----------------------------------------------------------------------------


def test_it_keeps_the_contract_of_a_source(tmp_path: Path) -> None:
    source: Source = source_at("http://127.0.0.1:9", tmp_path)
    assert source.overrides <= source.gives <= Paper.model_fields.keys()
    assert source.takes(papers(BERT)[0]) and source.home_of == "acl:"
    for key in ("arXiv:1810.04805", "doi:10.18653/x", "acl:nothing", "acl:../../etc/passwd"):
        assert not source.takes(papers(key)[0])
    assert not source_at("", tmp_path).takes(papers(BERT)[0])
    source.close()
    source.close()


def test_every_paper_of_the_file_is_read(tmp_path: Path) -> None:
    known = {one.acl: one for one in read_publications() if one.acl}
    with AclServer() as server:
        source = source_at(server.url, tmp_path)
        for acl_id, one in known.items():
            (answer,) = source.ask(papers(f"acl:{acl_id}")).values()
            found = record(answer)
            assert (found.title, found.authors, found.venue) == (one.title, one.authors, one.venue)
            assert (found.venue_year, found.pages) == (one.year, one.pages.replace("-", "--"))
            assert (found.publisher, found.doi, found.venue_kind) == (
                one.publisher,
                one.doi,
                VenueKind(one.kind),
            )
    assert [request.path for request in server.requests] == [f"/{acl_id}.bib" for acl_id in known]
    assert {request.method for request in server.requests} == {"GET"}


def test_unknown_papers_are_absent(tmp_path: Path) -> None:
    with AclServer() as server:
        (answer,) = source_at(server.url, tmp_path).ask(papers("acl:2020.acl-main.999")).values()
    assert answer == Absent()


@pytest.mark.parametrize("fault", ["two entries", "no title", "malformed"])
def test_an_entry_that_is_not_whole_is_none(tmp_path: Path, fault: str) -> None:
    with AclServer(always=fault) as server:
        (answer,) = source_at(server.url, tmp_path).ask(papers(BERT)).values()
    assert isinstance(answer, Failed) and answer.retryable
    assert "cut or malformed BibTeX" in answer.reason or "without a title" in answer.reason


def test_a_fault_that_passes_costs_nothing(tmp_path: Path) -> None:
    with AclServer(faults=["html", "truncated", "503"]) as server:
        (answer,) = source_at(server.url, tmp_path).ask(papers(BERT)).values()
    assert record(answer).title.startswith("BERT") and server.answers[-1] == "ok"


def test_the_pace_is_kept(tmp_path: Path) -> None:
    with AclServer(gap_s=0.05, work_s=0.01) as server:
        source = source_at(server.url, tmp_path, delay_s=0.05)
        source.ask(papers(BERT, "acl:P16-1162", "acl:Q17-1010"))
    assert server.answers == ["ok"] * 3
