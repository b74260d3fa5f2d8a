"""What the generated cases are made of: instants, conditions, effects and entries, few of each, so that they meet.

All instants lie around the Spring Festival of 2026: Friday 13 February, the worked Saturday 14, closed until Monday 23, then
Friday 27, the worked Saturday 28 and the plain Sunday after it.
"""

from typing import NamedTuple

from policies.language.duration import DAY, HOUR, MINUTE
from tests.policies.journals import at

DAYS = ("02-13", "02-14", "02-15", "02-16", "02-22", "02-23", "02-24", "02-27", "02-28", "03-01", "03-02")
CLOCKS = ("00:00", "09:00", "10:00", "11:00", "12:00", "13:30", "18:00", "23:00")
INSTANTS = tuple(at(f"2026-{day} {clock}") for day in DAYS for clock in CLOCKS)
UNTIL = at("2026-03-18 10:00") + 1_234_567  # an instant at which nothing falls due
QUARTER = {"period_start_at": float(at("2026-01-01 00:00")), "period_end_at": float(at("2026-04-01 00:00"))}
MONTH = {"period_start_at": float(at("2026-02-01 00:00")), "period_end_at": float(at("2026-03-01 00:00"))}

LATENESS = (0, 0, 0, 0, 0, 0, MINUTE, HOUR, 15 * HOUR, DAY, 3 * DAY, 8 * DAY)
UNIT_NAMES = {0: "north", 1: "south"}
DELAYS = ("0h", "1h", "2h", "1d", "47h", "3d", "1w", "0bd", "1bd", "2bd", "0bh", "1bh", "3bh", "8bh")
AGAIN = ("1h", "1d", "3d", "1bd", "4bh")
SINCE = {  # twice what most records have
    "opportunity": ("opened_at", "opened_at", "last_action_at", "last_action_at", "last_progress_at", "stage_changed_at",
                    "first_contact_at", "reopened_at"),
    "lead": ("registered_at", "registered_at", "last_action_at", "last_action_at", "assigned_at", "first_contact_at",
             "reopened_at"),
    "unit": ("present_since", "present_since", "committed_at"),
    "request": ("requested_at", "answered_at"),
    "customer": ("since_at", "since_at", "delivered_at", "service_visit_at", "last_action_at"),
}  # fmt: skip
COMPARISONS = {
    "opportunity": (
        {"status": "open"}, {"frozen": True}, {"frozen": False}, {"amount": "> 5"}, {"amount": "missing"}, {"amount": [1, 9]},
        {"stage": ">= 2"}, {"stage": "!= 3"}, {"flag": "red"}, {"flag": ["green", "amber"]}, {"flag": "missing"},
        {"needs_summary": "missing"}, {"needs_summary": "present"}, {"required": "> 0"}, {"stall_reason": "missing"},
        {"first_contact_at": "missing"}, {"quote_sent_at": "present"}, {"amount": "> field budget"},
        {"last_action_at": "= field first_contact_at"},
    ),
    "lead": (
        {"status": ["new", "open"]}, {"contacted": True}, {"frozen": False}, {"needs_summary": "missing"}, {"flag": "red"},
        {"required": "> 0"}, {"budget_tier": "< 50"}, {"assigned_at": "present"},
        {"first_contact_at": ">= field assigned_at"},
    ),
    "unit": (
        {"effective_visits": "< 3"}, {"absent": False}, {"flag": "red"}, {"flag": "green"}, {"target": "> 50"},
        {"committed_at": "missing"}, {"required": "> 0"}, {"attained": "< field target"},
    ),
    "request": (
        {"status": "open"}, {"escalated": False}, {"desk": ["legal", "finance"]}, {"promised_at": "missing"},
        {"required": "> 0"},
    ),
    "customer": (
        {"status": "active"}, {"satisfaction": "< 6"}, {"satisfaction": "missing"}, {"delivered_at": "present"},
        {"purchases": ">= 2"}, {"flag": "red"},
    ),
}  # fmt: skip
AT_LOOKS = {
    "opportunity": (
        {"days_idle": "> 3"}, {"days_idle": "< 10"}, {"days_idle": "missing"}, {"days_idle": "> field actions"},
    ),
    "lead": ({"days_idle": "> 3"},),
    "unit": ({"behind_pace": "> 20%"}, {"attainment": "< 50%"}, {"behind_pace": "missing"}, {"effective_visits": "< 3"}),
    "request": ({"escalated": False},),
    "customer": ({"days_idle": "> 3"}, {"satisfaction": "< 6"}),
}
TASK = {"todo": {"for": "director", "title": {"en": "Call them", "zh": "致电客户"}, "within": "2bd"}}
TOLD = (
    TASK, {"assign": "north"}, {"flag": "amber"}, {"flag": "red"}, {"todo": "manager"}, {"notify": "manager"},
    {"escalate": "director"},
)  # fmt: skip
BRIEF = tuple(each for each in TOLD if "assign" not in each)
EFFECTS = {
    "opportunity": (
        *TOLD, "freeze", {"ask_approval": "finance"}, {"assign": "routing"}, {"offer": "return_calculator"},
        {"require": "needs_summary"}, {"require": "stall_reason"}, {"require": "quote_sent_at"},
        {"set": {"frozen": False}}, {"set": {"amount": 9}}, {"set": {"stage": 3}}, {"set": {"status": "lost"}},
    ),
    "lead": (*TOLD, "freeze", "reroute", {"require": "budget_tier"}, {"set": {"budget_tier": 20}}, {"set": {"frozen": False}}),
    "unit": (*BRIEF, {"require": "need_change"}, {"require": "committed_at"}, {"set": {"effective_visits": 5}}),
    "request": (*BRIEF, {"require": "promised_at"}, {"set": {"escalated": True}}, {"set": {"status": "withdrawn"}}),
    "customer": (*TOLD, {"require": "satisfaction"}, {"require": "service_visit_at"}, {"set": {"satisfaction": 9}}),
}  # fmt: skip
PAYLOADS = {
    "opportunity": (
        ("contact", {}), ("attempt", {}), ("document", {}), ("first_contact", {}), ("won", {}), ("lost", {}),
        ("stall_explained", {"stall_reason": 1}), ("needs_recorded", {"needs_summary": 1}), ("field_recorded", {"amount": 1}),
        ("next_step", {"next_step_at": 1}), ("forecast", {"amount": 9}), ("advanced", {"stage": 2}), ("advanced", {"stage": 3}),
        ("field_recorded", {"stall_reason": 1, "amount": 9}), ("field_recorded", {"budget": 5}),
        ("forecast", {"stage": 1, "amount": 9}),
    ),
    "lead": (
        ("assigned", {}), ("attempt", {}), ("first_contact", {}), ("contact", {}), ("needs_recorded", {"needs_summary": 1}),
        ("field_recorded", {"budget_tier": 70}), ("field_recorded", {"budget_tier": 10}),
        ("stall_explained", {"stall_reason": 1}),
        ("next_step", {"next_step_at": 1}), ("converted", {}),
    ),
    "unit": (
        ("counted", {"effective_visits": 1}), ("counted", {"effective_visits": 4}), ("absence_began", {}),
        ("absence_ended", {}), ("attained", {"attained": 10}), ("attained", {"attained": 60}), ("committed", {}),
        ("committed", {}), ("adjusted", {"target": 0}),
        ("target_set", {"target": 100, "attained": 0, **QUARTER}), ("target_set", {"target": 80, "attained": 30, **MONTH}),
    ),
    "request": (("answered", {}), ("withdrawn", {}), ("field_recorded", {"promised_at": 1}), ("field_recorded", {"desk": 3})),
    "customer": (
        ("contact", {}), ("delivered", {}), ("service_visit", {}), ("satisfaction", {"satisfaction": 4}),
        ("satisfaction", {"satisfaction": 8}), ("purchase", {"purchases": 2, "revenue": 50}), ("churned", {}),
    ),
}  # fmt: skip
FIRST_VALUES = {
    "opportunity": ({}, {"amount": 9, "stage": 1}),
    "lead": ({}, {"budget_tier": 30, "source": 3}),
    "unit": ({"target": 100, "attained": 20, "effective_visits": 1, **QUARTER}, {"effective_visits": 1, "level": 0}),
    "request": ({"desk": 1}, {"desk": 0, "promised_at": 1}),
    "customer": ({"satisfaction": 5}, {}),
}


