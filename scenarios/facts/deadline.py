"""Facts on deadlines: sales bunch at the end of the period that pays, and follow it when it moves."""

from collections.abc import Mapping
from functools import partial

import numpy as np

from scenarios.facts.fact import Fact, Figure, Words, share
from scenarios.facts.folding import Fold, fold
from scenarios.facts.mechanisms import DISCOUNT, OWN_TIME, PAY_DAY
from scenarios.facts.offices import Run, arms
from sim.office.engine.events import STATE

EDGE, SHORTEST_MONTH, SHORTEST_QUARTER, WEEK_DAYS = 3, 17, 50, 5
YEAR = 52


def _wins(run: Run, period: str, edge: int, least: int) -> Fold:
    cases = run.cases
    return fold(run, cases.closed_at[cases.state == STATE.won], period, edge, least)


def _leads(run: Run) -> Fold:
    cases = run.cases
    market = cases.source < 4
    return fold(run, cases.registered_at[market & (cases.registered_at > 0)], "month", EDGE, SHORTEST_MONTH)


def _month(run: Run) -> tuple[Fold, Fold]:
    return _wins(run, "month", EDGE, SHORTEST_MONTH), _leads(run)


def _columns(folds: list[Fold]) -> tuple[np.ndarray, ...]:
    return tuple(np.array(column, float) for column in zip(*folds, strict=True))


def hump(offices: int, off: Mapping[str, float]) -> list[Figure]:
    """Shares of the month's wins and of its new leads on the first and last three working days."""
    (found,) = arms("default", ("monthly-private",), offices, YEAR, off, _month)
    last, first, all_wins, _ = _columns([wins for wins, _ in found])
    lead_last, _, all_leads, even = _columns([leads for _, leads in found])
    return [
        Figure(
            Words("wins in the last 3 working days of a month", "月末最后 3 个工作日的赢单占比"),
            "share",
            share(last, all_wins),
            0.16,
            0.25,
        ),
        Figure(Words("wins in the first 3", "月初前 3 个工作日的赢单占比"), "share", share(first, all_wins), 0.06, 0.12),
        Figure(
            Words("new leads in the last 3, against an even spread", "月末 3 日新线索与均匀分布之比"),
            "ratio",
            share(lead_last, even),
            0.9,
            1.1,
        ),
        Figure(Words("an even spread would be", "均匀分布时为"), "share", share(even, all_leads), reported=True),
    ]


def follows(offices: int, off: Mapping[str, float]) -> list[Figure]:
    """Wins at the end of months, quarters and weeks against an even spread, under targets of different length and none."""

    def against_even(policy: str, period: str, edge: int, least: int):
        (found,) = arms("default", (policy,), offices, YEAR, off, partial(_wins, period=period, edge=edge, least=least))
        last, _, _, even = _columns(found)
        return share(last, even)

    return [
        Figure(
            Words("no targets: month's last 3 days against even", "不设目标：月末 3 日与均匀之比"),
            "ratio",
            against_even("no-targets", "month", EDGE, SHORTEST_MONTH),
            0.9,
            1.1,
        ),
        Figure(
            Words("quarterly: quarter's last 3 days against even", "季度目标：季末 3 日与均匀之比"),
            "ratio",
            against_even("quarterly-private", "quarter", EDGE, SHORTEST_QUARTER),
            1.15,
        ),
        Figure(
            Words("weekly: week's last day against even", "周目标：每周最后一日与均匀之比"),
            "ratio",
            against_even("weekly-private", "week", 1, WEEK_DAYS),
            1.1,
        ),
        Figure(
            Words("weekly: month's last 3 days against even", "周目标：月末 3 日与均匀之比"),
            "ratio",
            against_even("weekly-private", "month", EDGE, SHORTEST_MONTH),
            0.85,
            1.15,
        ),
    ]


HUMP = Fact(
    3,
    Words("Sales bunch at the end of the month, new leads do not", "月末赢单扎堆，新线索不扎堆"),
    "evidence on bonuses and deadlines (Oyer 1998; Steenburgh 2008): last 3 of 21 days 16–25 %, first 3 6–12 %",
    "fitted",
    Words("default; monthly-private", "default；monthly-private"),
    (PAY_DAY, OWN_TIME, DISCOUNT),
    (12, 24),
    hump,
)
FOLLOWS = Fact(
    4,
    Words("The bunching follows the incentive", "扎堆随激励周期移动"),
    "as fact 3: moved with the deadline, gone without one, four small ones under weekly targets",
    "fitted",
    Words("default; no-targets, quarterly-private, weekly-private", "default；no-targets、quarterly-private、weekly-private"),
    (PAY_DAY, OWN_TIME),
    (24, 24),  # twelve leave the month's end without targets uncertain by seven points
    follows,
)
