"""How many wrong entries are found, and how many right ones accused, on entries made of the embedded catalogue."""

from __future__ import annotations

import pytest

from tests.bench.check import TODAY, cases, sampled
from tests.bench.citing import FORMS, KINDS, Cited
from tracker.bibfile import read_bib
from tracker.catalogue import Catalogue
from tracker.checking import check
from tracker.corrections import corrected
from tracker.models import Verdict, VerdictKind

Checked = list[tuple[Cited, Verdict]]
COUNT = 8
"""Entries of each form and kind."""


@pytest.fixture(scope="module")
def checked() -> Checked:
    catalogue = Catalogue.open()
    cited = list(cases(sampled(catalogue, 1, 4 * COUNT), 1, COUNT))
    bib = read_bib("\n".join(one.text for one in cited).encode())
    verdicts = check(bib.entries, catalogue, today=TODAY)
    changed = corrected(bib, verdicts).fields
    assert not [
        one.text
        for one, entry in zip(cited, bib.entries, strict=True)
        if one.is_right and entry.line in changed
    ]
    return list(zip(cited, verdicts, strict=True))


def test_every_form_and_kind_is_there(checked: Checked) -> None:
    assert {one.kind for one, _ in checked} >= (FORMS.keys() | KINDS.keys()) - {"journal with doi"}


def test_right_entries_are_seldom_accused(checked: Checked) -> None:
    right = [(one, verdict) for one, verdict in checked if one.is_right]
    accused = [one.text for one, verdict in right if verdict.kind is not VerdictKind.OK]
    assert len(accused) <= 0.03 * len(right), accused


def test_wrong_entries_are_found(checked: Checked) -> None:
    wrong = [verdict for one, verdict in checked if not one.is_right]
    found = [verdict for verdict in wrong if verdict.kind is not VerdictKind.OK]
    assert len(found) >= 0.85 * len(wrong)
    assert all(verdict.differences or verdict.notes or verdict.looked_in for verdict in found), (
        "each with why"
    )
