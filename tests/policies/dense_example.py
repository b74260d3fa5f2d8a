"""One fixed case that crosses the Spring Festival, a streak, a late entry, a voided entry and a stand-still."""

from policies.language.policy import Policy
from tests.policies.journals import Journal, at, policy_of
from tests.policies.strategies import Case

OPEN = {"status": "open"}
RULES = (
    {
        "id": "freeze-idle",
        "on": "opportunity",
        "when": {"status": "open", "frozen": False},
        "since": {"latest": ["last_action_at", "reopened_at"]},
        "after": "7d",
        "then": ["freeze", {"require": "stall_reason"}],
    },
    {
        "id": "tell-of-freeze",
        "on": "opportunity",
        "when": {"frozen": True},
        "since": "last_action_at",
        "after": "2d",
        "then": [{"notify": "manager"}],
    },
    {
        "id": "first-summary",
        "on": "opportunity",
        "when": {"needs_summary": "missing"},
        "since": "first_contact_at",
        "after": "48h",
        "then": [{"todo": "manager"}],
    },
    {
        "id": "next-step",
        "on": "opportunity",
        "when": {"next_step_at": "missing", **OPEN},
        "since": "first_contact_at",
        "after": "3bd",
        "then": [{"escalate": "director"}, {"flag": "amber"}],
    },
    {
        "id": "stall",
        "on": "opportunity",
        "when": OPEN,
        "since": "last_progress_at",
        "after": "9d",
        "then": [{"notify": "owner"}],
        "mode": "shadow",
    },
    {
        "id": "promised-answer",
        "on": "request",
        "when": OPEN,
        "since": "requested_at",
        "after": "5bh",
        "then": [{"set": {"escalated": True}}, {"escalate": "presales"}],
    },
    {
        "id": "unassigned",
        "on": "lead",
        "when": {"assigned_at": "missing"},
        "since": "registered_at",
        "after": "2h",
        "then": ["reroute", {"notify": "manager"}],
    },
    {
        "id": "behind",
        "on": "unit",
        "every": "week",
        "streak": 2,
        "when": {"behind_pace": "> 20%"},
        "then": [{"flag": "red"}, {"notify": "manager"}],
    },
    {"id": "daily-visits", "on": "unit", "every": "day", "when": {"effective_visits": "< 3"}, "then": [{"todo": "owner"}]},
)
TIMED = tuple(rule["id"] for rule in RULES if rule.get("after", "").endswith(("d", "h")) and not rule["after"].endswith("bd"))
STAND_STILL = ((at("2026-02-25 12:00"), at("2026-02-27 10:00")),)
UNTIL = at("2026-03-20 10:00") + 1


def policy(shifted: str = "") -> Policy:
    """The policy of the example; the rule named `shifted` waits a minute longer."""
    return policy_of(*({**rule, "after": a_minute_longer(rule["after"])} if rule["id"] == shifted else rule for rule in RULES))


def a_minute_longer(after: str) -> str:
    """The same delay and a minute: `2d` is `2881min`, `5bh` is five open hours and a minute."""
    if after.endswith("bh"):
        return f"{(int(after[:-2]) * 60 + 1) / 60:.6f}bh"
    return f"{int(after[:-1]) * {'d': 24, 'h': 1}[after[-1]] * 60 + 1}min"


def case(shifted: str = "") -> Case:
    """The example as a case."""
    return Case(policy(shifted), tuple(_journal()), STAND_STILL)


def _journal() -> Journal:
    journal = Journal()
    quarter = {"period_start_at": at("2026-01-01 00:00"), "period_end_at": at("2026-04-01 00:00")}
    journal.add("2026-02-02 00:00", "registered", 0, kind="unit", target=100, attained=10, effective_visits=4, **quarter)
    journal.add("2026-02-12 09:00", "registered", 1, kind="opportunity")
    journal.add("2026-02-12 09:00", "registered", 2, kind="opportunity")
    journal.add("2026-02-12 10:00", "first_contact", 1)
    journal.add("2026-02-12 10:00", "first_contact", 2)
    journal.add("2026-02-13 16:30", "registered", 3, kind="lead")
    journal.add("2026-02-14 10:00", "needs_recorded", 2, needs_summary=1)
    journal.add("2026-02-14 16:30", "registered", 4, kind="request")
    mistake = journal.add("2026-02-17 21:00", "contact", 2)
    journal.add("2026-02-24 10:00", "stall_explained", 1, stall_reason=1)
    journal.add("2026-02-24 11:00", "contact", 1, acted="2026-02-18 10:00")
    journal.add("2026-02-25 11:00", "counted", 0, effective_visits=1)
    journal.add("2026-02-25 13:30", "voided", 2, voids=mistake)
    journal.add("2026-02-26 09:00", "counted", 0, effective_visits=5)
    journal.add("2026-02-26 10:00", "next_step", 1, next_step_at=at("2026-03-03 10:00"))
    journal.add("2026-02-28 10:00", "answered", 4)
    journal.add("2026-03-02 10:00", "assigned", 3)
    journal.add("2026-03-03 10:00", "attained", 0, attained=80)
    return journal
