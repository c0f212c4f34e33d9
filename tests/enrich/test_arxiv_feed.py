"""The strict look at a feed: what is whole passes, everything else is refused with one line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.servers import atom
from tests.servers.facts import read_papers
from tracker.enrich.arxiv_feed import Outline, check_feed, read_outline
from tracker.errors import BadReply, NetworkError, SourceRefused

PAPERS = list(read_papers().values())
PAGE = atom.feed([atom.entry(paper) for paper in PAPERS[:2]], size=2).encode()


def test_whole_feeds_pass() -> None:
    check_feed(atom.feed([]).encode())
    check_feed(PAGE)
    check_feed(PAGE.decode().replace("UTF-8", "UTF-16").encode("utf-16"))
    assert read_outline(PAGE) == Outline(total=2, entries=2, incomplete=0, error=None)


def test_error_feeds_are_told_in_the_words_of_arxiv() -> None:
    assert (
        read_outline(atom.error_feed("incorrect id format for abc").encode()).error
        == "incorrect id format for abc"
    )
    with pytest.raises(SourceRefused, match="incorrect id format for abc"):
        check_feed(atom.error_feed("incorrect id format for abc").encode())


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty page"), (b" \n\t", "empty page"), (b"Rate exceeded.", "'Rate exceeded.'"),
        (b"<html><body>Sorry</body></html>", "<html>"), (b"<!DOCTYPE html><html/>", "document type"),
        (b"<feed/>", "<feed>"), (b"\x00\xff\x1b[31m", "no feed"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"/>', "number of its records"),
        (PAGE.replace(b"Results>2<", b"Results>two<"), "number of its records"),
        (PAGE.replace(b"Results>2<", b"Results>\xd9\xa2<"), "number of its records"),
        (PAGE.replace(b"Results>2<", b"Results>3<"), "announces 3 records and sends 2"),
        (PAGE.replace(b"Results>2<", b"Results>1<"), "announces 1 records and sends 2"),
        (PAGE + PAGE, "malformed"), (PAGE[:-9], "malformed"),
        (PAGE.replace(b"<title>", b"<title>\x01"), "malformed"),
        (PAGE.replace(b"published>", b"printed>"), "2 records without"),
        (PAGE.replace(b"    <id>http", b"    <id/><alternate>http", 1)
         .replace(b"</id>\n    <title>", b"</alternate>\n    <title>", 1), "1 records without"),
        (b"<a>" * 100_000, "<a>"),
    ],
)  # fmt: skip
def test_anything_else_is_refused(body: bytes, words: str) -> None:
    with pytest.raises(BadReply, match=words) as caught:
        check_feed(body)
    assert str(caught.value).isprintable() and len(str(caught.value)) < 250


def test_totals_and_errors_inside_an_entry_are_text() -> None:
    trap = atom.entry(PAPERS[0]).replace(
        "</entry>", "<opensearch:totalResults>7</opensearch:totalResults><x><id>/api/errors#</id></x></entry>"
    )
    assert read_outline(atom.feed([trap]).encode()) == Outline(total=1, entries=1, incomplete=0, error=None)


def test_deep_nesting_is_no_trouble() -> None:
    deep = "<x>" * 50_000 + "</x>" * 50_000
    assert read_outline(atom.feed([f"<entry>{deep}</entry>"]).encode()) == Outline(1, 1, 1, None)


@given(st.integers(0, len(PAGE.rstrip()) - 1))
def test_no_cut_feed_passes(length: int) -> None:
    with pytest.raises(BadReply):
        check_feed(PAGE[:length])


@given(st.integers(0, len(PAGE) - 1), st.binary(min_size=1, max_size=20))
def test_damage_ends_in_an_error_of_ours_or_in_nothing(at: int, noise: bytes) -> None:
    try:
        check_feed(PAGE[:at] + noise + PAGE[at + len(noise) :])
    except NetworkError as error:
        assert "\n" not in str(error)


@given(st.binary(max_size=200))
def test_noise_is_no_feed(body: bytes) -> None:
    with pytest.raises(BadReply):
        check_feed(body)
