"""What the library remembers for linking: never made by reading it, not told back to its teacher."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tracker.catalogue import Catalogue
from tracker.identifiers import PaperKey
from tracker.library import open_library
from tracker.memory import Memory, TaughtName, content_of, mentions_of, read_memory
from tracker.models import Document, Paper
from tracker.settings import Settings

NEW = PaperKey("arXiv:2406.01234")
QLORA = PaperKey("arXiv:2305.14314")
WHEN = datetime(2026, 1, 2, tzinfo=UTC)
TEACHER = Document(name="a.md", text="We tried ZetaFormer (arXiv:2406.01234).", sha256="a" * 64)
READER = Document(name="b.md", text="Then ZetaFormer was slow.", sha256="b" * 64)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(library_path=tmp_path / "library.sqlite", cache_dir=tmp_path / "cache", offline=True)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.open()


def test_without_a_library_there_is_nothing_and_none_is_made(
    settings: Settings, catalogue: Catalogue
) -> None:
    memory, problems = read_memory(settings, catalogue)
    assert not problems
    remembered = memory.for_document(READER)
    assert not (remembered.answers or remembered.aliases or remembered.papers)
    assert not settings.library_path.exists()


def test_a_library_that_cannot_be_read_is_one_problem(settings: Settings, catalogue: Catalogue) -> None:
    settings.library_path.write_bytes(b"no library" * 1000)
    memory, (problem,) = read_memory(settings, catalogue)
    assert problem.stage == "library" and str(settings.library_path) in problem.message
    assert not memory.for_document(READER).answers


def test_answers_names_and_records_come_from_the_library(settings: Settings, catalogue: Catalogue) -> None:
    record = Paper(key=NEW, title="A Slow Transformer")
    known = Paper(key=QLORA, title="QLoRA")
    with open_library(settings.library_path) as library:
        library.add(TEACHER, [], [record, known], WHEN, aliases=[("ZetaFormer", NEW), ("KLoRA", QLORA)])
        library.remember_answer("SAM", "about SAM", NEW, WHEN)
    both = READER.model_copy(update={"text": "ZetaFormer is slower than KLoRA."})
    remembered = read_memory(settings, catalogue)[0].for_document(both)
    assert [answer.surface for answer in remembered.answers] == ["SAM"]
    assert [(one.alias, one.paper, one.documents) for one in remembered.aliases] == [
        ("KLoRA", QLORA, 1),
        ("ZetaFormer", NEW, 1),
    ]
    assert remembered.papers == {NEW: record}, "only what the catalogue lacks"


def test_a_document_does_not_get_back_what_it_alone_taught() -> None:
    memory = Memory(names=[TaughtName("ZetaFormer", NEW, TEACHER.sha256)])
    assert not memory.for_document(TEACHER).aliases
    assert [one.documents for one in memory.for_document(READER).aliases] == [1]


def test_a_document_gets_only_the_names_that_stand_in_it() -> None:
    names = [TaughtName("ZetaFormer", NEW, "c" * 64), TaughtName("EtaFormer", NEW, "c" * 64)]
    assert [one.alias for one in Memory(names=names).for_document(READER).aliases] == ["ZetaFormer"]


def test_what_two_documents_teach_each_gets_from_the_other() -> None:
    names = [TaughtName("ZetaFormer", NEW, one) for one in (TEACHER.sha256, READER.sha256, "c" * 64)]
    assert [one.documents for one in Memory(names=names).for_document(TEACHER).aliases] == [2]


def test_documents_that_are_being_added_teach_at_once(catalogue: Catalogue) -> None:
    memory = Memory()
    taught = memory.learn([TEACHER, READER], catalogue)
    assert taught == [TaughtName("ZetaFormer", NEW, TEACHER.sha256)]
    remembered = memory.for_document(READER)
    (mention,) = mentions_of(READER, remembered, catalogue)
    assert mention.surface == "ZetaFormer" and mention.key is None
    assert memory.learn([TEACHER], catalogue) == taught
    assert memory.for_document(READER) == remembered, "the same again changes nothing"


def test_a_document_without_a_hash_is_known_by_its_text() -> None:
    one, other = (Document(name=name, text="the same") for name in ("a", "b"))
    assert content_of(one) == content_of(other) != content_of(TEACHER) == TEACHER.sha256
