"""What the library tells about names that documents taught, and where its documents lie."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from tracker.identifiers import PaperKey
from tracker.library import open_library
from tracker.models import Document, Paper

KEY = PaperKey("arXiv:2406.01234")
WHEN = datetime(2026, 1, 2, tzinfo=UTC)


def test_each_name_with_its_document_and_each_document_with_its_places(tmp_path: Path) -> None:
    one, other = (Document(name=f"{name}.md", text=name, sha256=name * 64) for name in "ab")
    paper = Paper(key=KEY, title="A Slow Transformer")
    with open_library(tmp_path / "library.sqlite") as library:
        assert library.taught_names() == () and library.locations() == ()
        library.add(other, [], [paper], WHEN, location="/notes/b.md", aliases=[("Zeta", KEY)])
        library.add(one, [], [paper], WHEN, location="/notes/a.md", aliases=[("Zeta", KEY), ("Eta", KEY)])
        library.add(one, [], [paper], WHEN, location="/copies/a.md", aliases=[("Zeta", KEY), ("Eta", KEY)])
        library.add(Document(name="-", text="c", sha256="c" * 64), [], [], WHEN, location="-")
        assert library.taught_names() == (
            ("Eta", KEY, one.sha256),
            ("Zeta", KEY, one.sha256),
            ("Zeta", KEY, other.sha256),
        )
        assert library.locations() == (
            ("/notes/b.md", other.sha256),
            ("/notes/a.md", one.sha256),
            ("/copies/a.md", one.sha256),
        )
