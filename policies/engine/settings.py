"""The settings of a policy as one record of numbers, for compiled code."""

from typing import get_args

import numpy as np

from policies.language.policy import Policy
from policies.language.quantities import minute_of_day
from policies.language.sections import Routing
from policies.language.target_sections import Approver, Cadence, Level, Targets
from policies.record.phases import PHASES, stage_at
from policies.record.records import MAX_STAGES

CADENCES = get_args(Cadence)
VISIBILITIES = get_args(Targets.model_fields["visibility"].annotation)
LEVEL_METHODS = get_args(Level.model_fields["method"].annotation)
REGISTRATIONS = get_args(Routing.model_fields["registration"].annotation)
ROUTING_METHODS = get_args(Routing.model_fields["method"].annotation)
REVIEWS = (None, "day", "week")

_NUMBERS = (
    "cadence",
    "visibility",
    "level_method",
    "stretch",
    "fixed_target",
    "market_correction",
    "core_share",
    "seasonal",
    "ratchet_up",
    "ratchet_down",
    "action_visits",
    "action_quotes",
    "action_upsells",
    "elasticity_day",
    "elasticity_per_quarter",
    "elasticity_evidence",
    "approved_by_manager",
    "approved_by_director",
    "approved_by_finance",
    "moves_reviewed",
    "moves_behind",
    "moves_gives_from",
    "moves_leads_share",
    "moves_presales_hours",
    "moves_by_director",
    "registration",
    "routing_method",
    "route_within_minutes",
    "lead_cap",
    "fields_asked",
    "advanced_fields",
    "recording_reward_day",
    "programme_days",
    "entry_within_hours",
    "entries_day",
    "filled_share",
    "base_month",
    "commission",
    "bonus",
    "accelerator",
    "cap_multiple",
    "pay_cadence",
    "presales_hours",
    "legal_hours",
    "delivery_hours",
    "finance_hours",
    "coaching_hours_rep_month",
    "escalation_hours_week",
    "quiet_start_minute",
    "quiet_end_minute",
    "digest_above",
    "deputy",
    "discount_authority",
    "discount_max",
    "stage_count",
    "expenses_on_record",
    "action_cards",
)

SETTINGS = np.dtype(
    [(name, "f8") for name in _NUMBERS] + [("required", "i8", (MAX_STAGES,)), ("stage_at", "i8", (PHASES,))]
)
"""One record: choices are positions in CADENCES, VISIBILITIES, LEVEL_METHODS, REGISTRATIONS, ROUTING_METHODS and
REVIEWS; shares are
parts of 1, money is per month where the policy says so, hours are open hours, minutes are counted from midnight (-1 for
none). `required` holds for each stage a bit mask of the opportunity columns that must be recorded to leave it, `stage_at` for
each phase of the work the stage that the record of a deal in it has reached."""


def settings(policy: Policy) -> np.recarray:
    """The settings of a policy, shape (1,), dtype SETTINGS."""
    record = np.zeros(1, SETTINGS).view(np.recarray)
    values = {**_target_values(policy), **_routing_values(policy), **_pay_values(policy), **_capacity_values(policy)}
    for name, value in values.items():
        record[name] = value
    record.stage_at[0] = [stage_at(phase, policy.begins) for phase in range(1, PHASES + 1)]
    for stage in range(1, len(policy.stages) + 1):
        record.required[0, stage - 1] = sum(1 << column for column in set(policy.opportunity_columns(stage)))
    return record


def _target_values(policy: Policy) -> dict[str, float]:
    targets = policy.targets
    return {
        "cadence": CADENCES.index(targets.cadence),
        "visibility": VISIBILITIES.index(targets.visibility),
        "level_method": LEVEL_METHODS.index(targets.level.method),
        "stretch": targets.level.stretch,
        "fixed_target": targets.level.fixed_target,
        "market_correction": targets.level.market_correction,
        "core_share": targets.level.core_share,
        "seasonal": targets.level.seasonal,
        "ratchet_up": targets.ratchet.up,
        "ratchet_down": targets.ratchet.down,
        "action_visits": targets.action_units.effective_visits,
        "action_quotes": targets.action_units.tailored_quotes,
        "action_upsells": targets.action_units.upsells,
        "elasticity_day": targets.elasticity.day,
        "elasticity_per_quarter": targets.elasticity.per_quarter,
        "elasticity_evidence": targets.elasticity.evidence == "need_change",
        **{f"approved_by_{role}": role in targets.elasticity.approved_by for role in get_args(Approver)},
        "moves_reviewed": REVIEWS.index(targets.moves.reviewed),
        "moves_behind": targets.moves.behind,
        "moves_gives_from": targets.moves.gives_from,
        "moves_leads_share": targets.moves.leads_share,
        "moves_presales_hours": targets.moves.presales_hours,
        "moves_by_director": targets.moves.decided_by == "director",
    }


def _routing_values(policy: Policy) -> dict[str, float]:
    return {
        "registration": REGISTRATIONS.index(policy.routing.registration),
        "routing_method": ROUTING_METHODS.index(policy.routing.method),
        "route_within_minutes": policy.routing.within_minutes,
        "lead_cap": policy.routing.lead_cap,
        "fields_asked": policy.recording.fields_asked,
        "advanced_fields": policy.recording.advanced_fields,
        "recording_reward_day": policy.recording.reward_day,
        "programme_days": policy.recording.programme_days,
        "entry_within_hours": policy.recording.within_hours,
        "entries_day": policy.recording.entries_day,
        "filled_share": policy.recording.filled,
        "stage_count": len(policy.stages),
    }


def _pay_values(policy: Policy) -> dict[str, float]:
    pay = policy.pay
    return {
        "base_month": pay.base_month,
        "commission": pay.commission,
        "bonus": pay.bonus,
        "accelerator": pay.accelerator,
        "cap_multiple": pay.cap,
        # Without targets nothing can be beaten, so bonus and accelerator have no period unless one is named.
        "pay_cadence": CADENCES.index(pay.period or policy.targets.cadence),
        "discount_authority": policy.discount.authority,
        "discount_max": policy.discount.max,
    }


def _capacity_values(policy: Policy) -> dict[str, float]:
    return {
        **policy.support.model_dump(),
        "coaching_hours_rep_month": policy.coaching.hours_per_rep_month,
        "escalation_hours_week": policy.escalation.hours_per_week,
        "quiet_start_minute": minute_of_day(policy.notices.quiet_from),
        "quiet_end_minute": minute_of_day(policy.notices.quiet_to),
        "digest_above": policy.notices.digest_above,
        "deputy": policy.notices.deputy,
        "expenses_on_record": policy.expenses.approval == "on_record",
        "action_cards": policy.guidance.action_cards,
    }
