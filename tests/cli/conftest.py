from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import CHINESE, ENGLISH, Tracker
from tests.servers.arxiv_server import ArxivServer


@pytest.fixture(scope="session")
def bytecode(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where processes keep what they have compiled, so that only the first one is slow."""
    return tmp_path_factory.mktemp("bytecode")


@pytest.fixture
def tracker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bytecode: Path) -> Tracker:
    """The command line in a folder with two documents, offline, with a library and a cache of its own."""
    monkeypatch.chdir(tmp_path)
    Path("english.md").write_text(ENGLISH, encoding="utf-8")
    Path("chinese.txt").write_text(CHINESE, encoding="utf-8")
    environment = {
        "TRACKER_LIBRARY": str(tmp_path / "library.sqlite"),
        "TRACKER_CACHE": str(tmp_path / "cache"),
        "TRACKER_OFFLINE": "1",
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "COLUMNS": "120",
        "PYTHONPYCACHEPREFIX": str(bytecode),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    return Tracker(tmp_path, environment)


@pytest.fixture
def server() -> Iterator[ArxivServer]:
    """A healthy server in the place of arXiv's API; tests order its faults."""
    with ArxivServer(invents=True) as running:
        yield running


@pytest.fixture
def online(tracker: Tracker, server: ArxivServer) -> Tracker:
    """The command line with that server for arXiv."""
    tracker.environment |= {
        "TRACKER_OFFLINE": "0",
        "TRACKER_ARXIV_URL": server.url,
        "TRACKER_ARXIV_DELAY": "0",
    }
    return tracker
