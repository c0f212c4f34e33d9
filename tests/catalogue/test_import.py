"""What an import makes of its inputs: snapshots, archives, standard input, BibTeX, catalogues, and several at once."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
import zstandard

from tests.catalogue.small import NOON, PAPERS, build, facts, write_names, write_papers
from tests.catalogue.snapshot import Line, lines, record, write
from tracker.catalogue import Catalogue, Origin, Record
from tracker.catalogue.build import BuildReport, build_catalogue
from tracker.errors import CatalogueError
from tracker.identifiers import PaperKey

KEY = PaperKey("arXiv:0704.0001")


def made(folder: Path, *inputs: Path, **options: object) -> tuple[Catalogue, BuildReport]:
    """The catalogue of these inputs, and what was reported."""
    target = folder / "made.catalogue"
    (folder / "none.toml").write_text("")
    report = build_catalogue(inputs, target, now=NOON, curated_path=folder / "none.toml", **options)  # type: ignore[arg-type]
    return Catalogue.open(target), report


def read(folder: Path, *records: Line) -> Record:
    """The only record of a snapshot."""
    catalogue, report = made(folder, write(folder / "snapshot.json", *records))
    assert (len(catalogue), report.rejected) == (1, [])
    return catalogue.records[0]


def test_a_record_of_the_snapshot(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        record(
            "0704.0001",
            "Calculation of $\\ell_1$ cross sections at\n  Tevatron by Poincar\\'{e}",
            doi="10.1103/PhysRevD.76.013009 10.1103/OTHER.1",
            **{"journal-ref": "Phys.Rev.D76:\n 013009,2007"},
            authors_parsed=[
                ["Bal\\'azs", "C.", ""],
                ["de la Cruz", "E. L.", "III"],
                ["Yuan", "C. -P.", "", "Michigan"],
                ["The BABAR Collaboration", "", ""],
            ],
        ),
    )
    assert found == Record(
        KEY,
        "Calculation of ℓ_1 cross sections at Tevatron by Poincaré",
        ("C. Balázs", "E. L. de la Cruz III", "C.-P. Yuan", "The BABAR Collaboration"),
        True,
        date(2007, 4, 2),
        ("cs.LG", "stat.ML"),
        "Phys.Rev.D76: 013009,2007",
        "10.1103/physrevd.76.013009",
    )


@pytest.mark.parametrize(
    ("identifier", "key"),
    [
        ("hep-th/9711200", "arXiv:hep-th/9711200"),
        ("math/0309136", "arXiv:math/0309136"),
        ("math.GT/0309136", "arXiv:math/0309136"),
        ("hep-lat/9107001", "arXiv:hep-lat/9107001"),
        ("2305.14314", "arXiv:2305.14314"),
    ],
)
def test_ids_of_all_styles(tmp_path: Path, identifier: str, key: str) -> None:
    assert read(tmp_path, record(identifier, "A title")).key == key


@pytest.mark.parametrize(
    ("authors", "names"),
    [
        ("A. One, B. Two and C. Three", ("A. One", "B. Two", "C. Three")),
        ("A. One (1 and 2), B. Two, Jr. (3)", ("A. One", "B. Two Jr.")),
        ('G. Gr\\"un, and The Team (CERN (Geneva))', ("G. Grün", "The Team")),
        ("", ()),
    ],
)
def test_authors_that_nobody_has_parsed(tmp_path: Path, authors: str, names: tuple[str, ...]) -> None:
    assert read(tmp_path, record("0704.0001", "T", authors=authors, authors_parsed=None)).authors == names


def test_what_a_source_lacks_stays_empty(tmp_path: Path) -> None:
    empty = dict.fromkeys(record("0704.0001", "T"))
    found = read(tmp_path, {**empty, "id": "0704.0001", "title": "T"})
    assert found == Record(KEY, "T")
    assert read(tmp_path, record("0704.0001", "T", versions=[{"created": "soon"}])).published is None


def test_names_come_from_abstracts_and_titles(tmp_path: Path) -> None:
    says = "We introduce FooNet, a network.\nOur Large Foo Model (LFM) beats LLMs (large language models).\n"
    catalogue, _ = made(
        tmp_path, write(tmp_path / "a.json", record("0704.0001", "Foos at scale", abstract=says))
    )
    assert [(alias.name, alias.origin) for alias in catalogue.all_aliases(Origin.ABSTRACT)] == [
        ("FooNet", Origin.ABSTRACT)
    ]
    assert catalogue.facts["harvested"] == "2024-05-06"


def test_what_many_abstracts_call_their_own_is_a_term(tmp_path: Path) -> None:
    many = [
        record(
            f"0704.000{at}",
            f"The paper number {at}",
            abstract=f"We propose FooRL. We present FooNet{at}, a net.",
        )
        for at in range(1, 10)
    ]
    catalogue, _ = made(tmp_path, write(tmp_path / "a.json", *many))
    assert catalogue.aliases_of("FooRL") == []
    assert len(catalogue.aliases_of("FooNet3")) == 1
    catalogue, _ = made(tmp_path, write(tmp_path / "a.json", *many[:8]))
    assert len(catalogue.aliases_of("FooRL")) == 8


def test_abstracts_are_kept_only_if_wanted(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.json",
        record("0704.0001", "T", abstract="  Let $\\ell_1$ be\n"),
        record("0704.0002", "U", abstract=None),
    )
    catalogue, _ = made(tmp_path, path)
    assert not catalogue.records.has_abstracts and catalogue.records.abstract(0) == ""
    kept, _ = made(tmp_path, path, keep_abstracts=True)
    assert [kept.records.abstract(row) for row in range(2)] == ["Let ℓ_1 be", ""]
    assert kept.paper(KEY) is not None and kept.paper(KEY).abstract == "Let ℓ_1 be"  # type: ignore[union-attr]


# --- how inputs are packed -----------------------------------------------------------------------------

ONE, TWO = record("0704.0001", "The first"), record("0704.0002", "The second")


def zipped(**members: bytes) -> bytes:
    """An archive; "__" in a name stands for a full stop."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return data.getvalue()


