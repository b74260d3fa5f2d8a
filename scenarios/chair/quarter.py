"""A quarter week by week: a person decides each Monday, an automatic manager keeps the starting policy on the same draws.

The person's office runs under the SimPy clock, so that a person, a trace or a process of one's own can share the clock with it;
the automatic manager's runs on the compiled clock. Both clocks give the same journal, so two managers who decide nothing end
with the same office.
"""

import json
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from policies.jit.compiled import source_digest
from policies.language.policy import Policy
from scenarios.chair.decision import Decision, changes, decided
from scenarios.chair.figures import Figures, figures
from sim.office.engine.clocks import SimpyClock
from sim.office.office import Office
from sim.office.scenario import Scenario

WEEKS = 13
_AFTER_MIDNIGHT = 2  # ms: the office closes the day's books right after midnight


class Monday(NamedTuple):
    """What stands on a Monday before the person decides; the last one is the end of the quarter."""

    week: int  # from 0
    day: date
    person: Figures
    automatic: Figures


class QuarterOver(ValueError):
    """Nothing is left to decide."""

    en = "the quarter is over; start a new one"
    zh = "本季度已结束，请开始新的一局"

    def __init__(self):
        super().__init__(self.en)


class Quarter:
    """One person's quarter. The same scenario, policy, seed and decisions give the same quarter, so that is all that is kept.

    Attributes
    ----------
    mondays: what stood on each Monday so far; the last is the present one
    decisions: by week, what was changed on it; an empty `Decision` where nothing was
    office, automatic: both offices at the present instant
    """

    def __init__(self, scenario: Scenario, policy: Policy, seed: int = 1, weeks: int = WEEKS, *, journal: bool = False):
        self.scenario, self.start_policy, self.seed, self.weeks = scenario, policy, seed, weeks
        self.program = source_digest()
        self.office = opened(scenario, policy, seed, journal=journal)
        self.automatic = self.office.branch()
        self.decisions: list[Decision] = []
        self.mondays = [self._monday()]

    @property
    def week(self) -> int:
        """The week that is decided next, from 0; `weeks` when the quarter is over."""
        return len(self.decisions)

    @property
    def over(self) -> bool:
        """Whether all weeks have been decided."""
        return self.week == self.weeks

    @property
    def policy(self) -> Policy:
        """The person's policy in force."""
        return self.office.policy

    def decide(self, wanted: Decision | None = None) -> Monday:
        """Put this Monday's decision in force and run both offices to the next Monday. QuarterOver when none is left."""
        if self.over:
            raise QuarterOver()
        decision = changes(self.policy, wanted or Decision())
        until = monday_at(self.scenario, self.week + 1)
        take_over(self.office, decision)
        clock = SimpyClock(self.office)
        clock.run_until(until)
        clock.release()
        self.automatic.run_until(until)
        self.decisions.append(decision)
        self.mondays.append(self._monday())
        return self.mondays[-1]

    def _monday(self) -> Monday:
        day = self.scenario.policy_date + timedelta(weeks=self.week)
        return Monday(self.week, day, figures(self.office), figures(self.automatic))

    def to_json(self) -> str:
        """Everything that the quarter follows from."""
        return json.dumps(
            {
                "scenario": self.scenario.model_dump(mode="json"),
                "policy": self.start_policy.model_dump(mode="json"),
                "seed": self.seed,
                "weeks": self.weeks,
                "program": self.program,
                "decisions": [decision.model_dump(mode="json", exclude_none=True) for decision in self.decisions],
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str) -> "Quarter":
        """The quarter that `to_json` wrote, played again to where it stood.

        `program` keeps the digest of the program that it was begun with: after an update of the office's model the figures of
        weeks already played may differ, and whoever shows them can say so.
        """
        data = json.loads(text)
        quarter = cls(
            Scenario.model_validate(data["scenario"]), Policy.model_validate(data["policy"]), data["seed"], data["weeks"]
        )
        for decision in data["decisions"]:
            quarter.decide(Decision.model_validate(decision))
        quarter.program = data["program"]
        return quarter


def opened(scenario: Scenario, policy: Policy, seed: int, *, journal: bool = False) -> Office:
    """An office after its warm-up, on the first Monday of the quarter, counting from now."""
    office = Office.start(scenario, policy, None, seed, journal=journal)
    office.run_until(scenario.policy_at)
    office.mark()
    return office


def monday_at(scenario: Scenario, week: int) -> int:
    """The instant of a Monday's decision, ms."""
    return scenario.calendar.midnight(scenario.policy_date + timedelta(weeks=week)) + _AFTER_MIDNIGHT


def take_over(office: Office, decision: Decision) -> None:
    """Put a decision in force in an office now."""
    policy = decided(office.policy, decision)
    if policy is not office.policy:
        office.switch(policy)


def play_on(office: Office, scenario: Scenario, first_week: int, decisions: Iterable[Decision]) -> None:
    """Let an office that stands on a Monday go through the decisions of this week and the following."""
    for week, decision in enumerate(decisions, first_week):
        take_over(office, decision)
        office.run_until(monday_at(scenario, week + 1))
