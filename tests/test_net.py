"""The session: what is asked again, when, what is refused; only whole, checked answers come through."""

from __future__ import annotations

import socket
import subprocess
import sys
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from tests.servers.arxiv_server import FAULTS, ArxivServer
from tests.servers.loopback import Fault
from tracker import net, pace
from tracker.errors import BadReply, NetworkError, SourceRefused, SourceUnavailable

ROOT = Path(__file__).parents[1]
CALM = net.Limits(connect_s=5, read_s=20, total_s=20, body_bytes=2**20)
HASTY = net.Limits(connect_s=5, read_s=0.4, total_s=0.6)


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds

    def clock(self) -> float:
        return self.now


def is_feed(body: bytes) -> None:
    if b"<feed" not in body or b"</feed>" not in body:
        raise BadReply("no feed")


def ask(url: str, **options: Any) -> bytes:
    chosen: dict[str, Any] = {"gap_s": 0.0, "check": is_feed, "limits": CALM} | options
    with net.open_session(url, **chosen) as session:
        return session.get(f"{url}?id_list=2305.14314&max_results=1").content


def test_a_good_answer_comes_through_whole() -> None:
    with ArxivServer() as server:
        assert b"QLoRA" in ask(server.url, contact="me@example.org")
    headers = server.requests[0].headers
    assert headers["user-agent"].startswith("tracker/") and "(mailto:me@example.org)" in headers["user-agent"]
    assert headers["connection"] == "close"


@pytest.mark.parametrize("contact", ["", "x\r\nEvil: 1", "山田 <a@b.example>", "https://example.org/me"])
def test_no_contact_breaks_the_header(contact: str) -> None:
    with ArxivServer() as server:
        ask(server.url, contact=contact)
    assert "evil" not in server.requests[0].headers


@pytest.mark.parametrize(
    "name",
    ["429", "500", "503", "cut", "reset", "garbage", "html", "rate exceeded", "empty page",
     "bad gzip", "no content", "truncated"],
)  # fmt: skip
def test_what_passes_is_asked_again(name: str) -> None:
    with ArxivServer(faults=[name, name]) as server:
        assert b"QLoRA" in ask(server.url)
    assert server.answers == [name, name, "ok"]


@pytest.mark.parametrize(
    ("name", "reason"), [("hang", "no answer within 0.4 s"), ("drip", "took longer than")]
)
def test_silence_is_not_waited_for(name: str, reason: str) -> None:
    told = list[str]()
    with ArxivServer(faults=[Fault(name, seconds=60)]) as server:
        assert b"QLoRA" in ask(server.url, limits=HASTY, on_wait=lambda why, _: told.append(why))
    assert reason in told[0]


@pytest.mark.parametrize(
    ("name", "error"),
    [("429", SourceUnavailable), ("503", SourceUnavailable), ("cut", SourceUnavailable), ("html", BadReply),
     ("rate exceeded", BadReply), ("empty page", BadReply), ("truncated", BadReply)],
)  # fmt: skip
def test_after_four_tries_the_error_says_what_and_where(name: str, error: type[NetworkError]) -> None:
    with (
        ArxivServer(always=name) as server,
        pytest.raises(error, match=r"127\.0\.0\.1:\d+: .*asked 4 times") as caught,
    ):
        ask(server.url)
    assert len(server.requests) == 4
    assert caught.value.exit_code == 3


@pytest.mark.parametrize("status", ["400", "401", "403", "404", "414"])
def test_a_refusal_is_not_asked_again(status: str) -> None:
    with ArxivServer(always=status) as server, pytest.raises(SourceRefused, match=status):
        ask(server.url)
    assert len(server.requests) == 1


def test_a_source_may_explain_its_refusal() -> None:
    def explain(body: bytes) -> None:
        raise SourceRefused("because of this" if b"start must be" in body else "?")

    with ArxivServer(always="error 400") as server, pytest.raises(SourceRefused, match="because of this"):
        ask(server.url, check=explain)


def test_waits_grow_and_honour_what_is_asked_for() -> None:
    watch, told = Time(), list[tuple[str, float]]()
    date = format_datetime(datetime.fromtimestamp(watch.now + 3 + 40, UTC), usegmt=True)
    faults = [Fault("503"), Fault("429", retry_after="20"), Fault("503", retry_after=date)]
    with ArxivServer(faults=faults) as server:
        ask(server.url, gap_s=3.0, clock=watch.clock, sleep=watch.sleep, on_wait=lambda *a: told.append(a))
    assert watch.slept == [9.0, 20.0, 14.0]  # the date names a moment, and 29 s of it have gone by
    site = net.site_of(server.url)
    assert [reason for reason, _ in told] == [f"{site}: HTTP {code}" for code in (503, 429, 503)]


