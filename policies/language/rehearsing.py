"""Why the simulated office leaves a rule out: fields, steps or instants that it does not have."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from policies.checks.satisfiable import can_hold
from policies.language.acting import OFFERED
from policies.language.effects import BY_ROUTING
from policies.language.plays import GATES_PLAYED, NOTHING, Played
from policies.language.predicate import AllOf, Comparison, Not, asked_fields, comparisons
from policies.language.rule import Rule
from policies.record.records import FIELDS, GATES_OF, built_as, field, fields_of
from policies.record.supplying import AT_CREATION, GATES_IN_OFFICE, NOT_IN_OFFICE, comes_by_itself, supplied_on
from policies.words.kind_words import kind_words
from policies.words.vocabulary import CHOICES, FIELD_NAMES, FLAG_WORDS, KINDS

_REACHED_AND_OPEN = AllOf((Comparison("status", "eq", 1.0), Comparison("contacted", "eq", 1.0)))

_REP = re.compile(r"rep-[1-9]\d*")
"""Names of those who sell in the office."""


class CannotRehearse(NamedTuple):
    """A rule that runs live only, and why."""

    rule: str
    en: str
    zh: str


def left_out(rules: Sequence[Rule], stages_require: Iterable[str], played: Played = NOTHING) -> list[CannotRehearse]:
    """The rules in force that the simulated office leaves out; `stages_require` are fields that stages ask for, `played` says
    which of the firm's own records the office keeps."""
    asked = {kind: set(_asked(rules, kind)) for kind in FIELDS}
    asked["opportunity"].update(stages_require)
    reasons = (_reason(rule, asked.get(rule.on, set()), played) for rule in rules if rule.mode != "off")
    return [reason for reason in reasons if reason is not None]


def stages_left_out(custom: Mapping[str, Sequence[str]]) -> list[CannotRehearse]:
    """What stages ask of fields of the firm's own, by id of the stage: the office passes them without."""
    return [
        CannotRehearse(
            f"stage {stage}",
            f"The stage '{stage}' asks for {', '.join(names)}, which the simulated office does not record: there it is "
            "passed without.",
            f"阶段“{stage}”要求 {'、'.join(names)}，模拟办公室不记录这些字段，因此不作此要求。",
        )
        for stage, names in custom.items() if names
    ]  # fmt: skip


def _asked(rules: Sequence[Rule], kind: str) -> Iterable[str]:
    for rule in rules:
        if rule.on == kind and rule.mode == "live":
            yield from (each.field for each in rule.effects if each.field)
            yield from asked_fields(rule.predicate) if rule.before in GATES_IN_OFFICE.get(kind, ()) else ()


def impossible_fields(rule: Rule) -> tuple[str, ...]:
    """Fields that a gate waits for although nobody can record them before the step: it would refuse for ever.

    Empty where something that can be recorded lifts the gate, or where no such field is what it refuses for.
    """
    return () if rule.before is None else never_there(rule.on, rule.predicate)


def never_there(kind: str, predicate: AllOf) -> tuple[str, ...]:
    """Fields for want of which a step is refused while this condition holds, for ever because nobody can record them."""
    fields = [each.name for each in fields_of(kind)]
    named = [name for name in asked_fields(predicate) if name in fields]
    never = {name for name in named if name not in supplied_on(kind) and not comes_by_itself(kind, name)}
    refuses = _stays(predicate, lambda name: name in never)
    without = _stays(predicate, lambda _name: False)
    return tuple(dict.fromkeys(name for name in named if name in never)) if refuses and not without else ()


