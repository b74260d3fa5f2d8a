"""How long things take: time to win and to loss with open opportunities counted as open, stays in stages, hazards."""

from operator import itemgetter

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight

from coach.describing.description import CONFIDENCE, Measured, Row, Section
from coach.describing.estimates import FEWEST_CASES, rate
from coach.describing.spans import Spans, days
from coach.store.stage_names import stage_name
from coach.winning.history import DAY
from policies.scores.score import Words

POINTS = 40
WEEK = 7.0
AGES = (0, 7, 14, 30, 60, 90, 180, 365, np.inf)
"""Bands of age and idleness, days."""
FEWEST_LEFT = 10
"""A curve ends where fewer are still under watch."""


def timing(spans: Spans) -> Section:
    """Curves of what had become of opportunities by their age, and how long they stay in a stage."""
    title = Words("How long it takes", "需要多久")
    deals = spans.deals[spans.deals["dated"]]
    if (deals["outcome"] == "won").sum() < FEWEST_CASES:
        few = Words("too few dated wins for a curve", "有日期的赢单太少，无法给出曲线")
        return Section("timing", title, (), (), (few,))
    age = days(deals["end"].fillna(spans.at) - deals["start"]).clip(lower=0.5)
    ended = deals["outcome"].map({"open": 0, "won": 1}).fillna(2).astype(int)
    curves = _incidence(age.to_numpy(), ended.to_numpy())
    findings = [_by_then(curves[0], each) for each in (30, 90, 365)]
    findings.append(_quantiles(curves[0]))
    stays, unsaid = _stays(spans)
    lead = _from_lead(spans, deals, ended)
    curves += [] if lead is None else [lead]
    return Section("timing", title, tuple(each for each in findings if each is not None), (*curves, *stays), unsaid)


def _from_lead(spans: Spans, deals: pd.DataFrame, ended: pd.Series) -> Measured | None:
    """From the first sign of the customer to the win, for opportunities whose lead is known and older than they are."""
    known = (deals["lead"] < deals["start"]).to_numpy()
    if (known & (ended == 1)).sum() < FEWEST_CASES:
        return None
    age = days(deals["end"].fillna(spans.at) - deals["lead"]).clip(lower=0.5)[known]
    curve = _incidence(age.to_numpy(), ended[known].to_numpy())[0]
    title = Words("Won by then, counted from the lead", "届时已赢单（自线索起算）")
    return curve._replace(name="won_from_lead", title=title, about=Words("days since the lead came", "线索出现以来天数"))


def _incidence(age: np.ndarray, ended: np.ndarray) -> list[Measured]:
    """Cumulative incidence of win and of loss (statsmodels), a loss being no win that is still to come."""
    with np.errstate(all="ignore"):  # where the last one ends, the library divides by those left: none
        found = CumIncidenceRight(age, ended)
    last = np.sort(age)[-FEWEST_LEFT] if len(age) >= FEWEST_LEFT else age.max()
    titles = (Words("Won by then", "届时已赢单"), Words("Lost by then", "届时已丢单"))
    about = Words("days since it was opened", "创建以来天数")
    made = []
    for place, (name, title) in enumerate(zip(("won_by_age", "lost_by_age"), titles, strict=True)):
        if place < len(found.cinc):
            rows = _curve(found.times, found.cinc[place], found.cinc_se[place], last, len(age))
            made.append(Measured(name, title, about, "share", "curve", rows))
    return made


def _curve(times, levels, errors, last: float, cases: int) -> tuple[Row, ...]:
    """A step curve read at round places, with limits on the log-log scale (Kalbfleisch and Prentice, 2002, p. 18)."""
    places = np.unique(np.round(np.geomspace(1, max(2.0, last), POINTS)))
    z = stats.norm.ppf(0.5 + CONFIDENCE / 2)
    rows = []
    for place in places:
        index = np.searchsorted(times, place, side="right") - 1
        level, error = (0.0, 0.0) if index < 0 else (float(levels[index]), float(errors[index]))
        low, high = _limits(level, error, z)
        rows.append(Row(Words(f"day {place:.0f}", f"第 {place:.0f} 天"), cases, level, low, high, float(place)))
    return tuple(rows)


def _limits(level: float, error: float, z: float) -> tuple[float, float]:
    if not 0 < level < 1 or not error > 0:
        return level, level
    scale = z * error / (level * np.log(level))
    return float(level ** np.exp(-scale)), float(level ** np.exp(scale))


def _by_then(curve: Measured, age: int) -> Words | None:
    row = next((each for each in curve.rows if each.at is not None and each.at >= age), None)
    if row is None:
        return None
    return Words(
        f"{row.value:.1%} are won by day {row.at:.0f} ({row.low:.1%} to {row.high:.1%})",
        f"到第 {row.at:.0f} 天有 {row.value:.1%} 赢单（{row.low:.1%} 至 {row.high:.1%}）",
    )


def _quantiles(curve: Measured) -> Words:
    levels = np.array([row.value for row in curve.rows])
    places = np.array([row.at for row in curve.rows])
    whole = levels[-1]
    quarter, half, late, latest = (places[np.searchsorted(levels, q * whole)] for q in (0.25, 0.5, 0.75, 0.9))
    return Words(
        f"of all wins within {places[-1]:.0f} days a quarter had come by day {quarter:.0f}, half by day {half:.0f}, three "
        f"quarters by day {late:.0f} and nine tenths by day {latest:.0f}",
        f"{places[-1]:.0f} 天内的全部赢单中，四分之一在第 {quarter:.0f} 天前、一半在第 {half:.0f} 天前、"
        f"四分之三在第 {late:.0f} 天前、九成在第 {latest:.0f} 天前",
    )


