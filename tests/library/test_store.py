from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker.errors import LibraryError
from tracker.identifiers import PaperKey
from tracker.library import Library, new_papers, open_library
from tracker.models import (
    Alternative,
    Block,
    BlockKind,
    Document,
    DocumentChange,
    Evidence,
    Link,
    Mention,
    MentionKind,
    Paper,
    Provenance,
    Role,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=30)
QLORA = PaperKey("arXiv:2305.14314")
MISTRAL = PaperKey("arXiv:2310.06825")
TITLES = {QLORA: "QLoRA: Efficient Finetuning of Quantized LLMs", MISTRAL: "Mistral 7B"}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path / "library.sqlite") as library:
        yield library


def paper(key: str, **fields: object) -> Paper:
    return Paper.model_validate(
        {"key": key, "title": TITLES.get(PaperKey(key), f"The paper {key}"), **fields}
    )


def document(text: str = "# Notes\nQLoRA\n", name: str = "notes.md", **fields: object) -> Document:
    heading = Block(kind=BlockKind.HEADING, start=0, end=text.find("\n") + 1, level=1)
    return Document.model_validate({"name": name, "text": text, "blocks": (heading,), **fields})


def link(key: str | None, surface: str = "QLoRA", start: int = 8, name: str = "notes.md") -> Link:
    mention = Mention(
        document=name,
        kind=MentionKind.NAME,
        surface=surface,
        start=start,
        end=start + len(surface),
        line=2,
        support="alias",
    )
    return Link(
        mention=mention,
        paper=PaperKey(key) if key else None,
        title=TITLES.get(PaperKey(key)) if key else None,
        confidence=0.9 if key else 0.1,
        role=Role.MAIN,
        salience=0.25,
        reason="alias" if key else "ambiguous",
        evidence=(Evidence(signal="alias", weight=2.5, detail="alias QLoRA (64 sources)"),),
        alternatives=(Alternative(paper=MISTRAL, title="Mistral 7B", confidence=0.01),),
    )


def content(library: Library) -> list[str]:
    """Everything that is in the file."""
    with closing(sqlite3.connect(library.path)) as connection:
        return list(connection.iterdump())


def test_an_empty_library_has_nothing(library: Library) -> None:
    for nothing in (library.papers(), library.documents(), library.links(), library.keys()):
        assert nothing == ()
    assert library.answers() == () and library.aliases() == ()
    assert library.bib_keys() == {}
    assert library.paper(QLORA) is None
    assert library.places(QLORA) == ()
    assert not library.has(QLORA)


def test_what_is_added_comes_back_as_it_was(library: Library) -> None:
    record = paper(
        QLORA,
        authors=["Tim Dettmers", "Łukasz Kaiser"],
        authors_complete=True,
        published=date(2023, 5, 23),
        year=2023,
        venue="NeurIPS",
        aliases=["QLoRA"],
        provenance={"venue": Provenance(source="OpenAlex", retrieved=NOON)},
    )
    links = (link(QLORA), link(None, "Orca", 20), link(QLORA, "用QLoRA微调", 30))
    changes = library.add(document(language="zh", written=date(2024, 1, 2)), links, [record], NOON)
    assert (changes.document, changes.new) == (DocumentChange.NEW, (record,))

    stored = library.paper(QLORA)
    assert stored is not None
    assert stored.paper == record
    assert stored.added == stored.updated == NOON
    assert stored.read_on is None and stored.tags == () and not stored.is_dropped and stored.bib_key is None
    assert stored.places == library.places(QLORA) == (links[0], links[2])
    assert library.links() == links
    assert library.papers() == (stored,)
    (kept,) = library.documents()
    assert (kept.name, kept.title, kept.language) == ("notes.md", "Notes", "zh")
    assert kept.written == date(2024, 1, 2) and kept.added == kept.updated == NOON
    assert len(kept.sha256) == 64


def test_it_is_still_there_when_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "library.sqlite"
    with open_library(path) as library:
        library.add(document(), [link(QLORA)], [paper(QLORA)], NOON)
        before = library.papers(), library.links(), library.documents()
    for create in (True, False):
        with open_library(path, create=create) as library:
            assert (library.papers(), library.links(), library.documents()) == before
    assert [file.name for file in path.parent.iterdir()] == ["library.sqlite"]


