"""What the generated cases are made of: instants, conditions, effects and entries, few of each, so that they meet.

All instants lie around the Spring Festival of 2026: Friday 13 February, the worked Saturday 14, closed until Monday 23, then
Friday 27, the worked Saturday 28 and the plain Sunday after it.
"""

from policies.duration import DAY, HOUR, MINUTE
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
        {"first_contact_at": "missing"}, {"quote_sent_at": "present"},
    ),
    "lead": (
        {"status": ["new", "open"]}, {"contacted": True}, {"frozen": False}, {"needs_summary": "missing"}, {"flag": "red"},
        {"required": "> 0"}, {"score": "< 50"}, {"assigned_at": "present"},
    ),
    "unit": (
        {"effective_visits": "< 3"}, {"absent": False}, {"flag": "red"}, {"flag": "green"}, {"target": "> 50"},
        {"committed_at": "missing"}, {"required": "> 0"},
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
    "opportunity": ({"days_idle": "> 3"}, {"days_idle": "< 10"}, {"days_idle": "missing"}),
    "lead": ({"days_idle": "> 3"},),
    "unit": ({"behind_pace": "> 20%"}, {"attainment": "< 50%"}, {"behind_pace": "missing"}, {"effective_visits": "< 3"}),
    "request": ({"escalated": False},),
    "customer": ({"days_idle": "> 3"}, {"satisfaction": "< 6"}),
}
PLAIN_EFFECTS = {
    "opportunity": ("freeze",),
    "lead": ("freeze", "reroute"),
    "unit": ({"flag": "green"},),  # nothing of a unit can be frozen
    "request": ({"flag": "green"},),
    "customer": ({"flag": "green"},),
}
REQUIRABLE = {
    "opportunity": ("needs_summary", "stall_reason", "amount", "quote_sent_at"),
    "lead": ("needs_summary", "score"),
    "unit": ("effective_visits", "committed_at"),
    "request": ("promised_at",),
    "customer": ("satisfaction", "service_visit_at"),
}
SETTABLE = {
    "opportunity": ({"frozen": False}, {"amount": 9}, {"stage": 3}, {"status": "lost"}, {"flag": "amber"}),
    "lead": ({"score": 20}, {"frozen": True}),
    "unit": ({"effective_visits": 5}, {"flag": "amber"}),
    "request": ({"escalated": True}, {"status": "withdrawn"}),
    "customer": ({"satisfaction": 9}, {"purchases": 2}),
}
PAYLOADS = {
    "opportunity": (
        ("contact", {}), ("contact", {}), ("attempt", {}), ("document", {}), ("first_contact", {}), ("won", {}), ("lost", {}),
        ("stall_explained", {"stall_reason": 1}), ("needs_recorded", {"needs_summary": 1}), ("field_recorded", {"amount": 1}),
        ("next_step", {"next_step_at": 1}), ("forecast", {"amount": 9}), ("advanced", {"stage": 2}), ("advanced", {"stage": 3}),
        ("field_recorded", {"stall_reason": 1, "amount": 9}),
    ),
    "lead": (
        ("assigned", {}), ("attempt", {}), ("first_contact", {}), ("contact", {}), ("needs_recorded", {"needs_summary": 1}),
        ("field_recorded", {"score": 70}), ("field_recorded", {"score": 10}), ("stall_explained", {"stall_reason": 1}),
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
COMMON_ENTRIES = (("voided", {}), ("voided", {}), ("voided", {}))
FIRST_VALUES = {
    "opportunity": ({}, {"amount": 9, "stage": 1}),
    "lead": ({}, {"score": 30, "source": 3}),
    "unit": ({"target": 100, "attained": 20, "effective_visits": 1, **QUARTER}, {"effective_visits": 1, "level": 0}),
    "request": ({"desk": 1}, {"desk": 0, "promised_at": 1}),
    "customer": ({"satisfaction": 5}, {}),
}
