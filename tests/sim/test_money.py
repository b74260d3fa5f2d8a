"""Money in the office: what a rep is paid, and that the margins of cohort, window and run-off add up."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.documents.loader import edited, load_policy
from policies.pay.earned import earned_pay
from policies.record.records import EVENT, OPPORTUNITY
from policies.time.calendar_arrays import business_days_between, period_end, period_start
from sim.experiment.running.limits import MOST_WEEKS
from sim.experiment.running.single import run_office
from sim.office.counting.tally import M, W
from tests.sim.offices import WEEK, started, tiny, written

MONTH = 2


def paid(
    sold: float, target: float, *, bonus: float = 0.0, commission: float = 0.02, accelerator: float = 1.0, cap: float = 0.0
):
    """What the office pays, called outside of it."""
    settings = SimpleNamespace(commission=commission, accelerator=accelerator, cap_multiple=cap)
    return getattr(earned_pay, "py_func", earned_pay)(settings, bonus, sold, target)


@pytest.mark.parametrize(
    ("terms", "sold", "pay"),
    [
        ({}, 80_000, 1_600),  # commission alone
        ({"bonus": 1_000}, 99_999, 1_999.98),  # below target: no bonus
        ({"bonus": 1_000}, 100_000, 3_000),  # at target: the bonus
        ({"accelerator": 2.0}, 100_000, 2_000),  # nothing above target yet
        ({"accelerator": 2.0}, 130_000, 2_000 + 2 * 600),  # twice the commission on what is above
        ({"accelerator": 2.0, "cap": 1.2}, 130_000, 2_000 + 2 * 400),  # what is above 120 % of target earns nothing
        ({"bonus": 1_000, "accelerator": 3.0, "cap": 1.5}, 500_000, 2_000 + 3 * 1_000 + 1_000),
    ],
)
def test_pay_by_hand(terms, sold, pay):
    assert paid(sold, 100_000, **terms) == pytest.approx(pay)


def test_without_a_target_there_is_commission_and_nothing_else():
    assert paid(80_000, 0.0, bonus=1_000, accelerator=5.0, cap=0.1) == pytest.approx(1_600)


money = st.floats(1.0, 1e7)


@given(money, money, st.floats(1.0, 10.0), st.floats(0.0, 1e5))
def test_there_is_no_bonus_below_target_and_the_whole_of_it_from_there(sold, target, accelerator, bonus):
    bare = paid(sold, target, accelerator=accelerator)
    assert paid(sold, target, accelerator=accelerator, bonus=bonus) - bare == pytest.approx(bonus if sold >= target else 0.0)


@given(money, money, money, st.floats(1.0, 10.0), st.floats(0.0, 20.0))
def test_who_sells_more_is_never_paid_less(sold, more, target, accelerator, cap):
    terms = {"accelerator": accelerator, "cap": cap, "bonus": 500.0}
    assert paid(sold + more, target, **terms) >= paid(sold, target, **terms) - 1e-6


def run_for(policy, weeks: int, runoff: int = 4, before: int = 3):
    """An office with its journal, counted for some weeks and then run off."""
    office = started(policy, 5, tiny())
    office.run_until(office.now + before * WEEK + 2)
    office.mark()
    office.run_until(office.now + weeks * WEEK)
    office.close()
    office.run_until(office.now + runoff * WEEK)
    return office


@pytest.fixture(scope="module")
def office():
    return run_for("monthly-private", 8)


def margins(office):
    """Instant, margin and cohort of every deal that was won, from journal and cases."""
    o, rows = office.arrays, written(office)
    won = rows[(rows["event"] == EVENT.won) & (rows["column"] == OPPORTUNITY.amount)]
    cases = o.cases[o.slots[won["row"]]]
    return won["recorded_at"], won["value"] - np.floor(cases.value * (1.0 - o.firm[0].margin_share)), cases.cohort == 1, cases


def test_the_windows_margin_is_that_of_the_deals_won_in_it(office):
    state, totals = office.arrays.state[0], office.arrays.totals
    at, margin, _, _ = margins(office)
    counted = (at > state.marked_at) & (at <= state.end_at)
    assert 0 < counted.sum() < len(at)
    assert totals[0, M.gross_margin] == pytest.approx(margin[counted].sum())


def test_the_cohorts_margin_is_that_of_the_windows_leads_whenever_they_are_won(office):
    state = office.arrays.state[0]
    at, margin, cohort, cases = margins(office)
    came_in = (cases.arrived_at >= state.marked_at) & (cases.arrived_at < state.end_at)
    assert (cohort == came_in).all()
    assert office.arrays.cohort.tolist() == pytest.approx([margin[cohort].sum(), cohort.sum()])


def test_window_and_cohort_share_the_windows_own_deals_and_differ_by_the_old_and_the_run_off(office):
    state, totals = office.arrays.state[0], office.arrays.totals
    at, margin, cohort, _ = margins(office)
    counted = (at > state.marked_at) & (at <= state.end_at)
    old, later = margin[counted & ~cohort].sum(), margin[(at > state.end_at) & cohort].sum()
    assert min(old, later) > 0
    assert totals[0, M.gross_margin] - old + later == pytest.approx(office.arrays.cohort[0])


def test_the_groups_margins_and_pay_add_up_to_everybodys(office):
    for measure in (M.gross_margin, M.revenue, M.pay):
        column = office.arrays.totals[:, measure]
        assert column[1:5].sum() == pytest.approx(column[0])
        assert column[5:].sum() == pytest.approx(column[0])


class TestPeriodsThatTheWindowCuts:
    """What is sold in the window is paid in the window, whatever periods begin and end in it."""

    @pytest.mark.parametrize("cadence", ["none", "weekly", "monthly", "quarterly"])
    @pytest.mark.parametrize("weeks", [5, 8])
    def test_commission_is_paid_on_what_is_sold_in_the_window(self, cadence, weeks):
        changes = {"targets.cadence": cadence, "pay.commission": "2%", "pay.accelerator": "1", "pay.bonus": "0", "pay.cap": "0"}
        office = run_for(edited(load_policy("monthly-private"), changes), weeks, before=8)
        seats = office.arrays.seats
        if (seats.target <= 0).any() and cadence != "none":
            pytest.skip("somebody came in the middle of a period and has no target in it")
        assert office.arrays.totals[0, M.revenue] > 0
        assert office.arrays.totals[0, M.pay] == pytest.approx(0.02 * office.arrays.totals[0, M.revenue])

    def test_bonus_is_paid_for_the_part_of_the_period_against_that_part_of_the_target(self):
        changes = {"targets.cadence": "quarterly", "pay.commission": "0%", "pay.bonus": "900"}
        office = started(edited(load_policy("monthly-private"), changes), 5, tiny())
        office.run_until(office.now + 3 * WEEK + 2)
        o, now = office.arrays, office.now
        begin, end = period_start(o.days, MONTH + 1, now), period_end(o.days, MONTH + 1, now)
        begin = max(begin, int(o.state[0].period_start))
        share = business_days_between(o.days, begin, now - 2) / business_days_between(o.days, begin, end)
        months = (end - begin) / 86_400_000 / 30.4375
        bonus = 900.0 * (np.floor(months + 0.5) if months > 0.9 else months)
        office.mark()
        on_pace = (o.seats.target > 0) & (o.seats.attained >= share * o.seats.target)
        assert o.seats.earned_before == pytest.approx(np.where(on_pace, bonus * share, 0.0))
        assert 0 < share < 1

    def test_nothing_of_a_cut_period_counts_towards_attainment(self):
        office = run_for(edited(load_policy("monthly-private"), {"targets.cadence": "quarterly"}), 1, runoff=0)
        assert office.arrays.totals[0, M.periods] == office.arrays.totals[0, M.target] == 0.0


def test_three_years_can_be_run_and_their_weeks_add_up_to_the_whole():
    scenario = tiny(reps=2, teams=1)
    office, _ = run_office(scenario, load_policy("quarterly-private"), MOST_WEEKS)
    found = office.outcomes()
    assert found.weekly.shape[0] == MOST_WEEKS
    assert found.weekly[-13:, W.gross_margin].sum() > 0
    assert found.weekly[:, W.gross_margin].sum() == pytest.approx(found.totals[0, M.gross_margin])
    assert found.weekly[:, W.wins].sum() == found.totals[0, M.wins]
    assert found.attainment.shape[1] == 12  # quarters that end in the window
