"""Small offices for the tests, and how their journals are compared."""

import numpy as np

from policies.documents.loader import load_policy
from policies.language.policy import Policy
from scenarios.loader import load_scenario
from sim.office.office import Office
from sim.office.scenario import Scenario

WEEK = 7 * 86_400_000


def tiny(**people) -> Scenario:
    """Five reps in two teams, two weeks of warm-up."""
    small = load_scenario("small")
    staff = {"reps": 5, "teams": 2, "regions": 1, "presales": 1, "legal": 1, "delivery": 1, "finance": 1} | people
    changes = {"warmup_weeks": 2, "people": staff, "leads": small.leads.model_dump() | {"per_week": 40.0}}
    return Scenario.model_validate(small.model_dump() | changes)


def started(policy: Policy | str, seed: int = 1, scenario: Scenario | None = None, beyond: dict | None = None) -> Office:
    """A tiny office with its journal, at its first instant; `beyond`: behaviour parameters, out of their range too."""
    policy = load_policy(policy) if isinstance(policy, str) else policy
    return Office.start(scenario or tiny(), policy, None, seed, journal=True, beyond=beyond)


def written(office: Office) -> np.ndarray:
    """The journal as it stands in the arrays."""
    return np.asarray(office.arrays.journal[: int(office.arrays.state[0].journal)])


def same_journals(first: Office, second: Office) -> bool:
    """Whether two journals agree in every field of every row."""
    one, other = written(first), written(second)
    return len(one) == len(other) > 0 and one.tobytes() == other.tobytes()
