"""Parity: a simulated office's journal, posted through HTTP into a store, makes the same rules fire at the same instants, and
the coach reckons the same targets, proposes the same moves between units and counts the same complete days from it."""

import json
import tempfile
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

import httpx
from sqlalchemy import select

from coach.api.app import PREFIX, create_app
from coach.events import PostedEvent
from coach.parity.journal_events import FOLLOWING, Did, OfficeJournal, promised
from coach.parity.moves_parity import Director, office_proposals
from coach.parity.recording_parity import Judged, coach_days, office_days
from coach.parity.target_parity import Asked, coach_targets, office_targets
from coach.routing.reading import all_assignments
from coach.routing.words import ROUTING, is_giving
from coach.rules.following_up import SOURCE
from coach.serving.server import LocalServer
from coach.store import SYSTEM, Store, people, reading, tables
from coach.store.validations import keep_validation
from policies.language.policy import Policy
from policies.language.sections import Routing
from policies.routing.choosing import CHOSEN_BY_RECORD
from policies.time.calendar_arrays import DAY_MS
from sim.office.office import Office

WEEK_MS = 7 * DAY_MS
_ADMIN = "parity"
_T = TypeVar("_T", Did, Asked, Judged)


class ParityReport(NamedTuple):
    """What both did, and where they part."""

    events: int
    batches: int
    same: int
    missing: list[Did]  # the office's rules did it, the coach's did not
    extra: list[Did]
    same_targets: int
    missing_targets: list[Asked]  # the office set it, the coach reckons another
    extra_targets: list[Asked]
    same_days: int
    missing_days: list[Judged]  # the office judged it so, the coach otherwise
    extra_days: list[Judged]

    @property
    def holds(self) -> bool:
        """Whether both did the same."""
        return not (
            self.missing or self.extra or self.missing_targets or self.extra_targets or self.missing_days or self.extra_days
        )


class ReplayedClock:
    """A clock that stands where it is put."""

    def __init__(self, now: int):
        self.now = now

    def __call__(self) -> int:
        return self.now


def office_with_journal(scenario, policy: Policy, seed: int, weeks: int) -> Office:
    """An office that was run for some weeks and kept its journal."""
    office = Office.start(scenario, policy, seed=seed, journal=True)
    office.run_until(office.now + weeks * WEEK_MS)
    return office


