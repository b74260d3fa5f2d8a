"""Who gets a lead, live: given out as the policy's section on routing says, told to who gets it, with the reasons."""

import json
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.routing.reading import all_assignments
from coach.rules.service import Service
from coach.store import SYSTEM, Store, reading
from coach.store.backups import backup
from policies.documents.document import plain_yaml
from policies.language.policy import Policy
from tests.coach.firm import Firm, policy_of
from tests.coach.signed_in import Desk

GUIDE = Path(__file__).parents[2] / "docs" / "routing.md"
UNTOUCHED = {"id": "untouched", "on": "lead", "since": "assigned_at", "after": "4bh",
             "when": {"status": "open", "contacted": False}, "then": ["reroute"]}  # fmt: skip


def routed(*rules: dict, **changes) -> Policy:
    return policy_of(*rules, routing={"assigned_by": "coach", "method": "round_robin", "within_minutes": 5, **changes})


def arrives(desk: Desk, lead: str, **payload) -> None:
    """A lead that nobody owns comes from a website, through the interface."""
    told = {"source": "website", "customer": f"Customer of {lead}", "budget_tier": 3.0, **payload}
    event = json.loads(desk.firm.event("registered", lead, kind="lead", **told).model_dump_json())
    assert desk.ask("operations", "POST", "/events", json={"events": [event]}).json()["accepted"] == 1


def owner(desk: Desk, lead: str) -> str | None:
    return desk.ask("operations", "GET", f"/records/lead/{lead}").json()["unit"]


def given_to(desk: Desk, lead: str) -> list[tuple[str, str]]:
    told = desk.ask("operations", "GET", f"/leads/{lead}/assignments").json()
    return [(each["how"], each["unit"]) for each in told]


def waiting(desk: Desk, role: str = "operations") -> list[tuple[str, str]]:
    return [(each["lead"], each["waits_for"]) for each in desk.ask(role, "GET", "/leads/waiting").json()]


@pytest.mark.system("L1")
def test_a_lead_that_nobody_owns_is_given_out_in_turn_within_the_minutes_scored_told_and_explained(tmp_path):
    desk = Desk(Firm(tmp_path, routed()))
    arrives(desk, "L1", source="referral")
    arrives(desk, "L2")
    assert waiting(desk) == [("L1", "coach"), ("L2", "coach")]
    desk.firm.until("2026-01-05 09:04")
    assert owner(desk, "L1") is None
    desk.firm.until("2026-01-05 09:06")
    assert (owner(desk, "L1"), owner(desk, "L2"), waiting(desk)) == ("rep-1", "rep-2", [])
    lead = desk.ask("rep", "GET", "/records/lead/L1").json()
    assert (lead["status"], lead["values"]["score"], lead["values"]["owner"]) == ("open", 100.0, "rep-1")
    (notice,) = desk.ask("rep", "GET", "/notices").json()
    assert (notice["record_id"], notice["told_to"], notice["late"]) == ("L1", "rep-1", False)
    assert "100 of 100" in notice["text"]["en"]
    assert "轮流" in notice["text"]["zh"]
    (why,) = desk.ask("peer", "GET", "/leads/L2/assignments").json()
    assert "rep-1" in why["reasons"]["en"]
    assert "rep-1" in why["reasons"]["zh"]


@pytest.mark.system("L1")
def test_a_peer_is_told_nothing_of_a_lead_that_somebody_else_got(tmp_path):
    desk = Desk(Firm(tmp_path, routed()))
    arrives(desk, "L1")
    desk.firm.until("2026-01-05 09:06")
    assert desk.ask("peer", "GET", "/leads/L1/assignments").status_code == 404
    for path in ("/records", "/notices", "/leads/waiting", "/firings"):
        assert "L1" not in desk.ask("peer", "GET", path).text


def test_leads_that_come_with_their_owner_and_those_of_another_system_are_left_alone(tmp_path):
    desk = Desk(Firm(tmp_path, routed()))
    arrives(desk, "theirs")
    desk.firm.post("assigned", "theirs", kind="lead", unit="rep-2", owner="rep-2")
    desk.firm.post("registered", "own", kind="lead", unit="rep-1", owner="rep-1")
    desk.firm.until("2026-01-05 12:00")
    assert (owner(desk, "theirs"), given_to(desk, "theirs"), given_to(desk, "own")) == ("rep-2", [], [])
    desk.firm.service.activate(policy_of(), "tester")
    arrives(desk, "L1")
    desk.firm.until("2026-01-06 12:00")
    assert (owner(desk, "L1"), waiting(desk)) == (None, [("L1", "source")])


