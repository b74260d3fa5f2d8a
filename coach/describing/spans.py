"""Leads and opportunities of a store as tables: from when to when, how they ended, and what was known of them."""

from collections.abc import Iterable, Mapping, Set
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd
from sqlalchemy import func, select

from coach.store import Store, tables
from coach.store.stage_names import stage_names
from coach.winning.history import CLOSINGS, DAY, Record, records_at, stages_told, standing, states, undated_closings
from policies.scores.score import Words

CONTACTS = ("first_contact", "contact")
ACTIONS = ("attempt", "document", *CONTACTS)


class Spans(NamedTuple):
    """What a description rests on, as of `at` (ms).

    `deals`: a row an opportunity: `id, start, end, outcome` ("open", "won", "lost", "no_decision"), `dated` (whether the
    instant of its closing is known), `source, owner`, `amount` and `amount_before` (as recorded before the closing), `response`
    (ms from the start to the first conversation; NaN without one), `lead` (start of the lead that it came from, as far as an id
    tells). `leads`: `id, start, end, outcome` ("open", "converted", "lost"), `source, owner, response`. `moves`: a row a stay
    in a stage: `deal, stage, start, end, went_on` (end NaN while it lasts). `actions`: `deal, at`. `delays`: ms from an action
    to its entry. `undated`: closings whose instant is the export's. `currency`: that of amounts.
    `named`: owners whose own figures may be told; None for all. `stages`: names of stages by number.
    """

    at: int
    zone: str
    deals: pd.DataFrame
    leads: pd.DataFrame
    moves: pd.DataFrame
    actions: pd.DataFrame
    delays: np.ndarray
    undated: int
    currency: str | None = None
    named: Set[str] | None = None
    stages: Mapping[int, Words] = MappingProxyType({})


def last_recorded(store: Store, at: int) -> int:
    """When something was last recorded of a lead or an opportunity, by the instant `at` (ms); `at` where nothing was.

    What is open at that instant is as old as it was known to be: an export of last month tells nothing of this one.
    """
    event, record = tables.event.c, tables.record.c
    query = (
        select(func.max(event.recorded_at))
        .join(tables.record, event.record == record.row)
        .where(record.kind.in_(("lead", "opportunity")), event.recorded_at <= at)
    )
    with store.read() as connection:
        return connection.scalar(query) or at


def spans_at(store: Store, at: int) -> Spans:
    """Fold everything recorded by `at` into tables."""
    with store.read() as connection:
        stages = stage_names(connection)
    found = spans_of(records_at(store, at), at, store.calendar.zone, undated_closings(store), store.currency)
    return found._replace(stages=stages)


def spans_of(records: Iterable[Record], at: int, zone: str, undated: set[int], currency: str | None = None) -> Spans:
    """Fold records, as they stood at `at`, into tables; `undated`: rows whose closing nobody can date."""
    by_kind: dict[str, list[Record]] = {"lead": [], "opportunity": []}
    for record in records:
        if record.kind in by_kind and record.entries:
            by_kind[record.kind].append(record)
    deals = pd.DataFrame([_deal(each, at) for each in by_kind["opportunity"]], columns=_DEAL)
    leads = pd.DataFrame([_lead(each, at) for each in by_kind["lead"]], columns=_LEAD)
    moves = [row for each in by_kind["opportunity"] for row in _moves(each)]
    actions = [(each.row, float(entry.acted_at)) for each in by_kind["opportunity"] for entry in standing(each, ACTIONS)]
    deals["dated"] = ~deals["row"].isin(undated)
    lead_starts = dict(zip(leads["id"], leads["start"], strict=True))
    deals["lead"] = deals["id"].map(lead_starts).fillna(deals["customer"].map(lead_starts)).astype(float)
    return Spans(
        at, zone, deals, leads, pd.DataFrame(moves, columns=_MOVE),
        pd.DataFrame(actions, columns=["deal", "at"]), _delays(by_kind["lead"] + by_kind["opportunity"]),
        int((~deals["dated"]).sum()), currency,
    )  # fmt: skip


_DEAL = ["row", "id", "start", "end", "outcome", "source", "owner", "amount", "amount_before", "response", "customer"]
_LEAD = ["row", "id", "start", "end", "outcome", "source", "owner", "response"]
_MOVE = ["deal", "stage", "start", "end", "went_on"]


def _deal(record: Record, at: int) -> tuple:
    closings = standing(record, CLOSINGS)
    before, values = states(record, [min([at, *(entry.recorded_at - 1 for entry in closings)]), at])
    status = values.get("status", "open")
    start = _start(record)
    end = float(max(entry.acted_at for entry in closings)) if status in CLOSINGS and closings else np.nan
    return (
        record.row, record.id, start, max(end, start) if end == end else end, status, _source(values), _owner(values),
        _amount(values), _amount(before), _response(record, start), values.get("customer"),
    )  # fmt: skip


def _amount(values: dict) -> float:
    amount = values.get("amount")
    return float(amount) if isinstance(amount, (int, float)) and amount > 0 else np.nan


def _lead(record: Record, at: int) -> tuple:
    (values,) = states(record, [at])
    start = values.get("captured_at") or _start(record)
    ends = [entry.acted_at for entry in standing(record, ("converted", "lost"))]
    status = {"converted": "converted", "lost": "lost"}.get(str(values.get("status")), "open")
    end = float(min(ends)) if status != "open" and ends else np.nan
    return record.row, record.id, float(start), end, status, _source(values), _owner(values), _response(record, float(start))


def _start(record: Record) -> float:
    registered = standing(record, ("registered",))
    return float((registered or record.entries)[0].acted_at)


def _response(record: Record, start: float) -> float:
    contacts = [entry.acted_at for entry in standing(record, CONTACTS)]
    return max(0.0, min(contacts) - start) if contacts else np.nan


def _source(values: dict) -> str | None:
    """Where it came from: the field, or a field of the firm's own with that name."""
    found = values.get("source", values.get("custom.source"))
    return None if found is None else str(found)


def _owner(values: dict) -> str | None:
    found = values.get("unit") or values.get("owner")
    return None if found is None else str(found)


def _moves(record: Record) -> list[tuple]:
    steps = [(_start(record), 1.0)]
    for entry, stage in stages_told(record):
        if entry.event == "registered":
            steps = [(float(entry.acted_at), stage)]
        elif stage != steps[-1][1]:
            steps.append((max(float(entry.acted_at), steps[-1][0]), stage))
    closed = standing(record, CLOSINGS)
    end, won = (float(closed[-1].acted_at), closed[-1].event == "won") if closed else (np.nan, False)
    rows = []
    for (start, stage), following in zip(steps, [*steps[1:], None], strict=True):
        if following is not None:
            rows.append((record.row, stage, start, following[0], following[1] > stage))
        else:
            rows.append((record.row, stage, start, max(end, start) if end == end else end, won))
    return rows


def _delays(records: list[Record]) -> np.ndarray:
    """Entries later than what they tell, as far as an entry bears a stamp of its own."""
    return np.array(
        [entry.recorded_at - entry.acted_at for record in records for entry in record.entries if entry.event in ACTIONS],
        dtype=float,
    )


def days(milliseconds):
    """Days of 24 hours."""
    return milliseconds / DAY
