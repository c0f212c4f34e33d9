"""Laws of squeezed text and of what is found by it, for any text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.catalogue.small import NAMES, PAPERS, open_built
from tracker.catalogue import Catalogue, index
from tracker.catalogue.names import title_parts
from tracker.catalogue.squeeze import fold, span_hash, squeeze
from tracker.catalogue.stretch import squeeze_chunk
from tracker.catalogue.title_index import ANCHORS

quick = settings(max_examples=60, deadline=None)

ODD = (
    "QqLlora20. -_*&;#'\"\n\r\téßœﬁﬃıİＱ１。，：「」与体體가ひ\u0301\u00ad\u200b\u200d\ufeff"
    "𝐐𝟐🙂\U00020000\ud800"
)
REFERENCES = ["&amp;", "&eacute;", "&#233;", "&#xE9;", "&nbsp;", "&notaname;", "&;", "AT&T;"]
texts = st.lists(
    st.sampled_from([*ODD, *REFERENCES, "QLoRA", "3.5", "ViTs", "与QLoRA相比"]), max_size=40
).map("".join)
any_text = st.one_of(texts, st.text(max_size=60))


@quick
@given(any_text)
@example("&amp;amp;")
def test_squeezing_again_changes_nothing(text: str) -> None:
    assert squeeze(squeeze(text)) == squeeze(text)


@quick
@given(any_text)
def test_what_is_left_are_letters_digits_and_decimal_points(text: str) -> None:
    left = squeeze(text)
    assert left.replace(".", "").isalnum() or not left
    assert not re.search(r"(?<![0-9])\.|\.(?![0-9])", left)


@quick
@given(any_text)
def test_arrays_agree_with_the_string(text: str) -> None:
    squeezed = squeeze_chunk(text)
    assert "".join(map(chr, squeezed.points)) == squeeze(text)


@quick
@given(st.one_of(texts, any_text).map(lambda text: text[:24]))
def test_hashes_of_all_spans_agree(text: str) -> None:
    squeezed = squeeze_chunk(text)
    left = squeeze(text)
    starts, ends = np.triu_indices(len(left) + 1)
    found = squeezed.hashes(starts, ends).tolist()
    assert found == [
        span_hash(left[start:end]) for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
    ]


@quick
@given(any_text)
def test_offsets_are_in_order_and_within_the_text(text: str) -> None:
    squeezed = squeeze_chunk(text)
    offsets, after = squeezed.offsets.tolist(), squeezed.after.tolist()
    assert offsets == sorted(offsets)
    assert all(0 <= offset < end <= len(text) for offset, end in zip(offsets, after, strict=True))


@quick
@given(any_text)
def test_words_part_the_squeezed_text(text: str) -> None:
    squeezed = squeeze_chunk(text)
    edges = [0, *squeezed.ends.tolist()]
    assert squeezed.starts.tolist() == edges[:-1]
    assert edges[-1] == len(squeezed.points)
    assert all(start < end for start, end in zip(squeezed.starts, squeezed.ends, strict=True))


@quick
@given(any_text)
def test_each_word_squeezes_to_itself(text: str) -> None:
    squeezed = squeeze_chunk(text)
    left = squeeze(text)
    for start, end in zip(squeezed.starts.tolist(), squeezed.ends.tolist(), strict=True):
        piece = text[squeezed.offsets[start] : squeezed.after[end - 1]]
        assert squeeze(piece) == left[start:end]


@quick
@given(st.text(alphabet=st.characters(codec="ascii"), max_size=60))
def test_case_does_not_matter(text: str) -> None:
    assert squeeze(text.upper()) == squeeze(text.lower()) or "&" in text


@quick
@given(st.text(alphabet="abcdeéèüñçAÉ ", max_size=40))
def test_composed_and_decomposed_are_one(text: str) -> None:
    assert squeeze(unicodedata.normalize("NFD", text)) == squeeze(unicodedata.normalize("NFC", text))


@quick
@given(any_text)
def test_folding_keeps_what_squeezing_keeps(text: str) -> None:
    if "&" not in text:
        assert squeeze(fold(text)).replace(".", "") == squeeze(text).replace(".", "")


# --- what is found ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return open_built(tmp_path_factory.mktemp("laws"))


TITLES = [paper["title"] for paper in PAPERS if len(squeeze(paper["title"])) >= ANCHORS[0]]
CHUNKS = st.sampled_from([23, 64, 300, 1 << 16])
innocent = st.lists(
    st.sampled_from(
        ["we", "saw", "that", "it", "held", ",", ".", "\n", "🙂", "模型", "的", "1.5", "(", "…", "é"]
    ),
    max_size=30,
).map(" ".join)


CASES: dict[str, Callable[[str], str]] = {"as it is": str, "capitals": str.upper, "each": str.title}


@st.composite
def written(draw: st.DrawFn, surfaces: list[str]) -> tuple[str, str]:
    """One of the surfaces, and a way in which it may be written: the same squeezed."""
    surface = draw(st.sampled_from(surfaces))
    case = CASES[draw(st.sampled_from(sorted(CASES)))]
    blank = draw(
        st.sampled_from([" ", "  ", "\n", "\r\n", "\n    ", "\u00a0", " **", "\u3000", " {", "~", "-\n"])
    )
    return surface, case(surface).replace(" ", blank)


@quick
@given(innocent, written(TITLES), innocent, CHUNKS)
def test_a_planted_title_is_found_in_its_place(
    catalogue: Catalogue, before: str, title: tuple[str, str], behind: str, chunk: int
) -> None:
    surface, form = title
    text = f"{before} {form} {behind}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "CHUNK", chunk)
        titles, _ = catalogue.spans(text)
    place = len(before) + 1
    found = [span for span in titles if span.start == place and text[place : span.end] == form.rstrip("*")]
    assert len(found) == 1, titles
    rows = [entry.row for entry in catalogue.titles(found[0]) if entry.part == 0]
    assert surface in {catalogue.records.head(row).title for row in rows}


NAMED = [name for name, _, _ in NAMES if not name.islower()]
neighbours = st.sampled_from(
    [("与", "相比"), (" ", " "), ("(", ")"), ("「", "」"), ("", ""), ("\n", "\n"), ("`", "`")]
)


@quick
@given(innocent, st.sampled_from(NAMED), neighbours, innocent, CHUNKS)
def test_a_planted_name_is_found_in_its_place(
    catalogue: Catalogue, before: str, name: str, neighbours: tuple[str, str], behind: str, chunk: int
) -> None:
    head = f"{before}\n{neighbours[0]}"
    text = f"{head}{name}{neighbours[1]}\n{behind}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "CHUNK", chunk)
        _, names = catalogue.spans(text)
    found = [span for span in names if (span.start, span.end) == (len(head), len(head) + len(name))]
    assert len(found) == 1
    assert name in {alias.name for alias in catalogue.aliases(found[0])} | {"Llama-2"}


pieces = st.lists(
    st.sampled_from(
        [*TITLES, *NAMED, "ViTs", "Efﬁcient Finetuning of Quantized LLMs", ODD, " ", "\n", "。", "s", "-"]
    ),
    max_size=12,
)


@quick
@given(pieces.map("".join), CHUNKS)
def test_what_is_found_does_not_depend_on_chunks(catalogue: Catalogue, text: str, chunk: int) -> None:
    whole = catalogue.spans(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "CHUNK", chunk)
        assert catalogue.spans(text) == whole


@quick
@given(pieces.map(" ".join))
def test_spans_are_in_order_and_spell_what_was_looked_for(catalogue: Catalogue, text: str) -> None:
    titles, names = catalogue.spans(text)
    assert titles == sorted(set(titles))
    assert names == sorted(set(names))
    for span in names:
        spelled = {squeeze(alias.name) for alias in catalogue.aliases(span)}
        assert spelled == {squeeze(text[span.start : span.end])}
    for span in titles:
        surface = squeeze(text[span.start : span.end])
        for entry in catalogue.titles(span):
            title = catalogue.records.head(entry.row).title
            assert squeeze((title, *title_parts(title))[entry.part]) == surface
