"""Patterns that are compiled when they are first used: all of them are right, and a start compiles none."""

from __future__ import annotations

import importlib
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

import tracker
from tracker.regex import _Lazy, regex


def lazy_ones(value: object) -> Iterator[_Lazy[str]]:
    if isinstance(value, _Lazy):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from lazy_ones(one)


def modules() -> list[str]:
    names = [found.name for found in pkgutil.walk_packages(tracker.__path__, "tracker.")]
    return [name for name in names if not name.endswith("__main__")]


@pytest.mark.parametrize("name", modules())
def test_every_pattern_of_the_program_can_be_compiled(name: str) -> None:
    for value in vars(importlib.import_module(name)).values():
        for one in lazy_ones(value):
            assert re.compile(one.pattern, one._flags).groups == one.groups


def test_it_has_what_a_compiled_pattern_has() -> None:
    lazy, compiled = (
        regex(r"(?P<word>[a-z]+)-(\d+)", re.IGNORECASE),
        re.compile(r"(?P<word>[a-z]+)-(\d+)", re.I),
    )
    text = "GPT-4, llama-2"
    assert lazy.pattern == compiled.pattern and lazy.flags == compiled.flags
    assert lazy.groupindex == compiled.groupindex
    assert lazy.findall(text) == compiled.findall(text) == [("GPT", "4"), ("llama", "2")]
    assert lazy.sub(r"\2", text) == "4, 2"
    assert lazy.fullmatch(text) is None and lazy.search(text, 3)
    assert regex(rb"\xff+").match(b"\xff\xff")
    assert not hasattr(lazy, "no_such_thing") and not hasattr(lazy, "__len__")


def test_a_wrong_pattern_is_told_where_it_is_used() -> None:
    wrong = regex("(")
    with pytest.raises(re.error):
        wrong.search("x")


def test_a_start_compiles_none() -> None:
    program = (
        "import re, sys; whole = re.compile; seen = []\n"
        "def compile(pattern, flags=0):\n"
        "    seen.append(sys._getframe(1).f_globals['__name__']); return whole(pattern, flags)\n"
        "re.compile = compile\n"
        "import tracker.steps, tracker.cli.scan_output\n"
        "print(*sorted({name for name in seen if name.startswith('tracker')}))"
    )
    ran = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert ran.stdout.split() == []
