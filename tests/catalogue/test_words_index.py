from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.catalogue.small import PAPERS
from tracker.catalogue import Catalogue
from tracker.catalogue.glossary import Glossary, glossary
from tracker.catalogue.likely import likely_titles
from tracker.catalogue.postings import packed, unpacked
from tracker.catalogue.stems import title_words
from tracker.catalogue.words_index import Concept, WordIndex, spelled


@pytest.fixture(scope="module")
def words(small: Catalogue) -> WordIndex:
    assert small.words is not None
    return small.words


def titles(small: Catalogue, rows: list[int]) -> list[str]:
    return [small.records.head(row).title for row in rows]


def test_rows_with_a_word_are_those_of_the_titles_that_have_it(small: Catalogue, words: WordIndex) -> None:
    for paper in PAPERS:
        for word in set(title_words(str(paper["title"]))):
            having = [row for row in range(len(small)) if word in title_words(small.records.head(row).title)]
            assert words.rows_with(word).tolist() == having
    assert words.rows_with("zebra").tolist() == []


def test_a_rare_word_tells_more(words: WordIndex) -> None:
    assert words.rarity("zebra") > words.rarity("fiber") > words.rarity("model") > 0


@pytest.mark.parametrize("query", ["", "zebra", "the of and"])
def test_nothing_is_found_where_no_title_has_a_word(query: str, words: WordIndex) -> None:
    assert words.find(spelled(query)) == []
    assert words.sharing(title_words(query), 10) == []


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper["id"]))
def test_each_title_is_the_best_for_its_own_words(
    paper: dict[str, str], small: Catalogue, words: WordIndex
) -> None:
    best = words.find(spelled(paper["title"]), 3)
    assert titles(small, [best[0].row]) == [paper["title"]]
    assert [one.score for one in best] == sorted((one.score for one in best), reverse=True)


def test_of_titles_with_the_same_words_the_shorter_is_better(small: Catalogue, words: WordIndex) -> None:
    found = words.find([Concept("微调", {"fin": 0.5, "tun": 0.5})], 4)
    lengths = [len(set(title_words(title))) for title in titles(small, [one.row for one in found])]
    assert lengths == sorted(lengths)


def test_asking_again_gives_the_same(words: WordIndex) -> None:
    query = spelled("language models are few shot learners")
    assert words.find(query) == words.find(query)


def test_titles_that_share_the_rarest_words(small: Catalogue, words: WordIndex) -> None:
    rows = words.sharing(title_words("Regular Points in Affine Sprnger Fibers"), 10)
    assert titles(small, rows) == ["Regular points in affine Springer fibers"]
    assert words.sharing(title_words("language models"), 1) == []


@given(st.lists(st.sampled_from(["languag", "model", "fin", "tun", "open", "zebra"]), max_size=4))
def test_titles_found_share_most_words(small: Catalogue, asked: list[str]) -> None:
    assert small.words is not None
    known = {word for word in asked if len(small.words.rows_with(word))}
    for row in small.words.sharing(asked, 100):
        assert len(known & set(title_words(small.records.head(row).title))) >= max(2, 0.6 * len(known))


@given(st.lists(st.sampled_from(["languag", "model", "fin", "tun", "open", "the", "larg"]), max_size=6))
def test_titles_that_share_most_are_those_that_counting_finds(small: Catalogue, asked: list[str]) -> None:
    """Whatever order the lists are looked through in."""
    assert small.words is not None
    known = sorted({word for word in asked if small.words.frequency(word)})
    times = Counter(row for word in known for row in small.words.rows_with(word).tolist())
    most = max(times.values(), default=0)
    enough = most >= max(2, 0.6 * len(known)) and len(known) > 1 and len(known) <= 5
    wanted = sorted(row for row in times if times[row] == most) if enough else []
    if len(known) <= 5:
        assert small.words.sharing(asked, 10**6) == wanted


@given(st.sets(st.integers(0, (1 << 27) - 1), min_size=1))
def test_rising_numbers_are_packed_and_unpacked(each_way: None, numbers: set[int]) -> None:
    rising = np.array(sorted(numbers), dtype=np.uint32)
    data, sizes = packed(np.diff(rising, prepend=np.uint32(0)))
    assert int(sizes.sum()) == len(data)
    assert unpacked(np.frombuffer(data, dtype=np.uint8)).tolist() == rising.tolist()


