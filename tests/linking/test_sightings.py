"""Mentions of which the same is seen share a decision; what is seen at one place alone stays there."""

from __future__ import annotations

import pytest

from tests.linking.reading import PYTHIA, SAM, catalogue, document_of, link_at, links_of
from tracker.linking.context import Context
from tracker.linking.sightings import Sighting, options_of, sighting_of
from tracker.mentions import find_mentions
from tracker.models import Link, MentionKind


def of_surface(links: list[Link], surface: str) -> list[Link]:
    """All links of a surface, in order."""
    return [one for one in links if one.mention.surface == surface]


def sightings(text: str, surface: str) -> list[Sighting]:
    """What is seen of each mention of a surface."""
    document = document_of(text)
    mentions = find_mentions(document, catalogue())
    context = Context(document, mentions, catalogue())
    asked = [one for one in mentions if one.surface == surface]
    return [sighting_of(one, options_of(one, context), context) for one in asked]


def test_the_same_is_seen_of_mentions_that_stand_alike() -> None:
    first, second = sightings("We train Pythia on it.\n\nThey train Pythia on it.\n", "Pythia")
    assert first == second
    assert first.options is second.options


@pytest.mark.parametrize(
    "second",
    [
        "They train “Pythia” on it.",
        "They read the Pythia paper.",
        "- Pythia: it is good.",
        "They train Pythia (arXiv:2304.01373) on it.",
        "They train Pythia for analyzing models across training and scaling.",
    ],
)
def test_what_stands_around_one_mention_tells_it_from_another(second: str) -> None:
    far = "\n\n" + "Nothing is said of anything here. " * 30 + "\n\n"
    one, other = sightings(f"We train Pythia on it.{far}{second}\n", "Pythia")
    assert one != other


def test_evidence_beside_one_mention_is_not_told_of_another() -> None:
    far = "Nothing is said of anything here.\n\n" * 30
    text = f"SAM (arXiv:2304.02643) is large.\n\n{far}We train SAM on it.\n\n{far}They train SAM on it.\n"
    beside, far_one, far_other = of_surface(links_of(text), "SAM")
    assert beside.paper == far_one.paper == SAM
    signals = [{evidence.signal for evidence in link.evidence} for link in (beside, far_one, far_other)]
    assert "id beside" in signals[0] or beside.reason == "named in the document"
    assert all("id beside" not in seen and "id in document" in seen for seen in signals[1:])
    assert far_one.evidence == far_other.evidence


def test_a_link_is_that_of_its_own_mention() -> None:
    links = links_of("We train Pythia on it.\n\nThey train Pythia on it, see arXiv:2304.01373.\n")
    found = [link for link in links if link.mention.kind is MentionKind.NAME]
    assert [link.mention.line for link in found] == [1, 3]
    assert all(link.paper == PYTHIA for link in found)


def test_the_singular_of_a_name_means_the_paper_that_the_document_mentions() -> None:
    links = links_of(
        "- Brainformers: Trading Simplicity for Efficiency\n- Brainformer search is by blocks.\n"
    )
    assert link_at(links, "Brainformer").paper == "arXiv:2306.00008"
    [alone] = [one for one in links_of("- Brainformer search is by blocks.\n") if one.paper]
    assert alone.paper != "arXiv:2306.00008", "without the paper, another has this name"
