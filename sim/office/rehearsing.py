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
    regions = region_names(scenario)
    found += [_no_region(name) for name in policy.targets.level.market_by_region if name not in regions]
    return found


def _no_expenses(name: str) -> CannotRehearse:
    return CannotRehearse(
        name,
        f"'{name}' does nothing in this office: its visits and negotiations cost no money (deals.expense_share is 0).",
        f"“{name}”在此办公室中不起作用：拜访与谈判不产生费用（deals.expense_share 为 0）。",
    )


def _no_region(name: str) -> CannotRehearse:
    return CannotRehearse(
        "targets.level.market_by_region",
        f"The market correction of '{name}' does nothing in this office: it has no region of that name.",
        f"“{name}”的市场修正在此办公室中不起作用：没有该名称的区域。",
    )