def _stays(node: Any, absent_for_good: Callable[[str], bool], wanted: bool = True) -> bool:
    """Whether a condition keeps its value `wanted` on some record whatever is recorded: values are as bad as can be, what can
    be asked for is there."""
    if isinstance(node, Comparison):
        # A flag is recorded as true, so that wanting it true is wanting it there.
        there = node.op == "present" or (node.op == "eq" and node.value == 1.0 and node.field in FLAG_WORDS)
        needs_absence = node.op == "missing" if wanted else there
        return absent_for_good(node.field) if needs_absence else True
    if isinstance(node, Not):
        return _stays(node.item, absent_for_good, not wanted)
    every = isinstance(node, AllOf) == wanted
    return (all if every else any)(_stays(item, absent_for_good, wanted) for item in node.items)


def _reason(rule: Rule, asked: set[str], played: Played) -> CannotRehearse | None:
    if rule.before is not None and rule.before not in GATES_OF[built_as(rule.on)]:
        return _never_fires(rule)
    if built_as(rule.on) == "own":
        return _reason_of_own(rule, played)
    unkept = [name for name in rule.declared_fields if (str(rule.on), name) not in played.fields]
    if unkept:
        return _does_not_record(rule, *field_names(rule.on, unkept))
    if rule.custom_fields:
        return _does_not_record(rule, ", ".join(rule.custom_fields), "、".join(rule.custom_fields))
    owners = [str(each.value) for each in rule.effects if each.code == "passed_on"]
    if strangers := [name for name in owners if not _is_of_the_office(name)]:
        return CannotRehearse(
            rule.id,
            f"Rule '{rule.id}' cannot be rehearsed: '{strangers[0]}' does not work in the simulated office, whose people "
            "are rep-1, rep-2 and so on. It runs live only.",
            f"规则“{rule.id}”无法预演：模拟办公室中没有“{strangers[0]}”，其人员为 rep-1、rep-2 等。"
            "该规则只在真实环境中运行。",
        )
    if rule.on == "customer" and owners:
        return CannotRehearse(
            rule.id,
            f"Rule '{rule.id}' cannot be rehearsed: in the simulated office a customer changes hands only when somebody "
            "leaves. It runs live only.",
            f"规则“{rule.id}”无法预演：模拟办公室中只有人员离职时客户才会易手。"
            "该规则只在真实环境中运行。",
        )
    if rule.before is not None and rule.before not in GATES_IN_OFFICE.get(rule.on, ()):
        return _never_at_the_step(rule, *KINDS[rule.on])
    if rule.before == "create" and _stays(rule.predicate, lambda name: supplied_on(rule.on).get(name) not in AT_CREATION):
        return CannotRehearse(
            rule.id,
            f"Rule '{rule.id}' is left out of the rehearsal: what it refuses to create is in the simulated office whatever is "
            "entered. It runs live only.",
            f"预演未包含规则“{rule.id}”：无论填写什么，它拒绝新建的记录在模拟办公室中仍会出现。该规则只在真实环境中运行。",
        )
    if rule.effects and all(each.code == "offered" for each in rule.effects):
        return CannotRehearse(
            rule.id,
            f"Rule '{rule.id}' cannot be rehearsed: {OFFERED['en']}. It runs live only.",
            f"规则“{rule.id}”无法预演：{OFFERED['zh']}。该规则只在真实环境中运行。",
        )
    if names := impossible_fields(rule):
        en, zh = field_names(rule.on, names)
        return CannotRehearse(
            rule.id,
            f"Rule '{rule.id}' is left out of the rehearsal: nobody can record {en} before the step, so that it would refuse "
            "for ever.",
            f"预演未包含规则“{rule.id}”：在这一步之前没有人能填写 {zh}，该规则会一直拒绝。",
        )
    if rule.on == "lead" and not can_hold("lead", AllOf((rule.predicate, Not(_REACHED_AND_OPEN)))):
        return CannotRehearse(
            rule.id,
            f"Rule '{rule.id}' cannot be rehearsed: in the simulated office a lead that was reached becomes an opportunity or "
            "is closed at once. It runs live only; a rule on opportunities is rehearsed.",
            f"规则“{rule.id}”无法预演：模拟办公室中已接触的线索会立即转为商机或关闭。该规则只在真实环境中运行；针对商机的规则可以预演。",
        )
    absent = set(NOT_IN_OFFICE[rule.on]) - asked
    resting = dict.fromkeys(name for each in comparisons(rule.rests_while or AllOf()) for name in each.fields if name in absent)
    if resting:
        return _does_not_record(rule, *field_names(rule.on, resting))
    named = [name for name in rule.since_fields if name in absent]
    if len(named) < len(rule.since_fields) or not named:
        named = [name for each in comparisons(rule.predicate) for name in each.fields if name in absent]
        if not named or can_hold(rule.on, rule.predicate, missing=absent):
            return None
    return _does_not_record(rule, *field_names(rule.on, dict.fromkeys(named)))


