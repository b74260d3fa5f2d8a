"""Time, effort and chances belong to the work, not to the number of names that a policy has for it."""

import numpy as np
import pytest

from policies.documents.loader import load_policy
from policies.language.policy import Policy
from policies.record.phases import PHASES, phase_at, stage_at
from sim.office.counting.outcomes import MEASURE_NAMES
from tests.sim.offices import WEEK, started

WEEKS = 16
NUMBERS = range(5, 10)


def plain(stages: int) -> Policy:
    """The usual policy with so many stages that ask for nothing."""
    names = [{"id": f"stage-{n}", "name": {"en": f"Stage {n}", "zh": f"阶段 {n}"}} for n in range(1, stages + 1)]
    return Policy.model_validate(load_policy("monthly-private").model_dump(mode="json") | {"stages": names})


def told(policy: Policy):
    office = started(policy, 3)
    office.mark()
    office.run_until(office.now + WEEKS * WEEK)
    return office, dict(zip(MEASURE_NAMES, office.outcomes().totals[0], strict=True))


@pytest.fixture(scope="module")
def usual():
    return told(plain(5))


@pytest.mark.system("P1")
@pytest.mark.parametrize("stages", [5, 6, 7])
def test_more_names_for_the_same_work_change_nothing_that_is_true(usual, stages):
    _, expected = usual
    office, found = told(plain(stages))
    assert expected["wins"] > 5
    for name, value in expected.items():
        assert found[name] == value, name
    journal = office.journal()
    steps = journal[(journal["event"] == "advanced") & (journal["field"] == "stage")]
    assert steps["value"].max() == stages
    for _, each in steps.groupby("record"):
        assert each["value"].tolist() == list(range(2, 2 + len(each)))  # one after the other, none skipped


def test_what_is_won_had_every_stage(usual):
    office, _ = usual
    journal = office.journal()
    won = journal[journal["event"] == "won"]["record"]
    last = journal[journal["field"] == "stage"].groupby("record")["value"].max()
    assert np.all(last.loc[won] == 5)


@pytest.mark.system("P1")
@pytest.mark.parametrize("stages", NUMBERS)
def test_stages_are_names_over_phases_in_their_order(stages):
    reached = [stage_at(phase, stages) for phase in range(1, PHASES + 1)]
    assert reached == sorted(set(reached))
    assert (reached[0], reached[-1]) == (1, stages)
    assert [phase_at(stage, stages) for stage in reached] == list(range(1, PHASES + 1))
    spoken = [phase_at(stage, stages) for stage in range(1, stages + 1)]
    assert spoken == sorted(spoken)
