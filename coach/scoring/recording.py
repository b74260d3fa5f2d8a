"""Scores that rules name stand on the record: once a day, shortly before midnight, each is worked out and recorded where it
changed.

A further score costs a field of its kind and a line here. As what is recorded it is piecewise constant: timed rules, looks,
gates and texts take it as they take any field. Points are whole, shares are whole hundredths.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import NamedTuple

from coach.events import PostedEvent
from coach.rules.service import Service
from coach.scoring import temperature
from coach.scoring.past import Past
from coach.scoring.readings import READINGS
from coach.scoring.rows import whole_firm
from coach.serving.worker import Worker
from policies.language.policy import Policy
from policies.language.saying import spoken_fields
from policies.record.records import field

SOURCE = "scores"
BEFORE_MIDNIGHT_MS = 30 * 60_000
AFTER_THE_START_SECONDS, AFTER_A_FAILURE_SECONDS = 25.0, 3600.0


class Quantity(NamedTuple):
    """A score as a field of what it scores; `score`: its id, or which chance of winning."""

    kind: str
    field: str
    score: str


QUANTITIES = (
    Quantity("opportunity", "win_chance", "within"),
    Quantity("opportunity", "win_ever", "ever"),
    Quantity("opportunity", "journey", "S3"),
    Quantity("opportunity", "quote_risk", "S15"),
    Quantity("customer", "churn_risk", "S12"),
    Quantity("unit", "energy_lost", "S5"),
    Quantity("customer", "temperature", "S6"),
    Quantity("unit", "temperature", "S6"),
    Quantity("unit", "knowledge_reuse", "S7"),
    Quantity("unit", "target_resilience", "S8"),
    Quantity("unit", "capability", "S9"),
    Quantity("unit", "scorecard", "S10"),
)


def named_by(policy: Policy) -> list[Quantity]:
    """The scores that rules of a policy name."""
    named = {
        (str(rule.on), name)
        for rule in policy.rules
        if rule.mode != "off"
        for name in (*rule.named_fields, *spoken_fields(rule.says.en), *spoken_fields(rule.says.zh))
    }
    return [each for each in QUANTITIES if (each.kind, each.field) in named]


def record_scores(service: Service) -> int:
    """Record what has changed of the scores that the policy in force names; returns how many events that were."""
    named = named_by(service.policy())
    if not named:
        return 0
    at = service.clock()
    past = Past.of(service.store, at)
    recorded = {(record.kind, record.id): values for kind in past.records for record, values in past.each(kind)}
    events = []
    for quantity in named:
        for record, value in _values(service, past, quantity).items():
            values = recorded.get((quantity.kind, record))
            if values is not None and values.get(quantity.field) != value:
                events.append(_event(quantity, record, value, at))
    return service.post(events, "system").accepted if events else 0


def _values(service: Service, past: Past, quantity: Quantity) -> Mapping[str, float | None]:
    """The present values by id of the record, rounded; None where there is no number."""
    if quantity.score in ("within", "ever"):
        from coach.scoring.scores import win_chances  # what it is made of takes a second to load

        _, chances = win_chances(service.store, past.at)
        told: Iterable = ((name, each.ever if quantity.score == "ever" else each.probability) for name, each in chances.items())
    elif quantity.kind == "customer" and quantity.score == "S6":
        told = temperature.by_customer(past)
    else:
        rows = READINGS[quantity.score](past)
        told = [(row.id, row.score.value) for row in rows if row.kind == quantity.kind]
        if quantity.kind == "unit":  # what is told of the firm stands on the unit that is one with it
            told += [(name, row.score.value) for row in rows if row.kind == "firm" for name in whole_firm(past)]
    digits = 2 if field(quantity.kind, quantity.field).type == "share" else 0
    return {name: None if value is None else round(float(value), digits) for name, value in told}


def _event(quantity: Quantity, record: str, value: float | None, at: int) -> PostedEvent:
    return PostedEvent(
        source=SOURCE, key=f"{quantity.field}-{at}-{record}"[:200], event="field_recorded", kind=quantity.kind, record=record,
        acted_at=at, payload={quantity.field: value},
    )  # fmt: skip


class ScoreRecorder(Worker):
    """Records scores after the start, and every day before midnight, when the looks of rules come."""

    def __init__(self, service: Service):
        super().__init__("scores", AFTER_A_FAILURE_SECONDS, AFTER_THE_START_SECONDS)
        self.service = service

    def work(self) -> float:
        """Record, until the next evening."""
        record_scores(self.service)
        return self.seconds_to_next()

    def seconds_to_next(self) -> float:
        """How long it is to half an hour before the next local midnight, or the one after that."""
        now, calendar = self.service.clock(), self.service.store.calendar
        today = calendar.local_date(now)
        ends = (calendar.midnight(today + timedelta(days=ahead)) - BEFORE_MIDNIGHT_MS for ahead in (1, 2))
        return (next(end for end in ends if end > now) - now) / 1000
