"""The servers of the services: they answer, search and refuse as these do, and are healthy after a fault."""

from __future__ import annotations

import contextlib
import json
import subprocess
import urllib.request
from http.client import HTTPException
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from tests.servers.acl_server import AclServer
from tests.servers.arxiv_server import ArxivServer
from tests.servers.crossref_server import CrossrefServer
from tests.servers.dblp_server import DblpServer
from tests.servers.facts import read_papers, read_publications
from tests.servers.loopback import Fault, LoopbackServer
from tests.servers.oai import OaiServer
from tests.servers.openalex_server import OpenAlexServer
from tests.servers.openreview_server import OpenReviewServer
from tests.servers.test_arxiv_server import DIRECT, get, started
from tracker.bibfile import read_bib

SERVERS: tuple[type[LoopbackServer], ...] = (
    *(ArxivServer, OaiServer, CrossrefServer, DblpServer, AclServer),
    *(OpenAlexServer, OpenReviewServer),
)
HEALTHY = {
    "arxiv": "?id_list=1706.03762",
    "oai": "?verb=ListRecords&metadataPrefix=arXiv",
    "crossref": "/works?filter=doi:10.1038/nature14539",
    "dblp": "/search/publ/api?q=Mask+He&format=json",
    "acl": "/N19-1423.bib",
    "openalex": "/works?filter=doi:10.1038/nature14539&api_key=any",
    "openreview": "/notes?id=OUIFPHEgJU",
}


def ask(server: LoopbackServer, path: str, **params: str) -> Any:
    status, page = get(f"{server.url}{path}?{urlencode(params)}")
    assert status == 200
    return json.loads(page)


