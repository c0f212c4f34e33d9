"""What happens to the library when something goes wrong around it, with real files and real processes."""

from __future__ import annotations

import multiprocessing
import os
import resource
import shutil
import signal
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from tracker.errors import LibraryError
from tracker.identifiers import PaperKey
from tracker.library import Library, open_library
from tracker.models import Document, Link, Mention, MentionKind, Paper

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
NOBODY = 65534
processes = multiprocessing.get_context("fork")


def add(library: Library, number: int, links: int = 3) -> None:
    """Add a document of its own with a paper of its own and one that all have."""
    keys = [PaperKey(f"arXiv:2401.{number:05}"), PaperKey("arXiv:2305.14314")]
    papers = [Paper(key=key, title=f"The paper with the number {key}") for key in keys]
    mentions = [
        Mention(document=f"{number}.md", kind=MentionKind.NAME, surface="x", start=at, end=at + 1, line=1)
        for at in range(links)
    ]
    library.add(
        Document(name=f"{number}.md", text=f"{number}"),
        [Link(mention=mention, paper=keys[mention.start % 2]) for mention in mentions],
        papers,
        NOON,
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "library.sqlite"
    with open_library(path) as library:
        add(library, 1)
    return path


def one_line(path: Path, use: Callable[[], object]) -> str:
    """What the user is told when this fails: one line that names the file."""
    with pytest.raises(LibraryError) as caught:
        use()
    message = str(caught.value)
    assert message.startswith(str(path)) and "\n" not in message
    return message


def read_all(path: Path) -> None:
    with open_library(path, create=False) as library:
        library.papers(with_dropped=True)
        library.links(with_dropped=True)
        library.documents()


def add_one(path: Path) -> None:
    with open_library(path, wait_s=0.05) as library:
        add(library, 2)


BOTH = pytest.mark.parametrize("use", [read_all, add_one])
Use = Callable[[Path], None]


@BOTH
def test_a_folder(tmp_path: Path, use: Use) -> None:
    assert "is not a file" in one_line(tmp_path, lambda: use(tmp_path))


@BOTH
def test_a_pipe_is_not_waited_for(tmp_path: Path, use: Use) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "is not a file" in one_line(tmp_path / "pipe", lambda: use(tmp_path / "pipe"))


@BOTH
@pytest.mark.parametrize(
    "content", [b"@article{a, title = {T}}\n" * 100, b"SQLite format 3\0" + b"\xff" * 8000]
)
def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path, use: Use, content: bytes) -> None:
    path = tmp_path / "refs.bib"
    path.write_bytes(content)
    assert "is not a library" in one_line(path, lambda: use(path))
    assert path.read_bytes() == content
    assert [file.name for file in tmp_path.iterdir()] == ["refs.bib"]


@BOTH
def test_a_file_in_the_place_of_the_folder(tmp_path: Path, use: Use) -> None:
    (tmp_path / "file").write_text("mine")
    path = tmp_path / "file" / "library.sqlite"
    if use is add_one:
        assert "cannot be reached" in one_line(path, lambda: use(path))
    assert (tmp_path / "file").read_text() == "mine"


