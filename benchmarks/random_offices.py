"""Random offices under library policies: do the invariants of the journal hold, whatever the firm?

An office, its calendar, its people's behaviour and a library policy are drawn from a number, the office is run for some weeks,
and its journal is held against what must be true of any journal (`journal_invariants`). Run by itself it prints the numbers
that fail: `python -m benchmarks.random_offices 500 [first number]`.
"""

import math
import sys
from datetime import date, timedelta
from typing import NamedTuple, get_args

import numpy as np
from pydantic import BaseModel

from benchmarks.journal_invariants import INVARIANTS, Ran
from benchmarks.measure import Row, Words, seconds
from policies.documents.loader import library_names, load_policy
from policies.language.policy import Policy
from policies.time.calendar import Calendar
from scenarios.loader import load_scenario
from sim.experiment.running.pairs import measured
from sim.experiment.running.window import span
from sim.experiment.statistics.keyed import generator
from sim.office.office import Office
from sim.office.scenario import Customers, Deals, Desks, Leads, People, Scenario, Source

USUAL_NUMBER = 40
NAMES = {
    "offices": Words("random offices whose journals hold", "日志不变式成立的随机团队"),
    "each": Words("of which each takes", "其中每个耗时"),
}
INSIDE = 1e-9
WIDE = 30.0  # a number without bounds is drawn between its usual value divided and multiplied by this
MOST: dict[str, float] = {"reps": 40, "per_rep": 20, "staff": 60}
LEADS_PER_REP = (0.5, 25.0)  # a week
ZONES = (
    Calendar(),
    Calendar(always_open=True),
    Calendar(country="US", zone="America/New_York", hours=(("08:00", "17:00"),)),
    Calendar(country="DE", zone="Europe/Berlin", weekend=("sunday",), fiscal_year_start_month=4),
    Calendar(country="AU", zone="Australia/Lord_Howe", hours=(("00:00", "24:00"),)),
)


class Drawn(NamedTuple):
    """One case of the search."""

    number: int
    scenario: Scenario
    policy: Policy
    weeks: int


def drawn(number: int) -> Drawn:
    """The office and the policy of that number."""
    rng = generator("random office", number)
    people = _part(rng, People)
    people["teams"] = int(rng.integers(1, min(people["reps"], 8) + 1))
    people["regions"] = int(rng.integers(1, people["teams"] + 1))
    leads = _part(rng, Leads, skip=Source)
    leads["per_week"] = people["reps"] * _log_uniform(rng, *LEADS_PER_REP)
    for name, field in Leads.model_fields.items():
        if isinstance(field.default, Source):
            source = _part(rng, Source)
            source["from_hour"], source["to_hour"] = sorted((source["from_hour"], source["to_hour"]))
            leads[name] = source
    small = load_scenario("small")
    document = small.model_dump() | {
        "name": f"random-{number}",
        "calendar": ZONES[rng.integers(len(ZONES))].model_dump(),
        "policy_date": date(2023, 1, 2) + timedelta(days=int(rng.integers(0, 3 * 365))),
        "warmup_weeks": int(rng.integers(0, 6)),
        "runoff_weeks": int(rng.integers(0, 4)),
        "people": people,
        "leads": leads,
        "deals": _part(rng, Deals),
        "customers": _part(rng, Customers),
        "desks": _part(rng, Desks),
        "behaviour": {each.name: _behaviour(rng, each) for each in small.parameters},
    }
    names = library_names()
    policy = load_policy(names[int(rng.integers(len(names)))])
    return Drawn(number, Scenario.model_validate(document), policy, int(rng.integers(1, 7)))


def _log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    return float(math.exp(rng.uniform(math.log(low), math.log(high))))


def _part(rng: np.random.Generator, part: type[BaseModel], skip: type | None = None) -> dict:
    """Every number of a part of a scenario, drawn within its bounds; texts and choices as likely as each other."""
    found: dict[str, str | float | list[dict[str, float]]] = {}
    for name, field in part.model_fields.items():
        if skip is not None and isinstance(field.default, skip):
            continue
        if isinstance(field.default, tuple):
            found[name] = _curve(rng)
            continue
        if isinstance(field.default, bool):
            found[name] = bool(rng.random() < 0.5)
            continue
        if isinstance(field.default, str):
            found[name] = str(rng.choice(get_args(field.annotation)))
            continue
        low, high = _bounds(field, MOST.get(name, MOST["staff"] if part is People and field.annotation is int else math.inf))
        value = _number(rng, float(field.default), low, high)
        found[name] = round(value) if field.annotation is int else value
    return found