def test_the_same_document_again_changes_nothing(library: Library) -> None:
    links = [link(QLORA), link(None, "Orca", 20)]
    library.add(document(), links, [paper(QLORA)], NOON, aliases=[("QLoRA", QLORA)])
    before = content(library)
    changes = library.add(document(), links, [paper(QLORA)], LATER, aliases=[("QLoRA", QLORA)])
    assert (changes.document, changes.unchanged) == (DocumentChange.UNCHANGED, (paper(QLORA),))
    assert changes.new == changes.updated == ()
    assert content(library) == before


def test_other_links_in_the_same_document_take_the_place_of_the_old(library: Library) -> None:
    library.add(document(), [link(None)], [], NOON)
    changes = library.add(document(), [link(QLORA)], [paper(QLORA)], LATER)
    assert changes.document is DocumentChange.UPDATED
    assert library.links() == (link(QLORA),)
    assert (library.documents()[0].added, library.documents()[0].updated) == (NOON, LATER)


def test_changed_content_replaces_the_mentions_and_leaves_the_states(library: Library) -> None:
    library.add(document(), [link(QLORA)], [paper(QLORA)], NOON, aliases=[("Q", QLORA)])
    library.set_read(QLORA, date(2026, 3, 2))
    library.set_tags(QLORA, ["finetuning"])
    library.remember_answer("Emu", "the Emu model", None, NOON)
    library.remember_bib_keys({QLORA: "dettmers2023qlora"})
    changed = document("# Other notes\nMistral\n")
    changes = library.add(changed, [link(MISTRAL, "Mistral")], [paper(MISTRAL)], LATER)

    assert (changes.document, changes.new) == (DocumentChange.UPDATED, (paper(MISTRAL),))
    assert [kept.title for kept in library.documents()] == ["Other notes"]
    assert library.links() == (link(MISTRAL, "Mistral"),)
    assert library.aliases() == ()
    stored = library.paper(QLORA)
    assert stored is not None and stored.places == ()
    assert (stored.read_on, stored.tags, stored.bib_key) == (
        date(2026, 3, 2),
        ("finetuning",),
        "dettmers2023qlora",
    )
    assert len(library.answers()) == 1


def test_the_same_content_under_another_name_is_the_same_document(library: Library) -> None:
    library.add(document(), [link(QLORA)], [paper(QLORA)], NOON)
    changes = library.add(document(name="copy.md"), [link(QLORA, name="copy.md")], [paper(QLORA)], LATER)
    assert (changes.document, changes.unchanged) == (DocumentChange.FURTHER_NAME, (paper(QLORA),))
    (kept,) = library.documents()
    assert (kept.name, kept.further_names, kept.updated) == ("notes.md", ("copy.md",), NOON)
    assert library.links() == (link(QLORA),)
    before = content(library)
    assert library.add(document(name="copy.md"), [link(QLORA)], [paper(QLORA)], LATER).document == "unchanged"
    assert content(library) == before


def test_a_copy_that_changes_parts_from_the_original(library: Library) -> None:
    library.add(document(), [link(QLORA)], [paper(QLORA)], NOON)
    library.add(document(name="copy.md"), [link(QLORA)], [paper(QLORA)], NOON)
    changes = library.add(document("# New\n", "copy.md"), [link(None, name="copy.md")], [], LATER)
    assert changes.document is DocumentChange.NEW
    assert [(kept.name, kept.further_names) for kept in library.documents()] == [
        ("notes.md", ()),
        ("copy.md", ()),
    ]
    assert library.links() == (link(QLORA), link(None, name="copy.md"))


def test_a_file_that_becomes_a_copy_of_another_leaves_nothing_behind(library: Library) -> None:
    library.add(document(), [link(QLORA)], [paper(QLORA)], NOON)
    library.add(document("# B\n", "b.md"), [link(MISTRAL)], [paper(MISTRAL)], NOON)
    changes = library.add(document(name="b.md"), [link(QLORA)], [paper(QLORA)], LATER)
    assert changes.document is DocumentChange.FURTHER_NAME
    assert [(kept.name, kept.further_names) for kept in library.documents()] == [("notes.md", ("b.md",))]
    assert library.places(MISTRAL) == () and library.has(MISTRAL)


