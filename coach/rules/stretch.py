"""Working off one stretch of time: events and dues in the order of their instants, and what follows from them."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, insert, select

from coach.events import PostedEvent
from coach.rules.counting import Counting
from coach.rules.crediting import Crediting
from coach.rules.following_up import FollowingUp
from coach.rules.gating import Answer, ask_gate, ask_gate_of_facts, ask_order, gate_of
from coach.rules.granting import lacking_grant
from coach.rules.live_book import LiveBook
from coach.rules.promising import completed
from coach.rules.restoring import restored
from coach.rules.results import Refusal, save_results
from coach.rules.telling import tell_due
from coach.store import tables
from coach.store.database import next_number
from coach.store.policies import PolicyVersion, came_into_force
from coach.store.prepared import Prepared
from coach.store.store import audited
from policies.engine.driver import Done
from policies.language.policy import Policy

BY_ITSELF = -1
"""Position of an event that the coach itself adds."""


class GateRefusal(NamedTuple):
    """A refused intent: which event, which gate and rule, and what is missing; `stage`: the recorded one, None for none."""

    position: int
    key: str
    kind: str
    record: str
    gate: str
    rule: str
    missing: list[str]
    stage: float | None = None


class Run:
    """Working off one stretch of time, from behind `processed` up to and including `now`, in one transaction."""

    def __init__(self, connection: Connection, live: LiveBook, processed: int, now: int):
        self.connection, self.live, self.processed, self.now = connection, live, processed, now
        self.done: list[Done] = []
        self.kept: list[Prepared] = []
        self.refusals: list[GateRefusal] = []
        self._refused: list[Refusal] = []
        self._breaches: list[dict] = []
        self._crediting = Crediting(connection, live)
        self._counting = Counting(connection, live, processed)
        self._following_up = FollowingUp(connection, live, processed)
        self.new_rows: dict[int, tuple[str, str]] = {}

    def through(self, prepared: Sequence[Prepared]) -> None:
        """Events and dues interleaved in the order of their instants; at one instant events first."""
        foreign = self._appended_meanwhile()
        queue = sorted([*foreign, *prepared], key=lambda each: each.recorded_at)
        queue.reverse()
        self.live.expect({each.row: (each.event.kind, each.event.record) for each in queue})
        own = {id(each) for each in prepared}
        driver, router, at = self.live.driver, self.live.router, self.processed
        self.live.reach([], self.now)
        while True:
            due = min(driver.next_instant(at), router.next_due(), self._following_up.next_due(at))
            at = min(due, queue[-1].recorded_at) if queue else due
            if at > self.now:
                return
            while queue and queue[-1].recorded_at <= at:
                each = queue.pop()
                if id(each) in own:
                    each = each._replace(event=completed(self.live, each.event, at))
                    self.kept += self._recorded(each, at)
                else:
                    self.kept += self._recorded(each, at)[1:]
            for row, event in router.given_out(at):
                self.kept += self._recorded(Prepared(BY_ITSELF, event, row, False, at), at)
            for row, event in self._following_up.events(at):
                self.kept += self._followed_up(row, event, at)
            self.done += self._following_up.told
            self._following_up.told = []
            self._work_off(at)

    def _recorded(self, each: Prepared, at: int) -> list[Prepared]:
        """An event, unless a gate refused it, and what the coach counts and credits with it."""
        before = self._crediting.sale(each.row)
        if not self._feed(each, at):
            return []
        return [each, *self._crediting.moved(before, each, at), *self._counting.moved(each, at)]

    def _followed_up(self, row: int, event: PostedEvent, at: int) -> list[Prepared]:
        is_new = event.event == "registered"
        if is_new:
            self.new_rows[row] = (event.kind, event.record)
        return self._recorded(Prepared(BY_ITSELF, completed(self.live, event, at), row, is_new, at), at)

    def switch_to(self, policy: Policy, back_from: PolicyVersion | None = None, to: PolicyVersion | None = None) -> None:
        """Put a policy in force at `now`, and work off what that makes due; as if `back_from` had not been, on a step back `to`
        the version before it."""
        self.done += self.live.switch_to(policy, self.now, None if to is None else to.activations)
        if back_from is not None:
            self.done += restored(self.connection, self.live, came_into_force(self.connection, back_from.number), self.now)
            for row in sorted(self.live.touched):  # what comes of it over links
                self.live.driver.revise(row, self.now)
        self.live.router.switch(self.now)
        self._work_off(self.now)

    def _work_off(self, at: int) -> None:
        self.live.ready(at)
        done = self.live.driver.work_off(at)
        self.live.router.sent_back(done, at)
        self._following_up.heard(done)
        self.done += done

    def save(self) -> None:
        """Write what happened, with the messages that follow from it."""
        self.live.touched |= {each.row for each in self.done}
        self.live.save(self.connection, self.now)
        told = save_results(self.connection, self.live, self.done, self._refused, self.now)
        tell_due(self.connection, self.live, self.now)
        held = [each["id"] for each in told if not each["sent"]]
        if held:
            audited(self.connection, self.now, "system", "notices_held_back", str(len(held)), notices=held[:100])
        if self._breaches:
            number = next_number(self.connection, tables.breach.c.id)
            rows = [{"id": number + place, **each} for place, each in enumerate(self._breaches)]
            self.connection.execute(insert(tables.breach), rows)

    def _feed(self, each: Prepared, at: int) -> bool:
        """Record an event; False when a gate refused it."""
        event, live = each.event, self.live
        gate = gate_of(live, each.row, event) if live.is_registered(each.row) else None
        if gate:
            answer = self._answer(each, gate, at)
            if answer.rule is not None and event.intent:
                self._refused.append(Refusal(each.row, gate, answer.rule, answer.missing, at))
                told = (each.position, event.key, event.kind, event.record, gate)
                self.refusals.append(GateRefusal(*told, answer.rule, answer.missing, live.stage_of(each.row)))
                return False
            if answer.rule is not None:
                self._breaches.append(
                    {"record": each.row, "gate": gate, "rule": answer.rule, "missing": json.dumps(answer.missing),
                     "source": event.source, "key": event.key, "at": at}
                )  # fmt: skip
        live.feed(self.connection, event, each.row, at)
        self.done += live.router.heard(event, each.row, at)
        return True

    def _answer(self, each: Prepared, gate: str, at: int) -> Answer:
        """What stands against a step: that it passes over a stage, what the gate says, or that nobody granted it."""
        order = ask_order(self.live, each.row, each.event)
        if order.rule is not None:
            return order
        answer = (ask_gate if each.event.intent else ask_gate_of_facts)(self.live, each.row, gate, at)
        return answer if answer.rule is not None else Answer(lacking_grant(self.live, each.row, gate, each.event), [])

    def _appended_meanwhile(self) -> list[Prepared]:
        """Events that somebody else put into the store and no rule has seen."""
        columns, record = tables.event.c, tables.record.c
        query = (
            select(tables.event, record.kind, record.id)
            .join(tables.record, columns.record == record.row)
            .where(columns.recorded_at > self.processed, columns.recorded_at <= self.now)
            .order_by(columns.recorded_at, columns.sequence)
        )
        found = []
        for row in self.connection.execute(query):
            event = PostedEvent.model_construct(
                source=row.source, key=row.key, event=row.event, kind=row.kind, record=row.id, unit=row.unit,
                acted_at=row.acted_at, recorded_at=row.stamped_at, payload=json.loads(row.payload), voids=row.voids,
                intent=None,
            )  # fmt: skip
            found.append(Prepared(-1, event, row.record, False, row.recorded_at))
        return found
