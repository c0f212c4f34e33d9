from __future__ import annotations

from datetime import date

import pytest

from tracker.identifiers import PaperKey
from tracker.models import Paper
from tracker.reading.foundations import date_key, foundations, short_name


def paper(key: str, title: str, *aliases: str, **facts: object) -> Paper:
    return Paper.model_validate({"key": key, "title": title, "aliases": aliases, **facts})


LORA = paper("arXiv:2106.09685", "LoRA: Low-Rank Adaptation of Large Language Models")
QLORA = paper("arXiv:2305.14314", "QLoRA: Efficient Finetuning of Quantized LLMs")
LLAMA = paper("arXiv:2302.13971", "LLaMA: Open and Efficient Foundation Language Models")
LLAMA2 = paper("arXiv:2307.09288", "Llama 2: Open Foundation and Fine-Tuned Chat Models")
BERT = paper("arXiv:1810.04805", "BERT: Pre-training of Deep Bidirectional Transformers", "BERT")
ROBERTA = paper("arXiv:1907.11692", "RoBERTa: A Robustly Optimized BERT Pretraining Approach")
TEXTBOOKS = paper("arXiv:2306.11644", "Textbooks Are All You Need", "phi-1")
TEXTBOOKS2 = paper("arXiv:2309.05463", "Textbooks Are All You Need II: phi-1.5 technical report", "phi-1.5")
CLIP = paper(
    "arXiv:2103.00020", "Learning Transferable Visual Models From Natural Language Supervision", "CLIP"
)
EVA = paper("arXiv:2303.15389", "EVA-CLIP: Improved Training Techniques for CLIP at Scale", "EVA-CLIP")
GPT3 = paper("arXiv:2005.14165", "Language Models are Few-Shot Learners", "GPT-3")
GPT4 = paper("arXiv:2303.08774", "GPT-4 Technical Report", "GPT-4")
DEEP = paper("arXiv:1404.7828", "Deep Learning")
DEEPER = paper("arXiv:1512.03385", "Deep Residual Learning for Image Recognition: Deep Learning", "ResNet")


@pytest.mark.parametrize(
    ("base", "follower"),
    [(LORA, QLORA), (LLAMA, LLAMA2), (BERT, ROBERTA), (TEXTBOOKS, TEXTBOOKS2), (CLIP, EVA), (GPT3, GPT4)],
)
def test_follow_ups_build_on_what_their_name_comes_from(base: Paper, follower: Paper) -> None:
    assert foundations([follower, base]) == {follower.key: (base.key,)}


def test_others_do_not() -> None:
    assert foundations([LORA, LLAMA, BERT, CLIP, GPT3, DEEP]) == {}
    assert foundations([DEEP, DEEPER]) == {}
    assert foundations([]) == {}


def test_nothing_builds_on_a_later_paper() -> None:
    early = paper("arXiv:2001.00001", "A study of QLoRA")
    assert foundations([early, QLORA]) == {}
    undated = paper("doi:10.1/x", "A study of QLoRA")
    assert foundations([undated, QLORA]) == {undated.key: (QLORA.key,)}


def test_a_year_is_compared_only_as_far_as_it_is_known() -> None:
    same_year = paper("doi:10.1/x", "A look at QLoRA", year=2023)
    assert foundations([same_year, QLORA]) == {same_year.key: (QLORA.key,)}


def test_long_series_and_shared_names_end() -> None:
    series = [paper(f"doi:10.1/{n}", f"Net {n}: the next", f"Net {n}") for n in range(1, 60)]
    built = foundations(series)
    assert built[PaperKey("doi:10.1/59")] == tuple(one.key for one in series[:-1])
    assert PaperKey("doi:10.1/1") not in built


def test_date_key() -> None:
    assert date_key(QLORA) == (2023, 5, 0)
    assert date_key(paper("arXiv:2305.14314", "", published=date(2023, 5, 23))) == (2023, 5, 23)
    assert date_key(paper("doi:10.1/x", "", year=1997)) == (1997, 0, 0)
    assert date_key(paper("doi:10.1/x", "")) > (3000, 1, 1)


@pytest.mark.parametrize(
    ("one", "name"),
    [
        (QLORA, "QLoRA"),
        (CLIP, "CLIP"),
        (paper("doi:10.1/x", "Mask R-CNN"), "Mask R-CNN"),
        (paper("doi:10.1/x", "A" * 80), "A" * 57 + "..."),
        (paper("doi:10.1/x", ""), "doi:10.1/x"),
    ],
)
def test_short_name(one: Paper, name: str) -> None:
    assert short_name(one) == name
