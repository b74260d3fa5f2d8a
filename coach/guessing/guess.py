"""From the tables of an export to a mapping, with what is doubtful about it."""

from collections.abc import Mapping as Answers
from itertools import count
from typing import Any, NamedTuple

from coach.guessing.answers import check_answers
from coach.guessing.columns import Column, assigned, described
from coach.guessing.deals import Deals, deals_of
from coach.guessing.doubts import Doubt, choice, doubt
from coach.guessing.headings import name_of, table_fit
from coach.guessing.leads import Leads, leads_table
from coach.guessing.others import activity_table, users_table
from coach.guessing.sources import Raw, joined
from coach.guessing.stages import history_table
from coach.guessing.zones import settled_zone, zone_of
from coach.mapping.document import Mapping
from coach.mapping.files import MappingError

LEAST_FIT = 1.0
"""How much a table must look like one of deals, see `_deal_fit`."""


class Unused(NamedTuple):
    """A table of which the guess makes nothing."""

    name: str
    file: str
    rows: int


class Guess(NamedTuple):
    """A mapping, the columns of its deals by concept, what is doubtful, and the tables that are left out."""

    mapping: Mapping
    document: dict[str, Any]
    columns: dict[str, str]
    doubts: list[Doubt]
    unused: list[Unused]

    @property
    def open(self) -> list[Doubt]:
        """Questions to which nothing in the files gives the answer."""
        return [each for each in self.doubts if each.decisive]


def guess(tables: list[Raw], answers: Answers[str, str] | None = None, *, source: str = "crm") -> Guess:
    """What the tables mean. `answers` are a person's, by the key of the doubt. MappingError where no table holds deals."""
    answers, tables = answers or {}, joined(tables)
    about = {id(raw): described(raw.cells) for raw in tables}
    candidates = sorted(((_deal_fit(raw, about[id(raw)]), raw) for raw in tables), key=lambda each: -each[0])
    if candidates[0][0] < LEAST_FIT:
        raise _no_deals(tables)
    chosen = next((raw for _, raw in candidates if raw.name == answers.get("deals")), candidates[0][1])
    deals = deals_of(chosen, about[id(chosen)], answers, [(raw, about[id(raw)]) for raw in tables if raw is not chosen])
    doubts = [*_which_deals(candidates, chosen, answered="deals" in answers), *deals.doubts]
    others = _others(tables, about, chosen, deals)
    check_answers(answers, {raw.name for raw in tables}, chosen, deals.stage_column)
    zone, question = settled_zone(answers, zone_of(tables, deals.columns.values(), deals.language, deals.currency))
    doubts.append(question)
    document = _document(source, zone, chosen, deals, others.tables) | ({} if others.users is None else {"users": others.users})
    columns = {concept: column.name for concept, column in deals.columns.items()}
    return Guess(Mapping.model_validate(document), document, columns, doubts, others.unused)


class _Others(NamedTuple):
    """The tables of the mapping, leads before those that look them up; the users; and what is left out."""

    tables: list[dict]
    users: dict | None
    unused: list[Unused]


def _others(tables: list[Raw], about: dict[int, list[Column]], chosen: Raw, deals: Deals) -> _Others:
    """What the tables beside the deals are."""
    leads, users = _leads_among(chosen, about[id(chosen)], deals), None
    documents: list[dict] = []
    unused: list[Unused] = []
    left = [raw for raw in tables if raw is not chosen]
    for raw in left[:] if leads is None else ():
        leads = leads_table(raw, about[id(raw)])
        if leads is not None:
            left.remove(raw)
            break
    for raw in left:
        people = None if users is not None else users_table(raw, about[id(raw)], deals)
        if people is not None:
            users = people
            continue
        made = history_table(raw, about[id(raw)], deals)
        if made is None and (_deal_fit(raw, about[id(raw)]) < LEAST_FIT or table_fit(raw.name, "activity")):
            made = activity_table(raw, about[id(raw)], deals, leads)
        if made is None:
            unused.append(Unused(raw.name, raw.file, len(raw.cells)))
        else:
            taken = {each["name"] for each in documents}
            names = (made["name"] if number == 1 else f"{made['name']}-{number}" for number in count(1))
            documents.append(made | {"name": next(name for name in names if name not in taken)})
    first = [deals.table] if leads is None else [deals.table, leads.table]
    return _Others([*first, *documents], users, unused)


