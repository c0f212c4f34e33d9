from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.bibfile import BibEntry, append_entries, is_in_bib, read_bib, write_bib
from tracker.errors import InputError
from tracker.identifiers import PaperKey
from tracker.models import Paper

quick = settings(max_examples=50, deadline=None)

QLORA = Paper(
    key=PaperKey("arXiv:2305.14314"),
    title="QLoRA: Efficient Finetuning of Quantized LLMs",
    authors=("Tim Dettmers", "Artidoro Pagnoni", "Ari Holtzman", "Luke Zettlemoyer"),
    authors_complete=True,
    year=2023,
)

NASTY = rb"""% my references
@string{icml = "Int. Conf. " # "on ML"}
@string(jan1 = {January})
@preamble{"\newcommand{\x}{y}"}
@comment{jabref-meta: databaseType:bibtex;}

@ARTICLE{ Muller2020 ,
	Author = "M{\"u}ller, J{\"o}rg and {Google Brain} and van der Berg, A. and others",
	TITLE = {The {GP} of
		{\'E}t{\'e} \& $\ell_1$: {A} "Quote"},
	Year = 2020, journal = icml, pages = {1--2},
	doi = {https://doi.org/10.1000/XYZ_1},
}
@inproceedings(parens2019, title = "In parens", author = {A. Person}, year = "2019")
@online{dated, title = {With a Date}, date = {2018-05-01}, url = {https://arxiv.org/abs/1706.03762v5}}
@misc{empty}
"""


def test_entries_are_read() -> None:
    bib = read_bib(NASTY, "refs.bib")
    assert [entry.key for entry in bib.entries] == ["Muller2020", "parens2019", "dated", "empty"]
    muller, parens, dated, empty = bib.entries
    assert (muller.type, muller.line, muller.year) == ("article", 7, 2020)
    assert muller.title == 'The GP of Été & $ℓ_1$: A "Quote"'
    assert muller.authors == ("Müller, Jörg", "{Google Brain}", "van der Berg, A.")
    assert muller.doi == "10.1000/xyz_1"
    assert (parens.title, parens.authors, parens.year) == ("In parens", ("A. Person",), 2019)
    assert (dated.year, dated.arxiv_id) == (2018, "1706.03762")
    assert (empty.title, empty.authors, empty.year, empty.paper_keys) == ("", (), None, frozenset())
    assert bib.problems == ()


@pytest.mark.parametrize(
    "fields",
    [
        "eprint = {2305.14314}, archivePrefix = {arXiv}",
        "eprint = {2305.14314v2}",
        "EPRINT = {arXiv:2305.14314 [cs.LG]}, eprinttype = {arxiv}",
        "eprint = {https://arxiv.org/abs/2305.14314v1}",
        "arxivId = {2305.14314}",
        "journal = {arXiv preprint arXiv:2305.14314}",
        "journal = {CoRR}, volume = {abs/2305.14314}",
        "journal = {ArXiv}, volume = {abs/2305.14314}",
        "journal = {arXiv e-prints arXiv:2305.14314}",
        "note = {arXiv:2305.14314v2 [cs.LG]}",
        r"howpublished = {\url{https://arxiv.org/pdf/2305.14314v2.pdf}}",
        "url = {http://arxiv.org/abs/2305.14314}",
        "doi = {10.48550/arXiv.2305.14314}",
        "doi = {https://doi.org/10.48550/ARXIV.2305.14314}",
        "journal = a # {preprint arXiv:2305.14314}",
    ],
)
def test_the_arxiv_id_is_found_wherever_it_stands(fields: str) -> None:
    bib = read_bib(f'@string{{a = "arXiv "}}\n@misc{{k, title = {{Another title}}, {fields}}}'.encode())
    assert bib.entries[0].arxiv_id == "2305.14314"
    assert bib.entries[0].doi is None
    assert is_in_bib(QLORA, bib)


@pytest.mark.parametrize(
    "fields",
    [
        "eprint = {2305.14314}, archivePrefix = {jstor}",
        "eprint = {2305.14315}",
        "note = {see also 2305.14314}",
        "pages = {2305.14314}",
        "journal = {Phys. Rev. 2305}, volume = {14314}",
    ],
)
def test_what_is_no_arxiv_id_is_none(fields: str) -> None:
    assert not is_in_bib(QLORA, read_bib(f"@misc{{k, {fields}}}".encode()))


