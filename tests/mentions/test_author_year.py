"""Papers named by their authors: which forms count, and which papers they may denote."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.linking.reading import catalogue, links_of
from tracker.mentions.author_year import find_author_years, nearly
from tracker.mentions.citations import read_citations, venue_behind


def found(text: str) -> list[tuple[str, tuple[str, ...], int | None]]:
    """Surface, authors and year of the citations of a text that count."""
    return [(text[c.start : c.end], c.authors, c.year) for c in find_author_years(text, catalogue())]


@pytest.mark.parametrize(
    ("text", "citation"),
    [
        ("Child et al. 2019 cut it down.", ("Child et al. 2019", ("Child",), 2019)),
        ("as said (Vaswani et al., 2017).", ("Vaswani et al., 2017", ("Vaswani",), 2017)),
        ("Beltagy 等人 2020 提出", ("Beltagy 等人 2020", ("Beltagy",), 2020)),
        ("Zhou等人，（2022）提出", ("Zhou等人，（2022）", ("Zhou",), 2022)),
        ("by Nan Du and others, ICML 2022.", ("Nan Du and others, ICML 2022", ("Nan Du",), 2022)),
        ("(Kingma & Ba, 2015)", ("Kingma & Ba, 2015", ("Kingma", "Ba"), 2015)),
        (
            "found by Lee, Hunter, and Ruiz 2023.",
            ("Lee, Hunter, and Ruiz 2023", ("Lee", "Hunter", "Ruiz"), 2023),
        ),
        ("简称 GLA Songlin Yang 他们的工作", ("Songlin Yang 他们", ("Songlin Yang",), None)),
        ("2024年 Beltagy 等人提出", ("Beltagy 等人", ("Beltagy",), 2024)),
        ("DeepMind他们做了什么", None),
        ("OpenAI，他们说", None),
        ("Hoffmann’s group did.", None),
        ("Smith et al. Inc. sells it.", None),
        ("Black and White 2019", None),
        ("On June 2023 we met.", None),
        ("Version 2.2019 of it", None),
        ("", None),
    ],
)
def test_forms(text: str, citation: tuple[str, tuple[str, ...], int | None] | None) -> None:
    assert found(text) == ([] if citation is None else [citation])


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        ("Sparse attention over long sequences goes back to Child et al. 2019.", "arXiv:1904.10509"),
        ("The Longformer of Beltagy et al. 2020 reads long documents.", "arXiv:2004.05150"),
        ("The attention of the Transformer (Vaswani et al., 2017) is all you need.", "arXiv:1706.03762"),
        ("LoRA (Hu et al., 2021) adapts large language models.", "arXiv:2106.09685"),
    ],
)
def test_what_citations_denote(text: str, paper: str) -> None:
    cited = [one.paper for one in links_of(text) if one.mention.authors]
    assert cited == [paper]


def test_a_citation_is_no_evidence_for_itself() -> None:
    once = "We follow Vaswani et al. 2017 in this.\n"
    (first,) = (one for one in links_of(once) if one.mention.authors)
    again = [one for one in links_of(once + "\n" + once) if one.mention.authors]
    assert [one.confidence for one in again] == [first.confidence] * 2


def test_spellings_with_a_letter_doubled_or_not() -> None:
    assert "hoffmann" in nearly("hoffman")
    assert "hoffman" in nearly("hoffmann")
    assert nearly("liu") == []


@pytest.mark.parametrize(
    ("behind", "year"),
    [
        (" [CVPR 2021]", 2021),
        (" (NeurIPS 2022)", 2022),
        (" [CVPR2019 Oral]", 2019),
        (" [Code]", None),
        ("", None),
    ],
)
def test_venues_behind_titles(behind: str, year: int | None) -> None:
    venue = venue_behind("A Title" + behind, len("A Title"))
    assert (venue[2] if venue else None) == year


@given(st.text(st.sampled_from("Kim Lee, et al.&and 等人(2019) 2020;"), max_size=60))
def test_citations_are_in_order_and_apart(text: str) -> None:
    citations = read_citations(text)
    assert all(one.end <= other.start for one, other in pairwise(citations))
    assert all(0 <= one.start < one.end <= len(text) for one in citations)
