"""Quiet hours of a policy: a message that falls into them leaves when they end."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from policies.language.sections import Notices


def leaves_at(notices: Notices, zone: str, now: int) -> int:
    """When a message of the instant `now` (ms) may leave: at once, or at the end of the quiet hours around it."""
    if notices.quiet_from is None or notices.quiet_to is None:
        return now
    local = datetime.fromtimestamp(now / 1000, ZoneInfo(zone))
    clock, start, end = local.time(), time.fromisoformat(notices.quiet_from), time.fromisoformat(notices.quiet_to)
    over_midnight = end <= start
    if not (clock >= start or clock < end if over_midnight else start <= clock < end):
        return now
    day = local.date() + timedelta(days=1 if over_midnight and clock >= start else 0)
    return round(1000 * datetime.combine(day, end, ZoneInfo(zone)).timestamp())
