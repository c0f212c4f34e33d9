"""New values for fields: what is replaced, and that nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.bibfile import BibFile, Replaced, Replacement, read_bib, replace_values
from tracker.errors import InputError

FILE = """\
% my papers
@string{jan = "January"}

@Article{one,
  TITLE  = {A {B}: d\\"{o}f},   % said so
  % a comment = {x},
  year=2020 ,
\tauthor = jan # " and x", journal = {arXiv preprint arXiv:2305.14314v2}
}
some words
@misc{two, title="x, y = {1}", date = "1999-02"}
@misc(three, note = {(a)}, year = {1990})
@misc{three, year = {1991}, year = {1992}}
"""


def replaced(bib: BibFile, *wanted: tuple[int, str, str] | tuple[int, str, str, str]) -> Replaced:
    return replace_values(bib, [Replacement(bib.entries[one[0]], *one[1:]) for one in wanted])


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_not_a_byte_outside_of_the_values_changes(newline: str, encoding: str) -> None:
    text = FILE.replace("x, y", "x, é").replace("\n", newline)
    bib = read_bib(text.encode(encoding))
    result = replaced(
        bib,
        (0, "title", "New"),
        (0, "year", "2021"),
        (0, "author", "Q, R."),
        (0, "journal", "2305.00001", "2305.14314"),
        (1, "date", "2000", "1999"),
        (1, "title", r"{\"O}l"),
        (2, "year", "1989"),
    )
    expected = (
        text.replace('{A {B}: d\\"{o}f}', "{New}")
        .replace("year=2020", "year=2021")
        .replace('jan # " and x"', "{Q, R.}")
        .replace("2305.14314v2", "2305.00001")
        .replace("1999-02", "2000-02")
        .replace('"x, é = {1}"', '"{\\"O}l"')
        .replace("year = {1990}", "year = {1989}")
    )
    assert result.data == expected.encode(encoding) and len(result.done) == 7


def test_what_is_not_certain_is_left() -> None:
    bib = read_bib(FILE.encode())
    result = replaced(bib, (0, "doi", "10.1/x"), (3, "year", "2000"), (1, "title", "z", "not there"))
    assert result.data == bib.data and not result.done


def test_a_character_that_the_encoding_lacks_is_left_out() -> None:
    bib = read_bib("@misc{a, title = {é}, year = 2020}".encode("latin-1"))
    result = replaced(bib, (0, "title", "王"), (0, "year", "2021"))
    assert result.data == "@misc{a, title = {é}, year = 2021}".encode("latin-1")


def test_bytes_of_no_encoding_are_refused() -> None:
    bib = read_bib(b"@misc{a, year = 2020}")
    bib.text += "?"
    with pytest.raises(InputError):
        replace_values(bib, [])


VALUE = st.text(
    st.characters(codec="utf-8", exclude_characters='{}\\"%@#=\r\0', exclude_categories=["Cs", "Cc"]),
    max_size=20,
)


@given(st.lists(st.tuples(VALUE, VALUE), min_size=1, max_size=4), st.sampled_from(["{%s}", '"%s"', "{{%s}}"]))
def test_a_replaced_value_is_read_again(pairs: list[tuple[str, str]], form: str) -> None:
    text = "".join(
        f"@misc{{k{at},\n  title = {form % old},\n  year = 2020,\n}}\n\n" for at, (old, _) in enumerate(pairs)
    )
    bib = read_bib(text.encode())
    result = replace_values(
        bib, [Replacement(entry, "title", new) for entry, (_, new) in zip(bib.entries, pairs, strict=True)]
    )
    again = read_bib(result.data)
    assert [entry.title for entry in again.entries] == [
        " ".join(new.replace("~", " ").split()) for _, new in pairs
    ]
    assert [entry.year for entry in again.entries] == [2020] * len(pairs)
