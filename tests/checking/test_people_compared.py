"""Authors of an entry against those of a record."""

from __future__ import annotations

import pytest

from tracker.checking.people import compare_authors, is_placeholder

SAME = [
    ("Dettmers, T.", "Tim Dettmers"),
    ("Le, Quoc V", "Quoc V. Le"),
    ("Wei Wang", "Wang Wei"),
    (r"M{\"u}ller, Klaus-Robert", "Klaus-Robert Mueller"),
    ("Maaten, Laurens van der", "Laurens van der Maaten"),
    ("L Van Der Maaten", "Laurens van der Maaten"),
    ("Kim, Minsoo", "Min-Soo Kim"),
    ("Fei-Fei, Li", "Li Fei-Fei"),
    ("DP Kingma", "Diederik P. Kingma"),
    ("Geoffrey E. Hinton", "Geoff Hinton"),
    ("Lukasz Kaiser", "Łukasz Kaiser"),
    ("Kingma", "Diederik P. Kingma"),
]
OTHERS = [
    ("Tri Dao", "Tri Do"),
    ("John Li", "James Li"),
    ("Wei Zhang", "Wei Zhao"),
    ("Ana Silva", "Ari Holtzman"),
    ("Wei Zhang", "Lin Zhang"),
]


def differs(ours: str, theirs: str, *, has_others: bool = False, is_complete: bool = True) -> str:
    """How lists parted by semicolons differ; "" where they do not."""
    entry, record = ([name.strip() for name in names.split(";") if name.strip()] for names in (ours, theirs))
    found = compare_authors(entry, record, has_others=has_others, is_complete=is_complete)
    return found.reason if found else ""


@pytest.mark.parametrize(("one", "other"), SAME)
def test_ways_of_writing_a_name(one: str, other: str) -> None:
    assert not differs(one, other) and not differs(other, one)


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_names_of_different_people(one: str, other: str) -> None:
    assert differs(one, other) and differs(other, one)


def test_lists() -> None:
    record = "Ada Brook; Carl Dune; Eve Field"
    assert not differs("", record) and not differs(record, "")
    assert not differs("Brook, A.; Dune, C.; Field, E.", record)
    assert not differs("Ada Brook; Carl Dune", record, has_others=True)
    assert not differs("{The Dune Team}", record)
    assert not differs("Ada Brook; {The Dune Team}; Carl Dune; Eve Field", record)
    assert "Carl Dune is missing" in differs("Ada Brook; Eve Field", record)
    assert "another order" in differs("Carl Dune; Ada Brook; Eve Field", record)
    assert not differs("Ada Brook; Eve Field; Carl Dune", record)
    assert not differs("Mahmoud Larkspur; Eve Field", "Ido Larkspur; Eve Field")
    assert differs("Mahmoud Larkspur", "Ido Larkspur")
    assert differs("Mahmoud Larkspur; Eve Fieldings", "Ido Larkspur; Tom Fieldings")
    assert "4 authors are named, it has 3" in differs(f"{record}; E. Field", record)
    assert "Gil Heath is not among the authors" in differs("Ada Brook; Gil Heath; Eve Field", record)
    assert "first author" in differs("Eve Field", record, has_others=True)


def test_one_author_of_many_may_have_joined_between_two_versions() -> None:
    few = "Ada Brook; Carl Dune; Eve Field; Gil Heath; Ivy Jay"
    many = f"{few}; Ken Lake"
    assert not differs(few, many) and not differs(many, few)
    assert differs("Ada Brook; Ken Lake", many) and differs(f"{few}; Nora Oak", many)
    assert differs(many.removeprefix("Ada Brook; "), many) and differs(f"Nora Oak; {many}", many)


def test_the_parts_of_one_name_that_stand_as_people_are_not_compared() -> None:
    assert not differs("Alexander Visher", "Visher; Alexander")


def test_of_a_record_that_is_cut_only_what_it_has_is_compared() -> None:
    assert not differs("Ada Brook; Carl Dune; Eve Field", "Ada Brook; Carl Dune", is_complete=False)
    assert not differs("Ada Brook", "Ada Brook; Carl Dune", is_complete=False, has_others=True)
    assert "others" in differs("Ada Brook", "Ada Brook; Carl Dune", is_complete=False)
    assert differs("Gil Heath; Carl Dune", "Ada Brook", is_complete=False)


@pytest.mark.parametrize(
    "name", ["John Doe", "Doe, Jane", "First Author", "Author One", "Anonymous", "N. N.", "Author A"]
)
def test_placeholders(name: str) -> None:
    assert is_placeholder(name)


@pytest.mark.parametrize("name", ["Jane Dorn", "Ada Author", "John Dow", "Test Muller", "Li, N.", "Doe, Kim"])
def test_real_names_are_none(name: str) -> None:
    assert not is_placeholder(name)


def test_collaborations_of_thousands_take_no_time() -> None:
    names = "; ".join(
        f"Ada Brook{chr(97 + at % 26)}{chr(97 + at // 26 % 26)}{chr(97 + at // 676)}" for at in range(5000)
    )
    assert not differs(names, names) and not differs(names, f"{names}; Carl Dune")
    assert differs("Nora Oak; Ivy Jay", names)