def _curve(rng: np.random.Generator) -> list[dict[str, float]]:
    """No points, or some that rise, from hours to years and up to a share that may leave few or many out."""
    number = int(rng.integers(0, 9)) * int(rng.random() < 0.5)
    days = np.cumsum(np.exp(rng.uniform(-3.0, 5.0, number)))
    shares = np.cumsum(rng.uniform(0.01, 1.0, number))
    reached = shares / max(1.0, shares[-1]) * rng.uniform(0.05, 0.999) if number else shares
    return [{"days": float(day), "share": float(share)} for day, share in zip(days, reached, strict=True)]


def _number(rng: np.random.Generator, usual: float, low: float, high: float) -> float:
    """As likely anywhere within the bounds as near what is usual, where there is such a thing."""
    if usual > 0.0 and (math.isinf(high) or rng.random() < 0.5):
        return _log_uniform(rng, max(low, usual / WIDE), min(high, usual * WIDE))
    return float(rng.uniform(low, high)) if math.isfinite(high) else 0.0


def _bounds(field, most: float) -> tuple[float, float]:
    """Lowest and highest value of a field, a little inside where the end itself is not allowed."""
    lows = [
        bound.ge if hasattr(bound, "ge") else bound.gt + INSIDE for bound in field.metadata if {"ge", "gt"} & set(dir(bound))
    ]
    highs = [
        bound.le if hasattr(bound, "le") else bound.lt - INSIDE for bound in field.metadata if {"le", "lt"} & set(dir(bound))
    ]
    return max(lows, default=0.0), min([most, *highs])


def _behaviour(rng: np.random.Generator, parameter) -> float:
    """An end of the range, its middle, or somewhere within."""
    within = float(rng.uniform(parameter.low, parameter.high))
    return (parameter.low, parameter.high, parameter.central, within)[rng.integers(4)]


def run(case: Drawn) -> Ran:
    """Run an office through warm-up, window and run-off."""
    window = span(case.scenario, case.policy, case.policy, case.weeks)
    office = Office.start(case.scenario, case.policy, None, case.number, journal=True)
    office.run_until(window.start)
    measured(office, window)
    return Ran(office, window, np.asarray(office.arrays.journal[: int(office.arrays.state[0].journal)]))


def failures(number: int) -> list[str]:
    """What does not hold in the office of that number; a crash is told as such."""
    case = drawn(number)
    try:
        ran = run(case)
    except Exception as problem:  # noqa: BLE001 -- whatever goes wrong is what is looked for
        return [f"{case.policy.name}: {type(problem).__name__}: {problem}"]
    found = []
    for holds in INVARIANTS:
        try:
            found += [f"{case.policy.name}: {holds.__name__}: {each}" for each in holds(ran)]
        except Exception as problem:  # noqa: BLE001
            found.append(f"{case.policy.name}: {holds.__name__}: {type(problem).__name__}: {str(problem)[:300]}")
    return found


def random_offices(lang: str) -> list[Row]:
    """How many of some random offices hold, against all of them, and the seconds that one takes."""
    failed: list[int] = []

    def search() -> None:
        failed.extend(number for number in range(USUAL_NUMBER) if failures(number))

    taken = seconds(search)
    if failed:
        print(f"random offices that fail: {failed}", file=sys.stderr)
    held = USUAL_NUMBER - len(failed)
    return [
        Row(getattr(NAMES["offices"], lang), held, "", f"{USUAL_NUMBER} (= 1)", held / USUAL_NUMBER),
        Row(getattr(NAMES["each"], lang), taken / USUAL_NUMBER, "s", "1 s", taken / USUAL_NUMBER),
    ]


if __name__ == "__main__":
    count, first = (int(word) for word in [*sys.argv[1:], "0"][:2])
    bad = []
    for done, each in enumerate(range(first, first + count), 1):
        if problems := failures(each):
            bad.append(each)
            print(f"{each}: " + f"\n{each}: ".join(problems), flush=True)
        if done % 50 == 0 or done == count:
            print(f"{done - len(bad)} of {done} hold; failing: {bad}", flush=True)
