"""The joint spread of behaviour parameters that calibration leaves: what the published figures rule out together."""

import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.office.behaviour import Parameter

FILE = Path(__file__).parent / "calibrated.yaml"
WIDE = 5.0  # a range whose ends differ by more than this factor is measured in logarithms


class JointSpread(NamedTuple):
    """Parameters whose places in their ranges (0 low end, 1 high end) are jointly normal, cut off at the ends."""

    names: tuple[str, ...]
    places: np.ndarray  # f8[n]
    factor: np.ndarray  # f8[n, n], lower triangular root of the covariance

    def values(self, normals: np.ndarray, parameters: Mapping[str, Parameter]) -> dict[str, float]:
        """Parameter values of one world from n independent standard normal numbers."""
        places = np.clip(self.places + self.factor @ normals, 0.0, 1.0)
        return {name: value_at(parameters[name], place) for name, place in zip(self.names, places.tolist(), strict=True)}


@cache
def joint_spread() -> JointSpread:
    """The calibrated spread that the program ships with."""
    from ruamel.yaml import YAML  # a tenth of a second that a run of one office need not pay

    found = YAML(typ="safe").load(FILE.read_text(encoding="utf-8"))
    return JointSpread(tuple(found["parameters"]), np.array(found["places"]), np.linalg.cholesky(np.array(found["covariance"])))


def _in_logarithms(parameter: Parameter) -> bool:
    return parameter.low > 0.0 and parameter.high / parameter.low > WIDE


def value_at(parameter: Parameter, place: float) -> float:
    """The value at a place of the range, 0 for its low and 1 for its high end."""
    if _in_logarithms(parameter):
        return parameter.low * (parameter.high / parameter.low) ** place
    return parameter.low + (parameter.high - parameter.low) * place


def place_of(parameter: Parameter, value: float) -> float:
    """The inverse of `value_at`."""
    if _in_logarithms(parameter):
        return math.log(value / parameter.low) / math.log(parameter.high / parameter.low)
    return (value - parameter.low) / (parameter.high - parameter.low)
