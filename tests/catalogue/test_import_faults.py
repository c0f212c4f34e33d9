"""Imports that go wrong: each says so in a line, and what stood there before stays whole."""

from __future__ import annotations

import gzip
import io
import os
import random
import re
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import zstandard

from tests.catalogue.small import NOON, PAPERS, build, write_papers
from tests.catalogue.snapshot import lines, record, write
from tracker.catalogue import Catalogue
from tracker.catalogue.build import build_catalogue
from tracker.catalogue.lock import locked
from tracker.catalogue.workers import Workers
from tracker.errors import CatalogueError

ONE = record("0704.0001", "The first")
MANY = lines(
    [record(f"2301.{at:05}", f"The paper number {at}", comments=os.urandom(99).hex()) for at in range(1, 999)]
)


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Path]:
    """A catalogue that must still be what it was when the test has ended."""
    path, _ = build(tmp_path)
    before = path.read_bytes()
    yield path
    assert path.read_bytes() == before
    left = [one.name for one in tmp_path.iterdir() if one.name.startswith(".")]
    assert not left, "nothing is left beside it"


def zipped(data: bytes, name: str = "a.json") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return packed.getvalue()


def with_wrong_sum(data: bytes) -> bytes:
    """An archive whose only member says that it has another checksum."""
    at = data.index(b"PK\x01\x02") + 16
    return data[:14] + b"\1\2\3\4" + data[18:at] + b"\1\2\3\4" + data[at + 4 :]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.json.gz", gzip.compress(MANY)[:-20], "cannot be read"),
        ("a.json.zst", zstandard.ZstdCompressor().compress(MANY)[:-20], "cut short"),
        ("a.zip", zipped(MANY)[:-30], "cannot be read"),
        ("a.zip", zipped(MANY)[:3000], "cannot be read"),
        ("a.zip", with_wrong_sum(zipped(MANY)), "a.json: cannot be read: Bad CRC-32"),
        ("a.zip", MANY, "this is no zip file"),
        ("a.gz", zipped(MANY), "this is no gzip file"),
        ("a.zip", zipped(b"read me", "README.txt"), "nothing in it can be used"),
        ("a.zip", zipped(zipped(MANY), "inner.zip"), "nothing in it can be used"),
        ("notes.md", b"# Notes\nno facts", "nothing in it can be used"),
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0", "nothing in it can be used"),
        ("refs.bib", b"\0\1\2", "is not a text file"),
        ("old.gz", gzip.compress(b"Tracker cat\0" + bytes(99)), "unpack and name it"),
        ("half.catalogue", b"Tracker cat\0" + bytes(9), "half.catalogue"),
    ],
)
def test_inputs_that_cannot_be_used(
    tmp_path: Path, target: Path, name: str, data: bytes, reason: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(CatalogueError) as told:
        build_catalogue([write(tmp_path / "good.json", ONE), tmp_path / name], target)
    assert reason in str(told.value) and str(tmp_path / name) in str(told.value)
    assert "\n" not in str(told.value)


def test_an_encrypted_archive_is_told(tmp_path: Path, target: Path) -> None:
    data = bytearray(zipped(MANY))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(CatalogueError, match=r"a\.json: cannot be read: it is encrypted; unpack it first$"):
        build_catalogue([tmp_path / "a.zip"], target)


@pytest.mark.parametrize("part", [0.3, 0.9, 0.999])
def test_a_catalogue_that_is_half_copied_is_told(tmp_path: Path, target: Path, part: float) -> None:
    data = target.read_bytes()
    (tmp_path / "half").write_bytes(data[: int(part * len(data))])
    with pytest.raises(CatalogueError, match="half: the catalogue is damaged"):
        build_catalogue([tmp_path / "half"], target)


@pytest.mark.parametrize(("version", "which"), [(0, "older"), (99, "newer")])
def test_a_catalogue_of_another_format_is_told(
    tmp_path: Path, target: Path, version: int, which: str
) -> None:
    data = bytearray(target.read_bytes())
    data[12] = version
    (tmp_path / "other").write_bytes(data)
    with pytest.raises(CatalogueError, match=f"format {version}, {which}"):
        build_catalogue([tmp_path / "other"], target)


# --- lines ---------------------------------------------------------------------------------------------


def test_lines_that_are_too_long_are_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def long(size: int) -> bytes:
        return b'{"id": "0704.0009", "title": "' + b"x" * size + b'"}\n'

    monkeypatch.setattr("tracker.catalogue.sources.LONGEST_LINE", 3 << 20)
    for number, size in enumerate(((3 << 20) + 10, 9 << 20)):
        path = tmp_path / f"{number}.json"
        pieces = (lines([ONE]), long(size), long(1 << 20), b"\n", long(size), lines([ONE]), long(size)[:-1])
        path.write_bytes(b"".join(pieces))
        report = build_catalogue([path], tmp_path / "c", now=NOON)
        assert [line.rpartition(".json:")[2] for line in report.rejected] == [
            f"{at}: a line of more than 3 MB" for at in (2, 5, 7)
        ]
        assert (report.rejected_count, report.papers) == (3, 2)


def test_malformed_lines_are_counted_and_the_first_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(
        b'{"id": \n' * 500 + b"\xff\xfe\xfa\n" + lines([{**ONE, "title": "T"}]) + b"\x80{\n" * 500
    )
    report = build_catalogue([path], tmp_path / "c", now=NOON)
    assert (report.papers, report.rejected_count, len(report.rejected)) == (1, 1001, 20)
    assert report.rejected[0] == f"{path}:1: this is not a line of JSON"


def test_invalid_utf_8_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b'{"id": "0704.0001", "title": "Caf\xe9 \xff"}\n')
    build_catalogue([tmp_path / "a.json"], tmp_path / "c", now=NOON)
    assert Catalogue.open(tmp_path / "c").records[0].title == "Caf\ufffd \ufffd"


