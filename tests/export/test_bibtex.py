from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.bibfile import BibEntry, read_bib
from tracker.errors import InputError
from tracker.export.bibtex import Form, bib_entries, citation_keys, merge_bib, write_bibtex
from tracker.identifiers import PaperKey
from tracker.models import Paper, VenueKind

quick = settings(max_examples=50, deadline=None)

GOLDEN = Path(__file__).parent.parent / "golden"


def paper(key: str = "arXiv:2305.14314", title: str = "A Title", author: str = "", **more: Any) -> Paper:
    authors = (author,) if author else ()
    return Paper(key=PaperKey(key), title=title, authors=authors, authors_complete=bool(author), **more)


def entry(of: Paper) -> tuple[BibEntry, dict[str, str]]:
    (only,) = bib_entries([of])
    return only, dict(only.fields)


def test_the_golden_file() -> None:
    lines = (GOLDEN / "bib-papers.jsonl").read_text(encoding="utf-8").splitlines()
    papers = [Paper.model_validate_json(line) for line in lines]
    expected = (GOLDEN / "bib.bib").read_text(encoding="utf-8")
    assert write_bibtex(papers) == expected, "after a wanted change: python tests/golden/make_bib.py"
    assert merge_bib(b"", papers).data == expected.encode()
    again = merge_bib(expected.encode(), papers)
    assert again.data == expected.encode() and not again.added and not again.problems
    assert again.present == citation_keys(papers)


def test_nothing_gives_nothing() -> None:
    assert write_bibtex([]) == ""
    assert bib_entries([]) == []


# --- citation keys -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "author", "key"),
    [
        ("QLoRA: Efficient Finetuning", "Tim Dettmers", "dettmers2023qlora"),
        ("Attention Is All You Need", "Ashish Vaswani", "vaswani2023attention"),
        ("An Image is Worth 16x16 Words", "Alexey Dosovitskiy", "dosovitskiy2023image"),
        ("Llama 2: Open Foundation", "Hugo Touvron", "touvron2023llama2"),
        ("U-Net: Convolutional Networks", "Olaf Ronneberger", "ronneberger2023unet"),
        ("{BERT}: Pre-training", "Jacob Devlin", "devlin2023bert"),
        ("Visualizing Data using t-SNE", "Laurens van der Maaten", "van2023visualizing"),
        ("t-SNE in Practice", "Shai Ben-David", "ben2023tsne"),
        ("On-bird Sound Recordings", "Kyle O'Brien", "obrien2023onbird"),
        ("High-Resolution Images", "Björn Ömmer", "ommer2023high"),
        ("Ærø", "Łukasz Øster", "oster2023aero"),
        ("$\\ell_1$ Norms", r"Piotr Doll{\'a}r", "dollar2023norms"),
        ("How to", "Gemini Team", "gemini2023how"),
        ("大模型综述", "Wei Zhang", "zhang2023"),
        ("大模型综述：BERT", "张三", "bert2023"),
        ("大模型综述", "张三", "arxiv230514314"),
        ("大模型综述", "", "arxiv230514314"),
        ("Pythia: A Suite", "", "pythia2023"),
        ("}{\\input{x}", "{", "inputx2023"),
        ("?", "?", "arxiv230514314"),
    ],
)
def test_keys_look_like_those_of_google_scholar(title: str, author: str, key: str) -> None:
    (made,) = citation_keys([paper(title=title, author=author, year=2023)]).values()
    assert made == key
    assert made.isascii() and made.isalnum() and made.islower()


def test_the_year_is_that_of_the_first_version() -> None:
    def key(**more: Any) -> str:
        return citation_keys([paper(author="A. Family", title="Word", **more)]).popitem()[1]

    assert key(year=2020, published=date(2021, 1, 1)) == "family2020word"
    assert key(published=date(2021, 1, 1)) == "family2021word"
    assert key() == "family2023word"  # told by the arXiv id
    assert key(key="doi:10.1/x") == "familyword"


EMUS = [
    paper("arXiv:2309.15807", "Emu: Enhancing Image Generation", "Xiaoliang Dai"),
    paper("arXiv:2309.00001", "Emu: Something Else", "Y. Dai"),
    paper("arXiv:2311.10709", "Emu Video", "Z. Dai"),
    paper("arXiv:2305.14314", "QLoRA: Efficient Finetuning", "Tim Dettmers"),
]


