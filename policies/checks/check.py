"""What is wrong with a policy although it can be read: `rehearse check`."""

from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from typing import Any

from policies.checks.satisfiable import can_hold, contradiction
from policies.documents.errors import Fault, PolicyError, Problem, unknown_name
from policies.documents.loader import load_document
from policies.language.duration import DAY, Delay
from policies.language.policy import Policy, Stage
from policies.language.predicate import CUSTOM_PREFIX, AllOf, Not, comparisons, other_field
from policies.language.quantities import Text
from policies.language.rehearsing import impossible_fields, never_there
from policies.language.rule import Rule
from policies.record.recorded import recorded_fields
from policies.record.records import GATES_OF, RECORD_KINDS, built_as
from policies.record.supplying import askable

_NOTICES = ("notified", "todo_opened")


def check(name_or_path: str | Path) -> list[Problem]:
    """Every problem of a policy in the library or in a file; empty when all is well.

    A document that cannot be loaded (unknown names, bounds, duplicate ids, more than 62 rules, cycles) tells why; one that
    can is searched for rules that can never fire, gates before steps that a kind does not have, escalations before their
    notice, rules on fields that nothing records or on stages that the policy does not have, and texts that are missing in a
    language.
    """
    try:
        policy, document = load_document(name_or_path)
    except PolicyError as error:
        return error.problems
    return [document.problem(fault) for fault in faults_in(policy)]


def faults_in(policy: Policy) -> list[Fault]:
    """What `check` finds in a policy that could be loaded, with locations from the root of the document."""
    active = [(position, rule) for position, rule in enumerate(policy.rules) if rule.mode != "off"]
    faults = list(_texts(policy))
    for position, rule in active:
        found = (
            *_no_such_step(rule), *_unreachable(rule), *_never_recorded(policy, rule), *_never_lifted(rule),
            *_no_such_stages(policy, rule),
        )  # fmt: skip
        faults.extend(fault.within("rules", position) for fault in found)
    for position, stage in enumerate(policy.stages):
        faults.extend(fault.within("stages", position) for fault in _never_passed(policy, stage, position))
    return [*faults, *_escalations_before_notices(active)]


def _texts(policy: Policy) -> Iterator[Fault]:
    named: dict[tuple[str | int, ...], Text] = {("title",): policy.title, ("summary",): policy.summary}
    named |= {("stages", position, "name"): stage.name for position, stage in enumerate(policy.stages)}
    for name, kind in policy.kinds.items():
        if name not in RECORD_KINDS:
            named["kinds", name, "title"] = kind.title
        named |= {("kinds", name, "fields", field, "title"): each.title for field, each in kind.fields.items()}
        named |= {
            ("kinds", name, "fields", field, "choices", choice): title
            for field, each in kind.fields.items()
            for choice, title in each.choices.items()
        }
        named |= {("kinds", name, "counts", count, "title"): each.title for count, each in kind.counts.items()}
        titled = {link: each.title for link, each in kind.links.items() if each.title != Text()}
        named |= {("kinds", name, "links", link, "title"): title for link, title in titled.items()}
    named |= {
        ("rules", position, "says"): rule.says
        for position, rule in enumerate(policy.rules)
        if rule.says.en or rule.says.zh
    }
    for location, text in named.items():
        if not (text.en and text.zh):
            yield Fault("no_text", location, found=text.en or text.zh, allowed=("en", "zh"), about=str(location[-1]))


def _no_such_step(rule: Rule) -> Iterator[Fault]:
    steps = GATES_OF[built_as(rule.on)]
    if rule.before is not None and rule.before not in steps:
        yield unknown_name("no_such_step", rule.before, steps, about=str(rule.on), location=("before",))


def _unreachable(rule: Rule) -> Iterator[Fault]:
    # The clock runs only when its field is there, so a lone `since` field is present whenever the rule could fire.
    present = rule.since_fields if len(rule.since_fields) == 1 else ()
    if can_hold(rule.on, rule.fires_while, present):
        yield from _always_resting(rule, present)
        return
    if rule.ends is not None and can_hold(rule.on, rule.predicate, present):
        yield Fault("until_always", ("until",), _names_of(rule.ends))
        return
    names = contradiction(rule.on, rule.fires_while, present)
    written = (*_named_fields(rule.when, ("when",)), *_named_fields(rule.until or {}, ("until",)))
    place = next((place for name, place in written if name in names[:1]), ("when",))
    yield Fault("unreachable", place, found=", ".join(names) or "any: []")


def _always_resting(rule: Rule, present: tuple[str, ...]) -> Iterator[Fault]:
    """A clock that stands still for as long as its rule could fire."""
    rests = rule.rests_while
    if rests is not None and not can_hold(rule.on, AllOf((rule.fires_while, Not(rests))), present):
        yield Fault("rests_always", ("rests", "while"), _names_of(rests))


def _names_of(condition: AllOf) -> str:
    return ", ".join(dict.fromkeys(name for each in comparisons(condition) for name in each.fields))


