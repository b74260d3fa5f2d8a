"""Gates over the live book: whether a step may be taken now, and what is missing when it may not."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from coach.events import PostedEvent, as_number
from coach.rules.live_book import LiveBook
from coach.store.stages import beyond
from coach.store.viewer import SEE_EVERYTHING, Viewer
from coach.store.views import column_of, field_name, number_of
from policies.engine.gates import (
    ADVANCE,
    ALLOWED,
    REQUIREMENT,
    absent,
    asked_by_conditions,
    missing_for_stage,
    refusal,
    skips,
    unmet,
)
from policies.engine.settings import SETTINGS, settings
from policies.language.predicate import CUSTOM_PREFIX, asked_fields
from policies.record.book import enter, new_book, place_row, put
from policies.record.records import EVENT, GATES, OPPORTUNITY, column
from policies.record.required import required_columns

STAGE_GATES = ("advance", "sign")
GATE_OF = {
    "advanced": "advance",
    "won": "sign",
    "purchase": "order",
    "spent": "expense",
    "started": "start",
    "completed": "complete",
}
"""The gate that a step passes when another system reports it as a fact."""


class Answer(NamedTuple):
    """What a gate says: `rule` is None when the step is allowed, else a rule's id, "requirement", "stage", "stage_order",
    "no_such_stage" or one of `NOT_GRANTED`."""

    rule: str | None
    missing: list[str]


def through_gates(viewer: Viewer, events: Sequence[PostedEvent]) -> list[PostedEvent]:
    """The same events, those of a rep or manager as the steps that they are: a person passes a gate, whether or not the step
    names it; only what other systems tell is taken as a fact."""
    if viewer.role in SEE_EVERYTHING:
        return list(events)
    return [_step(event) for event in events]


def _step(event: PostedEvent) -> PostedEvent:
    gate = GATE_OF.get(event.event)
    if gate is None and event.kind == "opportunity" and event.event != "registered" and "stage" in event.payload:
        gate = "advance"
    if event.intent is not None or gate is None or event.event == "registered":
        return event
    return event.model_copy(update={"intent": gate})


def ask_gate(live: LiveBook, row: int, gate: str, now: int) -> Answer:
    """Ask a gate about a record as it stands; a rule in shadow that would refuse is left in the book's firings."""
    driver, kind = live.driver, live.kinds[row]
    position = int(refusal(driver.book, driver.rules, driver.days, row, GATES.index(gate), now))
    if position >= 0:
        rule = driver.policy.rules[position]
        return Answer(rule.id, _missing_in(driver.book.values[row], kind, rule, live))
    if position == REQUIREMENT:
        bits = int(driver.book.values[row, column(kind, "required")])
        asked = required_columns(int(driver.book.rows[row].kind), bits)
        return Answer("requirement", [field_name(kind, place, live.custom) for place in asked])
    if gate in STAGE_GATES and kind == "opportunity":
        missing, holds_back = _lacks_for_stage(live, row, GATES.index(gate))
        if missing or holds_back:
            return Answer("stage", missing)
    assert position == ALLOWED
    return Answer(None, [])


def ask_gate_of_facts(live: LiveBook, row: int, gate: str, now: int) -> Answer:
    """The same for a step that was already taken elsewhere: nothing is journalled."""
    before = int(live.book.counts[0].firings)
    answer = ask_gate(live, row, gate, now)
    live.book.counts[0].firings = before
    return answer


def gate_of(live: LiveBook, row: int, event: PostedEvent) -> str | None:
    """The gate that an event passes: the one that it names, or that of the step that it is, however it is told."""
    gate, stage = event.intent or GATE_OF.get(event.event), live.book.values[row, OPPORTUNITY.stage]
    if np.isnan(stage) and event.event == "advanced":
        stage = 1.0  # from which it counts
    if _wanted(event) <= stage:
        return None if gate == "advance" else gate
    return gate or ("advance" if _wanted(event) > stage else None)


