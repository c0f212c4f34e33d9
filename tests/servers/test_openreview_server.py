"""The server of OpenReview itself: two forms of notes, and the refusals of the service."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.servers.openreview_server import OpenReviewServer
from tests.servers.test_arxiv_server import get

QLORA, LORA = "OUIFPHEgJU", "nZeVKeeFYf9"


def ask(url: str, question: str) -> tuple[int, Any]:
    status, page = get(f"{url}/notes?{question}")
    return status, json.loads(page)


def test_new_submissions_are_wrapped_up_and_old_ones_are_not() -> None:
    with OpenReviewServer() as server:
        new, old = (ask(server.url, f"id={one}")[1]["notes"][0] for one in (QLORA, LORA))
    assert new["content"]["venue"] == {"value": "NeurIPS 2023 poster"} and new["id"] == QLORA
    assert old["content"]["venue"] == "ICLR 2022 Poster" and old["cdate"] == 1623888000000


def test_each_api_has_its_own_where_they_are_apart() -> None:
    with OpenReviewServer(is_apart=True) as server:
        statuses = [ask(url, f"id={one}")[0] for url in (server.url, server.api_1) for one in (QLORA, LORA)]
    assert statuses == [200, 404, 404, 200]


@pytest.mark.parametrize(
    ("question", "status", "name"),
    [
        ("id=AAAAAAAAAA", 404, "NotFoundError"),
        ("id=HIDDEN0000", 403, "ForbiddenError"),
        (f"id={QLORA}&colour=green", 400, "AdditionalPropertiesError"),
    ],
)
def test_it_refuses_what_the_service_refuses(question: str, status: int, name: str) -> None:
    with OpenReviewServer(hidden=["HIDDEN0000"]) as server:
        answer = ask(server.url, question)
    assert (answer[0], answer[1]["name"], answer[1]["status"]) == (status, name, status)


def test_it_may_want_a_token() -> None:
    with OpenReviewServer(wants_token=True) as server:
        assert ask(server.url, f"id={QLORA}")[1]["name"] == "ChallengeRequiredError"
