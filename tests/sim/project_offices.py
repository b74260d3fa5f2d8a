"""Small offices with projects, task chains or a works, and the guide's processes that run in them."""

from functools import cache

import numpy as np

from policies.language.policy import Policy
from policies.record.records import EVENT
from sim.office.office import Office
from sim.office.scenario import Scenario
from tests.coach.own_records import processes
from tests.sim.offices import WEEK, started, tiny

WEEKS = 40
CHAIN = ("sales", "design", "engineering", "purchasing")


@cache
def with_milestones(**behaviour: float) -> Scenario:
    """A tiny firm whose projects have three milestones."""
    projects = {
        "departments": [{"name": "design", "staff": 3}, {"name": "build", "staff": 4}, {"name": "test", "staff": 2}],
        "steps": [
            {"name": "concept", "department": "design", "work_days": 4, "due_days": 20, "payment": 0.3, "deliverables": 2},
            {"name": "prototype", "department": "build", "work_days": 8, "due_days": 50, "payment": 0.37, "deliverables": 1},
            {"name": "handover", "department": "test", "work_days": 3, "due_days": 80, "payment": 0.33},
        ],
    }
    return _widened(projects=projects, behaviour=behaviour)


@cache
def with_chain(**behaviour: float) -> Scenario:
    """A tiny firm whose projects are chains of twelve tasks, each confirmed by two other departments."""
    steps = [
        {
            "name": f"task-{number}".replace("-", "_"), "kind": "task", "department": CHAIN[number % 4], "work_days": 1.5,
            "due_days": 5 * (number + 1),
            "confirmed_by": [name for name in CHAIN[:3] if name != CHAIN[number % 4]][:2],
        }
        for number in range(12)
    ]  # fmt: skip
    departments = [{"name": name, "staff": 3} for name in CHAIN]
    return _widened(projects={"departments": departments, "steps": steps}, behaviour=behaviour)


@cache
def with_works(units: float = 50.0) -> Scenario:
    """A tiny firm with a works that is asked for more than it can make."""
    return _widened(production={"units_per_week": units, "unit_value": 1000, "wanted_weeks": 3})


def _widened(**sections) -> Scenario:
    document = tiny().model_dump()
    sections["behaviour"] = document["behaviour"] | sections.get("behaviour", {})
    return Scenario.model_validate(document | sections)


@cache
def process(name: str, *off: str) -> Policy:
    """A process of the guide; the rules named are only watched."""
    policy = processes()[name]
    rules = tuple(rule.model_copy(update={"mode": "shadow"}) if rule.id in off else rule for rule in policy.rules)
    return policy.model_copy(update={"rules": rules})


def watched(name: str) -> Policy:
    """The same records without any of the rules at work."""
    return process(name, *(rule.id for rule in processes()[name].rules))


def ran(policy: Policy, scenario: Scenario) -> Office:
    """An office after some months; one run for all who ask, so nobody may change it."""
    return _ran(policy.model_dump_json(), scenario.model_dump_json())


@cache
def _ran(policy: str, scenario: str) -> Office:
    office = started(Policy.model_validate_json(policy), 1, Scenario.model_validate_json(scenario))
    office.mark()
    office.run_until(office.now + WEEKS * WEEK)
    return office


def rows(office: Office, name: str) -> np.recarray:
    """What was filled of an array that grows."""
    return getattr(office.arrays, name)[: int(office.arrays.state[0][name])].view(np.recarray)


def told(office: Office, kind: str, event: str) -> list[np.record]:
    """First journal rows of the events of a kind of record."""
    layout = office.layout
    assert layout is not None
    code = layout.kinds.index(kind)
    journal = office.arrays.journal[: int(office.arrays.state[0].journal)]
    return [row for row in journal if row.kind == code and row.event == getattr(EVENT, event) and row.column < 0]