def test_without_a_header_the_waits_are_nine_thirty_and_a_hundred_and_twenty_seconds() -> None:
    watch = Time()
    with ArxivServer(always="503") as server, pytest.raises(SourceUnavailable):
        ask(server.url, gap_s=3.0, clock=watch.clock, sleep=watch.sleep)
    assert watch.slept == [9.0, 30.0, 120.0]


def test_who_asks_to_be_left_alone_for_an_hour_is() -> None:
    watch = Time()
    error = pytest.raises(SourceUnavailable, match="left alone for 60 minutes")
    with ArxivServer(always=Fault("429", retry_after="3600")) as server, error:
        ask(server.url, clock=watch.clock, sleep=watch.sleep)
    assert (len(server.requests), watch.slept) == (1, [])


def test_the_next_process_keeps_to_the_wait_too(tmp_path: Path) -> None:
    watch = Time()
    options: dict[str, Any] = {
        "gap_s": 3.0,
        "clock": watch.clock,
        "sleep": watch.sleep,
        "cache_dir": tmp_path,
    }
    with ArxivServer(faults=[Fault("429", retry_after="3600")]) as server:
        for _ in range(2):
            with pytest.raises(SourceUnavailable, match="left alone for 60 minutes"):
                ask(server.url, **options)
        assert (len(server.requests), watch.slept) == (1, [])
        watch.now += 3590
        ask(server.url, **options)
    assert len(server.requests) == 2 and watch.slept == [pytest.approx(10.0)]


def test_a_service_is_left_alone_for_a_day_at_most(tmp_path: Path) -> None:
    watch = Time()
    options: dict[str, Any] = {"clock": watch.clock, "sleep": watch.sleep, "cache_dir": tmp_path}
    with ArxivServer(faults=[Fault("429", retry_after="99999999")]) as server:
        with pytest.raises(SourceUnavailable, match="left alone"):
            ask(server.url, **options)
        watch.now += 86400
        ask(server.url, **options)
    assert len(server.requests) == 2


def test_a_service_of_details_is_waited_for_shortly(tmp_path: Path) -> None:
    watch = Time()
    limits = net.Limits(waits_in_gaps=(1.0, 3.0), longest_wait_s=30.0)
    options: dict[str, Any] = {"gap_s": 2.0, "limits": limits, "clock": watch.clock, "sleep": watch.sleep}
    with ArxivServer(always="503") as server, pytest.raises(SourceUnavailable, match="asked 3 times"):
        ask(server.url, **options)
    assert watch.slept == [2.0, 6.0]
    slow = ArxivServer(always=Fault("429", retry_after="31"))
    with slow as server, pytest.raises(SourceUnavailable, match="left alone for 31 seconds"):
        ask(server.url, **options)


def test_nobody_listening_costs_two_tries_and_a_second() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{held.getsockname()[1]}/api/query"
        watch = Time()
        with pytest.raises(SourceUnavailable, match=r": Connection refused, asked 2 times$"):
            ask(url, gap_s=3.0, clock=watch.clock, sleep=watch.sleep)
    assert watch.slept == [1.0]


def test_a_machine_without_a_certificate_is_told_in_a_few_words() -> None:
    with ArxivServer() as server, pytest.raises(SourceUnavailable, match=r"record|version|EOF") as caught:
        ask(server.url.replace("http:", "https:"))
    assert len(str(caught.value)) < 120 and "object at" not in str(caught.value)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Failed to resolve 'a.example' ([Errno -2] Name or service not known)", "Name or service not known"),
        ("('proxy', NewConnectionError('[Errno 111] Connection refused'))", "Connection refused"),
        (
            "[SSL: X] certificate verify failed: self-signed (_ssl.c:1)",
            "certificate verify failed: self-signed",
        ),
        ("", "no connection"),
    ],
)
def test_the_last_words_of_the_system(said: str, words: str) -> None:
    assert net._last_words(said) == words


