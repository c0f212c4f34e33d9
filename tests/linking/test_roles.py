"""Which papers a document treats, which it names in passing, and which only its menus name."""

from __future__ import annotations

import pytest

from tests.linking.reading import links_of
from tracker.models import Role


def role_of(text: str, paper: str) -> Role:
    """The role of a paper outside navigation."""
    return next(one.role for one in links_of(text, min_confidence=0.05) if one.paper == paper)


QLORA = "arXiv:2305.14314"
SPARSE = "arXiv:1904.10509"


@pytest.mark.parametrize(
    "text",
    [
        "# QLoRA\n\nSome words on it, and many more of them than there are in the heading above.\n",
        "We read it (arXiv:2305.14314) with care.\n",
        "See QLoRA: Efficient Finetuning of Quantized LLMs for more.\n",
        "To read:\n\n- QLoRA: quantized weights and small adapters that are trained on top of them (2023)\n",
        "- 用 QLoRA 微调的模型\n- 更小的显存\n",
        "省显存的微调——LoRA、QLoRA、DoRA\n",
        "低比特微调(QLoRA):先把模型的权重量化到四个比特，再在上面训练很小的适配器，这样一张卡就够了。\n",
        "As the QLoRA paper says, four bits are enough for the weights that are not trained.\n",
        "Last year they proposed QLoRA for the fine-tuning of large models on small cards.\n",
        "他们提出了一个新的方法 QLoRA，可以在一张卡上微调很大的语言模型。\n",
        "They use QLoRA with care. On one card QLoRA is slow.\n",
        "QLoRA is one.\n\nThen QLoRA is two.\n\nIn the end QLoRA is three.\n",
    ],
)
def test_what_a_document_treats(text: str) -> None:
    assert role_of(text, QLORA) is Role.MAIN


@pytest.mark.parametrize(
    "text",
    [
        "It was tuned with QLoRA on one card of the small ones that we had at hand.\n",
        "We saw QLoRA once.\n",
        "Methods such as LoRA, QLoRA and GPTQ save memory, and many more of them are known.\n",
        "- 以及 LoRA、QLoRA、GPTQ 等很多很多其他的方法，在这里我们就不再一一详细介绍它们了，请参考文献\n",
        "They released LoRA, QLoRA and more of the kind.\n",
    ],
)
def test_what_is_named_in_passing(text: str) -> None:
    assert role_of(text, QLORA) is Role.PASSING


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Sparse attention was first proposed by Child et al. 2019 for long sequences.", Role.MAIN),
        ("(Sparse attention for long sequences was first proposed by Child et al. 2019.)", Role.MAIN),
        ("Sparse attention for generating long sequences helps (Child et al., 2019).", Role.PASSING),
        ("Sparse transformers generate long sequences (see Child et al., 2019).", Role.PASSING),
    ],
)
def test_a_citation_is_treated_where_it_is_part_of_the_sentence(text: str, role: Role) -> None:
    assert role_of(text, SPARSE) is role
