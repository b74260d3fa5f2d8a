"""What was recorded of every record at chosen instants, and the history that the win model learns from.

The views of a store show the present. Scores in two weeks running, and a model that must not know the future, need the
fields as they were recorded at earlier instants: events are folded again in the order in which they were recorded.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from sqlalchemy import select

from coach.events import FIELD_OF
from coach.store import Store, tables
from coach.winning.encoding import Feature
from coach.winning.model import FEWEST, MOST_ROWS, History
from policies.language.predicate import CUSTOM_PREFIX
from policies.record.records import MOVES, SETS

DAY = 86_400_000
MOST_CUSTOM = 8
_CLOSED = ("won", "lost", "no_decision")


def _told(kind: str, name: str, value: float) -> float | str:
    about = FIELD_OF[kind][name]
    return about.choices[int(value)] if about.type == "choice" else float(value)


_SET = {
    (event, kind): {name: _told(kind, name, value) for name, value in fixed.items()}
    for event, kinds in SETS.items()
    for kind, fixed in kinds.items()
}


class Entry(NamedTuple):
    """One recorded event of a record; `voids` names the key of the event that it withdraws."""

    key: tuple[str, str]
    event: str
    acted_at: int
    recorded_at: int
    unit: str | None
    payload: dict[str, Any]
    voids: str | None


class Record(NamedTuple):
    """A record with everything recorded of it by an instant, in that order."""

    row: int
    kind: str
    id: str
    entries: list[Entry]


def records_at(store: Store, at: int) -> list[Record]:
    """Every record of a store with what was recorded by `at` (ms), rules' freezes and flags included, in order of rows."""
    event, record, firing = tables.event.c, tables.record.c, tables.firing.c
    query = (
        select(
            event.record,
            event.source,
            event.key,
            event.event,
            event.acted_at,
            event.recorded_at,
            event.unit,
            event.payload,
            event.voids,
        )
        .where(event.recorded_at <= at)
        .order_by(event.recorded_at, event.sequence)
    )
    effects = select(firing.record, firing.number, firing.event, firing.argument, firing.at).where(
        firing.event.in_(("frozen", "flagged", "flag_closed")), firing.at <= at
    )
    found: dict[int, list[Entry]] = {}
    with store.read() as connection:
        names = {
            row: (kind, identifier) for row, kind, identifier in connection.execute(select(record.row, record.kind, record.id))
        }
        for row, source, key, name, acted_at, recorded_at, unit, payload, voids in connection.execute(query):
            found.setdefault(row, []).append(
                Entry((source, key), name, acted_at, recorded_at, unit, json.loads(payload), voids)
            )
        for row, number, name, argument, done_at in connection.execute(effects):
            told = {"frozen": 1.0} if name == "frozen" else {"flag": argument}
            found.setdefault(row, []).append(Entry(("", str(number)), "field_set", done_at, done_at, None, told, None))
    for entries in found.values():
        entries.sort(key=lambda each: each.recorded_at)
    return [Record(row, *names[row], entries) for row, entries in sorted(found.items())]


def states(record: Record, instants: Sequence[int]) -> Iterator[dict[str, Any]]:
    """The recorded fields at each of some instants in rising order (a copy each); empty before the record was registered.

    Besides the fields: `unit`, and the numbers of recorded actions and contacts as `#actions` and `#contacts`.
    """
    values: dict[str, Any] = {}
    moved: list[tuple[Entry, tuple[str, ...]]] = []
    place = 0
    for instant in instants:
        while place < len(record.entries) and record.entries[place].recorded_at <= instant:
            _fold(record.kind, record.entries[place], values, moved)
            place += 1
        yield dict(values)


def _fold(kind: str, entry: Entry, values: dict[str, Any], moved: list) -> None:
    if entry.event == "voided":
        _take_back(entry, values, moved)
        return
    names = MOVES.get(entry.event, {}).get(kind, ())
    for name in names:
        values[name] = max(values.get(name, -np.inf), float(entry.acted_at))
    moved.append((entry, names))
    values.update(_SET.get((entry.event, kind), {}))
    for name, value in entry.payload.items():
        if value is None:
            values.pop(name, None)
        else:
            values[name] = value
    if entry.unit is not None:
        values["unit"] = entry.unit
    if "last_action_at" in names:
        values["#actions"] = values.get("#actions", 0) + 1
        values["#contacts"] = values.get("#contacts", 0) + (entry.event in ("first_contact", "contact"))


