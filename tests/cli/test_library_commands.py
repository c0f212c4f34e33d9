"""`tracker add`, `show`, `new`, and the library as the input of `list` and `bib`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.catalogue.small import facts, write_papers
from tests.cli.running import PAPERS, Tracker


def keys(out: str) -> list[str]:
    return [line.split()[0] for line in out.splitlines()]


def test_add_remembers_and_again_changes_nothing(tracker: Tracker) -> None:
    first = tracker("add", "english.md")
    assert (first.code, first.out) == (0, "")
    assert "english.md: new; papers: 3 new" in first.err
    before = Path("library.sqlite").read_bytes()
    second = tracker("add", "english.md")
    assert "english.md: unchanged; papers: 0 new, 0 updated, 3 known" in second.err
    assert Path("library.sqlite").read_bytes() == before


def test_new_is_what_the_library_lacks(tracker: Tracker) -> None:
    assert keys(tracker("new", "english.md").out) == PAPERS
    assert not Path("library.sqlite").exists(), "asking makes no library"
    tracker("add", "chinese.txt")
    ran = tracker("new", "english.md")
    assert (keys(ran.out), ran.code) == (["arXiv:2106.09685"], 0)


def test_new_as_json(tracker: Tracker) -> None:
    ran = tracker("new", "--json", "english.md")
    rows = [json.loads(line) for line in ran.out.splitlines()]
    assert [row["key"] for row in rows] == PAPERS
    assert rows[0]["title"] == "QLoRA: Efficient Finetuning of Quantized LLMs" and rows[0]["year"] == 2023


def test_exit_code_tells_whether_there_are_new_papers(tracker: Tracker) -> None:
    assert tracker("new", "--exit-code", "english.md").code == 1
    assert tracker("new", "english.md").code == 0
    tracker("add", "english.md")
    ran = tracker("new", "--exit-code", "english.md")
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_a_bad_input_outweighs_new_papers(tracker: Tracker) -> None:
    ran = tracker("new", "--exit-code", "missing.txt", "english.md")
    assert (ran.code, keys(ran.out)) == (2, PAPERS)


def test_new_against_a_bib_file(tracker: Tracker) -> None:
    Path("refs.bib").write_text(
        "@article{a, title={QLoRA: Efficient Finetuning of Quantized LLMs}, author={Dettmers, Tim}}\n"
        "@misc{b, eprint={1706.03762v5}, archivePrefix={arXiv}, title={Attention}}\n",
        encoding="utf-8",
    )
    assert keys(tracker("new", "english.md", "--bib", "refs.bib").out) == ["arXiv:2106.09685"]


@pytest.mark.parametrize(
    "given", ["2305.14314", "arXiv:2305.14314v3", "https://arxiv.org/abs/2305.14314", "QLoRA", "qlora"]
)
def test_show_takes_every_way_of_naming_a_paper(tracker: Tracker, given: str) -> None:
    ran = tracker("show", given)
    assert ran.code == 0
    assert "arXiv:2305.14314\n" in ran.out and "QLoRA: Efficient Finetuning of Quantized LLMs" in ran.out
    assert "not in the library" in ran.out


def test_show_takes_a_title(tracker: Tracker) -> None:
    assert "arXiv:1706.03762" in tracker("show", "attention is all you need").out


def test_show_tells_where_a_paper_was_mentioned_and_why(tracker: Tracker) -> None:
    tracker("add", "english.md", "chinese.txt")
    out = tracker("show", "2305.14314").out
    assert "not read" in out
    assert "english.md:3  “https://arxiv.org/abs/2305.14314v2”" in out and "chinese.txt:3" in out


def test_show_of_an_unknown_name_is_an_error(tracker: Tracker) -> None:
    ran = tracker("show", "no paper has this name")
    assert (ran.code, ran.out) == (2, "") and ran.is_clear and "no paper has this name" in ran.err


def test_list_and_bib_of_the_library(tracker: Tracker) -> None:
    tracker("add", "english.md", "chinese.txt")
    lists = tracker("list")
    assert lists.code == 0 and "QLoRA: Efficient Finetuning" in lists.out and "english.md" in lists.out
    bib = tracker("bib")
    assert (bib.code == 0 and "@misc{" in bib.out) or "@inproceedings{" in bib.out
    assert all(f"eprint = {{{key.removeprefix('arXiv:')}}}" in bib.out for key in PAPERS)


def test_bibtex_keys_of_the_library_stay_as_it_grows(tracker: Tracker) -> None:
    """Two papers of one author, year and first word: the second must not take the key of the first."""
    Path("later.md").write_text("LoRA+ (arXiv:2402.12354) and LoRA-FA (arXiv:2308.03303)", encoding="utf-8")
    tracker("add", "english.md")
    before = tracker("bib").out
    tracker("add", "later.md")
    after = tracker("bib").out
    headings = [line for line in before.splitlines() if line.startswith("@")]
    assert len(headings) == 3 and all(line in after for line in headings)


def test_an_empty_library_says_what_to_do(tracker: Tracker) -> None:
    for command in ("list", "bib"):
        ran = tracker(command)
        assert (ran.code, ran.out) == (2, "") and "tracker add" in ran.err


def test_names_that_a_document_gives_are_found_in_others(tracker: Tracker) -> None:
    Path("first.txt").write_text("We build on ZorNet (arXiv:2106.09685).\n", encoding="utf-8")
    later = b"ZorNet again, and how ZorNet adapts large language models.\n"
    assert "arXiv:2106.09685" not in tracker("scan", "-", stdin=later).out
    tracker("add", "first.txt")
    assert "arXiv:2106.09685" in tracker("scan", "-", stdin=later).out
    assert "arXiv:2106.09685" not in tracker("scan", "-", "--library", "other", stdin=later).out


def test_a_paper_stored_under_its_doi_is_shown_when_the_catalogue_knows_it_by_its_arxiv_id(
    tracker: Tracker, tmp_path: Path
) -> None:
    doi = "10.1000/Later.Known"
    Path("notes.md").write_text(f"See https://doi.org/{doi}.\n", encoding="utf-8")
    tracker("add", "notes.md")
    paper = facts("2004.00004", "Known by Its Identifier Later", doi=doi)
    tracker("catalogue", "import", "--bare", str(write_papers(tmp_path / "papers.jsonl", [paper])))
    assert "arXiv:2004.00004" in tracker("catalogue", "find", doi).out
    for asked in (doi, f"doi:{doi.lower()}"):
        ran = tracker("show", asked)
        assert ran.code == 0 and "notes.md:1" in ran.out
