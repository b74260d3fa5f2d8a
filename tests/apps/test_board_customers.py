"""Customers on the board: who is known already is told before a lead is filed, and two pursue one customer together."""

import csv
from datetime import datetime
from io import StringIO
from zoneinfo import ZoneInfo

import pytest

from apps.board.page import Board
from apps.board.place import Place
from apps.board.taking import as_csv
from coach.customers.register import Register
from coach.store import SYSTEM, Viewer, reading
from tests.apps.board_firm import board_firm
from tests.coach.firm import OFFICE

pytestmark = pytest.mark.system("P12")
REP, PEER = Viewer("rep", "rep", "rep-1", "en"), Viewer("peer", "rep", "rep-2", "en")
MANAGER = Viewer("manager", "manager", "team-1", "en")
NAME, AMOUNT = "北京澜信科技有限公司", 654_321.0
SOUGHT = {"customer": "澜信科技", "phone": "", "tax_number": ""}


@pytest.fixture
def firm(tmp_path):
    made = board_firm(tmp_path, now=datetime(2026, 3, 26, 10, 0, tzinfo=ZoneInfo(OFFICE.zone)))
    made.deal("D-1", "rep-1", customer=NAME, amount=AMOUNT)
    return made


@pytest.fixture
def open_board(firm):
    """Opens boards that share one register of customers, as those of one server do."""
    customers = Register()

    def opened(viewer: Viewer) -> Board:
        board = Board(firm.store, firm.service, viewer, customers=customers)
        board.go(Place("customers"))
        return board

    return opened


def shown(board: Board) -> str:
    return board.html


def leads(firm) -> list[dict]:
    return reading.records(firm.store, SYSTEM, kind="lead")


def test_looking_names_who_is_likely_the_same_and_its_owner_and_no_figure(open_board):
    board = open_board(PEER)
    board.tapped({"do": "find", "fields": SOUGHT})
    assert NAME in shown(board)
    assert "owner: rep-1" in shown(board)
    assert "likely the same" in shown(board)
    assert "654" not in shown(board)
    assert "open deals" not in shown(board)


def test_whether_somebody_is_at_a_customer_is_told_to_its_owner_only(firm, open_board):
    firm.post("lost", "D-1")
    owner, peer = open_board(REP), open_board(PEER)
    for board in (owner, peer):
        board.tapped({"do": "find", "fields": SOUGHT})
        assert NAME in shown(board)
    assert "nobody is at it" in shown(owner)
    assert "nobody is at it" not in shown(peer)


def test_the_owner_is_told_the_open_deals(open_board):
    board = open_board(REP)
    board.tapped({"do": "find", "fields": SOUGHT})
    assert "open deals: 1" in shown(board)
    assert "data-do='join'" not in shown(board)


def test_a_lead_that_is_likely_known_is_not_filed_until_somebody_says_that_it_is_another(firm, open_board):
    board = open_board(PEER)
    board.tapped({"do": "file", "fields": SOUGHT})
    assert "Nothing was filed" in shown(board)
    assert NAME in shown(board)
    assert leads(firm) == []
    forget = board.tapped({"do": "apart"})
    assert [(each["unit"], each["values"]["customer"]) for each in leads(firm)] == [("rep-2", "澜信科技")]
    assert "customers.customer" in forget
    (said,) = [each for each in reading.audit(firm.store, SYSTEM) if each["action"] == "not_the_same"]
    assert (said["actor"], said["detail"]["others"]) == ("peer", ["D-1"])


def test_a_customer_that_nobody_knows_is_filed_at_once(firm, open_board):
    board = open_board(PEER)
    asked = {"customer": "苏州瑞珂机械有限公司", "phone": "0512-66180042", "tax_number": ""}
    board.tapped({"do": "find", "fields": asked})
    assert "Nobody like this is known yet" in shown(board)
    board.tapped({"do": "file"})
    assert "Filed as your new lead: 苏州瑞珂机械有限公司" in shown(board)
    (lead,) = leads(firm)
    assert (lead["values"]["phone"], lead["values"]["owner"]) == ("0512-66180042", "rep-2")
    assert lead["title"]["zh"] == "苏州瑞珂机械有限公司"


def test_too_little_is_told_so(open_board):
    board = open_board(PEER)
    board.tapped({"do": "find", "fields": {"customer": "科", "phone": "", "tax_number": ""}})
    assert "Write more of the name" in shown(board)


def test_without_a_name_nothing_is_filed(firm, open_board):
    board = open_board(PEER)
    board.tapped({"do": "file", "fields": {"customer": " ", "phone": "13910045521", "tax_number": ""}})
    assert "Write the customer&#39;s name" in shown(board)
    assert leads(firm) == []


def test_two_pursue_a_customer_together_and_whoever_takes_a_task_stands_in_it(open_board):
    peer, rep, manager = open_board(PEER), open_board(REP), open_board(MANAGER)
    asked = {"do": "join", "kind": "opportunity", "record": "D-1", "fields": {"reason": "a second plant"}}
    peer.tapped(asked)
    assert "waits for the owner" in shown(peer)
    assert "data-value='joint'" not in shown(peer)
    rep.go(Place("customers"))
    assert "Customers (1)" in shown(rep)
    assert "Customers (1)" not in shown(peer)
    assert "a second plant" in shown(rep)
    rep.tapped({"do": "decide", "number": "0", "value": "joint"})
    peer.tapped({"do": "task", "number": "0", "fields": {"text": "visit the plant"}})
    assert "nobody has it yet" in shown(peer)
    rep.tapped({"do": "take", "number": "0"})
    for board in (peer, manager, rep):
        board.go(Place("customers"))
        assert "taken by rep" in shown(board)
    assert "data-do='finish'" not in shown(peer)
    rep.tapped({"do": "finish", "number": "0"})
    assert "done by rep" in shown(rep)
    assert "654" not in shown(peer)


def test_a_third_sees_nothing_of_it(firm, open_board):
    firm.post("registered", "rep-3", kind="unit", level="rep", parent="company")
    open_board(PEER).tapped({"do": "join", "kind": "opportunity", "record": "D-1", "fields": {}})
    assert NAME not in shown(open_board(Viewer("third", "rep", "rep-3", "en")))


def test_what_was_found_can_be_taken_away(open_board):
    board = open_board(REP)
    board.tapped({"do": "find", "fields": SOUGHT})
    rows = list(csv.reader(StringIO(as_csv(board.table).getvalue().decode("utf-8-sig"))))
    assert rows[0] == ["customer", "owner", "likeness", "why", "open deals"]
    assert rows[1][:2] == [NAME, "rep-1"]


def test_the_page_speaks_chinese(open_board):
    board = open_board(PEER._replace(language="zh"))
    board.tapped({"do": "find", "fields": SOUGHT})
    assert "很可能相同" in shown(board)
    assert "负责人：rep-1" in shown(board)
