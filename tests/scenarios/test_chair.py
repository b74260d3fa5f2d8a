"""The manager's chair: the same draws as the automatic colleague, nothing lost on reload, each decision priced by branching."""

from functools import cache

import pytest
from pydantic import ValidationError

from policies.documents.loader import load_policy
from scenarios.chair.decision import Decision, changes, decided, settings_now
from scenarios.chair.prices import NotOver, Stopped, priced
from scenarios.chair.quarter import Quarter, QuarterOver, monday_at
from tests.sim.offices import same_journals, tiny

WEEKS = 8
FREEZE = Decision(freeze_days=3)
DECISIONS = {1: FREEZE, 3: Decision(coaching_hours=8.0, routing="best_suited")}


def started(policy: str = "monthly-private", **options) -> Quarter:
    return Quarter(tiny(), load_policy(policy), 4, WEEKS, **options)


@cache
def finished() -> Quarter:
    """A quarter with two Mondays on which something was decided."""
    quarter = started()
    while not quarter.over:
        quarter.decide(DECISIONS.get(quarter.week))
    return quarter


class TestQuarter:
    def test_a_person_who_decides_nothing_equals_the_automatic_manager_event_by_event(self):
        quarter = started("full-playbook", journal=True)
        while not quarter.over:
            quarter.decide()
        assert same_journals(quarter.office, quarter.automatic)
        assert all(monday.person == monday.automatic for monday in quarter.mondays)
        assert quarter.mondays[-1].person.alerts > 0

    def test_confirming_what_is_in_force_is_no_decision(self):
        quarter = started()
        quarter.decide(settings_now(quarter.policy))
        assert quarter.decisions[0].empty
        assert quarter.mondays[-1].person == quarter.mondays[-1].automatic

    def test_the_past_is_shared_until_the_first_decision_and_parts_there(self):
        mondays = finished().mondays
        assert mondays[1].person == mondays[1].automatic
        assert mondays[-1].person != mondays[-1].automatic
        assert mondays[-1].person.frozen_deals > 0 == mondays[-1].automatic.frozen_deals

    def test_a_saved_quarter_goes_on_where_it_stood(self):
        quarter = started()
        for _ in range(3):
            quarter.decide(DECISIONS.get(quarter.week))
        resumed = Quarter.from_json(quarter.to_json())
        assert (resumed.week, resumed.mondays, resumed.policy) == (3, quarter.mondays, quarter.policy)
        while not resumed.over:
            resumed.decide(DECISIONS.get(resumed.week))
        assert resumed.mondays == finished().mondays

    def test_nothing_is_decided_after_the_end(self):
        with pytest.raises(QuarterOver):
            finished().decide()

    def test_stands_on_mondays(self):
        assert [monday.day.weekday() for monday in finished().mondays] == [0] * (WEEKS + 1)
        assert finished().office.now == monday_at(tiny(), WEEKS)


class TestDecision:
    @pytest.mark.parametrize(
        ("decision", "path", "value"),
        [
            (Decision(cadence="weekly"), "targets.cadence", "weekly"),
            (Decision(stretch=1.3), "targets.level.stretch", 1.3),
            (Decision(routing="pool"), "routing.method", "pool"),
            (Decision(coaching_hours=4.0), "coaching.hours_per_rep_month", 4.0),
        ],
    )
    def test_changes_its_setting_and_nothing_else(self, decision, path, value):
        policy = load_policy("monthly-private")
        changed = decided(policy, decision).model_dump()
        place, before = changed, policy.model_dump()
        *steps, last = path.split(".")
        for step in steps:
            place = place[step]
        assert place[last] == value
        for step in steps:
            before = before[step]
        place[last] = before[last]
        assert changed == policy.model_dump()

    def test_freezing_is_switched_on_set_and_off_again(self):
        policy = load_policy("monthly-private")
        on = decided(policy, Decision(freeze_days=9))
        assert (on.rule("freeze-idle").after, settings_now(on).freeze_days) == ("9d", 9)
        later = decided(on, Decision(freeze_days=20))
        assert settings_now(later).freeze_days == 20
        off = decided(later, Decision(freeze_days=0))
        assert (off.rule("freeze-idle").mode, settings_now(off).freeze_days) == ("off", 0)

    def test_only_what_differs_is_kept(self):
        policy = load_policy("monthly-private")
        wanted = settings_now(policy).model_copy(update={"stretch": 1.5})
        assert changes(policy, wanted) == Decision(stretch=1.5)

    @pytest.mark.parametrize("wrong", [{"stretch": 9.0}, {"freeze_days": -1}, {"routing": "luck"}, {"coaching_hours": 99.0}])
    def test_what_lies_beyond_its_bounds_is_refused(self, wrong):
        with pytest.raises(ValidationError):
            Decision(**wrong)


class TestPrices:
    def test_each_decision_is_priced_with_an_interval_over_other_futures(self):
        result = priced(finished(), continuations=6)
        assert [price.week for price in result.prices] == list(DECISIONS)
        for price in result.prices:
            assert price.low <= price.mean <= price.high
            assert price.decision == DECISIONS[price.week]
        assert any(price.low < price.high for price in result.prices)

    def test_the_only_decision_is_worth_what_separates_both_managers_in_the_future_that_came(self):
        quarter = started()
        while not quarter.over:
            quarter.decide(FREEZE if quarter.week == 1 else None)
        (price,) = priced(quarter, continuations=2).prices
        end = quarter.mondays[-1]
        assert price.as_it_came == pytest.approx(end.person.gross_margin - end.automatic.gross_margin)
        assert price.as_it_came != 0

    def test_is_the_same_when_asked_again(self):
        assert priced(finished(), continuations=2) == priced(finished(), continuations=2)

    def test_a_quarter_without_decisions_has_no_prices(self):
        quarter = started()
        while not quarter.over:
            quarter.decide()
        assert priced(quarter).prices == ()

    def test_is_refused_before_the_end_and_can_be_stopped(self):
        with pytest.raises(NotOver):
            priced(started())

        class AlreadySet:
            def is_set(self):
                return True

        with pytest.raises(Stopped):
            priced(finished(), cancel=AlreadySet())