@pytest.mark.parametrize(
    "entry",
    [
        "title = {{QLoRA}: Efficient Finetuning of Quantized {LLM}s}, author = {Dettmers, Tim and others}",
        "title = {QLORA - efficient fine-tuning of quantized LLMs.}, author = {T. Dettmers}, year = 2024",
        'title = "{QL}o{RA}: {E}fficient\n finetuning of quantized {LLMs}", author = "Tim Dettmers"',
        "title = {QLoRA}, subtitle = {Efficient Finetuning of Quantized LLMs}, author = {Dettmers, Tim}",
        "title = {QLoRA: Efficient Finetuning of Quantized LLMs}, year = 2024",
    ],
)
def test_a_published_entry_is_the_preprint(entry: str) -> None:
    assert is_in_bib(QLORA, read_bib(f"@inproceedings{{k, {entry}, booktitle = {{NeurIPS}}}}".encode()))


@pytest.mark.parametrize(
    "entry",
    [
        "title = {QLoRA: Efficient Finetuning of Quantized LLMs}, author = {Wang, Wei}",
        "title = {QLoRA: Efficient Finetuning of Quantized LLMs}, eprint = {2401.00001}",
        "title = {QLoRA: Efficient Finetuning of Quantized LLMs}, year = 2030",
        "title = {QLoRA}, author = {Dettmers, Tim}",
        "title = {}, author = {Dettmers, Tim}",
    ],
)
def test_another_paper_is_not_this_one(entry: str) -> None:
    assert not is_in_bib(QLORA, read_bib(f"@misc{{k, {entry}}}".encode()))


def test_a_short_title_needs_an_author() -> None:
    unknown = Paper(key=PaperKey("arXiv:1206.5538"), title="Deep learning", year=2015)
    assert not is_in_bib(unknown, read_bib(b"@article{k, title = {Deep learning}, year = 2015}"))


def test_other_identifiers_match() -> None:
    bib = read_bib(
        b"@article{a, doi = {10.1162/NECO.1997.9.8.1735}}\n"
        b"@inproceedings{b, url = {https://aclanthology.org/P19-1001.pdf}}\n"
        b"@misc{c, url = {https://openreview.net/forum?id=BZ5a1r-kVsf&noteId=x}}\n"
        b"@inproceedings{d, doi = {10.18653/v1/2020.acl-main.1}}\n"
    )
    keys = ["doi:10.1162/neco.1997.9.8.1735", "acl:P19-1001", "openreview:BZ5a1r-kVsf", "acl:2020.acl-main.1"]
    found = [bib.find(Paper(key=PaperKey(key), title="x")) for key in keys]
    assert [entry.key if entry else None for entry in found] == ["a", "b", "c", "d"]
    published = Paper(key=PaperKey("arXiv:2001.00001"), title="y", doi="10.18653/v1/2020.acl-main.1")
    assert bib.find(published) == bib.entries[3]


def test_broken_entries_become_problems_and_the_rest_is_read() -> None:
    bib = read_bib(
        b"@misc{good, title = {A}}\n"
        b"@article{open, title = {never closed,\n"
        b"@misc{after, title = {B}}\n"
        b"@misc{good, eprint = {2305.14314}}\n"
        b"@misc{twice, title = {C}, title = {D}}\n"
        b"@misc{percent, % a comment\n title = {E}}\n"
        b"@misc{quote, title = {F} year}\n"
        b"@misc(nocomma title = {G})\n",
        "refs.bib",
    )
    assert [entry.key for entry in bib.entries] == ["good", "after", "good", "twice", "percent", "quote"]
    assert [entry.title for entry in bib.entries[3:5]] == ["C", "E"]
    assert is_in_bib(QLORA, bib)
    messages = [problem.message for problem in bib.problems]
    assert [message.split(" ")[4] for message in messages] == ["2", "4", "5", "9"]
    assert "cannot be read" in messages[0] and "key" in messages[1] and "field twice" in messages[2]
    assert {problem.subject for problem in bib.problems} == {"refs.bib"}


def test_endless_problems_are_counted() -> None:
    problems = read_bib(b"@article{open,\n" * 500).problems
    assert len(problems) == 21
    assert problems[-1].message == "480 more entries cannot be read"


