"""What the person in the manager's chair may decide on a Monday, and how it changes the policy."""

from policies.documents.loader import load_policy
from policies.language.duration import DAY
from policies.language.policy import Policy
from policies.language.quantities import Section, described
from policies.language.sections import RoutingMethod
from policies.language.target_sections import Cadence

FREEZE_RULE = "freeze-idle"


class Decision(Section):
    """Settings to change from this Monday on; None leaves a setting as it is."""

    cadence: Cadence | None = described(None, "period", "how long a target runs", "目标周期")
    stretch: float | None = described(
        None, "multiple", "target as a multiple of what the method gives", "目标相对测算值的倍数", ge=0.5, le=2.0
    )
    freeze_days: int | None = described(
        None, "days", "days without action until a deal is frozen; 0 for never", "无动作多少天后冻结，0 为不冻结", ge=0, le=60
    )
    routing: RoutingMethod | None = described(None, "method", "who gets a lead", "线索分配方式")
    coaching_hours: float | None = described(
        None, "hours per rep and month", "coaching per rep and month", "每人每月辅导小时数", ge=0.0, le=16.0
    )

    @property
    def empty(self) -> bool:
        """Whether it leaves everything as it is."""
        return not self.model_dump(exclude_none=True)


def settings_now(policy: Policy) -> Decision:
    """The present value of everything that can be decided."""
    return Decision(
        cadence=policy.targets.cadence,
        stretch=policy.targets.level.stretch,
        freeze_days=_freeze_days(policy),
        routing=policy.routing.method,
        coaching_hours=policy.coaching.hours_per_rep_month,
    )


def changes(policy: Policy, wanted: Decision) -> Decision:
    """What of the wanted settings differs from the policy's; the rest is None."""
    now = settings_now(policy).model_dump()
    differing = {name: value for name, value in wanted.model_dump(exclude_none=True).items() if value != now[name]}
    return Decision(**differing)


def decided(policy: Policy, decision: Decision) -> Policy:
    """The policy after a decision; the same one when nothing differs."""
    decision = changes(policy, decision)
    if decision.empty:
        return policy
    data = policy.model_dump()
    if decision.cadence is not None:
        data["targets"]["cadence"] = decision.cadence
    if decision.stretch is not None:
        data["targets"]["level"]["stretch"] = decision.stretch
    if decision.routing is not None:
        data["routing"]["method"] = decision.routing
    if decision.coaching_hours is not None:
        data["coaching"]["hours_per_rep_month"] = decision.coaching_hours
    if decision.freeze_days is not None:
        data["rules"] = _with_freeze(policy, data["rules"], decision.freeze_days)
    return Policy.model_validate(data)


def _freeze_days(policy: Policy) -> int:
    for rule in policy.rules:
        if rule.id == FREEZE_RULE and rule.mode == "live":
            return rule.delay.amount if rule.delay.unit == "bd" else round(rule.delay.amount / DAY)
    return 0


def _with_freeze(policy: Policy, rules: list[dict], days: int) -> list[dict]:
    change = {"mode": "live", "after": f"{days}d"} if days else {"mode": "off"}
    if any(rule.id == FREEZE_RULE for rule in policy.rules):
        return [rule | change if rule["id"] == FREEZE_RULE else rule for rule in rules]
    return [*rules, load_policy("freeze-15d").rule(FREEZE_RULE).model_dump() | change]
