"""Which opportunities were won: by source, owner and amount, and from stage to stage."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from coach.describing.description import Measured, Row, Section, same
from coach.describing.estimates import FEWEST_CASES, Interval, share, shrunk
from coach.describing.spans import Spans, days
from coach.store.stage_names import stage_name
from policies.scores.score import Words

HORIZONS = (30, 60, 90, 180, 365, 730)
"""Days within which a win counts; one is chosen by the record."""
WINS_WITHIN = 0.8
MOST_GROUPS = 12
FEWEST_REPS = 3


def horizon_of(spans: Spans) -> int | None:
    """The first of some horizons within which four of five dated wins had come; None without wins.

    Opportunities younger than that say nothing yet, so that the record must reach back further than it.
    """
    deals = spans.deals
    won = deals[(deals["outcome"] == "won") & deals["dated"]]
    if len(won) < FEWEST_CASES:
        return None
    took = days(won["end"] - won["start"])
    reach = days(spans.at - deals["start"].min())
    fitting = [each for each in HORIZONS if each <= reach / 2] or [HORIZONS[0]]
    return next((each for each in fitting if (took <= each).mean() >= WINS_WITHIN), fitting[-1])


def ripe(spans: Spans, horizon: int) -> pd.DataFrame:
    """Opportunities that are at least `horizon` days old, with `won`: whether they were won within it.

    Closings of unknown date are left out: whether they came within it is not known.
    """
    deals = spans.deals
    old = deals[(days(spans.at - deals["start"]) >= horizon) & deals["dated"]]
    return old.assign(won=(old["outcome"] == "won") & (days(old["end"] - old["start"]) <= horizon))


def conversion(spans: Spans) -> Section:
    """Shares won within a horizon, of all opportunities that are old enough to tell."""
    title = Words("Who is won", "赢单率")
    horizon = horizon_of(spans)
    if horizon is None:
        few = Words(
            f"fewer than {FEWEST_CASES} dated wins are recorded: no share of wins can be told",
            f"有日期的赢单不足 {FEWEST_CASES} 个，无法给出赢单率",
        )
        return Section("conversion", title, (), (), (few,))
    old = ripe(spans, horizon)
    whole = share(int(old["won"].sum()), len(old))
    findings = [_whole(whole, len(old), horizon)]
    measured, unsaid = [], []
    for name, words, groups, otherwise in _groupings(old, spans.currency):
        if groups is None or groups.nunique() < 2:
            unsaid.append(otherwise)
            continue
        measured.append(_by(old, name, words, groups))
    leads = _leads(spans)
    if leads is None:
        unsaid.append(Words("from lead to opportunity: no lead is recorded as converted", "线索转商机：没有记录线索的转化"))
    else:
        measured.append(leads)
    stages = _stages(spans)
    if stages is None:
        unsaid.append(
            Words(
                "from stage to stage: the record holds no changes of stage",
                "各阶段之间：记录中没有阶段变更",
            )
        )
    else:
        measured.append(stages)
    return Section("conversion", title, tuple(findings), tuple(measured), tuple(unsaid))


def _whole(found: Interval, cases: int, horizon: int) -> Words:
    if found.value is None:
        return Words(
            f"only {cases} opportunities are older than {horizon} days: too few for a share",
            f"创建超过 {horizon} 天的商机只有 {cases} 个，太少，无法给出比例",
        )
    return Words(
        f"{found.value:.1%} of {cases:,} opportunities were won within {horizon} days ({found.low:.1%} to {found.high:.1%})",
        f"{cases:,} 个商机中有 {found.value:.1%} 在 {horizon} 天内赢单（{found.low:.1%} 至 {found.high:.1%}）",
    )


def _groupings(old: pd.DataFrame, currency: str | None) -> list[tuple[str, Words, pd.Series | None, Words]]:
    """By what to group, and what to say where that is not possible."""
    no_source = Words("by source: it is not recorded, or always the same", "按来源：没有记录，或全都相同")
    sizes = None
    no_amount = Words("by amount: too few amounts are recorded, or all are alike", "按金额：记录的金额太少，或全都相同")
    known = old["amount_before"].notna()
    if old["amount"].notna().sum() > 2 * known.sum():
        no_amount = Words(
            "by amount: most amounts are entered with the closing, so that they tell the outcome and do not foretell it",
            "按金额：多数金额在关闭时才录入，反映的是结果而不能预示结果",
        )
    elif known.sum() >= 4 * FEWEST_CASES and old["amount_before"].nunique() > 4:
        sizes = pd.qcut(old["amount_before"], 4, duplicates="drop")
    behind = ("", "") if currency is None else (f" in {currency}", f"（{currency}）")
    return [
        ("source", Words("source", "来源"), old["source"] if old["source"].notna().any() else None, no_source),
        (
            "amount",
            Words(f"amount{behind[0]} as recorded before the closing", f"关闭前记录的金额{behind[1]}"),
            sizes,
            no_amount,
        ),
    ]


def _by(old: pd.DataFrame, name: str, words: Words, groups: pd.Series) -> Measured:
    ordered = isinstance(groups.dtype, pd.CategoricalDtype)
    counted = old.groupby(groups, observed=True)["won"].agg(["sum", "count"])
    if not ordered:
        counted = counted.sort_values("count", ascending=False)
    rows = [_row(_label(key), int(won), int(cases)) for key, (won, cases) in counted.head(MOST_GROUPS).iterrows()]
    rest = counted.iloc[MOST_GROUPS:]
    if len(rest):
        rows.append(_row(Words("all others", "其余"), int(rest["sum"].sum()), int(rest["count"].sum())))
    missing = old[groups.isna()]
    if len(missing):
        rows.append(_row(Words("not recorded", "未记录"), int(missing["won"].sum()), len(missing)))
    title = Words(f"Won, by {words.en}", f"赢单率（按{words.zh}）")
    return Measured(f"won_by_{name}", title, words, "share", "bars", tuple(rows))


def _label(key) -> Words:
    if isinstance(key, pd.Interval):
        return Words(f"up to {key.right:,.0f}", f"至 {key.right:,.0f}")
    return same(str(key))


def _row(label: Words, won: int, cases: int) -> Row:
    return Row(label, cases, *share(won, cases))


def _leads(spans: Spans) -> Measured | None:
    """Of the leads that ended, those that became opportunities, by source; of all leads where none is recorded as lost."""
    leads = spans.leads
    if not (leads["outcome"] == "converted").any():
        return None
    lost = (leads["outcome"] == "lost").any()
    told = leads[leads["outcome"] != "open"] if lost else leads
    sources = told["source"].fillna("–") if told["source"].nunique() > 1 else pd.Series("–", index=told.index)
    converted = (told["outcome"] == "converted").groupby(sources).agg(["sum", "count"]).sort_values("count", ascending=False)
    rows = [_row(Words("all leads", "全部线索"), int(converted["sum"].sum()), int(converted["count"].sum()))]
    if len(converted) > 1:
        named = {"–": Words("not recorded", "未记录")}
        most = converted.head(MOST_GROUPS)
        rows += [_row(named.get(str(key), same(str(key))), int(won), int(n)) for key, (won, n) in most.iterrows()]
    of = Words("of all leads", "占全部线索")
    if lost:
        of = Words("of leads that were converted or lost", "占已转化或已流失的线索")
    title = Words(f"Became opportunities, {of.en}", f"转为商机的比例（{of.zh}）")
    return Measured("converted_by_source", title, Words("source", "来源"), "share", "bars", tuple(rows))


def _stages(spans: Spans) -> Measured | None:
    """Of the stays in a stage that ended, the share that went on."""
    moves = spans.moves
    if moves.empty or moves["stage"].nunique() < 2 or not (moves.groupby("deal").size() > 1).any():
        return None
    ended = moves[moves["end"].notna()]
    rows = []
    for stage, stays in ended.groupby("stage"):
        label = stage_name(spans.stages, float(str(stage)))
        rows.append(Row(label, len(stays), *share(int(stays["went_on"].sum()), len(stays))))
    title = Words("Went on from a stage, of those that left it", "离开该阶段者中继续推进的比例")
    return Measured("stages", title, Words("stage", "阶段"), "share", "bars", tuple(rows))


def people(spans: Spans) -> Section:
    """Differences between owners, shrunk towards what they have in common."""
    title = Words("Differences between people", "人员差异")
    horizon = horizon_of(spans)
    old = None if horizon is None else ripe(spans, horizon)
    counted = pd.DataFrame() if old is None else old[old["owner"].notna()].groupby("owner")["won"].agg(["sum", "count"])
    if len(counted) < FEWEST_REPS or counted["sum"].sum() < FEWEST_CASES:
        few = Words("fewer than three owners, or too few wins, to compare people", "负责人不足三名，或赢单太少，无法比较")
        return Section("people", title, (), (), (few,))
    found = shrunk(counted["sum"].to_numpy(dtype=int), counted["count"].to_numpy(dtype=int))
    rows = [
        Row(same(str(name)), int(cases), *interval)
        for (name, cases), interval in zip(counted["count"].items(), found.shares, strict=True)
        if spans.named is None or str(name) in spans.named
    ]
    rows.sort(key=lambda row: -(row.value or 0.0))
    kept = rows if len(rows) <= 2 * MOST_GROUPS else rows[:MOST_GROUPS] + rows[-MOST_GROUPS:]
    name = Words(
        f"Won within {horizon} days, by owner, drawn towards the common share",
        f"{horizon} 天内赢单率（按负责人，已向总体收缩）",
    )
    measured = Measured("won_by_owner", name, Words("owner", "负责人"), "share", "bars", tuple(kept))
    return Section("people", title, (_between(found.spread, found.p_value, len(counted)),), (measured,) if rows else ())


def _between(spread: float, p_value: float, people: int) -> Words:
    if p_value < 0.05:
        return Words(
            f"{people} owners differ by more than chance: the true shares of wins spread by {100 * spread:.1f} points "
            "(one standard deviation)",
            f"{people} 名负责人的差异超出偶然：真实赢单率的标准差为 {100 * spread:.1f} 个百分点",
        )
    return Words(
        f"the differences between {people} owners are no larger than chance makes them",
        f"{people} 名负责人之间的差异不超过偶然所致",
    )


Bands = list[tuple[Words, Callable[[pd.Series], pd.Series]]]
"""Names, and which values belong to each."""


def shares_by(values: pd.Series, hits: pd.Series, bands: Bands) -> tuple[Row, ...]:
    """A share per band of some values; `hits` tells which cases count."""
    rows = []
    for label, within in bands:
        mine = within(values)
        rows.append(Row(label, int(mine.sum()), *share(int(hits[mine].sum()), int(mine.sum()))))
    return tuple(rows)


def unknown(values: pd.Series) -> pd.Series:
    """Cases without a value."""
    return pd.Series(np.isnan(values), index=values.index)
