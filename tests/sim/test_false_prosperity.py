"""False prosperity in the office (S2, M2): what a high forecast earns, who pads, what is seen outside, what is not paid."""

import numpy as np
import pytest

from policies.documents.loader import edited, load_policy
from policies.language.policy import Policy
from policies.record.prosperity import CONTACT_DAYS, CONTACTS
from policies.record.records import EVENTS, OPPORTUNITY
from policies.scores.false_prosperity import Beside, Signals, false_prosperity
from policies.scores.score import RED
from sim.office.counting.outcomes import MEASURE_NAMES
from sim.office.engine.events import DAY, STATE
from tests.sim.offices import WEEK, same_journals, started, tiny

pytestmark = [pytest.mark.system("S2"), pytest.mark.system("M2")]
FREEZE = load_policy("commission-freeze")
USUAL = load_policy("monthly-private")


def firm(joint_calls: int = 3):
    """Ten reps in two teams; managers join so many of the deals of the largest forecasts a week."""
    document = tiny(reps=10).model_dump()
    document["leads"]["per_week"] = 90.0
    document["deals"]["joint_calls_week"] = joint_calls
    return type(tiny()).model_validate(document)


def ran(policy: Policy, weeks: int = 26, joint_calls: int = 3, seed: int = 3, beyond=None):
    office = started(policy, seed, firm(joint_calls), beyond)
    office.mark()
    office.run_until(office.now + weeks * WEEK + DAY // 2)
    return office


@pytest.fixture(scope="module")
def usual():
    return ran(USUAL)


@pytest.fixture(scope="module")
def freezing():
    return ran(FREEZE)


def total(office, measure: str) -> float:
    return office.outcomes().totals[0, MEASURE_NAMES.index(measure)]


def opened(office) -> np.recarray:
    """Open deals with an amount on record."""
    o = office.arrays
    cases = o.cases[: int(o.state[0].cases)]
    cases = cases[(cases.row >= 0) & (cases.state == STATE.open) & (cases.owner >= 0)]
    return cases[~np.isnan(o.book.values[cases.row, OPPORTUNITY.amount])]


def told_beside_truth(office, pads: int) -> float:
    """Median amount on record as a share of the deal's true value, of reps who pad (1) or do not (0)."""
    cases = opened(office)
    cases = cases[office.arrays.seats.pads[cases.owner] == pads]
    return float(np.median(office.arrays.book.values[cases.row, OPPORTUNITY.amount] / cases.value))


def much_too_low(office) -> float:
    """Share of the deals of those who pad of which less than three quarters of the true value is on record."""
    cases = opened(office)
    cases = cases[office.arrays.seats.pads[cases.owner] == 1]
    return float((office.arrays.book.values[cases.row, OPPORTUNITY.amount] < 0.75 * cases.value).mean())


def test_where_a_forecast_earns_nothing_nobody_puts_down_another_amount():
    few, many = (ran(USUAL, 8, 0, beyond={"padding_share": share, "padding_unease": 0.02}) for share in (0.2, 0.8))
    assert same_journals(few, many)


def test_reps_who_would_put_down_more_do_so_where_managers_join_what_is_forecast_high_and_the_others_do_not(usual):
    assert told_beside_truth(usual, 1) > 1.1 * told_beside_truth(usual, 0)
    honest = ran(USUAL, joint_calls=0)
    assert total(usual, "forecast_error") / total(usual, "forecast_amount") > 2.0 * (
        total(honest, "forecast_error") / total(honest, "forecast_amount")
    )


def test_managers_join_the_deals_of_which_most_is_forecast_in_time_that_coaching_lacks(usual):
    o = usual.arrays
    assert (o.managers.least_joined[:2] > 0).all()
    assert o.managers.least_joined[2] == 0.0  # the director joins nobody
    much = edited(USUAL, {"coaching.hours_per_rep_month": 20})
    coached = [total(ran(much, joint_calls=number), "hours_training") for number in (0, 20)]
    assert coached[1] < 0.9 * coached[0]


def test_a_freeze_that_follows_what_is_seen_outside_makes_it_pay_less_to_put_down_more(usual, freezing):
    assert told_beside_truth(freezing, 1) < told_beside_truth(usual, 1)
    assert much_too_low(freezing) > 0.05 > much_too_low(usual)  # some stay out of sight
    assert 0.0 < freezing.arrays.state[0].frozen_of_active <= freezing.arrays.state[0].frozen_of_high < 1.0


def test_what_is_seen_outside_follows_the_customers_true_state_with_an_error(freezing):
    cases = freezing.arrays.cases[: int(freezing.arrays.state[0].cases)]
    seen = cases[cases.outside_at > 0]
    gone = (seen.dead != 0) & (seen.died_at < seen.outside_at)
    assert gone.sum() > 20
    assert seen.outside[gone].mean() < 0.8 * seen.outside[~gone].mean()
    assert (seen.outside[gone] > 0).any()
    assert (seen.outside[~gone] == 0).any()


def test_the_flag_on_the_record_is_the_score_of_what_is_recorded_and_seen():
    office = started(FREEZE, 3, firm())
    day = int(office.arrays.state[0].day_index) + 70
    office.run_until(int(office.arrays.days.days[day].midnight) + 1)
    cases, values = opened(office), office.arrays.book.values
    signals = [Signals(float(values[c.row, OPPORTUNITY.amount]), contacts(office, int(c.row)), float(c.outside)) for c in cases]
    beside = Beside(signals)
    red = [false_prosperity(own, beside).colour == RED for own in signals]
    flagged = values[cases.row, OPPORTUNITY.false_prosperity] == 1.0
    assert 5 < sum(red) < len(red)
    assert flagged.tolist() == red


def contacts(office, row: int) -> int:
    """Conversations and documents of the last 30 days that stand on a record."""
    entries, now, number = office.arrays.book.entries, office.now, 0
    entry = int(office.arrays.book.rows[row].entry_head)
    while entry >= 0:
        each = entries[entry]
        told = EVENTS[each.event] in CONTACTS and each.voided == 0
        number += bool(told and now - CONTACT_DAYS * DAY < each.acted_at <= now)
        entry = int(each.previous)
    return number


def paying(*rules: dict) -> Policy:
    """Commission alone, by the month, with rules on it."""
    return Policy.model_validate(load_policy("linear-pay").model_dump(mode="json") | {"rules": list(rules)})


FROZEN = {"id": "frozen", "on": "opportunity", "every": "day",
          "when": {"status": ["open", "won"], "commission_frozen": "missing"},
          "then": [{"set": {"commission_frozen": True}}]}  # fmt: skip
LET_GO = {"id": "let-go", "on": "opportunity", "every": "quarter", "when": {"status": "won", "commission_frozen": True},
          "then": [{"set": {"commission_frozen": False}}]}  # fmt: skip


def test_frozen_commission_is_not_paid_and_once_it_is_let_go_it_is_paid_in_the_period_that_runs():
    paid = {name: ran(paying(*rules)) for name, rules in (("usual", ()), ("frozen", [FROZEN]), ("late", [FROZEN, LET_GO]))}
    pay = {name: total(office, "pay") / total(office, "revenue") for name, office in paid.items()}
    assert pay["frozen"] < 0.05 * pay["usual"]
    assert 0.6 * pay["usual"] < pay["late"] < pay["usual"]
    assert (paid["late"].arrays.seats.withheld != 0).any()


def test_the_policy_is_rehearsed_as_a_whole():
    assert FREEZE.cannot_rehearse == []
