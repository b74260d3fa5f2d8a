"""Rules, routing and managers see what was recorded, never what is true."""

import numpy as np
import pytest

from policies.record.records import EFFECT_EVENTS, EVENT, EVENTS
from sim.office.counting.outcomes import MEASURE_NAMES
from sim.office.engine.events import DAY, STATE
from tests.sim.offices import WEEK, started, written

HIDDEN = ("tau", "reach", "fit", "price", "rival", "hazard_left", "value", "own_at", "dead", "known")
FIRST_EFFECT = EVENTS.index(EFFECT_EVENTS[0])


def decisions_of_next_instant(corrupt: bool) -> np.ndarray:
    """Firings and routing at the first instant that has either, with or without hidden facts corrupted just before."""
    office = started("full-playbook", 5)
    office.run_until(office.now + 3 * WEEK)
    start = len(written(office))
    if corrupt:
        cases = office.arrays.cases
        for name in HIDDEN:
            cases[name][: int(office.arrays.state[0].cases)] = 1
    heap = office.arrays.heap[: int(office.arrays.state[0].heap_size)]
    for instant in np.unique(heap.time)[:400]:
        office.run_until(int(instant))
        rows = written(office)[start:]
        decided = rows[(rows["event"] >= FIRST_EFFECT) | (rows["event"] == EVENT.assigned)]
        if len(decided):
            return decided[["recorded_at", "event", "row", "column", "value", "rule", "due_at"]]
    raise AssertionError("nothing was decided")


def test_corrupting_hidden_facts_changes_no_decision_at_that_instant():
    assert decisions_of_next_instant(False).tobytes() == decisions_of_next_instant(True).tobytes()


@pytest.mark.system("E1")
def test_more_fields_to_fill_in_mean_less_work_recorded_and_more_hours_of_recording():
    shares, hours = [], []
    for policy in ("light-recording", "heavy-recording"):
        office = started(policy)
        office.mark()
        office.run_until(office.now + 8 * WEEK)
        outcomes = office.outcomes()
        totals = dict(zip(MEASURE_NAMES, outcomes.totals[0], strict=True))
        shares.append(totals["updates_recorded"] / totals["updates"])
        hours.append(totals["hours_recording"] / totals["updates_recorded"])
    assert shares[0] > shares[1]
    assert hours[0] < hours[1]


@pytest.mark.parametrize("policy", ["light-recording", "heavy-recording"])
def test_only_what_reaches_the_record_counts_as_recorded(policy):
    """Touches that were to be entered late, and whose case was closed by then, are in no record, and in no share of it."""
    office = started(policy, 3)
    office.mark()
    start, before = office.now, len(written(office))
    office.run_until(start + 8 * WEEK)
    rows = written(office)[before:]
    touches = rows[np.isin(rows["event"], (EVENT.attempt, EVENT.contact, EVENT.document))]
    _, first = np.unique(touches["number"], return_index=True)
    totals = dict(zip(MEASURE_NAMES, office.outcomes().totals[0], strict=True))
    assert totals["updates_recorded"] == len(first) > 0
    lags = (touches["recorded_at"] - touches["acted_at"])[first]
    assert totals["entry_lag_days"] == pytest.approx(lags.sum() / DAY)


def test_what_is_dead_may_still_stand_open_in_the_record():
    office = started("monthly-private", 2)
    office.run_until(office.now + 12 * WEEK)
    cases = office.arrays.cases[: int(office.arrays.state[0].cases)]
    assert ((cases.dead == 1) & (cases.state == STATE.open)).any()
