from __future__ import annotations

import random
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.identifiers import PaperKey
from tracker.mentions.overlap import without_overlaps
from tracker.models import Mention, MentionKind

KEY = PaperKey("arXiv:2305.14314")


def mention(
    start: int, end: int, kind: MentionKind = MentionKind.NAME, rows: tuple[int, ...] = ()
) -> Mention:
    surface = "x" * (end - start)
    return Mention(document="d", kind=kind, surface=surface, start=start, end=end, line=1, rows=rows)


def kept(*mentions: Mention) -> list[tuple[int, int, str]]:
    return [(one.start, one.end, one.kind.value) for one in without_overlaps(mentions)]


def test_nothing_and_one() -> None:
    assert without_overlaps([]) == []
    assert kept(mention(3, 5)) == [(3, 5, "name")]


def test_neighbours_stay() -> None:
    assert kept(mention(5, 9), mention(0, 5), mention(9, 10)) == [
        (0, 5, "name"),
        (5, 9, "name"),
        (9, 10, "name"),
    ]


def test_the_longer_wins() -> None:
    assert kept(mention(0, 3), mention(0, 9)) == [(0, 9, "name")]
    assert kept(mention(0, 9, MentionKind.NAME), mention(5, 13, MentionKind.TITLE)) == [(0, 9, "name")]
    assert kept(mention(2, 4), mention(0, 9), mention(8, 12)) == [(0, 9, "name")]


def test_what_a_loser_covered_is_free_again() -> None:
    assert kept(mention(0, 10), mention(9, 12), mention(10, 12)) == [(0, 10, "name"), (10, 12, "name")]


def test_of_equal_spans_the_surer_kind_wins() -> None:
    kinds = list(MentionKind)
    for surer, other in pairwise(kinds):
        assert kept(mention(0, 5, other), mention(0, 5, surer)) == [(0, 5, surer.value)]


def test_of_equally_long_ones_the_first_wins() -> None:
    assert kept(mention(3, 8), mention(0, 5)) == [(0, 5, "name")]


def test_an_identifier_stays_within_a_longer_mention() -> None:
    assert kept(mention(0, 50, MentionKind.TITLE), mention(20, 30, MentionKind.ID)) == [(20, 30, "id")]
    assert kept(mention(0, 30, MentionKind.ID), mention(20, 26, MentionKind.ID)) == [(0, 30, "id")]


def test_of_equal_mentions_one_that_denotes_a_paper_stays() -> None:
    unknown, known = mention(0, 5), mention(0, 5, rows=(7,))
    keyed = unknown.model_copy(update={"key": KEY})
    assert without_overlaps([unknown, known]) == without_overlaps([known, unknown]) == [known]
    assert without_overlaps([unknown, keyed]) == [keyed]


spans = st.tuples(st.integers(0, 60), st.integers(1, 20))
mentions = st.lists(
    st.builds(
        lambda span, kind, row: mention(span[0], span[0] + span[1], kind, (row,)),
        spans,
        st.sampled_from(MentionKind),
        st.integers(0, 2),
    ),
    max_size=25,
)
quick = settings(max_examples=80, deadline=None)


@quick
@given(mentions)
def test_no_two_share_a_character_and_all_are_in_order(given: list[Mention]) -> None:
    stay = without_overlaps(given)
    assert all(before.end <= behind.start for before, behind in pairwise(stay))


@quick
@given(mentions)
def test_whatever_goes_gives_way_to_one_that_stays(given: list[Mention]) -> None:
    stay = without_overlaps(given)
    for one in given:
        assert any(one.start < other.end and other.start < one.end for other in stay)


@quick
@given(mentions, st.randoms(use_true_random=False))
def test_the_order_of_what_comes_in_does_not_matter(given: list[Mention], order: random.Random) -> None:
    shuffled = order.sample(given, len(given))
    assert without_overlaps(shuffled) == without_overlaps(given)


@quick
@given(mentions)
def test_doing_it_again_changes_nothing(given: list[Mention]) -> None:
    stay = without_overlaps(given)
    assert without_overlaps(stay) == stay


def test_very_many_mentions_are_settled_one_by_one() -> None:
    many = [mention(at, at + 1 + at % 7) for at in range(0, 40_000, 2)]
    assert len(without_overlaps(many)) > 8_000
