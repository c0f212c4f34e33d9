"""Where addresses stand: what one pattern with all that they may begin with would find, slowly."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.mentions.addresses import Addresses

WEB = re.compile(r"(?:(?:https?|ftp)://|www\.)[^\s<>\"'`){}|\\\]\x80-\U0010ffff]+")
pieces = ["http", "https", "ftp", "xyz", "://", "www.", "a", ".", " ", "与", ")", "/", "s", "|"]
texts = st.lists(st.sampled_from(pieces), max_size=14).map("".join)


@given(texts)
def test_web_addresses_are_those_of_the_pattern(text: str) -> None:
    covered = {place for found in WEB.finditer(text) for place in range(*found.span())}
    addresses = Addresses(text)
    assert {place for place in range(len(text)) if place in addresses} == covered


@given(st.lists(st.sampled_from([*pieces, "me@host.org", "@", "x.y+z@a.b"]), max_size=14).map("".join))
def test_many_places_at_once(text: str) -> None:
    addresses = Addresses(text)
    places = np.arange(len(text) + 1)
    assert addresses.cover(places).tolist() == [place in addresses for place in places.tolist()]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("见https://arxiv.org/abs/2305.14314。", "https://arxiv.org/abs/2305.14314"),
        ("[paper](www.a.org/x) QLoRA", "www.a.org/x"),
        ("an sftp://host", "ftp://host"),
        ("mail tim.d@uw.edu now", "tim.d@uw.edu"),
        ("see file://x and C://y", ""),
    ],
)
def test_addresses(text: str, address: str) -> None:
    addresses = Addresses(text)
    assert "".join(text[place] for place in range(len(text)) if place in addresses) == address
