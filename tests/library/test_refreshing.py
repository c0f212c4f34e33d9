"""What is told of a paper after the services were asked again, and what the library keeps."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.identifiers import PaperKey
from tracker.library import Library, Refreshed, open_library
from tracker.library.database import connect, read_migrations
from tracker.library.refreshing import changes_between
from tracker.models import Document, Link, Mention, MentionKind, Paper, PaperChange, Provenance

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=30)
QLORA, ADAM, LSTM = (
    PaperKey("arXiv:2305.14314"),
    PaperKey("arXiv:1412.6980"),
    PaperKey("doi:10.1162/neco.9.8"),
)
OLD = Paper(
    key=QLORA,
    title="QLoRA: Efficient Finetuning",
    authors=("Tim Dettmers", "Artidoro Pagnoni"),
    authors_complete=True,
    version=1,
    updated=date(2023, 5, 23),
)


def with_(**fields: object) -> Paper:
    return OLD.model_copy(update=fields)


def told(old: Paper, new: Paper) -> list[tuple[str, str, str]]:
    return [(change.kind.value, change.was, change.now) for change in changes_between(old, new)]


# --- what is told ------------------------------------------------------------------------------


NEWS = [
    (OLD, with_(version=3, updated=date(2026, 5, 1)), [("version", "v1", "v3 (2026-05-01)")]),
    (OLD, with_(version=3, updated=None), [("version", "v1", "v3")]),
    (
        OLD,
        with_(venue="ICML", venue_year=2024, doi="10.5555/1"),
        [("published", "", "ICML 2024, doi 10.5555/1")],
    ),
    (OLD, with_(venue="ICML 2024", venue_year=2024), [("published", "", "ICML 2024")]),
    (OLD, with_(doi="10.5555/1"), [("published", "", "doi 10.5555/1")]),
    (with_(doi="10.5555/1"), with_(doi="10.5555/2"), [("published", "doi 10.5555/1", "doi 10.5555/2")]),
    (
        OLD,
        with_(is_withdrawn=True, comment="Withdrawn: an error"),
        [("withdrawn", "", "Withdrawn: an error")],
    ),
    (OLD, with_(is_withdrawn=True), [("withdrawn", "", "")]),
    (with_(is_withdrawn=True), OLD, [("no longer withdrawn", "", "v1 (2023-05-23)")]),
    (OLD, with_(title="QLoRA, Revised"), [("title", OLD.title, "QLoRA, Revised")]),
    (OLD, with_(authors=("Tim Dettmers",)), [("authors", "Tim Dettmers, Artidoro Pagnoni", "Tim Dettmers")]),
    (
        OLD,
        with_(authors=("Artidoro Pagnoni", "Tim Dettmers")),
        [("authors", "Tim Dettmers, Artidoro Pagnoni", "Artidoro Pagnoni, Tim Dettmers")],
    ),
    (
        OLD,
        with_(version=2, is_withdrawn=True, title="Gone", updated=None),
        [("version", "v1", "v2"), ("withdrawn", "", ""), ("title", OLD.title, "Gone")],
    ),
]


@pytest.mark.parametrize(("old", "new", "expected"), NEWS)
def test_news(old: Paper, new: Paper, expected: list[tuple[str, str, str]]) -> None:
    assert told(old, new) == expected


NO_NEWS = [
    (OLD, OLD),
    (OLD, with_(abstract="A", comment="8 pages", categories=("cs.LG",), citations=7)),
    (OLD, with_(title="QLORA – efficient finetuning.")),
    (OLD, with_(authors=("T. Dettmers", "Artidoro  Pagnoni"))),
    (with_(version=None), with_(version=7)),
    (with_(title=""), OLD),
    (with_(authors=("Tim Dettmers",), authors_complete=False), OLD),
    (with_(venue="NeurIPS"), with_(venue="NeurIPS", doi="10.5555/1", pages="1--12", venue_year=2023)),
    (with_(venue="NeurIPS"), with_(venue="Advances in Neural Information Processing Systems 36")),
]


@pytest.mark.parametrize(("old", "new"), NO_NEWS)
def test_no_news(old: Paper, new: Paper) -> None:
    assert told(old, new) == []


def test_a_venue_is_news_where_the_one_who_named_it_names_another() -> None:
    crossref = {"venue": Provenance(source="Crossref", retrieved=NOON)}
    old, new = (with_(venue=name, provenance=crossref) for name in ("Nature", "Science"))
    (change,) = changes_between(old, new)
    assert (change.was, change.now, change.source) == ("Nature", "Science", "Crossref")


titles = st.sampled_from(["", "A Title", "a title", "Another"])
records = st.builds(
    Paper,
    key=st.just(QLORA),
    title=titles,
    version=st.sampled_from([None, 1, 2]),
    venue=st.sampled_from([None, "ICML"]),
    doi=st.sampled_from([None, "10.5555/1", "10.5555/2"]),
    is_withdrawn=st.booleans(),
    authors=st.sampled_from([(), ("Ada Example",), ("Bob Sample", "Ada Example")]),
    authors_complete=st.booleans(),
)


@given(records, records)
def test_the_same_is_never_news_and_each_kind_comes_once(old: Paper, new: Paper) -> None:
    assert changes_between(old, old) == ()
    kinds = [change.kind for change in changes_between(old, new)]
    assert len(kinds) == len(set(kinds))


# --- what is kept ------------------------------------------------------------------------------


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path / "library.sqlite") as library:
        yield library


def add(library: Library, *papers: Paper, now: datetime = NOON) -> None:
    library.add(Document(name=f"{papers[0].key}.md", text=papers[0].key), [], papers, now)


def checked(library: Library, key: PaperKey) -> datetime | None:
    stored = library.paper(key)
    assert stored is not None
    return stored.checked


def test_what_is_due_begins_with_what_was_never_asked_then_the_oldest(library: Library) -> None:
    others = [Paper(key=key, title=f"The paper {key}") for key in (ADAM, LSTM)]
    add(library, OLD, *others)
    assert set(library.due(NOON)) == {QLORA, ADAM, LSTM}
    library.refresh([Refreshed(OLD, OLD, LATER), Refreshed(others[0], others[0], NOON)], LATER)
    assert library.due(None) == (LSTM, ADAM, QLORA)
    assert library.due(LATER) == (LSTM, ADAM)
    assert library.due(NOON) == (LSTM,), "what was asked at that very moment is not older"


def test_dropped_papers_are_left_alone(library: Library) -> None:
    add(library, OLD)
    library.drop(QLORA, NOON)
    assert library.due(None) == ()


def test_a_new_record_takes_the_place_of_the_old(library: Library) -> None:
    add(library, OLD)
    new = with_(version=2, is_withdrawn=True, comment="Withdrawn")
    ((version, withdrawn),) = library.refresh([Refreshed(OLD, new, LATER)], LATER)
    assert (version.kind, withdrawn.kind) == ("version", "withdrawn")
    stored = library.paper(QLORA)
    assert stored is not None and stored.paper == new
    assert (stored.added, stored.updated, stored.checked) == (NOON, LATER, LATER)
    ((back,),) = library.refresh([Refreshed(new, with_(version=2), LATER)], LATER)
    assert back.kind == "no longer withdrawn" and not library.records([QLORA])[QLORA].is_withdrawn


def test_asking_without_news_is_noted_and_changes_nothing_else(library: Library) -> None:
    add(library, OLD)
    assert library.refresh([Refreshed(OLD, OLD, LATER)], LATER) == [()]
    stored = library.paper(QLORA)
    assert stored is not None and (stored.updated, stored.checked) == (NOON, LATER)


def test_a_failure_leaves_the_date_and_keeps_what_came(library: Library) -> None:
    add(library, OLD)
    library.refresh([Refreshed(OLD, OLD, NOON)], NOON)
    library.refresh([Refreshed(OLD, with_(version=2), None)], LATER)
    assert checked(library, QLORA) == NOON and library.records([QLORA])[QLORA].version == 2


def test_what_the_reader_set_stays(library: Library) -> None:
    own = with_(title="My title", provenance={"title": Provenance(source="user")})
    add(library, own)
    library.set_read(QLORA, date(2026, 3, 2))
    library.set_tags(QLORA, ["finetuning"])
    library.remember_bib_keys({QLORA: "dettmers2023qlora"})
    library.refresh([Refreshed(own, own.model_copy(update={"version": 2}), LATER)], LATER)
    stored = library.paper(QLORA)
    assert stored is not None and (stored.paper.title, stored.paper.version) == ("My title", 2)
    assert (stored.read_on, stored.tags, stored.bib_key) == (
        date(2026, 3, 2), ("finetuning",), "dettmers2023qlora",
    )  # fmt: skip


def test_what_another_process_wrote_meanwhile_is_not_lost(library: Library) -> None:
    add(library, OLD)
    mine = {"title": Provenance(source="user")}
    with open_library(library.path) as other:
        theirs = with_(title="My title", aliases=("QLoRA",), provenance=mine)
        other.refresh([Refreshed(OLD, theirs, None)], NOON)
    arxiv = {"version": Provenance(source="arXiv", retrieved=LATER)}
    library.refresh([Refreshed(OLD, with_(version=2, provenance=arxiv), LATER)], LATER)
    record = library.records([QLORA])[QLORA]
    assert (record.title, record.aliases, record.version) == ("My title", ("QLoRA",), 2)


def test_two_papers_that_turn_out_to_be_one_become_one(library: Library) -> None:
    published = Paper(key=LSTM, title="An Efficient Way of Finetuning")
    mention = Mention(document="n", kind=MentionKind.ID, surface="doi", start=0, end=3, line=1, key=LSTM)
    add(library, OLD)
    library.add(Document(name="n", text="doi"), [Link(mention=mention, paper=LSTM)], [published], NOON)
    library.set_tags(LSTM, ["memory"])
    new = with_(doi="10.1162/neco.9.8", venue="Neural Computation")
    batch = [Refreshed(OLD, new, LATER), Refreshed(published, published, LATER)]
    first, second = library.refresh(batch, LATER)
    assert [change.kind for change in first] == ["published", "same paper"] and second == ()
    assert first[1].was == LSTM
    (stored,) = library.papers()
    assert (stored.paper.key, stored.tags, stored.other_keys) == (QLORA, ("memory",), (LSTM,))
    assert [place.mention for place in stored.places] == [mention] and stored.checked == LATER


def test_a_batch_is_written_as_a_whole_or_not_at_all(library: Library) -> None:
    add(library, OLD)
    broken = Refreshed(OLD, with_(version=2), datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="time zone"):
        library.refresh([broken], LATER)
    assert library.records([QLORA])[QLORA] == OLD


# --- schema 2 ----------------------------------------------------------------------------------


def test_a_library_of_the_first_schema_is_read_and_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    with closing(connect(path, create=True, migrations=read_migrations()[:1])) as first:
        first.write("INSERT INTO papers VALUES (?, NULL, 'k', ?, ?, ?, '2026-03-02', NULL)",
                    QLORA, f'{{"key":"{QLORA}","title":"QLoRA"}}', NOON.isoformat(), NOON.isoformat())  # fmt: skip
    before = path.read_bytes()
    with open_library(path, create=False) as library:
        (stored,) = library.papers()
        assert (stored.paper.title, stored.checked, stored.read_on) == ("QLoRA", None, date(2026, 3, 2))
    assert path.read_bytes() == before, "reading changes nothing"
    with open_library(path) as library:
        assert library.due(NOON) == (QLORA,) and library.papers() == (stored,)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)


def test_changes_are_json_for_programs() -> None:
    (change,) = changes_between(OLD, with_(version=2))
    assert PaperChange.model_validate_json(change.model_dump_json()) == change
