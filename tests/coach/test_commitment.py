"""Signing and adjusting a target: what has to be seen first, in which window, with what evidence, by whose approval."""

import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.rules.service import Service
from coach.store import SYSTEM, reading
from coach.targets.window import window
from policies.time.calendar import Calendar
from tests.coach.firm import Firm, at, policy_of
from tests.coach.signed_in import Desk
from tests.coach.test_targets import FIXED, in_force, unit_values, won

ELASTIC = {"elasticity": {"day": 5, "per_quarter": 2, "evidence": "need_change", "approved_by": ["director", "finance"]}}
WINDOW, BEFORE = "2026-01-08 10:00", "2026-01-07 10:00"
"""The fifth business day of January 2026 (the 1st to the 3rd are holidays, Sunday the 4th is worked), and the day before."""


class Firms(Desk):
    """A firm of six reps in two teams with targets in force; `director` leads all, `finance` signs for finance."""

    def __init__(self, folder, **targets):
        firm = Firm(folder, policy_of(targets=FIXED | targets))
        firm.post("registered", "team-2", kind="unit", level="team", parent="company")
        for rep, team in (("rep-3", "team-1"), ("rep-4", "team-1"), ("rep-5", "team-2"), ("rep-6", "team-2")):
            firm.post("registered", rep, kind="unit", level="rep", parent=team)
        super().__init__(firm)
        self.tokens["director"] = self._token("director", "manager", "company")
        self.tokens["finance"] = self._token("money", "desk", "finance")


@pytest.fixture
def firms(tmp_path):
    made = Firms(tmp_path, **ELASTIC)
    yield made
    made.firm.store.close()


@pytest.mark.system("G5")
def test_before_a_rep_signs_own_history_a_benchmark_and_resources_are_shown_and_kept(firms):
    firm = firms.firm
    firm.now = at("2025-01-10 09:00")
    firms2 = {"rep-1": 500.0, "rep-2": 100.0, "rep-3": 200.0}
    for unit, amount in firms2.items():
        won(firm, f"old-{unit}", unit, amount)
    firm.now = at("2026-01-05 10:00")
    firm.deal("open", "rep-1", amount=777.0)
    firm.post("registered", "lead-1", kind="lead", unit="rep-1")
    firm.now += 1
    in_force(firms, "coming")
    firm.until("2026-02-02 09:00")
    told = firms.ask("rep", "GET", "/targets/commitment").json()
    assert (told["unit"], told["target"], told["signed_at"]) == ("rep-1", 28_000, None)
    assert told["reasons"][0]["en"] == "The policy fixes the same amount for everybody."
    assert told["history"]["same_period_start_at"] == at("2025-02-01 00:00")
    assert told["history"]["twelve_months"] == 0.0
    assert (told["benchmark"]["among"], told["benchmark"]["reps"]) == ("company", 6)
    assert "Leads in the 13 weeks before the period: 1." in [each["en"] for each in told["resources"]]
    assert "进行中的商机 1 个，合计 777。" in [each["zh"] for each in told["resources"]]
    assert firms.ask("rep", "POST", "/targets/commitment", json={"shown": "guessed"}).status_code == 409
    assert unit_values(firms)["rep-1"]["committed_at"] is None
    assert firms.ask("rep", "POST", "/targets/commitment", json={"shown": told["shown"]}).status_code == 200
    assert unit_values(firms)["rep-1"]["committed_at"] == firm.now
    assert firms.ask("rep", "POST", "/targets/commitment", json={"shown": told["shown"]}).json()["title"] == "changed"
    kept = firms.ask("manager", "GET", "/targets/commitments").json()
    assert [(each["unit"], each["signed_by"], each["shown"]) for each in kept] == [("rep-1", "rep", told)]
    assert firms.ask("peer", "GET", "/targets/commitments").json() == []


@pytest.mark.system("G5")
def test_a_year_ago_is_the_same_period_and_nothing_else(firms):
    firm = firms.firm
    for day, amount in (
        ("2025-01-31 23:00", 1.0),
        ("2025-02-01 01:00", 20.0),
        ("2025-02-28 23:00", 300.0),
        ("2025-03-01 01:00", 4_000.0),
    ):
        firm.post("registered", day, unit="rep-1", acted=day, stage=1, amount=amount)
        firm.post("won", day, acted=day, amount=amount)
    in_force(firms, "coming")
    firm.until("2026-02-02 09:00")
    told = firms.ask("rep", "GET", "/targets/commitment").json()
    assert told["history"]["same_period"] == 320.0
    assert told["benchmark"]["same_period"] == pytest.approx(320.0 / 6)


