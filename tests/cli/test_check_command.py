"""`tracker check`: what it prints, writes and returns."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import Tracker

RIGHT = (
    b"@article{right, title={Qlora: Efficient finetuning of quantized llms},\r\n"
    b" author={Dettmers, Tim and Pagnoni, Artidoro and others},"
    b" journal={arXiv preprint arXiv:2305.14314}, year={2023}}\r\n"
)
WRONG = (
    b"% keep this \xe9\r\n"
    b"@misc{wrong, title = {QLoRA: Efficient Finetuning of Quantized LLMs}, eprint={2305.14314},\r\n"
    b'  author = "Tim Dettmers and Artidoro Pagnoni and Ari Holtzman and Luke Zettlemoyer",   year = 2019 }\r\n'
)
UNKNOWN = b"@misc{unknown, title={On the Drift of Unseen Dunes and Zorbing}, author={Nora Oak}, year=2020}\n"


def test_a_file_that_is_all_right(tracker: Tracker) -> None:
    Path("refs.bib").write_bytes(RIGHT)
    ran = tracker("check", "refs.bib")
    assert (ran.code, ran.out) == (0, "") and "refs.bib: 1 entries: 1 ok" in ran.err


def test_what_differs_is_told_with_place_and_reason(tracker: Tracker) -> None:
    Path("refs.bib").write_bytes(RIGHT + WRONG + UNKNOWN)
    ran = tracker("check", "refs.bib")
    assert ran.code == 1 and ran.is_clear
    assert "refs.bib:4: wrong: differs\n" in ran.out and "year" in ran.out and "2023" in ran.out
    assert ": unknown: not found\n    looked in: catalogue\n" in ran.out and "right" not in ran.out
    assert "1 ok, 1 differs, 1 not found" in ran.err and "may well exist" in ran.err


def test_json_has_a_line_for_each_entry_of_all_files(tracker: Tracker) -> None:
    Path("one.bib").write_bytes(RIGHT)
    ran = tracker("check", "one.bib", "-", "--json", stdin=WRONG)
    verdicts = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.code == 1
    assert [(one["file"], one["entry"], one["kind"]) for one in verdicts] == [
        ("one.bib", "right", "ok"),
        ("-", "wrong", "differs"),
    ]
    (year,) = verdicts[1]["differences"]
    assert (year["field"], year["given"], year["expected"], year["source"]) == (
        "year", "2019", "2023", "arXiv:2305.14314",
    )  # fmt: skip


def test_fix_into_a_copy(tracker: Tracker) -> None:
    mine = RIGHT + WRONG + UNKNOWN
    Path("refs.bib").write_bytes(mine)
    ran = tracker("check", "refs.bib", "--fix", "-o", "fixed.bib")
    assert ran.code == 1  # one is still not found
    assert Path("refs.bib").read_bytes() == mine
    assert Path("fixed.bib").read_bytes() == mine.replace(b"2019", b"2023")
    assert "fixed.bib:4: wrong: corrected year" in ran.err


def test_fix_in_place_leaves_nothing_to_look_at(tracker: Tracker) -> None:
    Path("refs.bib").write_bytes(WRONG)
    assert tracker("check", "refs.bib", "--fix").code == 0
    assert Path("refs.bib").read_bytes() == WRONG.replace(b"2019", b"2023")
    again = tracker("check", "refs.bib", "--fix")
    assert again.code == 0 and "0 corrections" in again.err


def test_inputs_that_cannot_be_used_are_told_and_the_others_checked(tracker: Tracker) -> None:
    Path("refs.bib").write_bytes(RIGHT)
    Path("bad.bib").write_bytes(b"\0\1\2")
    ran = tracker("check", "missing.bib", "bad.bib", "refs.bib")
    assert ran.code == 2 and "missing.bib: " in ran.err and "bad.bib: " in ran.err and "1 ok" in ran.err


def test_an_entry_that_cannot_be_read_is_something_to_look_at(tracker: Tracker) -> None:
    Path("refs.bib").write_bytes(RIGHT + b"@misc{broken, title = {x\n")
    ran = tracker("check", "refs.bib")
    assert ran.code == 1 and "cannot be read" in ran.err


@pytest.mark.parametrize(
    "arguments",
    [("refs.bib", "-o", "x.bib"), ("refs.bib", "refs.bib", "--fix", "-o", "x.bib"), ("-", "--fix")],
)
def test_wrong_usage(tracker: Tracker, arguments: tuple[str, ...]) -> None:
    Path("refs.bib").write_bytes(WRONG)
    ran = tracker("check", *arguments, stdin=b"")
    assert ran.code == 2 and ran.out == "" and Path("refs.bib").read_bytes() == WRONG


def test_an_empty_file(tracker: Tracker) -> None:
    ran = tracker("check", "-", stdin=b"")
    assert (ran.code, ran.out) == (0, "") and "0 entries" in ran.err
