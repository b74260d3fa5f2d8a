"""An office's journal as the coach sees it: events of actors to be posted, and what rules did, to be compared."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

import numpy as np

from coach.events import PostedEvent
from coach.routing.words import ROUTING
from coach.rules.following_up import request_id
from coach.rules.gating import GATE_OF
from policies.engine.layout import Layout
from policies.record.records import (
    ACTOR_EVENTS,
    DESKS,
    EVENT,
    EVENTS,
    FLAGS,
    GATES,
    LEAD,
    LEAD_KIND,
    OPPORTUNITY,
    OPPORTUNITY_KIND,
    RECORD_KINDS,
    REQUEST,
    REQUEST_KIND,
    ROLES,
    Field,
)
from policies.record.texts import text_number
from sim.office.engine.build import unit_names
from sim.office.office import Office
from sim.office.record.journal import field_in

SOURCE = "office"
_GATED = {"advanced": "advance", "won": "sign"}
_GATED_OF_OWN = {"registered": "create"} | {event: GATE_OF[event] for event in ("started", "completed")}
_INTENDED = {gate: event for event, gate in (GATE_OF | _GATED_OF_OWN).items()}
_UNITS = ("owner", "parent")
FOLLOWING = "following rules"
"""What stands in place of a rule for what followed from rules."""
_OWNER = {LEAD_KIND: LEAD.owner, OPPORTUNITY_KIND: OPPORTUNITY.owner}
_NOT_BY_RULE = {-2: "requirement", -3: "stage"}


class Did(NamedTuple):
    """One thing that rules did: what must be the same in simulator and live service."""

    rule: str
    kind: str
    record: str
    at: int
    effect: str
    argument: str | None


def promised(request: str, at: int, by: int) -> Did:
    """That a desk promised to answer a request by an instant (ms)."""
    return Did("support", "request", request, at, "promised", str(by))


class OfficeJournal:
    """The journal of an office that was run with `journal=True`."""

    def __init__(self, office: Office):
        self._rows = office.arrays.journal[: int(office.arrays.state[0].journal)]
        self._units = unit_names(office.scenario)
        self._rules = [rule.id for rule in office.policy.rules]
        self._owners = [
            str(each.value) for rule in office.policy.rules for each in rule.effects if each.code == "passed_on"
        ]
        self._fields: dict[tuple[int, int], Field] = {}
        self._kinds: dict[int, str] = {}  # by row; also of what a gate refused to create
        self._layout = office.layout or Layout({})
        self._policy = office.policy
        self._asked_to_create = {str(rule.on) for rule in office.policy.rehearsed.rules if rule.before == "create"}
        for row in self._rows:
            self._kinds[int(row.row)] = self._layout.kinds[row.kind]
        self._by_rule: dict[int, str] = {}
        self._followed = self._following()

    def name(self, row: int) -> str:
        """Id of a record."""
        kind = self._kinds[int(row)]
        if kind == "request" and row in self._by_rule:
            return self._by_rule[row]
        return self._units[row] if kind == "unit" else f"{kind}-{row}"

    def _field(self, row: np.record) -> Field:
        """The field that a journal row tells."""
        pair = int(row.kind), int(row.column)
        if pair not in self._fields:
            found = field_in(self._policy, self._layout, self._layout.kinds[row.kind], int(row.column))
            if found is None:
                raise KeyError(f"{self._layout.kinds[row.kind]} {row.column}")
            self._fields[pair] = found
        return self._fields[pair]

    def events(self, *, gates: bool = True, promises: bool = True, routed: bool = True) -> Iterator[PostedEvent]:
        """Events of actors in order. With `gates`, steps that a gate looks at are posted as intents, the refused ones too.

        Without `promises` requests come without the time that a desk promises, without `routed` what the office's router gave
        out is left out: whoever takes them promises and gives out anew.
        """
        given_out = frozenset() if routed else self._given_out()
        for number, rows in groupby(self._rows, key=lambda row: int(row.number)):
            first, *fields = rows
            if number in given_out or number in self._followed:
                continue
            if first.event == EVENT.refused:
                if gates:
                    yield self._intent(number, first, fields)
            elif first.event < len(ACTOR_EVENTS):
                yield self._event(number, first, fields, gates, promises)

    def _event(self, number: int, first: np.record, fields: list[np.record], gates: bool, promises: bool) -> PostedEvent:
        kind, name = self._layout.kinds[first.kind], EVENTS[first.event]
        payload = self._payload(fields)
        if kind == "request" and name == "registered" and not promises:
            payload.pop("promised_at", None)
        owner = payload.get("owner") or (self._units[first.actor] if name == "registered" and first.actor >= 0 else None)
        return PostedEvent(
            source=SOURCE, key=str(number), event=name, kind=kind, record=self.name(first.row),
            unit=owner if kind != "unit" else None, acted_at=int(first.acted_at), recorded_at=int(first.recorded_at),
            payload=payload, voids=str(int(first.value)) if name == "voided" else None,
            intent=self._gate(kind, name) if gates else None,
        )  # fmt: skip

    def _gate(self, kind: str, event: str) -> str | None:
        """The gate that a step passes; creations ask one only where there is one."""
        gate = (_GATED if kind in RECORD_KINDS else _GATED_OF_OWN).get(event)
        return None if gate == "create" and kind not in self._asked_to_create else gate

    def _payload(self, fields: list[np.record]) -> dict[str, str | float | None]:
        told = [(self._field(row), float(row.value)) for row in fields]
        return {about.name: self._reference(about, value) if about.type == "text" else value for about, value in told}

    def _intent(self, number: int, refused: np.record, fields: list[np.record]) -> PostedEvent:
        gate, payload = GATES[int(refused.value)], self._payload(fields)
        return PostedEvent(
            source=SOURCE, key=f"refused-{number}", event=_INTENDED[gate], kind=self._layout.kinds[refused.kind],
            record=self.name(refused.row), acted_at=int(refused.acted_at), recorded_at=int(refused.recorded_at), intent=gate,
            unit=self._units[refused.actor] if gate == "create" else None, payload=payload,
        )  # fmt: skip

    def _reference(self, about: Field, value: float) -> str | float | None:
        if about.name in _UNITS:
            return self._units[int(value)] if value >= 0 else None
        return self.name(int(value)) if about.to or about.name in ("opportunity", "customer") else value

    def assigned(self) -> list[Did]:
        """To whom the office's router gave leads, in order."""
        given_out = self._given_out()
        rows = [row for row in self._rows if int(row.number) in given_out and row.column == LEAD.owner]
        return [
            Did(ROUTING, "lead", self.name(row.row), int(row.recorded_at), "assigned", self._units[int(row.value)])
            for row in rows
        ]  # fmt: skip

    def followed(self) -> list[Did]:
        """What followed from rules: to whom they gave records, and of which desks they asked an approval."""
        found = [row for row in self._rows if int(row.number) in self._followed]
        asked = [row for row in found if row.event == EVENT.registered and row.column < 0]
        given = [row for row in found if row.column == _OWNER.get(int(row.kind)) and row.event != EVENT.registered]
        done = [self._following_did(row, "registered", None) for row in asked]
        return done + [self._following_did(row, EVENTS[row.event], self._units[int(row.value)]) for row in given]

    def asked_at(self) -> list[int]:
        """Instants at which requests followed from rules, in order."""
        found = (row for row in self._rows if int(row.number) in self._followed and row.event == EVENT.registered)
        return sorted({int(row.recorded_at) for row in found})

    def _following_did(self, row: np.record, event: str, unit: str | None) -> Did:
        return Did(FOLLOWING, RECORD_KINDS[row.kind], self.name(row.row), int(row.recorded_at), event, unit)

    def _following(self) -> frozenset[int]:
        """Numbers of the events that followed from rules; the requests among them get the names that the coach gives them."""
        rows = self._rows.view(np.recarray)
        passed = {(int(row.row), int(row.recorded_at)) for row in rows[rows.event == EVENT.passed_on]}
        found = set()
        for row in rows[(rows.column < 0) & ((rows.event == EVENT.assigned) | (rows.event == EVENT.reassigned))]:
            if (int(row.row), int(row.recorded_at) - 1) in passed:
                found.add(int(row.number))
        for row in rows[(rows.event == EVENT.registered) & (rows.kind == REQUEST_KIND) & (rows.actor < 0)]:
            found.add(int(row.number))
            if row.column == REQUEST.opportunity:
                deal = f"opportunity-{int(row.value)}"
                self._by_rule[int(row.row)] = request_id(deal, DESKS[self._desk_of(row)], int(row.recorded_at) - 1)
        return frozenset(found)

    def _desk_of(self, request: np.record) -> int:
        rows = self._rows[self._rows["number"] == request.number]
        return int(rows[rows["column"] == REQUEST.desk]["value"][0])

    def _given_out(self) -> frozenset[int]:
        """Numbers of the events by which leads were given out; what a rep brought was its own when it was registered."""
        rows = self._rows.view(np.recarray)
        codes = rows.event
        brought = set(rows.row[(codes == EVENT.registered) & (rows.kind == LEAD_KIND) & (rows.actor >= 0)].tolist())
        told, found = set(), set()
        for row in rows[codes == EVENT.assigned]:
            first = int(row.row) not in told
            told.add(int(row.row))
            if row.column < 0 and not (first and int(row.row) in brought):
                found.add(int(row.number))
        return frozenset(found) - self._followed

    def did(self) -> list[Did]:
        """What rules did, in order, and what desks promised."""
        told = (row for row in self._rows if row.event >= len(ACTOR_EVENTS))
        done = [self._did(row) for row in told if row.event != EVENT.refused or row.column < 0]
        return done + [
            promised(self.name(row.row), int(row.recorded_at), int(row.value))
            for row in self._rows
            if row.event == EVENT.registered and row.kind == REQUEST_KIND and row.column == REQUEST.promised_at
        ]

    def _did(self, row: np.record) -> Did:
        kind, event = self._layout.kinds[row.kind], int(row.event)
        argument = None
        if event in (EVENT.notified, EVENT.todo_opened, EVENT.todo_closed, EVENT.escalated):
            argument = ROLES[int(row.value)]
        elif event == EVENT.passed_on:
            argument = next(each for each in self._owners if text_number(each) == row.value)
        elif event == EVENT.approval_asked:
            argument = DESKS[int(row.value)]
        elif event in (EVENT.flagged, EVENT.flag_closed):
            argument = FLAGS[int(row.value)]
        elif event in (EVENT.field_required, EVENT.field_set):
            argument = self._field(row).name
        elif event == EVENT.refused:
            argument = GATES[int(row.value)]
        rule = self._rules[row.rule] if row.rule >= 0 else _NOT_BY_RULE[int(row.rule)]
        return Did(rule, kind, self.name(row.row), int(row.recorded_at), EVENTS[event], argument)
