"""Titles that are nearly those of the catalogue, made for learning and measuring: translated ones from pairs of
titles that the glossary was not learned from, and misspelt ones.

A document is a list of such titles, an item each. In every second case the paper itself is taken out of the
candidates: then "no paper" is right, as for the many papers that no catalogue has.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.bench.learn_glossary import is_held_out, read_pairs
from tracker.catalogue import Catalogue
from tracker.documents.text import TextReader
from tracker.identifiers import arxiv_key
from tracker.linking.candidates import candidates
from tracker.linking.context import Context
from tracker.linking.decide import decide
from tracker.linking.features import Features, features
from tracker.linking.score import Policy
from tracker.mentions import find_mentions
from tracker.models import NEAR_TITLE, Document

PER_DOCUMENT = 20
LETTERS = "etaoinshrdlucmfwypvbgkqjxz"


class NearTitle(NamedTuple):
    """A way to write the title of a paper."""

    written: str
    row: int


def translated_titles(pairs: Path, catalogue: Catalogue, count: int) -> list[NearTitle]:
    """Chinese titles of papers of the catalogue, held out from the glossary, spread over the file."""
    held_out = [pair for pair in read_pairs(pairs) if is_held_out(pair.paper)]
    found = []
    for pair in held_out[:: max(1, len(held_out) // count)]:
        row = catalogue.row(arxiv_key(pair.paper))
        if row is not None:
            found.append(NearTitle(pair.chinese, row))
    return found


def misspelt_titles(catalogue: Catalogue, count: int, seed: int = 1) -> list[NearTitle]:
    """Titles of the catalogue with two random edits each, or without their end, spread over its rows."""
    chance = random.Random(seed)
    titles = (
        (row, catalogue.records.head(row).title) for row in range(0, len(catalogue), len(catalogue) // count)
    )
    long_enough = [(row, title) for row, title in titles if len(title.split()) >= 4 and "$" not in title]
    return [
        NearTitle(shortened(title) if chance.random() < 0.2 else edited(title, chance), row)
        for row, title in long_enough
    ]


def edited(title: str, chance: random.Random, edits: int = 2) -> str:
    """A title with random edits: a letter dropped, doubled, changed, or two swapped.

    >>> edited("Segment Anything", random.Random(3)) != "Segment Anything"
    True
    """
    for _ in range(edits):
        at = chance.randrange(1, len(title) - 1)
        way = chance.randrange(4)
        here, behind = title[at], title[at + 1]
        title = (
            title[:at]
            + ("", here * 2, chance.choice(LETTERS), behind + here)[way]
            + title[at + 1 + (way == 3) :]
        )
    return title


def shortened(title: str) -> str:
    """The first two thirds of a title, in whole words."""
    words = title.split()
    return " ".join(words[: max(4, 2 * len(words) // 3)])


def documents_of(titles: Sequence[NearTitle]) -> Iterator[tuple[Document, list[NearTitle]]]:
    """The titles as items of lists."""
    for at in range(0, len(titles), PER_DOCUMENT):
        part = list(titles[at : at + PER_DOCUMENT])
        text = "\n".join(f"- {title.written}" for title in part) + "\n"
        yield TextReader().read("-", text.encode()), part


def cases_of(
    titles: Sequence[NearTitle], catalogue: Catalogue, policy: Policy
) -> Iterator[tuple[int, list[Features]]]:
    """For each near title that was recognised: which candidate is right (-1: none), and their features."""
    for document, part in documents_of(titles):
        mentions = find_mentions(document, catalogue)
        context = Context(document, mentions, catalogue)
        context.settle([decide(mention, context, policy, policy.accept) for mention in mentions])
        for at, title in enumerate(part):
            found = next((m for m in mentions if m.line == at + 1 and m.support == NEAR_TITLE), None)
            if found is None:
                continue
            options = candidates(found, catalogue)
            if at % 2:
                options = [option for option in options if option.row != title.row]
            right = next((i for i, option in enumerate(options) if option.row == title.row), -1)
            if options:
                yield right, [features(found, option, context) for option in options]
