"""Giving leads out as the policy in force says: which wait, when each is due, and who gets it.

A lead that is registered without an owner waits from then on. Where the coach chooses, it is given out at an instant that the
policy sets, by the function that the office calls too; where people choose, it waits until they do. What is given out becomes
an `assigned` event of the store.
"""

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from sqlalchemy import Connection, delete, insert, select

from coach.events import PostedEvent
from coach.routing.candidates import OPEN_LEAD, Candidates, Records, candidates
from coach.routing.moved import Moves, below
from coach.routing.words import ROUTING
from coach.store import tables
from coach.store.database import next_number
from policies.engine.driver import Done
from policies.engine.settings import ROUTING_METHODS
from policies.language.sections import Routing
from policies.record.records import EVENT, LEAD, ROLES, column
from policies.routing.choosing import NOBODY, again_at, choose, first_at, lead_score
from policies.time.calendar_arrays import DAY_MS, NEVER, next_open_of

SOURCE = "routing"
"""Source of the events by which leads are given out."""
HISTORY_MS = 7 * DAY_MS
"""A lead that was registered longer than this before it is recorded is not given out: an import tells of the past."""
BY_PEOPLE = ("manual", "pool")
_NEW_LEAD = 0
_REFERRAL = 1
_assignment, _waiting = tables.assignment.c, tables.waiting_lead.c


class Waiting(NamedTuple):
    """A lead that nobody has, or that was taken from who has not taken it up; instants in ms."""

    since: int
    due: int | None  # when the coach gives it out; None: people do
    turn: int  # order among those due at one instant
    taken_from: str | None = None
    rule: str | None = None


