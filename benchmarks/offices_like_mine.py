"""Random firms of five numbers: does the office found for each show them on draws that the search never saw, and how soon?

A firm is drawn from a number, its office is searched, and the office is run again with other seeds until many deals were won by
many people. Run by itself it prints every firm: `python -m benchmarks.offices_like_mine 200 [first number]`.
"""

import math
import statistics
import sys
import time
from collections.abc import Iterator
from typing import NamedTuple

from benchmarks.measure import Row, Words
from policies.documents.loader import load_policy
from sim.experiment.statistics.keyed import generator
from sim.fit.five_numbers import FiveNumbers, errors
from sim.fit.pilot import Shown, pilot
from sim.fit.search import find_office, first_guess
from sim.fit.unreachable import CannotReach

USUAL_NUMBER = 6
TOLERANCE = 0.1
FRESH_SEED, FRESH_WINS, FRESH_PEOPLE, FRESH_SECONDS = 100_000, 4000, 1600, 90.0
PEOPLE, LEADS, RATES, CYCLES, VALUES = (3, 200), (5, 2000), (0.02, 0.6), (5, 300), (500, 500_000)
NAMES = {
    "met": Words("firms of five numbers whose office meets each within a tenth", "五个数字均在一成以内呈现的企业"),
    "refused": Words("firms refused, with a reason", "说明原因后拒绝的企业"),
    "time": Words("median time of a search", "搜索耗时的中位数"),
}


class Tried(NamedTuple):
    """One firm: what was asked, what fresh runs of the office found for it show, or why there is none."""

    asked: FiveNumbers
    fresh: Shown | None
    reason: str
    seconds: float

    @property
    def met(self) -> bool:
        """Whether fresh runs show every number within the tolerance."""
        return self.fresh is not None and max(abs(math.expm1(off)) for off in _off(self.asked, self.fresh)) <= TOLERANCE


def _off(asked: FiveNumbers, fresh: Shown) -> tuple[float, ...]:
    """Logarithms of fresh over asked: win rate, cycle, value, leads a week."""
    return (*errors(asked, fresh), math.log(fresh.leads_per_week / asked.leads_per_week))


def drawn(number: int) -> FiveNumbers:
    """The firm of that number: each figure log-uniform over the range of ordinary firms."""
    rng = generator("firm of five numbers", number)
    people, leads, rate, cycle, value = (
        math.exp(rng.uniform(math.log(low), math.log(high))) for low, high in (PEOPLE, LEADS, RATES, CYCLES, VALUES)
    )
    return FiveNumbers(round(people), round(leads, 1), round(rate, 3), round(cycle, 1), float(f"{value:.3g}"))


def tried(number: int) -> Tried:
    """Search the office of a firm, and run what was found again with fresh seeds."""
    asked, policy = drawn(number), load_policy("monthly-private")
    start = time.perf_counter()
    try:
        found = find_office(asked, policy)
    except CannotReach as error:
        return Tried(asked, None, error.en, time.perf_counter() - start)
    took = time.perf_counter() - start
    fresh = pilot(
        found.scenario, policy, FRESH_SEED + 1000 * number, wins=FRESH_WINS, people=FRESH_PEOPLE, seconds=FRESH_SECONDS
    )
    return Tried(asked, fresh, "", took)


def told(number: int, firm: Tried) -> str:
    """One line about a firm."""
    asked = "{} people, {:g} leads/week, {:.1%} won in {:g} d at {:,.0f}".format(*firm.asked)
    if firm.fresh is None:
        return f"{number}: {firm.seconds:.1f} s, {asked}: REFUSED {firm.reason}"
    off = " ".join(f"{math.expm1(each):+.1%}" for each in _off(firm.asked, firm.fresh))
    crowded = f"{firm.fresh.untouched:.0%} never contacted"
    word = "met" if firm.met else "MISSED"
    return f"{number}: {firm.seconds:.1f} s, {asked}: {word} {off}; {crowded}, {firm.fresh.wins:.0f} wins"


def offices_like_mine(lang: str = "en") -> Iterator[Row]:
    """Some of the firms, as figures."""
    load_compiled()
    firms = [tried(number) for number in range(USUAL_NUMBER)]
    met = sum(firm.met for firm in firms)
    refused = sum(firm.fresh is None for firm in firms)
    middle = statistics.median(firm.seconds for firm in firms)
    yield Row(getattr(NAMES["met"], lang), met, "", f"{len(firms)}", met / len(firms))
    yield Row(getattr(NAMES["refused"], lang), refused, "", f"{len(firms)}", refused / len(firms))
    yield Row(getattr(NAMES["time"], lang), middle, "s", "15 s", middle / 15.0)


def load_compiled() -> None:
    """Compile, or load what is compiled, so that the first firm's time is its own."""
    office = first_guess(FiveNumbers(3, 10.0, 0.2, 30.0, 10_000.0), "first")
    pilot(office, load_policy("monthly-private"), 1, wins=1, people=1, seconds=0.1)


def main(count: int, first: int = 0) -> None:
    """Print every firm, and at the end how many are met and how long a search takes."""
    firms = []
    load_compiled()
    for number in range(first, first + count):
        firms.append(tried(number))
        print(told(number, firms[-1]), flush=True)
    middle, most = statistics.median(firm.seconds for firm in firms), max(firm.seconds for firm in firms)
    met, refused = sum(firm.met for firm in firms), sum(firm.fresh is None for firm in firms)
    print(f"{met} of {count} met, {count - met - refused} missed, {refused} refused")
    print(f"a search takes {middle:.1f} s in the middle, {most:.1f} s at most")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