PACKED = {
    "plain": lines([ONE, TWO]),
    "gz": gzip.compress(lines([ONE])) + gzip.compress(lines([TWO])),
    "zst": zstandard.ZstdCompressor().compress(lines([ONE, TWO])),
    "zip of one": zipped(snapshot__json=lines([ONE, TWO])),
    "zip of several": zipped(
        README__txt=b"what this is", a__json=lines([ONE]), b__jsonl__gz=gzip.compress(lines([TWO]))
    ),
}


@pytest.mark.parametrize("packed", PACKED.values(), ids=PACKED)
def test_files_are_unpacked_by_what_they_hold(tmp_path: Path, packed: bytes) -> None:
    (tmp_path / "download").write_bytes(packed)
    assert len(made(tmp_path, tmp_path / "download")[0]) == 2


@pytest.mark.parametrize("packed", PACKED.values(), ids=PACKED)
def test_standard_input_too(tmp_path: Path, packed: bytes) -> None:
    catalogue, report = made(tmp_path, Path("-"), stdin=io.BytesIO(packed))
    assert (len(catalogue), report.rejected) == (2, [])


def test_names_in_an_archive(tmp_path: Path) -> None:
    (tmp_path / "all.zip").write_bytes(zipped(a__json=lines([ONE]), names__tsv=b"Firstling\t0704.0001\t3\n"))
    catalogue, _ = made(tmp_path, tmp_path / "all.zip")
    assert [alias.sources for alias in catalogue.aliases_of("Firstling")] == [3]


# --- BibTeX --------------------------------------------------------------------------------------------

BIB = """
@misc{one, title = {The {\\'E}tale first}, author = {Author, Ann and others}, eprint = {0704.0001},
  archivePrefix = {arXiv}, year = 2007}
@inproceedings{two, title = {The second}, author = {Bo Writer and {Some Lab}}, doi = {10.1000/ABC}, year = 2021,
  booktitle = {Proceedings of Foo}}
@inproceedings{three, title = {The third}, author = {C. Third}, url = {https://aclanthology.org/P19-1001/}}
@book{four, title = {No identifier}}
@article{five, eprint = {0704.0005}}
@article{broken
"""


def test_bibtex(tmp_path: Path) -> None:
    (tmp_path / "refs.bib").write_text(BIB)
    catalogue, report = made(tmp_path, tmp_path / "refs.bib")
    found = {str(record.key): record for record in (catalogue.records[row] for row in range(len(catalogue)))}
    assert found["arXiv:0704.0001"] == Record(KEY, "The Étale first", ("Author, Ann",), False)
    second = found["doi:10.1000/abc"]
    assert (second.authors, second.is_complete) == (("Bo Writer", "Some Lab"), True)
    assert (second.venue, second.doi) == ("Proceedings of Foo 2021", "")
    assert "acl:P19-1001" in found and len(found) == 3
    assert report.rejected_count == 3
    assert any("four has no arXiv id, ACL id or DOI" in line for line in report.rejected)
    assert any("five has no title" in line for line in report.rejected)


