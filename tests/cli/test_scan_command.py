"""`tracker scan`: the table for people, and the JSON Lines that other programs depend on."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.running import CHINESE, ENGLISH, PAPERS, Tracker

FIELDS: dict[str, type | tuple[type, ...]] = {
    "document": str,
    "kind": str,
    "surface": str,
    "start": int,
    "end": int,
    "line": int,
    "paper": (str, type(None)),
    "title": (str, type(None)),
    "confidence": (int, float),
    "role": str,
    "evidence": list,
    "alternatives": list,
}


def scanned(tracker: Tracker, *documents: str, stdin: bytes | None = None) -> list[dict[str, Any]]:
    ran = tracker("scan", "--json", *documents, stdin=stdin)
    assert (ran.code, ran.err) == (0, "")
    return [json.loads(line) for line in ran.out.splitlines()]


def test_json_lines_hold_the_promised_fields(tracker: Tracker) -> None:
    rows = scanned(tracker, "english.md", "chinese.txt")
    text = {"english.md": ENGLISH, "chinese.txt": CHINESE}
    for row in rows:
        for name, kind in FIELDS.items():
            assert isinstance(row[name], kind), name
        here = text[row["document"]]
        assert here[row["start"] : row["end"]] == row["surface"]
        assert here.count("\n", 0, row["start"]) + 1 == row["line"]
        assert 0 <= row["confidence"] <= 1
        assert row["kind"] in {"id", "title", "name", "author_year", "reference"}
        assert row["role"] in {"main", "passing", "navigation"}
        assert (row["paper"] is None) == (row["title"] is None)
        assert all(isinstance(reason, str) and reason for reason in row["evidence"])
        for other in row["alternatives"]:
            assert other["paper"] and 0 <= other["confidence"] <= 1
    assert any(row["evidence"] for row in rows)


def test_mentions_come_in_document_order(tracker: Tracker) -> None:
    rows = scanned(tracker, "english.md", "chinese.txt")
    places = [(row["document"] != "english.md", row["start"]) for row in rows]
    assert places == sorted(places)
    identified = [row["paper"] for row in rows if row["document"] == "english.md" and row["kind"] == "id"]
    assert identified == PAPERS


def test_a_version_is_a_fact_of_the_mention(tracker: Tracker) -> None:
    rows = scanned(tracker, "english.md")
    assert next(row for row in rows if row["kind"] == "id")["version"] == 2


def test_standard_input_is_a_document(tracker: Tracker) -> None:
    rows = scanned(tracker, "-", stdin=ENGLISH.encode())
    assert {row["document"] for row in rows} == {"-"}
    assert set(PAPERS) <= {row["paper"] for row in rows}


def test_the_same_file_twice_is_read_once(tracker: Tracker) -> None:
    assert scanned(tracker, "english.md", "./english.md") == scanned(tracker, "english.md")


def test_the_table_has_a_line_for_each_paper(tracker: Tracker) -> None:
    ran = tracker("scan", "english.md")
    assert (ran.code, ran.err) == (0, "")
    head, *lines = ran.out.splitlines()
    assert head.split() == ["paper", "year", "title", "times", "first", "sure", "role"]
    assert {line.split()[0] for line in lines[:3]} == set(PAPERS)
    assert any("english.md:3" in line and "QLoRA" in line for line in lines)
    assert all(len(line) <= 120 for line in lines)


def test_no_papers_are_no_fault(tracker: Tracker) -> None:
    ran = tracker("scan", "-", stdin=b"Bread, butter and 12.50 for the tram.\n")
    assert (ran.code, ran.out, ran.err) == (0, "No papers found.\n", "")
    assert tracker("scan", "--json", "-", stdin=b"Bread and butter.\n").out == ""


@pytest.mark.parametrize("least", ["0", "0.5", "0.99"])
def test_the_least_confidence_is_kept(tracker: Tracker, least: str) -> None:
    ran = tracker("scan", "--json", "--min-confidence", least, "english.md")
    rows = [json.loads(line) for line in ran.out.splitlines()]
    assert all(row["confidence"] >= float(least) for row in rows if row["paper"])
    assert set(PAPERS) <= {row["paper"] for row in rows}, "identifiers are sure"


def test_the_same_input_gives_the_same_output(tracker: Tracker) -> None:
    assert tracker("scan", "--json", "english.md") == tracker("scan", "--json", "english.md")
