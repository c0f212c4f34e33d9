"""Published versions from the command line: found, described, kept, and what an outage costs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.cli.running import Tracker
from tests.servers.acl_server import AclServer
from tests.servers.arxiv_server import ArxivServer
from tests.servers.crossref_server import CrossrefServer
from tests.servers.dblp_server import DblpServer
from tests.servers.loopback import Fault, LoopbackServer
from tests.servers.semantic_scholar_server import SemanticScholarServer
from tracker.bibfile import ReadEntry, read_bib

NOTES = """\
# What we read

- BERT, arXiv:1810.04805, is also https://aclanthology.org/N19-1423.
- Residual networks: arXiv:1512.03385. DPO: arXiv:2305.18290.
- Compute-optimal training: arXiv:2203.15556.
- LSTM: https://doi.org/10.1162/neco.1997.9.8.1735
- Nobody has published arXiv:0704.0374.
"""
GAP_S = 0.05


@pytest.fixture
def servers(tracker: Tracker) -> Iterator[dict[str, LoopbackServer]]:
    """All services, each of which refuses questions that come sooner than its pace allows."""
    made: list[LoopbackServer] = [
        kind(gap_s=GAP_S)
        for kind in (ArxivServer, AclServer, CrossrefServer, DblpServer, SemanticScholarServer)
    ]
    with ExitStack() as stack:
        for server in made:
            stack.enter_context(server)
            name = f"TRACKER_{server.NAME.upper()}"
            tracker.environment |= {f"{name}_URL": server.url, f"{name}_DELAY": str(2 * GAP_S)}
        tracker.environment["TRACKER_OFFLINE"] = "0"
        Path("papers.md").write_text(NOTES, encoding="utf-8")
        yield {server.NAME: server for server in made}


def entries_of(text: str) -> dict[str, ReadEntry]:
    """The entries by arXiv id, or by DOI."""
    file = read_bib(text.encode())
    assert not file.problems
    return {entry.arxiv_id or entry.doi or entry.key: entry for entry in file.entries}


def asked(servers: dict[str, LoopbackServer]) -> dict[str, int]:
    return {name: len(server.requests) for name, server in servers.items()}


def test_one_entry_carries_publication_and_preprint(
    tracker: Tracker, servers: dict[str, LoopbackServer]
) -> None:
    ran = tracker("bib", "papers.md")
    assert (ran.code, ran.err) == (0, "")
    entries = entries_of(ran.out)
    assert len(entries) == 6, "BERT at the ACL Anthology and at arXiv is one paper"
    assert entries["1810.04805"].doi == "10.18653/v1/n19-1423" and "pages = {4171--4186}" in ran.out
    assert entries["1512.03385"].type == "inproceedings" and entries["1512.03385"].year == 2016
    assert "Neural Information Processing Systems" in entries["2305.18290"].venue
    assert (
        entries["2203.15556"].title
        == "An empirical analysis of compute-optimal large language model training"
    )
    assert entries["10.1162/neco.1997.9.8.1735"].title == "Long Short-Term Memory"
    assert entries["0704.0374"].type == "misc" and "note = {Withdrawn}" in ran.out


def test_services_are_asked_at_their_pace_in_batches_and_once(
    tracker: Tracker, servers: dict[str, LoopbackServer]
) -> None:
    first = tracker("bib", "papers.md")
    for server in servers.values():
        assert set(server.answers) <= {"ok"}, f"{server.NAME} was asked too fast, or two at once"
    assert asked(servers)["arxiv"] == asked(servers)["semantic_scholar"] == 1, "all papers in one question"
    before = asked(servers)
    assert tracker("bib", "papers.md") == first and asked(servers) == before, "answers are kept"


def test_the_preprint_is_described_on_demand(tracker: Tracker, servers: dict[str, LoopbackServer]) -> None:
    entries = entries_of(tracker("bib", "papers.md", "--prefer", "preprint").out)
    assert entries["1512.03385"].type == "misc" and entries["1512.03385"].doi is None
    assert entries["2203.15556"].title == "Training Compute-Optimal Large Language Models"
    assert entries["10.1162/neco.1997.9.8.1735"].type == "article"
    assert asked(servers)["dblp"] == 0, "no publications are looked for"


@pytest.mark.parametrize("fault", ["404", "html", "empty page", "truncated", "redirect"])
@pytest.mark.parametrize("down", ["crossref", "dblp", "semantic_scholar", "acl", "arxiv"])
def test_an_outage_costs_no_entry_and_running_again_completes_it(
    tracker: Tracker, servers: dict[str, LoopbackServer], down: str, fault: str
) -> None:
    if (down, fault) == ("acl", "404"):
        pytest.skip("that is how the Anthology says that there is no such paper")
    servers[down].always = Fault(fault)
    ran = tracker("bib", "papers.md")
    assert ran.code in (0, 3) and ran.is_clear
    assert {"1810.04805", "1512.03385", "2305.18290", "2203.15556"} <= entries_of(ran.out).keys()
    servers[down].always = None
    again = tracker("bib", "papers.md")
    assert again.code == 0 and len(entries_of(again.out)) == 6
    assert again.out == tracker("bib", "papers.md").out


def test_what_no_service_could_tell_is_one_line(tracker: Tracker, servers: dict[str, LoopbackServer]) -> None:
    for name in ("crossref", "dblp", "semantic_scholar"):
        servers[name].always = Fault("html")
    ran = tracker("bib", "papers.md")
    told = [
        line for line in ran.err.splitlines() if "published version" in line and "arXiv:2305.18290" in line
    ]
    assert len(told) == 1 and "run again later" in told[0]
    assert "Semantic Scholar" in told[0] and "DBLP" in told[0]


def test_show_tells_where_each_value_comes_from(tracker: Tracker, servers: dict[str, LoopbackServer]) -> None:
    shown = tracker("show", "1512.03385")
    assert shown.code == 0
    lines = {line[:13].strip(): line for line in shown.out.splitlines()}
    assert "10.1109/cvpr.2016.90" in lines["doi"] and "pages 770--778" in lines["where in it"]
    assert "(Crossref, 20" in lines["publisher"] and "(arXiv, 20" in lines["version"]
    assert "cited by" in shown.out and "(Semantic Scholar, 20" in shown.out


def test_an_identifier_of_another_paper_is_told_and_left_out(
    tracker: Tracker, servers: dict[str, LoopbackServer]
) -> None:
    Path("papers.md").write_text(
        "- [A Wholly Different Matter of Cooking](https://arxiv.org/abs/0704.0374)\n"
    )
    ran = tracker("bib", "papers.md")
    assert "0704.0374" not in ran.out and "Gravity-induced" in ran.err and "Matter of Cooking" in ran.err


def test_an_identifier_that_the_catalogue_knows_is_kept_and_told(tracker: Tracker) -> None:
    Path("papers.md").write_text(
        "- [A Wholly Different Matter of Cooking](https://arxiv.org/abs/2305.14314)\n"
    )
    ran = tracker("bib", "--offline", "papers.md")
    assert ran.code == 0 and "eprint = {2305.14314}" in ran.out
    assert "QLoRA" in ran.err and "Matter of Cooking" in ran.err and "check which" in ran.err
