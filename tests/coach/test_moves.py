"""Resources that move between units when progress diverges: proposed with the reason, decided by a manager, shown and kept."""

import pytest

from coach.rules.service import Service
from coach.store import SYSTEM, reading
from tests.coach.test_commitment import Firms
from tests.coach.test_targets import in_force, won

pytestmark = pytest.mark.system("G9")
MOVE = {
    "resource": "leads",
    "from_unit": "team-2",
    "to_unit": "team-1",
    "amount": 0.5,
    "reason": "team-1 lost its largest source",
}


@pytest.fixture
def firms(tmp_path):
    """On 20 January team-2 is far ahead, with 26 leads behind it, and team-1 has sold nothing."""
    made = Firms(tmp_path)
    for number in range(26):
        made.firm.post("registered", f"L{number}", kind="lead", unit="rep-5")
    in_force(made)
    won(made.firm, "A", "rep-5", 60_000.0)
    made.firm.until("2026-01-20 09:00")
    yield made
    made.firm.store.close()


def proposed(firms, role: str = "director") -> list[dict]:
    return firms.ask(role, "GET", "/targets/moves/proposed").json()


def test_leads_of_a_unit_ahead_are_proposed_for_one_far_behind_with_the_reason(firms):
    between_teams = [each for each in proposed(firms) if each["from_unit"] == "team-2"]
    assert [(each["to_unit"], each["amount"]) for each in between_teams] == [("team-1", 0.5)]
    assert between_teams[0]["en"].startswith("team-1 is at 0% of pace, team-2 at ")
    assert between_teams[0]["en"].endswith("0.5 of its 2.0 weekly leads could move.")
    assert "每周 2.0 条线索中可转移 0.5 条" in between_teams[0]["zh"]
    assert {(each["from_unit"], each["to_unit"]) for each in proposed(firms)} == {("team-2", "team-1"), ("rep-5", "rep-6")}
    assert proposed(firms, "manager") == []
    assert firms.ask("rep", "GET", "/targets/moves/proposed").status_code == 403


def test_nothing_moves_before_a_manager_above_both_decides_and_then_both_see_it_also_after_a_restart(firms):
    for role in ("rep", "manager", "operations"):
        assert firms.ask(role, "POST", "/targets/moves", json=MOVE).status_code == 403
    assert firms.ask("director", "POST", "/targets/moves", json=MOVE | {"reason": " "}).status_code == 422
    assert firms.ask("director", "POST", "/targets/moves", json=MOVE | {"to_unit": "company"}).status_code == 403
    assert firms.ask("director", "GET", "/targets/moves").json() == []
    assert firms.ask("director", "POST", "/targets/moves", json=MOVE).status_code == 200
    firms.app.state.service = firms.firm.service = Service(firms.firm.store, lambda: firms.firm.now)
    for role in ("director", "manager", "rep"):
        (kept,) = firms.ask(role, "GET", "/targets/moves").json()
        assert {name: kept[name] for name in MOVE} == MOVE
        assert kept["made_by"] == "director"
    resources = firms.ask("rep", "GET", "/targets/commitment").json()["resources"]
    assert {"en": "More leads a week for team-1: 0.5.", "zh": "“team-1”增加每周线索：0.5。"} in resources
    assert "resources_moved" in [each["action"] for each in reading.audit(firms.firm.store, SYSTEM)]


def move(firms, role: str = "director", **told):
    return firms.ask(role, "POST", "/targets/moves", json=MOVE | told)


def test_no_more_leads_move_than_a_unit_gets_and_a_second_move_takes_the_place_of_the_first(firms):
    assert move(firms, amount=0).status_code == 422
    refused = move(firms, amount=2.1)
    assert refused.status_code == 422
    assert "2.0 leads a week" in refused.json()["en"]
    assert "2.0 条" in refused.json()["zh"]
    assert [move(firms, amount=amount).status_code for amount in (1.5, 2.0)] == [200, 200]
    second, first = firms.ask("rep", "GET", "/targets/moves").json()
    assert (second["withdrawn_by"], first["withdrawn_by"], first["withdrawn_at"]) == (None, "director", firms.firm.now)
    assert move(firms, from_unit="rep-5", to_unit="rep-1", amount=2.5).status_code == 422


def test_a_move_is_taken_back_by_who_decided_it_and_everybody_whom_it_concerns_sees_that(firms):
    number = move(firms).json()["number"]
    address = f"/targets/moves/{number}/withdraw"
    assert [firms.ask(role, "POST", address).status_code for role in ("rep", "manager", "operations")] == [403, 403, 403]
    assert firms.ask("director", "POST", "/targets/moves/99/withdraw").status_code == 404
    told = {role: firms.ask(role, "GET", "/targets/moves").json()[0]["may_withdraw"] for role in ("director", "manager", "rep")}
    assert told == {"director": True, "manager": False, "rep": False}
    assert [firms.ask("director", "POST", address).status_code for _ in range(2)] == [200, 200]
    for role in ("director", "manager", "rep"):
        assert firms.ask(role, "GET", "/targets/moves").json()[0]["withdrawn_by"] == "director"
    resources = firms.ask("rep", "GET", "/targets/commitment").json()["resources"]
    assert not any(each["en"].startswith("More leads") for each in resources)


def lead_of(firms, name: str) -> str:
    """A new lead; who got it from the coach."""
    firms.firm.post("registered", name, kind="lead", customer=name)
    firms.firm.until(f"2026-01-2{firms.day} 10:00")
    firms.day += 1
    return reading.record(firms.firm.store, SYSTEM, "lead", name)["unit"]


