"""Pay: what the running period has earned, by the formula that pays the office's reps, told to the rep and those above."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.coach.firm import Firm, at, policy_of
from tests.coach.signed_in import Desk

pytestmark = [pytest.mark.file, pytest.mark.system("M2")]
PAY = {"base_month": 5_000, "commission": 0.03, "bonus": 1_200, "accelerator": 2.0, "cap": 1.5}
STAGE = [{"id": "talks", "name": {"en": "Talks", "zh": "洽谈"}}]


def firm_with(tmp_path, *, target: float | None = 100_000.0, pay: dict | None = None, **settings) -> Desk:
    """A firm in January 2026, whose rep has a monthly target unless told otherwise."""
    firm = Firm(tmp_path, policy_of(stages=STAGE, pay=pay or PAY, **settings))
    if target is not None:
        period = {"period_start_at": at("2026-01-01 00:00"), "period_end_at": at("2026-02-01 00:00")}
        firm.post("target_set", "rep-1", kind="unit", target=target, attained=0.0, **period)
    return Desk(firm)


def sell(desk: Desk, *amounts: float, unit: str = "rep-1") -> None:
    for place, amount in enumerate(amounts):
        desk.firm.deal(f"{unit}-{place}", unit, customer=f"Customer {place}", amount=amount)
        desk.firm.now += 60_000
        desk.firm.post("won", f"{unit}-{place}", amount=amount)


def paid(desk: Desk, role: str = "rep", rep: str = "rep-1", **query) -> dict:
    answer = desk.ask(role, "GET", f"/reps/{rep}/pay", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_below_target_there_is_base_and_commission(tmp_path):
    desk = firm_with(tmp_path)
    sell(desk, 40_000.0, 20_000.0)
    told = paid(desk)

    assert (told["sold"], told["target"]) == (60_000.0, 100_000.0)
    assert (told["base"], told["commission"], told["accelerated"], told["bonus"]) == (5_000.0, 1_800.0, 0.0, 0.0)
    assert told["total"] == 6_800.0
    assert [each["title"]["en"].split(",")[0] for each in told["sales"]] == ["Customer 0", "Customer 1"]


def test_above_target_it_is_faster_up_to_the_cap_and_the_bonus_comes_with_the_target(tmp_path):
    desk = firm_with(tmp_path)
    sell(desk, 120_000.0, 80_000.0)
    told = paid(desk)

    assert told["commission"] == pytest.approx(0.03 * 150_000)
    assert told["accelerated"] == pytest.approx(0.03 * 50_000)
    assert told["capped"] == pytest.approx(0.03 * 50_000)
    assert told["bonus"] == 1_200.0
    assert told["variable"] == pytest.approx(4_500 + 1_500 + 1_200)


@settings(max_examples=25)
@given(st.lists(st.integers(1, 200_000), max_size=4), st.integers(0, 300_000), st.sampled_from([0.0, 0.5, 1.0, 3.0]),
       st.sampled_from([0.0, 0.8, 2.0]))  # fmt: skip
def test_the_parts_add_up_to_what_the_formula_pays(tmp_path_factory, amounts, target, accelerator, cap):
    pay = PAY | {"accelerator": accelerator, "cap": cap}
    desk = firm_with(tmp_path_factory.mktemp("pay"), target=float(target), pay=pay)
    sell(desk, *map(float, amounts))
    told = paid(desk)

    assert told["commission"] + told["accelerated"] + told["bonus"] == pytest.approx(told["variable"])
    assert told["total"] == pytest.approx(told["base"] + told["variable"])
    desk.firm.store.close()


def test_a_sale_of_another_period_or_rep_is_not_paid(tmp_path):
    desk = firm_with(tmp_path)
    sell(desk, 10_000.0, unit="rep-2")
    desk.firm.now = at("2026-02-03 10:00")
    sell(desk, 30_000.0)

    assert paid(desk)["sold"] == 30_000.0
    assert paid(desk, at=at("2026-01-10 00:00"))["sold"] == 0.0


def test_a_pay_period_of_its_own_sums_the_targets_by_their_business_days(tmp_path):
    desk = firm_with(tmp_path, pay=PAY | {"period": "quarterly"})
    for month, target in (("02", 110_000.0), ("03", 120_000.0)):
        end = {"02": "2026-03-01 00:00", "03": "2026-04-01 00:00"}[month]
        period = {"period_start_at": at(f"2026-{month}-01 00:00"), "period_end_at": at(end)}
        desk.firm.post("target_set", "rep-1", kind="unit", target=target, **period)

    told = paid(desk)
    assert told["target"] == pytest.approx(330_000.0)
    assert told["base"] == 15_000.0


def test_without_a_target_there_is_commission_alone(tmp_path):
    desk = firm_with(tmp_path, target=None, targets={"cadence": "none"})
    sell(desk, 10_000.0)
    told = paid(desk)

    assert (told["target"], told["variable"]) == (None, 300.0)


def test_pay_is_for_the_rep_and_those_above(tmp_path):
    desk = firm_with(tmp_path)
    sell(desk, 10_000.0)

    assert desk.ask("peer", "GET", "/reps/rep-1/pay").status_code == 404
    assert desk.ask("trainer", "GET", "/reps/rep-1/pay").status_code == 403
    assert desk.ask("desk", "GET", "/reps/rep-1/pay").status_code == 403
    assert paid(desk, "manager")["total"] == paid(desk)["total"]


def test_where_attainment_is_shown_to_nobody_the_statement_names_no_target(tmp_path):
    desk = firm_with(tmp_path, targets={"visibility": "none"})

    assert paid(desk)["target"] is None
    assert paid(desk, "manager")["target"] == 100_000.0


def test_a_withdrawn_target_is_none(tmp_path):
    desk = firm_with(tmp_path)
    period = {"period_start_at": at("2026-01-01 00:00"), "period_end_at": at("2026-02-01 00:00")}
    desk.firm.post("target_set", "rep-1", kind="unit", key="wrong", target=10.0, attained=0.0, **period)
    desk.firm.post("voided", "rep-1", kind="unit", voids="wrong")

    assert paid(desk)["target"] == 100_000.0


def test_months_whose_target_is_not_set_yet_are_reckoned_as_the_running_one_asks(tmp_path):
    desk = firm_with(tmp_path, pay=PAY | {"period": "quarterly"})
    sell(desk, 110_000.0)
    told = paid(desk)

    assert told["foreseen"]
    assert told["target"] == pytest.approx(100_000 * 56 / 20, rel=0.1)
    assert (told["accelerated"], told["bonus"]) == (0.0, 0.0)


def test_a_past_period_is_paid_by_the_policy_of_its_time_and_units_of_several_are_paid_nothing(tmp_path):
    desk = firm_with(tmp_path)
    desk.firm.now = at("2026-02-10 09:00")
    desk.firm.service.activate(policy_of(name="later", stages=STAGE, pay=PAY | {"base_month": 1.0}), "tester")
    desk.firm.now += 1000

    assert paid(desk)["base"] == 1.0
    assert paid(desk, at=at("2026-01-20 00:00"))["base"] == 5_000.0
    assert desk.ask("manager", "GET", "/reps/team-1/pay").status_code == 404