# --- no space left -------------------------------------------------------------------------------------


class Full:
    """A file on a disk that has room for some bytes more."""

    def __init__(self, file: Any, room: int) -> None:
        self._file = file
        self._room = room

    def write(self, data: bytes) -> int:
        self._room -= len(data)
        if self._room < 0:
            raise OSError(28, "No space left on device")
        return int(self._file.write(data))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> Full:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


@pytest.mark.parametrize("number", range(5))
@pytest.mark.parametrize("room", [0, 10])
def test_a_full_disk_is_told_wherever_it_is_met(
    tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch, number: int, room: int
) -> None:
    import tempfile

    real = tempfile.TemporaryFile
    count = 0

    def some(**options: Any) -> Any:
        nonlocal count
        count += 1
        file = real(**options)
        return Full(file, room) if count == number + 1 else file

    monkeypatch.setattr("tempfile.TemporaryFile", some)
    with pytest.raises(CatalogueError, match="No space left on device"):
        build_catalogue([tmp_path / "papers.jsonl"], target, keep_abstracts=True)


@pytest.mark.parametrize("room", [0, 5000, 20_000])
def test_a_disk_that_is_full_when_the_catalogue_is_written_is_told(
    tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    real = Path.open

    def opened(path: Path, mode: str = "r", *rest: Any, **options: Any) -> Any:
        file = real(path, mode, *rest, **options)
        return Full(file, room) if mode == "wb" else file

    monkeypatch.setattr(Path, "open", opened)
    with pytest.raises(CatalogueError, match=r"small\.catalogue: the catalogue cannot be written: No space"):
        build_catalogue([tmp_path / "papers.jsonl"], target)


# --- several processes ---------------------------------------------------------------------------------


def test_a_second_import_into_the_same_target_says_so(tmp_path: Path, target: Path) -> None:
    (tmp_path / "link").symlink_to(target)
    for name in (target, tmp_path / "link"):
        with locked(target), pytest.raises(CatalogueError, match="another import or update is writing"):
            build_catalogue([tmp_path / "papers.jsonl"], name)


def test_a_lock_that_nobody_holds_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / ".c.lock").write_text("left behind")
    (tmp_path / ".c.0123456789abcdef.part").write_text("left behind")
    (tmp_path / ".c.d.0123456789abcdef.part").write_text("of another catalogue")
    build_catalogue([write_papers(tmp_path / "a.jsonl")], tmp_path / "c", now=NOON)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"a.jsonl", "c", ".c.d.0123456789abcdef.part"}


