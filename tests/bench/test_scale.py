"""The benchmark of size: what it says, and what it uses again."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.scale import ROOT, Report, _kept_cost
from tests.catalogue.small import PAPERS, build


def test_what_is_over_its_budget_is_said_again_at_the_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = Report(tmp_path / "report.txt")
    report.begin("import")
    report.show("time", 30.0, "s", 60.0)
    report.show("speed", 10.0, "MB/s", 20.0, is_least=True)
    report.end()
    told = capsys.readouterr().out
    assert told == (tmp_path / "report.txt").read_text("utf-8")
    assert told.splitlines() == [
        "",
        "-- import --",
        "time: 30 s (at most 60): 0.50 of the budget",
        "speed: 10 MB/s (at least 20): 2.00 of the budget",
        "",
        "-- over the budget --",
        "import: speed: 10 MB/s (at least 20): 2.00 of the budget",
    ]


def test_an_import_is_used_again_where_its_catalogue_is_whole(tmp_path: Path) -> None:
    path, _ = build(tmp_path)
    size = len(PAPERS)
    assert _kept_cost(path, size)[0] is None
    kept = {"wall_s": 1.0, "cpu_s": 2.0, "memory_mb": 3.0, "own_mb": 4.0, "made": "2026-01-01 12:00"}
    path.with_suffix(".import.json").write_text(json.dumps(kept), "utf-8")
    cost, made = _kept_cost(path, size)
    assert cost is not None and cost.cpu_s == 2.0 and made == "2026-01-01 12:00"
    assert _kept_cost(path, size + 1)[0] is None
    path.write_bytes(path.read_bytes()[:-1])
    assert _kept_cost(path, size)[0] is None


@pytest.mark.parametrize("sizes", ["x", "30,,40", "20", "99999999999"])
def test_sizes_that_cannot_be_made_are_told(tmp_path: Path, sizes: str) -> None:
    command = [sys.executable, "-m", "tests.bench.scale", "--papers", sizes, "--work", str(tmp_path / "w")]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 2 and f"--papers {sizes}" in ran.stderr.splitlines()[-1]
    assert not (tmp_path / "w").exists()
