"""`lists/` is what the program makes of its sample documents today, to the byte, and holds what it should."""

from __future__ import annotations

import re

import pytest

from tests.golden.make import ROOT, lists, samples

LISTS = ROOT / "lists"
SIX_SYSTEMS = {
    "Pythia": "2304.01373",
    "QLoRA": "2305.14314",
    "DPO": "2305.18290",
    "Mistral": "2310.06825",
    "SAM": "2304.02643",
    "Emu of BAAI": "2307.05222",
    "Emu of Meta": "2311.10709",
}
"""What people call them -> the paper; Emu is two papers, in different documents."""


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return lists()


def test_lists_hold_what_the_program_makes(made: dict[str, str]) -> None:
    kept = {path.name for path in LISTS.iterdir() if path.is_file()}
    assert kept == set(made)
    for name, text in made.items():
        hint = f"lists/{name} has changed; if that is wanted, run `.ci/run golden`"
        assert (LISTS / name).read_text(encoding="utf-8") == text, hint


def test_the_samples_are_of_four_kinds() -> None:
    assert len(samples()) >= 4


@pytest.mark.parametrize("name", SIX_SYSTEMS)
def test_the_six_systems_are_found(made: dict[str, str], name: str) -> None:
    for text in made.values():
        assert SIX_SYSTEMS[name] in text


def test_each_paper_is_one_entry_of_the_bibliography(made: dict[str, str]) -> None:
    keys = re.findall(r"^@\w+\{([^,]+),$", made["references.bib"], re.MULTILINE)
    eprints = re.findall(r"eprint = \{([^}]+)\}", made["references.bib"])
    assert len(keys) == len(set(keys)) >= 10 and len(eprints) == len(set(eprints))
