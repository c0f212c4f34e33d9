"""Plain text out of what services send as titles, names and abstracts; values out of any JSON."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.enrich.json_values import day, each, inner, number, text, words, year
from tracker.enrich.markup import one_line, plain_line
from tracker.enrich.preprints import doi_of_publication, is_preprint_doi, is_preprint_place


@pytest.mark.parametrize(
    ("markup", "plain"),
    [
        ("", ""),
        ("Attention Is All You Need", "Attention Is All You Need"),
        ("On <i>k</i>-means", "On k-means"),
        ("H<sub>2</sub>O and <scp>DNA</scp>", "H2O and DNA"),
        ("&lt;i&gt;De novo&lt;/i&gt; &amp;amp; more", "De novo & more"),
        ("The <mml:math><mml:mi>α</mml:mi></mml:math>-stable", "The α-stable"),
        (
            "A <inline-formula><tex-math>$\\alpha$</tex-math><mml:math>α</mml:math></inline-formula> law",
            "A α law",
        ),
        ('<jats:title>Abstract</jats:title><jats:p xml:lang="en">We know.</jats:p>', "Abstract We know."),
        ("a<br/>b", "a b"),
        ("If p < q then <b and c> d", "If p < q then <b and c> d"),
        ("Learning for $30 and $40", "Learning for $30 and $40"),
        ('$\\ell_2$ norms of {G}\\"odel', "ℓ_2 norms of Gödel"),
        ("two\n  lines\x00\u200b", "two lines"),
        ("日本 語", "日本 語"),
        ("a\ud800b", "ab"),
    ],
)
def test_plain_text(markup: str, plain: str) -> None:
    assert plain_line(markup) == plain


@given(
    st.text(alphabet=st.characters(codec=None), max_size=200)
    | st.text(alphabet="<>/&;$\\{}ip amltg", max_size=80)
)
def test_any_text_becomes_one_visible_line(given_text: str) -> None:
    for line in (plain_line(given_text), one_line(given_text)):
        assert line == line.strip() and "\n" not in line and "  " not in line
        line.encode()


@pytest.mark.parametrize("nonsense", ["<tex-math>", "<p ", "&amp;", "$a", "\\'{", "<i x=", "{"])
def test_nonsense_of_any_length_is_read_at_once(nonsense: str) -> None:
    assert len(plain_line(nonsense * 10**6)) <= 30_000


@pytest.mark.parametrize(
    "name",
    [
        "arXiv.org", "ArXiv", "arXiv (Cornell University)", "CoRR", "CoRR abs/2305.14314", "bioRxiv", "ChemRxiv",
        "medRxiv (Cold Spring Harbor Laboratory)", "SSRN Electronic Journal", "Research Square (Research Square)",
        "Preprints.org", "HAL (Le Centre pour la Communication Scientifique Directe)", "OpenReview",
    ],
)  # fmt: skip
def test_preprint_servers(name: str) -> None:
    assert is_preprint_place(name)


@pytest.mark.parametrize(
    "name",
    ["", "Nature", "Corrosion Science", "Halal Studies", "Journal of arXiv studies", "ICLR", "Openings"],
)
def test_other_places(name: str) -> None:
    assert not is_preprint_place(name)


def test_dois_of_preprints() -> None:
    preprints = ["10.48550/arxiv.2305.14314", "10.1101/622803", "10.2139/ssrn.1", "10.31234/osf.io/x"]
    assert all(map(is_preprint_doi, preprints))
    assert not any(map(is_preprint_doi, ["10.1101/gr.1234", "10.1038/nature14539", "10.3123/x", ""]))
    assert doi_of_publication("https://doi.org/10.1038/NATURE14539") == "10.1038/nature14539"
    assert doi_of_publication("10.48550/arXiv.2305.14314") is None is doi_of_publication("none")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda deeper: st.lists(deeper, max_size=3) | st.dictionaries(st.sampled_from("ab"), deeper, max_size=2),
    max_leaves=8,
)


@given(ANYTHING)
def test_values_out_of_anything(value: object) -> None:
    for names in ((), ("a",), ("a", "b")):
        inner(value, *names)
        assert isinstance(text(value, *names), str) and isinstance(words(value, *names), str)
        assert all(isinstance(one, dict) for one in each(value, *names))
        found = number(value, *names)
        assert found is None or 0 <= found < 10**9
        found = year(value, *names)
        assert found is None or 1000 <= found <= 2100
        day(value, *names)


def test_numbers_and_dates() -> None:
    assert [number(value) for value in (0, 7, "7", True, -1, 7.5, "x", "٣", None)] == [0, 7, 7] + [None] * 6
    assert str(day("2023-05-23T10:00:00Z")) == "2023-05-23"
    assert [day(value) for value in ("2023", "2023-05", "2023-02-30", "2023-05-233", 2023)] == [None] * 5
