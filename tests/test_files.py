from __future__ import annotations

import errno
import os
import resource
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tracker.errors import InputError
from tracker.files import decode_text, newline_of, write_atomically


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_file_gets_the_usual_mode(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        write_atomically(tmp_path / "new.bib", b"data")
    finally:
        os.umask(old)
    assert (tmp_path / "new.bib").read_bytes() == b"data"
    assert stat.S_IMODE((tmp_path / "new.bib").stat().st_mode) == 0o640
    assert names_in(tmp_path) == ["new.bib"]


def test_an_old_file_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "refs.bib"
    path.write_bytes(b"old")
    path.chmod(0o604)
    write_atomically(path, b"")
    assert path.read_bytes() == b""
    assert stat.S_IMODE(path.stat().st_mode) == 0o604


def test_links_stay_links(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    target = tmp_path / "folder" / "refs.bib"
    target.write_bytes(b"old")
    link, dangling = tmp_path / "link.bib", tmp_path / "dangling.bib"
    link.symlink_to("folder/refs.bib")
    dangling.symlink_to("folder/none.bib")
    write_atomically(link, b"new")
    write_atomically(dangling, b"made")
    assert link.is_symlink() and target.read_bytes() == b"new"
    assert dangling.is_symlink() and (tmp_path / "folder" / "none.bib").read_bytes() == b"made"
    assert names_in(tmp_path / "folder") == ["none.bib", "refs.bib"]


def test_devices_and_pipes_are_written_to(tmp_path: Path) -> None:
    write_atomically(Path("/dev/null"), b"data")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    program = "from tracker.files import *; write_atomically(Path('/dev/stdout'), b'through')"
    done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, check=True)
    assert done.stdout == b"through"


@pytest.mark.parametrize(
    ("number", "reason"),
    [(errno.ENOSPC, "the disk is full"), (errno.EROFS, "read-only"), (errno.EIO, os.strerror(errno.EIO))],
)
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int, reason: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    path = tmp_path / "refs.bib"
    path.write_bytes(b"old")
    monkeypatch.setattr(*{"fsync": (os, "fsync", fail), "replace": (Path, "replace", fail)}[step])
    with pytest.raises(InputError) as caught:
        write_atomically(path, b"new")
    assert str(path) in str(caught.value) and reason in str(caught.value)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == b"old" and names_in(tmp_path) == ["refs.bib"]


def test_an_interruption_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "refs.bib", b"new")
    assert names_in(tmp_path) == []


def test_a_file_that_outgrows_what_is_allowed(tmp_path: Path) -> None:
    path = tmp_path / "refs.bib"
    path.write_bytes(b"old")
    program = (
        "import sys; from pathlib import Path; from tracker.errors import InputError\n"
        "from tracker.files import write_atomically\n"
        "try: write_atomically(Path(sys.argv[1]), b'x' * 100_000)\n"
        "except InputError as error: print(error)"
    )

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    command = [sys.executable, "-c", program, str(path)]
    done = subprocess.run(command, preexec_fn=limit, capture_output=True, text=True, check=True)
    assert "cannot be written: the file would be larger than allowed" in done.stdout
    assert path.read_bytes() == b"old" and names_in(tmp_path) == ["refs.bib"]


def test_a_full_device() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with pytest.raises(InputError, match="/dev/full: cannot be written: the disk is full"):
        write_atomically(Path("/dev/full"), b"x")


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to("loop")
    cases = {
        tmp_path: "it is a folder",
        tmp_path / "none" / "refs.bib": "its folder does not exist",
        tmp_path / ("x" * 300): "its name is too long",
        tmp_path / "zero\0": "null",
        loop: "circle",
    }
    for path, reason in cases.items():
        with pytest.raises(InputError, match=reason):
            write_atomically(path, b"new")
    assert names_in(tmp_path) == ["loop"]


PROTECTED = """
import os, sys
from pathlib import Path
from tracker.errors import InputError
from tracker.files import write_atomically

if os.geteuid() == 0:  # root may write everywhere
    os.setuid(65534)
path = Path(sys.argv[1])
try:
    write_atomically(path, b"new")
except InputError as error:
    print(error)
"""


@pytest.mark.parametrize(("folder_mode", "file_mode"), [(0o777, 0o444), (0o555, 0o666)])
def test_write_protection_is_respected(folder_mode: int, file_mode: int) -> None:
    with tempfile.TemporaryDirectory() as folder:  # in a place that every user can reach
        path = Path(folder) / "refs.bib"
        path.write_bytes(b"old")
        path.chmod(file_mode)
        Path(folder).chmod(folder_mode)
        command = [sys.executable, "-c", PROTECTED, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        Path(folder).chmod(0o777)
        assert f"{path}: cannot be written: its folder or the file is write-protected" in done.stdout
        assert path.read_bytes() == b"old" and names_in(Path(folder)) == ["refs.bib"]


TEXT = "@misc{a, title = {Müller über 大模型}}\n"


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        (b"", "", "utf-8"),
        (TEXT.encode(), TEXT, "utf-8"),
        (TEXT.encode("utf-8-sig"), TEXT, "utf-8"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), TEXT, "utf-16-le"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), TEXT, "utf-16-be"),
        ("大语言模型的综述，作者：李明".encode("gb18030"), "大语言模型的综述，作者：李明", "gb18030"),
        ("Müller über Größe".encode("latin-1"), "Müller über Größe", "latin-1"),
        (b"% Encoding: ISO8859_2\n" + "Łódź".encode("iso8859-2"), "% Encoding: ISO8859_2\nŁódź", "iso8859-2"),
        (b"% Encoding: rot13\n\xfc", "% Encoding: rot13\n\xfc", "latin-1"),
    ],
)
def test_encodings(data: bytes, text: str, encoding: str) -> None:
    assert decode_text(data, "refs.bib") == (text, encoding)


@pytest.mark.parametrize("data", [b"PK\x03\x04\0\0", b"\xef\xbb\xbf\xff", b"\xff\xfea"])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match=r"^refs\.bib: "):
        decode_text(data, "refs.bib")


@pytest.mark.parametrize(
    ("text", "newline"), [("", "\n"), ("a\n", "\n"), ("a\r\nb\r\nc\n", "\r\n"), ("a\rb\r", "\r"), ("a", "\n")]
)
def test_newlines(text: str, newline: str) -> None:
    assert newline_of(text) == newline
