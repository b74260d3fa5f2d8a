"""The figures that cases are told in, read off a finished office: each gives a numerator and a denominator, f8 both."""

from collections.abc import Callable

import numpy as np

from policies.record.records import OPPORTUNITY
from scenarios.facts.offices import WEEK, Run
from sim.office.cases.leads import EXISTING_CUSTOMER, OUTBOUND
from sim.office.counting.outcomes import receivable_money_days
from sim.office.engine.events import ACTIVITY, DAY, HOUR, MINUTE, STATE

YEAR = 365.25 * DAY
WORKING_DAYS_A_YEAR = 250.0
STALLED_DAYS = 45
HOT = 1.5  # times the usual deal: the highest budget tier
WAITED_FOR = 7 * DAY  # what a lead is given before it counts as lost
RIGHT = 0.25  # of what was sold, by which a forecast may be off
CHASE_MINUTES = 20.0  # of a clerk's time, for an update that is not in the tool when the report is due
CLERK_HOURS_A_WEEK = 37.5

Pair = tuple[float, float]


def _total(upper: str, lower: str) -> Callable[[Run], Pair]:
    return lambda run: (run.total(upper), run.total(lower))


def revenue(run: Run) -> Pair:
    """Money in the window."""
    return run.total("revenue"), 1.0


def _open(run: Run) -> np.recarray:
    return run.cases[(run.cases.state == STATE.open) & (run.cases.owner >= 0)]


def open_deals(run: Run) -> Pair:
    """Opportunities on the books at the end."""
    return float(len(_open(run))), 1.0


def stalled_deals(run: Run) -> Pair:
    """Opportunities without a recorded action for 45 days."""
    acted = np.nan_to_num(run.office.arrays.book.values[_open(run).row, OPPORTUNITY.last_action_at])
    return float((run.office.now - acted > STALLED_DAYS * DAY).sum()), 1.0


def record_accuracy(run: Run) -> Pair:
    """Open opportunities whose recorded stage is that of the true phase of their work."""
    cases = _open(run)
    return float((cases.recorded_phase == cases.stage).sum()), float(len(cases))


def progress_error(run: Run) -> Pair:
    """Open opportunities whose recorded stage is not that of the true phase of their work."""
    right, cases = record_accuracy(run)
    return cases - right, cases


def _came_in(run: Run) -> np.recarray:
    """Leads of the window that have had a week."""
    cases = run.cases[run.cases.source < OUTBOUND]
    return cases[(cases.arrived_at >= run.since) & (cases.arrived_at < run.office.now - WAITED_FOR)]


def _median(values: np.ndarray) -> Pair:
    return (float(np.median(values)), 1.0) if len(values) else (np.nan, 1.0)


def assignment_hours(run: Run) -> Pair:
    """Median hours until a rep has the lead; of those that were assigned."""
    cases = _came_in(run)
    cases = cases[cases.assigned_at > 0]
    return _median((cases.assigned_at - cases.arrived_at) / HOUR)


def response_hours(run: Run) -> Pair:
    """Median hours until the first attempt; of those that were ever touched."""
    cases = _came_in(run)
    cases = cases[cases.first_touch_at > 0]
    return _median((cases.first_touch_at - cases.arrived_at) / HOUR)


def hot_leads_lost(run: Run) -> Pair:
    """Leads with a large budget that nobody spoke to while they were interested."""
    cases = _came_in(run)
    hot = cases[cases.value >= HOT * run.office.scenario.deals.amount]
    too_late = (hot.first_touch_at == 0) | (hot.first_touch_at - hot.arrived_at > hot.tau * HOUR)
    return float(too_late.sum()), float(len(hot))


def follow_ups(run: Run) -> Pair:
    """Conversations of a rep on a working day."""
    return run.total("conversations"), run.total("seat_years") * WORKING_DAYS_A_YEAR


def customers_per_rep(run: Run) -> Pair:
    """Customers who buy, at the end."""
    arrays = run.office.arrays
    customers = arrays.customers[: int(arrays.state[0].customers)]
    return float((customers["active"] != 0).sum()), float(len(arrays.seats))


def support_days(run: Run) -> Pair:
    """Days from a request to a support desk to its answer."""
    arrays = run.office.arrays
    requests = arrays.requests[: int(arrays.state[0].requests)].view(np.recarray)
    mine = requests[(requests.case >= 0) & (requests.desk < 3) & (requests.answered_at >= run.since)]
    return float((mine["answered_at"] - mine["asked_at"]).sum() / DAY), float(len(mine))


def coming_back(run: Run) -> Pair:
    """Customers who turn to the firm again when they need something."""
    came_back = (run.cases.source == EXISTING_CUSTOMER) & (run.cases.arrived_at >= run.since)
    return float(came_back.sum()), run.total("needs_again")


def _missing(run: Run) -> float:
    """Conversations that are not in the tool by the evening."""
    arrays = run.office.arrays
    late = (arrays.late[: int(arrays.state[0].late)]["acted_at"] >= run.since).sum()
    return float(run.total("updates") - run.total("updates_recorded") + late)


