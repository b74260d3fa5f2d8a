"""A reported case as a document: the firm, its rules before and after, the figures told, what was chosen to meet them."""

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from ruamel.yaml import YAML

from policies.documents.errors import Fault, FaultyInput, as_validation_error, unknown_name
from policies.documents.loader import edited, load_policy
from policies.documents.reading import model_in, read_file
from policies.language.policy import Policy
from scenarios.cases.measures import MEASURED
from sim.office.behaviour import BY_NAME
from sim.office.scenario import Scenario, Words

FOLDER = Path(__file__).parent
FITTED = FOLDER / "fitted.yaml"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Adds = dict[Literal["kinds", "rules"], Any]


class Step(_Part):
    """Rules that are turned on together under the name of one management system, as changes of the policy before."""

    id: str
    rules_of: tuple[str, ...] = ()  # library policies whose rules are added
    set: dict[str, Any] = {}  # settings by path, as in `policies.loader.edited`
    adds: Adds = {}  # kinds of record of the firm's own, and rules on them


class Told(_Part):
    """One figure of the report. `before` and `after` as told; a change alone when the report gives no more."""

    name: Words
    unit: Literal["share", "days", "hours", "number", "per year"]
    measure: str | None = None
    before: float | None = None
    after: float | None = None
    change: float | None = None  # absolute
    relative: float | None = None
    cannot: Words | None = None  # why it cannot be simulated
    would: Words | None = None  # what would have to be true for the claim
    caution: Words | None = None  # how the figure can mislead

    @model_validator(mode="after")
    def _measured_or_not(self):
        if (self.measure is None) == (self.cannot is None):
            raise as_validation_error([Fault("missing_key", ("measure",), "measure, cannot")])
        if self.measure is not None and self.measure not in MEASURED:
            raise as_validation_error([unknown_name("unknown_name", self.measure, MEASURED, location=("measure",))])
        return self

    @property
    def claimed(self) -> float | None:
        """Claimed relative change; None when nothing is claimed, or only an absolute change."""
        if self.relative is not None:
            return self.relative
        if self.after is None or not self.before:
            return None
        return self.after / self.before - 1.0


class Moved(_Part):
    """What calibration may choose: a behaviour parameter, or a setting of the scenario or the policy with its range."""

    name: str
    low: float
    high: float
    source: str = ""

    @model_validator(mode="after")
    def _inside_the_parameters_range(self):
        if self.name in BY_NAME:
            parameter = BY_NAME[self.name]
            if self.low < parameter.low or self.high > parameter.high:
                allowed = (f"{parameter.low:g} – {parameter.high:g}",)
                raise as_validation_error([Fault("out_of_bounds", ("low",), self.low, allowed)])
        return self


class Case(_Part):
    """One reported case."""

    id: str
    title: Words
    source: Words
    told: tuple[Words, ...]
    assumed: tuple[Words, ...]
    scenario: dict[str, Any]
    before: Step
    steps: tuple[Step, ...]
    figures: tuple[Told, ...]
    moved: tuple[Moved, ...] = ()
    values: dict[str, float] = {}  # of what was moved, as calibration left them
    settle_weeks: int = Field(default=8, ge=0, le=52)
    weeks: int = Field(default=26, ge=4, le=52)

    @property
    def simulated(self) -> tuple[Told, ...]:
        """Figures that the office can show."""
        return tuple(figure for figure in self.figures if figure.measure is not None)

    def office(self, values: dict[str, float] | None = None) -> Scenario:
        """The firm, with what was moved at its calibrated values, or at those given."""
        data = {"name": self.id.lower(), "title": self.title.model_dump(), "summary": self.source.model_dump(), **self.scenario}
        behaviour = dict(data.get("behaviour", {}))
        for name, value in (self.values if values is None else values).items():
            if name in BY_NAME:
                behaviour[name] = value
            elif name.split(".")[0] in Scenario.model_fields:
                section, field = name.split(".")
                data[section] = {**data.get(section, {}), field: value}
        return Scenario.model_validate({**data, "behaviour": behaviour})

    def policy_before(self, values: dict[str, float] | None = None) -> Policy:
        """The rules before."""
        values = self.values if values is None else values
        mine = {name: value for name, value in values.items() if name.split(".")[0] in Policy.model_fields}
        return _with(load_policy("monthly-private"), (self.before, Step(id="moved", set=mine)), f"{self.id}-before")

    def policies(self, values: dict[str, float] | None = None) -> list[Policy]:
        """The rules before; each step by itself, if there are several; all together."""
        before = self.policy_before(values)
        alone = [_with(before, (step,), f"{self.id}-{step.id}") for step in self.steps] if len(self.steps) > 1 else []
        return [before, *alone, _with(before, self.steps, f"{self.id}-together")]


def _with(policy: Policy, steps: tuple[Step, ...], name: str) -> Policy:
    """The policy with rules added and settings changed; a rule that stands there already is not added twice."""
    for step in steps:
        there = {rule.id for rule in policy.rules}
        added = [rule for other in step.rules_of for rule in load_policy(other).rules if rule.id not in there]
        policy = edited(policy.model_copy(update={"rules": (*policy.rules, *added)}), step.set)
        policy = _widened(policy, step.adds) if step.adds else policy
    return policy.model_copy(update={"name": name.lower()})


def _widened(policy: Policy, adds: Adds) -> Policy:
    document = policy.model_dump(mode="json")
    kinds, rules = document["kinds"] | adds.get("kinds", {}), [*document["rules"], *adds.get("rules", ())]
    return Policy.model_validate(document | {"kinds": kinds, "rules": rules})


def case_ids() -> list[str]:
    """Ids of the cases that there are, in order."""
    return sorted((path.stem.upper() for path in FOLDER.glob("c*.yaml")), key=lambda each: int(each[1:]))


def fitted() -> dict[str, dict[str, float]]:
    """What calibration left, by case."""
    return YAML(typ="safe").load(FITTED.read_text(encoding="utf-8")) or {} if FITTED.exists() else {}


def load_case(case_id: str) -> Case:
    """The case of that id; FaultyInput when there is none, PolicyError with every problem of its document."""
    if case_id.upper() not in case_ids():
        raise FaultyInput([unknown_name("unknown_name", case_id, case_ids())])
    case = model_in(read_file(FOLDER / f"{case_id.lower()}.yaml"), Case)
    return case.model_copy(update={"values": fitted().get(case.id, {})})
