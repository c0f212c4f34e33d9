"""An identifier beside which the title of another paper stands is told, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.linking.reading import PYTHIA, QLORA, SAM, catalogue, links_of
from tracker.identifiers import PaperKey
from tracker.linking import CONFLICT, conflict_problems
from tracker.linking.conflicts import are_alike
from tracker.models import MentionKind

PYTHIA_TITLE = "Pythia: A Suite for Analyzing Large Language Models Across Training and Scaling"
QLORA_TITLE = "QLoRA: Efficient Finetuning of Quantized LLMs"


def conflicts_in(text: str) -> list[tuple[PaperKey | None, PaperKey]]:
    """Of each conflict, the identifier's paper and that of the title."""
    told = [link for link in links_of(text) if link.reason == CONFLICT]
    return [(link.mention.key, link.alternatives[0].paper) for link in told]


@pytest.mark.parametrize(
    "text",
    [
        "- [Segment Anything](https://arxiv.org/abs/2304.01373) cuts out all things.",
        "We use [**Segment Anything**](https://arxiv.org/pdf/2304.01373v2.pdf) throughout.",
        "We build on Segment Anything (arXiv:2304.01373) and go on.",
        "We build on “Segment Anything” [arXiv:2304.01373].",
        "我们使用《Segment Anything》（arXiv：2304.01373）做分割。",
        "See Segment Anything, arXiv:2304.01373, for the rest.",
        "- Segment Anything: https://arxiv.org/abs/2304.01373",
        "* **Segment Anything**. *Alexander Kirillov, Eric Mintun*. ICCV 2023. [[pdf](https://arxiv.org/abs/2304.01373)]",
        "[3] A. Kirillov et al. Segment Anything. arXiv preprint arXiv:2304.01373, 2023.",
        "12. Kirillov, A., Mintun, E.: Segment Anything. arXiv:2304.01373 (2023)",
        "| Segment Anything | [paper](https://arxiv.org/abs/2304.01373) | [code](https://x.org) |",
        "论文:Segment Anything\n链接:https://arxiv.org/abs/2304.01373\n",
        "Segment Anything\nhttps://arxiv.org/abs/2304.01373\n\nIt cuts out all things.",
        "[2304.01373] Segment Anything",
        '<a href="https://arxiv.org/abs/2304.01373">Segment Anything</a>',
        "\\href{https://arxiv.org/abs/2304.01373}{Segment Anything}",
    ],
)
def test_another_title_beside_an_identifier_is_told(text: str) -> None:
    assert conflicts_in(text) == [(PYTHIA, SAM)]


def test_an_identifier_that_the_catalogue_does_not_know_is_told_too() -> None:
    assert catalogue().row(PaperKey("arXiv:2305.14315")) is None
    assert conflicts_in(f"- {QLORA_TITLE}, arXiv:2305.14315") == [("arXiv:2305.14315", QLORA)]


@pytest.mark.parametrize(
    "text",
    [
        # the right title, whole or not, misspelt, translated, or the name alone
        f"- [{PYTHIA_TITLE}](https://arxiv.org/abs/2304.01373)",
        "- [Pythia](https://arxiv.org/abs/2304.01373)",
        "- [A Suite for Analyzing Large Langauge Models](https://arxiv.org/abs/2304.01373)",
        "- [Pythia:跨训练与规模分析大型语言模型的套件](https://arxiv.org/abs/2304.01373)",
        # a title that a paper had before it was renamed, and words that are no title at all
        "- [A Library for Studying Language Models Over Time](https://arxiv.org/abs/2304.01373)",
        "- [the paper](https://arxiv.org/abs/2304.01373)",
        "- [Biderman et al., 2023](https://arxiv.org/abs/2304.01373)",
        # the title of another paper in running prose
        "Unlike Segment Anything [1], we (arXiv:2304.01373) look at text.",
        "After Segment Anything came out, [a suite of models](https://arxiv.org/abs/2304.01373) followed.",
        "Pythia (arXiv:2304.01373) is for text what Segment Anything is for images.",
        "Segment Anything and Pythia (arXiv:2304.01373) came out in one week.",
        "[A critique of Segment Anything](https://arxiv.org/abs/2304.01373)",
        "[Segment Anything for Radio Galaxies](https://arxiv.org/abs/2304.01373)",
        "Segment Anything (II), arXiv:2304.01373",
        # two papers, each with its own
        f"Segment Anything (arXiv:2304.02643), {PYTHIA_TITLE} (arXiv:2304.01373)",
        f"arXiv:2304.02643 Segment Anything; arXiv:2304.01373 {PYTHIA_TITLE}",
        "https://arxiv.org/abs/2304.01373\n\nSegment Anything\nhttps://arxiv.org/abs/2304.02643",
        # the next version of the same work; the published form under its own identifier
        "SAM 2: Segment Anything in Images and Videos, arXiv:2304.02643",
        "Segment Anything, doi:10.1109/ICCV51070.2023.00371",
        "Nothing at all.",
    ],
)
def test_what_is_no_conflict(text: str) -> None:
    assert conflicts_in(text) == []


