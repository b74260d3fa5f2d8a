"""Pairs of offices: one warm-up under the policy in force, then two arms that meet the same people, leads and accidents."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from policies.jit.compiled import source_digest
from policies.language.policy import Policy
from policies.words.policy_words import differences
from policies.words.where_it_acts import told_apart_by_nobody
from sim.experiment.running.layout import LAYOUT
from sim.experiment.running.subject import Subject
from sim.experiment.running.window import Span, described, holiday_note, hour_cost, programme_note, span
from sim.experiment.running.worlds import draw_world
from sim.experiment.statistics.keyed import document_digest, seed_of
from sim.experiment.statistics.samples import ArmOutcome, arm_outcome
from sim.experiment.verdict.verdict import LeftOutRule, Policies, PolicyCard, ScenarioCard, Text
from sim.office.behaviour import PARAMETERS
from sim.office.counting.metrics import METRICS
from sim.office.office import Office
from sim.office.pipeline import Pipeline
from sim.office.rehearsing import not_rehearsed
from sim.office.scenario import Scenario

COHORT = "cohort_"
"""Measures of this name follow the leads that arrived in the window, so they are read after the run-off."""


@dataclass(frozen=True)
class OfficePairs:
    """Runs pair `index` of an experiment: replication index % replications of world index // replications."""

    a: Policy
    b: Policy
    scenario: Scenario
    span: Span
    seed: int
    replications: int
    pipeline: Pipeline | None = None

    def __call__(self, index: int) -> tuple[ArmOutcome, ArmOutcome]:
        """Outcomes of both arms; the same whoever asks, and when."""
        world = draw_world(self.seed, index // self.replications, PARAMETERS)
        office = Office.start(self.scenario, self.a, world, seed_of("office", self.seed, index), pipeline=self.pipeline)
        office.run_until(self.span.start)
        tried = office.branch(self.b)
        today = measured(office, self.span)
        del office  # tens of megabytes that nobody asks any more
        return today, measured(tried, self.span)


def measured(office: Office, window: Span, run_until: Callable[[int], None] | None = None) -> ArmOutcome:
    """Outcomes of an office that stands at the start of the window, after running it through window and run-off, on a clock
    of its own or, by `run_until`, on another."""
    run_until = run_until or office.run_until
    before = office.events
    office.mark()
    run_until(window.end)
    office.close()
    outcome = arm_outcome(office.outcomes())
    run_until(window.closed)
    after = arm_outcome(office.outcomes())
    for column, name in enumerate(LAYOUT.measures):
        if name.startswith(COHORT):
            outcome.totals[:, column] = after.totals[:, column]
    return outcome._replace(events=outcome.events - before)


def _card(policy: Policy, scenario: Scenario) -> PolicyCard:
    title = Text(en=policy.title.en or policy.name, zh=policy.title.zh or policy.name)
    left_out = [LeftOutRule(rule=rule, reason=Text(en=en, zh=zh)) for rule, en, zh in not_rehearsed(policy, scenario)]
    return PolicyCard(name=policy.name, title=title, digest=document_digest(policy), cannot_rehearse=left_out)


def _digest(pipeline: Pipeline) -> str:
    return hashlib.sha256(b"".join(np.ascontiguousarray(part).tobytes() for part in pipeline)).hexdigest()


def _metric(name: str, language: str) -> str:
    return getattr(METRICS[name], language) if name in METRICS else name


def office_subject(
    a: Policy, b: Policy, scenario: Scenario, weeks: float, replications: int, seed: int,
    pipeline: Pipeline | None = None, notes: Sequence[Text] = (),
) -> Subject:  # fmt: skip
    """Two policies on a scenario, as the subject of an experiment.

    With a `pipeline` both arms start from it; `notes` are told with the verdict, before the subject's own.
    """
    window = span(scenario, a, b, weeks)
    runner: Callable = OfficePairs(a, b, scenario, window, seed, replications, pipeline)
    said = zip(*(differences(a, b, each, partial(_metric, language=each)) for each in ("en", "zh")), strict=True)
    cards = Policies(
        a=_card(a, scenario), b=_card(b, scenario), differences=[Text(en=english, zh=chinese) for english, chinese in said]
    )
    card = ScenarioCard(
        name=scenario.name, title=Text(en=scenario.title.en, zh=scenario.title.zh), digest=document_digest(scenario)
    )
    return Subject(
        runner=runner,
        layout=LAYOUT,
        parameters=list(scenario.parameters),
        policies=cards,
        scenario=card,
        window=described(window, scenario),
        units=tuple(f"team-{number + 1}" for number in range(scenario.people.teams)),
        hour_cost=round(hour_cost(scenario, window), 2),
        notes=(
            *notes, *holiday_note(scenario, window), *programme_note(scenario, a),
            *(Text(en=note.en, zh=note.zh) for note in told_apart_by_nobody(a, b)),
        ),  # fmt: skip
        identity={
            "a": f"{cards.a.name} {cards.a.digest}",
            "b": f"{cards.b.name} {cards.b.digest}",
            "scenario": f"{card.name} {card.digest}",
            "weeks": weeks,
            "replications_per_world": replications,
            "seed": seed,
            "program": source_digest(),
            **({} if pipeline is None else {"pipeline": _digest(pipeline)}),
        },
    )
