from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from tracker.export import export
from tracker.models import Entry, Paper, Place, ReadingList, Topic

GOLDEN = Path(__file__).parents[1] / "golden"
HINT = (
    "after a wanted change of the templates, run tests/golden/make_reading_list.py and look at the difference"
)
VOID = {"meta", "br", "hr", "img", "link", "input"}


class Outline(HTMLParser):
    """The elements of a page, checked for balance, unique ids and links that lead somewhere."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src"):
                self.links.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data


def golden() -> tuple[ReadingList, ...]:
    return TypeAdapter(tuple[ReadingList, ...]).validate_json((GOLDEN / "reading-list.json").read_bytes())


def hostile_list(text: str, key: str = "arXiv:2305.14314") -> ReadingList:
    paper = Paper.model_validate({"key": key, "title": f"T{text}", "authors": [text], "venue": text})
    place = Place(document=text, line=3, surface=f"N{text}")
    entry = Entry(paper=paper, reason=text, places=(place,), mentions=1, salience=0.5, confidence=0.5, rank=1)
    topic = Topic(id=text or "t", name_en=text, name_zh=text)
    return ReadingList(topic=topic, entries=(entry,), also_mentioned=(entry,))


def test_the_golden_page() -> None:
    page = export(golden(), "html")
    assert page == (GOLDEN / "reading-list.html").read_text(encoding="utf-8"), HINT


def test_the_page_is_well_formed_and_its_links_lead_somewhere() -> None:
    outline = Outline(export(golden(), "html"))
    assert len(set(outline.ids)) == len(outline.ids)
    inside = {link[1:] for link in outline.links if link.startswith("#")}
    assert inside <= set(outline.ids)
    assert all(link.startswith(("#", "https://arxiv.org/abs/", "https://doi.org/")) for link in outline.links)
    assert outline.tags.count("h1") == outline.tags.count("main") == outline.tags.count("title") == 1


def test_the_page_needs_nothing_from_elsewhere() -> None:
    page = export(golden(), "html")
    outline = Outline(page)
    assert not {"script", "link", "img", "iframe", "object"} & set(outline.tags)
    assert "src" not in outline.attributes
    assert not re.search(r"url\(|@import|expression\(", page)
    assert "default-src 'none'" in page


def test_reading_order_shows_every_paper_to_read_in_order() -> None:
    page = export(golden(), "html")
    order = page[page.index('<h2 id="order">') : page.index("</details>")]
    assert re.findall(r'value="(\d+)"', order) == [str(n) for n in range(1, 11)]
    assert 'href="#paper-arXiv-2001.08361" lang="en">Scaling Laws' in order
    single = export(golden()[:1], "html")
    assert 'id="order"' not in single


def test_the_language_of_the_page_and_of_its_parts() -> None:
    assert '<html lang="en">' in export(golden(), "html")
    page = export([hostile_list("视觉")], "html", language="zh")
    assert '<html lang="zh-CN">' in page
    assert 'lang="zh">T视觉</a>' in page
    assert "请核对：把握 50%" in page


def test_no_lists() -> None:
    assert "No papers were found." in Outline(export([], "html")).text


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "' onmouseover='x",
        "</style></title>",
        "&amp;<!--",
    ],
)
def test_hostile_text_is_shown_and_not_obeyed(text: str) -> None:
    page = export([hostile_list(text), hostile_list(text, "doi:10.1/a<b>'\"&(c)")], "html", title=text)
    outline = Outline(page)
    assert not {"script", "img", "b"} & set(outline.tags)
    assert not any(name.startswith("on") for name in outline.attributes)
    assert f"T{text}" in outline.text
    assert "https://doi.org/10.1/a%3Cb%3E%27%22%26%28c%29" in outline.links
    assert len(set(outline.ids)) == len(outline.ids)


@settings(max_examples=30)
@given(st.text(max_size=60))
def test_any_text_leaves_the_page_well_formed(text: str) -> None:
    outline = Outline(export([hostile_list(text), hostile_list(text)], "html", title=text))
    assert len(set(outline.ids)) == len(outline.ids)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", outline.text)
    outline.text.encode("utf-8")
