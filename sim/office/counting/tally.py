"""Counting while the office runs: outcomes are sums kept by group and team, so that an experiment needs no journal."""

import math
from collections import namedtuple

from policies.jit.compiled import compiled_part
from sim.office.engine.events import ACTIVITIES, WEEK

GROUPS = ("all", "low", "middle", "high", "hires")
"""Rows of the totals before the teams: everybody, thirds of the reps fixed in the warm-up, and hires since."""

MEASURES = (
    "revenue",
    "gross_margin",
    "list_revenue",
    "discounts",
    "wins",
    "opportunities_closed",
    "opportunities_opened",
    "leads",
    "leads_converted",
    "leads_touched",
    "conversations",
    "cycle_days",
    "wins_lost_to_freeze",
    "target",
    "attained",
    "periods",
    "periods_at_target",
    "forecast_error",
    "forecast_amount",
    "updates",
    "updates_recorded",
    "entry_lag_days",
    "alerts",
    "alerts_acted",
    "manager_days",
    "escalations",
    "escalation_wait_hours",
    "quits",
    "seat_years",
    "satisfaction",
    "surveys",
    "repurchases",
    "needs_again",
    "pay",
    "high_ticket_revenue",
    "refusals",
    "freezes",
    "freezes_of_live",
    "cohort_margin",
    "cohort_wins",
    "action_units_met",
    "action_unit_weeks",
    "adjustments",
    "support_requests",
    "support_late",
    "asked_again",
    "expenses",
    "expenses_asked",
    "expenses_refused",
    "expense_wait_hours",
    "open_at_end",
    "stalled_at_end",
    "frozen_at_end",
    "open_value_at_end",
    *(f"hours_{activity}" for activity in ACTIVITIES),
)
Measure = namedtuple("Measure", MEASURES)
M = Measure(*range(len(MEASURES)))

WEEKLY = ("gross_margin", "wins", "leads_converted", "discounts", "alerts", "first_touches")
W = namedtuple("Week", WEEKLY)(*range(len(WEEKLY)))
WEEKS = 160  # of the longest window, and one more where clocks change

HISTOGRAMS = ("response_minutes", "escalation_minutes")
H = namedtuple("Histograms", HISTOGRAMS)(*range(len(HISTOGRAMS)))
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
