"""A page over OAI-PMH: what is whole is read as it is meant, one bad record costs only itself, the rest is refused."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.servers import oai
from tests.servers.facts import Facts, read_papers
from tracker.catalogue.oai_page import Error, Harvested, read_page
from tracker.errors import BadReply

PAPERS = list(read_papers().values())
OLD = Facts(
    "hep-th/9901001", "On an <old> & a new thing", ("Juan Müller",), "1999-01-03", categories=("hep-th",)
)
LISTED = (*oai.items([*PAPERS[:2], OLD]), oai.Item(PAPERS[2], date(2026, 3, 12), is_deleted=True))
PAGE = oai.page(oai.records(LISTED, "verb%3DListRecords%26skip%3D4"))


def changed(old: str, new: str, count: int = -1) -> bytes:
    assert old in PAGE
    return PAGE.replace(old, new, count).encode()


def test_records_deletions_and_the_token() -> None:
    page = read_page(PAGE.encode())
    assert page.token == "verb%3DListRecords%26skip%3D4" and page.answered == oai.TODAY
    assert (page.error, page.left_out) == (None, ())
    assert [record.arxiv_id for record in page.records] == [item.paper.id for item in LISTED]
    first, old, deleted = page.records[0], page.records[2], page.records[3]
    assert (first.title, first.datestamp) == (PAPERS[0].title, date(2026, 3, 10))
    assert old == Harvested(
        "hep-th/9901001",  # type: ignore[arg-type]
        date(2026, 3, 11),
        title="On an <old> & a new thing",
        authors=(("Müller", "Juan", ""),),
        created=date(1999, 1, 3),
        categories=("hep-th",),
        abstract="No abstract of hep-th/9901001 is kept here.",
    )
    assert deleted.is_deleted and deleted.title == ""


@pytest.mark.parametrize(
    ("token", "meant"),
    [("", ""), ("<resumptionToken/>", ""), ("<resumptionToken cursor='9' completeListSize='9'/>", ""),
     ("<resumptionToken> 760571|10001 </resumptionToken>", "760571|10001"),
     ("<resumptionToken>a&amp;b</resumptionToken>", "a&b")],
)  # fmt: skip
def test_each_way_to_end_a_list(token: str, meant: str) -> None:
    body = oai.page(oai.records(LISTED).replace("    </ListRecords>", f"{token}</ListRecords>"))
    assert read_page(body.encode()).token == meant


def test_an_empty_list_that_says_it_has_ended() -> None:
    page = read_page(oai.page("<ListRecords><resumptionToken/></ListRecords>").encode())
    assert (page.records, page.token) == ((), "")


def test_errors_are_told_in_the_words_of_the_service() -> None:
    body = oai.page(oai.error("badArgument", "from\x07 date must be \n YYYY-MM-DD" + "!" * 999)).encode()
    error = read_page(body).error
    assert error is not None and error.code == "badArgument"
    assert error.text.startswith("from date must be YYYY-MM-DD!!") and len(error.text) < 200
    bare = read_page(oai.page("<error/>").encode())
    assert bare.error == Error("error", "no reason given")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252", "gb18030"])
@pytest.mark.parametrize("is_mended", [False, True])
def test_encodings_are_read_as_declared(encoding: str, is_mended: bool) -> None:
    text = PAGE.replace('encoding="UTF-8"', f'encoding="{encoding}"')
    text = text.replace("kept here", "kept\x0b here") if is_mended else text
    page = read_page(text.encode(encoding))
    assert page.records[2].authors == (("Müller", "Juan", ""),) and len(page.records) == 4


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (changed("On an", "On\x00 \x1ban"), "On an"),
        (changed("On an", "On &#11;&#x1F;&#xD800;&#xFFFFFFF; an"), "On an"),
        (PAGE.encode().replace("Müller".encode(), b"M\xfcller"), "On an"),
        (changed("On an", "On AT&T, R&D; caf&eacute; &#38; an"), "On AT&T, R&D; caf&eacute; & an"),
        (PAGE.replace("UTF-8", "x-klingon").encode(), "On an"),
        (b"\xef\xbb\xbf\n" + PAGE.encode().replace(b"On an", b"On\x00an"), "On an"),
    ],
)
def test_what_xml_forbids_costs_no_page(body: bytes, title: str) -> None:
    page = read_page(body)
    assert len(page.records) == 4 and page.records[2].title.startswith(title)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (changed("oai:arXiv.org:hep-th/9901001", "oai:elsewhere:1"), "'oai:elsewhere:1' is no identifier"),
        (changed("oai:arXiv.org:hep-th/9901001", "oai:arXiv.org:1399.00001"), "is no identifier"),
        (changed("<id>hep-th/9901001</id>", "<id>2001.00001</id>"), "has the record of 2001.00001"),
        (changed("<title>On an &lt;old&gt; &amp; a new thing", "<title> "), "hep-th/9901001 has no title"),
        (changed("<datestamp>2026-03-11</datestamp>", "<datestamp>soon</datestamp>", 1), "has no datestamp"),
        (
            changed("<datestamp>2026-03-11</datestamp>", "<datestamp>2026-02-30</datestamp>", 1),
            "no datestamp",
        ),
    ],
)
def test_a_record_that_cannot_be_used_is_told_and_left_out(body: bytes, words: str) -> None:
    page = read_page(body)
    assert len(page.records) == 3 and len(page.left_out) == 1 and words in page.left_out[0]
    assert page.token and page.left_out[0].isprintable()


def test_a_record_without_metadata_is_left_out() -> None:
    start = PAGE.index("<metadata>")
    body = PAGE[:start] + PAGE[PAGE.index("</metadata>") + len("</metadata>") :]
    assert read_page(body.encode()).left_out == (f"{LISTED[0].paper.id} has no metadata",)


@pytest.mark.parametrize(
    ("arxiv_id", "created", "meant"),
    [("2305.14314", "2023-05-23", date(2023, 5, 23)), ("0704.0002", "2007-03-31", date(2007, 3, 31)),
     ("2412.00001", "2025-01-01", date(2025, 1, 1)), ("2412.00001", "0001-01-01", date(1, 1, 1)),
     ("2202.09848", "2025-12-11", None), ("hep-th/9901001", "2000-01-01", None),
     ("2305.14314", "2023-02-31", None), ("2305.14314", "May 2023", None)],
)  # fmt: skip
def test_the_day_of_a_later_version_is_not_that_of_the_first(
    arxiv_id: str, created: str, meant: date | None
) -> None:
    facts = Facts(arxiv_id, "A title", ("A B",), created)
    (record,) = read_page(oai.page(oai.records(oai.items([facts]))).encode()).records
    assert record.created == meant


def test_authors_of_every_kind() -> None:
    authors = (
        "<author><keyname>Rodrigues</keyname><forenames>Waldyr A.</forenames><suffix>Jr</suffix></author>"
        "<author><keyname>LIGO Scientific Collaboration</keyname></author><author/>"
        "<author><keyname>Kim</keyname><affiliation>KAIST</affiliation></author>"
    )
    body = PAGE[: PAGE.index("<authors>") + 9] + authors + PAGE[PAGE.index("</authors>") :]
    assert read_page(body.encode()).records[0].authors == (
        ("Rodrigues", "Waldyr A.", "Jr"),
        ("LIGO Scientific Collaboration", "", ""),
        ("Kim", "", ""),
    )


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty page"), (b" \n\t", "empty page"), (b"Rate exceeded.", "'Rate exceeded.'"),
        (b"<html><body>Sorry</body></html>", "<html>"), (b"<!DOCTYPE html><html/>", "an HTML page"),
        (b"\x00\xff\x1b[31m", "something else"), (b"<OAI-PMH/>", "without a list"), (PAGE.encode()[:-9], "cut page"),
        (oai.page("<ListRecords/>").encode(), "empty list"), (oai.page("<ListSets/>").encode(), "without a list"),
        (changed("</title>", "</titel>"), "malformed"), (b"<a>" * 100_000, "something else"),
        (PAGE.replace("<OAI-PMH", '<!DOCTYPE x [<!ENTITY e "boom">]>\n<OAI-PMH', 1).encode(), "document type"),
    ],
)  # fmt: skip
def test_anything_else_is_refused(body: bytes, words: str) -> None:
    with pytest.raises(BadReply, match=words) as caught:
        read_page(body)
    assert str(caught.value).isprintable() and len(str(caught.value)) < 300


def test_deep_nesting_is_no_trouble() -> None:
    deep = "<x>" * 20_000 + "</x>" * 20_000
    page = read_page(oai.page(oai.records([oai.Item(PAPERS[0], oai.TODAY, extra=deep)])).encode())
    assert page.records[0].title == PAPERS[0].title


@given(st.integers(0, len(PAGE.encode()) - 1))
def test_no_cut_page_passes(length: int) -> None:
    with pytest.raises(BadReply):
        read_page(PAGE.encode()[:length])


@given(st.integers(0, len(PAGE) - 1), st.binary(min_size=1, max_size=20))
def test_damage_ends_in_an_error_of_ours_or_in_records(at: int, noise: bytes) -> None:
    body = PAGE.encode()
    try:
        page = read_page(body[:at] + noise + body[at + len(noise) :])
    except BadReply as error:
        assert "\n" not in str(error)
    else:
        assert len(page.records) + len(page.left_out) <= 4
