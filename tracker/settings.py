"""One frozen `Settings`, read once by the command line; nothing below it looks at the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict


class Settings(BaseModel):
    """Where things are, and how to speak to the services."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    library_path: Path
    """The reader's library, one SQLite file."""
    cache_dir: Path
    """Answers of services, dated; may be deleted at any time."""
    catalogue_path: Path | None = None
    """None: the catalogue that ships with the program."""
    templates_dir: Path | None = None
    """Templates here replace those of the same name that ship with the program."""
    topics_path: Path | None = None
    """None: the topics that ship with the program."""
    offline: bool = False
    """Never touch the network."""
    arxiv_url: str = "https://export.arxiv.org/api/query"
    arxiv_delay_s: float = 3.0
    """Least time between two requests. arXiv's terms ask for 3 s and one connection."""
    contact: str = ""
    """Address named in the User-Agent, so that a service can reach the person who runs this."""


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings from `TRACKER_*` variables over the defaults of the platform.

    `TRACKER_LIBRARY`, `TRACKER_CACHE`, `TRACKER_CATALOGUE`, `TRACKER_TEMPLATES`, `TRACKER_TOPICS`,
    `TRACKER_OFFLINE` (1/0), `TRACKER_ARXIV_URL`, `TRACKER_ARXIV_DELAY` (seconds), `TRACKER_CONTACT`.

    Raises:
        InputError: a value cannot be used.
    """
    from platformdirs import PlatformDirs

    from tracker.errors import InputError

    places = PlatformDirs("tracker", appauthor=False)

    def path(name: str) -> Path | None:
        value = environment.get(name)
        return Path(value).expanduser() if value else None

    delay = environment.get("TRACKER_ARXIV_DELAY") or "3"
    try:
        delay_s = float(delay)
    except ValueError:
        raise InputError(f"TRACKER_ARXIV_DELAY is {delay!r}; give a number of seconds, such as 3") from None
    return Settings(
        library_path=path("TRACKER_LIBRARY") or Path(places.user_data_dir) / "library.sqlite",
        cache_dir=path("TRACKER_CACHE") or Path(places.user_cache_dir),
        catalogue_path=path("TRACKER_CATALOGUE"),
        templates_dir=path("TRACKER_TEMPLATES"),
        topics_path=path("TRACKER_TOPICS"),
        offline=environment.get("TRACKER_OFFLINE", "").lower() in {"1", "true", "yes"},
        arxiv_url=environment.get("TRACKER_ARXIV_URL") or Settings.model_fields["arxiv_url"].default,
        arxiv_delay_s=delay_s,
        contact=environment.get("TRACKER_CONTACT", ""),
    )