def _leads_among(raw: Raw, about: list[Column], deals: Deals) -> Leads | None:
    """The leads of a table that holds both, as crm.lead of Odoo does; they are set aside from its deals."""
    for column in about:
        values = {value: value.lower() for value in raw.cells[column.name].unique() if value} if column.distinct == 2 else {}
        if sorted(values.values()) != ["lead", "opportunity"]:
            continue
        lead, deal = sorted(values, key=lambda value: values[value])
        why = {"en": "a lead, see the table of leads", "zh": "线索，见线索表"}
        also = {"en": "an opportunity, see the table of deals", "zh": "商机，见商机表"}
        found = leads_table(raw, about, [{"when": {column.name: [deal]}, "why": also}])
        if found is not None:
            deals.table["set_aside"] = [*deals.table.get("set_aside", []), {"when": {column.name: [lead]}, "why": why}]
            return found
    return None


def _document(source: str, zone: str, chosen: Raw, deals: Deals, tables: list[dict]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": name_of(source, "crm"),
        "title": {"en": f"{source}, as guessed", "zh": f"{source}（自动识别）"},
        "source": source[:60],
        "time_zone": zone,
        "units": "rep",
    }
    if chosen.encoding is not None:
        told["encoding"] = chosen.encoding
    if chosen.separator != ",":
        told["separator"] = chosen.separator
    if deals.currency is not None:
        told["currency"] = deals.currency
    return told | {"tables": tables}


def _deal_fit(raw: Raw, columns: list[Column]) -> float:
    """How much a table looks like one of deals: what it is called, and which of their columns it has."""
    found = assigned(columns, "deal").columns
    worth = {"stage": 0.5, "status": 0.4, "amount": 0.5, "closed": 0.4, "won_at": 0.4, "created": 0.3, "owner": 0.2, "won": 0.4,
             "expected": 0.2, "probability": 0.2, "id": 0.2, "title": 0.1}  # fmt: skip
    if not ({"stage", "status", "won", "won_at"} & found.keys()):
        return 0.0
    ids = found["id"].unique if "id" in found else max((column.unique for column in columns), default=0.0)
    named = table_fit(raw.name, "deal") - 0.5 * table_fit(raw.name, "history") - 0.5 * table_fit(raw.name, "activity")
    named -= table_fit(raw.name, "stage")
    if table_fit(raw.name, "lead") and not table_fit(raw.name, "deal"):
        named -= 0.5
    return sum(share for concept, share in worth.items() if concept in found) + named - (0.0 if ids > 0.98 else 1.0)


def _which_deals(candidates: list[tuple[float, Raw]], chosen: Raw, *, answered: bool) -> list[Doubt]:
    close = [raw for fit, raw in candidates if fit >= candidates[0][0] - 0.2]
    if len(close) < 2:
        return []
    choices = [
        choice(
            raw.name, f"{raw.name} ({raw.file}, {len(raw.cells):,} rows)", f"{raw.name}（{raw.file}，{len(raw.cells):,} 行）"
        )
        for raw in close
    ]
    return [doubt("deals", "Which table holds the deals?", "哪个表是商机？", choices, chosen.name, decisive=not answered)]


def _no_deals(tables: list[Raw]) -> MappingError:
    there = "; ".join(f"{raw.file}: {', '.join(map(str, raw.cells.columns[:8]))}" for raw in tables[:5])
    return MappingError(
        f"No table looks like deals: one row each, with a stage or state. There are {there}. Export the deals "
        "(opportunities) with all columns, or write a mapping: rehearse schema mapping.",
        f"没有找到商机表（每行一个商机，含阶段或状态）。现有：{there}。"
        "请导出商机的全部列，或自行编写映射：rehearse schema mapping。",
    )