def ask_order(live: LiveBook, row: int, event: PostedEvent) -> Answer:
    """Whether an event goes to a stage that there is and passes over none; what is missing are the fields that the stages on
    the way ask for (P1)."""
    stage, wanted, stages = live.book.values[row, OPPORTUNITY.stage], _wanted(event), len(live.driver.policy.stages)
    if beyond(wanted, stages, stage):
        return Answer("no_such_stage", [])
    if event.kind != "opportunity" or not skips(stage, wanted):
        return Answer(None, [])
    last = min(int(wanted) - 1, stages)
    missing = [_missing_for_stage(live, row, each) for each in range(int(stage), last + 1)]
    return Answer("stage_order", _names(live, event.kind, int(np.bitwise_or.reduce(missing or [0]))))


def _wanted(event: PostedEvent) -> float:
    """The stage that an event brings; NaN for none."""
    stage = event.payload.get("stage")
    known = stage is not None and event.kind == "opportunity" and event.event != "registered"
    return as_number(event.kind, "stage", stage) if known else np.nan


def ask_create(live: LiveBook, event: PostedEvent, now: int) -> Answer:
    """Ask the gates of creation about a record that is not there yet, with the values that it would have."""
    driver, of, kind = live.driver, live.kind(event.kind), live.custom.kinds.index(event.kind)
    book = new_book(driver.rules, 1, live.book.values.shape[1], voidable=False)
    book.counts[0].rows = 1
    place_row(book, 0, kind, live.row_of.get(("unit", event.unit or ""), -1))
    enter(book, 0, EVENT.registered, event.acted_at)
    for name, value in event.payload.items():
        place = column_of(of, name, live.custom)
        if place is not None:
            put(book, 0, place, number_of(of, name, value, live.custom))
    if driver.links is not None:
        driver.links.told_of(driver.book, kind, book.values[0])
    position = int(refusal(book, driver.rules, driver.days, 0, GATES.index("create"), now))
    if position < 0:
        return Answer(None, [])
    rule = driver.policy.rules[position]
    return Answer(rule.id, _missing_in(book.values[0], of, rule, live))


def _missing_for_stage(live: LiveBook, row: int, stage: float | None = None) -> int:
    stage = live.book.values[row, OPPORTUNITY.stage] if stage is None else stage
    if not 1 <= stage <= len(live.driver.policy.stages):
        return 0
    record = settings(live.driver.policy).astype(SETTINGS).view(np.recarray)[0]
    return int(missing_for_stage(live.book.values, row, record, int(stage)))


def _lacks_for_stage(live: LiveBook, row: int, gate: int) -> tuple[list[str], bool]:
    """Which fields leaving the recorded stage asks for and the record lacks, and whether a condition of the way on does not
    hold."""
    driver, values = live.driver, live.book.values[row]
    missing, recorded = _missing_for_stage(live, row), values[OPPORTUNITY.stage]
    stage = int(recorded) if 1 <= recorded <= len(driver.policy.stages) else 0
    if stage == 0:
        return [], False
    left, entered = driver.policy.stages[stage - 1], driver.policy.stages[stage : stage + (gate == ADVANCE)]
    own = list(left.requires)
    holds_back = bool(unmet(driver.book, driver.rules, row, stage, gate))
    if holds_back:
        missing |= int(absent(driver.book.values, row, asked_by_conditions(driver.rules, stage, gate)))
        for condition in (left.leaving, *(each.entering for each in entered)):
            own += asked_fields(condition, lifts_when_recorded=False)
    lacks = [
        name
        for name in dict.fromkeys(own)
        if name.startswith(CUSTOM_PREFIX) and np.isnan(values[live.custom.place("opportunity", name)])
    ]
    return _names(live, "opportunity", missing) + lacks, holds_back


def _missing_in(values: np.ndarray, kind: str, rule, live: LiveBook) -> list[str]:
    """Fields that the rule wants recorded and that are absent."""
    places = [(name, column_of(kind, name, live.custom)) for name in dict.fromkeys(asked_fields(rule.predicate))]
    return [name for name, place in places if place is not None and np.isnan(values[place])]


def _names(live: LiveBook, kind: str, bits: int) -> list[str]:
    return [field_name(kind, place, live.custom) for place in range(bits.bit_length()) if bits >> place & 1]
