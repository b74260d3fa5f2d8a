"""Hand-over: everything that a leaver has going moves to the successor in one act, and nothing else moves."""

import pytest
from sqlalchemy import event

from coach.store import SYSTEM, reading
from tests.coach.firm import STALL, Firm, at, policy_of
from tests.coach.own_records import OwnRecords, processes
from tests.coach.signed_in import Desk

OWES = {**STALL, "then": [{"todo": "owner"}, {"notify": "owner"}]}


@pytest.fixture
def desk(tmp_path):
    firm = Firm(tmp_path, policy_of(OWES))
    for number in range(3):
        firm.deal(f"D{number}", "rep-1")
    firm.deal("other", "rep-2")
    firm.deal("done", "rep-1")
    firm.post("won", "done")
    firm.post("registered", "C", kind="customer", unit="rep-1", owner="rep-1", name="Huaxin")
    firm.post("registered", "gone", kind="customer", unit="rep-1", owner="rep-1")
    firm.post("churned", "gone", kind="customer")
    firm.post("registered", "L", kind="lead", unit="rep-1", owner="rep-1")
    firm.until("2026-01-13 09:00")
    return Desk(firm)


def owned(desk, unit: str) -> set[str]:
    told = reading.records(desk.firm.store, SYSTEM, unit=unit)
    return {each["id"] for each in told if each["kind"] != "unit"}


def todos(desk, unit: str) -> set[str]:
    return {each["record_id"] for each in reading.todos(desk.firm.store, SYSTEM, unit=unit)}


@pytest.mark.system("H2")
def test_customers_open_deals_leads_and_open_todos_move_in_one_act_and_what_is_closed_stays(desk):
    shown = desk.ask("manager", "GET", "/units/rep-1/hand-over").json()
    assert {each["record"] for each in shown["records"]} == {"D0", "D1", "D2", "C", "L"}
    assert shown["todos"] == 3
    assert "Huaxin" in [each["title"]["zh"] for each in shown["records"]]
    assert owned(desk, "rep-2") == {"other"}  # looking moves nothing
    moved = desk.ask("manager", "POST", "/units/rep-1/hand-over", json={"unit": "rep-2"}).json()
    assert [moved[name] for name in ("customer", "opportunity", "lead", "todos")] == [1, 3, 1, 3]
    assert owned(desk, "rep-2") == {"D0", "D1", "D2", "C", "L", "other"}
    assert owned(desk, "rep-1") == {"done", "gone"}
    assert (todos(desk, "rep-1"), todos(desk, "rep-2")) == (set(), {"D0", "D1", "D2", "other"})
    (line,) = [each for each in desk.ask("operations", "GET", "/audit").json() if each["action"] == "handed_over"]
    assert (line["actor"], line["subject"], line["detail"]["to"], line["detail"]["todos"]) == ("manager", "rep-1", "rep-2", 3)
    again = desk.ask("manager", "POST", "/units/rep-1/hand-over", json={"unit": "rep-2"}).json()
    assert set(again.values()) == {0}


@pytest.mark.system("H2")
def test_what_moved_is_the_successors_after_a_restart_and_its_rules_go_on(desk):
    desk.ask("manager", "POST", "/units/rep-1/hand-over", json={"unit": "rep-2"})
    firm = desk.firm
    firm.stand_still("2026-01-13 09:30")
    firm.post("won", "D0")
    assert todos(desk, "rep-2") == {"D1", "D2", "other"}
    firm.post("contact", "D1")
    firm.until("2026-01-21 09:00")
    due = {each["record_id"]: each["due_at"] for each in reading.todos(firm.store, SYSTEM, unit="rep-2")}
    assert due["D1"] == at("2026-01-20 09:30") > due["D2"]
    assert todos(desk, "rep-1") == set()


@pytest.mark.system("H2")
def test_open_records_of_the_firms_own_kinds_move_with_their_todos_and_completed_ones_stay(tmp_path):
    desk = OwnRecords(tmp_path, "visits-and-contracts")
    for visit in ("V", "W", "begun"):
        desk.post("registered", "visit", visit, name=f"Visit {visit}")
    desk.post("started", "visit", "begun")
    desk.post("completed", "visit", "W")
    shown = desk.ask("manager", "GET", "/units/rep-1/hand-over").json()
    assert {(each["kind"], each["record"]) for each in shown["records"]} == {("visit", "V"), ("visit", "begun")}
    kind = processes()["visits-and-contracts"].record_kinds["visit"]
    assert {(each["called"]["en"], each["called"]["zh"]) for each in shown["records"]} == {kind.called}
    moved = desk.ask("manager", "POST", "/units/rep-1/hand-over", json={"unit": "rep-2"}).json()
    assert moved["own"] == 2
    assert (owned(desk, "rep-2"), owned(desk, "rep-1")) == ({"V", "begun"}, {"W"})
    desk.firm.stand_still("2026-01-13 09:30")
    assert owned(desk, "rep-2") == {"V", "begun"}


def test_all_of_it_moves_or_nothing(desk):
    store = desk.firm.store

    def fails(_connection, _cursor, statement, *_):
        if statement.startswith("UPDATE pursuit"):
            raise RuntimeError("the disk is full")

    event.listen(store.engine, "before_cursor_execute", fails)
    assert desk.ask("manager", "POST", "/units/rep-1/hand-over", json={"unit": "rep-2"}).status_code == 500
    event.remove(store.engine, "before_cursor_execute", fails)
    assert (owned(desk, "rep-2"), len(todos(desk, "rep-1"))) == ({"other"}, 3)
    assert desk.ask("manager", "POST", "/units/rep-1/hand-over", json={"unit": "rep-2"}).json()["todos"] == 3


def test_who_may_not_and_who_cannot_succeed_is_told_so_in_both_languages(desk):
    desk.firm.post("absence_began", "rep-2", kind="unit", left_at=float(desk.firm.now))
    asked = (("rep", "rep-2", 403), ("manager", "company", 403), ("manager", "rep-1", 422), ("operations", "nobody", 404),
             ("operations", "team-1", 422), ("operations", "company", 422),
             ("manager", "rep-2", 422))  # fmt: skip
    for role, to, status in asked:
        answer = desk.ask(role, "POST", "/units/rep-1/hand-over", json={"unit": to})
        assert answer.status_code == status, (role, to)
        assert answer.json()["en"].isascii()
        assert not answer.json()["zh"].isascii()
    assert owned(desk, "rep-2") == {"other"}
