"""Which fields somebody records under a policy: always, or because the policy asks for them."""

from collections.abc import Iterator

from policies.language.policy import Policy
from policies.language.predicate import asked_fields
from policies.language.rule import Rule
from policies.record.records import known_fields

# Fields that are recorded only where a policy gives a reason; every other field comes with the ordinary events.
ONLY_ON_REQUEST = {
    "lead": ("photo", "product_interest", "stall_reason", "reopened_at", "flag"),
    "opportunity": (
        "pain_points", "proposal_pages", "value_proof", "legal_approval", "contract_file",
        "stall_reason", "reopened_at", "flag",
    ),
    "customer": ("flag",),
    "unit": (
        "target", "attained", "period_start_at", "period_end_at", "committed_at", "behind_pace", "attainment", "rank",
        "effective_visits", "tailored_quotes", "upsells", "adjustments", "need_change",
    ),
    "request": ("promised_at", "flag"),
}  # fmt: skip

_NEED_A_TARGET = ("target", "attained", "period_start_at", "period_end_at", "committed_at", "behind_pace", "attainment")
_ACTION_UNITS = ("effective_visits", "tailored_quotes", "upsells")


def recorded_fields(policy: Policy, kind: str) -> set[str]:
    """Names of the fields of a kind of record that events record, or somebody is asked to record, under a policy."""
    always = {field.name for field in known_fields(kind)}.difference(ONLY_ON_REQUEST.get(kind, ()))
    asked = set(_asked_by_settings(policy, kind))
    for rule in policy.rules:
        if rule.on == kind and rule.mode == "live":
            asked.update(_asked_by_rule(rule))
    return always | asked


def _asked_by_settings(policy: Policy, kind: str) -> Iterator[str]:
    targets = policy.targets
    if kind == "opportunity":
        for stage in policy.stages:
            yield from stage.requires
            for condition in (stage.entering, stage.leaving):
                yield from asked_fields(condition, lifts_when_recorded=False)
    elif kind == "lead" and policy.routing.registration == "on_the_spot":
        yield from ("photo", "product_interest")
    elif kind == "request" and any(policy.support.model_dump().values()):
        yield "promised_at"
    elif kind == "unit":
        if targets.cadence != "none":
            yield from _NEED_A_TARGET
            yield from ("rank",) if targets.visibility != "none" else ()
        yield from (name for name in _ACTION_UNITS if getattr(targets.action_units, name))
        yield from ("adjustments", "need_change") if targets.elasticity.per_quarter else ()


def _asked_by_rule(rule: Rule) -> Iterator[str]:
    for effect in rule.effects:
        if effect.code in ("field_set", "field_required", "approval_asked"):
            yield effect.field
        elif effect.code == "flagged":
            yield "flag"
        elif effect.code == "frozen":
            yield from ("stall_reason", "reopened_at")
    if rule.before is not None:
        # Who is refused because a field is missing, records it.
        yield from asked_fields(rule.predicate)
