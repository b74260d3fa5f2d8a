"""The open pipeline of a firm, as its record tells it: what an office that starts from today holds instead of its own."""

from typing import NamedTuple

import numpy as np

from sim.office.cases.phases import PHASES

STEP_DAYS = 7.0
OPEN_DEAL = np.dtype([("seat", "i8"), ("opened_at", "i8"), ("touched_at", "i8"), ("phase", "i8"), ("value", "f8")])


class Pipeline(NamedTuple):
    """Opportunities open at the instant at which the policies part.

    `deals`: OPEN_DEAL[n]; instants in ms, `phase` of the work from 1, `value` in money, NaN where the record has none.
    `own`, `leaving`: f8[n, steps + 1], the share of futures in which the customer would have bought, or gone, by that instant
    and by the end of each step of `STEP_DAYS` after it, each as if the other did not happen. `sold`: f8[seats], money that
    each seat has sold in the running period of its targets.
    """

    deals: np.recarray
    own: np.ndarray
    leaving: np.ndarray
    sold: np.ndarray


def no_pipeline(seats: int) -> Pipeline:
    """What an office has that goes on with what its warm-up left open."""
    return Pipeline(open_deals(0), np.zeros((0, 2)), np.zeros((0, 2)), np.zeros(seats))


def open_deals(number: int) -> np.recarray:
    """So many deals of which nothing is known yet."""
    deals = np.zeros(number, OPEN_DEAL).view(np.recarray)
    deals.phase = 1
    deals.value = np.nan
    return deals


def check(pipeline: Pipeline, seats: int, at: int) -> None:
    """ValueError for what cannot stand at the instant `at` (ms) in an office of so many seats."""
    deals = pipeline.deals
    faults = {
        "seats": (deals.seat < 0) | (deals.seat >= seats),
        "instants": (deals.opened_at > at) | (deals.touched_at > at) | (deals.touched_at < deals.opened_at),
        "phases": (deals.phase < 1) | (deals.phase > PHASES),
        "values": deals.value <= 0,
    }
    for name, wrong in faults.items():
        if wrong.any():
            raise ValueError(f"{name} of deals {np.flatnonzero(wrong)[:5].tolist()} are out of bounds")
    for name in ("own", "leaving"):
        curves = getattr(pipeline, name)
        if len(curves) != len(deals) or (np.diff(curves, axis=1) < 0).any() or ((curves < 0) | (curves > 1)).any():
            raise ValueError(f"{name} must rise between 0 and 1, a row a deal")
    if len(pipeline.sold) != seats:
        raise ValueError("sold needs a number for each seat")