@pytest.mark.system("G5")
def test_what_changes_between_looking_and_signing_has_to_be_looked_at_again(firms):
    in_force(firms)
    told = firms.ask("rep", "GET", "/targets/commitment").json()
    in_force(firms, totals={"rep-1": 50_000})
    answer = firms.ask("rep", "POST", "/targets/commitment", json={"shown": told["shown"]})
    assert (answer.status_code, answer.json()["title"]) == (409, "changed")


@pytest.mark.system("G5")
def test_a_signature_is_of_one_target_in_one_period_and_no_other_is_told_as_signed(firms):
    in_force(firms)
    told = firms.ask("rep", "GET", "/targets/commitment").json()
    firms.ask("rep", "POST", "/targets/commitment", json={"shown": told["shown"]})
    signed = firms.firm.now
    assert unit_values(firms)["rep-1"]["committed_at"] == signed
    firms.firm.now += 1
    in_force(firms, totals={"rep-1": 50_000})
    assert unit_values(firms)["rep-1"]["committed_at"] is None
    in_force(firms)
    assert unit_values(firms)["rep-1"]["committed_at"] == signed
    in_force(firms, "coming", totals={"rep-1": told["target"]})
    firms.firm.until("2026-02-02 09:00")
    assert unit_values(firms)["rep-1"]["target"] == told["target"]
    assert unit_values(firms)["rep-1"]["committed_at"] is None


@pytest.mark.system("G5")
def test_a_signature_is_posted_by_nobody_who_was_not_shown_anything(firms):
    event = json.loads(firms.firm.event("committed", "rep-1", kind="unit").model_dump_json())
    for role in ("rep", "manager"):
        assert firms.ask(role, "POST", "/events", json={"events": [event]}).json()["accepted"] == 0


@pytest.mark.system("G5")
@pytest.mark.parametrize(("visibility", "reps", "told"), [("private", 2, False), ("private", 4, True), ("public", 2, True)])
def test_why_a_target_is_what_it_is_tells_no_figure_of_few_peers(tmp_path, visibility, reps, told):
    desk = Desk(Firm(tmp_path, policy_of(targets={"visibility": visibility}), start="2025-10-01 09:00"))
    firm = desk.firm
    for number in range(3, reps + 1):
        firm.post("registered", f"rep-{number}", kind="unit", level="rep", parent="team-1")
    desk.tokens["director"] = desk._token("director", "manager", "company")
    won(firm, "A", "rep-1", 100_000.0)
    won(firm, "B", "rep-2", 300_000.0)
    firm.until("2026-01-05 09:00")
    in_force(desk)
    reasons = [each["en"] for each in desk.ask("rep", "GET", "/targets/commitment").json()["reasons"]]
    assert any(each.startswith("Sold lately") for each in reasons)
    assert any("The mean of company" in each or "company in the last twelve months" in each for each in reasons) == told
    firm.store.close()


@pytest.mark.system("G5")
def test_where_a_firm_is_too_small_to_hide_a_peer_no_benchmark_is_shown(tmp_path):
    desk = Desk(Firm(tmp_path, policy_of(targets=FIXED)))
    desk.tokens["director"] = desk._token("director", "manager", "company")
    in_force(desk)
    assert desk.ask("rep", "GET", "/targets/commitment").json()["benchmark"] is None
    desk.firm.store.close()


@pytest.mark.system("G6")
@given(st.integers(1, 20), st.integers(0, 500), st.integers(1, 12))
def test_the_window_is_that_business_day_of_the_month_and_no_other(number, day, month):
    calendar = Calendar(fiscal_year_start_month=month)
    today = calendar.local_date(at("2025-01-01 12:00")) + timedelta(days=day)
    found = window(calendar, number, calendar.midnight(today) + 1)
    assert found.open == (business_days(calendar, today.replace(day=1), today)[-1:] == [today] and
                          len(business_days(calendar, today.replace(day=1), today)) == number)  # fmt: skip
    following = found.next_day
    assert following > today
    assert len(business_days(calendar, following.replace(day=1), following)) == number
    assert calendar.midnight(found.next_quarter_day) >= found.quarter_end


