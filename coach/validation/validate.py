"""The whole validation: static check, the past, a rehearsal, the decision."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event
from typing import NamedTuple

from coach.rules.unknown_units import unknown_units
from coach.store import Store, policies
from coach.validation.decision import decide
from coach.validation.document import GuardrailDocument
from coach.validation.first_day import first_day
from coach.validation.history import owners, policy_history
from coach.validation.lines import check_lines, judge
from coach.validation.parts import Against, Card, Found, History, PolicyHistory, Validation
from coach.validation.past import Stopped, StoredEvent, end_of_past, over_the_past, stored_events, weeks_between
from policies.checks.check import faults_in
from policies.documents.errors import Problem, problem_in
from policies.documents.loader import load_policy
from policies.language.policy import Policy
from policies.words.where_it_acts import rehearsed_only
from sim.experiment.problems import Interrupted
from sim.experiment.running.experiment import compare
from sim.experiment.running.layout import LAYOUT
from sim.experiment.statistics.keyed import document_digest
from sim.experiment.verdict.guardrails import check_guardrails
from sim.experiment.verdict.parts import Text
from sim.experiment.verdict.verdict import Verdict

USUAL = "monthly-private"
"""Policy of the library to compare with when none is in force and none is named."""


class Step(NamedTuple):
    """How far a validation is: `part` is past, past_against, first_day or rehearsal; `done` of `of` events or pairs."""

    part: str
    done: int
    of: int


class Rehearsal(NamedTuple):
    """How to rehearse: on which office, for how many weeks, how precisely."""

    scenario: object
    weeks: float = 13
    precision: float = 0.05
    max_pairs: int = 120
    seed: int = 1
    threads: int | None = None


class Compared(NamedTuple):
    """The policy to compare with, and why it is that one."""

    policy: Policy
    why: Against


def compared_with(store: Store, given: Policy | None) -> Compared:
    """The policy given, else the one in force, else the library's usual one."""
    if given is not None:
        return Compared(given, "given")
    with store.read() as connection:
        version = policies.current(connection)
    return Compared(load_policy(USUAL), "usual") if version is None else Compared(version.policy, "in_force")


def validate(
    policy: Policy,
    store: Store,
    document: GuardrailDocument,
    rehearsal: Rehearsal,
    *,
    against: Policy | None = None,
    problems: Sequence[Problem] | None = None,
    resume: str | Path | None = None,
    told: Callable[[Step], None] = lambda _: None,
    cancel: Event | None = None,
) -> Validation:
    """Validate a policy over a store. Nothing is written to the store.

    Parameters
    ----------
    problems: what the static check found in the policy's file; found in the policy itself when left out
    resume: folder of the rehearsal's finished pairs, to go on from after a stop
    told: called as the work goes on

    Raises CoachError for a line about a rule that is not there, ExperimentError for a guardrail or a rehearsal that makes no
    sense, and Stopped when `cancel` is set.
    """
    cancel = Event() if cancel is None else cancel
    check_lines(policy, document.history)
    check_guardrails(LAYOUT, document.guardrails)
    other = compared_with(store, against)
    problems = [_problem(policy, fault) for fault in faults_in(policy)] if problems is None else problems
    with store.read() as connection:
        unknown = [_problem(policy, fault) for fault in unknown_units(connection, policy)]
    static = [_found(each) for each in (*problems, *unknown)]
    past = history_of(store, policy, other.policy, told, cancel)
    verdict = _rehearse(policy, other.policy, document, rehearsal, resume, told, cancel)
    lines = judge(past, document.history)
    decision = decide(static, past, lines, verdict, other.why, rehearsed_only(policy, other.policy))
    return Validation(
        policy=card(policy), against=card(other.policy), against_is=other.why, static=static, history=past, lines=lines,
        rehearsal=verdict, guardrails=verdict.guardrails, decision=decision,
    )  # fmt: skip


def card(policy: Policy) -> Card:
    """A policy's name, title and digest."""
    title = Text(en=policy.title.en or policy.name, zh=policy.title.zh or policy.name)
    return Card(name=policy.name, title=title, digest=document_digest(policy))


def _problem(policy: Policy, fault) -> Problem:
    return problem_in(policy.name, 0, ".".join(map(str, fault.location)) or "document", fault)


def _found(problem: Problem) -> Found:
    return Found(file=problem.file, line=problem.line, field=problem.field, text=Text(en=problem.en, zh=problem.zh))


def history_of(
    store: Store, policy: Policy, against: Policy, told: Callable[[Step], None] = lambda _: None, cancel: Event | None = None
) -> History | None:
    """Both policies over the store's past; None for a store without events."""
    cancel = Event() if cancel is None else cancel
    with store.read() as connection:
        events, end = stored_events(connection), end_of_past(connection)
    if end is None:
        return None

    def worked_off(part: str) -> Callable[[int, int], None]:
        return lambda done, of: told(Step(part, done, of))

    both: list[tuple[PolicyHistory, list[str], int]] = []
    for part, each in (("past", policy), ("past_against", against)):
        if part == "past_against" and each == policy:
            both.append(both[0])
            continue
        both.append(_over(store, each, events, end, worked_off(part), cancel))
    (first, weeks, people), (second, _, _) = both
    return History(start=events[0].at, end=end, weeks=weeks, events=len(events), people=people, policy=first, against=second)


def _over(
    store: Store, policy: Policy, events: Sequence[StoredEvent], end: int, told: Callable[[int, int], None], cancel: Event
) -> tuple[PolicyHistory, list[str], int]:
    worked, live = over_the_past(store, policy, events, end, told, cancel)
    with store.read() as connection:
        at_once = first_day(connection, policy, end, cancel)
    weeks = weeks_between(live, events[0].at, end)
    return policy_history(policy, card(policy), worked, live, weeks, at_once), weeks, len(owners(live))


def _rehearse(
    policy: Policy, against: Policy, document: GuardrailDocument, asked: Rehearsal, resume: str | Path | None,
    told: Callable[[Step], None], cancel: Event,
) -> Verdict:  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="rehearse-gate-", ignore_cleanup_errors=True) as own:
        try:
            return compare(
                against, policy, asked.scenario, weeks=asked.weeks, precision=asked.precision, max_pairs=asked.max_pairs,
                seed=asked.seed, threads=asked.threads, guardrails=document.guardrails, resume=resume or own,
                progress=lambda each: told(Step("rehearsal", each.pairs, each.at_most)), cancel=cancel, overturn=False,
            )  # fmt: skip
        except Interrupted:
            raise Stopped from None