def parity(office: Office, policy: Policy | None = None, *, batch_ms: int = DAY_MS, restart: bool = True) -> ParityReport:
    """Post an office's journal to a coach under a policy (the office's own unless told otherwise) and compare what rules did.

    Parameters
    ----------
    batch_ms: how much time one request covers; 0 posts instant by instant
    restart: start the service anew half-way, from what the store holds
    """
    journal = OfficeJournal(office)
    told = office.policy if policy is None else policy
    checked = told.model_copy(update={"calendars": {}})  # everybody in the office works by its one calendar
    chosen = chosen_by_record(checked.routing)
    events = list(journal.events(promises=False, routed=not chosen))
    with tempfile.TemporaryDirectory(prefix="rehearse-parity-", ignore_cleanup_errors=True) as folder:
        store = Store.open(Path(folder) / "store.db")
        try:
            store.set_calendar(office.scenario.calendar)
            director = Director(office, store)
            cuts = sorted({*journal.asked_at(), *director.instants})
            batches = list(by_day(events, office.scenario.start_at, batch_ms, cuts))
            clock = ReplayedClock(office.scenario.start_at - 1)
            people.add_person(store, SYSTEM, clock.now, name=_ADMIN, role="admin")
            token = people.new_token(store, SYSTEM, _ADMIN, _ADMIN, clock.now)
            keep_validation(store, checked, True, clock.now, _ADMIN)
            halves = [batches[: len(batches) // 2], batches[len(batches) // 2 :]] if restart else [batches]
            for number, part in enumerate(halves):
                with LocalServer(create_app(store, clock=clock, background=False)) as url:
                    client = httpx.Client(base_url=url + PREFIX, headers={"Authorization": f"Bearer {token}"}, timeout=120)
                    with client:
                        if number == 0:
                            _activate(client, checked)
                        _post(client, clock, part, director)
                        if number == len(halves) - 1:
                            _post(client, clock, [(office.now, [])], director)
            done = [
                *_what_the_coach_did(store), *_what_followed(store), *_what_desks_promised(store),
                *_what_was_not_created(store, checked), *director.proposals,
            ]  # fmt: skip
            asked = office_targets(journal)
            reckoned = coach_targets(office, store, checked, asked)
            counted = coach_days(office, store)
        finally:
            store.close()
    mine = [*journal.did(), *journal.followed(), *(journal.assigned() if chosen else ()), *office_proposals(office)]
    same, missing, extra = _parted(mine, done)
    days = _parted(office_days(office), counted)
    return ParityReport(len(events), len(batches), same, missing, extra, *_parted(asked, reckoned), *days)


def _parted(mine: Sequence[_T], theirs: Sequence[_T]) -> tuple[int, list[_T], list[_T]]:
    """How many both have, what only the first has, and what only the second has."""
    first, second = Counter(mine), Counter(theirs)
    return sum((first & second).values()), list((first - second).elements()), list((second - first).elements())


def by_day(
    events: Sequence[PostedEvent], start: int, batch_ms: int = DAY_MS, cuts: Sequence[int] = ()
) -> Iterable[tuple[int, list[PostedEvent]]]:
    """(instant at which they are posted, events) for each day or other stretch of time, in order; 0 for each instant.

    `cuts`: instants in order at which a stretch ends in any case, because events after them name what the coach made then.
    Whether a record may be created is asked when it is posted: an instant at which one is makes a stretch of its own.
    """
    alone = {event.known_at for event in events if event.intent == "create"}
    found: list[tuple[int, list[PostedEvent]]] = []
    before = None
    for event in events:
        at = event.known_at
        ends = at if batch_ms == 0 or at in alone else start + ((at - start) // batch_ms + 1) * batch_ms - 1
        place = bisect_left(cuts, at)
        ends = min(ends, *cuts[place : place + 1]) if place < len(cuts) else ends
        if ends != before or (at in alone) != (found[-1][1][-1].known_at in alone):
            found.append((ends, []))
        found[-1][1].append(event)
        before = ends
    follows = [each[0].known_at for _, each in found[1:]]
    return [(min(ends, then - 1) if then - 1 >= each[-1].known_at else ends, each)
            for (ends, each), then in zip(found, [*follows, found[-1][0] + 1], strict=True)] if found else []


def _activate(client: httpx.Client, policy: Policy) -> None:
    document = policy.model_dump(mode="json", exclude={"extends"})
    client.post("/policies/activate", json={"document": document}).raise_for_status()


def _post(
    client: httpx.Client, clock: ReplayedClock, batches: Iterable[tuple[int, list[PostedEvent]]], director: Director
) -> None:
    for at, events in batches:
        while (instant := director.next_before(events[0].known_at if events else at)) is not None:
            _post_at(client, clock, instant, [])
            director.act(client)
        _post_at(client, clock, at, events)


def _post_at(client: httpx.Client, clock: ReplayedClock, at: int, events: list[PostedEvent]) -> None:
    clock.now = at
    answer = client.post("/events", json={"events": [event.model_dump(mode="json") for event in events]})
    if answer.status_code not in (200, 409) or answer.json()["refused"]:
        raise RuntimeError(f"the coach did not take the journal: HTTP {answer.status_code} {answer.text[:500]}")


def chosen_by_record(routing: Routing) -> bool:
    """Whether the coach gives leads out by what is recorded alone, and so to whom the office does; where people choose, or
    chance does, what the office assigned is posted."""
    return routing.assigned_by == "coach" and routing.method in CHOSEN_BY_RECORD


def _what_the_coach_did(store: Store) -> list[Did]:
    done, last = [], -1
    while page := reading.firings(store, SYSTEM, after=last, limit=reading.MOST):
        done += [
            Did(each["rule"], each["kind"], each["record_id"], each["at"], each["event"], each["argument"])
            for each in page if not is_giving(each["rule"])
        ]  # fmt: skip
        last = page[-1]["number"]
    return done + [Did(ROUTING, "lead", lead, at, "assigned", unit) for lead, unit, at in all_assignments(store)]


def _what_followed(store: Store) -> list[Did]:
    columns, record = tables.event.c, tables.record.c
    query = select(record.kind, record.id, columns.recorded_at, columns.event, columns.unit)
    query = query.join(tables.record, columns.record == record.row).where(columns.source == SOURCE)
    with store.read() as connection:
        rows = connection.execute(query).all()
    return [
        Did(FOLLOWING, row.kind, row.id, row.recorded_at, row.event, None if row.event == "registered" else row.unit)
        for row in rows
    ]  # fmt: skip


def _what_was_not_created(store: Store, policy: Policy) -> list[Did]:
    """Records that gates refused to create: there is none on which it could stand, so that it is in the audit log."""
    kinds = {rule.id: str(rule.on) for rule in policy.rules}
    columns = tables.audit.c
    with store.read() as connection:
        rows = connection.execute(select(columns.at, columns.subject, columns.detail).where(columns.action == "refused")).all()
    told = [(row, json.loads(row.detail)) for row in rows]
    return [
        Did(about["rule"], kinds[about["rule"]], row.subject, row.at, "refused", "create")
        for row, about in told if about.get("gate") == "create"
    ]  # fmt: skip


def _what_desks_promised(store: Store) -> list[Did]:
    columns, record = tables.event.c, tables.record.c
    query = select(record.id, columns.recorded_at, columns.payload).join(tables.record, columns.record == record.row)
    with store.read() as connection:
        rows = connection.execute(query.where(record.kind == "request", columns.event == "registered")).all()
    told = [(row.id, row.recorded_at, json.loads(row.payload).get("promised_at")) for row in rows]
    return [promised(request, at, int(by)) for request, at, by in told if by is not None]