@quick
@given(st.permutations(EMUS))
def test_letters_follow_the_paper_keys_whatever_the_order(papers: list[Paper]) -> None:
    assert citation_keys(papers) == {
        "arXiv:2305.14314": "dettmers2023qlora",
        "arXiv:2309.00001": "dai2023emua",
        "arXiv:2309.15807": "dai2023emub",
        "arXiv:2311.10709": "dai2023emuc",
    }


def test_keys_that_were_given_stay_and_others_keep_away() -> None:
    taken = {PaperKey("arXiv:2311.10709"): "dai2023emu", PaperKey("arXiv:2305.14314"): "MyQlora"}
    keys = citation_keys(EMUS, taken=taken, used=["DAI2023emuA"])
    assert keys[PaperKey("arXiv:2311.10709")] == "dai2023emu"
    assert keys[PaperKey("arXiv:2305.14314")] == "MyQlora"
    assert keys[PaperKey("arXiv:2309.00001")] == "dai2023emub"
    assert keys[PaperKey("arXiv:2309.15807")] == "dai2023emuc"
    assert citation_keys(EMUS[:1], taken=taken) == {"arXiv:2309.15807": "dai2023emua"}
    assert citation_keys(EMUS[:1], used=["dai2023EMU"]) == {"arXiv:2309.15807": "dai2023emua"}
    assert citation_keys(EMUS[:1], taken={EMUS[0].key: "X"}, used=["x"]) == {"arXiv:2309.15807": "dai2023emu"}


@pytest.mark.parametrize("broken", ["", "a b", "a,b", "a}", "a{", "%", "\n", "x" * 500])
def test_keys_that_would_break_the_file_are_not_kept(broken: str) -> None:
    assert citation_keys(EMUS[:1], taken={EMUS[0].key: broken}) == {"arXiv:2309.15807": "dai2023emu"}
    kept = {EMUS[0].key: "DBLP:conf/nips/Dai_Müller-23+x.y"}
    assert citation_keys(EMUS[:1], taken=kept) == kept


def test_more_than_26_papers_of_one_key() -> None:
    papers = [paper(f"arXiv:2301.{number:05}", "Word", "A. Family") for number in range(1, 31)]
    keys = citation_keys(papers)
    assert len(set(keys.values())) == 30
    assert (keys[papers[25].key], keys[papers[26].key]) == ("family2023wordz", "family2023wordaa")


def test_a_paper_given_twice_is_one_entry() -> None:
    assert len(bib_entries([EMUS[0], EMUS[0]])) == 1
    assert citation_keys([EMUS[0], EMUS[0]]) == {"arXiv:2309.15807": "dai2023emu"}


# --- entries -----------------------------------------------------------------------------------


def test_a_preprint() -> None:
    of = paper(
        "arXiv:hep-th/9901001", "On x_1", "A. B", categories=("hep-th", "gr-qc"), published=date(1999, 1, 3)
    )
    assert entry(of)[0] == BibEntry(
        "misc",
        "b1999x",
        (
            ("title", r"{On x\_1}"),
            ("author", "{B, A.}"),
            ("year", "{1999}"),
            ("month", "jan"),
            ("eprint", "{hep-th/9901001}"),
            ("archivePrefix", "{arXiv}"),
            ("primaryClass", "{hep-th}"),
            ("url", "{https://arxiv.org/abs/hep-th/9901001}"),
        ),
    )


@pytest.mark.parametrize(
    ("venue", "kind", "field", "year"),
    [
        ("ICLR 2021", "inproceedings", "booktitle", "2021"),
        ("SIGGRAPH Asia 2021", "inproceedings", "booktitle", "2021"),
        ("CoRL 2022", "inproceedings", "booktitle", "2022"),
        ("Interspeech 2021", "inproceedings", "booktitle", "2021"),
        ("NeurIPS 2021 Datasets and Benchmarks", "inproceedings", "booktitle", "2021"),
        ("Proceedings of the 38th ICML, PMLR 139, 2021", "inproceedings", "booktitle", "2021"),
        ("JMLR 2021", "article", "journal", "2021"),
        ("Nature Communications 12 (2021) 1234", "article", "journal", "2021"),
        ("Phys.Rev.D 71:063534,2021", "article", "journal", "2021"),
        ("Neural Computation", "article", "journal", "2020"),
        ("Phys. Lett. B 1998", "article", "journal", "2020"),
        ("J. R&D 50%", "article", "journal", "2020"),
    ],
)
def test_a_published_paper(venue: str, kind: str, field: str, year: str) -> None:
    made, fields = entry(paper("arXiv:2010.11929", author="A. B", venue=venue))
    assert (made.type, fields["year"]) == (kind, f"{{{year}}}")
    assert fields[field] == f"{{{venue}}}".replace("&", r"\&").replace("%", r"\%")
    assert "month" not in fields


