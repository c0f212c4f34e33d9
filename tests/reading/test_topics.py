from __future__ import annotations

from pathlib import Path

import pytest

from tests.reading.marked import mark
from tracker.errors import TemplateError
from tracker.identifiers import PaperKey
from tracker.models import Document, Link, Paper, Topic
from tracker.reading.cited import cited_papers
from tracker.reading.topics import OTHER, SHIPPED_TOPICS, categories_of, read_topics, topics_of


def topic_of(title: str, *categories: str, aliases: tuple[str, ...] = (), key: str = "doi:10.1/x") -> str:
    paper = Paper(key=PaperKey(key), title=title, categories=categories, aliases=aliases)
    document, links = mark(f"[it={key}]")
    return chosen(document, links, paper)[key]


def chosen(
    document: Document, links: tuple[Link, ...], *papers: Paper, topics: tuple[Topic, ...] | None = None
) -> dict[str, str]:
    cited = cited_papers([document], links, {paper.key: paper for paper in papers})
    found = topics_of(cited, [document], topics or read_topics())
    return {key: topic.id for key, topic in found.items()}


def test_the_shipped_topics_are_sound() -> None:
    topics = read_topics()
    assert 40 <= len(topics) <= 80
    assert topics[-1].id == "other"
    assert not topics[-1].terms
    assert not topics[-1].categories
    assert all(topic.terms for topic in topics[:-1])
    assert all(term == term.lower().strip() for topic in topics for term in topic.terms)
    by_id = {topic.id: topic for topic in topics}
    assert all(not by_id[topic.wider].wider for topic in topics if topic.wider)
    assert max(map(len, SHIPPED_TOPICS.read_text(encoding="utf-8").splitlines())) <= 120


@pytest.mark.parametrize(
    ("title", "topic"),
    [
        ("A survey of low-rank adapters", "parameter-efficient-tuning"),
        ("Mixtures of Experts at Scale", "mixture-of-experts"),
        ("Learning from Human Feedback", "alignment"),
        ("Panoptic Segmentation of Street Scenes", "segmentation"),
        ("Real-Time Object Detection", "detection"),
        ("Text-to-Video Generation without Text-Video Data", "video-generation"),
        ("Neural Radiance Fields in the Wild", "three-dimensions"),
        ("Federated Optimization over Phones", "privacy"),
        ("Graph Neural Networks with Edges", "graphs"),
        ("Medical Image Segmentation with Little Data", "medicine"),
        ("混合专家模型综述", "mixture-of-experts"),
        ("图神经网络入门", "graphs"),
        ("Zyx", "other"),
        ("", "other"),
    ],
)
def test_a_title_tells_the_topic(title: str, topic: str) -> None:
    assert topic_of(title) == topic


def test_categories_decide_where_words_do_not() -> None:
    assert topic_of("Zyx", "cs.RO") == "robotics"
    assert topic_of("Zyx", "cs.DS") == "computer-science"
    assert topic_of("Zyx", "astro-ph.CO", "cs.LG") == "astrophysics"
    assert topic_of("Zyx", key="arXiv:hep-th/9901001") == "high-energy-physics"
    assert topic_of("Image segmentation", "cs.LG") == "segmentation"


def test_words_of_machine_learning_do_not_mislead_in_another_science() -> None:
    assert topic_of("Representations of reductive groups", "math.RT") == "mathematics"
    assert topic_of("Performance of silicon detectors", "physics.ins-det") == "physics"


def test_a_short_name_and_a_heading_help() -> None:
    assert topic_of("Zyx", aliases=("Zyx-MoE",)) == "mixture-of-experts"
    document, links = mark("# 目标检测\n[Zyx=doi:10.1/x]")
    assert chosen(document, links, Paper(key=PaperKey("doi:10.1/x"), title="Zyx")) == {
        "doi:10.1/x": "detection"
    }


def test_a_title_outweighs_a_heading() -> None:
    document, links = mark("# 目标检测\n[it=doi:10.1/x]")
    paper = Paper(key=PaperKey("doi:10.1/x"), title="Zyx: Semantic Segmentation")
    assert chosen(document, links, paper) == {"doi:10.1/x": "segmentation"}


