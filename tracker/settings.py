"""One frozen `Settings`, read once by the command line; nothing below it looks at the environment."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

EMBEDDED = "embedded"
"""What stands for the catalogue that ships with the program where a file may be named."""


class Settings(BaseModel):
    """Where things are, and how to speak to the services."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    library_path: Path
    """The reader's library, one SQLite file."""
    cache_dir: Path
    """Answers of services, dated; may be deleted at any time."""
    catalogue_path: Path | None = None
    """None: the catalogue that ships with the program, which people call by the word `EMBEDDED`."""
    own_catalogue_path: Path | None = None
    """Where the user's own catalogue is made unless another file is named; once it is there, it is the one to
    link to."""
    templates_dir: Path | None = None
    """Templates here replace those of the same name that ship with the program."""
    topics_path: Path | None = None
    """None: the topics that ship with the program."""
    offline: bool = False
    """Never touch the network."""
    arxiv_url: str = "https://export.arxiv.org/api/query"
    oai_url: str = "https://oaipmh.arxiv.org/oai"
    """Where updates of the catalogue are harvested (OAI-PMH), arXiv's address since March 2025."""
    arxiv_delay_s: float = 3.0
    """Least time between two requests. arXiv's terms ask for 3 s and one connection."""
    cache_days: float = Field(default=7.0, ge=1.0)
    """Age in days after which a kept answer of a service is asked for again; arXiv changes once a day."""
    contact: str = ""
    """Address named in the User-Agent, so that a service can reach the person who runs this."""


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings from `TRACKER_*` variables over the defaults of the platform.

    `TRACKER_LIBRARY`, `TRACKER_CACHE`, `TRACKER_CATALOGUE`, `TRACKER_TEMPLATES`, `TRACKER_TOPICS`,
    `TRACKER_OFFLINE` (1/0), `TRACKER_ARXIV_URL`, `TRACKER_OAI_URL`, `TRACKER_ARXIV_DELAY` (seconds),
    `TRACKER_CACHE_DAYS`, `TRACKER_CONTACT`.

    Raises:
        InputError: a value cannot be used.
    """
    from platformdirs import PlatformDirs

    from tracker.errors import InputError

    places = PlatformDirs("tracker", appauthor=False)

    def path(name: str) -> Path | None:
        value = environment.get(name)
        return Path(value).expanduser() if value else None

    def number(name: str, default: float, least: float, unit: str) -> float:
        text = environment.get(name) or str(default)
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if least <= value < math.inf:
            return value
        raise InputError(f"{name} is {text!r}; give a number of {unit}, {least:g} or more")

    def default(field: str) -> str:
        return str(Settings.model_fields[field].default)

    own_catalogue = Path(places.user_data_dir) / "arxiv.catalogue"
    catalogue = path("TRACKER_CATALOGUE") or (own_catalogue if own_catalogue.is_file() else None)
    return Settings(
        library_path=path("TRACKER_LIBRARY") or Path(places.user_data_dir) / "library.sqlite",
        cache_dir=path("TRACKER_CACHE") or Path(places.user_cache_dir),
        catalogue_path=None if catalogue == Path(EMBEDDED) else catalogue,
        own_catalogue_path=own_catalogue,
        templates_dir=path("TRACKER_TEMPLATES"),
        topics_path=path("TRACKER_TOPICS"),
        offline=environment.get("TRACKER_OFFLINE", "").lower() in {"1", "true", "yes"},
        arxiv_url=environment.get("TRACKER_ARXIV_URL") or default("arxiv_url"),
        oai_url=environment.get("TRACKER_OAI_URL") or default("oai_url"),
        arxiv_delay_s=number("TRACKER_ARXIV_DELAY", 3.0, 0.0, "seconds"),
        cache_days=number("TRACKER_CACHE_DAYS", 7.0, 1.0, "days"),
        contact=environment.get("TRACKER_CONTACT", ""),
    )
