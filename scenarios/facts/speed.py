"""Facts on first contact: how fast interest runs down, and at which attempt leads are reached."""

from collections.abc import Mapping

import numpy as np

from scenarios.facts.fact import Fact, Figure, Words, mean, share
from scenarios.facts.mechanisms import INTEREST, REACH
from scenarios.facts.offices import Run, arms
from sim.office.engine.draws import uniform
from sim.office.engine.events import DRAW, HOUR

WEBSITE = 0
MARKET_SOURCES = 4  # website, referral, exhibition, store
DELAYS = ((0.0, 1.0), (1.0, 24.0), (24.0, np.inf))
RANGES = ((0.27, 0.45), (0.06, 0.13), (0.03, 0.07))
PERSISTENT = {
    "prospect_worth": 0.5,
    "fruitless_discount": 0.1,
    "lead_life_days": 60.0,
    "perceived_freshness_hours": 400.0,
    "give_up_share": 0.04,
    "attempt_gap_hours": 4.0,
}
FOLLOWED_WEEKS = 6
AT_ATTEMPT = {1: 0.50, 3: 0.87, 6: 0.95}


def reached(run: Run, cases: np.recarray, attempts: np.ndarray) -> np.ndarray:
    """Whether each lead was reached at that attempt."""
    seed = run.office.seed
    draws = [
        uniform(seed, DRAW.reach, key, attempt) for key, attempt in zip(cases.key.tolist(), attempts.tolist(), strict=True)
    ]
    return np.array(draws) < cases.reach


def _engaged(run: Run) -> np.ndarray:
    """Of leads from the website, by delay of the first attempt: how many were engaged, and how many there were."""
    cases = run.cases
    cases = cases[(cases.arrived_at > run.since) & (cases.first_touch_at > 0) & (cases.source == WEBSITE)]
    hours = (cases.first_touch_at - cases.arrived_at) / HOUR
    engaged = reached(run, cases, np.ones(len(cases), int)) & (hours < cases.tau)
    inside = [(hours > low) & (hours <= high) for low, high in DELAYS]
    return np.array([[engaged[part].sum(), part.sum()] for part in inside])


def speed(offices: int, off: Mapping[str, float]) -> list[Figure]:
    """Share engaged at the first attempt by its delay, over firms that route at once, in turn and by hand."""
    found = arms("default", ("monthly-private", "fast-routing", "manual-routing"), offices, 13, off, _engaged)
    by_office = np.sum(found, axis=0)
    names = (("under 1 h", "1 小时内"), ("1 to 24 h", "1–24 小时"), ("over 24 h", "24 小时以上"))
    return [
        Figure(
            Words(f"engaged, first call {en}", f"首次联系在{zh}的接通意向率"),
            "share",
            share(*by_office[:, place].T),
            *RANGES[place],
        )
        for place, (en, zh) in enumerate(names)
    ]


def _by_attempt(run: Run) -> tuple[np.ndarray, float]:
    cases = run.cases
    followed = (cases.arrived_at > run.since) & (cases.arrived_at < run.office.now - FOLLOWED_WEEKS * 7 * 24 * HOUR)
    cases = cases[followed & (cases.attempts > 0) & (cases.source < MARKET_SOURCES)]
    won = reached(run, cases, cases.attempts)
    return np.bincount(cases.attempts[won].astype(int), minlength=200)[:200], float(cases.attempts.mean())


def attempts(offices: int, off: Mapping[str, float]) -> list[Figure]:
    """Leads reached by attempt, where reps go on trying."""
    (found,) = arms("default", ("monthly-private",), offices, 26, off, _by_attempt, world=PERSISTENT)
    counts = np.array([counted for counted, _ in found])
    figures = [
        Figure(
            Words(f"of those reached, reached by attempt {attempt}", f"接通者中前 {attempt} 次即接通的比例"),
            "share",
            share(counts[:, : attempt + 1].sum(axis=1), counts.sum(axis=1)),
            right - 0.08,
            right + 0.08,
        )
        for attempt, right in AT_ATTEMPT.items()
    ]
    made = Figure(
        Words("attempts made a lead (an input)", "每条线索的联系次数（输入）"),
        "ratio",
        mean([m for _, m in found]),
        reported=True,
    )
    return [*figures, made]


SPEED = Fact(
    1,
    Words("Interest runs down with the hours before the first call", "首次联系越晚，意向越低"),
    "Telfer/VanillaSoft, 2.5 million web leads: 38 / 8 / 5 %",
    "fitted",
    Words("default; in turn, at once, by hand", "default；轮流、即时、人工分配"),
    (INTEREST, REACH),
    (12, 24),
    speed,
)
ATTEMPTS = Fact(
    2,
    Words("Half of those reached are reached at the first attempt", "接通者有一半在首次尝试时接通"),
    "UCI bank marketing and BPI Challenge 2012: 50 / 87 / 95 % by attempt 1 / 3 / 6 (± 8 points) at 3.6 attempts",
    "fitted",
    Words("default, reps who go on trying; monthly-private", "default，坚持跟进；monthly-private"),
    (REACH, INTEREST),
    (4, 8),
    attempts,
)
