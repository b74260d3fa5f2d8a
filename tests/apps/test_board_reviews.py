"""Reviews on the board (H4): a better question for blame, void without evidence, improvements with a clock."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from apps.board.page import Board
from apps.board.place import Place
from apps.board.taking import as_csv
from coach.retrospective.reviews import EVIDENCE
from coach.store import Viewer
from tests.apps.board_firm import board_firm
from tests.coach.firm import OFFICE

pytestmark = pytest.mark.system("H4")
REP, MANAGER = Viewer("rep", "rep", "rep-1", "en"), Viewer("manager", "manager", "team-1", "en")
DIRECTOR = Viewer("director", "manager", "company", "en")


@pytest.fixture
def firm(tmp_path):
    return board_firm(tmp_path, now=datetime(2026, 3, 26, 10, 0, tzinfo=ZoneInfo(OFFICE.zone)))


def open_board(firm, viewer: Viewer) -> Board:
    board = Board(firm.store, firm.service, viewer)
    board.go(Place("reviews"))
    return board


def held(firm, evidence=EVIDENCE) -> Board:
    board = open_board(firm, MANAGER)
    board.tapped({"do": "begin_review", "fields": {"title": "Why new-deal waits"}})
    cause = {"kind": "process_gap", "text": "No step in which delivery confirms the date"}
    assert board.tapped({"do": "add_cause", "number": "0", "fields": cause}) == ["cause.0"]
    for kind in evidence:
        board.tapped({"do": "add_evidence", "number": "0", "fields": {"kind": kind, "text": "shown", "source": "file 7"}})
    made = {"cause": "0", "department": "rep-1", "text": "Ask delivery first"}
    board.tapped({"do": "add_improvement", "number": "0", "fields": made})
    board.tapped({"do": "finish_review", "number": "0"})
    return board


def test_blame_is_answered_with_a_better_question_and_what_was_typed_stays(firm):
    board = open_board(firm, MANAGER)
    board.tapped({"do": "begin_review", "fields": {"title": "x"}})
    assert board.tapped({"do": "add_cause", "number": "0", "fields": {"kind": "skill_gap", "text": "态度不好"}}) == []
    assert "is no cause. Ask instead:" in board.html


def test_a_valid_review_sends_its_improvement_to_the_department_with_72_hours(firm):
    manager = held(firm)
    assert "72 hours run from now" in manager.html
    rep = open_board(firm, REP)
    assert "Reviews (1)" in rep.html
    assert f"data-due='{firm.now + 72 * 3_600_000}'" in rep.html
    assert "Begin a review" not in rep.html
    rep.tapped({"do": "close_improvement", "number": "0", "fields": {"outcome": "It is asked"}})
    assert "No improvement is waiting" in rep.html
    assert "It is asked" in as_csv(rep.table).getvalue().decode("utf-8-sig")
    assert "Improvements per review" in manager.html
    assert "<b>1.0</b>" in manager.html


def test_without_all_three_kinds_it_is_void_and_the_page_says_what_is_missing(firm):
    board = held(firm, EVIDENCE[:2])
    assert "Void: there is no evidence of a document or measurement" in board.html
    assert "No improvement is waiting" in open_board(firm, REP).html


def test_what_is_late_is_with_whoever_leads_everything(firm):
    held(firm)
    firm.now += 73 * 3_600_000
    firm.service.tick()
    director = open_board(firm, DIRECTOR)
    assert "72 hours are over at rep-1; it is with company now." in director.html
    assert "Reviews (1)" in director.html
