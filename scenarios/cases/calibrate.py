"""Calibration of the cases: `python -m scenarios.cases.calibrate C4 [C5 …]`.

What a case may move is moved until the figures told for *before* come out, by least squares of their relative errors; the
values go into `fitted.yaml`, and the figures are told on fresh seeds.
"""

import sys

import numpy as np
from ruamel.yaml import YAML
from scipy.optimize import least_squares

from scenarios.cases.case import FITTED, Case, Moved, fitted, load_case
from scenarios.cases.rehearsal import before, levels
from sim.office.behaviour import BY_NAME

REPS_FITTED_ON, REPS_JUDGED_ON = 800, 1600  # in how many offices: figures of small firms scatter more
FRESH = 1000
STEP = 0.08  # of a range, for slopes
ROUNDS = 4


def _logarithmic(moved: Moved) -> bool:
    return moved.low > 0 and moved.high / moved.low > 5


def value_at(moved: Moved, place: float) -> float:
    """The value at a place of the range, 0 to 1; wide ranges are measured in logarithms."""
    if _logarithmic(moved):
        return float(moved.low * (moved.high / moved.low) ** place)
    return float(moved.low + (moved.high - moved.low) * place)


def place_of(moved: Moved, value: float) -> float:
    """The inverse of `value_at`."""
    if _logarithmic(moved):
        return float(np.log(value / moved.low) / np.log(moved.high / moved.low))
    return (value - moved.low) / (moved.high - moved.low)


def _seeds(case: Case, reps: int, first: int) -> range:
    offices = max(4, reps // case.office({}).people.reps)
    return range(first, first + offices)


def judging_seeds(case: Case) -> range:
    """Seeds that calibration never saw."""
    return _seeds(case, REPS_JUDGED_ON, FRESH)


def errors(case: Case, values: dict[str, float], *, fresh: bool = False) -> dict[str, float]:
    """Relative error of each figure that has a *before*, by name in English."""
    seeds = judging_seeds(case) if fresh else _seeds(case, REPS_FITTED_ON, 1)
    found = levels(before(case, values, seeds))
    return {
        figure.name.en: float(level / figure.before - 1.0)
        for figure, level in zip(case.simulated, found, strict=True)
        if figure.before is not None
    }


def _usual(case: Case, moved: Moved) -> float:
    """Where the search starts: a parameter's centre, what the case assumes, or the middle of the range."""
    if moved.name in BY_NAME:
        return BY_NAME[moved.name].central
    section, _, field = moved.name.partition(".")
    return case.scenario.get(section, {}).get(field, value_at(moved, 0.5))


def calibrate(case: Case) -> dict[str, float]:
    """Values of what is moved, rounded to three digits."""

    def residuals(places: np.ndarray) -> np.ndarray:
        values = {moved.name: value_at(moved, place) for moved, place in zip(case.moved, places, strict=True)}
        found = np.array(list(errors(case, values).values()))
        told = " ".join(f"{name}={value:.3g}" for name, value in values.items())
        print(f"{case.id} {told} -> {np.round(100 * found, 1)} %", file=sys.stderr, flush=True)
        return np.clip(np.nan_to_num(found, nan=5.0), -5.0, 5.0)

    start = [place_of(each, case.values.get(each.name, _usual(case, each))) for each in case.moved]
    fit = least_squares(
        residuals, np.clip(start, 0.02, 0.98), bounds=(0.0, 1.0), diff_step=STEP, max_nfev=ROUNDS, xtol=1e-3, ftol=1e-3
    )
    return {each.name: float(f"{value_at(each, place):.3g}") for each, place in zip(case.moved, fit.x, strict=True)}


def keep(case_id: str, values: dict[str, float]) -> None:
    """Write down what a case was calibrated to, beside the others."""
    yaml = YAML(typ="safe")
    yaml.default_flow_style = False
    document = {**fitted(), case_id: values}
    with FITTED.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write("# Written by python -m scenarios.cases.calibrate\n")
        yaml.dump(document, stream)


def main(ids: list[str]) -> None:
    """Calibrate the cases of these ids."""
    for case_id in ids:
        case = load_case(case_id)
        values = calibrate(case) if case.moved else {}
        keep(case_id, values)
        for name, error in errors(case, values, fresh=True).items():
            print(f"{case_id} {name}: {100 * error:+.1f} %")


if __name__ == "__main__":
    main(sys.argv[1:])
