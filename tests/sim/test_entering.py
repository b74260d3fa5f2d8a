"""Whether a touch is entered: by hand from what the form asks, what entries earn, and what the rep owes on the case."""

import math

import numpy as np
import pytest

from sim.office.office import Office
from sim.office.record.recording import NEVER_ENTERED, entry_fate
from tests.sim.offices import started

TOUCHES = 4000


@pytest.fixture(scope="module")
def office() -> Office:
    return started("monthly-private")


def fates(office: Office, owes: int = 0, fields: float = 12.0, reward: float = 0.0) -> np.ndarray:
    """What becomes of each of many touches on one case of a rep of usual temper."""
    o = office.arrays
    o.settings[0].fields_asked, o.settings[0].advanced_fields, o.settings[0].recording_reward_day = fields, 0, reward
    o.work[0].owes, o.seats[0].temper = owes, 0.0
    fate = getattr(entry_fate, "py_func", entry_fate)
    return np.array([fate(o, 0, 0, touch) for touch in range(TOUCHES)])


def left_out(office: Office, **asked) -> float:
    return float((fates(office, **asked) == NEVER_ENTERED).mean())


@pytest.mark.parametrize(("fields", "reward"), [(5.0, 0.0), (12.0, 0.0), (30.0, 0.0), (12.0, 20.0)])
@pytest.mark.parametrize("owes", [0, 1, 4])
def test_how_much_is_never_entered(office, fields, reward, owes):
    b = office.arrays.behaviour[0]
    share = 1.0 - b.recorded_at_best * math.exp(-b.field_fatigue * (fields - 5.0))
    share *= math.exp(-reward / b.reward_scale) * (b.skip_when_asked if owes else 1.0)
    error = math.sqrt(share * (1.0 - share) / TOUCHES)
    assert left_out(office, owes=owes, fields=fields, reward=reward) == pytest.approx(share, abs=4.0 * error)


def test_who_owes_something_on_a_case_enters_more_and_nothing_less(office):
    free, owing = fates(office), fates(office, owes=1)
    assert (owing[free != NEVER_ENTERED] == free[free != NEVER_ENTERED]).all()
    assert (owing != NEVER_ENTERED).sum() > (free != NEVER_ENTERED).sum()
