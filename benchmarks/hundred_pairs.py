"""A hundred pairs of the default office in a process of its own: wall seconds and peak memory, as one JSON object."""

import json
import sys
import time

from policies.documents.loader import load_policy
from scenarios.loader import load_scenario
from sim.experiment.running.executors import run, threads
from sim.experiment.running.pairs import OfficePairs
from sim.experiment.running.window import span

PAIRS = 100
WEEKS = 26
REPLICATIONS = 4


def pairs_of_the_main_job(seed: int = 1) -> OfficePairs:
    """Today's rule against weekly public targets, 50 reps, 26 weeks."""
    a, b, scenario = load_policy("monthly-private"), load_policy("weekly-public"), load_scenario("default")
    return OfficePairs(a, b, scenario, span(scenario, a, b, WEEKS), seed, REPLICATIONS)


def run_pairs(pairs: OfficePairs, count: int, workers: int) -> float:
    """Wall seconds for pairs 0 to `count` - 1 on so many threads."""
    start = time.perf_counter()
    with threads(workers) as pool:
        for _ in run(pool, pairs, range(count), lambda: False):
            pass
    return time.perf_counter() - start


def peak_megabytes() -> float | None:
    """Peak resident memory of this process; None where the system does not say (Windows)."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def main() -> None:
    """Warm up with one pair, run the hundred on two threads, print."""
    pairs = pairs_of_the_main_job()
    pairs(0)
    elapsed = run_pairs(pairs, PAIRS, 2)
    print(json.dumps({"seconds": elapsed, "megabytes": peak_megabytes()}))


if __name__ == "__main__":
    main()
