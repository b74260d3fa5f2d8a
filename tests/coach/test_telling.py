"""Notices leave after quiet hours, by themselves or in the day's digest, and reach the deputy of somebody on leave."""

import json
from collections import Counter
from datetime import datetime, time, timedelta
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from coach.messages.outbox import add_webhook
from coach.store import SYSTEM, Viewer, reading, tables
from tests.coach.firm import OFFICE_ZONE, STALL, Firm, at, policy_of

CLOSE = time(18, 0)  # the calendar of the firm closes then, from Monday to Friday; January 2026 has no other free days
UNITS = ("rep-1", "rep-2", "team-1")
ABOVE = {"rep-1": "team-1", "rep-2": "team-1", "team-1": "company"}
TOLD = STALL | {"then": [{"notify": "owner"}, {"notify": "manager"}, {"todo": "manager"}]}
QUIET = [(None, None), ("18:00", "09:30"), ("12:00", "14:00"), ("17:30", "19:00"), ("22:00", "07:00")]


class Leave(NamedTuple):
    """A unit is absent from an hour of the first three weeks on, for some hours."""

    unit: str
    begins: int
    hours: int

    def covers(self, instant: int) -> bool:
        """Whether the unit is absent then. Seven minutes past the hour, so that nothing else happens at the same instant."""
        begins = at("2026-01-05 00:07") + self.begins * 3_600_000
        return begins <= instant < begins + self.hours * 3_600_000


DEALS = st.lists(st.tuples(st.sampled_from(UNITS[:2]), st.integers(0, 120)), min_size=1, max_size=12)
LEAVES = st.lists(st.builds(Leave, st.sampled_from(UNITS), st.integers(0, 400), st.integers(1, 100)), max_size=3)
NOTICES = st.fixed_dictionaries({"digest_above": st.integers(0, 3), "deputy": st.booleans(), "quiet": st.sampled_from(QUIET)})


def local(instant: int) -> datetime:
    return datetime.fromtimestamp(instant / 1000, OFFICE_ZONE)


