"""What of a policy a given office cannot rehearse: rules that no office has, and settings that this one has no use for."""

from policies.language.policy import Policy
from policies.language.rehearsing import CannotRehearse
from sim.office.engine.build import region_names
from sim.office.scenario import Scenario


def not_rehearsed(policy: Policy, scenario: Scenario) -> list[CannotRehearse]:
    """Rules and settings that the office leaves out, and why."""
    found = list(policy.cannot_rehearse)
    if scenario.deals.expense_share == 0.0:
        found += [_no_expenses(rule.id) for rule in policy.rules if rule.before == "expense" and rule.mode != "off"]
        if policy.expenses.approval != "finance":
            found.append(_no_expenses("expenses.approval"))
    found += _nothing_to_record(policy, scenario)
    regions = region_names(scenario)
    found += [_no_region(name) for name in policy.targets.level.market_by_region if name not in regions]
    return found


def _no_expenses(name: str) -> CannotRehearse:
    return CannotRehearse(
        name,
        f"'{name}' does nothing in this office: its visits and negotiations cost no money (deals.expense_share is 0).",
        f"“{name}”在此办公室中不起作用：拜访与谈判不产生费用（deals.expense_share 为 0）。",
    )


def _nothing_to_record(policy: Policy, scenario: Scenario) -> list[CannotRehearse]:
    """Rules on records of things that happen in other offices only."""
    has = {each.kind for each in scenario.projects.steps} | ({"works"} if scenario.production.units_per_week else set())
    left = {each.rule for each in policy.cannot_rehearse}
    idle = {kind for role, kind in policy.played.kinds.items() if _PART_OF[role] not in has}
    return [
        CannotRehearse(
            rule.id,
            f"Rule '{rule.id}' does nothing in this office: it has no projects or no works of that kind.",
            f"规则“{rule.id}”在此办公室中不起作用：该办公室没有这类项目或生产。",
        )
        for rule in policy.rules
        if rule.on in idle and rule.mode != "off" and rule.id not in left
    ]


_PART_OF = {
    "milestone": "milestone", "deliverable": "milestone", "invoice": "milestone", "task": "task", "precedence": "task",
    "confirmation": "task", "week": "works", "promise": "works",
}  # fmt: skip


def _no_region(name: str) -> CannotRehearse:
    return CannotRehearse(
        "targets.level.market_by_region",
        f"The market correction of '{name}' does nothing in this office: it has no region of that name.",
        f"“{name}”的市场修正在此办公室中不起作用：没有该名称的区域。",
    )
