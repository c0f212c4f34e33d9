"""Making a catalogue: what is kept, in which order, the same bytes every time, and nothing lost when it fails."""

from __future__ import annotations

import io
import json
import random
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.catalogue.small import NAMES, NOON, PAPERS, Facts, build, facts, write_names, write_papers
from tracker.catalogue import Catalogue
from tracker.catalogue.build import build_catalogue
from tracker.errors import CatalogueError
from tracker.identifiers import PaperKey


def keys(path: Path) -> list[str]:
    catalogue = Catalogue.open(path)
    return [catalogue.records.key(row) for row in range(len(catalogue))]


def test_what_is_reported(tmp_path: Path) -> None:
    path, report = build(tmp_path)
    catalogue = Catalogue.open(path)
    assert (report.papers, report.rejected) == (len(PAPERS), [])
    assert len(catalogue) == len(PAPERS)
    assert catalogue.facts == {
        "papers": len(PAPERS),
        "names": report.names,
        "made": "2026-03-01T12:00:00+00:00",
        "newest": "2024-01-08",
        "sources": ["papers.jsonl", "names.tsv"],
    }


def test_the_time_is_now_unless_given(tmp_path: Path) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    build_catalogue([write_papers(tmp_path / "a.jsonl")], tmp_path / "c")
    made = datetime.fromisoformat(Catalogue.open(tmp_path / "c").facts["made"])
    assert before <= made <= datetime.now(UTC)


def test_one_paper_without_names_or_dates(tmp_path: Path) -> None:
    path, report = build(
        tmp_path, [facts("2305.14314", "Quantized language models are finetuned efficiently")], []
    )
    assert (report.papers, report.names) == (1, 0)
    assert Catalogue.open(path).facts["newest"] == ""
    assert not any(Catalogue.open(path).spans("QLoRA and other names"))


def test_rows_are_in_the_order_of_keys(tmp_path: Path) -> None:
    found = keys(build(tmp_path)[0])
    assert found[0] == "arXiv:0704.0001"
    assert found[-1] == "doi:10.1162/neco.1997.9.8.1735"
    new_style = [key for key in found if key[6:10].isdigit()]
    assert new_style == sorted(new_style)


def test_the_order_of_lines_does_not_matter(tmp_path: Path) -> None:
    papers = [
        *PAPERS,
        facts("2305.14314", "QLoRA", cited_in=26),
        facts("2305.14314v1", "QLoRA: Quantized", "A B"),
    ]
    names = [*NAMES, ("Qlora", "2305.14314", 2), ("Q-LoRA", "2305.14314", 2), ("Emu", "2307.05222", 2)]
    (tmp_path / "0").mkdir()
    first = build(tmp_path / "0", papers, names)[0].read_bytes()
    for seed in range(1, 4):
        shuffle = random.Random(seed)
        shuffled = [dict(shuffle.sample(sorted(paper.items()), len(paper))) for paper in papers]
        shuffle.shuffle(shuffled)
        shuffle.shuffle(names)
        folder = tmp_path / str(seed)
        folder.mkdir()
        assert build(folder, shuffled, names)[0].read_bytes() == first


def test_another_time_changes_only_the_time(tmp_path: Path) -> None:
    inputs = [write_papers(tmp_path / "a.jsonl"), write_names(tmp_path / "a.tsv")]
    for name, now in (("one", NOON), ("other", NOON.replace(year=2027))):
        build_catalogue(inputs, tmp_path / name, now=now)
    one, other = ((tmp_path / name).read_bytes() for name in ("one", "other"))
    assert one != other
    assert one == other.replace(b"2027-03-01", b"2026-03-01")


QLORA = "QLoRA: Efficient Finetuning of Quantized LLMs"


@pytest.mark.parametrize(
    ("papers", "kept"),
    [
        ([facts("2305.14314", "Old", cited_in=1), facts("2305.14314", "New", cited_in=2)], "New"),
        ([facts("2305.14314", "Short", "A B", "others"), facts("2305.14314", "All", "A B")], "All"),
        ([facts("2305.14314", "One", "A", "others"), facts("2305.14314", "Two", "A", "B", "others")], "Two"),
        ([facts("2305.14314", "Aaa"), facts("2305.14314", "Bbb")], "Bbb"),
    ],
)
def test_of_several_records_of_a_paper_the_fullest_is_kept(
    tmp_path: Path, papers: list[Facts], kept: str
) -> None:
    for number, ordered in enumerate((papers, papers[::-1])):
        path, report = build(tmp_path, ordered, [], file_name=f"{number}.catalogue")
        assert report.papers == 1
        assert Catalogue.open(path).records.head(0).title == kept


