"""What counts as evidence from elsewhere in the document: other mentions, never the mention itself."""

from __future__ import annotations

import pytest

from tests.linking.reading import SAM, catalogue
from tracker.identifiers import PaperKey
from tracker.linking.settled import Settled
from tracker.models import Link, Mention, MentionKind

TEXT = "SAM and Segment Anything; then SAM again, `MLA`、`SAM`。 Far away stands MLA."


def mention_of(surface: str, start: int) -> Mention:
    """A name at a place of the text."""
    return Mention(
        document="a.txt",
        kind=MentionKind.NAME,
        surface=surface,
        start=start,
        end=start + len(surface),
        line=1,
    )


def settled(*found: tuple[str, int, float]) -> Settled:
    """Links of SAM at these places."""
    links = [
        Link(mention=mention_of(surface, start), paper=PaperKey(SAM), confidence=confidence)
        for surface, start, confidence in found
    ]
    return Settled(links, catalogue(), TEXT)


def row() -> int:
    """Of Segment Anything."""
    found = catalogue().row(PaperKey(SAM))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("found", "elsewhere"),
    [
        ([], 0.0),
        ([("SAM", 0, 0.9)], 0.0),
        ([("SAM", 0, 0.9), ("SAM", 31, 0.9)], 0.0),
        ([("SAM", 0, 0.85), ("SAM", 31, 0.99)], 0.99),
        ([("SAM", 31, 0.85)], 0.85),
        ([("SAM", 0, 0.9), ("Segment Anything", 8, 0.82)], 0.82),
        ([("SAM", 31, 0.7)], 0.0),
    ],
)
def test_only_other_mentions_count(found: list[tuple[str, int, float]], elsewhere: float) -> None:
    assert settled(*found).elsewhere(mention_of("SAM", 0), row()) == elsewhere


def test_another_paper_is_not_supported() -> None:
    assert settled(("SAM", 31, 0.99)).elsewhere(mention_of("SAM", 0), row() + 1) == 0.0


def test_names_of_one_enumeration_stand_together() -> None:
    place = TEXT.index("`SAM`") + 1
    sure = settled(("SAM", place, 0.9))
    assert sure.listed_with(mention_of("MLA", TEXT.index("MLA"))) == 0.9
    assert sure.listed_with(mention_of("MLA", TEXT.rindex("MLA"))) == 0.0
    assert sure.listed_with(mention_of("SAM", place)) == 0.0
