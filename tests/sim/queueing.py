"""Published results for queues with c servers, by which the calendar and the draws are tested."""

import math
from typing import NamedTuple


class Waiting(NamedTuple):
    """Long-run shares of customers and their mean waiting time, in the unit of the rates' inverse."""

    must_wait: float
    mean_wait: float
    abandon: float


def erlang_c(arrival_rate: float, service_rate: float, servers: int) -> Waiting:
    """M/M/c without impatience: Erlang's delay formula (Gross, Shortle, Thompson and Harris, Fundamentals of Queueing
    Theory, 4th edition, equations 2.32 to 2.36). The load must be below 1."""
    load = arrival_rate / service_rate
    blocked = 1.0
    for k in range(1, servers + 1):  # Erlang B by its recursion
        blocked = load * blocked / (k + load * blocked)
    utilisation = load / servers
    must_wait = blocked / (1.0 - utilisation * (1.0 - blocked))
    return Waiting(must_wait, must_wait / (servers * service_rate - arrival_rate), 0.0)


def erlang_a(arrival_rate: float, service_rate: float, servers: int, patience: float) -> Waiting:
    """M/M/c+M, exponential patience with this mean: the birth and death process of Palm (Garnett, Mandelbaum and Reiman,
    "Designing a call center with impatient customers", Manufacturing & Service Operations Management 4, 2002, section 2).
    """
    weights = [1.0]
    while len(weights) <= servers or weights[-1] > 1e-18 * math.fsum(weights):
        present = len(weights)
        leaving = min(present, servers) * service_rate + max(present - servers, 0) / patience
        weights.append(weights[-1] * arrival_rate / leaving)
    total = math.fsum(weights)
    must_wait = math.fsum(weights[servers:]) / total
    waiting = math.fsum((n - servers) * weight for n, weight in enumerate(weights) if n > servers) / total
    # Little's law gives the mean over everybody, served or not; each of those waiting leaves at rate 1 / patience.
    return Waiting(must_wait, waiting / arrival_rate, waiting / patience / arrival_rate)
