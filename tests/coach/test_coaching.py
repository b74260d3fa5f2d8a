"""Coaching hours: booked in working time as the policy says, behind what is kept for escalations; held or not (H5)."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.board.page import Board
from apps.board.place import Place
from coach.coaching.booking import HOUR_MS, kept_for_escalations, month_of, sessions_of
from coach.store import Viewer
from policies.language.policy import Policy
from policies.time.calendar import Calendar
from policies.time.calendar_arrays import open_between
from tests.coach.firm import Firm, at, policy_of
from tests.coach.signed_in import Desk

MONTH = month_of(Calendar(), at("2026-03-10 12:00"))
TO_MANAGER = {"id": "stuck", "on": "opportunity", "since": "last_action_at", "after": "1d", "when": {"status": "open"},
              "then": [{"escalate": "manager"}]}  # fmt: skip


@pytest.fixture
def desk(tmp_path):
    firm = Firm(tmp_path, start="2026-02-27 09:00")
    policy = policy_of(TO_MANAGER, coaching={"hours_per_rep_month": 2.5}, escalation={"hours_per_week": 5})
    firm.service.activate(policy, "tester")
    firm.until("2026-03-02 08:00")
    return Desk(firm)


def month(desk, role: str) -> dict:
    (told,) = desk.ask(role, "GET", "/coaching").json()
    return told


def mark(desk, role: str = "manager", **told):
    return desk.ask(role, "POST", "/coaching/marks", json={"rep": "rep-1", "number": 0, "held": True} | told)


@given(hours=st.floats(0, 12), reps=st.integers(1, 9), kept=st.floats(0, 30))
@settings(max_examples=30)
def test_sessions_lie_in_working_time_behind_what_is_kept_and_never_overlap(hours, reps, kept):
    policy = Policy(name="p", coaching={"hours_per_rep_month": hours}, escalation={"hours_per_week": kept})
    names = [f"rep-{number}" for number in range(reps)]
    found = sessions_of(policy, MONTH, "team-1", names)
    assert found == sessions_of(policy, MONTH, "team-1", names)
    for one, other in pairwise(found):
        assert open_between(MONTH.days, one.start_at, other.start_at) >= one.length_ms
    for each in found:
        day = max(midnight for midnight in MONTH.open_ms if midnight <= each.start_at)
        before = open_between(MONTH.days, day, each.start_at)
        assert before >= kept_for_escalations(policy, MONTH.open_ms[day])
        assert before + each.length_ms <= MONTH.open_ms[day]
    wanted = round(hours * HOUR_MS)
    for rep in names:
        booked = sum(each.length_ms for each in found if each.rep == rep)
        assert booked <= wanted
        assert booked == wanted or sum(MONTH.open_ms.values()) < 3 * reps * wanted + kept * 5 * HOUR_MS


@pytest.mark.system("H5")
def test_the_policys_hours_are_booked_for_manager_and_rep_and_told_with_what_competes(desk):
    told = month(desk, "manager")
    assert [(each["rep"], each["number"], each["length_ms"] / HOUR_MS) for each in told["sessions"]] == [
        ("rep-1", 0, 1.0), ("rep-2", 0, 1.0), ("rep-1", 1, 1.0), ("rep-2", 1, 1.0), ("rep-1", 2, 0.5), ("rep-2", 2, 0.5),
    ]  # fmt: skip
    assert told["sessions"][0]["start_at"] == at("2026-03-02 10:00")  # the first open hour of the day is for escalations
    hours = told["hours"]
    assert (hours["booked"], hours["kept"], hours["working"]) == (5.0, 22.0, 22 * 7.5)
    assert hours["share"] == pytest.approx(27 / 165)
    own = month(desk, "rep")
    assert own["sessions"] == [each for each in told["sessions"] if each["rep"] == "rep-1"]
    assert own["hours"] is None


@pytest.mark.system("H5")
def test_a_manager_says_what_was_held_and_what_took_the_hour(desk):
    assert mark(desk).status_code == 422  # it has not begun
    desk.firm.deal()
    desk.ask("rep", "POST", "/requests", json={"deal": "A", "desk": "manager", "question": "May I?"})
    desk.firm.until("2026-03-13 09:00")
    assert mark(desk).status_code == 200
    assert mark(desk, rep="rep-2", held=False).status_code == 422
    assert mark(desk, rep="rep-2", held=False, why="escalations").status_code == 200
    assert mark(desk, "rep").status_code == 403
    told = month(desk, "manager")
    assert [(each["held"], each["why"]) for each in told["sessions"][:3]] == [(True, ""), (False, "escalations"), (None, "")]
    hours = told["hours"]
    assert (hours["due"], hours["held"], hours["not_held"], hours["escalations"], hours["approvals"]) == (3.0, 1.0, 1.0, 1, 1)
    desk.firm.stand_still("2026-03-13 09:00")
    assert mark(desk, rep="rep-2").status_code == 200
    assert month(desk, "manager")["hours"]["held"] == 2.0


@pytest.mark.system("H5")
def test_both_find_it_on_today_and_the_manager_marks_it_with_one_tap(desk):
    rep = Board(desk.firm.store, desk.firm.service, Viewer("rep", "rep", "rep-1", "zh"))
    assert "team-1 负责人的辅导" in rep.html
    desk.firm.until("2026-03-02 11:30")
    board = Board(desk.firm.store, desk.firm.service, Viewer("manager", "manager", "team-1", "en"))
    board.go(Place("today"))
    assert "Coach rep-1" in board.html
    assert "5 h of coaching are booked and 22 h kept for escalations" in board.html
    board.tapped({"do": "coached", "rep": "rep-1", "number": "0", "value": "approvals"})
    assert month(desk, "manager")["sessions"][0]["why"] == "approvals"
    assert "Held 0 of 1 h" in board.html


@pytest.mark.system("H5")
def test_at_the_end_of_a_month_the_week_ahead_is_told_and_the_last_days_are_marked_in_the_next(desk):
    desk.firm.until("2026-03-31 12:00")
    ahead = [each for each in month(desk, "rep")["sessions"] if each["start_at"] > desk.firm.now]
    assert [each["start_at"] for each in ahead] == [at("2026-04-01 10:00")]
    rep = Board(desk.firm.store, desk.firm.service, Viewer("rep", "rep", "rep-1", "en"))
    assert "Coaching by who leads team-1" in rep.html
    desk.firm.service.activate(policy_of(coaching={"hours_per_rep_month": 22}), "tester")
    desk.firm.until("2026-04-01 08:00")
    last = [each for each in month(desk, "rep")["sessions"] if each["start_at"] < desk.firm.now][-1]
    assert (last["month_at"], last["held"]) == (at("2026-03-01 00:00"), None)
    board = Board(desk.firm.store, desk.firm.service, Viewer("manager", "manager", "team-1", "en"))
    board.go(Place("today"))
    told = {"rep": "rep-1", "number": str(last["number"]), "key": str(last["month_at"])}
    assert f"data-number='{last['number']}' data-value='' data-key='{last['month_at']}'" in board.html
    board.tapped({"do": "coached", **told})
    assert next(each for each in month(desk, "rep")["sessions"] if each["start_at"] == last["start_at"])["held"] is True
    held = month(desk, "manager")["hours"]["held"]
    assert held == 0.0  # the hours are of the running month
    desk.firm.until("2026-04-09 08:00")
    assert mark(desk, number=last["number"], month_at=last["month_at"]).status_code == 422


@pytest.mark.system("H5")
def test_another_policy_books_other_hours(desk):
    desk.firm.service.activate(policy_of(coaching={"hours_per_rep_month": 0}), "tester")
    assert month(desk, "manager")["sessions"] == []
