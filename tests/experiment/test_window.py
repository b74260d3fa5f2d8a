"""The window of a comparison has exactly the weeks that were asked for; a period that runs on behind it is cut, and told."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.documents.loader import edited, load_policy
from policies.language.policy import Policy
from policies.time.calendar import Calendar
from scenarios.loader import load_scenario
from sim.experiment.problems import ExperimentError
from sim.experiment.running.limits import MOST_WEEKS
from sim.experiment.running.window import described, holiday_note, hour_cost, span, window_notes
from sim.office.scenario import Scenario

ZONES = (Calendar(), Calendar(country="US", zone="America/New_York"), Calendar(country="AU", zone="Australia/Lord_Howe"))
CADENCES = ("none", "daily", "weekly", "monthly", "quarterly")
POLICIES: dict[str, Policy] = {each: edited(load_policy("monthly-private"), {"targets.cadence": each}) for each in CADENCES}


def office(policy_date: date = date(2025, 12, 1), calendar: Calendar = ZONES[0]) -> Scenario:
    return load_scenario("small").model_copy(update={"policy_date": policy_date, "calendar": calendar})


weeks_asked = st.integers(1, MOST_WEEKS)
starts = st.dates(date(2022, 1, 1), date(2026, 12, 31))


@settings(max_examples=200, deadline=None)
@given(weeks_asked, st.sampled_from(CADENCES), st.sampled_from(CADENCES), starts, st.sampled_from(ZONES))
def test_weeks_asked_are_weeks_counted(weeks, first, second, start, calendar):
    scenario = office(start, calendar)
    window = span(scenario, POLICIES[first], POLICIES[second], weeks)
    told = described(window, scenario)
    assert told.weeks == weeks
    assert date.fromisoformat(told.end) - date.fromisoformat(told.start) == timedelta(weeks=weeks)
    assert told.start == start.isoformat()
    assert window.closed - window.end == scenario.runoff_weeks * 7 * 86_400_000
    assert window[:4] == span(scenario, POLICIES[second], POLICIES[first], weeks)[:4]


@settings(max_examples=100, deadline=None)
@given(weeks_asked, st.sampled_from(CADENCES), st.sampled_from(CADENCES), starts)
def test_a_period_that_is_cut_is_told_in_both_languages_and_no_other(weeks, first, second, start):
    scenario = office(start)
    window = span(scenario, POLICIES[first], POLICIES[second], weeks)
    end = start + timedelta(weeks=weeks)
    at_end = {"none": True, "daily": True, "weekly": end.weekday() == 0, "monthly": end.day == 1,
              "quarterly": end.day == 1 and end.month in (1, 4, 7, 10)}  # fmt: skip
    told = described(window, scenario)
    assert told.common_period_end == (at_end[first] and at_end[second])
    assert ("cuts" in told.text.en) == ("截断" in told.text.zh) == (not told.common_period_end)
    assert (end - timedelta(days=1)).isoformat() in told.text.en
    assert (end - timedelta(days=1)).isoformat() in told.text.zh


def test_a_cut_period_is_named_with_the_day_to_which_it_runs():
    scenario = office(date(2026, 1, 1))
    told = described(span(scenario, POLICIES["monthly"], POLICIES["quarterly"], 6), scenario).text
    assert "today's targets (to 2026-02-28) and the proposed targets (to 2026-03-31)" in told.en
    assert "现行目标（至 2026-02-28）和拟改目标（至 2026-03-31）" in told.zh


def test_years_without_published_holidays_are_announced():
    scenario = office(date(2026, 1, 1))
    year = next(year for year in range(2026, 2100) if scenario.calendar.unpublished_years(date(year, 1, 1), date(year, 1, 1)))
    window = span(scenario, POLICIES["none"], POLICIES["none"], MOST_WEEKS)
    notes = holiday_note(scenario, window)
    assert (str(year) in notes[0].en) == (year <= 2029)
    assert window_notes(scenario, POLICIES["none"], POLICIES["none"], MOST_WEEKS)[1:] == list(notes)


@pytest.mark.parametrize(("days", "warmup", "told"), [
    (21, 26, "none of it is in the weeks that count"), (21, 2, "7 days of it are in the weeks that count"), (21, 0, ""),
    (0, 26, ""),
])  # fmt: skip
def test_a_programme_that_runs_in_the_warm_up_is_told(days, warmup, told):
    scenario = office().model_copy(update={"warmup_weeks": warmup})
    policy = edited(POLICIES["none"], {"recording.programme_days": days})
    notes = window_notes(scenario, policy, policy, 6)[1:]
    assert [told in each.en for each in notes] == ([True] if told else [])


def test_an_hour_costs_what_it_earns_elsewhere():
    scenario = load_scenario("small")
    window = span(scenario, load_policy("monthly-private"), load_policy("monthly-public"), 26)
    hours_a_month = scenario.people.outside_pay / hour_cost(scenario, window)
    assert 120 < hours_a_month < 180  # about 21 days of 7.5 hours, less public holidays


@pytest.mark.parametrize("weeks", [0, -3, 1.5, MOST_WEEKS + 1, 500])
def test_a_window_that_the_office_cannot_run_is_refused(weeks):
    with pytest.raises(ExperimentError, match=f"from 1 to {MOST_WEEKS}"):
        span(load_scenario("small"), load_policy("monthly-private"), load_policy("monthly-public"), weeks)
