"""The policy document: everything a manager can decide, as one frozen model."""

import re
from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import accumulate
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationInfo, WithJsonSchema, WrapValidator, field_validator

from policies.documents.errors import Fault, as_validation_error, unknown_name
from policies.language.acting import JUDGED, ONE_CALENDAR, WORDS
from policies.language.calendars import UnitCalendar
from policies.language.effects import Effect
from policies.language.kinds import Kinds, kinds_of, speaking_of
from policies.language.plays import Played, played_by
from policies.language.predicate import CUSTOM_PREFIX, AllOf, comparisons, is_custom, parse_when, read_when
from policies.language.quantities import Identifier, Section, Text, described
from policies.language.rehearsing import CannotRehearse, left_out, stages_left_out
from policies.language.rule import Rule, When
from policies.language.sections import (
    Coaching,
    Discount,
    Escalation,
    Expenses,
    Guardrail,
    Guidance,
    Notices,
    Pay,
    Recording,
    Routing,
    Support,
)
from policies.language.target_sections import Targets
from policies.record.fields import Kind
from policies.record.phases import PHASE_NAMES, Phase, evenly
from policies.record.records import FIELDS, MAX_STAGES
from policies.record.supplying import askable

__all__ = ["CannotRehearse", "Effect", "MOST_RULES", "Policy", "Rule", "Stage", "named_twice"]

MOST_RULES = 62  # one bit each in a 64-bit mask, beside sign and sentinel
FEWEST_STAGES = 1


def named_twice(names: Iterable[str]) -> list[int]:
    """Positions of the names that stood there before."""
    seen: set[str] = set()
    positions = []
    for position, name in enumerate(names):
        if name in seen:
            positions.append(position)
        seen.add(name)
    return positions


def _no_duplicates(items: tuple) -> tuple:
    names = [item.id for item in items]
    faults = [Fault("duplicate_id", (position, "id"), names[position]) for position in named_twice(names)]
    if faults:
        raise as_validation_error(faults)
    return items


def _under_kinds(written: Any, read: Callable[[Any], tuple[Rule, ...]], info: ValidationInfo) -> tuple[Rule, ...]:
    """The rules, read under the kinds that the policy declares; where these are faulty, rules are not judged."""
    if "kinds" not in info.data:
        return ()
    if isinstance(written, (list, tuple)):
        # Rules read before know the kinds of the policy that they were read in.
        again = [isinstance(each, Rule) and bool(info.data["kinds"] or isinstance(each.on, Kind)) for each in written]
        written = [
            each.model_dump(exclude_unset=True) if judged else each for each, judged in zip(written, again, strict=True)
        ]
    with speaking_of(kinds_of(info.data["kinds"])):
        return read(written)


