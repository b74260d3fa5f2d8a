"""Every date that is typed or shown is in the store's zone, wherever somebody types or reads one."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from apps.board.page import Board
from apps.board.place import Place
from apps.board.recording import Recording
from apps.board.words import Writer
from apps.calculator.page import rep_page
from apps.cli.main import program
from apps.cli.score import instant
from apps.dojo.page import Dojo
from apps.gate.page import Gate
from coach.describing.describe import describe
from coach.describing.page import write_description
from coach.scoring.scores import score_store
from coach.scoring.workbook import write_scores
from coach.store import SYSTEM, Store, Viewer, reading
from coach.validation.past import weeks_between
from coach.validation.validate import history_of
from policies.time.calendar import Calendar
from tests.coach.firm import FREEZE, Firm, policy_of
from tests.coach.small_crm import MAPPING, csv_text, write_mapping

ZONES = ("America/New_York", "Asia/Kathmandu")
DAYS = ("2026-01-31", "2026-03-08", "2026-10-31")
"""The end of a month, and days about which New York changes its clocks."""
SOON = 1000
"""Milliseconds after which everything of the instant itself is recorded."""
ADMIN, OPERATIONS, REP = (
    Viewer("admin", "admin", None, "en"), Viewer("ops", "operations", None, "en"), Viewer("rep", "rep", "rep-1", "en"),
)  # fmt: skip


@pytest.fixture(params=[(zone, day, side) for zone in ZONES for day in DAYS for side in ("first", "last")], ids="-".join)
def clock(request):
    """The first or the last minute of a day in a zone: the zone, its wall clock, and the instant (ms)."""
    zone, day, side = request.param
    wall = datetime.fromisoformat(f"{day}T{'00:00:30' if side == 'first' else '23:59:30'}").replace(tzinfo=ZoneInfo(zone))
    return SimpleNamespace(zone=zone, wall=wall, day=day, at=round(wall.timestamp() * 1000), minute=f"{wall:%Y-%m-%d %H:%M}")


@pytest.fixture
def firm(tmp_path, clock):
    """A firm of that zone at that instant, with a policy since then and a deal whose only action was then."""
    firm = Firm(tmp_path, start=f"{(clock.wall - timedelta(days=40)).astimezone(ZoneInfo('Asia/Shanghai')):%Y-%m-%d %H:%M}")
    firm.store.set_calendar(Calendar(zone=clock.zone))
    firm.now = clock.at
    firm.service.activate(policy_of(FREEZE), "tester")
    firm.deal("A", "rep-1")
    firm.post("absence_began", "rep-2", kind="unit", left_at=float(clock.at))
    yield firm
    firm.store.close()


def words_of(page) -> str:
    """All texts and choices of a page."""
    parts = page.select()
    return " ".join(f"{getattr(each, 'object', '')} {list(getattr(each, 'options', []))}" for each in parts)


def test_dates_that_are_shown(firm, clock, tmp_path, monkeypatch):
    day = f"{clock.wall.day} {clock.wall:%b}"
    opened = Board(firm.store, firm.service, REP)
    assert f", {day}." in opened.html
    opened.go(Place("pipeline"))
    assert f"{day} {clock.wall:%H:%M}" in opened.html
    write = Writer(SimpleNamespace(language="en"), clock.zone, left=reading.people_who_left(firm.store))
    assert write.stamp(clock.at) == clock.wall.isoformat(timespec="minutes")
    assert write.last_day("rep-2") == f"{(clock.wall - timedelta(seconds=1)):%-d %b %Y}"

    assert clock.minute in words_of(Gate(firm.service, OPERATIONS).site.page)

    monkeypatch.setattr("apps.pages.keeping._now", lambda: clock.at)
    dojo = Dojo(firm.store, ADMIN)
    dojo.start_drill("floor-store")
    dojo.show(None)
    assert clock.minute in words_of(dojo.site.page)

    history = history_of(firm.store, policy_of(FREEZE), policy_of())
    monday = (clock.wall.date() - timedelta(days=clock.wall.weekday())).isoformat()
    assert history.weeks[-1] == monday

    page = write_description(describe(firm.store, firm.now + SOON), tmp_path / "d.html").read_text(encoding="utf-8")
    assert f"Recorded from {clock.day} to {clock.day}, dates in {clock.zone}" in page
    write_scores(score_store(firm.store, firm.now + SOON), tmp_path / "s.xlsx", "en", clock.zone)
    told = [cell.value for sheet in load_workbook(tmp_path / "s.xlsx") for row in sheet for cell in row]
    assert f"{clock.minute} {clock.zone}" in told


def test_dates_that_are_typed(firm, clock):
    after = datetime.fromisoformat(clock.day).replace(tzinfo=ZoneInfo(clock.zone)) + timedelta(days=1)
    assert instant(clock.day, clock.zone) == round(after.timestamp() * 1000) - 1
    assert instant(f"{clock.day}T{clock.wall:%H:%M}", clock.zone) == clock.at - 30_000
    Recording(firm.store, firm.service, REP).explain("opportunity", "A", {"next_step_at": f"{clock.day}T{clock.wall:%H:%M}"})
    assert reading.record(firm.store, SYSTEM, "opportunity", "A")["values"]["next_step_at"] == clock.at - 30_000


def test_the_day_of_an_export_is_typed_in_the_zone_of_the_store_and_not_of_the_files(clock, tmp_path):
    """The files' clock times stay in the mapping's zone; only what is typed is in the store's."""
    header = ["编号", "负责人", "创建时间", "金额", "来源", "阶段", "成交日", "首次响应", "客户"]
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "deals.csv").write_text(
        csv_text([header, ["1", "李强", "2025/03/03 09:30", "10", "", "成交", "", "", ""]]), encoding="utf-8"
    )
    store = Store.open(tmp_path / "store.db")
    store.set_calendar(Calendar(zone=clock.zone))
    store.close()
    asked = ["import", str(folder), "--mapping", str(write_mapping(tmp_path, MAPPING)), "--to", str(tmp_path / "store.db")]
    result = CliRunner().invoke(program, [*asked, "--exported-at", clock.day])
    assert result.exit_code == 0, result.output
    assert clock.zone in result.output
    store = Store.open(tmp_path / "store.db")
    try:
        told = reading.record(store, SYSTEM, "opportunity", "1")["values"]
    finally:
        store.close()
    assert told["won_at"] == instant(clock.day, clock.zone)
    assert told["opened_at"] == instant("2025-03-03T09:30", "Asia/Shanghai")


@settings(max_examples=200)
@given(
    zone=st.sampled_from(ZONES), days=st.integers(0, 400),
    start=st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1))
    | st.integers(0, 150).map(lambda week: datetime(2024, 1, 1, 0, 30) + timedelta(weeks=week)),
)  # fmt: skip
def test_the_weeks_of_a_past_are_mondays_each_once(zone, start, days):
    """A week in which the clocks change has another number of hours, and is a week."""
    begin = start.replace(tzinfo=ZoneInfo(zone))
    end = begin + timedelta(days=days)
    found = weeks_between(
        SimpleNamespace(calendar=Calendar(zone=zone)), *(round(each.timestamp() * 1000) for each in (begin, end))
    )
    first, last = (each.date() - timedelta(days=each.weekday()) for each in (begin, end))
    assert found == [(first + timedelta(weeks=week)).isoformat() for week in range((last - first).days // 7 + 1)]


def test_the_return_calculator_tells_every_instant_in_the_stores_zone():
    page = rep_page("en", [{"id": "A", "title": {"en": "A", "zh": "A"}}], "A", None, "Asia/Kathmandu")
    assert page.count("dateStyle") == page.count('timeZone: "Asia/Kathmandu"') == 1