class Router:
    """The leads of a book that wait, and who got how many."""

    def __init__(self, connection: Connection, live: Records):
        self._live = live
        self.waiting = {row.record: Waiting(*row[1:]) for row in connection.execute(select(tables.waiting_lead))}
        self._turn = max((each.turn for each in self.waiting.values()), default=0)
        self._number = next_number(connection, _assignment.number)
        last = select(_assignment.unit, _assignment.number).order_by(_assignment.number)
        self._latest = {unit: number + 1 for unit, number in connection.execute(last)}
        in_turn = select(_assignment.unit).where(_assignment.how == "round_robin").order_by(_assignment.number.desc())
        self._before: str | None = connection.scalar(in_turn.limit(1))
        self.moves = Moves(connection)
        self._given: list[dict] = []
        self._changed: set[int] = set()

    @property
    def settings(self) -> Routing:
        """The section of the policy in force."""
        return self._live.driver.policy.routing

    @property
    def acts(self) -> bool:
        """Whether the policy in force has the coach give leads out."""
        return self.settings.assigned_by == "coach"

    @property
    def people_choose(self) -> bool:
        """Whether people choose who gets a lead."""
        return self.settings.method in BY_PEOPLE

    def next_due(self) -> int:
        """The next instant at which a lead is to be given out; NEVER for none."""
        return min((each.due for each in self.waiting.values() if each.due is not None), default=int(NEVER))

    def switch(self, now: int) -> None:
        """Another policy came into force: what waits goes by that one, or is left to the source."""
        if not self.acts:
            for row in list(self.waiting):
                self._drop(row)
            return
        for row, each in self.waiting.items():
            due = None if self.people_choose else each.due or int(first_at(now, self.settings.within_minutes))
            self.waiting[row] = each._replace(due=due)
            self._changed.add(row)

    def heard(self, event: PostedEvent, row: int, at: int) -> list[Done]:
        """An event of a lead was recorded: it waits from now on, or no longer. Returns the notice to who got it from us."""
        if event.kind != "lead":
            return []
        each = self.waiting.get(row)
        if each is not None and not self._still_waits(row, each, event):
            self._drop(row)
        elif each is None and self._begins_to_wait(row, event, at):
            self._wait(row, at, first_at(at, self.settings.within_minutes))
        if event.source != SOURCE:
            return []
        registered = self._live.book.values[row, LEAD.registered_at]
        since = at if np.isnan(registered) else int(registered)
        return [Done(ROUTING, row, EVENT.notified, float(ROLES.index("owner")), np.nan, at, at, since, {})]

    def sent_back(self, done: Iterable[Done], at: int) -> None:
        """Leads that a rule takes from an owner who has not taken them up go to somebody else."""
        for each in done:
            unit = self._live.units[each.row]
            if each.event == EVENT.rerouted and self.acts and unit is not None and self._status(each.row) == OPEN_LEAD:
                self._wait(each.row, at, first_at(at, 0.0), taken_from=unit, rule=each.rule_id)

    def given_out(self, at: int) -> Iterator[tuple[int, PostedEvent]]:
        """(row, event) of the leads due by an instant for which somebody has room, one after the other: record each before
        asking for the next. The others are tried again."""
        due = [(each.due, each.turn, row) for row, each in self.waiting.items() if each.due is not None and each.due <= at]
        for _, _, row in sorted(due):
            unit, why = self._choice(row, at)
            if unit is not None:
                yield row, self.assign(row, unit, at, self.settings.method, None, why)
                continue
            self._wait(row, at, self._again_at(row, at), **self._from(row))

    def _again_at(self, row: int, at: int) -> int:
        """When a lead is tried again: after half an hour that is open, or as soon as a unit opens that was closed."""
        days, rows = self._live.driver.days, self._live.row_of
        opening = [int(next_open_of(days, rows["unit", name], at)) for name in self.described(row, at).closed]
        return min([int(again_at(days, at)), *opening])

    def assign(self, row: int, unit: str, at: int, how: str, by: str | None, why: dict) -> PostedEvent:
        """The event that gives a lead to a unit; it is remembered as given with the reasons. `by`: the person who chose."""
        each = self.waiting.get(row)
        told = dict(why)
        if each is not None and each.taken_from is not None:
            told |= {"taken_from": each.taken_from, "rule": each.rule}
        payload: dict[str, float | str | bool | None] = {"owner": unit}
        score = self.score(row)
        if np.isnan(self._live.book.values[row, LEAD.score]) and score is not None:
            payload["score"] = score
        if score is not None:
            told["score"] = score
        self._given.append(
            {"number": self._number, "record": row, "unit": unit, "at": at, "how": how, "by": by, "why": json.dumps(told)}
        )
        self.moves.sent(told)
        self._number += 1
        self._latest[unit] = self._number
        if how == "round_robin":
            self._before = unit
        return PostedEvent(
            source=SOURCE, key=f"{self._number}", event="assigned", kind="lead", record=self._live.ids[row], unit=unit,
            acted_at=at, recorded_at=at, payload=payload,
        )  # fmt: skip

    def somebody_else(self, row: int, at: int) -> str | None:
        """Who gets a lead or deal that goes to another owner, by the method of the policy; None where people choose, or nobody
        is there with room. Turns go on as if it had not been."""
        if self.people_choose:
            return None
        found, kind = self.described(row, at), self._live.kinds[row]
        barred = found.place(self._live.units[row])
        method = ROUTING_METHODS.index(self.settings.method)
        region = float(self._live.book.values[row, column(kind, "region")])
        cap = float(self.settings.lead_cap) if kind == "lead" else 0.0
        about = (method, found.about, region, cap, found.place(self._before), barred)
        place = choose(*about) if found.units else NOBODY
        return None if place in (NOBODY, barred) else found.units[place]

    def described(self, row: int, at: int) -> Candidates:
        """What is recorded of everybody who might get a lead."""
        taken = [other for other, waits in self.waiting.items() if waits.taken_from is not None]
        return candidates(self._live, row, taken, at, self._latest)

    def score(self, row: int) -> float | None:
        """The recorded score of a lead, or the one that follows from what is recorded of it; None without a budget tier."""
        values = self._live.book.values[row]
        score = values[LEAD.score]
        if np.isnan(score):
            score = lead_score(values[LEAD.budget_tier], values[LEAD.source] == _REFERRAL)
        return None if np.isnan(score) else float(score)

    def save(self, connection: Connection) -> None:
        """Write what was given out, and what waits."""
        if self._given:
            connection.execute(insert(tables.assignment), self._given)
        if self._changed:
            connection.execute(delete(tables.waiting_lead).where(_waiting.record.in_(sorted(self._changed))))
            rows = [
                {"record": row, "since": each.since, "due_at": each.due, "turn": each.turn, "taken_from": each.taken_from,
                 "rule": each.rule}
                for row in sorted(self._changed) if (each := self.waiting.get(row)) is not None
            ]  # fmt: skip
            if rows:
                connection.execute(insert(tables.waiting_lead), rows)
        self._given, self._changed = [], set()

    def _choice(self, row: int, at: int) -> tuple[str | None, dict]:
        """Who gets a lead, and what that was chosen by."""
        settings, each = self.settings, self.waiting[row]
        found = self.described(row, at)
        region = float(self._live.book.values[row, LEAD.region])
        method = ROUTING_METHODS.index(settings.method)
        before, barred = found.place(self._before), found.place(each.taken_from)
        place = choose(method, found.about, region, float(settings.lead_cap), before, barred) if found.units else NOBODY
        if place == NOBODY:
            return None, {}
        other = self._elsewhere(found, found.units[place], method, row, at)
        if other is not None:
            return other
        return found.units[place], self._reasons(found, int(place), row, region, barred)

    def _elsewhere(self, found: Candidates, unit: str, method: int, row: int, at: int) -> tuple[str, dict] | None:
        """Who gets a lead instead, where a manager moved leads away from the unit of who would get it; None where nobody did,
        or nobody of the other unit has room."""
        move = self.moves.elsewhere(self._live, unit, at)
        if move is None:
            return None
        mine, about = below(self._live, found, move.to_unit), found.about.copy()
        about.present &= mine
        region, taken_from = float(self._live.book.values[row, LEAD.region]), self.waiting[row].taken_from
        barred = found.place(taken_from)
        barred = barred if barred != NOBODY and mine[barred] else NOBODY
        place = choose(method, about, region, float(self.settings.lead_cap), found.place(self._before), barred)
        if place == NOBODY:
            return None
        names = [found.units[each] for each in np.flatnonzero(mine)]
        theirs = Candidates(names, found.about[mine], [each for each in found.closed if each in names])
        other = found.units[place]
        reasons = self._reasons(theirs, theirs.place(other), row, region, theirs.place(taken_from))
        return other, reasons | {"moved": move.number, "moved_from": move.from_unit, "moved_by": move.made_by}

    def _reasons(self, found: Candidates, place: int, row: int, region: float, barred: int) -> dict:
        chosen = found.about[place]
        absent, full = found.absent(), found.full(self.settings.lead_cap)
        there = len(found.units) - len(absent) - len(found.closed) - len(full)
        industry = self._live.book.values[row, LEAD.industry]
        without = found.units[barred] if barred not in (NOBODY, place) else None
        aside = without is not None and without not in (*absent, *full)
        return {
            "among": there - aside, "without": without, "absent": absent, "full": full, "outside_hours": found.closed,
            "before": self._before, "won": int(chosen.won), "closed": int(chosen.closed),
            "open_leads": int(chosen.open_leads), "of_industry": bool(industry == industry),
            "near": bool(chosen.region == region),
        }  # fmt: skip

    def _from(self, row: int) -> dict[str, str | None]:
        return {"taken_from": self.waiting[row].taken_from, "rule": self.waiting[row].rule}

    def _wait(self, row: int, at: int, due: int, taken_from: str | None = None, rule: str | None = None) -> None:
        since = self.waiting[row].since if row in self.waiting else at
        self._turn += 1
        self.waiting[row] = Waiting(since, None if self.people_choose else int(due), self._turn, taken_from, rule)
        self._changed.add(row)

    def _drop(self, row: int) -> None:
        del self.waiting[row]
        self._changed.add(row)

    def _begins_to_wait(self, row: int, event: PostedEvent, at: int) -> bool:
        """Whether a lead has just come and is nobody's. What was registered long before it is recorded is history."""
        registered = self._live.book.values[row, LEAD.registered_at]
        is_new = event.event in ("registered", "voided") and self._status(row) == _NEW_LEAD
        return is_new and self.acts and self._live.units[row] is None and at - registered <= HISTORY_MS

    def _still_waits(self, row: int, each: Waiting, event: PostedEvent) -> bool:
        if each.taken_from is None:
            return self._live.units[row] is None and self._status(row) == _NEW_LEAD
        moved = event.event in ("assigned", "reassigned") or self._live.units[row] != each.taken_from
        return not moved and self._status(row) == OPEN_LEAD

    def _status(self, row: int) -> float:
        return float(self._live.book.values[row, LEAD.status])
