"""The public functions: what they take, what they give, and that problems do not stop them."""

from __future__ import annotations

from pathlib import Path

import pytest

import tracker
from tracker.errors import CatalogueError, InputError
from tracker.identifiers import PaperKey
from tracker.models import Document, Problem
from tracker.settings import Settings
from tracker.steps import MOST_BIB_BYTES, read_file

TEXT = """# Notes

QLoRA (arXiv:2305.14314v1) quantises what LoRA (arXiv:2106.09685) adapts.
"""
CITED = ["arXiv:2305.14314", "arXiv:2106.09685"]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(library_path=tmp_path / "library", cache_dir=tmp_path / "cache", offline=True)


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "notes.md"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_scan_takes_paths_and_documents_in_their_order(settings: Settings, notes: Path) -> None:
    read = Document(name="talk", text="see arXiv:1706.03762")
    links = tracker.scan(read, notes, str(notes), settings=settings)
    assert [link.mention.document for link in links if link.mention.kind == "id"] == [
        "talk",
        str(notes),
        str(notes),
    ]
    assert [link.paper for link in links if link.mention.kind == "id"] == ["arXiv:1706.03762", *CITED]
    assert all(TEXT[m.start : m.end] == m.surface for m in (one.mention for one in links[1:]))


def test_a_bad_input_is_a_problem_and_the_others_go_on(settings: Settings, notes: Path) -> None:
    problems: list[Problem] = []
    links = tracker.scan("missing.txt", notes, settings=settings, problems=problems)
    assert [problem.subject for problem in problems] == ["missing.txt"]
    assert {link.paper for link in links if link.paper} == set(CITED)


def test_reading_lists_hold_each_paper_once(settings: Settings, notes: Path) -> None:
    for order in ("reading", "document", "date", "mentions"):
        lists = tracker.reading_lists(notes, order=order, settings=settings)
        keys = [entry.paper.key for one in lists for entry in (*one.entries, *one.also_mentioned)]
        assert sorted(keys) == sorted(CITED)


def test_the_language_of_reasons_can_be_chosen(settings: Settings, notes: Path) -> None:
    (entry, *_), *_ = (one.entries for one in tracker.reading_lists(notes, language="zh", settings=settings))
    assert any("\u4e00" <= char <= "\u9fff" for char in entry.reason)


def test_bibtex_is_the_same_on_every_run_and_keeps_given_keys(settings: Settings, notes: Path) -> None:
    text = tracker.bibtex(notes, settings=settings)
    assert text == tracker.bibtex(notes, settings=settings) and "{dettmers2023qlora," in text
    again = tracker.bibtex(notes, settings=settings, taken={PaperKey(CITED[0]): "mine"})
    assert "{mine," in again


def test_new_papers_are_those_that_a_file_lacks(settings: Settings, notes: Path, tmp_path: Path) -> None:
    assert [paper.key for paper in tracker.new_papers(notes, settings=settings)] == CITED
    bib = tmp_path / "refs.bib"
    bib.write_text(tracker.bibtex(notes, settings=settings), encoding="utf-8")
    assert tracker.new_papers(notes, bib=bib, settings=settings) == ()
    with pytest.raises(InputError, match=r"missing\.bib"):
        tracker.new_papers(notes, bib="missing.bib", settings=settings)


def test_without_documents_the_library_is_meant(settings: Settings) -> None:
    with pytest.raises(InputError, match="tracker add"):
        tracker.reading_lists(settings=settings)
    with pytest.raises(InputError, match="tracker add"):
        tracker.bibtex(settings=settings)
    assert tracker.scan(settings=settings) == []


def test_a_missing_catalogue_is_told(settings: Settings, notes: Path, tmp_path: Path) -> None:
    elsewhere = settings.model_copy(update={"catalogue_path": tmp_path / "none"})
    with pytest.raises(CatalogueError, match="none"):
        tracker.scan(notes, settings=elsewhere)


def test_the_public_names() -> None:
    for name in tracker.__all__:
        assert getattr(tracker, name) is not None and name in dir(tracker)
    with pytest.raises(AttributeError, match="no_such_name"):
        tracker.no_such_name  # noqa: B018


def test_a_device_is_no_bibliography_to_read(tmp_path: Path) -> None:
    endless = tmp_path / "endless.bib"
    endless.symlink_to("/dev/zero")
    assert read_file(endless) == b""


def test_a_bibliography_beyond_the_limit_is_refused_unread(tmp_path: Path) -> None:
    large = tmp_path / "large.bib"
    with large.open("wb") as file:
        file.truncate(MOST_BIB_BYTES + 1)
    with pytest.raises(InputError, match=r"large\.bib: is larger than 200 MB"):
        read_file(large)
