import doctest
import json
from datetime import date
from pathlib import Path

import pytest

import tracker.mentions.ids
from tracker.mentions.ids import Form, FoundId, find_ids

SHARED = Path(__file__).parents[2].parent / "shared" / "bench"


def test_examples_in_docstrings() -> None:
    assert doctest.testmod(tracker.mentions.ids).failed == 0


def short(found: FoundId) -> str:
    """ "2305.14314v2", "doi:10.1145/1": the key, without the arXiv scheme, and the version."""
    return found.key.removeprefix("arXiv:") + (f"v{found.version}" if found.version else "")


def shorts(text: str) -> str:
    return " ".join(short(found) for found in find_ids(text))


def surfaces(text: str) -> list[str]:
    return [text[found.start : found.end] for found in find_ids(text)]


ADDRESSES = [
    "https://arxiv.org/abs/2305.14314",
    "http://arxiv.org/pdf/2305.14314.pdf",
    "https://arxiv.org/pdf/2305.14314v2",
    "https://arxiv.org/html/2305.14314v1",
    "https://arxiv.org/format/2305.14314",
    "https://arxiv.org/ps/2305.14314",
    "https://arxiv.org/abs/2305.14314.pdf",
    "arxiv.org/abs/2305.14314",
    "https://www.arxiv.org/abs/2305.14314",
    "https://export.arxiv.org/abs/2305.14314",
    "http://cn.arxiv.org/abs/2305.14314",
    "https://browse.arxiv.org/abs/2305.14314",
    "http://xxx.lanl.gov/abs/2305.14314",
    "https://ar5iv.org/abs/2305.14314",
    "https://ar5iv.labs.arxiv.org/html/2305.14314",
    "https://www.alphaxiv.org/overview/2305.14314",
    "https://huggingface.co/papers/2305.14314",
    "https://hf.co/papers/2305.14314",
    "https://www.arxiv-vanity.com/papers/2305.14314",
    "https://scirate.com/arxiv/2305.14314",
    "https://www.semanticscholar.org/arxiv/2305.14314",
    "https://api.semanticscholar.org/arXiv:2305.14314",
    "https://scholar.google.com/scholar_lookup?arxiv_id=2305.14314",
    "https://ui.adsabs.harvard.edu/abs/arXiv:2305.14314",
    "https://ui.adsabs.harvard.edu/abs/2023arXiv230514314D",
    "https://export.arxiv.org/api/query?search_query=&id_list=2305.14314v1",
    "https://arxiv.org/search/?query=2305.14314",
    "https://arxiv.org/ftp/arxiv/papers/2305/2305.14314.pdf",
    "https://browse.arxiv.org/latexml/2305.14314v1/2305.14314v1",
    "https://link.zhihu.com/?target=http%3A//cn.arxiv.org/abs/2305.14314",
    "extension://abcdef/viewer.html?file=https%3A%2F%2Farxiv.org%2Fpdf%2F2305.14314v1.pdf",
    "https://doi.org/10.48550/arXiv.2305.14314",
    "https://doi.org/10.48550/ARXIV.2305.14314",
    "https://dblp.org/rec/journals/corr/abs-2305-14314",
]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    "template", ["{}", "论文：{}，很好", "[x]({})", '<a href="{}">', "see {}.", "（{}）"]
)
def test_addresses_are_found_whole(address: str, template: str) -> None:
    text = template.format(address)
    assert [found.key for found in find_ids(text)] == ["arXiv:2305.14314"]
    assert surfaces(text) == [address]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # labels
        ("arXiv:2305.14314v2", "2305.14314v2"),
        ("arXiv: 2305.14314 [cs.CL]", "2305.14314"),
        ("ARXIV:2305.14314", "2305.14314"),
        ("arXiv 2305.14314", "2305.14314"),
        ("arXiv preprint arXiv:2305.14314, 2023.", "2305.14314"),
        ("arXiv preprint 2305.14314.", "2305.14314"),
        ("arXiv e-prints, 2305.14314", "2305.14314"),
        ("ArXiv preprint, abs/2305.14314, 2023", "2305.14314"),
        ("posted to arXiv (2305.14314). Its", "2305.14314"),
        ("arXiv.2305.14314", "2305.14314"),
        ("arxiv2305.14314", "2305.14314"),
        ("arXiv:~2305.14314", "2305.14314"),
        ("arXiv:2305.14314,2023.", "2305.14314"),
        ("arXiv:2305.14314.2023", "2305.14314"),
        ("CoRR, abs/2305.14314", "2305.14314"),
        ("volume = {abs/2305.14314},", "2305.14314"),
        ("eprint  = {2305.14314},", "2305.14314"),
        ('eprint = "2305.14314v3"', "2305.14314v3"),
        ("{{cite arXiv |eprint=2305.14314 |class=cs}}", "2305.14314"),
        ("arxiv: '2305.14314'", "2305.14314"),
        ('{"arxiv_id": "2305.14314"}', "2305.14314"),
        ("arXiv编号如`2305.14314`", "2305.14314"),
        ("arXiv上的论文 2305.14314", "2305.14314"),
        ("paper 2305.14314 shows", "2305.14314"),
        ("论文 2305.14314 提出", "2305.14314"),
        # badges
        ("![](https://img.shields.io/badge/arXiv-2305.14314-b31b1b.svg)", "2305.14314"),
        ("https://img.shields.io/badge/arXiv%3A2305.14314-red", "2305.14314"),
        ("https://img.shields.io/badge/Paper-2305.14314-red", "2305.14314"),
        # lists
        ("arXiv:2305.14314, 2307.09288, and 1706.03762v5", "2305.14314 2307.09288 1706.03762v5"),
        ("参见arXiv:2307.09288和2305.14314。", "2307.09288 2305.14314"),
        ('id_list=["1705.09169v3", "1705.09129v3"]', "1705.09169v3 1705.09129v3"),
        ("id_list=2305.14314,hep-th/9901001,2307.09288", "2305.14314 hep-th/9901001 2307.09288"),
        # markup
        ('<a href="https://arxiv.org/abs/2305.14314">2305.14314</a>', "2305.14314 2305.14314"),
        ('arXiv:<a href="/abs">2305.14314</a>', "2305.14314"),
        ("arXiv:&nbsp;2305.14314", "2305.14314"),
        ("[2305.14314](https://arxiv.org/abs/2305.14314)", "2305.14314 2305.14314"),
        (r"\href{https://arxiv.org/abs/2305.14314v2}{paper}", "2305.14314v2"),
        (r"https:\/\/arxiv.org\/abs\/2305.14314", "2305.14314"),
        (r"https:\/\/arxiv.org\/abs\/hep-th\/9901001", "hep-th/9901001"),
        (r"arXiv preprint\narXiv:2305.14314.\n", "2305.14314"),
        # Chinese and full-width neighbours
        ("见https://arxiv.org/abs/2307.09288,比较了", "2307.09288"),
        ("https://arxiv.org/abs/1808.00059两", "1808.00059"),
        ("（arXiv：2305.14314）", "2305.14314"),
        ("ａｒＸｉｖ：２３０５．１４３１４ｖ２，很好", "2305.14314v2"),
        ("介绍于arXiv:1903.01568介绍", "1903.01568"),
        # broken over a line
        ("arXiv preprint\narXiv:2305.14314.", "2305.14314"),
        ("arXiv preprint arXiv:\n2305.14314, 2023.", "2305.14314"),
        ("arXiv: 2305.\n14314", "2305.14314"),
        ("URL https://arxiv.org/abs/2305.\n14314.", "2305.14314"),
        ("https://arxiv.org/abs/\n2305.14314", "2305.14314"),
        ("https://arxiv.org/\nabs/2305.14314", "2305.14314"),
        ("> arXiv:2305.143\n> 14, 2023", "2305.14314"),
        ("arX-\niv preprint 2305.14314", "2305.14314"),
        ("https://doi.org/10.48550/arXiv.2305.\n14314", "2305.14314"),
        # alone, with something that makes it an id
        ("2305.14314", "2305.14314"),
        ("1412.6980\n", "1412.6980"),
        ("1. 1706.03762\n2. 2305.14314\n", "1706.03762 2305.14314"),
        ('retrieve("2305.14314v2")', "2305.14314v2"),
        ("fixtures/2305.14314.pdf", "2305.14314"),
        ("2305.14314v1.Some_title.pdf", "2305.14314v1"),
        ("[2305.14314] QLoRA: Efficient Finetuning", "2305.14314"),
        ("2305.14314 [cs.LG]", "2305.14314"),
        ("`1706.03762`, that is https://arxiv.org/abs/1706.03762", "1706.03762 1706.03762"),
        # keys of other services
        ("@article{DBLP:journals/corr/abs-1905-00546,", "1905.00546"),
        ("journals/corr/cs-CL-0501001", "cs/0501001"),
        ("2007arXiv0704.0001B", "0704.0001"),
    ],
)
def test_new_style_ids(text: str, expected: str) -> None:
    assert shorts(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        # impossible
        "arXiv:2313.12345",
        "arXiv:2399.12345",
        "arXiv:2305.1431",
        "arXiv:1203.45678",
        "arXiv:2305.143145",
        "arXiv:2305.00000",
        "arXiv:9912.12345v2",
        "https://arxiv.org/abs/0702.0003",
        "https://doi.org/10.48550/arXiv.2313.12345",
        "id_list=0808.05394",
        "arXiv:1701.1234\n5. The next entry",
        "arXiv:YYMM.NNNNN",
        # pages that are no papers
        "https://arxiv.org/list/cs.CL/2305?skip=0",
        "https://arxiv.org/list/cs.CL/2305.14314",
        "https://arxiv.org/list/hep-th/9901001",
        "https://arxiv.org/a/0000-0002-7970-7855",
        "http://arxiv.org/resolve/app/08050007",
        "https://arxiv.org/archive/astro-ph",
        # prices, measurements, dates, versions, telephones, books
        "$1203.4567",
        "￥1203.4567",
        "1203.4567 元",
        "2103.12345万",
        "ips: 2412.40082 ins/s",
        "| 1109.9612 | 1203.4567 |",
        "loss 2104.12345, then 2103.54321",
        "Total\n1203.4567\nAverage",
        "2104.12345\n3.5\n7.25\n",
        "9,999,1203.4567",
        "1203.4567.8",
        "12305.14314",
        "3.2305.14314",
        "2305.14314%",
        "2305.14314x",
        "v2305.14314",
        "langchain==0.0.292",
        "2012.06.30",
        "+86 1203.4567",
        "ISBN 978-1-4503-5217-8",
        "2020.acl-main.1",
    ],
)
def test_look_alikes_are_no_ids(text: str) -> None:
    assert find_ids(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "https://doi.org/10.1016/j.aasri.2012.05001",
        "10.1111/j.1365-2966.2007.11809.x",
        "10.1109/arXiv.2305.14314",
        "10.1088/physics/0411006",
    ],
)
def test_parts_of_dois_are_no_arxiv_ids(text: str) -> None:
    assert [found.form for found in find_ids(text)] == [Form.DOI]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hep-th/9901001", "hep-th/9901001"),
        ("arXiv:hep-th/9901001v3", "hep-th/9901001v3"),
        ("math.GT/0309136", "math/0309136"),
        ("version of arXiv.math.GR/0512484 (2011)", "math/0512484"),
        ("cs.CL/0501001", "cs/0501001"),
        ("physics.soc-ph/0601001", "physics/0601001"),
        ("cond-mat.stat-mech/0501001", "cond-mat/0501001"),
        ("'chao-dyn/9312008', 'chao-dyn/9401001'", "chao-dyn/9312008 chao-dyn/9401001"),
        ("http://arxiv.org/pdf/math/0607353v1.pdf", "math/0607353v1"),
        ("id_list=quant-ph%2F0201082v1&sortBy", "quant-ph/0201082v1"),
        ("?id=oai%3AarXiv.org%3Acs.DL%2F0106057", "cs/0106057"),
        ("http://xxx.lanl.gov/abs/quant-ph/?9809016", "quant-ph/9809016"),
        ("introduced by Crane and Yetter (in hep-th 9301062)", "hep-th/9301062"),
        ("hep-\nth/9901001", "hep-th/9901001"),
        ("arXiv:hep-th/\n9901001", "hep-th/9901001"),
        ("/html/cs/9901011/timeline_v3.gif", "cs/9901011"),
        ("https://doi.org/10.48550/arXiv.hep-th/9901001", "hep-th/9901001"),
        ("论文hep-th/9901001是", "hep-th/9901001"),
        # not
        ("hep-th/9913001", ""),
        ("hep-th/0704001", ""),
        ("q-alg/9801001", ""),
        ("stat/0701001", ""),
        ("quant/0008033", ""),
        ("math/2012345", ""),
        ("xhep-th/9901001", ""),
        ("biomath/0309136", ""),
        ("my-cs/0501001", ""),
        ("docs.cs/0501001", ""),
        ("cs 0501001", ""),
        ("hep-th/99010011", ""),
        ("https://example.com/cs/0501001.html", ""),
        ("https://example.com/physics/0411006", ""),
    ],
)
def test_old_style_ids(text: str, expected: str) -> None:
    assert shorts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected", "surface"),
    [
        ("see doi:10.1145/3292500.3330701.", "doi:10.1145/3292500.3330701", "doi:10.1145/3292500.3330701"),
        ("DOI：10.1145/3292500。", "doi:10.1145/3292500", "DOI：10.1145/3292500"),
        (
            "(https://doi.org/10.1016/S0893-6080(05)80129-0)",
            "doi:10.1016/s0893-6080(05)80129-0",
            "https://doi.org/10.1016/S0893-6080(05)80129-0",
        ),
        (
            "https://onlinelibrary.wiley.com/doi/10.1111/cgf.14340/abstract?x=1",
            "doi:10.1111/cgf.14340",
            "https://onlinelibrary.wiley.com/doi/10.1111/cgf.14340",
        ),
        (
            "https://arxiv.org/ct?url=https%3A%2F%2Fdx.doi.org%2F10.1103%2FPhysRevD.76.013009&amp;v=d0",
            "doi:10.1103/physrevd.76.013009",
            "https://arxiv.org/ct?url=https%3A%2F%2Fdx.doi.org%2F10.1103%2FPhysRevD.76.013009",
        ),
        (
            "doi:10.1007/978-3-\n319-29582-4_13 in",
            "doi:10.1007/978-3-319-29582-4_13",
            "doi:10.1007/978-3-\n319-29582-4_13",
        ),
        (
            "10.1162/neco.\n1997.9.8.1735.",
            "doi:10.1162/neco.1997.9.8.1735",
            "10.1162/neco.\n1997.9.8.1735",
        ),
        ("doi:10.1145/3292500.\n12. The next", "doi:10.1145/3292500", "doi:10.1145/3292500"),
        (r'{"doi":"10.1145\/3292500"}', "doi:10.1145/3292500", r"10.1145\/3292500"),
        ("badge/DOI-10.5281%2Fzenodo.12-blue.svg", "doi:10.5281/zenodo.12", "DOI-10.5281%2Fzenodo.12"),
        ("10.18653/v1/2020.emnlp-main.550,", "acl:2020.emnlp-main.550", "10.18653/v1/2020.emnlp-main.550"),
    ],
)
def test_dois(text: str, expected: str, surface: str) -> None:
    assert shorts(text) == expected
    assert surfaces(text) == [surface]


