"""`tracker scan --explain`, and what a scan tells of conflicts and takes from the library."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import Tracker


def test_the_ledger_of_the_mentions_on_a_line(tracker: Tracker) -> None:
    ran = tracker("scan", "english.md", "--explain", "3")
    assert ran.code == 0 and not ran.err
    assert "english.md:3  name  “QLoRA”" in ran.out and "english.md:3  name  “LoRA”" in ran.out
    assert "linked to arXiv:2305.14314  QLoRA: Efficient Finetuning of Quantized LLMs" in ran.out
    assert "the identifier stands here" in ran.out


def test_columns_are_aligned_and_the_sum_is_told(tracker: Tracker) -> None:
    ran = tracker("scan", "english.md", "--explain", "6:QLoRA")
    lines = ran.out.splitlines()
    head = next(line for line in lines if line.lstrip().startswith("feature"))
    rows = [line for line in lines if line.startswith("   ") and len(line.split("  ")) > 3]
    column = head.index("weight")
    assert all(line[column - 1] == " " for line in rows)
    assert any(line.lstrip().startswith("sum") for line in lines)
    assert lines[-1].startswith("no paper: score 0.000, confidence 0.")
    assert "english.md:6" in ran.out and ran.out.count("english.md:") == 1


def test_the_ledger_for_programs_adds_up(tracker: Tracker) -> None:
    ran = tracker("scan", "english.md", "--explain", "6", "--json")
    (ledger,) = map(json.loads, ran.out.splitlines())
    for one in ledger["weighings"]:
        total = sum(term["value"] * term["weight"] for term in one["terms"])
        assert total == pytest.approx(one["score"])
    assert ledger["link"]["mention"]["surface"] == "QLoRA"


def test_the_threshold_that_was_asked_for_is_in_the_ledger(tracker: Tracker) -> None:
    ran = tracker("scan", "english.md", "--explain", "6", "--min-confidence", "1")
    assert "nothing was linked" in ran.out and "less than the 1.000 that a link needs" in ran.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("english.md", "--explain", "2"),
        ("english.md", "--explain", "3:Nothing"),
        ("english.md", "--explain", "99999"),
        ("english.md", "--explain", "QLoRA"),
        ("english.md", "--explain", "-1"),
        ("english.md", "--explain", "³"),
        ("english.md", "chinese.txt", "--explain", "3"),
        ("missing.md", "--explain", "3"),
    ],
)
def test_what_cannot_be_explained_is_one_line(tracker: Tracker, arguments: tuple[str, ...]) -> None:
    ran = tracker("scan", *arguments)
    assert (ran.code, ran.out) == (2, "") and ran.is_clear and len(ran.err.splitlines()) == 1


def test_a_conflict_is_explained(tracker: Tracker) -> None:
    title = "QLoRA: Efficient Finetuning of Quantized LLMs"
    Path("wrong.md").write_text(f"- [{title}](https://arxiv.org/abs/2304.01373)\n", encoding="utf-8")
    out = tracker("scan", "wrong.md", "--explain", "1").out
    assert "title disagrees" in out and f"another title stands beside it: {title}" in out
    assert "lowered to 0.900, for the identifier beside it is that of another paper: Pythia" in out


# --- conflicts in every command -------------------------------------------------------------------


@pytest.mark.parametrize("command", ["scan", "list", "bib", "new", "add"])
def test_a_conflict_is_told_and_not_silently_taken(tracker: Tracker, command: str) -> None:
    Path("wrong.md").write_text("# Links\n\n- [Segment Anything](https://arxiv.org/abs/2304.01373)\n")
    ran = tracker(command, "wrong.md")
    told = [line for line in ran.err.splitlines() if "wrong.md:3" in line]
    assert ran.code == 0 and len(told) == 1
    assert "arXiv:2304.01373" in told[0] and "Pythia" in told[0] and "Segment Anything" in told[0]
    assert "arXiv:2304.01373" not in ran.out and "eprint = {2304.01373}" not in ran.out
    assert command == "add" or "2304.02643" in ran.out


# --- what the library adds ------------------------------------------------------------------------


def test_names_of_added_documents_are_found_in_others(tracker: Tracker) -> None:
    Path("a.md").write_text("We tried ZetaFormer (arXiv:2406.01234).\n")
    Path("b.md").write_text("Then ZetaFormer was slow.\n")
    assert "No papers found" in tracker("scan", "b.md").out
    tracker("add", "a.md", "b.md")
    link = json.loads(tracker("scan", "--json", "b.md").out)
    assert link["paper"] == "arXiv:2406.01234"
    assert link["evidence"][0] == "name learned from your documents (1 document)"
    again = tracker("add", "a.md", "b.md").err
    assert again.count("unchanged") == 2, "the same documents again change nothing"
    assert "arXiv:2406.01234" in tracker("show", "ZetaFormer").out
    assert "name learned" not in tracker("scan", "--json", "a.md").out


def test_a_scan_makes_no_library_and_does_without_a_broken_one(tracker: Tracker) -> None:
    whole = tracker("scan", "--json", "english.md")
    assert not Path("library.sqlite").exists()
    Path("library.sqlite").write_bytes(b"no library" * 1000)
    ran = tracker("scan", "--json", "english.md")
    assert (ran.code, ran.out) == (0, whole.out) and "library.sqlite" in ran.err


def test_a_library_that_knows_nothing_of_it_changes_nothing(tracker: Tracker) -> None:
    before = tracker("scan", "--json", "english.md").out
    tracker("add", "chinese.txt")
    assert tracker("scan", "--json", "english.md").out == before