def test_what_comes_through_standard_input_replaces_nothing(library: Library) -> None:
    library.add(document("one", "-"), [link(QLORA, name="-")], [paper(QLORA)], NOON)
    library.add(document("two", "-"), [link(MISTRAL, name="-")], [paper(MISTRAL)], NOON)
    assert library.add(document("one", "-"), [link(QLORA)], [paper(QLORA)], LATER).document == "unchanged"
    assert [kept.name for kept in library.documents()] == ["-", "-"]
    library.add(document("one", "one.md"), [link(QLORA)], [paper(QLORA)], LATER)
    assert [kept.name for kept in library.documents()] == ["one.md", "-"]


def test_two_files_of_one_name_in_two_folders_are_two_documents(library: Library) -> None:
    library.add(document("one"), [link(QLORA)], [paper(QLORA)], NOON, location="/a/notes.md")
    library.add(document("two"), [link(MISTRAL)], [paper(MISTRAL)], NOON, location="/b/notes.md")
    assert len(library.documents()) == 2
    library.add(document("new", "../a/notes.md"), [], [], LATER, location="/a/notes.md")
    assert library.links() == (link(MISTRAL),)


def test_a_better_record_is_an_update_and_keeps_the_states(library: Library) -> None:
    library.add(document(), [link(QLORA)], [paper(QLORA)], NOON)
    library.set_read(QLORA, date(2026, 3, 2))
    library.set_tags(QLORA, ["a"])
    better = paper(QLORA, year=2023, doi="10.1/x")
    changes = library.add(document(), [link(QLORA)], [better], LATER)
    assert (changes.document, changes.updated) == (DocumentChange.UNCHANGED, (better,))
    stored = library.paper(QLORA)
    assert stored is not None
    assert (stored.paper, stored.added, stored.updated) == (better, NOON, LATER)
    assert (stored.read_on, stored.tags) == (date(2026, 3, 2), ("a",))


def test_a_paper_that_gets_its_arxiv_key_keeps_everything(library: Library) -> None:
    doi = PaperKey("doi:10.1/x")
    library.add(document(), [link(doi)], [paper(doi, title=TITLES[QLORA])], NOON, aliases=[("Q", doi)])
    library.set_read(doi, date(2026, 3, 2))
    library.set_tags(doi, ["a", "b"])
    library.drop(doi, NOON)
    library.remember_bib_keys({doi: "dettmers2023qlora"})
    library.remember_answer("QLoRA", "context", doi, NOON)

    changes = library.add(document("two", "b.md"), [link(QLORA, name="b.md")], [paper(QLORA)], LATER)
    assert [one.key for one in changes.updated] == [QLORA] and changes.new == ()
    assert library.keys() == (QLORA,)
    stored = library.paper(doi)
    assert stored is not None and stored == library.paper(QLORA)
    assert stored.paper == paper(QLORA, doi="10.1/x")
    assert (stored.other_keys, stored.added, stored.is_dropped) == ((doi,), NOON, True)
    assert (stored.read_on, stored.tags) == (date(2026, 3, 2), ("a", "b"))
    assert stored.bib_key == "dettmers2023qlora"
    assert [place.mention.document for place in stored.places] == ["notes.md", "b.md"]
    assert [answer.paper for answer in library.answers()] == [QLORA]
    assert [alias.paper for alias in library.aliases()] == [QLORA]
    before = content(library)
    library.add(document(), [link(doi)], [paper(doi, title=TITLES[QLORA])], LATER, aliases=[("Q", doi)])
    assert content(library) == before


def test_two_papers_that_turn_out_to_be_one_come_together(library: Library) -> None:
    doi = PaperKey("doi:10.1/x")
    records = [paper(doi, title="As it was published"), paper(QLORA)]
    library.add(
        document(), [link(doi), link(QLORA, start=30)], records, NOON, aliases=[("Q", doi), ("Q", QLORA)]
    )
    library.set_tags(doi, ["a", "b"])
    library.set_tags(QLORA, ["b", "c"])
    library.set_read(doi, date(2026, 3, 2))
    library.remember_bib_keys({doi: "one", QLORA: "two"})
    library.add(document("two", "b.md"), [], [paper(QLORA, doi="10.1/x")], LATER)
    (stored,) = library.papers()
    assert (stored.paper.key, stored.other_keys, stored.tags) == (QLORA, (doi,), ("a", "b", "c"))
    assert (stored.read_on, stored.bib_key) == (date(2026, 3, 2), "two")
    assert len(stored.places) == 2
    library.remember_bib_keys({MISTRAL: "ONE"})
    assert MISTRAL not in library.bib_keys(), "a key that stands in a file of the reader's is not given twice"


