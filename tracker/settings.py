"""One frozen `Settings`, read once by the command line; nothing below it looks at the environment."""

from __future__ import annotations

import math
import os
from collections import ChainMap
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr

EMBEDDED = "embedded"
"""What stands for the catalogue that ships with the program where a file may be named."""


class Endpoint(BaseModel):
    """A service beside arXiv, and how to speak to it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    """Address without a path of the service's own and without a slash at the end; "" switches it off."""
    delay_s: float
    """Least seconds between the end of an answer and the next question."""
    per_day: int
    """Most questions of one day (UTC), of all processes that share the cache; 0 switches the service off."""
    key: SecretStr | None = None
    """What the service knows the reader by. It is sent to this service only, never printed and never kept."""

    @property
    def secret(self) -> str:
        """The key itself; "" where there is none."""
        return self.key.get_secret_value() if self.key else ""


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
    crossref: Endpoint = Endpoint(url="https://api.crossref.org", delay_s=1.0, per_day=5000)
    """https://www.crossref.org/documentation/retrieve-metadata/rest-api/access-and-authentication/: with a
    contact three searches a second, without one a single one."""
    dblp: Endpoint = Endpoint(url="https://dblp.org", delay_s=2.0, per_day=2000)
    """https://dblp.org/faq/1474706.html: no more than one or two questions a second."""
    openalex: Endpoint = Endpoint(url="https://api.openalex.org", delay_s=0.2, per_day=5000)
    """Asked only with a key, which OpenAlex demands since February 2026."""
    semantic_scholar: Endpoint = Endpoint(url="https://api.semanticscholar.org", delay_s=3.0, per_day=2000)
    """https://www.semanticscholar.org/product/api: without a key all users share one question in 3 seconds."""
    openreview: Endpoint = Endpoint(url="https://api2.openreview.net", delay_s=1.0, per_day=2000)
    acl: Endpoint = Endpoint(url="https://aclanthology.org", delay_s=1.0, per_day=2000)
    cache_days: float = Field(default=7.0, ge=1.0)
    """Age in days after which a kept answer of a service is asked for again; arXiv changes once a day."""
    contact: str = ""
    """Address named in the User-Agent, so that a service can reach the person who runs this."""


SERVICES = ("crossref", "dblp", "openalex", "semantic_scholar", "openreview", "acl")
"""The fields of `Settings` that are endpoints."""
_PLAIN = ("library", "cache", "catalogue", "templates", "topics", "offline", "contact", "cache_days")
_OF_ARXIV = ("arxiv_url", "arxiv_delay", "oai_url")
FILE_NAME = "settings.toml"


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings from `TRACKER_*` variables, over those of the settings file, over the defaults.

    `TRACKER_LIBRARY`, `TRACKER_CACHE`, `TRACKER_CATALOGUE`, `TRACKER_TEMPLATES`, `TRACKER_TOPICS`,
    `TRACKER_OFFLINE` (1/0), `TRACKER_ARXIV_URL`, `TRACKER_OAI_URL`, `TRACKER_ARXIV_DELAY` (seconds),
    `TRACKER_CACHE_DAYS`, `TRACKER_CONTACT`; and for each of `SERVICES`, as for Crossref,
    `TRACKER_CROSSREF_URL`, `TRACKER_CROSSREF_DELAY` (seconds), `TRACKER_CROSSREF_PER_DAY` (questions) and
    `TRACKER_CROSSREF_KEY`.

    The settings file is `settings.toml` in the platform's folder of settings, or what `TRACKER_SETTINGS`
    names. It has the same names in lower case without `TRACKER_`; those of a service stand in a table.

    Raises:
        InputError: a value, or the file, cannot be used.
    """
    from platformdirs import PlatformDirs

    from tracker.errors import InputError

    places = PlatformDirs("tracker", appauthor=False)
    named = environment.get("TRACKER_SETTINGS")
    file = Path(named).expanduser() if named else Path(places.user_config_dir) / FILE_NAME
    given = ChainMap(
        {name: value for name, value in environment.items() if value},
        _read_file(file) if named or file.is_file() else {},
    )

    def path(name: str) -> Path | None:
        value = given.get(name)
        return Path(value).expanduser() if value else None

    def number(name: str, default: float, least: float, unit: str) -> float:
        text = given.get(name) or str(default)
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if least <= value < math.inf:
            return value
        raise InputError(f"{name} is {text!r}; give a number of {unit}, {least:g} or more")

    def default(field: str) -> str:
        return str(Settings.model_fields[field].default)

    def endpoint(service: str) -> Endpoint:
        name, usual = f"TRACKER_{service.upper()}", Settings.model_fields[service].default
        url = environment.get(
            f"{name}_URL", given.get(f"{name}_URL", usual.url)
        )  # an empty one switches it off
        key = given.get(f"{name}_KEY", "").strip()
        return Endpoint(
            url=url.rstrip("/"),
            delay_s=number(f"{name}_DELAY", usual.delay_s, 0.0, "seconds"),
            per_day=int(number(f"{name}_PER_DAY", usual.per_day, 0, "questions")),
            key=SecretStr(key) if key else None,
        )

    own_catalogue = Path(places.user_data_dir) / "arxiv.catalogue"
    catalogue = path("TRACKER_CATALOGUE") or (own_catalogue if own_catalogue.is_file() else None)
    return Settings(
        library_path=path("TRACKER_LIBRARY") or Path(places.user_data_dir) / "library.sqlite",
        cache_dir=path("TRACKER_CACHE") or Path(places.user_cache_dir),
        catalogue_path=None if catalogue == Path(EMBEDDED) else catalogue,
        own_catalogue_path=own_catalogue,
        templates_dir=path("TRACKER_TEMPLATES"),
        topics_path=path("TRACKER_TOPICS"),
        offline=given.get("TRACKER_OFFLINE", "").lower() in {"1", "true", "yes"},
        arxiv_url=given.get("TRACKER_ARXIV_URL") or default("arxiv_url"),
        oai_url=given.get("TRACKER_OAI_URL") or default("oai_url"),
        arxiv_delay_s=number("TRACKER_ARXIV_DELAY", 3.0, 0.0, "seconds"),
        cache_days=number("TRACKER_CACHE_DAYS", 7.0, 1.0, "days"),
        contact=given.get("TRACKER_CONTACT", ""),
        **{service: endpoint(service) for service in SERVICES},
    )


def _read_file(path: Path) -> dict[str, str]:
    """The settings of a file under the names of the variables.

    Raises:
        InputError: it cannot be read, is no TOML, or has something in it that is no setting.
    """
    import tomllib

    from tracker.errors import InputError

    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise InputError(f"{path}: the settings cannot be read: {error.strerror or error}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: the settings are no TOML: {error}") from None
    flat = {name: value for name, value in content.items() if not isinstance(value, dict)}
    tables = [(name, value) for name, value in content.items() if isinstance(value, dict)]
    flat |= {f"{service}_{name}": value for service, table in tables for name, value in table.items()}
    known = {*_PLAIN, *_OF_ARXIV} | {f"{s}_{n}" for s in SERVICES for n in ("url", "delay", "per_day", "key")}
    if unknown := sorted(flat.keys() - known):
        raise InputError(
            f"{path}: there is no setting {unknown[0]!r}; see the README for those that there are"
        )
    if wrong := [name for name, value in flat.items() if not isinstance(value, str | int | float)]:
        raise InputError(f"{path}: {wrong[0]} is neither text nor a number")
    return {f"TRACKER_{name.upper()}": str(value) for name, value in flat.items()}
