"""Verdicts on entries, against a small catalogue of true records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.catalogue.small import Facts, facts, open_built
from tracker.bibfile import ReadEntry, read_bib
from tracker.catalogue import Catalogue
from tracker.checking import Service, check
from tracker.corrections import corrected
from tracker.identifiers import PaperKey
from tracker.models import Paper, SourceAnswer, Verdict, VerdictKind

TODAY = date(2026, 3, 1)
QLORA = {
    "title": "QLoRA: Efficient Finetuning of Quantized LLMs",
    "author": "Tim Dettmers and Artidoro Pagnoni and Ari Holtzman and Luke Zettlemoyer",
    "year": "2023",
    "eprint": "2305.14314",
}
FRONT = {
    "title": "Fronts of Waves in Ising Chains under Slow Drive",
    "author": "Ada Brook and Carl Dune",
    "year": "2019",
}
MEETING = {
    "title": "Learning to Sort Pebbles by Weight",
    "author": "Ada Brook and Eve Field and Gil Heath",
    "booktitle": "International Conference on Computer Vision",
    "year": "2021",
}
PAPERS: tuple[Facts, ...] = (
    facts(
        "2305.14314",
        QLORA["title"],
        *QLORA["author"].split(" and "),
        date="2023-05-23",
        categories=("cs.LG",),
        cited_in=27,
    ),
    facts(
        "1905.00001",
        FRONT["title"],
        *FRONT["author"].split(" and "),
        date="2019-05-01",
        categories=("hep-th",),
    ),
    facts(
        "2012.00002",
        MEETING["title"],
        *MEETING["author"].split(" and "),
        date="2020-12-01",
        categories=("cs.CV",),
        venue="ICCV 2021",
        doi="10.1109/iccv48922.2021.00001",
    ),
    facts("1801.00003", "Introduction", "Ivy Jay", date="2018-01-02", categories=("math.CO",)),
    facts("1901.00004", "Introduction", "Ken Lake", date="2019-01-02", categories=("math.CO",)),
)


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return open_built(tmp_path_factory.mktemp("checked"), papers=PAPERS)


Judge = Callable[..., Verdict]


@pytest.fixture
def judged(known: Catalogue) -> Judge:
    """The verdict on an entry of these fields."""

    def judge(kind: str = "misc", /, **fields: str) -> Verdict:
        lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
        bib = read_bib(f"@{kind}{{key,\n{lines}}}\n".encode())
        return check(bib.entries, known, today=TODAY, file="refs.bib")[0]

    return judge


RIGHT = [
    ("as arXiv exports it", {**QLORA, "archivePrefix": "arXiv", "primaryClass": "cs.LG"}),
    ("as Scholar writes it", {**QLORA, "title": "Qlora: Efficient finetuning of quantized llms", "eprint": "",
                              "journal": "arXiv preprint arXiv:2305.14314"}),
    ("initials", {**QLORA, "author": "Dettmers, T. and Pagnoni, A. and Holtzman, A. and Zettlemoyer, L."}),
    ("and others", {**QLORA, "author": "Dettmers, Tim and Pagnoni, Artidoro and others"}),
    ("et al.", {**QLORA, "author": "Tim Dettmers et al."}),
    ("one list", {**QLORA, "author": "Tim Dettmers, Artidoro Pagnoni, Ari Holtzman, and Luke Zettlemoyer"}),
    ("main title", {**QLORA, "title": "{QLoRA}"}),
    ("British", {**QLORA, "title": "QLoRA: Efficient finetuning of quantised LLMs"}),
    ("at a meeting that is not known", {**QLORA, "eprint": "", "year": "2024", "booktitle": "NeurIPS"}),
    ("title and year", {"title": QLORA["title"], "year": "2023"}),
    ("DataCite", {**QLORA, "eprint": "", "doi": "10.48550/arXiv.2305.14314"}),
    ("published", MEETING),
    ("published, short", {**MEETING, "booktitle": "Proc. IEEE Int. Conf. Comput. Vis."}),
    ("published, with DOI", {**MEETING, "doi": "10.1109/ICCV48922.2021.00001"}),
    ("its preprint", {**MEETING, "booktitle": "", "journal": "CoRR", "volume": "abs/2012.00002", "year": "2020"}),
    ("at a workshop before", {**MEETING, "booktitle": "CVPR Workshops"}),
]  # fmt: skip


@pytest.mark.parametrize("fields", [fields for _, fields in RIGHT], ids=[name for name, _ in RIGHT])
def test_ways_of_citing_rightly(judged: Judge, fields: dict[str, str]) -> None:
    verdict = judged("inproceedings", **fields)
    assert (verdict.kind, verdict.differences) == (VerdictKind.OK, ())
    assert verdict.paper and verdict.source == "catalogue" and verdict.looked_in == ("catalogue",)


WRONG = [
    ("year", {**QLORA, "year": "2021"}, "2023", True),
    ("author", {**QLORA, "author": "Tim Dettmers and Luke Zettlemoyer"}, QLORA["author"], True),
    ("author", {**QLORA, "author": "Wei Chen and Ana Silva"}, QLORA["author"], True),
    ("author", {**QLORA, "author": QLORA["author"].replace("Ari Holtzman", "Ana Silva")}, QLORA["author"], True),
    ("author", {**QLORA, "author": "Luke Zettlemoyer and Ari Holtzman and Tim Dettmers and Artidoro Pagnoni"},
     QLORA["author"], True),
    ("title", {**QLORA, "title": "QLoRA: Efficient Training of Quantized LLMs"}, QLORA["title"], True),
    ("eprint", {**QLORA, "eprint": "2305.14315"}, "2305.14314", True),
    ("eprint", {**QLORA, "eprint": "1905.00001"}, "2305.14314", True),
    ("venue", {**MEETING, "booktitle": "Advances in Neural Information Processing Systems"}, "ICCV 2021", False),
    ("venue", {**MEETING, "booktitle": "Journal of Pebbles"}, "ICCV 2021", False),
    ("year", {**MEETING, "year": "2022"}, "2021", True),
    ("doi", {**MEETING, "doi": "10.1109/iccv48922.2021.09999"}, "10.1109/iccv48922.2021.00001", True),
]  # fmt: skip


@pytest.mark.parametrize(("field", "fields", "expected", "is_sure"), WRONG)
def test_what_differs_is_named_with_what_it_should_be(
    judged: Judge, field: str, fields: dict[str, str], expected: str, is_sure: bool
) -> None:
    verdict = judged("inproceedings", **fields)
    found = {one.field: one for one in verdict.differences}
    assert verdict.kind is VerdictKind.DIFFERS and field in found
    assert (found[field].expected, found[field].is_sure) == (expected, is_sure)
    assert found[field].reason and found[field].source


IMPOSSIBLE = [
    ("year", {**QLORA, "year": "2031"}),
    ("author", {**QLORA, "author": "John Doe and Jane Doe"}),
    ("eprint", {**QLORA, "eprint": "2313.14314"}),
    ("eprint", {**QLORA, "eprint": "2705.14314"}),
    ("doi", {**QLORA, "doi": "10.99994/conf.123"}),
    ("venue", {**MEETING, "title": "Of Another Paper", "booktitle": "ICCV", "year": "2022"}),
    ("venue", {**MEETING, "title": "Of Another Paper", "doi": "10.1609/aaai.v37i9.26237"}),
    ("year", {**MEETING, "title": "Of Another Paper", "booktitle": "CVPR 2018", "year": "2021"}),
]


@pytest.mark.parametrize(("field", "fields"), IMPOSSIBLE)
def test_what_cannot_be_differs_whatever_the_paper(judged: Judge, field: str, fields: dict[str, str]) -> None:
    verdict = judged("inproceedings", **fields)
    assert verdict.kind is VerdictKind.DIFFERS and field in {one.field for one in verdict.differences}


def test_a_paper_that_is_not_there_is_not_found_and_nothing_is_claimed(judged: Judge) -> None:
    verdict = judged("article", title="On the Drift of Unseen Dunes", author="Nora Oak", year="2020")
    assert (verdict.kind, verdict.paper, verdict.differences) == (VerdictKind.NOT_FOUND, None, ())
    assert verdict.looked_in == ("catalogue",) and not verdict.failed


def test_an_identifier_of_another_paper_is_told_though_this_one_is_not_known(judged: Judge) -> None:
    verdict = judged(title="On the Drift of Unseen Dunes", author="Nora Oak", eprint="2305.14314")
    assert verdict.kind is VerdictKind.DIFFERS and verdict.paper is None
    assert [one.field for one in verdict.differences] == ["eprint"] and QLORA["title"] in verdict.differences[
        0
    ].reason
    assert verdict.near[0].paper == "arXiv:2305.14314" and not verdict.differences[0].is_sure


def test_two_papers_of_one_title_are_ambiguous_until_an_author_tells(judged: Judge) -> None:
    verdict = judged(title="Introduction")
    assert verdict.kind is VerdictKind.AMBIGUOUS and len(verdict.near) == 2
    told = judged(title="Introduction", author="Lake, K.", year="2019")
    assert (told.kind, told.paper) == (VerdictKind.OK, "arXiv:1901.00004")


def test_a_short_title_by_others_is_another_paper(judged: Judge) -> None:
    assert judged(title="Introduction", author="Nora Oak").kind is VerdictKind.NOT_FOUND


def test_a_venue_of_quite_other_subjects_is_doubted_and_not_denied(judged: Judge) -> None:
    verdict = judged(
        "inproceedings", **FRONT, booktitle="Conference on Computer Vision and Pattern Recognition"
    )
    assert verdict.kind is VerdictKind.AMBIGUOUS and not verdict.differences
    assert "hep-th" in verdict.notes[0] and verdict.paper == "arXiv:1905.00001"


def test_where_a_preprint_appeared_is_noted(judged: Judge) -> None:
    fields = {**MEETING, "booktitle": "", "eprint": "2012.00002", "year": "2020"}
    assert judged(**fields).notes == ("published: ICCV 2021, doi 10.1109/iccv48922.2021.00001",)


# --- services ----------------------------------------------------------------------------------------

UNKNOWN = b"@misc{key, title = {On the Drift of Unseen Dunes}, author = {Nora Oak}, year = 2020}"


def answered(
    known: Catalogue, *answers: SourceAnswer | None, text: bytes = UNKNOWN
) -> tuple[Verdict, list[str]]:
    """The verdict on an entry with what services say, and the titles that they were asked for."""
    asked: list[str] = []

    def service(answer: SourceAnswer | None) -> Service:
        def ask(entries: Sequence[ReadEntry]) -> list[SourceAnswer | None]:
            asked.extend(entry.title for entry in entries)
            return [answer for _ in entries]

        return ask

    services = [service(answer) for answer in answers]
    return check(read_bib(text).entries, known, today=TODAY, services=services)[0], asked


def test_what_the_catalogue_settles_is_asked_of_nobody(known: Catalogue) -> None:
    lines = ", ".join(f"{name} = {{{value}}}" for name, value in QLORA.items())
    verdict, asked = answered(known, text=f"@misc{{key, {lines}}}".encode())
    assert verdict.kind is VerdictKind.OK and not asked


def test_a_service_that_has_it_settles_it(known: Catalogue) -> None:
    paper = Paper(
        key=PaperKey("doi:10.1007/s1"),
        title="On the Drift of Unseen Dunes",
        authors=("Nora Oak",),
        authors_complete=True,
        year=2020,
    )
    verdict, asked = answered(
        known, SourceAnswer(source="Crossref", papers=(paper,)), SourceAnswer(source="DBLP")
    )
    assert asked == [paper.title]
    assert (verdict.kind, verdict.source, verdict.paper) == (VerdictKind.OK, "Crossref", paper.key)
    assert verdict.looked_in == ("catalogue", "Crossref"), "nobody is asked for what is settled"


def test_not_found_names_where_was_looked_and_what_failed(known: Catalogue) -> None:
    down = SourceAnswer(source="DBLP", failure="no answer within 10 s")
    verdict, _ = answered(known, SourceAnswer(source="Crossref"), None, down)
    assert verdict.kind is VerdictKind.NOT_FOUND
    assert verdict.looked_in == ("catalogue", "Crossref") and verdict.failed == (
        "DBLP: no answer within 10 s",
    )


def test_an_outage_is_never_called_not_found(known: Catalogue) -> None:
    verdict, _ = answered(known, SourceAnswer(source="DBLP", failure="refused"))
    assert verdict.kind is VerdictKind.AMBIGUOUS and verdict.failed == ("DBLP: refused",)


def test_hostile_entries_take_no_harm(known: Catalogue, tmp_path: Path) -> None:
    text = (
        "@misc{a, title = {"
        + "{" * 200
        + "x"
        + "}" * 200
        + "}, author = {"
        + " and ".join(["A"] * 3000)
        + "}}\n"
    )
    text += "@misc{b}\n@misc{c, title = {}, author = {}, year = {}, doi = {10.}, eprint = {v}}\n"
    text += "@article{d, title = {" + "word " * 3000 + "}, journal = {" + "venue " * 3000 + "}}\n"
    verdicts = check(read_bib(text.encode()).entries, known, today=TODAY)
    assert all(verdict.kind is not VerdictKind.OK for verdict in verdicts)


FIELDS = (
    "title",
    "author",
    "year",
    "booktitle",
    "journal",
    "volume",
    "eprint",
    "archivePrefix",
    "doi",
    "url",
    "date",
    "note",
)
SNIPPETS = """2305.14314|v2|arXiv:|10.1109/|10.99999/x|abs/| and |others|Dettmers, Tim|QLoRA|: |CVPR|2023|1999|,|(|~
|Doe|John|https://arxiv.org/abs/|\'e|$x$|International Conference on |-"""
PIECES = st.sampled_from(SNIPPETS.split("|"))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(FIELDS),
            st.lists(PIECES | st.text(st.characters(exclude_characters="\0"), max_size=4), max_size=5),
        ),
        max_size=6,
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_entry_gets_a_verdict(known: Catalogue, fields: list[tuple[str, list[str]]]) -> None:
    text = (
        "@article{key,\n" + "".join(f"  {name} = {{{''.join(parts)}}},\n" for name, parts in fields) + "}\n"
    )
    bib = read_bib(text.encode("utf-8", "replace"))
    verdicts = check(bib.entries, known, today=TODAY)
    assert len(verdicts) == len(bib.entries)
    for verdict in verdicts:
        assert verdict.kind is not VerdictKind.DIFFERS or verdict.differences
        assert verdict.kind is not VerdictKind.OK or verdict.paper
    made = corrected(bib, verdicts)
    assert len(read_bib(made.data).entries) == len(bib.entries)
