"""The score is a sum, confidences are shares with "no paper", and the files kept by hand hold together."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.catalogue import Catalogue
from tracker.identifiers import parse_key
from tracker.linking.organisations import organisations_of
from tracker.linking.score import Policy, confidences, default_policy, score


def test_a_score_is_the_sum_of_weighted_features() -> None:
    policy = Policy(weights={"a": 2.0, "b": -1.0}, accept=0.5)
    assert score({"a": 1.0, "b": 3.0, "unknown": 9.0}, policy) == pytest.approx(-1.0)
    assert score({}, policy) == 0.0


def test_without_candidates_nothing_is_sure() -> None:
    assert confidences([]) == []


def test_a_candidate_that_nothing_speaks_for_is_as_likely_as_no_paper() -> None:
    assert confidences([0.0]) == [0.5]


@given(st.lists(st.floats(-700, 700), min_size=1, max_size=8))
def test_confidences_are_shares_in_the_order_of_the_scores(scores: list[float]) -> None:
    shares = confidences(scores)
    assert all(0 <= share <= 1 for share in shares)
    assert math.fsum(shares) <= 1 + 1e-9
    for one, other in zip(range(len(scores)), range(1, len(scores)), strict=False):
        if scores[one] > scores[other]:
            assert shares[one] >= shares[other]


def test_the_shipped_policy_can_be_read() -> None:
    policy = default_policy()
    assert 0 < policy.accept < 1
    weights = policy.weights
    assert weights["id beside"] > weights["id in document"] > 0 > weights["other id beside"]


def test_organisations_name_papers_of_the_catalogue() -> None:
    catalogue = Catalogue.open()
    emu = parse_key("2307.05222")
    assert emu is not None
    assert "智源" in organisations_of(emu)
    assert catalogue.row(emu) is not None
    unknown = parse_key("2001.00001")
    assert unknown is not None
    assert organisations_of(unknown) == ()
