"""What must be true of the journal of any office, whatever the firm and the policy."""

import math
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from coach.mapping.export import export_office
from coach.mapping.importing import import_folder
from coach.mapping.loader import load_mapping
from coach.parity.journal_events import OfficeJournal
from coach.store import Store
from policies.record.records import (
    ACTOR_EVENTS,
    CUSTOMER_KIND,
    EVENT,
    EVENTS,
    FIELDS,
    LEAD,
    LEAD_KIND,
    OPPORTUNITY,
    OPPORTUNITY_KIND,
    RECORD_KINDS,
    REQUEST_KIND,
    UNIT,
    UNIT_KIND,
)
from sim.experiment.running.window import Span
from sim.office.counting.tally import M
from sim.office.office import Office

CLOSING = {
    LEAD_KIND: (EVENT.converted, EVENT.lost),
    OPPORTUNITY_KIND: (EVENT.won, EVENT.lost, EVENT.no_decision),
    CUSTOMER_KIND: (EVENT.churned,),
    REQUEST_KIND: (EVENT.answered, EVENT.withdrawn),
    UNIT_KIND: (),
}
TOUCHES = (EVENT.attempt, EVENT.first_contact, EVENT.contact, EVENT.document, EVENT.advanced, EVENT.next_step)


class Ran(NamedTuple):
    """An office after its window and run-off, with its journal as rows."""

    office: Office
    window: Span
    rows: np.ndarray

    def of(self, kind: int, *events: int) -> np.ndarray:
        """Rows that open an event of these kinds on records of a kind."""
        heads = self.heads
        return heads[(heads["kind"] == kind) & np.isin(heads["event"], events)]

    @property
    def heads(self) -> np.ndarray:
        """The first row of each event."""
        return self.rows[np.r_[True, np.diff(self.rows["number"]) != 0]]

    def counted(self, rows: np.ndarray) -> np.ndarray:
        """Rows within the time that counts."""
        state = self.office.arrays.state[0]
        return rows[(rows["recorded_at"] > state.marked_at) & (rows["recorded_at"] <= state.end_at)]


def told(rows: np.ndarray, what: str) -> Iterator[str]:
    """The first of some rows that should not be, and how many there are."""
    if len(rows):
        row = rows[0]
        yield f"{what}: {len(rows)}, first {RECORD_KINDS[row['kind']]} {row['row']} {EVENTS[row['event']]} {row}"


def in_order(ran: Ran) -> Iterator[str]:
    """Recorded in order, never before it happened, within the time that was run."""
    rows, office = ran.rows, ran.office
    yield from told(rows[1:][np.diff(rows["recorded_at"]) < 0], "recorded out of order")
    yield from told(rows[1:][np.diff(rows["number"]) < 0], "numbered out of order")
    yield from told(rows[rows["acted_at"] > rows["recorded_at"]], "recorded before it happened")
    outside = (rows["acted_at"] < office.scenario.start_at) | (rows["recorded_at"] > office.now)
    yield from told(rows[outside], "outside the time that was run")


def instants_are_instants(ran: Ran) -> Iterator[str]:
    """An instant that is recorded lies after the office began; those to come lie in the next years."""
    office = ran.office
    for kind, fields in enumerate(FIELDS.values()):
        columns = [place for place, field in enumerate(fields) if field.type == "instant"]
        rows = ran.rows[(ran.rows["kind"] == kind) & np.isin(ran.rows["column"], columns)]
        latest = rows["recorded_at"] + 100 * 366 * 86_400_000
        wrong = ~((rows["value"] >= office.scenario.start_at) & (rows["value"] <= latest))
        yield from told(rows[wrong], "no instant")


def numbers_are_numbers(ran: Ran) -> Iterator[str]:
    """What is recorded is finite; choices are among those that there are; money and counts are not below zero."""
    yield from told(ran.rows[~np.isfinite(ran.rows["value"])], "no number")
    for kind, fields in enumerate(FIELDS.values()):
        for place, field in enumerate(fields):
            rows = ran.rows[(ran.rows["kind"] == kind) & (ran.rows["column"] == place)]
            rows = rows[rows["event"] < len(ACTOR_EVENTS)]
            if field.choices:
                yield from told(rows[~np.isin(rows["value"], range(len(field.choices)))], f"no {field.name}")
            if field.type in ("money", "share", "flag"):
                yield from told(rows[rows["value"] < 0], f"{field.name} below zero")


def lives_in_order(ran: Ran) -> Iterator[str]:
    """A record is registered once and first, closes once, and is not touched afterwards."""
    heads = ran.heads[ran.heads["event"] < len(ACTOR_EVENTS)]
    order = np.argsort(heads["row"], kind="stable")
    heads = heads[order]
    first = np.r_[True, np.diff(heads["row"]) != 0]
    born = heads["event"] == EVENT.registered
    yield from told(heads[first & ~born], "not registered first")
    yield from told(heads[~first & born], "registered twice")
    created = heads["recorded_at"][first][np.cumsum(first) - 1]
    yield from told(heads[(heads["acted_at"] < created) & (heads["event"] != EVENT.registered)], "touched before it was there")
    for kind, events in CLOSING.items():
        mine = heads[heads["kind"] == kind]
        closing = np.isin(mine["event"], events)
        closed = np.maximum.accumulate(np.where(closing, np.arange(len(mine)), -1)) if len(mine) else closing
        before = np.r_[-1, closed[:-1]] if len(mine) else closed
        after = (before >= 0) & (mine["row"][np.maximum(before, 0)] == mine["row"])
        yield from told(mine[after & closing], "closed twice")
        yield from told(mine[after & np.isin(mine["event"], TOUCHES)], "touched after it was closed")


