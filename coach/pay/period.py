"""The pay period in which an instant lies (M2)."""

from datetime import timedelta
from typing import NamedTuple

from policies.engine.settings import CADENCES
from policies.language.policy import Policy
from policies.time.calendar import Calendar
from policies.time.calendar_arrays import Days, period_end, period_start

AROUND = timedelta(days=130)


class PayPeriod(NamedTuple):
    """[start, end) of a pay period, ms, and the days around it."""

    start: int
    end: int
    days: Days


def pay_period(policy: Policy, calendar: Calendar, at: int) -> PayPeriod:
    """The period over which a policy reckons pay, at an instant (ms)."""
    cadence = CADENCES.index(policy.pay.period or policy.targets.cadence)
    day = calendar.local_date(at)
    days = calendar.days(day - AROUND, day + AROUND)
    # Without targets and without a period of its own pay is told by the month: commission needs no period.
    code = CADENCES.index("monthly") - 1 if cadence == 0 else cadence - 1
    return PayPeriod(int(period_start(days, code, at)), int(period_end(days, code, at)), days)
