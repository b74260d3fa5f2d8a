"""Looks at opportunities while they were open: what was known of them then, and what became of them afterwards."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from coach.plain import plain
from coach.winning.encoding import Feature
from coach.winning.history import CLOSINGS, DAY, Record, standing, states
from policies.language.predicate import CUSTOM_PREFIX

MOST_CUSTOM = 8
MOST_LOOKS = 8_000
STEPS = (1, 2, 7)
HELD_BACK, LEAST_HELD_BACK, MOST_HELD_BACK = 0.25, 28.0, 365.0
"""Share of the history's span, and days at least and at most, that is foretold from what was known before it: never more than
half of the span."""
WINDOWS, MOST_IN_A_WINDOW = 8, 2_000
"""The latest part of the history, twice as long as what is held back, is cut into so many windows to see how sums of wins
stray; opportunities looked at in each, at most."""
WEEK = 7.0
"""A window is made of whole weeks: in parts of a week sums stray by the days that they hold."""
LOOKS_A_SPAN = 8
"""Days between looks: so many that an opportunity is looked at about so often while it is open."""


class Looks(NamedTuple):
    """One row of `table` per look: what was recorded of an opportunity then. Arrays are of shape (looks,).

    `at`: instant of the look (ms). `record`: row of the opportunity. `left`: days from the look to its end, or to the end of
    the history where it was open still. `ended`: 0 open still, 1 won, 2 lost or without decision. `weight`: for how many looks
    at others like it a look stands.
    """

    table: pd.DataFrame
    at: np.ndarray
    record: np.ndarray
    left: np.ndarray
    ended: np.ndarray
    weight: np.ndarray

    def part(self, keep: np.ndarray) -> "Looks":
        """Those that a mask or an order of rows names."""
        return Looks(self.table.iloc[np.arange(len(self.at))[keep]], *(each[keep] for each in self[1:]))

    def until(self, instant: float) -> "Looks":
        """What was known at an instant: looks before it, and ends before it."""
        kept = self.part(self.at < instant)
        room = (instant - kept.at) / DAY
        over = kept.left > room
        return kept._replace(left=np.minimum(kept.left, room), ended=np.where(over, 0, kept.ended))

    def ends(self) -> tuple[int, int]:
        """Opportunities that were won, and lost."""
        if not len(self.at):
            return 0, 0
        last = pd.Series(self.ended).groupby(self.record).max()
        return int((last == 1).sum()), int((last == 2).sum())


FEATURES = (
    Feature("stage", "stage", "阶段", True),
    Feature("source", "source", "来源"),
    Feature("owner", "responsible rep", "负责人"),
    Feature("industry", "industry", "行业"),
    Feature("region", "region", "区域"),
    Feature("amount", "expected value", "预计金额", True),
    Feature("idle", "time since the last action:", "距最近动作", True, in_days=True),
    Feature("in_stage", "time since the last step forward:", "距最近推进", True, in_days=True),
    Feature("contacts", "recorded conversations", "沟通次数", True),
    Feature("actions", "recorded actions", "动作次数", True),
    Feature("discount", "discount", "折扣", True),
    Feature("to_close", "time to the expected closing date:", "距预计成交日", True, in_days=True),
    Feature("next_step", "next conversation", "下次沟通"),
    Feature("frozen", "frozen", "冻结"),
)
_KNOWN = (
    Feature("needs_summary", "needs summary", "需求摘要"),
    Feature("decision_maker", "decision maker", "决策人"),
    Feature("competitor", "competitor", "竞争对手"),
    Feature("budget", "budget", "客户预算"),
    Feature("quote_sent_at", "quote", "报价"),
)


def look(values: dict[str, Any], now: int) -> dict[str, Any]:
    """What the win model is told of an opportunity whose recorded fields are `values` at the instant `now`."""

    def days(name: str, other: str = "") -> float:
        at = values.get(name, values.get(other, np.nan))
        return (now - at) / DAY

    next_step = values.get("next_step_at")
    told = {
        **{name: values.get(name) for name in ("source", "owner")},
        **{name: _name(values.get(name)) for name in ("industry", "region")},
        **{name: values.get(name, np.nan) for name in ("stage", "amount", "discount")},
        "idle": days("last_action_at", "opened_at"),
        "in_stage": days("last_progress_at", "opened_at"),
        "age": days("opened_at"),
        "contacts": values.get("#contacts", 0),
        "actions": values.get("#actions", 0),
        "to_close": -days("close_at"),
        "next_step": "none" if next_step is None else "ahead" if next_step >= now else "passed",
        "frozen": "yes" if values.get("frozen") else "no",
        **{each.name: "recorded" if values.get(each.name) is not None else None for each in _KNOWN},
    }
    return told | {name: value for name, value in values.items() if name.startswith(CUSTOM_PREFIX)}


def _name(value: Any) -> str | None:
    return None if value is None else plain(value) if isinstance(value, float) else str(value)


class Past(NamedTuple):
    """What a win model learns from.

    `dated`: regular looks at opportunities of which it is known when they ended, or that they are open. `undated`: one look at
    the opening of every opportunity, closed or open still; none where all closings have a date. `without_date`: how many are
    closed, nobody knows when. `whole`: looks at all that was open at the beginning of each of `WINDOWS`.
    """

    features: tuple[Feature, ...]
    dated: Looks
    undated: Looks
    without_date: int
    whole: Looks


def held_back_from(at: np.ndarray) -> float:
    """Instant from which looks are held back, of looks at instants `at` (ms)."""
    span = float(at.max() - at.min())
    return at.max() - min(max(HELD_BACK * span, LEAST_HELD_BACK * DAY), MOST_HELD_BACK * DAY, span / 2)


def window_begins(at: np.ndarray) -> list[int]:
    """Instants (ms) at which windows begin, of looks at instants `at`.

    None where the history is shorter than a window.
    """
    cut, last = held_back_from(at), float(at.max())
    length = max(round(2 * (last - cut) / (WINDOWS * WEEK * DAY)), 1) * WEEK * DAY
    begins = [int(last - number * length) for number in range(WINDOWS, 0, -1)]
    return [begin for begin in begins if begin > at.min()]


def look_back(opportunities: Iterable[Record], at: int, undated: set[int]) -> Past:
    """Looks at the opportunities recorded by `at`, each as it was recorded at the time of the look.

    Opportunities closed nobody knows when (`undated`, and those whose closing stands at their opening) are not among the dated:
    neither how long they were open nor when they ended is known. Where there are more than `MOST_LOOKS`, looks are thinned,
    those at won ones last, and those that are left stand for them.
    """
    spans = [(record, *span_of(record, at)) for record in opportunities if record.entries]
    dated = [each for each in spans if each[2] > each[1] and each[0].row not in undated]
    without_date = sum(1 for each in spans if each[3]) - sum(1 for each in dated if each[3])
    regular = _looks(_instants(dated), at)
    openings = (
        _looks([(record, [start], ended, 1.0) for record, start, _, ended in spans], at) if without_date else _looks([], at)
    )
    seen = regular.table if len(regular.at) else openings.table
    whole = _looks(_in_windows(dated, regular.at), at)
    return Past((*_used(seen, FEATURES + _KNOWN), *_custom(seen)), regular, openings, without_date, whole)


def _in_windows(spans: list[tuple], looked_at: np.ndarray) -> Iterator[tuple[Record, Sequence[int], int, float]]:
    """Every opportunity at the beginning of each window in which it was open, or every so manieth where they are many."""
    if not len(looked_at):
        return
    begins = window_begins(looked_at)
    if not begins:
        return
    most = max(sum(start <= begin < end for _, start, end, _ in spans) for begin in begins)
    passed = -(-most // MOST_IN_A_WINDOW) or 1
    for number, (record, start, end, ended) in enumerate(spans):
        if number % passed == 0:
            yield record, [begin for begin in begins if start <= begin < end], ended, float(passed)


def _instants(spans: list[tuple]) -> Iterator[tuple[Record, Sequence[int], int, float]]:
    """When each opportunity is looked at, what became of it, and for how many looks each stands.

    Where there are too many looks, each opportunity is passed over at most of them, and not all at the same ones: a few looks
    at many opportunities tell more than many at a few.
    """
    step = _step(spans)
    lengths = [((end - start) / step, ended == 1) for _, start, end, ended in spans]
    won, others = (sum(length for length, is_won in lengths if is_won == told) for told in (True, False))
    every = {True: max(1, round(2 * won / MOST_LOOKS)), False: max(1, round(others / max(MOST_LOOKS - won, MOST_LOOKS / 2)))}
    for number, (record, start, end, ended) in enumerate(spans):
        passed = every[ended == 1]
        first = -(-start // step)
        yield record, range(step * (first + (number - first) % passed), end, step * passed), ended, float(passed)


def _looks(wanted: Iterable[tuple[Record, Sequence[int], int, float]], at: int) -> Looks:
    rows = []
    columns: dict[str, list[float]] = {name: [] for name in ("at", "record", "left", "ended", "weight")}
    for record, instants, ended, weight in wanted:
        _, end, _ = span_of(record, at)
        for instant, values in zip(instants, states(record, instants), strict=True):
            if values.get("status", "open") != "open":
                continue  # closed as lost, but won later
            rows.append(look(values, instant))
            for name, value in zip(columns, (instant, record.row, (end - instant) / DAY, ended, weight), strict=True):
                columns[name].append(value)
    arrays = [np.array(columns[name], dtype=kind) for name, kind in zip(columns, _KINDS, strict=True)]
    looks = Looks(pd.DataFrame(rows), *arrays)
    return looks.part(np.argsort(looks.at, kind="stable"))


_KINDS = (np.int64, np.int64, float, np.int64, float)


def _step(spans: list[tuple]) -> int:
    """Time between looks, ms."""
    mean = np.mean([end - start for _, start, end, _ in spans]) / DAY if spans else STEPS[-1]
    return DAY * max(step for step in STEPS if step == STEPS[0] or step * LOOKS_A_SPAN <= mean)


def span_of(record: Record, at: int) -> tuple[int, int, int]:
    """When an opportunity was first recorded, when its end was, and which: 0 where it is open at `at`.

    Of several closings the last one counts: who was lost first and won later was won later.
    """
    start = record.entries[0].recorded_at
    closings = standing(record, CLOSINGS)
    if not closings:
        return start, at, 0
    won = closings[-1].event == "won"
    return start, min(each.recorded_at for each in closings if each.event == "won" or not won), 1 if won else 2


def _used(table: pd.DataFrame, features: Iterable[Feature]) -> list[Feature]:
    """Those that differ between looks: what never differs tells nothing."""
    return [each for each in features if each.name in table and table[each.name].nunique(dropna=False) > 1]


def _custom(table: pd.DataFrame) -> list[Feature]:
    """The firm's own fields that are recorded most often; an instant as such says only when the case was."""
    names = [name for name in map(str, table) if name.startswith(CUSTOM_PREFIX) and not name.endswith("_at")]
    names = [name for name in names if table[name].nunique(dropna=False) > 1]
    names.sort(key=lambda name: table[name].isna().sum())
    texts = {name: name.removeprefix(CUSTOM_PREFIX).replace("_", " ") for name in names[:MOST_CUSTOM]}
    return [Feature(name, text, text, bool(pd.api.types.is_numeric_dtype(table[name]))) for name, text in texts.items()]