def _is_of_the_office(name: str) -> bool:
    return name == BY_ROUTING or _REP.fullmatch(name) is not None


def _never_at_the_step(rule: Rule, en: str, zh: str) -> CannotRehearse:
    step = CHOICES[str(rule.before)]
    return CannotRehearse(
        rule.id,
        f"Rule '{rule.id}' cannot be rehearsed: in the simulated office {en} never comes to the step ‘{step[0]}’. "
        "It runs live only.",
        f"规则“{rule.id}”无法预演：模拟办公室中的{zh}不经过“{step[1]}”这一步。该规则只在真实环境中运行。",
    )


def _never_fires(rule: Rule) -> CannotRehearse:
    step = CHOICES[str(rule.before)]
    return CannotRehearse(
        rule.id,
        f"Rule '{rule.id}' cannot be rehearsed, and never fires live either: such records never come to the step ‘{step[0]}’.",
        f"规则“{rule.id}”无法预演，在真实环境中也永远不会触发：此类记录不经过“{step[1]}”这一步。",
    )


def _reason_of_own(rule: Rule, played: Played) -> CannotRehearse | None:
    """Of a rule on a kind that the policy declares: the office keeps what plays one of its things, and of it what plays a
    part."""
    role = next((role for role, kind in played.kinds.items() if kind == rule.on), None)
    if role is None:
        return CannotRehearse(
            rule.id,
            f"Rule '{rule.id}' cannot be rehearsed: nobody in the simulated office keeps records of the kind "
            f"‘{kind_words(rule.on, 'en')}’, which plays none of its things. It runs live only.",
            f"规则“{rule.id}”无法预演：“{kind_words(rule.on, 'zh')}”未对应模拟办公室中的任何事物，其中不产生此类记录。"
            "该规则只在真实环境中运行。",
        )
    if rule.before is not None and rule.before not in GATES_PLAYED.get(role, ()):
        return _never_at_the_step(rule, kind_words(rule.on, "en"), kind_words(rule.on, "zh"))
    if rule.custom_fields:
        return _does_not_record(rule, ", ".join(rule.custom_fields), "、".join(rule.custom_fields))
    required = [each.field for each in rule.effects if each.code == "field_required"]
    unkept = [name for name in rule.named_fields if (str(rule.on), name) not in played.fields]
    missing = dict.fromkeys((*unkept, *required))
    return _does_not_record(rule, *field_names(rule.on, missing)) if missing else None


def field_names(kind: str, names: Iterable[str]) -> tuple[str, str]:
    """What people call these fields, in English and Chinese."""
    abouts = [field(kind, name) for name in names]
    return ", ".join(FIELD_NAMES.get(each.name, each.en) for each in abouts), "、".join(each.zh for each in abouts)


def _does_not_record(rule: Rule, en: str, zh: str) -> CannotRehearse:
    return CannotRehearse(
        rule.id,
        f"Rule '{rule.id}' cannot be rehearsed: the simulated office does not record {en}. It runs live only.",
        f"规则“{rule.id}”无法预演：模拟办公室不记录 {zh}。该规则只在真实环境中运行。",
    )
