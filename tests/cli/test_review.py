"""`tracker review`: questions one at a time, answers kept at once and used from then on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import Tracker
from tracker.catalogue.build import build_catalogue

UNSURE = "At the workshop somebody said that Zorb was the best of them, but nobody had numbers for it.\n"
AGAIN = "Last of all there was Zorb, of which we only saw a few samples on the screen.\n"
OTHERS = "And somebody asked about Blip-O too, at the very end of this long afternoon.\n"
IMAGES, VIDEOS = "arXiv:2401.00001", "arXiv:2402.00002"
PAPERS = {"2401.00001": "Drawing Images from Words", "2402.00002": "Making Videos of Pictures"}


@pytest.fixture(scope="session")
def two_of_a_name(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue in which each name denotes either of two papers: nobody can be sure without asking."""
    folder = tmp_path_factory.mktemp("catalogue")
    papers, names = folder / "papers.jsonl", folder / "names.tsv"
    lines = [json.dumps({"id": number, "title": title}) for number, title in PAPERS.items()]
    papers.write_text("\n".join(lines) + "\n", encoding="utf-8")
    rows = [f"{name}\t{number}\t3" for name in ("Zorb", "Blip-O") for number in PAPERS]
    names.write_text("\n".join(rows) + "\n", encoding="utf-8")
    build_catalogue([papers, names], folder / "two.catalogue")
    return folder / "two.catalogue"


@pytest.fixture
def unsure(tracker: Tracker, two_of_a_name: Path) -> Tracker:
    """Two documents that name a system which may be one of two."""
    Path("one.md").write_text(f"# Workshop\n\n{UNSURE}", encoding="utf-8")
    Path("two.md").write_text(f"# Afterwards\n\n{AGAIN}", encoding="utf-8")
    tracker.environment["TRACKER_CATALOGUE"] = str(two_of_a_name)
    return tracker


def questions(tracker: Tracker, *documents: str) -> list[dict[str, Any]]:
    ran = tracker("review", "--json", *documents)
    assert ran.code == 0
    return [json.loads(line) for line in ran.out.splitlines()]


def number_of(tracker: Tracker, paper: str) -> str:
    """The number to type for a paper as the answer to the first question about one.md."""
    options = questions(tracker, "one.md")[0]["options"]
    return str(1 + [option["paper"] for option in options].index(paper))


def paper_of(tracker: Tracker, document: str, surface: str = "Zorb") -> object:
    links = [json.loads(line) for line in tracker("scan", "--json", document).out.splitlines()]
    return next(link["paper"] for link in links if link["surface"] == surface)


# --- the questions --------------------------------------------------------------------------------


def test_nothing_unsure(tracker: Tracker) -> None:
    Path("sure.md").write_text("We use QLoRA (arXiv:2305.14314).\n", encoding="utf-8")
    ran = tracker("review", "sure.md")
    assert (ran.code, ran.out) == (0, "") and "nothing is unsure" in ran.err


def test_a_question_shows_the_sentence_the_mention_and_the_papers(unsure: Tracker) -> None:
    ran = unsure("review", "one.md", stdin=b"q\n")
    assert ran.code == 0 and ran.is_clear
    assert "one.md:3" in ran.out and "somebody said that »Zorb« was the best" in ran.out
    assert "Drawing Images from Words (2024)  arXiv:2401.00001" in ran.out
    assert "alias Zorb (3 sources)" in ran.out
    assert "0 answered, 0 skipped, 1 left" in ran.err


def test_the_questions_for_programs(unsure: Tracker) -> None:
    (question,) = questions(unsure, "one.md")
    assert (question["document"], question["line"], question["surface"]) == ("one.md", 3, "Zorb")
    assert question["context"] == UNSURE.strip()
    options = question["options"]
    assert {option["paper"] for option in options} == {IMAGES, VIDEOS}
    assert all(option["evidence"] and option["title"] for option in options)


def test_a_surface_is_asked_about_once_in_a_document(unsure: Tracker) -> None:
    Path("one.md").write_text(f"{UNSURE}\n{AGAIN}", encoding="utf-8")
    (question,) = questions(unsure, "one.md")
    assert question["mentions"] == 2


# --- the answers ----------------------------------------------------------------------------------


def test_a_number_picks_and_the_answer_counts_in_other_documents_too(unsure: Tracker) -> None:
    assert paper_of(unsure, "two.md") != VIDEOS
    pick = number_of(unsure, VIDEOS)
    ran = unsure("review", "one.md", stdin=f"{pick}\n".encode())
    assert ran.code == 0 and "1 answered, 0 skipped, 0 left" in ran.err
    assert f"kept: {VIDEOS} Making Videos of Pictures" in ran.out
    assert paper_of(unsure, "one.md") == VIDEOS
    assert paper_of(unsure, "two.md") == VIDEOS
    assert VIDEOS in unsure("new", "two.md").out
    assert not questions(unsure, "one.md")


def test_an_answer_settles_the_questions_it_can(unsure: Tracker) -> None:
    """The second document asks about the same name; after the first answer it is sure, or asked with it."""
    pick = number_of(unsure, VIDEOS)
    before = questions(unsure, "one.md", "two.md")
    ran = unsure("review", "one.md", "two.md", stdin=f"{pick}\n".encode())
    assert len(before) == 2 and "1 answered" in ran.err
    left = questions(unsure, "two.md")
    assert all(question["options"][0]["paper"] == VIDEOS for question in left)


def test_none_of_them(unsure: Tracker) -> None:
    ran = unsure("review", "one.md", stdin=b"n\n")
    assert ran.code == 0 and "no paper" in ran.out
    assert paper_of(unsure, "one.md") is None
    assert not questions(unsure, "one.md")


