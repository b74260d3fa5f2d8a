"""The office switched down to arrivals, one queue and exponential work waits as Erlang's formulas say.

Leads arrive at any hour, queue in the pool and are called once by the first rep who is free; nobody is reached, and every lead
is given up after its call. Each case makes `RUNS` independent runs; the mean wait or the share that leaves fails if it is
outside the two-sided t interval of the runs' means at a false-alarm rate of 1e-3 for the whole file, and the interval must be
narrow enough to notice an error of 5 %.
"""

import numpy as np
import pytest
from scipy import stats

from policies.documents.loader import load_policy
from scenarios.loader import load_scenario
from sim.office.engine.draws import exponential
from sim.office.engine.events import DRAW, HOUR
from sim.office.office import Office
from sim.office.scenario import Scenario, Source
from tests.sim.offices import WEEK
from tests.sim.queueing import erlang_a, erlang_c

RUNS, WEEKS = 40, 12
FALSE_ALARM = 1e-3
SERVICE_HOURS = 1.0 / 3.0
REPS = 3
CASES = [(6.3, None), (10.0, 0.5)]  # arrivals an hour, mean patience in hours
FIGURES = 4
NOT_AT_WORK = dict.fromkeys(
    (
        "arrival_dispersion",
        "absence_rate",
        "quit_rate",
        "reach_spread",
        "search_share",
        "entry_minutes_base",
        "entry_minutes_field",
        "interest_spread",
        "effort_elasticity",
        "temper_weight",
    ),
    0.0,
)
NEVER, AT_ONCE = 1e9, 1e-9
SHORT_BREAK = 0.1  # minutes: an idle rep looks into the pool this often


def queue_scenario(arrivals_an_hour: float) -> Scenario:
    small = load_scenario("small")
    none = Source(share=0.0)
    leads = small.leads.model_copy(
        update={
            "per_week": 168.0 * arrivals_an_hour,
            "season_amplitude": 0.0,
            "website": Source(share=1.0, reach=AT_ONCE, from_hour=0.0, to_hour=24.0, weekend=1.0),
            **dict.fromkeys(("referral", "exhibition", "store", "outbound", "existing"), none),
        }
    )
    return small.model_copy(
        update={
            "calendar": small.calendar.model_copy(update={"always_open": True}),
            "people": small.people.model_copy(update={"reps": REPS, "teams": 1, "regions": 1}),
            "deals": small.deals.model_copy(update={"task_times": "exponential"}),
            "leads": leads,
        }
    )


def queue_office(scenario: Scenario, patience_hours: float | None, seed: int) -> Office:
    policy = load_policy("monthly-private")
    routing = policy.routing.model_copy(update={"method": "pool", "registration": "automatic"})
    office = Office.start(scenario, policy.model_copy(update={"routing": routing}), None, seed)
    behaviour = office.arrays.behaviour[0]
    limits = NOT_AT_WORK | {
        "interest_hours": patience_hours or NEVER,
        "withdrawal_told": 1.0,
        "capture_minutes_automatic": AT_ONCE,
        "minutes_first_touch": 60.0 * SERVICE_HOURS,
        "give_up_share": 1.0,
        "block_minutes": SHORT_BREAK,
        "effort_least": 1.0,
        "effort_most": 1.0,
    }
    for name, value in limits.items():
        behaviour[name] = value
    return office


def one_run(seed: int, scenario: Scenario, patience_hours: float | None) -> tuple[float, float]:
    office = queue_office(scenario, patience_hours, seed)
    start = office.now
    office.run_until(start + WEEKS * WEEK)
    cases = office.arrays.cases[: int(office.arrays.state[0].cases)]
    counted = cases[(cases.arrived_at > start + WEEK) & (cases.arrived_at < office.now - WEEK // 7)]
    assert len(counted) > 5000
    left = counted.withdrawn == 1
    service = np.array([exponential(seed, DRAW.touch_time, key, 1) for key in counted.key.tolist()]) * SERVICE_HOURS
    waited = np.where(left, counted.tau, (counted.first_touch_at - counted.arrived_at) / HOUR - service)
    return waited.mean(), left.mean()


@pytest.mark.statistical
@pytest.mark.parametrize("case", CASES, ids=lambda case: "{} an hour, patience {} h".format(*case))
def test_the_office_waits_as_erlang_says(case):
    arrivals, patience = case
    rates = arrivals, 1.0 / SERVICE_HOURS, REPS
    expected = erlang_c(*rates) if patience is None else erlang_a(*rates, patience)
    scenario = queue_scenario(arrivals)
    found = np.array([one_run(seed, scenario, patience) for seed in range(1, RUNS + 1)])
    quantile = stats.t.isf(FALSE_ALARM / 2 / FIGURES, RUNS - 1)
    for figure, right, runs in zip(("mean wait", "abandon"), expected[1:], found.T, strict=True):
        if right > 0.0:
            half_width = quantile * runs.std(ddof=1) / np.sqrt(RUNS)
            assert half_width < 0.05 * right, figure
            assert abs(runs.mean() - right) < half_width, figure
        else:
            assert not runs.any(), figure
