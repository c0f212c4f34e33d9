"""Identifiers of papers that only the network knows, and the titles written beside them."""

from __future__ import annotations

import pytest

from tests.linking.reading import document_of, links_of
from tracker.identifiers import PaperKey
from tracker.linking import unlike_problem, unlike_titles
from tracker.linking.beside import Unlike

KEY = PaperKey("arXiv:2511.99999")
TITLE = "Gravity Waves in the Deep Ocean of a Distant Moon"


def found_in(text: str, title: str = TITLE) -> list[Unlike]:
    return list(unlike_titles(document_of(text), links_of(text), {KEY: title}))


@pytest.mark.parametrize(
    "text",
    [
        "see [Training Small Models to Follow Recipes](https://arxiv.org/abs/2511.99999) for more",
        "- **Training Small Models to Follow Recipes** ([arXiv](https://arxiv.org/abs/2511.99999))",
        "- “Training Small Models to Follow Recipes”, arXiv:2511.99999",
        "* *Training Small Models to Follow Recipes* https://arxiv.org/pdf/2511.99999v2",
        "《Training Small Models to Follow Recipes》（arXiv：2511.99999）",
    ],
)
def test_another_title_beside_it_is_told(text: str) -> None:
    (found,) = found_in(text)
    assert found.beside == "Training Small Models to Follow Recipes"
    problem = unlike_problem(found, is_left_out=True)
    assert problem.subject == "notes.md:1" and not problem.is_network
    assert TITLE in problem.message and found.beside in problem.message and KEY in problem.message


@pytest.mark.parametrize(
    "text",
    [
        f"see [{TITLE}](https://arxiv.org/abs/2511.99999)",
        "see [Gravity Waves in the Deep Ocean](https://arxiv.org/abs/2511.99999)",
        "see [gravity-waves in the deep oceans of a distant moon](https://arxiv.org/abs/2511.99999)",
        "see [the new paper of a group that studies everything](https://arxiv.org/abs/2511.99999)",
        "see [this paper](https://arxiv.org/abs/2511.99999)",
        "- [Slides of the Talk on Moons](https://example.org) and [paper](https://arxiv.org/abs/2511.99999)",
        "**Training Small Models to Follow Recipes** is unlike what others did later on (arXiv:2511.99999)",
        f"- **Training Small Models to Follow Recipes** is of the group of “{TITLE}” (arXiv:2511.99999)",
        "arXiv:2511.99999",
    ],
)
def test_the_same_title_and_what_is_no_title_are_not(text: str) -> None:
    assert found_in(text) == []


WHOLE_LINE = "Training Small Models to Follow Recipes Without Any Supervision"


@pytest.mark.parametrize(
    "line", ["- {} (arXiv:2511.99999)", "{}, arXiv:2511.99999.", "[3] {}: arXiv:2511.99999"]
)
def test_a_line_of_a_title_and_an_identifier(line: str) -> None:
    (found,) = found_in(line.format(WHOLE_LINE))
    assert found.beside == WHOLE_LINE
    assert found_in(line.format(TITLE)) == found_in(line.format("The Technical Report of Some Group")) == []
    assert found_in(line.format("Ada Example, Bob Sample, Cyd Probe, Dee Trial and Others")) == []
    assert found_in(line.format(WHOLE_LINE) + " is what we read next") == []


def test_papers_of_which_nothing_was_told_are_passed_over() -> None:
    text = "see [Training Small Models to Follow Recipes](https://arxiv.org/abs/2511.99999)"
    assert list(unlike_titles(document_of(text), links_of(text), {})) == []