def test_readers_go_on_with_the_old_catalogue(tmp_path: Path) -> None:
    target, _ = build(tmp_path)
    reader = Catalogue.open(target)
    build_catalogue([write(tmp_path / "a.json", ONE)], target, now=NOON)
    assert len(reader) == len(PAPERS) and reader.records[len(PAPERS) - 1].title == "Long Short-Term Memory"
    assert len(Catalogue.open(target)) == 1


IMPORT = """
import sys, time
from pathlib import Path
from tracker.catalogue import rows, sections, sources, workers
sources._PIECE, workers._ALONE, rows.ROWS, sections.ROWS = 1 << 14, 1, 1024, 1024
from tracker.catalogue.build import build_catalogue
if __name__ == "__main__":
    print("begun", flush=True)
    build_catalogue([Path(sys.argv[1])], Path(sys.argv[2]), workers=2)
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("program") / "import_it.py"
    path.write_text(IMPORT)
    return path


def start(program: Path, *arguments: Path) -> subprocess.Popen[bytes]:
    """An import in a process of its own, and with processes that help."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    running = subprocess.Popen(
        [sys.executable, program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    )
    assert running.stdout is not None and running.stdout.readline() == b"begun\n"
    return running


def helpers_of(process: int) -> list[int]:
    """The processes that a process has started."""
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process)], capture_output=True, check=False)
    return [int(line) for line in found.stdout.split()]


def is_running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return state.rpartition(")")[2].split()[0] != "Z"


def wait_until(is_so: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while not is_so() and time.monotonic() < end:
        time.sleep(0.02)
    return is_so()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks processes up in /proc")
def test_killed_at_any_moment_it_leaves_the_old_catalogue_and_can_be_run_again(
    tmp_path: Path, program: Path
) -> None:
    target, _ = build(tmp_path)
    before = target.read_bytes()
    (tmp_path / "a.json").write_bytes(MANY)
    chance = random.Random(7)
    for pause in (0.0, chance.uniform(0.1, 0.5), chance.uniform(0.5, 1.5)):
        running = start(program, tmp_path / "a.json", target)
        time.sleep(pause)
        helpers = helpers_of(running.pid)
        running.send_signal(signal.SIGKILL)
        running.wait()
        is_done = target.read_bytes() != before
        assert len(Catalogue.open(target)) == (998 if is_done else len(PAPERS))
        assert wait_until(lambda ended=helpers: not any(map(is_running, ended)))  # type: ignore[misc]
    running = start(program, tmp_path / "a.json", target)
    assert running.wait() == 0
    assert len(Catalogue.open(target)) == 998
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".")]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks processes up in /proc")
def test_a_helper_that_is_killed_is_told(tmp_path: Path, program: Path) -> None:
    target = tmp_path / "c"
    (tmp_path / "a.json").write_bytes(MANY * 40)
    running = start(program, tmp_path / "a.json", target)
    assert wait_until(lambda: len(helpers_of(running.pid)) > 1)
    os.kill(helpers_of(running.pid)[-1], signal.SIGKILL)
    _, told = running.communicate()
    assert re.search(rb"CatalogueError: a process that helped was ended from outside", told)
    assert running.returncode != 0 and not target.exists()


def test_what_goes_wrong_with_a_helper_ends_the_work() -> None:
    with pytest.raises(ValueError, match="invalid literal"), Workers(2) as workers:
        list(workers.map(int, ["1"] * 10 + ["x"] + ["1"] * 10))
