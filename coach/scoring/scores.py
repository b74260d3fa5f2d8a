"""All scores of a store at an instant, each from what was recorded by then: S1 and the chance of winning of open opportunities,
S3 of their journeys, S4 of customers, S5 and S11 of reps."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from coach.scoring.past import Past
from coach.scoring.readings import Scores, scores_of
from coach.store import Store
from coach.store.stage_names import stage_names
from coach.winning.few import TooLittleHistory
from coach.winning.history import DAY, Record, records_at, stages_told, standing, states, undated_closings
from coach.winning.level import ExpectedWins
from coach.winning.looks import look, look_back
from coach.winning.model import WITHIN_DAYS, Reason, WinModel, fit_win_model
from policies.record.phases import PHASES
from policies.record.records import MAX_STAGES
from policies.scores import opportunity_health as s1
from policies.scores.customer_health import MONTHS_OF_ALARM, customer_health
from policies.scores.funnel import Funnel, Way, funnel
from policies.scores.journey_completeness import Journey, journey_completeness
from policies.scores.score import RED, Score, Words, alarm
from policies.scores.selling_energy import selling_energy

WEEK, MONTH = 7 * DAY, 30 * DAY
WEEKS_AHEAD = 13


class OpportunityScores(NamedTuple):
    """An open opportunity. `alarm`: S1 below 60 at two looks a week apart.

    `probability`: of being won within `model.WITHIN_DAYS`, None where there is no model or no date of closing to learn from;
    `ever`: of being won at all; without dates of closing, of being won if it is closed.
    """

    id: str
    unit: str | None
    values: dict[str, Any]
    health: Score
    alarm: bool
    journey: Score
    probability: float | None
    ever: float | None
    why: list[Reason]


class CustomerScores(NamedTuple):
    """A customer. `substitute`: S4 red at two looks a month apart."""

    id: str
    unit: str | None
    values: dict[str, Any]
    health: Score
    substitute: bool


class RepScores(NamedTuple):
    """A unit of level rep: S5, S11 against the firm, open opportunities with their mean S1.

    `expected_wins`: the sum of their probabilities of being won within `model.WITHIN_DAYS`.
    """

    id: str
    values: dict[str, Any]
    energy: Score
    funnel: Funnel
    open: int
    mean_health: float | None
    expected_wins: float | None


class Scored(NamedTuple):
    """Everything; `model` says why opportunities have no probability of their own where they have none.

    `expected`: wins to expect week by week of all that is open, and `expected_within` those within `model.WITHIN_DAYS`.
    `currency`: the firm's, in which amounts are. `others`: the scores of `coach.scoring.readings`, by id. `stages`: names of
    stages by number.
    """

    at: int
    opportunities: list[OpportunityScores]
    customers: list[CustomerScores]
    reps: list[RepScores]
    firm: Funnel
    model: WinModel | TooLittleHistory
    expected: list[ExpectedWins]
    expected_within: ExpectedWins | None
    currency: str | None
    others: Scores
    stages: dict[int, Words]


def score_store(store: Store, at: int, benchmark: Mapping[int, float] | None = None) -> Scored:
    """Score every record of a store as it was recorded at the instant `at` (ms).

    `benchmark` maps a stage (from 1) to the industry's share of opportunities that go on from it.
    """
    past = Past.of(store, at)
    by_kind, now, begins = past.records, past.values, past.policy.begins
    deals = by_kind.get("opportunity", [])
    model = _model(store, deals, at)
    opportunities = _opportunities(by_kind, now, model, at, begins)
    customers = [_customer(record, now[record.row], at) for record in by_kind.get("customer", [])]
    ways = {record.row: _way(record, now[record.row]) for record in deals}
    stages = min(MAX_STAGES, max([len(begins), *(way.stage for way in ways.values())]))
    with store.read() as connection:
        names = stage_names(connection)
    firm = funnel(list(ways.values()), stages, benchmark, names)
    reps = [
        _rep(
            record, now[record.row], opportunities,
            [ways[deal.row] for deal in deals if _owned(now[deal.row], record)], firm, names,
        )
        for record in by_kind.get("unit", [])
        if now[record.row].get("level", "rep") == "rep"
    ]
    opened = [now[record.row] for record in deals if now[record.row].get("status") == "open"]
    expected = _expected(opened, model, at)
    return Scored(at, opportunities, customers, reps, firm, model, *expected, store.currency, scores_of(past), names)


def _model(store: Store, deals: list[Record], at: int) -> WinModel | TooLittleHistory:
    undated = undated_closings(store)
    return fit_win_model(look_back(deals, at, undated))


def _expected(
    opened: list[dict], model: WinModel | TooLittleHistory, at: int
) -> tuple[list[ExpectedWins], ExpectedWins | None]:
    if not model.timed or not opened:
        return [], None
    table = pd.DataFrame([look(values, at) for values in opened])
    weeks = model.expected(table, np.arange(0, WEEKS_AHEAD + 1) * 7.0)
    return weeks, model.expected(table, np.array([0.0, WITHIN_DAYS]))[0]


def _opportunities(
    by_kind: dict, now: dict, model: WinModel | TooLittleHistory, at: int, begins: Sequence[int]
) -> list[OpportunityScores]:
    records = [record for record in by_kind.get("opportunity", []) if now[record.row].get("status") == "open"]
    if not records:
        return []
    chances = chances_of([now[record.row] for record in records], model, at)
    customers = {record.id: now[record.row] for record in by_kind.get("customer", [])}
    answered = _answers(by_kind.get("request", []), now)
    found = []
    for record, chance in zip(records, chances, strict=True):
        values = now[record.row]
        health = [s1.opportunity_health(each, instant, begins) for each, instant in _weekly(record, at)]
        journey = Journey(
            values, customers.get(values.get("customer"), {}), _first(record, "needs_recorded"), answered.get(record.id),
            _contract_at(record, begins),
        )  # fmt: skip
        alarmed = alarm([each.value for each in health], s1.RED_BELOW, s1.WEEKS_OF_ALARM)
        found.append(
            OpportunityScores(
                record.id, values.get("unit"), values, health[-1], alarmed, journey_completeness(journey, at), *chance
            )
        )
    return found


class Chance(NamedTuple):
    """Probability of winning an opportunity within `model.WITHIN_DAYS` and at all, and what moves the first most."""

    probability: float | None
    ever: float | None
    why: list[Reason]


def win_chances(store: Store, at: int) -> tuple[WinModel | TooLittleHistory, dict[str, Chance]]:
    """The win model of a store, and the chance of every opportunity open at `at`, by id; empty without a model."""
    deals = [record for record in records_at(store, at) if record.kind == "opportunity"]
    model = _model(store, deals, at)
    found = [(record.id, values) for record in deals for values in states(record, [at]) if values.get("status") == "open"]
    chances = chances_of([values for _, values in found], model, at)
    told = zip([name for name, _ in found], chances, strict=True)
    return model, {name: chance for name, chance in told if chance.probability is not None}


def chances_of(opened: list[dict], model: WinModel | TooLittleHistory, at: int) -> list[Chance]:
    """The chance of every open opportunity from its recorded fields, in their order."""
    if not isinstance(model, WinModel) or not opened:
        return [Chance(None, None, [])] * len(opened)
    table = pd.DataFrame([look(values, at) for values in opened])
    within = model.within(table).tolist() if model.timed else [None] * len(opened)
    told = zip(within, model.ever(table).tolist(), model.reasons(table), strict=True)
    return [Chance(*each) for each in told]


def _weekly(record: Record, at: int) -> list[tuple[dict, int]]:
    instants = [at - week * WEEK for week in reversed(range(s1.WEEKS_OF_ALARM))]
    # Before its registration there is nothing to be ill about.
    return [(values, instant) for values, instant in zip(states(record, instants), instants, strict=True) if values]


def _first(record: Record, event: str) -> float | None:
    return next((float(each.acted_at) for each in standing(record, (event,))), None)


def _contract_at(record: Record, begins: Sequence[int]) -> float | None:
    """When a stage was reached that begins with the contract, or the deal won."""
    contract = begins.index(PHASES) + 1 if PHASES in begins else math.inf
    reached = [entry for entry, stage in stages_told(record) if stage >= contract] + standing(record, ("won",))
    return min((float(entry.acted_at) for entry in reached), default=None)


def _answers(requests: list[Record], now: dict) -> dict[str, float]:
    """The first answer of a desk by opportunity."""
    found: dict[str, float] = {}
    for record in requests:
        values = now[record.row]
        name, at = values.get("opportunity"), values.get("answered_at")
        if isinstance(name, str) and at is not None:
            found[name] = min(found.get(name, at), at)
    return found


def _customer(record: Record, values: dict, at: int) -> CustomerScores:
    instants = [at - month * MONTH for month in reversed(range(MONTHS_OF_ALARM))]
    health = [customer_health(each, instant) for each, instant in zip(states(record, instants), instants, strict=True)]
    red = all(each.colour == RED for each in health)
    return CustomerScores(record.id, values.get("unit"), values, health[-1], red)


def _way(record: Record, values: dict) -> Way:
    return Way(int(max((stage for _, stage in stages_told(record)), default=1)), values.get("status", "open"))


def _owned(values: dict, unit: Record) -> bool:
    return values.get("unit", values.get("owner")) == unit.id


def _rep(
    record: Record, values: dict, opportunities: list[OpportunityScores], ways: list[Way], firm: Funnel,
    names: Mapping[int, Words],
) -> RepScores:  # fmt: skip
    own = [each for each in opportunities if _owned(each.values, record)]
    healths = [each.health.value for each in own if each.health.value is not None]
    chances = [each.probability for each in own if each.probability is not None]
    shares = {each.stage: each.share for each in firm.stages if each.share is not None}
    return RepScores(
        record.id, values, selling_energy(values), funnel(ways, len(firm.stages), shares, names), len(own),
        sum(healths) / len(healths) if healths else None, sum(chances) if chances else None,
    )  # fmt: skip
