"""Which time counts: from the change of policy to a common end of both policies' periods.

A policy with monthly targets looks bad if the window ends the day before its rush, so the window ends where both policies'
periods end, if that is near, and where the longer one ends otherwise.
"""

from datetime import timedelta
from typing import NamedTuple

from policies.engine.settings import CADENCES
from policies.language.policy import Policy
from policies.record.records import PERIODS
from policies.time.calendar_arrays import open_between, period_end
from sim.experiment.problems import ExperimentError
from sim.experiment.verdict.verdict import Text, Window
from sim.office.engine.build import HORIZON_WEEKS
from sim.office.scenario import Scenario

DAY = 86_400_000
WEEK = 7 * DAY
_AFTER_MIDNIGHT = 2  # ms: the office closes the day's books right after midnight
_LONGEST_PERIOD = 14  # weeks; a quarter
_HOUR = 3_600_000


class Span(NamedTuple):
    """Instants in UTC milliseconds."""

    start: int  # the policy changes and counting begins
    end: int  # counting ends
    closed: int  # the deals open at the end have been run off
    common: bool  # whether both policies' periods end at `end`


def period_of(policy: Policy) -> int:
    """Place in PERIODS of a policy's targets; a day without targets, since then any midnight will do."""
    cadence = CADENCES.index(policy.targets.cadence)
    return max(cadence - 1, PERIODS.index("day"))


def common_end(days, earliest: int, first: int, second: int) -> tuple[int, bool]:
    """The first end of the longer period at or after `earliest`, and whether the shorter period ends there too.

    An end of both within the longer period's length can only be that one: the longer period ends once in that time.
    """
    shorter, longer = sorted((first, second))
    end = period_end(days, longer, earliest - 1)
    return int(end), bool(period_end(days, shorter, end - 1) == end)


def _days(scenario: Scenario, weeks: float):
    last = scenario.policy_date + timedelta(weeks=weeks + _LONGEST_PERIOD)
    return scenario.calendar.days(scenario.policy_date, last)


def span(scenario: Scenario, a: Policy, b: Policy, weeks: float) -> Span:
    """The window of an experiment; ExperimentError if the office cannot run that long."""
    most = HORIZON_WEEKS - _LONGEST_PERIOD
    if not 1 <= weeks <= most:
        raise ExperimentError(f"weeks {weeks}: allowed is 1 to {most}", f"周数 {weeks}：应在 1 至 {most} 之间")
    earliest = scenario.calendar.midnight(scenario.policy_date + timedelta(weeks=weeks))
    end, common = common_end(_days(scenario, weeks), earliest, period_of(a), period_of(b))
    counted = end + _AFTER_MIDNIGHT
    return Span(scenario.policy_at, counted, counted + scenario.runoff_weeks * WEEK, common)


def hour_cost(scenario: Scenario, span: Span) -> float:
    """What an hour of a rep is worth elsewhere, in money: the outside pay over the window by its open hours."""
    days = _days(scenario, (span.end - span.start) / WEEK)
    months = (span.end - span.start) / DAY / (365.25 / 12)
    return scenario.people.outside_pay * months / (open_between(days, span.start, span.end) / _HOUR)


def described(span: Span, scenario: Scenario) -> Window:
    """The window as the verdict tells it."""
    start, end = (scenario.calendar.local_date(instant).isoformat() for instant in span[:2])
    if span.common:
        text = Text(en=f"Both policies' periods end on {end}.", zh=f"两项制度的周期均在 {end} 结束。")
    else:
        text = Text(
            en=f"The policies' periods do not end together near that time; the window ends with the longer one, on {end}.",
            zh=f"两项制度的周期在所求结束日附近不会同时结束；窗口在较长周期的末尾 {end} 结束。",
        )
    return Window(
        start=start,
        end=end,
        weeks=round((span.end - span.start) / WEEK, 2),
        common_period_end=span.common,
        runoff_weeks=scenario.runoff_weeks,
        text=text,
    )
