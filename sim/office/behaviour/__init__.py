"""Parameters of behaviour: each with a unit, a plausible range, a source and a meaning in both languages.

Only primitives stand here: times, capacities, preferences, flows of information. Published effects of management are
targets that the office is compared with; none of them is an input.
"""

from collections.abc import Mapping

import numpy as np

from sim.office.behaviour.base import Parameter
from sim.office.behaviour.deals import DEALS
from sim.office.behaviour.firm import FIRM_SIDE
from sim.office.behaviour.forecasts import FORECASTS
from sim.office.behaviour.leads import LEADS
from sim.office.behaviour.projects import PRODUCTION, PROJECTS
from sim.office.behaviour.recording import RECORDING
from sim.office.behaviour.reps import REPS

PARAMETERS: tuple[Parameter, ...] = (*LEADS, *REPS, *DEALS, *RECORDING, *FIRM_SIDE, *PROJECTS, *PRODUCTION, *FORECASTS)
BY_NAME: dict[str, Parameter] = {parameter.name: parameter for parameter in PARAMETERS}
BEHAVIOUR = np.dtype([(parameter.name, "f8") for parameter in PARAMETERS])


def behaviour(values: Mapping[str, float] | None = None, beyond: Mapping[str, float] | None = None) -> np.recarray:
    """One record of all parameters, shape (1,): central values, replaced by those given; those of `beyond` may lie outside
    their range, to see what an office is without a mechanism.

    Raises KeyError for a name that is no parameter and ValueError for a value of `values` outside the range.
    """
    record = np.zeros(1, BEHAVIOUR).view(np.recarray)
    for parameter in PARAMETERS:
        record[parameter.name] = parameter.central
    for name, value in (values or {}).items():
        parameter = BY_NAME[name]
        if not parameter.low <= value <= parameter.high:
            raise ValueError(f"{name} = {value} is outside {parameter.low} to {parameter.high} {parameter.unit}")
        record[name] = value
    for name, value in (beyond or {}).items():
        record[BY_NAME[name].name] = value
    return record


__all__ = ["BEHAVIOUR", "BY_NAME", "PARAMETERS", "Parameter", "behaviour"]