def test_leads_from_before_the_coach_gave_leads_out_stay_as_they_are_and_are_seen(tmp_path):
    desk = Desk(Firm(tmp_path))
    arrives(desk, "old")
    desk.firm.until("2026-01-05 09:30")
    desk.firm.service.activate(routed(), "tester")
    arrives(desk, "new")
    desk.firm.until("2026-01-05 10:00")
    assert (owner(desk, "old"), owner(desk, "new"), waiting(desk)) == (None, "rep-1", [("old", "source")])


def test_what_an_import_tells_of_the_past_is_not_given_out(tmp_path):
    desk = Desk(Firm(tmp_path, routed()))
    for lead, acted in (("history", "2025-11-03 09:00"), ("late", "2026-01-02 09:00")):
        desk.firm.post("registered", lead, kind="lead", acted=acted)
    desk.firm.until("2026-01-05 10:00")
    assert (owner(desk, "late"), waiting(desk)) == ("rep-1", [("history", "source")])


@pytest.mark.system("L1")
def test_the_best_suited_is_who_won_most_in_the_industry_and_is_not_laden(tmp_path):
    desk = Desk(Firm(tmp_path, routed(method="best_suited")))
    for number in range(8):
        desk.firm.deal(f"won-{number}", "rep-2", industry=3)
        desk.firm.post("won", f"won-{number}")
        desk.firm.deal(f"lost-{number}", "rep-1", industry=3)
        desk.firm.post("lost", f"lost-{number}")
    for lead, industry in (("same", 3), ("other", 1)):
        arrives(desk, lead, industry=industry)
        desk.firm.until("2026-01-05 09:10" if lead == "same" else "2026-01-05 09:30")
    assert (owner(desk, "same"), owner(desk, "other")) == ("rep-2", "rep-1")
    (why,) = desk.ask("operations", "GET", "/leads/same/assignments").json()
    assert "8 of 8 closed deals of this industry won" in why["reasons"]["en"]
    assert "赢单 8 个" in why["reasons"]["zh"]