@given(st.lists(st.integers(0, 127) | st.integers(128, 255)).map(bytes))
def test_of_damaged_numbers_there_are_as_many(each_way: None, data: bytes) -> None:
    """What they are is checked where they are used; the last byte of all never goes on."""
    whole = np.frombuffer(data + b"\0", dtype=np.uint8)
    assert len(unpacked(whole)) == np.count_nonzero(whole < 128)


@given(st.lists(st.sampled_from([str(paper["title"]) for paper in PAPERS]), min_size=1, max_size=2))
def test_rows_near_hold_the_best(small: Catalogue, parts: list[str]) -> None:
    assert small.words is not None
    concepts = spelled(" ".join(parts))
    for postings in (1, 10**6):
        (best, *_) = small.words.find(concepts, 1, postings)
        assert best.row in small.words.rows_near(concepts, len(small), postings)
        assert len(small.words.rows_near(concepts, 3, postings)) <= 3


def test_words_spelled_alike_are_those_that_errors_explain(words: WordIndex) -> None:
    assert words.similar("fibre", 2)[0] == "fiber" and words.similar("fober", 1) == ["fiber"]
    assert words.similar("ibrf", 1) == [] and words.similar("fobr", 1) == []
    assert "spring" in words.similar("sprignn", 2)


def test_a_title_of_frequent_words_is_found_for_its_letters(
    small: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Errors make rare words; those that are right may be so frequent that only a further look finds them."""
    monkeypatch.setattr("tracker.catalogue.likely.SPELLED", (1, 1000))
    best = likely_titles("Attentoin is all you neeed for languag modle", small)[0]
    assert small.records.head(best.row).title == "Attention Is All You Need"


@pytest.mark.parametrize(
    ("misspelt", "title"),
    [
        (
            "Calculaton of promt diphotn production",
            "Calculation of prompt diphoton production cross sections",
        ),
        ("Regular piints in afine Springer fibers", "Regular points in affine Springer fibers"),
        ("Attention is all yuo need", "Attention Is All You Need"),
        (
            "superconformal field theories",
            "The large N limit of superconformal field theories and supergravity",
        ),
        ("图像识别的变压器:一幅图像值 16x16 个词", "An Image is Worth 16x16 Words"),
        (
            "大规模文本到语音的条件变分自编码器",
            "Conditional Variational Autoencoder with Adversarial Learning",
        ),
    ],
)
def test_likely_titles(misspelt: str, title: str, small: Catalogue) -> None:
    best = likely_titles(misspelt, small)[0]
    assert small.records.head(best.row).title.startswith(title)
    assert 0 < best.told <= 1
    assert 0 < best.covered <= 1


def test_a_main_title_alone_covers_itself(small: Catalogue) -> None:
    whole = likely_titles("Conditional Variational Autoencoder with Adversarial Learning", small)[0]
    part = likely_titles("Factorizing Text-to-Video Generation by Explicit Image Conditioning", small)[0]
    assert part.covered == 1.0
    assert whole.covered < 1.0


GLOSSARY = Glossary(
    "模型\t90\tmodel 80\tlarg 10\todd 3\n语言\t50\tlanguag 90\n的\t200\n", "大模型 = large model | LLM\n"
)


def test_phrases_are_cut_and_translated() -> None:
    assert GLOSSARY.phrases("语言的GPT-4大模型") == ["语言", "的", "gpt", "4", "大模型"]
    said = {concept.surface: dict(concept.words) for concept in GLOSSARY.concepts("语言的模型")}
    assert said == {"语言": {"languag": 0.9}, "模型": {"model": 0.8, "larg": 0.1}}


def test_words_settled_by_hand_come_in_place_of_learned_ones() -> None:
    (first, second) = GLOSSARY.concepts("大模型")
    assert set(first.words) == {"larg", "llm"}
    assert set(second.words) == {"model"}
    assert first.words["larg"] > first.words["llm"]


def test_titles_are_less_strange_than_talk() -> None:
    known = glossary()
    title = known.strangeness("检索增强生成用于知识密集型自然语言处理任务")
    assert title < 4.0 < known.strangeness("爱情公寓里的光年无限")
    assert known.strangeness("no Chinese") == float("inf")
    assert known.strangeness("檢索增強生成") == known.strangeness("检索增强生成")
