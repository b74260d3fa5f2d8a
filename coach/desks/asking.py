"""Asking a desk or one's manager for something on a deal, and taking it back (H6, M1).

A request is a record like any other: it is posted as an event, gets the time that its desk promises, and rules may watch it.
"""

import secrets
from typing import Any, NamedTuple

from coach.desks.queue import SOURCE
from coach.entering import entered, new_key
from coach.events import LONGEST_TEXT, PostedEvent
from coach.problems import CoachError, NotAllowed
from coach.rules.service import Service
from coach.store import Viewer, reading
from coach.store.viewer import ask

ASKS_OF = {
    "answer": ("presales", "legal", "delivery", "finance", "manager"),
    "approval": ("presales", "legal", "delivery", "finance", "manager"),
    "expense": ("finance",),
    "discount": ("manager",),
}
"""What can be asked for, and of which desks."""
_NAMED = {"expense": "sum", "discount": "discount"}


class Wanted(NamedTuple):
    """What somebody asks of a desk. `sum`: money, with an expense; `discount`: a share, with a discount."""

    deal: str
    desk: str
    asked_for: str = "answer"
    question: str = ""
    sum: float | None = None
    discount: float | None = None


def ask_desk(service: Service, viewer: Viewer, wanted: Wanted) -> str:
    """Put a request on record; returns its id. Raises CoachError for what that desk is not asked for, NotFound for a deal that
    the viewer does not see."""
    ask(viewer, "rep", "manager")
    deal = reading.record(service.store, viewer, "opportunity", wanted.deal)
    payload = _payload(service, wanted)
    identifier = secrets.token_hex(8)
    unit = deal["unit"] if deal["unit"] is not None else viewer.unit
    post(service, viewer, [event_of(service, viewer, "registered", "request", identifier, payload, unit=unit)])
    return identifier


def withdraw(service: Service, viewer: Viewer, request: str) -> None:
    """Take a request back that nobody has answered yet; again changes nothing."""
    ask(viewer, "rep", "manager")
    asked = reading.record(service.store, viewer, "request", request)
    if asked["status"] == "withdrawn":
        return
    if asked["status"] != "open":
        raise CoachError("This request has been answered already.", "该请求已有答复。")
    if viewer.role == "manager" and asked["unit"] != viewer.unit:
        raise NotAllowed("Whoever asked takes a request back.", "须由发起人撤回请求。")
    post(service, viewer, [event_of(service, viewer, "withdrawn", "request", request, {})])


def event_of(
    service: Service, viewer: Viewer, event: str, kind: str, record: str, payload: dict[str, Any], unit: str | None = None
) -> PostedEvent:
    """An event of now, in the name of whoever does it. CoachError for what cannot be recorded."""
    return entered(
        source=SOURCE, key=new_key(viewer.name), event=event, kind=kind, record=record, unit=unit, acted_at=service.clock(),
        payload=payload,
    )  # fmt: skip


def post(service: Service, viewer: Viewer, events: list[PostedEvent]) -> None:
    """Record events together; CoachError with why for one that is refused."""
    service.post(events, viewer.name).whole()


def _payload(service: Service, wanted: Wanted) -> dict[str, Any]:
    if wanted.desk not in ASKS_OF.get(wanted.asked_for, ()):
        raise CoachError("That desk is not asked for this; choose another.", "该部门不受理此类请求，请另选部门。")
    question = wanted.question.strip()[:LONGEST_TEXT]
    named = _NAMED.get(wanted.asked_for)
    value = None if named is None else getattr(wanted, named)
    if named is None and not question:
        raise CoachError("Write what you need to know.", "请填写需要答复的问题。")
    if named is not None and not (value is not None and value > 0):
        raise CoachError("Say how much you ask for, above nothing.", "请填写大于零的申请数额。")
    most = service.policy().discount.max
    if wanted.asked_for == "discount" and value is not None and value > most:
        raise CoachError(
            f"The policy lets nobody give more than {most:.0%}.", f"制度允许的最高折扣为 {most:.0%}，任何人不得超过。"
        )
    payload: dict[str, Any] = {"desk": wanted.desk, "asked_for": wanted.asked_for, "opportunity": wanted.deal}
    return payload | ({"question": question} if question else {}) | ({named: value} if named is not None else {})
