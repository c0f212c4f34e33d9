import doctest
from datetime import date

import pytest

import tracker.identifiers
from tracker.identifiers import (
    ARCHIVES,
    arxiv_id_of,
    arxiv_key,
    doi_of,
    fold_width,
    key_of_doi,
    parse_acl_id,
    parse_arxiv_id,
    parse_doi,
    parse_key,
    trim_doi,
    url_of,
    year_month_of,
)


def test_examples_in_docstrings() -> None:
    assert doctest.testmod(tracker.identifiers).failed == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2305.14314", ("2305.14314", None)),
        ("2305.14314v12", ("2305.14314", 12)),
        ("0704.0001", ("0704.0001", None)),
        ("1412.6980V9", ("1412.6980", 9)),
        ("1501.00001", ("1501.00001", None)),
        ("hep-th/9108001", ("hep-th/9108001", None)),
        ("hep-lat/9107001", ("hep-lat/9107001", None)),
        ("math/0703999v2", ("math/0703999", 2)),
        ("math.GT/0309136", ("math/0309136", None)),
        ("cs.CL/0501001v1", ("cs/0501001", 1)),
        ("cond-mat.stat-mech/0501001", ("cond-mat/0501001", None)),
        ("HEP-TH/9901001", ("hep-th/9901001", None)),
        ("cs/9301101", ("cs/9301101", None)),  # taken in from an older collection
        ("q-alg/9712034", ("q-alg/9712034", None)),
    ],
)
def test_possible_arxiv_ids(text: str, expected: tuple[str, int | None]) -> None:
    assert parse_arxiv_id(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2313.12345",  # month 13
        "2300.12345",
        "2399.12345",
        "0703.0001",  # before the new style
        "1412.69801",  # five digits before 2015
        "1501.0001",  # four digits since
        "2305.143145",
        "2305.00000",  # number 0
        "1203.0000",
        "9912.12345",  # 2099
        "2305.14314v0",
        "2305.14314v",
        " 2305.14314",
        "２３０５．１４３１４",  # folding is the caller's
        "٢٣٠٥.14314",
        "hep-th/9106001",  # before arXiv
        "hep-th/0704001",  # after the old style
        "hep-th/9913001",
        "hep-th/9901000",
        "hep-th/99010011",
        "q-alg/9801001",  # the archive had ended
        "stat/0701001",  # began after the old style
        "quant/0008033",
        "arXiv/9901001",
    ],
)
def test_impossible_arxiv_ids(text: str) -> None:
    assert parse_arxiv_id(text) is None


def test_the_future_is_impossible() -> None:
    today = date(2023, 5, 31)
    assert parse_arxiv_id("2305.14314", today)
    assert parse_arxiv_id("2306.00001", today) is None
    assert parse_key("arXiv:2306.00001", today) is None
    assert parse_key("https://doi.org/10.48550/arXiv.2306.00001", today) is None


