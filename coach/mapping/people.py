"""People are the same person however a table spells them: names are matched without case and blanks."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from coach.events import PostedEvent
from coach.mapping.reading import Reading
from coach.mapping.remarks import Remark, text_of
from coach.store import tables


def same_people(connection: Connection, reading: Reading) -> Reading:
    """The reading with every unit under the name that the store has for it, or else under the one that is read first."""
    known = list(connection.scalars(select(tables.record.c.id).where(tables.record.c.kind == "unit")))
    renamed = _renamed(known, (name for event in reading.events for name in _names(event)))
    if not renamed:
        return reading
    pairs, remarks, told = [], list(reading.remarks), set()
    for event, origin in zip(reading.events, reading.origins, strict=True):
        if event.kind == "unit" and event.record in renamed and not origin.table:
            continue
        found = next((name for name in _names(event) if name in renamed), None)
        if found is not None and origin.table and origin not in told:
            told.add(origin)
            text = text_of("same_person")
            remarks.append(Remark(origin.table, origin.file, origin.row, "", found, False, text.en, text.zh))
        pairs.append((_under(event, renamed) if found is not None else event, origin))
    return reading._replace(events=[event for event, _ in pairs], origins=[origin for _, origin in pairs], remarks=remarks)


def _names(event: PostedEvent) -> list[str]:
    owner = event.payload.get("owner")
    named = [event.unit, event.record if event.kind == "unit" else None, owner if isinstance(owner, str) else None]
    return [name for name in named if name is not None]


def _renamed(known: Iterable[str], read: Iterable[str]) -> dict[str, str]:
    """Names that stand for another one, which comes first."""
    names = dict.fromkeys(known)
    first: dict[str, str] = {}
    for name in names:
        first.setdefault(_plain(name), name)
    renamed = {}
    for name in read:
        own = first.setdefault(_plain(name), name)
        if name != own and name not in names:
            renamed[name] = own
    return renamed


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _under(event: PostedEvent, renamed: dict[str, str]) -> PostedEvent:
    changes: dict = {"unit": renamed.get(event.unit or "", event.unit)}
    if event.kind == "unit":
        changes["record"] = renamed.get(event.record, event.record)
    owner = event.payload.get("owner")
    if owner in renamed:
        changes["payload"] = event.payload | {"owner": renamed[owner]}
    return event.model_copy(update=changes)
