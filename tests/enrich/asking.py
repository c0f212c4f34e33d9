"""Sources that ask servers on loopback: settings, papers, and the limits of a test."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.servers.endpoints import OFF, endpoint
from tracker import net
from tracker.enrich.base import Answer, Found, Matches, Record
from tracker.identifiers import PaperKey
from tracker.models import Paper
from tracker.net import Session
from tracker.settings import Settings

CALM = net.Limits(connect_s=5, read_s=10, total_s=10, body_bytes=2**20)
HASTY = net.Limits(connect_s=5, read_s=0.1, total_s=0.2, body_bytes=2**20)


def settings_for(service: str, url: str, folder: Path, **changes: Any) -> Settings:
    """Settings in which this service is at `url`, without a pause between two questions.

    Args:
        changes: fields of `Settings`, or of the endpoint: `delay_s`, `per_day`, `key`.
    """
    of_endpoint = {name: changes.pop(name) for name in ("delay_s", "per_day", "key") if name in changes}
    places = {"library_path": folder / "l", "cache_dir": folder}
    return Settings.model_validate({**OFF, **places, service: endpoint(url, **of_endpoint), **changes})


def calm_session(url: str, /, **options: Any) -> Session:
    """A session with limits that no healthy answer meets."""
    return net.open_session(url, **{**options, "limits": CALM})


def hasty_session(url: str, /, **options: Any) -> Session:
    """A session that does not wait."""
    return net.open_session(url, **{**options, "limits": HASTY})


def papers(*keys: str, **fields: Any) -> list[Paper]:
    """Papers with these keys; `fields` are those of `Paper`, the same for all."""
    return [Paper.model_validate({"key": PaperKey(key), "title": ""} | fields) for key in keys]


def record(answer: Answer) -> Record:
    """The record of an answer that is one."""
    assert isinstance(answer, Found)
    return answer.record


def matches(answer: Answer) -> Sequence[Record]:
    """The records of an answer to a search."""
    assert isinstance(answer, Matches)
    return answer.records