def test_nothing_is_linked_to_the_identifier_and_the_title_is_less_sure() -> None:
    links = links_of("- [Segment Anything](https://arxiv.org/abs/2304.01373)")
    (by_id,) = [link for link in links if link.mention.kind is MentionKind.ID]
    (by_title,) = [link for link in links if link.mention.kind is MentionKind.TITLE]
    assert by_id.paper is None and by_id.title is None
    assert [(other.paper, other.title) for other in by_id.alternatives] == [
        (SAM, "Segment Anything"),
        (PYTHIA, PYTHIA_TITLE),
    ]
    assert by_id.confidence < 0.5 < by_title.confidence <= 0.9
    assert by_id.evidence[-1].detail == f"another title stands beside it: Segment Anything ({SAM})"
    assert by_title.paper == SAM
    assert PYTHIA_TITLE in by_title.evidence[-1].detail


def test_a_conflict_does_not_depend_on_the_confidence_that_is_asked_for() -> None:
    text = f"- [{QLORA_TITLE}](https://arxiv.org/abs/2304.01373)"
    by_title, by_id = links_of(text, min_confidence=0.95)
    assert by_id.reason == CONFLICT
    assert by_title.paper is None and by_title.alternatives[0].paper == QLORA


def test_an_identifier_in_conflict_is_no_evidence_for_names_elsewhere() -> None:
    links = links_of(
        "- [Segment Anything](https://arxiv.org/abs/2311.10709)\n\nLater we turn to Emu by 智源.\n"
    )
    (emu,) = [link for link in links if link.mention.surface == "Emu"]
    assert "its identifier stands in the document" not in [one.detail for one in emu.evidence]


def test_the_line_for_people_names_both_papers_and_the_place() -> None:
    links = links_of("# Notes\n\n- [Segment Anything](https://arxiv.org/abs/2304.01373)\n")
    (problem,) = conflict_problems(links)
    assert problem.subject == "notes.md:3"
    assert all(one in problem.message for one in (SAM, PYTHIA, "Segment Anything", PYTHIA_TITLE))
    assert not conflict_problems(links_of("- [Segment Anything](https://arxiv.org/abs/2304.02643)"))


@given(st.text(alphabet="- [](){}.,:“”\n1A", max_size=12), st.text(alphabet="- [](){}.,:“”\n1a", max_size=12))
def test_the_right_title_is_never_a_conflict_whatever_stands_around(before: str, behind: str) -> None:
    assert conflicts_in(f"{before}Segment Anything{behind} arXiv:2304.02643") == []


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Segment Anything", "SAM 2: Segment Anything in Images and Videos", True),
        ("Segment Anythin", "Segment Anything", True),
        ("Language Models are Few-Shot Learners", "Large Language Models are Zero-Shot Reasoners", False),
        ("Segment Anything", PYTHIA_TITLE, False),
        ("", PYTHIA_TITLE, False),
    ],
)
def test_titles_alike(one: str, other: str, alike: bool) -> None:
    assert are_alike(one, other) is alike
    assert are_alike(other, one) is alike
