"""One frozen `Settings`, read once by the command line; nothing below it looks at the environment."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from tracker.regex import regex

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
    dblp: Endpoint = Endpoint(url="https://dblp.org", delay_s=3.0, per_day=2000)
    """https://dblp.org/faq/1474706.html asks for a second or two; people who kept to that were told 429."""
    openalex: Endpoint = Endpoint(url="https://api.openalex.org", delay_s=0.2, per_day=1000)
    """Asked only with a key, which OpenAlex demands since February 2026; a free one pays for a thousand searches a
    day: https://developers.openalex.org/api-reference/authentication"""
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
_OWN_PATHS = {
    "crossref": r"/works",
    "dblp": r"/search(/publ(/api)?)?",
    "openalex": r"/works",
    "semantic_scholar": r"/graph(/v1(/paper(/batch)?)?)?",
}
"""The path of a service's own, which people name with its address as often as not."""
_ARXIV_PATH = "/api/query"
_YES, _NO = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}
_SENDABLE = regex("[!-~]*")
"""What may stand in a header; with anything else in it, requests would show the whole key in its error."""
_PREFIX = "TRACKER_"
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

    places = PlatformDirs("tracker", appauthor=False)
    given = _Given(environment, Path(places.user_config_dir) / FILE_NAME)
    own_catalogue = Path(places.user_data_dir) / "arxiv.catalogue"
    catalogue = given.path("CATALOGUE") or (own_catalogue if own_catalogue.is_file() else None)
    return Settings(
        library_path=given.path("LIBRARY") or Path(places.user_data_dir) / "library.sqlite",
        cache_dir=given.path("CACHE") or Path(places.user_cache_dir),
        catalogue_path=None if catalogue == Path(EMBEDDED) else catalogue,
        own_catalogue_path=own_catalogue,
        templates_dir=given.path("TEMPLATES"),
        topics_path=given.path("TOPICS"),
        offline=given.flag("OFFLINE"),
        arxiv_url=_arxiv_address(given.text("ARXIV_URL")) or _default("arxiv_url"),
        oai_url=given.text("OAI_URL") or _default("oai_url"),
        arxiv_delay_s=given.number("ARXIV_DELAY", _default("arxiv_delay_s"), 0.0, "seconds"),
        cache_days=given.number("CACHE_DAYS", _default("cache_days"), 1.0, "days"),
        contact=given.text("CONTACT"),
        **{service: given.endpoint(service) for service in SERVICES},
    )


def _default(field: str) -> Any:
    return Settings.model_fields[field].default


class _Given:
    """What the environment says, and behind it the settings file; by names without `TRACKER_`."""

    def __init__(self, environment: Mapping[str, str], usual_file: Path) -> None:
        named = environment.get(f"{_PREFIX}SETTINGS")
        self._environment = environment
        self._file = _expanded(named, f"{_PREFIX}SETTINGS") if named else usual_file
        self._in_file = _read_file(self._file) if named or self._file.is_file() else {}

    def text(self, name: str) -> str:
        """A setting as it stands there; "" where it stands nowhere. An empty variable says nothing."""
        return self._environment.get(f"{_PREFIX}{name}") or self._in_file.get(name, "")

    def path(self, name: str) -> Path | None:
        """A path; None where none is named.

        Raises:
            InputError: it is no path.
        """
        text = self.text(name)
        return _expanded(text, self._place(name)) if text else None

    def flag(self, name: str) -> bool:
        """Yes or no; no where nothing is said.

        Raises:
            InputError: it is neither.
        """
        text = self.text(name).strip().lower()
        if text in _YES or text in _NO:
            return text in _YES
        raise _unusable(f"{self._place(name)} is {text!r}; say 1 or 0")

    def number(self, name: str, default: float, least: float, unit: str) -> float:
        """A finite number, not less than `least`.

        Raises:
            InputError: it is none.
        """
        text = self.text(name) or str(default)
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if least <= value < math.inf:
            return value
        raise _unusable(f"{self._place(name)} is {text!r}; give a number of {unit}, {least:g} or more")

    def endpoint(self, service: str) -> Endpoint:
        """How to speak to a service.

        Raises:
            InputError: something of it cannot be used.
        """
        name, usual = service.upper(), _default(service)
        url = self._environment.get(f"{_PREFIX}{name}_URL", self._in_file.get(f"{name}_URL", usual.url))
        key = self.text(f"{name}_KEY").strip()
        if not _SENDABLE.fullmatch(key):
            place = self._place(f"{name}_KEY")
            raise _unusable(f"{place} has a character in it that no key has, or is more than the key")
        return Endpoint(
            url=_address(url, service),  # an empty one, which the environment may say too, switches it off
            delay_s=self.number(f"{name}_DELAY", usual.delay_s, 0.0, "seconds"),
            per_day=int(self.number(f"{name}_PER_DAY", usual.per_day, 0, "questions")),
            key=SecretStr(key) if key else None,
        )

    def _place(self, name: str) -> str:
        """A setting as the user wrote it: the variable, or the file and the name in it."""
        variable = f"{_PREFIX}{name}"
        return variable if self._environment.get(variable) else f"{self._file}: {name.lower()}"


def _address(url: str, service: str) -> str:
    """Where a service is, without its own path.

    >>> _address("http://127.0.0.1:8000/v1/works/", "crossref")
    'http://127.0.0.1:8000/v1'
    """
    return re.sub(_OWN_PATHS.get(service, "") + "$", "", url.rstrip("/"))


def _arxiv_address(url: str) -> str:
    """The address of arXiv's API or of a mirror, with the path of it where none is named.

    >>> _arxiv_address("http://127.0.0.1:8000/"), _arxiv_address("https://mirror.example/arxiv")
    ('http://127.0.0.1:8000/api/query', 'https://mirror.example/arxiv')
    """
    machine = re.fullmatch(r"(https?://[^/?#]+)(/api(/query)?)?/*", url)
    return machine[1] + _ARXIV_PATH if machine else url


def _expanded(text: str, place: str) -> Path:
    try:
        if "\0" not in text:
            return Path(text).expanduser()
        reason = "there is a zero byte in it"
    except RuntimeError as error:  # there is no such user
        reason = str(error)
    raise _unusable(f"{place} is {text!r}, which is no path: {reason}")


def _unusable(message: str) -> Exception:
    from tracker.errors import InputError

    return InputError(message)


def _read_file(path: Path) -> dict[str, str]:
    """The settings of a file, by the names of the variables without `TRACKER_`.

    Raises:
        InputError: it cannot be read, is no TOML, or has something in it that is no setting.
    """
    import tomllib

    try:
        content = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise _unusable(f"{path}: the settings cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise _unusable(f"{path}: the settings are not in UTF-8; save them so") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _unusable(f"{path}: the settings are no TOML: {error}") from None
    flat = {name: value for name, value in content.items() if not isinstance(value, dict)}
    tables = [(name, value) for name, value in content.items() if isinstance(value, dict)]
    flat |= {f"{service}_{name}": value for service, table in tables for name, value in table.items()}
    known = {*_PLAIN, *_OF_ARXIV} | {f"{s}_{n}" for s in SERVICES for n in ("url", "delay", "per_day", "key")}
    if unknown := sorted(flat.keys() - known):
        raise _unusable(
            f"{path}: there is no setting {unknown[0]!r}; see the README for those that there are"
        )
    for name, value in flat.items():
        if not isinstance(value, str | int | float) or (isinstance(value, bool) and name != "offline"):
            raise _unusable(f"{path}: {name} is neither text nor a number")
    return {name.upper(): str(value) for name, value in flat.items()}