@pytest.mark.parametrize(
    "data",
    [
        b"@article{" * 2000,
        b"{" * 20_000,
        b"@a{b, t = {" + b"{" * 20_000,
        b"@a" + b" \t" * 20_000,
        b"@comment{" * 2000,
        b"@a{k, title = {" + b"\\'{   " * 5000 + b"}}",
        b"@a{k, author = {" + b"{" * 9000 + b"}" * 9000 + b" and and " * 2000 + b"}}",
        b"@a{k, note = {arxiv" + b"!" * 20_000 + b"}}",
        b"@string{a = {x}}\n"
        + b"".join(b"@string{a%d = a # a%d # a%d}\n" % (i + 1, i, i) for i in range(200)),
        b'@string{a = "' + b"x" * 20_000 + b'"}\n@a{k, title = ' + b"a # " * 20_000 + b"a}",
        b"@a{k, year = {" + b"9" * 20_000 + b"}}",
        bytes(range(1, 256)) * 50,
    ],
)
def test_hostile_files_are_read(data: bytes) -> None:
    bib = read_bib(data)
    entry = BibEntry("misc", "mine", (("title", "{T}"),))
    assert append_entries(bib, [entry]).startswith(data)


@quick
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        bib = read_bib(data, "refs.bib")
    except InputError as error:
        assert str(error).startswith("refs.bib: ")
    else:
        assert append_entries(bib, []) == data


KEYS = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=12)
VALUES = st.text(st.sampled_from("abc XYZ.,=:#@%&'\"/-$é大"), max_size=30).map(lambda value: f"{{{value}}}")
NAMES = ["title", "author", "year", "url", "journal"]
FIELDS = st.dictionaries(st.sampled_from(NAMES), VALUES, min_size=1).map(lambda fields: tuple(fields.items()))
ENTRIES = st.lists(
    st.builds(BibEntry, st.just("misc"), KEYS, FIELDS), max_size=5, unique_by=lambda entry: entry.key
)


@quick
@given(ENTRIES)
def test_what_is_written_is_read(entries: list[BibEntry]) -> None:
    bib = read_bib(write_bib(entries).encode())
    assert bib.problems == ()
    assert [entry.key for entry in bib.entries] == [entry.key for entry in entries]
    for read, written in zip(bib.entries, entries, strict=True):
        title = dict(written.fields).get("title", "{}")[1:-1]
        assert read.title == " ".join(title.split())


@quick
@given(
    ENTRIES,
    st.sampled_from(["", "\n", "\n\n", "\r\n", "% x", "@misc{a, title={A}}", "@misc{b}\r\n\r\n", "\ufeff"]),
)
def test_appending_keeps_every_byte(entries: list[BibEntry], before: str) -> None:
    data = before.encode()
    after = append_entries(read_bib(data), entries)
    assert after.startswith(data)
    read = [entry.key for entry in read_bib(after).entries]
    assert read[len(read) - len(entries) :] == [entry.key for entry in entries]


ENTRY = BibEntry("misc", "k", (("title", "{T}"),))


@pytest.mark.parametrize(
    ("before", "gap"),
    [
        (b"", b""),
        (b"\xef\xbb\xbf", b""),
        (b"@misc{a}", b"\n\n"),
        (b"@misc{a}\n", b"\n"),
        (b"@misc{a}\n\n", b""),
        (b"@misc{a}\n\n\n", b""),
        (b"@misc{a}\r\n", b"\r\n"),
        (b"@misc{a}\r\n% end", b"\r\n\r\n"),
        (b"@misc{a}\r% end", b"\r\r"),
    ],
)
def test_new_entries_follow_the_style_of_the_file(before: bytes, gap: bytes) -> None:
    newline = b"\r\n" if b"\r\n" in before else b"\r" if b"\r" in before else b"\n"
    entry = b"@misc{k,\n  title = {T},\n}\n".replace(b"\n", newline)
    assert append_entries(read_bib(before), [ENTRY]) == before + gap + entry


def test_new_entries_follow_the_encoding_of_the_file() -> None:
    chinese = BibEntry("misc", "k", (("title", "{大模型}"),))
    gb = "@misc{a, title = {语言模型综述}}\n".encode("gb18030")
    assert "大模型".encode("gb18030") in append_entries(read_bib(gb), [chinese])
    utf16 = b"\xff\xfe" + "@misc{a}\n".encode("utf-16-le")
    assert append_entries(read_bib(utf16), [chinese]).decode("utf-16").count("大模型") == 1
    latin = "@misc{a, title = {Müller}}\n".encode("latin-1")
    with pytest.raises(
        InputError, match=r"^refs\.bib: is in latin-1, which has no '大'; convert it to UTF-8"
    ):
        append_entries(read_bib(latin, "refs.bib"), [chinese])