def test_dois_side_by_side() -> None:
    text = (
        "[https://doi.org/10.1145/3377811](https://dl.acm.org/doi/10.1145/3377812)，10.1145/1,10.1145/3292502"
    )
    assert shorts(text) == "doi:10.1145/3377811 doi:10.1145/3377812 doi:10.1145/3292502"


@pytest.mark.parametrize(
    "text",
    [
        "10.0000/example",
        "10.1234/5",
        "10.2500/12.5",
        "10/3212.3123",
        "10.1007/978-3-",
        "viewdoc/download?doi=10.1.1.115.1881&rep=rep1",
        "https://hdl.handle.net/20.500.12185/397",
        "110.1145/3292500",
    ],
)
def test_look_alikes_are_no_dois(text: str) -> None:
    assert find_ids(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://aclanthology.org/2020.acl-main.1", "acl:2020.acl-main.1"),
        ("https://aclanthology.org/2021.emnlp-main.243.pdf", "acl:2021.emnlp-main.243"),
        ("https://www.aclweb.org/anthology/2020.emnlp-main.285/", "acl:2020.emnlp-main.285"),
        ("http://www.aclweb.org/anthology/P/P16/P16-1001.pdf", "acl:P16-1001"),
        ("http://anthology.aclweb.org/D/D14/D14-1162.pdf", "acl:D14-1162"),
        ("https://aclanthology.info/papers/P18-1001/p18-1001", "acl:P18-1001"),
        ("https://openreview.net/forum?id=BZ5a1r-kVsf", "openreview:BZ5a1r-kVsf"),
        ("http://openreview.net/pdf?id=BJKYvt5lg)", "openreview:BJKYvt5lg"),
        ("https://openreview.net/forum?noteId=ab&amp;id=BZ5a1r-kVsf#x", "openreview:BZ5a1r-kVsf"),
        ("https://openreview.net/forum?id=BZ5a1r-kVsf，见", "openreview:BZ5a1r-kVsf"),
        # not
        ("https://aclanthology.org/volumes/2020.acl-main/", ""),
        ("https://aclanthology.org/2020.acl-main.0/", ""),
        ("https://aclanthology.org/events/acl-2020/", ""),
        ("https://aclanthology.org/P19-1", ""),
        ("part number P19-1001", ""),
        ("https://openreview.net/group?id=ICLR.cc/2024/Conference", ""),
        ("https://openreview.net/profile?id=~John_Smith1", ""),
        ("https://openreview.net/references/pdf?id=BkKwk1Lxf", ""),
    ],
)
def test_acl_and_openreview(text: str, expected: str) -> None:
    assert shorts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("arXiv preprint arXiv:2305.14314v2, 2023", ["arXiv:2305.14314v2"]),
        ("arXiv 1607.06450\n", ["arXiv 1607.06450"]),
        ("volume = {abs/2409.19606},", ["abs/2409.19606"]),
        ("eprint = {2305.14314}", ["2305.14314"]),
        (
            "https://web.archive.org/web/2023/https://arxiv.org/abs/2305.14314",
            ["https://arxiv.org/abs/2305.14314"],
        ),
        ("https://a.example/x,https://arxiv.org/abs/2305.14314", ["https://arxiv.org/abs/2305.14314"]),
        ("https://arxiv.org/abs/2305.\n14314.", ["https://arxiv.org/abs/2305.\n14314"]),
        ("arXiv:math.GT/0309136.", ["arXiv:math.GT/0309136"]),
        (
            "/ps_cache/arxiv/html/2409/2409.03427v1/2409.03427.html",
            ["2409.03427v1/2409.03427"],
        ),
        ("id_list=2305.14314,2307.09288", ["2305.14314", "2307.09288"]),
    ],
)
def test_the_surface_is_what_a_reader_would_mark(text: str, expected: list[str]) -> None:
    assert surfaces(text) == expected