@pytest.mark.parametrize(
    "url", ["", "arxiv", "ftp://127.0.0.1/x", "http://", "http://[::1", "http://a b/", "http://:9/"]
)
def test_an_address_that_is_none_gives_one_line(url: str) -> None:
    with pytest.raises(NetworkError) as caught:
        ask(url)
    assert "\n" not in str(caught.value)


def test_a_flood_is_cut_off() -> None:
    for name in ("huge", "gzip bomb"):
        with ArxivServer(always=name) as server, pytest.raises(BadReply, match="more than 1048576 bytes"):
            ask(server.url)
        assert len(server.requests) == 1


def test_redirects_stay_on_the_same_machine() -> None:
    with ArxivServer(always="redirect") as server, pytest.raises(BadReply, match=r"elsewhere\.example"):
        ask(server.url)
    assert len(server.requests) == 1
    with ArxivServer(
        faults=[Fault("redirect", location="/api/query?id_list=1706.03762&max_results=1")]
    ) as server:
        assert b"Attention" in ask(server.url)
    error = pytest.raises(BadReply, match="without end")
    with ArxivServer(always=Fault("redirect", location="?again")) as server, error:
        ask(server.url)
    with (
        ArxivServer(always=Fault("redirect", location="http://[broken")) as server,
        pytest.raises(NetworkError),
    ):
        ask(server.url)


def test_a_redirect_never_leaves_https() -> None:
    session = net.open_session("https://export.arxiv.org/api", gap_s=0, check=is_feed)
    assert (
        session._next_address("https://export.arxiv.org/api", "https://arxiv.org/a") == "https://arxiv.org/a"
    )
    with pytest.raises(BadReply):
        session._next_address("https://export.arxiv.org/api", "http://export.arxiv.org/api")


def test_loopback_is_never_asked_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with ArxivServer() as server:
        assert b"QLoRA" in ask(server.url)
    assert net.open_session("https://export.arxiv.org/api", gap_s=3, check=is_feed).trust_env


def test_every_fault_of_the_server_ends_in_an_error_or_a_feed() -> None:
    for name in FAULTS.keys() - {"hang", "gzip bomb"}:
        with ArxivServer(always=Fault(name, seconds=0.01)) as server:
            try:
                is_feed(ask(server.url))
            except NetworkError as error:
                assert "\n" not in str(error)


# --- the pace --------------------------------------------------------------------------------------


ASK_THRICE = """
import sys
from pathlib import Path
from tracker import net
url, gap, folder = sys.argv[1:]
with net.open_session(url, gap_s=float(gap), check=lambda body: None, cache_dir=Path(folder)) as session:
    for _ in range(3):
        session.get(f"{url}?id_list=2305.14314&max_results=1")
"""


def test_processes_take_turns(tmp_path: Path) -> None:
    with ArxivServer(gap_s=0.05, work_s=0.01) as server:
        command = [sys.executable, "-c", ASK_THRICE, server.url, "0.05", str(tmp_path)]
        workers = [subprocess.Popen(command, cwd=ROOT) for _ in range(3)]
        assert [worker.wait() for worker in workers] == [0, 0, 0]
    assert server.answers == ["ok"] * 9


def test_without_file_locks_the_pace_still_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "fcntl", None)
    with ArxivServer(gap_s=0.05) as server:
        for folder in (tmp_path, tmp_path):
            session = net.open_session(server.url, gap_s=0.05, check=is_feed, cache_dir=folder)
            for _ in range(3):
                session.get(f"{server.url}?id_list=2305.14314&max_results=1")
    assert server.answers == ["ok"] * 6


@pytest.mark.parametrize("content", ["", "yesterday", "nan", "-1e300", "\x00\xff", "9" * 400, "5 5"])
def test_a_damaged_lock_file_costs_at_most_one_long_wait(tmp_path: Path, content: str) -> None:
    lock, watch = tmp_path / "pace.lock", Time()
    lock.write_bytes(content.encode("latin-1"))
    keeper = pace.Pace(lock, 3.0, clock=watch.clock, sleep=watch.sleep)
    for _ in range(2):
        with keeper.turn():
            pass
    assert watch.slept[-1] == 3.0 and sum(watch.slept) <= 3.0 + pace.LONGEST_WAIT_S
    moment, day, asked, held = lock.read_text().split()
    assert float(moment) == watch.now + 3.0 and (day, asked, held) == ("2023-11-14", "2", "free")


