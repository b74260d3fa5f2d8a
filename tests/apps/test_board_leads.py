"""Leads on the board: which wait, who got which and why; giving out, taking and hand-over with one tap each."""

import csv
from datetime import datetime
from io import StringIO
from zoneinfo import ZoneInfo

import pytest

from apps.board.page import Board
from apps.board.place import Place
from apps.board.taking import as_csv
from apps.counter.page import counter_page
from coach.store import SYSTEM, Viewer, reading
from tests.apps.board_firm import board_firm
from tests.coach.firm import OFFICE, policy_of

REP, PEER = Viewer("rep", "rep", "rep-1", "en"), Viewer("peer", "rep", "rep-2", "en")
MANAGER, CHINESE = Viewer("manager", "manager", "team-1", "en"), Viewer("manager", "manager", "team-1", "zh")


@pytest.fixture
def firm(tmp_path):
    return board_firm(tmp_path, now=datetime(2026, 3, 26, 10, 0, tzinfo=ZoneInfo(OFFICE.zone)))


def opened(firm, viewer: Viewer) -> Board:
    board = Board(firm.store, firm.service, viewer)
    board.go(Place("leads"))
    return board


def shown(board: Board) -> str:
    return board.html


def routed(firm, method: str) -> None:
    firm.service.activate(policy_of(routing={"assigned_by": "coach", "method": method, "within_minutes": 0}), "tester")
    firm.post("registered", "L1", kind="lead", customer="Lan Hua", phone="13900001111", budget_tier=3)


def unit_of(firm, lead: str) -> str | None:
    return reading.record(firm.store, SYSTEM, "lead", lead)["unit"]


@pytest.mark.system("L1")
def test_who_got_a_lead_and_why_is_shown_to_whom_it_is_and_can_be_taken_away(firm):
    routed(firm, "round_robin")
    firm.until("2026-03-26 10:01")
    board = opened(firm, REP)
    assert "Lan Hua" in shown(board)
    assert "In turn, among 2" in shown(board)
    row = list(csv.reader(StringIO(as_csv(board.table).getvalue().decode("utf-8-sig"))))[1]
    assert (row[0], row[1]) == ("Lan Hua", "rep-1")
    assert "Lan Hua" not in shown(opened(firm, PEER))
    assert "按轮流分配" in shown(opened(firm, CHINESE))
    messages = Board(firm.store, firm.service, REP)
    messages.go(Place("messages"))
    assert "A new lead" in shown(messages)
    assert "In turn" in shown(messages)


@pytest.mark.system("L1")
def test_a_manager_gives_a_lead_that_waits_to_somebody(firm):
    routed(firm, "manual")
    board = opened(firm, MANAGER)
    assert "Leads (1)" in shown(board)
    board.tapped({"do": "assign", "record": "L1", "fields": {"unit": "rep-2"}})
    assert unit_of(firm, "L1") == "rep-2"
    assert "Given by manager." in shown(board)
    opened(firm, REP).tapped({"do": "assign", "record": "L1", "fields": {"unit": "rep-1"}})
    assert unit_of(firm, "L1") == "rep-2"


@pytest.mark.system("L1")
def test_a_rep_takes_a_lead_from_the_pool_and_sees_whom_it_is_about_only_then(firm):
    routed(firm, "pool")
    board, late = opened(firm, REP), opened(firm, PEER)
    assert "Lan Hua" not in shown(board)
    board.tapped({"do": "take_lead", "record": "L1"})
    assert "Lan Hua" in shown(board)
    late.tapped({"do": "take_lead", "record": "L1"})
    assert "somebody has taken it" in shown(late)
    assert unit_of(firm, "L1") == "rep-1"


@pytest.mark.system("H2")
def test_a_hand_over_shows_what_moves_before_it_moves(firm):
    board = opened(firm, MANAGER)
    board.tapped({"do": "look_over", "fields": {"unit": "rep-1", "to": "rep-2"}})
    assert "2 records move from rep-1 to rep-2" in shown(board)
    assert "frozen-deal" in shown(board)
    assert reading.record(firm.store, SYSTEM, "opportunity", "new-deal")["unit"] == "rep-1"
    board.tapped({"do": "hand_over", "value": "rep-1", "rep": "rep-2"})
    assert "Handed over to rep-2: 2 records" in shown(board)
    assert reading.record(firm.store, SYSTEM, "opportunity", "new-deal")["unit"] == "rep-2"
    assert "data-do='look_over'" not in shown(opened(firm, REP))


@pytest.mark.system("L2")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_for_the_store_asks_for_a_photo_from_the_camera_and_speaks_one_language(language):
    page = counter_page(language)
    assert 'capture="environment"' in page
    assert 'name="viewport"' in page
    assert ("意向产品" in page) == (language == "zh")