@BOTH
@pytest.mark.parametrize("damage", ["cut", "overwritten"])
def test_a_damaged_file(path: Path, use: Use, damage: str) -> None:
    content = path.read_bytes()
    if damage == "cut":
        path.write_bytes(content[: len(content) // 2])
    else:
        path.write_bytes(content[:4096] + b"\x55" * (len(content) - 4096))
    assert "is damaged" in one_line(path, lambda: use(path))


@pytest.mark.parametrize("record", ["{", '{"key": "a"}', '{"key": "a", "title": "b", "colour": 1}', "[]"])
def test_a_record_that_cannot_be_understood(path: Path, record: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE papers SET record = ?", (record,))
    assert "cannot be understood" in one_line(path, lambda: read_all(path))
    assert "cannot be understood" in one_line(path, lambda: add_one(path))


def test_a_table_that_is_gone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE links")
    assert "no such table" in one_line(path, lambda: read_all(path))


@pytest.mark.parametrize("how", ["IMMEDIATE", "EXCLUSIVE"])
def test_a_file_that_another_program_holds(path: Path, how: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute(f"BEGIN {how}")
        assert "is in use by another program" in one_line(path, lambda: add_one(path))
        read_all(path)
        other.execute("ROLLBACK")
    add_one(path)


def test_a_disk_that_fills_up_changes_nothing(path: Path) -> None:
    with open_library(path) as library:
        before = library.papers(), library.links(), library.documents()
        ((pages,),) = library._database.rows("PRAGMA page_count")
        library._database.rows(f"PRAGMA max_page_count = {pages + 2}")
        assert "the disk is full; nothing was changed" in one_line(path, lambda: add(library, 2, links=2000))
        assert (library.papers(), library.links(), library.documents()) == before
        add(library, 3)
    with open_library(path, create=False) as library:
        assert len(library.documents()) == 2


def in_a_process(work: Callable[[], None]) -> str:
    """The message of the `LibraryError` that some work ends with in a process of its own; "" for none."""
    here, there = processes.Pipe()

    def run() -> None:
        try:
            work()
            there.send("")
        except LibraryError as error:
            there.send(str(error))
        except BaseException as error:
            there.send(repr(error))

    process = processes.Process(target=run)
    process.start()
    message = here.recv() if here.poll(20) else "no answer"
    process.join()
    return str(message)


def test_a_file_that_may_not_grow(path: Path) -> None:
    def add_with_limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size, resource.RLIM_INFINITY))
        with open_library(path) as library:
            add(library, 2, links=2000)

    message = in_a_process(add_with_limit)
    assert message.startswith(str(path)) and "space" in message
    with open_library(path) as library:
        assert len(library.documents()) == 1
        add(library, 2)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter (those of pytest are their user's own)."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def as_ordinary_user(work: Callable[[], None]) -> str:
    """Like `in_a_process`, and never as root, who may do everything."""

    def drop_and_work() -> None:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        work()

    return in_a_process(drop_and_work)


def test_files_that_may_not_be_read_or_written(open_folder: Path) -> None:
    path = open_folder / "library.sqlite"
    with open_library(path) as library:
        add(library, 1)
    path.chmod(0o444)
    open_folder.chmod(0o555)
    assert as_ordinary_user(lambda: read_all(path)) == ""
    assert [file.name for file in open_folder.iterdir()] == ["library.sqlite"]
    message = as_ordinary_user(lambda: add_one(path))
    assert message.startswith(str(path)) and "cannot be written" in message
    missing = open_folder / "new" / "library.sqlite"
    message = as_ordinary_user(lambda: add_one(missing))
    assert message.startswith(str(missing)) and "Permission denied" in message
    path.chmod(0)
    for use in (read_all, add_one):
        message = as_ordinary_user(lambda use=use: use(path))  # type: ignore[misc]
        assert message.startswith(str(path)) and "cannot be opened; check that you may read it" in message


def test_a_folder_that_may_be_written_with_a_file_that_may_not(open_folder: Path) -> None:
    path = open_folder / "library.sqlite"
    with open_library(path) as library:
        add(library, 1)
    path.chmod(0o444)
    open_folder.chmod(0o777)
    assert as_ordinary_user(lambda: read_all(path)) == ""
    assert [file.name for file in open_folder.iterdir()] == ["library.sqlite"]


def _add_and_stop_inside(path: Path, pipe: Connection) -> None:
    with open_library(path) as library:

        def stop_at(statement: str) -> None:
            if statement.startswith("INSERT INTO links"):
                pipe.send("inside")
                signal.pause()

        library._database._connection.set_trace_callback(stop_at)
        add(library, 2)


def test_a_process_killed_inside_a_transaction_loses_nothing_earlier(path: Path) -> None:
    here, there = processes.Pipe()
    process = processes.Process(target=_add_and_stop_inside, args=(path, there))
    process.start()
    assert here.poll(20) and here.recv() == "inside"
    read_all(path)
    process.kill()
    process.join()
    with open_library(path) as library:
        assert [document.name for document in library.documents()] == ["1.md"]
        add(library, 2)
        assert [document.name for document in library.documents()] == ["1.md", "2.md"]
    assert [file.name for file in path.parent.iterdir()] == ["library.sqlite"]


def test_processes_that_add_at_once_all_succeed(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    start = processes.Barrier(4)
    finished = processes.Queue()

    def work(first: int) -> None:
        try:
            start.wait(20)
            for number in range(first, first + 10):
                with open_library(path, wait_s=30) as library:
                    add(library, number)
            finished.put("")
        except BaseException as error:
            finished.put(repr(error))

    workers = [processes.Process(target=work, args=(first,)) for first in (0, 10, 20, 30)]
    for worker in workers:
        worker.start()
    assert [finished.get(timeout=60) for _ in workers] == [""] * 4
    for worker in workers:
        worker.join()
    with open_library(path, create=False) as library:
        assert {document.name for document in library.documents()} == {f"{n}.md" for n in range(40)}
        assert len(library.keys()) == 41
        assert len(library.links()) == 120
        assert len(library.places(PaperKey("arXiv:2305.14314"))) == 40
