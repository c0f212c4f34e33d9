"""Where settings come from, what is wrong with them, and that keys are shown nowhere."""

from __future__ import annotations

import pickle
import string
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker.errors import InputError
from tracker.settings import FILE_NAME, SERVICES, Endpoint, Settings, read_settings

KEY = "sk-0123456789-not-to-be-shown"

WHOLE = f"""\
library = "papers/library.sqlite"
cache = "answers"
catalogue = "my.catalogue"
templates = "my templates"
topics = "topics.toml"
offline = true
contact = "me@example.org"
cache_days = 14
oai_url = "http://127.0.0.1:1/oai"

[arxiv]
url = "http://127.0.0.1:1/api/query"
delay = 4.5

[crossref]
url = "https://mirror.example/crossref/"
per_day = 100

[openalex]
key = "{KEY}"
delay = 0.5

[dblp]
url = ""
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "mine.toml"


@pytest.fixture
def read(file: Path) -> Callable[..., Settings]:
    """Reads the settings with this text in the file and these variables in the environment."""

    def read(text: str | bytes, **environment: str) -> Settings:
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_settings({"TRACKER_SETTINGS": str(file), **environment})

    return read


# --- where they come from ----------------------------------------------------------------------


def test_without_anything_the_defaults_hold() -> None:
    found = read_settings({})
    assert (found.offline, found.cache_days, found.arxiv_delay_s, found.contact) == (False, 7.0, 3.0, "")
    assert found.catalogue_path is None and found.library_path.name == "library.sqlite"
    for service in SERVICES:
        assert getattr(found, service) == Settings.model_fields[service].default


def test_everything_in_the_file_counts(read: Callable[..., Settings]) -> None:
    found = read(WHOLE)
    assert (found.library_path, found.cache_dir) == (Path("papers/library.sqlite"), Path("answers"))
    assert (found.catalogue_path, found.templates_dir) == (Path("my.catalogue"), Path("my templates"))
    assert (found.topics_path, found.offline, found.contact) == (Path("topics.toml"), True, "me@example.org")
    assert (found.cache_days, found.arxiv_delay_s) == (14.0, 4.5)
    assert (found.arxiv_url, found.oai_url) == ("http://127.0.0.1:1/api/query", "http://127.0.0.1:1/oai")
    usual = Settings.model_fields["crossref"].default
    assert found.crossref == Endpoint(
        url="https://mirror.example/crossref", delay_s=usual.delay_s, per_day=100
    ), "what the file leaves out is as ever"
    assert (found.openalex.secret, found.openalex.delay_s) == (KEY, 0.5)
    assert found.dblp.url == "" and found.semantic_scholar.key is None


VARIABLES = {
    "TRACKER_LIBRARY": "other.sqlite", "TRACKER_OFFLINE": "0", "TRACKER_CACHE_DAYS": "3",
    "TRACKER_ARXIV_DELAY": "5", "TRACKER_CROSSREF_PER_DAY": "7", "TRACKER_OPENALEX_KEY": "another",
    "TRACKER_DBLP_URL": "http://127.0.0.1:2",
}  # fmt: skip


def test_the_environment_counts_more_than_the_file(read: Callable[..., Settings]) -> None:
    found = read(WHOLE, **VARIABLES)
    assert (found.library_path, found.offline, found.cache_days) == (Path("other.sqlite"), False, 3.0)
    assert (found.arxiv_delay_s, found.crossref.per_day) == (5.0, 7)
    assert (found.openalex.secret, found.dblp.url) == ("another", "http://127.0.0.1:2")
    assert found.crossref.url == "https://mirror.example/crossref" and found.cache_dir == Path("answers")


def test_an_empty_variable_says_nothing_but_of_an_address(read: Callable[..., Settings]) -> None:
    found = read(WHOLE, **dict.fromkeys(VARIABLES, ""), TRACKER_CROSSREF_URL="")
    assert (found.library_path, found.offline, found.cache_days) == (
        Path("papers/library.sqlite"), True, 14.0,
    )  # fmt: skip
    assert found.openalex.secret == KEY and found.crossref.url == ""


@pytest.mark.parametrize(
    ("name", "given", "field", "path"),
    [
        *(("ARXIV", path, "arxiv_url", "/api/query") for path in ("", "/", "/api", "/api/query", "/api/query/")),
        ("ARXIV", "/mirror/", "arxiv_url", "/mirror/"),
        *(("CROSSREF", path, "crossref", "") for path in ("", "/", "/works", "/works/")),
        ("CROSSREF", "/v1/works", "crossref", "/v1"),
        *(("DBLP", path, "dblp", "") for path in ("", "/search/publ/api", "/search/publ/api/")),
        *(("OPENALEX", path, "openalex", "") for path in ("", "/works")),
        *(("SEMANTIC_SCHOLAR", path, "semantic_scholar", "") for path in ("", "/graph/v1", "/graph/v1/paper/batch")),
        ("ACL", "/works", "acl", "/works"),
    ],
)  # fmt: skip
def test_addresses_with_and_without_the_path_of_the_service(
    read: Callable[..., Settings], name: str, given: str, field: str, path: str
) -> None:
    value = getattr(read("", **{f"TRACKER_{name}_URL": f"http://127.0.0.1:1{given}"}), field)
    assert (value if isinstance(value, str) else value.url) == f"http://127.0.0.1:1{path}"


def test_the_file_in_the_usual_place_is_read_where_none_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if sys.platform != "linux":
        pytest.skip("the place of settings is named so on Linux only")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    place = tmp_path / "tracker" / FILE_NAME
    place.parent.mkdir()
    assert read_settings({}).contact == ""
    place.write_text('contact = "me@example.org"', "utf-8")
    assert read_settings({}).contact == "me@example.org"
    place.unlink()
    place.mkdir()
    assert read_settings({}).contact == "", "a folder is no settings file"


@pytest.mark.parametrize("text", ["", "\n# nothing\n", "[crossref]\n", b"\xef\xbb\xbfcache_days = 7\n"])
def test_files_that_say_nothing(read: Callable[..., Settings], text: str | bytes) -> None:
    assert read(text).model_copy(update={"library_path": Path(), "cache_dir": Path()}) == read_settings(
        {}
    ).model_copy(update={"library_path": Path(), "cache_dir": Path()})


def test_a_service_may_be_written_without_a_table(read: Callable[..., Settings]) -> None:
    found = read('crossref_url = "http://127.0.0.1:1"\nopenalex.key = "k"\narxiv_delay = 4')
    assert (found.crossref.url, found.openalex.secret) == ("http://127.0.0.1:1", "k")
    assert found.arxiv_delay_s == 4.0


def test_the_word_embedded_is_the_catalogue_of_the_program(read: Callable[..., Settings]) -> None:
    assert read('catalogue = "embedded"').catalogue_path is None


def test_a_tilde_is_the_home(read: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    if sys.platform != "win32":
        assert read('library = "~/l.sqlite"').library_path == Path("/home/me/l.sqlite")


@pytest.mark.parametrize(
    ("text", "is_offline"), [("1", True), ("Yes", True), ("on", True), ("0", False), ("OFF", False)]
)
def test_flags(text: str, is_offline: bool) -> None:
    assert read_settings({"TRACKER_OFFLINE": text}).offline is is_offline


# --- what is wrong with them -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("cache_days = ", "the settings are no TOML"),
        ("[crossref\nurl = 1", "the settings are no TOML"),
        ("a" + "[" * 5000, "the settings are no TOML"),
        ("a = " + "[" * 5000, "the settings are no TOML"),
        (b"contact = '\xff'", "the settings are not in UTF-8"),
        ("contact = 'é'".encode("utf-16"), "the settings are not in UTF-8"),
        ('colour = "red"', "there is no setting 'colour'"),
        ('crossref = "https://api.crossref.org"', "there is no setting 'crossref'"),
        ('[crossref]\ncolour = "red"', "there is no setting 'crossref_colour'"),
        ('[nobody]\nurl = "http://x"', "there is no setting 'nobody_url'"),
        ('[crossref.more]\nurl = "http://x"', "there is no setting 'crossref_more'"),
        ('settings = "other.toml"', "there is no setting 'settings'"),
        ("contact = ['a', 'b']", "contact is neither text nor a number"),
        ("cache_days = 2026-01-01", "cache_days is neither text nor a number"),
        ("cache_days = true", "cache_days is neither text nor a number"),
        ("library = false", "library is neither text nor a number"),
        ("cache_days = 'soon'", "cache_days is 'soon'; give a number of days, 1 or more"),
        ("cache_days = 0.5", "cache_days is '0.5'; give a number of days, 1 or more"),
        ("cache_days = inf", "give a number of days"),
        ("cache_days = nan", "give a number of days"),
        ("[crossref]\ndelay = -1", "crossref_delay is '-1'; give a number of seconds, 0 or more"),
        ("[crossref]\nper_day = 'many'", "crossref_per_day is 'many'; give a number of questions, 0 or more"),
        ("offline = 'perhaps'", "offline is 'perhaps'; say 1 or 0"),
        ('library = "a\\u0000b"', "zero byte"),
        ('cache = "~nobody-of-this-name/c"', "which is no path"),
    ],
)
def test_what_is_wrong_in_the_file_is_one_line_that_names_it(
    read: Callable[..., Settings], file: Path, text: str | bytes, told: str
) -> None:
    with pytest.raises(InputError) as caught:
        read(text)
    message = str(caught.value)
    assert message.startswith(f"{file}: ") and told in message and "\n" not in message and len(message) < 300


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CACHE_DAYS", "soon"), ("ARXIV_DELAY", "-1"), ("OFFLINE", "perhaps"), ("DBLP_PER_DAY", "x"),
        ("TOPICS", "~no-one/t"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_the_environment_names_the_variable(name: str, value: str) -> None:
    with pytest.raises(InputError, match=rf"^TRACKER_{name} is '{value}'"):
        read_settings({f"TRACKER_{name}": value})


@pytest.mark.parametrize("place", ["none.toml", ".", "~nobody-of-this-name/x.toml"])
def test_a_named_file_that_cannot_be_read_is_told(tmp_path: Path, place: str) -> None:
    named = place if place.startswith("~") else str(tmp_path / place)
    with pytest.raises(InputError, match=r"cannot be read|no path"):
        read_settings({"TRACKER_SETTINGS": named})


def test_a_file_that_may_not_be_read_is_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")

    file.touch()
    monkeypatch.setattr(Path, "read_text", refuse)
    with pytest.raises(InputError, match=r"mine\.toml: the settings cannot be read: Permission denied"):
        read_settings({"TRACKER_SETTINGS": str(file)})


# --- keys --------------------------------------------------------------------------------------


def test_keys_are_in_no_text_that_is_made_of_the_settings(read: Callable[..., Settings]) -> None:
    found = read(WHOLE, TRACKER_SEMANTIC_SCHOLAR_KEY=KEY)
    assert found.semantic_scholar.secret == found.openalex.secret == KEY
    for shown in (
        repr(found),
        str(found),
        f"{found.openalex}",
        found.model_dump_json(),
        str(found.model_dump()),
    ):
        assert KEY not in shown
    assert pickle.loads(pickle.dumps(found)) == found, "processes of a run are given them whole"


@pytest.mark.parametrize(
    "text",
    [
        f'[openalex]\nkey = "{KEY}',
        f'[openalex]\nkey = {KEY}',
        f'[openalex]\nkey = "{KEY}"\nkey = "{KEY}"',
        f'[openalex]\nkey = ["{KEY}"]',
        f'[openalex]\nsecret = "{KEY}"',
        f'[openalex]\nkey = "{KEY}\\n"\ndelay = "x"',
        f'[openalex]\nkey = "{KEY} {KEY}"',
        f'[openalex]\nkey = "{KEY}\\r\\nX-Other: 1"',
        f'[openalex]\nkey = "{KEY}é"',
        f'[openalex]\nkey = "{KEY}\\u0000"',
    ],
)  # fmt: skip
def test_no_error_shows_a_key(read: Callable[..., Settings], text: str) -> None:
    with pytest.raises(InputError) as caught:
        read(text)
    assert KEY not in str(caught.value)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.text(max_size=20))
def test_a_key_is_sent_whole_or_refused(key: str) -> None:
    try:
        secret = read_settings({"TRACKER_OPENALEX_KEY": key}).openalex.secret
    except InputError as error:
        assert "TRACKER_OPENALEX_KEY" in str(error)
    else:
        assert secret == key.strip() and all(c in string.printable for c in secret)


# --- what they cost ----------------------------------------------------------------------------


def test_the_reader_of_toml_is_imported_only_where_there_is_a_file(file: Path) -> None:
    file.write_text("cache_days = 9\n", "utf-8")
    program = (
        "import sys\nfrom tracker.settings import read_settings\n"
        f"print(read_settings({{}}).cache_days, 'tomllib' in sys.modules)\n"
        f"print(read_settings({{'TRACKER_SETTINGS': {str(file)!r}}}).cache_days, 'tomllib' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["7.0 False", "9.0 True"]