def test_skip_asks_again_the_next_time(unsure: Tracker) -> None:
    assert "0 answered, 1 skipped, 0 left" in unsure("review", "one.md", stdin=b"s\n").err
    assert len(questions(unsure, "one.md")) == 1


@pytest.mark.parametrize(
    ("typed", "paper"),
    [
        ("2304.02643", "arXiv:2304.02643"),
        ("https://arxiv.org/abs/2304.02643v2", "arXiv:2304.02643"),
        ("doi:10.1145/3292500.3330701", "doi:10.1145/3292500.3330701"),
        ("arXiv:2406.01234", "arXiv:2406.01234"),
    ],
)
def test_another_paper_can_be_typed_in(unsure: Tracker, typed: str, paper: str) -> None:
    assert unsure("review", "one.md", stdin=f"{typed}\n".encode()).code == 0
    assert paper_of(unsure, "one.md") == paper


@pytest.mark.parametrize("typed", ["", "0", "99", "what?", "Zorb", "-1", "\x1b[31m", "²", "1 2"])
def test_what_is_no_answer_is_asked_again(unsure: Tracker, typed: str) -> None:
    ran = unsure("review", "one.md", stdin=f"{typed}\nq\n".encode())
    assert ran.code == 0 and ran.is_clear and "\x1b" not in ran.out + ran.err
    assert "none of these" in ran.err and "0 answered, 0 skipped, 1 left" in ran.err


def test_bytes_that_are_no_text_are_no_answer(unsure: Tracker) -> None:
    assert "none of these" in unsure("review", "one.md", stdin=b"\xff\xfe\nq\n").err


def test_the_end_of_input_quits(unsure: Tracker) -> None:
    ran = unsure("review", "one.md", stdin=b"")
    assert ran.code == 0 and "1 left" in ran.err
    assert not Path("library.sqlite").exists(), "nothing was answered"


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_ctrl_c_loses_no_answer(unsure: Tracker) -> None:
    Path("one.md").write_text(f"# Workshop\n\n{UNSURE}\n{OTHERS}", encoding="utf-8")
    assert len(questions(unsure, "one.md")) == 2
    asked = subprocess.Popen(
        [sys.executable, "-m", "tracker", "review", "one.md"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **unsure.environment},
        cwd=unsure.folder,
    )
    assert asked.stdin and asked.stdout
    asked.stdin.write(b"n\n")
    asked.stdin.flush()
    while b"kept:" not in asked.stdout.readline():
        pass
    while b"(1 left)" not in asked.stdout.readline():
        pass
    asked.send_signal(signal.SIGINT)
    _, err = asked.communicate(timeout=60)
    assert asked.returncode == 130 and b"Traceback" not in err
    assert len(questions(unsure, "one.md")) == 1


def test_a_conflict_is_asked_about_and_settled(unsure: Tracker) -> None:
    Path("wrong.md").write_text(
        "# Links\n\n- [Making Videos of Pictures](https://arxiv.org/abs/2401.00001) is quite good.\n"
    )
    (question,) = questions(unsure, "wrong.md")
    assert (question["reason"], question["options"][0]["paper"]) == ("title disagrees", VIDEOS)
    assert all(len(option["evidence"]) == 1 for option in question["options"]), "each paper has its own"
    assert "title beside it" in unsure("scan", "wrong.md").err
    assert unsure("review", "wrong.md", stdin=b"1\n").code == 0
    ran = unsure("scan", "wrong.md")
    assert not ran.err and VIDEOS in ran.out and IMAGES not in ran.out


# --- the library ----------------------------------------------------------------------------------


def test_without_documents_the_library_is_reviewed_and_its_lists_follow(unsure: Tracker) -> None:
    unsure("add", "one.md")
    assert VIDEOS not in unsure("bib").out
    (question,) = questions(unsure)
    assert Path(str(question["document"])).name == "one.md"
    pick = number_of(unsure, VIDEOS)
    ran = unsure("review", stdin=f"{pick}\n".encode())
    assert ran.code == 0 and "one.md:3" in ran.out and str(unsure.folder) not in ran.out
    assert "2402.00002" in unsure("bib").out
    assert "unchanged" in unsure("add", "one.md").err, "the library has what the next scan finds"


def test_a_document_of_the_library_that_is_gone_is_told(unsure: Tracker) -> None:
    unsure("add", "one.md", "two.md")
    Path("two.md").unlink()
    ran = unsure("review", stdin=b"n\n")
    assert ran.code == 0 and "two.md" in ran.err and ran.is_clear


def test_documents_outside_the_library_are_not_put_into_it(unsure: Tracker) -> None:
    unsure("add", "english.md")
    unsure("review", "one.md", stdin=b"1\n")
    assert "one.md" not in unsure("list").out


# --- what cannot be used --------------------------------------------------------------------------


def test_an_empty_library_and_no_documents(tracker: Tracker) -> None:
    ran = tracker("review")
    assert ran.code == 2 and "tracker add" in ran.err and not Path("library.sqlite").exists()


def test_documents_cannot_come_where_the_answers_come_from(tracker: Tracker) -> None:
    ran = tracker("review", "-", stdin=UNSURE.encode())
    assert ran.code == 2 and "standard input" in ran.err


def test_a_missing_document_is_told_and_the_others_are_asked(unsure: Tracker) -> None:
    ran = unsure("review", "missing.md", "one.md", stdin=b"q\n")
    assert ran.code == 2 and "missing.md" in ran.err and "»Zorb«" in ran.out


def test_a_library_that_cannot_be_written(unsure: Tracker) -> None:
    Path("library.sqlite").write_bytes(b"no library" * 1000)
    ran = unsure("review", "one.md", stdin=b"1\n")
    assert ran.code == 2 and "library.sqlite" in ran.err and ran.is_clear
