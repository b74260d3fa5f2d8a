"""How a field that is asked for comes onto the record.

A gate, a `require` or a stage may ask for a field. `SUPPLIED` says for every kind of record which fields can be asked for,
and by which way the simulated office supplies each. A field that is not in the table comes about by a step itself (a deal is
won, a stage is left) or is kept by the rules: asking for it would refuse for ever, so a document that does is an error.
"""

from policies.record.fields import Kind
from policies.record.records import MOVES, SETS, built_as, column, field, fields_of

ENTRY = "entry"
"""The rep knows it, or the firm does: an entry, with the minutes of what a rule asks for."""
CUSTOMER = "customer"
"""The customer knows it: asked at the next conversation, then an entry."""
LEGAL = "legal"
"""The legal desk gives it: a request, with the desk's queue and work, then an entry."""
QUOTE = "quote"
"""A quote goes out: the minutes of a quote."""
CONTACT = "contact"
"""A conversation that was held is entered."""
NEXT_STEP = "next_step"
"""The next conversation is booked."""
FORECAST = "forecast"
"""The owner's forecast of amount and date is brought up to date."""
APPROVAL = "approval"
"""A desk grants it: a request, with the desk's queue and work."""
STALL_REASON = "stall_reason"
"""The reason why it stands still is recorded, which reopens a frozen record."""
VISIT = "visit"
"""A service visit to the customer."""
MANAGER = "manager"
"""The manager sees to it: a to-do in the manager's queue."""
DESK = "desk"
"""The desk enters it with its answer."""

SUPPLIED: dict[str, dict[str, str]] = {
    "lead": {
        "owner": ENTRY,
        "source": ENTRY,
        "region": ENTRY,
        "industry": ENTRY,
        "budget_tier": ENTRY,
        "product_interest": ENTRY,
        "photo": ENTRY,
        "captured_at": ENTRY,
        "last_action_at": CONTACT,
        "needs_summary": CUSTOMER,
        "next_step_at": NEXT_STEP,
        "stall_reason": STALL_REASON,
        "customer": ENTRY,
        "tax_number": CUSTOMER,
        "phone": ENTRY,
    },
    "opportunity": {
        "owner": ENTRY,
        "source": ENTRY,
        "region": ENTRY,
        "industry": ENTRY,
        "customer": ENTRY,
        "amount": FORECAST,
        "discount": ENTRY,
        "close_at": FORECAST,
        "first_contact_at": CONTACT,
        "last_action_at": CONTACT,
        "needs_summary": CUSTOMER,
        "pain_points": CUSTOMER,
        "proposal_pages": CUSTOMER,
        "value_proof": CUSTOMER,
        "decision_maker": CUSTOMER,
        "budget": CUSTOMER,
        "competitor": CUSTOMER,
        "next_step_at": NEXT_STEP,
        "quote_sent_at": QUOTE,
        "legal_approval": LEGAL,
        "contract_file": LEGAL,
        "stall_reason": STALL_REASON,
        "expenses": ENTRY,
        "presales_approval": APPROVAL,
        "delivery_approval": APPROVAL,
        "finance_approval": APPROVAL,
        "manager_approval": APPROVAL,
    },
    "customer": {
        "owner": VISIT,
        "region": VISIT,
        "industry": VISIT,
        "service_visit_at": VISIT,
        "last_action_at": VISIT,
        "satisfaction": VISIT,
        "complaints": VISIT,
        "risk_events": VISIT,
        "name": VISIT,
        "tax_number": VISIT,
        "phone": VISIT,
    },
    "unit": {"committed_at": MANAGER, "need_change": MANAGER},
    "request": {"owner": DESK, "opportunity": DESK, "promised_at": DESK},
}

GATES_IN_OFFICE = {"lead": ("create",), "opportunity": ("advance", "sign", "expense", "create")}
"""Steps that the simulated office takes through gates, by kind of record."""

AT_CREATION = (ENTRY, CUSTOMER, FORECAST)
"""Ways that are open while a record is being created: whoever enters it fills in what the gate asks for."""

NOT_IN_OFFICE = {
    "lead": ("customer", "tax_number", "phone"),
    "opportunity": (
        "customer", "win_chance", "win_ever", "journey", "quote_risk", "viewed_at", "view_minutes",
    ),
    "customer": ("risk_events", "name", "tax_number", "phone", "churn_risk", "temperature"),
    "unit": (
        "committed_at", "left_at", "energy_lost", "temperature", "knowledge_reuse", "target_resilience", "capability",
        "scorecard",
    ),
    "request": ("question", "answer", "granted", "sum", "discount", "spent_before"),
}  # fmt: skip
"""Fields that nobody in the simulated office records unless a rule or a stage asks for them."""


def supplied_on(kind: str) -> dict[str, str]:
    """`SUPPLIED` of a kind; of one that a policy declares, what people enter."""
    if not (isinstance(kind, Kind) and kind.declared):
        return SUPPLIED[kind]
    kept = ("status", "required", "flag", *(name for moves in MOVES.values() for name in moves.get("own", ())))
    return {about.name: ENTRY for about in kind.fields if about.name not in kept and not about.linked}


def askable(kind: str) -> tuple[str, ...]:
    """Fields of a kind of record that a rule or a stage can ask somebody to record, in the order of the record."""
    supplied = supplied_on(kind)
    return tuple(about.name for about in fields_of(kind) if about.name in supplied)


def comes_by_itself(kind: str, name: str) -> bool:
    """Whether a field that nobody is asked for is on every record all the same, from its registration on."""
    about, key = field(kind, name), built_as(kind)
    from_the_start = (*MOVES["registered"].get(key, ()), *SETS["registered"].get(key, ()), "stage", "level", "parent", "desk")
    return about.derived or about.linked or name in from_the_start


def columns_by(*ways: str, kind: str = "opportunity") -> int:
    """Columns that are supplied in one of these ways, as a bit mask."""
    return sum(1 << column(kind, name) for name, how in SUPPLIED[kind].items() if how in ways)
