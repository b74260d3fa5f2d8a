"""A win model tried on its own past: which settings foretell the latest part best, and how sums of wins strayed.

Nothing after the instant from which a part is foretold is used in foretelling it.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from coach.winning.hazards import EDGES, Choice, Design, Hazards, Seen, incidence
from coach.winning.level import Level, Windows, level_of
from coach.winning.looks import DAY, LEAST_HELD_BACK, WINDOWS, Looks, held_back_from, window_begins

USUAL = Choice(100.0, 0.0)
PLAIN = Choice(1.0, 0.0)
_STRONGER, _WEAKER = (200.0, 400.0, 800.0), (50.0, 25.0, 12.0, 6.0)
_PAIR_SCALES = (0.3, 0.6, 1.0)
_CLEARLY = 1.0
"""Another setting is taken if its loss is smaller by so many standard errors: the rest is luck."""
_FEWEST_FORETELLING = 20
"""Opportunities won, and lost, from which a window is foretold at least."""
_WINDOWS_A_FIT = 2
"""So many windows are foretold from what was known before the first of them."""
_SETTLED = 0.9
"""Share closed of what was opened in a window, from which the share won tells what becomes of all."""


class Check(NamedTuple):
    """How what was known before the latest part of the history foretold it.

    `days`: how long that part is. `expected` and `came`: of the opportunities open at its beginning, the shares foretold to be
    won within it and really won. `loss` and `base_loss`: minus the log likelihood an end, of the model and of age alone.
    """

    days: float
    opportunities: int
    expected: float
    came: float
    loss: float
    base_loss: float


class Trial(NamedTuple):
    """The settings taken, the model of everything under them, how that of the earlier part did, and the level of wins now."""

    choice: Choice
    model: Hazards
    check: Check | None
    level: Level


def tried(design: Design, whole: Looks, timed: bool = True) -> Trial:
    """Settings, check, model and level; the usual settings where the earlier or the later part has no wins or losses.

    `whole`: looks at all that was open at the beginning of each window; where nobody knows when it was closed, one at every
    opening, and the level is that of the odds of winning, if closed.
    """
    at = design.looks.at
    cut = held_back_from(at)
    earlier, later = design.seen(until=cut), design.seen(since=cut)
    if not all({1, 2} <= set(part.ended) for part in (earlier, later)):
        return _trial(design, whole, USUAL, None, None, timed)
    choice, model = _chosen(design, earlier, later)
    base = Design((), design.looks)
    plain = Hazards(base, base.seen(until=cut), PLAIN)
    losses = float(model.losses(design, later).sum()), float(plain.losses(base, base.seen(since=cut)).sum())
    held_back = whole.part(whole.at >= int(cut))
    check = _checked(model, held_back, float(at.max()), losses) if len(held_back.at) else None
    return _trial(design, whole, choice, check, model, timed)


def _trial(design: Design, whole: Looks, choice: Choice, check: Check | None, near: Hazards | None, timed: bool) -> Trial:
    model = Hazards(design, design.seen(), choice, near)
    foretold, retold = _windows(design, whole, model, timed)
    return Trial(choice, model, check, level_of(foretold, retold if timed else None))


def _chosen(design: Design, earlier: Seen, later: Seen) -> tuple[Choice, Hazards]:
    """The settings under which the earlier part foretells the later best: one after the other, from plain settings on."""
    tried: dict[Choice, tuple[np.ndarray, Hazards]] = {}

    def losses(choice: Choice) -> np.ndarray:
        if choice not in tried:
            near = tried[next(reversed(tried))][1] if tried else None
            model = Hazards(design, earlier, choice, near)
            tried[choice] = model.losses(design, later), model
        return tried[choice][0]

    def better(best: Choice, others: Iterable[Choice]) -> Choice:
        for other in others:
            gain = losses(best) - losses(other)
            if gain.sum() <= _CLEARLY * np.sqrt(len(gain)) * gain.std():
                break
            best = other
        return best

    best = better(USUAL, (USUAL._replace(ridge=ridge) for ridge in _WEAKER))
    if best is USUAL:
        best = better(best, (best._replace(ridge=ridge) for ridge in _STRONGER))
    best = better(best, (best._replace(pair_scale=scale) for scale in _PAIR_SCALES))
    return best, tried[best][1]


def _windows(design: Design, whole: Looks, now: Hazards, timed: bool) -> tuple[Windows, Windows]:
    """Every window with wins enough before it, foretold from what was known before it or the one before, and as the model of
    now tells it."""
    begins = window_begins(design.looks.at)
    if not begins:
        none = np.empty(0)
        nothing = Windows(none, none, none, LEAST_HELD_BACK / (WINDOWS / 2))
        return nothing, nothing
    length = (int(design.looks.at.max()) - begins[-1]) / DAY
    model, near, found, ends = None, now, [], [*begins[1:], np.inf]
    for number, begin in enumerate(begins):
        if model is None or (len(begins) - number) % _WINDOWS_A_FIT == 0:
            seen = design.seen(until=begin)
            if min(len(np.unique(seen.record[seen.ended == end])) for end in (1, 2)) < _FEWEST_FORETELLING:
                continue
            model = near = Hazards(design, seen, now.choice, near)
        looks = whole.part((whole.at >= begin) & (whole.at < ends[number]))
        if not len(looks.at):
            continue
        found.append([_sums(each, looks, length) if timed else _odds(each, looks) for each in (model, now)])
    sums = np.array(found).reshape(-1, 2, 3)
    foretold, retold = (Windows(each[:, 0], each[:, 1], each[:, 2], length) for each in (sums[:, 0], sums[:, 1]))
    return foretold, retold


def _sums(model: Hazards, looks: Looks, days: float) -> tuple[float, float, float]:
    """Wins expected and come within so many days, and their variance by chance."""
    told = incidence(model.of(model.columns(looks.table)), days)
    came = (looks.ended == 1) & (looks.left <= days)
    return told @ looks.weight, came @ looks.weight, (told * (1 - told)) @ looks.weight**2


def _odds(model: Hazards, openings: Looks) -> tuple[float, float, float]:
    """What tells of the level of the odds, of those opened in a window, as wins expected and come tell of that of wins.

    Odds that are greater by a share that is small add that share of the sum of p · (1 - p) to the wins. That sum stands for
    what is expected, and for its variance. A window in which too many are open still tells nothing: what is closed soon is not
    like the rest.
    """
    closed = openings.part(openings.ended > 0)
    if closed.weight.sum() < _SETTLED * openings.weight.sum():
        return 0.0, 0.0, 0.0
    told = incidence(model.of(model.columns(closed.table)), EDGES[-1])
    known, missed = (told * (1 - told)) @ closed.weight, ((closed.ended == 1) - told) @ closed.weight
    return known, max(known + missed, 0.0), known


def _checked(model: Hazards, whole: Looks, last: float, losses: tuple[float, float]) -> Check:
    first = whole.part(whole.at == whole.at.min())
    days = (last - whole.at.min()) / DAY
    told = incidence(model.of(model.columns(first.table)), days)
    won = (first.ended == 1) & (first.left <= days)
    expected, came = (float(np.average(each, weights=first.weight)) for each in (told, won))
    return Check(days, int(first.weight.sum()), expected, came, *losses)
