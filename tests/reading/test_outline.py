from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.reading.marked import mark
from tracker.models import Block, BlockKind, Document
from tracker.reading.outline import Headings, item_lists, item_steps, numbered_sections, plain_sections


def labels(markup: str) -> list[str]:
    return [step.label for step in numbered_sections(mark(markup).document)]


def texts(markup: str) -> list[str]:
    document = mark(markup).document
    return [" ".join(document.text[s.start : s.end].split()) for s in numbered_sections(document)]


def test_headings_above_a_place() -> None:
    document = mark("# Top\n## A\n### A1\n## B\ntext").document
    headings = Headings(document)
    assert headings.above(document.text.index("text")) == ("## B", "# Top")
    assert headings.above(document.text.index("A1")) == ("### A1", "## A", "# Top")
    assert Headings(mark("no headings").document).above(3) == ()


def test_numbered_sections_reach_over_headings_without_a_number_and_the_last_one_does_not() -> None:
    assert texts("intro\n## 1) A\na\n## Aside\nx\n## 2) B\nb\n## Afterword\nx") == [
        "## 1) A a ## Aside x",
        "## 2) B b",
    ]


def test_numbered_sections_inside_others() -> None:
    assert labels("# 1. A\n## 1. A1\n## 2. A2\n# 2. B\n## 1. B1\n## 2. B2") == [
        "1",
        "1.1",
        "1.2",
        "2",
        "2.1",
        "2.2",
    ]


def test_a_countdown_is_read_by_its_numbers() -> None:
    assert labels("## 3. C\n## 2. B\n## 1. A") == ["1", "2", "3"]


def test_a_number_that_nothing_goes_on_from_is_no_section() -> None:
    assert labels("# 7. tips\n## 1. A\n## 2. B") == ["1", "2"]
    assert labels("# 2023. was a year\ntext") == []


def test_two_series_with_the_same_numbers_stay_in_the_order_of_the_text() -> None:
    assert labels("## 1. A\n## 2. B\n# Other\n## 1. C\n## 2. D") == ["1", "2", "1", "2"]


def test_plain_sections() -> None:
    assert [step.label for step in plain_sections(mark("# A\nx\n# B\ny").document)] == ["", ""]
    assert plain_sections(mark("x").document) == ()


def test_lists() -> None:
    document = mark(
        "Read these:\n- a\n  - deeper\n- b\n\ntext\n- c\n1. one\ntext under it\n2. two\n# End\n3. three"
    ).document
    found = item_lists(document)
    assert [[document.text[i.start : i.end].strip() for i in one.items] for one in found] == [
        ["- a", "- b"],
        ["- c"],
        ["1. one", "2. two"],
        ["3. three"],
    ]
    assert [one.is_numbered for one in found] == [False, False, True, True]
    assert found[0].before is not None
    assert document.text[found[0].before.start : found[0].before.end] == "Read these:"


def test_the_items_of_a_list_go_by_number() -> None:
    document = mark("3. c\n2. b\nmore\n1. a").document
    (found,) = item_lists(document)
    assert [(s.label, document.text[s.start : s.end].strip()) for s in item_steps(found)] == [
        ("1", "1. a"),
        ("2", "2. b\nmore"),
        ("3", "3. c"),
    ]


@given(
    st.lists(st.tuples(st.sampled_from(list(BlockKind)), st.integers(0, 4), st.none() | st.integers(-2, 9)))
)
def test_any_blocks_give_steps_inside_the_text(shapes: list[tuple[BlockKind, int, int | None]]) -> None:
    blocks = tuple(
        Block(kind=kind, start=3 * at, end=3 * at + 2, level=level, number=number)
        for at, (kind, level, number) in enumerate(shapes)
    )
    document = Document(name="any", text="ab\n" * len(shapes), blocks=blocks)
    steps = [*numbered_sections(document), *plain_sections(document)]
    steps += [step for one in item_lists(document) for step in item_steps(one)]
    assert all(0 <= s.start < s.heading_end <= s.end <= len(document.text) for s in steps)
    assert all(len(Headings(document).above(at)) <= 5 for at in range(len(document.text)))
