"""Notes on the board (E3): typed or dictated, read, put right with one tap, and recorded on the deal."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from apps.board import noting
from apps.board.noting import name_kept
from apps.board.page import Board
from apps.board.place import Place
from apps.board.taking import as_csv
from coach.noting.asking import Endpoint
from coach.store import SYSTEM, Viewer, reading
from tests.apps.board_firm import board_firm
from tests.coach.firm import OFFICE

pytestmark = pytest.mark.system("E3")
REP, PEER = Viewer("rep", "rep", "rep-1", "en"), Viewer("peer", "rep", "rep-2", "en")
SAID = "预算80万，采购经理比价，最后王总拍板。华为也在报价，周五上午十点再谈。押金两万。"


@pytest.fixture
def firm(tmp_path, monkeypatch):
    monkeypatch.setattr(noting, "endpoint_of", lambda: None)
    return board_firm(tmp_path, now=datetime(2026, 3, 26, 10, 0, tzinfo=ZoneInfo(OFFICE.zone)))


def board_of(firm, viewer: Viewer = REP) -> Board:
    return Board(firm.store, firm.service, viewer, place=Place("notes", record="new-deal"))


def values(firm) -> dict:
    return reading.record(firm.store, SYSTEM, "opportunity", "new-deal")["values"]


def test_a_note_is_opened_from_a_deal_read_and_shown_with_its_words(firm):
    board = board_of(firm)
    assert "value='new-deal' selected" in board.html
    board.tapped({"do": "read_note", "fields": {"record": "new-deal", "text": SAID}})
    shown = board.html
    for value in ("value='800000'", "value='王总'", "value='华为'", "value='2026-03-27T10:00'"):
        assert value in shown
    assert "<mark>预算80万</mark>" in shown
    assert "budget" not in values(firm)
    assert "华为也在报价" in as_csv(board.table).getvalue().decode("utf-8-sig")


def test_one_tap_puts_another_meaning_in_its_place_or_says_that_it_is_not_so(firm):
    board = board_of(firm)
    board.tapped({"do": "read_note", "fields": {"record": "new-deal", "text": SAID}})
    buyer = next(place for place, each in enumerate(board.noting.others) if each.value == "采购经理")
    assert name_kept("new-deal", "decision_maker") in board.tapped({"do": "put", "number": str(buyer)})
    assert "value='采购经理'" in board.html
    board.tapped({"do": "drop", "value": "competitor"})
    assert "华为" not in {each.value for each in board.noting.fields.values()}
    assert {"王总", "华为"} <= {each.value for each in board.noting.others}


def test_what_was_put_right_is_recorded_as_events_of_the_deal(firm):
    board = board_of(firm)
    board.tapped({"do": "read_note", "fields": {"record": "new-deal", "text": SAID}})
    typed = {
        "budget": "75万", "decision_maker": "王总", "competitor": "", "next_step_at": "2026-03-30T15:00", "step": "再谈",
        "met": "1",
    }  # fmt: skip
    kept = board.tapped({"do": "record_note", "fields": typed})
    assert name_kept("new-deal", "text") in kept
    told = values(firm)
    assert (told["budget"], told["decision_maker"], told.get("competitor")) == (750_000.0, "王总", None)
    assert told["next_step_at"] == datetime(2026, 3, 30, 15, tzinfo=ZoneInfo(OFFICE.zone)).timestamp() * 1000
    events = reading.history(firm.store, SYSTEM, "opportunity", "new-deal")["events"]
    assert [each["event"] for each in events[-3:]] == ["contact", "needs_recorded", "next_step"]
    assert events[-3]["payload"] == {"custom.note": SAID}
    assert board.noting.text == ""


def test_a_note_that_cannot_be_recorded_is_kept_and_told_why(firm):
    board = board_of(firm)
    board.tapped({"do": "read_note", "fields": {"record": "new-deal", "text": SAID}})
    board.tapped({"do": "record_note", "fields": {"budget": "a lot"}})
    assert "is no amount" in board.html
    assert board.noting.text == SAID
    assert "budget" not in values(firm)


def test_nobody_notes_about_a_deal_that_is_not_theirs_to_see(firm):
    board = board_of(firm, PEER)
    assert "new-deal</option>" not in board.html
    board.tapped({"do": "read_note", "fields": {"record": "new-deal", "text": SAID}})
    assert board.noting.told is None


def test_a_slow_endpoint_keeps_no_page_waiting_and_its_failure_is_told(firm, monkeypatch):
    monkeypatch.setattr(noting, "endpoint_of", lambda: Endpoint("http://127.0.0.1:9/v1", "any", None))
    board = board_of(firm)
    board.tapped({"do": "read_note", "fields": {"record": "new-deal", "text": SAID}})
    if board.noting._asked is not None:
        board.noting._asked.result(timeout=30)
    assert "gave no answer in time" in board.html
    assert "value='800000'" in board.html
