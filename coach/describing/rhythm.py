"""When leads come and wins fall: arrivals, weeks, days of the month, weekdays."""

import warnings
from datetime import date

import numpy as np
import pandas as pd
import statsmodels.api as sm

from coach.describing.description import CONFIDENCE, Measured, Row, Section
from coach.describing.estimates import FEWEST_WEEKS, NOTHING, Interval, dispersion, share
from coach.describing.spans import Spans
from policies.scores.score import Words
from policies.time.weeks import LEAST_LOAD

WEEKDAYS = tuple(
    Words(*each)
    for each in (
        ("Monday", "周一"), ("Tuesday", "周二"), ("Wednesday", "周三"), ("Thursday", "周四"), ("Friday", "周五"),
        ("Saturday", "周六"), ("Sunday", "周日"),
    )
)  # fmt: skip
PARTS = (
    ("first", Words("first three days of the month", "月初三天")),
    ("last_three", Words("last three days but the very last", "月末前两天")),
    ("last", Words("last day of the month", "月末最后一天")),
)
FEWEST_EVENTS = 60
FEWEST_MONTHS = 3
_WEEK = pd.Timedelta(days=7)


def arrivals(spans: Spans) -> Section:
    """New leads (or opportunities where no leads are recorded) and wins a week: level, trend, dispersion."""
    title = Words("What comes in a week", "每周流入")
    findings, measured, unsaid = [], [], []
    for name, words, instants in _flows(spans):
        counts = weekly(instants, spans)
        if len(counts) < FEWEST_WEEKS or counts.sum() == 0:
            few = Words(f"{words.en}: fewer than {FEWEST_WEEKS} whole weeks", f"{words.zh}：不足 {FEWEST_WEEKS} 个整周")
            unsaid.append(few)
            continue
        spread = dispersion(counts)
        findings += _level(words, counts, spread)
        rows = tuple(
            Row(Words(f"week {at + 1}", f"第 {at + 1} 周"), int(count), float(count), None, None, float(at + 1))
            for at, count in enumerate(counts)
        )
        weeks = Words(f"{words.en.capitalize()} a week", f"每周{words.zh}")
        measured.append(Measured(f"{name}_weekly", weeks, Words("week", "周"), "count", "curve", rows))
    return Section("arrivals", title, tuple(findings), tuple(measured), tuple(unsaid))


def _flows(spans: Spans) -> list[tuple[str, Words, pd.Series]]:
    won = spans.deals[(spans.deals["outcome"] == "won") & spans.deals["dated"]]
    flows = [("leads", Words("new leads", "新线索"), spans.leads["start"])] if len(spans.leads) else []
    return [
        *flows,
        ("opportunities", Words("new opportunities", "新商机"), spans.deals["start"]),
        ("wins", Words("wins", "赢单"), won["end"]),
    ]


def local(instants: pd.Series, zone: str) -> pd.Series:
    """Instants (ms) as local times."""
    return pd.to_datetime(instants.dropna(), unit="ms", utc=True).dt.tz_convert(zone)


def weekly(instants: pd.Series, spans: Spans) -> np.ndarray:
    """Counts in the whole weeks (Monday to Sunday) between the first one and the end of the record."""
    if instants.dropna().empty:
        return np.zeros(0)
    mondays = _mondays(instants, spans.zone)
    end = _mondays(pd.Series([float(spans.at)]), spans.zone).iloc[0]
    weeks = pd.date_range(mondays.min() + _WEEK, end - _WEEK, freq="7D")
    return mondays.value_counts().reindex(weeks, fill_value=0).to_numpy(dtype=float)


def first_week(instants: pd.Series, spans: Spans) -> date:
    """The Monday of the first week that `weekly` counts."""
    return (_mondays(instants, spans.zone).min() + _WEEK).date()


def _mondays(instants: pd.Series, zone: str) -> pd.Series:
    days = local(instants, zone).dt.tz_localize(None).dt.normalize()
    return days - pd.to_timedelta(days.dt.day_of_week, unit="D")