class Theme(NamedTuple):
    """What the rules and entries of a case are drawn from; a narrow theme makes them meet."""

    kind: str
    since: tuple[str, ...]
    when: tuple[dict, ...]
    looks: tuple[dict, ...]  # conditions of periodic rules besides those of `when`
    then: tuple[str | dict, ...]
    entries: tuple[tuple[str, dict], ...]
    first_values: tuple[dict, ...]


VOIDED = ("voided", {})
BROAD = {
    kind: Theme(
        kind, SINCE[kind], COMPARISONS[kind], AT_LOOKS[kind], EFFECTS[kind], (*PAYLOADS[kind], VOIDED), FIRST_VALUES[kind]
    )
    for kind in SINCE
}
ACTIONS = Theme(
    "opportunity",
    since=("last_action_at", "last_action_at", "reopened_at"),
    when=({}, {"frozen": False}, {"frozen": True}),
    looks=({"days_idle": "> 1"}, {"days_idle": "> 2.5"}, {"days_idle": "missing"}),
    then=("freeze", {"notify": "owner"}, {"todo": "owner"}, {"set": {"frozen": False}}),
    entries=(("contact", {}), ("contact", {}), ("stall_explained", {"stall_reason": 1}), VOIDED, VOIDED),
    first_values=({},),
)
CLOSINGS = Theme(
    "opportunity",
    since=("opened_at", "last_action_at"),
    when=({"amount": "> 5"}, {"amount": "< 5"}, {"flag": "red"}, {"flag": "amber"}, {"not": {"flag": "green"}}),
    looks=({"amount": "> 5"}, {"amount": "< 5"}),
    then=({"flag": "amber"}, {"flag": "red"}, {"todo": "owner"}, {"escalate": "director"}, {"set": {"amount": 9}}, TASK),
    entries=(("field_recorded", {"amount": 1}), ("field_recorded", {"amount": 9}), ("contact", {})),
    first_values=({"amount": 1}, {"amount": 9}),
)
REQUIREMENTS = Theme(
    "lead",
    since=("registered_at", "last_action_at"),
    when=({"required": "> 0"}, {"required": 0}, {}, {"status": "open"}),
    looks=({"required": "> 0"},),
    then=(
        {"require": "budget_tier"}, {"require": "last_action_at"}, {"require": "photo"}, {"set": {"budget_tier": 5}},
        {"todo": "owner"}, {"notify": "owner"},
    ),
    entries=(("field_recorded", {"budget_tier": 9}), ("contact", {}), ("first_contact", {}), VOIDED),
    first_values=({"status": 1}, {}),
)  # fmt: skip
LOOKS = Theme(
    "unit",
    since=("present_since",),
    when=({"effective_visits": "< 3"}, {"absent": False}, {"flag": "red"}),
    looks=({"effective_visits": "< 3"}, {"behind_pace": "> 20%"}, {"behind_pace": "> 75%"}, {"attainment": "< 50%"}),
    then=({"notify": "owner"}, {"escalate": "director"}, {"flag": "red"}, {"todo": "owner"}),
    entries=(
        ("counted", {"effective_visits": 1}), ("counted", {"effective_visits": 4}), ("attained", {"attained": 20}),
        ("attained", {"attained": 60}), ("adjusted", {"target": 0}), ("adjusted", {"target": 100}), ("absence_began", {}),
        ("absence_ended", {}), ("target_set", {"target": 80, "attained": 30, **MONTH}),
    ),
    first_values=({"target": 100, "attained": 20, "effective_visits": 1, **QUARTER},),
)  # fmt: skip
STAGES = Theme(
    "opportunity",
    since=("stage_changed_at", "last_progress_at"),
    when=({}, {"stage": ">= 2"}, {"stage": "!= 3"}, {"stage": "missing"}),
    looks=({"stage": ">= 2"},),
    then=({"notify": "owner"}, {"todo": "owner"}, {"set": {"stage": 3}}),
    entries=(
        ("advanced", {"stage": 1}), ("advanced", {"stage": 2}), ("advanced", {"stage": 3}), ("advanced", {}),
        ("field_recorded", {"stage": 1}), ("field_recorded", {"stage": 2}), ("needs_recorded", {"stage": 2}), VOIDED, VOIDED,
    ),
    first_values=({"stage": 1}, {"stage": 2}, {}),
)  # fmt: skip
NARROW = (ACTIONS, CLOSINGS, REQUIREMENTS, LOOKS, STAGES)
