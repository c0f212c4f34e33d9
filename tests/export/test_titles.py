from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.export.latex import latex_text
from tracker.export.titles import latex_title

quick = settings(max_examples=50, deadline=None)


@pytest.mark.parametrize(
    "protected",
    [
        "{QLoRA}: Efficient Finetuning of Quantized {LLM}s",
        "{BERT}: Pre-training of Deep Bidirectional Transformers for Language Understanding",
        "Mask {R-CNN}",
        "{A}* Search with {GPT}-4 and {GPT}-4o",
        "An Image is Worth 16x16 Words: Transformers for Image Recognition at Scale",
        "Attention Is All You Need",
        "Pythia: A Suite for Analyzing Large Language Models Across Training and Scaling",
        "Direct Preference Optimization: Your Language Model is Secretly a Reward Model",
        "Segment Anything",
        "Mistral 7{B}",
        "Llama 2: Open Foundation and Fine-Tuned Chat Models",
        "{U-Net}: Convolutional Networks for Biomedical Image Segmentation",
        "{LLaMA-Adapter}: Efficient Fine-tuning of Language Models",
        "t-{SNE} and {Q}-learning, {T}5 on 3{D} {MRI}",
        "{ViT}s, {LLM}'s, {GPU}s and {TCP/IP}",
        "{DALL-E} 2 and {CLIP-ViT-L}/14",
        "Enough Vitamin {A}?",
        "{iPhone} or {OpenAI}",
        "What {I} Learned",
        "Scaling {Llama}-2 on Top-1 Accuracy",
        "3{D} {Gaussian} Splatting for Real-Time Radiance Field Rendering",
        "Note on {Bessel} functions and {Lusztig}'s algebra of type {A}",
        "Mixtral of Experts",
        "大模型{LLM}综述",
        "{Pok{\\'e}LLMon}: {\\'E}tudes",
    ],
)
def test_capitals_that_must_stay_are_protected_and_no_others(protected: str) -> None:
    title = re.sub(r"\{\\'(.)\}", lambda found: {"e": "é", "E": "É"}[found[1]], protected)
    assert latex_title(re.sub("[{}]", "", title)) == protected


def test_a_title_in_capitals_tells_nothing() -> None:
    assert latex_title("GLOBAL WELL-POSEDNESS OF THE EQUATION") == "GLOBAL WELL-POSEDNESS OF THE EQUATION"


def test_aliases_tell_names() -> None:
    assert latex_title("The Phi 3 Herd of Models", ["Phi 3"]) == "The {Phi} 3 Herd of Models"
    assert latex_title("The Phi 3 Herd of Models") == "The Phi 3 Herd of Models"
    assert latex_title("A Study of the U-Net", ["U-Net"]) == "A Study of the {U-Net}"


def test_specials_inside_protected_words_are_escaped() -> None:
    assert latex_title("Visual Q&A at AT&T") == r"Visual {Q\&A} at {AT\&T}"
    assert latex_title("M$^2$C-EvDet: x") == "{M$^2$C-EvDet}: x"


def test_markup_of_the_source_does_not_stay() -> None:
    assert latex_title("{QLoRA}: {E}fficient {F}inetuning") == "{QLoRA}: Efficient Finetuning"


def test_a_mark_stays_with_its_protected_letter() -> None:
    assert latex_title(r"Notes on \c A and B") == r"Notes on {{\c{A}}} and {B}"


TITLES = st.text(st.sampled_from("ABcd 12-:/&$\\{}'*é大"), max_size=40)


@quick
@given(TITLES)
def test_protection_only_adds_braces(title: str) -> None:
    def without_braces(latex: str) -> str:
        return re.sub(r"[{}]", "", latex)

    assert without_braces(latex_title(title)) == without_braces(latex_text(title))


@quick
@given(TITLES)
def test_protecting_again_changes_nothing(title: str) -> None:
    once = latex_title(title)
    assert latex_title(once) == once or "\\" in once or "$" in once
