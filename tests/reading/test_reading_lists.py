from __future__ import annotations

import pytest

from tests.reading.marked import Marked, mark
from tracker.identifiers import PaperKey
from tracker.models import Paper, ReadingList, Topic
from tracker.reading import Order, language_of, read_topics, reading_lists

TOPICS = (
    Topic(id="tuning", name_en="Tuning", name_zh="微调", terms=("lora", "qlora", "adapter")),
    Topic(id="seeing", name_en="Seeing", name_zh="视觉", terms=("segment",)),
    Topic(id="rest", name_en="Rest", name_zh="其余"),
)
LORA = Paper(key=PaperKey("arXiv:2106.09685"), title="LoRA: Low-Rank Adaptation", cited_in=40)
QLORA = Paper(key=PaperKey("arXiv:2305.14314"), title="QLoRA: Efficient Finetuning")
SAM = Paper(key=PaperKey("arXiv:2304.02643"), title="Segment Anything", cited_in=18)
ADAPTERS = Paper(key=PaperKey("arXiv:1902.00751"), title="Adapters", cited_in=10)
PAPERS = {paper.key: paper for paper in (LORA, QLORA, SAM, ADAPTERS)}


def lists_of(
    *marked: Marked, order: Order = Order.READING, language: str | None = None
) -> tuple[ReadingList, ...]:
    return reading_lists(
        [one.document for one in marked],
        [link for one in marked for link in one.links],
        PAPERS,
        order=order,
        topics=TOPICS,
        language=language,
    )


def reasons(*marked: Marked, order: Order = Order.READING, language: str | None = None) -> dict[str, str]:
    lists = lists_of(*marked, order=order, language=language)
    entries = [entry for one in lists for entry in (*one.entries, *one.also_mentioned)]
    return {entry.paper.title.partition(":")[0]: entry.reason for entry in entries}


def outline(lists: tuple[ReadingList, ...]) -> dict[str, list[str]]:
    return {one.topic.id: [entry.paper.title.partition(":")[0] for entry in one.entries] for one in lists}


NOTES = mark(
    f"""
## 1. [SAM={SAM.key}]
[SAM={SAM.key}] segments.
## 2. [QLoRA={QLORA.key}]
It builds on [LoRA={LORA.key}]; see [LoRA={LORA.key}] and [adapters={ADAPTERS.key}?].
""",
    "notes.md",
)


def test_one_list_for_each_topic_in_the_order_that_the_document_states() -> None:
    lists = lists_of(NOTES)
    assert outline(lists) == {"seeing": ["Segment Anything"], "tuning": ["LoRA", "QLoRA"]}
    assert [entry.rank for one in lists for entry in one.entries] == [1, 2, 3]
    assert [entry.paper.title for entry in lists[1].also_mentioned] == ["Adapters"]
    assert [entry.rank for entry in lists[1].also_mentioned] == [0]


def test_what_an_entry_says() -> None:
    entry = lists_of(NOTES)[1].entries[0]
    assert entry.paper == LORA
    assert [(place.document, place.line, place.surface) for place in entry.places] == [
        ("notes.md", 4, "LoRA")
    ]
    assert entry.mentions == 2
    assert entry.salience == 0.5
    assert entry.confidence == 0.99


def test_why_a_paper_stands_there() -> None:
    assert reasons(NOTES) == {
        "Segment Anything": "No. 1 in the order of notes.md.",
        "LoRA": "Read before QLoRA, which builds on it.",
        "QLoRA": "No. 2 in the order of notes.md.",
        "Adapters": "Named in passing.",
    }
    assert reasons(NOTES, language="zh")["QLoRA"] == "在 notes.md 给出的顺序中排第 2。"
    plain = mark(f"[QLoRA={QLORA.key}] [LoRA={LORA.key}] [SAM={SAM.key}] [Adapters={ADAPTERS.key}]")
    assert reasons(plain) == {
        "LoRA": "Read before QLoRA, which builds on it.",
        "QLoRA": "Follows LoRA, on which it builds.",
        "Adapters": "The earliest work in this list (2019).",
        "Segment Anything": "By date: first published in April 2023.",
    }
    assert reasons(mark(f"[a={SAM.key}] [b={SAM.key}] [c={SAM.key}]")) == {
        "Segment Anything": "Mentioned 3 times in notes.md."
    }


