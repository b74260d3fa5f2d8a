"""Tables of leads: who asked before there was a deal, and what became of it."""

from typing import Any, NamedTuple

import pandas as pd

from coach.guessing.columns import Column, assigned
from coach.guessing.headings import plain, table_fit
from coach.guessing.outcomes import LOST, holds_word, meaning, words
from coach.guessing.references import instant_of
from coach.guessing.sources import Raw, document_of
from coach.mapping import parsing

_OPEN_OR_QUALIFIED = {"open", "qualified", "disqualified", "offen", "qualifiziert", "disqualifiziert"}
"""The states of a lead in Dynamics 365, where a qualified lead has become an opportunity."""


class Leads(NamedTuple):
    """The table in the mapping's words, and the ids of its rows."""

    table: dict[str, Any]
    ids: pd.Series


def leads_table(raw: Raw, about: list[Column], aside: list[dict] | None = None) -> Leads | None:
    """Leads with their ends; None for a table that holds none. `aside`: rows of the table that are no leads."""
    found = assigned(about, "lead").columns
    telling = {"converted", "converted_at", "lifecycle"} & found.keys()
    named = table_fit(raw.name, "lead") > 0.0 or (found.get("status") and plain(found["status"].name).startswith("lead "))
    if not {"id", "created"} <= found.keys() or not (named or telling or aside):
        return None
    table = document_of(raw, "leads", found["id"].name) | {"kind": "lead", "snapshot": True, "optional": True}
    if aside:
        table["set_aside"] = aside
    table["events"] = [_registered(found), *_ends(raw.cells, found)]
    return Leads(table, raw.cells[found["id"].name])


def _registered(found: dict[str, Column]) -> dict[str, Any]:
    event: dict[str, Any] = {"event": "registered", "at": instant_of(found["created"]) | {"missing": "set_aside"}}
    if "owner" in found:
        event["unit"] = found["owner"].name
    fields = {"owner": "owner", "title": "custom.title", "customer": "customer", "phone": "phone",
              "tax_number": "tax_number", "source": "custom.source", "status": "custom.status"}  # fmt: skip
    if "title" not in found and "last" in found:
        fields["last"] = "custom.title"
    return event | {"payload": {field: found[concept].name for concept, field in fields.items() if concept in found}}


def _ends(cells: pd.DataFrame, found: dict[str, Column]) -> list[dict[str, Any]]:
    converted, lost = _converted(cells, found), _lost(cells, found)
    at: dict[str, Any] = instant_of(found["converted_at"]) | {"missing": "export"} if "converted_at" in found else {}
    ends: list[dict[str, Any]] = []
    if converted:
        ends.append({"event": "converted", "when": converted, "at": at})
    if lost:
        name = found["converted"].name if "converted" in found else None
        still = {name: _values(cells, name, parsing.NO) + [""]} if name in converted and name is not None else {}
        ends.append({"event": "lost", "when": lost | still, "at": {}})
    return ends


def _converted(cells: pd.DataFrame, found: dict[str, Column]) -> dict[str, Any]:
    """When a row says that its lead has become an opportunity."""
    if "converted" in found:
        name = found["converted"].name
        yes = _values(cells, name, parsing.YES)
        if yes:
            return {name: yes}
    for concept in ("lifecycle", "status"):
        if concept in found:
            name = found[concept].name
            values = [value for value in cells[name].unique() if value]
            states = {plain(value) for value in values} <= _OPEN_OR_QUALIFIED
            told = (*words()["converted"], *(("qualified", "qualifiziert") if states else ()))
            become = [value for value in values if any(holds_word(value, word) for word in told)]
            if become:
                return {name: become}
    return {found["converted_at"].name: "present"} if "converted_at" in found else {}


def _lost(cells: pd.DataFrame, found: dict[str, Column]) -> dict[str, Any]:
    if "status" not in found:
        return {}
    name = found["status"].name
    ended = [value for value in cells[name].unique() if value and _says_lost(value)]
    return {name: ended} if ended else {}


def _says_lost(value: str) -> bool:
    if any(holds_word(value, word) for word in words()["converted"]):
        return False  # Closed - Converted
    return meaning(value) == LOST or any(holds_word(value, word) for word in words()["lead_lost"])


def _values(cells: pd.DataFrame, name: str, known: set[str]) -> list[str]:
    return [value for value in cells[name].unique() if value.lower() in known]
