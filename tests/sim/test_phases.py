"""Time, effort and chances belong to the work, not to the names that a policy has for it, however these lie over the work."""

from functools import cache

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from policies.documents.loader import edited, load_policy
from policies.language.policy import Policy
from policies.record.phases import PHASE_NAMES, PHASES, evenly, stage_at
from policies.record.records import EVENT
from scenarios.cases.measures import record_accuracy
from scenarios.facts.offices import Run
from sim.office.counting.outcomes import MEASURE_NAMES
from sim.office.engine.events import STATE
from tests.policies.stage_layouts import MOST, layouts, stages_of
from tests.sim.offices import WEEK, same_journals, started, written

pytestmark = pytest.mark.system("P1")
WEEKS, SEED = 16, 3
ASKED = (["needs_summary"], ["pain_points"], ["decision_maker"], ["budget"], ["value_proof"], ["competitor"], ["contract_file"])
FOUR_OF_DISCOVERY = ["discovery", None, None, None, "solution", "negotiation", "contract"]


def plain(said) -> Policy:
    """The usual policy with stages that ask for nothing and begin with the phases said, None where one says nothing."""
    return Policy.model_validate(load_policy("monthly-private").model_dump(mode="json") | {"stages": stages_of(said)})


def told(policy: Policy):
    office = started(policy, SEED)
    office.mark()
    office.run_until(office.now + WEEKS * WEEK)
    return office, totals(office)


def totals(office) -> dict[str, float]:
    return dict(zip(MEASURE_NAMES, office.outcomes().totals[0], strict=True))


@cache
def usual():
    office, found = told(plain([None] * PHASES))
    assert found["wins"] > 5
    assert found["quits"] > 0  # so that deals are handed over as well
    return office, found


def beside_steps(office) -> np.ndarray:
    """All that was recorded but steps forward, and without the numbers of entries, which those use up."""
    journal = written(office)
    journal = journal[journal["event"] != EVENT.advanced].copy()
    journal["number"] = 0
    journal["value"][journal["event"] == EVENT.voided] = 0
    return journal


def steps_by_record(office):
    journal = office.journal()
    return journal[(journal["event"] == "advanced") & (journal["field"] == "stage")].groupby("record")["value"]


@settings(max_examples=90)
@given(layouts())
@example([None])
@example([None] * MOST)
@example(FOUR_OF_DISCOVERY)
@example(["discovery", "contract", "contract", None])
def test_other_names_for_the_same_work_change_nothing_that_is_true(said):
    expected_office, expected = usual()
    office, found = told(plain(said))
    assert found == expected
    assert beside_steps(office).tobytes() == beside_steps(expected_office).tobytes()
    truth, usual_truth = office.arrays.cases, expected_office.arrays.cases
    for name in set(truth.dtype.names) - {"recorded_stage", "last_entry", "last_number"}:
        assert truth[name].tobytes() == usual_truth[name].tobytes(), name
    for _, values in steps_by_record(office):
        assert values.tolist() == list(range(2, 2 + len(values)))  # one after the other, none skipped


@settings(max_examples=20)
@given(layouts())
@example(FOUR_OF_DISCOVERY)
@example(["discovery", "contract", "contract", None])
def test_a_record_says_the_stage_of_its_phase_and_a_won_deal_had_all(said):
    office, _ = told(plain(said))
    begins, cases = plain(said).begins, office.arrays.cases
    deals = cases[(cases.row >= 0) & (cases.state == STATE.open) & (cases.agreed == 0)]
    assert len(deals) > 4
    assert deals.recorded_stage.tolist() == [stage_at(int(phase), begins) for phase in deals.recorded_phase]
    assert np.all(deals.recorded_phase <= deals.stage)
    won = cases[cases.state == STATE.won]
    assert len(won) > 5
    assert np.all(won.recorded_stage == len(said))


@settings(max_examples=20)
@given(layouts())
@example([None] * PHASES)
@example(FOUR_OF_DISCOVERY)
def test_where_stages_ask_for_something_the_record_knows_of_no_work_beyond_the_stage_that_it_says(said):
    document = load_policy("full-playbook").model_dump(mode="json") | {"stages": stages_of(said, ASKED)}
    office, _ = told(Policy.model_validate(document))
    cases, reached = office.arrays.cases, office.arrays.settings[0].stage_at
    deals = cases[(cases.row >= 0) & (cases.recorded_phase < cases.stage)]
    assert len(deals) > 4
    assert np.all(reached[deals.recorded_phase - 1] <= deals.recorded_stage)
    held = deals[deals.recorded_stage > reached[deals.recorded_phase - 1]]
    assert np.all(held.recorded_stage < reached[held.recorded_phase])


@settings(max_examples=9)
@given(st.integers(1, MOST))
@example(7)
def test_an_even_layout_that_is_said_is_the_one_that_is_not_said(stages):
    in_words = plain([PHASE_NAMES[phase - 1] for phase in evenly(stages)])
    assert same_journals(told(in_words)[0], told(plain([None] * stages))[0])


def test_the_office_knows_how_accurate_its_record_is_whatever_the_stages():
    found = {record_accuracy(Run(told(plain(said))[0], 0)) for said in ([None] * PHASES, [None], FOUR_OF_DISCOVERY)}
    assert len(found) == 1
    assert 0.3 < next(iter(found))[0] / next(iter(found))[1] < 1


@settings(max_examples=20)
@given(layouts(), layouts())
@example([None] * MOST, [None])
@example([None] * PHASES, FOUR_OF_DISCOVERY)
@example(FOUR_OF_DISCOVERY, [None] * PHASES)
def test_other_stages_in_a_running_office_change_nothing_that_is_true(before, after):
    """What is recorded stays: a stage is known by its number, and steps go on from there."""
    _, expected = usual()
    office = started(plain(before), SEED)
    office.mark()
    office.run_until(office.now + WEEKS // 2 * WEEK)
    stood = office.arrays.cases.recorded_stage.copy()
    office.switch(plain(after))
    assert np.array_equal(office.arrays.cases.recorded_stage, stood)
    office.run_until(office.now + (WEEKS - WEEKS // 2) * WEEK)
    assert totals(office) == expected
    for _, values in steps_by_record(office):
        assert values.tolist() == list(range(2, 2 + len(values)))


def test_where_the_work_of_a_stage_begins_decides_when_it_is_recorded_and_what_it_asks_for():
    playbook = load_policy("full-playbook")
    other = edited(playbook, {"value_proof.begins_with": "negotiation", "contract_delivery.begins_with": "contract"})
    assert other.begins == (1, 1, 4, 4, 5)
    assert not same_journals(told(playbook)[0], told(other)[0])