def test_a_day_has_a_budget_that_processes_share_and_that_the_next_day_renews(tmp_path: Path) -> None:
    watch = Time()
    keepers = [
        pace.Pace(tmp_path / "lock", 1.0, per_day=3, clock=watch.clock, sleep=watch.sleep) for _ in range(2)
    ]
    for keeper in (*keepers, keepers[0]):
        with keeper.turn():
            pass
    for keeper in keepers:
        with pytest.raises(pace.BudgetSpent), keeper.turn():
            pass
    watch.now += 86400
    with keepers[1].turn():
        pass
    assert (tmp_path / "lock").read_text().split()[2] == "1"


def test_a_budget_that_is_spent_is_told_without_asking(tmp_path: Path) -> None:
    with ArxivServer() as server:
        session = net.open_session(
            server.url, gap_s=0.0, check=lambda body: None, per_day=1, cache_dir=tmp_path
        )
        session.get(server.url)
        with pytest.raises(SourceUnavailable, match="today's questions are all asked"):
            session.get(server.url)
    assert len(server.requests) == 1


def test_a_folder_that_cannot_be_written_keeps_the_pace_in_this_process(tmp_path: Path) -> None:
    watch = Time()
    (tmp_path / "file").write_text("in the way")
    keeper = pace.Pace(tmp_path / "file" / "pace.lock", 3.0, clock=watch.clock, sleep=watch.sleep)
    for _ in range(3):
        with keeper.turn():
            pass
    assert watch.slept == [3.0, 3.0]


def test_a_gap_longer_than_the_longest_wait_is_kept(tmp_path: Path) -> None:
    watch = Time()
    keeper = pace.Pace(tmp_path / "pace.lock", 600.0, clock=watch.clock, sleep=watch.sleep)
    for _ in range(2):
        with keeper.turn():
            keeper.hold_off(600.0)
    assert watch.slept == [600.0]


def test_a_failed_question_counts_for_the_pace(tmp_path: Path) -> None:
    watch = Time()
    keeper = pace.Pace(tmp_path / "pace.lock", 3.0, clock=watch.clock, sleep=watch.sleep)
    with pytest.raises(KeyboardInterrupt), keeper.turn():
        raise KeyboardInterrupt
    with keeper.turn():
        assert watch.slept == [3.0]


# --- small pure things -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None), ("", None), ("soon", None), ("-5", None), ("1.5", None), ("٣", None),
        ("0", 0.0), (" 120 ", 120.0), ("9" * 50, 999999999.0),
        ("Thu, 01 Jan 1970 00:01:00 GMT", 50.0), ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("Thu, 01 Jan 1970 00:01:00", 50.0), ("Thu, 32 Jan 1970 00:01:00 GMT", None),
    ],
)  # fmt: skip
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert net.wait_asked_for(value, 10.0) == seconds


@given(st.text(), st.floats(0, 4e9))
def test_retry_after_is_never_negative(value: str, now: float) -> None:
    seconds = net.wait_asked_for(value, now)
    assert seconds is None or seconds >= 0


@pytest.mark.parametrize(
    ("url", "site", "is_loopback"),
    [
        ("https://export.arxiv.org/api/query", "arxiv.org", False),
        ("https://oaipmh.arxiv.org/oai", "arxiv.org", False),
        ("http://127.0.0.1:80/x", "127.0.0.1:80", True), ("http://localhost:8000", "localhost:8000", True),
        ("http://[::1]:8000/", "::1:8000", True), ("http://192.168.1.2/", "192.168.1.2", False),
        ("http://127.0.0.1.example.org/", "example.org", False), ("http://x:notaport/", "", False),
        ("", "", False),
    ],
)  # fmt: skip
def test_sites(url: str, site: str, is_loopback: bool) -> None:
    assert (net.site_of(url), net.is_loopback(url)) == (site, is_loopback)


def test_the_session_still_is_what_the_arxiv_package_calls() -> None:
    """`arxiv` uses `.get(url, headers=...)`, `.status_code` and `.content`."""
    with ArxivServer() as server, net.open_session(server.url, gap_s=0, check=is_feed) as session:
        assert isinstance(session, requests.Session)
        answer = session.get(f"{server.url}?id_list=2305.14314", headers={"user-agent": "arxiv.py/4"})
    assert (answer.status_code, b"</feed>" in answer.content) == (200, True)
    assert server.requests[0].headers["user-agent"].startswith("tracker/")
