from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.export.people import latex_authors

quick = settings(max_examples=50, deadline=None)


@pytest.mark.parametrize(
    ("authors", "field"),
    [
        ([], ""),
        (["Tim Dettmers"], "Dettmers, Tim"),
        (["Tim Dettmers", "Ari Holtzman"], "Dettmers, Tim and Holtzman, Ari"),
        (["Oskar van der Wal"], "van der Wal, Oskar"),
        (["Marcelo H Ang Jr"], "Ang, Jr, Marcelo H"),
        (["Dettmers, Tim"], "Dettmers, Tim"),
        (["Piotr Dollár", "Łukasz Kaiser"], r"Doll{\'a}r, Piotr and Kaiser, {\L}ukasz"),
        (["Qwen Team"], "{Qwen Team}"),
        (["{Google Brain}"], "{Google Brain}"),
        (["Planck Collaboration: P. Ade"], "{Planck Collaboration} and Ade, P."),
        (["Research and Development Lab"], "{Research and Development Lab}"),
        (
            ["E. Ibar & P. Lira", "& S. Faber", "and I. Salom", "A; B"],
            "Ibar, E. and Lira, P. and Faber, S. and Salom, I. and A and B",
        ),
        (["张三", "Иван Петров"], "{张三} and {Иван Петров}"),
        (["Themos~Stafylakis"], "Stafylakis, Themos"),
        ([":", "", "()", "et al."], ""),
        (["X\x00 Y}{\\input{z}"], "Yinputz, X"),
        (
            ['Linxi "Jim" Fan', "Gerard ’t Hooft", "$A_1$ x^2|B%#"],
            "Fan, Linxi Jim and 't Hooft, Gerard and x2B, A1",
        ),
        (["AT&T Research"], "{AT and T Research}"),
        (["a, b, c, d"], "a, b"),
    ],
)
def test_authors_go_out_family_first(authors: list[str], field: str) -> None:
    assert latex_authors(authors, are_complete=True) == field


def test_authors_that_are_not_all_known_end_with_others() -> None:
    assert latex_authors(["Quan Sun"], are_complete=False) == "Sun, Quan and others"
    assert latex_authors(["Quan Sun", "others"], are_complete=True) == "Sun, Quan and others"
    assert latex_authors(["Quan Sun", "et al"], are_complete=False) == "Sun, Quan and others"
    assert latex_authors([], are_complete=False) == ""


@quick
@given(st.lists(st.text(st.sampled_from("aB .,&{}\\;:~'é张and "), max_size=20), max_size=4))
def test_bibtex_can_take_any_names_apart(authors: list[str]) -> None:
    field = latex_authors(authors, are_complete=True)
    for name in re.split(r"\sand\s", field) if field else ():
        outside = re.sub(r"\{[^{}]*\}", "", re.sub(r"\{[^{}]*\}", "", name))
        assert name.strip() and outside.count(",") <= 2
        assert not name.endswith(",") and not name.startswith(",")
