"""The plain queueing model: our calendar gives the published figures, and SimPy and C agree with it.

Statistical tests fail a sound program with probability 1e-4 each, over seeds picked at random.
"""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from benchmarks.plain_queue import c_model, compiled_model, simpy_model
from benchmarks.plain_queue.model import PUBLISHED, Parameters, Report

ROOT = Path(__file__).resolve().parents[2]
FALSE_ALARM = 1e-4
HALF_DIGIT = {"utilisation": 0.0005, "wins_per_rep_and_week": 0.05, "departed_share": 0.0005}
SMALL = Parameters(reps=2)  # reps never meet, so that few of them say the same with a wider spread


def figures(report: Report, parameters: Parameters) -> list[float]:
    """The three figures of a run, in the order of `PUBLISHED`."""
    return [report.utilisation(parameters), report.wins_per_rep_and_week(parameters), report.departed_share()]


def compiled_figures(parameters: Parameters, runs: int) -> np.ndarray:
    """Shape (runs, 3)."""
    return np.array([figures(compiled_model.run(parameters, seed), parameters) for seed in range(runs)])


def test_our_calendar_gives_the_published_figures():
    """Mean of 24 runs within its t interval of what the published digits can stand for."""
    found = compiled_figures(Parameters(), 24)
    half_width = stats.t.isf(FALSE_ALARM / 2 / len(PUBLISHED), len(found) - 1) * found.std(axis=0, ddof=1) / len(found) ** 0.5
    for (name, published), mean, slack in zip(PUBLISHED.items(), found.mean(axis=0), half_width, strict=True):
        assert slack < 0.02 * published, name
        assert abs(mean - published) < slack + HALF_DIGIT[name], name


def agree(found: np.ndarray, reference: np.ndarray) -> bool:
    """Welch's t test on each of the three figures, Bonferroni over them."""
    return (stats.ttest_ind(found, reference, equal_var=False).pvalue > FALSE_ALARM / len(PUBLISHED)).all()


@pytest.mark.statistical
def test_simpy_agrees():
    found = np.array([figures(simpy_model.run(SMALL, seed), SMALL) for seed in range(6)])
    assert agree(found, compiled_figures(SMALL, 100))


@pytest.mark.skipif(c_model.compiler() is None, reason="no C compiler (gcc) found")
def test_c_agrees(tmp_path):
    program = c_model.build(tmp_path)
    found = np.array([figures(c_model.run(program, SMALL, seed)[0], SMALL) for seed in range(100)])
    assert agree(found, compiled_figures(SMALL, 100))


def test_the_comparison_can_fail():
    """A tenth more work is noticed."""
    slower = SMALL._replace(work_hours=0.187)
    found = np.array([figures(compiled_model.run(slower, seed), SMALL) for seed in range(20)])
    assert not agree(found, compiled_figures(SMALL, 100))


@pytest.mark.parametrize("seed", range(3))
def test_each_lead_is_in_exactly_one_state(seed):
    firm = compiled_model.new_firm(Parameters(), seed)
    compiled_model.run_to_horizon(firm)
    state = firm.state[0]
    free, lead = 0, state.free
    while lead != compiled_model.NOBODY:
        free, lead = free + 1, firm.leads.next[lead]
    assert state.arrived == state.won + state.departed + (state.slots - free)
    pending = firm.heap[: state.heap_size].kind
    at_work = np.count_nonzero(pending == compiled_model.ON.work_ends)
    with_customer = np.count_nonzero(pending == compiled_model.ON.delay_ends)
    assert state.slots - free == at_work + with_customer + waiting_leads(firm)
    assert at_work == np.count_nonzero(firm.reps.lead != compiled_model.NOBODY)


def waiting_leads(firm) -> int:
    """Leads in a line whose patience has lasted."""
    horizon, count = firm.state[0].horizon, 0
    for lead in firm.lines.first:
        while lead != compiled_model.NOBODY:
            count += firm.leads.deadline[lead] >= horizon
            lead = firm.leads.next[lead]
    return count


@pytest.mark.nojit
def test_the_same_run_without_compilation():
    program = (
        "from benchmarks.plain_queue import compiled_model, model\n"
        "print(compiled_model.run(model.Parameters(reps=4, horizon_hours=120.0), 7))"
    )

    def answer(disabled: str) -> str:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "NUMBA_DISABLE_JIT": disabled}
        command = [sys.executable, "-W", "error::RuntimeWarning", "-c", program]
        run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True, env=environment, cwd=ROOT)
        return run.stdout

    assert answer("1") == answer("0")