def items(server: CrossrefServer, **params: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(server, "/works", **params)["message"]["items"]
    return found


def hits(server: DblpServer, question: str) -> list[dict[str, Any]]:
    found = ask(server, "/search/publ/api", q=question, format="json")["result"]["hits"]
    assert int(found["@sent"]) == len(found.get("hit", []))
    return [hit["info"] for hit in found.get("hit", [])]


# --- facts -------------------------------------------------------------------------------------


def test_every_publication_of_the_file_is_complete() -> None:
    found = read_publications()
    assert len(found) > 30 and all(one.title and one.authors and one.year for one in found)
    assert len({one.doi for one in found if one.doi}) == sum(bool(one.doi) for one in found)
    assert all(
        one.doi == one.doi.lower() and one.kind in {"journal", "proceedings", "preprint"} for one in found
    )
    assert {one.arxiv for one in found} - {""} <= read_papers().keys()


def test_publications_of_unknown_preprints_are_passed_over() -> None:
    assert {one.arxiv for one in read_publications({})} == {""}


# --- Crossref ----------------------------------------------------------------------------------


def test_filters_of_one_name_are_or_ed_and_come_in_an_order_of_their_own() -> None:
    asked = ["10.1109/CVPR.2016.90", "10.1038/nature14539", "10.1000/nowhere"]
    with CrossrefServer() as server:
        found = items(server, filter=",".join(f"doi:{doi}" for doi in asked), rows="3")
        assert items(server, filter=f"doi:{asked[0]}", rows="0") == []
    assert [item["DOI"] for item in found] == ["10.1038/nature14539", "10.1109/cvpr.2016.90"]
    assert server.requests[0].ids == tuple(doi.lower() for doi in asked)


def test_only_what_is_selected_comes_and_only_what_may_be() -> None:
    with CrossrefServer() as server:
        (item,) = items(server, filter="doi:10.1038/nature14539", select="DOI,title")
        status, page = get(f"{server.url}/works?select=DOI,subtype")
    assert item.keys() == {"DOI", "title"}
    assert status == 400 and "Select subtype specified but there is no such select" in page
    assert json.loads(page)["status"] == "failed"


@pytest.mark.parametrize("params", [{"filter": "colour:green"}, {"rows": "1001"}, {"rows": "many"}])
def test_crossref_refuses_what_it_does_not_know(params: dict[str, str]) -> None:
    with CrossrefServer() as server:
        status, page = get(f"{server.url}/works?{urlencode(params)}")
    assert status == 400 and json.loads(page)["message-type"] == "validation-failure"


def test_one_work_by_its_doi_in_any_case() -> None:
    with CrossrefServer() as server:
        found = ask(server, f"/works/{quote('10.1038/NATURE26142', safe='')}")["message"]
        missing = get(f"{server.url}/works/10.1000/nowhere"), get(f"{server.url}/members")
    assert found["title"] == ["RETRACTED ARTICLE: Quantized Majorana conductance"]
    assert found["updated-by"][0]["type"] == "retraction" and found["author"][6]["family"] == "van Loo"
    assert missing == ((404, "Resource not found."),) * 2


def test_a_search_also_finds_wrong_papers_behind_the_right_one() -> None:
    with CrossrefServer() as server:
        found = items(server, **{"query.bibliographic": "Deep Residual Learning for Image Recognition"})
    assert found[0]["DOI"] in {"10.1109/cvpr.2016.90", "10.3390/app12188972"} and len(found) > 2
    assert [item["score"] for item in found] == sorted((item["score"] for item in found), reverse=True)


# --- DBLP --------------------------------------------------------------------------------------


def test_all_words_must_be_there_and_each_begins_a_word() -> None:
    with DblpServer() as server:
        assert {info["venue"] for info in hits(server, "mask cnn girsh")} == {
            "CoRR", "ICCV", "IEEE Trans. Pattern Anal. Mach. Intell."
        }  # fmt: skip
        assert hits(server, "mask cnn nobody") == []


def test_dblp_has_its_own_way_with_names_titles_and_preprints() -> None:
    with DblpServer() as server:
        conference, preprint = hits(server, "Exploring Limits Transfer Raffel")
        (alone, *_) = hits(server, "Random Forests Breiman")
        status, page = get(f"{server.url}/search/publ/api?q=x")
    assert {"Wei Li 0133"} <= {author["text"] for author in conference["authors"]["author"]}
    assert (
        conference["title"].endswith("Transformer.") and alone["authors"]["author"]["text"] == "Leo Breiman"
    )
    assert preprint["type"] == "Informal and Other Publications" and preprint["volume"] == "abs/1910.10683"
    assert status == 200 and page.startswith("<?xml"), "XML unless JSON is asked for"


# --- the ACL Anthology -------------------------------------------------------------------------


def test_every_paper_of_the_anthology_is_bibtex() -> None:
    with AclServer() as server:
        for acl_id, one in server.publications.items():
            status, page = get(f"{server.url}/{acl_id}.bib")
            read = read_bib(page.encode())
            assert status == 200 and not read.problems and len(read.entries) == 1
            assert (read.entries[0].title, len(read.entries[0].authors)) == (one.title, len(one.authors))
        assert get(f"{server.url}/N19-1423")[0] == get(f"{server.url}/X99-9999.bib")[0] == 404


# --- all of them -------------------------------------------------------------------------------


@pytest.mark.parametrize("server_of", SERVERS)
def test_after_each_fault_it_is_healthy_again(server_of: type[LoopbackServer]) -> None:
    with server_of() as server:
        address = f"{server.url}{HEALTHY[server.NAME]}"
        healthy = get(address)
        for name in sorted(server.FAULTS.keys() - {"hang", "huge", "gzip bomb", "redirect"}):
            server.faults.append(Fault(name, seconds=0.01))
            with contextlib.suppress(OSError, HTTPException), DIRECT.open(address, timeout=10) as answer:
                answer.read()
            assert server.answers[-1] == name
        assert healthy[0] == 200 and get(address) == healthy


@pytest.mark.parametrize("server_of", SERVERS)
def test_the_pace_is_enforced(server_of: type[LoopbackServer]) -> None:
    with server_of(gap_s=60) as server:
        get(f"{server.url}{HEALTHY[server.NAME]}")
        assert get(f"{server.url}{HEALTHY[server.NAME]}") == (429, "Rate exceeded.")
    assert server.answers == ["ok", "too fast"]


def test_the_log_has_what_was_sent() -> None:
    with CrossrefServer() as server:
        data = json.dumps({"ids": ["a"]}).encode()
        question = urllib.request.Request(
            f"{server.url}/works?rows=1&query=%C3%A9",
            data,
            {"Content-Type": "application/json", "X-Key": "k"},
        )
        with DIRECT.open(question, timeout=10) as answer:
            assert answer.headers["x-api-pool"] == "polite"
    (request,) = server.requests
    assert (request.method, request.path, request.body) == ("POST", "/works", {"ids": ["a"]})
    assert request.params == {"rows": "1", "query": "é"} and request.headers["x-key"] == "k"


def line_of(process: subprocess.Popen[str]) -> dict[str, str]:
    """The variables that the servers print."""
    assert process.stdout
    return dict(one.split("=", 1) for one in process.stdout.readline().removeprefix("export ").split())


def test_all_services_start_together_each_with_its_faults() -> None:
    options = ("--fault", "crossref:503", "--always", "dblp:html", "--always", "500", "--gap", "0")
    with started(*options) as process:
        places = line_of(process)
        arxiv, crossref, dblp = (places[f"TRACKER_{name}_URL"] for name in ("ARXIV", "CROSSREF", "DBLP"))
        asked = f"{crossref}{HEALTHY['crossref']}"
        assert [get(asked)[0], get(asked)[0]] == [503, 200]
        assert "Out of service" in get(f"{dblp}{HEALTHY['dblp']}")[1] and get(arxiv)[0] == 500
        assert places["TRACKER_ACL_DELAY"] == "0" and "TRACKER_OAI_DELAY" not in places


@pytest.mark.parametrize(
    ("fault", "words"),
    [("nasa:503", "no such service: nasa"), ("acl:bad weather", "no such fault: bad weather")],
)
def test_a_service_or_fault_that_is_none_is_refused(fault: str, words: str) -> None:
    with started("--fault", fault) as process:
        assert process.wait() == 2 and process.stderr
        assert words in process.stderr.read()