def test_why_a_paper_stands_beside_or_outside_of_a_stated_order() -> None:
    text = (
        f"## 1. [SAM={SAM.key}]\nand [adapters={ADAPTERS.key}]\n"
        f"## 2. [QLoRA={QLORA.key}]\n## End\n[x=doi:10.1/x]\n"
    )
    found = reasons(mark(text))
    assert found["Adapters"] == "Comes up beside Segment Anything (No. 1) in notes.md."
    assert found[""] == "Not among the papers that notes.md puts in order."
    nested = f"# 1. A\n## 1. [SAM={SAM.key}]\n## 2. [QLoRA={QLORA.key}]\n# 2. B\n"
    assert reasons(mark(nested))["QLoRA"] == "What section 1.2 of notes.md is about."
    items = f"Hello\n\n1. [SAM={SAM.key}]\n2. [QLoRA={QLORA.key}]\n"
    assert reasons(mark(items))["QLoRA"] == "No. 2 in the list on line 3 of notes.md."


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        (Order.DOCUMENT, "First mentioned in notes.md, line 4."),
        (Order.DATE, "By date: first published in June 2021."),
        (Order.MENTIONS, "Mentioned 2 times."),
    ],
)
def test_reasons_of_the_other_orders(order: Order, reason: str) -> None:
    assert reasons(NOTES, order=order)["LoRA"] == reason


def test_a_paper_that_is_main_anywhere_is_main() -> None:
    passing = mark(f"[LoRA={LORA.key}?] [SAM={SAM.key}?]", "one.md")
    main = mark(f"[LoRA={LORA.key}]", "two.md")
    lists = lists_of(passing, main)
    assert outline(lists) == {"tuning": ["LoRA"], "seeing": []}
    assert [place.document for place in lists[0].entries[0].places] == ["one.md", "two.md"]
    assert [entry.paper for entry in lists[1].also_mentioned] == [SAM]


def test_menus_and_unsettled_mentions_are_left_out() -> None:
    document, links = mark(f"[LoRA={LORA.key}!] [SAM={SAM.key}]")
    unsettled = [links[1].model_copy(update={"paper": None})]
    assert reading_lists([document], [links[0], *unsettled], PAPERS, topics=TOPICS) == ()
    both = lists_of(mark(f"[LoRA={LORA.key}!]\n[LoRA={LORA.key}]"))
    assert [place.line for place in both[0].entries[0].places] == [2]


def test_lists_without_a_stated_order_come_by_what_the_documents_are_about() -> None:
    light = mark(f"[LoRA={LORA.key}]", "a.md", salience=0.2)
    heavy = mark(f"[SAM={SAM.key}]", "b.md", salience=0.9)
    assert list(outline(lists_of(light, heavy))) == ["seeing", "tuning"]
    assert list(outline(lists_of(light, heavy, order=Order.DOCUMENT))) == ["tuning", "seeing"]


def test_also_mentioned_goes_by_mentions() -> None:
    (one,) = lists_of(mark(f"[a={ADAPTERS.key}?] [LoRA={LORA.key}?]\n[LoRA={LORA.key}?]"))
    assert [entry.paper for entry in one.also_mentioned] == [LORA, ADAPTERS]
    assert [entry.reason for entry in one.also_mentioned] == ["Mentioned 2 times.", "Named in passing."]


def test_a_paper_without_a_record_stands_with_what_its_link_knows() -> None:
    document, links = mark("[x=arXiv:2401.00001]")
    (one,) = reading_lists([document], links, {}, topics=TOPICS)
    assert one.entries[0].paper.title == ""
    titled = [links[0].model_copy(update={"title": "Zyx"})]
    (one,) = reading_lists([document], titled, {}, topics=TOPICS)
    assert one.entries[0].paper.title == "Zyx"


def test_links_of_documents_that_are_not_given_come_last() -> None:
    given, other = mark(f"[SAM={SAM.key}]", "z.md"), mark(f"[LoRA={LORA.key}]", "a.md")
    lists = reading_lists(
        [given.document], [*other.links, *given.links], PAPERS, order=Order.DOCUMENT, topics=TOPICS
    )
    assert list(outline(lists)) == ["seeing", "tuning"]


def test_nothing() -> None:
    assert reading_lists([], [], {}, topics=read_topics()) == ()


def test_language_of() -> None:
    def documents(*languages: str) -> list[Marked]:
        return [mark("x", f"{at}.md", language=language) for at, language in enumerate(languages)]

    def language(*languages: str) -> str:
        return language_of([one.document for one in documents(*languages)])

    assert language() == "en"
    assert language("en", "zh", "zh") == "zh"
    assert language("mixed") == "zh"
    assert language("en", "zh") == "en"
    assert language("zh", "en") == "zh"
    zh = mark(f"[SAM={SAM.key}]", language="zh")
    assert reasons(zh)["Segment Anything"] == "按日期排列：首次发表于 2023 年 4 月。"
