"""The server of OpenAlex itself: it refuses what the service refuses, and pages as it does."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.servers.openalex_server import OpenAlexServer, inverted
from tests.servers.test_arxiv_server import get


def ask(server: OpenAlexServer, **params: str) -> tuple[int, Any]:
    given = {"api_key": "any", **{name.replace("_page", "-page"): value for name, value in params.items()}}
    status, page = get(f"{server.url}/works?{urlencode(given)}")
    return status, json.loads(page)


def test_works_by_doi() -> None:
    with OpenAlexServer() as server:
        status, page = ask(
            server, filter="doi:10.1109/CVPR.2016.90|https://doi.org/10.1038/nature14539", select="doi"
        )
    assert status == 200 and page["meta"]["count"] == 2
    assert {one["doi"] for one in page["results"]} == {
        "https://doi.org/10.1109/cvpr.2016.90",
        "https://doi.org/10.1038/nature14539",
    }


def test_a_preprint_with_a_published_doi_is_found_by_its_copy_alone() -> None:
    with OpenAlexServer() as server:
        assert ask(server, filter="doi:10.48550/arxiv.1512.03385")[1]["meta"]["count"] == 0
        (one,) = ask(server, filter="locations.landing_page_url:http://arxiv.org/abs/1512.03385")[1][
            "results"
        ]
        assert one["doi"] == "https://doi.org/10.1109/cvpr.2016.90"
        assert ask(server, filter="doi:10.48550/arxiv.1706.03762")[1]["meta"]["count"] == 1


def test_a_search_finds_wrong_papers_too() -> None:
    with OpenAlexServer() as server:
        _, page = ask(server, filter="title.search:deep residual learning for image recognition")
    titles = [one["title"] for one in page["results"]]
    assert titles[0] == "Deep Residual Learning for Image Recognition" and len(titles) > 1


def test_pages() -> None:
    with OpenAlexServer() as server:
        pages = [ask(server, filter="title.search:learning", per_page="3", page=str(n))[1] for n in (1, 2)]
    assert [len(page["results"]) for page in pages] == [3, 3] and pages[0]["meta"]["count"] > 3
    assert {one["id"] for one in pages[0]["results"]}.isdisjoint(one["id"] for one in pages[1]["results"])


@pytest.mark.parametrize(
    ("params", "status", "reason"),
    [
        ({"api_key": ""}, 401, "Provide a valid API key"),
        ({"filter": "title:x"}, 400, "title is not a valid field"),
        ({"filter": "doi:" + "|".join(f"10.1/{n}" for n in range(101))}, 400, "Maximum number of values"),
        ({"filter": "title.search:a, b"}, 400, "Invalid query parameter in filter"),
        ({"filter": "title.search:a*"}, 400, "Wildcards"),
        ({"filter": "title.search:" + "a" * 5000}, 400, "Your request URL is"),
        ({"select": "doi,venue"}, 400, "venue is not a valid select field"),
        ({"per_page": "101"}, 400, "per-page parameter"),
        ({"colour": "green"}, 400, "colour is not a valid parameter"),
    ],
)
def test_it_refuses_what_the_service_refuses(params: dict[str, str], status: int, reason: str) -> None:
    with OpenAlexServer() as server:
        answer = ask(server, **params)
    assert answer[0] == status and answer[1]["message"].startswith(reason)


def test_only_the_right_key_is_accepted() -> None:
    with OpenAlexServer(key="right") as server:
        assert [ask(server, api_key=key)[0] for key in ("right", "wrong")] == [200, 401]


def test_an_inverted_index() -> None:
    assert inverted("a b a") == {"a": [0, 2], "b": [1]}
