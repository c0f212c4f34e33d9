"""What `tracker cache` prints. Addresses are shown without what may be secret in them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from tracker.cli.terminal import escaped, printable, table
from tracker.enrich.base import Found, Matches, Record
from tracker.enrich.cache import Kept
from tracker.enrich.kept import ServiceSum, file_of, name_of, shown_address
from tracker.identifiers import PaperKey
from tracker.settings import Settings


def json_line(value: object) -> str:
    """An object on one line."""
    return escaped(json.dumps(value, ensure_ascii=False))


def facts_of(sums: Iterable[ServiceSum], asked_today: dict[str, int], settings: Settings) -> dict[str, Any]:
    """Where the answers are, how much of which service there is, and how often each machine was asked today."""
    file = file_of(settings.cache_dir)
    services = [
        {
            "service": name_of(one.address, settings),
            "address": shown_address(one.address),
            **{field: getattr(one, field) for field in ("answers", "found", "searches", "absent")},
            "oldest": one.oldest,
            "newest": one.newest,
        }
        for one in sums
    ]
    return {
        "file": str(file),
        "bytes": file.stat().st_size if file.exists() else 0,
        "answers": sum(one["answers"] for one in services),
        "cache_days": settings.cache_days,
        "asked_today": asked_today,
        "services": services,
    }


def info_lines(facts: dict[str, Any]) -> Iterator[str]:
    """The facts for people."""
    yield printable(f"file     {facts['file']}")
    if asked := ", ".join(f"{name} {count}" for name, count in facts["asked_today"].items()):
        yield printable(f"today    questions to {asked}")
    if not facts["answers"]:
        yield "answers  none are kept"
        return
    size = facts["bytes"]
    yield f"size     {size / 1e6:.1f} MB" if size >= 1e6 else f"size     {size / 1e3:.0f} kB"
    yield f"answers  {facts['answers']}; asked for again after {facts['cache_days']:g} days"
    yield ""
    rows = [("service", "address", "found", "searches", "not there", "from", "to")]
    rows += [
        (
            one["service"] or "(another)",
            one["address"],
            *(str(one[field]) for field in ("found", "searches", "absent", "oldest", "newest")),
        )
        for one in facts["services"]
    ]
    yield from table(rows, stretch=1)


def answers_of(kept: Iterable[tuple[str, PaperKey, Kept]], settings: Settings) -> list[dict[str, Any]]:
    """What services have answered: service, paper, day, kind of answer, and the records."""
    return [
        {
            "service": name_of(address, settings),
            "address": shown_address(address),
            "paper": key,
            "retrieved": one.retrieved.isoformat(timespec="seconds"),
            "answer": _kind(one),
            "records": [record.model_dump(mode="json", exclude_defaults=True) for record in _records(one)],
        }
        for address, key, one in kept
    ]


def answer_lines(answers: Iterable[dict[str, Any]]) -> Iterator[str]:
    """The answers for people, a field a line."""
    for one in answers:
        words = {
            "found": "",
            "absent": ": has no such paper",
            "search": f": {len(one['records'])} found by title",
        }
        day = one["retrieved"][:16].replace("T", " ")
        place = one["service"] or one["address"]
        yield printable(f"{one['paper']}  {place}, {day} UTC{words[one['answer']]}")
        for record in one["records"]:
            for field, value in record.items():
                text = ", ".join(map(str, value)) if isinstance(value, list) else value
                yield printable(f"  {field.replace('_', ' '):12}  {text}")
            yield ""


def _kind(kept: Kept) -> str:
    if isinstance(kept.answer, Found):
        return "found"
    return "search" if isinstance(kept.answer, Matches) else "absent"


def _records(kept: Kept) -> tuple[Record, ...]:
    if isinstance(kept.answer, Found):
        return (kept.answer.record,)
    return kept.answer.records if isinstance(kept.answer, Matches) else ()
