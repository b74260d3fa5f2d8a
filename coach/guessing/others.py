"""Tables beside the deals: what was done with them, and the stages that they went through."""

from typing import Any

import pandas as pd

from coach.guessing.columns import Column, assigned
from coach.guessing.deals import Deals
from coach.guessing.headings import plain
from coach.guessing.outcomes import words
from coach.guessing.sources import Raw, document_of
from coach.mapping import parsing

TALKED_SECONDS = 30
"""A shorter call is an attempt to reach the customer."""
LEAST_KNOWN = 0.5
"""Share of the references of a table that must lead to a deal."""


def history_table(raw: Raw, about: list[Column], deals: Deals) -> dict[str, Any] | None:
    """Changes of stage, as steps of deals; None for a table that holds none."""
    found = assigned(about, "history").columns
    if not {"deal", "stage", "at"} <= found.keys() or "stage" not in deals.columns:
        return None
    known = set(deals.raw.cells[deals.columns["stage"].name])
    stages = raw.cells[found["stage"].name]
    if not stages.isin(known).mean() >= LEAST_KNOWN or not _leads_to_deals(raw.cells[found["deal"].name], deals):
        return None
    order = deals.stages.order or _order(raw.cells, found, deals)
    if len(order) < 2:
        return None
    row_id = next((column.name for column in about if column.unique == 1.0 and column.filled == 1.0), None)
    if row_id is None:
        return None
    numbers = {value: place for place, value in enumerate(order, start=1)}
    payload = {"stage": {"column": found["stage"].name, "values": numbers}}
    record = [{"kind": "opportunity", "id": found["deal"].name}]
    event = {
        "event": "advanced",
        "when": {found["stage"].name: order[1:]},
        "at": _instant(found["at"]),
        "record": record,
        "payload": payload,
    }
    return _table("stages", raw, row_id, [event])


def _order(cells: pd.DataFrame, found: dict[str, Column], deals: Deals) -> list[str]:
    """Open stages by the place that they usually have in the life of a deal."""
    ended = {*deals.stages.won, *deals.stages.lost}
    sorted_cells = cells.sort_values(found["at"].name, kind="stable")
    places = sorted_cells.groupby(found["deal"].name).cumcount()
    usual = places.groupby(sorted_cells[found["stage"].name]).mean().sort_values()
    return [str(stage) for stage in usual.index if stage and stage not in ended]


def activity_table(raw: Raw, about: list[Column], deals: Deals) -> dict[str, Any] | None:
    """Calls, meetings and the like, as contacts with and attempts to reach the customer; None for a table that holds none."""
    found = assigned(about, "activity").columns
    record = _whose(raw, found, deals)
    if "at" not in found or record is None:
        return None
    row_id = (
        found["id"].name
        if "id" in found
        else next((column.name for column in about if column.unique == 1.0 and column.filled == 1.0), None)
    )
    if row_id is None:
        return None
    at, aside = _instant(found["at"]) | {"missing": "set_aside"}, _planned(raw, found)
    away = {value for rule in aside for values in rule["when"].values() for value in values}
    unheard = _values(raw, found, ("status", "type"), words()["not_reached"])
    tried = unheard or _values(raw, found, ("type",), words()["written"])
    events: list[dict[str, Any]] = []
    if tried is not None:
        column, values = tried
        others = [value for value in raw.cells[column].unique() if value not in values and value not in away]
        values = [value for value in values if value not in away]
        events.append({"event": "attempt", "when": {column: values}, "at": at, "record": record})
        if others:
            events.append({"event": "contact", "when": {column: others}, "at": at, "record": record})
    elif "seconds" in found and "min" not in plain(found["seconds"].name):
        for event, span in (("contact", f">= {TALKED_SECONDS}"), ("attempt", f"< {TALKED_SECONDS}")):
            events.append({"event": event, "when": {found["seconds"].name: span}, "at": at, "record": record})
    else:
        events.append({"event": "contact", "at": at, "record": record})
    return _table("activities", raw, row_id, events, aside)


def users_table(raw: Raw, about: list[Column], deals: Deals) -> dict[str, Any] | None:
    """The people whose ids the deals have as owners, with their names; None for a table that does not hold them."""
    found = assigned(about, "user").columns
    if "owner" not in deals.columns or "id" not in found:
        return None
    owners = deals.raw.cells[deals.columns["owner"].name]
    if _share_in(owners, raw.cells[found["id"].name]) < LEAST_KNOWN:
        return None
    own = [found["name"].name] if "name" in found else [found[part].name for part in ("first", "last") if part in found]
    name = own or ([found["email"].name] if "email" in found else [])
    if not name:
        return None
    told: dict[str, Any] = {"files": [raw.pattern], "id": found["id"].name, "name": name}
    return told if raw.sheet is None else told | {"sheet": raw.sheet}


def _whose(raw: Raw, found: dict[str, Column], deals: Deals) -> list[dict] | None:
    if "deal" in found:
        name, references = found["deal"].name, raw.cells[found["deal"].name]
        if _leads_to_deals(references, deals):
            return [{"kind": "opportunity", "id": name, "when": {name: "present"}}]
        if "title" in deals.columns and _share_in(references, deals.raw.cells[deals.columns["title"].name]) >= LEAST_KNOWN:
            return [{"kind": "opportunity", "find": {"table": "deals", "where": deals.columns["title"].name, "equals": name}}]
    if "customer" in found and "customer" in deals.columns:
        name, where = found["customer"].name, deals.columns["customer"].name
        if _share_in(raw.cells[name], deals.raw.cells[where]) >= LEAST_KNOWN:
            return [{"kind": "opportunity", "find": {"table": "deals", "where": where, "equals": name}}]
    return None


def _leads_to_deals(references: pd.Series, deals: Deals) -> bool:
    return _share_in(references, deals.raw.cells[deals.table["id"]]) >= LEAST_KNOWN


def _share_in(references: pd.Series, known: pd.Series) -> float:
    filled = references[references != ""]
    return float(filled.isin(set(known) - {""}).mean()) if len(filled) else 0.0


def _values(
    raw: Raw, found: dict[str, Column], concepts: tuple[str, ...], told: tuple[str, ...]
) -> tuple[str, list[str]] | None:
    for concept in concepts:
        if concept in found:
            name = found[concept].name
            values = [value for value in raw.cells[name].unique() if value and any(word in plain(value) for word in told)]
            if values:
                return name, values
    return None


def _planned(raw: Raw, found: dict[str, Column]) -> list[dict]:
    """Rows of what has not taken place."""
    if "status" not in found:
        return []
    name, column = found["status"].name, found["status"]
    values = [value for value in raw.cells[name].unique() if value]
    if column.flags > 0.95:
        not_done = [value for value in values if value.lower() not in parsing.YES]
    else:
        not_done = [value for value in values if any(word in plain(value) for word in words()["not_done"])]
    why = {"en": "planned, and has not taken place", "zh": "仅为计划，尚未发生"}
    return [{"when": {name: not_done}, "why": why}] if not_done else []


def _instant(column: Column) -> dict[str, Any]:
    formats = column.dates.formats if column.dates is not None else ("iso",)
    return {"column": column.name} | ({} if formats == ("iso",) else {"formats": list(formats)})


def _table(name: str, raw: Raw, row_id: str | list[str], events: list[dict], aside: list[dict] | None = None) -> dict[str, Any]:
    table = document_of(raw, f"{name}-{plain(raw.name).replace(' ', '-')}"[:60], row_id) | {"optional": True}
    if aside:
        table["set_aside"] = aside
    return table | {"events": events}
