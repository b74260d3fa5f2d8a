"""Proposals of an audit: what to drop or to loosen, why, and the policy that would come of it, to be rehearsed first."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from coach.auditing.fields import FieldAudit
from coach.auditing.rules import RuleAudit
from policies.language.policy import Policy
from policies.scores.score import Words

DROP, LOOSEN = "drop", "loosen"
FEWEST_FIRINGS, FEWEST_PEOPLE, FEWEST_RECORDS = 20, 3, 10
FOLLOWED_AT_LEAST, FILLED_AT_LEAST, AGAINST_AT_LEAST = 0.2, 0.3, 0.5


class Proposal(NamedTuple):
    """What to change; `document`: the whole policy with the change, under a name of its own."""

    name: str
    action: str
    what: str
    kind: str
    why: Words
    document: Policy


def proposals(policy: Policy, rules: Sequence[RuleAudit], fields: Sequence[FieldAudit], since: int) -> list[Proposal]:
    """All of them: rules first, each at most once."""
    told = [_of_rule(policy, each, since) for each in rules] + [_of_field(policy, each) for each in fields]
    return [each for each in told if each is not None]


def _of_rule(policy: Policy, rule: RuleAudit, since: int) -> Proposal | None:
    against, people = rule.said["in_the_way"] + rule.said["wrong"], sum(rule.said.values())
    if people >= FEWEST_PEOPLE and against >= AGAINST_AT_LEAST * people and rule.mode == "live":
        why = Words(
            f"{against} of {people} who said something say that it is wrong or in the way",
            f"{people} 条评价中有 {against} 条认为规则有误或碍事",
        )
        return _changed(policy, LOOSEN, rule.rule, "rule", why, lambda told: _with_rule(told, rule.rule, mode="shadow"))
    whole_period = rule.in_force_since is not None and rule.in_force_since <= since
    if not rule.fired and not rule.shadow and not rule.gate and whole_period:
        why = Words("it never fired in the whole period", "整个期间从未触发")
        return _changed(policy, DROP, rule.rule, "rule", why, lambda told: _without_rule(told, rule.rule))
    share = rule.share
    if rule.old_enough >= FEWEST_FIRINGS and share is not None and share < FOLLOWED_AT_LEAST and rule.mode == "live":
        why = Words(
            f"only {share:.0%} of {rule.old_enough} firings were followed by an action within seven days",
            f"{rule.old_enough} 次触发中，七天内有后续动作的仅 {share:.0%}",
        )
        return _changed(policy, LOOSEN, rule.rule, "rule", why, lambda told: _with_rule(told, rule.rule, mode="shadow"))
    return None


def _of_field(policy: Policy, field: FieldAudit) -> Proposal | None:
    if not field.of_stages or field.records < FEWEST_RECORDS:
        return None
    if not field.used_by:
        why = Words(
            f"no rule, score or model uses it; entered {field.entries} times",
            f"没有规则、评分或模型使用；录入 {field.entries} 次",
        )
        return _changed(policy, DROP, field.field, "field", why, lambda told: _without_field(told, field.field))
    if field.share is not None and field.share < FILLED_AT_LEAST:
        why = Words(
            f"it is there on {field.filled} of {field.records} deals that have left the stage: a rule that most get around",
            f"已离开该阶段的 {field.records} 个商机中仅 {field.filled} 个填写：多数绕过了要求",
        )
        return _changed(policy, LOOSEN, field.field, "field", why, lambda told: _without_field(told, field.field))
    return None


def _changed(
    policy: Policy, action: str, what: str, kind: str, why: Words, change: Callable[[dict[str, Any]], dict[str, Any]]
) -> Proposal:
    name = f"{policy.name}-{action}-{what.replace('_', '-').replace('.', '-')}"
    told = change(policy.model_dump(mode="json")) | {"name": name, "extends": None}
    return Proposal(name, action, what, kind, why, Policy.model_validate(told))


def _without_rule(told: dict[str, Any], rule: str) -> dict[str, Any]:
    return told | {"rules": [each for each in told["rules"] if each["id"] != rule]}


def _with_rule(told: dict[str, Any], rule: str, **changed: Any) -> dict[str, Any]:
    return told | {"rules": [each | changed if each["id"] == rule else each for each in told["rules"]]}


def _without_field(told: dict[str, Any], field: str) -> dict[str, Any]:
    stages = [each | {"requires": [name for name in each["requires"] if name != field]} for each in told["stages"]]
    return told | {"stages": stages}
