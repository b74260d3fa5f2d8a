"""Numbers and spans of time as people write them: never with powers of ten, never a thousandth of a day."""

import numpy as np

_UNITS = ((2.0, 1.0, "days", "天"), (2.0 / 24, 24.0, "hours", "小时"), (0.0, 1440.0, "minutes", "分钟"))
"""From how many days on, how many of it a day has, and what it is called."""


def plain(number: float, figures: int | None = None) -> str:
    """A number in plain digits, with so many significant figures, or as many as tell it; "0.0000053", "1200000"."""
    shortest = figures is None
    return np.format_float_positional(number, figures, unique=shortest, fractional=False, trim="-") if number else "0"


def span_of_days(days: float, language: str) -> str:
    """A span of time that is given in days, in "en" or "zh": in days, hours or minutes, two figures below a hundred."""
    size = abs(days)
    for least, times, en, zh in _UNITS:
        if size >= least:
            count = size * times
            written = f"{count:,.0f}" if count >= 10 or times > 24 else plain(round(count, 1))
            sign = "-" if days < 0 and written != "0" else ""
            unit = en.removesuffix("s") if written == "1" else en
            return f"{sign}{written} {zh if language == 'zh' else unit}"
    raise ValueError(f"{days} is no span of time")
