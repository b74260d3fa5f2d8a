"""Customers' own time: patient customers forgive silence and early asking for so many times longer, and for nothing else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.office.cases.closing import closing_odds
from sim.office.cases.touch import spend_hazard
from sim.office.engine.events import DAY
from sim.office.office import Office
from tests.sim.offices import started

START = 1_700_000_000_000
SILENT = st.floats(0.01, 200.0)
PATIENCE = st.floats(0.05, 20.0)


@pytest.fixture(scope="module")
def office() -> Office:
    return started("monthly-private")


def interpreted(part):
    """The Python behind a compiled part."""
    return getattr(part, "py_func", part)


def dies(office: Office, silent_days: float, patience: float, fate: float) -> tuple[bool, float, float]:
    """Whether a deal with that much of the hazard left dies in the silence; what is left of it, or the days it lived."""
    o = office.arrays
    o.firm[0].patience = patience
    o.state[0].now = START + int(silent_days * DAY)
    case = o.cases[0]
    case.last_touch_at, case.hazard_left, case.dead, case.died_at, case.rival = START, fate, 0, 0, 0.0
    dead = interpreted(spend_hazard)(o, 0)
    o.firm[0].patience = 1.0
    return bool(dead), float(case.hazard_left), (case.died_at - START) / DAY if dead else 0.0


@given(SILENT, PATIENCE, st.floats(0.001, 5.0))
@settings(max_examples=200, deadline=None)
def test_a_deal_outlives_so_many_times_the_silence(office, silent, patience, fate):
    dead, left, lived = dies(office, silent, 1.0, fate)
    slow_dead, slow_left, slow_lived = dies(office, silent * patience, patience, fate)
    if dead and slow_dead:
        assert slow_lived == pytest.approx(lived * patience, rel=1e-6, abs=1e-6)
    elif not dead and not slow_dead:
        assert slow_left == pytest.approx(left, rel=1e-6, abs=1e-6)
    else:
        assert max(lived, slow_lived / patience) == pytest.approx(silent, rel=1e-5)


@given(st.floats(0.0, 60.0), PATIENCE, st.floats(0.0, 0.2))
@settings(max_examples=200, deadline=None)
def test_asking_early_is_early_by_their_own_measure(office, early, patience, discount):
    o = office.arrays
    case = o.cases[0]
    case.price = 1.3
    o.firm[0].patience = patience
    case.own_at = START + int(early * patience * DAY)
    slow = interpreted(closing_odds)(o, case, START, discount)
    o.firm[0].patience = 1.0
    case.own_at = START + int(early * DAY)
    assert slow == pytest.approx(interpreted(closing_odds)(o, case, START, discount), abs=1e-5)
