"""Facts on stale deals: the hazard of closing falls, a rule on age is dear, and a freeze on recorded idleness is cheap."""

from collections.abc import Mapping

import numpy as np

from scenarios.facts.fact import Fact, Figure, Words, change, gap, mean, share
from scenarios.facts.mechanisms import LATE_ENTRY, SILENT_DEATH, WAITS
from scenarios.facts.offices import WEEK, Run, arms
from sim.office.engine.events import DAY, STATE

FIRST_WEEK, LATE_FROM, LATE_TO = 7, 60, 90
NARROW = {"cycle_spread": 0.8, "customer_wait_spread": 0.8}
PROMPT, TARDY = {"entry_lag_days": 1.0}, {"entry_lag_days": 10.0, "prompt_share": 0.3}
FREEZE = "freeze-15d"


def _ages(run: Run) -> tuple[float, float, float]:
    """Wins per open deal and day in the first week, the same in days 60 to 90, and the share of wins later than twice the
    median age of a win."""
    cases = run.cases
    cases = cases[cases.opened_at > 0]
    end = np.where(cases.closed_at > 0, cases.closed_at, run.office.now)
    age, won = (end - cases.opened_at) / DAY, cases.state == STATE.won

    def hazard(first: int, last: int) -> float:
        exposed = np.clip(age, first, last).sum() - first * len(age)
        return (won & (age >= first) & (age < last)).sum() / max(exposed, 1.0)

    followed = age[won & (cases.opened_at < run.office.now - 26 * WEEK)]
    return hazard(0, FIRST_WEEK), hazard(LATE_FROM, LATE_TO), float((followed > 2.0 * np.median(followed)).mean())


def _wins(run: Run) -> float:
    return run.total("wins")


def stale(offices: int, off: Mapping[str, float]) -> list[Figure]:
    """How the hazard of winning falls with age, and what closing by age and freezing by recorded idleness forfeit."""
    (wide,) = arms("short-cycle", ("monthly-private",), offices, 52, off, _ages)
    (narrow,) = arms("short-cycle", ("monthly-private",), offices, 52, {**NARROW, **off}, _ages)
    early, late, beyond = (np.array(column) for column in zip(*wide, strict=True))
    usual = arms("short-cycle", ("monthly-private", FREEZE), offices, 26, {**PROMPT, **off}, _wins)
    tardy = arms("short-cycle", ("monthly-private", FREEZE), offices, 26, {**TARDY, **off}, _wins)
    of_tardy, of_usual = ((np.array(after) - np.array(before), np.array(before)) for before, after in (tardy, usual))
    return [
        Figure(
            Words("hazard in the first week against days 60–90", "首周与第 60–90 天成交率之比"),
            "ratio",
            share(early, late),
            10.0,
        ),
        Figure(
            Words("wins lost if closed at twice the median age", "在中位周期两倍时一律关闭所失赢单"),
            "share",
            mean(beyond),
            0.10,
            0.30,
        ),
        Figure(
            Words("the same where customers differ less", "客户快慢差异较小时的同一比例"),
            "share",
            mean([found[2] for found in narrow]),
            most=float(beyond.mean()),
        ),
        Figure(
            Words("wins with a freeze after 15 idle days, prompt entries", "15 天冻结（及时记录）对赢单的影响"),
            "relative",
            change(usual[0], usual[1]),
            -0.5 * float(beyond.mean()),
        ),
        Figure(
            Words("the same with tardy entries, less the above", "记录滞后时再减去上者"),
            "points",
            gap(of_tardy, of_usual),
            most=0.0,
        ),
    ]


STALE = Fact(
    7,
    Words(
        "Old deals rarely close; age is a dear rule, idleness a cheap one", "旧商机很少成交；按年龄关闭代价高，按停滞冻结代价低"
    ),
    "BPI Challenge 2012: wins still to come after 14 / 21 / 30 days 39 / 15 / 5 %",
    "fitted",
    Words("short-cycle; monthly-private, freeze-15d", "short-cycle；monthly-private、freeze-15d"),
    (SILENT_DEATH, WAITS, LATE_ENTRY),
    (18, 36),
    stale,
)
