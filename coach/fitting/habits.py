"""How a firm's people work, as far as its record tells it directly.

How much they differ, how late they enter, and whether wins crowd before the end of a month.
"""

import math
from collections.abc import Callable

import numpy as np
import pandas as pd

from coach.describing.conversion import FEWEST_REPS
from coach.describing.estimates import CONFIDENCE, FEWEST_CASES, NOTHING, Interval
from coach.describing.rhythm import FEWEST_EVENTS, local, month_end
from coach.describing.spans import Spans
from policies.scores.score import DAY, HOUR
from sim.office.behaviour import BY_NAME

_RESAMPLED = 200


def behaviour(spans: Spans) -> dict[str, float]:
    """Parameters of the office that the record tells by itself, as far as their ranges reach; others keep what is usual."""
    found: dict[str, float] = {}
    counts, cases = by_owner(spans)
    mean = counts.sum() / max(cases.sum(), 1)
    spread = spread_between(counts, cases)
    if spread is not None and 0.0 < mean < 1.0:
        found["skill_spread"] = spread / (mean * (1.0 - mean))
    delays = entry_delays(spans)
    late = delays[delays > HOUR]
    if len(late):
        found["prompt_share"] = 1.0 - len(late) / len(delays)
        found["entry_lag_days"] = float(late.mean()) / DAY
    return {name: _within(name, value) for name, value in found.items()}


def _within(name: str, value: float) -> float:
    known = BY_NAME[name]
    return float(f"{min(max(value, known.low), known.high):.4g}")


def by_owner(spans: Spans) -> tuple[np.ndarray, np.ndarray]:
    """Wins, and opportunities closed, of each owner."""
    deals = spans.deals
    closed = deals[(deals["outcome"] != "open") & deals["owner"].notna()]
    counted = (closed["outcome"] == "won").groupby(closed["owner"]).agg(["sum", "count"])
    return counted["sum"].to_numpy(dtype=int), counted["count"].to_numpy(dtype=int)


def spread_between(counts: np.ndarray, cases: np.ndarray) -> float | None:
    """Standard deviation of the share won between people beyond luck; None where too few people or wins tell it.

    By the mean squares between and within people (J. C. Kleinman, JASA 68, 1973, pp. 46–54).
    """
    counts, cases = counts[cases > 0], cases[cases > 0]
    people, whole = len(cases), cases.sum()
    if people < FEWEST_REPS or counts.sum() < FEWEST_CASES or counts.sum() == whole:
        return None
    shares = counts / cases
    between = float((cases * (shares - counts.sum() / whole) ** 2).sum()) / (people - 1)
    within = float((cases * shares * (1.0 - shares)).sum()) / max(whole - people, 1)
    size = (whole - float((cases.astype(float) ** 2).sum()) / whole) / (people - 1)
    return math.sqrt(max(between - within, 0.0) / max(size, 1.0))


def spread_told(spans: Spans) -> Interval:
    """The same of the record, with the percentile bootstrap over people."""
    counts, cases = by_owner(spans)
    value = spread_between(counts, cases)
    if value is None:
        return NOTHING
    return _bootstrapped(value, np.arange(len(counts)), lambda of: spread_between(counts[of], cases[of]))


def entry_delays(spans: Spans) -> np.ndarray:
    """From actions to their entries (ms); empty where the record does not tell when actions were entered."""
    told = spans.delays
    return told if len(told) >= FEWEST_CASES and (told > 0).any() else np.zeros(0)


def delay_told(spans: Spans) -> Interval:
    """Mean days from an action to its entry."""
    told = entry_delays(spans) / DAY
    return NOTHING if not len(told) else _bootstrapped(float(told.mean()), told, np.mean)


def crowding_told(spans: Spans) -> tuple[Interval, Interval]:
    """Wins, and new opportunities, on the last three days of a month against its others: nobody's target moves the latter."""
    deals = spans.deals
    won = deals.loc[(deals["outcome"] == "won") & deals["dated"], "end"]
    return _crowding(won, spans.zone), _crowding(deals["start"], spans.zone)


def _crowding(instants: pd.Series, zone: str) -> Interval:
    if len(instants.dropna()) < FEWEST_EVENTS:
        return NOTHING
    days = local(instants, zone).dt.tz_localize(None).dt.normalize()
    whole = pd.date_range(days.min(), days.max(), freq="D")
    return month_end(days.value_counts().reindex(whole, fill_value=0).astype(float))


def _bootstrapped(value: float, parts: np.ndarray, of: Callable[[np.ndarray], float | None]) -> Interval:
    drawn = np.random.default_rng(1).choice(parts, (_RESAMPLED, len(parts)))
    found = [each for each in map(of, drawn) if each is not None]
    low, high = np.quantile(found, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Interval(value, float(low), float(high))
