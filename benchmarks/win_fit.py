"""How long the win model takes to learn from the whole history of a large firm: 20,000 opportunities in two years."""

import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from benchmarks.known_firms import BEGIN, Firm, records
from benchmarks.measure import Row, Words
from coach.winning.history import DAY
from coach.winning.looks import look_back
from coach.winning.model import fit_win_model
from sim.experiment.statistics.keyed import generator

Made = TypeVar("Made")
CASES, DAYS = 20_000, 730
SECONDS_TO_REACH = 8.0
NAMES = {
    "looks": Words("looking back at {cases:,} opportunities", "回看 {cases:,} 个商机"),
    "fit": Words("win model of {cases:,} opportunities, its own trial included", "{cases:,} 个商机的赢单模型，含自我检验"),
}


def win_fit(lang: str) -> list[Row]:
    """Seconds of one core for the looks and for the fit, against the figure to reach."""
    firm = Firm("steady", CASES, DAYS, 45.0, 0.2, np.ones(DAYS), 0.05)
    known = records(firm, generator("win fit"))
    past, looking = _timed(lambda: look_back(known, BEGIN + DAYS * DAY, set()))
    _, fitting = _timed(lambda: fit_win_model(past))
    against = f"{SECONDS_TO_REACH:g} s (<= 1)"
    return [
        Row(getattr(NAMES[name], lang).format(cases=CASES), took, "s", against, took / SECONDS_TO_REACH)
        for name, took in (("looks", looking), ("fit", fitting))
    ]


def _timed(work: Callable[[], Made]) -> tuple[Made, float]:
    """What it makes, and processor seconds."""
    start = time.process_time()
    made = work()
    return made, time.process_time() - start
