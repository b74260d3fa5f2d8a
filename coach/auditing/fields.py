"""Fields that are asked for: by whom, how often they are there, what it costs to enter them, and who uses them (A4).

A field is used by a rule that compares it or counts from it (asking only whether it is there is asking, not using), by a
score, the win model or the forecast. `USES` says which of the program's own read which field.
"""

import json
from collections import Counter
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from coach.store import tables
from policies.language.policy import Policy
from policies.language.predicate import asked_fields, comparisons
from policies.language.rule import Rule

USES: dict[str, dict[str, tuple[str, ...]]] = {
    "opportunity": {
        "S1": (
            "needs_summary", "pain_points", "decision_maker", "budget", "value_proof", "competitor", "next_step_at", "close_at",
        ),
        "S3": ("needs_summary", "pain_points", "proposal_pages", "quote_sent_at", "legal_approval"),
        "S14": ("decision_maker",),
        "S15": ("industry", "discount"),
        "win_model": (
            "source", "industry", "region", "amount", "discount", "needs_summary", "decision_maker", "competitor", "budget",
            "quote_sent_at", "next_step_at", "close_at",
        ),
        "forecast": ("amount",),
    },
    "customer": {"S4": ("satisfaction", "complaints", "risk_events"), "S12": ("satisfaction", "complaints", "risk_events")},
}  # fmt: skip
"""Fields that scores and models read, by kind of record and by who reads them."""
MINUTES_PER_FIELD = 0.25
"""Assumed: the middle value of the office's own assumption (`entry_minutes_field`)."""
_record, _event = tables.record.c, tables.event.c


class FieldAudit(NamedTuple):
    """One field that is asked for. `asked_by`: stages and rules, by id; `records`: on which it is asked by now, of those that
    were touched in the period; `filled`: of these, where it is recorded; `entries`: how often it was entered in the period;
    `minutes`: assumed for that."""

    kind: str
    field: str
    asked_by: tuple[str, ...]
    of_stages: tuple[str, ...]
    used_by: tuple[str, ...]
    records: int
    filled: int
    entries: int
    minutes: float

    @property
    def share(self) -> float | None:
        """Share filled."""
        return self.filled / self.records if self.records else None


def asked(policy: Policy) -> dict[tuple[str, str], tuple[list[str], list[str]]]:
    """Fields that stages and rules ask for, by (kind, field): ids of the rules, and of the stages."""
    found: dict[tuple[str, str], tuple[list[str], list[str]]] = {}
    for stage in policy.stages:
        for name in stage.requires:
            found.setdefault(("opportunity", name), ([], []))[1].append(stage.id)
    for rule in policy.rules:
        if rule.mode == "off":
            continue
        gated = asked_fields(rule.predicate) if rule.before is not None else ()
        for name in dict.fromkeys((*gated, *(each.field for each in rule.effects if each.code == "field_required"))):
            found.setdefault((rule.on, name), ([], []))[0].append(rule.id)
    return found


def used_by(policy: Policy, kind: str, field: str) -> tuple[str, ...]:
    """Rules, scores and models that use a field."""
    rules = [rule.id for rule in policy.rules if rule.mode != "off" and rule.on == kind and field in _compared(rule)]
    return (*rules, *(name for name, fields in USES.get(kind, {}).items() if field in fields))


def _compared(rule: Rule) -> set[str]:
    named = (each for each in comparisons(rule.predicate) if each.op not in ("missing", "present"))
    return {*rule.since_fields, *(name for each in named for name in each.fields)}


def audit_fields(connection: Connection, policy: Policy, since: int, until: int) -> list[FieldAudit]:
    """Every field that the policy asks for."""
    told = asked(policy)
    places = {stage.id: place for place, stage in enumerate(policy.stages, start=1)}
    values = _records(connection, since, until)
    entered = _entries(connection, since, until)
    acted = _acted_on(connection, since, until)
    found = []
    for (kind, field), (rules, stages) in sorted(told.items()):
        left = min((places[stage] for stage in stages), default=None)
        rows = [
            fields for row, (of_kind, fields) in values.items()
            if of_kind == kind and (
                (left is not None and (fields.get("stage") or 0) > left) or any((rule, row) in acted for rule in rules)
            )
        ]  # fmt: skip
        filled = sum(fields.get(field) not in (None, "") for fields in rows)
        entries = entered[kind, field]
        found.append(
            FieldAudit(
                kind, field, (*rules, *stages), tuple(stages), used_by(policy, kind, field), len(rows), filled, entries,
                entries * MINUTES_PER_FIELD,
            )
        )  # fmt: skip
    return found


def _records(connection: Connection, since: int, until: int) -> dict[int, tuple[str, dict[str, Any]]]:
    touched = (_record.updated_at >= since, _record.registered_at < until)
    query = select(_record.row, _record.kind, _record["values"]).where(*touched)
    return {row: (kind, json.loads(values)) for row, kind, values in connection.execute(query)}


def _entries(connection: Connection, since: int, until: int) -> Counter[tuple[str, str]]:
    query = (
        select(_record.kind, _event.payload)
        .join(tables.record, _event.record == _record.row)
        .where(_event.recorded_at >= since, _event.recorded_at <= until, _event.payload != "{}")
    )
    return Counter((kind, name) for kind, payload in connection.execute(query) for name in json.loads(payload))


def _acted_on(connection: Connection, since: int, until: int) -> set[tuple[str, int]]:
    firing = tables.firing.c
    query = select(firing.rule, firing.record).where(firing.at >= since, firing.at <= until).distinct()
    return {(rule, record) for rule, record in connection.execute(query)}