def test_lists_of_one_paper_are_taken_in_by_the_wider_topic_when_that_helps() -> None:
    detection = Paper(key=PaperKey("doi:10.1/d"), title="Object Detection")
    segmentation = Paper(key=PaperKey("doi:10.1/s"), title="Semantic Segmentation")
    passing = Paper(key=PaperKey("doi:10.1/p"), title="Object Tracking")
    document, links = mark("[d=doi:10.1/d] [s=doi:10.1/s] [p=doi:10.1/p?]")
    assert set(chosen(document, links, detection, segmentation, passing).values()) == {"vision"}
    document, links = mark("[d=doi:10.1/d]")
    assert chosen(document, links, detection) == {"doi:10.1/d": "detection"}
    document, links = mark("[d=doi:10.1/d] [e=doi:10.1/e] [s=doi:10.1/s]")
    more = Paper(key=PaperKey("doi:10.1/e"), title="Object Detection Again")
    assert chosen(document, links, detection, more, segmentation) == {
        "doi:10.1/d": "detection",
        "doi:10.1/e": "detection",
        "doi:10.1/s": "segmentation",
    }


def test_own_topics(tmp_path: Path) -> None:
    path = tmp_path / "topics.toml"
    path.write_text(
        '[[topic]]\nid = "mine"\nname_en = "Mine"\nname_zh = "我的"\nterms = ["Zyx"]\n', encoding="utf-8"
    )
    topics = read_topics(path)
    assert [topic.id for topic in topics] == ["mine"]
    document, links = mark("[it=doi:10.1/x] [it=doi:10.1/y]")
    papers = [Paper(key=PaperKey("doi:10.1/x"), title="zyx"), Paper(key=PaperKey("doi:10.1/y"), title="abc")]
    assert chosen(document, links, *papers, topics=topics) == {"doi:10.1/x": "mine", "doi:10.1/y": OTHER.id}


GOOD = 'id = "a"\nname_en = "A"\nname_zh = "甲"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "has no [[topic]]"),
        ("topic = 3", "has no [[topic]]"),
        ("topic = []", "has no [[topic]]"),
        ("[[topic]\n", "is no TOML in UTF-8: Expected"),
        ("[[topics]]\n" + GOOD, "has 'topics' beside its topics"),
        ("[[topic]]\n" + GOOD + "[other]\n", "has 'other' beside its topics"),
        ('[[topic]]\nname_en = "A"\n', "topic number 1: id: Field required"),
        ('[[topic]]\nid = "a"\nname_en = "A"\n', "topic 'a': name_zh: Field required"),
        ("[[topic]]\n" + GOOD + 'term = ["x"]\n', "topic 'a': term: Extra inputs are not permitted"),
        ("[[topic]]\n" + GOOD + 'terms = "x"\n', "topic 'a': terms: Input should be a valid tuple"),
        ("[[topic]]\n" + GOOD + "terms = [3]\n", "topic 'a': terms.0: Input should be a valid string"),
        ("[[topic]]\n" + GOOD + 'terms = [" "]\n', "topic 'a': a term or category is empty"),
        ('[[topic]]\nid = "a"\nname_en = " "\nname_zh = "甲"\n', "topic 'a': name_en is empty"),
        ("[[topic]]\n" + GOOD + "[[topic]]\n" + GOOD, "topic 'a' stands there 2 times"),
        ("[[topic]]\n" + GOOD + 'wider = "b"\n', "topic 'a': wider: there is no other topic 'b'"),
        ("[[topic]]\n" + GOOD + 'wider = "a"\n', "topic 'a': wider: there is no other topic 'a'"),
    ],
)
def test_a_wrong_file_of_topics_is_told_apart(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "topics.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TemplateError) as caught:
        read_topics(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_of_topics_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="cannot be read as a file of topics"):
        read_topics(tmp_path / "missing.toml")
    with pytest.raises(TemplateError, match="cannot be read as a file of topics"):
        read_topics(tmp_path)
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TemplateError, match="is no TOML in UTF-8"):
        read_topics(binary)


def test_categories_of() -> None:
    assert categories_of(Paper(key=PaperKey("arXiv:2305.14314"), title="")) == ()
    assert categories_of(Paper(key=PaperKey("arXiv:math/0309136"), title="", categories=("math.GT",))) == (
        "math.GT",
    )
