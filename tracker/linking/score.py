"""The score: evidence times weights, and the confidence that comes of it. Pure.

The model is a conditional logit: each candidate has a score, "no paper" has the score 0, and the confidence
of each is its share of the exponentials. The weights are learned on documents whose links are known
(`tests/bench/train.py`) and stand in `weights.json`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from tracker.linking.features import Features


class Policy(BaseModel):
    """Weights and thresholds of the decision."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    weights: Mapping[str, float]
    """What each feature adds to the score, per unit."""
    accept: float
    """Least confidence of a settled link: at this value precision is 0.95 or better on the dev benchmark."""
    keep_alternatives: float = 0.02
    """Least confidence of an alternative that is shown."""


@cache
def default_policy() -> Policy:
    """The policy that ships with the program."""
    text = (Path(__file__).parent / "weights.json").read_text(encoding="utf-8")
    return Policy.model_validate(json.loads(text))


def score(seen: Features, policy: Policy) -> float:
    """The raw sum of evidence for one candidate; 0 is as likely as "no paper"."""
    weight, total = policy.weights.get, 0.0
    for name, value in seen.items():
        total += weight(name, 0.0) * value
    return total


def confidences(scores: Sequence[float]) -> list[float]:
    """The confidence of each candidate, in [0, 1]; what is missing to 1 is that of "no paper"."""
    top = max([0.0, *scores])
    powers = [math.exp(s - top) for s in scores]
    total = math.exp(-top) + sum(powers)
    return [power / total for power in powers]
