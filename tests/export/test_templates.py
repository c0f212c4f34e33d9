from __future__ import annotations

from pathlib import Path

import pytest

import tracker
from tracker.errors import TemplateError
from tracker.export import export
from tracker.export.templates import render, shipped_templates
from tracker.models import Entry, Paper, Place, ReadingList, Topic

ROOT = Path(__file__).parents[2]


def lists() -> list[ReadingList]:
    paper = Paper.model_validate({"key": "arXiv:2305.14314", "title": "A <b> *Title*"})
    place = Place(document="notes.md", line=3, surface="Name")
    entry = Entry(
        paper=paper, reason="Why", places=(place,), mentions=1, salience=0.5, confidence=0.99, rank=1
    )
    return [ReadingList(topic=Topic(id="t", name_en="Topic", name_zh="主题"), entries=(entry,))]


def test_the_shipped_templates_are_found() -> None:
    assert shipped_templates() == ROOT / "templates"
    assert {path.name for path in shipped_templates().iterdir()} >= {
        "list.md.j2",
        "list.html.j2",
        "list.css.j2",
    }


def test_an_installed_package_has_its_templates_inside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracker.version, "__file__", str(tmp_path / "tracker" / "version.py"))
    assert shipped_templates() == tmp_path / "tracker" / "_data" / "templates"
    (tmp_path / "pyproject.toml").touch()
    assert shipped_templates() == tmp_path / "tracker" / "_data" / "templates"
    (tmp_path / "templates").mkdir()
    assert shipped_templates() == tmp_path / "templates"


def test_a_template_of_the_reader_replaces_one_and_the_others_stay(tmp_path: Path) -> None:
    (tmp_path / "entry.html.j2").write_text("<li>mine: {{ row.title }}</li>\n", encoding="utf-8")
    page = export(lists(), "html", templates_dir=tmp_path)
    assert "<li>mine: A &lt;b&gt; *Title*</li>" in page
    assert "<h1>Reading list</h1>" in page
    assert export(lists(), "md", templates_dir=tmp_path) == export(lists(), "md")


def test_a_template_of_the_reader_is_escaped_too(tmp_path: Path) -> None:
    (tmp_path / "list.md.j2").write_text("{{ page.sections[0].rows[0].title }}", encoding="utf-8")
    assert export(lists(), "md", templates_dir=tmp_path) == r"A \<b\> \*Title\*"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a\n{% if %}\n", 2, "Expected an expression"),
        ("a\n\n{{ page.title\n", 3, "unexpected end of template"),
        ("{{ page.nonsense }}", 1, "has no attribute 'nonsense'"),
        ("a\n{{ nonsense }}", 2, "'nonsense' is undefined"),
        ("{{ page.title | nonsense }}", 1, "No filter named 'nonsense'"),
        ("\n{{ 1 / 0 }}", 2, "division by zero"),
        ("{{ page.title + 1 }}", 1, "can only concatenate str"),
        ("\n\n{% include 'missing.j2' %}", 3, "there is no template 'missing.j2'"),
        ("{{ page.__class__.__mro__ }}", 1, "is unsafe"),
        ("{% include 'list.md.j2' %}", 1, "maximum recursion depth"),
        ("{% for x in range(999999999) %}x{% endfor %}", 1, "Range too big"),
    ],
)
def test_a_wrong_template_is_told_by_file_and_line(
    tmp_path: Path, text: str, line: int, message: str
) -> None:
    (tmp_path / "list.md.j2").write_text(text, encoding="utf-8")
    with pytest.raises(TemplateError) as caught:
        export(lists(), "md", templates_dir=tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / 'list.md.j2'}:{line}: ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_wrong_part_is_told_by_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "entry.html.j2").write_text("\n{{ row.nonsense }}\n", encoding="utf-8")
    with pytest.raises(TemplateError, match=r"entry\.html\.j2:2: "):
        export(lists(), "html", templates_dir=tmp_path)


def test_a_template_that_is_not_text(tmp_path: Path) -> None:
    (tmp_path / "list.md.j2").write_bytes(b"\xff\xfe")
    with pytest.raises(TemplateError, match=r"list\.md\.j2: cannot be read as text in UTF-8"):
        export(lists(), "md", templates_dir=tmp_path)


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="is no folder of templates"):
        export(lists(), "md", templates_dir=tmp_path / "missing")


def test_a_fault_of_ours_is_not_blamed_on_the_reader(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="'page' is undefined") as caught:
        render("list.md.j2", {}, templates_dir=tmp_path)
    assert not isinstance(caught.value, TemplateError)
