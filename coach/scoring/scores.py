"""All scores of a store at an instant, each from what was recorded by then: S1 and the chance of winning of open opportunities,
S3 of their journeys, S4 of customers, S5 and S11 of reps."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from coach.scoring import customers
from coach.scoring.deals import firm_funnel, health_of, journeys_of, ways_of
from coach.scoring.past import Past
from coach.scoring.readings import Scores, scores_of
from coach.store import Store
from coach.winning.few import TooLittleHistory
from coach.winning.history import Record, records_at, states, undated_closings
from coach.winning.level import ExpectedWins
from coach.winning.looks import look, look_back
from coach.winning.model import WITHIN_DAYS, Reason, WinModel, fit_win_model
from policies.scores.funnel import Funnel, Way, funnel
from policies.scores.journey_completeness import journey_completeness
from policies.scores.score import Score, Words
from policies.scores.selling_energy import selling_energy

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
    `currency`: the firm's, in which amounts are. `rows`: the numbers of every score as `coach.scoring.readings` tells them,
    by id. `stages`: names of stages by number.
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
    rows: Scores
    stages: dict[int, Words]


def score_store(store: Store, at: int, benchmark: Mapping[int, float] | None = None) -> Scored:
    """Score every record of a store as it was recorded at the instant `at` (ms).

    `benchmark` maps a stage (from 1) to the industry's share of opportunities that go on from it.
    """
    past = Past.of(store, at)
    now, deals, ways = past.values, past.records.get("opportunity", []), ways_of(past)
    model = _model(store, deals, at)
    opportunities = _opportunities(past, model)
    customer_scores = [_customer(past, record) for record, _ in past.each("customer")]
    firm = firm_funnel(past, ways, benchmark)
    reps = [
        _rep(
            record, values, opportunities,
            [ways[deal.row] for deal in deals if _owned(now[deal.row], record)], firm, past.names,
        )
        for record, values in past.each("unit")
        if values.get("level", "rep") == "rep"
    ]
    opened = [now[record.row] for record in deals if now[record.row].get("status") == "open"]
    expected = _expected(opened, model, at)
    rows = scores_of(past)
    return Scored(at, opportunities, customer_scores, reps, firm, model, *expected, store.currency, rows, past.names)


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


def _opportunities(past: Past, model: WinModel | TooLittleHistory) -> list[OpportunityScores]:
    opened = list(past.open())
    chances, journeys = chances_of([values for _, values in opened], model, past.at), journeys_of(past)
    found = []
    for (record, values), chance in zip(opened, chances, strict=True):
        health, alarmed = health_of(record, past.at, past.policy.begins)
        journey = journey_completeness(journeys[record.row], past.at)
        found.append(OpportunityScores(record.id, values.get("unit"), values, health, alarmed, journey, *chance))
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


def _customer(past: Past, record: Record) -> CustomerScores:
    values = past.values[record.row]
    return CustomerScores(record.id, values.get("unit"), values, *customers.health_of(record, past.at))


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
