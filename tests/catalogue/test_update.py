"""A catalogue brought up to date: everything that has changed, nothing lost, and every cut is only a pause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.catalogue.small import PAPERS
from tests.catalogue.updating import CHANGED, DELETED, LISTED, NEW, NOW, SINCE, Place
from tests.servers import oai
from tests.servers.facts import Facts, invented
from tests.servers.loopback import Fault
from tests.servers.oai import Item, OaiServer
from tracker.catalogue import EMBEDDED_PATH, Catalogue
from tracker.catalogue.lock import locked
from tracker.catalogue.update import HARVESTED, update_catalogue
from tracker.errors import BadReply, CatalogueError, InputError, NetworkError, SourceRefused
from tracker.settings import Settings

GAP_S = 0.03


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A catalogue, and a server that knows what has changed since it was made, three records a page."""
    with OaiServer(LISTED, page_size=3) as server:
        yield Place(tmp_path, server).make()


def questions(place: Place) -> list[str]:
    """What was asked and answered, in order: the day or the token."""
    return [
        asked.params.get("resumptionToken") or asked.params.get("from", "")
        for asked in place.server.requests
        if asked.answer == "ok"
    ]


def assert_no_page_twice(place: Place) -> None:
    assert max(Counter(questions(place)).values()) == 1


# --- a whole update ----------------------------------------------------------------------------


def test_new_changed_and_deleted_papers(place: Place) -> None:
    report = place.update()
    place.assert_is_current()
    assert (report.records, report.left_out, report.problems) == (len(LISTED), 0, [])
    assert (report.papers_before, report.papers) == (len(PAPERS), len(PAPERS) + len(NEW) - 1)
    assert report.until == oai.TODAY
    assert questions(place)[0] == SINCE.isoformat() and len(place.server.requests) == 4
    assert_no_page_twice(place)


def test_what_the_catalogue_knew_and_arxiv_does_not_say_stays(place: Place) -> None:
    place.update()
    catalogue = place.opened()
    lstm = catalogue.rows_titled("Long Short-Term Memory")
    assert [catalogue.records.key(row) for row in lstm] == ["doi:10.1162/neco.1997.9.8.1735"]
    assert [alias.sources for alias in catalogue.aliases_of("QLoRA")] == [11], "names with their counts"
    qlora = place.paper("2305.14314")
    assert qlora is not None and qlora.cited_in == 27
    assert catalogue.facts["newest"] == "2024-01-08"


def test_the_day_of_the_first_version_stays(tmp_path: Path) -> None:
    """arXiv gives that of the latest."""
    known = {**PAPERS[0], "id": "1412.6980", "date": "2014-12-22", "title": "Adam"}
    with OaiServer(LISTED, page_size=20) as server:
        place = Place(tmp_path, server).make([known])
        place.update()
        paper = place.paper(CHANGED.id)
    assert paper is not None and paper.title == CHANGED.title and paper.published == date(2014, 12, 22)


def test_the_service_is_asked_at_its_pace(tmp_path: Path) -> None:
    with OaiServer(LISTED, page_size=2, gap_s=GAP_S) as server:
        place = Place(tmp_path, server, delay_s=2 * GAP_S).make()
        place.update()
        place.assert_is_current()
    assert server.answers == ["ok"] * 6


def test_too_fast_a_pace_is_told_and_mended(tmp_path: Path) -> None:
    waits = list[tuple[str, float]]()
    with OaiServer(LISTED, page_size=4, gap_s=0.2) as server:
        place = Place(tmp_path, server, delay_s=0.1).make()
        place.update(on_wait=lambda *one: waits.append(one))
        place.assert_is_current()
    assert "too fast" in server.answers
    assert all(reason.endswith(": HTTP 429") for reason, _ in waits) and waits[0][1] == pytest.approx(0.3)