PUBLISHED = paper(
    author="Tim Dettmers",
    venue="Journal of Examples & Proofs",
    venue_kind=VenueKind.JOURNAL,
    venue_year=2024,
    volume="7",
    issue="2",
    pages="12-34",
    publisher="An Example Press",
    doi="10.1000/7",
    published_title="A Title, as It Was Printed",
    published=date(2023, 5, 23),
    categories=("cs.LG",),
)


def test_one_entry_carries_the_publication_and_the_preprint() -> None:
    made, fields = entry(PUBLISHED)
    assert made.type == "article"
    assert fields == {
        "title": "{A Title, as It Was Printed}",
        "author": "{Dettmers, Tim}",
        "journal": r"{Journal of Examples \& Proofs}",
        "year": "{2024}",
        "volume": "{7}",
        "number": "{2}",
        "pages": "{12--34}",
        "eprint": "{2305.14314}",
        "archivePrefix": "{arXiv}",
        "primaryClass": "{cs.LG}",
        "doi": "{10.1000/7}",
        "url": "{https://arxiv.org/abs/2305.14314}",
    }


def test_the_preprint_is_described_where_that_is_preferred() -> None:
    (made,) = bib_entries([PUBLISHED], form=Form.PREPRINT)
    fields = dict(made.fields)
    assert (made.type, fields["title"], fields["year"], fields["month"]) == (
        "misc",
        "{A Title}",
        "{2023}",
        "may",
    )
    assert fields["eprint"] == "{2305.14314}"
    assert not {"journal", "doi", "volume", "pages"} & fields.keys()
    assert made.key == entry(PUBLISHED)[0].key, "the key stays, whatever is preferred"
    only_published = PUBLISHED.model_copy(update={"key": PaperKey("doi:10.1000/7")})
    assert bib_entries([only_published], form=Form.PREPRINT) == bib_entries([only_published])


@pytest.mark.parametrize(
    ("kind", "publisher", "type", "lacks"),
    [
        (VenueKind.PROCEEDINGS, "P", "inproceedings", "number"),
        (VenueKind.BOOK, "P", "incollection", "number"),
        (VenueKind.BOOK, None, "inproceedings", "publisher"),
        (VenueKind.JOURNAL, "P", "article", "publisher"),
    ],
)
def test_kinds_of_venues(kind: VenueKind, publisher: str | None, type: str, lacks: str) -> None:
    made, fields = entry(PUBLISHED.model_copy(update={"venue_kind": kind, "publisher": publisher}))
    assert made.type == type and lacks not in fields
    assert fields["journal" if type == "article" else "booktitle"]


def test_an_issue_without_a_volume_is_left_out() -> None:
    assert "number" not in entry(PUBLISHED.model_copy(update={"volume": None}))[1]


def test_without_an_author_styles_get_a_key_and_nothing_that_asks_for_one() -> None:
    made, fields = entry(paper(title="Pythia & Co: A Suite", venue="ICML 2023"))
    assert made.type == "misc" and "author" not in fields
    assert fields["key"] == "{Pythia Co}"
    assert fields["howpublished"] == "{ICML 2023}"
    assert entry(paper(title="$\\pi$-É_x"))[1]["key"] == "{E x}"
    assert entry(paper(title="大模型"))[1]["key"] == "{arxiv230514314}"


def test_authors_that_are_not_all_known() -> None:
    of = paper(author="Quan Sun").model_copy(update={"authors_complete": False})
    assert entry(of)[1]["author"] == "{Sun, Quan and others}"


def test_identifiers() -> None:
    assert entry(paper(doi="10.1/a_b<c>#%"))[1]["doi"] == "{10.1/a_b<c>#%}"
    assert entry(paper(doi="10.1/a}{\\b c\n"))[1]["doi"] == "{10.1/a%7D%7B%5Cb%20c%20}"
    fields = entry(paper("doi:10.1162/neco.1997.9.8.1735"))[1]
    assert (fields["doi"], "eprint" in fields) == ("{10.1162/neco.1997.9.8.1735}", False)
    assert entry(paper("acl:P19-1001"))[1]["url"] == "{https://aclanthology.org/P19-1001}"
    assert entry(paper(is_withdrawn=True))[1]["note"] == "{Withdrawn}"


