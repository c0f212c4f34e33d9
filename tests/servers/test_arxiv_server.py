"""The server itself: it speaks arXiv's format, refuses what arXiv refuses, and can be started by anybody."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import arxiv

from tests.servers.arxiv_server import ArxivServer
from tests.servers.facts import PAPERS_FILE, read_papers

DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def get(url: str) -> tuple[int, str]:
    try:
        with DIRECT.open(url, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@contextmanager
def started(*options: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.servers", *options]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdout=-1, stderr=-1, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()


def test_the_arxiv_package_reads_what_it_says() -> None:
    with ArxivServer() as server:
        client = arxiv.Client(delay_seconds=0.0, num_retries=0)
        client.query_url_format = server.url + "?{}"
        client._session.trust_env = False
        found = list(client.results(arxiv.Search(id_list=["1706.03762v2", "hep-th/9901001", "2305.00001"])))
    assert [result.get_short_id() for result in found] == ["hep-th/9901001v1", "1706.03762v2"]
    assert found[1].primary_category == "cs.CL" and len(found[1].authors) == 8
    assert found[0].journal_ref == "Prog.Theor.Phys. 101 (1999) 1155-1164"


def test_every_paper_of_the_file_is_complete() -> None:
    papers = read_papers()
    assert len(papers) == len(PAPERS_FILE.read_text("utf-8").splitlines())
    assert {
        "2304.01373",
        "2305.14314",
        "2305.18290",
        "2310.06825",
        "2304.02643",
        "2307.05222",
        "2311.10709",
    } <= set(papers)


def test_it_refuses_what_arxiv_refuses() -> None:
    with ArxivServer() as server:
        status, page = get(f"{server.url}?id_list=2305.14314,abc")
    assert (status, "incorrect id format for abc" in page) == (400, True)
    with ArxivServer(gap_s=60) as server:
        assert [get(server.url)[0], get(server.url)[0]] == [200, 429]
    assert server.answers == ["ok", "too fast"]


def test_it_refuses_two_questions_at_once() -> None:
    with ArxivServer(gap_s=0.001, work_s=60) as server:
        first = threading.Thread(target=get, args=(server.url,), daemon=True)
        first.start()
        while not server.requests:
            time.sleep(0.005)
        assert get(server.url) == (429, "Rate exceeded.")
    assert server.answers == ["ok", "two at once"]


def test_anybody_may_start_it() -> None:
    with started("--fault", "503", "--retry-after", "7", "--gap", "0", "--invent") as process:
        assert process.stdout
        line = process.stdout.readline()
        url = line.split("TRACKER_ARXIV_URL=")[1].split()[0]
        assert "TRACKER_ARXIV_DELAY=0" in line
        assert get(f"{url}?id_list=2305.00001")[0] == 503
        assert "An Invented Title for 2305.00001" in get(f"{url}?id_list=2305.00001")[1]


def test_a_fault_that_is_none_is_refused() -> None:
    with started("--always", "bad weather") as process:
        assert process.wait() == 2 and process.stderr
        assert "no such fault: bad weather" in process.stderr.read()