def test_titles_and_authors_lose_their_latex(tmp_path: Path) -> None:
    facts = Facts(
        "2603.00042", "On $\\ell_1$-norms \\& Poincar\\'e\n  maps", ("C. Bal\\'azs",), "2026-03-01",
        journal_ref="Phys.Rev. {\\bf D76}", doi="10.1103/PhysRevD.76.013009 10.1/second",
    )  # fmt: skip
    with OaiServer([Item(facts, SINCE)]) as server:
        place = Place(tmp_path, server).make()
        place.update()
        paper = place.paper("2603.00042")
    assert paper is not None
    assert (paper.title, paper.authors) == ("On ℓ_1-norms & Poincaré maps", ("C. Balázs",))
    assert (paper.venue, paper.doi) == ("Phys.Rev. D76", "10.1103/physrevd.76.013009")
    assert paper.published == date(2026, 3, 1) and paper.authors_complete


def test_progress_is_told(place: Place) -> None:
    place.update()
    assert place.told[0] == (0, None, SINCE)
    assert place.told[1] == (3, date(2026, 3, 11), SINCE)
    made = list[str]()
    place.server.listed = (*LISTED, Item(invented("2603.00077"), oai.TODAY))
    place.update(progress=lambda what, done, total: made.append(what))
    assert made


# --- nothing new -------------------------------------------------------------------------------


def test_the_next_update_asks_from_the_day_of_the_last_answer(place: Place) -> None:
    place.update()
    before = place.path.read_bytes()
    place.server.requests.clear()
    report = place.update()
    assert questions(place) == [oai.TODAY.isoformat()]
    assert (report.records, report.until) == (0, oai.TODAY)
    assert place.path.read_bytes() == before and place.left() == ["own.catalogue"]


def test_what_was_there_the_day_before_makes_no_new_catalogue(place: Place) -> None:
    """The last day is asked for again, for it may not have been over."""
    place.server.listed = (*LISTED, Item(NEW[0], oai.TODAY))
    place.update()
    before = place.path.read_bytes()
    assert place.update().records == 0
    assert place.path.read_bytes() == before
    place.server.listed = (*place.server.listed, Item(invented("2603.00077"), oai.TODAY))
    assert place.update().records == 1
    assert place.paper("2603.00077") is not None


def test_a_paper_that_was_deleted_and_comes_again(place: Place) -> None:
    place.server.listed = (Item(NEW[0], SINCE), Item(NEW[0], SINCE + timedelta(days=1), is_deleted=True))
    place.update()
    assert place.paper(NEW[0].id) is None
    place.server.listed = (Item(NEW[0], oai.TODAY),)
    place.update()
    assert place.paper(NEW[0].id) is not None


# --- faults ------------------------------------------------------------------------------------

LASTING = [
    "503",
    "cut",
    "reset",
    "html",
    "truncated",
    "malformed",
    "bomb",
    "empty list",
    "empty page",
    "bad argument",
]


@pytest.mark.parametrize("fault", LASTING)
def test_a_service_that_fails_costs_nothing_that_is_there(place: Place, fault: str) -> None:
    before = place.path.read_bytes()
    place.server.faults.extend([Fault("ok"), Fault("ok"), *[Fault(fault)] * 4])
    with pytest.raises(NetworkError) as caught:
        place.update()
    assert caught.value.exit_code == 3 and str(caught.value).isprintable()
    assert "6 records are kept, run it again to continue" in str(caught.value)
    assert place.path.read_bytes() == before
    place.server.faults.clear()
    place.server.requests.clear()
    report = place.update()
    place.assert_is_current()
    assert report.records == len(LISTED)
    assert len(questions(place)) == 2, "the pages that came are not asked for again"


@pytest.mark.parametrize(
    "fault", ["503", "429", "500", "cut", "html", "rate exceeded", "truncated", "garbage"]
)
def test_a_fault_that_passes_is_not_noticed(place: Place, fault: str) -> None:
    place.server.faults.extend([Fault("ok"), Fault(fault, retry_after="0")])
    place.update()
    place.assert_is_current()


@pytest.mark.parametrize("fault", ["control characters", "prefixes", "sizes"])
def test_what_is_only_odd_is_read(place: Place, fault: str) -> None:
    place.server.always = Fault(fault)
    place.update()
    place.assert_is_current()