def business_days(calendar, first, last):
    days = calendar.days(first, last)
    dates = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    open_at = {int(row.midnight) for row in days.days if row.business}
    return [each for each in dates if calendar.midnight(each) in open_at]


def asked(firms, target: int = 20_000, role: str = "rep", **told):
    given = {
        "target": target,
        "evidence": "the plant closes in March, letter of 6 January",
        "kind": "opportunity",
        "record": "A",
    }
    return firms.ask(role, "POST", "/targets/adjustments", json=given | told)


def with_deal(firms) -> None:
    firms.firm.deal("A", "rep-1")
    in_force(firms)


@pytest.mark.system("G6")
def test_an_adjustment_needs_both_approvals_and_the_tree_still_adds_up(firms):
    with_deal(firms)
    firms.firm.until(WINDOW)
    number = asked(firms).json()["number"]
    waits = {role: [each["mine_to_decide"] for each in firms.ask(role, "GET", "/targets/adjustments").json()]
             for role in ("rep", "manager", "director", "finance", "peer")}  # fmt: skip
    assert waits == {"rep": [False], "manager": [False], "director": [True], "finance": [True], "peer": []}
    for role, status in (("rep", 403), ("peer", 404), ("manager", 403), ("director", 200)):
        assert firms.ask(role, "POST", f"/targets/adjustments/{number}/approve").status_code == status, role
    assert firms.ask("director", "POST", f"/targets/adjustments/{number}/approve").status_code == 409
    assert unit_values(firms)["rep-1"]["target"] == 31_000
    firms.firm.service = firms.app.state.service = Service(firms.firm.store, lambda: firms.firm.now)
    assert firms.ask("finance", "POST", f"/targets/adjustments/{number}/approve").json()["state"] == "granted"
    told = unit_values(firms)
    assert [told[unit]["target"] for unit in ("rep-1", "rep-2", "team-1", "team-2", "company")] == [
        20_000, 31_000, 4 * 31_000 - 11_000, 62_000, 6 * 31_000 - 11_000,
    ]  # fmt: skip
    kept = reading.record(firms.firm.store, SYSTEM, "unit", "rep-1")["values"]
    assert (kept["adjustments"], kept["need_change"]) == (1.0, 0.0)
    assert [each["event"] for each in reading.history(firms.firm.store, SYSTEM, "unit", "team-1")["events"]][-1] == "adjusted"


@pytest.mark.system("G6")
def test_a_granted_adjustment_outlasts_another_set_of_the_period_and_its_reasons_say_so(firms):
    with_deal(firms)
    firms.firm.until(WINDOW)
    before = firms.ask("director", "POST", "/targets/sets", json={"period": "running"}).json()["number"]
    firms.firm.now += 1
    number = asked(firms).json()["number"]
    for role in ("director", "finance"):
        firms.ask(role, "POST", f"/targets/adjustments/{number}/approve")
    refused = firms.ask("director", "POST", f"/targets/sets/{before}/confirm")
    assert refused.json()["en"] == "An adjustment was granted since these targets were proposed; propose them again."
    firms.firm.now += 1
    for _ in range(2):
        told = in_force(firms)
        assert [told[unit]["target"] for unit in ("rep-1", "rep-2", "team-1", "company")] == [
            20_000, 31_000, 4 * 31_000 - 11_000, 6 * 31_000 - 11_000,
        ]  # fmt: skip
    reasons = firms.ask("rep", "GET", "/targets/commitment").json()["reasons"]
    assert [each["en"] for each in reasons][-1] == "Granted adjustments of this period take off 11,000."
    in_force(firms, "coming")
    firms.firm.until("2026-02-02 09:00")
    assert unit_values(firms)["rep-1"]["target"] == 28_000


