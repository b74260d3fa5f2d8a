"""Whose events are taken: a rep's about own records, a manager's about those of the team, operations' and admin's about all.

A link goes to what is one's own, or the team's, and to what belongs to nobody or to a unit above, such as brands of the firm.
"""

from collections.abc import Sequence

from sqlalchemy import select

from coach.events import PostedEvent
from coach.problems import NotAllowed
from coach.store import tables
from coach.store.kinds import kinds_among
from coach.store.store import Store
from coach.store.viewer import SEE_EVERYTHING, Viewer, may_see, units_above, units_below
from policies.record.fields import Kind
from policies.words.kind_words import bare, kind_words
from policies.words.vocabulary import KINDS

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
        kinds = kinds_among(connection, (event.kind for event in events))
        shared = units_above(connection, viewer.unit)

        def is_seen(event: PostedEvent) -> bool:
            name = (event.kind, event.record)
            if name not in seen:
                one = (record.kind == event.kind, record.id == event.record)
                known = connection.scalar(select(record.row).where(*one)) is not None
                visible = connection.scalar(select(record.row).where(*one, may_see(viewer, record.unit))) is not None
                is_new = not known and event.event == "registered" and event.unit in own and event.kind != "unit"
                seen[name] = visible or is_new
            return seen[name]

        def strange(event: PostedEvent) -> tuple[str, str] | None:
            """The first record of others that an event links to: it would change what is counted there."""
            for name, kind in _links(kinds[event.kind]):
                identifier = event.payload.get(name)
                one = (record.kind == kind, record.id == identifier)
                others = record.unit.is_not(None), record.unit.not_in({*own, *shared})
                if isinstance(identifier, str) and connection.scalar(select(record.row).where(*one, *others)) is not None:
                    return kind, identifier
            return None

        allowed, forbidden = [], []
        for place, event in enumerate(events):
            if not (viewer.role in ("rep", "manager") and is_seen(event) and _within(event, own, viewer.role)):
                forbidden.append((place, _not_allowed(kinds[event.kind], event.record)))
            elif (link := strange(event)) is not None:
                forbidden.append((place, _not_linked(kinds_among(connection, [link[0]])[link[0]], link[1])))
            else:
                allowed.append(place)
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


def _links(kind: str) -> list[tuple[str, str]]:
    """Fields of a kind that name other records, each with the kind that it names."""
    if isinstance(kind, Kind) and kind.declared:
        return [(each.name, each.to) for each in kind.fields if each.to]
    return [("opportunity", "opportunity")] if kind == "request" else []


def _not_allowed(kind: str, identifier: str) -> NotAllowed:
    en, zh = _called(kind)
    return NotAllowed(f"You may not record this about the {en} {identifier!r}.", f"您不能对{zh}“{identifier}”作此记录。")


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