def reporting_staff(run: Run) -> Pair:
    """Clerks who chase what is not in the tool by the evening, at 20 minutes each; the rate is an assumption."""
    weeks = (run.office.now - run.since) / WEEK
    return _missing(run) * CHASE_MINUTES / 60.0, CLERK_HOURS_A_WEEK * weeks


def tool_minutes(run: Run) -> Pair:
    """Minutes of entering of a rep on a working day."""
    minutes = run.office.arrays.hours[:, ACTIVITY.recording].sum() / MINUTE
    return float(minutes), run.total("seat_years") * WORKING_DAYS_A_YEAR


def not_entered_on_the_day(run: Run) -> Pair:
    """Conversations and attempts that were not entered at once."""
    return _missing(run), run.total("updates")


def restock_speed(run: Run) -> Pair:
    """Answers an hour to customers who need something again: one over the median hours until somebody turns to them."""
    cases = run.cases[(run.cases.source == EXISTING_CUSTOMER) & (run.cases.arrived_at >= run.since)]
    touched = cases[cases.first_touch_at > 0]
    return 1.0, _median((touched.first_touch_at - touched.arrived_at) / HOUR)[0]


def _newcomers(run: Run) -> np.recarray:
    arrays = run.office.arrays
    people = arrays.people[: int(arrays.state[0].people)]
    return people[people["newcomer"] == 1].view(np.recarray)


def _ended(at: np.ndarray, now: int) -> np.ndarray:
    return np.where(at > 0, at, now)


def first_deal_days(run: Run) -> Pair:
    """Days of newcomers without a deal ÷ first deals: the mean time to the first deal, with those still waiting counted."""
    people, now = _newcomers(run), run.office.now
    until = np.minimum(_ended(people.first_win_at, now), _ended(people.left_at, now))
    waited = np.clip(until - np.maximum(people.hired_at, run.since), 0, None).sum() / DAY
    return float(waited), float((people.first_win_at >= run.since).sum())


def newcomers_leaving(run: Run) -> Pair:
    """Newcomers who leave within their first year ÷ years that they worked in it."""
    people, now = _newcomers(run), run.office.now
    first_year_ends = people.hired_at + YEAR
    until = np.minimum(_ended(people.left_at, now), first_year_ends)
    years = np.clip(until - np.maximum(people.hired_at, run.since), 0, None).sum() / YEAR
    left = (people.left_at >= run.since) & (people.left_at <= first_year_ends)
    return float(left.sum()), float(years)


def usual_projects(run: Run) -> Pair:
    """Projects that were over within the window after half a year to a year and a half."""
    arrays = run.office.arrays
    projects = arrays.projects[: int(arrays.state[0].projects)].view(np.recarray)
    over = projects[projects.finished_at >= run.since]
    months = (over.finished_at - over.won_at) / (YEAR / 12.0)
    return float(((months >= 6.0) & (months <= 18.0)).sum()), float(len(over))


def receivable_days(run: Run) -> Pair:
    """Receivables over the days of the window ÷ what was invoiced in it: days sales outstanding."""
    owed = receivable_money_days(run.office.arrays, run.since, run.office.now)
    return float(owed.sum()), run.total("money_invoiced")


def forecasts_right(run: Run) -> Pair:
    """Deals won of which the amount last put down was within a quarter of what was sold."""
    won = run.cases[(run.cases.state == STATE.won) & (run.cases.closed_at >= run.since)]
    sold = np.floor(won.value * (1.0 - won.discount))
    return float((np.abs(won.forecast_amount - sold) <= RIGHT * sold).sum()), float(len(won))


MEASURED: dict[str, Callable[[Run], Pair]] = {
    "amount_error": _total("forecast_error", "forecast_amount"),
    "forecasts_right": forecasts_right,
    "attainment": _total("attained", "target"),
    "revenue": revenue,
    "open_deals": open_deals,
    "stalled_deals": stalled_deals,
    "record_accuracy": record_accuracy,
    "progress_error": progress_error,
    "assignment_hours": assignment_hours,
    "response_hours": response_hours,
    "hot_leads_lost": hot_leads_lost,
    "follow_ups": follow_ups,
    "lead_to_opportunity": _total("leads_converted", "leads"),
    "expense_hours": _total("expense_wait_hours", "expenses_asked"),
    "customers_per_rep": customers_per_rep,
    "support_days": support_days,
    "cycle_days": _total("cycle_days", "wins"),
    "asked_again": _total("asked_again", "opportunities_opened"),
    "coming_back": coming_back,
    "reporting_staff": reporting_staff,
    "tool_minutes": tool_minutes,
    "not_entered_on_the_day": not_entered_on_the_day,
    "restock_speed": restock_speed,
    "first_deal_days": first_deal_days,
    "newcomers_leaving": newcomers_leaving,
    "project_days": _total("project_days", "projects_done"),
    "usual_projects": usual_projects,
    "first_payment_days": _total("first_payment_days", "first_payments"),
    "receivable_days": receivable_days,
    "promise_accuracy": _total("promises_kept", "promises_due"),
    "rework": _total("steps_reworked", "steps_done"),
}
"""By name, what a figure of a case is measured by."""