@pytest.mark.system("G6")
@pytest.mark.parametrize(
    ("day", "told", "said"),
    [
        (BEFORE, {}, "Adjustments are asked for on business day 5 of the month; next on 2026-01-08."),
        ("2026-01-09 10:00", {}, "Adjustments are asked for on business day 5 of the month; next on 2026-02-06."),
        (WINDOW, {"evidence": " "}, "possible until the end of 2026-01-08."),
        (WINDOW, {"record": "B"}, "possible until the end of 2026-01-08."),
        (WINDOW, {"record": None}, "possible until the end of 2026-01-08."),
        (WINDOW, {"target": 31_000}, "must lie below the present one of 31,000."),
    ],
)
def test_outside_the_window_or_without_evidence_it_is_refused_with_when_it_will_be_possible_and_kept(firms, day, told, said):
    with_deal(firms)
    firms.firm.deal("B", "rep-2")
    firms.firm.until(day)
    answer = asked(firms, **told)
    assert answer.status_code == 409
    assert answer.json()["en"].endswith(said)
    assert not answer.json()["zh"].isascii()
    kept = firms.ask("director", "GET", "/targets/adjustments").json()
    assert [(each["state"], each["why"]["en"]) for each in kept] == [("refused", answer.json()["en"])]
    assert unit_values(firms)["rep-1"]["target"] == 31_000


@pytest.mark.system("G6")
def test_more_than_two_a_quarter_are_refused_until_the_next_one(firms):
    with_deal(firms)
    for day, target, status in (
        (WINDOW, 20_000, 200),
        ("2026-02-06 10:00", 20_000, 200),
        ("2026-03-06 10:00", 20_000, 409),
        ("2026-04-08 10:00", 20_000, 200),
    ):
        firms.firm.until(day)
        in_force(firms)
        answer = asked(firms, target)
        assert answer.status_code == status, (day, answer.text)
        if status == 409:
            assert answer.json()["en"] == "2 of 2 adjustments of this quarter are used; next on 2026-04-08."
        else:
            for role in ("director", "finance"):
                firms.ask(role, "POST", f"/targets/adjustments/{answer.json()['number']}/approve")


@pytest.mark.system("G6")
def test_a_refusal_by_one_who_must_approve_ends_it_and_says_why(firms):
    with_deal(firms)
    firms.firm.until(WINDOW)
    number = asked(firms).json()["number"]
    told = {"why": "The plant only moves."}
    assert firms.ask("finance", "POST", f"/targets/adjustments/{number}/refuse", json=told).status_code == 200
    mine = firms.ask("rep", "GET", "/targets/adjustments").json()[0]
    assert (mine["state"], mine["decided_by"], mine["why"]["en"]) == ("refused", "money", "The plant only moves.")
    assert firms.ask("director", "POST", f"/targets/adjustments/{number}/approve").status_code == 409


@pytest.mark.system("G6")
@settings(max_examples=12)
@given(
    st.lists(
        st.tuples(st.sampled_from(["rep-1", "rep-2", "rep-5"]), st.integers(0, 30_999)),
        max_size=3,
        unique_by=lambda each: each[0],
    )
)
def test_whatever_is_granted_the_tree_adds_up(tmp_path_factory, cuts):
    firms = Firms(
        tmp_path_factory.mktemp("firm"), elasticity={**ELASTIC["elasticity"], "evidence": "none", "approved_by": ["manager"]}
    )
    in_force(firms)
    for unit, team in (("rep-1", "team-1"), ("rep-2", "team-1"), ("rep-5", "team-2")):
        firms.tokens[unit] = firms._token(f"of-{unit}", "rep", unit)
        firms.tokens[team] = firms._token(f"of-{team}", "manager", team)
    firms.firm.until(WINDOW)
    for unit, target in cuts:
        number = asked(firms, target, unit, evidence="", kind=None, record=None).json()["number"]
        team = "team-2" if unit == "rep-5" else "team-1"
        assert firms.ask(team, "POST", f"/targets/adjustments/{number}/approve").json()["state"] == "granted"
    told = {unit: each["target"] for unit, each in unit_values(firms).items()}
    assert told["team-1"] == sum(told[f"rep-{number}"] for number in (1, 2, 3, 4))
    assert told["team-2"] == told["rep-5"] + told["rep-6"]
    assert told["company"] == told["team-1"] + told["team-2"] == 6 * 31_000 - sum(31_000 - target for _, target in cuts)
    firms.firm.store.close()