@pytest.mark.parametrize("fault", ["no metadata", "other record", "bad identifier", "no datestamp"])
def test_a_record_that_cannot_be_used_is_told(place: Place, fault: str) -> None:
    place.server.faults.append(Fault(fault))
    report = place.update()
    assert report.left_out == 1 and len(report.problems) == 1
    assert report.records == len(LISTED) - 1 and place.left() == ["own.catalogue"]


def test_the_pages_of_a_service_that_names_no_day(place: Place) -> None:
    place.server.always = Fault("no date")
    report = place.update()
    assert report.until == max(item.changed for item in LISTED) == date(2026, 3, 15)


@pytest.mark.parametrize("today", [date(2026, 3, 12), date(2031, 1, 1)])
def test_the_clock_of_a_service_is_not_believed(place: Place, today: date) -> None:
    """Answers older than what is in them, or of days to come."""
    place.server.today = today
    place.server.page_size = 20
    place.server._wanted = lambda question, ask=place.server._wanted: _until(ask(question))  # type: ignore[method-assign, misc]
    report = place.update()
    assert report.until == (NOW.date() if today > NOW.date() else date(2026, 3, 15))


def _until(wanted: oai._List) -> oai._List:
    wanted.last = date(2031, 1, 1)
    return wanted


# --- tokens ------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_ordered", [True, False])
def test_an_expired_token_begins_again_from_the_last_day_that_is_complete(
    tmp_path: Path, is_ordered: bool
) -> None:
    with OaiServer(LISTED, page_size=3, is_ordered=is_ordered) as server:
        place = Place(tmp_path, server).make()
        server.faults.extend([Fault("ok"), Fault("ok"), Fault("404")])
        with pytest.raises(SourceRefused):
            place.update()
        server.expire_tokens()
        server.requests.clear()
        place.update()
        place.assert_is_current()
    asked = [one for one in questions(place) if one.startswith("2026")]
    assert asked == ["2026-03-12" if is_ordered else "2026-03-10"]


def test_a_service_that_refuses_its_own_tokens(place: Place) -> None:
    place.server.listed = oai.items(NEW, SINCE, per_day=9)
    place.server.faults.extend(Fault("bad token" if number % 2 else "ok") for number in range(12))
    with pytest.raises(BadReply, match="refuses the tokens"):
        place.update()
    assert place.server.answers == ["ok", "bad token"] * 2


def test_tokens_that_live_for_one_page_are_enough(place: Place) -> None:
    """Every second question is answered with an expired token; days are small enough to go on."""
    place.server.faults.extend(Fault("bad token" if number % 2 else "ok") for number in range(12))
    place.update()
    place.assert_is_current()


def test_a_list_that_turns_out_to_be_over(place: Place) -> None:
    place.server.faults.extend([Fault("ok"), Fault("no records")])
    report = place.update()
    assert report.records == 3 and place.paper(NEW[0].id) is not None


@pytest.mark.parametrize("fault", ["same token", "other token"])
def test_the_same_page_without_end_is_noticed(place: Place, fault: str) -> None:
    place.server.always = Fault(fault)
    with pytest.raises(BadReply, match="without end"):
        place.update()
    assert len(place.server.requests) <= 3


def test_tokens_that_lead_in_a_circle(place: Place) -> None:
    given, make = list[str](), place.server._token

    def token(wanted: oai._List, shown: list[Item]) -> str:
        given.append(make(wanted, shown))
        return given[(len(given) - 1) % 2]

    place.server.page_size = 2
    place.server._token = token  # type: ignore[method-assign]
    with pytest.raises(BadReply, match="the same pages without end"):
        place.update()
    assert len(place.server.requests) == 3


# --- continuing --------------------------------------------------------------------------------


def cut_after(place: Place, pages: int) -> None:
    """An update that is stopped, as by Ctrl-C, after so many pages."""

    def stop(records: int, reached: date | None, since: date) -> None:
        if len(place.server.requests) >= pages:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        place.update(on_harvest=stop)


