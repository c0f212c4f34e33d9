from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.keys import Name, family_name, fold, name_key, name_words, plain_text, split_name, title_key

quick = settings(max_examples=50, deadline=None)


@pytest.mark.parametrize(
    ("latex", "plain"),
    [
        ("", ""),
        ("QLoRA: Efficient Finetuning", "QLoRA: Efficient Finetuning"),
        ("{QLoRA}: of Quantized {LLM}s", "QLoRA: of Quantized LLMs"),
        (r"Doll{\'a}r Doll\'ar Doll\'{a}r", "Dollár Dollár Dollár"),
        (r"{\L}ukasz \O{} \ss{} {\aa}ngstr\"om na{\"\i}ve {\c{c}}a \v{s}", "Łukasz Ø ß ångström naïve ça š"),
        (r"\textit{De} \emph{Novo} {\it x} {\rm PGL}", "De Novo x PGL"),
        (r"Q\&A 50\% x\_1 \#1 \$5 \{a\}", "Q&A 50% x_1 #1 $5 {a}"),
        (r"z\textasciitilde{}2 \textbackslash{}x \textless{}", r"z~2 \x <"),
        (r"\alpha-stable $\ell_1$ a~b", r"α-stable $ℓ_1$ a~b"),
        (r"\unknown{x} \mum", r"\unknownx \mum"),
        ("{unbalanced", "unbalanced"),
        ("\\", "\\"),
    ],
)
def test_plain_text_is_what_the_markup_prints(latex: str, plain: str) -> None:
    assert plain_text(latex) == plain


@pytest.mark.parametrize(
    "other",
    [
        "{QLoRA}: {E}fficient {F}inetuning of {Q}uantized {LLM}s",
        "QLORA - EFFICIENT FINE-TUNING OF QUANTIZED LLMS.",
        "“QLoRA”:  efficient\nfinetuning of quantized LLMs",
        "ＱＬｏＲＡ： Efficient Finetuning of Quantized LLMs",
    ],
)
def test_the_ways_of_writing_a_title_have_one_key(other: str) -> None:
    assert title_key(other) == title_key("QLoRA: Efficient Finetuning of Quantized LLMs")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"Vision {\&} Language", "Vision and Language"),
        (r"Padé {A}pproximants", r"Pad\'{e} approximants"),
        (r"On $\alpha$-divergence", "On α-Divergence"),
        (r"$\ell_1$ norms", "ℓ_1 norms"),
        (r"16$\times$16 Words", "16x16 words"),
        ("16×16 words", "16x16 words"),
    ],
)
def test_markup_and_unicode_have_one_key(one: str, other: str) -> None:
    assert title_key(one) == title_key(other)


def test_titles_that_differ_have_different_keys() -> None:
    titles = ["Emu", "Emu2", "Emu Video", "大模型综述", "大模型评测", "C", "C++ and C"]
    assert len({title_key(title) for title in titles}) == len(titles)
    assert title_key("?!") == ""


@quick
@given(st.text())
def test_keys_are_stable_under_their_own_making(text: str) -> None:
    assert title_key(title_key(text)) == title_key(text)
    assert fold(fold(text)) == fold(text)
    assert title_key(f"{{{text.replace(chr(92), '')}}}") == title_key(text.replace("\\", ""))


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("Tim Dettmers", Name("Dettmers", "Tim")),
        ("Dettmers, Tim", Name("Dettmers", "Tim")),
        ("Laurens van der Maaten", Name("van der Maaten", "Laurens")),
        ("van der Maaten, Laurens", Name("van der Maaten", "Laurens")),
        ("Luc Van Gool", Name("Van Gool", "Luc")),
        ("Quoc V. Le", Name("Le", "Quoc V.")),
        ("Robert Downey Jr.", Name("Downey", "Robert", "Jr.")),
        ("Downey, Jr., Robert", Name("Downey", "Robert", "Jr.")),
        ("Martin Luther King III", Name("King", "Martin Luther", "III")),
        (r"Piotr Doll{\'a}r", Name("Dollár", "Piotr")),
        (r"{\L}ukasz~Kaiser", Name("Kaiser", "Łukasz")),
        ("{Google Brain}", Name("Google Brain", is_organisation=True)),
        ("Gemini Team", Name("Gemini Team", is_organisation=True)),
        ("DeepSeek-AI", Name("DeepSeek-AI", is_organisation=True)),
        ("The Anh Nguyen", Name("Nguyen", "The Anh")),
        ("OpenAI", Name("OpenAI", is_organisation=True)),
        ("Bo Ai", Name("Ai", "Bo")),
        ("张三", Name("张三")),
        ("", Name("")),
    ],
)
def test_names_are_taken_apart(author: str, name: Name) -> None:
    assert split_name(author) == name
    assert family_name(author) == name.family


def test_the_ways_of_writing_a_name_have_one_key() -> None:
    ways = ["Laurens van der Maaten", "L. Van Der Maaten", "van der Maaten, L.", r"{\L}. van~der Maaten"]
    assert {name_key(way) for way in ways} == {"vandermaaten l"}
    assert name_key("Wei Wang") != name_key("Wei Zhang")
    assert name_words("Wang, Wei") == name_words("Wei Wang") == {"wang", "wei"}


@quick
@given(st.text(max_size=60))
def test_any_text_is_a_name(text: str) -> None:
    split_name(text)
    assert name_key(text) == name_key(" ".join(text.split()))
