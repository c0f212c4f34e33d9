"""What the user names: files of every kind, standard input, and all that cannot be read."""

from __future__ import annotations

import hashlib
import io
import os
import socket
from itertools import islice
from pathlib import Path

import pytest

from tracker.documents import READERS, WHOLE_BYTES, iter_documents, read_documents
from tracker.documents.inputs import printable
from tracker.models import BlockKind, Document, Problem

TEXT = "# Notes\n\nWe fine-tuned LLaMA with QLoRA, as in https://arxiv.org/abs/2305.14314, and compared.\n"


def problem(path: str | Path) -> str:
    """The message of the only problem that reading `path` gives."""
    documents, problems = read_documents([path])
    assert documents == [] and len(problems) == 1
    assert problems[0].stage == "documents" and problems[0].subject == printable(os.fspath(path))
    assert "\n" not in problems[0].message and not problems[0].is_network
    return problems[0].message


def test_nothing_gives_nothing() -> None:
    assert read_documents([]) == ([], [])


@pytest.mark.parametrize(
    "name", ["a.txt", "a.md", "A.MARKDOWN", "notes", "a.log", "a.tex", "论文 笔记.txt", "-x"]
)
def test_a_text_file_is_a_document(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(TEXT, encoding="utf-8")
    (document,), problems = read_documents([path])
    assert problems == []
    assert document.name == str(path)
    assert document.text == TEXT
    assert document.title == "Notes"
    assert document.language == "en"
    assert document.written is None
    assert document.sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    assert [block.kind for block in document.blocks] == [BlockKind.HEADING, BlockKind.PARAGRAPH]


def test_standard_input_is_a_document() -> None:
    (document,), problems = read_documents(["-"], stdin=io.BytesIO(TEXT.encode("utf-16")))
    assert problems == []
    assert (document.name, document.text) == ("-", TEXT)


def test_the_text_is_the_decoded_file(tmp_path: Path) -> None:
    path = tmp_path / "dos.txt"
    path.write_bytes("\N{ZERO WIDTH NO-BREAK SPACE}第一行\r\n\r\n第二行\r\n".encode())
    (document,), _ = read_documents([path])
    assert document.text == "第一行\r\n\r\n第二行\r\n"
    assert document.language == "zh"


def test_the_same_text_in_another_encoding_is_the_same_document(tmp_path: Path) -> None:
    for name, encoding in (("a.txt", "utf-8"), ("b.txt", "gb18030"), ("c.txt", "utf-16")):
        (tmp_path / name).write_text("我们读了这篇关于大语言模型的论文。\n", encoding=encoding)
    documents, _ = read_documents([tmp_path / name for name in ("a.txt", "b.txt", "c.txt")])
    assert len(documents) == 3
    assert len({document.sha256 for document in documents}) == 1


def test_what_cannot_be_read_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("first")
    (tmp_path / "b.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    (tmp_path / "c.txt").write_text("second")
    given = [tmp_path / name for name in ("missing.txt", "a.txt", "b.png", "c.txt", "none.txt")]
    outcomes = list(iter_documents(given))
    assert [type(outcome) for outcome in outcomes] == [Problem, Document, Problem, Document, Problem]
    documents, problems = read_documents(given)
    assert [document.text for document in documents] == ["first", "second"]
    assert [Path(problem.subject).name for problem in problems] == ["missing.txt", "b.png", "none.txt"]


def test_a_file_is_read_once_by_whatever_name(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("text")
    (tmp_path / "link.txt").symlink_to(path)
    roundabout = tmp_path / ".." / tmp_path.name / "a.txt"
    documents, problems = read_documents([path, str(path), roundabout, tmp_path / "link.txt"])
    assert ([document.name for document in documents], problems) == ([str(path)], [])
    documents, problems = read_documents(["-", "-"], stdin=io.BytesIO(b"once"))
    assert (len(documents), problems) == (1, [])
    documents, problems = read_documents([tmp_path / "no", tmp_path / "no"])
    assert (documents, len(problems)) == ([], 1)


def test_what_is_no_file(tmp_path: Path) -> None:
    assert problem(tmp_path / "none.txt") == "does not exist; check the name"
    assert problem(tmp_path).startswith("is a folder; name the files in it")
    assert problem("https://example.org/a") == "is a web address; save the page as a file and name that"
    assert problem(tmp_path / ("a" * 300)).startswith("does not exist: no file can have so long a name")
    assert problem(tmp_path / "none.txt" / "b") == "does not exist; check the name"
    assert problem("a\0b") == "is no name that a file can have"
    (tmp_path / "dangling").symlink_to(tmp_path / "gone")
    assert problem(tmp_path / "dangling") == "is a link to a file that does not exist"
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert problem(tmp_path / "loop") == "is a link that leads back to itself"
    assert problem("") == "is no name that a file can have"


def test_what_is_no_regular_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert problem(tmp_path / "pipe") == "is a pipe; redirect it to standard input and name - instead"
    assert problem("/dev/null").startswith("is a device")
    monkeypatch.chdir(tmp_path)  # the name of a socket may not be long
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("s")
        assert problem("s").startswith("is a socket")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "secret.txt"
    path.write_text("text")
    path.chmod(0)
    assert problem(path) == "cannot be read: permission denied; check who may read it"


def test_a_refusal_of_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("text")

    def refuse(self: Path, mode: str = "r") -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert problem(path) == "cannot be read: permission denied; check who may read it"

    def fail(self: Path, mode: str = "r") -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "open", fail)
    assert problem(path) == "cannot be read: Input/output error"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty; there is nothing to read"),
        (b"\xef\xbb\xbf", "is empty; there is nothing to read"),
        (b" \n\t\r\n", "holds nothing but blank lines"),
        (b"%PDF-1.7\n", "is a binary file (a PDF file); give the text in it, as .txt or .md"),
        (bytes(100), "is a binary file; give the text in it, as .txt or .md"),
    ],
)
def test_files_without_text(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    assert problem(path) == message
    _, problems = read_documents(["-"], stdin=io.BytesIO(data))
    assert [(problem.subject, problem.message) for problem in problems] == [("-", message)]


def test_a_huge_file_of_nothing_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as stream:
        stream.truncate(500_000_000)
    assert problem(path) == "is a binary file; give the text in it, as .txt or .md"


class Endless(io.BytesIO):
    """A stream that never ends."""

    def read(self, size: int | None = -1, /) -> bytes:
        assert size is not None and 0 < size <= WHOLE_BYTES + 1
        line = b"some words " * 20 + b"\n\n"
        return (line * (size // len(line) + 1))[:size]


def test_standard_input_may_be_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    assert problem("-") == "is closed: there is no standard input to read"


def test_an_endless_stream_comes_in_parts() -> None:
    parts = list(islice(iter_documents(["-"], stdin=Endless()), 7))
    assert [part.part for part in parts if isinstance(part, Document)] == [1, 2, 3, 4, 5, 6, 7]


def test_a_name_that_cannot_be_printed(tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9\x1b[31m\n.txt")
    try:
        Path(path).write_text("text")
    except OSError:
        pytest.skip("this file system takes no such names")
    (document,), _ = read_documents([path])
    assert document.name == f"{tmp_path}/caf\\xe9\\x1b[31m\\n.txt"
    document.model_dump_json()
    _, problems = read_documents([path + "?"])
    assert problems[0].subject == f"{tmp_path}/caf\\xe9\\x1b[31m\\n.txt?"


@pytest.mark.parametrize("name", ["notes.txt", "论文.md", "a b", "é", "", "\\n"])
def test_printable_names_stay_as_they_are(name: str) -> None:
    assert printable(name) == name


def test_the_reader_is_told_by_the_suffix_or_the_bytes() -> None:
    (reader,) = READERS
    assert {".txt", ".md", ".markdown"} <= reader.suffixes
    assert reader.recognises(TEXT.encode())
    assert not reader.recognises(b"%PDF-1.7")
