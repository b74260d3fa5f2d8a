"""Calendars of units at work: clocks, promises, quiet hours and routing go by that of the unit, or of the one above."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from coach.rules.unknown_units import unknown_units
from coach.store import SYSTEM, reading, tables
from policies.language.policy import Policy
from tests.coach.firm import Firm, policy_of

BERLIN = {"team-1": {"zone": "Europe/Berlin", "hours": [["09:00", "17:00"]]}}
"""At 9 in the morning in Shanghai it is 2 at night there; it opens at 16:00 of Shanghai."""
WAITS = {"id": "waits", "on": "opportunity", "when": {"status": "open"}, "since": "last_action_at", "after": "2bh",
         "then": [{"notify": "owner"}]}  # fmt: skip


def firm_of(folder, *rules: dict, **settings) -> Firm:
    """rep-1 and rep-2 are in Berlin's team, rep-9 is not."""
    firm = Firm(folder, None)
    firm.post("registered", "rep-9", kind="unit", level="rep", parent="company")
    firm.service.activate(policy_of(*rules, calendars=BERLIN, **settings), "tester")
    return firm


def clock(instant: float) -> str:
    return f"{datetime.fromtimestamp(instant / 1000, ZoneInfo('Asia/Shanghai')):%m-%d %H:%M}"


@pytest.mark.parametrize("down", [False, True])
def test_a_clock_runs_by_the_calendar_of_the_records_unit_which_inherits_that_of_the_one_above(tmp_path, down):
    firm = firm_of(tmp_path, WAITS)
    firm.deal("A", unit="rep-1")
    firm.deal("B", unit="rep-9")
    if down:
        firm.stand_still("2026-01-05 09:30")
    firm.until("2026-01-06 09:00")
    assert [line[:19] for line in firm.fired()] == ["01-05 11:00 waits/B", "01-05 18:00 waits/A"]


def test_a_deal_that_goes_to_another_unit_goes_by_its_calendar_from_then_on(tmp_path):
    firm = firm_of(tmp_path, WAITS)
    firm.deal("A", unit="rep-1")
    firm.until("2026-01-05 10:00")
    firm.post("reassigned", "A", unit="rep-9", owner="rep-9")
    firm.until("2026-01-06 09:00")
    assert [line[:19] for line in firm.fired()] == ["01-05 11:00 waits/A"]


def test_a_unit_that_comes_under_another_inherits_there_and_a_policy_without_calendars_ends_them(tmp_path):
    firm = firm_of(tmp_path, WAITS)
    firm.deal("A", unit="rep-9")
    firm.deal("B", unit="rep-1")
    firm.post("field_recorded", "rep-9", kind="unit", parent="team-1")
    firm.until("2026-01-05 12:00")
    assert firm.fired() == []
    firm.service.activate(policy_of(WAITS, name="plain"), "tester")
    firm.until("2026-01-06 09:00")
    assert [line[:11] for line in firm.fired()] == ["01-05 12:00"] * 2  # due at 11:00 by the firm's calendar


def test_quiet_hours_are_those_of_the_place_where_a_message_arrives(tmp_path):
    at_once = WAITS | {"after": "30min"}
    firm = firm_of(tmp_path, at_once, notices={"quiet_from": "22:00", "quiet_to": "07:00"})
    firm.deal("A", unit="rep-1")
    firm.deal("B", unit="rep-9")
    firm.until("2026-01-05 10:00")
    with firm.store.read() as connection:
        told = connection.execute(select(tables.notice.c.unit, tables.notice.c.leaves_at)).all()
    assert {unit: clock(leaves) for unit, leaves in told} == {"rep-1": "01-05 14:00", "rep-9": "01-05 09:30"}


def test_a_desk_promises_in_open_hours_of_the_unit_that_asks(tmp_path):
    firm = firm_of(tmp_path, support={"legal_hours": 2})
    for record, unit in (("A", "rep-1"), ("B", "rep-9")):
        firm.deal(record, unit=unit)
        firm.post("registered", f"R{record}", kind="request", unit=unit, owner=unit, desk="legal", opportunity=record)
    requests = reading.records(firm.store, SYSTEM, kind="request")
    promised = {each["id"]: clock(each["values"]["promised_at"]) for each in requests}
    assert promised == {"RA": "01-05 18:00", "RB": "01-05 11:00"}


@pytest.mark.system("L1")
def test_a_lead_goes_to_somebody_whose_unit_is_open_or_waits_until_one_opens(tmp_path):
    routing = {"assigned_by": "coach", "method": "round_robin", "within_minutes": 0}
    firm = firm_of(tmp_path, routing=routing)
    firm.post("registered", "L", kind="lead", customer="Moon")
    firm.until("2026-01-05 09:05")
    assert reading.record(firm.store, SYSTEM, "lead", "L")["unit"] == "rep-9"
    firm.post("absence_began", "rep-9", kind="unit")
    firm.post("registered", "M", kind="lead", customer="Sun")
    firm.until("2026-01-05 15:59")
    assert reading.record(firm.store, SYSTEM, "lead", "M")["unit"] is None
    firm.until("2026-01-05 16:01")
    assert reading.record(firm.store, SYSTEM, "lead", "M")["unit"] == "rep-1"


def test_a_calendar_of_a_unit_that_nobody_knows_is_told_with_the_nearest_name(tmp_path):
    firm = Firm(tmp_path)
    with firm.store.read() as connection:
        (told,) = unknown_units(connection, Policy(name="p", calendars={"Team 1": {"zone": "Europe/Berlin"}}))
    assert (told.location, told.nearest) == (("calendars", "Team 1"), "team-1")
