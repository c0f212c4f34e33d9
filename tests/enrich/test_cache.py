"""The answers on disk: facts come back with their date, failures do not; no state of the file stops a run."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from tracker.enrich.base import Absent, Answer, Failed, Found, Record
from tracker.enrich.cache import FILE_NAME, AnswerCache, Kept
from tracker.identifiers import PaperKey

A, B, C = PaperKey("arXiv:2301.00001"), PaperKey("arXiv:2301.00002"), PaperKey("arXiv:2301.00003")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FOUND = Found(Record(key=A, title="Ünïcode 标题", authors=("A",), published=NOW.date()))
ANSWERS: dict[PaperKey, Answer] = {A: FOUND, B: Absent(), C: Failed("HTTP 503", retryable=True)}


def test_facts_are_kept_with_their_date_and_failures_are_not(tmp_path: Path) -> None:
    with AnswerCache(tmp_path / "new" / "folder") as cache:
        cache.put("here", ANSWERS, NOW)
    with AnswerCache(tmp_path / "new" / "folder") as cache:
        assert cache.get("here", [A, B, C]) == {A: Kept(FOUND, NOW), B: Kept(Absent(), NOW)}
        assert cache.get("elsewhere", [A, B, C]) == {}
        assert cache.get("here", []) == {}


def test_a_found_paper_is_not_forgotten(tmp_path: Path) -> None:
    with AnswerCache(tmp_path) as cache:
        cache.put("here", {A: FOUND, B: Absent()}, NOW)
        later = NOW + timedelta(days=9)
        cache.put("here", {A: Absent(), B: Absent()}, later)
        assert cache.get("here", [A, B]) == {A: Kept(FOUND, NOW), B: Kept(Absent(), later)}


def test_dates_of_other_zones_are_the_same_moment(tmp_path: Path) -> None:
    with AnswerCache(tmp_path) as cache:
        cache.put("here", {B: Absent()}, NOW.astimezone(timezone(timedelta(hours=8))))
        assert cache.get("here", [B])[B].retrieved == NOW


def test_many_keys(tmp_path: Path) -> None:
    keys = [PaperKey(f"arXiv:2301.{n:05}") for n in range(1, 2001)]
    with AnswerCache(tmp_path) as cache:
        cache.put("here", dict.fromkeys(keys, Absent()), NOW)
        assert cache.get("here", keys).keys() == set(keys)


@pytest.mark.parametrize(
    "content", [b"", b"not a database at all" * 99, b"SQLite format 3\x00" + b"\xff" * 5000]
)
def test_a_damaged_file_is_set_aside(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    with AnswerCache(tmp_path) as cache:
        cache.put("here", ANSWERS, NOW)
    with AnswerCache(tmp_path) as cache:
        assert cache.get("here", [A]) == {A: Kept(FOUND, NOW)}
    assert not content or (tmp_path / FILE_NAME).with_suffix(".damaged").read_bytes() == content


def test_damage_found_while_reading_costs_only_the_answers(tmp_path: Path) -> None:
    keys = [PaperKey(f"arXiv:2301.{n:05}") for n in range(1, 2001)]
    with AnswerCache(tmp_path) as cache:
        cache.put("here", dict.fromkeys(keys, Absent()), NOW)
    file = tmp_path / FILE_NAME
    data = file.read_bytes()
    file.write_bytes(data[:4096] + bytes(range(256)) * ((len(data) - 4096) // 256))
    with AnswerCache(tmp_path) as cache:
        cache.get("here", keys)
        cache.put("here", ANSWERS, NOW)
        cache.put("here", ANSWERS, NOW)
        assert cache.get("here", [A]) == {A: Kept(FOUND, NOW)}


def test_a_file_of_another_version_is_set_aside(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE_NAME) as file:
        file.execute("PRAGMA user_version = 99")
    file.close()
    with AnswerCache(tmp_path) as cache:
        cache.put("here", ANSWERS, NOW)
        assert A in cache.get("here", [A])


def test_a_row_that_cannot_be_read_is_not_there(tmp_path: Path) -> None:
    with AnswerCache(tmp_path) as cache:
        cache.put("here", ANSWERS, NOW)
    with sqlite3.connect(tmp_path / FILE_NAME) as file:
        file.execute("UPDATE answer SET record = '{\"key\": 7}' WHERE key = ?", (A,))
        file.execute("UPDATE answer SET retrieved = 'once' WHERE key = ?", (B,))
    file.close()
    with AnswerCache(tmp_path) as cache:
        assert cache.get("here", [A, B]) == {}


def test_a_folder_that_cannot_be_written_keeps_answers_for_the_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with AnswerCache(tmp_path / "file") as cache:
        cache.put("here", ANSWERS, NOW)
        assert A in cache.get("here", [A])
    (tmp_path / FILE_NAME).mkdir()
    with AnswerCache(tmp_path) as cache:
        cache.put("here", ANSWERS, NOW)
        assert A in cache.get("here", [A])


def test_a_file_that_can_only_be_read_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with AnswerCache(tmp_path) as cache:
        cache.put("here", {A: FOUND}, NOW)
    with AnswerCache(tmp_path) as cache:
        cache._file.execute("PRAGMA query_only = ON")  # what SQLite does with a file it may not write
        cache.put("here", {B: Absent()}, NOW)
        assert cache.get("here", [A, B]) == {A: Kept(FOUND, NOW)}


def test_two_runs_may_use_it_at_once(tmp_path: Path) -> None:
    with AnswerCache(tmp_path) as one, AnswerCache(tmp_path) as other:
        one.put("here", {A: FOUND}, NOW)
        other.put("here", {B: Absent()}, NOW)
        assert one.get("here", [A, B]).keys() == other.get("here", [A, B]).keys() == {A, B}