def instant_of(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def after_quiet(instant: int, quiet: tuple[str | None, str | None]) -> int:
    """Minute by minute to the end of the quiet hours."""
    if quiet[0] is None:
        return instant
    start, end = map(time.fromisoformat, quiet)
    moment, first = local(instant), True
    while (start <= moment.time() < end) if start < end else (moment.time() >= start or moment.time() < end):
        moment = (moment + timedelta(minutes=1)).replace(second=0, microsecond=0) if first else moment + timedelta(minutes=1)
        first = False
    return instant_of(moment)


def next_close(instant: int) -> int:
    day = local(instant).date()
    while True:
        close = datetime.combine(day, CLOSE, OFFICE_ZONE)
        if day.weekday() < 5 and instant_of(close) > instant:
            return instant_of(close)
        day += timedelta(days=1)


def business_day(instant: int) -> object:
    day = local(instant).date()
    while day.weekday() >= 5:
        day -= timedelta(days=1)
    return day


def reached(unit: str, instant: int, leaves: list[Leave], deputy: bool) -> str:
    """Who is told what is for a unit."""
    to = unit
    while deputy and to != "company" and any(leave.unit == to and leave.covers(instant) for leave in leaves):
        to = ABOVE[to]
    return to


def expected(notices: list, leaves: list[Leave], told: dict) -> dict[int, tuple[int, str, bool]]:
    """When each notice leaves, to whom, and whether in a digest; worked off one instant after the other."""
    waiting = [(after_quiet(each.at, told["quiet"]), each, False) for each in notices]
    found, had = {}, Counter()
    while waiting:
        now = min(each[0] for each in waiting)
        due = sorted((each for each in waiting if each[0] == now), key=lambda each: each[1].id)
        waiting = [each for each in waiting if each[0] != now]
        gathered = {each.id: reached(each.unit, now, leaves, told["deputy"]) for _, each, in_digest in due if in_digest}
        had.update((to, business_day(now)) for to in set(gathered.values()))
        found |= {number: (now, to, True) for number, to in gathered.items()}
        for _, each, in_digest in due:
            to = reached(each.unit, now, leaves, told["deputy"])
            if in_digest:
                continue
            if each.effect == "notified" and 0 < told["digest_above"] <= had[to, business_day(now)]:
                waiting.append((after_quiet(next_close(now), told["quiet"]), each, True))
            else:
                had[to, business_day(now)] += 1
                found[each.id] = (now, to, False)
    return found


def live_through(firm: Firm, deals: list[tuple[str, int]], leaves: list[Leave]) -> None:
    """Everything in the order of its instant, then enough time for all of it to leave."""
    start = at("2026-01-05 00:00")
    happens = [(start + hour * 3_600_000, ("deal", unit)) for unit, hour in deals]
    for leave in leaves:
        begins = start + leave.begins * 3_600_000 + 7 * 60_000
        happens += [(begins, ("absence_began", leave.unit)), (begins + leave.hours * 3_600_000, ("absence_ended", leave.unit))]
    for number, (instant, (event, unit)) in enumerate(sorted(happens)):
        firm.until(local(instant).strftime("%Y-%m-%d %H:%M"))
        if event == "deal":
            firm.deal(f"D{number}", unit)
        else:
            firm.post(event, unit, kind="unit")
    firm.until("2026-02-06 20:00")


def apart(leaves: list[Leave]) -> bool:
    """Whether no two leaves of one unit touch: the end of one would end the other."""
    return not any(
        a.unit == b.unit and a.begins <= b.begins + b.hours and b.begins <= a.begins + a.hours
        for place, a in enumerate(leaves) for b in leaves[:place]
    )  # fmt: skip


def a_firm(folder, told: dict) -> Firm:
    firm = Firm(folder, start="2026-01-04 23:00")
    quiet = dict(zip(("quiet_from", "quiet_to"), told["quiet"], strict=True))
    kept = {name: told[name] for name in ("digest_above", "deputy")}
    firm.service.activate(policy_of(TOLD, notices=quiet | kept), "tester")
    add_webhook(firm.store, SYSTEM, firm.now, name="all", form="generic", url="http://127.0.0.1:9/hook")
    return firm


@given(deals=DEALS, leaves=LEAVES.filter(apart), told=NOTICES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_notice_leaves_once_when_and_to_whom_the_policy_says(deals, leaves, told, tmp_path_factory):
    firm = a_firm(tmp_path_factory.mktemp("firm"), told)
    live_through(firm, deals, leaves)
    with firm.store.read() as connection:
        notices = connection.execute(select(tables.notice).order_by(tables.notice.c.id)).all()
        messages = [json.loads(body) for body in connection.scalars(select(tables.outbox.c.body))]
    firm.store.close()
    assert {each.id: (each.told_at, each.told_to, each.in_digest) for each in notices} == expected(notices, leaves, told)
    carried = [one["id"] for each in messages for one in each.get("notices", [each])]
    assert sorted(carried) == [each.id for each in notices]
    digests = {(each.told_at, each.told_to) for each in notices if each.in_digest}
    assert sum(each["effect"] == "digest" for each in messages) == len(digests)


@pytest.fixture
def firm(tmp_path) -> Firm:
    firm = a_firm(tmp_path, {"quiet": (None, None), "digest_above": 0, "deputy": True})
    firm.until("2026-01-05 09:00")
    firm.deal("A", "rep-1")
    return firm


def test_the_deputy_reads_who_is_away_in_the_message(firm):
    firm.until("2026-01-12 08:00")
    firm.post("absence_began", "rep-1", kind="unit")
    firm.until("2026-01-12 09:00")
    with firm.store.read() as connection:
        first = json.loads(connection.scalars(select(tables.outbox.c.body).order_by(tables.outbox.c.id)).first())
    assert (first["unit"], first["deputy"]) == ("rep-1", "team-1")
    assert first["en"]["text"].startswith("rep-1 is on leave, and you are the deputy.")
    assert first["zh"]["text"].startswith("rep-1 正在休假，由您代理。")


def test_an_open_todo_of_somebody_on_leave_is_on_the_deputys_list_until_the_return(firm):
    firm.until("2026-01-12 10:00")
    firm.post("absence_began", "team-1", kind="unit")
    director = Viewer("d", "manager", "company")
    assert [each["deputy"] for each in reading.todos(firm.store, director, unit="company")] == ["company"]
    firm.post("absence_ended", "team-1", kind="unit")
    assert reading.todos(firm.store, director, unit="company") == []
    assert [each["deputy"] for each in reading.todos(firm.store, director, unit="team-1")] == [None]


def test_without_deputies_nothing_goes_to_anybody_else(tmp_path):
    firm = a_firm(tmp_path, {"quiet": (None, None), "digest_above": 0, "deputy": False})
    firm.deal("A", "rep-1")
    firm.post("absence_began", "rep-1", kind="unit")
    firm.until("2026-01-13 09:00")
    assert {each["unit"]: each["told_to"] for each in reading.notices(firm.store, SYSTEM)} == {
        "rep-1": "rep-1", "team-1": "team-1"
    }  # fmt: skip


def test_a_digest_names_its_notices_and_leaves_out_what_a_chat_tool_would_not_take(tmp_path):
    firm = a_firm(tmp_path, {"quiet": (None, None), "digest_above": 1, "deputy": False})
    firm.until("2026-01-05 09:00")
    for number in range(30):
        firm.deal(f"D{number}", "rep-1")
    firm.until("2026-01-12 18:00")
    with firm.store.read() as connection:
        bodies = [json.loads(body) for body in connection.scalars(select(tables.outbox.c.body))]
    (digest,) = [each for each in bodies if each["effect"] == "digest" and each["unit"] == "rep-1"]
    assert len(digest["notices"]) == 29
    assert digest["en"]["title"] == "Daily digest: 29 notices"
    assert digest["en"]["text"].splitlines()[-1] == "- and 9 more, under Messages"
    assert digest["zh"]["title"] == "每日汇总：29 条通知"
    assert len(digest["zh"]["text"].encode()) < 4096


def test_what_waits_when_the_server_stands_still_leaves_once_when_it_is_back(tmp_path):
    firm = a_firm(tmp_path, {"quiet": ("08:00", "11:00"), "digest_above": 0, "deputy": False})
    firm.until("2026-01-05 09:00")
    firm.deal("A", "rep-1")
    firm.until("2026-01-12 09:30")
    assert [each["told_at"] for each in reading.notices(firm.store, SYSTEM)] == [None, None, None]
    firm.stand_still("2026-01-12 15:00")
    assert firm.service.next_due() == at("2026-01-12 11:00")
    firm.service.tick()
    firm.service.tick()
    with firm.store.read() as connection:
        assert len(connection.execute(select(tables.outbox.c.id)).all()) == 3


def test_a_step_back_keeps_at_home_what_rules_of_the_policy_between_had_to_say(tmp_path):
    firm = a_firm(tmp_path, {"quiet": (None, None), "digest_above": 0, "deputy": False})
    firm.until("2026-01-05 09:00")
    firm.deal("A", "rep-1")
    sooner = TOLD | {"id": "sooner", "after": "6d"}
    firm.service.activate(policy_of(TOLD, sooner, notices={"quiet_from": "08:00", "quiet_to": "11:00"}), "tester")
    firm.until("2026-01-11 09:30")
    assert {each["rule"] for each in reading.notices(firm.store, SYSTEM)} == {"sooner"}
    firm.service.rollback("tester")
    firm.until("2026-01-12 15:00")
    told = {each["rule"] for each in reading.notices(firm.store, SYSTEM, sent_only=False) if each["told_at"] is not None}
    assert told == {"stall"}
    assert {each["rule"] for each in reading.notices(firm.store, SYSTEM)} == {"stall"}
