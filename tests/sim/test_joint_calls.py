"""A manager who joins a talk: it goes as well as skill and the mechanism say, that one talk, and no other."""

import numpy as np
import pytest

from sim.office.cases.phases import PHASES
from sim.office.engine.events import DAY, STATE
from sim.office.office import Office
from tests.sim.offices import WEEK, same_journals, started

CERTAIN = 60.0  # logit


@pytest.fixture(scope="module")
def office() -> Office:
    started_office = started("monthly-private")
    started_office.run_until(started_office.now + 8 * WEEK)
    return started_office


def joined(office: Office, odds: float, *, skill: float = 1.0, manager: int = 1) -> Office:
    """The office four days later, had a manager (0: nobody) joined the next talk of every open deal."""
    branch = office.branch()
    o = branch.arrays
    o.behaviour[0].manager_joint_odds = odds
    o.managers.skill[:] = skill
    o.cases.manager_joins[o.cases.state == STATE.open] = manager
    branch.run_until(branch.now + 4 * DAY)
    return branch


def steps(office: Office, later: Office) -> np.ndarray:
    """Phases finished in the deals that had one talk since and go on: the others may have moved without the manager."""
    used = int(office.arrays.state[0].cases)
    before, after = office.arrays.cases[:used], later.arrays.cases[:used]
    once = (before.state == STATE.open) & (after.touches == before.touches + 1) & (after.manager_joins == 0)
    once &= (before.stage < PHASES) & (before.agreed == 0) & (after.dead == 0)
    return (after.stage - before.stage)[once]


def test_the_talk_goes_as_the_manager_makes_it_go(office):
    well, badly = (steps(office, joined(office, odds)) for odds in (CERTAIN, -CERTAIN))
    assert min(len(well), len(badly)) >= 5
    assert (well == 1).all()
    assert (badly == 0).all()


def test_a_manager_without_skill_adds_nothing(office):
    assert same_journals(joined(office, CERTAIN, skill=0.0), joined(office, CERTAIN, manager=0))


def test_a_talk_that_nobody_joins_goes_on_without_the_mechanism(office):
    assert same_journals(joined(office, CERTAIN, manager=0), joined(office, -CERTAIN, manager=0))
