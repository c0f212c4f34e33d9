"""Writes the pages of the reading list here anew from their .json, after a wanted change of the templates."""

from __future__ import annotations

from pathlib import Path

from pydantic import TypeAdapter

from tracker.export import export
from tracker.models import ReadingList

HERE = Path(__file__).parent
PAGES = (
    ("reading-list.json", "reading-list.md", "md", "en"),
    ("reading-list.json", "reading-list.html", "html", "en"),
    ("reading-list.zh.json", "reading-list.zh.md", "md", "zh"),
)


def main() -> None:
    for source, page, format, language in PAGES:
        lists = TypeAdapter(tuple[ReadingList, ...]).validate_json((HERE / source).read_bytes())
        (HERE / page).write_text(export(lists, format, language=language), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