def owners_act(ran: Ran) -> Iterator[str]:
    """A rep acts on own records only; a lead is nobody's until it is assigned. Managers approve on those of their reps."""
    levels = ran.rows[(ran.rows["kind"] == UNIT_KIND) & (ran.rows["column"] == UNIT.level)]
    managers = set(levels["row"][levels["value"] > 0].tolist())
    owner: dict[int, int] = {}
    column = {LEAD_KIND: LEAD.owner, OPPORTUNITY_KIND: OPPORTUNITY.owner}
    rows = ran.rows[np.isin(ran.rows["kind"], list(column)) & (ran.rows["event"] < len(ACTOR_EVENTS))]
    for row in rows:
        if row["column"] == column[row["kind"]]:
            owner[row["row"]] = int(row["value"])
            continue
        acts = row["column"] < 0 and row["actor"] >= 0 and row["event"] != EVENT.registered
        approves = row["event"] == EVENT.field_recorded and row["actor"] in managers
        if acts and not approves and owner.get(row["row"], -1) != row["actor"]:
            yield from told(np.array([row]), f"acted on by unit {row['actor']}, owned by {owner.get(row['row'])}")
            return


def stages_in_range(ran: Ran) -> Iterator[str]:
    """Stages go up one by one from the first, and no further than the policy has them."""
    rows = ran.rows[(ran.rows["kind"] == OPPORTUNITY_KIND) & (ran.rows["column"] == OPPORTUNITY.stage)]
    rows = rows[rows["event"] < len(ACTOR_EVENTS)]
    rows = rows[np.argsort(rows["row"], kind="stable")]
    yield from told(rows[(rows["value"] < 1) | (rows["value"] > len(ran.office.policy.stages))], "no such stage")
    first = np.r_[True, np.diff(rows["row"]) != 0] if len(rows) else np.zeros(0, bool)
    yield from told(rows[first & (rows["value"] != 1)], "does not begin at the first stage")
    yield from told(rows[1:][~first[1:] & (np.diff(rows["value"]) != 1)], "a stage was skipped")


def sums_agree(ran: Ran) -> Iterator[str]:
    """What was counted is what the journal adds up to, and groups and teams add up to everybody."""
    o = ran.office.arrays
    totals = o.totals
    won = ran.counted(ran.of(OPPORTUNITY_KIND, EVENT.won))
    amounts = ran.counted(ran.rows[(ran.rows["event"] == EVENT.won) & (ran.rows["column"] == OPPORTUNITY.amount)])
    closed = ran.counted(ran.of(OPPORTUNITY_KIND, *CLOSING[OPPORTUNITY_KIND]))
    opened = ran.counted(ran.of(OPPORTUNITY_KIND, EVENT.registered))
    refused = ran.counted(ran.heads[ran.heads["event"] == EVENT.refused])
    cases = o.cases[o.slots[won["row"]]]
    costs = np.floor(cases.value * (1.0 - o.firm[0].margin_share)).sum()
    expected = {
        "wins": len(won),
        "revenue": amounts["value"].sum(),
        "gross_margin": amounts["value"].sum() - costs,
        "opportunities_closed": len(closed),
        "opportunities_opened": len(opened),
        "leads_converted": len(ran.counted(ran.of(LEAD_KIND, EVENT.converted))),
        "refusals": len(refused),
    }
    for name, value in expected.items():
        found = totals[0, getattr(M, name)]
        if not math.isclose(found, value, rel_tol=1e-9, abs_tol=1e-6):
            yield f"{name}: counted {found}, the journal says {value}"
        for what, rows in (("groups", totals[1:5]), ("teams", totals[5:])):
            total = rows[:, getattr(M, name)].sum()
            if not math.isclose(total, found, rel_tol=1e-9, abs_tol=1e-6):
                yield f"{name}: {what} add up to {total}, everybody has {found}"


def records_come_back(ran: Ran) -> Iterator[str]:
    """The records are written as files and imported into a store, every event of them."""
    said = sum(1 for _ in OfficeJournal(ran.office).events(gates=False))
    with tempfile.TemporaryDirectory() as place:
        export_office(ran.office, Path(place) / "records")
        store = Store.open(Path(place) / "store.db")
        try:
            report = import_folder(Path(place) / "records", _mapping(), store, now=ran.office.now + 1)
        finally:
            store.close()
    if report.remarks:
        yield f"import: {len(report.remarks)} remarks, first {report.remarks[0]}"
    if report.accepted != said:
        yield f"import: {report.accepted} of {said} events"


@cache
def _mapping():
    return load_mapping("rehearse")


INVARIANTS: tuple[Callable[[Ran], Iterator[str]], ...] = (
    in_order,
    instants_are_instants,
    numbers_are_numbers,
    lives_in_order,
    owners_act,
    stages_in_range,
    sums_agree,
    records_come_back,
)
