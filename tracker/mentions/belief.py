"""How far a Chinese piece of text may be believed to be the title of a paper, and whether a paper may be believed so
at all. The second is quick to say, for it reads no title, and most pieces that look like titles are none.

In: what a piece says, as concepts, and papers; or a likely paper. Out: the logarithm of odds, or whether they can be
high enough: what `may_be_believed` denies is surely not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from tracker.catalogue import Catalogue
from tracker.catalogue.likely import PART, PART_WORDS, Likely, shares
from tracker.catalogue.words_index import ROUNDING, UNTOLD, Concept, Ranked, WordIndex

LEAST_TOLD: Final = 0.4
"""The title must say this part of what the piece says: of held-out pairs, 96 in 100 do."""
LEAST_BELIEF: Final = -3.5
"""Natural logarithm of the odds below which a piece is left out (see `belief`)."""
LEAST_SCORE: Final = 4.0
"""Nats below which no belief is left, whatever the rest."""
_ROUNDING: Final = 1e-6
"""What is surely too little is so by more."""


def belief(one: Likely, catalogue: Catalogue) -> float:
    """The logarithm of the odds that a piece is a translation of a title: fitted to held-out pairs of titles,
    half of them with their own paper taken out of the catalogue."""
    return _belief(one.score, one.told, catalogue.records.cited_in(one.row))


def _belief(score: float, told: float, cited_in: int) -> float:
    return 0.29 * score + 4.3 * told + 0.3 * math.log1p(cited_in) - 8.8


def rows_in_question(
    concepts: Sequence[Concept], ranked: Sequence[Ranked], catalogue: Catalogue, index: WordIndex
) -> list[int]:
    """Those of some papers that may be believed by their scores alone: with `length` and score of a title it is known
    what its words weigh together, and so what they tell at most. Much quicker than to ask for each word."""
    told_by = shares(concepts, index)
    weights = index.weights(concepts)
    told_per_nat = max(
        (math.fsum(share.get(word, 0.0) for share in told_by) / weight for word, weight in weights.items()),
        default=0.0,
    )
    found = []
    for row, score in ranked:
        length = index.length(row)
        weight = score - UNTOLD * length + ROUNDING
        told = min(1.0, told_per_nat * weight)
        most = score if length <= PART_WORDS else max(score, weight + UNTOLD * PART_WORDS - PART)
        if _is_enough(most + ROUNDING, told + _ROUNDING, row, catalogue):
            found.append(row)
    return found


def may_be_believed(
    concepts: Sequence[Concept], rows: Sequence[int], catalogue: Catalogue, index: WordIndex
) -> bool:
    """Whether one of some papers may reach all of `LEAST_TOLD`, `LEAST_SCORE` and `LEAST_BELIEF`, by the words of its
    title; which of them stand in its subtitle only the title itself tells."""
    weights = index.weights(concepts)
    told_by = shares(concepts, index)
    for row, words in zip(rows, index.words_of(rows, weights), strict=True):
        told = math.fsum(max((share.get(word, 0.0) for word in words), default=0.0) for share in told_by)
        score = _score_at_most([weights[word] for word in words], index.length(row))
        if _is_enough(score + _ROUNDING, told + _ROUNDING, row, catalogue):
            return True
    return False


def _is_enough(score: float, told: float, row: int, catalogue: Catalogue) -> bool:
    if told < LEAST_TOLD or score < LEAST_SCORE:
        return False
    return _belief(score, told, catalogue.records.cited_in(row)) >= LEAST_BELIEF


def _score_at_most(weights: Sequence[float], length: int) -> float:
    """What a title of so many words scores at most, or a part of it, if words with these weights are told."""
    whole = math.fsum(weights) + UNTOLD * length
    if length <= PART_WORDS:
        return whole
    best = math.fsum(max(0.0, weight + UNTOLD) for weight in weights)
    shortest = math.fsum(weights) + UNTOLD * PART_WORDS
    return max(whole, min(best, shortest) - PART)
