"""`tracker cache`: what is kept, what a service has answered, away with it; whatever is wrong with the file."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.running import Tracker
from tracker.enrich import kept
from tracker.enrich.base import Absent, Answer, Found, Matches, Record
from tracker.enrich.cache import AnswerCache
from tracker.identifiers import Doi, PaperKey
from tracker.settings import Settings

QLORA, ADAM, NONE = (PaperKey(f"arXiv:{one}") for one in ("2305.14314", "1412.6980", "2305.00001"))
ARXIV, CROSSREF = "https://export.arxiv.org/api/query", "https://api.crossref.org/works/title"
ELSEWHERE = "https://me:hidden-word@mirror.example/api?apikey=hidden-key"
NOW = datetime.now(UTC)
RECORD = Record(key=QLORA, title="QLoRA \x1b[31m", authors=("Tim Dettmers", "Ari Holtzman"), version=2)
PUBLISHED = Record(key=PaperKey("doi:10.5555/1"), title="QLoRA", venue="NeurIPS", doi=Doi("10.5555/1"))


@pytest.fixture
def folder(tracker: Tracker) -> Path:
    return Path(tracker.environment["TRACKER_CACHE"])


@pytest.fixture
def filled(tracker: Tracker, folder: Path) -> Tracker:
    """The command line with answers of three services, some of them old."""
    answers: list[tuple[str, dict[PaperKey, Answer], int]] = [
        (ARXIV, {QLORA: Found(RECORD), NONE: Absent()}, 0),
        (ARXIV, {ADAM: Found(RECORD.model_copy(update={"key": ADAM}))}, 40),
        (CROSSREF, {QLORA: Matches((PUBLISHED,)), ADAM: Matches(())}, 10),
        (ELSEWHERE, {QLORA: Found(RECORD)}, 0),
    ]
    with AnswerCache(folder) as cache:
        for address, some, days in answers:
            cache.put(address, some, NOW - timedelta(days=days))
    return tracker


def count(folder: Path) -> int:
    return sum(one.answers for one in kept.sums(folder))


# --- info --------------------------------------------------------------------------------------


def test_info_tells_how_much_of_which_service_is_kept(filled: Tracker, folder: Path) -> None:
    ran = filled("cache", "info")
    assert (ran.code, ran.err) == (0, "")
    assert str(folder / "answers.sqlite") in ran.out and "answers  6; asked for again after 7 days" in ran.out
    rows = {line.split()[0]: line.split() for line in ran.out.splitlines()[4:]}
    old, new = f"{NOW - timedelta(days=40):%Y-%m-%d}", f"{NOW:%Y-%m-%d}"
    assert rows["arXiv"] == ["arXiv", ARXIV, "2", "0", "1", old, new]
    assert rows["Crossref"][2:5] == ["0", "2", "0"]
    assert rows["(another)"][1] == "https://mirror.example/api"


def test_info_for_programs(filled: Tracker, folder: Path) -> None:
    facts = json.loads(filled("cache", "info", "--json").out)
    assert (facts["answers"], facts["bytes"]) == (6, (folder / "answers.sqlite").stat().st_size)
    assert [(one["service"], one["answers"]) for one in facts["services"]] == [
        ("Crossref", 2), ("arXiv", 3), ("", 1),
    ]  # fmt: skip


@pytest.mark.parametrize("arguments", ["info", "info --json", "show 2305.14314", "show 2305.14314 --json"])
def test_no_key_is_ever_printed(filled: Tracker, arguments: str) -> None:
    ran = filled("cache", *arguments.split(), TRACKER_OPENALEX_KEY="hidden-openalex")
    assert ran.code == 0 and "mirror.example" in ran.out and "hidden" not in ran.out + ran.err


def test_info_tells_how_often_services_were_asked_today(filled: Tracker, folder: Path) -> None:
    now = datetime.now(UTC)  # not NOW: the tests may have begun before midnight
    today, before = f"{now:%Y-%m-%d}", f"{now - timedelta(days=1):%Y-%m-%d}"
    notes = {
        "crossref.org": f"1.0 {today} 7",
        "dblp.org": f"1.0 {before} 9",
        "arxiv.org": "1.0",
        "x.org": "\xff",
    }
    for site, note in notes.items():
        (folder / f"pace-{site}.lock").write_text(f"{note}\n", "latin-1")
    (folder / "pace-y.org.lock").mkdir()
    assert "today    questions to crossref.org 7" in filled("cache", "info").out.splitlines()
    assert json.loads(filled("cache", "info", "--json").out)["asked_today"] == {"crossref.org": 7}


@given(st.text("aZ09-._~%!$&'()*+,;=:", max_size=12), st.text("aZ09-._~%:[]", max_size=30))
def test_what_may_be_secret_is_in_no_address_that_is_shown(secret: str, host: str) -> None:
    shown = kept.shown_address(f"https://me:hidden{secret}@{host}?key=hidden{secret}&filter=doi")
    assert "hidden" not in shown


def test_where_nothing_is_kept_nothing_is_made(tracker: Tracker, folder: Path) -> None:
    ran = tracker("cache", "info")
    assert ran.code == 0 and "none are kept" in ran.out and not folder.exists()
    assert json.loads(tracker("cache", "info", "--json").out)["answers"] == 0
    assert tracker("cache", "clear").err == "0 kept answers taken away\n" and not folder.exists()
    assert tracker("cache", "show", "2305.14314").code == 2
    assert not folder.exists()


# --- show --------------------------------------------------------------------------------------


def test_show_tells_what_each_service_has_answered(filled: Tracker) -> None:
    ran = filled("cache", "show", "QLoRA")
    assert (ran.code, ran.err) == (0, "") and "\x1b" not in ran.out
    lines = ran.out.splitlines()
    assert f"arXiv:2305.14314  arXiv, {NOW:%Y-%m-%d %H:%M} UTC" in lines
    assert any(line.endswith("UTC: 1 found by title") and "Crossref" in line for line in lines)
    assert "  authors       Tim Dettmers, Ari Holtzman" in lines and "  venue         NeurIPS" in lines


def test_show_tells_what_a_service_does_not_have(filled: Tracker) -> None:
    assert filled("cache", "show", "2305.00001").out.rstrip().endswith("UTC: has no such paper")
    ran = filled("cache", "show", "1412.6980")
    assert "0 found by title" in ran.out


def test_show_for_programs(filled: Tracker) -> None:
    answers = [json.loads(line) for line in filled("cache", "show", "2305.14314", "--json").out.splitlines()]
    assert [(one["service"], one["answer"], len(one["records"])) for one in answers] == [
        ("Crossref", "search", 1), ("arXiv", "found", 1), ("", "found", 1),
    ]  # fmt: skip
    assert answers[1]["records"][0]["version"] == 2


def test_a_paper_about_which_nothing_is_kept(filled: Tracker) -> None:
    ran = filled("cache", "show", "1706.03762")
    assert (ran.code, ran.out) == (2, "") and "1706.03762: no answer of a service about it is kept" in ran.err


# --- clear -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "left"),
    [
        ("", 0), ("--service arXiv", 3), ("--service CROSS-REF", 4), ("--service mirror.example", 5),
        ("--older-than 30", 5), ("--older-than 5", 3), ("--service arxiv --older-than 30", 5), ("--older-than 0", 0),
    ],
)  # fmt: skip
def test_clear(filled: Tracker, folder: Path, arguments: str, left: int) -> None:
    ran = filled("cache", "clear", *arguments.split())
    gone = 6 - left
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == f"{gone} kept answer{'s' if gone != 1 else ''} taken away\n" and count(folder) == left


def test_clear_makes_the_file_small(filled: Tracker, folder: Path) -> None:
    with AnswerCache(folder) as cache:
        many = {PaperKey(f"arXiv:2001.{n:05}"): Found(RECORD) for n in range(1, 2001)}
        cache.put(ARXIV, many, NOW)
    before = (folder / "answers.sqlite").stat().st_size
    filled("cache", "clear", "--service", "arxiv")
    assert (folder / "answers.sqlite").stat().st_size < before / 10


def test_the_pace_stays_known(filled: Tracker, folder: Path) -> None:
    (folder / "pace-crossref.org.lock").write_text("1.0 2026-11-22 7\n")
    filled("cache", "clear")
    assert (folder / "pace-crossref.org.lock").read_text() == "1.0 2026-11-22 7\n"


@pytest.mark.parametrize("name", ["nobody", "", "-"])
def test_a_service_of_which_nothing_is_kept(filled: Tracker, folder: Path, name: str) -> None:
    ran = filled("cache", "clear", "--service", name)
    assert ran.code == 2 and "there are: Crossref, arXiv, https://mirror.example/api" in ran.err
    assert count(folder) == 6 and ran.is_clear


# --- files that cannot be used -----------------------------------------------------------------


def commands() -> list[list[str]]:
    return [["info"], ["show", "2305.14314"], ["clear", "--service", "arxiv"], ["clear", "--older-than", "5"]]


@pytest.mark.parametrize("content", [b"not a database at all" * 99, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_damaged_file_is_told_and_cleared_as_a_whole(
    tracker: Tracker, folder: Path, content: bytes
) -> None:
    folder.mkdir()
    file = folder / "answers.sqlite"
    file.write_bytes(content)
    for command in commands():
        ran = tracker("cache", *command)
        assert ran.code == 2 and "answers.sqlite is damaged" in ran.err and ran.is_clear
        assert file.read_bytes() == content, "looking changes nothing"
    assert tracker("cache", "clear").code == 0 and not file.exists()


def test_a_file_that_was_set_aside_goes_too(filled: Tracker, folder: Path) -> None:
    (folder / "answers.damaged").write_bytes(b"old")
    assert filled("cache", "clear").code == 0 and not (folder / "answers.damaged").exists()


def test_rows_that_cannot_be_read_are_passed_over(filled: Tracker, folder: Path) -> None:
    with closing(sqlite3.connect(folder / "answers.sqlite")) as file, file:
        file.execute("UPDATE answer SET record = '{\"key\": 7}' WHERE service = ?", (ARXIV,))
        file.execute("UPDATE answer SET retrieved = 'once' WHERE service = ?", (ELSEWHERE,))
    assert filled("cache", "info").code == 0
    ran = filled("cache", "show", "2305.14314")
    assert ran.code == 0 and "Crossref" in ran.out and "arXiv, " not in ran.out


def test_a_file_of_another_version_is_told(tracker: Tracker, folder: Path) -> None:
    folder.mkdir()
    with closing(sqlite3.connect(folder / "answers.sqlite")) as file:
        file.execute("PRAGMA user_version = 99")
    for command in commands():
        ran = tracker("cache", *command)
        assert ran.code == 2 and "another version of Tracker" in ran.err and ran.is_clear
    assert tracker("cache", "clear").code == 0 and not (folder / "answers.sqlite").exists()


def test_an_empty_file_holds_nothing(tracker: Tracker, folder: Path) -> None:
    folder.mkdir()
    (folder / "answers.sqlite").touch()
    assert "none are kept" in tracker("cache", "info").out
    assert tracker("cache", "clear").code == 0


def test_a_folder_in_the_place_of_the_file(tracker: Tracker, folder: Path) -> None:
    (folder / "answers.sqlite").mkdir(parents=True)
    for command in [*commands(), ["clear"]]:
        ran = tracker("cache", *command)
        assert ran.code == 2 and "answers.sqlite" in ran.err and ran.is_clear, command


def test_a_file_in_the_place_of_the_folder(tracker: Tracker, folder: Path) -> None:
    folder.write_text("in the way")
    for command in [*commands(), ["clear"]]:
        ran = tracker("cache", *command)
        assert ran.is_clear and ran.code in (0, 2), command


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_read_only_file_is_read_and_not_cleared(filled: Tracker, folder: Path) -> None:
    (folder / "answers.sqlite").chmod(0o444)
    folder.chmod(0o555)
    try:
        assert filled("cache", "info").code == 0
        ran = filled("cache", "clear")
        assert ran.code == 2 and "cannot be cleared" in ran.err and ran.is_clear
    finally:
        folder.chmod(0o755)


def test_a_file_that_another_program_writes_is_one_line(
    filled: Tracker, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = sqlite3.connect
    monkeypatch.setattr(
        sqlite3, "connect", lambda *args, **options: connect(*args, **{**options, "timeout": 0})
    )
    with closing(connect(folder / "answers.sqlite")) as other:
        other.execute("BEGIN EXCLUSIVE")
        for command in ("info", "clear"):
            ran = filled("cache", command)
            assert ran.code == 2 and "database is locked" in ran.err and ran.is_clear
    assert count(folder) == 6


def test_services_are_named_by_where_the_settings_say_they_are() -> None:
    settings = Settings(library_path=Path("l"), cache_dir=Path("c"), arxiv_url="http://127.0.0.1:80/api")
    assert kept.name_of("http://127.0.0.1:80/api", settings) == "arXiv"
    assert (
        kept.name_of("https://api.semanticscholar.org/graph/v1/paper/batch", settings) == "Semantic Scholar"
    )
    assert kept.name_of("https://api.crossref.org.example/works", settings) == ""
