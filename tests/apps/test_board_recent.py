"""Taps that can be taken back after a reload, and taps that waited for a connection: recorded once, as of their own instant."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from apps.board.page import Board
from apps.board.recent import WINDOW_MS
from coach.store import Viewer, reading
from policies.time.calendar_arrays import DAY_MS
from tests.apps.board_firm import board_firm
from tests.coach.firm import OFFICE

REP, MANAGER = Viewer("rep", "rep", "rep-1", "en"), Viewer("manager", "manager", "team-1", "en")
TAP = {"do": "tap", "event": "contact", "kind": "opportunity", "record": "new-deal"}
ONCE = "0123456789abcdef"
MINUTE = 60_000


@pytest.fixture
def firm(tmp_path):
    return board_firm(tmp_path, now=datetime(2026, 3, 26, 10, 0, tzinfo=ZoneInfo(OFFICE.zone)))


def opened(firm, viewer: Viewer = REP) -> Board:
    return Board(firm.store, firm.service, viewer)


def contacts(firm) -> list[dict]:
    events = reading.history(firm.store, REP, "opportunity", "new-deal")["events"]
    return [each for each in events if each["source"] == "board" and each["event"] == "contact"]


def test_a_tap_stands_on_a_page_that_is_loaded_again_until_it_is_taken_back(firm):
    opened(firm).tapped(TAP)
    again = opened(firm)
    assert "Recorded just now" in again.html
    (entry,) = contacts(firm)
    again.tapped({"do": "undo", "key": entry["key"], "kind": "opportunity", "record": "new-deal"})
    assert "Recorded just now" not in opened(firm).html


def test_on_the_page_where_it_was_tapped_it_is_told_once(firm):
    board = opened(firm)
    board.tapped(TAP)
    assert board.html.count("data-do='undo'") == 1


def test_after_a_quarter_of_an_hour_and_for_others_it_is_not_offered(firm):
    opened(firm).tapped(TAP)
    assert "Recorded just now" not in opened(firm, MANAGER).html
    firm.now += WINDOW_MS + MINUTE
    assert "Recorded just now" not in opened(firm).html


def test_a_tap_that_waited_is_recorded_once_and_as_of_when_it_was_made(firm):
    made = firm.now - 20 * MINUTE
    for _ in range(2):
        opened(firm).tapped(TAP | {"at": str(made), "once": ONCE})
    (entry,) = contacts(firm)
    assert entry["acted_at"] == made


@pytest.mark.parametrize(("late", "told"), [(-DAY_MS, 0), (30 * DAY_MS, 30 * DAY_MS)])
def test_a_tap_is_never_of_another_instant_than_its_own_and_none_lies_in_the_future(firm, late, told):
    opened(firm).tapped(TAP | {"at": str(firm.now - late), "once": ONCE})
    assert [each["acted_at"] for each in contacts(firm)] == [firm.now - told]


def test_nothing_is_said_to_be_taken_back_that_was_never_recorded(firm):
    board = opened(firm)
    board.tapped(TAP)
    (entry,) = contacts(firm)
    for key, record in (("nobody-0123456789abcdef", "new-deal"), (entry["key"], "frozen-deal")):
        board.tapped({"do": "undo", "key": key, "kind": "opportunity", "record": record})
        assert "callout worse" in board.html
        assert "Taken back" not in board.html
    assert len(contacts(firm)) == 1


def test_a_field_that_waited_is_recorded_once(firm):
    tap = {"do": "explain", "kind": "opportunity", "record": "frozen-deal", "fields": {"stall_reason": "budget frozen"}}
    for _ in range(2):
        opened(firm).tapped(tap | {"at": str(firm.now - MINUTE), "once": ONCE})
    events = reading.history(firm.store, REP, "opportunity", "frozen-deal")["events"]
    assert sum(each["event"] == "stall_explained" for each in events) == 1