def _stays(spans: Spans) -> tuple[list[Measured], tuple[Words, ...]]:
    """Median stay in each stage, those that still last counted as such (Kaplan and Meier)."""
    moves = spans.moves
    if moves["stage"].nunique() < 2 or not (moves.groupby("deal").size() > 1).any():
        missing = Words("time in a stage: the record holds no changes of stage", "阶段停留时间：记录中没有阶段变更")
        return [], (missing,)
    rows = []
    for stage, stays in moves.groupby("stage"):
        label = stage_name(spans.stages, float(str(stage)))
        lasted = days(stays["end"].fillna(spans.at) - stays["start"]).clip(lower=0.01)
        left = stays["end"].notna().to_numpy(dtype=int)
        rows.append(Row(label, len(stays), *_median(lasted.to_numpy(), left)))
    title = Words("Days in a stage until half have left it", "半数离开该阶段所需天数")
    return [Measured("days_in_stage", title, Words("stage", "阶段"), "days", "bars", tuple(rows))], ()


def _median(lasted: np.ndarray, left: np.ndarray) -> tuple[float | None, float | None, float | None]:
    if left.sum() < FEWEST_CASES:
        return None, None, None
    curve = SurvfuncRight(lasted, left)
    with np.errstate(all="ignore"):  # at the curve's ends, 0 and 1, the library takes logarithms of nothing
        low, high = curve.quantile_ci(0.5, alpha=1 - CONFIDENCE)
    return _finite(curve.quantile(0.5)), _finite(low), _finite(high)


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def hazards(spans: Spans) -> Section:
    """Wins a week of those still open, by age and by idleness, with exact Poisson intervals."""
    title = Words("When wins come", "赢单何时发生")
    deals = spans.deals[spans.deals["dated"]]
    won = deals["outcome"] == "won"
    if won.sum() < FEWEST_CASES:
        return Section("hazards", title, (), (), (Words("too few dated wins", "有日期的赢单太少"),))
    end = deals["end"].fillna(spans.at)
    by_age = _hazard(days(end - deals["start"]).to_numpy(), np.zeros(len(deals)), won.to_numpy())
    about = Words("days since it was opened", "创建以来天数")
    name = Words("Won a week, of those still open, by age", "在途商机每周赢单率（按创建以来天数）")
    measured, unsaid = [Measured("wins_by_age", name, about, "per week", "bars", by_age)], []
    starts, ends, wins = _idle_spells(spans, deals, end)
    if len(starts) > len(deals):
        about = Words("days since the last recorded action", "距最近记录动作天数")
        name = Words("Won a week, of those still open, by idleness", "在途商机每周赢单率（按未动作天数）")
        rows = _hazard(ends - starts, np.zeros(len(starts)), wins)
        measured.append(Measured("wins_by_idleness", name, about, "per week", "bars", rows))
    else:
        unsaid.append(Words("by idleness: no actions on opportunities are recorded", "按未动作天数：商机上没有动作记录"))
    return Section("hazards", title, _peak(by_age), tuple(measured), tuple(unsaid))


def _hazard(lasted: np.ndarray, begun: np.ndarray, won: np.ndarray) -> tuple[Row, ...]:
    """Wins a week in each band; none is told of an age that too few reached."""
    rows = []
    for low, high in zip(AGES[:-1], AGES[1:], strict=True):
        exposure = (np.clip(lasted, low, high) - np.clip(begun, low, high)).sum() / WEEK
        count = int((won & (lasted >= low) & (lasted < high)).sum())
        open_ended = np.isinf(high)
        label = Words(f"over {low}" if open_ended else f"{low} to {high}", f"{low} 以上" if open_ended else f"{low}–{high}")
        if (lasted > low).sum() >= FEWEST_CASES:
            rows.append(Row(label, count, *rate(count, exposure)))
    return tuple(rows)


def _idle_spells(spans: Spans, deals: pd.DataFrame, end: pd.Series) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Stretches without an action, in days: start, end, and whether a win ended it."""
    own = deals.set_index("row")
    actions = spans.actions[spans.actions["deal"].isin(own.index)]
    last = pd.Series(end.to_numpy(), index=own.index)
    actions = actions[actions["at"].to_numpy() < last.loc[actions["deal"]].to_numpy()]
    begun = pd.concat([own["start"].rename("at").rename_axis("deal").reset_index(), actions]).sort_values(["deal", "at"])
    following = begun.groupby("deal")["at"].shift(-1)
    final = following.isna().to_numpy()
    stop = following.fillna(begun["deal"].map(last)).to_numpy()
    won = final & (own["outcome"].loc[begun["deal"]] == "won").to_numpy()
    return begun["at"].to_numpy() / DAY, stop / DAY, won


def _peak(rows: tuple[Row, ...]) -> tuple[Words, ...]:
    known = [(row.value, row) for row in rows if row.value is not None and row.cases >= FEWEST_CASES]
    if len(known) < 2:
        return ()
    (_, top), (_, last) = max(known, key=itemgetter(0)), known[-1]
    return (
        Words(
            f"an open opportunity is won most often at {top.label.en} days of age ({top.value:.2%} a week); at {last.label.en} "
            f"days {last.value:.2%} a week",
            f"在途商机在创建 {top.label.zh} 天时最常赢单（每周 {top.value:.2%}）；{last.label.zh} 天时每周 {last.value:.2%}",
        ),
    )