def _not_too_many(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    if len(rules) > MOST_RULES:
        raise as_validation_error([Fault("too_many_rules", found=len(rules), allowed=(f"<= {MOST_RULES}",))])
    return rules


_REQUIRED = [{"enum": list(askable("opportunity"))}, {"type": "string", "pattern": rf"^{re.escape(CUSTOM_PREFIX)}.+$"}]


class Stage(Section):
    """One stage of the pipeline; stages follow each other and none can be skipped (P1)."""

    id: Identifier = described(..., "name", "name of the stage", "阶段名称", acts=WORDS)
    name: Text = described(Text, "text", "name shown to people", "显示名称", acts=WORDS)
    requires: Annotated[
        tuple[str, ...],
        WithJsonSchema({"type": "array", "items": {"anyOf": _REQUIRED}, "uniqueItems": True}),
    ] = described((), "fields of an opportunity", "what must be recorded to leave the stage", "离开本阶段前必须填写的字段")
    enter: When | None = described(
        None, "condition", "what must hold to enter the stage; null for nothing", "进入本阶段须满足的条件；null 为无",
        exclude_if=lambda written: written is None,
    )  # fmt: skip
    leave: When | None = described(
        None, "condition", "what must hold to leave the stage; null for nothing", "离开本阶段须满足的条件；null 为无",
        exclude_if=lambda written: written is None,
    )  # fmt: skip
    begins_with: Phase | None = described(
        None,
        "phase of the work",
        "the work that begins when a deal enters the stage; where no stage says it, stages are laid evenly over the work",
        "商机进入本阶段时开始的工作；各阶段均未写明时，均匀铺在全部工作之上",
        exclude_if=lambda said: said is None,
    )

    @field_validator("requires")
    @classmethod
    def _fields_exist(cls, requires):
        allowed = askable("opportunity")
        faults = [
            unknown_name("stage_not_recordable", name, allowed, location=(position,))
            for position, name in enumerate(requires)
            if name not in allowed and not is_custom(name)
        ]
        if faults:
            raise as_validation_error(faults)
        return requires

    @field_validator("enter", "leave")
    @classmethod
    def _is_a_condition(cls, written):
        faults = [] if written is None else read_when("opportunity", written, timed=True)[1]
        if faults:
            raise as_validation_error(faults)
        return written

    @cached_property
    def entering(self) -> AllOf:
        """What must hold to enter it."""
        return parse_when("opportunity", self.enter or {}, timed=True)

    @cached_property
    def leaving(self) -> AllOf:
        """What must hold to leave it, besides that what it requires is recorded."""
        return parse_when("opportunity", self.leave or {}, timed=True)

    @property
    def custom_fields(self) -> tuple[str, ...]:
        """Fields of the firm's own that it names."""
        named = [name for each in (self.entering, self.leaving) for one in comparisons(each) for name in one.fields]
        return tuple(dict.fromkeys(name for name in (*self.requires, *named) if name.startswith(CUSTOM_PREFIX)))


def _not_too_few_or_many(stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    # Not by bounds of the field: pydantic counts the stages without fault, and would tell one fault twice.
    if not FEWEST_STAGES <= len(stages) <= MAX_STAGES:
        allowed = (f"{FEWEST_STAGES} – {MAX_STAGES}",)
        raise as_validation_error([Fault("out_of_bounds", found=len(stages), allowed=allowed)])
    return stages


def _in_order_of_work(stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    faults, reached = [], 0
    for position, stage in enumerate(stages):
        begun = reached if stage.begins_with is None else PHASE_NAMES.index(stage.begins_with)
        if position == 0 and begun > 0:
            faults.append(Fault("work_not_from_start", (0, "begins_with"), stage.begins_with, PHASE_NAMES[:1], about=stage.id))
            begun = 0
        elif begun < reached:
            allowed = PHASE_NAMES[reached:]
            faults.append(Fault("work_goes_back", (position, "begins_with"), stage.begins_with, allowed, about=stage.id))
        reached = max(reached, begun)
    if faults:
        raise as_validation_error(faults)
    return stages


_DEFAULT_STAGES = (
    ("needs_discovery", "Needs discovery", "需求挖掘", ("needs_summary",)),
    ("solution_match", "Solution match", "方案匹配", ("pain_points", "proposal_pages")),
    ("value_proof", "Value proof", "价值验证", ("value_proof",)),
    ("negotiation", "Negotiation", "商务谈判", ("decision_maker",)),
    ("contract_delivery", "Contract and delivery", "签约交付", ("contract_file",)),
)


def default_stages() -> tuple[Stage, ...]:
    """The five stages that most firms use (P1)."""
    return tuple(Stage(id=id, name=Text(en=en, zh=zh), requires=requires) for id, en, zh, requires in _DEFAULT_STAGES)


def resting_kinds(policy: "Policy") -> set[str]:
    """Kinds of record of which the past decides how long a rule's clock has rested."""
    resting = [rule for rule in policy.rules if rule.rests is not None and rule.mode != "off"]
    absent = {"unit"} if any(rule.rests_absent for rule in resting) else set()
    return {str(rule.on) for rule in resting} | absent


class Policy(Section):
    """Everything a manager can decide: stages, targets, routing, rules, pay and the rest."""

    name: Identifier = described(..., "name", "name of the policy", "制度名称", acts=WORDS)
    extends: str | None = described(None, "name or path", "policy whose settings this one changes", "所继承的制度", acts=WORDS)
    title: Text = described(Text, "text", "title shown to people", "显示标题", acts=WORDS)
    summary: Text = described(Text, "text", "one or two sentences on what it is for", "一两句话说明用途", acts=WORDS)
    stages: Annotated[
        tuple[Stage, ...],
        AfterValidator(_no_duplicates),
        AfterValidator(_not_too_few_or_many),
        AfterValidator(_in_order_of_work),
    ] = Field(
        default_factory=default_stages,
        description="stages in order",
        json_schema_extra={"unit": "stages", "en": "stages in order", "zh": "按顺序的阶段"},
    )
    kinds: Kinds = described(
        dict,
        "kinds of record",
        "kinds of record of the firm's own, with fields and links, and counts over links",
        "企业自有的记录类型、字段与链接，以及沿链接的统计",
    )
    targets: Targets = described(Targets, "section", "what is asked of reps", "目标")
    routing: Routing = described(Routing, "section", "how leads reach reps", "线索分配")
    rules: Annotated[
        tuple[Rule, ...], WrapValidator(_under_kinds), AfterValidator(_no_duplicates), AfterValidator(_not_too_many)
    ] = described(
        (), "rules", "process rules in order", "流程规则，按顺序"
    )
    recording: Recording = described(Recording, "section", "what reps must enter and what it earns", "记录要求与奖励")
    pay: Pay = described(Pay, "section", "what reps earn", "薪酬")
    support: Support = described(Support, "section", "promised times of support desks", "支持部门承诺时间")
    expenses: Expenses = described(Expenses, "section", "how expenses are approved", "费用审批")
    guidance: Guidance = described(Guidance, "section", "what the firm's experience tells a rep", "行动指引")
    coaching: Coaching = described(Coaching, "section", "manager's time for coaching", "辅导时间")
    escalation: Escalation = described(Escalation, "section", "manager's time for escalations", "升级处理时间")
    notices: Notices = described(Notices, "section", "when notices reach people", "通知方式")
    calendars: dict[str, UnitCalendar] = described(
        dict, "units", "calendars of units that differ from the firm's, by the unit's name; units below inherit them",
        "与公司日历不同的单位（按单位名称），下级单位沿用", acts=ONE_CALENDAR, exclude_if=lambda told: not told,
    )  # fmt: skip
    discount: Discount = described(Discount, "section", "how far prices may be lowered", "折扣权限")
    guardrails: tuple[Guardrail, ...] = described(
        (), "guardrails", "metrics that must not be harmed", "不得损害的指标", acts=JUDGED
    )

    def rule(self, rule_id: str) -> Rule:
        """The rule of that id; KeyError when there is none."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)

    @cached_property
    def record_kinds(self) -> dict[str, Kind]:
        """The kinds of record that the policy declares, or to which it adds counts, by name."""
        return kinds_of(self.kinds)

    def kind(self, name: str) -> str:
        """A kind of record by its name, with the fields that it has under this policy."""
        return self.record_kinds.get(name, name)

    @cached_property
    def cannot_rehearse(self) -> list[CannotRehearse]:
        """Rules that the simulated office leaves out, and why."""
        asked = [name for stage in self.stages for name in stage.requires]
        own = {stage.id: stage.custom_fields for stage in self.stages}
        return [*left_out(self.rules, asked, self.played), *stages_left_out(own)]

    @cached_property
    def played(self) -> Played:
        """What the simulated office keeps of the kinds that the policy declares."""
        return played_by(self.kinds, self.record_kinds)

    @property
    def rehearsed(self) -> "Policy":
        """The policy as the simulated office runs it: the rules that it leaves out are off."""
        left = {reason.rule for reason in self.cannot_rehearse}
        if not left:
            return self
        rules = tuple(rule.model_copy(update={"mode": "off"}) if rule.id in left else rule for rule in self.rules)
        return self.model_copy(update={"rules": rules})

    @property
    def begins(self) -> tuple[int, ...]:
        """The phase of the work (from 1) with which each stage begins; see `policies.record.phases`."""
        if not any(stage.begins_with for stage in self.stages):
            return evenly(len(self.stages))
        said = [PHASE_NAMES.index(stage.begins_with or PHASE_NAMES[0]) + 1 for stage in self.stages]
        return tuple(accumulate(said, max))

    def opportunity_columns(self, stage: int) -> tuple[int, ...]:
        """Columns of an opportunity that must be recorded to leave a stage, counted from 1."""
        names = [field.name for field in FIELDS["opportunity"]]
        return tuple(names.index(name) for name in self.stages[stage - 1].requires if name in names)
