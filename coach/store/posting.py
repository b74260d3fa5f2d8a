"""Whose events are taken: a rep's about own records, a manager's about those of the team, operations' and admin's about all."""

from collections.abc import Sequence

from sqlalchemy import select

from coach.events import PostedEvent
from coach.problems import NotAllowed
from coach.store import tables
from coach.store.store import Store
from coach.store.viewer import SEE_EVERYTHING, Viewer, may_see, units_below

OWN_UNIT_EVENTS = ("field_recorded",)
"""What a rep or manager may record about a unit: a target is set and counted by the coach or the firm's systems, and signed
where that is shown which belongs to it."""
OWN_UNIT_FIELDS = ("need_change",)
ANSWERS = ("answer", "granted")
"""Fields of a request that only its desk gives, by answering it."""
GRANTED_BY_MANAGERS = ("approved_discount", "false_prosperity", "commission_frozen")
"""Fields of a deal that its own rep does not record."""


def may_post(store: Store, viewer: Viewer, events: Sequence[PostedEvent]) -> tuple[list[int], list[tuple[int, NotAllowed]]]:
    """Positions of the events that the viewer may post, and why not the others."""
    if viewer.role in SEE_EVERYTHING:
        return list(range(len(events))), []
    with store.read() as connection:
        own = units_below(connection, viewer.unit) if viewer.role == "manager" else set(filter(None, [viewer.unit]))
        record = tables.record.c
        seen: dict[tuple[str, str], bool] = {}

        def is_seen(event: PostedEvent) -> bool:
            name = (event.kind, event.record)
            if name not in seen:
                one = (record.kind == event.kind, record.id == event.record)
                known = connection.scalar(select(record.row).where(*one)) is not None
                visible = connection.scalar(select(record.row).where(*one, may_see(viewer, record.unit))) is not None
                is_new = not known and event.event == "registered" and event.unit in own and event.kind != "unit"
                seen[name] = visible or is_new
            return seen[name]

        allowed, forbidden = [], []
        for place, event in enumerate(events):
            if viewer.role in ("rep", "manager") and is_seen(event) and _within(event, own, viewer.role):
                allowed.append(place)
            else:
                forbidden.append((place, _not_allowed(event)))
    return allowed, forbidden


def _within(event: PostedEvent, own: set[str], role: str) -> bool:
    if event.kind == "request" and (event.event == "answered" or set(event.payload) & set(ANSWERS)):
        return False
    if role == "rep" and set(event.payload) & set(GRANTED_BY_MANAGERS):
        return False
    if event.kind == "unit":
        fields = set(event.payload) <= set(OWN_UNIT_FIELDS)
        return event.record in own and event.event in OWN_UNIT_EVENTS and fields and event.unit is None
    return event.unit is None or event.unit in own


def _not_allowed(event: PostedEvent) -> NotAllowed:
    return NotAllowed(
        f"You may not record this about {event.kind} {event.record!r}.", f"您不能对 {event.kind}“{event.record}”作此记录。"
    )
