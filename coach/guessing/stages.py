"""Tables that tell the stages which deals went through: by row the new stage, or a field with its old and new value."""

from typing import Any

import pandas as pd

from coach.guessing.columns import Column, assigned
from coach.guessing.deals import Deals
from coach.guessing.headings import plain
from coach.guessing.ids import LEAST_KNOWN, share_in
from coach.guessing.references import deal_column, instant_of, row_id, table_of
from coach.guessing.sources import Raw
from coach.mapping import parsing

MOST_FIELDS = 200


def history_table(raw: Raw, about: list[Column], deals: Deals) -> dict[str, Any] | None:
    """Changes of stage, as steps of deals; None for a table that holds none."""
    known = _stages(deals)
    found = assigned(about, "history", _said(about, known, raw.cells)).columns
    if not {"stage", "at"} <= found.keys() or not known:
        return None
    name, at = found["stage"].name, found["at"]
    when = _of_stages(raw.cells, about, found, known)
    about_stages = raw.cells[parsing.holds(raw.cells, when)]
    if not about_stages[name].isin(known).mean() >= LEAST_KNOWN:
        return None
    record = _whose(raw, found, deals)
    own = row_id(about, found, ("deal", "at", "stage"))
    if record is None or own is None:
        return None
    order = deals.stages.order or _order(about_stages, name, at, record, deals)
    if len(order) < 2:
        return None
    numbers = {value: place for place, value in enumerate(order, start=1)}
    event = {
        "event": "advanced",
        "when": when | {name: order},
        "at": instant_of(at),
        "record": [record],
        "payload": {"stage": {"column": name, "values": numbers}},
    }
    return table_of("stages", raw, own, [event])


def _stages(deals: Deals) -> set[str]:
    columns = [deals.columns[concept].name for concept in ("stage", "status") if concept in deals.columns]
    return {value for name in columns for value in deals.raw.cells[name] if value}


def _said(about: list[Column], known: set[str], cells: pd.DataFrame) -> dict[str, str]:
    """Of an old and a new value the new one is the stage, and of two instants the one at which it became so."""
    names = {plain(column.name): column.name for column in about}
    said = {}
    pairs = (("old value", "new value"), ("oldvalue", "newvalue"), ("from", "to"), ("from stage", "to stage"),
             ("old stage", "new stage"), ("old value char", "new value char"))  # fmt: skip
    for old, new in pairs:
        if old in names and new in names and share_in(cells[names[new]], pd.Series(sorted(known), dtype=object)) > 0.0:
            said["stage"] = names[new]
            if "from date" in names and "to date" in names:
                said["at"] = names["to date"]
    return said


def _of_stages(cells: pd.DataFrame, about: list[Column], found: dict[str, Column], known: set[str]) -> dict[str, Any]:
    """Which rows are about stages, where a column says of which field each row is."""
    is_known = cells[found["stage"].name].isin(known)
    used = {column.name for concept, column in found.items() if concept in ("deal", "stage", "at", "id")}
    if is_known.mean() > 1 - LEAST_KNOWN / 5 or not is_known.any():
        return {}
    for column in about:
        if column.name in used or not 2 <= column.distinct <= MOST_FIELDS or column.filled < 1.0:
            continue
        shares = is_known.groupby(cells[column.name]).mean()
        fields = [str(value) for value, share in shares.items() if share >= LEAST_KNOWN]
        if fields and shares[shares < LEAST_KNOWN].max() < LEAST_KNOWN / 5:
            return {column.name: fields}
    return {}


def _whose(raw: Raw, found: dict[str, Column], deals: Deals) -> dict[str, Any] | None:
    if (name := deal_column(raw, found, deals)) is not None:
        return {"kind": "opportunity", "id": name}
    if "deal" in found and "title" in deals.columns:
        name, title = found["deal"].name, deals.columns["title"].name
        if share_in(raw.cells[name], deals.raw.cells[title]) >= LEAST_KNOWN:
            return {"kind": "opportunity", "find": {"table": "deals", "where": title, "equals": name}}
    return None


def _order(cells: pd.DataFrame, stage: str, at: Column, record: dict[str, Any], deals: Deals) -> list[str]:
    """Open stages by the place that they usually have in the life of a deal."""
    ended = {*deals.stages.won, *deals.stages.lost}
    formats = at.dates.formats if at.dates is not None else ("iso",)
    moments = parsing.instants(cells[at.name], formats, "start", "UTC").sort_values(kind="stable")
    by_time = cells.loc[moments.index]
    places = by_time.groupby(record.get("id") or record["find"]["equals"]).cumcount()
    usual = places.groupby(by_time[stage]).mean().sort_values()
    return [str(each) for each in usual.index if each and each not in ended]
