"""The report of a validation: one typed document, and its JSON is what every page, table and terminal shows."""

from typing import Literal

from sim.experiment.verdict.parts import Number, Part, Text
from sim.experiment.verdict.verdict import GuardrailResult, Verdict

State = Literal["held", "broken", "undecided"]
Against = Literal["given", "in_force", "usual"]


class Card(Part):
    """Which policy."""

    name: str
    title: Text
    digest: str


class Found(Part):
    """Something that the static check found."""

    file: str
    line: int
    field: str
    text: Text


class Fates(Part):
    """Records on which a rule fired, by what became of them afterwards; each record counts once, at its first firing."""

    records: int
    later: dict[str, int]  # status at the end of the past, of those that were not decided when the rule first fired
    decided_before: int


class FirstDay(Part):
    """What activation at the end of the past sets off within 24 hours if nothing else is recorded."""

    from_now: int
    catch_up: int
    catch_up_people: list[tuple[str, int]]  # owners of the records, most first


class RuleHistory(Part):
    """One rule over the past."""

    rule: str
    kind: str
    words: Text
    mode: Literal["off", "shadow", "live"]
    gate: bool
    firings: int  # of a gate: steps that were taken and that it would have refused
    per_person_week: Number
    busiest_week: int  # firings on the records of one person in one week
    notices: int
    notices_per_person_week: Number
    notices_busiest_week: int
    fates: Fates
    first_day: FirstDay
    sentence: Text


class Week(Part):
    """Firings of one rule in one week, which began on a Monday."""

    week: str
    rule: str
    firings: int


class PersonWeek(Part):
    """One person's week: firings on the person's records, and notices to the person. Weeks without either are left out."""

    unit: str
    week: str
    firings: int
    notices: int


class PolicyHistory(Part):
    """A policy's rules over the past."""

    policy: Card
    rules: list[RuleHistory]
    other_refusals: dict[str, int]  # steps refused for what a rule ("requirement") or a stage ("stage") asks to be recorded
    firings: int
    notices: int
    firings_per_person_week: Number
    notices_per_person_week: Number
    notices_busiest_week: int
    busiest_unit: str | None
    busiest: str | None  # the Monday of that week
    by_week: list[Week]
    by_person_week: list[PersonWeek]
    first_day: FirstDay


class History(Part):
    """The past of the store, under the policy that is validated and under the one that it is compared with."""

    start: int  # ms
    end: int
    weeks: list[str]  # Mondays
    events: int
    people: int  # units that own records
    policy: PolicyHistory
    against: PolicyHistory


class LineResult(Part):
    """A line over the past: held, broken or undecided. Undecided is no pass."""

    figure: str
    title: Text
    rule: str | None
    at_most: float
    value: Number
    against: Number
    state: State


class Decision(Part):
    """Pass or fail, why, and what to know besides."""

    passed: bool
    reasons: list[Text]
    remarks: list[Text]


class Validation(Part):
    """The four parts of a validation."""

    format: Literal[1] = 1
    policy: Card
    against: Card
    against_is: Against
    static: list[Found]
    history: History | None  # null for a store without events
    lines: list[LineResult]
    rehearsal: Verdict
    guardrails: list[GuardrailResult]
    decision: Decision

    def to_json(self) -> str:
        """The document as indented JSON."""
        return self.model_dump_json(indent=2)
