"""The reading lists of the labelled documents: the order one of them states, and a grouping by hand."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from tracker.documents import read_documents
from tracker.identifiers import PaperKey
from tracker.models import Document, Link, Mention, MentionKind, Paper, ReadingList, Role
from tracker.reading import read_topics, reading_lists

SHARED = Path(__file__).parents[3] / "shared"
pytestmark = pytest.mark.skipif(not (SHARED / "gold").is_dir(), reason="the labelled documents are not here")


def labels(name: str) -> list[dict[str, Any]]:
    lines = (SHARED / "gold" / f"seed-{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [label for label in map(json.loads, lines) if label["paper"]]


def document(name: str) -> Document:
    ((one,), problems) = read_documents([SHARED / "seeds" / f"{name}.txt"])
    assert not problems
    return one


def links(name: str, one: Document) -> list[Link]:
    """What perfect linking would find: each labelled mention, with the role that its label implies."""
    starts = [0]
    for line in one.text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found = []
    for label in labels(name):
        role = Role.NAVIGATION if label.get("chrome") else Role.MAIN if label["core"] else Role.PASSING
        kinds = set(MentionKind)
        for place in (label, *label.get("also", ())):
            start = one.text.find(place["surface"], starts[place["line"] - 1])
            mention = Mention(
                document=one.name,
                kind=MentionKind(label["kind"]) if label["kind"] in kinds else MentionKind.NAME,
                surface=place["surface"],
                start=start,
                end=start + len(place["surface"]),
                line=place["line"],
            )
            found.append(Link(mention=mention, paper=label["paper"], confidence=0.99, role=role))
    return found


def lists_of(name: str) -> tuple[ReadingList, ...]:
    one = document(name)
    papers = {key: Paper(key=key, title=x["title"]) for x in labels(name) if (key := PaperKey(x["paper"]))}
    return reading_lists([one], links(name, one), papers, topics=read_topics())


def test_the_order_that_document_003_states_is_kept() -> None:
    stated = json.loads((SHARED / "gold" / "order-003.json").read_text(encoding="utf-8"))
    also_right = {stated["rank10_alt"]: stated["order"][9]["paper"]}
    expected = [row["paper"] for row in stated["order"]]
    entries = [entry for one in lists_of("003") for entry in one.entries]
    by_rank = sorted(entries, key=lambda entry: entry.rank)
    keys = [also_right.get(entry.paper.key, entry.paper.key) for entry in by_rank]
    assert [key for key in dict.fromkeys(keys) if key in expected] == expected
    for nested in stated["nested_orders"]:
        listed = [key for key in keys if key in nested["order"]]
        assert listed == [key for key in nested["order"] if key in listed]
    reasons = {entry.paper.key: entry.reason for entry in entries}
    assert reasons[PaperKey(expected[2])].endswith("003.txt 给出的顺序中排第 3。")


def test_within_each_topic_the_stated_order_is_kept() -> None:
    stated = json.loads((SHARED / "gold" / "order-003.json").read_text(encoding="utf-8"))
    rank = {row["paper"]: row["rank"] for row in stated["order"]}
    for one in lists_of("003"):
        ranks = [rank[entry.paper.key] for entry in one.entries if entry.paper.key in rank]
        assert ranks == sorted(ranks)


def test_the_grouping_agrees_with_one_by_hand() -> None:
    """Of each two papers: in the same list or not. Floors: what was reached, less one paper of leeway."""
    counts = {(same, together): 0 for same in (True, False) for together in (True, False)}
    for name, groups in json.loads((SHARED / "gold" / "topics.json").read_text(encoding="utf-8")).items():
        group_by_paper = {paper: group for group, papers in groups.items() for paper in papers}
        topic_by_paper = {
            entry.paper.key: one.topic.id
            for one in lists_of(name)
            for entry in (*one.entries, *one.also_mentioned)
        }
        listed = [paper for paper in group_by_paper if paper in topic_by_paper]
        for one, other in combinations(listed, 2):
            same = group_by_paper[one] == group_by_paper[other]
            counts[same, topic_by_paper[PaperKey(one)] == topic_by_paper[PaperKey(other)]] += 1
    agreement = (counts[True, True] + counts[False, False]) / sum(counts.values())
    precision = counts[True, True] / (counts[True, True] + counts[False, True])
    recall = counts[True, True] / (counts[True, True] + counts[True, False])
    assert agreement >= 0.94, counts
    assert precision >= 0.74, counts
    assert recall >= 0.74, counts