def test_every_archive_is_known_to_its_last_month() -> None:
    assert len(ARCHIVES) == 34
    for archive, last in ARCHIVES.items():
        assert parse_arxiv_id(f"{archive}/{last % 10000:04d}001"), archive


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.1162/NECO.1997.9.8.1735", "10.1162/neco.1997.9.8.1735"),
        ("doi:10.1145/3292500.3330701", "10.1145/3292500.3330701"),
        ("https://doi.org/10.1145/3292500.3330701.", "10.1145/3292500.3330701"),
        ("http://dx.doi.org/10.1016/S0893-6080(05)80129-0", "10.1016/s0893-6080(05)80129-0"),
        ("(see 10.1016/S0893-6080(05)80129-0)", "10.1016/s0893-6080(05)80129-0"),
        ("https%3A%2F%2Fdoi.org%2F10.1103%2FPhysRevD.76.013009", "10.1103/physrevd.76.013009"),
        ("https://onlinelibrary.wiley.com/doi/10.1111/cgf.14340/full", "10.1111/cgf.14340"),
        (
            "https://link.springer.com/content/pdf/10.1007/978-3-319-29582-4_13.pdf?a=b",
            "10.1007/978-3-319-29582-4_13",
        ),
        (r"10.1007/978-3-319-29582-4\_13", "10.1007/978-3-319-29582-4_13"),
        (
            "10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2",
            "10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-2",
        ),
        ("10.1371/journal.pone.0179403.g001", "10.1371/journal.pone.0179403"),
        ("10.1145", None),
        ("10.1145/", None),
        ("10.12/345", None),
        ("10.0000/example", None),
        ("110.1145/3292500", None),
        ("1.10.1145/3292500", None),
    ],
)
def test_dois(text: str, expected: str | None) -> None:
    assert parse_doi(text) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("10.1145/3292500).", "10.1145/3292500"),
        ("10.1145/3292500](https://example.org/a(b)", "10.1145/3292500"),
        ("10.1145/3292500(pdf", "10.1145/3292500"),
        ("10.1145/3292500/abstract", "10.1145/3292500"),
        ("10.1101/123456.full.pdf+html", "10.1101/123456"),
    ],
)
def test_what_hangs_on_to_a_doi_is_trimmed(raw: str, expected: str) -> None:
    assert trim_doi(raw) == expected


@pytest.mark.parametrize(
    ("doi", "expected"),
    [
        ("10.1145/3292500", ("doi:10.1145/3292500", None)),
        ("10.48550/arxiv.2305.14314v2", ("arXiv:2305.14314", 2)),
        ("10.48550/arxiv.hep-th/9901001", ("arXiv:hep-th/9901001", None)),
        ("10.48550/arxiv.2313.14314", None),
        ("10.18653/v1/2020.acl-main.1", ("acl:2020.acl-main.1", None)),
        ("10.3115/v1/p14-1001", ("acl:P14-1001", None)),
        ("10.3115/1073083.1073135", ("doi:10.3115/1073083.1073135", None)),
        ("10.1101/2020.01.01.123456v3", ("doi:10.1101/2020.01.01.123456", 3)),
    ],
)
def test_one_paper_has_one_key(doi: str, expected: tuple[str, int | None] | None) -> None:
    assert key_of_doi(doi) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P19-1001", "P19-1001"),
        ("w18-5446", "W18-5446"),
        ("2020.acl-main.1", "2020.acl-main.1"),
        ("2022.Findings-ACL.35", "2022.findings-acl.35"),
        ("2020.acl-main.0", None),  # front matter
        ("P19-1000", None),
        ("W18-5400", None),
        ("P19-1", None),
        ("2020.acl-main", None),
        ("2020.01.01", None),
        ("1820.acl-main.1", None),
    ],
)
def test_acl_ids(text: str, expected: str | None) -> None:
    assert parse_acl_id(text) == expected


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("arXiv:2305.14314", "arXiv:2305.14314"),
        ("arxiv:2305.14314v2", "arXiv:2305.14314"),
        ("arXiv 2305.14314 [cs.CL]", "arXiv:2305.14314"),
        ("ａｒＸｉｖ：２３０５．１４３１４", "arXiv:2305.14314"),
        (" 2305.14314v2, ", "arXiv:2305.14314"),
        ("2305.14314v2.pdf", "arXiv:2305.14314"),
        ("math.GT/0309136", "arXiv:math/0309136"),
        ("arXiv:hep-th/9901001", "arXiv:hep-th/9901001"),
        ("https://arxiv.org/abs/2305.14314v2", "arXiv:2305.14314"),
        ("<https://arxiv.org/pdf/hep-th/9901001v1.pdf>", "arXiv:hep-th/9901001"),
        ("https://arxiv.org/ftp/arxiv/papers/1704/1704.04760.pdf", "arXiv:1704.04760"),
        ("https://export.arxiv.org/api/query?id_list=cs/9901002v1", "arXiv:cs/9901002"),
        ("https://link.zhihu.com/?target=http%3A//cn.arxiv.org/abs/1704.04503", "arXiv:1704.04503"),
        ("https://huggingface.co/papers/2305.14314", "arXiv:2305.14314"),
        ("https://www.alphaxiv.org/overview/2506.01347", "arXiv:2506.01347"),
        ("https://ar5iv.labs.arxiv.org/html/2305.14314", "arXiv:2305.14314"),
        ("https://dblp.org/rec/journals/corr/abs-2305-14314.html", "arXiv:2305.14314"),
        ("https://dblp.org/rec/journals/corr/cs-CL-0501001", "arXiv:cs/0501001"),
        ("https://ui.adsabs.harvard.edu/abs/2023arXiv230514314D/abstract", "arXiv:2305.14314"),
        ("10.48550/arXiv.2305.14314", "arXiv:2305.14314"),
        ("https://doi.org/10.48550/arXiv.2305.14314", "arXiv:2305.14314"),
        ("doi:10.1162/neco.1997.9.8.1735", "doi:10.1162/neco.1997.9.8.1735"),
        ("DOI: 10.1162/NECO.1997.9.8.1735", "doi:10.1162/neco.1997.9.8.1735"),
        ("https://aclanthology.org/2020.acl-main.1.pdf", "acl:2020.acl-main.1"),
        ("https://www.aclweb.org/anthology/P19-1001/", "acl:P19-1001"),
        ("P19-1001", "acl:P19-1001"),
        ("acl:2020.acl-main.1", "acl:2020.acl-main.1"),
        ("https://doi.org/10.18653/v1/P19-1001", "acl:P19-1001"),
        ("openreview:BZ5a1r-kVsf", "openreview:BZ5a1r-kVsf"),
        ("https://openreview.net/forum?id=BZ5a1r-kVsf&noteId=x", "openreview:BZ5a1r-kVsf"),
        ("https://openreview.net/pdf?id=BZ5a1r-kVsf", "openreview:BZ5a1r-kVsf"),
        ("", None),
        ("QLoRA", None),
        ("2305.1431", None),
        ("$2305.14", None),
        ("arXiv:2313.12345", None),
        ("https://arxiv.org/list/cs.CL/2305.14314", None),
        ("https://arxiv.org/abs/", None),
        ("https://example.com/2305.14314", None),
        ("https://aclanthology.org/volumes/2020.acl-main/", None),
        ("https://openreview.net/group?id=ICLR.cc/2024/Conference", None),
        ("acl:nonsense", None),
        ("openreview:~John_Smith1", None),
    ],
)
def test_what_a_person_may_type(typed: str, key: str | None) -> None:
    assert parse_key(typed) == key


