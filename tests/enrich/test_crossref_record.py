"""What works of Crossref say, on items in the shapes that publishers deposit."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.enrich.base import Record
from tracker.enrich.crossref import SELECT
from tracker.enrich.crossref_record import is_paper, record_of
from tracker.models import VenueKind


def day(*parts: int) -> dict[str, Any]:
    return {"date-parts": [list(parts)]}


def of_item(**fields: Any) -> Record:
    """The record of a journal article with these fields; in their names "_" stands for "-"."""
    item = {
        "DOI": "10.1000/X1",
        "type": "journal-article",
        "title": ["A Title"],
        "author": [{"given": "Ada", "family": "Example", "sequence": "first", "affiliation": []}],
        "container-title": ["A Journal"],
    }
    record = record_of(item | {name.replace("_", "-"): value for name, value in fields.items()})
    assert record is not None
    return record


# --- title and authors -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "subtitle", "expected"),
    [
        (["A Title"], [], "A Title"),
        (["QLoRA"], ["Efficient Finetuning"], "QLoRA: Efficient Finetuning"),
        (["What next?"], ["A survey"], "What next? A survey"),
        (["Deep: A Survey"], ["a survey"], "Deep: A Survey"),
        (["One", "Ein Titel"], None, "One"),
        ("One", "Two", "One: Two"),
        (["  On <i>k</i>-means\n &amp;amp; <sub>x</sub> "], [], "On k-means & x"),
        (["The <mml:math><mml:mi>α</mml:mi></mml:math> &lt;b&gt;law&lt;/b&gt;"], [], "The α law"),
        (["A \u200bTitle\x00"], [], "A Title"),
        (["深度学习"], [], "深度学习"),
        (["A \ud800Title"], [], "A Title"),
    ],
)
def test_titles_are_plain_text_with_their_subtitle(title: Any, subtitle: Any, expected: str) -> None:
    assert of_item(title=title, subtitle=subtitle).title == expected


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        ([], ()),
        (None, ()),
        ([{"family": "Example", "given": "Ada"}], ("Ada Example",)),
        ([{"family": "van der Maaten", "given": "Laurens"}], ("Laurens van der Maaten",)),
        ([{"family": "King", "given": "Martin Luther", "suffix": "Jr."}], ("Martin Luther King Jr.",)),
        (
            [{"name": "LIGO Scientific Collaboration"}, {"family": "Plato"}],
            ("LIGO Scientific Collaboration", "Plato"),
        ),
        ([{"family": "Müller", "given": "J&ouml;rg"}], ("Jörg Müller",)),
        ([{"family": "王", "given": "伟"}], ("伟 王",)),
        ([{"family": "A", "given": "B"}, {"affiliation": []}], ()),
        ([{"family": 7, "given": ["x"]}], ()),
    ],
)
def test_authors_are_all_of_them_or_none(authors: Any, expected: tuple[str, ...]) -> None:
    assert of_item(author=authors).authors == expected


@pytest.mark.parametrize(
    "fields",
    [
        {"DOI": ""},
        {"DOI": None},
        {"DOI": "11.1/x"},
        {"DOI": "10.1000/"},
        {"title": []},
        {"title": [""]},
        {"title": 1},
    ],
)
def test_without_doi_or_title_there_is_no_record(fields: dict[str, Any]) -> None:
    assert record_of({"DOI": "10.1000/x", "title": ["A Title"]} | fields) is None


def test_dois_are_in_lower_case_and_name_the_paper() -> None:
    assert (of_item(DOI="10.1162/NECO.1997.9.8.1735").doi, of_item().key) == (
        "10.1162/neco.1997.9.8.1735",
        "doi:10.1000/x1",
    )
    assert of_item(DOI="10.18653/v1/N19-1423").key == "acl:N19-1423"
    sici = "10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-2"
    assert of_item(DOI=sici.upper()).doi == sici


# --- where and when ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "venue", "kind"),
    [
        ({}, "A Journal", VenueKind.JOURNAL),
        (
            {"container_title": ["Proc. ACM Manag. Data", "PACMMOD"]},
            "Proc. ACM Manag. Data",
            VenueKind.JOURNAL,
        ),
        (
            {"type": "proceedings-article", "container_title": ["2016 IEEE Conference on X (CVPR)"]},
            "2016 IEEE Conference on X (CVPR)",
            VenueKind.PROCEEDINGS,
        ),
        (
            {"type": "proceedings-article", "container_title": [], "event": {"name": "KDD '16"}},
            "KDD '16",
            VenueKind.PROCEEDINGS,
        ),
        (
            {
                "type": "book-chapter",
                "container_title": ["Lecture Notes in Computer Science", "Computer Vision – ECCV 2014"],
            },
            "Computer Vision – ECCV 2014",
            VenueKind.PROCEEDINGS,
        ),
        (
            {"type": "book-chapter", "container_title": ["Computer Vision"], "event": {"name": "ECCV"}},
            "Computer Vision",
            VenueKind.PROCEEDINGS,
        ),
        ({"type": "book-chapter", "container_title": ["Handbook of X"]}, "Handbook of X", VenueKind.BOOK),
        (
            {"type": "book-chapter", "container_title": ["Studies in Big Data"]},
            "Studies in Big Data",
            VenueKind.BOOK,
        ),
        ({"type": "dissertation", "container_title": []}, None, None),
        (
            {"container_title": ["Data &amp; Knowledge <i>Engineering</i>"]},
            "Data & Knowledge Engineering",
            VenueKind.JOURNAL,
        ),
    ],
)
def test_where_it_appeared(fields: dict[str, Any], venue: str | None, kind: VenueKind | None) -> None:
    found = of_item(**fields)
    assert (found.venue, found.venue_kind, found.is_preprint) == (venue, kind, False)


@pytest.mark.parametrize(
    ("fields", "year", "first_day"),
    [
        ({}, None, None),
        ({"issued": day(1997, 11, 15)}, 1997, "1997-11-15"),
        ({"published_print": day(2017, 6, 1), "published_online": day(2016, 6, 6)}, 2017, "2016-06-06"),
        (
            {"journal_issue": {"published-print": day(2017, 6)}, "published_online": day(2016, 6, 6)},
            2017,
            "2016-06-06",
        ),
        ({"published_online": day(2016, 6, 6), "issued": day(2016)}, 2016, "2016-06-06"),
        ({"published_print": day(2015)}, 2015, None),
        ({"published_print": {"date-parts": [[None]]}, "issued": {"date-parts": [[]]}}, None, None),
        ({"published_print": day(2015, 2, 30)}, 2015, None),
        ({"published_print": day(0), "issued": day(99999)}, None, None),
        ({"published_print": "2015", "issued": {"date-parts": "2015"}}, None, None),
    ],
)
def test_the_year_is_that_of_the_printed_issue(
    fields: dict[str, Any], year: int | None, first_day: str | None
) -> None:
    found = of_item(**fields)
    assert (found.venue_year, found.published and str(found.published)) == (year, first_day)


@pytest.mark.parametrize(
    ("fields", "pages"),
    [
        ({"page": "1735-1780"}, "1735--1780"),
        ({"page": "140:1–140:67"}, "140:1--140:67"),
        ({"page": "8972", "article_number": "1"}, "8972"),
        ({"article_number": "147902"}, "147902"),
        ({"page": "n/a-n/a"}, None),
        ({"page": "1-1", "article_number": "55"}, "55"),
        ({"page": None}, None),
        ({"page": "S12-S15"}, "S12--S15"),
    ],
)
def test_pages_or_the_number_of_the_article(fields: dict[str, Any], pages: str | None) -> None:
    assert of_item(**fields).pages == pages


# --- preprints, retractions, the rest ----------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "posted-content", "subtype": "preprint", "container_title": [], "DOI": "10.1101/622803"},
        {"DOI": "10.2139/ssrn.3000000", "container_title": ["SSRN Electronic Journal"]},
        {"type": "posted-content", "DOI": "10.36227/techrxiv.1"},
    ],
)
def test_a_preprint_says_nothing_of_a_publication(fields: dict[str, Any]) -> None:
    found = of_item(volume="1", publisher="P", issued=day(2019, 4, 29), is_referenced_by_count=5, **fields)
    assert found.is_preprint and (found.citations, str(found.published)) == (5, "2019-04-29")
    assert (found.venue, found.venue_kind, found.venue_year, found.volume, found.publisher, found.doi) == (
        None,
    ) * 6


@pytest.mark.parametrize(
    ("relation", "arxiv_id"),
    [
        (
            {"has-preprint": [{"id-type": "arxiv", "id": "2501.04622", "asserted-by": "subject"}]},
            "2501.04622",
        ),
        ({"has-preprint": [{"id-type": "arxiv", "id": "2302.04668v2"}]}, "2302.04668"),
        (
            {
                "has-preprint": [
                    {"id-type": "doi", "id": "10.1101/1"},
                    {"id-type": "doi", "id": "10.48550/arXiv.2512.07923"},
                ]
            },
            "2512.07923",
        ),
        (
            {"has-preprint": [{"id-type": "uri", "id": "https://arxiv.org/abs/hep-th/9901001"}]},
            "hep-th/9901001",
        ),
        ({"is-supplemented-by": [{"id": "2501.04622"}]}, None),
        ({"has-preprint": [None, {"id": 7}, {}]}, None),
        ({"has-preprint": "2501.04622"}, None),
        ([], None),
    ],
)
def test_the_preprint_that_the_publisher_names(relation: Any, arxiv_id: str | None) -> None:
    assert of_item(relation=relation).arxiv_id == arxiv_id


@pytest.mark.parametrize(
    ("fields", "title", "is_withdrawn"),
    [
        ({"title": ["RETRACTED ARTICLE: Quantized conductance"]}, "Quantized conductance", True),
        ({"title": ["[Retracted] A Title"]}, "A Title", True),
        ({"title": ["WITHDRAWN: A Title"]}, "A Title", True),
        ({"updated_by": [{"type": "correction"}, {"type": "retraction", "DOI": "10.1/x"}]}, "A Title", True),
        ({"updated_by": [{"type": "correction"}, {"type": "expression_of_concern"}]}, "A Title", None),
        (
            {"update_to": [{"type": "retraction"}], "title": ["Retraction Note: A Title"]},
            "Retraction Note: A Title",
            None,
        ),
        ({"title": ["Retracted Papers: A Study"]}, "Retracted Papers: A Study", None),
        ({"title": ["Withdrawn from the world"]}, "Withdrawn from the world", None),
    ],
)
def test_retractions(fields: dict[str, Any], title: str, is_withdrawn: bool | None) -> None:
    found = of_item(**fields)
    assert (found.title, found.is_withdrawn) == (title, is_withdrawn)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, True),
        ({"type": "posted-content"}, True),
        ({"type": "journal-issue"}, False),
        ({"type": "peer-review"}, False),
        ({"update-to": [{"type": "retraction"}]}, False),
        ({"update-to": [{"type": "corrigendum"}]}, False),
        ({"update-to": [{"type": "new_version"}]}, True),
        ({"update-to": [{"type": "new-edition"}], "type": None}, True),
    ],
)
def test_notices_and_journals_are_no_papers(fields: dict[str, Any], expected: bool) -> None:
    assert is_paper({"type": "journal-article"} | fields) is expected


def test_the_rest() -> None:
    found = of_item(
        volume="39", issue="6", publisher="Springer &amp; Co.", is_referenced_by_count=27000,
        abstract="<jats:title>Abstract</jats:title>\n<jats:p>We show <jats:italic>x</jats:italic> &lt; 1.</jats:p>",
    )  # fmt: skip
    assert (found.volume, found.issue, found.publisher, found.citations) == (
        "39",
        "6",
        "Springer & Co.",
        27000,
    )
    assert found.abstract == "We show x < 1."


NAMES = [*SELECT.split(","), "given", "family", "name", "date-parts", "id", "has-preprint", "journal-issue"]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=10))
def test_any_item_is_read_or_passed_over(item: dict[str, Any]) -> None:
    record_of(item)
    is_paper(item)
    found = record_of(item | {"DOI": "10.1000/x", "title": ["A Title"]})
    assert found is not None and found.title.startswith("A Title")
