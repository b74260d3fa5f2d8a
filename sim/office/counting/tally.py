"""Counting while the office runs: outcomes are sums kept by group and team, so that an experiment needs no journal."""

import math
from typing import NamedTuple

from policies.jit.compiled import compiled_part
from sim.office.engine.events import WEEK

GROUPS = ("all", "low", "middle", "high", "hires")
"""Rows of the totals before the teams: everybody, thirds of the reps fixed in the warm-up, and hires since."""


class Measure(NamedTuple):
    """Columns of the totals."""

    revenue: int
    gross_margin: int
    list_revenue: int
    discounts: int
    wins: int
    opportunities_closed: int
    opportunities_opened: int
    leads: int
    leads_converted: int
    leads_touched: int
    conversations: int
    cycle_days: int
    wins_lost_to_freeze: int
    target: int
    attained: int
    periods: int
    periods_at_target: int
    forecast_error: int
    forecast_amount: int
    updates: int
    updates_recorded: int
    entry_lag_days: int
    alerts: int
    alerts_acted: int
    manager_days: int
    escalations: int
    escalation_wait_hours: int
    quits: int
    seat_years: int
    satisfaction: int
    surveys: int
    repurchases: int
    needs_again: int
    pay: int
    high_ticket_revenue: int
    refusals: int
    freezes: int
    freezes_of_live: int
    cohort_margin: int
    cohort_wins: int
    wins_of_open: int
    margin_of_open: int
    action_units_met: int
    action_unit_weeks: int
    adjustments: int
    support_requests: int
    support_late: int
    asked_again: int
    expenses: int
    expenses_asked: int
    expenses_refused: int
    expense_wait_hours: int
    steps_done: int
    steps_reworked: int
    milestones_done: int
    milestones_late: int
    first_payments: int
    first_payment_days: int
    project_money_paid: int
    money_invoiced: int
    projects_done: int
    project_days: int
    promises_due: int
    promises_kept: int
    open_at_end: int
    stalled_at_end: int
    frozen_at_end: int
    open_value_at_end: int
    record_days: int
    record_days_full: int
    hours_first_touch: int
    hours_discovery: int
    hours_demo: int
    hours_visit: int
    hours_quote: int
    hours_negotiation: int
    hours_service: int
    hours_recording: int
    hours_internal: int
    hours_prospecting: int
    hours_training: int
    hours_obligation: int
    hours_slack: int


MEASURES = Measure._fields
M = Measure(*range(len(MEASURES)))


class Week(NamedTuple):
    """Series by week."""

    gross_margin: int
    wins: int
    leads_converted: int
    discounts: int
    alerts: int
    first_touches: int


WEEKLY = Week._fields
W = Week(*range(len(WEEKLY)))
WEEKS = 160  # of the longest window, and one more where clocks change


class Histograms(NamedTuple):
    """Waiting times that are counted by length."""

    response_minutes: int
    escalation_minutes: int


HISTOGRAMS = Histograms._fields
H = Histograms(*range(len(HISTOGRAMS)))
BINS = 120
BIN_LOW, BIN_HIGH = 0.1, 1e6  # minutes

PROFILE_BINS = 20
FIRST_TEAM = len(GROUPS)


@compiled_part
def count(o, seat, measure, amount):
    """Add to a measure of everybody, of the seat's group and of its team."""
    if o.state[0].counting == 0:
        return
    o.totals[0, measure] += amount
    if seat >= 0:
        group = o.seats[seat].group
        if group > 0:
            o.totals[group, measure] += amount
        o.totals[FIRST_TEAM + o.seats[seat].team, measure] += amount


@compiled_part
def count_week(o, series, amount):
    """Add to this week's value of a series."""
    s = o.state[0]
    if s.counting != 0:
        week = (s.now - s.marked_at) // WEEK
        if 0 <= week < WEEKS:
            o.weekly[week, series] += amount


@compiled_part
def count_minutes(o, histogram, minutes):
    """Count a waiting time in minutes in its log-spaced bin."""
    if o.state[0].counting == 0:
        return
    place = math.log(max(minutes, BIN_LOW) / BIN_LOW) / math.log(BIN_HIGH / BIN_LOW) * BINS
    o.histogram[histogram, min(int(place), BINS - 1)] += 1.0


@compiled_part
def count_profile(o, line):
    """Count a win (0) or a new lead (1) by the share of the running period that has passed."""
    s = o.state[0]
    if s.counting == 0 or s.period_end <= s.period_start:
        return
    share = (s.now - s.period_start) / (s.period_end - s.period_start)
    o.profile[line, min(max(int(share * PROFILE_BINS), 0), PROFILE_BINS - 1)] += 1.0


@compiled_part
def spend(o, seat, activity, milliseconds):
    """Time of a rep in an activity."""
    if o.state[0].counting != 0:
        o.hours[seat, activity] += milliseconds