@pytest.mark.system("L1")
@pytest.mark.parametrize("action", [None, "contact", "attempt", "first_contact"])
def test_by_the_rule_of_the_guide_a_lead_with_which_anything_was_done_stays(tmp_path, action):
    found = re.findall(r"```yaml fragment\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    [rule] = [rule for text in found for rule in plain_yaml(text).get("rules", []) if rule["id"] == "untouched"]
    desk = Desk(Firm(tmp_path, routed(rule, method="best_suited", within_minutes=0)))
    arrives(desk, "L1")
    desk.firm.until("2026-01-05 09:01")
    first = owner(desk, "L1")
    if action is not None:
        desk.firm.post(action, "L1", kind="lead")
    desk.firm.until("2026-01-05 15:00")
    assert (owner(desk, "L1") == first) == (action is not None)


@pytest.mark.system("L1")
def test_a_lead_that_is_not_taken_up_goes_to_a_named_next_person(tmp_path):
    desk = Desk(Firm(tmp_path, routed(UNTOUCHED, method="best_suited", within_minutes=0)))
    arrives(desk, "L1")
    desk.firm.until("2026-01-05 09:01")
    first = owner(desk, "L1")
    desk.firm.until("2026-01-05 15:00")
    second = owner(desk, "L1")
    assert {first, second} == {"rep-1", "rep-2"}
    why = desk.ask("operations", "GET", "/leads/L1/assignments").json()[-1]
    assert f"Taken from {first}" in why["reasons"]["en"]
    assert "untouched" in why["reasons"]["zh"]
    assert f"以上人数不含{why['why']['taken_from']}。" in why["reasons"]["zh"]
    assert desk.ask("rep" if second == "rep-2" else "peer", "GET", "/leads/L1/assignments").status_code == 404


@pytest.mark.system("L2")
def test_a_lead_goes_to_the_store_of_its_region_and_elsewhere_where_nobody_of_the_region_is_there(tmp_path):
    desk = Desk(Firm(tmp_path, routed(method="nearest", within_minutes=0)))
    desk.firm.post("field_recorded", "rep-1", kind="unit", region=1)
    desk.firm.post("field_recorded", "rep-2", kind="unit", region=2)
    for lead in ("A", "B"):
        arrives(desk, lead, source="store", region=2)
    desk.firm.until("2026-01-05 09:01")
    assert (owner(desk, "A"), owner(desk, "B")) == ("rep-2", "rep-2")
    desk.firm.post("absence_began", "rep-2", kind="unit")
    arrives(desk, "C", source="store", region=2)
    desk.firm.until("2026-01-05 09:02")
    assert owner(desk, "C") == "rep-1"
    (why,) = desk.ask("operations", "GET", "/leads/C/assignments").json()
    assert "Absent: rep-2." in why["reasons"]["en"]


def test_a_region_recorded_of_a_unit_holds_for_those_below(tmp_path):
    desk = Desk(Firm(tmp_path, routed(method="nearest", within_minutes=0)))
    desk.firm.post("registered", "store-7", kind="unit", level="team", parent="company", region=7)
    desk.firm.post("registered", "clerk", kind="unit", level="rep", parent="store-7")
    arrives(desk, "L1", source="store", region=7)
    desk.firm.until("2026-01-05 09:01")
    assert owner(desk, "L1") == "clerk"


@pytest.mark.system("L1")
def test_where_managers_choose_leads_wait_for_them(tmp_path):
    desk = Desk(Firm(tmp_path, routed(method="manual")))
    arrives(desk, "L1")
    desk.firm.until("2026-01-05 12:00")
    assert waiting(desk, "manager") == [("L1", "manual")]
    assert waiting(desk, "rep") == []
    assert desk.ask("rep", "POST", "/leads/L1/assign", json={"unit": "rep-1"}).status_code == 403
    assert desk.ask("manager", "POST", "/leads/L1/assign", json={"unit": "company"}).status_code == 403
    to_team = desk.ask("operations", "POST", "/leads/L1/assign", json={"unit": "team-1"})
    assert to_team.json()["en"] == "team-1 is no rep; choose somebody who sells."
    assert desk.ask("manager", "POST", "/leads/L1/assign", json={"unit": "rep-2"}).status_code == 200
    assert (owner(desk, "L1"), given_to(desk, "L1"), waiting(desk)) == ("rep-2", [("manual", "rep-2")], [])
    assert desk.ask("peer", "GET", "/notices").json()[0]["record_id"] == "L1"
    assert desk.ask("operations", "GET", "/audit").json()[0]["action"] == "lead_assigned"
    assert desk.ask("manager", "POST", "/leads/L1/assign", json={"unit": "rep-2"}).status_code == 422
    assert desk.ask("manager", "POST", "/leads/L1/assign", json={"unit": "rep-1"}).status_code == 200
    assert owner(desk, "L1") == "rep-1"


@pytest.mark.system("L1")
def test_a_rep_takes_a_lead_from_the_pool_and_nobody_else_can_afterwards(tmp_path):
    desk = Desk(Firm(tmp_path, routed(method="pool", lead_cap=1)))
    arrives(desk, "L1", phone="13800001111")
    arrives(desk, "L2")
    (first, _) = desk.ask("rep", "GET", "/leads/waiting").json()
    assert (first["lead"], first["waits_for"], first["score"]) == ("L1", "pool", 90.0)
    assert "Customer of" not in json.dumps(first)
    assert "13800001111" not in json.dumps(first)
    assert desk.ask("rep", "POST", "/leads/L1/take").status_code == 200
    late = desk.ask("peer", "POST", "/leads/L1/take")
    assert (late.status_code, owner(desk, "L1"), given_to(desk, "L1")) == (422, "rep-1", [("pool", "rep-1")])
    assert "taken" in late.json()["en"]
    assert "领取" in late.json()["zh"]
    assert desk.ask("rep", "POST", "/leads/L2/take").status_code == 422  # holds as many as the policy allows
    assert desk.ask("manager", "POST", "/leads/L2/take").status_code == 403


def test_another_policy_goes_on_with_what_waits(tmp_path):
    desk = Desk(Firm(tmp_path, routed(method="manual")))
    arrives(desk, "L1")
    desk.firm.until("2026-01-05 10:00")
    desk.firm.service.activate(routed(), "tester")
    desk.firm.until("2026-01-05 10:04")
    assert owner(desk, "L1") is None
    desk.firm.until("2026-01-05 10:06")
    assert owner(desk, "L1") == "rep-1"


def test_what_came_due_while_nobody_was_there_is_given_out_at_its_instant_and_told_once(tmp_path):
    firm = Firm(tmp_path, routed(UNTOUCHED))
    desk = Desk(firm)
    arrives(desk, "L1")
    firm.stand_still("2026-01-05 17:00")
    firm.service.tick()
    given = desk.ask("operations", "GET", "/leads/L1/assignments").json()
    assert [(each["unit"], each["at"] - given[0]["at"] > 3_600_000) for each in given] == [("rep-1", False), ("rep-2", True)]
    notices = reading.notices(firm.store, SYSTEM)
    assert [(each["unit"], each["late"]) for each in notices if each["sent"]] == [("rep-2", True)]


@pytest.mark.file
def test_a_backup_goes_on_giving_leads_out_where_it_was_taken(tmp_path):
    firm = Firm(tmp_path, routed())
    desk = Desk(firm)
    for lead in ("L1", "L2", "L3"):
        arrives(desk, lead)
        firm.until(f"2026-01-05 09:0{lead[1]}")
    firm.until("2026-01-05 09:05:30")
    backup(firm.path, tmp_path / "copy.db")
    firm.until("2026-01-05 10:00")
    copy = Store.open(tmp_path / "copy.db")
    Service(copy, lambda: firm.now).tick()
    assert all_assignments(copy) == all_assignments(firm.store)
    assert [unit for _, unit, _ in all_assignments(copy)] == ["rep-1", "rep-2", "rep-1"]
    copy.close()


Step = st.one_of(
    st.tuples(st.just("arrives"), st.integers(1, 3)),
    st.tuples(st.sampled_from(["absence_began", "absence_ended"]), st.integers(1, 2)),
    st.tuples(st.just("lost"), st.integers(0, 5)),
    st.tuples(st.just("passes"), st.sampled_from([1, 6, 45, 300])),
)
CAP = 2


def played(folder: Path, steps, restarts: bool) -> tuple[list[dict], dict[str, str | None], list[str]]:
    """What was given out, who owns each lead, and which wait, after a firm went through some steps."""
    firm = Firm(folder, routed(UNTOUCHED, lead_cap=CAP))
    leads, lost = 0, set()
    for what, number in steps:
        if what == "arrives":
            for _ in range(number):
                leads += 1
                firm.post("registered", f"L{leads}", kind="lead", region=1)
        elif what == "lost":
            if 1 <= number <= leads and number not in lost:
                lost.add(number)
                firm.post("lost", f"L{number}", kind="lead")
        elif what == "passes":
            firm.now += number * 60_000
            firm.service.tick()
        else:
            firm.post(what, f"rep-{number}", kind="unit")
        if restarts:
            firm.service = Service(firm.store, lambda: firm.now)
    firm.service.tick()
    desk = Desk(firm)
    given = [
        {"lead": f"L{number}", **each} for number in range(1, leads + 1)
        for each in desk.ask("operations", "GET", f"/leads/L{number}/assignments").json()
    ]  # fmt: skip
    owners = {f"L{number}": owner(desk, f"L{number}") for number in range(1, leads + 1) if number not in lost}
    told = sorted((each["at"], each["lead"], each["unit"], json.dumps(each["why"])) for each in given)
    found = told, owners, [lead for lead, _ in waiting(desk)]
    firm.store.close()
    return found


@settings(max_examples=15)
@given(st.lists(Step, min_size=3, max_size=14))
def test_every_lead_has_one_owner_or_is_seen_to_wait_and_a_restart_changes_nothing(steps):
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        given_out, owners, waits = played(Path(one), steps, restarts=False)
        assert (given_out, owners, waits) == played(Path(other), steps, restarts=True)
    for lead, unit in owners.items():
        assert (unit is None) <= (lead in waits)
    for _, _, unit, why in given_out:
        assert unit not in json.loads(why)["absent"]
        assert unit not in json.loads(why)["full"]
        assert json.loads(why)["open_leads"] < CAP
