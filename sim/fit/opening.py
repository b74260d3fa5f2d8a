"""The firm's open deals in an office: under today's policy as many are won and lost as the record lets expect, and when.

The record's chances say when deals are won or lost; an office needs to know when customers would buy or go. Between the two
lies the office's own work, as for new deals (see `from_record`): so both curves of every deal are moved together, by the same
factor in each band of weeks ahead, until runs show what is expected: wins by the step that restores a blurred picture
(W. H. Richardson, JOSA 62, 1972, pp. 55–59), losses by what the office's own leave over.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from sim.fit.beginnings import Beginnings
from sim.office.engine.events import DAY, STATE
from sim.office.office import Office
from sim.office.pipeline import STEP_DAYS, Pipeline

ROUNDS = 8
HASTE = 1.7
"""Power of a step towards the wins expected: a plain step comes near slowly (E. S. Meinel, JOSA A 3, 1986, pp. 787–799)."""
WATCHED_WINS, FEWEST_RUNS, MOST_RUNS = 800, 4, 16
BAND_ENDS = (1.0, 2.0, 4.0, 8.0, 13.0, 26.0, 52.0)
"""Steps ahead at which the factors may change."""
LEAST, MOST = 0.25, 4.0
"""Factors stay between these: a record that wants more is not this office's."""
LONGEST_LAG = 6.0
STEP = int(STEP_DAYS * DAY)


class Opening(NamedTuple):
    """What becomes of open deals by the record: hazards of being won and lost in each step ahead, f8[n, steps] each, the deals,
    and money that each seat has sold in the running period."""

    won: np.ndarray
    lost: np.ndarray
    deals: np.recarray
    sold: np.ndarray

    def pipeline(self, moved: "Moved") -> Pipeline:
        """The deals with their curves moved."""
        own = _earlier(_reached(self.won * moved.won), moved.lag)
        leaving = _reached(self.lost * moved.lost)
        return Pipeline(self.deals, -np.expm1(-own), -np.expm1(-leaving), self.sold)

    def expected(self) -> tuple[np.ndarray, np.ndarray]:
        """Wins and losses to expect in each step of all deals together, f8[steps] each: both hazards compete."""
        both = self.won + self.lost
        gone = np.cumsum(both, axis=1)
        ends = np.exp(-(gone - both)) * -np.expm1(-both)
        part = np.divide(self.won, both, out=np.zeros_like(both), where=both > 0)
        return (ends * part).sum(axis=0), (ends * (1.0 - part)).sum(axis=0)


class Moved(NamedTuple):
    """By how much curves are moved: factors on both hazards in each step, (steps,), and steps by which customers' own times
    come before the wins that the record lets expect, since work lies between."""

    won: np.ndarray
    lost: np.ndarray
    lag: float

    @classmethod
    def nowhere(cls, steps: int) -> "Moved":
        """As the record has it."""
        return cls(np.ones(steps), np.ones(steps), 0.0)


class _Ends(NamedTuple):
    """Steps in which deals of all runs were won and lost; of those won, the step of the customer's own time, and steps from
    then to the order."""

    won: np.ndarray
    lost: np.ndarray
    own: np.ndarray
    lag: np.ndarray


def opened(
    begun: Beginnings,
    opening: Opening,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Pipeline:
    """The pipeline of offices that go on from the record under the policy in force. InterruptedError when cancelled."""
    steps = opening.won.shape[1]
    moved = Moved.nowhere(steps)
    wanted = opening.expected()
    runs = int(np.clip(np.ceil(WATCHED_WINS / max(wanted[0].sum(), 1.0)), FEWEST_RUNS, MOST_RUNS))
    for number in range(ROUNDS if len(opening.deals) else 0):
        if cancelled():
            raise InterruptedError
        until = begun.scenario.policy_at + steps * STEP
        ends = begun.futures(opening.pipeline(moved), range(runs), until, lambda office: _ends(office, steps), begun.policy)
        moved = _moved(moved, wanted, _Ends(*map(np.concatenate, zip(*ends, strict=True))), runs)
        progress(number + 1, ROUNDS)
    return opening.pipeline(moved)


def _moved(moved: Moved, wanted: tuple[np.ndarray, np.ndarray], ends: _Ends, runs: int) -> Moved:
    """Moved on by what is missing: first by the time that work takes, then by numbers."""
    steps = len(moved.won)
    if moved.lag == 0.0 and len(ends.lag):
        return moved._replace(lag=float(np.clip(np.mean(ends.lag), 0.01, LONGEST_LAG)))
    bands = np.searchsorted(BAND_ENDS, np.arange(steps) + 0.5)
    won, lost = (np.bincount(bands, each) for each in wanted)
    came, gone = (np.bincount(bands, np.bincount(each, minlength=steps)[:steps] / runs) for each in (ends.won, ends.lost))
    missing = np.divide(lost - gone, lost, out=np.zeros_like(lost), where=lost > 0)
    return moved._replace(
        won=np.clip(moved.won * _ratio(won, came, ends, bands)[bands], LEAST, MOST),
        lost=np.clip(moved.lost + missing[bands], LEAST, MOST),
    )


def _ratio(wanted: np.ndarray, came: np.ndarray, ends: _Ends, bands: np.ndarray) -> np.ndarray:
    """By how much too few or too many wins follow from each band of own times."""
    ratio = np.clip(np.divide(wanted, came, out=np.ones_like(wanted), where=came > 0), LEAST, MOST)
    edges = np.arange(len(wanted) + 1)
    blur = np.histogram2d(bands[ends.won], bands[ends.own], [edges, edges])[0] + 0.02 * np.eye(len(wanted))
    return (ratio @ blur / blur.sum(axis=0)) ** HASTE


def _reached(hazards: np.ndarray) -> np.ndarray:
    """Hazards added up from 0 on, f8[n, steps + 1]."""
    return np.concatenate([np.zeros((len(hazards), 1)), np.cumsum(hazards, axis=1)], axis=1)


def _earlier(reached: np.ndarray, lag: float) -> np.ndarray:
    """Curves over steps, f8[n, steps + 1], that reach everything so many steps earlier."""
    last = reached.shape[1] - 1
    at = np.minimum(np.arange(last + 1) + lag, float(last))
    low = np.minimum(at.astype(int), last - 1)
    return reached[:, low] + (reached[:, low + 1] - reached[:, low]) * (at - low)


def _ends(office: Office, steps: int) -> _Ends:
    begin = office.scenario.policy_at
    cases = taken_over(office)
    step = np.minimum((cases.closed_at - begin) // STEP, steps - 1).astype(int)
    won, lost = cases.state == STATE.won, (cases.state == STATE.lost) | (cases.state == STATE.no_decision)
    own = np.clip((cases.own_at[won] - begin) // STEP, 0, steps - 1).astype(int)
    return _Ends(step[won], step[lost], own, (cases.closed_at[won] - cases.own_at[won]) / STEP)


def taken_over(office: Office) -> np.recarray:
    """The cases of the firm's own open deals, in their order, in an office that has passed its policy date."""
    first = int(office.arrays.state[0].pipeline_first)
    return office.arrays.cases[first : first + len(office.arrays.pipeline)].view(np.recarray)