def _level(words: Words, counts: np.ndarray, spread) -> list[Words]:
    found = [
        Words(
            f"{words.en}: {counts.mean():.1f} a week over {len(counts)} weeks",
            f"{words.zh}：{len(counts)} 周内平均每周 {counts.mean():.1f}",
        )
    ]
    if spread.value is not None:
        found.append(
            Words(
                f"{words.en}: their weekly variance is {spread.value:.1f} times their mean ({spread.low:.1f} to "
                f"{spread.high:.1f}; 1 is pure chance)",
                f"{words.zh}：每周方差为均值的 {spread.value:.1f} 倍（{spread.low:.1f} 至 {spread.high:.1f}；1 为纯偶然）",
            )
        )
    trend = _trend(counts)
    if trend is not None:
        found.append(
            Words(
                f"{words.en}: they change by {trend[0]:+.0%} a quarter ({trend[1]:+.0%} to {trend[2]:+.0%})",
                f"{words.zh}：每季度变化 {trend[0]:+.0%}（{trend[1]:+.0%} 至 {trend[2]:+.0%}）",
            )
        )
    return found


def _trend(counts: np.ndarray) -> tuple[float, float, float] | None:
    """Change a quarter by a Poisson regression whose errors are widened by the dispersion (quasi-likelihood)."""
    if len(counts) < 2 * FEWEST_WEEKS:
        return None
    week = sm.add_constant((np.arange(len(counts)) / 13).reshape(-1, 1))
    fitted = _poisson(counts, week, scale="X2")
    low, high = fitted.conf_int(alpha=1 - CONFIDENCE)[1]
    return float(np.expm1(fitted.params[1])), float(np.expm1(low)), float(np.expm1(high))


def _poisson(counts, design, offset=None, **how):
    """A Poisson regression; statsmodels warns of counts that follow it without a rest, which tells a reader nothing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return sm.GLM(counts, design, family=sm.families.Poisson(), offset=offset).fit(**how)


def around_trend(counts: np.ndarray, load: np.ndarray | None = None) -> Interval:
    """Variance ÷ mean of weekly counts around their trend: Pearson's statistic of the Poisson regression by its degrees of
    freedom, with the percentile bootstrap of its parts. Nothing where there are too few weeks.

    `load`: how much of an ordinary week each is; what that explains is no variation.
    """
    quarter, load = np.arange(len(counts)) / 13, np.ones(len(counts)) if load is None else load
    counts, quarter, load = (each[load >= LEAST_LOAD] for each in (counts, quarter, load))
    if len(counts) < 2 * FEWEST_WEEKS or counts.sum() == 0:
        return NOTHING
    week = sm.add_constant(quarter.reshape(-1, 1))
    expected = _poisson(counts, week, np.log(load)).fittedvalues
    parts = (counts - expected) ** 2 / expected
    free = len(counts) / (len(counts) - 2)
    drawn = np.random.default_rng(1).choice(parts, (2000, len(parts))).mean(axis=1) * free
    low, high = np.quantile(drawn, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Interval(float(parts.mean() * free), float(low), float(high))


def calendar_days(spans: Spans) -> Section:
    """Whether wins crowd at the ends of months, with new opportunities beside them, which nobody's target moves."""
    title = Words("Days of the month and the week", "月内与周内分布")
    measured, unsaid, findings = [], [], []
    for name, words, instants in _flows(spans):
        if len(instants) < FEWEST_EVENTS:
            few = Words(f"{words.en}: fewer than {FEWEST_EVENTS} are dated", f"{words.zh}：有日期的不足 {FEWEST_EVENTS} 个")
            unsaid.append(few)
            continue
        at = local(instants, spans.zone)
        measured.append(_weekdays(name, words, at))
        month = _month(name, words, at)
        if month is None:
            unsaid.append(Words(f"{words.en} by day of month: less than three months", f"{words.zh}按月内日期：不足三个月"))
        else:
            measured.append(month)
            findings += _crowding(words, month)
    return Section("calendar", title, tuple(findings), tuple(measured), tuple(unsaid))