def test_the_form_says_why() -> None:
    text = "https://arxiv.org/abs/2305.14314 arXiv:2307.09288 hep-th/9901001 2106.09685v1 10.1145/3292500"
    assert [found.form for found in find_ids(text)] == list(Form)


def test_nothing_in_nothing() -> None:
    assert find_ids("") == []
    assert find_ids("\n" * 100) == []


def test_ids_of_the_future_are_none() -> None:
    assert find_ids("arXiv:2306.00001", today=date(2023, 5, 31)) == []
    assert len(find_ids("arXiv:2305.00001", today=date(2023, 5, 31))) == 1


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        ".",
        "/",
        "10.",
        "10.1000/",
        "(",
        "2305.",
        "2305.14314 ",
        "arXiv:",
        "arXiv <",
        "hep-th/",
        "/9901001",
        "2305.\n",
        "10.1145/x-\n",
        "openreview.net/forum?",
        "aclanthology.org/",
        "%2F",
        "２３０５．",
    ],
)
def test_hostile_text_gives_an_answer(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    for found in find_ids(text):
        assert text[found.start : found.end]


def labelled_lines() -> list[dict[str, list[str] | str]]:
    path = SHARED / "ids-dev.jsonl"
    if not path.exists():
        pytest.skip(f"labelled lines are missing: {path.name} is expected in ../shared/bench")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_labelled_lines() -> None:
    """Everything expected is found with its version, and nothing beyond what is expected or optional."""
    wrong = []
    for line in labelled_lines():
        found = [one for one in find_ids(str(line["text"])) if one.key.startswith("arXiv:")]
        keys = {one.key.removeprefix("arXiv:") for one in found}
        expected = {key.removeprefix("arXiv:") for key in line["expected"]}
        optional = {key.removeprefix("arXiv:") for key in line["optional"]}
        versions = {key.removeprefix("arXiv:") for key in line["versions"]}
        found_versions = {short(one) for one in found if one.version}
        due = {version for version in versions if version.rpartition("v")[0] in keys}
        if not expected <= keys <= expected | optional or found_versions != due:
            wrong.append((line["id"], keys ^ expected, found_versions ^ due))
    assert wrong == []


def test_ids_that_documents_print() -> None:
    """Every id that was left standing in the labelled documents is found where it stands."""
    labels = SHARED / "dev" / "mentions.jsonl"
    if not labels.exists():
        pytest.skip(f"labelled documents are missing: {labels.name} is expected in ../shared/bench/dev")
    rows = [json.loads(line) for line in labels.read_text(encoding="utf-8").splitlines()]
    printed: dict[str, set[tuple[int, int, str]]] = {}
    for row in rows:
        if row["context"] == "id_only":
            printed.setdefault(row["doc_id"], set()).add((row["start"], row["end"], row["paper"]))
    assert printed
    for name, expected in printed.items():
        text = (labels.parent / "docs" / f"{name}.txt").read_text(encoding="utf-8")
        assert expected <= {(one.start, one.end, str(one.key)) for one in find_ids(text)}, name
