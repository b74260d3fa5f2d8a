"""A queue with c servers, built from the event calendar and the keyed draws, waits as Erlang's formulas say.

Each case makes 60 independent runs; a figure fails if it is outside the two-sided t interval of the runs' means at
a false-alarm rate of 1e-4 for the whole file, and the interval must be narrow enough to notice an error of 4 %.
"""

import numpy as np
import pytest
from scipy import stats

from policies.jit.compiled import compiled
from sim.office.engine.draws import exponential
from sim.office.engine.heap import new_heap, pop, push
from tests.sim.queueing import Waiting, erlang_a, erlang_c

HOUR = 3_600_000
RUNS = 60
CUSTOMERS, WARM_UP = 100_000, 3_000
FALSE_ALARM = 1e-4
ARRIVES, DONE = 0, 1
GAP, SERVICE, PATIENCE = 1, 2, 3

CASES = [
    (2.0, 1.0, 3, None),
    (7.0, 1.0, 10, None),
    (0.6, 1.0, 1, None),
    (3.0, 1.0, 3, 2.0),
    (12.0, 1.0, 10, 0.5),
    (0.9, 1.0, 1, 4.0),
]
FIGURES = sum(2 if patience is None else 3 for *_, patience in CASES)


@compiled
def serve(heap, size, now, customer, seed, mean):
    """A server takes a customer; returns the size of the calendar."""
    length = np.int64(mean * exponential(seed, SERVICE, customer, 0))
    push(heap, size, now + length, customer << 1, DONE, customer, 0)
    return size + 1


@compiled
def waits(heap, arrived, deadline, seed, servers, gap, service, patience, answers):
    """Waiting time in ms of each customer, served first come, first served; negative for one who left after that long."""
    free, waiting, expected, size = servers, 0, 0, 1
    push(heap, 0, 0, 1, ARRIVES, 0, 0)
    while size > 0:
        now, _, kind, customer, _ = pop(heap, size)
        size -= 1
        if kind == ARRIVES:
            arrived[customer] = now
            deadline[customer] = now + np.int64(patience * exponential(seed, PATIENCE, customer, 0))
            expected = customer + 1
            if expected < len(answers):
                following = now + np.int64(gap * exponential(seed, GAP, customer, 0))
                push(heap, size, following, (expected << 1) | 1, ARRIVES, expected, 0)
                size += 1
        else:
            free += 1
        while free > 0 and waiting < expected:
            if deadline[waiting] >= now:
                answers[waiting] = now - arrived[waiting]
                size = serve(heap, size, now, waiting, seed, service)
                free -= 1
            else:
                answers[waiting] = arrived[waiting] - deadline[waiting]
            waiting += 1


def one_run(seed: int, arrival_rate: float, service_rate: float, servers: int, patience: float | None) -> Waiting:
    """The three figures in one run, without its warm-up."""
    answers = np.zeros(CUSTOMERS, np.int64)
    patience_ms = 1e10 * HOUR if patience is None else patience * HOUR
    heap = new_heap(servers + 2)
    waits(
        heap,
        np.zeros_like(answers),
        np.zeros_like(answers),
        seed,
        servers,
        HOUR / arrival_rate,
        HOUR / service_rate,
        patience_ms,
        answers,
    )
    counted = answers[WARM_UP:]
    return Waiting((counted != 0).mean(), np.abs(counted).mean() / HOUR, (counted < 0).mean())


@pytest.mark.statistical
@pytest.mark.parametrize("case", CASES, ids=lambda case: "lambda {} mu {} c {} patience {}".format(*case))
def test_waiting_is_what_erlang_says(case):
    *rates, patience = case
    expected = erlang_c(*rates) if patience is None else erlang_a(*rates, patience)
    found = np.array([one_run(seed, *case) for seed in range(RUNS)])
    quantile = stats.t.isf(FALSE_ALARM / 2 / FIGURES, RUNS - 1)
    for figure, right, runs in zip(Waiting._fields, expected, found.T, strict=True):
        if right > 0.0:
            half_width = quantile * runs.std(ddof=1) / np.sqrt(RUNS)
            assert half_width < 0.04 * right, figure
            assert abs(runs.mean() - right) < half_width, figure
        else:
            assert not runs.any(), figure


def test_the_formulas_give_textbook_values():
    """Gross and others, section 2.3 (an emergency room: 6 an hour, 20 minutes each, 3 doctors), and limits of both formulas."""
    emergency = erlang_c(6.0, 3.0, 3)
    assert emergency.must_wait == pytest.approx(4 / 9)
    assert emergency.mean_wait == pytest.approx(4 / 27)
    patient = erlang_a(6.0, 3.0, 3, 1e9)
    assert patient == pytest.approx(emergency, abs=1e-6)
    hurried = erlang_a(6.0, 3.0, 3, 1e-9)  # whoever would wait leaves: Erlang's loss formula
    assert hurried.abandon == pytest.approx((8 / 6) / (1 + 2 + 2 + 8 / 6), rel=1e-6)