def test_what_is_new_to_the_library(library: Library) -> None:
    library.add(document(), [link(QLORA)], [paper(QLORA, doi="10.1/x")], NOON)
    cited = [
        paper(QLORA),
        paper("doi:10.1/x", title="Another title"),
        paper("doi:10.1/y", title="QLORA — efficient finetuning of quantized LLMs"),
        paper(MISTRAL),
    ]
    assert new_papers(cited, library.known(cited)) == (paper(MISTRAL),)
    changes = library.add(document("b", "b.md"), [], cited, NOON)
    assert changes.new == (paper(MISTRAL),)
    assert new_papers(cited, library.known(cited)) == ()


def test_a_dropped_paper_stays_dropped_and_is_not_new(library: Library) -> None:
    library.add(document(), [link(QLORA), link(MISTRAL, "Mistral", 30)], [paper(QLORA), paper(MISTRAL)], NOON)
    library.drop(QLORA, NOON)
    assert [one.paper.key for one in library.papers()] == [MISTRAL]
    assert library.links() == (link(MISTRAL, "Mistral", 30),)
    assert len(library.papers(with_dropped=True)) == len(library.links(with_dropped=True)) == 2

    changes = library.add(document("two", "b.md"), [link(QLORA)], [paper(QLORA, year=2023)], LATER)
    assert [one.key for one in changes.updated] == [QLORA] and changes.new == ()
    assert new_papers([paper(QLORA)], library.known([paper(QLORA)])) == ()
    stored = library.paper(QLORA)
    assert stored is not None and stored.is_dropped

    library.restore(QLORA)
    assert [one.paper.key for one in library.papers()] == [QLORA, MISTRAL]


def test_the_reader_sets_and_clears(library: Library) -> None:
    library.add(document(), [link(QLORA)], [paper(QLORA, doi="10.1/x")], NOON)
    library.set_read(PaperKey("doi:10.1/x"), datetime(2026, 3, 2, 9, 30))
    library.set_tags(QLORA, [" 微调 ", "", "a b", "a b"])
    stored = library.paper(QLORA)
    assert stored is not None and (stored.read_on, stored.tags) == (date(2026, 3, 2), ("a b", "微调"))
    assert stored.updated == NOON
    library.set_read(QLORA, None)
    library.set_tags(QLORA, [])
    stored = library.paper(QLORA)
    assert stored is not None and (stored.read_on, stored.tags) == (None, ())


def test_states_of_a_paper_that_is_not_there(library: Library) -> None:
    changes: list[Callable[[], None]] = [
        lambda: library.set_read(QLORA, None),
        lambda: library.set_tags(QLORA, ["a"]),
        lambda: library.drop(QLORA, NOON),
        lambda: library.restore(QLORA),
    ]
    for change in changes:
        with pytest.raises(LibraryError, match=r"arXiv:2305\.14314 is not in the library .*library\.sqlite"):
            change()


def test_answers_are_remembered_and_can_be_given_anew(library: Library) -> None:
    library.remember_answer("SAM", "SAM segments", QLORA, NOON)
    library.remember_answer("Emu", "看Emu", None, NOON.astimezone(timezone(timedelta(hours=8))))
    library.remember_answer("SAM", "SAM segments", MISTRAL, LATER)
    told = [(one.surface, one.context, one.paper, one.answered) for one in library.answers()]
    assert told == [("Emu", "看Emu", None, NOON), ("SAM", "SAM segments", MISTRAL, LATER)]


def test_a_bib_key_once_given_stays(library: Library) -> None:
    library.remember_bib_keys({QLORA: "dettmers2023qlora"})
    library.remember_bib_keys({QLORA: "other", MISTRAL: "Dettmers2023QLoRA"})
    assert library.bib_keys() == {QLORA: "dettmers2023qlora"}


def test_learned_aliases_are_counted_by_document(library: Library) -> None:
    for name in ("a", "b"):
        library.add(document(name, name), [], [paper(QLORA), paper(MISTRAL)], NOON, aliases=[("Q", QLORA)])
    library.add(document("c", "c"), [], [], NOON, aliases=[("Q", MISTRAL)])
    told = [(one.alias, one.paper, one.documents) for one in library.aliases()]
    assert told == [("Q", QLORA, 2), ("Q", MISTRAL, 1)]


