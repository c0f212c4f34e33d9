"""What the reader settled counts again, here and elsewhere; names are learned; ledgers add up."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.linking.reading import EMU, EMU_VIDEO, SAM, catalogue, document_of, link_at, links_of
from tracker.identifiers import PaperKey
from tracker.linking import BY_ANSWER, explain, sentence_of
from tracker.mentions import find_mentions
from tracker.models import Answer, LearnedAlias, Paper, Remembered

NEW = PaperKey("arXiv:2406.01234")
"""A paper that the catalogue does not have."""
SHARPNESS = PaperKey("arXiv:2010.01412")
WHEN = datetime(2026, 1, 2, tzinfo=UTC)
TALK = "In the talk on optimisers they showed that SAM finds flatter minima than plain descent does.\n"


def answered(text: str, surface: str, paper: str | None) -> Answer:
    """The reader's answer to the question about the first such surface in a text."""
    start = text.index(surface)
    context = sentence_of(text, start, start + len(surface)).context
    key = PaperKey(paper) if paper else None
    return Answer(surface=surface, context=context, paper=key, answered=WHEN)


def remembering(*answers: Answer) -> Remembered:
    return Remembered(answers=answers)


def learned(alias: str, paper: PaperKey, documents: int = 1, title: str = "") -> Remembered:
    papers = {paper: Paper(key=paper, title=title)} if title else {}
    return Remembered(aliases=(LearnedAlias(alias=alias, paper=paper, documents=documents),), papers=papers)


# --- the same question --------------------------------------------------------------------------


def test_the_same_words_are_settled_for_good() -> None:
    assert link_at(links_of(TALK), "SAM").paper != SHARPNESS
    link = link_at(links_of(TALK, remembering(answered(TALK, "SAM", SHARPNESS))), "SAM")
    assert (link.paper, link.reason) == (SHARPNESS, BY_ANSWER)
    assert link.confidence > 0.98 and "2026-01-02" in link.evidence[0].detail


def test_that_it_is_no_paper_is_settled_too() -> None:
    link = link_at(links_of(TALK, remembering(answered(TALK, "SAM", None))), "SAM")
    assert (link.paper, link.alternatives, link.reason) == (None, (), BY_ANSWER)


def test_a_paper_that_the_catalogue_does_not_know_can_be_the_answer() -> None:
    link = link_at(links_of(TALK, remembering(answered(TALK, "SAM", NEW))), "SAM")
    assert (link.paper, link.title) == (NEW, None)


def test_line_breaks_and_other_sentences_do_not_change_the_question() -> None:
    answer = answered(TALK, "SAM", SHARPNESS)
    moved = f"# Notes\n\nSomething new stands here.\n\n{TALK.replace('SAM finds', 'SAM' + chr(10) + 'finds')}"
    assert link_at(links_of(moved, remembering(answer)), "SAM").reason == BY_ANSWER


def test_an_identifier_in_conflict_can_be_settled() -> None:
    text = "- [Segment Anything](https://arxiv.org/abs/2304.01373) cuts out all things in a picture.\n"
    surface = "https://arxiv.org/abs/2304.01373"
    link = link_at(links_of(text, remembering(answered(text, surface, SAM))), surface)
    assert (link.paper, link.reason) == (SAM, BY_ANSWER)
    # elsewhere the identifier is itself again
    other = f"More on the second paper is at {surface}, where the models are.\n"
    assert link_at(links_of(other, remembering(answered(text, surface, SAM))), surface).paper != SAM


# --- the same name elsewhere --------------------------------------------------------------------

UNSURE = (
    "At the workshop somebody said that Emu was the best of them, but nobody had numbers to show for it.\n"
)


def test_an_answer_counts_for_the_same_name_in_another_document() -> None:
    remembered = remembering(answered(UNSURE, "Emu", EMU_VIDEO))
    text = "Last of all there was Emu, of which we only saw a few samples on the screen.\n"
    before, link = link_at(links_of(text), "Emu"), link_at(links_of(text, remembered), "Emu")
    assert before.paper != EMU_VIDEO
    assert link.paper == EMU_VIDEO and link.reason == "name"
    assert "you settled it so in another document" in [one.detail for one in link.evidence]


def test_in_the_same_document_it_counts_for_more() -> None:
    more = "Later on we met Emu again in the demo room, with the same few samples as before.\n"
    answer = answered(UNSURE, "Emu", EMU_VIDEO)
    here = [one for one in links_of(f"{UNSURE}\n{more}", remembering(answer)) if one.mention.surface == "Emu"]
    elsewhere = link_at(links_of(more, remembering(answer)), "Emu")
    assert [one.reason for one in here] == [BY_ANSWER, "name"]
    assert here[1].confidence > elsewhere.confidence


def test_an_answer_is_no_blind_rule() -> None:
    """The same name with the identifier of another paper beside it denotes that one."""
    remembered = remembering(answered(UNSURE, "Emu", EMU_VIDEO))
    text = "智源的 Emu（https://arxiv.org/abs/2307.05222）是一个多模态大模型，可以补全一切。\n"
    assert link_at(links_of(text, remembered), "Emu").paper == EMU


