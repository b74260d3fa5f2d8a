"""A firm's record as the beginning of an office: whose deals they are, how old, what they are worth, what is to be expected."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.forecasting.chances import of_open
from coach.forecasting.forecast import forecast
from coach.forecasting.known import History
from coach.forecasting.words import sentences
from coach.problems import CoachError
from coach.today.beginning import beginning, fitted
from coach.today.office import OfficeMethods, run_on
from coach.today.open_deals import start_of
from policies.documents.loader import load_policy
from policies.time.calendar import Calendar
from scenarios.loader import load_scenario
from sim.fit.beginnings import Beginnings
from sim.fit.from_record import TooFewWins
from sim.fit.opening import Moved
from sim.office.pipeline import check
from tests.coach.test_forecasting import end_of, firm

CALENDAR = Calendar(country="DE", zone="Europe/Berlin")
MONTHLY = load_policy("monthly-private")


def office(people: int):
    small = load_scenario("small")
    staff = small.people.model_copy(update={"reps": people, "teams": 1, "regions": 1})
    return small.model_copy(update={"people": staff, "calendar": CALENDAR})


def known_of(seed: int, weeks: int = 30, **more):
    return History(firm(seed, weeks=weeks, **more), zone=CALENDAR.zone).known_at(end_of(weeks))


@settings(max_examples=15)
@given(st.integers(0, 2**31), st.integers(1, 5), st.integers(1, 30))
def test_what_is_open_is_taken_over_deal_by_deal(seed, people, weeks):
    known = known_of(seed)
    start = start_of(known, office(people), MONTHLY, weeks)
    told, table = start.opening, known.deals.iloc[known.open]
    assert start.scenario.policy_date == CALENDAR.local_date(known.at - 1) + timedelta(days=1)
    assert start.scenario.policy_at > known.at
    assert told.deals.opened_at.tolist() == table["born"].astype(int).tolist()
    assert told.deals.value.tolist() == table["amount"].tolist()
    assert told.won.shape == told.lost.shape == (len(known.open), weeks)
    assert (told.won >= 0).all()
    assert (told.lost >= 0).all()
    seats = {name: seat for seat, name in enumerate(start.names)}
    for owner, seat in zip(table["owner"], told.deals.seat, strict=True):
        assert 0 <= seat < people
        assert seats.get(owner, seat) == seat
    if len(known.open):
        check(told.pipeline(Moved.nowhere(weeks)), people, start.scenario.policy_at)


@settings(max_examples=10)
@given(st.integers(0, 2**31))
def test_as_many_wins_are_expected_of_it_as_the_forecast_expects(seed):
    """Two ways to the same sum: chances that compete by the hazards, and the mean of two chances (a tenth apart at most)."""
    known = known_of(seed)
    expected = start_of(known, office(3), MONTHLY, 8).opening.expected()[0]
    assert expected.sum() == pytest.approx(of_open(known, 8).sum(), rel=0.1)


@settings(max_examples=10)
@given(st.integers(0, 2**31), st.sampled_from(("weekly-private", "monthly-private", "quarterly-private", "no-targets")))
def test_what_was_sold_in_the_running_period_counts_towards_it(seed, policy):
    known = known_of(seed)
    start = start_of(known, office(3), load_policy(policy), 4)
    period = {"weekly": "W", "monthly": "M", "quarterly": "Q"}.get(policy.split("-")[0])
    won = known.won.assign(day=[CALENDAR.local_date(int(end)) for end in known.won["end"]])
    first = start.scenario.policy_date
    if period is None:
        assert not start.opening.sold.any()
        return
    begin = {"W": first.toordinal() - first.weekday(), "M": first.replace(day=1).toordinal(),
             "Q": first.replace(month=3 * ((first.month - 1) // 3) + 1, day=1).toordinal()}[period]  # fmt: skip
    inside = won[[day.toordinal() >= begin for day in won["day"]]]
    for seat, name in enumerate(start.names):
        assert start.opening.sold[seat] == inside[inside["owner"] == name]["amount"].sum()


def test_a_record_of_few_wins_makes_no_office():
    with pytest.raises(TooFewWins, match="dated wins"):
        fitted(known_of(1, weeks=12, a_week=3.0), CALENDAR, MONTHLY)


def test_the_sentence_tells_what_both_begin_with():
    known = known_of(3)
    history = History([], zone=CALENDAR.zone, currency="EUR")
    begun = beginning(history, known, office(3).model_copy(update={"warmup_weeks": 4, "runoff_weeks": 0}), MONTHLY, 4)
    worth = known.deals["amount"].to_numpy()[known.open].sum()
    assert f"{len(known.open):,} deals open" in begun.notes[0].en
    assert f"{worth:,.0f} EUR" in begun.notes[0].en
    assert f"{len(known.open):,} 个商机" in begun.notes[0].zh
    assert len(begun.pipeline.deals) == len(known.open)
    assert np.isfinite(begun.pipeline.own).all()


@pytest.fixture
def methods(monkeypatch):
    """Methods of an office that is not searched for, but stands: searching one takes minutes."""
    stands = office(3).model_copy(update={"warmup_weeks": 4})
    monkeypatch.setattr("coach.today.office.fitted", lambda *_: stands)
    return OfficeMethods(CALENDAR, MONTHLY)


def test_the_office_foretells_beside_the_other_methods_and_is_judged_as_they_are(methods):
    history = History(firm(2, weeks=30), zone=CALENDAR.zone)
    found = forecast(history, end_of(30), 4, office=methods.under())
    assert found.tried.crps("office") > 0
    document = found.document()["backtest"]
    assert document["crps"]["office"] == found.tried.crps("office")
    assert set(document["office"]["coverage"]) == {"50", "80", "95"}
    assert found.shown == found.tried.chosen
    told = " ".join(each.en for each in sentences(found))
    assert "firm's office" in told


def test_only_the_office_tells_what_another_policy_does(methods):
    history = History(firm(2, weeks=30), zone=CALENDAR.zone)
    found = forecast(history, end_of(30), 4, office=methods.under(), only=methods.under(load_policy("freeze-7d")))
    assert found.shown.name == "office"
    told = sentences(found)
    assert any("no other method" in each.en and "Freeze after 7" in each.en for each in told)
    assert any("其他方法无法说明" in each.zh for each in told)
    assert all("Foretold by chances" not in each.en for each in told)


def test_a_record_that_makes_no_office_says_so_where_only_the_office_can_tell():
    history = History(firm(2, weeks=30, a_week=0.5), zone=CALENDAR.zone)
    only = OfficeMethods(CALENDAR, MONTHLY).under(load_policy("freeze-7d"))
    with pytest.raises(CoachError, match="too little for an office"):
        forecast(history, end_of(30), 4, only=only)


def test_another_policy_from_today_on_changes_what_is_foretold():
    known = known_of(4)
    nobody_signs = MONTHLY.model_copy(update={"rules": load_policy("freeze-7d").rules, "name": "freezes"})
    start = start_of(known, office(3).model_copy(update={"warmup_weeks": 4}), MONTHLY, 5)
    begun = Beginnings(start.scenario, MONTHLY, start.opening.pipeline(Moved.nowhere(5)), seed=1)
    pipeline = start.opening.pipeline(Moved.nowhere(5))
    today, same, frozen = (run_on(begun, pipeline, 4, then, runs=8) for then in (None, MONTHLY, nobody_signs))
    assert (today.wins == same.wins).all()
    assert (today.wins != frozen.wins).any()
    assert today.opened.shape == (len(known.open), 4)
    assert (today.opened.sum(axis=1) <= 1.0).all()
