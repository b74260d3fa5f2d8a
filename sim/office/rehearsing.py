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
    found += _strange_departments(policy, scenario)
    found += [_one_calendar(unit) for unit in policy.calendars]
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


def _one_calendar(unit: str) -> CannotRehearse:
    return CannotRehearse(
        "calendars",
        f"The calendar of '{unit}' acts live only: everybody in the office works by its one calendar.",
        f"“{unit}”的日历仅在真实环境生效：模拟办公室的所有人使用同一日历。",
    )


def _strange_departments(policy: Policy, scenario: Scenario) -> list[CannotRehearse]:
    """Departments that only the policy or only the office has: a field of the one has no value for the other's."""
    there, found = [each.name for each in scenario.projects.departments], []
    tasks = [each for each in scenario.projects.steps if each.kind == "task"]
    at_work = {
        "task": [each.department for each in tasks], "confirmation": [each for task in tasks for each in task.confirmed_by],
    }  # fmt: skip
    for role, busy in at_work.items():
        kind, field = policy.played.kinds.get(role), policy.played.parts.get((role, "department"))
        if kind is None or field is None or not tasks:
            continue
        name, choices = f"{kind}.{field}", list(policy.kinds[kind].fields[field].choices)
        found += [_no_department(name, each, there) for each in choices if each not in there]
        found += [_no_choice(name, each) for each in dict.fromkeys(busy) if each not in choices]
    return found


def _no_department(name: str, department: str, there: list[str]) -> CannotRehearse:
    return CannotRehearse(
        name,
        f"'{department}' of '{name}' never comes up in this office: its departments are {', '.join(there)}.",
        f"“{name}”的“{department}”在此办公室中不会出现：其部门为{'、'.join(there)}。",
    )


def _no_choice(name: str, department: str) -> CannotRehearse:
    return CannotRehearse(
        name,
        f"'{name}' stays empty where this office's department '{department}' is meant: it is none of the field's choices.",
        f"涉及此办公室的部门“{department}”时“{name}”为空：该部门不在此字段的选项中。",
    )


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