@pytest.fixture
def routed(firms):
    """The same firm, in which the coach gives leads out to the best suited; all wins are rep-5's, of team-2."""
    policy = firms.firm.service.policy()
    routing = policy.routing.model_copy(update={"assigned_by": "coach", "method": "best_suited", "within_minutes": 0.0})
    firms.firm.service.activate(policy.model_copy(update={"routing": routing}), "tester")
    for number in range(26):
        firms.firm.post("lost", f"L{number}", kind="lead")
    firms.day = 0
    return firms


def test_routing_obeys_a_move_of_leads_as_far_as_it_goes_and_says_so(routed):
    assert lead_of(routed, "before") == "rep-5"
    assert routed.ask("director", "POST", "/targets/moves", json=MOVE | {"amount": 1}).status_code == 200
    assert lead_of(routed, "moved") in ("rep-1", "rep-2", "rep-3", "rep-4")
    routed.firm.stand_still(f"2026-01-2{routed.day} 09:00")
    routed.app.state.service = routed.firm.service
    assert lead_of(routed, "after") == "rep-5"
    (told,) = routed.ask("operations", "GET", "/leads/moved/assignments").json()
    assert "director moved leads from there to this unit" in told["reasons"]["en"]
    assert "Best suited of 4 who" in told["reasons"]["en"]
    assert "调配线索" in told["reasons"]["zh"]


def test_a_move_that_was_taken_back_sends_no_lead_another_way_also_after_a_restart(routed):
    number = move(routed, amount=2).json()["number"]
    assert lead_of(routed, "moved") != "rep-5"
    assert routed.ask("director", "POST", f"/targets/moves/{number}/withdraw").status_code == 200
    assert lead_of(routed, "back") == "rep-5"
    routed.firm.stand_still(f"2026-01-2{routed.day} 09:00")
    assert lead_of(routed, "still") == "rep-5"


def test_a_move_ends_with_its_period_and_nobody_there_leaves_the_lead_where_it_was(routed):
    assert routed.ask("director", "POST", "/targets/moves", json=MOVE | {"amount": 2}).status_code == 200
    for rep in ("rep-1", "rep-2", "rep-3", "rep-4"):
        routed.firm.post("absence_began", rep, kind="unit")
    assert lead_of(routed, "absent") == "rep-5"
    for rep in ("rep-1", "rep-2", "rep-3", "rep-4"):
        routed.firm.post("absence_ended", rep, kind="unit")
    assert lead_of(routed, "there") != "rep-5"
    routed.firm.until("2026-02-02 09:00")
    routed.firm.post("registered", "later", kind="lead", customer="later")
    routed.firm.until("2026-02-02 10:00")
    assert reading.record(routed.firm.store, SYSTEM, "lead", "later")["unit"] == "rep-5"


def under(firms, **moves) -> None:
    """Another policy in force, with these settings of moves."""
    policy = firms.firm.service.policy()
    targets = policy.targets.model_copy(update={"moves": policy.targets.moves.model_copy(update=moves)})
    firms.firm.service.activate(policy.model_copy(update={"targets": targets}), "tester")


def test_the_policy_in_force_says_when_and_how_much_and_each_resource_is_proposed_by_what_the_giver_had_of_it(firms):
    under(firms, leads_share=0.1, presales_hours=6.0, budget_share=0.5)
    assert {(each["resource"], each["amount"]) for each in proposed(firms) if each["from_unit"] == "team-2"} == {("leads", 0.2)}
    firms.firm.post("registered", "Q1", kind="request", unit="rep-5", desk="presales", asked_for="answer")
    firms.firm.post("registered", "Q2", kind="request", unit="rep-5", desk="finance", asked_for="expense", sum=2600.0)
    firms.firm.post("answered", "Q2", kind="request", granted=True)
    told = {each["resource"]: each for each in proposed(firms) if each["from_unit"] == "team-2"}
    assert {name: each["amount"] for name, each in told.items()} == {"leads": 0.2, "presales_hours": 6.0, "budget": 100}
    assert told["presales_hours"]["en"].endswith("presales could let its requests wait for 6 hours of work a week.")
    assert told["budget"]["zh"].endswith("后者每周费用 200 中可转移 100。")
    assert move(firms, resource="presales_hours", amount=6).status_code == 200
    assert "presales_hours" not in {each["resource"] for each in proposed(firms) if each["to_unit"] == "team-1"}
    under(firms, behind=0.0)
    assert proposed(firms) == []


def test_where_the_policy_has_the_director_decide_nobody_below_does(firms):
    within = {"from_unit": "rep-5", "to_unit": "rep-6", "amount": 0.1}
    under(firms, decided_by="director")
    refused = firms.ask("manager", "POST", "/targets/moves", json=MOVE | within | {"from_unit": "rep-1", "to_unit": "rep-2"})
    assert refused.status_code == 403
    assert "the director decides" in refused.json()["en"]
    assert move(firms, **within).status_code == 200


@pytest.mark.parametrize("restarted", [False, True])
def test_what_was_sent_in_the_week_counts_for_the_move_that_takes_the_place_as_well(routed, restarted):
    """Of one a week and one sent, a second move of one sends none before the week is over, and one of two sends one more."""
    assert move(routed, amount=1).status_code == 200
    assert lead_of(routed, "first") != "rep-5"
    for amount, goes in ((1, "stays"), (2, "moves")):
        assert move(routed, amount=amount).status_code == 200
        if restarted:
            routed.firm.stand_still(f"2026-01-2{routed.day} 09:00")
            routed.app.state.service = routed.firm.service
        assert (lead_of(routed, f"at {amount}") == "rep-5") == (goes == "stays")
    assert lead_of(routed, "no more") == "rep-5"
    routed.firm.until("2026-01-27 09:00")
    routed.day = 7
    assert lead_of(routed, "next week") != "rep-5"
