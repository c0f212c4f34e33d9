"""Laws of identifiers: parsing undoes formatting, spans slice the text, neighbours change nothing."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.identifiers import (
    ARCHIVES,
    GENEROUS_TODAY,
    PaperKey,
    arxiv_id_of,
    fold_width,
    parse_arxiv_id,
    parse_doi,
    parse_key,
    url_of,
    year_month_of,
)
from tracker.mentions.ids import find_ids


@st.composite
def new_style(draw: st.DrawFn) -> str:
    month = draw(st.dates(date(2007, 4, 1), GENEROUS_TODAY))
    width = 4 if month.year < 2015 else 5
    return f"{month:%y%m}.{draw(st.integers(1, 10**width - 1)):0{width}}"


@st.composite
def old_style(draw: st.DrawFn) -> str:
    archive = draw(st.sampled_from(sorted(ARCHIVES)))
    last = ARCHIVES[archive]
    month = draw(st.dates(date(1991, 8, 1), date(last // 100, last % 100, 1)))
    return f"{archive}/{month:%y%m}{draw(st.integers(1, 999)):03}"


arxiv_ids = new_style() | old_style()
versions = st.none() | st.integers(1, 40)
letters = "abcdefghijklmnopqrstuvwxyz"
words = st.text(letters + "0123456789", min_size=1, max_size=8)
dois = st.builds(
    lambda registrant, parts, last: f"10.{registrant}/{'.'.join([*parts, f'x{last}'])}",
    st.integers(1000, 99999).filter(lambda number: number not in (18653, 3115, 1101, 48550)),
    st.lists(words, max_size=3),
    st.integers(1, 99999),
)
acl_ids = st.builds(
    lambda year, venue, volume, number: f"{year}.{venue}-{volume}.{number}",
    st.integers(2020, 2030),
    st.sampled_from(["acl", "emnlp", "findings", "nlp4if"]),
    st.sampled_from(["main", "long", "1"]),
    st.integers(1, 999),
) | st.builds(lambda number: f"P19-1{number:03}", st.integers(1, 999))
openreview_ids = st.text(letters + letters.upper() + "0123456789_-", min_size=9, max_size=11)
keys = st.one_of(
    arxiv_ids.map(lambda one: PaperKey(f"arXiv:{one}")),
    dois.map(lambda one: PaperKey(f"doi:{one}")),
    acl_ids.map(lambda one: PaperKey(f"acl:{one}")),
    openreview_ids.map(lambda one: PaperKey(f"openreview:{one}")),
)
innocent = st.sampled_from(
    [
        "",
        "The method is simple. ",
        "大模型的训练成本是 12.5 万元，",
        "See Table 3: 1203.4567 ms, 58.50 ± 0.30, v1.2.3, 2023.06.30\n",
        "![](https://example.com/a/b.png) ",
        "| a | b |\n",
    ]
)
chinese = st.text("与相比的论文是，。：（）《》、", max_size=4)


@given(arxiv_ids, versions)
def test_parsing_undoes_formatting(arxiv_id: str, version: int | None) -> None:
    written = arxiv_id + (f"v{version}" if version else "")
    assert parse_arxiv_id(written) == (arxiv_id, version)
    year, month = year_month_of(arxiv_id)
    assert (1991, 8) <= (year, month) <= (GENEROUS_TODAY.year, 12)


@given(keys)
def test_a_key_and_its_page_parse_to_the_key(key: PaperKey) -> None:
    assert parse_key(key) == key
    assert parse_key(url_of(key)) == key


@given(dois)
def test_dois_are_normal_once_normalised(doi: str) -> None:
    assert parse_doi(doi) == doi
    assert parse_doi(doi.upper()) == doi


@given(st.text(max_size=60))
def test_any_typed_text_gives_none_or_a_key_that_is_stable(text: str) -> None:
    key = parse_key(text)
    assert key is None or parse_key(key) == key


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_folding_is_idempotent_and_keeps_offsets(text: str) -> None:
    folded = fold_width(text)
    assert len(folded) == len(text)
    assert fold_width(folded) == folded


@given(innocent, keys, innocent)
def test_the_page_of_a_paper_is_found_anywhere(before: str, key: PaperKey, after: str) -> None:
    text = f"{before} {url_of(key)} {after}"
    found = find_ids(text)
    assert [one.key for one in found] == [key]
    assert text[found[0].start : found[0].end] == url_of(key)


@given(innocent, arxiv_ids, versions, innocent)
def test_a_labelled_id_is_found_anywhere(before: str, arxiv_id: str, version: int | None, after: str) -> None:
    written = f"arXiv:{arxiv_id}" + (f"v{version}" if version else "")
    text = f"{before}{written} {after}"
    (found,) = find_ids(text)
    assert (found.key, found.version) == (f"arXiv:{arxiv_id}", version)
    assert text[found.start : found.end] == written


@given(chinese, arxiv_ids, versions, chinese)
def test_chinese_neighbours_change_nothing(
    before: str, arxiv_id: str, version: int | None, after: str
) -> None:
    for label in ("arXiv:", "https://arxiv.org/abs/"):
        written = label + arxiv_id + (f"v{version}" if version else "")
        text = before + written + after
        (found,) = find_ids(text)
        assert (found.key, found.version) == (f"arXiv:{arxiv_id}", version)
        assert text[found.start : found.end] == written


@given(arxiv_ids)
def test_full_width_is_the_same(arxiv_id: str) -> None:
    wide = "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in f"arXiv:{arxiv_id}")
    assert [arxiv_id_of(one.key) for one in find_ids(f"见{wide}。")] == [arxiv_id]


@pytest.mark.parametrize(
    "alphabet", ["0123456789./v", "arXiv:/.0123 \n,", "10.1/()[]-\n ", "hep-th/0192 %2F"]
)
def test_spans_are_ordered_apart_and_inside_the_text(alphabet: str) -> None:
    @given(st.text(alphabet, max_size=80))
    def holds(text: str) -> None:
        end = 0
        for found in find_ids(text):
            assert end <= found.start < found.end <= len(text)
            assert parse_key(found.key) == found.key
            end = found.end

    holds()


@given(st.lists(arxiv_ids, min_size=1, max_size=6))
def test_order_is_the_order_of_the_text(ids: list[str]) -> None:
    text = "\n".join(f"- [paper](https://arxiv.org/abs/{one})" for one in ids)
    assert [arxiv_id_of(one.key) for one in find_ids(text)] == ids


@given(st.integers(0, 9999), st.integers(0, 99999))
def test_unlabelled_numbers_in_prose_are_no_ids(whole: int, part: int) -> None:
    assert (
        find_ids(f"The loss fell to {whole:04}.{part:05} after an hour, from {whole:04}.{part:04} dollars.")
        == []
    )