def test_only_the_most_cited_are_kept(tmp_path: Path) -> None:
    papers = [
        facts("2301.00001", "Cited often", cited_in=9),
        facts("2301.00002", "Named by many"),
        facts("2301.00003", "Known by none"),
        facts("2301.00004", "Newer, known by none"),
    ]
    names = [("ManyNet", "2301.00002", 3), ("NoneNet", "2301.00003", 1)]
    kept = [keys(build(tmp_path, papers, names, most_cited=count)[0]) for count in (1, 2, 3, 9)]
    assert [[key[-1] for key in found] for found in kept] == [
        ["1"],
        ["1", "2"],
        ["1", "2", "3"],
        ["1", "2", "3", "4"],
    ]


def test_of_equally_known_papers_the_newer_are_kept(tmp_path: Path) -> None:
    papers = [facts(f"2301.0000{number}", f"Paper number {number}") for number in (1, 2, 3)]
    assert keys(build(tmp_path, papers, [], most_cited=2)[0]) == ["arXiv:2301.00002", "arXiv:2301.00003"]


def test_titles_of_papers_left_out_are_counted_too(tmp_path: Path) -> None:
    papers = [facts("2301.00001", "FooNet: a network of foos", cited_in=5)]
    papers += [
        facts(f"2302.0000{number}", f"Better foos with FooNet and FooNet {number}") for number in range(1, 4)
    ]
    path, _ = build(tmp_path, papers, [], most_cited=1)
    (alias,) = Catalogue.open(path).aliases_of("FooNet")
    assert alias.titles == 4


def test_a_name_does_not_run_from_one_title_into_the_next(tmp_path: Path) -> None:
    papers = [
        facts("2301.00001", "Foo Bar: a name of two words"),
        facts("2301.00002", "All about Foo"),
        facts("2301.00003", "Bar of gold"),
    ]
    path, _ = build(tmp_path, papers, [])
    (alias,) = Catalogue.open(path).aliases_of("Foo Bar")
    assert alias.titles == 1


def test_days_to_come_are_not_those_of_the_newest_paper_and_change(tmp_path: Path) -> None:
    lines = [
        {"id": "1207.0001", "title": "Known", "date": "2012-07-01", "update_date": "2012-08-01"},
        {"id": "1207.0002", "title": "Not yet", "date": "2099-01-01", "update_date": "2099-01-02"},
    ]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    build_catalogue([tmp_path / "a.jsonl"], tmp_path / "c", now=NOON, facts={"harvested": "2098-01-01"})
    build_catalogue([tmp_path / "c", tmp_path / "a.jsonl"], tmp_path / "d", now=NOON)
    facts = Catalogue.open(tmp_path / "d").facts
    assert (facts["papers"], facts["newest"], facts["harvested"]) == (2, "2012-07-01", "2012-08-01")


def test_citations_and_sources_are_counted_up_to_what_two_bytes_hold(tmp_path: Path) -> None:
    path, _ = build(tmp_path, [facts("2305.14314", QLORA, cited_in=10**6)], [("QLoRA", "2305.14314", 10**6)])
    catalogue = Catalogue.open(path)
    assert catalogue.records.cited_in(0) == 65_535
    assert catalogue.aliases_of("QLoRA")[0].sources == 65_535


def test_a_thousand_papers_fill_several_blocks(tmp_path: Path) -> None:
    papers = [
        facts(f"2301.{number:05}", f"The paper that has the number {number}", f"A. {number}")
        for number in range(1, 2501)
    ]
    catalogue = Catalogue.open(build(tmp_path, papers, [])[0])
    for number in (1, 32, 33, 1024, 1025, 2500):
        paper = catalogue.paper(PaperKey(f"arXiv:2301.{number:05}"))
        assert paper is not None
        assert (paper.title, paper.authors) == (f"The paper that has the number {number}", (f"A. {number}",))


# --- bad input -------------------------------------------------------------------------------------


def test_unusable_lines_are_reported_and_the_rest_goes_on(tmp_path: Path) -> None:
    papers = write_papers(tmp_path / "a.jsonl")
    papers.write_text("{\n" + papers.read_text(encoding="utf-8") + '{"id": "x"}\n', encoding="utf-8")
    names = write_names(tmp_path / "a.tsv", [*NAMES, ("", "2305.14314", 1), ("Unknown", "2305.99999", 1)])
    report = build_catalogue([papers, names], tmp_path / "c", now=NOON)
    assert report.papers == len(PAPERS)
    assert [line.rpartition("/")[2].partition(": ")[0] for line in report.rejected] == [
        "a.jsonl:1",
        f"a.jsonl:{len(PAPERS) + 2}",
        f"a.tsv:{len(NAMES) + 1}",
    ]