# --- several inputs ------------------------------------------------------------------------------------


def test_the_later_input_wins_and_keeps_what_it_does_not_know(tmp_path: Path) -> None:
    old = facts(
        "0704.0001",
        "Old",
        "A",
        "B",
        date="2007-04-03",
        categories=["cs.CL"],
        venue="V",
        doi="10.1/x",
        cited_in=9,
    )
    new = {"id": "0704.0001v2", "title": "New", "authors": ["C", "others"], "cited_in": 2}
    first = write_papers(tmp_path / "1.jsonl", [{**old, "doi": "10.1000/x"}])
    catalogue, _ = made(tmp_path, first, write_papers(tmp_path / "2.jsonl", [new]))
    assert catalogue.records[0] == Record(
        KEY, "New", ("A", "B"), True, date(2007, 4, 3), ("cs.CL",), "V", "10.1000/x", 9
    )
    catalogue, _ = made(tmp_path, tmp_path / "2.jsonl", first)
    assert catalogue.records[0].title == "Old"


def test_within_a_file_the_newest_change_wins(tmp_path: Path) -> None:
    versions = [
        record("0704.0001", "Newest", update_date="2024-03-03"),
        record("0704.0001", "Older, cited", update_date="2024-02-02", cited_in=5),
    ]
    for ordered in (versions, versions[::-1]):
        assert read(tmp_path, *ordered).title == "Newest"


GONE = {"id": "0704.0001", "deleted": True}


@pytest.mark.parametrize(
    ("inputs", "left"),
    [
        ([[ONE, TWO], [GONE]], [2]),
        ([[ONE, TWO, GONE]], [2]),
        ([[GONE], [ONE, TWO]], [1, 2]),
        ([[ONE], [{**GONE, "update_date": "2024-05-05"}, TWO]], [2]),
        ([[ONE, TWO, {**GONE, "update_date": "2024-05-05"}]], [1, 2]),
        ([[ONE, TWO, {**GONE, "update_date": "2024-05-07"}]], [2]),
        ([[TWO], [GONE]], [2]),
        ([[ONE, TWO], [{**GONE, "deleted": False}]], [1, 2]),
    ],
)
def test_deleted_papers_are_taken_out(
    tmp_path: Path, inputs: Sequence[Sequence[Line]], left: list[int]
) -> None:
    paths = [write(tmp_path / f"{number}.jsonl", *records) for number, records in enumerate(inputs)]
    catalogue, _ = made(tmp_path, *paths)
    assert [int(catalogue.records.key(row)[-1]) for row in range(len(catalogue))] == left


def test_a_catalogue_is_brought_up_to_date(tmp_path: Path) -> None:
    target, first = build(tmp_path)
    newer = write(
        tmp_path / "new.jsonl", TWO, record("2305.14314", "QLoRA: renamed"), {**GONE, "id": "1412.6980"}
    )
    report = build_catalogue([target, newer], target, now=NOON, curated_path=tmp_path / "curated.toml")
    catalogue = Catalogue.open(target)
    assert report.papers == first.papers == len(PAPERS)
    paper = catalogue.paper(PaperKey("arXiv:2305.14314"))
    assert paper is not None
    assert (paper.title, paper.cited_in, paper.aliases) == ("QLoRA: renamed", 27, ("QLoRA",))
    assert catalogue.aliases_of("Adam") == []
    assert [alias.sources for alias in catalogue.aliases_of("Llama 2")] == [12]
    assert catalogue.facts["harvested"] == "2024-05-06"
    again = build_catalogue([target], tmp_path / "same", now=NOON, curated_path=tmp_path / "curated.toml")
    assert (again.papers, again.names) == (report.papers, report.names)
    assert Catalogue.open(tmp_path / "same").facts["harvested"] == "2024-05-06"


def test_a_catalogue_taken_in_again_is_the_same(tmp_path: Path) -> None:
    target, _ = build(tmp_path)
    build_catalogue([target], tmp_path / "again", now=NOON, curated_path=tmp_path / "curated.toml")
    old, new = Catalogue.open(target), Catalogue.open(tmp_path / "again")
    assert [old.records[row] for row in range(len(old))] == [new.records[row] for row in range(len(new))]
    assert list(old.all_aliases(Origin.LISTED)) == list(new.all_aliases(Origin.LISTED))


