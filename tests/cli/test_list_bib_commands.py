"""`tracker list`, `bib` and `catalogue`: what goes to standard output, what into files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import PAPERS, Tracker


def test_list_prints_markdown(tracker: Tracker) -> None:
    ran = tracker("list", "english.md")
    assert ran.code == 0 and ran.out.startswith("# ")
    for key in PAPERS:
        assert f"https://arxiv.org/abs/{key.removeprefix('arXiv:')}" in ran.out
    assert "english.md" in ran.out and ran.out.endswith("\n")


def test_list_writes_each_format_into_a_folder(tracker: Tracker) -> None:
    ran = tracker("list", "english.md", "--format", "md,html", "-o", "new/lists")
    assert (ran.code, ran.out) == (0, "")
    markdown = Path("new/lists/reading-list.md").read_text(encoding="utf-8")
    assert markdown == tracker("list", "english.md").out
    assert Path("new/lists/reading-list.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_chinese_document_gives_a_chinese_list(tracker: Tracker) -> None:
    assert "阅读" in tracker("list", "chinese.txt").out


@pytest.mark.parametrize("order", ["reading", "document", "date", "mentions"])
def test_every_order_lists_every_paper(tracker: Tracker, order: str) -> None:
    ran = tracker("list", "english.md", "--order", order)
    assert ran.code == 0 and all(key.removeprefix("arXiv:") in ran.out for key in PAPERS)


def test_templates_and_topics_of_the_user(tracker: Tracker) -> None:
    Path("mine").mkdir()
    Path("mine/list.md.j2").write_text(
        "{% for section in page.sections %}* {{ section.name }}\n{% endfor %}", "utf-8"
    )
    Path("mine.toml").write_text('[[topic]]\nid = "all"\nname_en = "Everything"\nname_zh = "全部"\n', "utf-8")
    ran = tracker("list", "english.md", "--topics", "mine.toml", "--templates", "mine")
    assert (ran.code, ran.out) == (0, "* Everything\n")


def test_bib_prints_an_entry_for_each_paper(tracker: Tracker) -> None:
    ran = tracker("bib", "english.md")
    assert ran.code == 0 and ran.out.count("\n@") + ran.out.startswith("@") == len(PAPERS)
    assert "{dettmers2023qlora," in ran.out and "{QLoRA}: Efficient Finetuning" in ran.out


def test_bib_into_a_file_twice_leaves_the_bytes_as_they_are(tracker: Tracker) -> None:
    mine = b"% my file\r\n@book{knuth, title={The TeXbook}}\r\n"
    Path("refs.bib").write_bytes(mine)
    first = tracker("bib", "english.md", "-o", "refs.bib")
    assert (first.code, first.out) == (0, "") and "refs.bib: 3 added, 0 were there" in first.err
    once = Path("refs.bib").read_bytes()
    assert once.startswith(mine) and b"dettmers2023qlora" in once
    second = tracker("bib", "english.md", "-o", "refs.bib")
    assert "refs.bib: 0 added, 3 were there" in second.err
    assert Path("refs.bib").read_bytes() == once


def test_bib_makes_the_file(tracker: Tracker) -> None:
    tracker("bib", "english.md", "-o", "refs.bib")
    assert Path("refs.bib").read_text(encoding="utf-8") == tracker("bib", "english.md").out


def test_what_cannot_be_completed_offline_is_told(tracker: Tracker) -> None:
    Path("unknown.txt").write_text("see arXiv:2501.99998 and arXiv:2305.14314", encoding="utf-8")
    ran = tracker("bib", "unknown.txt")
    assert ran.code == 0 and "2501.99998" not in ran.out and "2305.14314" in ran.out
    assert "arXiv:2501.99998" in ran.err and "offline" in ran.err and ran.is_clear


def test_catalogue_info_and_find(tracker: Tracker) -> None:
    info = tracker("catalogue", "info")
    facts = dict(line.split(maxsplit=1) for line in info.out.splitlines())
    assert info.code == 0 and int(facts["papers"]) >= 30_000 and "embedded.catalogue" in facts["file"]
    found = tracker("catalogue", "find", "dettmers", "2023", "qlora", "--limit", "1")
    assert found.code == 0 and found.out.splitlines()[0] == (
        "arXiv:2305.14314  QLoRA: Efficient Finetuning of Quantized LLMs  (Dettmers et al., 2023)"
    )
    assert "author Tim Dettmers; year 2023" in found.out.splitlines()[1]
    facts = json.loads(tracker("catalogue", "find", "qlora", "--json", "--limit", "1").out)
    assert facts["key"] == "arXiv:2305.14314" and facts["share"] == 1.0 and facts["why"]
    missing = tracker("catalogue", "find", "zzqb quxzz")
    assert (missing.code, missing.out) == (2, "") and "zzqb quxzz: nothing in the catalogue" in missing.err


def test_a_catalogue_of_ones_own(tracker: Tracker) -> None:
    facts = {"id": "2305.14314", "title": "Zorbing: A Made-up Title for Tests", "authors": ["A. Person"]}
    Path("facts.jsonl").write_text(json.dumps(facts) + "\nnot json\n", encoding="utf-8")
    Path("aliases.tsv").write_text("Zorbing\t2305.14314\t7\n", encoding="utf-8")
    made = tracker("catalogue", "import", "facts.jsonl", "aliases.tsv", "--bare", "-o", "mine.catalogue")
    assert made.code == 0 and "mine.catalogue: 1 papers" in made.err and "facts.jsonl:2" in made.err
    ran = tracker(
        "scan", "--json", "-", "--catalogue", "mine.catalogue", stdin=b"Zorbing: A Made-up Title for Tests"
    )
    assert json.loads(ran.out.splitlines()[0])["paper"] == "arXiv:2305.14314"
