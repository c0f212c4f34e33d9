"""The server of Semantic Scholar itself: it refuses what the service refuses."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.servers.semantic_scholar_server import PATH, SemanticScholarServer

DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def ask(url: str, ids: list[str], fields: str = "title,externalIds", **headers: str) -> tuple[int, Any]:
    body = json.dumps({"ids": ids}).encode()
    question = urllib.request.Request(f"{url}{PATH}?fields={fields}", body, headers, method="POST")
    try:
        with DIRECT.open(question, timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_answers_stand_in_the_order_of_the_ids() -> None:
    with SemanticScholarServer() as server:
        status, items = ask(server.url, ["ACL:N19-1423", "ARXIV:2305.00001", "arxiv:1412.6980"])
    assert status == 200 and items[1] is None
    assert [items[0]["externalIds"]["DOI"], items[2]["externalIds"]["ArXiv"]] == [
        "10.18653/v1/n19-1423",
        "1412.6980",
    ]
    assert items[0].keys() == {"paperId", "title", "externalIds"}


@pytest.mark.parametrize(
    ("ids", "fields", "reason"),
    [
        ([], "title", "No valid paper ids given"),
        (["ARXIV:2305.00001"], "title", "No valid paper ids given"),
        (["ARXIV:2305.14314"] * 501, "title", "Too many ids"),
        (["ARXIV:2305.14314"], "title,isRetracted", "Unrecognized or unsupported fields: [isRetracted]"),
        (["ARXIV:2305.14314"], "title&limit=3", "Unacceptable query params: [limit=3]"),
    ],
)
def test_it_refuses_what_the_service_refuses(ids: list[str], fields: str, reason: str) -> None:
    with SemanticScholarServer() as server:
        status, said = ask(server.url, ids, fields)
    assert status == 400 and said["error"].startswith(reason)


def test_a_wrong_key_is_refused_and_none_is_not() -> None:
    with SemanticScholarServer(key="right") as server:
        answers = [
            ask(server.url, ["ARXIV:2305.14314"], **{"x-api-key": key})[0] for key in ("right", "wrong")
        ]
        assert [*answers, ask(server.url, ["ARXIV:2305.14314"])[0]] == [200, 403, 200]
