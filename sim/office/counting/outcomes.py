"""Outcomes: the measures behind the metrics, from the sums that were counted while the office ran."""

from typing import NamedTuple

import numpy as np

from policies.record.records import OPPORTUNITY
from sim.office.cases.leads import OUTBOUND
from sim.office.counting.tally import BIN_HIGH, BIN_LOW, BINS, FIRST_TEAM, GROUPS, HISTOGRAMS, MEASURES, WEEKLY, M
from sim.office.engine.events import ACTIVITIES, DAY, HOUR, STATE

STALLED_DAYS = 15
UNTOUCHED_DAYS = 7
HISTOGRAM_EDGES = BIN_LOW * (BIN_HIGH / BIN_LOW) ** (np.arange(BINS + 1) / BINS)
"""Edges of the waiting-time histograms, minutes, log-spaced, shape (BINS + 1,)."""

FUNNEL = (
    "leads",
    "leads_touched",
    "opportunities",
    "solution_match",
    "value_proof",
    "negotiation",
    "contract_delivery",
    "wins",
)

_LOST = ("recording", "internal", "obligation", "slack")
_ON_CASES = ("first_touch", "discovery", "demo", "visit", "quote", "negotiation")
_AT_THE_END = ("leads_never_touched", "leads_due", "hours_lost", "hours_worked", "hours_cases", "receivable_money_days")

MEASURE_NAMES: tuple[str, ...] = (*MEASURES, *_AT_THE_END)


class Outcomes(NamedTuple):
    """What one arm of one pair gave; G groups and teams, M measures, W weeks."""

    totals: np.ndarray  # f8[G, M], rows GROUPS then teams, columns MEASURE_NAMES
    weekly: np.ndarray  # f8[W, len(WEEKLY)]
    histogram: np.ndarray  # f8[len(HISTOGRAMS), BINS], counts between HISTOGRAM_EDGES
    profile: np.ndarray  # f8[2, PROFILE_BINS], wins and new leads by share of the period elapsed
    attainment: np.ndarray  # f8[reps, periods], NaN where there was no target
    funnel: np.ndarray  # f8[8], see FUNNEL
    events: int


def outcomes_of(office) -> Outcomes:
    """Outcomes of an office counted from `mark` to now, or to `close`; the cohort's margin as far as it has come in."""
    o = office.arrays
    s = o.state[0]
    end = int(s.end_at) if s.end_at else int(s.now)
    totals = np.zeros((len(o.totals), len(MEASURE_NAMES)))
    totals[:, : len(MEASURES)] = o.totals
    _add_hours(o, totals)
    _add_open_deals(o, totals)
    _add_untouched(o, totals, int(s.marked_at), end)
    _spread(o, totals, MEASURE_NAMES.index("receivable_money_days"), receivable_money_days(o, int(s.marked_at), end))
    totals[0, M.cohort_margin], totals[0, M.cohort_wins] = o.cohort
    weeks = max(1, -(-(end - int(s.marked_at)) // (7 * DAY)))
    return Outcomes(
        totals,
        o.weekly[:weeks].copy(),
        o.histogram.copy(),
        o.profile.copy(),
        o.attainment[:, : int(s.heat_column)].copy(),
        _funnel(o),
        int(s.events),
    )


def _rows_of_seats(o) -> np.ndarray:
    """Rows of the totals that each seat counts in, shape (seats, 3)."""
    return np.column_stack([np.zeros(len(o.seats), int), o.seats.group.astype(int), FIRST_TEAM + o.seats.team.astype(int)])


def _spread(o, totals: np.ndarray, column: int, by_seat: np.ndarray) -> None:
    for rows in _rows_of_seats(o).T:
        np.add.at(totals[:, column], rows, by_seat)


def _add_hours(o, totals: np.ndarray) -> None:
    hours = o.hours / HOUR
    for number, activity in enumerate(ACTIVITIES):
        _spread(o, totals, MEASURE_NAMES.index(f"hours_{activity}"), hours[:, number])
    columns = {"hours_lost": _LOST, "hours_worked": ACTIVITIES, "hours_cases": _ON_CASES}
    for name, activities in columns.items():
        _spread(
            o, totals, MEASURE_NAMES.index(name), hours[:, [ACTIVITIES.index(activity) for activity in activities]].sum(axis=1)
        )


def _add_open_deals(o, totals: np.ndarray) -> None:
    """Recorded state of the pipeline at this instant, and what of it freezing has cost, by the usual chances."""
    now = int(o.state[0].now)
    cases = o.cases[: int(o.state[0].cases)]
    values = o.book.values
    is_open = (cases.state == STATE.open) & (cases.owner >= 0)
    rows = cases.row[is_open]
    owners = cases.owner[is_open].astype(int)
    counted = {
        "open_at_end": np.ones(len(rows)),
        "stalled_at_end": (now - np.nan_to_num(values[rows, OPPORTUNITY.last_action_at])) > STALLED_DAYS * DAY,
        "frozen_at_end": values[rows, OPPORTUNITY.frozen] == 1.0,
        "open_value_at_end": np.nan_to_num(values[rows, OPPORTUNITY.amount]),
    }
    for name, amount in counted.items():
        _spread(o, totals, MEASURE_NAMES.index(name), np.bincount(owners, amount, len(o.seats)))


def receivable_money_days(o, start: int, end: int) -> np.ndarray:
    """What was invoiced and not yet paid, summed over the days of a window, money-days by seat. Over what was invoiced in it
    that is the receivables' turnover in days (days sales outstanding)."""
    items = o.items[: int(o.state[0].items)].view(np.recarray)
    invoiced = items[items.invoiced_at > 0]
    paid_at = np.where(invoiced.paid_at > 0, invoiced.paid_at, end)
    days = np.clip(np.minimum(paid_at, end) - np.maximum(invoiced.invoiced_at, start), 0, None) / DAY
    owners = o.projects.owner[invoiced.project]
    return np.bincount(owners.astype(int), invoiced.amount * days, len(o.seats))


def _add_untouched(o, totals: np.ndarray, start: int, end: int) -> None:
    """Leads of the window that had a week and were never touched; nobody's group."""
    cases = o.cases[: int(o.state[0].cases)]
    due = (cases.arrived_at >= start) & (cases.arrived_at < end - UNTOUCHED_DAYS * DAY) & (cases.customer_slot < 0)
    totals[0, MEASURE_NAMES.index("leads_due")] = due.sum()
    totals[0, MEASURE_NAMES.index("leads_never_touched")] = (due & (cases.first_touch_at == 0)).sum()


def _funnel(o) -> np.ndarray:
    """Leads that came in during the window by how far they got, counts, see FUNNEL; reps' own leads are not among them."""
    cases = o.cases[: int(o.state[0].cases)]
    came_in = (cases.cohort == 1) & (cases.source < OUTBOUND)
    cases = cases[came_in & (cases.arrived_at >= int(o.state[0].marked_at))]
    furthest = np.where(cases.opened_at > 0, cases.stage, 0)
    won = cases.state == STATE.won
    return np.array(
        [len(cases), (cases.first_touch_at > 0).sum(), *((furthest >= stage).sum() for stage in range(1, 6)), won.sum()], float
    )


__all__ = [
    "FUNNEL",
    "GROUPS",
    "HISTOGRAMS",
    "HISTOGRAM_EDGES",
    "MEASURE_NAMES",
    "WEEKLY",
    "Outcomes",
    "outcomes_of",
]
