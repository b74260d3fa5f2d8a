"""Durations as a manager writes them: `5min`, `48h`, `15d`, `2w` run on; `3bd` counts business days, `8bh` open hours."""

import re
from typing import NamedTuple

from policies.documents.errors import Fault, FaultyInput

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY

_MILLISECONDS = {"min": MINUTE, "h": HOUR, "d": DAY, "w": WEEK, "bh": HOUR}
UNITS = (*_MILLISECONDS, "bd")
LONGEST = 10 * 366 * DAY  # ten years: a longer delay is a slip of the pen

_WRITTEN = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(min|bd|bh|h|d|w)\s*")


class Delay(NamedTuple):
    """How long a timed rule waits.

    `unit` is "ms" (time that runs on), "bh" (open time only) or "bd" (business days); `amount` is milliseconds for the
    first two and a count for the last.
    """

    amount: int
    unit: str


def is_duration(value: object) -> bool:
    """Whether a value is written as a duration."""
    return isinstance(value, str) and _WRITTEN.fullmatch(value) is not None


def parse_duration(value: object) -> Delay:
    """The delay that a text such as `15d` means; a bare 0 means no delay.

    Raises FaultyInput when the text is no duration, has a part of a business day, or is longer than ten years.
    """
    if value == 0 and not isinstance(value, bool):
        return Delay(0, "ms")
    match = _WRITTEN.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise FaultyInput([Fault("not_a_duration", found=value, allowed=("@duration",))])
    number, unit = float(match[1]), match[2]
    length = number * _MILLISECONDS.get(unit, DAY)
    if length > LONGEST:
        raise FaultyInput([Fault("too_long_a_duration", found=value, allowed=("@ten_years",))])
    if unit == "bd":
        if number != int(number):
            raise FaultyInput([Fault("part_of_a_business_day", found=value, allowed=("@whole_business_days",))])
        return Delay(int(number), "bd")
    return Delay(round(length), "bh" if unit == "bh" else "ms")
