"""What a store's record tells of the office behind it, in the terms in which an office is made of it."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from sqlalchemy import func, select

from coach.describing.estimates import FEWEST_WEEKS
from coach.describing.rhythm import around_trend, first_week, local, weekly
from coach.describing.spans import Spans, days, spans_at
from coach.describing.working_days import as_worked, free_day
from coach.fitting.habits import behaviour
from coach.forecasting.arrivals import RECENT, level_of_today
from coach.problems import CoachError
from coach.store import Store, tables
from policies.time.calendar import Calendar
from policies.time.weeks import loads
from sim.fit.firm import Firm
from sim.fit.from_record import FEWEST_WINS, TooFewWins
from sim.fit.lifetimes import GOLDEN, LOST, OPEN, WON, Lives
from sim.office.scenario import Source

LATE_WEEKS = 13
"""Who had something to do in so many last weeks works there."""
ONLY_DATES = 0.9
"""Share of the instants at one and the same time of day from which on they are dates."""
MINUTE_DAYS = 1.0 / 1440.0
COUNTED = 1_000.0
"""Money that every deal counts where the record has no amount of a deal won: shares of it can be told, sums cannot."""
_ENDS = {"won": WON, "lost": LOST, "no_decision": LOST}


class Told(NamedTuple):
    """The firm of a record, and what was taken for granted on the way: wins and losses without a date of their own; whether
    the record tells the amount of any deal won; the first and the last instant (ms); whether public holidays are kept."""

    firm: Firm
    undated: tuple[int, int]
    amounts_told: bool
    first: int
    last: int
    spans: Spans
    keeps_holidays: bool = True


def firm_of(store: Store, at: int, people: int | None = None) -> Told:
    """The firm as recorded in a store by the instant `at` (ms).

    Raises TooFewWins where fewer wins than an office needs have a date of their own: ages that are made up fit nothing.
    """
    return enough_dated(firm_in(spans_at(store, min(at, _last_recorded(store))), store.calendar, people))


def enough_dated(told: Told) -> Told:
    """The same; TooFewWins where fewer wins than an office needs have a date of their own."""
    dated = int((told.firm.lives.ended == WON).sum()) - told.undated[0]
    if dated < FEWEST_WINS:
        raise TooFewWins(dated)
    return told


def firm_in(spans: Spans, calendar: Calendar, people: int | None = None) -> Told:
    """The firm of opportunities that stand in tables.

    `people`: how many sell; without it, as many as owned an opportunity that was opened or closed in the last weeks. A record
    that names nobody is a CoachError then; so is one without opportunities, or of a few weeks.
    """
    deals = spans.deals
    if deals.empty:
        raise CoachError(
            "no opportunity is recorded by then; import some first (rehearse import)",
            "届时没有任何商机记录；请先导入（rehearse import）",
        )
    ended = deals["outcome"].map(_ENDS).fillna(OPEN).to_numpy(dtype=int)
    lives, undated = _lives(spans, ended)
    told = _people(spans)
    if not (people or told):
        raise CoachError(
            "the record does not say who owns its opportunities; say how many people sell with --people",
            "记录中没有商机的负责人；请用 --people 给出销售人数",
        )
    counts = weekly(deals["start"], spans)
    if len(counts) < FEWEST_WEEKS or counts[-RECENT:].sum() == 0:
        raise CoachError(
            f"the record tells of fewer than {FEWEST_WEEKS} whole weeks, or of no opportunity in its last {RECENT}",
            f"记录不足 {FEWEST_WEEKS} 个整周，或最近 {RECENT} 周没有新商机",
        )
    starts = local(deals["start"], spans.zone)
    amounts = deals.loc[deals["outcome"] == "won", "amount"].dropna()
    amount, amount_spread = _amount(amounts.to_numpy())
    from_hour, to_hour = _hours(starts)
    worked = as_worked(calendar, deals.loc[deals["dated"], "end"])
    weekend = free_day(worked, deals["start"])
    load = loads(worked, first_week(deals["start"], spans), len(counts), weekend)
    per_week, trend = level_of_today(counts, load)
    firm = Firm(
        last=worked.local_date(spans.at - 1),
        lives=lives,
        people=people or told,
        per_week=per_week,
        trend=trend,
        dispersion=_beyond_chance(counts, load),
        weekend=weekend,
        from_hour=from_hour,
        to_hour=to_hour,
        amount=amount,
        amount_spread=amount_spread,
        calendar=worked,
        exact_to=1.0 if _dates_only(spans) else MINUTE_DAYS,
        behaviour=behaviour(spans),
    )
    return Told(firm, undated, len(amounts) > 0, int(deals["start"].min()), spans.at, spans, worked == calendar)


def _last_recorded(store: Store) -> int:
    """The instant (ms) of the last entry: a record that ends earlier than today has its level at its end."""
    with store.read() as connection:
        return int(connection.execute(select(func.max(tables.event.c.recorded_at))).scalar() or 0)


def _lives(spans: Spans, ended: np.ndarray) -> tuple[Lives, tuple[int, int]]:
    """Undated closings get the age of a dated one with the same end, one that they may have had by now."""
    deals = spans.deals
    start = deals["start"].to_numpy()
    age = days(np.where(ended == OPEN, spans.at, deals["end"].fillna(spans.at)) - start)
    oldest = days(spans.at - start)
    dated = deals["dated"].to_numpy(dtype=bool) | (ended == OPEN)
    for end in (WON, LOST):
        known = np.sort(age[dated & (ended == end)])
        for number, place in enumerate(np.flatnonzero(~dated & (ended == end))):
            fitting = known[: np.searchsorted(known, oldest[place], side="right")]
            age[place] = fitting[int((number + 1) * GOLDEN % 1.0 * len(fitting))] if len(fitting) else oldest[place]
    undated = tuple(int((~dated & (ended == end)).sum()) for end in (WON, LOST))
    return Lives(days(start - spans.at), np.maximum(age, 0.0), ended), (undated[0], undated[1])


def _people(spans: Spans) -> int:
    deals = spans.deals
    since = spans.at - LATE_WEEKS * 7 * 86_400_000
    lately = deals[(deals["start"] >= since) | (deals["end"] >= since)]
    return int((lately if len(lately) else deals)["owner"].nunique())


def _beyond_chance(counts: np.ndarray, load: np.ndarray) -> float:
    """Variance of a week's number as a share of its square, beyond what Poisson counts vary and what free days explain (the
    office has these by itself); 0 where too few weeks tell it."""
    ratio = around_trend(counts, load).value
    return 0.0 if ratio is None else min(max(ratio - 1.0, 0.0) / float(counts.mean()), 4.0)


def _amount(won: np.ndarray) -> tuple[float, float]:
    """Median of the amounts of deals won, and the spread of their logarithm."""
    if not len(won):
        return COUNTED, 0.0
    return float(np.median(won)), float(np.log(won).std(ddof=1)) if len(won) > 1 else 1.0


def _hours(starts: pd.Series) -> tuple[float, float]:
    """Between which hours nine of ten openings come; the usual ones where only dates are kept."""
    hour = starts.dt.hour + starts.dt.minute / 60.0
    if _one_time(starts):
        usual = Source()
        return usual.from_hour, usual.to_hour
    low, high = (float(hour.quantile(share)) for share in (0.05, 0.95))
    return round(low, 1), round(max(high, low + 0.5), 1)


def _dates_only(spans: Spans) -> bool:
    return any(_one_time(local(spans.deals[name], spans.zone)) for name in ("start", "end"))


def _one_time(instants: pd.Series) -> bool:
    if instants.empty:
        return False
    return float((instants.dt.hour * 60 + instants.dt.minute).value_counts(normalize=True).iloc[0]) >= ONLY_DATES
