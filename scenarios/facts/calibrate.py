"""Calibration by simulated moments: `python -m scenarios.facts.calibrate FILE`.

Seven free parameters are moved, each inside its range, until the figures of facts 1 to 4 lie as near as they can to the middle
of their targets (Gourieroux and Monfort, "Simulation-Based Econometric Methods", 1996, chapter 2); a target's range counts as
four standard deviations. What the figures leave open stays open: the covariance of the parameters, from the slopes at the
optimum and the width of each range, is written down beside the centre, and worlds are drawn from it.
"""

import math
import sys
from pathlib import Path

import numpy as np
from ruamel.yaml import YAML
from scipy.optimize import least_squares

from scenarios.facts.deadline import follows, hump
from scenarios.facts.fact import Figure
from scenarios.facts.speed import attempts, speed
from sim.experiment.running.calibrated import place_of, value_at
from sim.office.behaviour import BY_NAME

FREE = (
    "interest_hours",
    "interest_spread",
    "reach_spread",
    "early_ask_cost",
    "patience_month",
    "chance_kept",
    "cycle_spread",
)
OFFICES = 4
ROUNDS = 6
STEP = 0.15  # of a place, for slopes
MARGIN = 0.03  # of a range, that the optimum keeps from its ends
UNIFORM = 1.0 / math.sqrt(12.0)  # standard deviation of a place that nothing is known of
ONE_SIDED = 0.1  # width that counts as two standard deviations where a target has one end


def figures(values: dict[str, float], offices: int = OFFICES) -> list[Figure]:
    """The fitted figures at these parameter values."""
    return [
        figure for measured in (speed, attempts, hump, follows) for figure in measured(offices, values) if not figure.reported
    ]


def deviation(figure: Figure) -> float:
    """How many standard deviations a figure lies from the middle of its target; with one end, from that end if beyond it."""
    if math.isfinite(figure.least) and math.isfinite(figure.most):
        return (figure.found.value - (figure.least + figure.most) / 2.0) / ((figure.most - figure.least) / 4.0)
    short = figure.least - figure.found.value if math.isfinite(figure.least) else figure.found.value - figure.most
    return max(0.0, short) / (ONE_SIDED / 2.0)


def residuals(places: np.ndarray) -> np.ndarray:
    """Deviations at f8[free] places in the parameters' ranges, 0 at their low and 1 at their high ends."""
    values = {name: value_at(BY_NAME[name], place) for name, place in zip(FREE, places, strict=True)}
    found = [deviation(figure) for figure in figures(values)]
    print(" ".join(f"{place:.3f}" for place in places), f"-> {np.square(found).sum():.2f}", file=sys.stderr, flush=True)
    return np.array(found)


def calibrate() -> dict:
    """Centre and covariance of the free parameters, as places in their ranges, and what the figures were."""
    start = np.array([place_of(BY_NAME[name], BY_NAME[name].central) for name in FREE])
    start = np.clip(start, 2.0 * MARGIN, 1.0 - 2.0 * MARGIN)
    fit = least_squares(
        residuals, start, bounds=(MARGIN, 1.0 - MARGIN), diff_step=STEP, x_scale=1.0, max_nfev=ROUNDS, method="trf"
    )
    covariance = np.linalg.inv(fit.jac.T @ fit.jac + np.eye(len(FREE)) / UNIFORM**2)
    centre = {name: float(f"{value_at(BY_NAME[name], place):.4g}") for name, place in zip(FREE, fit.x, strict=True)}
    return {
        "parameters": list(FREE),
        "centre": centre,
        "places": [round(float(place), 4) for place in fit.x],
        "covariance": [[round(float(entry), 6) for entry in row] for row in covariance],
    }


def main(path: str) -> None:
    """Calibrate and write the result as YAML."""
    found = calibrate()
    with Path(path).open("w", encoding="utf-8") as file:
        file.write("# Joint spread of the calibrated parameters, written by `python -m scenarios.facts.calibrate`\n")
        YAML().dump(found, file)


if __name__ == "__main__":
    main(sys.argv[1])