@pytest.mark.parametrize("pages", [1, 2, 3])
def test_an_update_that_is_stopped_goes_on_where_it_was(place: Place, pages: int) -> None:
    cut_after(place, pages)
    assert place.left() == ["own.catalogue", "own.catalogue.update.json", "own.catalogue.update.jsonl"]
    place.update()
    place.assert_is_current()
    assert place.told[0][0] == 3 * pages, "what is there is told"
    assert len(place.server.requests) == 4
    assert_no_page_twice(place)


def test_a_half_written_line_is_cut_off(place: Place) -> None:
    cut_after(place, 2)
    with (place.folder / "own.catalogue.update.jsonl").open("ab") as file:
        file.write(b'{"id": "2603.99999", "ti')
    assert place.update().problems == []
    place.assert_is_current()


@pytest.mark.parametrize("damage", [b"", b"{", b'{"format": 2}', b"\xff\xfe", b"[]"])
def test_a_damaged_state_begins_anew(place: Place, damage: bytes) -> None:
    cut_after(place, 2)
    (place.folder / "own.catalogue.update.json").write_bytes(damage)
    place.update()
    place.assert_is_current()


@pytest.mark.parametrize("name", ["own.catalogue.update.json", "own.catalogue.update.jsonl"])
def test_half_a_journal_begins_anew(place: Place, name: str) -> None:
    cut_after(place, 2)
    (place.folder / name).unlink()
    place.update()
    place.assert_is_current()


def test_a_journal_that_is_shorter_than_its_state_begins_anew(place: Place) -> None:
    cut_after(place, 2)
    (place.folder / "own.catalogue.update.jsonl").write_bytes(b"")
    place.update()
    place.assert_is_current()


@pytest.mark.parametrize("name", ["own.catalogue.update.json", "own.catalogue.update.jsonl"])
def test_a_journal_that_cannot_be_written_is_told(place: Place, name: str) -> None:
    before = place.path.read_bytes()
    (place.folder / name).mkdir()
    with pytest.raises(CatalogueError, match=r"own\.catalogue\.update\.jsonl: cannot be read or written: "):
        place.update()
    assert place.path.read_bytes() == before and place.server.requests == []


