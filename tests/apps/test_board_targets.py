"""Targets on the board: proposed and confirmed by a director, looked at and signed by a rep, adjusted with two approvals."""

import pytest

from apps.board.page import Board
from apps.board.place import Place
from apps.board.setting import ACTS
from coach.store import SYSTEM, Viewer, reading
from tests.coach.firm import Firm, at, policy_of
from tests.coach.test_targets import FIXED

REP, PEER = Viewer("rep", "rep", "rep-1", "en"), Viewer("peer", "rep", "rep-2", "en")
MANAGER, DIRECTOR = Viewer("manager", "manager", "team-1", "en"), Viewer("director", "manager", "company", "zh")
FINANCE = Viewer("money", "desk", "finance", "en")
ELASTIC = {"day": 5, "per_quarter": 2, "evidence": "need_change", "approved_by": ["director", "finance"]}


@pytest.fixture
def firm(tmp_path):
    made = Firm(tmp_path, policy_of(targets=FIXED | {"elasticity": ELASTIC}))
    made.deal("A", "rep-1", amount=777.0, customer="Blue Sea")
    yield made
    made.store.close()


def shown(firm, viewer: Viewer, *taps: dict) -> str:
    """What somebody sees under Targets after some taps."""
    board = Board(firm.store, firm.service, viewer)
    board.go(Place("targets"))
    for tap in taps:
        board.tapped({"do": "target", **tap})
    return board.html


def in_force(firm) -> None:
    shown(firm, DIRECTOR, {"event": "propose_running"}, {"event": "confirm", "number": "1"})


def targets(firm) -> dict[str, float | None]:
    return {each["unit"]: each["target"] for each in reading.targets(firm.store, SYSTEM)}


@pytest.mark.system("G8")
def test_a_director_proposes_sees_why_and_confirms_and_nobody_else_can(firm):
    proposed = shown(firm, DIRECTOR, {"event": "propose_running", "fields": {"unit": "company", "total": "70,001"}})
    for said in ("已提出，未生效", "70,001", "人工调整；测算值为 31,000。", "制度为每人规定了相同的固定金额。", "确认生效"):
        assert said in proposed
    for viewer in (REP, PEER, MANAGER):
        assert "data-event='confirm'" not in shown(firm, viewer)
        assert "class='callout worse'" in shown(firm, viewer, {"event": "confirm", "number": "1"})
    assert set(targets(firm).values()) == {None}
    assert "已生效" in shown(firm, DIRECTOR, {"event": "confirm", "number": "1"})
    assert targets(firm)["company"] == 70_001


@pytest.mark.system("G8")
def test_a_team_manager_is_shown_the_own_units_of_a_proposal_and_a_rep_none(firm):
    in_force(firm)
    assert "rep-1" in shown(firm, MANAGER)
    assert "<h3>" not in shown(firm, PEER)
    assert "62,000" not in shown(firm, PEER)


@pytest.mark.system("G5")
def test_a_rep_looks_before_signing(firm):
    in_force(firm)
    before = shown(firm, REP)
    assert "Not signed yet." in before
    assert "data-event='sign'" not in before
    looked = shown(firm, REP, {"event": "look"})
    for said in ("Target: ", "in the same period a year ago", "No benchmark", "hours of coaching a month", "data-event='sign'"):
        assert said in looked
    key = looked.split("data-event='sign' data-key='")[1].split("'")[0]
    assert "Signed " in shown(firm, REP, {"event": "sign", "key": key})
    assert "class='callout worse'" in shown(firm, REP, {"event": "sign", "key": key})


@pytest.mark.system("G6")
def test_an_adjustment_stands_on_the_pages_of_those_who_must_approve_until_they_have(firm):
    in_force(firm)
    firm.until("2026-01-08 10:00")
    page = shown(firm, REP)
    assert "business day 5" in page
    assert "value='opportunity:A'>Blue Sea<" in page
    given = {"target": "20,000", "evidence": "the plant closes", "record": "opportunity:A"}
    assert "waits" in shown(firm, REP, {"event": "adjust", "fields": given})
    for viewer in (DIRECTOR, FINANCE):
        assert "data-event='approve' data-number='1'" in shown(firm, viewer)
        assert "the plant closes" in shown(firm, viewer, {"event": "approve", "number": "1"})
        assert "data-event='approve'" not in shown(firm, viewer)
    assert "granted" in shown(firm, REP)
    assert (targets(firm)["rep-1"], targets(firm)["team-1"]) == (20_000, 51_000)


@pytest.mark.system("G6")
def test_outside_the_window_the_page_says_when_it_will_be_possible(firm):
    in_force(firm)
    firm.now = at("2026-01-06 10:00")
    given = {"target": "20000", "evidence": "x", "record": "opportunity:A"}
    assert "next on 2026-01-08" in shown(firm, REP, {"event": "adjust", "fields": given})
    assert "whole amount" in shown(firm, REP, {"event": "adjust", "fields": given | {"target": "a lot"}})


@pytest.mark.system("G9")
def test_a_move_is_proposed_to_the_manager_above_both_and_stands_on_the_pages_of_those_whom_it_concerns(firm):
    for number in range(26):
        firm.post("registered", f"L{number}", kind="lead", unit="rep-1")
    in_force(firm)
    firm.deal("W", "rep-1", amount=60_000.0)
    firm.post("won", "W", amount=60_000.0)
    firm.until("2026-01-20 10:00")
    assert "rep-2 is at 0% of pace, rep-1 at " in shown(firm, MANAGER)
    assert "data-event='move'" not in shown(firm, REP)
    tap = {"event": "move", "value": "rep-1", "rep": "rep-2", "kind": "leads", "fields": {"why": "until the fair"}}
    assert "Say why." in shown(firm, MANAGER, tap | {"fields": {}})
    for page in (shown(firm, MANAGER, tap), shown(firm, REP), shown(firm, PEER)):
        assert "0.5 leads a week from rep-1 to rep-2, manager, " in page
        assert "until the fair" in page
    assert "data-event='withdraw_move'" not in shown(firm, REP)
    back = {"event": "withdraw_move", "number": "1"}
    assert "taken back, manager, " in shown(firm, MANAGER, back)
    assert "taken back, manager, " in shown(firm, PEER)
    assert "rep-1 at " not in shown(firm, PEER)


def test_whatever_a_page_reports_about_targets_nothing_fails(firm):
    for viewer in (REP, MANAGER, DIRECTOR, FINANCE):
        for act in (*ACTS, "nothing"):
            assert "(Error" not in shown(firm, viewer, {"event": act, "number": "7"})