@pytest.mark.parametrize("wrong", ["link", "alias"])
def test_a_link_needs_a_record_and_a_failed_addition_leaves_nothing(library: Library, wrong: str) -> None:
    links = [link(MISTRAL)] if wrong == "link" else []
    aliases = [("M", MISTRAL)] if wrong == "alias" else []
    with pytest.raises(ValueError, match="no record of arXiv:2310"):
        library.add(document(), links, [paper(QLORA)], NOON, aliases=aliases)
    assert library.documents() == () and library.keys() == ()


def test_a_record_may_come_from_the_library(library: Library) -> None:
    library.add(document(), [link(QLORA)], [paper(QLORA)], NOON)
    library.add(document("two", "b.md"), [link(QLORA)], [], NOON)
    assert len(library.places(QLORA)) == 2


def test_a_time_without_zone_is_refused(library: Library) -> None:
    with pytest.raises(ValueError, match="time zone"):
        library.add(document(), [], [], datetime(2026, 1, 1))


def test_text_that_is_no_unicode_is_kept_readable(library: Library) -> None:
    name = b"caf\xe9.txt".decode("utf-8", "surrogateescape")
    odd = paper(QLORA, comment="\udcff")
    for _ in range(2):
        library.add(document("# \ud800\n", name), [link(QLORA, "a\udcffb\0c")], [odd], NOON)
    (kept,) = library.documents()
    assert (kept.name, kept.title) == ("caf\\udce9.txt", "\\ud800")
    assert [place.mention.surface for place in library.places(QLORA)] == ["a\\udcffb\0c"]
    assert library.papers()[0].paper == odd


KEYS = st.sampled_from([QLORA, MISTRAL, "doi:10.1/x", "doi:10.1/y", "acl:X"])
PAPERS = st.builds(
    lambda key, **fields: Paper(key=PaperKey(key), **fields),
    KEYS,
    title=st.sampled_from([TITLES[QLORA], "Mistral 7B"]),
    doi=st.sampled_from([None, "10.1/x", "10.1/y"]),
    year=st.sampled_from([None, 2022, 2023]),
)
ADDITIONS = st.lists(
    st.tuples(st.sampled_from(["a", "b", "-"]), st.sampled_from("xyz"), st.lists(PAPERS, max_size=3)),
    max_size=5,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ADDITIONS)
def test_whatever_is_added(
    tmp_path_factory: pytest.TempPathFactory, additions: list[tuple[str, str, list[Paper]]]
) -> None:
    with open_library(tmp_path_factory.mktemp("law") / "library.sqlite") as library:
        for name, text, papers in additions:
            links = [link(one.key, name=name) for one in papers]
            first = library.add(document(text, name), links, papers, NOON)
            assert new_papers(papers, library.known(papers)) == ()
            assert all(library.has(one.key) for one in papers)
            before = content(library)
            again = library.add(document(text, name), links, papers, LATER)
            assert content(library) == before, "the same again changes nothing"
            told = {one.key for one in (*first.new, *first.updated, *first.unchanged)}
            assert told == {one.key for one in again.unchanged}
        names = [
            name for kept in library.documents() for name in (kept.name, *kept.further_names) if name != "-"
        ]
        assert len(names) == len(set(names)) == len({name for name, _, _ in additions} - {"-"})
        assert sum(len(one.places) for one in library.papers()) == len(library.links())


def test_an_identifier_stays_with_the_record_that_has_it(library: Library) -> None:
    """A third record names the DOI of one paper under the key of another: adding it again changes nothing."""
    first = [paper(MISTRAL, title="Mistral 7B"), paper("acl:X", title=TITLES[QLORA])]
    library.add(document("one", "a"), [link(one.key, name="a") for one in first], first, NOON)
    second = [
        paper(QLORA, title=TITLES[QLORA], doi="10.1/x"),
        paper("doi:10.1/y", title="Mistral 7B", year=2022),
        paper("acl:X", title=TITLES[QLORA], doi="10.1/y"),
    ]
    links = [link(one.key, name="a") for one in second]
    library.add(document("two", "a"), links, second, NOON)
    before = content(library)
    library.add(document("two", "a"), links, second, LATER)
    assert content(library) == before
    assert [one.key for one in library.known(second).find(second[1])] == [MISTRAL]
