"""Which time counts: from the change of policy to a common end of both policies' periods.

A policy with monthly targets looks bad if the window ends the day before its rush, so the window ends where both policies'
periods end, if that is near, and where the longer one ends otherwise.
"""

from datetime import timedelta
from typing import NamedTuple

from policies.calendar_arrays import period_end
from sim.experiment.verdict import Text, Window

WEEK = 7 * 86_400_000
_DAY = 0  # without targets, any midnight ends a period


class Span(NamedTuple):
    """Instants in UTC milliseconds."""

    start: int  # the policy changes and counting begins
    end: int  # counting ends
    closed: int  # the deals open at the end have been run off
    common: bool  # whether both policies' periods end at `end`


def period_of(policy) -> int:
    """Calendar period (0 day, 1 week, 2 month, 3 quarter) of a policy's targets; a day if it has none."""
    names = ("daily", "weekly", "monthly", "quarterly")
    cadence = policy.targets.cadence
    return names.index(cadence) if cadence in names else _DAY


def common_end(days, earliest: int, first: int, second: int) -> tuple[int, bool]:
    """The first end of the longer period at or after `earliest`, and whether the shorter period ends there too.

    An end of both within the longer period's length can only be that one: the longer period ends once in that time.
    """
    shorter, longer = sorted((first, second))
    end = period_end(days, longer, earliest - 1)
    return int(end), bool(period_end(days, shorter, end - 1) == end)


def span(scenario, a, b, weeks: float) -> Span:
    """The window of an experiment on a scenario."""
    calendar = scenario.calendar
    first = scenario.start
    total = scenario.warmup_weeks + weeks + scenario.runoff_weeks
    days = calendar.days(first, first + timedelta(weeks=total, days=140))  # the end moves back by at most a quarter
    changed = first + timedelta(weeks=scenario.warmup_weeks)
    start = calendar.midnight(changed)
    end, common = common_end(days, calendar.midnight(changed + timedelta(weeks=weeks)), period_of(a), period_of(b))
    return Span(start, end, int(end + scenario.runoff_weeks * WEEK), common)


def described(span: Span, scenario) -> Window:
    """The window as the verdict tells it."""
    start, end = (scenario.calendar.local_date(instant).isoformat() for instant in span[:2])
    if span.common:
        text = Text(en=f"Both policies' periods end on {end}.", zh=f"两项制度的周期均在 {end} 结束。")
    else:
        text = Text(
            en=f"The policies' periods do not end together near that time; the window ends with the longer one, on {end}.",
            zh=f"两项制度的周期在所求结束日附近不会同时结束;窗口在较长周期的末尾 {end} 结束。",
        )
    return Window(
        start=start,
        end=end,
        weeks=round((span.end - span.start) / WEEK, 2),
        common_period_end=span.common,
        runoff_weeks=scenario.runoff_weeks,
        text=text,
    )
