"""The window of a comparison ends where both policies' periods end, or where the longer one does."""

from datetime import date

import pytest

from policies.documents.loader import load_policy
from policies.record.records import PERIODS
from policies.time.calendar import Calendar
from scenarios.loader import load_scenario
from sim.experiment.problems import ExperimentError
from sim.experiment.running.window import common_end, described, hour_cost, span

CALENDAR = Calendar()
DAYS = CALENDAR.days(date(2026, 1, 1), date(2026, 12, 31))
DAY, WEEK, MONTH, QUARTER = (PERIODS.index(name) for name in ("day", "week", "month", "quarter"))


def ends(earliest: date, first: int, second: int) -> tuple[date, bool]:
    end, common = common_end(DAYS, CALENDAR.midnight(earliest), first, second)
    return CALENDAR.local_date(end), common


@pytest.mark.parametrize(
    ("first", "second", "end", "common"),
    [
        (MONTH, MONTH, date(2026, 6, 1), True),
        (DAY, MONTH, date(2026, 6, 1), True),
        (MONTH, QUARTER, date(2026, 7, 1), True),
        (DAY, WEEK, date(2026, 5, 11), True),
        (DAY, DAY, date(2026, 5, 6), True),
    ],
)
def test_it_ends_where_both_periods_end(first, second, end, common):
    assert ends(date(2026, 5, 6), first, second) == (end, common)


def test_weeks_and_months_that_do_not_meet_end_with_the_month():
    assert ends(date(2026, 6, 2), WEEK, MONTH) == (date(2026, 7, 1), False)  # a Wednesday


def test_weeks_and_months_meet_when_a_month_begins_on_a_monday():
    assert ends(date(2026, 5, 6), WEEK, MONTH) == (date(2026, 6, 1), True)


def test_an_end_on_the_day_asked_for_is_taken():
    assert ends(date(2026, 6, 1), MONTH, MONTH) == (date(2026, 6, 1), True)


def test_the_order_of_the_policies_does_not_matter():
    assert ends(date(2026, 5, 6), QUARTER, WEEK) == ends(date(2026, 5, 6), WEEK, QUARTER)


def test_the_window_begins_on_the_policy_date_and_says_how_it_ends():
    scenario = load_scenario("small")
    window = span(scenario, load_policy("monthly-private"), load_policy("weekly-public"), 26)
    told = described(window, scenario)
    assert told.start == scenario.policy_date.isoformat()
    assert told.weeks >= 26
    assert window.closed - window.end == scenario.runoff_weeks * 7 * 86_400_000
    assert told.end in told.text.en
    assert told.end in told.text.zh


def test_an_hour_costs_what_it_earns_elsewhere():
    scenario = load_scenario("small")
    window = span(scenario, load_policy("monthly-private"), load_policy("monthly-public"), 26)
    hours_a_month = scenario.people.outside_pay / hour_cost(scenario, window)
    assert 120 < hours_a_month < 180  # about 21 days of 7.5 hours, less public holidays


@pytest.mark.parametrize("weeks", [0, 500])
def test_a_window_that_the_office_cannot_run_is_refused(weeks):
    with pytest.raises(ExperimentError, match="allowed is 1 to"):
        span(load_scenario("small"), load_policy("monthly-private"), load_policy("monthly-public"), weeks)
