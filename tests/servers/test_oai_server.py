"""The OAI-PMH server itself: it pages as arXiv's does, and refuses what arXiv refuses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

import pytest

from tests.servers import oai
from tests.servers.facts import invented
from tests.servers.oai import OaiServer
from tests.servers.test_arxiv_server import get

LISTED = oai.items((invented(f"2603.{number:05}") for number in range(1, 8)), date(2026, 3, 10), per_day=3)
LIST = {"verb": "ListRecords", "metadataPrefix": "arXiv"}


def ask(server: OaiServer, question: Mapping[str, str]) -> str:
    status, page = get(f"{server.url}?{urlencode(question)}")
    assert status == 200
    return page


def test_pages_follow_each_other_by_day_and_number_to_skip() -> None:
    with OaiServer(LISTED, page_size=2) as server:
        page = ask(server, {**LIST, "from": "2026-03-10"})
        found, days = re.findall("<id>(.*?)</id>", page), list[tuple[str, str]]()
        while token := re.search("<resumptionToken.*?>(.*?)<", page):
            page = ask(server, {"verb": "ListRecords", "resumptionToken": token[1]})
            found += re.findall("<id>(.*?)</id>", page)
            days += re.findall("from%3D([0-9-]+)%26skip%3D([0-9]+)", token[1])
    assert found == [item.paper.id for item in LISTED]
    assert days == [("2026-03-10", "2"), ("2026-03-11", "1"), ("2026-03-11", "3")]


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ({**LIST, "from": "2026-03-13"}, "noRecordsMatch"),
        ({**LIST, "from": "2004-01-01"}, "badArgument"),
        ({**LIST, "from": "2026-03-21"}, "badArgument"),
        ({**LIST, "from": "March"}, "badArgument"),
        ({**LIST, "color": "green"}, "badArgument"),
        ({"verb": "ListRecords"}, "badArgument"),
        ({**LIST, "metadataPrefix": "marc21"}, "cannotDisseminateFormat"),
        ({"verb": "ListRecords", "resumptionToken": "rainbow"}, "badResumptionToken"),
        ({**LIST, "resumptionToken": "rainbow"}, "badArgument"),
        ({"verb": "Nonsense"}, "badVerb"),
    ],
)
def test_it_refuses_what_arxiv_refuses(question: Mapping[str, str], code: str) -> None:
    with OaiServer(LISTED) as server:
        assert f"<error code='{code}'>" in ask(server, question)


def test_it_tells_who_it_is() -> None:
    with OaiServer(LISTED) as server:
        page = ask(server, {"verb": "Identify"})
        assert f"<baseURL>{server.url}</baseURL>" in page and "<earliestDatestamp>2005-09-16<" in page


def test_tokens_expire() -> None:
    with OaiServer(LISTED) as server:
        token = re.search("<resumptionToken.*?>(.*?)<", ask(server, LIST))
        assert token
        server.expire_tokens()
        page = ask(server, {"verb": "ListRecords", "resumptionToken": token[1]})
        assert "badResumptionToken" in page


def test_it_keeps_its_pace() -> None:
    with OaiServer(LISTED, gap_s=60) as server:
        assert [get(server.url)[0], get(server.url)[0]] == [200, 429]
        assert [asked.answer for asked in server.requests] == ["ok", "too fast"]