def test_parts_of_a_key() -> None:
    assert arxiv_key("2305.14314") == "arXiv:2305.14314"
    assert arxiv_id_of("arXiv:2305.14314") == "2305.14314"
    assert arxiv_id_of("doi:10.1145/1") is None
    assert doi_of("doi:10.1145/1") == "10.1145/1"
    assert doi_of("arXiv:2305.14314") is None


def test_year_and_month_of_an_id() -> None:
    assert year_month_of("0704.0001") == (2007, 4)
    assert year_month_of("hep-th/9108001") == (1991, 8)
    assert year_month_of("cs/0001001") == (2000, 1)


@pytest.mark.parametrize(
    "key",
    [
        "arXiv:2305.14314",
        "arXiv:hep-th/9901001",
        "doi:10.1016/s0893-6080(05)80129-0",
        "acl:P19-1001",
        "openreview:BZ5a1r-kVsf",
    ],
)
def test_the_page_of_a_paper_leads_back_to_its_key(key: str) -> None:
    assert parse_key(url_of(key)) == key
    assert parse_key(key) == key


def test_folding_keeps_the_length_and_leaves_chinese_punctuation() -> None:
    text = "（见ａｒＸｉｖ：２３０５．１４３１４），很好：是。"
    assert fold_width(text) == "（见arXiv:2305.14314),很好：是。"
    assert len(fold_width(text)) == len(text)