def _weekdays(name: str, words: Words, at: pd.Series) -> Measured:
    counts = at.dt.day_of_week.value_counts().reindex(range(7), fill_value=0)
    rows = tuple(Row(WEEKDAYS[day], int(count), *share(int(count), len(at))) for day, count in counts.items())
    title = Words(f"{words.en.capitalize()} by weekday", f"{words.zh}（按星期）")
    return Measured(f"{name}_by_weekday", title, Words("weekday", "星期"), "share", "bars", rows, 1 / 7)


def _month(name: str, words: Words, at: pd.Series) -> Measured | None:
    """How many times as many come on some days of the month as on its other days, weekday and month being alike.

    A Poisson regression of daily counts with a term for every weekday and month; its errors are widened by the dispersion.
    """
    days = at.dt.tz_localize(None).dt.normalize()
    whole = pd.date_range(days.min(), days.max(), freq="D")
    if whole.to_period("M").nunique() <= FEWEST_MONTHS:
        return None
    counts = days.value_counts().reindex(whole, fill_value=0).astype(float)
    parts = _parts(whole)
    fitted = _fitted(counts, parts)
    ends = fitted.conf_int(alpha=1 - CONFIDENCE)
    rows = []
    for column, label in PARTS:
        cases = int(counts[parts[column]].sum())
        interval = [float(np.exp(each)) for each in (fitted.params[column], *ends.loc[column])] if cases else NOTHING
        rows.append(Row(label, cases, *interval))
    title = Words(f"{words.en.capitalize()}, against the other days of the month", f"{words.zh}：相对当月其他日子")
    return Measured(f"{name}_by_day", title, Words("days", "日期"), "ratio", "bars", tuple(rows), 1.0)


def month_end(counts: pd.Series) -> Interval:
    """How many times as many come on the last three days of a month as on its other days, from daily counts, one for each day.

    By the regression of `_month`. Nothing where months are few, nothing came on either side, or all days are alike.
    """
    days = pd.DatetimeIndex(counts.index)
    last = (days + pd.offsets.MonthEnd(0) - days).days <= 2
    few = days.to_period("M").nunique() <= FEWEST_MONTHS
    if few or not counts[last].sum() or not counts[~last].sum() or np.ptp(counts) == 0:
        return NOTHING
    fitted = _fitted(counts, pd.DataFrame({"last": last}, index=days))
    low, high = fitted.conf_int(alpha=1 - CONFIDENCE).loc["last"]
    return Interval(*(float(np.exp(each)) for each in (fitted.params["last"], low, high)))


def _parts(days: pd.DatetimeIndex) -> pd.DataFrame:
    left = (days + pd.offsets.MonthEnd(0) - days).days
    return pd.DataFrame({"first": days.day <= 3, "last_three": (left > 0) & (left <= 2), "last": left == 0}, index=days)


def _fitted(counts: pd.Series, parts: pd.DataFrame):
    """The regression; a weekday on which nothing ever comes says nothing, nor does a month without any."""
    days = pd.DatetimeIndex(counts.index)
    weekday = pd.Series(days.day_of_week, index=days).astype(str)
    month = pd.Series(days.to_period("M").astype(str), index=days)
    busy = (counts.groupby(weekday).transform("sum") > 0) & (counts.groupby(month).transform("sum") > 0)
    terms = pd.get_dummies(pd.DataFrame({"weekday": weekday, "month": month})[busy], drop_first=True)
    design = sm.add_constant(pd.concat([parts[busy], terms], axis=1).astype(float))
    return _poisson(counts[busy], design, scale="X2")


def _crowding(words: Words, month: Measured) -> list[Words]:
    found = []
    for row in month.rows:
        if row.value is None or row.low is None or row.high is None:
            continue
        if not row.low <= 1 <= row.high:
            found.append(
                Words(
                    f"{words.en}: {row.value:.2f} times as many on the {row.label.en} as on other days ({row.low:.2f} to "
                    f"{row.high:.2f})",
                    f"{words.zh}：{row.label.zh}为其他日子的 {row.value:.2f} 倍（{row.low:.2f} 至 {row.high:.2f}）",
                )
            )
    return found
