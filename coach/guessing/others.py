"""Tables beside the deals: what was done with them, and the people who did it."""

from typing import Any

from coach.guessing.columns import Column, assigned
from coach.guessing.deals import Deals
from coach.guessing.headings import plain, table_fit
from coach.guessing.ids import LEAST_KNOWN, share_in
from coach.guessing.leads import Leads
from coach.guessing.outcomes import words
from coach.guessing.references import deal_column, instant_of, row_id, table_of
from coach.guessing.sources import Raw
from coach.mapping import parsing

TALKED_SECONDS = 30
"""A shorter call is an attempt to reach the customer."""
LEAST_LEADS = 0.1
"""The same of leads: the other references lead to contacts."""


def activity_table(raw: Raw, about: list[Column], deals: Deals, leads: Leads | None = None) -> dict[str, Any] | None:
    """Calls, meetings and the like, as contacts with and attempts to reach the customer; None for a table that holds none."""
    found = assigned(about, "activity").columns
    record = _whose(raw, found, deals, leads)
    own = row_id(about, found, ("deal", "customer", "at", "type", "owner"))
    named = table_fit(raw.name, "activity") > 0.0 or {"type", "seconds"} & found.keys()
    if not named or "at" not in found or not record or own is None:
        return None
    at, aside = instant_of(found["at"]) | {"missing": "set_aside"}, _planned(raw, found)
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
    return table_of("activities", raw, own, events, aside)


def users_table(raw: Raw, about: list[Column], deals: Deals) -> dict[str, Any] | None:
    """The people whose ids the deals have as owners, with their names; None for a table that does not hold them."""
    found = assigned(about, "user").columns
    if "owner" not in deals.columns or "id" not in found:
        return None
    owners = deals.raw.cells[deals.columns["owner"].name]
    shares = {column.name: share_in(owners, raw.cells[column.name]) for column in about if column.unique == 1.0}
    own_id = max(shares, key=lambda name: shares[name], default="")
    if shares.get(found["id"].name, 0.0) >= shares.get(own_id, 0.0):
        own_id = found["id"].name
    if shares.get(own_id, share_in(owners, raw.cells[own_id])) < LEAST_KNOWN:
        return None
    own = [found["name"].name] if "name" in found else [found[part].name for part in ("first", "last") if part in found]
    name = own or ([found["email"].name] if "email" in found else [])
    if not name or own_id in name:
        return None
    told: dict[str, Any] = {"files": [raw.pattern], "id": own_id, "name": name}
    return told if raw.sheet is None else told | {"sheet": raw.sheet}


def _whose(raw: Raw, found: dict[str, Column], deals: Deals, leads: Leads | None) -> list[dict]:
    """To which records the rows belong: their deal, the newest deal of their customer, or their lead."""
    return [*_deal_of(raw, found, deals), *_lead_of(raw, leads)]


def _deal_of(raw: Raw, found: dict[str, Column], deals: Deals) -> list[dict]:
    if (name := deal_column(raw, found, deals)) is not None:
        return [{"kind": "opportunity", "id": name, "when": {name: "present"}}]
    for concept, where in (("deal", "title"), ("customer", "customer")):
        if concept in found and where in deals.columns:
            name, column = found[concept].name, deals.columns[where].name
            if share_in(raw.cells[name], deals.raw.cells[column]) >= LEAST_KNOWN:
                return [{"kind": "opportunity", "find": {"table": "deals", "where": column, "equals": name}}]
    return []


def _lead_of(raw: Raw, leads: Leads | None) -> list[dict]:
    """By the column that holds ids of leads, if one does; those of contacts are none."""
    if leads is None:
        return []
    ids = leads.ids
    shares = {str(name): share_in(raw.cells[name], ids) for name in raw.cells.columns if str(name)}
    name = max(shares, key=lambda each: shares[each])
    if shares[name] < LEAST_LEADS:
        return []
    return [{"kind": "lead", "find": {"table": "leads", "where": leads.table["id"], "equals": name}}]


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
