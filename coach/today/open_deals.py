"""The open deals of a record, as an office of its firm takes them over."""

from datetime import timedelta
from typing import NamedTuple

import numpy as np

from coach.fitting.firm import COUNTED
from coach.forecasting.ages import Ages
from coach.forecasting.chances import REMEMBERED, SHARE_OF_MODEL, hazards_of_open, open_days
from coach.forecasting.known import DAYS_A_WEEK, WEEK, Known
from coach.winning.hazards import EDGES, WIDTHS
from policies.engine.settings import CADENCES
from policies.language.policy import Policy
from policies.scores.score import Words
from policies.time.calendar_arrays import period_start
from sim.fit.from_record import CHAIN_DAYS
from sim.fit.opening import Opening
from sim.office.cases.phases import PHASES
from sim.office.pipeline import open_deals
from sim.office.scenario import Scenario


def tells_amounts(known: Known) -> bool:
    """Whether the record has the amount of any deal won; else every deal counts as many as one of the fitted office."""
    return bool(known.won["amount"].notna().any())


def said_of_silence(known: Known) -> Words | None:
    """What rules on silence go by where open deals have no recorded action; None where all have one."""
    silent, of = sum("last_action_at" not in known.now[place] for place in known.open), len(known.open)
    if not silent:
        return None
    return Words(
        f"Of the {of:,} deals open, {silent:,} have no recorded action: rules on silence count it from their opening.",
        f"在途的 {of:,} 个商机中，{silent:,} 个没有动作记录：有关沉默的规则从其立项起计算。",
    )


class Start(NamedTuple):
    """An office on the day after a record ends: `scenario` with that day as its policy date, what is open there, and the names
    of those who sell, seat by seat ("" where the record names fewer)."""

    scenario: Scenario
    opening: Opening
    names: tuple[str, ...]


def start_of(known: Known, scenario: Scenario, policy: Policy, weeks: int) -> Start:
    """The office on the day after `known`, with what is open then; hazards for so many weeks ahead."""
    date = scenario.calendar.local_date(known.at - 1) + timedelta(days=1)
    on_its_day = scenario.model_copy(update={"policy_date": date})
    seats, names = _seats(known, scenario.people.reps)
    deals = open_deals(len(known.open))
    table = known.deals.iloc[known.open]
    deals.seat = seats
    deals.opened_at = table["born"].to_numpy()
    touched = [now.get("last_action_at", np.nan) for now in (known.now[place] for place in known.open)]
    deals.touched_at = np.clip(np.nan_to_num(np.array(touched, float), nan=-np.inf), deals.opened_at, known.at)
    deals.phase = 1 + np.minimum(known.ages / (CHAIN_DAYS * scenario.deals.wait_factor) * PHASES, PHASES - 1).astype(int)
    deals.value = table["amount"].to_numpy() if tells_amounts(known) else COUNTED
    won, lost = _hazards(known, weeks)
    return Start(on_its_day, Opening(won, lost, deals, _sold(known, names, on_its_day, policy)), names)


def _seats(known: Known, count: int) -> tuple[np.ndarray, tuple[str, ...]]:
    """The seat of each open deal, and whose each seat is: who opened or closed most of late has the first; deals of others are
    dealt out."""
    deals = known.deals
    lately = deals[(deals["start"] >= known.at - REMEMBERED * WEEK) | (deals["end"] >= known.at - REMEMBERED * WEEK)]
    active = lately["owner"].dropna().value_counts()
    names = [str(name) for name in active.index[:count]]
    seat = {name: place for place, name in enumerate(names)}
    owners = deals["owner"].to_numpy()[known.open]
    dealt = np.arange(len(owners)) % count
    seats = np.array([seat.get(str(owner), other) for owner, other in zip(owners, dealt, strict=True)], dtype=int)
    return seats, (*names, *[""] * (count - len(names)))


def _hazards(known: Known, weeks: int) -> tuple[np.ndarray, np.ndarray]:
    """Hazards of being won and lost in each week ahead, (open, weeks) each: halfway between those by age and the model's, less
    in weeks of holidays."""
    ages = Ages(known, known.at - REMEMBERED * WEEK)
    days = np.concatenate([np.zeros((2, 1)), np.cumsum(ages.daily, axis=1)], axis=1)
    edges = np.minimum(np.round(known.ages[:, None] + DAYS_A_WEEK * np.arange(weeks + 1)).astype(int), days.shape[1] - 1)
    by_age = np.diff(days[:, edges], axis=2) * open_days(known, weeks)
    model = hazards_of_open(known) if len(known.open) else None
    if model is None:
        return by_age[0], by_age[1]
    ahead = DAYS_A_WEEK * np.arange(weeks + 1)
    inside = np.diff(np.clip(ahead[:, None] - EDGES[:-1], 0.0, WIDTHS), axis=0)
    own = model @ inside.T * open_days(known, weeks)
    won, lost = SHARE_OF_MODEL * own + (1.0 - SHARE_OF_MODEL) * by_age
    return won, lost


def _sold(known: Known, names: tuple[str, ...], scenario: Scenario, policy: Policy) -> np.ndarray:
    """Money that each seat has sold in the targets' period that runs on the first day; a deal without an amount adds nothing
    where others have one."""
    sold = np.zeros(len(names))
    cadence = CADENCES.index(policy.targets.cadence)
    if cadence == 0:
        return sold
    first = scenario.policy_date - timedelta(days=100)
    begin = period_start(scenario.calendar.days(first, scenario.policy_date), cadence - 1, scenario.policy_at)
    won = known.won[known.won["end"] >= begin]
    amounts = won["amount"].fillna(0.0) if tells_amounts(known) else won["amount"].fillna(COUNTED)
    by_owner = amounts.groupby(won["owner"].astype(str)).sum()
    for seat, name in enumerate(names):
        sold[seat] = by_owner.get(name, 0.0)
    return sold