TEXT = st.text(st.sampled_from("abAB 12{}\\$&%#_~^@,=\"'\n\r\x00é大“"), max_size=30)
PAPERS = st.lists(
    st.builds(
        Paper,
        key=st.integers(1, 400).map(lambda number: PaperKey(f"arXiv:2301.{number:05}")),
        title=TEXT,
        authors=st.lists(TEXT, max_size=3).map(tuple),
        authors_complete=st.booleans(),
        venue=st.none() | TEXT,
        doi=st.none() | TEXT,
        venue_kind=st.none() | st.sampled_from(VenueKind),
        venue_year=st.none() | st.just(2024),
        **{name: st.none() | TEXT for name in ("volume", "issue", "pages", "publisher", "published_title")},
        aliases=st.lists(TEXT, max_size=2).map(tuple),
        categories=st.just(("cs.CL",)) | TEXT.map(lambda text: (text,)),
    ),
    max_size=5,
    unique_by=lambda of: of.key,
)


@quick
@given(PAPERS)
def test_whatever_is_known_the_file_can_be_read(papers: list[Paper]) -> None:
    bib = read_bib(write_bibtex(papers).encode())
    assert bib.problems == ()
    assert [f"arXiv:{read.arxiv_id}" for read in bib.entries] == [of.key for of in papers]
    assert all("\n" not in value for made in bib_entries(papers) for _, value in made.fields)


# --- into a file -------------------------------------------------------------------------------

OLD = (
    b"\xef\xbb\xbf% Mine, do not touch\r\n"
    b'@string{icml = "ICML"}\r\n\r\n'
    b"@Article{Dettmers2023QLoRA,\r\n\ttitle = {Something else},\r\n\tauthor={X}}\r\n"
    b"@inproceedings{kirillov,\r\n  title={Segment {A}nything},\r\n  author = {Alexander Kirillov}}\r\n"
    b"@misc{broken, title = {never closed\r\n"
    b"@misc{emu, eprint = {2309.15807v2}}"
)


def test_a_file_keeps_every_byte_and_gets_what_it_lacks() -> None:
    sam = paper("arXiv:2304.02643", "Segment Anything", "Alexander Kirillov")
    merged = merge_bib(OLD, [*EMUS, sam, sam, EMUS[3]], name="refs.bib")
    assert merged.data.startswith(OLD + b"\r\n\r\n@misc{dai2023emua,\r\n  title = {Emu: Something Else},\r\n")
    assert merged.data.count(b"\n") == merged.data.count(b"\r\n")
    assert merged.present == {"arXiv:2309.15807": "emu", "arXiv:2304.02643": "kirillov"}
    assert merged.added == {
        "arXiv:2309.00001": "dai2023emua",
        "arXiv:2311.10709": "dai2023emub",
        "arXiv:2305.14314": "dettmers2023qloraa",  # the file has this key for another paper, in other case
    }
    assert [problem.subject for problem in merged.problems] == ["refs.bib"]
    again = merge_bib(merged.data, [sam, *reversed(EMUS)])
    assert (again.data, again.added) == (merged.data, {})


def test_keys_in_the_file_stay_when_papers_come_later() -> None:
    first = merge_bib(b"", EMUS[:1])
    assert first.added == {"arXiv:2309.15807": "dai2023emu"}
    second = merge_bib(first.data, EMUS)
    assert second.data.startswith(first.data)
    assert second.present == {"arXiv:2309.15807": "dai2023emu"}
    assert second.added[PaperKey("arXiv:2309.00001")] == "dai2023emua"


def test_nothing_to_add_changes_nothing() -> None:
    assert merge_bib(OLD, []).data == OLD
    assert merge_bib(b"", []).data == b""


def test_what_cannot_be_written_is_refused() -> None:
    with pytest.raises(InputError, match=r"refs\.bib: is not a text file"):
        merge_bib(b"\0\1\2", EMUS, name="refs.bib")
    latin = "@misc{a, title = {Müller}}".encode("latin-1")
    with pytest.raises(InputError, match="convert it to UTF-8"):
        merge_bib(latin, [paper(title="大模型")])
    assert merge_bib(latin, [paper(title="Éclair", author="Jürgen Öst")]).added


@quick
@given(PAPERS, st.sampled_from([b"", OLD, b"@misc{x", b"text\n", b"@comment{"]))
def test_merging_twice_adds_nothing(papers: list[Paper], before: bytes) -> None:
    once = merge_bib(before, papers)
    assert once.data.startswith(before)
    assert set(once.added) | set(once.present) == {of.key for of in papers}
    twice = merge_bib(once.data, papers)
    assert twice.data == once.data
    assert twice.present == once.added | once.present