@pytest.mark.parametrize("lines", ["", "\n\n", "{}\n", "not JSON\n"])
def test_files_without_papers_make_no_catalogue(tmp_path: Path, lines: str) -> None:
    target = tmp_path / "c"
    target.write_text("Tracker cat, what was there")
    (tmp_path / "a.jsonl").write_text(lines)
    with pytest.raises(CatalogueError, match=r"a\.jsonl: no papers in these files"):
        build_catalogue([tmp_path / "a.jsonl"], target)
    assert target.read_text() == "Tracker cat, what was there"


def test_names_alone_make_no_catalogue(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="no papers"):
        build_catalogue([write_names(tmp_path / "a.tsv")], tmp_path / "c")


def test_a_missing_input_leaves_the_old_file(tmp_path: Path) -> None:
    target, _ = build(tmp_path)
    before = target.read_bytes()
    with pytest.raises(CatalogueError, match=r"none\.jsonl: cannot be read: No such file"):
        build_catalogue([tmp_path / "papers.jsonl", tmp_path / "none.jsonl"], target)
    assert target.read_bytes() == before


def test_standard_input_is_named_once(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="standard input can be read only once"):
        build_catalogue([Path("-"), Path("-")], tmp_path / "c", stdin=io.BytesIO(b"{}"))


def test_standard_input_that_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(CatalogueError, match="standard input: cannot be read: it is closed"):
        build_catalogue([Path("-")], tmp_path / "c")


def test_a_missing_input_is_told_before_the_work(tmp_path: Path) -> None:
    base = write_papers(tmp_path / "no catalogue")
    with pytest.raises(CatalogueError, match=r"none\.jsonl: cannot be read: No such file"):
        build_catalogue([base, tmp_path / "none.jsonl"], tmp_path / "c", base=base)


def test_a_catalogue_does_not_overwrite_what_it_is_made_from(tmp_path: Path) -> None:
    papers = write_papers(tmp_path / "a.jsonl")
    before = papers.read_bytes()
    for target in (papers, tmp_path / "." / "a.jsonl"):
        with pytest.raises(CatalogueError, match="one of the inputs"):
            build_catalogue([papers], target)
    (tmp_path / "link").symlink_to(papers)
    with pytest.raises(CatalogueError, match="one of the inputs"):
        build_catalogue([papers], tmp_path / "link")
    assert papers.read_bytes() == before


def test_a_target_that_cannot_be_is_told_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="cannot be written: this is not a file"):
        build_catalogue([tmp_path / "none.jsonl"], tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(CatalogueError, match="cannot be written: "):
        build_catalogue([tmp_path / "none.jsonl"], tmp_path / "file" / "c")


def test_a_file_of_the_users_is_never_replaced_by_a_catalogue(tmp_path: Path) -> None:
    source, target = write_papers(tmp_path / "a.jsonl"), tmp_path / "refs.bib"
    target.write_text("@article{mine, title = {Mine}}")
    with pytest.raises(CatalogueError, match=r"refs\.bib: .*what it holds would be lost"):
        build_catalogue([source], target)
    assert target.read_text() == "@article{mine, title = {Mine}}"
    target.write_bytes(b"")
    build_catalogue([source], target)
    build_catalogue([source], target)
    assert len(Catalogue.open(target)) == len(PAPERS)


def test_nothing_is_left_beside_the_catalogue(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    build_catalogue([write_papers(tmp_path / "a.jsonl")], folder / "c", now=NOON)
    assert [path.name for path in folder.iterdir()] == ["c"]


def test_a_write_protected_folder_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    papers = write_papers(tmp_path / "a.jsonl")

    def refused(dir: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", refused)
    with pytest.raises(CatalogueError, match=f"{tmp_path}: cannot be written to: Permission denied"):
        build_catalogue([papers], tmp_path / "c")
    monkeypatch.setattr("os.access", lambda path, mode: False)
    with pytest.raises(CatalogueError, match="its folder is write-protected"):
        build_catalogue([papers], tmp_path / "c")


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target, _ = build(tmp_path)
    before = target.read_bytes()

    class Full:
        def write(self, data: bytes) -> int:
            raise OSError(28, "No space left on device")

        def close(self) -> None:
            pass

    monkeypatch.setattr("tempfile.TemporaryFile", lambda dir: Full())
    with pytest.raises(CatalogueError, match="No space left on device"):
        build_catalogue([tmp_path / "papers.jsonl"], target)
    assert target.read_bytes() == before


def test_papers_with_names_settled_by_hand_are_kept_before_the_most_cited(tmp_path: Path) -> None:
    by_hand = '[[alias]]\nnames = ["SVD"]\npaper = "math/0309136"\nreason = "a test"\n'
    target, _ = build(tmp_path, by_hand=by_hand, most_cited=2)
    catalogue = Catalogue.open(target)
    keys = {catalogue.records.key(row) for row in range(len(catalogue))}
    assert keys == {"arXiv:math/0309136", "arXiv:1706.03762"}
