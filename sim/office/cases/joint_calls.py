"""Deals that managers join because much is forecast of them: what a high forecast earns its rep before the deal is decided."""

import math

from policies.jit.compiled import compiled_part
from policies.record.records import OPPORTUNITY
from sim.office.cases.phases import PHASES
from sim.office.engine.events import STATE, TASK
from sim.office.people.managers import add_task

NOBODY = -1


@compiled_part
def choose_joint_calls(o):
    """Each team's manager takes on the open deals of the team of which the record forecasts most: amount times the usual
    chance at the recorded stage."""
    number = int(o.firm[0].joint_calls_week)
    for manager in range(len(o.managers) - 1):
        for _ in range(number):
            case = _largest(o, manager)
            if case < 0:
                break
            c = o.cases[case]
            c.chosen_on = o.state[0].day_index
            o.managers[manager].least_joined = forecast_of(o, case)
            add_task(o, manager, TASK.joint, c.row, case, c.owner, -1, o.state[0].now, 0.0)


@compiled_part
def _largest(o, manager):
    best = NOBODY
    most = 0.0
    for seat in range(len(o.seats)):
        r = o.seats[seat]
        if r.team != o.managers[manager].team:
            continue
        case = r.first_case
        while case >= 0:
            c = o.cases[case]
            waits = c.manager_joins != 0 or c.chosen_on == o.state[0].day_index
            if c.state == STATE.open and not waits and forecast_of(o, case) > most:
                best = case
                most = forecast_of(o, case)
            case = o.work[case].next
    return best


@compiled_part
def forecast_of(o, case):
    """What the record forecasts of a deal; 0 without an amount."""
    c = o.cases[case]
    amount = o.book.values[c.row, OPPORTUNITY.amount]
    return 0.0 if math.isnan(amount) else amount * chance_at(o, c.recorded_phase)


@compiled_part
def chance_at(o, phase):
    """Chance that is usual for deals in a phase of the work."""
    return math.pow(o.firm[0].chance_stage, float(PHASES - phase + 1))


@compiled_part
def join(o, manager, case):
    """The manager has prepared the deal, and joins its next conversation."""
    if o.cases[case].state == STATE.open:
        o.cases[case].manager_joins = manager + 1
