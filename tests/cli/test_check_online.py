"""`tracker check` with services: what they settle, what they are asked, and that an outage is never "not found"."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import Tracker
from tests.servers.arxiv_server import ArxivServer
from tests.servers.crossref_server import CrossrefServer
from tests.servers.dblp_server import DblpServer
from tests.servers.loopback import Fault
from tracker.settings import SERVICES

SURVEY = """@article{survey, title={Deep Residual Learning for Image Recognition: A Survey},
  author={Shafiq, Muhammad and Gu, Zhaoquan}, journal={Applied Sciences}, year={2022}}
"""
WRONG = (
    SURVEY.replace("survey,", "wrong,")
    .replace("2022", "2019")
    .replace("year", "doi={10.3390/app12180001}, year")
)
UNKNOWN = (
    "@article{unknown, title={On the Drift of Unseen Dunes and Zorbing}, author={Nora Oak}, year=2020}\n"
)
KNOWN = """@article{known, title={Qlora: Efficient finetuning of quantized llms}, author={Dettmers, Tim and others},
  journal={arXiv preprint arXiv:2305.14314}, year={2023}}
"""


@pytest.fixture
def crossref() -> Iterator[CrossrefServer]:
    with CrossrefServer() as server:
        yield server


@pytest.fixture
def dblp() -> Iterator[DblpServer]:
    with DblpServer() as server:
        yield server


@pytest.fixture
def arxiv() -> Iterator[ArxivServer]:
    with ArxivServer() as server:
        yield server


@pytest.fixture
def online(tracker: Tracker, arxiv: ArxivServer, crossref: CrossrefServer, dblp: DblpServer) -> Tracker:
    """The command line with arXiv, Crossref and DBLP alone."""
    tracker.environment |= {f"TRACKER_{service.upper()}_URL": "" for service in SERVICES}
    for name, server in (("ARXIV", arxiv), ("CROSSREF", crossref), ("DBLP", dblp)):
        tracker.environment |= {f"TRACKER_{name}_URL": server.url, f"TRACKER_{name}_DELAY": "0"}
    tracker.environment["TRACKER_OFFLINE"] = "0"
    return tracker


def verdicts(tracker: Tracker, text: str) -> tuple[int, dict[str, Any], str]:
    """Exit code, verdicts by citation key, and what was said."""
    Path("refs.bib").write_text(text, encoding="utf-8")
    ran = tracker("check", "refs.bib", "--json")
    assert ran.is_clear
    return ran.code, {one["entry"]: one for one in map(json.loads, ran.out.splitlines())}, ran.err


def test_what_the_catalogue_lacks_is_found_by_a_service(online: Tracker, dblp: DblpServer) -> None:
    code, found, _ = verdicts(online, SURVEY + KNOWN)
    assert code == 0 and {one["kind"] for one in found.values()} == {"ok"}
    assert (found["survey"]["source"], found["survey"]["paper"]) == ("Crossref", "doi:10.3390/app12188972")
    assert found["known"]["looked_in"] == ["catalogue"]
    assert not dblp.requests, "nobody is asked about what is settled"


def test_what_a_service_says_otherwise_is_told_with_its_name(online: Tracker) -> None:
    code, found, _ = verdicts(online, WRONG)
    differences = {one["field"]: one for one in found["wrong"]["differences"]}
    assert code == 1 and found["wrong"]["kind"] == "differs"
    assert (
        differences["year"]["expected"] == "2022" and differences["doi"]["expected"] == "10.3390/app12188972"
    )
    assert "Crossref" in differences["year"]["reason"] and differences["year"]["is_sure"]


def test_a_journal_of_another_name_differs(online: Tracker) -> None:
    _, found, _ = verdicts(online, SURVEY.replace("Applied Sciences", "Journal of Dunes and Shores"))
    (venue,) = found["survey"]["differences"]
    assert (venue["field"], venue["expected"], venue["is_sure"]) == ("venue", "Applied Sciences", False)
    _, found, _ = verdicts(online, SURVEY.replace("Applied Sciences", "Appl. Sci."))
    assert found["survey"]["kind"] == "ok"


def test_what_a_service_says_is_written_by_fix(online: Tracker) -> None:
    Path("refs.bib").write_text(WRONG, encoding="utf-8")
    assert online("check", "refs.bib", "--fix").code == 0
    fixed = Path("refs.bib").read_text(encoding="utf-8")
    assert fixed == WRONG.replace("10.3390/app12180001", "10.3390/app12188972").replace("2019", "2022")
    assert online("check", "refs.bib").code == 0


def test_a_doi_of_another_paper_differs_though_the_rest_is_right(online: Tracker) -> None:
    text = KNOWN.replace("year", "doi={10.3390/app12188972}, year")
    code, found, _ = verdicts(online, text)
    (doi,) = found["known"]["differences"]
    assert code == 1 and found["known"]["paper"] == "arXiv:2305.14314"
    assert doi["field"] == "doi" and "A Survey” " in doi["reason"].replace("”,", "” ")
    assert verdicts(online, KNOWN)[0] == 0


def test_a_preprint_that_is_cited_as_published_is_doubted(online: Tracker, dblp: DblpServer) -> None:
    preprint = """@inproceedings{preprint, title={Generating Long Sequences with Sparse Transformers},
      author={Child, R. and Gray, S. and Radford, A. and Sutskever, I.}, booktitle={ICML}, year={2019}}"""
    _, found, _ = verdicts(online, preprint)
    assert found["preprint"]["kind"] == "ambiguous" and found["preprint"]["unconfirmed"] == ["venue"]
    assert "DBLP" in found["preprint"]["notes"][-1] and "ICML" in found["preprint"]["notes"][-1]
    dblp.always = Fault("503")
    _, found, _ = verdicts(online, preprint.replace("Long", "{Long}").replace("R.", "Rewon"))
    assert found["preprint"]["kind"] == "ok", "nobody who would know was heard"


def test_not_found_names_where_was_looked_and_what_failed(online: Tracker, dblp: DblpServer) -> None:
    dblp.always = Fault("503")
    code, found, said = verdicts(online, UNKNOWN)
    unknown = found["unknown"]
    assert (code, unknown["kind"], unknown["looked_in"]) == (3, "not found", ["catalogue", "Crossref"])
    assert len(unknown["failed"]) == 1 and unknown["failed"][0].startswith("DBLP: ")
    assert "DBLP: said nothing about 1 of the entries" in said


@pytest.mark.parametrize("fault", ["503", "html", "truncated", "reset", "no content"])
def test_an_outage_is_never_called_not_found_and_asking_again_settles_it(
    online: Tracker, crossref: CrossrefServer, dblp: DblpServer, fault: str
) -> None:
    crossref.always = dblp.always = Fault(fault)
    code, found, said = verdicts(online, UNKNOWN + SURVEY + KNOWN)
    kinds = {name: one["kind"] for name, one in found.items()}
    assert code == 3 and kinds == {"unknown": "ambiguous", "survey": "ambiguous", "known": "ok"}
    assert {one.partition(":")[0] for one in found["unknown"]["failed"]} == {"Crossref", "DBLP"}
    crossref.always = dblp.always = None
    code, found, said = verdicts(online, UNKNOWN + SURVEY + KNOWN)
    assert code == 1 and "said nothing" not in said
    assert {name: one["kind"] for name, one in found.items()} == {
        "unknown": "not found",
        "survey": "ok",
        "known": "ok",
    }


def test_answers_are_kept(online: Tracker, crossref: CrossrefServer, dblp: DblpServer) -> None:
    verdicts(online, UNKNOWN + SURVEY)
    asked = len(crossref.requests), len(dblp.requests)
    verdicts(online, UNKNOWN + SURVEY)
    assert (len(crossref.requests), len(dblp.requests)) == asked


def test_offline_asks_nobody(online: Tracker, crossref: CrossrefServer) -> None:
    Path("refs.bib").write_text(UNKNOWN, encoding="utf-8")
    ran = online("check", "refs.bib", "--offline")
    assert ran.code == 1 and "not found" in ran.out and not crossref.requests
