"""A record says the same everywhere: in the store, in histories, in the rules' book after a restart, and by the oracle."""

import itertools
import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from coach.events import FIELD_OF, as_number
from coach.rules.live_book import LiveBook
from coach.rules.service import Service
from coach.store import SYSTEM, Store, policies, reading, tables
from coach.store.story import replayed, stories
from coach.winning.history import records_at, states
from policies.engine.compile import compile_rules
from policies.record.records import FLAGS
from tests.coach.firm import FREEZE, Firm, policy_of
from tests.coach.test_withdrawing import ENTRIES, HOUR
from tests.policies.oracle_record import Asked, Record, Recorded, Written

pytestmark = pytest.mark.system("P1")
RULES = (
    FREEZE,
    {"id": "set", "on": "opportunity", "when": {"stage": 2}, "since": "stage_changed_at", "after": "3d",
     "then": [{"set": {"stage": 3}}, {"set": {"amount": 7}}]},
    {"id": "warned", "on": "opportunity", "when": {"stage": "< 3"}, "since": "last_progress_at", "after": "4d",
     "then": [{"flag": "amber"}]},
    {"id": "late", "on": "opportunity", "when": {"status": "open"}, "since": "last_progress_at", "after": "9d",
     "then": [{"flag": "red"}, {"set": {"status": "no_decision"}}]},
)  # fmt: skip
VOIDED = st.integers(0, 7)
STEPS = st.tuples(ENTRIES, st.lists(st.tuples(st.integers(1, 8), VOIDED), max_size=4), st.sets(st.integers(0, 8)))
_numbers = itertools.count()


def went_through(firm: Firm, entries, voided, restarted) -> None:
    """Register a deal, post entries with days between them, some of them late, and withdraw some; restart now and then."""
    firm.post("registered", "A", unit="rep-1", owner="rep-1", stage=2.0)
    for place, (event, payload, unit, late) in enumerate(entries):
        firm.now += 60 * HOUR
        firm.service.tick()
        told = firm.event(event, "A", unit=unit, key=f"e{place}", **payload)
        firm.service.post([told.model_copy(update={"acted_at": firm.now - late * HOUR})])
        if place in restarted:
            firm.service = Service(firm.store, lambda: firm.now)
        for number, (after, which) in enumerate(voided):
            if after == place + 1:
                firm.post("voided", "A", key=f"v{number}", voids=f"e{which % (place + 1)}")
    firm.now += HOUR
    firm.service.tick()


def as_numbers(values: dict[str, Any]) -> dict[str, float]:
    """The recorded fields as the rules read them; without those that the rules keep of what they ask for."""
    named = {name: as_number("opportunity", name, value) for name, value in values.items() if name in FIELD_OF["opportunity"]}
    return {name: number for name, number in named.items() if not math.isnan(number) and name != "required"}


def in_the_book(store: Store, now: int) -> dict[str, float]:
    with store.read() as connection:
        live = LiveBook(connection, policies.current(connection), now)
        row = live.row_of["opportunity", "A"]
        return as_numbers(dict(zip(FIELD_OF["opportunity"], map(float, live.book.values[row]), strict=False)))


def told_anew(store: Store) -> dict[str, float]:
    """What a book comes to that goes through the whole story of the record."""
    with store.read() as connection:
        row = connection.scalar(select(tables.record.c.row).where(tables.record.c.id == "A"))
        rules = compile_rules(policy_of(), activated_at=0)
        book, _ = replayed("opportunity", stories(connection, [row])[row], rules)
        return as_numbers(dict(zip(FIELD_OF["opportunity"], map(float, book.values[0]), strict=False)))


def by_the_oracle(store: Store) -> dict[str, float]:
    """What the plain reading of everything that was recorded, and of what rules wrote, comes to."""
    event, firing = tables.event.c, tables.firing.c
    with store.read() as connection:
        row = connection.scalar(select(tables.record.c.row).where(tables.record.c.id == "A"))
        told = connection.execute(select(tables.event).where(event.record == row).order_by(event.sequence)).all()
        did = connection.execute(select(tables.firing).where(firing.record == row).order_by(firing.number)).all()
    numbers = {each.key: each.sequence for each in told}
    voided = {numbers[each.voids] for each in told if each.event == "voided"}
    story: list[tuple[tuple, Recorded | Written | Asked]] = []
    for each in told:
        if each.event != "voided":
            payload = {name: as_number("opportunity", name, value) for name, value in json.loads(each.payload).items()}
            entry = Recorded(
                each.sequence, each.recorded_at, each.acted_at, each.event, "opportunity", row, 0, payload
            )
            story.append(((each.recorded_at, 0, each.sequence), entry))
    flags: dict[str, int] = {}
    for each in did:
        wrote: Written | None = None
        if each.event == "field_set":
            wrote = Written(each.argument, each.value, True, each.at)
        elif each.event == "frozen":
            wrote = Written("frozen", 1.0, False, each.at)
        elif each.event == "flagged":
            flags[each.rule] = FLAGS.index(each.argument)
            wrote = Written("flag", flags[each.rule], False, each.at)
        elif each.event == "flag_closed":
            del flags[each.rule]
            wrote = Written("flag", max(flags.values(), default=0), False, each.at)
        if wrote is not None:
            story.append(((each.at, 1, each.number), wrote))
    record = Record(row, "opportunity", 0, [each for _, each in sorted(story, key=lambda pair: pair[0])])
    return as_numbers(record.known(voided))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=STEPS, with_rules=st.booleans())
def test_a_record_says_the_same_everywhere(tmp_path: Path, story, with_rules):
    folder = tmp_path / f"{next(_numbers)}"
    folder.mkdir()
    firm = Firm(folder, policy_of(*RULES) if with_rules else None)
    try:
        went_through(firm, *story)
        view = as_numbers(reading.record(firm.store, SYSTEM, "opportunity", "A")["values"])
        (record,) = [each for each in records_at(firm.store, firm.now) if each.kind == "opportunity"]
        (past,) = states(record, [firm.now])
        assert view == by_the_oracle(firm.store)
        assert as_numbers(past) == view
        assert in_the_book(firm.store, firm.now) == told_anew(firm.store) == view
    finally:
        firm.store.close()