def test_names_and_abstracts_of_a_catalogue_stay(tmp_path: Path) -> None:
    first = write(tmp_path / "a.json", record("0704.0001", "Foos", abstract="We introduce FooNet, a net."))
    made(tmp_path, first, keep_abstracts=True)
    second = write_papers(tmp_path / "b.jsonl", [facts("0704.0001", "Foos, second edition")])
    (tmp_path / "made.catalogue").rename(tmp_path / "old")
    catalogue, _ = made(tmp_path, tmp_path / "old", second, keep_abstracts=True)
    assert [alias.name for alias in catalogue.aliases_of("FooNet")] == ["FooNet"]
    assert catalogue.records.abstract(0) == "We introduce FooNet, a net."
    assert catalogue.records[0].title == "Foos, second edition"


def test_the_base_gives_names_counts_and_further_papers(tmp_path: Path) -> None:
    base, _ = build(tmp_path, [*PAPERS, facts("2305.00001", "About QLoRA and foos")])
    snapshot = write(tmp_path / "s.json", record("2305.14314", "QLoRA: Efficient Finetuning of LLMs"), TWO)
    bare, _ = made(tmp_path, snapshot)
    assert len(bare) == 2 and bare.aliases_of("GPT-3") == []
    catalogue, _ = made(tmp_path, snapshot, base=base)
    assert len(catalogue) == len(PAPERS) + 2
    paper = catalogue.paper(PaperKey("arXiv:2305.14314"))
    assert paper is not None
    assert (paper.title, paper.cited_in) == ("QLoRA: Efficient Finetuning of LLMs", 27)
    assert [(alias.sources, alias.titles) for alias in catalogue.aliases_of("QLoRA")] == [(11, 2)]
    assert [alias.sources for alias in catalogue.aliases_of("GPT-3")] == [17]
    assert catalogue.paper(PaperKey("doi:10.1162/neco.1997.9.8.1735")) is not None


def test_how_often_titles_hold_a_name_is_never_less_than_the_base_knows(tmp_path: Path) -> None:
    papers = [facts("2301.00001", "FooNet: a network of foos", cited_in=5)]
    papers += [facts(f"2302.0000{at}", f"Better foos with FooNet {at}") for at in range(1, 8)]
    base, _ = build(tmp_path, papers, [], most_cited=1)
    catalogue, _ = made(tmp_path, write(tmp_path / "s.json", TWO), base=base)
    assert [alias.titles for alias in catalogue.aliases_of("FooNet")] == [8]


def test_the_base_alone_makes_no_catalogue(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("\n")
    with pytest.raises(CatalogueError, match="no papers in these files"):
        made(tmp_path, tmp_path / "empty.jsonl", base=build(tmp_path)[0])


def test_an_input_of_names_alone_adds_to_a_catalogue(tmp_path: Path) -> None:
    target, _ = build(tmp_path)
    more = write_names(tmp_path / "more.tsv", [("Vision Transformer", "2010.11929", 7)])
    build_catalogue([target, more], target, now=NOON, curated_path=tmp_path / "curated.toml")
    assert [alias.sources for alias in Catalogue.open(target).aliases_of("vision transformer")] == [7]


# --- the same bytes ------------------------------------------------------------------------------------


def test_the_number_of_processes_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.catalogue.rows.ROWS", 1024)
    monkeypatch.setattr("tracker.catalogue.sections.ROWS", 1024)
    monkeypatch.setattr("tracker.catalogue.sources._PIECE", 1 << 14)
    monkeypatch.setattr("tracker.catalogue.workers._ALONE", 1)
    many = [
        record(
            f"2301.{at:05}",
            f"FooNet-{at}: the paper number {at} of many",
            abstract=f"We present Bar{at}B, and.",
        )
        for at in range(1, 2200)
    ]
    path = write(tmp_path / "many.json", *many, {"id": "?"}, many[0])
    written = []
    for workers in (1, 2):
        report = build_catalogue([path], tmp_path / "c", now=NOON, workers=workers, keep_abstracts=True)
        assert (report.papers, report.rejected_count) == (2199, 1)
        assert report.rejected == [f"{path}:2200: '?' has no usable id or title"]
        written.append((tmp_path / "c").read_bytes())
    assert written[0] == written[1]


def test_progress_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", ONE, TWO)
    told: list[tuple[str, int, int]] = []
    made(tmp_path, path, progress=lambda *step: told.append(step))
    size = path.stat().st_size
    assert (
        ("reading", size, size) in told
        and ("papers", 2, 2) in told
        and told[-1] == ("names and titles", 2, 2)
    )
    assert all(done <= total for _, done, total in told)


def test_facts_are_put_over_those_it_has(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", ONE)
    catalogue, _ = made(tmp_path, path, facts={"harvested": "2026-01-01", "from": "me"})
    assert (catalogue.facts["harvested"], catalogue.facts["from"]) == ("2026-01-01", "me")
