"""Bad input: one clear line for each, the other inputs go on, nothing of the user's is damaged."""

from __future__ import annotations

import json
import os
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import CHINESE, PAPERS, Tracker


def make_folder(path: Path) -> None:
    path.mkdir()


def make_binary(path: Path) -> None:
    path.write_bytes(random.Random(7).randbytes(5000))


def make_huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(500_000_000)  # takes no room on the disk


def make_empty(path: Path) -> None:
    path.write_bytes(b"")


def make_nothing(path: Path) -> None:
    """The file is missing."""


BAD = {
    "missing": make_nothing,
    "folder": make_folder,
    "binary": make_binary,
    "huge": make_huge,
    "empty": make_empty,
}


@pytest.mark.parametrize("command", ["scan --json", "bib", "list", "new", "add"])
def test_a_bad_document_is_one_line_and_the_others_go_on(tracker: Tracker, command: str) -> None:
    for kind, make in BAD.items():
        make(Path(f"{kind}.txt"))
    ran = tracker(*command.split(), *(f"{kind}.txt" for kind in BAD), "english.md")
    assert ran.code == 2 and ran.is_clear
    for kind in BAD:
        assert sum(line.startswith(f"tracker: {kind}.txt: ") for line in ran.err.splitlines()) == 1
    good = tracker(*command.split(), "english.md")
    assert ran.out == good.out


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "big5"])
def test_every_usual_encoding_is_read(tracker: Tracker, encoding: str) -> None:
    text = CHINESE.replace("显存", "記憶").replace("与", "與") if encoding == "big5" else CHINESE
    Path("encoded.txt").write_bytes(text.encode(encoding, "ignore"))
    ran = tracker("scan", "--json", "encoded.txt")
    assert (ran.code, ran.err) == (0, "")
    found = [json.loads(line) for line in ran.out.splitlines()]
    assert {"arXiv:2305.14314", "arXiv:1706.03762"} <= {row["paper"] for row in found}


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_latin_1_is_read_with_a_mark_or_without(tracker: Tracker, mark: bytes) -> None:
    Path("encoded.txt").write_bytes(mark + "Résumé du café: arXiv:2305.14314, déjà vu.\n".encode("latin-1"))
    ran = tracker("scan", "--json", "encoded.txt")
    assert ran.is_clear
    assert "arXiv:2305.14314" in ran.out or (ran.code == 2 and "encoded.txt" in ran.err)


@pytest.mark.parametrize(
    "arguments",
    [
        "scan",
        "scan english.md --min-confidence 3",
        "scan english.md --no-such-option",
        "no-such-command",
        "scan english.md --catalogue missing.catalogue",
        "scan english.md --catalogue english.md",
        "scan english.md --catalogue .",
        "list english.md --format pdf",
        "list english.md --format md,html",
        "list english.md --order alphabet",
        "list english.md --templates missing",
        "list english.md --topics english.md",
        "list english.md -o english.md",
        "bib english.md -o .",
        "bib english.md -o no/such/folder/refs.bib",
        "new english.md --bib missing.bib",
        "new english.md --library english.md",
        "new english.md --library .",
        "add english.md --library chinese.txt",
        "catalogue import missing.jsonl -o x.catalogue",
        "catalogue import english.md -o x.catalogue",
    ],
)
def test_wrong_usage_is_exit_code_2_and_says_why(tracker: Tracker, arguments: str) -> None:
    before = {path: path.read_bytes() for path in Path().iterdir() if path.is_file()}
    ran = tracker(*arguments.split())
    assert (ran.code, ran.out) == (2, "") and ran.err and ran.is_clear
    assert {path: path.read_bytes() for path in Path().iterdir() if path.is_file()} == before


def test_a_wrong_setting_is_named(tracker: Tracker) -> None:
    ran = tracker("scan", "english.md", TRACKER_ARXIV_DELAY="soon")
    assert ran.code == 2 and "TRACKER_ARXIV_DELAY" in ran.err and ran.is_clear


def test_a_wrong_template_is_named_with_its_line(tracker: Tracker) -> None:
    Path("list.md.j2").write_text("# fine\n{{ nothing.at.all }}\n", encoding="utf-8")
    ran = tracker("list", "english.md", "--templates", ".")
    assert (ran.code, ran.out) == (2, "") and "list.md.j2:2" in ran.err and ran.is_clear


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs a user whom permissions bind")
def test_what_may_not_be_read_is_told(tracker: Tracker) -> None:
    Path("secret.txt").write_text("arXiv:2305.14314", encoding="utf-8")
    Path("secret.txt").chmod(0)
    ran = tracker("scan", "secret.txt", "english.md")
    assert ran.code == 2 and "permission" in ran.err


def test_control_characters_never_reach_the_terminal(tracker: Tracker) -> None:
    text = (
        "# A \x1b[31mred\x1b]0;t\x07 heading \x9b31m\nQLoRA\x1b[0m arXiv:2305.14314\u202e\n"
        "Attention Is\x1b All You\x9b Need\n"
    )
    Path("nasty.md").write_text(text, encoding="utf-8")
    Path("bad\x1b[2Jname.txt").write_bytes(b"")
    for command in ("scan", "scan --json", "list", "list --format html", "bib", "new", "add", "show QLoRA"):
        documents = [] if command.startswith("show") else ["nasty.md", "bad\x1b[2Jname.txt"]
        ran = tracker(*command.split(), *documents)
        for char in ran.out + ran.err:
            assert char == "\n" or char.isprintable() or char == "\u200b", (command, hex(ord(char)))


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 kB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no small disk can be mounted here (needs root)")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_leaves_every_file_as_it_was(tracker: Tracker, tiny_disk: Path) -> None:
    bib, library = tiny_disk / "refs.bib", tiny_disk / "library.sqlite"
    bib.write_bytes(b"@misc{mine}\n")
    with (tiny_disk / "filling").open("wb", buffering=0) as filling:
        while filling.write(b"x" * 4096) == 4096 and tiny_disk.joinpath("filling").stat().st_size < 60_000:
            pass
    for command, option, target in (
        ("bib", "-o", bib),
        ("list", "-o", tiny_disk),
        ("add", "--library", library),
    ):
        ran = tracker(command, "english.md", option, target)
        assert ran.code == 2 and "disk is full" in ran.err and ran.is_clear
    assert bib.read_bytes() == b"@misc{mine}\n"
    assert [path.name for path in tiny_disk.iterdir() if path.suffix in {".tmp", ".md"}] == []


def test_papers_are_found_though_everything_else_is_bad(tracker: Tracker) -> None:
    ran = tracker("new", "missing.txt", "english.md", ".", "--library", "library.sqlite")
    assert ran.code == 2 and [line.split()[0] for line in ran.out.splitlines()] == PAPERS
