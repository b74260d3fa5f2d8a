"""How long opportunities live, and how they end: the same arrays and estimates for a firm's record and for an office."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from sim.office.engine.events import DAY, STATE
from sim.office.office import Office

OPEN, WON, LOST = 0, 1, 2
GOLDEN = 0.6180339887498949  # multiples of it spread evenly over a circle
_ENDS = {STATE.won: WON, STATE.lost: LOST, STATE.no_decision: LOST}


class Lives(NamedTuple):
    """Opportunities, one entry each: day of the opening (from any origin), days from there to the end or to the end of the
    record, and how it ended by then (`OPEN`, `WON`, `LOST`)."""

    opened: np.ndarray
    days: np.ndarray
    ended: np.ndarray

    def part(self, of: np.ndarray) -> "Lives":
        """Some of them: a mask or numbers."""
        return Lives(*(each[of] for each in self))


def lives_in(office: Office, since: int) -> Lives:
    """The opportunities of an office that were opened at `since` (ms) or later, as they stand now; days from `since`."""
    cases = office.arrays.cases[: int(office.arrays.state[0].cases)]
    cases = cases[(cases["row"] >= 0) & (cases["opened_at"] >= since)]
    ended = np.full(len(cases), OPEN)
    for state, end in _ENDS.items():
        ended[cases["state"] == state] = end
    end_at = np.where(ended == OPEN, office.now, cases["closed_at"])
    return Lives((cases["opened_at"] - since) / DAY, (end_at - cases["opened_at"]) / DAY, ended)


def together(parts: list[Lives]) -> Lives:
    """Several records as one."""
    return Lives(*(np.concatenate(each) for each in zip(*parts, strict=True)))


def followed_like(lives: Lives, follow_up: np.ndarray) -> Lives:
    """The same opportunities as a record would hold them that follows each for one of these numbers of days and no longer.

    A rate that changes within a band of age depends on how long opportunities are followed; so both sides are followed alike.
    """
    places = (np.arange(1, len(lives.days) + 1) * GOLDEN % 1.0 * len(follow_up)).astype(int)
    longest = np.sort(follow_up)[places]
    seen = lives.days <= longest
    return Lives(lives.opened, np.minimum(lives.days, longest), np.where(seen, lives.ended, OPEN))


class Hazards(NamedTuple):
    """Ends of one kind by bands of age: edges in days (one more than bands), ends, and days lived in each band."""

    edges: np.ndarray
    ends: np.ndarray
    lived: np.ndarray

    @property
    def rates(self) -> np.ndarray:
        """Ends a day among those still open; 0 where nobody was."""
        return np.divide(self.ends, self.lived, out=np.zeros(len(self.ends)), where=self.lived > 0)

    @property
    def shares(self) -> np.ndarray:
        """Share ended so by the end of each band, were it the only way to end: 1 − e^(−cumulative hazard)."""
        return -np.expm1(-np.cumsum(self.rates * np.diff(self.edges)))


def hazards(lives: Lives, end: int, edges: np.ndarray) -> Hazards:
    """Rates of one way to end by age; the others, and the end of the record, only take opportunities out of sight."""
    bands = len(edges) - 1
    band = np.searchsorted(edges, lives.days, side="right") - 1
    mine = (lives.ended == end) & (band < bands)
    ends = np.bincount(band[mine], minlength=bands).astype(float)
    lived = np.array([np.clip(lives.days - low, 0.0, high - low).sum() for low, high in pairwise(edges)])
    return Hazards(edges, ends, lived)


def bands(days: np.ndarray, most: int, fewest: int, exact_to: float = 1.0 / 1440.0, tail: int = 0) -> np.ndarray:
    """Edges of at most so many bands that hold equally many of some ends, `fewest` at least; from 0 to beyond the last.

    `exact_to`: days to which ages are known; no band is shorter, and edges fall between two ages that can be told apart.
    `tail`: how often the last band is halved again, where the ends suffice: it is the longest by far.
    """
    number = max(1, min(most, len(days) // fewest))
    shares = list(np.linspace(0.0, 1.0, number + 1)[1:])
    while tail > 0 and len(days) * (last := (shares[-1] - (shares[-2] if number > 1 else 0.0)) / 2) >= fewest:
        shares.insert(-1, shares[-1] - last)
        tail, number = tail - 1, number + 1
    inner = np.quantile(days, shares) if len(days) else np.array([30.0])
    edges = (np.floor(inner / exact_to * (1.0 + 1e-9)) + 1.0) * exact_to
    return np.unique(np.concatenate([[0.0], edges]))
