"""Whose events are taken: a rep's about own records, a manager's about those of the team, operations' and admin's about all.

A link goes to what is one's own, or the team's, and to what belongs to nobody or to a unit above, such as brands of the firm.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, select

from coach.events import OWN_SOURCES, PostedEvent
from coach.problems import NotAllowed
from coach.store import tables
from coach.store.kinds import kinds_among
from coach.store.store import Store
from coach.store.viewer import SEE_EVERYTHING, Viewer, may_see, units_above, units_below
from policies.record.fields import Kind
from policies.record.records import APPROVALS, DESKS
from policies.words.kind_words import bare, kind_words
from policies.words.vocabulary import CHOICES, KINDS

_record = tables.record.c
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
    with store.read() as connection:
        rights = None if viewer.role in SEE_EVERYTHING else _Rights(connection, viewer, events)
        found = [_of_the_coach(event) or (None if rights is None else rights.refusal(event)) for event in events]
    refused = [(place, refusal) for place, refusal in enumerate(found) if refusal is not None]
    return [place for place, refusal in enumerate(found) if refusal is None], refused


class _Rights:
    """What somebody in a role may record of whom."""

    def __init__(self, connection: Connection, viewer: Viewer, events: Sequence[PostedEvent]):
        self._connection, self._viewer = connection, viewer
        own = units_below(connection, viewer.unit) if viewer.role == "manager" else set(filter(None, [viewer.unit]))
        self._own, self._shared = own, units_above(connection, viewer.unit)
        self._kinds = kinds_among(connection, (event.kind for event in events))
        self._seen: dict[tuple[str, str], bool] = {}

    def refusal(self, event: PostedEvent) -> NotAllowed | None:
        """Why an event is not taken; None where it is."""
        role = self._viewer.role
        if not (role in ("rep", "manager") and self._sees(event) and _within(event, self._own, role)):
            return _not_allowed(self._kinds[event.kind], event.record)
        desk = _approving_desk(event)
        if desk is not None:
            return _left_to_desk(desk)
        link = self._link_to_others(event)
        return None if link is None else _not_linked(kinds_among(self._connection, [link[0]])[link[0]], link[1])

    def _sees(self, event: PostedEvent) -> bool:
        name = (event.kind, event.record)
        if name not in self._seen:
            one = (_record.kind == event.kind, _record.id == event.record)
            known = self._there(*one)
            is_new = not known and event.event == "registered" and event.unit in self._own and event.kind != "unit"
            self._seen[name] = is_new or (known and self._there(*one, may_see(self._viewer, _record.unit)))
        return self._seen[name]

    def _link_to_others(self, event: PostedEvent) -> tuple[str, str] | None:
        """The first record of others that an event links to: it would change what is counted there."""
        others = _record.unit.is_not(None), _record.unit.not_in({*self._own, *self._shared})
        for name, kind in _links(self._kinds[event.kind]):
            identifier = event.payload.get(name)
            if isinstance(identifier, str) and self._there(_record.kind == kind, _record.id == identifier, *others):
                return kind, identifier
        return None

    def _there(self, *conditions: ColumnElement[bool]) -> bool:
        return self._connection.scalar(select(_record.row).where(*conditions)) is not None


def _of_the_coach(event: PostedEvent) -> NotAllowed | None:
    """Nobody speaks in the coach's own name: what the coach records by itself would find its place taken."""
    if event.source not in OWN_SOURCES:
        return None
    return NotAllowed(
        f"The source {event.source!r} is the coach's own; name the system that the event comes from.",
        f"来源“{event.source}”由教练专用，请填写事件所来自的系统名称。",
    )


def _within(event: PostedEvent, own: set[str], role: str) -> bool:
    if event.kind == "request" and (event.event == "answered" or set(event.payload) & set(ANSWERS)):
        return False
    if role == "rep" and set(event.payload) & set(GRANTED_BY_MANAGERS):
        return False
    if event.kind == "unit":
        fields = set(event.payload) <= set(OWN_UNIT_FIELDS)
        return event.record in own and event.event in OWN_UNIT_EVENTS and fields and event.unit is None
    return event.unit is None or event.unit in own


def _approving_desk(event: PostedEvent) -> str | None:
    """The desk whose approval of a deal an event tells, in whatever it carries: that comes with the desk's answer only."""
    told = zip(DESKS, APPROVALS, strict=True)
    return next((desk for desk, name in told if event.kind == "opportunity" and name in event.payload), None)


def _links(kind: str) -> list[tuple[str, str]]:
    """Fields of a kind that name other records, each with the kind that it names."""
    if isinstance(kind, Kind) and kind.declared:
        return [(each.name, each.to) for each in kind.fields if each.to]
    return [("opportunity", "opportunity")] if kind == "request" else []


def _not_allowed(kind: str, identifier: str) -> NotAllowed:
    en, zh = _called(kind)
    return NotAllowed(f"You may not record this about the {en} {identifier!r}.", f"您不能对{zh}“{identifier}”作此记录。")


def _left_to_desk(desk: str) -> NotAllowed:
    en, zh = CHOICES[desk]
    return NotAllowed(
        f"Only {en} can approve this, by answering a request: ask {en} under Requests. Nothing else stands for that approval.",
        f"此项须由{zh}答复请求来批准：请在“请求”中向{zh}申请审批，其他记录不能代替。",
    )


def _not_linked(kind: str, identifier: str) -> NotAllowed:
    en, zh = _called(kind)
    return NotAllowed(
        f"You may not link to the {en} {identifier!r}: it belongs to others. Ask whoever leads you both to record it.",
        f"您不能关联{zh}“{identifier}”：它属于他人。请由双方的上级来记录。",
    )


def _called(kind: str) -> tuple[str, str]:
    """What people call a kind, in English and Chinese; a name that no policy declares stands for itself."""
    if kind not in KINDS and not isinstance(kind, Kind):
        return kind, f" {kind} "
    return bare(kind_words(kind, "en")), kind_words(kind, "zh")