def test_of_two_answers_the_one_in_like_words_counts_for_more() -> None:
    images = "Their Emu model writes captions for interleaved images and text from the same network.\n"
    videos = "Their Emu model makes short video clips from a prompt by way of a first frame.\n"
    remembered = remembering(answered(images, "Emu", EMU), answered(videos, "Emu", EMU_VIDEO))
    text = "Then we saw how Emu makes short video clips from a prompt, frame by frame.\n"
    link = link_at(links_of(text, remembered), "Emu")
    assert (link.paper or link.alternatives[0].paper) == EMU_VIDEO


def test_no_paper_counts_only_where_the_name_is_spelled_the_same() -> None:
    remembered = remembering(
        answered("Sam Altman spoke first, and then the panel began with questions.", "Sam", None)
    )
    text = "SAM, the Segment Anything Model, cuts out all the things that it sees in an image.\n"
    assert link_at(links_of(text, remembered), "SAM").paper == SAM
    talk = "Sam took the floor again after lunch to answer what was left over from the morning.\n"
    found = [one for one in links_of(talk, remembered) if one.mention.surface == "Sam"]
    assert all(one.paper is None for one in found)


# --- learned names ------------------------------------------------------------------------------


def test_a_learned_name_is_found_and_says_so() -> None:
    text = "Then there is ZetaFormer, which is slow.\n"
    assert not links_of(text)
    (link,) = links_of(text, learned("ZetaFormer", NEW, title="A Slow Transformer"))
    assert (link.paper, link.title) == (NEW, "A Slow Transformer")
    assert 0.5 <= link.confidence < 0.95
    assert "name learned from your documents (1 document)" in [one.detail for one in link.evidence]


def test_more_documents_make_a_learned_name_surer() -> None:
    text = "Then there is ZetaFormer, which is slow.\n"
    (once,), (often,) = (links_of(text, learned("ZetaFormer", NEW, count)) for count in (1, 5))
    assert once.confidence < often.confidence


@pytest.mark.parametrize(
    "text", ["ZetaFormer-2 is faster.", "The ZetaFormers are.", "myZetaFormer", "zetaformer"]
)
def test_a_learned_name_is_a_word_of_its_own(text: str) -> None:
    assert not links_of(text, learned("ZetaFormer", NEW))


def test_a_name_of_the_catalogue_keeps_its_paper_against_a_learned_one() -> None:
    remembered = learned("QLoRA", NEW)
    link = link_at(links_of("We fine-tune with QLoRA on one card.\n", remembered), "QLoRA")
    assert link.paper == "arXiv:2305.14314"
    assert NEW not in [link.paper]


def test_a_learned_name_of_a_paper_of_the_catalogue() -> None:
    (link,) = links_of("Then there is ZetaFormer, which is slow.\n", learned("ZetaFormer", PaperKey(SAM)))
    assert (link.paper, link.title) == (SAM, "Segment Anything")


# --- nothing remembered -------------------------------------------------------------------------


@pytest.mark.parametrize("text", [TALK, UNSURE, "# Nothing\n\nat all\n"])
def test_answers_to_other_questions_change_nothing(text: str) -> None:
    other = remembering(answered("The name DPO stands for something else in this one report.", "DPO", NEW))
    assert links_of(text, other) == links_of(text)


# --- the sentence -------------------------------------------------------------------------------


def test_a_sentence_ends_at_its_marks_in_both_languages() -> None:
    text = "First one. The second sentence names SAM and says more about it than that. Third one."
    start = text.index("SAM")
    assert sentence_of(text, start, start + 3).context == (
        "The second sentence names SAM and says more about it than that."
    )
    text = "第一句话。第二句话提到了SAM，并且对它说了更多的内容。第三句话。"
    start = text.index("SAM")
    assert sentence_of(text, start, start + 3).context == "第二句话提到了SAM，并且对它说了更多的内容。"


def test_where_a_line_says_little_the_words_around_it_belong_to_the_question() -> None:
    one, other = "# Emu\n\nBy 智源, for images.\n", "# Emu\n\nBy Meta, for videos.\n"
    assert sentence_of(one, 2, 5).context != sentence_of(other, 2, 5).context


@given(st.text(max_size=60), st.text(min_size=1, max_size=10), st.text(max_size=60))
def test_a_sentence_holds_the_mention_and_only_words_of_the_text(
    before: str, surface: str, after: str
) -> None:
    text = before + surface + after
    sentence = sentence_of(text, len(before), len(before) + len(surface))
    assert sentence.surface == surface
    assert before.endswith(sentence.before) or sentence.before in before
    assert after.startswith(sentence.after)
    assert "\n" not in sentence.context


# --- the ledger ---------------------------------------------------------------------------------


def test_a_ledger_adds_up_to_the_decision() -> None:
    document = document_of(UNSURE)
    _, (ledger,) = explain(
        document,
        find_mentions(document, catalogue()),
        catalogue(),
        is_asked=lambda one: one.mention.surface == "Emu",
    )
    assert len(ledger.weighings) >= 2
    for one in ledger.weighings:
        assert sum(term.product for term in one.terms) == pytest.approx(one.score)
        assert list(one.terms) == sorted(one.terms, key=lambda term: (-abs(term.product), term.feature))
    confidences = [one.confidence for one in ledger.weighings]
    assert confidences == sorted(confidences, reverse=True) and sum(confidences) <= 1
    assert round(confidences[0], 3) == ledger.link.confidence
    assert (ledger.link.paper is not None) == (confidences[0] >= ledger.accept)