def _never_recorded(policy: Policy, rule: Rule) -> Iterator[Fault]:
    recorded = recorded_fields(policy, rule.on)

    def unknown(name: str) -> bool:
        return name not in recorded and not name.startswith(CUSTOM_PREFIX)

    if rule.since_fields and all(map(unknown, rule.since_fields)):
        yield Fault("never_recorded", ("since",), ", ".join(rule.since_fields), about=rule.on)
    rests = {} if rule.rests is None else getattr(rule.rests, "while")
    for name, place in (
        *_named_fields(rule.when, ("when",)), *_named_fields(rule.until or {}, ("until",)),
        *_named_fields(rests, ("rests", "while")),
    ):  # fmt: skip
        if unknown(name):
            yield Fault("never_recorded", place, name, about=rule.on)


def _never_lifted(rule: Rule) -> Iterator[Fault]:
    for name in impossible_fields(rule):
        yield Fault("never_lifted", _place_of(rule.when, name, ("when",)), name, askable(rule.on), about=rule.on)


def _never_passed(policy: Policy, stage: Stage, position: int) -> Iterator[Fault]:
    """Conditions of a stage that nothing asks for, that cannot hold, or that wait for what nothing records."""
    if position == 0 and stage.entering.items:
        yield Fault("first_not_entered", ("enter",), about=stage.id)
    recorded = recorded_fields(policy, "opportunity")
    for key, written, condition in (("enter", stage.enter, stage.entering), ("leave", stage.leave, stage.leaving)):
        for name, place in _named_fields(written or {}, (key,)):
            if name not in recorded and not name.startswith(CUSTOM_PREFIX):
                yield Fault("never_recorded", place, name, about="opportunity")
        if not can_hold("opportunity", condition):
            names = contradiction("opportunity", condition)
            yield Fault("never_passed", (key,), ", ".join(names) or "any: []", about=stage.id)
        for name in never_there("opportunity", AllOf((Not(condition),))):
            yield Fault("never_lifted", _place_of(written, name, (key,)), name, askable("opportunity"), about="opportunity")


def _no_such_stages(policy: Policy, rule: Rule) -> Iterator[Fault]:
    """Stages, by their number, that a condition compares with or an effect sets, and the policy does not have."""
    if rule.on != "opportunity":
        return
    last = len(policy.stages)
    there = tuple(f"{number} ({stage.id})" for number, stage in enumerate(policy.stages, start=1))

    def fault(number: float, place: tuple[str | int, ...]) -> Fault:
        return Fault("no_such_stage", place, f"{number:g}", there)

    compared = [each for each in comparisons(rule.fires_while) for name in each.fields if name == "stage"]
    written = (*_named_fields(rule.when, ("when",)), *_named_fields(rule.until or {}, ("until",)))
    places = [place for name, place in written if name == "stage"]
    for comparison, place in zip(compared, places, strict=True):
        for number in map(float, comparison.values if comparison.op not in ("missing", "present") else ()):
            # Of "> 5" and "< 1" the stages that it speaks of begin beside the number.
            beside = {"gt": number + 1, "lt": number - 1}.get(comparison.op, number)
            outside = [each for each in (number, beside) if each not in range(1, last + 1)]
            if outside:
                yield fault(outside[0], place)
    for effect in rule.effects:
        if effect.code == "field_set" and effect.field == "stage" and effect.value not in range(1, last + 1):
            yield fault(float(effect.value), ("then",))


def _escalations_before_notices(active: list[tuple[int, Rule]]) -> Iterator[Fault]:
    for (position, escalation), (_, notice) in permutations(active, 2):
        same_clock = escalation.since_fields == notice.since_fields and escalation.on == notice.on and escalation.since
        if not (same_clock and _does(escalation, "escalated") and _does(notice, *_NOTICES)):
            continue
        if _does(notice, "escalated") or not _surely_shorter(escalation.delay, notice.delay):
            continue
        if can_hold(escalation.on, AllOf((escalation.predicate, notice.predicate)), escalation.since_fields[:1]):
            yield Fault(
                "escalation_before_notice",
                ("rules", position, "after"),
                escalation.after,
                (f">= {notice.after}",),
                about=notice.id,
            )


def _does(rule: Rule, *codes: str) -> bool:
    return any(effect.code in codes for effect in rule.effects)


def _surely_shorter(first: Delay, second: Delay) -> bool:
    """Whether the first delay ends before the second whatever the calendar."""
    if first.unit == second.unit:
        return first.amount < second.amount
    # Open hours and business days take at least their length of running time, and no upper bound is known.
    return first.unit == "ms" and first.amount < second.amount * (DAY if second.unit == "bd" else 1)


def _named_fields(when: Any, place: tuple[str | int, ...]) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    for name, value in when.items():
        if name in ("any", "all"):
            for position, part in enumerate(value):
                yield from _named_fields(part, (*place, name, position))
        elif name == "not":
            yield from _named_fields(value, (*place, name))
        else:
            yield name, (*place, name)
            if (other := other_field(value)) is not None:
                yield other, (*place, name)


def _place_of(when: Any, name: str, place: tuple[str | int, ...]) -> tuple[str | int, ...]:
    return next(found for each, found in _named_fields(when, place) if each == name)
