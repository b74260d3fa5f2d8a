"""Folding instants by the working days of a period: the first days, the last days, and how many there are."""

from typing import NamedTuple

import numpy as np

from scenarios.facts.offices import Run


class Fold(NamedTuple):
    """How many of some events fell on the last and the first working days of their period, and how many there were."""

    last: int
    first: int
    all: int
    even_last: float  # how many would fall on the last days if every working day were alike


def fold(run: Run, instants: np.ndarray, period: str, edge: int, least: int) -> Fold:
    """Fold instants (ms) of the window by `period` ("week", "month", "quarter"), counting `edge` working days at both ends.

    Only whole periods of at least `least` working days count, so that a month cut by holidays does not pass for a usual one;
    instants on free days do not count.
    """
    days = run.office.arrays.days.days
    midnights, kinds = days.midnight[:-1], getattr(days, period)[:-1]
    from_end = np.full(len(midnights), -1)
    from_start = np.full(len(midnights), -1)
    length = np.zeros(len(midnights), int)
    inside = (midnights >= run.since - 86_400_000) & (midnights < run.office.now)
    for kind in np.unique(kinds[inside]):
        whole = kinds == kind
        working = np.flatnonzero(whole & (days.business[:-1] != 0))
        if len(working) < least or not inside[whole].all():
            continue
        from_start[working] = np.arange(len(working))
        from_end[working] = np.arange(len(working))[::-1]
        length[working] = len(working)
    placed = np.searchsorted(midnights, instants, side="right") - 1
    placed = placed[(placed >= 0) & (length[placed] > 0)]
    return Fold(
        int((from_end[placed] < edge).sum()),
        int((from_start[placed] < edge).sum()),
        len(placed),
        float((edge / length[placed]).sum()),
    )
