"""Records of a firm whose opportunities come and end by chance, for tests of forecasts."""

import numpy as np

from coach.forecasting.known import WEEK
from coach.winning.history import DAY, Entry, Record

BEGIN = 1_735_513_200_000  # 2024-12-30T00:00 in Berlin


def entry(number: int, event: str, day: float, **payload) -> Entry:
    at = BEGIN + int(day * DAY)
    return Entry(("firm", str(number)), event, at, at, None, payload, None)


def firm(
    seed: int, weeks: int = 30, a_week: float = 12.0, wins_a_day: float = 0.02, losses_a_day: float = 0.04, **more
) -> list[Record]:
    """Opportunities that come as a Poisson process and end with constant hazards; `more`: fields of each."""
    random, days = np.random.default_rng(seed), 7.0 * weeks
    records = []
    for row, opened in enumerate(np.sort(random.uniform(0, days, random.poisson(a_week * weeks)))):
        both = wins_a_day + losses_a_day
        took, won = random.exponential(1 / both), random.random() < wins_a_day / both
        told = {"stage": 1.0, "owner": f"rep {row % 3}", "amount": float(random.integers(1, 9)) * 1000, **more}
        entries = [entry(2 * row, "registered", opened, **told)]
        if opened + took < days:
            entries.append(entry(2 * row + 1, "won" if won else "lost", opened + took))
        records.append(Record(row, "opportunity", str(row), entries))
    return records


def end_of(weeks: int) -> int:
    return BEGIN + weeks * WEEK
