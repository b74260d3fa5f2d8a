"""What a manager sees on a Monday: the quarter so far, the pipeline as it is recorded, and each rep."""

from typing import NamedTuple

import numpy as np

from sim.office.counting.outcomes import MEASURE_NAMES, outcomes_of
from sim.office.engine.build import unit_names
from sim.office.engine.events import ACTIVITIES, HOUR, STATE
from sim.office.office import Office

_COUNTED = ("gross_margin", "revenue", "wins", "alerts", "alerts_acted", "quits")
_STANDING = {
    "open_deals": "open_at_end",
    "open_value": "open_value_at_end",
    "idle_deals": "stalled_at_end",
    "frozen_deals": "frozen_at_end",
}


class Rep(NamedTuple):
    """One rep in the running period."""

    name: str
    team: int  # from 1
    attained: float  # money in the running period
    target: float  # money; 0 without a target
    open_deals: int
    coached_hours: float  # since the quarter began
    vacant: bool


class Figures(NamedTuple):
    """The quarter so far, and the pipeline now."""

    gross_margin: float  # money
    revenue: float  # money
    wins: int
    alerts: int
    alerts_acted: int
    quits: int
    open_deals: int
    open_value: float  # money, as recorded
    idle_deals: int  # no action recorded for 15 days
    frozen_deals: int
    reps: tuple[Rep, ...]


def figures(office: Office) -> Figures:
    """The figures of an office at this instant; counted ones since `mark`."""
    totals = dict(zip(MEASURE_NAMES, outcomes_of(office).totals[0].tolist(), strict=True))
    counted = {name: totals[name] for name in _COUNTED} | {name: totals[measure] for name, measure in _STANDING.items()}
    money = ("gross_margin", "revenue", "open_value")
    return Figures(**{name: value if name in money else round(value) for name, value in counted.items()}, reps=_reps(office))


def _reps(office: Office) -> tuple[Rep, ...]:
    o = office.arrays
    cases = o.cases[: int(o.state[0].cases)]
    held = cases["owner"][(cases["state"] == STATE.open) & (cases["owner"] >= 0)].astype(int)
    open_deals = np.bincount(held, minlength=len(o.seats))
    coached = o.hours[:, ACTIVITIES.index("training")] / HOUR
    names = unit_names(office.scenario)
    return tuple(
        Rep(
            names[number],
            int(seat.team) + 1,
            float(seat.attained),
            float(seat.target),
            int(open_deals[number]),
            float(coached[number]),
            bool(seat.vacant),
        )
        for number, seat in enumerate(o.seats)
    )