def test_a_full_disk_is_told_and_costs_only_time(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    cut_after(place, 1)
    with monkeypatch.context() as patch, pytest.raises(CatalogueError, match="No space left on device"):
        patch.setattr("os.fsync", full)
        place.update()
    place.update()
    place.assert_is_current()


def test_a_title_of_nothing_but_markup_is_left_out(place: Place) -> None:
    place.server.listed = (Item(replace(CHANGED, title="{}"), SINCE), Item(NEW[0], SINCE))
    report = place.update()
    assert report.left_out == 1 and "has no usable id or title" in report.problems[0]
    changed = place.paper(CHANGED.id)
    assert changed is not None and changed.title.startswith("Adam: A Method")


def test_a_harvest_that_could_not_be_merged_is_merged_without_asking_again(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise CatalogueError("no space left on device")

    before = place.path.read_bytes()
    with monkeypatch.context() as patch, pytest.raises(CatalogueError, match="no space"):
        patch.setattr("tracker.catalogue.update.build_catalogue", full)
        place.update()
    assert place.path.read_bytes() == before
    place.server.requests.clear()
    place.update()
    assert questions(place) == []
    place.assert_is_current()


def test_another_service_is_asked_from_the_last_complete_day(place: Place) -> None:
    cut_after(place, 2)
    with OaiServer(LISTED) as mirror:
        other = Place(place.folder, mirror)
        other.update()
        assert questions(other)[0] == "2026-03-12"
        other.assert_is_current()


def test_a_catalogue_that_was_imported_meanwhile_begins_anew(place: Place) -> None:
    cut_after(place, 2)
    place.make(harvested=date(2026, 3, 14))
    place.server.requests.clear()
    place.update()
    assert questions(place)[0] == "2026-03-14"
    assert place.paper(NEW[0].id) is None, "the new catalogue says that it knows all up to its day"
    assert place.paper(NEW[8].id) is not None


# --- from which day ----------------------------------------------------------------------------


def test_a_catalogue_that_names_no_day_needs_one(place: Place) -> None:
    place.make(harvested=None)
    with pytest.raises(InputError, match=r"catalogue import.*--from"):
        place.update()
    assert place.server.requests == [] and place.left() == ["own.catalogue"]
    cut = place.server.faults
    cut.extend([Fault("ok"), Fault("404")])
    with pytest.raises(SourceRefused):
        place.update(since=SINCE)
    place.update()  # the day is in the journal now
    place.assert_is_current()


def test_a_catalogue_of_a_day_to_come_needs_a_day(place: Place) -> None:
    place.make(harvested=NOW.date() + timedelta(days=1))
    with pytest.raises(InputError, match="does not say up to which day"):
        place.update()
    assert not place.server.requests
    place.update(since=SINCE)
    place.assert_is_current()


def test_the_day_that_is_named_wins_but_leaves_no_gap(place: Place) -> None:
    place.update(since=date(2026, 3, 15))
    assert questions(place)[0] == "2026-03-15"
    assert place.paper(NEW[0].id) is None and place.paper(DELETED.id) is None
    assert place.opened().facts[HARVESTED] == SINCE.isoformat()
    place.update()
    place.assert_is_current()
    place.update(since=date(2026, 3, 1))
    assert place.opened().facts[HARVESTED] == oai.TODAY.isoformat()


def test_days_to_come_and_days_before_arxiv(place: Place) -> None:
    with pytest.raises(InputError, match="2026-03-22 is in the future"):
        place.update(since=date(2026, 3, 22))
    place.update(since=date(1991, 8, 14))
    assert questions(place)[0] == "2005-09-16"


def test_offline_nothing_is_asked(place: Place) -> None:
    with pytest.raises(InputError, match="offline"):
        place.update(settings=place.settings.model_copy(update={"offline": True}))
    assert place.server.requests == []


# --- whose catalogue ---------------------------------------------------------------------------


def own_settings(tmp_path: Path, url: str) -> Settings:
    return Settings(
        library_path=tmp_path / "library",
        cache_dir=tmp_path / "cache",
        own_catalogue_path=tmp_path / "data" / "arxiv.catalogue",
        oai_url=url,
        arxiv_delay_s=0.0,
    )


def test_the_catalogue_of_the_package_is_never_changed(tmp_path: Path) -> None:
    with OaiServer(LISTED) as server:
        named = own_settings(tmp_path, server.url).model_copy(update={"catalogue_path": EMBEDDED_PATH})
        with pytest.raises(CatalogueError, match="never changed"):
            update_catalogue(named, since=SINCE)
        without = own_settings(tmp_path, server.url).model_copy(update={"own_catalogue_path": None})
        with pytest.raises(InputError, match="--catalogue"):
            update_catalogue(without, since=SINCE)
        assert server.requests == []


def test_without_a_catalogue_of_ones_own_the_day_has_to_be_named(tmp_path: Path) -> None:
    with OaiServer(LISTED) as server, pytest.raises(InputError, match="--from"):
        update_catalogue(own_settings(tmp_path, server.url))


def test_two_updates_at_once(place: Place) -> None:
    with locked(place.path), pytest.raises(CatalogueError, match="another import or update"):
        place.update()
    assert place.server.requests == []
    place.update()
    place.assert_is_current()


@pytest.mark.parametrize("content", [b"", b"something else", b"Tracker cat\0\1\0\0\0"])
def test_a_catalogue_that_cannot_be_read_is_told_before_anything_is_asked(
    place: Place, content: bytes
) -> None:
    place.path.write_bytes(content)
    with pytest.raises(CatalogueError):
        place.update()
    assert place.server.requests == [] and place.path.read_bytes() == content


def test_a_link_stays_a_link(place: Place) -> None:
    real = place.path.rename(place.folder / "real.catalogue")
    place.path.symlink_to(real)
    place.update()
    assert place.path.is_symlink() and Catalogue.open(real).facts[HARVESTED] == "2026-03-20"
    assert place.left() == ["own.catalogue", "real.catalogue"]
