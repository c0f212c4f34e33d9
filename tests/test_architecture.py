"""Which part may import which: data goes one way, each library has one owner, and nothing goes in circles.

Read from the source, so imports inside functions count too.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "tracker"

FLOORS = [
    {"errors", "regex", "version"},
    {"identifiers", "keys", "files", "pace"},
    {"models"},
    {"settings", "net", "bibfile"},
    {"catalogue", "documents", "library"},
    {"mentions", "linking", "enrich", "reading", "export", "checking"},
    {"memory", "jobs", "corrections"},
    {"scanning"},
    {"steps"},
    {"completing", "verifying"},
    {"pipeline", "questions", "refreshing"},
    {"cli"},
    {"__init__", "__main__"},
]
"""A part imports from lower floors only; the rooms of one floor do not see each other."""

OWNERS = {
    "requests": {"net"},
    "urllib3": {"net"},
    "arxiv": {"enrich"},
    "jinja2": {"export"},
    "markupsafe": {"export"},
    "bibtexparser": {"bibfile"},
    "typer": {"cli"},
    "zstandard": {"catalogue"},
    "sqlite3": {"library", "enrich"},
    "platformdirs": {"settings"},
}
ENTRANCES = {
    "__init__": {"catalogue", "pipeline", "version"},
    "__main__": {"cli"},
}
"""The two files at the top, and what they open."""


def modules() -> Iterator[tuple[str, str, ast.Module]]:
    """Part, dotted name and tree of every module."""
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        name = ".".join(("tracker", *parts)).removesuffix(".__init__")
        yield parts[0], name, ast.parse(path.read_text(encoding="utf-8"))


def imports(tree: ast.Module) -> Iterator[str]:
    """The dotted names that a module imports; `from a import b` counts as "a.b"."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


MODULES = list(modules())
PARTS = sorted({part for part, _, _ in MODULES})
FLOOR = {part: number for number, parts in enumerate(FLOORS) for part in parts}


def test_every_part_stands_on_a_floor() -> None:
    assert set(PARTS) == set(FLOOR)


@pytest.mark.parametrize("part", PARTS)
def test_imports_go_down(part: str) -> None:
    for other, name, tree in MODULES:
        for target in imports(tree) if other == part else ():
            top, _, rest = target.partition(".")
            room = rest.split(".")[0]
            if top != "tracker" or room == part:
                continue
            assert room in FLOOR, f"{name} imports the package root, which is for its users"
            assert FLOOR[room] < FLOOR[part], f"{name} imports {target}, which is not below it"
            assert room in ENTRANCES.get(part, {room}), f"{name} opens {target}"


def test_each_library_has_one_owner() -> None:
    users = defaultdict(set)
    for part, _, tree in MODULES:
        for target in imports(tree):
            users[target.split(".")[0]].add(part)
    for library, owners in OWNERS.items():
        assert users[library] <= owners, f"{library} is used outside {', '.join(sorted(owners))}"


def test_dependencies_are_those_that_are_used() -> None:
    used = {target.split(".")[0] for _, _, tree in MODULES for target in imports(tree)}
    foreign = used - set(sys.stdlib_module_names) - {"tracker", "markupsafe", "urllib3"}  # come with others
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = project["dependencies"] + project["optional-dependencies"]["build"]
    assert foreign == {re.split(r"[<>=~\[ ]", one)[0] for one in declared}


def test_no_circles() -> None:
    names = {name for _, name, _ in MODULES}
    graph: dict[str, set[str]] = {}
    for _, name, tree in MODULES:
        found = {target if target in names else target.rpartition(".")[0] for target in imports(tree)}
        # A package may gather what its modules offer, and they may look at each other through it.
        graph[name] = {one for one in found & names if one != name and not name.startswith(f"{one}.")}
    TopologicalSorter(graph).prepare()


@pytest.mark.parametrize("part", sorted(set(PARTS) - {"cli", "__main__", "settings"}))
def test_below_the_command_line_nothing_prints_or_reads_the_environment(part: str) -> None:
    for other, name, tree in MODULES:
        for node in ast.walk(tree) if other == part else ():
            called = node.func if isinstance(node, ast.Call) else None
            assert not (isinstance(called, ast.Name) and called.id in {"print", "input"}), name
            is_environment = isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
            assert not is_environment, f"{name}:{getattr(node, 'lineno', 0)} reads the environment"