def _take_back(entry: Entry, values: dict[str, Any], moved: list) -> None:
    """Voiding moves instants back and restores no values."""
    gone = [each for each in moved if each[0].key == (entry.key[0], entry.voids)]
    for each in gone:
        moved.remove(each)
    for name in {name for _, names in gone for name in names}:
        left = [other.acted_at for other, names in moved if name in names]
        if left:
            values[name] = float(max(left))
        else:
            values.pop(name, None)


_FEATURES = (
    Feature("stage", "stage", "阶段", True),
    Feature("source", "source", "来源"),
    Feature("owner", "responsible rep", "负责人"),
    Feature("industry", "industry", "行业"),
    Feature("region", "region", "区域"),
    Feature("amount", "expected value", "预计金额", True),
    Feature("idle", "days since the last action", "距最近动作天数", True),
    Feature("in_stage", "days since the last step forward", "距最近推进天数", True),
    Feature("age", "days since it was opened", "创建以来天数", True),
    Feature("contacts", "recorded conversations", "沟通次数", True),
    Feature("actions", "recorded actions", "动作次数", True),
    Feature("discount", "discount", "折扣", True),
    Feature("to_close", "days to the expected closing date", "距预计成交日天数", True),
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
    return None if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def win_history(opportunities: Iterable[Record], at: int) -> tuple[tuple[Feature, ...], History]:
    """Features and looks at the opportunities that were closed by `at`, as they were recorded at the time of each look.

    Looks are taken at regular instants while an opportunity was open, so that the model learns from what one really finds open
    on a day. Looks of the last while, in which only quick ends are known yet, are left out if enough remain.
    """
    closed = [(record, span) for record in opportunities if (span := _span(record, at)) is not None]
    step = DAY * max(1, round(sum((end - start) / DAY for _, (start, end, _) in closed) / (2 * MOST_ROWS)))
    rows, won, instants, ids = [], [], [], []
    for record, (start, end, status) in closed:
        looks = range(-(-start // step) * step, end, step)
        for instant, values in zip(looks, states(record, looks), strict=True):
            rows.append(look(values, instant))
            won.append(status == "won")
            instants.append(instant)
            ids.append(record.row)
    history = History(pd.DataFrame(rows), np.array(won, dtype=bool), np.array(instants, dtype=np.int64), np.array(ids))
    features = (*_used(history.table, _FEATURES + _KNOWN), *_custom(history.table))
    return features, _settled(history, [end - start for _, (start, end, _) in closed], at)


def _span(record: Record, at: int) -> tuple[int, int, str] | None:
    """When an opportunity was opened and closed, as recorded, and how; None for one that is not closed by `at`."""
    (values,) = states(record, [at])
    if values.get("status") not in _CLOSED or not record.entries:
        return None
    ends = [each.recorded_at for each in record.entries if each.event in _CLOSED]
    return (record.entries[0].recorded_at, min(ends), values["status"]) if ends else None


def _settled(history: History, durations: list[int], at: int) -> History:
    if not durations:
        return history
    keep = history.at <= at - np.quantile(durations, 0.8)
    ends = pd.Series(history.won[keep]).groupby(history.record[keep]).first()
    if min(ends.sum(), (~ends).sum()) < FEWEST if len(ends) else True:
        return history
    return History(history.table[keep], history.won[keep], history.at[keep], history.record[keep])


def _used(table: pd.DataFrame, features: Iterable[Feature]) -> list[Feature]:
    """Those that differ between looks: what never differs tells nothing."""
    return [each for each in features if each.name in table and table[each.name].nunique(dropna=False) > 1]


def _custom(table: pd.DataFrame) -> list[Feature]:
    """The firm's own fields that are recorded most often; an instant as such says only when the case was."""
    names = [name for name in table if name.startswith(CUSTOM_PREFIX) and not name.endswith("_at")]
    names = [name for name in names if table[name].nunique(dropna=False) > 1]
    names.sort(key=lambda name: table[name].isna().sum())
    texts = {name: name.removeprefix(CUSTOM_PREFIX).replace("_", " ") for name in names[:MOST_CUSTOM]}
    return [Feature(name, text, text, bool(pd.api.types.is_numeric_dtype(table[name]))) for name, text in texts.items()]
