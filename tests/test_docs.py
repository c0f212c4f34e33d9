"""What the documentation says is so: commands, help, settings, files, and the examples everywhere."""

from __future__ import annotations

import doctest
import importlib
import os
import pkgutil
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

import tracker
from tests.golden.make import EXAMPLE, with_examples
from tracker.cli import COMMANDS, load_command

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = {
    name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md", "NOTICE")
}


def every_command() -> dict[str, Any]:
    """Full name -> command, those of groups included."""
    found: dict[str, Any] = {}
    for name in COMMANDS:
        command = load_command(name)
        inner = getattr(command, "commands", {})
        found |= {f"{name} {one}": inner[one] for one in inner} or {name: command}
    return found


@pytest.mark.parametrize("name", every_command())
def test_each_command_is_in_the_readme_and_has_help_with_an_example(name: str) -> None:
    command = every_command()[name]
    assert f"tracker {name}" in README
    example = re.search(
        rf"^\s*Example: tracker {name}(.*?)(?=\n\n|\Z)", command.help, re.MULTILINE | re.DOTALL
    )
    assert example, "its help ends with an example"
    command.make_context(name, shlex.split(example[1]))  # the options of the example exist


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_has_the_first_line_of_each_help(name: str) -> None:
    assert load_command(name).help.splitlines()[0] == COMMANDS[name][1]


def test_every_setting_is_in_the_readme() -> None:
    code = (ROOT / "tracker/settings.py").read_text(encoding="utf-8")
    settings = set(re.findall(r"TRACKER_[A-Z_]+[A-Z]", code))
    assert settings and settings == set(re.findall(r"TRACKER_[A-Z_]+[A-Z]", README))


@pytest.mark.skipif(os.name != "posix", reason="the examples are lines for a shell")
def test_the_examples_of_the_readme_show_what_is_printed_now() -> None:
    assert len(EXAMPLE.findall(README)) >= 4
    assert with_examples(README) == README, "run `.ci/run golden`"


def test_the_python_example_of_the_readme_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    for name, value in {"OFFLINE": "1", "CACHE": str(tmp_path), "LIBRARY": str(tmp_path / "library")}.items():
        monkeypatch.setenv(f"TRACKER_{name}", value)
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    exec(compile(code, "README.md", "exec"), {})
    out = capsys.readouterr().out
    assert "dettmers2023qlora" in out and "QLoRA: Efficient Finetuning of Quantized LLMs" in out


@pytest.mark.parametrize("page", PAGES)
def test_files_that_the_documentation_names_exist(page: str) -> None:
    rooms = r"\b(?:tracker|tests|templates|lists|documents|mentions|export|cli|linking|LICENSES)"
    for path in re.findall(rf"{rooms}/[\w./<>*-]*[\w/>*]", (ROOT / page).read_text(encoding="utf-8")):
        if not {"<", "*"} & set(path):
            assert (ROOT / path).exists() or (ROOT / "tracker" / path).exists(), path


@pytest.mark.parametrize(
    "name", sorted(module.name for module in pkgutil.walk_packages(tracker.__path__, "tracker."))
)
def test_examples_in_the_code(name: str) -> None:
    if name != "tracker.__main__":
        assert doctest.testmod(importlib.import_module(name)).failed == 0
