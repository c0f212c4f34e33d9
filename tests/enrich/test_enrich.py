"""The whole of enrichment: what is asked, what comes back, what is said when it cannot be had."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.servers.arxiv_server import ArxivServer
from tests.servers.endpoints import OFF
from tests.servers.loopback import Fault
from tracker.enrich import PUBLICATION, enrich
from tracker.enrich.arxiv import BATCH_SIZE
from tracker.enrich.base import Absent, Answer, Failed, Found, Matches, Record
from tracker.enrich.kept import answers_about
from tracker.identifiers import Doi, PaperKey
from tracker.models import Paper, Problem
from tracker.settings import Settings

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
QLORA, ATTENTION, ADAM = (PaperKey(f"arXiv:{i}") for i in ("2305.14314", "1706.03762", "1412.6980"))
DOI = PaperKey("doi:10.1162/neco.1997.9.8.1735")


def settings_for(server: ArxivServer, folder: Path, **changes: object) -> Settings:
    fields = {
        "library_path": folder / "l",
        "cache_dir": folder,
        "arxiv_url": server.url,
        "arxiv_delay_s": 0.0,
    }
    return Settings.model_validate(OFF | fields | changes)


def unknown(*keys: str) -> list[Paper]:
    return [Paper(key=PaperKey(key), title="") for key in keys]


def test_order_and_length_are_those_of_the_input(tmp_path: Path) -> None:
    complete = Paper(key=ADAM, title="Adam", authors=("D. P. Kingma",), authors_complete=True)
    papers = [*unknown(QLORA), complete, Paper(key=DOI, title="LSTM"), *unknown(ATTENTION, QLORA)]
    with ArxivServer() as server:
        enriched, problems = enrich(papers, settings_for(server, tmp_path), now=NOW)
    assert [p.key for p in enriched] == [p.key for p in papers]
    assert [len(p.authors) for p in enriched] == [4, 1, 0, 8, 4]
    assert enriched[1] is complete and problems == []
    assert [request.ids for request in server.requests] == [("2305.14314", "1706.03762")]
    assert enriched[0].provenance["authors"].retrieved == NOW


def test_nothing_lacking_asks_nothing(tmp_path: Path) -> None:
    papers = [Paper(key=QLORA, title="QLoRA", authors=("T. Dettmers",))]
    with ArxivServer() as server:
        settings = settings_for(server, tmp_path)
        assert enrich([], settings, now=NOW) == ([], [])
        assert enrich(papers, settings, need=(), now=NOW) == (papers, [])
        (after,), _ = enrich(papers, settings, need=("published",), now=NOW)
    assert str(after.published) == "2023-05-23" and len(server.requests) == 1


def test_need_names_fields() -> None:
    with pytest.raises(ValueError, match="colour"):
        enrich([], Settings(library_path=Path("l"), cache_dir=Path("c")), need=("colour",), now=NOW)


def test_answers_are_kept_for_a_while(tmp_path: Path) -> None:
    papers = unknown(QLORA, "arXiv:2305.00001")
    with ArxivServer() as server:
        settings = settings_for(server, tmp_path, cache_days=7)
        first = enrich(papers, settings, now=NOW)
        soon = enrich(papers, settings, now=NOW + timedelta(hours=23))
        assert first == soon and len(server.requests) == 1
        enrich(papers, settings, now=NOW + timedelta(days=2))
        assert server.requests[1].ids == ("2305.00001",)  # it may have been announced since
        enrich(papers, settings, now=NOW + timedelta(days=8))
        assert server.requests[-1].ids == ("2305.14314", "2305.00001")
        asked = len(server.requests)
        enrich(papers, settings, now=NOW - timedelta(days=1))
        assert len(server.requests) == asked + 1  # a clock that was set back makes no answer fresh


def test_a_test_server_never_speaks_for_arxiv(tmp_path: Path) -> None:
    with ArxivServer() as server, ArxivServer(papers={}) as other:
        enrich(unknown(QLORA), settings_for(server, tmp_path), now=NOW)
        (paper,), _ = enrich(unknown(QLORA), settings_for(other, tmp_path), now=NOW)
    assert paper.title == ""


def test_offline_opens_no_socket_and_uses_what_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ArxivServer() as server:
        enrich(unknown(QLORA), settings_for(server, tmp_path), now=NOW)
        monkeypatch.setattr(socket, "socket", None)
        years_later = NOW + timedelta(days=1000)
        settings = settings_for(server, tmp_path, offline=True)
        (qlora, attention), problems = enrich(unknown(QLORA, ATTENTION), settings, now=years_later)
    assert len(qlora.authors) == 4 and attention == unknown(ATTENTION)[0]
    (problem,) = problems
    assert (problem.subject, problem.is_network) == (ATTENTION, False) and "offline" in problem.message


def test_a_paper_that_does_not_exist_is_told_apart_from_a_failure(tmp_path: Path) -> None:
    with ArxivServer() as server:
        settings = settings_for(server, tmp_path)
        _, problems = enrich(unknown("arXiv:2305.00001", "arXiv:2399.12345", QLORA), settings, now=NOW)
    assert [(p.subject, p.is_network) for p in problems] == [
        ("arXiv:2305.00001", False), ("arXiv:2399.12345", False)
    ]  # fmt: skip
    assert "arXiv has no paper 2305.00001" in problems[0].message
    assert [request.ids for request in server.requests] == [("2305.00001", "2305.14314")]


@pytest.mark.parametrize(
    "name",
    [
        "429",
        "503",
        "403",
        "cut",
        "html",
        "rate exceeded",
        "empty page",
        "hollow feed",
        "error 400",
        "bomb",
        "redirect",
    ],
)
def test_a_failure_leaves_what_is_known_and_gives_one_problem(tmp_path: Path, name: str) -> None:
    papers = [Paper(key=PaperKey(f"arXiv:2305.{n:05}"), title=f"T{n}", authors=("A",)) for n in range(1, 250)]
    with ArxivServer(always=name) as server:
        enriched, problems = enrich(papers, settings_for(server, tmp_path), now=NOW)
    assert enriched == papers
    (problem,) = problems
    assert problem.is_network and problem.stage == "enrich" and problem.subject == "arXiv"
    assert "authors" in problem.message and "arXiv:2305.00001" in problem.message
    assert "246 more papers" in problem.message and "title" not in problem.message
    assert len(server.requests) <= 4  # it is left alone once it is evidently down


def test_one_batch_after_another(tmp_path: Path) -> None:
    told = list[tuple[str, int, int]]()
    keys = [f"arXiv:2001.{n:05}" for n in range(1, 2 * BATCH_SIZE + 2)]
    with ArxivServer(invents=True) as server:
        settings = settings_for(server, tmp_path)
        enriched, problems = enrich(unknown(*keys), settings, now=NOW, progress=lambda *a: told.append(a))
    assert [len(request.ids) for request in server.requests] == [100, 100, 1]
    assert all(p.authors_complete for p in enriched) and not problems
    assert told == [("arXiv", done, 201) for done in (0, 100, 200, 201)]


def test_batches_keep_the_pace(tmp_path: Path) -> None:
    keys = [f"arXiv:2001.{n:05}" for n in range(1, 3 * BATCH_SIZE)]
    with ArxivServer(invents=True, gap_s=0.05, work_s=0.01) as server:
        enrich(unknown(*keys), settings_for(server, tmp_path, arxiv_delay_s=0.05), now=NOW)
    assert server.answers == ["ok"] * 3


def test_what_arrived_before_a_failure_is_kept(tmp_path: Path) -> None:
    keys = [f"arXiv:2001.{n:05}" for n in range(1, 2 * BATCH_SIZE + 1)]
    with ArxivServer(invents=True) as server:
        settings = settings_for(server, tmp_path)
        enrich(unknown(*keys[:BATCH_SIZE]), settings, now=NOW)
        server.always = Fault("503")
        enriched, problems = enrich(unknown(*keys), settings, now=NOW)
    assert [p.authors_complete for p in enriched] == [True] * 100 + [False] * 100
    assert len(problems) == 1 and "arXiv:2001.00101" in problems[0].message


def test_an_old_answer_serves_where_no_new_one_comes(tmp_path: Path) -> None:
    with ArxivServer() as server:
        settings = settings_for(server, tmp_path)
        enrich(unknown(QLORA), settings, now=NOW)
        server.always = Fault("503")
        (qlora, _), problems = enrich(unknown(QLORA, ATTENTION), settings, now=NOW + timedelta(days=30))
    assert len(qlora.authors) == 4 and qlora.provenance["authors"].retrieved == NOW
    assert [problem.subject for problem in problems] == [ATTENTION]


class Scripted:
    """A source whose answers are written down beforehand."""

    name, service, batch_size, absent_days, is_search = "Scripted", "test:", 2, 1.0, False
    home_of = ""
    gives = frozenset({"title", "authors", "doi"})
    overrides = frozenset[str]()

    def __init__(self, *script: Answer | BaseException) -> None:
        self.script, self.asked, self.is_closed = list(script), list[list[str]](), False

    def takes(self, paper: Paper) -> bool:
        return paper.key.startswith("arXiv:")

    def ask(self, papers: Sequence[Paper]) -> dict[PaperKey, Answer]:
        self.asked.append([paper.key for paper in papers])
        answer = self.script.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        return {p.key: _answer_for(p, answer) for p in papers}

    def close(self) -> None:
        self.is_closed = True


def _answer_for(paper: Paper, answer: Answer) -> Answer:
    return Found(answer.record.model_copy(update={"key": paper.key})) if isinstance(answer, Found) else answer


FOUND = Found(Record(key=QLORA, title="T", authors=("A",)))
DOWN, REFUSED = Failed("down", retryable=True), Failed("refused", retryable=False)
KEYS = [f"arXiv:2001.{n:05}" for n in range(1, 9)]


@pytest.mark.parametrize(
    ("script", "asked"),
    [
        ([FOUND] * 4, 4), ([DOWN], 1), ([FOUND, DOWN], 2), ([REFUSED, FOUND, REFUSED, FOUND], 4),
        ([REFUSED, REFUSED], 2), ([FOUND, REFUSED, DOWN], 3), ([Absent()] * 4, 4),
    ],
)  # fmt: skip
def test_when_a_source_is_left_alone(tmp_path: Path, script: Sequence[Answer], asked: int) -> None:
    source = Scripted(*script)
    settings = Settings(library_path=tmp_path, cache_dir=tmp_path)
    enriched, _ = enrich(unknown(*KEYS), settings, now=NOW, sources=[source])
    assert len(source.asked) == asked and source.is_closed
    answered = {
        key for keys, answer in zip(source.asked, script, strict=False) if answer is FOUND for key in keys
    }
    assert {p.key for p in enriched if p.authors} == answered


def test_an_interruption_keeps_what_arrived(tmp_path: Path) -> None:
    settings = Settings(library_path=tmp_path, cache_dir=tmp_path)
    source = Scripted(FOUND, FOUND, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        enrich(unknown(*KEYS), settings, now=NOW, sources=[source])
    assert source.is_closed
    again = Scripted(FOUND, FOUND)
    enrich(unknown(*KEYS), settings, now=NOW, sources=[again])
    assert again.asked == [KEYS[4:6], KEYS[6:8]]


def test_sources_are_asked_in_turn_for_what_still_lacks(tmp_path: Path) -> None:
    settings = Settings(library_path=tmp_path, cache_dir=tmp_path)
    first, second = (
        Scripted(FOUND),
        Scripted(Found(Record(key=QLORA, title="Other", authors=("A",), doi="10.1000/1"))),
    )
    second.service, second.name = "other:", "Second"
    (paper,), problems = enrich(unknown(QLORA), settings, need=("doi",), now=NOW, sources=[first, second])
    assert (paper.title, paper.doi, problems) == ("T", "10.1000/1", [])
    assert {f: p.source for f, p in paper.provenance.items()} == {
        "title": "Scripted", "authors": "Scripted", "authors_complete": "Scripted", "doi": "Second"
    }  # fmt: skip


def test_a_doi_of_another_paper_is_not_taken(tmp_path: Path) -> None:
    settings = Settings(library_path=tmp_path, cache_dir=tmp_path)
    wrong, right = Doi("10.1000/wrong"), Doi("10.1000/right")
    own = Record(
        key=QLORA, title="The Paper", authors=("Ada Example",), doi=wrong, published=date(2023, 5, 1)
    )
    other = Record(key=QLORA, title="Something Else", authors=("Bob Sample",), doi=wrong, venue="J. Else")
    published = own.model_copy(update={"doi": right, "venue": "J. Examples", "venue_year": 2023})

    def ask_all(paper: Paper, *searched: Record) -> Paper:
        scripts: list[Answer] = [Found(own), Found(other), Found(own), Matches(tuple(searched))]
        sources = [Scripted(answer) for answer in scripts]
        for source, name in zip(sources, ("Home", "Publisher", "Copyist", "Search"), strict=True):
            source.name, source.service = name, f"{name}{len(searched)}"
            source.gives = source.gives | {"venue_kind"}
        (after,), problems = enrich([paper], settings, need=(PUBLICATION,), now=NOW, sources=sources)
        assert problems == []
        return after

    alone = ask_all(Paper(key=QLORA, title=""))
    assert (alone.title, alone.doi, alone.venue) == ("The Paper", None, None)
    assert {(one.value, one.source) for one in alone.other_values} == {(wrong, "Home"), (wrong, "Copyist")}
    assert [one.doi for one in alone.candidates] == [wrong] and "another paper" in alone.candidates[0].doubt
    assert ask_all(alone).doi is None
    found = ask_all(Paper(key=QLORA, title=""), published)
    assert (found.doi, found.venue) == (right, "J. Examples")


def test_what_is_kept_about_one_doi_is_no_answer_about_another(tmp_path: Path) -> None:
    settings = Settings(library_path=tmp_path, cache_dir=tmp_path)
    first, second = (Paper(key=QLORA, title="T", authors=("A",), doi=f"10.1000/{n}") for n in "12")

    def ask(paper: Paper, *script: Answer) -> int:
        source = Scripted(*script)
        source.home_of, source.gives = "doi:", source.gives | {"venue"}
        enrich([paper], settings, need=("venue",), now=NOW, sources=[source])
        return len(source.asked)

    assert ask(first, Absent()) == 1
    assert ask(second, Found(Record(key=QLORA, title="T", authors=("A",), doi=Doi("10.1000/2")))) == 1
    assert ask(first) == ask(second) == 0
    assert [key for _, key, _ in answers_about(tmp_path, [QLORA])] == [QLORA, QLORA]


def test_what_a_search_found_serves_until_it_is_asked_again(tmp_path: Path) -> None:
    settings = Settings(library_path=tmp_path, cache_dir=tmp_path)
    paper = Paper(key=QLORA, title="T", authors=("A",), year=2023)
    published = Record(
        key=QLORA, title="T", authors=("A",), doi=Doi("10.1000/1"), venue="J. T", venue_year=2023
    )

    def ask(now: datetime, *script: Answer, again: datetime | None = None, is_offline: bool = False) -> Paper:
        source = Scripted(*script)
        source.is_search, source.gives = True, source.gives | {"venue_kind"}
        at = settings.model_copy(update={"offline": is_offline})
        (after,), _ = enrich([paper], at, need=(PUBLICATION,), now=now, again=again, sources=[source])
        assert not source.script
        return after

    assert ask(NOW, Absent()).venue is None
    soon = NOW + timedelta(hours=1)
    assert ask(soon).venue is None
    assert ask(soon, Matches((published,)), again=soon).venue == "J. T"
    later = NOW + timedelta(days=30)
    assert ask(later, is_offline=True).venue == ask(later, DOWN).venue == "J. T"
    assert ask(later, Matches(()), again=later).venue is None


def test_a_home_that_fails_is_told_where_others_knew_the_rest(tmp_path: Path) -> None:
    settings = Settings(library_path=tmp_path, cache_dir=tmp_path)
    home, other = Scripted(REFUSED), Scripted(FOUND)
    home.name, home.service, home.home_of = "Home", "home:", "arXiv:"
    home.gives = home.gives | {"version"}
    (paper,), (problem,) = enrich(unknown(QLORA), settings, now=NOW, sources=[home, other])
    assert paper.title == "T" and problem.is_network
    assert problem.message == f"version missing or incomplete for {QLORA} (refused)"


def test_each_cause_is_one_problem(tmp_path: Path) -> None:
    class Mixed(Scripted):
        batch_size = 100

        def ask(self, papers: Sequence[Paper]) -> dict[PaperKey, Answer]:
            return {p.key: DOWN if n % 2 else REFUSED for n, p in enumerate(papers)}

    settings = Settings(library_path=tmp_path, cache_dir=tmp_path)
    _, problems = enrich(unknown(*KEYS), settings, now=NOW, sources=[Mixed()])
    assert [p.message.partition(" (")[2] for p in problems] == ["refused)", "down); run again later"]


IMPORTS = """
import sys
from datetime import datetime, UTC
from pathlib import Path
from tracker.enrich import PUBLICATION, enrich
from tracker.models import Paper
from tracker.settings import Settings
settings = Settings(library_path=Path("l"), cache_dir=Path(sys.argv[1]), offline=True)
enrich([Paper(key="arXiv:2305.14314", title="")], settings, now=datetime.now(UTC))
print({"requests", "arxiv", "lxml", "urllib3"} & set(sys.modules))
"""


def test_the_heavy_packages_are_imported_only_to_ask(tmp_path: Path) -> None:
    command = [sys.executable, "-c", IMPORTS, str(tmp_path)]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_problems_are_for_people(tmp_path: Path) -> None:
    def told(count: int, need: Collection[str]) -> Problem:
        with ArxivServer(always="503") as server:
            papers = (
                unknown(*KEYS[:count])
                if "title" in need
                else [Paper(key=PaperKey(key), title="T") for key in KEYS[:count]]
            )
            _, (problem,) = enrich(papers, settings_for(server, tmp_path / str(count)), need=need, now=NOW)
        return problem

    one, four = told(1, ("authors",)), told(4, ("title", "authors"))
    assert one.subject == KEYS[0]
    assert one.message.startswith(f"authors missing or incomplete for {KEYS[0]} (127.0.0.1:")
    assert one.message.endswith("HTTP 503, asked 4 times); run again later")
    named = ", ".join(KEYS[:3])
    assert four.message.startswith(f"title, authors missing or incomplete for {named} and 1 more paper (")


def test_what_several_services_could_not_tell_is_one_problem(tmp_path: Path) -> None:
    first, second = Scripted(DOWN), Scripted(Failed("busy", retryable=True))
    second.name, second.service = "Second", "other:"
    settings = Settings(library_path=tmp_path, cache_dir=tmp_path)
    _, (problem,) = enrich(unknown(*KEYS[:2]), settings, now=NOW, sources=[first, second])
    assert problem.subject == "Scripted, Second" and problem.is_network
    assert problem.message.endswith("(down; busy); run again later")
